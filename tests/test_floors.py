"""Quality floors may rise; what a released version promised is never lowered unseen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = json.loads((ROOT / "eval" / "floors.json").read_text())["floors"]
MEASURED = json.loads((ROOT / "src" / "drumbeat" / "models" / "weights" / "measured.json").read_text())
PROMISED = {
    ("match and status, recall/passages.jsonl", "f1"): 0.69,
    ("match and status, recall/passages.jsonl", "mean_average_precision"): 0.75,
    ("match and status, recall/passages.jsonl", "voice_accuracy"): 0.88,
    ("match and status, recall/passages.jsonl", "commitment_macro_f1"): 0.57,
    ("extraction, scrapinghub", "f1"): 0.92,
}


@pytest.mark.parametrize(("gold", "figure"), PROMISED)
def test_no_floor_is_below_what_was_promised(gold: str, figure: str) -> None:
    assert FLOORS[gold][figure] >= PROMISED[gold, figure]


def test_the_figures_that_ship_reach_the_floors() -> None:
    for gold, figures in FLOORS.items():
        for figure, floor in figures.items():
            assert MEASURED[gold][figure] >= floor
