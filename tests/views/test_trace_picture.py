from __future__ import annotations

import re
import sys
from datetime import date

import pytest
from factories import empty_trace, trace
from lxml import etree

from drumbeat.errors import DrumbeatError
from drumbeat.records import Status
from drumbeat.tallies import Trace, TraceCell
from drumbeat.views.exports.trace_picture import render_trace
from drumbeat.views.tally import rolling_shares, tally_months, wilson_interval

pytest.importorskip("matplotlib")


def _texts(svg: bytes) -> str:
    root = etree.fromstring(svg)
    return "\n".join("".join(node.itertext()) for node in root.iter() if str(node.tag).endswith("}text"))


def test_the_picture_says_theme_counts_period_and_first_sighting_as_text() -> None:
    texts = _texts(render_trace(trace(), format="svg"))
    for words in (
        "Calvenia meddled in Maridia’s 2023 vote",
        "362 sightings · 3 outlets · January 2024 to March 2026",
        "First sighting: 9 January 2024, Maridia Post",
        "taken for granted",
        "51 copies of a wording counted once; 2 undated sightings not shown",
        "95 % Wilson interval",
    ):
        assert words in texts


def test_svg_is_the_same_bytes_for_the_same_trace() -> None:
    assert render_trace(trace(), format="svg") == render_trace(trace(), format="svg")
    assert not re.search(rb"\d\d:\d\d:\d\d", render_trace(trace(), format="svg"))


@pytest.mark.parametrize("months", [1, 2, 12, 49, 130])
def test_any_number_of_months_draws_without_a_warning(months: int, recwarn: pytest.WarningsRecorder) -> None:
    assert render_trace(trace(months=months), format="svg").startswith(b"<?xml")
    assert not recwarn.list


def test_a_trace_without_sightings_says_so() -> None:
    assert "No dated sighting yet." in _texts(render_trace(empty_trace(), format="svg", today=date(2026, 3, 1)))


def test_png_is_a_png() -> None:
    assert render_trace(trace(months=3), format="png").startswith(b"\x89PNG")


def test_signs_of_formulas_in_a_theme_stay_words() -> None:
    odd = Trace(theme_id="t", theme="Costs rose\x1b\x00 from $3m to $5m_{each} <b>&", cells=trace().cells, outlets=())
    assert "Costs rose from $3m to $5m_{each} <b>&" in _texts(render_trace(odd, format="svg"))


def test_without_matplotlib_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(DrumbeatError, match=r"drumbeat\[pictures\]"):
        render_trace(trace(), format="svg")


def test_months_without_sightings_are_kept_up_to_today() -> None:
    one = Trace(
        theme_id="t",
        theme="T",
        cells=(TraceCell(month=date(2025, 11, 1), status=Status.DENIED, count=2),),
        outlets=(),
    )
    months = tally_months(one, until=date(2026, 2, 14))
    assert [f"{tally.month:%Y-%m}" for tally in months] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert [tally.total for tally in months] == [2, 0, 0, 0]
    shares = rolling_shares(months, Status.DENIED, window_months=3)
    assert [share and (share.part, share.total) for share in shares] == [(2, 2), (2, 2), (2, 2), None]


def test_the_interval_is_wide_for_few_counts() -> None:
    assert wilson_interval(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)  # Newcombe 1998, table I
    assert wilson_interval(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)
    assert wilson_interval(1, 1)[0] < 0.25
