"""Read one article: passages, sentences, quotations, attributions, speakers, presupposition triggers.

The order is fixed; `parse_sentences` and `read_parsed` are its two halves, for callers that use the parses too.
Odd text never raises: it gives fewer findings and a `Gap` that says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from drumbeat.models.protocols import Parser, TaggedAttribution, Tagger
from drumbeat.reading.attributions import find_attributions
from drumbeat.reading.parsed import LONGEST_PARSED_CHARS, ParsedSentence, parse_sentences
from drumbeat.reading.presuppositions import find_triggers
from drumbeat.reading.quotes import find_quotes
from drumbeat.reading.speakers import resolve_speakers
from drumbeat.records import Article, Gap, Reading, Span
from drumbeat.text.passages import split_passages, split_sentences

__all__ = ["parse_sentences", "read_article", "read_parsed"]


def read_article(
    article: Article, parser: Parser, tagger: Tagger | None = None, *, sentences: Sequence[int] | None = None
) -> Reading:
    """Return what drumbeat finds in an article with canonical text.

    The tagger finds the attributions; without one rules over the parses do, and find fewer.

    With `sentences` (indices into `split_sentences(article.text)`) only these are parsed; quotations are found
    on the whole text all the same. Text in another language than English is split, not parsed.
    """
    spans = split_sentences(article.text)
    wanted: Sequence[int] | None = sentences if is_english(article.language) else ()
    parses = parse_sentences(article.text, spans, parser, wanted=wanted)
    tagged = None if tagger is None else tagger.tag(article.text, spans, wanted)
    return read_parsed(article, spans, parses, tagged)


def read_parsed(
    article: Article,
    sentences: Sequence[Span],
    parses: Mapping[int, ParsedSentence],
    tagged: Sequence[TaggedAttribution] | None = None,
) -> Reading:
    """Return the reading of an article whose sentences (all, by index) are parsed already."""
    quotes, odd_marks = find_quotes(article.text)
    attributions = find_attributions(article.text, sentences, parses, quotes, tagged)
    attributions, speakers = resolve_speakers(attributions, parses, quotes)
    return Reading(
        article=article,
        passages=split_passages(article.text),
        sentences=tuple(sentences),
        attributions=tuple(attributions),
        speakers=tuple(speakers),
        triggers=tuple(find_triggers(parses)),
        gaps=(*_gaps(article, sentences), *odd_marks),
    )


def is_english(language: str) -> bool:
    """Tell whether a language tag is English; an unknown language ("") is taken for English."""
    return language.lower().replace("_", "-").split("-")[0] in ("", "en", "eng", "english", "und")


def _gaps(article: Article, sentences: Sequence[Span]) -> Iterator[Gap]:
    if not sentences:
        yield Gap(what="reading", why="the text has no sentences")
    if not is_english(article.language):
        yield Gap(what="attributions, triggers", why=f"no parser for the language {article.language!r}")
        return
    for span in sentences:
        if span.end - span.start > LONGEST_PARSED_CHARS:
            yield Gap(
                what="attributions, triggers",
                why=f"a sentence of more than {LONGEST_PARSED_CHARS} characters",
                span=span,
            )
