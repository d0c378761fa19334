"""Lay overlapping spans over a text as properly nested HTML elements.

Spans of different findings cross each other; HTML elements must not. The text is cut at every
boundary and each piece is wrapped in the marks that cover it, outer layers first; neighbouring pieces
share the elements they have in common. No code point is lost, doubled or moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from markupsafe import Markup, escape

from drumbeat.records import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A span to be wrapped in an element. `layer` 0 is outermost; `anchor` is an id that only its first piece gets."""

    span: Span
    layer: int
    element: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """An element without text, placed right after the code point before offset `at`."""

    at: int
    html: Markup


def split_rows(text: str, passages: Sequence[Span]) -> tuple[Span, ...]:
    """Return spans that partition the text, one per passage; words outside every passage get a row of their own.

    A row takes along the white space behind it. Empty for a text without words.
    """
    starts, cursor = [], 0
    for passage in sorted(passages, key=lambda span: span.start):
        if text[cursor : passage.start].strip():
            starts.append(cursor)
        starts.append(max(passage.start, cursor))
        cursor = max(cursor, passage.end)
    if text[cursor:].strip():
        starts.append(cursor)
    if not starts:
        return ()
    bounds = sorted({0, *starts[1:], len(text)})
    return tuple(Span(start=start, end=end) for start, end in pairwise(bounds))


def mark_text(text: str, row: Span, marks: Sequence[Mark], points: Sequence[Point] = ()) -> Markup:
    """Return the words of `row` as HTML with all marks and points that touch it; stripped of tags it is the text."""
    touching = sorted(
        (mark for mark in marks if mark.span.overlaps(row)),
        key=lambda mark: (mark.layer, mark.span.start, -mark.span.end),
    )
    within = [point for point in points if row.start < point.at <= row.end]
    return Markup("").join(_pieces(text, row, touching, within))


def _pieces(text: str, row: Span, marks: Sequence[Mark], points: Sequence[Point]) -> Iterator[Markup]:
    opened: list[Mark] = []
    for start, end in _cuts(row, marks, points):
        wanted = [mark for mark in marks if mark.span.start <= start and end <= mark.span.end]
        kept = _common(opened, wanted)
        yield from (Markup("</{}>").format(mark.element) for mark in reversed(opened[kept:]))
        yield from (_opening(mark, start, row) for mark in wanted[kept:])
        opened = wanted
        yield escape(text[start:end])
        yield from (point.html for point in points if point.at == end)
    yield from (Markup("</{}>").format(mark.element) for mark in reversed(opened))


def _cuts(row: Span, marks: Sequence[Mark], points: Sequence[Point]) -> Iterator[tuple[int, int]]:
    bounds = {row.start, row.end, *(point.at for point in points)}
    for mark in marks:
        bounds.update(bound for bound in (mark.span.start, mark.span.end) if row.start < bound < row.end)
    ordered = sorted(bounds)
    return pairwise(ordered)


def _common(opened: Sequence[Mark], wanted: Sequence[Mark]) -> int:
    length = 0
    while length < min(len(opened), len(wanted)) and opened[length] is wanted[length]:
        length += 1
    return length


def _opening(mark: Mark, start: int, row: Span) -> Markup:
    attributes = dict(mark.attributes)
    if mark.anchor and start == mark.span.start and row.start <= start:
        attributes = {"id": mark.anchor, **attributes}
    listed = (Markup(' {}="{}"').format(name, value) for name, value in attributes.items())
    return Markup("<{}{}>").format(mark.element, Markup("").join(listed))
