"""A small invented world: outlets and people of Veland, and a theme that is carried in it."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

from drumbeat.records import (
    Article,
    Bookmark,
    Commitment,
    Holder,
    Match,
    Sighting,
    Span,
    Statement,
)
from drumbeat.store import Store, open_store

NOW = dt.datetime(2031, 5, 1, 12, tzinfo=dt.UTC)
CLAIM = "The dam at Orlo was opened on purpose"


def make_article(number: int, **parts) -> Article:
    article = {
        "article_id": f"a{number:04}",
        "title": f"Report {number} from the Orlo valley",
        "text": f"{CLAIM}, officials in Veland said on day {number}.\n\nMarta Quill, a farmer, lost {number} sheep.",
        "outlet": ("veland-post.example", "orlo-herald.example")[number % 2],
        "outlet_name": ("Veland Post", "Orlo Herald")[number % 2],
        "published_on": dt.date(2030, 1, 1) + dt.timedelta(days=number),
    }
    return Article(**(article | parts))


def make_bookmark(name: str = "Orlo dam", *texts: str, **parts) -> Bookmark:
    theme_id = parts.pop("theme_id", "t-" + name.casefold().replace(" ", "-"))
    statements = tuple(Statement(statement_id=f"{theme_id}-{text}", text=text) for text in texts or (CLAIM,))
    bookmark = {"bottom_line": "No inquiry has found this.", "bookmarked_at": NOW, "edited_at": NOW}
    return Bookmark(theme_id=theme_id, name=name, statements=statements, **(bookmark | parts))


def make_sighting(article: Article, bookmark: Bookmark, number: int = 0, **parts) -> Sighting:
    span = Span(start=number, end=number + 10)
    match = Match(
        theme_id=bookmark.theme_id,
        statement_id=parts.pop("statement_id", bookmark.statements[0].statement_id),
        article_id=article.article_id,
        span=span,
        probability=parts.pop("probability", 0.8),
        found_by="test/1",
    )
    sighting = {
        "sighting_id": f"{bookmark.theme_id}/{article.article_id}/{number}",
        "exact": span.of(article.text),
        "holder": Holder(text="officials in Veland", named=False),
        "commitment": Commitment.ASSERTS,
        "wording_id": f"w{article.article_id}{number}",
        "outlet": article.outlet,
        "seen_on": article.published_on,
    }
    return Sighting(match=match, **(sighting | parts))


def make_store(folder: Path, bookmark: Bookmark | None = None, articles: int = 0, **options) -> Store:
    """Open a notebook with that bookmark and the articles 1 … n, each with one sighting of it."""
    store = open_store(folder / "notebook.db", **options)
    sequence = store.save_bookmark(bookmark) if bookmark else 0
    batch = [make_article(number) for number in range(1, articles + 1)]
    found = [make_sighting(article, bookmark) for article in batch] if bookmark else []
    store.save_batch(batch, found, matched_through=sequence)
    return store


def as_found(sighting: Sighting) -> Sighting:
    """Return a sighting as it was before it was weighed."""
    return replace(sighting, probability=None, tier=None)
