"""Learn from the reader's answers without training: what is like a passage they answered is moved with it.

Of a sighting s and the answered passages i of its theme, each wording once, with cosines c_i of their sentence
vectors and signs y_i = +1 for "yes, this" and -1 for "not this",

    shift(s) = max(-B, min(B, A * sum_i y_i * w(c_i))),    w(c) = max(0, (c - C) / (1 - C)) ** 2

is added to the log odds of s. A = 3, B = 3, C = .5: a copy of a rejected sentence falls from .90 to .31, one at a
cosine of .75 to .81, one below .5 stays. Chosen on `recall/train.jsonl` with the cosine's probability alone: after two,
five and ten answers to passages of a theme picked at random, the average precision of the rest rises from .63 to .65,
.64 to .68, .65 to .75, and precision at .5 from .62 to .70. A larger A or smaller C finds more and says too much.

Limits: the vector does not know negation, so a denial and what it denies move together; an answer moves what its
sentence says, not what the reader meant by it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
import numpy as np

from drumbeat.models.protocols import Encoder, Vectors
from drumbeat.records import Sighting, Span, need_utc
from drumbeat.tallies import Feedback
from drumbeat.text.canonical import wording_id_of
from drumbeat.tiers import Answer

STRENGTH = 3.0
BOUND = 3.0
LEAST_COSINE = 0.5
_SIGNS = {Answer.YES: 1.0, Answer.NO: -1.0}


class FeedbackDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer as a bookmark file holds it, in the theme it is for; without `given_at` it is given on import."""

    answer: Answer
    exact: str
    article_id: str
    span: Span
    note: str = ""
    given_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.exact.strip() or len(self.exact) != self.span.end - self.span.start:
            raise ValueError("`exact` needs the words of `span`, as many characters as it covers")
        need_utc("given_at", self.given_at)


@dataclass(frozen=True, slots=True)
class AnsweredPassages:
    """k answered wordings of one theme as columns: unit rows (k, d), and +1 for yes or -1 for no (k,)."""

    vectors: Vectors
    signs: Vectors


def feedback_shifts(sentences: Vectors, answered: AnsweredPassages) -> Vectors:
    """Return what the answers add to the log odds of each sentence: unit rows (n, d) to (n,), as the module says."""
    if not len(answered.signs) or not len(sentences):
        return np.zeros(len(sentences), np.float32)
    nearness = np.clip((sentences @ answered.vectors.T - LEAST_COSINE) / (1 - LEAST_COSINE), 0.0, 1.0)
    moved = STRENGTH * np.square(nearness) @ answered.signs
    return np.asarray(np.clip(moved, -BOUND, BOUND), np.float32)


def latest_by_wording(feedback: Iterable[Feedback]) -> dict[str, Feedback]:
    """Return the answers of one theme that stand, each wording once; of several the one given last."""
    standing = (one for one in feedback if one.answer is not None)
    return {one.wording_id: one for one in sorted(standing, key=lambda one: (one.given_at, one.feedback_id))}


def answered_passages(answers: Sequence[Feedback], vectors: Vectors) -> AnsweredPassages:
    """Return answers with the vectors of their words, in the same order, as columns."""
    signs = [_SIGNS[one.answer] for one in answers if one.answer is not None]
    return AnsweredPassages(vectors, np.array(signs, np.float32))


def make_answered(feedback: Iterable[Feedback], encoder: Encoder) -> dict[str, AnsweredPassages]:
    """Return the answered passages of each theme, by its id."""
    by_theme: dict[str, list[Feedback]] = {}
    for one in feedback:
        by_theme.setdefault(one.theme_id, []).append(one)
    found = {}
    for theme_id, given in by_theme.items():
        if answers := list(latest_by_wording(given).values()):
            found[theme_id] = answered_passages(answers, encoder.encode([one.exact for one in answers]))
    return found


def shift_sightings(
    sightings: Sequence[Sighting], answered: Mapping[str, AnsweredPassages], encoder: Encoder
) -> list[Sighting]:
    """Return new sightings, in order, with the shift of those whose theme has answers."""
    shifts: dict[str, float] = {}
    for theme_id, passages in answered.items():
        of_theme = [one for one in sightings if one.match.theme_id == theme_id]
        if of_theme:
            moved = feedback_shifts(encoder.encode([one.exact for one in of_theme]), passages)
            shifts |= {one.sighting_id: round(float(by), 4) for one, by in zip(of_theme, moved, strict=True)}
    return [replace(one, shift=shifts.get(one.sighting_id, 0.0)) for one in sightings]


def answer_sighting(sighting: Sighting, answer: Answer, *, note: str, now: datetime) -> Feedback:
    """Return the reader's answer to a sighting."""
    match = sighting.match
    return Feedback(
        feedback_id=feedback_id_of(match.theme_id, match.article_id, match.span),
        theme_id=match.theme_id,
        article_id=match.article_id,
        span=match.span,
        exact=sighting.exact,
        wording_id=sighting.wording_id,
        answer=answer,
        note=note,
        given_at=now,
    )


def draft_feedback(feedback: Feedback) -> FeedbackDraft:
    """Return an answer that stands, for a bookmark file."""
    if feedback.answer is None:
        raise ValueError("an answer that was taken back is not exported")
    return FeedbackDraft(
        answer=feedback.answer,
        exact=feedback.exact,
        article_id=feedback.article_id,
        span=feedback.span,
        note=feedback.note,
        given_at=feedback.given_at,
    )


def make_feedback(draft: FeedbackDraft, *, theme_id: str, now: datetime) -> Feedback:
    """Return the answer that a bookmark file holds."""
    return Feedback(
        feedback_id=feedback_id_of(theme_id, draft.article_id, draft.span),
        theme_id=theme_id,
        article_id=draft.article_id,
        span=draft.span,
        exact=draft.exact,
        wording_id=wording_id_of(draft.exact),
        answer=draft.answer,
        note=draft.note,
        given_at=draft.given_at or now,
    )


def take_back(feedback: Feedback, *, now: datetime) -> Feedback:
    """Return the answer as taken back."""
    return replace(feedback, answer=None, given_at=max(now, feedback.given_at))


def feedback_id_of(theme_id: str, article_id: str, span: Span) -> str:
    """Return the id of the answer to that passage for that theme."""
    parts = (theme_id, article_id, str(span.start), str(span.end))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
