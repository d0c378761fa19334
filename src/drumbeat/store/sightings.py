"""Sightings in the notebook: the whole as JSON, beside columns for what is asked of them.

The `day` of a sighting is that of its article, or its own `seen_on` where the article has none. Its
`sequence` is that of the batch which found it; a later batch may correct a sighting, an earlier never.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from drumbeat.codec import encode_record
from drumbeat.errors import InputError, UnknownTheme
from drumbeat.records import Bookmark, Sighting
from drumbeat.store.bookmarks import find_bookmark
from drumbeat.store.connection import decode_stored
from drumbeat.tallies import weigh_sighting
from drumbeat.tiers import Answer, TierLines, log_odds

_SAVE = """
    INSERT INTO sightings (
        sighting_id, theme_id, statement_id, article_id, sequence, day, outlet, status, commitment,
        holder, named, probability, wording_id, span_start, span_end, record, odds, shift, weighed
    ) VALUES (
        :sighting_id, :theme_id, :statement_id, :article_id, :sequence,
        coalesce((SELECT day FROM articles WHERE article_id = :article_id), :seen_on), :outlet, :status, :commitment,
        :holder, :named, :probability, :wording_id, :span_start, :span_end, :record, :odds, :shift, :weighed
    ) ON CONFLICT (sighting_id) DO UPDATE SET
        theme_id = excluded.theme_id, statement_id = excluded.statement_id, article_id = excluded.article_id,
        sequence = excluded.sequence, day = excluded.day, outlet = excluded.outlet, status = excluded.status,
        commitment = excluded.commitment, holder = excluded.holder, named = excluded.named,
        probability = excluded.probability, wording_id = excluded.wording_id,
        span_start = excluded.span_start, span_end = excluded.span_end, record = excluded.record,
        odds = excluded.odds, shift = excluded.shift, weighed = excluded.weighed
    WHERE excluded.sequence > sightings.sequence
        OR (excluded.sequence = sightings.sequence AND excluded.record <> sightings.record)
"""
# The id of a sighting is found by its prefix in the index of ids, then looked up in the view.
_FIND = """
    SELECT sighting_id, shown_sightings.record, shown_sightings.shift, answer, bookmarks.record AS bookmark
    FROM shown_sightings JOIN bookmarks USING (theme_id) WHERE sighting_id >= ? AND sighting_id < ? LIMIT 4
"""
_FIND_HIDDEN = """
    SELECT theme_id, removed_at FROM sightings JOIN bookmarks USING (theme_id)
    WHERE sighting_id >= ? AND sighting_id < ? LIMIT 1
"""
LEAST_ID_CHARS = 6
LAST_CHARACTER = "\U0010ffff"


def insert_sightings(
    connection: sqlite3.Connection, sightings: Iterable[Sighting], *, sequence: int, weighed_through: int
) -> int:
    """Keep the sightings, by their ids; return how many were not kept before. Needs an open transaction.

    Their shifts heed the answers through the sequence number `weighed_through`.
    """
    before = _count_all(connection)
    rows = (_row_of(sighting, sequence) | {"weighed": weighed_through} for sighting in sightings)
    connection.executemany(_SAVE, rows)
    return _count_all(connection) - before


def _count_all(connection: sqlite3.Connection) -> int:
    # Sightings are never deleted, so the last number is their count, and need not be counted.
    return int(connection.execute("SELECT coalesce(max(number), 0) FROM sightings").fetchone()[0])


def _row_of(sighting: Sighting, sequence: int) -> dict[str, str | float | int | None]:
    match, holder = sighting.match, sighting.holder
    return {
        "sighting_id": sighting.sighting_id,
        "theme_id": match.theme_id,
        "statement_id": match.statement_id,
        "article_id": match.article_id,
        "sequence": sequence,
        "seen_on": sighting.seen_on.isoformat() if sighting.seen_on else None,
        "outlet": sighting.outlet,
        "status": sighting.status.value,
        "commitment": sighting.commitment.value,
        "holder": (holder.speaker or holder.text) if holder else None,
        "named": holder.named if holder else None,
        "probability": match.probability,
        "wording_id": sighting.wording_id,
        "span_start": match.span.start,
        "span_end": match.span.end,
        "odds": log_odds(match.probability),
        "shift": sighting.shift,
        "record": encode_record(_as_found(sighting)).decode(),
    }


def _as_found(sighting: Sighting) -> Sighting:
    # How a sighting stands with the reader is derived anew whenever it is asked for.
    return replace(sighting, shift=0.0, probability=None, tier=None, answer=None)


def sighting_of_row(row: sqlite3.Row, bookmark: Bookmark, lines: TierLines) -> Sighting:
    """Return the weighed sighting in a row with record, shift and answer; `bookmark` is of its theme."""
    return weigh_sighting(
        replace(decode_stored(row["record"], Sighting), shift=row["shift"]),
        sensitivity=bookmark.sensitivity,
        lines=lines,
        answer=Answer(row["answer"]) if row["answer"] else None,
    )


def find_sighting(connection: sqlite3.Connection, prefix: str, lines: TierLines) -> Sighting:
    """Return the shown sighting whose id begins so, also one that is set aside.

    Raises InputError for a prefix of fewer than six characters, of no sighting, or of several; for a sighting
    of a removed theme UnknownTheme.
    """
    if len(prefix) < LEAST_ID_CHARS:
        message = f"{prefix!r} is too short for a sighting's id; give at least {LEAST_ID_CHARS} characters of it"
        raise InputError(message, where=prefix)
    bounds = (prefix, prefix + LAST_CHARACTER)
    rows = connection.execute(_FIND, bounds).fetchall()
    if len(rows) == 1:
        return sighting_of_row(rows[0], decode_stored(rows[0]["bookmark"], Bookmark), lines)
    if rows:
        some = ", ".join(row["sighting_id"] for row in rows[:3])
        message = f"the ids of several sightings begin with {prefix!r} (such as {some}); give more of the id"
        raise InputError(message, where=prefix)
    hidden = connection.execute(_FIND_HIDDEN, bounds).fetchone()
    if hidden is None:
        message = f"no sighting has the id {prefix!r}; the recall cards print the ids"
        raise InputError(message, where=prefix)
    name = find_bookmark(connection, hidden["theme_id"], removed=True)["name"]
    if hidden["removed_at"] is not None:
        message = f"the sighting {prefix!r} is of the removed theme {name!r}; import the theme again to bring it back"
        raise UnknownTheme(message, theme=name)
    message = f"the sighting {prefix!r} is not shown: it is of an earlier wording, or outside the days, of {name!r}"
    raise InputError(message, where=prefix)


def count_sightings(connection: sqlite3.Connection, theme_id: str | None) -> int:
    """Return how many sightings are shown, of one theme or of all."""
    if theme_id is None:
        return int(connection.execute("SELECT count(*) FROM shown_sightings").fetchone()[0])
    query = "SELECT count(*) FROM shown_sightings WHERE theme_id = ?"
    return int(connection.execute(query, (theme_id,)).fetchone()[0])
