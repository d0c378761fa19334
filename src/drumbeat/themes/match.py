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

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumbeat.models.decision import Decision, Floats, Step
from drumbeat.models.opening import Models
from drumbeat.models.protocols import Encoder, StaticEncoder, StatusReader, Vectors
from drumbeat.themes.statements import NO_DAY, StatementTable, piece_bags

SHORTEST_PIECES = 4
_CELLS_PER_BLOCK = 4_000_000
_MOST_FROM_WORDS = 9.0  # log odds: so much shared words can add; they hardly ever add more where vectors are far
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
    line = decision.sift.line(table.crowd) - table.reach[pairs.statement]
    pairs = pairs.keep(decision.sift.logit(pairs.features) >= line)
    pairs, carriage = add_reader(pairs, sentences, table, models.status)
    probability = decision.final.probability(pairs.features)
    least = decision.final.threshold if threshold is None else threshold
    kept = probability >= lowered(least, table.reach[pairs.statement])
    return Found(pairs.sentence[kept], pairs.statement[kept], probability[kept], carriage[kept])


def screen_pairs(sentences: Sentences, table: StatementTable, static: StaticEncoder, decision: Decision) -> Pairs:
    """Return the pairs that pass the screen and lie in their theme's time, block by block: memory stays bounded."""
    if not sentences.texts or not table.texts:
        return Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, len(SCREEN_FEATURES)), np.float32))
    distinct = list(dict.fromkeys((*sentences.texts, *sentences.befores)))
    pieces = dict(zip(distinct, static.pieces(distinct), strict=True))
    size = max(1, _CELLS_PER_BLOCK // len(table.texts))
    blocks = []
    for start, end in pairwise([*range(0, len(sentences.texts), size), len(sentences.texts)]):
        own, before = ([pieces[text] for text in texts[start:end]] for texts in (sentences.texts, sentences.befores))
        words = sentence_words(own, before, static)
        blocks.append(_kept_by_screen(start, words, sentences.days[start:end], table, decision.screen))
    return Pairs(*(np.concatenate(column) for column in zip(*blocks, strict=True)))


@dataclass(frozen=True, slots=True)
class SentenceWords:
    """What the screen sees of m sentences, each alone and after the one before it.

    `vectors` are two arrays of unit rows (m, 256), `bags` two sparse arrays (m, pieces) of the word pieces in them.
    Rows of sentences of fewer than four word pieces are zero.
    """

    vectors: tuple[Vectors, Vectors]
    bags: tuple[Any, Any]


def sentence_words(pieces: Sequence[list[int]], befores: Sequence[list[int]], static: StaticEncoder) -> SentenceWords:
    """Return what the screen sees of sentences, given the word pieces of each and of the one before."""
    alone = [row if len(row) >= SHORTEST_PIECES else [] for row in pieces]
    after = [before + row if row else [] for before, row in zip(befores, alone, strict=True)]
    return SentenceWords(
        (static.average(alone), static.average(after)),
        (piece_bags(alone, len(static.rarity)), piece_bags(after, len(static.rarity))),
    )


def screen_features(words: SentenceWords, table: StatementTable, sentence: Indices, statement: Indices) -> Floats:
    """Return the screen's features of k pairs, (k, 4)."""
    columns = [np.einsum("ij,ij->i", vectors[sentence], table.static[statement]) for vectors in words.vectors]
    return np.column_stack([*columns, _shared_words(words, table, sentence, statement)]).astype(np.float32)


def _kept_by_screen(
    start: int, words: SentenceWords, days: NDArray[np.int64], table: StatementTable, screen: Step
) -> tuple[Indices, Indices, Floats]:
    """Return (sentence, statement, features) of the pairs that pass: first by vectors alone, then with the words."""
    line = screen.line(table.crowd)
    blend = sum(weight * vectors for weight, vectors in zip(screen.weights[:2], words.vectors, strict=True))
    by_vectors = blend @ table.static.T + screen.intercept
    rows, columns = np.nonzero(by_vectors >= line - _MOST_FROM_WORDS)
    day = days[rows]
    passing = (day == NO_DAY) | ((day >= table.since[columns]) & (day <= table.until[columns]))
    shared = _shared_words(words, table, rows, columns) @ np.array(screen.weights[2:], np.float32)
    passing &= by_vectors[rows, columns] + shared >= line
    rows, columns = rows[passing], columns[passing]
    return rows + start, columns, screen_features(words, table, rows, columns)


def _shared_words(words: SentenceWords, table: StatementTable, sentence: Indices, statement: Indices) -> Floats:
    """Return the share of each statement's rarity that lies in words of the sentence, alone and with the one before."""
    shares = table.words[statement]
    sums = [np.asarray(bags[sentence].multiply(shares).sum(axis=1)).ravel() for bags in words.bags]
    return np.column_stack(sums).astype(np.float32)


def add_cosine(pairs: Pairs, sentences: Sentences, table: StatementTable, encoder: Encoder) -> Pairs:
    """Encode each sentence that is left once and add its cosine to the statement."""
    unique, places = np.unique(pairs.sentence, return_inverse=True)
    encoded = encoder.encode([sentences.texts[index] for index in unique])
    cosine = np.einsum("ij,ij->i", encoded[places], table.encoded.rows(pairs.statement))
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
