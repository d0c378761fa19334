"""Judge how a matched statement is carried: whose commitment it is, and which.

The status reader (`models/onnx_reader.py`) reads statement, sentence and the sentence before. Two linear models
fitted by `training/decision.py` weigh its log odds; that of commitment weighs the signs of the reading too
(attribution, quotation, negation, modality, question, trigger) and the path from the statement's words to the
main clause. The signs that speak for the outcome are its evidence; who holds it comes from the attribution that
covers the statement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drumbeat.models.decision import Decision
from drumbeat.reading.parsed import ParsedSentence
from drumbeat.records import Attribution, Commitment, Evidence, Holder, Reading, Span
from drumbeat.themes.path import NEGATIONS, path_features
from drumbeat.themes.signs import anchored_share, covering_attribution, find_anchors, find_signs, shared_chars

COMMITMENTS = tuple(Commitment)
_RELATIVE = re.compile(r"(?<=\w),? (?:who|whose|which)\b")
CARRIAGE = (*(f"read as: {commitment.value}" for commitment in Commitment), "read as: attributed")


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A matched sentence: its span, its parse (None where it could not be parsed), the statement it matched.

    `carriage` is what the status reader says, (6,): see `models.protocols.StatusReader`.
    """

    span: Span
    parsed: ParsedSentence | None
    statement: str
    carriage: Sequence[float]


@dataclass(frozen=True, slots=True)
class Judged:
    """The two axes of a status, with the words that decided."""

    holder: Holder | None
    commitment: Commitment
    evidence: tuple[Evidence, ...]


def judge_match(view: SentenceView, reading: Reading, decision: Decision) -> Judged:
    """Return holder and commitment of a sentence that matched."""
    signs = find_signs(view.span, reading, view.parsed)
    values, attribution = judging_features(view, signs, reading)
    commitment = COMMITMENTS[int(np.argmax(decision.commitment.logits(values)))]
    is_attributed = float(decision.voice.probability(decision.voice.row(values))) >= decision.voice.threshold
    holder = _holder_of(attribution, reading) if is_attributed else None
    return Judged(holder, commitment, _evidence(signs, commitment, decision, is_attributed=is_attributed))


def judging_features(
    view: SentenceView, signs: Sequence[Evidence], reading: Reading
) -> tuple[dict[str, float], Attribution | None]:
    """Return the features by name (one that is absent is 0), and the attribution that covers the statement, if any."""
    anchors = find_anchors(view.statement, view.parsed)
    attribution = covering_attribution(view.span, reading, anchors)
    values: dict[str, float] = {}
    values.update(dict.fromkeys(path_features(anchors, view.parsed), 1.0))
    values.update(zip(CARRIAGE, view.carriage, strict=True))
    values["statement negated"] = float(bool(NEGATIONS & set(view.statement.casefold().split())))
    for sign in signs:
        values[f"sign: {sign.rule}"] = 1.0
    if attribution is None:
        return values, None
    share = shared_chars(attribution.content, view.span) / (view.span.end - view.span.start)
    values[f"rule: {attribution.found_by}"] = 1.0
    values["rule precision"] = attribution.score
    values["anchored"] = anchored_share(attribution, anchors)
    for cue in attribution.cue:
        values[f"cue: {cue.of(reading.article.text).casefold()}"] = 1.0
    values["covered"] = min(1.0, share)
    values["quoted whole"] = float(share > 0.9)
    values["holder named" if attribution.source else "no holder found"] = 1.0
    return values, attribution


def _holder_of(attribution: Attribution | None, reading: Reading) -> Holder:
    if attribution is None or not attribution.source:
        return Holder(text="", named=False)
    text, source = reading.article.text, _without_clause(reading.article.text, attribution.source[0])
    speaker = None
    if attribution.speaker_id is not None:
        speaker = next((s for s in reading.speakers if s.speaker_id == attribution.speaker_id), None)
    return Holder(
        text=source.of(text),
        named=bool(speaker and speaker.named),
        speaker=speaker.name if speaker else None,
        span=source,
    )


def _without_clause(text: str, source: Span) -> Span:
    """Return the source up to its relative clause ("Mara Holt" of "Mara Holt, who runs the port")."""
    clause = _RELATIVE.search(source.of(text))
    return Span(start=source.start, end=source.start + clause.start()) if clause else source


def _evidence(
    signs: Sequence[Evidence], commitment: Commitment, decision: Decision, *, is_attributed: bool
) -> tuple[Evidence, ...]:
    """Return the signs whose weight speaks for the outcome."""
    return tuple(
        sign
        for sign in signs
        if decision.commitment.weight(commitment.value, f"sign: {sign.rule}") > 0
        or (is_attributed and sign.rule in ("attribution", "quotation"))
    )
