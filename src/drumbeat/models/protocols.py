"""What a model of each kind must do, and what it must say of itself.

The rest of drumbeat knows models only through these Protocols; `models/` is the only place where
weights load.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from drumbeat.records import Span

Vectors = NDArray[np.float32]

COMMITMENT_HEADS = 5  # asserts, presupposes, hedges, questions, denies


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInfo:
    """What `drumbeat models` says of a model. `sha256` is of the weights file; `dimension` 0 where it has none."""

    name: str
    kind: str
    licence: str
    origin: str
    sha256: str
    dimension: int
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a parse: offsets in the parsed text, Universal POS, Penn tag, dependency label, head index."""

    start: int
    end: int
    text: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    entity: str


@dataclass(frozen=True, slots=True)
class Parse:
    """A parsed text, tokens in order; the head of a root is its own index. Labels are ClearNLP's (spaCy English)."""

    text: str
    tokens: tuple[Token, ...]
    children: tuple[tuple[int, ...], ...]
    sentence_starts: tuple[int, ...]

    def subtree(self, index: int) -> list[int]:
        """Return the indices of the token and everything below it, in text order."""
        found, waiting = [], [index]
        while waiting:
            current = waiting.pop()
            found.append(current)
            waiting.extend(self.children[current])
        return sorted(found)

    def ancestors(self, index: int) -> Iterator[int]:
        """Yield the heads above a token, nearest first, root last."""
        while (head := self.tokens[index].head) != index:
            yield head
            index = head


class Encoder(Protocol):
    """A sentence encoder."""

    @property
    def info(self) -> ModelInfo:
        """Return the model's card."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row per text, float32 of shape (len(texts), dimension), in order."""


class StaticEncoder(Protocol):
    """A table of word-piece vectors: much faster than an encoder, much coarser."""

    @property
    def info(self) -> ModelInfo:
        """Return the model's card."""

    @property
    def rarity(self) -> Vectors:
        """Return the inverse document frequency of each word piece in news paragraphs, (pieces,)."""

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the word-piece ids of each text, without special ones."""

    def average(self, rows: Sequence[Sequence[int]]) -> Vectors:
        """Return the mean vector of each row of ids as a unit row (zero for an empty row), float32, in order."""


class StatusReader(Protocol):
    """A model that reads whether a passage conveys a statement, and how it carries it."""

    @property
    def info(self) -> ModelInfo:
        """Return the model's card."""

    def read(self, triples: Sequence[tuple[str, str, str]]) -> Vectors:
        """Judge (statement, passage, sentence before it or "") triples, in order.

        Returns log odds (n, 7): it conveys the statement or its negation; it asserts, presupposes, hedges, questions,
        denies (each against the other four); the commitment is attributed rather than the outlet's.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedAttribution:
    """Source (empty where none is named), cue and content as a tagger found them, and how sure it is of the cue."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    score: float


class Tagger(Protocol):
    """A model that finds who says what."""

    @property
    def info(self) -> ModelInfo:
        """Return the model's card."""

    def tag(self, text: str, sentences: Sequence[Span], wanted: Sequence[int] | None = None) -> list[TaggedAttribution]:
        """Return the attributions of a text; with `wanted` (indices), those whose cue is in these sentences."""


class Parser(Protocol):
    """A tagger, dependency parser and name finder."""

    @property
    def info(self) -> ModelInfo:
        """Return the model's card."""

    def parse(self, texts: Sequence[str]) -> list[Parse]:
        """Return one parse per text, in order; offsets are code points of that text."""
