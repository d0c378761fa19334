"""What was judged of a counter-statement, turned round."""

from __future__ import annotations

import pytest

from drumbeat.records import Commitment, Evidence, Holder, Layer, Span
from drumbeat.themes.counter import turn_chain, turn_round
from drumbeat.themes.judge import Judged

SENTENCE = Span(start=10, end=40)
CUE = Evidence(span=Span(start=12, end=16), rule="attribution")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Commitment.ASSERTS, Commitment.DENIES),
        (Commitment.DENIES, Commitment.ASSERTS),
        (Commitment.PRESUPPOSES, Commitment.DENIES),
        (Commitment.HEDGES, Commitment.HEDGES),
        (Commitment.QUESTIONS, Commitment.QUESTIONS),
    ],
)
def test_the_commitment_is_turned_and_the_holder_stays(before: Commitment, after: Commitment) -> None:
    holder = Holder(text="the harbour master", named=False)
    turned = turn_round(Judged(holder, before, (CUE,)), SENTENCE)
    assert (turned.holder, turned.commitment) == (holder, after)
    assert turned.evidence == (CUE, Evidence(span=SENTENCE, rule="counter-statement"))


def test_of_a_chain_only_the_innermost_layer_is_turned() -> None:
    outer, inner = (
        Layer(holder=Holder(text=name, named=True), commitment=commitment, cue=CUE.span, cue_text="rule")
        for name, commitment in (("Holt", Commitment.DENIES), ("Renner", Commitment.ASSERTS))
    )
    turned = turn_chain((outer, inner))
    assert [one.commitment for one in turned] == [Commitment.DENIES, Commitment.DENIES]
    assert turn_chain(()) == ()
