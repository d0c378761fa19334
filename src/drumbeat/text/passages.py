"""Passages and sentences of a canonical text, as spans.

Sentence boundaries come from sentencex (Wikimedia, rule-based; F .93 on news); two of its habits are
mended here: it ends sentences after some abbreviations ("Sen. John McCain, R-Ariz. | and ..."), and it
may leave closing quotation marks to the next sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from drumbeat.records import Span
from drumbeat.text.canonical import PASSAGE_BREAK

_CLOSERS = re.compile(r"[\"'\u201d\u2019)\]]+(?=\s|$)")
_LONGEST_SENTENCE_CHARS = 3000
_LONGEST_PIECE_CHARS = 10_000


def split_passages(text: str) -> tuple[Span, ...]:
    """Return the passages of a canonical text, in order; they cover everything but the blank lines."""
    spans, start = [], 0
    for piece in text.split(PASSAGE_BREAK):
        if piece:
            spans.append(Span(start=start, end=start + len(piece)))
        start += len(piece) + len(PASSAGE_BREAK)
    return tuple(spans)


def split_sentences(text: str, *, language: str = "en") -> tuple[Span, ...]:
    """Return the sentences of a canonical text, in order, without surrounding space.

    No sentence crosses a passage. One of more than 3,000 characters (a table, a list without stops)
    is cut at spaces, so that no model ever meets a text without end.
    """
    spans: list[Span] = []
    for passage in split_passages(text):
        spans.extend(_sentences_of(text, passage, language))
    return tuple(spans)


def _sentences_of(text: str, passage: Span, language: str) -> Iterator[Span]:
    for start, end in _merged(passage.of(text), language):
        for piece_start, piece_end in _cut_long(text, passage.start + start, passage.start + end):
            yield Span(start=piece_start, end=piece_end)


def _merged(passage: str, language: str) -> Iterator[tuple[int, int]]:
    current: tuple[int, int] | None = None
    for start, end in _boundaries(passage, language):
        bounds = _trimmed(passage, start, end)
        if bounds is None:
            continue
        if current is not None and _continues(passage, bounds[0]):
            current = (current[0], bounds[1])
            continue
        if current is not None:
            closers = _CLOSERS.match(passage, bounds[0])
            if closers:
                current = (current[0], closers.end())
                bounds = _trimmed(passage, closers.end(), bounds[1]) or (0, 0)
            yield current
        current = bounds if bounds[0] < bounds[1] else None
    if current is not None:
        yield current


def _boundaries(passage: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield sentencex's sentences; a very long passage is given to it in pieces, for its time grows with the square."""
    import sentencex

    start = 0
    while start < len(passage):
        end = len(passage)
        if end - start > _LONGEST_PIECE_CHARS:
            cut = passage.rfind(" ", start + 1, start + _LONGEST_PIECE_CHARS)
            end = cut if cut > start else start + _LONGEST_PIECE_CHARS
        for found in sentencex.get_sentence_boundaries(language, passage[start:end]):
            yield start + found["start_index"], start + found["end_index"]
        start = end


def _continues(passage: str, start: int) -> bool:
    return passage[start].islower() or passage[start] in ",;:\u2013\u2014-&"


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _cut_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST_SENTENCE_CHARS:
        cut = text.rfind(" ", start + 1, start + _LONGEST_SENTENCE_CHARS)
        cut = cut if cut > start else start + _LONGEST_SENTENCE_CHARS
        bounds = _trimmed(text, start, cut)
        if bounds:
            yield bounds
        start = cut
    bounds = _trimmed(text, start, end)
    if bounds:
        yield bounds
