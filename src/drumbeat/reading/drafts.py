"""An attribution in the making: spans of the article that later rules may widen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from drumbeat.reading.cues import Candidate
from drumbeat.reading.parsed import ParsedSentence
from drumbeat.reading.trees import runs
from drumbeat.records import Span


@dataclass(slots=True)
class Draft:
    """Source, cue and content so far; `head_at` is where the cue's main word begins, `sentence` its index."""

    sentence: int
    rule: str
    head_at: int
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: list[Span]

    @property
    def first(self) -> Span:
        """Return the part that comes first in the text."""
        return min((*self.source, *self.cue, *self.content), key=lambda span: span.start)


def draft_of(index: int, sentence: ParsedSentence, candidate: Candidate) -> Draft:
    """Return a candidate of the sentence with that index in spans of the article."""
    return Draft(
        sentence=index,
        rule=candidate.rule,
        head_at=sentence.offset + sentence.tokens[candidate.head].start,
        source=spans_of(sentence, candidate.source),
        cue=spans_of(sentence, candidate.cue),
        content=list(spans_of(sentence, candidate.content)),
    )


def spans_of(sentence: ParsedSentence, indices: Iterable[int]) -> tuple[Span, ...]:
    """Return tokens as the fewest spans of the article, punctuation between them included."""
    return tuple(sentence.span_of(run[0], run[-1]) for run in runs(sentence.parse, indices))


def merged(text: str, spans: Iterable[Span]) -> list[Span]:
    """Return the spans in text order, those that overlap or stand with only space between joined."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if found and (span.start <= found[-1].end or text[found[-1].end : span.start].isspace()):
            found[-1] = Span(start=found[-1].start, end=max(found[-1].end, span.end))
        else:
            found.append(span)
    return found
