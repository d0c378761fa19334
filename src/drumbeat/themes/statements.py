"""Bookmarked statements as columns, so that a batch of sentences meets all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drumbeat.models.protocols import Encoder, StaticEncoder, Vectors
from drumbeat.records import Bookmark, Polarity, Statement

RARE = 3.0  # word pieces in more than one news paragraph in twenty say nothing of the topic
NO_DAY = 0
LAST_DAY = date.max.toordinal()


class EncodedStatements:
    """The encoder's unit rows of n statements, (n, dimension); each is made when it is first asked for.

    Of ten thousand statements a day's news comes near a few hundred; encoding them all would take half a minute.
    """

    def __init__(self, texts: Sequence[str], encoder: Encoder) -> None:
        self._texts = texts
        self._encoder = encoder
        self._rows = np.zeros((len(texts), encoder.info.dimension), np.float32)
        self._made = np.zeros(len(texts), np.bool_)

    def rows(self, indices: NDArray[np.int64]) -> Vectors:
        """Return the rows of k statements, (k, dimension)."""
        missing = np.unique(indices[~self._made[indices]])
        self._rows[missing] = self._encoder.encode([self._texts[index] for index in missing])
        self._made[missing] = True
        return self._rows[indices]


@dataclass(frozen=True, slots=True)
class StatementTable:
    """n statements as columns; `since` and `until` are ordinals of days, `NO_DAY` and `LAST_DAY` for no limit.

    The gates of the cascade are drawn for `crowd` statements: the more, the higher (see `models.decision.Step`).
    `reach` is how far below the usual line matches are looked for, in log odds (see `tiers.Sensitivity`).
    `static` (n, 256) are unit rows; `words` (n, pieces) is sparse, each row the share of a
    statement's rarity that a word piece carries.
    """

    theme_ids: tuple[str, ...]
    statement_ids: tuple[str, ...]
    texts: tuple[str, ...]
    polarities: tuple[Polarity, ...]
    since: NDArray[np.int64]
    until: NDArray[np.int64]
    reach: Vectors
    static: Vectors
    encoded: EncodedStatements
    words: Any
    crowd: int


def make_table(
    bookmarks: Sequence[Bookmark], static: StaticEncoder, encoder: Encoder, *, thorough: bool = False
) -> StatementTable:
    """Return the statements of the bookmarks, in order; `thorough`: gates as low for many as they are for few."""
    rows = [
        (bookmark.theme_id, statement, bookmark.since) for bookmark in bookmarks for statement in bookmark.statements
    ]
    until = [ordinal_of(bookmark.until) or LAST_DAY for bookmark in bookmarks for _ in bookmark.statements]
    reach = [bookmark.sensitivity.reach for bookmark in bookmarks for _ in bookmark.statements]
    table = make_statement_table(rows, static, encoder)
    crowd = 0 if thorough else table.crowd
    return replace(table, until=np.array(until, np.int64), reach=np.array(reach, np.float32), crowd=crowd)


def make_statement_table(
    rows: Sequence[tuple[str, Statement, date | None]], static: StaticEncoder, encoder: Encoder
) -> StatementTable:
    """Return (theme id, statement, since) rows as columns, in order, without a last day, of normal sensitivity."""
    texts = tuple(statement.text for _, statement, _ in rows)
    pieces = static.pieces(texts)
    return StatementTable(
        theme_ids=tuple(theme_id for theme_id, _, _ in rows),
        statement_ids=tuple(statement.statement_id for _, statement, _ in rows),
        texts=texts,
        polarities=tuple(statement.polarity for _, statement, _ in rows),
        since=np.array([ordinal_of(since) for _, _, since in rows], np.int64),
        until=np.full(len(rows), LAST_DAY, np.int64),
        reach=np.zeros(len(rows), np.float32),
        static=static.average(pieces),
        encoded=EncodedStatements(texts, encoder),
        words=word_shares(pieces, static.rarity),
        crowd=len(rows),
    )


def ordinal_of(day: date | None) -> int:
    """Return a day as a number that orders; `NO_DAY` for None."""
    return day.toordinal() if day else NO_DAY


def word_shares(rows: Sequence[Sequence[int]], rarity: Vectors) -> Any:
    """Return a sparse (rows, pieces) matrix: the share of a row's rarity in each of its rare pieces; rows sum to 1."""
    weighted = piece_bags(rows, len(rarity)).multiply(np.where(rarity > RARE, rarity, 0.0)[None]).tocsr()
    totals = np.asarray(weighted.sum(axis=1)).ravel()
    weighted.data /= np.repeat(np.maximum(totals, 1e-9), np.diff(weighted.indptr))
    return weighted


def piece_bags(rows: Sequence[Sequence[int]], pieces: int) -> Any:
    """Return a sparse (rows, pieces) matrix with 1 where a row holds a word piece."""
    from scipy.sparse import csr_matrix

    lengths = np.fromiter(map(len, rows), np.int64, len(rows))
    columns = np.fromiter((piece for row in rows for piece in row), np.int64, int(lengths.sum()))
    bags = csr_matrix(
        (np.ones(len(columns), np.float32), (np.repeat(np.arange(len(rows)), lengths), columns)),
        shape=(len(rows), pieces),
    )
    bags.sum_duplicates()
    bags.data[:] = 1.0
    return bags
