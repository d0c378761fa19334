"""An attribution in the making: spans of the article that later rules may widen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from drumbeat.models.protocols import TaggedAttribution
from drumbeat.reading.cues import Candidate
from drumbeat.reading.parsed import ParsedSentence
from drumbeat.reading.trees import runs
from drumbeat.records import Span


@dataclass(slots=True)
class Draft:
    """Source, cue and content so far; `head_at` is where the cue's main word begins, `sentence` its index.

    `score` is what the tagger gave it; None for a draft that a rule made.
    """

    sentence: int
    rule: str
    head_at: int
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: list[Span]
    score: float | None = None

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


def tagged_draft(item: TaggedAttribution, sentence: int, parsed: ParsedSentence | None) -> Draft:
    """Return what the tagger found, its cue in the sentence with that index.

    Of several sources the longest is kept, without a preposition before it, and no name at an edge is cut.
    """
    source = sorted(item.source, key=lambda span: span.start - span.end)[:1]
    content = [whole_names(span, parsed) for span in item.content] if parsed else list(item.content)
    return Draft(
        sentence=sentence,
        rule="tagger",
        head_at=item.cue[0].start,
        source=tuple(whole_names(_bare(span, parsed), parsed) for span in source) if parsed else tuple(source),
        cue=item.cue,
        content=content,
        score=item.score,
    )


def _bare(span: Span, sentence: ParsedSentence) -> Span:
    """Return a source without its preposition ("figures *from the land registry* show"); "over 20 officials" stays."""
    inside = sentence.tokens_in(span)
    if len(inside) < 2:
        return span
    first, second = (sentence.tokens[index] for index in inside[:2])
    if first.pos != "ADP" or second.pos == "NUM":
        return span
    return Span(start=sentence.offset + second.start, end=span.end)


def whole_names(span: Span, sentence: ParsedSentence) -> Span:
    """Return a span whose first and last name are whole: the tagger may cut names that it does not know."""
    inside, tokens = sentence.tokens_in(span), sentence.tokens
    if not inside:
        return span
    first, last = inside[0], inside[-1]
    while first and tokens[first].pos == tokens[first - 1].pos == "PROPN":
        first -= 1
    while last + 1 < len(tokens) and tokens[last].pos == tokens[last + 1].pos == "PROPN":
        last += 1
    whole = sentence.span_of(first, last)
    return Span(start=min(span.start, whole.start), end=max(span.end, whole.end))


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
