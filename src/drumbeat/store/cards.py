"""Recall cards: the shown sightings by theme and article, newest article first."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date

from drumbeat.records import Bookmark
from drumbeat.store.articles import day_of, load_heading
from drumbeat.store.sightings import sighting_of_row
from drumbeat.tallies import Heading, RecallCard, SightingFilter, TierCounts
from drumbeat.tiers import Tier, TierLines, line_odds

_FIND_CARDS = """
    SELECT theme_id, article_id, day, max(number) AS newest FROM weighed_sightings
    WHERE theme_id IN (SELECT value FROM json_each(:themes))
        AND shown_odds >= :least AND tier IN (SELECT value FROM json_each(:tiers))
        AND (:status IS NULL OR status = :status)
        AND (:outlets IS NULL OR outlet IN (SELECT value FROM json_each(:outlets)))
        AND (:since IS NULL OR day >= :since) AND (:until IS NULL OR day <= :until)
    GROUP BY theme_id, article_id ORDER BY day DESC, newest DESC LIMIT :limit
"""
# Summed along the days, once for all cards: a count per card would grow with the square of the sightings.
_COUNT_BEFORE = """
    SELECT theme_id, day, lag(day) OVER by_day AS last_seen_on,
        sum(count(*)) OVER (by_day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before_count
    FROM weighed_sightings WHERE theme_id IN (SELECT value FROM json_each(:themes)) AND day IS NOT NULL
        AND tier IN (SELECT value FROM json_each(:tiers))
    GROUP BY theme_id, day WINDOW by_day AS (PARTITION BY theme_id ORDER BY day)
"""
_COUNT_BEFORE_DAY = """
    SELECT theme_id, count(*) AS sightings, max(day) AS last_seen_on FROM weighed_sightings
    WHERE theme_id IN (SELECT value FROM json_each(:themes)) AND day < :day
        AND tier IN (SELECT value FROM json_each(:tiers)) GROUP BY theme_id
"""
_COUNT_TIERS = """
    SELECT tier, count(*) AS sightings FROM weighed_sightings
    WHERE theme_id IN (SELECT value FROM json_each(:themes))
        AND shown_odds >= :least AND (:status IS NULL OR status = :status)
        AND (:outlets IS NULL OR outlet IN (SELECT value FROM json_each(:outlets)))
        AND (:since IS NULL OR day >= :since) AND (:until IS NULL OR day <= :until)
    GROUP BY tier
"""
_LOAD_SIGHTINGS = """
    SELECT record, shift, answer FROM weighed_sightings
    WHERE theme_id = :theme_id AND article_id = :article_id
        AND shown_odds >= :least AND tier IN (SELECT value FROM json_each(:tiers))
        AND (:status IS NULL OR status = :status)
        AND (:outlets IS NULL OR outlet IN (SELECT value FROM json_each(:outlets)))
    ORDER BY tier = 'set aside', tier = 'suggested', shown_odds DESC, probability DESC, span_start
"""


def iter_cards(
    connection: sqlite3.Connection,
    themes: Iterable[Bookmark],
    chosen: SightingFilter,
    *,
    lines: TierLines,
    limit: int | None,
) -> Iterator[RecallCard]:
    """Yield the cards of the themes, newest article first, then the latest kept; undated ones last."""
    by_id = {bookmark.theme_id: bookmark for bookmark in themes}
    wanted = _parameters(connection, by_id, chosen) | {"limit": -1 if limit is None else limit}
    before = {
        (row["theme_id"], row["day"]): (row["before_count"] or 0, day_of(row["last_seen_on"]))
        for row in connection.execute(_COUNT_BEFORE, wanted)
    }
    for row in connection.execute(_FIND_CARDS, wanted).fetchall():
        place = {"theme_id": row["theme_id"], "article_id": row["article_id"]}
        records = connection.execute(_LOAD_SIGHTINGS, wanted | place).fetchall()
        if records:
            heading = load_heading(connection, row["article_id"])
            earlier = before.get((row["theme_id"], row["day"]), (0, None))
            yield _card_of(by_id[row["theme_id"]], heading, records, earlier, lines)


def count_tiers(connection: sqlite3.Connection, theme_ids: Iterable[str], chosen: SightingFilter) -> TierCounts:
    """Return how many sightings of the themes stand in each tier, whatever tiers the filter asks for."""
    wanted = _parameters(connection, theme_ids, chosen)
    counts = {row["tier"]: int(row["sightings"]) for row in connection.execute(_COUNT_TIERS, wanted)}
    return TierCounts(
        confirmed=counts.get(Tier.CONFIRMED, 0),
        suggested=counts.get(Tier.SUGGESTED, 0),
        set_aside=counts.get(Tier.SET_ASIDE, 0),
    )


def _parameters(
    connection: sqlite3.Connection, theme_ids: Iterable[str], chosen: SightingFilter
) -> dict[str, str | float | None]:
    return {
        "themes": json.dumps(list(theme_ids)),
        "status": chosen.status.value if chosen.status else None,
        "outlets": json.dumps(_outlets_called(connection, chosen.outlet)) if chosen.outlet else None,
        "since": chosen.since.isoformat() if chosen.since else None,
        "until": chosen.until.isoformat() if chosen.until else None,
        "least": line_odds(chosen.least_probability),
        "tiers": json.dumps(chosen.tiers),
    }


def seen_before(
    connection: sqlite3.Connection, theme_ids: Iterable[str], day: date | None, tiers: tuple[Tier, ...]
) -> dict[str, tuple[int, date | None]]:
    """Return per theme id how many sightings in these tiers earlier days have, and the latest of those days."""
    if day is None:
        return {}
    wanted = {"themes": json.dumps(list(theme_ids)), "day": day.isoformat(), "tiers": json.dumps(tiers)}
    rows = connection.execute(_COUNT_BEFORE_DAY, wanted)
    return {row["theme_id"]: (int(row["sightings"]), day_of(row["last_seen_on"])) for row in rows}


def _outlets_called(connection: sqlite3.Connection, outlet: str) -> list[str]:
    # A reader may give the domain or the name as printed.
    rows = connection.execute(
        "SELECT DISTINCT outlet FROM articles WHERE outlet = ? COLLATE NOCASE OR outlet_name = ? COLLATE NOCASE",
        (outlet, outlet),
    )
    return [row["outlet"] for row in rows] or [outlet]


def _card_of(
    bookmark: Bookmark, heading: Heading, records: list[sqlite3.Row], earlier: tuple[int, date | None], lines: TierLines
) -> RecallCard:
    sightings = tuple(sighting_of_row(row, bookmark, lines) for row in records)
    return RecallCard(
        theme_id=bookmark.theme_id,
        theme=bookmark.name,
        bottom_line=bookmark.bottom_line,
        article=heading,
        sightings=sightings,
        status=sightings[0].status,
        before_count=earlier[0],
        last_seen_on=earlier[1],
    )
