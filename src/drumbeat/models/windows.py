"""An article as word pieces, cut into overlapping windows for the attribution tagger.

Two things that an uncased vocabulary loses are put back: the token type says whether the word began with a
capital, and a piece of its own marks a paragraph break. Training and the product both cut with this module.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

from drumbeat.records import Span

TARGET_PIECES = 176
MARGIN_PIECES = 40
PARAGRAPH = 2  # the unused piece "[unused1]" of BERT's vocabulary

_GAP = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of a text in order: ids, types (1: capitalised), start and end offsets, sentence numbers.

    `inner` tells which pieces continue a word.
    """

    ids: list[int]
    types: list[int]
    starts: list[int]
    ends: list[int]
    sentences: list[int]
    inner: list[bool]


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces first..last (exclusive); the cues of low..high belong to this window, the rest is context."""

    first: int
    last: int
    low: int
    high: int


def cut_pieces(
    tokenizer: Tokenizer, text: str, sentences: Sequence[Span], wanted: Collection[int] | None = None
) -> Pieces:
    """Return the word pieces of the sentences of a text, a paragraph piece where a paragraph ends.

    With `wanted`, those of these sentences and of as many around them as a window's margin may reach.
    """
    numbers = range(len(sentences)) if wanted is None else _within_reach(text, sentences, wanted)
    found = Pieces([], [], [], [], [], [])
    encoded = tokenizer.encode_batch([sentences[number].of(text) for number in numbers], add_special_tokens=False)
    for number, pieces in zip(numbers, encoded, strict=True):
        span, before = sentences[number], sentences[number - 1].end if number else 0
        if number and _GAP.search(text, before, span.start):
            _add(found, PARAGRAPH, 0, (before, before), number)
            found.inner.append(False)
        for piece, (start, end) in zip(pieces.ids, pieces.offsets, strict=True):
            place = (span.start + start, span.start + end)
            head = _word_start(text, place[0], span.start)
            _add(found, piece, int(text[head].isupper()), place, number)
            found.inner.append(head < place[0] and text[place[0]].isalnum())
    return found


def cut_windows(pieces: Pieces, wanted: Collection[int] | None = None) -> list[Window]:
    """Return windows that cover the pieces, or the wanted sentences: at most 176 of their own, on sentence borders."""
    borders = [i for i in range(1, len(pieces.ids)) if pieces.sentences[i] != pieces.sentences[i - 1]]
    windows: list[Window] = []
    for first, last in _stretches(pieces, wanted):
        low = first
        while low < last:
            high = _high_of(borders, low, last)
            windows.append(Window(max(0, low - MARGIN_PIECES), min(len(pieces.ids), high + MARGIN_PIECES), low, high))
            low = high
    return windows


def _within_reach(text: str, sentences: Sequence[Span], wanted: Collection[int]) -> list[int]:
    """Return the wanted sentences and their neighbours up to a margin's worth of words: a word has a piece or more."""
    chosen = {number for number in wanted if 0 <= number < len(sentences)}
    for number in tuple(chosen):
        for step in (-1, 1):
            words, place = 0, number + step
            while words < MARGIN_PIECES and 0 <= place < len(sentences):
                chosen.add(place)
                words += len(sentences[place].of(text).split())
                place += step
    return sorted(chosen)


def _stretches(pieces: Pieces, wanted: Collection[int] | None) -> list[tuple[int, int]]:
    """Return the runs of pieces whose sentence is wanted, (first, past the last)."""
    if wanted is None:
        return [(0, len(pieces.ids))]
    runs: list[tuple[int, int]] = []
    for place, sentence in enumerate(pieces.sentences):
        if sentence in wanted:
            if runs and runs[-1][1] == place:
                runs[-1] = (runs[-1][0], place + 1)
            else:
                runs.append((place, place + 1))
    return runs


def _high_of(borders: list[int], low: int, last: int) -> int:
    """Return where a window that begins at `low` ends: the last border within reach, else as far as it may."""
    farthest = min(low + TARGET_PIECES, last)
    if farthest == last:
        return last
    border = borders[max(0, bisect_right(borders, farthest) - 1)] if borders else 0
    return border if low < border <= farthest else farthest


def _add(pieces: Pieces, piece: int, kind: int, place: tuple[int, int], sentence: int) -> None:
    pieces.ids.append(piece)
    pieces.types.append(kind)
    pieces.starts.append(place[0])
    pieces.ends.append(place[1])
    pieces.sentences.append(sentence)


def _word_start(text: str, start: int, limit: int) -> int:
    while start > limit and text[start - 1].isalnum():
        start -= 1
    return start
