"""Sentences of an article with their parses, in offsets of the article.

Datelines ("MOSCOW (AP) –", "HARROW BAY, Feb. 3 (Meridian Press) —") are left out of what is parsed: the
parser takes MOSCOW for the subject of "said".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from drumbeat.models.protocols import Parse, Parser, Token
from drumbeat.records import Span

LONGEST_PARSED_CHARS = 1500
"""Longer sentences are tables, lists or lost punctuation; they are not parsed."""

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DATELINE = re.compile(
    rf"""(?:[A-Z][A-Z.'\u2019-]+\ ?){{1,4}}              # CITY in capitals
    (?:,\ (?:[A-Z][\w.]+\ ?){{1,3}})?                     # state or country
    (?:,?\ {_MONTH}\ \d{{1,2}}(?:,\ \d{{4}})?)?           # day
    \ ?(?:\((?:[^()]{{2,40}})\))?                         # (agency)
    \ ?(?:--?|\u2013|\u2014)\ (?=[A-Z0-9"'\u201c\u2018])""",
    re.VERBOSE,
)
_AGENCY = re.compile(
    r"(?:[A-Z][\w.'\u2019-]+,? ){1,4}\((?:AP|AFP|Reuters|UPI|[A-Z][\w ]{1,30})\) ?(?:--?|\u2013|\u2014) "
)


@dataclass(frozen=True, slots=True)
class ParsedSentence:
    """A sentence of an article; `offset` is where the parsed text begins in the article (after a dateline)."""

    span: Span
    offset: int
    parse: Parse

    @property
    def tokens(self) -> tuple[Token, ...]:
        """Return the tokens; their offsets are of the parsed text, not of the article."""
        return self.parse.tokens

    def span_of(self, first: int, last: int) -> Span:
        """Return the article's span from token `first` to token `last`, both included."""
        tokens = self.parse.tokens
        return Span(start=self.offset + tokens[first].start, end=self.offset + tokens[last].end)

    def text_of(self, first: int, last: int) -> str:
        """Return the words from token `first` to token `last`, both included."""
        tokens = self.parse.tokens
        return self.parse.text[tokens[first].start : tokens[last].end]

    def tokens_in(self, span: Span) -> list[int]:
        """Return the indices of the tokens that lie inside a span of the article."""
        start, end = span.start - self.offset, span.end - self.offset
        return [i for i, token in enumerate(self.parse.tokens) if start <= token.start and token.end <= end]


def parse_sentences(
    text: str, sentences: Sequence[Span], parser: Parser, *, wanted: Sequence[int] | None = None
) -> dict[int, ParsedSentence]:
    """Parse the sentences of a text in one batch; return them by their index in `sentences`.

    `wanted` are the indices to parse, by default all. Sentences longer than 1,500 characters are left out.
    """
    return parse_many([(text, sentences, range(len(sentences)) if wanted is None else wanted)], parser)[0]


def parse_many(
    texts: Sequence[tuple[str, Sequence[Span], Sequence[int]]], parser: Parser
) -> list[dict[int, ParsedSentence]]:
    """Parse the wanted sentences of several texts, each (text, sentences, wanted), in one batch."""
    places = [
        (number, index, sentences[index].start + dateline_chars(sentences[index].of(text)))
        for number, (text, sentences, wanted) in enumerate(texts)
        for index in sorted({i for i in wanted if 0 <= i < len(sentences)})
        if sentences[index].end - sentences[index].start <= LONGEST_PARSED_CHARS
    ]
    parses = parser.parse([texts[number][0][offset : texts[number][1][index].end] for number, index, offset in places])
    found: list[dict[int, ParsedSentence]] = [{} for _ in texts]
    for (number, index, offset), parse in zip(places, parses, strict=True):
        if parse.tokens:
            found[number][index] = ParsedSentence(texts[number][1][index], offset, parse)
    return found


def dateline_chars(sentence: str) -> int:
    """Return how many characters of a dateline the sentence begins with, 0 where it has none."""
    found = _DATELINE.match(sentence) or _AGENCY.match(sentence)
    return found.end() if found and found.end() < len(sentence) else 0


def without_dateline(sentence: str) -> str:
    """Return the sentence behind its dateline, whole where it has none."""
    return sentence[dateline_chars(sentence) :]
