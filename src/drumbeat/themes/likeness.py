"""Find statements that say nearly what a statement of another theme says, by the encoder's cosine.

The static vectors pick the few statements worth encoding, so that thousands of bookmarked ones cost a fraction of a
second. Limit: a cosine sees words, not roles or negation; "X attacked Y" is like "Y attacked X".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from drumbeat.models.protocols import Encoder, StaticEncoder
from drumbeat.records import Bookmark
from drumbeat.themes.advice import Advice, AdviceKind

LIKE_COSINE = 0.8
"""The most alike of the 100 statements of `recall/train.jsonl`, all of different themes, have .69; rewordings of one
statement have .75 to .98. Lower finds more rewordings, and takes neighbouring themes for the same."""
_STATIC_COSINE = 0.5
_WHY = (
    "the theme \u201c{theme}\u201d has a statement in nearly the same words, \u201c{other}\u201d; one of the two may"
    " do, unless they differ in who did what or in a \u201cnot\u201d"
)


def advise_likeness(
    texts: Sequence[str], themes: Sequence[Bookmark], static: StaticEncoder, encoder: Encoder
) -> tuple[Advice, ...]:
    """Return advice for each text that is like a statement of one of the themes; the likest is named."""
    stored = [(theme.name, statement.text) for theme in themes for statement in theme.statements]
    if not texts or not stored:
        return ()
    words = [other for _, other in stored]
    near = static.average(static.pieces(texts)) @ static.average(static.pieces(words)).T >= _STATIC_COSINE
    chosen = np.flatnonzero(near.any(axis=0))
    if not len(chosen):
        return ()
    cosines = encoder.encode(texts) @ encoder.encode([words[index] for index in chosen]).T
    return tuple(
        Advice(statement=text, kind=AdviceKind.LIKENESS, why=_WHY.format(theme=theme, other=other))
        for text, row in zip(texts, cosines, strict=True)
        if row.max() >= LIKE_COSINE
        for theme, other in [stored[chosen[int(row.argmax())]]]
    )
