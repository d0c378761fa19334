"""Match sentences with statements: a cascade in which each step is dearer and sees fewer pairs.

1. screen: static vectors and shared rare words, all pairs at once as matrix products;
2. sift: the sentence encoder's cosine, for the sentences that passed;
3. read: the status reader, a cross-encoder, reads statement and sentence together for the pairs that are left, and
   says how each sentence carries it.

The probability is a logistic model over their features (`models/decision.py`). A sentence of fewer than
four word pieces conveys nothing here. Limits: each sentence is judged with the one before it; a
proposition spread over several sentences is not seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from drumbeat.models.decision import Decision, Floats
from drumbeat.models.opening import Models
from drumbeat.models.protocols import Encoder, StaticEncoder, StatusReader, Vectors
from drumbeat.themes.statements import NO_DAY, StatementTable, piece_bags

SHORTEST_PIECES = 4
_CELLS_PER_BLOCK = 4_000_000
SCREEN_FEATURES = ("static", "static with context", "words", "words with context")
SIFT_FEATURES = (*SCREEN_FEATURES, "cosine")
FINAL_FEATURES = (*SIFT_FEATURES, "read as conveyed")

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sentences:
    """m sentences as columns: the words, the sentence before ("" at an article's start), the day's ordinal."""

    texts: Sequence[str]
    befores: Sequence[str]
    days: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """k pairs of sentence and statement as columns, with their features (k, features so far)."""

    sentence: Indices
    statement: Indices
    features: Floats

    def keep(self, mask: NDArray[np.bool_]) -> Pairs:
        """Return the pairs under a mask."""
        return Pairs(self.sentence[mask], self.statement[mask], self.features[mask])


@dataclass(frozen=True, slots=True)
class Found:
    """k pairs that match, by sentence then statement: probability (k,), and how each is carried (k, 6).

    The latter is what the status reader says; see `models.protocols.StatusReader`.
    """

    sentence: Indices
    statement: Indices
    probability: Floats
    carriage: Vectors


def match_sentences(
    sentences: Sentences,
    table: StatementTable,
    models: Models,
    decision: Decision,
    *,
    threshold: float | None = None,
) -> Found:
    """Return the pairs whose probability reaches the threshold (by default the decision's own).

    For the statements of a broad theme the lines behind the screen lie lower, by the theme's reach.
    """
    pairs = screen_pairs(sentences, table, models.static, decision)
    pairs = add_cosine(pairs, sentences, table, models.encoder)
    line = lowered(decision.sift.threshold, table.reach[pairs.statement])
    pairs = pairs.keep(decision.sift.probability(pairs.features) >= line)
    pairs, carriage = add_reader(pairs, sentences, table, models.status)
    probability = decision.final.probability(pairs.features)
    least = decision.final.threshold if threshold is None else threshold
    kept = probability >= lowered(least, table.reach[pairs.statement])
    return Found(pairs.sentence[kept], pairs.statement[kept], probability[kept], carriage[kept])


def screen_pairs(sentences: Sentences, table: StatementTable, static: StaticEncoder, decision: Decision) -> Pairs:
    """Return the pairs that pass the screen and lie in their theme's time."""
    blocks = [
        _kept_by_screen(start, scores, sentences.days, table, decision)
        for start, scores in _iter_screen_scores(sentences, table, static)
    ]
    if not blocks:
        return Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, len(SCREEN_FEATURES)), np.float32))
    return Pairs(*(np.concatenate(column) for column in zip(*blocks, strict=True)))


def add_cosine(pairs: Pairs, sentences: Sentences, table: StatementTable, encoder: Encoder) -> Pairs:
    """Encode each sentence that is left once and add its cosine to the statement."""
    unique, places = np.unique(pairs.sentence, return_inverse=True)
    encoded = encoder.encode([sentences.texts[index] for index in unique])
    cosine = np.einsum("ij,ij->i", encoded[places], table.encoded[pairs.statement])
    return _with_column(pairs, cosine)


def add_reader(
    pairs: Pairs, sentences: Sentences, table: StatementTable, reader: StatusReader
) -> tuple[Pairs, Vectors]:
    """Let the status reader read each pair; add its log odds, and return how each pair is carried, (k, 6)."""
    triples = [
        (table.texts[statement], sentences.texts[sentence], sentences.befores[sentence])
        for sentence, statement in zip(pairs.sentence, pairs.statement, strict=True)
    ]
    found = reader.read(triples)
    return _with_column(pairs, found[:, 0]), found[:, 1:]


def lowered(line: float, reach: Vectors) -> Floats:
    """Return the line (k,) for pairs that reach so far below it, in log odds; the line itself where they do not."""
    if not reach.any():
        return np.full(len(reach), line, np.float32)
    odds = np.log(line / (1 - line)) - reach
    return np.asarray(np.where(reach > 0, 1 / (1 + np.exp(-odds)), line), np.float32)


def _with_column(pairs: Pairs, column: Vectors) -> Pairs:
    features = np.column_stack([pairs.features, column]).astype(np.float32)
    return Pairs(pairs.sentence, pairs.statement, features)


def _kept_by_screen(
    start: int, scores: Floats, days: NDArray[np.int64], table: StatementTable, decision: Decision
) -> tuple[Indices, Indices, Floats]:
    day = days[start : start + len(scores), None]
    outside = (day != NO_DAY) & ((day < table.since[None]) | (day > table.until[None]))
    passing = decision.screen.probability(scores) >= decision.screen.threshold
    rows, columns = np.nonzero(passing & ~outside)
    return rows + start, columns, scores[rows, columns]


def _iter_screen_scores(
    sentences: Sentences, table: StatementTable, static: StaticEncoder
) -> Iterator[tuple[int, Floats]]:
    """Yield (first sentence, scores (sentences, statements, 4)) block by block, so that memory stays bounded."""
    if not sentences.texts or not table.texts:
        return
    pieces, befores = static.pieces(sentences.texts), static.pieces(sentences.befores)
    size = max(1, _CELLS_PER_BLOCK // len(table.texts))
    for start, end in pairwise([*range(0, len(pieces), size), len(pieces)]):
        yield start, screen_scores(pieces[start:end], befores[start:end], table, static)


def screen_scores(
    pieces: Sequence[list[int]], befores: Sequence[list[int]], table: StatementTable, static: StaticEncoder
) -> Floats:
    """Return the screen's features of all pairs, (sentences, statements, 4); zero for sentences too short."""
    rows = [row if len(row) >= SHORTEST_PIECES else [] for row in pieces]
    contexts = [before + row if row else [] for before, row in zip(befores, rows, strict=True)]
    scores = np.empty((len(rows), len(table.texts), len(SCREEN_FEATURES)), np.float32)
    for column, given in enumerate((rows, contexts)):
        scores[:, :, column] = static.average(given) @ table.static.T
        scores[:, :, column + 2] = (piece_bags(given, len(static.rarity)) @ table.words.T).toarray()
    return scores
