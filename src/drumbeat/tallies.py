"""What a notebook answers with: recall cards, traces, search hits, holdings.

Like the records they are made of, these are frozen and checked when they are built.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from drumbeat.records import Article, Sighting, Span, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """An article without its text, as lists and cards show it."""

    article_id: str
    title: str
    outlet: str = ""
    outlet_name: str = ""
    url: str = ""
    byline: str = ""
    published_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallCard:
    """What the reader sees when a theme comes back: one theme in one article.

    `sightings` are ordered by falling probability, never empty; `status` is that of the first.
    `before_count` counts the sightings of this theme in articles of earlier days, `last_seen_on` is the
    latest of those days.
    """

    theme_id: str
    theme: str
    bottom_line: str
    article: Heading
    sightings: tuple[Sighting, ...]
    status: Status
    before_count: int = 0
    last_seen_on: date | None = None

    def __post_init__(self) -> None:
        if not self.sightings:
            raise ValueError("a recall card needs a sighting")


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceCell:
    """How many distinct wordings had one status in one month (`month` is its first day)."""

    month: date
    status: Status
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletCount:
    """How often one outlet carried a theme, and when first."""

    outlet: str
    count: int
    first_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A theme through outlets and time. `cells` by month, then status; `outlets` by falling count.

    Copies of one wording count once, at their first day; `copies` is how many were left out.
    `undated` sightings are in no cell.
    """

    theme_id: str
    theme: str
    cells: tuple[TraceCell, ...]
    outlets: tuple[OutletCount, ...]
    first: Sighting | None = None
    first_in: Heading | None = None
    sightings_count: int = 0
    copies: int = 0
    undated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """An article that a search found. `marks` are the found words, as spans of `snippet` (not of the article).

    `snippet` is a stretch of the article's text on one line, "…" where it is cut; it has no marks where
    only the title holds the words.
    """

    article: Heading
    snippet: str
    marks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletHoldings:
    """How many articles of one outlet are kept, and of which days."""

    outlet: str
    articles: int
    first_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What a notebook holds, for `drumbeat doctor`. `outlets` by falling number of articles, then name."""

    articles: int
    undated: int
    sightings: int
    bookmarks: int
    first_on: date | None
    last_on: date | None
    outlets: tuple[OutletHoldings, ...]


def heading_of(article: Article) -> Heading:
    """Return the article without its text."""
    return Heading(
        article_id=article.article_id,
        title=article.title,
        outlet=article.outlet,
        outlet_name=article.outlet_name,
        url=article.url,
        byline=article.byline,
        published_on=article.published_on,
    )
