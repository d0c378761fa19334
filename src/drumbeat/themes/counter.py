"""Turn round what was judged of a counter-statement: whoever asserts the opposite denies the theme.

Limits: hedges and questions stay what they are, since a doubt of the opposite is no support of the theme; what
takes the opposite for granted denies, since a status has no "denial taken for granted".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from drumbeat.records import Commitment, Evidence, Layer, Span
from drumbeat.themes.judge import Judged

RULE = "counter-statement"
TURNED: Mapping[Commitment, Commitment] = {
    Commitment.ASSERTS: Commitment.DENIES,
    Commitment.DENIES: Commitment.ASSERTS,
    Commitment.PRESUPPOSES: Commitment.DENIES,
}


def turn_round(judged: Judged, sentence: Span) -> Judged:
    """Return how the theme is carried where `sentence` matched a counter-statement of it; the sentence is evidence."""
    commitment = TURNED.get(judged.commitment, judged.commitment)
    return replace(judged, commitment=commitment, evidence=(*judged.evidence, Evidence(span=sentence, rule=RULE)))


def turn_chain(chain: Sequence[Layer]) -> tuple[Layer, ...]:
    """Return the chain of a counter-statement as it stands to the theme: only the innermost layer is about it."""
    if not chain or chain[-1].commitment is None:
        return tuple(chain)
    commitment = TURNED.get(chain[-1].commitment, chain[-1].commitment)
    return (*chain[:-1], replace(chain[-1], commitment=commitment))
