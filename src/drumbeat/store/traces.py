"""A theme's trace: how its shown sightings are spread over months, statuses and outlets."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import date

from drumbeat.records import Bookmark, Sighting, Status
from drumbeat.store.articles import day_of, load_heading
from drumbeat.store.sightings import sighting_of_row
from drumbeat.tallies import Heading, OutletCount, SightingFilter, Trace, TraceCell
from drumbeat.tiers import TierLines, line_odds

# `place` is 1 for the first sighting of a wording, `outlet_place` for its first in that outlet; a dated one
# comes before an undated.
_COUNT = """
    WITH placed AS (
        SELECT day, status, outlet,
            row_number() OVER (PARTITION BY wording_id ORDER BY day IS NULL, day, number) AS place,
            row_number() OVER (PARTITION BY wording_id, outlet ORDER BY day IS NULL, day, number) AS outlet_place
        FROM weighed_sightings
        WHERE theme_id = :theme_id AND shown_odds >= :least
            AND tier IN (SELECT value FROM json_each(:tiers))
            AND (:since IS NULL OR day >= :since) AND (:until IS NULL OR day <= :until)
    )
    SELECT substr(day, 1, 7) || '-01' AS month, status, outlet, min(day) AS first_on, count(*) AS sightings,
        sum(place = 1) AS wordings, sum(outlet_place = 1) AS outlet_wordings
    FROM placed GROUP BY month, status, outlet
"""
_FIND_FIRST = """
    SELECT record, shift, answer, article_id FROM weighed_sightings
    WHERE theme_id = :theme_id AND shown_odds >= :least
            AND tier IN (SELECT value FROM json_each(:tiers))
            AND (:since IS NULL OR day >= :since) AND (:until IS NULL OR day <= :until)
        AND day IS NOT NULL
    ORDER BY day, number LIMIT 1
"""


def load_trace(
    connection: sqlite3.Connection,
    bookmark: Bookmark,
    chosen: SightingFilter,
    *,
    lines: TierLines,
) -> Trace:
    """Return the theme's trace; status and outlet of the filter are not heeded, either day leaves out what has none.

    Each wording counts once, with the status and in the month of its first day, and once in every outlet
    that carried it. The counts of the cells, `undated` and `copies` add up to `sightings_count`.
    """
    bounds = {
        "theme_id": bookmark.theme_id,
        "since": chosen.since.isoformat() if chosen.since else None,
        "until": chosen.until.isoformat() if chosen.until else None,
        "least": line_odds(chosen.least_probability),
        "tiers": json.dumps(chosen.tiers),
    }
    rows = connection.execute(_COUNT, bounds).fetchall()
    first, first_in = _load_first(connection, bookmark, bounds, lines)
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
        tiers=chosen.tiers,
    )


def _load_first(
    connection: sqlite3.Connection, bookmark: Bookmark, bounds: dict[str, str | float | None], lines: TierLines
) -> tuple[Sighting, Heading] | tuple[None, None]:
    row = connection.execute(_FIND_FIRST, bounds).fetchone()
    if row is None:
        return None, None
    return sighting_of_row(row, bookmark, lines), load_heading(connection, row["article_id"])


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
