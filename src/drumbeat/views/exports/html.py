"""One self-contained page of one reading: the article with its highlights, and the recall cards beside it.

No script, no remote load: the only thing the page's content security policy allows is its own style
sheet, by hash. Highlights are elements laid over the article's text, which stays whole: stripped of
tags, the passages are the text. Everything an article or a bookmark says is escaped.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from drumbeat.records import Attribution, Reading, Sighting, Span, Status, Trigger
from drumbeat.tallies import RecallCard
from drumbeat.views import wording
from drumbeat.views.exports.marking import Mark, Point, mark_text, split_rows
from drumbeat.views.exports.voices import Voice, list_voices, manner, source_words, voice_id

if TYPE_CHECKING:
    from jinja2 import Template

Voices = Mapping[int | None, Voice]
_SIGHTING, _CONTENT, _SOURCE, _EVIDENCE, _TRIGGER = range(5)
"""Layers, outermost first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Note:
    """A sighting as it stands in the margin; `full` is the number of the note that carries the bottom line."""

    number: int
    full: int
    card: RecallCard
    sighting: Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class _Label:
    """Who is heard in a row, and how."""

    voice: Voice
    name: str
    manners: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A passage with what stands beside it."""

    number: int
    html: Markup
    labels: tuple[_Label, ...]
    notes: tuple[_Note, ...]


def render_reading(reading: Reading, cards: Sequence[RecallCard], *, made_at: datetime) -> str:
    """Return the page. `cards` must be of this article; raise ValueError where a span leaves its text."""
    if any(card.article.article_id != reading.article.article_id for card in cards):
        raise ValueError("a page shows the recall cards of its own article only")
    notes, voices = _list_notes(cards), list_voices(reading)
    rows = _rows(reading, notes, voices)
    style = _resource("reading.css") + _grid_rules(rows)
    return _template().render(
        reading=reading,
        article=reading.article,
        link=_safe_link(reading.article.url),
        rows=rows,
        notes=notes,
        voices=tuple(voices.values()),
        themes=_themes(notes),
        gaps=[(gap, _row_of(gap.span, rows, reading)) for gap in reading.gaps],
        statuses=wording.STATUS_ORDER,
        found_by=_found_by(reading, cards),
        made_at=made_at,
        style=style,
        style_hash=b64encode(sha256(style.encode()).digest()).decode(),
        say=wording,
        css_class=_css_class,
    )


def _list_notes(cards: Sequence[RecallCard]) -> tuple[_Note, ...]:
    found = [
        (sighting.match.span, position, sighting) for position, card in enumerate(cards) for sighting in card.sightings
    ]
    found.sort(key=lambda one: (one[0].start, one[0].end, one[1]))
    full: dict[int, int] = {}
    notes = []
    for number, (_, position, sighting) in enumerate(found, start=1):
        full.setdefault(position, number)
        notes.append(_Note(number=number, full=full[position], card=cards[position], sighting=sighting))
    return tuple(notes)


def _themes(notes: Sequence[_Note]) -> list[tuple[_Note, list[_Note]]]:
    """Return, per card, its full note and all its notes."""
    return [(note, [one for one in notes if one.full == note.number]) for note in notes if note.full == note.number]


def _rows(reading: Reading, notes: Sequence[_Note], voices: Voices) -> tuple[_Row, ...]:
    text = reading.article.text
    marks = [*_note_marks(notes), *_voice_marks(reading, voices), *_trigger_marks(reading.triggers, text)]
    points = [*_note_points(notes), *_voice_points(reading, voices)]
    for mark in marks:
        mark.span.of(text)
    return tuple(
        _Row(
            number=number,
            html=mark_text(text, row, marks, points),
            labels=_labels(
                [one for one in reading.attributions if row.start <= one.content[0].start < row.end], voices, text
            ),
            notes=tuple(note for note in notes if row.start <= note.sighting.match.span.start < row.end),
        )
        for number, row in enumerate(split_rows(text, reading.passages), start=1)
    )


def _labels(said: Sequence[Attribution], voices: Voices, text: str) -> tuple[_Label, ...]:
    """Return a label per voice; unresolved sources keep their own words, since they may be different people."""
    manners: dict[tuple[int | None, str], dict[str, None]] = {}
    for attribution in said:
        who = voice_id(attribution, voices)
        name = source_words(attribution, text) if who is None else voices[who].name
        manners.setdefault((who, name), {})[manner(attribution)] = None
    return tuple(_Label(voice=voices[who], name=name, manners=", ".join(how)) for (who, name), how in manners.items())


def _note_marks(notes: Sequence[_Note]) -> Iterator[Mark]:
    for note in notes:
        status = _css_class(note.sighting.status)
        yield Mark(
            span=note.sighting.match.span,
            layer=_SIGHTING,
            element="mark",
            attributes={"class": f"sighting {status}"},
            anchor=f"sighting-{note.number}",
        )
        for evidence in note.sighting.evidence:
            named = {"class": f"evidence {status}", "title": f"evidence for note {note.number}: {evidence.rule}"}
            yield Mark(span=evidence.span, layer=_EVIDENCE, element="span", attributes=named)


def _note_points(notes: Sequence[_Note]) -> Iterator[Point]:
    for note in notes:
        label = f"Note {note.number}: {note.card.theme}, {wording.carried_as(note.sighting)}"
        html = Markup('<a class="to-note" href="#note-{0}" data-n="{0}" aria-label="{1}"></a>')
        yield Point(at=note.sighting.match.span.end, html=html.format(note.number, label))


def _voice_marks(reading: Reading, voices: Voices) -> Iterator[Mark]:
    for attribution in reading.attributions:
        kind = voices[voice_id(attribution, voices)].kind
        yield from _span_marks(attribution.content, _CONTENT, f"said {kind}")
        yield from _span_marks(attribution.source, _SOURCE, f"source {kind}")
        yield from _span_marks(attribution.cue, _SOURCE, "cue")


def _span_marks(spans: Sequence[Span], layer: int, css_class: str) -> Iterator[Mark]:
    return (Mark(span=span, layer=layer, element="span", attributes={"class": css_class}) for span in spans)


def _voice_points(reading: Reading, voices: Voices) -> Iterator[Point]:
    html = Markup('<a class="to-voice {}" href="#{}" data-n="{}" aria-label="Voice {}, {}"></a>')
    for attribution in reading.attributions:
        voice = voices[voice_id(attribution, voices)]
        label = f"{voice.letter}: {voice.name}"
        link = html.format(voice.kind, voice.anchor, voice.letter, label, manner(attribution))
        yield Point(at=attribution.content[-1].end, html=link)


def _trigger_marks(triggers: Sequence[Trigger], text: str) -> Iterator[Mark]:
    for number, trigger in enumerate(triggers, start=1):
        title = trigger.kind.value
        if trigger.presupposed is not None:
            title += f": takes for granted \u201c{trigger.presupposed.of(text)}\u201d"
        attributes = {"class": "trigger", "title": title}
        yield Mark(span=trigger.span, layer=_TRIGGER, element="span", attributes=attributes, anchor=f"trigger-{number}")


def _row_of(span: Span | None, rows: Sequence[_Row], reading: Reading) -> int | None:
    if span is None:
        return None
    bounds = zip(rows, split_rows(reading.article.text, reading.passages), strict=True)
    return next((row.number for row, place in bounds if place.start <= span.start < place.end), None)


def _grid_rules(rows: Sequence[_Row]) -> str:
    """Return where each passage and its margins stand; a margin reaches down to the next one, so that text runs on."""
    rules = [f"#passage-{row.number}{{grid-row:{row.number}}}" for row in rows]
    for side, filled in (
        ("voices", [row.number for row in rows if row.labels]),
        ("notes", [row.number for row in rows if row.notes]),
    ):
        ends = [*filled[1:], len(rows) + 2]
        rules += [f"#{side}-{row}{{grid-row:{row}/{end}}}" for row, end in zip(filled, ends, strict=False)]
    rules.append(f".text{{grid-template-rows:repeat({len(rows)},auto) 1fr}}")
    return "@media (min-width:60rem){" + "".join(rules) + "}\n"


def _found_by(reading: Reading, cards: Sequence[RecallCard]) -> list[str]:
    found = {sighting.match.found_by for card in cards for sighting in card.sightings}
    found.update(attribution.found_by for attribution in reading.attributions)
    found.update(trigger.found_by for trigger in reading.triggers)
    return sorted(found)


def _css_class(status: Status) -> str:
    return "is-" + status.value.replace(" ", "-")


def _safe_link(url: str) -> str:
    return url if url.lower().startswith(("http://", "https://")) else ""


@cache
def _resource(name: str) -> str:
    return files("drumbeat.views.exports").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_resource("reading.html.jinja"))
