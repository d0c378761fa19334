"""Signs in and around a sentence of how somebody stands to what it conveys.

A sign is a word or construction with the name of the rule that read it: negation, question, quotation, a
covering attribution, a presupposition trigger, or a word of the lexicon `signs`. Signs are features and
evidence; `judge` weighs them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from drumbeat.reading.parsed import ParsedSentence
from drumbeat.records import Attribution, Evidence, QuoteKind, Reading, Span
from drumbeat.text.lexicons import load_lexicon

_NEGATIONS = frozenset(
    ["no", "not", "n't", "n’t", "never", "neither", "nor", "nothing", "nobody", "none", "without", "hardly"]
)


def find_signs(span: Span, reading: Reading, parsed: ParsedSentence | None) -> tuple[Evidence, ...]:
    """Return the signs of one sentence in text order."""
    signs = [*_of_attributions(span, reading), *_of_triggers(span, reading), *_of_marks(span, reading)]
    if parsed is not None:
        signs.extend(_of_words(parsed))
    return tuple(sorted(set(signs), key=lambda sign: (sign.span.start, sign.span.end, sign.rule)))


def covering_attribution(span: Span, reading: Reading) -> Attribution | None:
    """Return the outermost attribution whose content holds most of the sentence's words outside source and cue."""
    best: tuple[int, int, Attribution] | None = None
    for attribution in reading.attributions:
        shared = sum(_shared_chars(part, span) for part in attribution.content)
        if shared and (best is None or (attribution.depth, -shared) < best[:2]):
            best = (attribution.depth, -shared, attribution)
    return best[2] if best else None


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
    if words.rstrip("\"'\u201d\u2019)").endswith("?"):
        at = span.start + words.rindex("?")
        yield Evidence(span=Span(start=at, end=at + 1), rule="question")


def _of_words(parsed: ParsedSentence) -> Iterator[Evidence]:
    lexicon = load_lexicon("signs")
    for index, token in enumerate(parsed.tokens):
        place = parsed.span_of(index, index)
        if token.dep == "neg" or token.text.lower() in _NEGATIONS:
            yield Evidence(span=place, rule="negation")
        for rule in lexicon.get(token.lemma.lower(), lexicon.get(token.text.lower(), ())):
            yield Evidence(span=place, rule=rule)
