"""The notebook's file behind one class: the only way in for the layers above."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from drumbeat.records import Article, Bookmark, Sighting
from drumbeat.store import articles, bookmarks, cards, feedback, search, sightings, traces, upkeep
from drumbeat.store.connection import connect, tune, wrapped_errors, writing
from drumbeat.store.feedback import Behind
from drumbeat.store.schema import make_tier_view, prepare_schema
from drumbeat.tallies import (
    Feedback,
    Holdings,
    RecallCard,
    SearchHit,
    SightingFilter,
    TierCounts,
    Trace,
)
from drumbeat.tiers import SHOWN_TIERS, Tier, TierLines

LOCK_TIMEOUT_SECONDS = 10.0
ALL_SUGGESTED = TierLines()
EVERYTHING = SightingFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What one batch did: articles that were new, articles that were kept already, sightings that were new."""

    added: int
    known: int
    sightings_added: int


def open_store(
    path: Path,
    *,
    read_only: bool = False,
    lock_timeout_seconds: float = LOCK_TIMEOUT_SECONDS,
    lines: TierLines = ALL_SUGGESTED,
) -> Store:
    """Open the notebook at `path`, making it and its folder where there is none; `lines` divide the tiers.

    An older schema is migrated. Raises StoreTooNew for a newer one, StoreLocked when another process
    writes for longer than the timeout, StoreError for a file or folder that cannot be used. Use a store in
    the thread that opened it.
    """
    connection = connect(path, read_only=read_only, lock_timeout_seconds=lock_timeout_seconds)
    try:
        with wrapped_errors(path):
            tune(connection)
            prepare_schema(connection, path, read_only=read_only)
            make_tier_view(connection, lines)
    except BaseException:
        connection.close()
        raise
    return Store(connection, path, read_only=read_only, lines=lines)


class Store:
    """An open notebook. Every method may raise StoreError; every writing one is a single transaction."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, read_only: bool, lines: TierLines) -> None:
        self.path = path
        self.lines = lines
        self.read_only = read_only
        self._connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; closing twice does nothing."""
        self._connection.close()

    # Articles and sightings

    def save_batch(
        self,
        batch: Sequence[Article],
        found: Sequence[Sighting] = (),
        *,
        matched_through: int = 0,
        weighed_through: int = 0,
    ) -> BatchResult:
        """Keep articles and what was found in them, all or nothing; what is kept already is not changed.

        `matched_through` is `max_sequence()` as it was before the bookmarks were loaded, `weighed_through` is
        `answered_through()` as it was before the feedback was.
        """
        with wrapped_errors(self.path), writing(self._connection):
            added = articles.insert_articles(self._connection, batch, matched_through)
            sightings_added = sightings.insert_sightings(
                self._connection, found, sequence=matched_through, weighed_through=weighed_through
            )
        return BatchResult(added=added, known=len(batch) - added, sightings_added=sightings_added)

    def load_article(self, article_id: str) -> Article:
        """Return an article by its id or the beginning of it; raise InputError where that is none or several."""
        with wrapped_errors(self.path):
            return articles.load_article(self._connection, article_id)

    def iter_articles(self, *, matched_below: int | None = None, after: str | None = None) -> Iterator[Article]:
        """Yield the articles in the order in which they came, in constant memory; saving meanwhile is fine.

        `matched_below` leaves out those that were matched through that sequence number or a higher one;
        `after` begins behind the article of that id.
        """
        with wrapped_errors(self.path):
            yield from articles.iter_articles(self._connection, matched_below=matched_below, after=after)

    def matched_through_of(self, article_ids: Sequence[str]) -> dict[str, int]:
        """Return the sequence number each article was matched through; those that are not kept are left out."""
        with wrapped_errors(self.path):
            return articles.matched_through_of(self._connection, article_ids)

    def count_articles(self, *, matched_below: int | None = None) -> int:
        """Return how many articles are kept, or how many of them `iter_articles` would yield."""
        with wrapped_errors(self.path):
            return articles.count_articles(self._connection, matched_below=matched_below)

    def count_sightings(self, theme_id: str | None = None) -> int:
        """Return how many sightings are shown, of one theme or of all."""
        with wrapped_errors(self.path):
            return sightings.count_sightings(self._connection, theme_id)

    def search_articles(
        self,
        query: str,
        *,
        outlet: str | None = None,
        since: date | None = None,
        until: date | None = None,
        limit: int | None = 20,
    ) -> list[SearchHit]:
        """Return the articles that fit a query (see `search`), best first, then newest."""
        with wrapped_errors(self.path):
            return search.search_articles(self._connection, query, outlet=outlet, since=since, until=until, limit=limit)

    # Bookmarks

    def save_bookmark(self, bookmark: Bookmark) -> int:
        """Keep a new bookmark or the next revision of one; return its sequence number (see `bookmarks`)."""
        with wrapped_errors(self.path):
            return bookmarks.save_bookmark(self._connection, bookmark)

    def load_bookmark(self, name: str) -> Bookmark:
        """Return a bookmark by name, in any case, or theme id; raise UnknownTheme that lists near names."""
        with wrapped_errors(self.path):
            return bookmarks.load_bookmark(self._connection, name)

    def iter_bookmarks(self, *, tag: str | None = None, removed: bool = False) -> Iterator[Bookmark]:
        """Yield the bookmarks by name, those with the tag if one is given; with `removed` the removed ones."""
        with wrapped_errors(self.path):
            yield from bookmarks.iter_bookmarks(self._connection, tag=tag, removed=removed)

    def was_bookmarked(self, name: str) -> bool:
        """Tell whether there is a bookmark of that name or theme id, or was one."""
        with wrapped_errors(self.path):
            return bookmarks.was_bookmarked(self._connection, name)

    def bookmark_history(self, name: str) -> tuple[Bookmark, ...]:
        """Return all revisions that were saved of a bookmark, oldest first, also of a removed one."""
        with wrapped_errors(self.path):
            return bookmarks.bookmark_history(self._connection, name)

    def remove_bookmark(self, name: str) -> None:
        """Hide a bookmark and its sightings; saving its last revision again brings both back."""
        with wrapped_errors(self.path):
            bookmarks.remove_bookmark(self._connection, name)

    def sequence_of(self, theme_id: str) -> int:
        """Return a bookmark's sequence number: articles matched through less are still to be matched with it."""
        with wrapped_errors(self.path):
            return int(bookmarks.find_bookmark(self._connection, theme_id)["sequence"])

    def max_sequence(self) -> int:
        """Return the highest sequence number of the bookmarks, 0 without any. Ask it before loading them."""
        with wrapped_errors(self.path):
            return bookmarks.max_sequence(self._connection)

    # Cards and traces

    def iter_cards(
        self, chosen: SightingFilter = EVERYTHING, *, theme: str | None = None, limit: int | None = None
    ) -> Iterator[RecallCard]:
        """Yield the recall cards, newest article first, then the latest kept; undated articles last.

        A card shows the sightings that the filter asks for. `before_count` and `last_seen_on` heed its tiers only.
        """
        with wrapped_errors(self.path):
            yield from cards.iter_cards(self._connection, self._themes(theme), chosen, lines=self.lines, limit=limit)

    def count_tiers(self, chosen: SightingFilter = EVERYTHING, *, theme: str | None = None) -> TierCounts:
        """Return how many sightings stand in each tier; the filter's own tiers are not heeded."""
        with wrapped_errors(self.path):
            return cards.count_tiers(self._connection, [one.theme_id for one in self._themes(theme)], chosen)

    def _themes(self, theme: str | None) -> list[Bookmark]:
        return [self.load_bookmark(theme)] if theme is not None else list(self.iter_bookmarks())

    def seen_before(
        self, theme_ids: Sequence[str], day: date | None, tiers: tuple[Tier, ...] = SHOWN_TIERS
    ) -> dict[str, tuple[int, date | None]]:
        """Return per theme id how many sightings days before `day` have, and the latest of them; none without a day."""
        with wrapped_errors(self.path):
            return cards.seen_before(self._connection, theme_ids, day, tiers)

    def trace_counts(self, theme: str, chosen: SightingFilter = EVERYTHING) -> Trace:
        """Return the trace of a theme by name or id (see `traces`)."""
        with wrapped_errors(self.path):
            bookmark = bookmarks.load_bookmark(self._connection, theme)
            return traces.load_trace(self._connection, bookmark, chosen, lines=self.lines)

    # Feedback

    def find_sighting(self, prefix: str) -> Sighting:
        """Return the sighting whose id begins so (six characters at least); raise InputError where that is not one."""
        with wrapped_errors(self.path):
            return sightings.find_sighting(self._connection, prefix, self.lines)

    def save_feedback(self, given: Sequence[Feedback]) -> tuple[Feedback, ...]:
        """Keep answers as next revisions; return those that changed something (see `feedback`)."""
        with wrapped_errors(self.path):
            return feedback.save_feedback(self._connection, given)

    def find_feedback(self, prefix: str) -> Feedback | None:
        """Return the answer whose id begins so, also one that was taken back; raise InputError for several."""
        with wrapped_errors(self.path):
            return feedback.find_feedback(self._connection, prefix)

    def list_feedback(self, theme: str | None = None, *, history: bool = False) -> tuple[Feedback, ...]:
        """Return the answers that stand, oldest first, of a theme by name or of all; with `history` every revision."""
        with wrapped_errors(self.path):
            return feedback.list_feedback(self._connection, theme, history=history)

    def answered_through(self) -> int:
        """Return the sequence number of the latest answer, 0 without any. Ask it before loading them."""
        with wrapped_errors(self.path):
            return feedback.answered_through(self._connection)

    def themes_behind(self) -> tuple[str, ...]:
        """Return the ids of the themes with sightings that were weighed before the theme's latest answer."""
        with wrapped_errors(self.path):
            return feedback.themes_behind(self._connection)

    def load_behind(self, theme_id: str) -> Behind:
        """Return what has to be weighed once more in a theme."""
        with wrapped_errors(self.path):
            return feedback.load_behind(self._connection, theme_id)

    def save_shifts(self, behind: Behind, shifts: Mapping[str, float]) -> None:
        """Keep the shifts of wordings with their sightings."""
        with wrapped_errors(self.path):
            feedback.save_shifts(self._connection, behind, shifts)

    def load_vectors(self, model: str, wording_ids: Sequence[str]) -> dict[str, bytes]:
        """Return the kept vectors of wordings that this model made; those that are not kept are left out."""
        with wrapped_errors(self.path):
            return feedback.load_vectors(self._connection, model, wording_ids)

    def save_vectors(self, model: str, vectors: Mapping[str, bytes]) -> None:
        """Keep vectors that a model made, by wording."""
        with wrapped_errors(self.path):
            feedback.save_vectors(self._connection, model, vectors)

    # Upkeep

    def load_holdings(self) -> Holdings:
        """Return what is kept, by outlet and days."""
        with wrapped_errors(self.path):
            return upkeep.load_holdings(self._connection)

    def find_damage(self) -> tuple[str, ...]:
        """Read the whole file; return what is wrong in it, empty where it is whole."""
        with wrapped_errors(self.path):
            return upkeep.find_damage(self._connection, read_only=self.read_only)

    def rebuild_search(self) -> None:
        """Make the word index anew from the articles; mends it where it alone is damaged."""
        with wrapped_errors(self.path):
            upkeep.rebuild_search(self._connection)

    def backup(self, target: Path) -> None:
        """Write a whole copy to `target`, while others go on reading and writing."""
        with wrapped_errors(self.path):
            upkeep.copy_database(self._connection, self.path, target)
