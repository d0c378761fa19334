"""The page of errors, on a few invented passages."""

from __future__ import annotations

import numpy as np
import pytest

from breakdown import calibration_error, confusion_table, render_table, steps_table
from drumbeat.evaluation import GoldRow
from drumbeat.models.decision import load_decision
from drumbeat.records import Commitment, Evidence, Holder, Span
from drumbeat.themes.judge import Judged
from mistakes import all_sections
from recall import Judgements, figures
from report import render_report, render_tables

TOLL = GoldRow(
    theme="toll",
    statement="The toll doubled.",
    passage="Edda Brandt said the <b>toll</b> doubled.",
    match=True,
    commitment=Commitment.ASSERTS,
    voice="attributed",
    holder=("Edda Brandt",),
)
ROWS = [
    TOLL,
    GoldRow(
        theme="toll",
        statement=TOLL.statement,
        passage="After the toll doubled, ships stayed away.",
        match=True,
        commitment=Commitment.PRESUPPOSES,
        voice="outlet",
    ),
    GoldRow(theme="toll", statement=TOLL.statement, passage="The harbour was painted.", match=False),
]


@pytest.fixture
def found() -> Judgements:
    decision = load_decision()
    sure, unsure = 9.0, -9.0
    width = len(decision.final.features)
    features = np.ones((3, width), np.float32)
    features[:, -1] = sure
    features[1, -1] = unsure
    sign = Evidence(span=Span(start=0, end=4), rule="x")
    judged = {
        0: Judged(Holder(text="the mayor", named=False), Commitment.DENIES, (sign,)),
        1: Judged(None, Commitment.PRESUPPOSES, ()),
    }
    return Judgements(ROWS, features, judged, decision)


def test_every_error_has_its_section(found: Judgements) -> None:
    totals = {section.title: section.total for section in all_sections(found)}
    assert totals == {
        "Matches that are none": 1,
        "Missed: lost at the screen": 0,
        "Missed: lost at the sift": 0,
        "Missed: lost at the status reader": 1,
        "Other commitment than labelled": 1,
        "Other voice than labelled": 0,
        "Other holder than labelled": 1,
    }


def test_the_page_escapes_texts_and_shows_the_evidence(found: Judgements) -> None:
    page = render_report(found)
    assert "&lt;b&gt;toll&lt;/b&gt;" in page
    assert "x: “Edda”" in page


def test_tables_count_every_row(found: Judgements) -> None:
    assert [row[1] for row in steps_table(found).rows] == [0, 0, 1, 1]
    table = confusion_table(found, "voice", ("attributed", "outlet"))
    assert [row[1:3] for row in table.rows] == [(1, 0), (0, 1)]
    assert render_table(table).startswith("Confusions of voice\n")
    assert "By labelled commitment" in render_tables(found)


def test_figures_lie_between_nought_and_one(found: Judgements) -> None:
    assert all(0 <= value <= 1 for value in figures(found).values())


def test_the_calibration_error_weighs_bins_by_their_rows() -> None:
    bins = [("low", 30, 0.1, 0.1), ("none", 0, None, None), ("high", 10, 0.9, 0.5)]
    assert calibration_error(bins) == pytest.approx(0.1)
