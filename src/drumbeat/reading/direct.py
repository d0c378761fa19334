"""Give quotations to their speakers: better no speaker than a wrong one.

A quotation is never cut: an attribution that reaches into one takes all of it, over sentences and passages
that it spans. One that no cue reaches goes, in this order, to a verb of speech in its sentence, to the words
before its colon, to the speaker of the quotation before it in the passage, to that of the one after it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from drumbeat.reading.drafts import Draft, spans_of
from drumbeat.reading.parsed import ParsedSentence
from drumbeat.reading.quotes import Quote
from drumbeat.reading.trees import SUBJECTS, children_by, is_passive, is_verb, noun_phrase, subject_of, verb_group
from drumbeat.records import Span
from drumbeat.text.canonical import PASSAGE_BREAK
from drumbeat.text.lexicons import load_lexicon

_NEAR_CHARS = 400


def attach_quotes(
    text: str,
    sentences: Sequence[Span],
    parses: Mapping[int, ParsedSentence],
    quotes: Sequence[Quote],
    drafts: list[Draft],
) -> list[Draft]:
    """Return the drafts with whole quotations as content, and new ones for quotations that no cue reached."""
    outer = [quote for quote in quotes if quote.depth == 0]
    by_head = {draft.head_at: draft for draft in drafts}
    owners = _reach(outer, drafts)
    starts = [span.start for span in sentences]
    for number, quote in enumerate(outer):
        index = max(0, bisect_right(starts, quote.span.start) - 1)
        if not quote.is_speech or number in owners or not sentences:
            continue
        owner = _spoken(text, parses, quote, _indices(text, sentences, quote, index), by_head) or _carried(
            text, outer, number, owners
        )
        if owner is not None:
            owners[number] = owner
    _carry_back(text, outer, owners)
    for number, owner in owners.items():
        owner.content.append(outer[number].span)
    known = {id(draft) for draft in drafts}
    return [*drafts, *(draft for draft in by_head.values() if id(draft) not in known)]


def _reach(outer: Sequence[Quote], drafts: Sequence[Draft]) -> dict[int, Draft]:
    """Return which draft owns which quotation: the one whose content reaches into it, the nearest cue first."""
    owners: dict[int, Draft] = {}
    starts = [quote.span.start for quote in outer]
    for draft in drafts:
        for span in draft.content:
            at = max(0, bisect_right(starts, span.start) - 1)
            while at < len(outer) and outer[at].span.start < span.end:
                quote = outer[at].span
                is_inside = quote.start <= draft.head_at < quote.end
                if quote.overlaps(span) and not is_inside and not _is_nearer(owners.get(at), draft, quote):
                    owners[at] = draft
                at += 1
    return owners


def _is_nearer(known: Draft | None, draft: Draft, quote: Span) -> bool:
    return known is not None and _distance(known.head_at, quote) <= _distance(draft.head_at, quote)


def _distance(at: int, span: Span) -> int:
    return span.start - at if at < span.start else max(0, at - span.end)


def _indices(text: str, sentences: Sequence[Span], quote: Quote, first: int) -> list[int]:
    """Return the first and last sentence that a quotation touches; the one before if that leads in with a colon."""
    last = first
    while last + 1 < len(sentences) and sentences[last + 1].start < quote.span.end:
        last += 1
    is_led_in = first > 0 and sentences[first].start == quote.span.start and _is_after_colon(text, quote)
    return list(dict.fromkeys((first - 1 if is_led_in else first, last)))


def _is_after_colon(text: str, quote: Quote) -> bool:
    return text[max(0, quote.span.start - 4) : quote.span.start].rstrip().endswith(":")


def _spoken(
    text: str, parses: Mapping[int, ParsedSentence], quote: Quote, indices: Sequence[int], by_head: dict[int, Draft]
) -> Draft | None:
    """Return the draft of a verb of speech, or of a colon, beside the quotation in its first or last sentence."""
    for index in reversed(indices):
        sentence = parses.get(index)
        verb = _speech_verb(text, sentence, quote) if sentence else None
        if sentence is None or verb is None:
            continue
        head_at = sentence.offset + sentence.tokens[verb].start
        draft = by_head.get(head_at) or _spoken_draft(index, sentence, verb, quote)
        if draft is not None:
            by_head[head_at] = draft
            return draft
    return None


def _speech_verb(text: str, sentence: ParsedSentence, quote: Quote) -> int | None:
    """Return the verb of speech nearest to a quotation, itself in no quotation; None where none is near."""
    lexicon = load_lexicon("cue_verbs")
    best: tuple[int, int] | None = None
    for index, token in enumerate(sentence.tokens):
        at = sentence.offset + token.start
        if quote.span.start <= at < quote.span.end or not is_verb(sentence.parse, index):
            continue
        is_colon = at < quote.span.start and token.pos == "VERB" and _is_after_colon(text, quote)
        if "quote" not in lexicon.get(token.lemma.lower(), ()) and not (is_colon and token.dep == "ROOT"):
            continue
        distance = _distance(at, quote.span)
        between = text[min(at, quote.span.end) : max(at, quote.span.start)]
        if any(mark in between for mark in '\u201c\u201d"') or is_passive(sentence.parse, index):
            continue
        if best is None or distance < best[0]:
            best = (distance, index)
    return best[1] if best else None


def _spoken_draft(index: int, sentence: ParsedSentence, verb: int, quote: Quote) -> Draft | None:
    inside = set(sentence.tokens_in(quote.span))
    own = [i for i in children_by(sentence.parse, verb, *SUBJECTS) if i not in inside]
    subject = own[0] if own else subject_of(sentence.parse, verb)
    if subject is None or subject in inside:
        subject = _inverted(sentence, verb)
    cue = [i for i in verb_group(sentence.parse, verb) if i not in inside]
    if subject is None or subject in inside or sentence.tokens[subject].tag in ("WP", "WDT"):
        return None
    return Draft(
        sentence=index,
        rule="quote-verb",
        head_at=sentence.offset + sentence.tokens[verb].start,
        source=spans_of(sentence, noun_phrase(sentence.parse, subject, without={*cue, *inside})),
        cue=spans_of(sentence, cue),
        content=[],
    )


def _inverted(sentence: ParsedSentence, verb: int) -> int | None:
    """Return the noun right after the verb (`said Smith`), which the parser may take for its object."""
    for child in sentence.parse.children[verb]:
        token = sentence.tokens[child]
        if (
            child > verb
            and token.dep in ("dobj", "attr", "npadvmod", "oprd")
            and token.pos in ("PROPN", "NOUN", "PRON")
        ):
            return child
    return None


def _carried(text: str, outer: Sequence[Quote], number: int, owners: Mapping[int, Draft]) -> Draft | None:
    """Return the owner of the quotation before, if it goes on here: left open, or in the same passage.

    In the same passage this quotation must begin a sentence and be all of it, or go on with the sentence
    ("we must," she said on "The Hour," "but not now"). Titles and scare quotes between are passed over.
    """
    quote, last = outer[number], number - 1
    while last > 0 and not outer[last].is_speech and outer[last].span.start > quote.span.start - _NEAR_CHARS:
        last -= 1
    if last not in owners or not outer[last].is_speech:
        return None
    between = text[outer[last].span.end : quote.span.start]
    if outer[last].is_open and between.isspace():
        return owners[last]
    goes_on = (
        PASSAGE_BREAK not in between and not any(mark in between for mark in ".?!;") and len(between) < _NEAR_CHARS
    )
    if goes_on and quote.inner.of(text)[:1].islower() and between.rstrip(" \"\u201d'\u2019").endswith(","):
        return owners[last]
    return owners[last] if PASSAGE_BREAK not in between and _stands_alone(text, quote) else None


def _stands_alone(text: str, quote: Quote) -> bool:
    """Tell whether a quotation begins after a full stop and ends its sentence."""
    before = text[max(0, quote.span.start - 2) : quote.span.start]
    after = text[quote.span.end : quote.span.end + 2]
    ends = quote.is_open or quote.inner.of(text).rstrip()[-1:] in (
        ".",
        "?",
        "!",
        "\u2026",
        "'",
        "\u2019",
        "-",
        "\u2014",
    )
    return (
        ends
        and (before.strip()[-1:] in (".", "?", "!", "") or before.strip()[-1:] in "\"\u201d'")
        and not after.strip()[:1].islower()
    )


def _carry_back(text: str, outer: Sequence[Quote], owners: dict[int, Draft]) -> None:
    """Give a sentence that is all quotation to the owner of the next quotation right after it in the passage."""
    for number in range(len(outer) - 2, -1, -1):
        quote, following = outer[number], outer[number + 1]
        between = text[quote.span.end : following.span.start]
        is_beside = not between.strip() and (PASSAGE_BREAK not in between or quote.is_open)
        if number not in owners and number + 1 in owners and quote.is_speech and following.is_speech and is_beside:
            owners[number] = owners[number + 1]
