"""The cascade on a small stream: what is found, what is not, and that blocks and order do not matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from drumbeat.models.decision import Decision, load_decision
from drumbeat.models.opening import Models, open_models
from drumbeat.models.protocols import Encoder, Vectors
from drumbeat.records import Article, Bookmark, Commitment, Evidence
from drumbeat.themes import match as matching
from drumbeat.themes.bookmark import BookmarkDraft, make_bookmark
from drumbeat.themes.sight import find_sightings
from drumbeat.themes.statements import StatementTable, make_table

NOW = datetime(2032, 5, 1, tzinfo=UTC)
TAMPERING = "Velmara tampered with the grain port's control system."
TEXT = (
    "Dunholt's foreign minister said on Monday that Velmara had tampered with the control system of the grain port.\n\n"
    "The orchestra opens its season on Friday with a new symphony by a local composer.\n\n"
    "“We never touched that port,” the Velmaran ambassador said. Shares fell by two per cent in the afternoon."
)


@pytest.fixture(scope="module")
def models() -> Models:
    return open_models()


@pytest.fixture(scope="module")
def decision() -> Decision:
    return load_decision()


def table_of(models: Models, *, since: date | None = None, until: date | None = None) -> StatementTable:
    draft = BookmarkDraft(name="port", statements=(TAMPERING,), bottom_line="Says who?", since=since, until=until)
    return make_table([make_bookmark(draft, now=NOW)], models.static, models.encoder)


def article(text: str = TEXT, day: date | None = date(2031, 3, 4)) -> Article:
    return Article(article_id="a" * 16, text=text, outlet="herald.example", published_on=day)


def test_a_theme_is_found_where_it_is_and_nowhere_else(models: Models, decision: Decision) -> None:
    found = find_sightings([article()], table_of(models), models, decision)
    first = found[0]
    assert first.exact == TEXT.split("\n\n", maxsplit=1)[0]
    assert first.match.span.of(TEXT) == first.exact
    assert first.commitment is Commitment.ASSERTS
    assert first.holder is not None
    assert "minister" in first.holder.text
    assert not any("orchestra" in sighting.exact for sighting in found)


def test_a_dateline_changes_nothing(models: Models, decision: Decision) -> None:
    text = (
        "Velmara probably tampered with the control system of the grain port, a public inquiry concluded on Thursday."
    )
    table = table_of(models)
    bare = find_sightings([article(text)], table, models, decision)
    dated = find_sightings([article("HARROW BAY (Meridian Press) — " + text)], table, models, decision)
    assert bare
    assert [(s.match.probability, s.commitment) for s in dated] == [(s.match.probability, s.commitment) for s in bare]


def test_a_sentence_that_only_follows_a_match_is_none(models: Models, decision: Decision) -> None:
    text = "Velmara tampered with the control system of the grain port. The harbour cat slept all afternoon."
    found = find_sightings([article(text)], table_of(models), models, decision)
    assert [sighting.exact for sighting in found] == [text.split(" The harbour", maxsplit=1)[0]]


def test_evidence_and_holder_are_words_of_the_article(models: Models, decision: Decision) -> None:
    for sighting in find_sightings([article()], table_of(models), models, decision):
        for evidence in sighting.evidence:
            assert evidence.span.of(TEXT)
        if sighting.holder and sighting.holder.span:
            assert sighting.holder.span.of(TEXT) == sighting.holder.text


def test_articles_before_the_theme_began_are_left_alone(models: Models, decision: Decision) -> None:
    table = table_of(models, since=date(2031, 6, 1))
    assert find_sightings([article()], table, models, decision) == []
    assert find_sightings([article(day=date(2031, 7, 1))], table, models, decision)
    assert find_sightings([article(day=None)], table, models, decision)


def test_articles_after_the_theme_ended_are_left_alone(models: Models, decision: Decision) -> None:
    table = table_of(models, until=date(2031, 3, 3))
    assert find_sightings([article()], table, models, decision) == []
    assert find_sightings([article(day=date(2031, 3, 3))], table, models, decision)
    assert find_sightings([article(day=None)], table, models, decision)


def test_whoever_asserts_the_opposite_denies_the_theme(models: Models, decision: Decision) -> None:
    draft = BookmarkDraft(
        name="shoals",
        statements=("Smuggling is widespread in the Skell Islands.",),
        counter_statements=("Smuggling is rare in the Skell Islands.",),
        bottom_line="Who counted?",
    )
    table = make_table([make_bookmark(draft, now=NOW)], models.static, models.encoder)
    text = (
        "Smuggling is rare in the Skell Islands, harbour master Ona Trewin said.\n\n"
        "Smuggling is widespread in the Skell Islands, the customs service said."
    )
    rare, common = find_sightings([article(text)], table, models, decision)
    assert rare.commitment is Commitment.DENIES
    assert rare.evidence[-1] == Evidence(span=rare.match.span, rule="counter-statement")
    assert common.commitment is Commitment.ASSERTS
    assert all(one.rule != "counter-statement" for one in common.evidence)


def test_empty_odd_and_many_articles_are_one_stream(models: Models, decision: Decision) -> None:
    odd = [article("x"), article("!? ... —"), article("Ж" * 5000), article(), article("word " * 20000)]
    odd = [replace(one, article_id=f"{index:016x}") for index, one in enumerate(odd)]
    alone = find_sightings([article()], table_of(models), models, decision)
    together = [
        s for s in find_sightings(odd, table_of(models), models, decision) if s.match.article_id == odd[3].article_id
    ]
    assert [(s.exact, s.commitment) for s in together] == [(s.exact, s.commitment) for s in alone]
    assert find_sightings([], table_of(models), models, decision) == []


def test_blocks_do_not_change_the_screen(models: Models, decision: Decision, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"Sentence number {index} speaks of the grain port." for index in range(50)]
    sentences = matching.Sentences(texts, ["", *texts[:-1]], np.zeros(50, np.int64))
    whole = matching.screen_pairs(sentences, table_of(models), models.static, decision)
    monkeypatch.setattr(matching, "_CELLS_PER_BLOCK", 7)
    blocks = matching.screen_pairs(sentences, table_of(models), models.static, decision)
    assert whole.sentence.tolist() == blocks.sentence.tolist()
    assert np.allclose(whole.features, blocks.features)


def test_without_statements_nothing_is_found(models: Models, decision: Decision) -> None:
    empty = make_table([], models.static, models.encoder)
    assert find_sightings([article()], empty, models, decision) == []


def crowd_of(size: int) -> list[Bookmark]:
    """Return so many themes; the first is that of the article."""
    others = [
        f"Town number {index} sold its old fire engine to a museum in {1800 + index}." for index in range(size - 1)
    ]
    drafts = [
        BookmarkDraft(name=str(index), statements=(text,), bottom_line="Says who?")
        for index, text in enumerate([TAMPERING, *others])
    ]
    return [make_bookmark(draft, now=NOW) for draft in drafts]


def test_among_many_themes_the_clear_case_is_found_and_the_doubtful_is_not_read(
    models: Models, decision: Decision
) -> None:
    bookmarks = crowd_of(600)
    table = make_table(bookmarks, models.static, models.encoder)
    closely = make_table(bookmarks, models.static, models.encoder, thorough=True)
    text = TEXT + "\n\nDunholt has long warned that its grain port can be reached through its control system."
    sentences = matching.Sentences(text.split("\n\n"), [""] * 4, np.zeros(4, np.int64))
    few = matching.screen_pairs(sentences, table_of(models), models.static, decision)
    many = matching.screen_pairs(sentences, table, models.static, decision)
    every = matching.screen_pairs(sentences, closely, models.static, decision)
    assert set(many.sentence) < set(few.sentence)
    assert set(few.sentence) == set(every.sentence[every.statement == 0])
    found = find_sightings([article(text)], table, models, decision)
    first = TEXT.split("\n\n", maxsplit=1)[0]
    assert [(one.match.theme_id, one.exact) for one in found] == [(bookmarks[0].theme_id, first)]


def test_the_line_rises_only_beyond_a_few_statements(decision: Decision) -> None:
    for step in (decision.screen, decision.sift):
        lines = [step.line(statements) for statements in (0, 1, 10, 100, 10_000)]
        assert lines[0] == lines[1] == lines[2]
        assert lines[2] < lines[3] < lines[4]


class Counting:
    """An encoder that notes what it encodes."""

    def __init__(self, encoder: Encoder) -> None:
        self.info = encoder.info
        self.asked: list[str] = []
        self._encoder = encoder

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return self._encoder.encode(texts)


def test_a_statement_is_encoded_once_and_only_when_a_sentence_comes_near_it(models: Models) -> None:
    encoder = Counting(models.encoder)
    table = make_table(crowd_of(20), models.static, encoder)
    assert encoder.asked == []
    rows = table.encoded.rows(np.array([3, 0, 3]))
    assert np.array_equal(rows, models.encoder.encode([table.texts[index] for index in (3, 0, 3)]))
    table.encoded.rows(np.array([0, 5]))
    assert sorted(encoder.asked) == sorted(table.texts[index] for index in (0, 3, 5))
