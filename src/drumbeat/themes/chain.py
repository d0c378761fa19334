"""The chain of holders: through whom a theme comes, outermost first.

In "Holt rejected the agencies' finding that P" Holt denies what the agencies assert. `links` finds who they are; here
their cues say how they stand to it. What stands between the statement's words and the innermost cue turns
its commitment (negation, "whether", modality); a judging word ("falsely") makes a layer of whoever tells it, the
outlet too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from drumbeat.models.protocols import Parse
from drumbeat.reading.parsed import ParsedSentence
from drumbeat.records import Commitment, Holder, Layer, Reading, Span
from drumbeat.themes.asides import Aside, find_asides
from drumbeat.themes.links import OPEN, Link, find_links, tokens_of
from drumbeat.themes.path import NEGATIONS, head_of
from drumbeat.themes.signs import find_anchors
from drumbeat.themes.stances import content_stance, turned

_TAIL = re.compile(r"(?:['\u2019]s|['\u2019]|[\s,;]+(?:who|that|which|whom)|[\s,;]+)+$")
_EDGES = re.compile(r"^(?:['\u2019]s\b|['\u2019])?[\s\"\u201c\u201d,]*")
_WITHOUT_CASE = {"his": "he", "her": "she", "their": "they", "its": "it", "my": "I", "our": "we", "your": "you"}


def find_chain(span: Span, statement: str, reading: Reading, parses: Mapping[int, ParsedSentence]) -> tuple[Layer, ...]:
    """Return the chain of a sentence that matched a statement; empty where it was not parsed.

    `parses` are of the sentence and its neighbours, by their index in the reading.
    """
    parsed = next((one for one in parses.values() if one.span == span), None)
    if parsed is None:
        return ()
    anchors = find_anchors(statement, parsed)
    links = find_links(parsed, anchors, reading, parses)
    stances = _stances(parsed, links, statement, anchors)
    outlet = _take_stands(parsed.parse, links, stances)
    layers = [_outlet_layer(parsed, outlet)] if outlet else []
    for link, stance in zip(links, stances, strict=True):
        layer = _layer(reading.article.text, link, stance)
        if layers and _goes_on(layers[-1], layer):
            layers.pop()
        layers.append(layer)
    return tuple(layers)


def _stances(
    parsed: ParsedSentence, links: Sequence[Link], statement: str, anchors: Sequence[Span]
) -> list[Commitment | None]:
    """Return the commitment of each link; the innermost to the statement itself."""
    stances = [link.stance for link in links]
    if not links:
        return stances
    inside = tokens_of(parsed, links[-1].attribution.content)
    matched = [index for index in tokens_of(parsed, anchors) if index in inside]
    if inside:
        content = content_stance(parsed.parse, head_of(parsed.parse, matched or inside), inside)
        if NEGATIONS & set(statement.casefold().split()):
            content = {Commitment.DENIES: None, None: Commitment.DENIES}.get(content, content)
        stances[-1] = turned(stances[-1], content)
    return stances


def _take_stands(parse: Parse, links: Sequence[Link], stances: list[Commitment | None]) -> Aside | None:
    """Let each judging word count for whoever tells it; return the one that is the outlet's own."""
    outlet = None
    for number, link in enumerate(links):
        for aside in find_asides(parse, link.cue):
            teller = number - 1
            is_object = teller >= 0 and parse.tokens[aside.about].dep == "dobj"
            if is_object and parse.tokens[aside.about].head in links[teller].cue and stances[teller] in OPEN:
                teller -= 1
            if teller < 0:
                outlet = outlet or aside
            elif stances[teller] in OPEN:
                stances[teller] = aside.commitment
    return outlet


def _goes_on(outer: Layer, inner: Layer) -> bool:
    """Tell whether somebody only says how they stand to it ("Holt said she doubted")."""
    if outer.holder is None or inner.holder is None or outer.commitment not in OPEN:
        return False
    if outer.holder.speaker is None:
        return outer.holder.text != "" and outer.holder.text.casefold() == inner.holder.text.casefold()
    return outer.holder.speaker == inner.holder.speaker


def _outlet_layer(parsed: ParsedSentence, aside: Aside) -> Layer:
    first, last = min(aside.words), max(aside.words)
    words = parsed.text_of(first, last)
    return Layer(holder=None, commitment=aside.commitment, cue=parsed.span_of(first, last), cue_text=words)


def _layer(text: str, link: Link, commitment: Commitment | None) -> Layer:
    cue = _trimmed(text, link.attribution.cue[0], start=_EDGES)
    return Layer(holder=_holder(text, link), commitment=commitment, cue=cue, cue_text=cue.of(text))


def _holder(text: str, link: Link) -> Holder:
    if not link.attribution.source:
        return Holder(text="", named=False)
    span = _trimmed(text, link.attribution.source[0], end=_TAIL)
    words, speaker = span.of(text), link.speaker
    return Holder(
        text=_WITHOUT_CASE.get(words.casefold(), words),
        named=bool(speaker and speaker.named),
        speaker=speaker.name if speaker else None,
        span=span,
    )


def _trimmed(
    text: str, span: Span, *, start: re.Pattern[str] | None = None, end: re.Pattern[str] | None = None
) -> Span:
    """Return the span without what the patterns find at its ends; as it is where nothing would be left."""
    words = span.of(text)
    at_start, at_end = start and start.match(words), end and end.search(words)
    first = span.start + (at_start.end() if at_start else 0)
    last = span.start + at_end.start() if at_end else span.end
    return Span(start=first, end=last) if first < last else span
