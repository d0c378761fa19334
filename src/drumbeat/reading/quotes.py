"""Find quotations by their marks, over the whole article, in linear time.

Straight, curly, low and angle marks, doubled apostrophes and single quotes are read; single quotes inside
double ones are nested. A passage may leave a quotation open if the next one opens with a mark again (the
newspaper convention for speech of several paragraphs). Marks without a partner are reported, not guessed.
Limits: German order of angle marks (»…«) is not read; a single quote that ends at "s'" may end too late.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from drumbeat.records import Gap, Span
from drumbeat.text.passages import split_passages

_MARKS = re.compile(r"''|``|[\"'`\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a]")
_OPEN_ONLY = {"\u201c", "\u201e", "\u201f", "\u00ab", "``"}
_CLOSE_ONLY = {"\u201d", "\u00bb"}
_SINGLES = {"'", "`", "\u2018", "\u2019", "\u201a", "\u201b", "\u2039", "\u203a"}
_SINGLE_OPENERS = {"'", "`", "\u2018", "\u201a", "\u201b", "\u2039"}
_SINGLE_CLOSERS = {"'", "\u2019", "\u203a"}
_BEFORE_OPENER = set(" \n([{-/\u2013\u2014\"'\u201c\u2018\u00ab\u2026")
_WORD = re.compile(r"[^\W_][\w'\u2019.-]*")
_SMALL_WORDS = {
    "a",
    "an",
    "and",
    "at",
    "by",
    "for",
    "from",
    "in",
    "of",
    "on",
    "or",
    "the",
    "to",
    "vs",
    "with",
    "s",
    "t",
}


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation with its marks. `depth` is 0 for outer ones; `is_open` where the next passage continues it.

    `is_speech` and `is_title` are guesses from length, case and punctuation; scare quotes are neither.
    """

    span: Span
    inner: Span
    depth: int
    is_open: bool
    is_speech: bool
    is_title: bool


def find_quotes(text: str) -> tuple[tuple[Quote, ...], tuple[Gap, ...]]:
    """Return the quotations of a canonical text in text order, and a gap for each passage with an odd mark."""
    quotes: list[Quote] = []
    gaps: list[Gap] = []
    passages = split_passages(text)
    for i, passage in enumerate(passages):
        following = passages[i + 1].start if i + 1 < len(passages) else len(text)
        doubles, odd = _pair_doubles(text, passage, is_continued=_opens(text, following))
        quotes += (_quote(text, start, end, is_open=is_open) for start, end, is_open in doubles)
        quotes += _singles(text, passage, doubles)
        gaps += (Gap(what="quotation", why="a quotation mark without a partner", span=span) for span in odd[:1])
    return tuple(sorted(quotes, key=lambda quote: (quote.span.start, -quote.span.end))), tuple(gaps)


class SpanIndex:
    """Spans in text order that do not overlap each other, to be asked which of them touch a place."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = list(spans)
        self._starts = [span.start for span in self._spans]

    def touching(self, span: Span) -> list[Span]:
        """Return the spans that share a code point with the given one."""
        first = max(0, bisect_right(self._starts, span.start) - 1)
        last = bisect_left(self._starts, span.end)
        return [found for found in self._spans[first:last] if found.overlaps(span)]

    def covers(self, at: int) -> bool:
        """Tell whether a code point lies in one of the spans."""
        return bool(self.touching(Span(start=at, end=at + 1)))


def speech_spans(quotes: Sequence[Quote]) -> list[Span]:
    """Return the outer quotations that are speech, in text order."""
    return [quote.span for quote in quotes if quote.depth == 0 and quote.is_speech]


def _opens(text: str, at: int) -> bool:
    mark = _MARKS.match(text, at)
    return mark is not None and mark.group() not in _CLOSE_ONLY | _SINGLES and mark.end() < len(text)


def _pair_doubles(text: str, passage: Span, *, is_continued: bool) -> tuple[list[tuple[int, int, bool]], list[Span]]:
    """Pair the double marks of one passage: (start, end, left open), and the marks left over."""
    pairs: list[tuple[int, int, bool]] = []
    odd: list[Span] = []
    open_mark: Span | None = None
    for found in _MARKS.finditer(text, passage.start, passage.end):
        mark = Span(start=found.start(), end=found.end())
        role = _double_role(text, passage, found, opened=open_mark.of(text) if open_mark else "")
        if role == "close" and open_mark is not None:
            pairs.append((open_mark.start, mark.end, False))
            open_mark = None
        elif role == "open":
            odd += [open_mark] if open_mark else []
            open_mark = mark
        elif role == "close":
            odd.append(mark)
    if open_mark is not None and is_continued:
        pairs.append((open_mark.start, passage.end, True))
    elif open_mark is not None:
        odd.append(open_mark)
    return [(start, end, is_open) for start, end, is_open in pairs if _has_word(text, start, end)], odd


def _double_role(text: str, passage: Span, found: re.Match[str], *, opened: str) -> str:
    mark = found.group()
    if mark in _SINGLES:
        return ""
    if mark in _CLOSE_ONLY or (mark == "\u201c" and opened == "\u201e"):
        return "close"
    if mark in _OPEN_ONLY:
        return "open"
    before = text[found.start() - 1] if found.start() > passage.start else " "
    after = text[found.end()] if found.end() < passage.end else " "
    if not opened:
        if before.isdigit() and not after.isalpha():
            return ""  # inches, seconds
        return "open" if not after.isspace() else "close"
    return "open" if before.isspace() and (after.isalnum() or after in "$[(") else "close"


def _singles(text: str, passage: Span, doubles: list[tuple[int, int, bool]]) -> Iterator[Quote]:
    pairs: list[tuple[int, int]] = []
    start: int | None = None
    likely_end: int | None = None
    for found in _MARKS.finditer(text, passage.start, passage.end):
        if found.group() not in _SINGLES:
            continue
        if _can_open(text, passage, found) and not (
            start is not None and likely_end is None and _is_elision(text, found)
        ):
            pairs += [(start, likely_end)] if start is not None and likely_end is not None else []
            start, likely_end = (None if _is_elision(text, found) else found.start()), None
        elif start is not None and (strength := _closing_strength(text, passage, found)):
            likely_end = found.end()
            if strength == 2:
                pairs.append((start, likely_end))
                start = likely_end = None
    pairs += [(start, likely_end)] if start is not None and likely_end is not None else []
    yield from _nested(text, pairs, doubles)


def _nested(text: str, pairs: list[tuple[int, int]], doubles: list[tuple[int, int, bool]]) -> Iterator[Quote]:
    at = 0
    for start, end in pairs:
        while at < len(doubles) and doubles[at][1] <= start:
            at += 1
        inside = at < len(doubles) and doubles[at][0] < start and end <= doubles[at][1]
        crossing = at < len(doubles) and not inside and doubles[at][0] < end
        if not crossing and _has_word(text, start, end):
            yield _quote(text, start, end, depth=int(inside))


def _can_open(text: str, passage: Span, found: re.Match[str]) -> bool:
    before = text[found.start() - 1] if found.start() > passage.start else " "
    after = text[found.end()] if found.end() < passage.end else " "
    return found.group() in _SINGLE_OPENERS and before in _BEFORE_OPENER and not after.isspace()


def _is_elision(text: str, found: re.Match[str]) -> bool:
    return (
        re.match(r"\d\ds?\b|(?:em|til|tis|twas|cause|bout|n)\b", text[found.end() : found.end() + 6], re.I) is not None
    )


def _closing_strength(text: str, passage: Span, found: re.Match[str]) -> int:
    """Return 2 where a single mark surely closes, 1 where it may be a possessive, 0 where it is an apostrophe."""
    after = text[found.end()] if found.end() < passage.end else " "
    if found.group() not in _SINGLE_CLOSERS or after.isalnum():
        return 0
    before = text[found.start() - 1]
    if text[max(0, found.start() - 3) : found.start()] in (" \u2019n", " 'n"):
        return 0  # rock 'n' roll
    if before in "s" and after == " ":
        return 1
    return 0 if before.isspace() else 2


def _has_word(text: str, start: int, end: int) -> bool:
    return _WORD.search(text, start, end) is not None


def _quote(text: str, start: int, end: int, *, depth: int = 0, is_open: bool = False) -> Quote:
    first = _MARKS.match(text, start)
    inner_start = first.end() if first else start + 1
    last = 0 if is_open else 2 if text[end - 2 : end] in ("''", "``") else 1
    inner = Span(start=inner_start, end=max(inner_start + 1, end - last))
    words = inner.of(text)[:400]
    is_led_in = text[max(0, start - 2) : start].strip()[-1:] in (",", ":")
    is_title = not is_open and not is_led_in and _is_title(_WORD.findall(words), words)
    return Quote(
        span=Span(start=start, end=end),
        inner=inner,
        depth=depth,
        is_open=is_open,
        is_speech=is_open or (not is_title and _is_speech(text, start, words, is_led_in=is_led_in)),
        is_title=is_title,
    )


def _is_speech(text: str, start: int, words: str, *, is_led_in: bool) -> bool:
    """Guess whether quoted words are speech rather than a scare quote: long, led in, or a sentence of their own."""
    found = _WORD.findall(words)
    is_stopped = words.rstrip()[-1:] in tuple(".?!")
    has_start = (
        start == 0 or text[start - 1] == "\n" or text[max(0, start - 2) : start] in (". ", "? ", "! ", "\u201d ")
    )
    return (
        len(found) >= 5
        or is_led_in
        or (has_start and words.rstrip()[-1:] in tuple(",.?!"))
        or (is_stopped and len(found) > 2)
    )


def _is_title(words: list[str], inner: str) -> bool:
    big = [word for word in words if word.lower() not in _SMALL_WORDS]
    capitals = all(not word[0].islower() for word in big)
    last = inner.rstrip()[-1:]
    return len(big) >= 2 and capitals and (len(words) <= 5 or (len(words) <= 10 and last not in tuple(".!")))
