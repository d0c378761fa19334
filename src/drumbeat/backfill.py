"""Match many articles with the bookmarks, on all cores, and keep what is found batch by batch.

One process reads and writes; worker processes, each with its own models, match and judge. Batches are kept
in the order they were read, each in one transaction: a crash loses at most those in flight, and a
second run begins where the first ended, because kept articles remember what they were matched against.
An article that cannot be read is kept unmatched and reported; it never stops the stream.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import connection, get_context, parent_process
from typing import Protocol

from drumbeat.errors import DrumbeatError
from drumbeat.models.decision import Decision, load_decision
from drumbeat.models.opening import DEFAULT_ENCODER, Models, open_models
from drumbeat.records import Article, Bookmark, Sighting, Skipped
from drumbeat.store.store import Store
from drumbeat.tallies import Feedback
from drumbeat.themes.feedback import AnsweredPassages, make_answered, shift_sightings
from drumbeat.themes.sight import find_sightings
from drumbeat.themes.statements import StatementTable, make_table

BATCH_ARTICLES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderOptions:
    """The encoder by name, and whether many statements are looked for as closely as ten."""

    encoder: str = DEFAULT_ENCODER
    thorough: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What one kept batch did; the sums of all of them are what a watch did."""

    read: int = 0
    added: int = 0
    known: int = 0
    sightings: int = 0
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class _Task:
    """Articles of one batch, and for each the sequence number above which statements are new to it."""

    articles: tuple[Article, ...]
    above: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Done:
    sightings: tuple[Sighting, ...]
    skipped: tuple[Skipped, ...]


class _Runner(Protocol):
    """Anything that does tasks: this process, or a pool of others."""

    def submit(self, task: _Task) -> Future[_Done]:
        """Start a task."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The models with the statements of one set of bookmarks; `sequences` and answered passages by theme id."""

    models: Models
    decision: Decision
    table: StatementTable
    sequences: dict[str, int]
    answered: dict[str, AnsweredPassages]

    def find(self, articles: Sequence[Article], above: Sequence[int]) -> list[Sighting]:
        """Return the sightings of themes whose sequence number is higher than the article's own."""
        found = find_sightings(articles, self.table, self.models, self.decision)
        limits = {article.article_id: limit for article, limit in zip(articles, above, strict=True)}
        new = [s for s in found if self.sequences[s.match.theme_id] > limits[s.match.article_id]]
        return shift_sightings(new, self.answered, self.models.encoder)


@dataclass(frozen=True, slots=True)
class Tracked:
    """The bookmarks and the reader's answers as they stand, with the bookmarks' sequence numbers by theme id.

    `through` is the highest of these, `answered_through` the highest of the answers.
    """

    through: int
    bookmarks: tuple[Bookmark, ...]
    sequences: dict[str, int]
    answered_through: int
    feedback: tuple[Feedback, ...]


def load_tracked(store: Store) -> Tracked:
    """Return the store's bookmarks and answers; the highest numbers are asked first, so that none can be missed."""
    through, answered_through = store.max_sequence(), store.answered_through()
    bookmarks = tuple(store.iter_bookmarks())
    sequences = {mark.theme_id: store.sequence_of(mark.theme_id) for mark in bookmarks}
    return Tracked(through, bookmarks, sequences, answered_through, store.list_feedback())


def make_reader(models: Models, tracked: Tracked, *, thorough: bool = False) -> Reader:
    """Prepare the statements of the bookmarks for matching."""
    table = make_table(tracked.bookmarks, models.static, models.encoder, thorough=thorough)
    answered = make_answered(tracked.feedback, models.encoder)
    return Reader(models, load_decision(), table, tracked.sequences, answered)


def watch_articles(
    items: Iterable[Article | Skipped], store: Store, *, workers: int, options: ReaderOptions
) -> Iterator[Watched]:
    """Match the articles with the store's bookmarks and keep both; yield what each kept batch did.

    Articles that are kept already are matched only with the themes that are new to them. With `workers` 0
    everything runs in this process.
    """
    tracked = load_tracked(store)
    pieces = _iter_pieces(items, store, tracked.through)
    if not tracked.bookmarks:
        for articles, _, watched in pieces:
            yield _keep(store, articles, _Done((), ()), watched, tracked)
        return
    runner: _Runner
    if workers == 0:
        runner = _Here(_open_reader(tracked, options))
        yield from _run(pieces, store, runner, tracked, ahead=1)
        return
    with ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_start_worker, initargs=(tracked, options)
    ) as pool:
        yield from _run(pieces, store, _Pool(pool), tracked, ahead=2 * workers)


def _iter_pieces(
    items: Iterable[Article | Skipped], store: Store, through: int
) -> Iterator[tuple[tuple[Article, ...], tuple[int, ...], Watched]]:
    """Yield (articles to match, sequence each was matched through, what is known so far) per batch."""
    stream = iter(items)
    while batch := list(islice(stream, BATCH_ARTICLES)):
        articles = {item.article_id: item for item in batch if isinstance(item, Article)}
        matched = store.matched_through_of(list(articles))
        due = tuple(a for a in articles.values() if matched.get(a.article_id, -1) < through)
        watched = Watched(
            read=len(batch),
            known=sum(isinstance(item, Article) for item in batch) - len(due),
            skipped=tuple(item for item in batch if isinstance(item, Skipped)),
        )
        yield due, tuple(matched.get(article.article_id, 0) for article in due), watched


def _run(
    pieces: Iterable[tuple[tuple[Article, ...], tuple[int, ...], Watched]],
    store: Store,
    runner: _Runner,
    tracked: Tracked,
    *,
    ahead: int,
) -> Iterator[Watched]:
    waiting: deque[tuple[tuple[Article, ...], Future[_Done], Watched]] = deque()
    stop: list[None] = [None]
    for piece in chain(pieces, stop):
        if piece is not None:
            articles, above, watched = piece
            waiting.append((articles, runner.submit(_Task(articles, above)), watched))
        while waiting and (piece is None or len(waiting) > ahead):
            articles, future, watched = waiting.popleft()
            yield _keep(store, articles, _result(future), watched, tracked)


def _result(future: Future[_Done]) -> _Done:
    try:
        return future.result()
    except BrokenProcessPool as error:
        message = "a reading process died (out of memory?); what was kept is safe: run the same command again"
        raise DrumbeatError(f"{message}, with --workers 1 if it dies again") from error


def _keep(store: Store, articles: tuple[Article, ...], done: _Done, watched: Watched, tracked: Tracked) -> Watched:
    result = store.save_batch(
        articles, done.sightings, matched_through=tracked.through, weighed_through=tracked.answered_through
    )
    return Watched(
        read=watched.read,
        added=result.added,
        known=watched.known + result.known,
        sightings=result.sightings_added,
        skipped=watched.skipped + done.skipped,
    )


def _do(reader: Reader, task: _Task) -> _Done:
    """Match a batch; where that fails, its articles one by one, so that only the odd one is left out."""
    try:
        return _Done(tuple(reader.find(task.articles, task.above)), ())
    except Exception as error:  # an odd article must not stop the stream, whatever it breaks
        if len(task.articles) == 1:
            return _Done((), (Skipped(where=_name_of(task.articles[0]), why=f"could not be read: {error!r}"),))
    singles = [_do(reader, _Task((a,), (n,))) for a, n in zip(task.articles, task.above, strict=True)]
    return _Done(
        tuple(sighting for done in singles for sighting in done.sightings),
        tuple(skipped for done in singles for skipped in done.skipped),
    )


def _name_of(article: Article) -> str:
    return article.url or article.title or article.article_id


class _Here:
    """A runner that does each task at once, in this process."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def submit(self, task: _Task) -> Future[_Done]:
        future: Future[_Done] = Future()
        future.set_result(_do(self._reader, task))
        return future


class _Pool:
    """A runner that hands tasks to the worker processes."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def submit(self, task: _Task) -> Future[_Done]:
        return self._pool.submit(_do_in_worker, task)


_worker: list[Reader] = []  # one per worker process, set by its initializer


def _start_worker(tracked: Tracked, options: ReaderOptions) -> None:
    threading.Thread(target=_die_with_parent, daemon=True).start()
    _worker[:] = [_open_reader(tracked, options)]


def _open_reader(tracked: Tracked, options: ReaderOptions) -> Reader:
    return make_reader(open_models(options.encoder), tracked, thorough=options.thorough)


def _die_with_parent() -> None:
    """End this worker when its parent is gone, also after a kill -9, which leaves no time for goodbyes."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _do_in_worker(task: _Task) -> _Done:
    return _do(_worker[0], task)
