"""Articles in the notebook: kept once, read back in the order in which they came."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime

from drumbeat.codec import encode_record
from drumbeat.errors import InputError
from drumbeat.records import Article
from drumbeat.store.connection import decode_stored, read_stored
from drumbeat.tallies import Heading

_PAGE = 200
_LAST_CHARACTER = "\U0010ffff"
_INSERT = """
    INSERT INTO articles (
        article_id, matched_through, day, outlet, outlet_name, title, byline, url,
        published_at, modified_at, language, labels, text
    ) VALUES (
        :article_id, :matched_through, :day, :outlet, :outlet_name, :title, :byline, :url,
        :published_at, :modified_at, :language, :labels, :text
    ) ON CONFLICT (article_id) DO NOTHING
"""
# The inner query walks a narrow index; only the rows of the page are then read with their texts.
_LOAD_PAGE = """
    SELECT * FROM articles WHERE number IN (
        SELECT number FROM articles INDEXED BY articles_by_matching
        WHERE number > :number AND (:below IS NULL OR matched_through < :below) ORDER BY number LIMIT :page
    ) ORDER BY number
"""


def insert_articles(connection: sqlite3.Connection, articles: Iterable[Article], matched_through: int) -> int:
    """Keep the articles that are not kept yet; return how many those were. Needs an open transaction.

    All of them, known or not, now count as matched through that sequence number at least.
    """
    rows = [_row_of(article, matched_through) for article in articles]
    added = connection.executemany(_INSERT, rows).rowcount
    connection.executemany(
        "UPDATE articles SET matched_through = :matched_through"
        " WHERE article_id = :article_id AND matched_through < :matched_through",
        rows,
    )
    return max(added, 0)


def _row_of(article: Article, matched_through: int) -> dict[str, str | int | None]:
    return {
        "article_id": article.article_id,
        "matched_through": matched_through,
        "day": article.published_on.isoformat() if article.published_on else None,
        "outlet": article.outlet,
        "outlet_name": article.outlet_name,
        "title": article.title,
        "byline": article.byline,
        "url": article.url,
        "published_at": _iso(article.published_at),
        "modified_at": _iso(article.modified_at),
        "language": article.language,
        "labels": encode_record(dict(article.labels)).decode(),
        "text": article.text,
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.astimezone(UTC).isoformat() if instant else None


def load_article(connection: sqlite3.Connection, article_id: str) -> Article:
    """Return the article with that id or, failing that, the only one whose id begins so; else raise InputError."""
    rows = connection.execute("SELECT * FROM articles WHERE article_id = ?", (article_id,)).fetchall()
    if not rows and article_id:
        rows = connection.execute(
            "SELECT * FROM articles WHERE article_id > ? AND article_id < ? ORDER BY article_id LIMIT 3",
            (article_id, article_id + _LAST_CHARACTER),
        ).fetchall()
    if len(rows) == 1:
        return _article_of(rows[0])
    if rows:
        some = ", ".join(row["article_id"] for row in rows)
        message = f"the ids of several articles begin with {article_id!r} (such as {some}); give more of the id"
        raise InputError(message, where=article_id)
    raise _no_article(article_id)


def _no_article(article_id: str) -> InputError:
    message = f"no article in the notebook has the id {article_id!r}; find it with a search for its words"
    return InputError(message, where=article_id)


def iter_articles(connection: sqlite3.Connection, *, matched_below: int | None, after: str | None) -> Iterator[Article]:
    """Yield the articles in the order in which they came, 200 in memory at a time.

    Each page is its own short read, so articles may be saved meanwhile; those that come later are met too.
    """
    number = _number_of(connection, after) if after else 0
    bounds = {"below": matched_below, "page": _PAGE}
    while page := connection.execute(_LOAD_PAGE, bounds | {"number": number}).fetchall():
        for row in page:
            yield _article_of(row)
        number = page[-1]["number"]


def _number_of(connection: sqlite3.Connection, article_id: str) -> int:
    row = connection.execute("SELECT number FROM articles WHERE article_id = ?", (article_id,)).fetchone()
    if row is None:
        raise _no_article(article_id)
    return int(row["number"])


def matched_through_of(connection: sqlite3.Connection, article_ids: Sequence[str]) -> dict[str, int]:
    """Return, for those of the articles that are kept, the sequence number each was matched through."""
    rows = connection.execute(
        "SELECT article_id, matched_through FROM articles WHERE article_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(article_ids)),),
    )
    return {row["article_id"]: row["matched_through"] for row in rows}


def count_articles(connection: sqlite3.Connection, *, matched_below: int | None) -> int:
    """Return how many articles are kept, or how many of them were matched through less than that number."""
    query = "SELECT count(*) FROM articles WHERE :below IS NULL OR matched_through < :below"
    return int(connection.execute(query, {"below": matched_below}).fetchone()[0])


def _article_of(row: sqlite3.Row) -> Article:
    with read_stored():
        return Article(
            article_id=row["article_id"],
            text=row["text"],
            title=row["title"],
            byline=row["byline"],
            outlet=row["outlet"],
            outlet_name=row["outlet_name"],
            url=row["url"],
            published_on=day_of(row["day"]),
            published_at=_instant_of(row["published_at"]),
            modified_at=_instant_of(row["modified_at"]),
            language=row["language"],
            labels=decode_stored(row["labels"], dict[str, str]),
        )


def load_heading(connection: sqlite3.Connection, article_id: str) -> Heading:
    """Return the heading of a kept article."""
    row = connection.execute(
        "SELECT article_id, title, outlet, outlet_name, url, byline, day FROM articles WHERE article_id = ?",
        (article_id,),
    ).fetchone()
    return heading_of_row(row)


def heading_of_row(row: sqlite3.Row) -> Heading:
    """Return the heading in a row that has the columns of an article."""
    with read_stored():
        return Heading(
            article_id=row["article_id"],
            title=row["title"],
            outlet=row["outlet"],
            outlet_name=row["outlet_name"],
            url=row["url"],
            byline=row["byline"],
            published_on=day_of(row["day"]),
        )


def day_of(stored: str | None) -> date | None:
    """Return the day in a `day` column."""
    return date.fromisoformat(stored) if stored else None


def _instant_of(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None
