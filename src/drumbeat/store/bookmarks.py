"""Bookmarks in the notebook: every revision is kept, none is overwritten, removal is soft.

A *sequence number* tells what an article has been matched against. A bookmark gets the next one of a
counter that never goes back when it is new, comes back after removal, or changes what is matched (its
statements, `since`, `until`, or a broader sensitivity); an edit of name, bottom line or tags keeps the old
number, so that it makes nobody read an archive again. Each statement keeps the number at which its present
words came: sightings made before that are of other words, and are not shown (view `shown_sightings`).
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches

from drumbeat.codec import encode_record
from drumbeat.errors import ThemeError, UnknownTheme
from drumbeat.records import Bookmark
from drumbeat.store.connection import decode_stored, writing

_SAVE = """
    INSERT INTO bookmarks (theme_id, name, name_key, revision, sequence, since, until, shift, record)
    VALUES (:theme_id, :name, :name_key, :revision, :sequence, :since, :until, :shift, :record)
    ON CONFLICT (theme_id) DO UPDATE SET
        name = excluded.name, name_key = excluded.name_key, revision = excluded.revision,
        sequence = excluded.sequence, since = excluded.since, until = excluded.until, shift = excluded.shift,
        record = excluded.record, removed_at = NULL
"""
# A removed bookmark is found last, and of several the one that was removed last.
_FIND = """
    SELECT * FROM bookmarks WHERE (theme_id = :wanted OR name_key = :key) AND (:removed OR removed_at IS NULL)
    ORDER BY removed_at IS NOT NULL, theme_id = :wanted DESC, removed_at DESC LIMIT 1
"""


def save_bookmark(connection: sqlite3.Connection, bookmark: Bookmark) -> int:
    """Keep a new bookmark or the next revision of one; return its sequence number.

    Saving what is stored already changes nothing, but brings a removed bookmark back. Raises ThemeError
    for a name that another bookmark has, a statement given twice, and a revision that does not follow the
    stored one (somebody else edited it meanwhile).
    """
    with writing(connection):
        row = connection.execute("SELECT * FROM bookmarks WHERE theme_id = ?", (bookmark.theme_id,)).fetchone()
        stored = decode_stored(row["record"], Bookmark) if row else None
        if row and stored == bookmark and row["removed_at"] is None:
            return int(row["sequence"])
        _check(connection, bookmark, stored)
        is_new_to_match = stored is None or row["removed_at"] is not None or needs_watch(stored, bookmark)
        sequence = next_sequence(connection) if is_new_to_match else int(row["sequence"])
        _write(connection, bookmark, sequence)
        _write_statements(connection, bookmark, sequence)
    return sequence


def _check(connection: sqlite3.Connection, bookmark: Bookmark, stored: Bookmark | None) -> None:
    name = bookmark.name
    if stored and stored != bookmark and bookmark.revision != stored.revision + 1:
        message = (
            f"somebody else edited {name!r} meanwhile: revision {stored.revision} is stored, {bookmark.revision} was"
            " given; load it again and repeat your edit"
        )
        raise ThemeError(message, theme=name)
    if len({statement.statement_id for statement in bookmark.statements}) < len(bookmark.statements):
        raise ThemeError(f"{name!r} has the same statement twice; leave one out", theme=name)
    other = connection.execute(
        "SELECT name FROM bookmarks WHERE name_key = ? AND removed_at IS NULL AND theme_id <> ?",
        (_key_of(name), bookmark.theme_id),
    ).fetchone()
    if other:
        message = f"another bookmark is called {other['name']!r}; choose a different name, or edit that one"
        raise ThemeError(message, theme=name)


def _key_of(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def needs_watch(stored: Bookmark, edited: Bookmark) -> bool:
    """Tell whether kept articles have to be matched once more after an edit, to find all there is to find.

    So after a change of what is matched, and when the theme became broader: what a broad theme alone would
    find was not kept before.
    """
    return _matched(stored) != _matched(edited) or edited.sensitivity.reach > stored.sensitivity.reach


def _matched(bookmark: Bookmark) -> tuple[object, ...]:
    texts = {statement.statement_id: statement.text for statement in bookmark.statements}
    return (texts, bookmark.since, bookmark.until)


def next_sequence(connection: sqlite3.Connection) -> int:
    """Return the next number of the counter. Needs an open transaction."""
    connection.execute("UPDATE counter SET sequence = sequence + 1")
    return int(connection.execute("SELECT sequence FROM counter").fetchone()[0])


def _write(connection: sqlite3.Connection, bookmark: Bookmark, sequence: int) -> None:
    row = {
        "theme_id": bookmark.theme_id,
        "name": bookmark.name,
        "name_key": _key_of(bookmark.name),
        "revision": bookmark.revision,
        "sequence": sequence,
        "since": bookmark.since.isoformat() if bookmark.since else None,
        "until": bookmark.until.isoformat() if bookmark.until else None,
        "shift": bookmark.sensitivity.shift,
        "record": encode_record(bookmark).decode(),
    }
    connection.execute(_SAVE, row)
    connection.execute("INSERT OR IGNORE INTO revisions VALUES (:theme_id, :revision, :record)", row)


def _write_statements(connection: sqlite3.Connection, bookmark: Bookmark, sequence: int) -> None:
    rows = connection.execute("SELECT * FROM statements WHERE theme_id = ?", (bookmark.theme_id,)).fetchall()
    kept = {(row["statement_id"], row["text"]): row["sequence"] for row in rows}
    connection.execute("DELETE FROM statements WHERE theme_id = ?", (bookmark.theme_id,))
    connection.executemany(
        "INSERT INTO statements VALUES (?, ?, ?, ?)",
        [
            (bookmark.theme_id, each.statement_id, each.text, kept.get((each.statement_id, each.text), sequence))
            for each in bookmark.statements
        ],
    )


def remove_bookmark(connection: sqlite3.Connection, name: str) -> None:
    """Hide a bookmark and its sightings; saving its last revision again brings both back."""
    with writing(connection):
        theme_id = find_bookmark(connection, name)["theme_id"]
        removed_at = next_sequence(connection)
        connection.execute("UPDATE bookmarks SET removed_at = ? WHERE theme_id = ?", (removed_at, theme_id))


def load_bookmark(connection: sqlite3.Connection, name: str) -> Bookmark:
    """Return the bookmark of that name (in any case) or theme id; raise UnknownTheme that lists near names."""
    return decode_stored(find_bookmark(connection, name)["record"], Bookmark)


def find_bookmark(connection: sqlite3.Connection, name: str, *, removed: bool = False) -> sqlite3.Row:
    """Return the row of a bookmark by name or theme id, with `removed` also of one that is hidden."""
    found = _row_called(connection, name, removed=removed)
    if found is not None:
        return found
    raise UnknownTheme(f"no bookmark is called {name!r}{_suggestion(connection, name)}", theme=name)


def was_bookmarked(connection: sqlite3.Connection, name: str) -> bool:
    """Tell whether there is a bookmark of that name or theme id, or was one; cheaper than to ask and be refused."""
    return _row_called(connection, name, removed=True) is not None


def _row_called(connection: sqlite3.Connection, name: str, *, removed: bool) -> sqlite3.Row | None:
    found = connection.execute(_FIND, {"wanted": name, "key": _key_of(name), "removed": removed}).fetchone()
    return found if isinstance(found, sqlite3.Row) else None


def _suggestion(connection: sqlite3.Connection, name: str) -> str:
    rows = connection.execute("SELECT name, name_key FROM bookmarks WHERE removed_at IS NULL ORDER BY name_key")
    names = {row["name_key"]: row["name"] for row in rows}
    near = [names[key] for key in get_close_matches(_key_of(name), names, n=3, cutoff=0.5)]
    if near:
        return "; did you mean " + " or ".join(repr(each) for each in near) + "?"
    return "; list the bookmarks to see their names" if names else "; there are no bookmarks yet"


def iter_bookmarks(connection: sqlite3.Connection, *, tag: str | None, removed: bool) -> Iterator[Bookmark]:
    """Yield the bookmarks by name, with `removed` those that are hidden; `tag` in any case."""
    rows = connection.execute(
        "SELECT record FROM bookmarks WHERE (removed_at IS NOT NULL) = ? ORDER BY name_key, removed_at", (removed,)
    ).fetchall()
    for row in rows:
        bookmark = decode_stored(row["record"], Bookmark)
        if tag is None or tag.casefold() in {each.casefold() for each in bookmark.tags}:
            yield bookmark


def bookmark_history(connection: sqlite3.Connection, name: str) -> tuple[Bookmark, ...]:
    """Return all revisions that were ever saved of a bookmark, oldest first, also of a removed one."""
    theme_id = find_bookmark(connection, name, removed=True)["theme_id"]
    rows = connection.execute("SELECT record FROM revisions WHERE theme_id = ? ORDER BY revision", (theme_id,))
    return tuple(decode_stored(row["record"], Bookmark) for row in rows.fetchall())


def max_sequence(connection: sqlite3.Connection) -> int:
    """Return the highest sequence number of the bookmarks, 0 without any."""
    row = connection.execute("SELECT coalesce(max(sequence), 0) FROM bookmarks WHERE removed_at IS NULL").fetchone()
    return int(row[0])
