"""Make, edit, export and import bookmarks: pure functions from records to records.

A bookmark file is a JSON document that a person can write by hand: a list of themes, each with a name, its
statements as plain strings, and a bottom line; what drumbeat adds (ids, dates, revision) may be left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import msgspec

from drumbeat.codec import SCHEMA, decode_record, encode_document
from drumbeat.errors import InputError, ThemeError
from drumbeat.records import Bookmark, BookmarkedPassage, Polarity, Statement
from drumbeat.tallies import Feedback
from drumbeat.text.canonical import canonical_line, canonical_text
from drumbeat.themes.feedback import FeedbackDraft, draft_feedback
from drumbeat.tiers import Sensitivity

LONGEST_STATEMENT_WORDS = 60
LONGEST_NAME_CHARS = 120


class BookmarkDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a reader gives, or a file holds, of one bookmark; None keeps what there is when editing.

    `since` the first and `until` the last day there is (`date.min`, `date.max`) lift the limit. `feedback` is
    the reader's answers to passages; it stands in files only, and is kept beside the bookmark.
    """

    name: str | None = None
    statements: tuple[str, ...] | None = None
    counter_statements: tuple[str, ...] | None = None
    bottom_line: str | None = None
    tags: tuple[str, ...] | None = None
    links: tuple[str, ...] | None = None
    since: date | None = None
    until: date | None = None
    sensitivity: Sensitivity | None = None
    passages: tuple[BookmarkedPassage, ...] | None = None
    feedback: tuple[FeedbackDraft, ...] | None = None
    theme_id: str | None = None
    revision: int | None = None
    bookmarked_at: datetime | None = None
    edited_at: datetime | None = None


class BookmarkFile(msgspec.Struct, frozen=True, kw_only=True):
    """A bookmark file; its schema is checked, other keys of the document are left alone."""

    schema: str = SCHEMA
    kind: str = "bookmarks"
    bookmarks: tuple[BookmarkDraft, ...]


def make_bookmark(draft: BookmarkDraft, *, now: datetime) -> Bookmark:
    """Return a new bookmark; raise ThemeError that says what is missing or too long."""
    name = _checked_name(draft.name or "")
    bookmarked_at = draft.bookmarked_at or now
    since, until = _checked_days(draft.since, draft.until, theme=name)
    return Bookmark(
        theme_id=draft.theme_id or "theme-" + _digest(name, bookmarked_at.isoformat())[:10],
        name=name,
        statements=make_statements(draft.statements or (), draft.counter_statements or (), theme=name),
        bottom_line=_checked_bottom_line(draft.bottom_line or "", theme=name),
        passages=draft.passages or (),
        tags=_checked_tags(draft.tags or ()),
        links=draft.links or (),
        since=since,
        until=until,
        sensitivity=draft.sensitivity or Sensitivity.NORMAL,
        revision=1,
        bookmarked_at=bookmarked_at,
        edited_at=draft.edited_at or now,
    )


def edit_bookmark(bookmark: Bookmark, draft: BookmarkDraft, *, now: datetime) -> Bookmark:
    """Return the next revision with what the draft gives; the same bookmark where nothing changes."""
    name = _checked_name(draft.name) if draft.name is not None else bookmark.name
    since, until = _checked_days(draft.since or bookmark.since, draft.until or bookmark.until, theme=name)
    edited = replace(
        bookmark,
        name=name,
        statements=_edited_statements(bookmark, draft, theme=name),
        bottom_line=bookmark.bottom_line
        if draft.bottom_line is None
        else _checked_bottom_line(draft.bottom_line, theme=name),
        tags=bookmark.tags if draft.tags is None else _checked_tags(draft.tags),
        links=bookmark.links if draft.links is None else draft.links,
        since=since,
        until=until,
        sensitivity=draft.sensitivity or bookmark.sensitivity,
        passages=bookmark.passages if draft.passages is None else draft.passages,
    )
    return bookmark if edited == bookmark else replace(edited, revision=bookmark.revision + 1, edited_at=now)


def _edited_statements(bookmark: Bookmark, draft: BookmarkDraft, *, theme: str) -> tuple[Statement, ...]:
    if draft.statements is None and draft.counter_statements is None:
        return bookmark.statements
    texts, counters = draft.statements, draft.counter_statements
    return make_statements(
        texts_of(bookmark, Polarity.AFFIRMS) if texts is None else texts,
        texts_of(bookmark, Polarity.COUNTERS) if counters is None else counters,
        theme=theme,
    )


def make_statements(texts: Sequence[str], counters: Sequence[str] = (), *, theme: str) -> tuple[Statement, ...]:
    """Return the statements, then the counter-statements, each once; an id is made from words and polarity."""
    lines = dict.fromkeys(_checked_statement(text, theme=theme) for text in texts)
    if not lines:
        raise ThemeError(f"the theme {theme!r} has no statement: say in one plain sentence what it claims", theme=theme)
    opposites = dict.fromkeys(_checked_statement(text, theme=theme) for text in counters)
    keys = {line.casefold() for line in lines}
    if both := next((line for line in opposites if line.casefold() in keys), None):
        raise ThemeError(f"{both!r} is a statement of the theme {theme!r} and its opposite: leave one out", theme=theme)
    affirming = (Statement(statement_id=_digest(line.casefold())[:12], text=line) for line in lines)
    countering = (
        Statement(statement_id=_digest("counters", line.casefold())[:12], text=line, polarity=Polarity.COUNTERS)
        for line in opposites
    )
    return (*affirming, *countering)


def texts_of(bookmark: Bookmark, polarity: Polarity) -> tuple[str, ...]:
    """Return the words of a theme's statements of one polarity, in order."""
    return tuple(statement.text for statement in bookmark.statements if statement.polarity is polarity)


def encode_bookmarks(bookmarks: Sequence[Bookmark], feedback: Sequence[Feedback] = ()) -> bytes:
    """Return the bookmarks as one readable file, each with the answers to its passages."""
    return encode_document("bookmarks", bookmarks=[_draft_of(bookmark, feedback) for bookmark in bookmarks])


def decode_bookmarks(data: bytes, *, where: str) -> tuple[BookmarkDraft, ...]:
    """Return what a bookmark file holds, a document or a bare list; raise InputError that names the bad field."""
    if data.lstrip()[:1] == b"[":
        return decode_record(data, tuple[BookmarkDraft, ...], where=where)
    found = decode_record(data, BookmarkFile, where=where)
    if found.schema != SCHEMA or found.kind != "bookmarks":
        message = f"{where}: this is {found.schema!r} {found.kind!r}; drumbeat reads {SCHEMA!r} 'bookmarks'"
        raise InputError(message, where=where)
    return found.bookmarks


def _draft_of(bookmark: Bookmark, feedback: Sequence[Feedback]) -> BookmarkDraft:
    return BookmarkDraft(
        name=bookmark.name,
        statements=texts_of(bookmark, Polarity.AFFIRMS),
        counter_statements=texts_of(bookmark, Polarity.COUNTERS),
        bottom_line=bookmark.bottom_line,
        tags=bookmark.tags,
        links=bookmark.links,
        since=bookmark.since,
        until=bookmark.until,
        sensitivity=bookmark.sensitivity,
        passages=bookmark.passages,
        feedback=tuple(draft_feedback(one) for one in feedback if one.theme_id == bookmark.theme_id),
        theme_id=bookmark.theme_id,
        revision=bookmark.revision,
        bookmarked_at=bookmark.bookmarked_at,
        edited_at=bookmark.edited_at,
    )


def _checked_name(name: str) -> str:
    line = canonical_line(name)
    if not line or len(line) > LONGEST_NAME_CHARS:
        raise ThemeError(f"a theme's name has 1 to {LONGEST_NAME_CHARS} characters, got {len(line)}", theme=line[:40])
    return line


def _checked_days(since: date | None, until: date | None, *, theme: str) -> tuple[date | None, date | None]:
    if since and until and since > until:
        raise ThemeError(f"the theme {theme!r} would end ({until}) before it begins ({since})", theme=theme)
    return (None if since == date.min else since, None if until == date.max else until)


def _checked_statement(text: str, *, theme: str) -> str:
    line = canonical_line(text)
    words = len(line.split())
    if not any(letter.isalnum() for letter in line):
        raise ThemeError(f"a statement of the theme {theme!r} is empty: say plainly what it claims", theme=theme)
    if words > LONGEST_STATEMENT_WORDS:
        raise ThemeError(
            f"a statement of the theme {theme!r} has {words} words; one proposition in at most "
            f"{LONGEST_STATEMENT_WORDS} can be matched: split it into several --statement",
            theme=theme,
        )
    return line


def _checked_bottom_line(text: str, *, theme: str) -> str:
    found = canonical_text(text)
    if not found:
        raise ThemeError(f"the theme {theme!r} has no bottom line: write what you want to be reminded of", theme=theme)
    return found


def _checked_tags(tags: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(canonical_line, tags))))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
