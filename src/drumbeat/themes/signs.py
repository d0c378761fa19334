"""Signs in and around a sentence of how somebody stands to what it conveys.

A sign is a word or construction with the name of the rule that read it: negation, question, quotation, a
covering attribution, a presupposition trigger, or a word of the lexicon `signs`. Signs are features and
evidence; `judge` weighs them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from drumbeat.reading.parsed import ParsedSentence
from drumbeat.records import Attribution, Evidence, QuoteKind, Reading, Span
from drumbeat.text.canonical import PASSAGE_BREAK
from drumbeat.text.lexicons import load_lexicon
from drumbeat.themes.path import NEGATIONS

_FIRST_PERSON = frozenset(["i", "we", "my", "our", "us", "me", "myself", "ourselves"])
_OPENING_MARKS = "\"'\u201c\u2018\u00ab"
_CLOSING_MARKS = '"\u201d\u2019\u00bb'
_CONTENT_POS = frozenset(["NOUN", "PROPN", "VERB", "ADJ", "ADV", "NUM"])
_WORD = re.compile(r"\w+")
_STEM_CHARS = 5


def find_signs(span: Span, reading: Reading, parsed: ParsedSentence | None) -> tuple[Evidence, ...]:
    """Return the signs of one sentence in text order."""
    signs = [*_of_attributions(span, reading), *_of_triggers(span, reading), *_of_marks(span, reading)]
    if parsed is not None:
        signs.extend(_of_words(parsed))
    return tuple(sorted(set(signs), key=lambda sign: (sign.span.start, sign.span.end, sign.rule)))


def covering_attribution(span: Span, reading: Reading, anchors: Sequence[Span] = ()) -> Attribution | None:
    """Return the attribution that holds most of what the sentence says of the statement; of several the outermost.

    `anchors` are the words that the sentence shares with the statement (`find_anchors`); without any the
    attribution that covers most of the sentence is taken.
    """
    best: tuple[float, int, int, Attribution] | None = None
    for attribution in reading.attributions:
        shared = shared_chars(attribution.content, span)
        rank = (-round(anchored_share(attribution, anchors), 1), attribution.depth, -shared)
        if shared and (best is None or rank < best[:3]):
            best = (*rank, attribution)
    return best[3] if best else None


def find_anchors(statement: str, parsed: ParsedSentence | None) -> tuple[Span, ...]:
    """Return the words of the sentence that it shares with a statement, by their first letters, in order."""
    if parsed is None:
        return ()
    stems = {_stem(word) for word in _WORD.findall(statement) if len(word) > 3 or word.isupper()}
    return tuple(
        parsed.span_of(index, index)
        for index, token in enumerate(parsed.tokens)
        if token.pos in _CONTENT_POS and (_stem(token.text) in stems or _stem(token.lemma) in stems)
    )


def anchored_share(attribution: Attribution, anchors: Sequence[Span]) -> float:
    """Return the share of the anchors that the attribution's content holds; a half without anchors."""
    if not anchors:
        return 0.5
    return sum(any(part.holds(anchor) for part in attribution.content) for anchor in anchors) / len(anchors)


def _stem(word: str) -> str:
    return word.casefold()[:_STEM_CHARS]


def shared_chars(spans: Sequence[Span], span: Span) -> int:
    """Return how many characters of the span the others cover together."""
    return sum(_shared_chars(other, span) for other in spans)


def _shared_chars(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _of_attributions(span: Span, reading: Reading) -> Iterator[Evidence]:
    for attribution in reading.attributions:
        covered = shared_chars(attribution.content, span)
        if not covered:
            continue
        place = attribution.cue[0] if attribution.cue else attribution.content[0]
        kind = "quotation" if attribution.kind is not QuoteKind.INDIRECT else "attribution"
        yield Evidence(span=place, rule=kind if attribution.depth == 0 else f"nested {kind}")


def _of_triggers(span: Span, reading: Reading) -> Iterator[Evidence]:
    for trigger in reading.triggers:
        if span.holds(trigger.span):
            yield Evidence(span=trigger.span, rule=f"trigger: {trigger.kind.value}")


def _of_marks(span: Span, reading: Reading) -> Iterator[Evidence]:
    words = span.of(reading.article.text)
    if _is_inside_quotation(reading.article.text, span.start):
        yield Evidence(span=Span(start=span.start, end=span.start + 1), rule="inside a quotation")
    if words[-1] in _CLOSING_MARKS:
        yield Evidence(span=Span(start=span.end - 1, end=span.end), rule="closes with a quotation mark")
    if words[0] in _OPENING_MARKS:
        yield Evidence(span=Span(start=span.start, end=span.start + 1), rule="opens with a quotation mark")
    if words.rstrip("\"'\u201d\u2019)").endswith("?"):
        at = span.start + words.rindex("?")
        yield Evidence(span=Span(start=at, end=at + 1), rule="question")


def _is_inside_quotation(text: str, at: int) -> bool:
    """Tell whether a place lies behind a double quotation mark that its passage opened and has not closed."""
    passage = text[text.rfind(PASSAGE_BREAK, 0, at) + 1 : at]
    if passage.count('"') % 2:
        return True
    return passage.rfind("\u201c") > passage.rfind("\u201d")


def _of_words(parsed: ParsedSentence) -> Iterator[Evidence]:
    lexicon = load_lexicon("signs")
    for index, token in enumerate(parsed.tokens):
        place = parsed.span_of(index, index)
        if token.dep == "neg" or token.text.lower() in NEGATIONS:
            yield Evidence(span=place, rule="negation")
        if token.text.lower() in _FIRST_PERSON:
            yield Evidence(span=place, rule="first person")
        for rule in lexicon.get(token.lemma.lower(), lexicon.get(token.text.lower(), ())):
            yield Evidence(span=place, rule=rule)
