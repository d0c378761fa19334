"""The notebook: everything a reader does with drumbeat, in one object.

    with open_notebook(Path("news")) as notebook:
        notebook.bookmark(draft)
        for watched in notebook.watch(["archive.jsonl.xz"]):
            ...
        cards = list(notebook.iter_cards())

Views come to the work through here and nowhere else. Everything the reader owns lies in the notebook's folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import msgspec

from drumbeat.backfill import ReaderOptions, Watched, load_tracked, make_reader, watch_articles
from drumbeat.errors import InputError
from drumbeat.fetch.archives import DEFAULT_MAPPING, FieldMapping
from drumbeat.fetch.extract import extract_article
from drumbeat.fetch.identity import is_article_id
from drumbeat.fetch.pages import DEFAULT_LIMITS, FetchLimits, open_page, utc_now
from drumbeat.fetch.sources import count_items, iter_sources
from drumbeat.models.decision import load_decision
from drumbeat.models.opening import (
    DEFAULT_ENCODER,
    Models,
    find_damaged_weights,
    list_models,
    open_encoder,
    open_models,
    open_parser,
    open_static,
)
from drumbeat.models.protocols import Encoder, ModelInfo, Parser
from drumbeat.reading.read import read_article
from drumbeat.records import Article, Bookmark, BookmarkedPassage, Gap, Reading, Span
from drumbeat.store.store import EVERYTHING, Store, open_store
from drumbeat.tallies import Feedback, Holdings, RecallCard, SearchHit, SightingFilter, TierCounts, Trace, count_tiers
from drumbeat.text.canonical import canonical_line
from drumbeat.text.selectors import make_selector
from drumbeat.themes.advice import Advice, advise_all
from drumbeat.themes.bookmark import BookmarkDraft, decode_bookmarks, edit_bookmark, encode_bookmarks, make_bookmark
from drumbeat.themes.feedback import make_feedback, take_back
from drumbeat.themes.likeness import advise_likeness
from drumbeat.themes.recall import make_cards, weigh_sightings
from drumbeat.tiers import SHOWN_TIERS, Answer, Tier
from drumbeat.weighing import Answered, answer_named, find_answer, keep_answer, weigh_again

__all__ = [
    "Advice",
    "Answered",
    "BookmarkDraft",
    "FetchLimits",
    "FieldMapping",
    "Imported",
    "Notebook",
    "Options",
    "ReadResult",
    "Watched",
    "models_in_use",
    "open_notebook",
    "utc_now",
]

NOTEBOOK_FILE = "notebook.db"
FEW_ARTICLES = 100  # starting a reading process costs about as much as reading this many
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """One article read: the reading, the cards of themes that came back in it, and whether it was kept.

    `tiers` counts all sightings in it, also those that no card shows.
    """

    reading: Reading
    cards: tuple[RecallCard, ...]
    kept: bool
    tiers: TierCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What importing a bookmark file did, as theme names; `answers` is how many of its answers were news."""

    added: tuple[str, ...] = ()
    revised: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    answers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the notebook works: the encoder by name, reading processes (0: none beside this one), network limits.

    With `thorough`, many statements are looked for as closely as ten, at many times the cost.
    """

    encoder: str = DEFAULT_ENCODER
    workers: int | None = None
    allow_private: bool = False
    thorough: bool = False
    limits: FetchLimits = DEFAULT_LIMITS


DEFAULT_OPTIONS = Options()


def open_notebook(home: Path, *, options: Options = DEFAULT_OPTIONS, now: Clock = utc_now) -> Notebook:
    """Open the notebook in a folder, making both where they are not there."""
    return Notebook(open_store(home / NOTEBOOK_FILE, lines=load_decision().lines), options, now)


class Notebook:
    """An open notebook. Methods raise a `DrumbeatError` that says what, which, and the next step."""

    def __init__(self, store: Store, options: Options, now: Clock) -> None:
        self._store = store
        self._options = options
        self._now = now

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the notebook's file."""
        self._store.close()

    # Bookmarks

    def bookmark(self, draft: BookmarkDraft) -> Bookmark:
        """Keep a new theme; raise ThemeError where its name is taken or something is missing."""
        made = make_bookmark(self._resolved(draft), now=self._now())
        self._store.save_bookmark(made)
        return made

    def edit(self, name: str, draft: BookmarkDraft) -> Bookmark:
        """Keep the next revision of a theme with what the draft gives; earlier ones stay in its history."""
        stored = self._store.load_bookmark(name)
        edited = edit_bookmark(stored, self._resolved(draft), now=self._now())
        if edited != stored:
            self._store.save_bookmark(edited)
        return edited

    def remove(self, name: str) -> None:
        """Hide a theme and its sightings; importing it again brings both back."""
        self._store.remove_bookmark(name)

    def find(self, name: str) -> Bookmark:
        """Return a theme by name or id."""
        return self._store.load_bookmark(name)

    def history(self, name: str) -> tuple[Bookmark, ...]:
        """Return all revisions of a theme, oldest first."""
        return self._store.bookmark_history(name)

    def iter_bookmarks(self, *, tag: str | None = None) -> Iterator[Bookmark]:
        """Yield the themes by name."""
        return self._store.iter_bookmarks(tag=tag)

    def export_bookmarks(self, names: Sequence[str] = ()) -> bytes:
        """Return the named themes, or all, as one readable file, with the reader's answers."""
        chosen = [self._store.load_bookmark(name) for name in names] if names else list(self._store.iter_bookmarks())
        return encode_bookmarks(chosen, self._store.list_feedback())

    def import_bookmarks(self, data: bytes, *, where: str) -> Imported:
        """Keep what a bookmark file holds; a theme that is there already gets a new revision where it differs."""
        done: dict[str, list[str]] = {"added": [], "revised": [], "unchanged": []}
        answers = 0
        for draft in decode_bookmarks(data, where=where):
            kind, bookmark = self._import(draft)
            done[kind].append(bookmark.name)
            given = [make_feedback(one, theme_id=bookmark.theme_id, now=self._now()) for one in draft.feedback or ()]
            answers += len(self._store.save_feedback(given))
        weigh_again(self._store, self._open_encoder)
        return Imported(**{kind: tuple(names) for kind, names in done.items()}, answers=answers)

    def advise(
        self, statements: Sequence[str], *, beside: str | None = None, compare: bool = True
    ) -> tuple[Advice, ...]:
        """Return what makes statements hard to match, and plainer wordings, in their order.

        With `compare`, statements of other themes that are nearly the same are named; `beside` is the theme, by name or
        id, whose own may be like these. Without, some hundreds of statements are read in a second.
        """
        found = list(advise_all(statements, self._parser))
        own = self._store.load_bookmark(beside).theme_id if beside else ""
        if compare and (others := [mark for mark in self._store.iter_bookmarks() if mark.theme_id != own]):
            found += advise_likeness(statements, others, open_static(), open_encoder(self._options.encoder))
        places = {text: place for place, text in enumerate(statements)}
        return tuple(sorted(found, key=lambda advice: places[advice.statement]))

    def mark_passage(self, where: str, exact: str, *, stdin: IO[bytes]) -> BookmarkedPassage:
        """Return a passage of an article (a kept one by id, a file or an address) in a form that finds it again."""
        article = self._find_article(where, stdin)
        words = canonical_line(exact)
        start = article.text.find(words)
        if not words or start < 0 or article.text.find(words, start + 1) >= 0:
            fault = "does not stand" if start < 0 else "stands more than once"
            raise InputError(f"{where}: the passage {words[:60]!r} {fault} there; quote it exactly", where=where)
        span = Span(start=start, end=start + len(words))
        return BookmarkedPassage(
            selector=make_selector(article.text, span),
            span=span,
            article_id=article.article_id,
            url=article.url,
            title=article.title,
        )

    # Feedback

    def answer(self, sighting: str, answer: Answer, *, note: str | None = None) -> Answered:
        """Keep the reader's answer to a sighting, named by the beginning of its id, and weigh its theme by it.

        Without `note` an earlier one stays. Raises InputError for an id of no sighting or of several.
        """
        given = answer_named(self._store, sighting, answer, note=note, now=self._now())
        return keep_answer(self._store, given, self._open_encoder)

    def undo_answer(self, sighting: str) -> Answered:
        """Take back the answer to a sighting, named by the beginning of its id or of the answer's own."""
        given = take_back(find_answer(self._store, sighting), now=self._now())
        return keep_answer(self._store, given, self._open_encoder)

    def list_answers(self, theme: str | None = None, *, history: bool = False) -> tuple[Feedback, ...]:
        """Return the answers that stand, oldest first, of a theme (also a removed one) or of all; or every revision."""
        return self._store.list_feedback(theme, history=history)

    # Reading

    def read(
        self, where: str, *, stdin: IO[bytes], keep: bool = True, tiers: tuple[Tier, ...] = SHOWN_TIERS
    ) -> ReadResult:
        """Read one article (path, address, `-`, or the id of a kept one) and recall the themes that came back."""
        article, gaps = self._open_article(where, stdin)
        tracked = load_tracked(self._store)
        reading = read_article(article, self._models.parser, self._models.tagger)
        sightings = make_reader(self._models, tracked, thorough=self._options.thorough).find([article], [-1])
        seen = self._store.seen_before(list(tracked.sequences), article.published_on, tiers)
        if keep:
            self._store.save_batch(
                [article], sightings, matched_through=tracked.through, weighed_through=tracked.answered_through
            )
        weighed = weigh_sightings(sightings, tracked.bookmarks, tracked.feedback, self._store.lines)
        shown = [sighting for sighting in weighed if sighting.tier in tiers]
        return ReadResult(
            reading=replace(reading, gaps=(*gaps, *reading.gaps)),
            cards=make_cards(article, shown, tracked.bookmarks, seen),
            kept=keep,
            tiers=count_tiers(weighed),
        )

    def watch(
        self, places: Sequence[str], *, mapping: FieldMapping = DEFAULT_MAPPING, expected: int | None = None
    ) -> Iterator[Watched]:
        """Read archives, pages, files of addresses or folders; match each article with all themes and keep it.

        Without places, articles kept before a theme was bookmarked are matched with it. Yields after each kept
        batch; articles that are kept already and have nothing new to be matched with are passed over. `expected` is
        what `count_items` said, if it was asked: counting unpacks an archive once.
        """
        options = self._options
        through = self._store.max_sequence()
        items = (
            iter_sources(places, mapping=mapping, limits=options.limits, allow_private=options.allow_private)
            if places
            else self._store.iter_articles(matched_below=through)
        )
        workers = options.workers
        if workers is None:
            workers = default_workers(self.count_items(places) if expected is None else expected)
        how = ReaderOptions(encoder=options.encoder, thorough=options.thorough)
        yield from watch_articles(items, self._store, workers=workers, options=how)
        weigh_again(self._store, self._open_encoder)

    def count_items(self, places: Sequence[str]) -> int | None:
        """Return how many items a watch of these places will read, None where that cannot be known beforehand."""
        return count_items(places) if places else self._store.count_articles(matched_below=self._store.max_sequence())

    # Memory

    def iter_cards(
        self, chosen: SightingFilter = EVERYTHING, *, theme: str | None = None, limit: int | None = None
    ) -> Iterator[RecallCard]:
        """Yield recall cards, newest first, of the sightings that the filter asks for."""
        return self._store.iter_cards(chosen, theme=theme, limit=limit)

    def count_tiers(self, chosen: SightingFilter = EVERYTHING, *, theme: str | None = None) -> TierCounts:
        """Return how many sightings stand in each tier; the filter's own tiers are not heeded."""
        return self._store.count_tiers(chosen, theme=theme)

    def trace(self, theme: str, chosen: SightingFilter = EVERYTHING) -> Trace:
        """Return a theme through outlets and months, of the sightings that the filter asks for."""
        return self._store.trace_counts(theme, chosen)

    def search(
        self,
        query: str,
        *,
        outlet: str | None = None,
        since: date | None = None,
        until: date | None = None,
        limit: int | None = 20,
    ) -> list[SearchHit]:
        """Return the kept articles that fit a query, best first."""
        return self._store.search_articles(query, outlet=outlet, since=since, until=until, limit=limit)

    # Upkeep

    def holdings(self) -> Holdings:
        """Return what is kept, by outlet and days."""
        return self._store.load_holdings()

    def find_damage(self) -> tuple[str, ...]:
        """Read the whole file and all weights; return what is wrong, empty where all is well."""
        weights = tuple(f"the weights of {name} are not those that were shipped" for name in find_damaged_weights())
        return (*self._store.find_damage(), *weights)

    def backup(self, target: Path) -> None:
        """Write a whole copy of the notebook's file."""
        self._store.backup(target)

    @cached_property
    def _parser(self) -> Parser:
        return open_parser()

    @cached_property
    def _models(self) -> Models:
        return open_models(self._options.encoder, threads=os.cpu_count() or 1)

    def _open_encoder(self) -> Encoder:
        return self._encoder

    @cached_property
    def _encoder(self) -> Encoder:
        return open_encoder(self._options.encoder, threads=os.cpu_count() or 1)

    def _resolved(self, draft: BookmarkDraft) -> BookmarkDraft:
        """Return the draft with the themes it links to, given by name, as theme ids."""
        if draft.links is None:
            return draft
        links = tuple(self._store.load_bookmark(link).theme_id for link in draft.links)
        return msgspec.structs.replace(draft, links=links)

    def _import(self, draft: BookmarkDraft) -> tuple[str, Bookmark]:
        stored = self._stored_for(draft)
        if stored is None:
            made = make_bookmark(draft, now=self._now())
            self._store.save_bookmark(made)
            return "added", made
        edited = edit_bookmark(stored, draft, now=self._now())
        self._store.save_bookmark(edited)
        return ("unchanged" if edited == stored else "revised"), edited

    def _stored_for(self, draft: BookmarkDraft) -> Bookmark | None:
        for key in filter(None, (draft.theme_id, draft.name)):
            if self._store.was_bookmarked(key):
                return self._store.bookmark_history(key)[-1]
        return None

    def _open_article(self, where: str, stdin: IO[bytes]) -> tuple[Article, tuple[Gap, ...]]:
        if is_article_id(where) and not Path(where).exists():
            return self._store.load_article(where), ()
        options = self._options
        page = open_page(where, stdin=stdin, limits=options.limits, allow_private=options.allow_private, now=self._now)
        return extract_article(page)

    def _find_article(self, where: str, stdin: IO[bytes]) -> Article:
        return self._open_article(where, stdin)[0]


def default_workers(items: int | None) -> int:
    """Return how many reading processes a watch of so many articles is worth; 0 for none beside this one."""
    return 0 if items is not None and items < FEW_ARTICLES else os.cpu_count() or 1


def models_in_use(encoder: str = DEFAULT_ENCODER) -> list[ModelInfo]:
    """Return the cards of the models that the notebook would load."""
    return list_models(encoder)
