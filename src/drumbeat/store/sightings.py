"""Sightings in the notebook: the whole as JSON, beside columns for what is asked of them.

The `day` of a sighting is that of its article, or its own `seen_on` where the article has none. Its
`sequence` is that of the batch which found it; a later batch may correct a sighting, an earlier never.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from drumbeat.codec import encode_record
from drumbeat.records import Sighting

_SAVE = """
    INSERT INTO sightings (
        sighting_id, theme_id, statement_id, article_id, sequence, day, outlet, status, commitment,
        holder, named, probability, wording_id, span_start, span_end, record
    ) VALUES (
        :sighting_id, :theme_id, :statement_id, :article_id, :sequence,
        coalesce((SELECT day FROM articles WHERE article_id = :article_id), :seen_on), :outlet, :status, :commitment,
        :holder, :named, :probability, :wording_id, :span_start, :span_end, :record
    ) ON CONFLICT (sighting_id) DO UPDATE SET
        theme_id = excluded.theme_id, statement_id = excluded.statement_id, article_id = excluded.article_id,
        sequence = excluded.sequence, day = excluded.day, outlet = excluded.outlet, status = excluded.status,
        commitment = excluded.commitment, holder = excluded.holder, named = excluded.named,
        probability = excluded.probability, wording_id = excluded.wording_id,
        span_start = excluded.span_start, span_end = excluded.span_end, record = excluded.record
    WHERE excluded.sequence > sightings.sequence
        OR (excluded.sequence = sightings.sequence AND excluded.record <> sightings.record)
"""


def insert_sightings(connection: sqlite3.Connection, sightings: Iterable[Sighting], sequence: int) -> int:
    """Keep the sightings, by their ids; return how many were not kept before. Needs an open transaction."""
    before = _count_all(connection)
    connection.executemany(_SAVE, (_row_of(sighting, sequence) for sighting in sightings))
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
        "record": encode_record(sighting).decode(),
    }


def count_sightings(connection: sqlite3.Connection, theme_id: str | None) -> int:
    """Return how many sightings are shown, of one theme or of all."""
    if theme_id is None:
        return int(connection.execute("SELECT count(*) FROM shown_sightings").fetchone()[0])
    query = "SELECT count(*) FROM shown_sightings WHERE theme_id = ?"
    return int(connection.execute(query, (theme_id,)).fetchone()[0])
