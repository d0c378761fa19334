"""Make and re-anchor W3C text selectors (Web Annotation Data Model, sections 4.2.4 and 4.2.5)."""

from __future__ import annotations

from drumbeat.records import Selector, Span

CONTEXT_CHARS = 32


def make_selector(text: str, span: Span) -> Selector:
    """Return the quote selector of a span, with up to 32 characters of context on each side."""
    return Selector(
        exact=span.of(text),
        prefix=text[max(0, span.start - CONTEXT_CHARS) : span.start],
        suffix=text[span.end : span.end + CONTEXT_CHARS],
    )


def find_selector(text: str, selector: Selector) -> Span | None:
    """Return where a selector points in a text; None where it is gone or ambiguous.

    Of several places the one whose context agrees on both sides wins; failing that, on one side. Two
    places that agree alike are refused, never guessed.
    """
    places = _occurrences(text, selector.exact)
    for wanted in (2, 1) if len(places) > 1 else (0,):
        fitting = [start for start in places if _agreement(text, start, selector) >= wanted]
        if len(fitting) == 1:
            return Span(start=fitting[0], end=fitting[0] + len(selector.exact))
        if fitting:
            return None
    return None


def _occurrences(text: str, exact: str) -> list[int]:
    places, start = [], text.find(exact)
    while start >= 0:
        places.append(start)
        start = text.find(exact, start + 1)
    return places


def _agreement(text: str, start: int, selector: Selector) -> int:
    before = text[:start].endswith(selector.prefix) if selector.prefix else start == 0
    end = start + len(selector.exact)
    after = text.startswith(selector.suffix, end) if selector.suffix else end == len(text)
    return before + after
