"""A theme's trace: how its shown sightings are spread over months, statuses and outlets."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import date

from drumbeat.records import Bookmark, Sighting, Status
from drumbeat.store.articles import day_of, load_heading
from drumbeat.store.connection import decode_stored
from drumbeat.tallies import Heading, OutletCount, Trace, TraceCell

# `place` is 1 for the first sighting of a wording, `outlet_place` for its first in that outlet; a dated one
# comes before an undated.
_COUNT = """
    WITH placed AS (
        SELECT day, status, outlet,
            row_number() OVER (PARTITION BY wording_id ORDER BY day IS NULL, day, number) AS place,
            row_number() OVER (PARTITION BY wording_id, outlet ORDER BY day IS NULL, day, number) AS outlet_place
        FROM shown_sightings
        WHERE theme_id = :theme_id AND probability >= :least
            AND (:since IS NULL OR day >= :since) AND (:until IS NULL OR day <= :until)
    )
    SELECT substr(day, 1, 7) || '-01' AS month, status, outlet, min(day) AS first_on, count(*) AS sightings,
        sum(place = 1) AS wordings, sum(outlet_place = 1) AS outlet_wordings
    FROM placed GROUP BY month, status, outlet
"""
_FIND_FIRST = """
    SELECT record, article_id FROM shown_sightings
    WHERE theme_id = :theme_id AND probability >= :least
            AND (:since IS NULL OR day >= :since) AND (:until IS NULL OR day <= :until)
        AND day IS NOT NULL
    ORDER BY day, number LIMIT 1
"""


def load_trace(
    connection: sqlite3.Connection,
    bookmark: Bookmark,
    *,
    since: date | None,
    until: date | None,
    least_probability: float = 0.0,
) -> Trace:
    """Return the theme's trace; `since` and `until` are both included, and either leaves out what has no day.

    Each wording counts once, with the status and in the month of its first day, and once in every outlet
    that carried it. The counts of the cells, `undated` and `copies` add up to `sightings_count`.
    """
    bounds = {
        "theme_id": bookmark.theme_id,
        "since": since.isoformat() if since else None,
        "until": until.isoformat() if until else None,
        "least": least_probability,
    }
    rows = connection.execute(_COUNT, bounds).fetchall()
    first, first_in = _load_first(connection, bounds)
    sightings = sum(row["sightings"] for row in rows)
    return Trace(
        theme_id=bookmark.theme_id,
        theme=bookmark.name,
        cells=_cells_of(rows),
        outlets=_outlets_of(rows),
        first=first,
        first_in=first_in,
        sightings_count=sightings,
        copies=sightings - sum(row["wordings"] for row in rows),
        undated=sum(row["wordings"] for row in rows if row["month"] is None),
    )


def _load_first(
    connection: sqlite3.Connection, bounds: dict[str, str | float | None]
) -> tuple[Sighting, Heading] | tuple[None, None]:
    row = connection.execute(_FIND_FIRST, bounds).fetchone()
    if row is None:
        return None, None
    return decode_stored(row["record"], Sighting), load_heading(connection, row["article_id"])


def _cells_of(rows: Sequence[sqlite3.Row]) -> tuple[TraceCell, ...]:
    counts: Counter[tuple[str, Status]] = Counter()
    for row in rows:
        if row["month"] and row["wordings"]:
            counts[row["month"], Status(row["status"])] += row["wordings"]
    order = list(Status)
    return tuple(
        TraceCell(month=date.fromisoformat(month), status=status, count=count)
        for (month, status), count in sorted(counts.items(), key=lambda item: (item[0][0], order.index(item[0][1])))
    )


def _outlets_of(rows: Sequence[sqlite3.Row]) -> tuple[OutletCount, ...]:
    counts: Counter[str] = Counter()
    first_on: dict[str, str] = {}
    for row in rows:
        counts[row["outlet"]] += row["outlet_wordings"]
        if row["first_on"]:
            first_on[row["outlet"]] = min(row["first_on"], first_on.get(row["outlet"], row["first_on"]))
    return tuple(
        OutletCount(outlet=outlet, count=count, first_on=day_of(first_on.get(outlet)))
        for outlet, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )
