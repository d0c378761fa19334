"""What `drumbeat doctor` asks of the notebook's file: is it whole, what is in it, copy it."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from drumbeat.errors import StoreError
from drumbeat.store.articles import day_of
from drumbeat.store.connection import wrapped_errors, writing
from drumbeat.tallies import Holdings, OutletHoldings

_MOST_PROBLEMS = 20
_BY_OUTLET = """
    SELECT outlet, count(*) AS articles, min(day) AS first_on, max(day) AS last_on, sum(day IS NULL) AS undated
    FROM articles GROUP BY outlet ORDER BY articles DESC, outlet
"""


def find_damage(connection: sqlite3.Connection, *, read_only: bool) -> tuple[str, ...]:
    """Return what is wrong inside the file, in SQLite's words; empty where it is whole.

    Reads the whole file. The word index is compared with the articles unless the file is read-only.
    """
    try:
        rows = connection.execute(f"PRAGMA integrity_check({_MOST_PROBLEMS})").fetchall()
        found = [str(row[0]) for row in rows if row[0] != "ok"]
        orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
        found += [f"row {row[1]} of {row[0]} points to nothing in {row[2]}" for row in orphans[:_MOST_PROBLEMS]]
        if not read_only:
            with writing(connection):
                connection.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise
        return (str(error),)
    return tuple(found)


def rebuild_search(connection: sqlite3.Connection) -> None:
    """Make the word index anew from the articles; mends it where it alone is damaged."""
    with writing(connection):
        connection.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")


def load_holdings(connection: sqlite3.Connection) -> Holdings:
    """Return what is kept: articles by outlet and days, bookmarks that are not removed, sightings shown."""
    rows = connection.execute(_BY_OUTLET).fetchall()
    days = sorted(day for row in rows for day in (row["first_on"], row["last_on"]) if day)
    return Holdings(
        articles=sum(row["articles"] for row in rows),
        undated=sum(row["undated"] for row in rows),
        sightings=_count(connection, "SELECT count(*) FROM shown_sightings"),
        bookmarks=_count(connection, "SELECT count(*) FROM bookmarks WHERE removed_at IS NULL"),
        first_on=day_of(days[0]) if days else None,
        last_on=day_of(days[-1]) if days else None,
        outlets=tuple(
            OutletHoldings(
                outlet=row["outlet"],
                articles=row["articles"],
                first_on=day_of(row["first_on"]),
                last_on=day_of(row["last_on"]),
            )
            for row in rows
        ),
    )


def _count(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])


def copy_database(connection: sqlite3.Connection, source: Path, target: Path) -> None:
    """Write a whole copy of the database to `target`, while others go on reading and writing.

    A file that is there is replaced only once the copy is complete. Raises StoreError that names the copy.
    """
    if target.exists() and target.samefile(source):
        raise StoreError(f"{target} is the notebook itself; name another file for its backup", path=str(target))
    unfinished = target.with_name(target.name + ".unfinished")
    try:
        with wrapped_errors(unfinished):
            _copy(connection, unfinished)
        os.replace(unfinished, target)
    except OSError as error:
        raise StoreError(f"the backup {target} cannot be written ({error.strerror})", path=str(target)) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _copy(connection: sqlite3.Connection, unfinished: Path) -> None:
    target = sqlite3.connect(unfinished)
    try:
        connection.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    finally:
        target.close()
