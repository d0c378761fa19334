"""What passes between a reader and their notebook: filters, recall cards, feedback, traces, search hits, holdings.

Like the records they are made of, these are frozen and checked when they are built.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from drumbeat.records import Article, Sighting, Span, Status, need_utc
from drumbeat.tiers import SHOWN_TIERS, Answer, Sensitivity, Tier, TierLines, log_odds, probability_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SightingFilter:
    """Which sightings to show; None is no limit. `outlet` is a domain or a printed name, both days are included.

    `least_probability` is of the probability that is shown, not of the model's own.
    """

    status: Status | None = None
    outlet: str | None = None
    since: date | None = None
    until: date | None = None
    least_probability: float = 0.0
    tiers: tuple[Tier, ...] = SHOWN_TIERS


@dataclass(frozen=True, slots=True, kw_only=True)
class TierCounts:
    """How many sightings stand in each tier."""

    confirmed: int = 0
    suggested: int = 0
    set_aside: int = 0

    def of(self, tier: Tier) -> int:
        """Return the count of one tier."""
        return {Tier.CONFIRMED: self.confirmed, Tier.SUGGESTED: self.suggested, Tier.SET_ASIDE: self.set_aside}[tier]


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

    `sightings` are ordered by tier, then falling probability, never empty; `status` is that of the first.
    `before_count` counts the sightings of this theme, in the tiers asked for, in articles of earlier days;
    `last_seen_on` is the latest of those days.
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
class Feedback:
    """The reader's answer to one passage for one theme: "yes, this" or "not this".

    `feedback_id` is made from theme, article and span: a passage has one answer, which may change. `revision`
    grows by one with every change, all are kept; `answer` is None once it is taken back. The words stand here
    too, so that it holds without the article. `wording_id` as in `Sighting`.
    """

    feedback_id: str
    theme_id: str
    article_id: str
    span: Span
    exact: str
    wording_id: str
    answer: Answer | None
    note: str = ""
    revision: int = 1
    given_at: datetime

    def __post_init__(self) -> None:
        if not self.exact.strip():
            raise ValueError("feedback needs the words it is about")
        need_utc("given_at", self.given_at)


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
    `undated` sightings are in no cell. `tiers` are those that were counted.
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
    tiers: tuple[Tier, ...] = SHOWN_TIERS


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


def weigh_sighting(
    sighting: Sighting, *, sensitivity: Sensitivity, lines: TierLines, answer: Answer | None = None
) -> Sighting:
    """Return the sighting with the probability to show, its tier and the reader's answer."""
    moved = sighting.shift + sensitivity.shift
    own = sighting.match.probability
    odds = log_odds(own) + sighting.shift + sensitivity.shift
    shown = round(probability_of(odds), 4) if moved else own
    return replace(sighting, probability=shown, tier=lines.tier_of(odds, answer), answer=answer)


def shown_probability(sighting: Sighting) -> float:
    """Return the probability to show: the model's own as long as the sighting is not weighed."""
    return sighting.match.probability if sighting.probability is None else sighting.probability


def count_tiers(sightings: Iterable[Sighting]) -> TierCounts:
    """Return how many of the weighed sightings stand in each tier."""
    counts = Counter(one.tier for one in sightings)
    return TierCounts(
        confirmed=counts[Tier.CONFIRMED], suggested=counts[Tier.SUGGESTED], set_aside=counts[Tier.SET_ASIDE]
    )
