"""Even-handed: swapping names, parties and countries swaps them in the findings and changes nothing else."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from drumbeat.models.decision import Decision, load_decision
from drumbeat.models.opening import Models, open_models
from drumbeat.records import Article, Sighting
from drumbeat.themes.bookmark import BookmarkDraft, make_bookmark
from drumbeat.themes.sight import find_sightings
from drumbeat.themes.statements import make_table

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "swaps.jsonl").read_text().splitlines()]
PAIRS = {"Velmara": "Dunholt", "Harbour Party": "Hill Party", "Edda Brandt": "Joran Vale"}
SWAPS = PAIRS | {other: one for one, other in PAIRS.items()}


def swapped(text: str) -> str:
    return re.sub("|".join(SWAPS), lambda found: SWAPS[found.group()], text)


def sightings(statement: str, text: str, models: Models, decision: Decision) -> list[Sighting]:
    draft = BookmarkDraft(name="theme", statements=(statement,), bottom_line="b")
    table = make_table([make_bookmark(draft, now=datetime(2031, 1, 1, tzinfo=UTC))], models.static, models.encoder)
    return find_sightings([Article(article_id="a" * 16, text=text)], table, models, decision)


@pytest.fixture(scope="module")
def models() -> Models:
    return open_models()


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_swapping_the_sides_swaps_them_in_the_findings(case: dict[str, str], models: Models) -> None:
    decision = load_decision()
    (one,) = sightings(case["statement"], case["text"], models, decision)
    (other,) = sightings(swapped(case["statement"]), swapped(case["text"]), models, decision)
    assert other.exact == swapped(one.exact)
    assert other.commitment == one.commitment
    assert (other.holder is None) == (one.holder is None)
    if one.holder and other.holder:
        assert other.holder.text == swapped(one.holder.text)
    assert other.match.probability == pytest.approx(one.match.probability, abs=0.1)
