"""Swapped texts keep who stands against whom."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from swaps import Swap, load_swaps

SWAPS = load_swaps()
CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "name_swaps.jsonl").read_text(encoding="utf-8").splitlines()
]


def change(text: str, statement: str = "") -> dict[str, str]:
    pair = (statement, text)
    found: dict[str, str] = {}
    for swap in SWAPS:
        direction = swap.direct(pair)
        if direction:
            found[direction] = swap.make(pair)(text)
    return found


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_names_are_swapped(case: dict[str, str]) -> None:
    assert change(case["text"])[case["direction"]] == case["expected"]


def test_texts_without_names_have_nothing_to_swap() -> None:
    assert change("The ferry toll doubled in the white house by the harbour.") == {}


def test_given_names_are_changed_only_before_another_name() -> None:
    found = change("Paul Vale met Karen by the ferry; Karen J. Brandt stayed away.")
    assert len(found) == 5
    assert all(text.count("Karen") == 1 and "Paul" not in text for text in found.values())


def test_invented_names_are_the_same_in_statement_and_passage() -> None:
    (invented,) = (swap for swap in SWAPS if swap.kind == "invented names")
    pair = ("Velmara raised the toll.", "When Velmara raised it, Dunby was glad.")
    make = invented.make(pair)
    statement, passage = make(pair[0]), make(pair[1])
    assert "Velmara" not in statement + passage
    assert statement.split()[0] in passage
    assert "Dunby" in passage


@pytest.mark.parametrize("swap", [swap for swap in SWAPS if swap.kind == "countries"])
def test_swapping_countries_twice_gives_the_text_back(swap: Swap) -> None:
    pair = ("Russia, Iran, Syria and Mexico", "Ukraine and Israel asked Canada and Poland about North Korea.")
    make = swap.make(pair)
    assert [make(make(text)) for text in pair] == list(pair)
