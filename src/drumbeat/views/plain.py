"""Records as plain fields and rows, for pipes and files: nothing wrapped, shortened or coloured.

Fields are `key<TAB>value` lines with a blank line behind each record; rows are tab-separated values.
Every value is put on one line and stripped of control characters, so that it cannot drive a terminal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from drumbeat.records import Bookmark, Polarity, Reading, Speaker
from drumbeat.tallies import Feedback, Heading, RecallCard, SearchHit, TierCounts, heading_of, shown_probability
from drumbeat.text.canonical import canonical_line
from drumbeat.views import wording
from drumbeat.views.tally import MonthTally

Fields = Sequence[tuple[str, str]]
Rows = Sequence[Sequence[str]]


def fields_text(fields: Fields) -> str:
    """Return the fields of one record as lines, ending with a blank one."""
    return "".join(f"{key}\t{canonical_line(value)}\n" for key, value in fields)


def rows_text(rows: Rows) -> str:
    """Return rows as tab-separated values, one a line."""
    return "\n".join("\t".join(canonical_line(cell) for cell in row) for row in rows)


def card_fields(card: RecallCard) -> Fields:
    """Return a recall card; what begins with `carried` repeats per sighting, `chain` and `answer` where known."""
    fields = [("theme", card.theme), ("bottom_line", card.bottom_line), ("status", card.status.value)]
    fields += _heading_fields(card.article)
    fields += [("before_count", str(card.before_count)), ("last_seen_on", _day(card.last_seen_on))]
    for one in card.sightings:
        fields += [("carried", wording.carried_as(one)), ("probability", f"{shown_probability(one):.3f}")]
        fields += [("chain", wording.chain_line(one))] if wording.chain_line(one) else []
        fields += [("tier", one.tier.value)] if one.tier else []
        fields += [("answer", one.answer.value)] if one.answer else []
        fields += [("exact", one.exact), ("sighting", one.sighting_id)]
    return fields


def reading_fields(reading: Reading) -> Fields:
    """Return an article's head and what was found; `voice`, `trigger` and `gap` repeat."""
    fields = [*_heading_fields(heading_of(reading.article)), ("byline", reading.article.byline)]
    fields += [("voice", line) for line in voice_lines(reading)]
    fields += [("trigger", line) for line in trigger_lines(reading)]
    return [*fields, *(("gap", f"{gap.what}: {gap.why}") for gap in reading.gaps)]


_STATEMENT_KEYS = {Polarity.AFFIRMS: "statement", Polarity.COUNTERS: "counter_statement"}


def bookmark_fields(bookmark: Bookmark, count: TierCounts | None = None) -> Fields:
    """Return a bookmark; `statement` and `counter_statement` repeat, `sightings` only where their count is given."""
    fields = [("theme", bookmark.name), ("theme_id", bookmark.theme_id), ("bottom_line", bookmark.bottom_line)]
    fields += [(_STATEMENT_KEYS[one.polarity], one.text) for one in bookmark.statements]
    fields += [("tags", ", ".join(bookmark.tags))]
    fields += [("since", _day(bookmark.since)), ("until", _day(bookmark.until))]
    fields += [("sensitivity", bookmark.sensitivity.value)]
    fields += [("sightings", wording.say_tiers(count))] if count is not None else []
    return [*fields, ("revision", str(bookmark.revision)), ("edited_at", bookmark.edited_at.isoformat())]


def hit_rows(hits: Sequence[SearchHit]) -> Rows:
    """Return search hits under a heading row."""
    rows = [["published_on", "outlet", "title", "url", "snippet"]]
    for hit in hits:
        heading = hit.article
        rows.append([_day(heading.published_on), heading.outlet, heading.title, heading.url, hit.snippet])
    return rows


def answer_rows(answers: Sequence[Feedback], names: Mapping[str, str]) -> Rows:
    """Return the reader's answers under a heading row; `answer` is empty where it was taken back."""
    rows = [["feedback_id", "given_at", "revision", "answer", "theme", "article_id", "exact", "note"]]
    for one in answers:
        about = [one.feedback_id, one.given_at.isoformat(), str(one.revision), one.answer.value if one.answer else ""]
        rows.append([*about, names[one.theme_id], one.article_id, one.exact, one.note])
    return rows


def trace_rows(tallies: Sequence[MonthTally]) -> list[list[str]]:
    """Return month, one count per status in `STATUS_ORDER`, and the total, a row a month."""
    return [
        [f"{one.month:%Y-%m}", *(str(one.counts.get(status, 0)) for status in wording.STATUS_ORDER), str(one.total)]
        for one in tallies
    ]


def voice_lines(reading: Reading) -> list[str]:
    """Return a line per speaker: name, standing, named or unnamed, number of attributions."""
    counts = Counter(one.speaker_id for one in reading.attributions)
    return [_voice_line(speaker, counts[speaker.speaker_id]) for speaker in reading.speakers]


def _voice_line(speaker: Speaker, count: int) -> str:
    standing = wording.speaker_standing(speaker)
    named = "named" if speaker.named else "unnamed"
    name = wording.speaker_name(speaker) + (f" ({standing})" if standing else "")
    return f"{name}: {named}, {wording.say_count(count, 'attribution')}"


def trigger_lines(reading: Reading) -> list[str]:
    """Return a line per kind of trigger with the words of each, in text order."""
    words: dict[str, list[str]] = {}
    for trigger in reading.triggers:
        words.setdefault(trigger.kind.value, []).append(f"\u201c{trigger.span.of(reading.article.text)}\u201d")
    return [f"{kind}: {', '.join(found)}" for kind, found in words.items()]


def _heading_fields(heading: Heading) -> list[tuple[str, str]]:
    fields = [("title", heading.title), ("outlet", heading.outlet), ("url", heading.url)]
    return [*fields, ("published_on", _day(heading.published_on))]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
