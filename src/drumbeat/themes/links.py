"""The attributions through which a theme comes, one inside the other.

Those of the reading whose content holds what the sentence shares with the statement, and those that the rules of
`reading.nested` find inside them. Limits: of two holders side by side the first; a holder is looked for in its own
sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from drumbeat.models.protocols import Parse
from drumbeat.reading.attributions import RULE_PRECISION
from drumbeat.reading.cues import Candidate
from drumbeat.reading.drafts import draft_of, spans_of
from drumbeat.reading.nested import find_nested, is_stance
from drumbeat.reading.parsed import ParsedSentence
from drumbeat.reading.speakers import resolve_speakers
from drumbeat.reading.trees import children_by, is_passive, is_verb, noun_phrase
from drumbeat.records import Attribution, Commitment, QuoteKind, Reading, Span, Speaker
from drumbeat.themes.path import head_of
from drumbeat.themes.signs import anchored_share, shared_chars
from drumbeat.themes.stances import stance_of

OPEN = (None, Commitment.ASSERTS, Commitment.PRESUPPOSES)
"""Stances that a judging word, or another cue of the same holder, may still change."""
_LEAST_SHARE = 0.5
_LEAST_COVER = 0.4
_NO_NAME = frozenset({"WDT", "WP", "WP$", "CC", "IN", ",", "TO"})
_ANYBODY = (["you"], ["one"])
_OWNED_BY = frozenset({"by", "from"})


@dataclass(slots=True)
class Link:
    """An attribution with its cue's tokens in the sentence (none where the cue stands in another one)."""

    attribution: Attribution
    cue: list[int]
    stance: Commitment | None = None
    is_told: bool = False
    speaker: Speaker | None = None


def find_links(
    parsed: ParsedSentence, anchors: Sequence[Span], reading: Reading, parses: Mapping[int, ParsedSentence]
) -> list[Link]:
    """Return the attributions of a sentence that hold most of the anchors, outermost first.

    `parses` are of the sentence and its neighbours, by their index in the reading.
    """
    told = [_told(parsed, one) for one in reading.attributions if _holds(one, parsed.span, anchors)]
    links = _nested(parsed.parse, [*told, *_hidden(parsed, told, anchors)])
    for link in links:
        _weigh(link, parsed, parses)
    links = [_with_owner(parsed, link) for link in links if not _is_idle(link, links)]
    _resolve(links, reading, parses)
    return links


def _told(parsed: ParsedSentence, attribution: Attribution) -> Link:
    """Return an attribution of the reading; "refused" goes on with "to accept", and "it" of "it is said" is nobody."""
    parse = parsed.parse
    cue = tokens_of(parsed, attribution.cue)
    if any(is_verb(parse, index) for index in cue):
        cue = [index for index in cue if not _is_subject(parse, index)]
    if not any(is_stance(parse, index) for index in cue):
        cue += [child for index in cue for child in children_by(parse, index, "xcomp") if is_stance(parse, child)]
    source = tokens_of(parsed, attribution.source)
    is_dummy = [parse.tokens[index].text.lower() for index in source] == ["it"]
    if is_dummy and any(is_passive(parse, index) for index in cue):
        attribution = replace(attribution, source=(), speaker_id=None)
    return Link(attribution, sorted(cue))


def _is_subject(parse: Parse, index: int) -> bool:
    """Tell whether a word of a cue begins what is said ("said allegations that P are groundless")."""
    return parse.tokens[index].dep in ("nsubj", "nsubjpass") and parse.tokens[index].pos == "NOUN"


def tokens_of(parsed: ParsedSentence, spans: Sequence[Span]) -> list[int]:
    """Return the tokens of a sentence that lie inside the spans."""
    return [index for span in spans for index in parsed.tokens_in(span)]


def _holds(attribution: Attribution, sentence: Span, anchors: Sequence[Span]) -> bool:
    if anchors:
        return anchored_share(attribution, anchors) >= _LEAST_SHARE
    return shared_chars(attribution.content, sentence) >= _LEAST_COVER * (sentence.end - sentence.start)


def _hidden(parsed: ParsedSentence, told: Sequence[Link], anchors: Sequence[Span]) -> Iterator[Link]:
    """Yield what the rules find and the reading lacks.

    Theirs is the source too where the reading has only "who", or somebody of the content ("disputed testimony by X").
    """
    inside = [index for span in anchors for index in parsed.tokens_in(span)]
    head = head_of(parsed.parse, inside or range(len(parsed.tokens)))
    for candidate in find_nested(parsed.parse, head):
        found = _attribution_of(parsed, candidate)
        same = [link for link in told if set(link.cue) & {*candidate.cue}]
        for link in same:
            source = link.attribution.source
            if found.source and _is_relative(parsed, source):
                link.attribution = replace(link.attribution, source=found.source, speaker_id=None)
            elif found.source and candidate.rule == "clause" and _is_object(source, found.content):
                link.attribution = found
        is_owned = candidate.rule == "noun-that" and _is_another(found, [link.attribution for link in same])
        is_new = not same or is_owned
        if is_new and _holds(found, parsed.span, anchors):
            yield Link(found, list(candidate.cue))


def _attribution_of(parsed: ParsedSentence, candidate: Candidate) -> Attribution:
    draft = draft_of(0, parsed, candidate)
    return Attribution(
        source=draft.source,
        cue=draft.cue,
        content=tuple(draft.content),
        kind=QuoteKind.INDIRECT,
        found_by=candidate.rule,
        score=RULE_PRECISION[candidate.rule],
    )


def _is_relative(parsed: ParsedSentence, source: Sequence[Span]) -> bool:
    tokens = [parsed.tokens[index] for index in tokens_of(parsed, source)]
    return not any(token.tag not in _NO_NAME for token in tokens)


def _is_object(source: Sequence[Span], content: Sequence[Span]) -> bool:
    return all(any(part.holds(span) for part in content) for span in source)


def _is_another(found: Attribution, known: Sequence[Attribution]) -> bool:
    """Tell whether the source of a cue is nobody's of those who share it ("rejected the agencies' finding")."""
    sources = [span for one in known for span in one.source]
    return bool(found.source and sources) and not any(
        span.overlaps(other) for span in found.source for other in sources
    )


def _nested(parse: Parse, links: Sequence[Link]) -> list[Link]:
    """Return the links that stand one in the other, outermost first; of two side by side the first."""

    def outside(link: Link) -> tuple[int, int]:
        around = sum(_stands_in(link, other) for other in links if other is not link)
        return around, link.attribution.cue[0].start

    kept: list[Link] = []
    for link in sorted(links, key=outside):
        if kept and _is_same(parse, link, kept[-1]):
            kept[-1].cue = sorted({*kept[-1].cue, *link.cue})
        elif not kept or _stands_in(link, kept[-1]):
            kept.append(link)
    return kept


def _is_same(parse: Parse, inner: Link, outer: Link) -> bool:
    """Tell whether a cue only goes on with the one around it ("made the claim", "repeated allegations")."""
    one, other = inner.attribution.source, outer.attribution.source
    if one:
        return any(span.overlaps(known) for span in one for known in other)
    is_object = any(parse.tokens[index].head in outer.cue for index in inner.cue)
    return is_object and stance_of(parse, outer.cue)[0] in OPEN


def _stands_in(inner: Link, outer: Link) -> bool:
    cue = inner.attribution.cue[-1]
    parts = (*outer.attribution.content, *outer.attribution.cue)
    return any(part.holds(cue) and part != cue for part in parts)


def _weigh(link: Link, parsed: ParsedSentence, parses: Mapping[int, ParsedSentence]) -> None:
    """Set the stance of a link and whether its cue is a word of stance; a source that names nobody is dropped."""
    where, cue = parsed, link.cue
    for other in () if cue else parses.values():
        if other.span.holds(link.attribution.cue[0]):
            where, cue = other, tokens_of(other, link.attribution.cue)
    link.stance, decided_by = stance_of(where.parse, cue)
    is_colon = link.attribution.cue[0].end - link.attribution.cue[0].start == 1
    if decided_by is None and (is_colon or link.attribution.kind is QuoteKind.DIRECT):
        link.stance = Commitment.ASSERTS
    link.is_told = decided_by is not None or link.stance is not None
    source = [where.tokens[index] for index in tokens_of(where, link.attribution.source)]
    is_anybody = link.stance is None and [token.text.lower() for token in source] in _ANYBODY
    if source and (is_anybody or all(token.tag in _NO_NAME for token in source)):
        link.attribution = replace(link.attribution, source=(), speaker_id=None)


def _is_idle(link: Link, links: Sequence[Link]) -> bool:
    """Tell whether a link adds nothing: neither holder nor stance, or a cue that says none and is not the only one."""
    if link.stance is None and not link.attribution.source:
        return True
    return not link.is_told and (link is not links[-1] or any(other.is_told for other in links))


def _with_owner(parsed: ParsedSentence, link: Link) -> Link:
    """Name whoever owns a report as the holder of what it says ("according to the ministry's report")."""
    tokens = set(tokens_of(parsed, link.attribution.source))
    head = next((i for i in sorted(tokens) if parsed.tokens[i].head not in tokens), None)
    if head is None or parsed.tokens[head].pos != "NOUN" or not is_stance(parsed.parse, head):
        return link
    owners = children_by(parsed.parse, head, "poss")
    for preposition in children_by(parsed.parse, head, "prep"):
        if parsed.tokens[preposition].text.lower() in _OWNED_BY:
            owners += children_by(parsed.parse, preposition, "pobj")
    if owners:
        source = spans_of(parsed, noun_phrase(parsed.parse, owners[0]))
        link.attribution = replace(link.attribution, source=source[:1], speaker_id=None)
    return link


def _resolve(links: Sequence[Link], reading: Reading, parses: Mapping[int, ParsedSentence]) -> None:
    """Give each link its speaker: as the reading has it, else resolved among the sentences at hand."""
    known = {speaker.speaker_id: speaker for speaker in reading.speakers}
    wanted = [link for link in links if link.attribution.speaker_id is None and link.attribution.source]
    for link in links:
        if link.attribution.speaker_id is not None:
            link.speaker = known.get(link.attribution.speaker_id)
    if wanted:
        resolved, speakers = resolve_speakers([link.attribution for link in wanted], parses, ())
        for link, attribution in zip(wanted, resolved, strict=True):
            if attribution.speaker_id is not None:
                link.speaker = speakers[attribution.speaker_id]
