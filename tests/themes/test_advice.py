"""Advice on statements: cases as data, and what must hold of any statement."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from drumbeat.models.opening import Models, open_models
from drumbeat.themes.advice import AdviceKind, advise, advise_all
from drumbeat.themes.bookmark import BookmarkDraft, make_bookmark
from drumbeat.themes.likeness import advise_likeness

CASES = Path(__file__).parent.parent / "cases" / "advice.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def models() -> Models:
    return open_models()


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_cases(row: dict[str, Any], models: Models) -> None:
    found = advise_all([row["text"]], models.parser)
    assert [{"kind": one.kind.value, "proposals": list(one.proposals)} for one in found] == row["expected"]


def test_half_of_the_cases_are_plain_statements() -> None:
    assert len(ROWS) >= 60
    assert sum(not row["expected"] for row in ROWS) * 2 >= len(ROWS)


def test_advice_says_what_it_points_at_and_never_what_to_think(models: Models) -> None:
    found = advise_all([row["text"] for row in ROWS], models.parser)
    assert all("{" not in one.why and one.why and not one.why.endswith(".") for one in found)
    (he,) = advise_all(["He lied."], models.parser)
    assert "\u201cHe\u201d" in he.why


def test_what_is_proposed_to_mend_a_kind_does_not_have_it(models: Models) -> None:
    mended = (AdviceKind.QUESTION, AdviceKind.NEGATION, AdviceKind.ATTRIBUTION, AdviceKind.TOPIC, AdviceKind.DANGLING)
    for advice in advise_all([row["text"] for row in ROWS], models.parser):
        kinds = [one.kind for one in advise_all(list(advice.proposals), models.parser)]
        assert advice.kind not in mended or advice.kind not in kinds, advice


@pytest.mark.parametrize("text", ["", " ", "...", "?", "Ж" * 300, "or", "not", "word " * 60, "Why?", "who which that"])
def test_odd_text_gives_advice_or_none_but_no_error(text: str, models: Models) -> None:
    advise(text, models.parser.parse([text])[0])
    advise_all([text], models.parser)


@pytest.mark.parametrize(("one", "other"), [("Velmara", "Dunholt"), ("Marta Quill", "Jonas Orsolo")])
def test_other_names_get_the_same_advice(one: str, other: str, models: Models) -> None:
    rows = ["{} was not born in Kerrow.", "{} lied and stole.", "Experts say that {} lied.", "{} hid the report."]
    for row in rows:
        first, second = (advise_all([row.format(name)], models.parser) for name in (one, other))
        said = [proposal.replace(one, other) for advice in first for proposal in advice.proposals]
        assert said == [proposal for advice in second for proposal in advice.proposals]


def test_a_statement_like_one_of_another_theme_names_that_theme(models: Models) -> None:
    claims = [("wages", "Raising the minimum wage kills jobs."), ("port", "The council hid the report.")]
    drafts = [BookmarkDraft(name=name, statements=(text,), bottom_line="?") for name, text in claims]
    stored = [make_bookmark(draft, now=datetime(2032, 5, 1, tzinfo=UTC)) for draft in drafts]
    texts = ("The council concealed the report.", "The toll is emptying the islands.")
    (found,) = advise_likeness(texts, stored, models.static, models.encoder)
    assert (found.statement, found.kind) == (texts[0], AdviceKind.LIKENESS)
    assert "\u201cport\u201d" in found.why
    assert advise_likeness(texts, [], models.static, models.encoder) == ()
    assert advise_likeness((), stored, models.static, models.encoder) == ()
