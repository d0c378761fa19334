"""A chain of holders on the card: one line, only where it has two layers or more."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from factories import MADE_AT, cards, reading
from rich.console import Console

from drumbeat.records import Commitment, Holder, Layer, Span
from drumbeat.tallies import RecallCard
from drumbeat.views.exports.html import render_reading
from drumbeat.views.terminal import print_cards
from drumbeat.views.wording import chain_line

LINE = "Jonas Ravic denies \u2190 the agencies assert"


def layer(text: str | None, commitment: Commitment | None, *, name: str | None = None) -> Layer:
    holder = None if text is None else Holder(text=text, named=name is not None, speaker=name)
    return Layer(holder=holder, commitment=commitment, cue=Span(start=0, end=4), cue_text="cue")


OUTER = layer("Ravic", Commitment.DENIES, name="Jonas Ravic")
INNER = layer("The agencies", Commitment.ASSERTS)


def chained(*layers: Layer) -> RecallCard:
    card = cards()[0]
    return replace(card, sightings=(replace(card.sightings[0], chain=layers),))


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        (INNER, "the agencies assert"),
        (layer("a spokesman for the agencies", Commitment.HEDGES), "a spokesman for the agencies hedges"),
        (layer("officials close to the talks", Commitment.QUESTIONS), "officials close to the talks question"),
        (layer("the press", Commitment.PRESUPPOSES), "the press takes for granted"),
        (layer("they", Commitment.DENIES), "they deny"),
        (layer("Holt and Keller", Commitment.ASSERTS, name="Holt and Keller"), "Holt and Keller assert"),
        (layer("Reuters", Commitment.ASSERTS, name="Reuters"), "Reuters asserts"),
        (layer("", Commitment.ASSERTS), "somebody unnamed asserts"),
        (layer("the mayor", None), "the mayor (how is not told)"),
    ],
)
def test_each_layer_says_who_and_how(inner: Layer, said: str) -> None:
    assert chain_line(chained(OUTER, inner).sightings[0]) == f"Jonas Ravic denies \u2190 {said}"


def test_the_outlet_is_named_where_it_takes_a_stand() -> None:
    assert chain_line(chained(layer(None, Commitment.DENIES), INNER).sightings[0]).startswith(
        "the outlet denies \u2190"
    )


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_card_shows_a_chain_of_two_and_no_shorter_one(is_terminal: bool) -> None:
    for layers, is_shown in (((OUTER, INNER), True), ((OUTER,), False), ((), False)):
        out = StringIO()
        console = Console(file=out, force_terminal=is_terminal, width=100, no_color=True, color_system=None)
        print_cards([chained(*layers)], console)
        assert (LINE in out.getvalue()) is is_shown


def test_a_note_in_the_margin_shows_the_chain() -> None:
    page = render_reading(reading(), [chained(OUTER, INNER)], made_at=MADE_AT)
    assert f"Through: {LINE}" in page
    assert "Through:" not in render_reading(reading(), cards(), made_at=MADE_AT)
