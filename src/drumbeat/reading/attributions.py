"""Attributions of an article: source + cue + content, from the tagger or the parses, and the quotation marks.

The tagger (`models/onnx_tagger.py`) finds cues and what belongs to them; without one the rules of `cues` do, inside one
sentence. The rules of `direct` give quotations to their speakers. Here all become `Attribution` records
with kind, depth, and the tagger's score or the measured precision of their rule.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence

from drumbeat.models.protocols import TaggedAttribution
from drumbeat.reading.cues import find_candidates
from drumbeat.reading.direct import attach_quotes
from drumbeat.reading.drafts import Draft, draft_of, merged, tagged_draft
from drumbeat.reading.parsed import ParsedSentence
from drumbeat.reading.quotes import Quote, SpanIndex, speech_spans
from drumbeat.records import Attribution, QuoteKind, Span

RULE_PRECISION: Mapping[str, float] = {
    "according-to": 0.93,
    "adjective": 0.52,
    "clause": 0.79,
    "clause-first": 0.96,
    "infinitive": 0.51,
    "noun-infinitive": 0.45,
    "noun-preposition": 0.38,
    "noun-that": 0.44,
    "object": 0.58,
    "parataxis": 0.91,
    "passive-by": 0.65,
    "passive-clause": 0.59,
    "passive-infinitive": 0.79,
    "passive-preposition": 0.61,
    "preposition": 0.54,
    "quote-verb": 0.87,
}
"""Share of right attributions by rule on PolNeAR's tuning side: "linked" in `eval/attributions.py`."""


def find_attributions(
    text: str,
    sentences: Sequence[Span],
    parses: Mapping[int, ParsedSentence],
    quotes: Sequence[Quote],
    tagged: Sequence[TaggedAttribution] | None = None,
) -> list[Attribution]:
    """Return the attributions in text order, their speakers not yet resolved.

    With `tagged` these are what the tagger found, and the rules of cues stay out.
    """
    speech = SpanIndex(speech_spans(quotes))
    marked = SpanIndex(quote.span for quote in quotes if quote.depth == 0 and not quote.is_title)
    if tagged is None:
        drafts = [draft for index in sorted(parses) for draft in _drafts(index, parses[index], speech)]
    else:
        starts = [span.start for span in sentences]
        places = [max(0, bisect_right(starts, item.cue[0].start) - 1) for item in tagged]
        drafts = [tagged_draft(item, i, parses.get(i)) for item, i in zip(tagged, places, strict=True)]
    drafts = attach_quotes(text, sentences, parses, quotes, drafts)
    kept = [_cleaned(text, draft) for draft in drafts]
    found = [draft for draft in kept if draft.content and draft.cue]
    found.sort(key=lambda draft: (draft.first.start, draft.head_at))
    depths = _depths(found)
    return [_record(text, draft, depth, marked) for draft, depth in zip(found, depths, strict=True)]


def _drafts(index: int, sentence: ParsedSentence, speech: SpanIndex) -> list[Draft]:
    drafts = (draft_of(index, sentence, candidate) for candidate in find_candidates(sentence.parse))
    near = speech.touching(sentence.span)
    return [draft for draft in drafts if not any(_is_spoken(draft, quote) for quote in near)]


def _is_spoken(draft: Draft, quote: Span) -> bool:
    """Tell whether the cue or the source stands in quoted speech: what a quotation reports is not read."""
    return quote.start <= draft.head_at < quote.end or any(quote.holds(span) for span in draft.source)


def _cleaned(text: str, draft: Draft) -> Draft:
    """Return the draft with content merged, its own cue and source cut out."""
    taken = [*draft.cue, *draft.source]
    content = [piece for span in merged(text, draft.content) for piece in _cut(span, taken)]
    draft.content = [span for span in content if any(char.isalnum() for char in span.of(text))]
    return draft


def _cut(span: Span, taken: Sequence[Span]) -> list[Span]:
    pieces = [span]
    for other in taken:
        parts = []
        for piece in pieces:
            if not piece.overlaps(other):
                parts.append(piece)
                continue
            if piece.start < other.start:
                parts.append(Span(start=piece.start, end=other.start))
            if other.end < piece.end:
                parts.append(Span(start=other.end, end=piece.end))
        pieces = parts
    return pieces


def _depths(drafts: Sequence[Draft]) -> list[int]:
    """Return for each draft in how many contents of its own sentence and its neighbours' its cue stands."""
    by_sentence: dict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_sentence[draft.sentence].append(draft)
    return [
        sum(
            other is not draft and any(span.holds(draft.cue[0]) for span in other.content)
            for near in (draft.sentence - 1, draft.sentence, draft.sentence + 1)
            for other in by_sentence.get(near, ())
        )
        for draft in drafts
    ]


def _record(text: str, draft: Draft, depth: int, marked: SpanIndex) -> Attribution:
    return Attribution(
        source=draft.source,
        cue=draft.cue,
        content=tuple(draft.content),
        kind=_kind(text, draft.content, marked),
        depth=depth,
        found_by=draft.rule,
        score=RULE_PRECISION[draft.rule] if draft.score is None else draft.score,
    )


def _kind(text: str, content: Sequence[Span], marked: SpanIndex) -> QuoteKind:
    near = list(dict.fromkeys(quote for span in content for quote in marked.touching(span)))
    if not near:
        return QuoteKind.INDIRECT
    outside = (
        text[i] for span in content for i in range(span.start, span.end) if not any(q.start <= i < q.end for q in near)
    )
    return QuoteKind.MIXED if any(char.isalnum() for char in outside) else QuoteKind.DIRECT
