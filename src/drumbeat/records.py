"""The glossary as code: the records that pass between the layers.

Every record is frozen and checked when it is built, so an invalid one cannot exist. Names follow
`docs/glossary.md`. Spans are half-open `[start, end)` in Unicode code points of `Article.text` (W3C
`TextPositionSelector`); instants are timezone-aware UTC; days are days of the outlet where known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum

from drumbeat.tiers import Answer, Sensitivity, Tier


class Commitment(StrEnum):
    """How a holder stands to a statement (the second axis of a status)."""

    ASSERTS = "asserts"
    PRESUPPOSES = "presupposes"
    HEDGES = "hedges"
    QUESTIONS = "questions"
    DENIES = "denies"


class Status(StrEnum):
    """How a theme is carried, derived from holder and commitment by `status_of`."""

    ATTRIBUTED = "attributed"
    ASSERTED = "asserted"
    HEDGED = "hedged"
    QUESTIONED = "questioned"
    DENIED = "denied"
    TAKEN_FOR_GRANTED = "taken for granted"


class QuoteKind(StrEnum):
    """How the content of an attribution is given: all, partly, or not in quotation marks."""

    DIRECT = "direct"
    MIXED = "mixed"
    INDIRECT = "indirect"


class Polarity(StrEnum):
    """Whether a statement says what the theme claims or the opposite of it."""

    AFFIRMS = "affirms"
    COUNTERS = "counters"


class TriggerKind(StrEnum):
    """Kinds of presupposition trigger (Levinson 1983; NOPE, Parrish et al. 2021)."""

    DEFINITE = "definite"
    FACTIVE = "factive"
    IMPLICATIVE = "implicative"
    CHANGE_OF_STATE = "change of state"
    ITERATIVE = "iterative"
    TEMPORAL = "temporal clause"
    CLEFT = "cleft"
    COMPARISON = "comparison"
    COUNTERFACTUAL = "counterfactual"
    QUESTION = "question"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A non-empty half-open interval of code points of one article's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, got [{self.start}, {self.end})")

    def of(self, text: str) -> str:
        """Return the words the span covers; raise ValueError where it leaves the text."""
        if self.end > len(text):
            raise ValueError(f"span [{self.start}, {self.end}) leaves a text of {len(text)} characters")
        return text[self.start : self.end]

    def holds(self, other: Span) -> bool:
        """Tell whether `other` lies within this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two spans share a code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """The words of a passage with what stands around them (W3C `TextQuoteSelector`)."""

    exact: str
    prefix: str = ""
    suffix: str = ""

    def __post_init__(self) -> None:
        if not self.exact.strip():
            raise ValueError("a selector needs the words it selects")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The bytes of one response or file. `where` is the URL or path, `media_type` without parameters."""

    where: str
    content: bytes
    media_type: str
    charset: str | None = None
    fetched_at: datetime

    def __post_init__(self) -> None:
        need_utc("fetched_at", self.fetched_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One published piece (schema.org `NewsArticle`).

    `article_id` is made from where it stood and what it said, so the same piece has the same id at
    every reading. `outlet` is the registered domain ("example.com"), `outlet_name` the name as printed.
    `published_on` is the outlet's day; `published_at` the instant when it is known. `labels` keeps
    fields of the source that drumbeat carries but does not interpret.
    """

    article_id: str
    text: str
    title: str = ""
    byline: str = ""
    outlet: str = ""
    outlet_name: str = ""
    url: str = ""
    published_on: date | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.article_id:
            raise ValueError("an article needs an id")
        need_utc("published_at", self.published_at)
        need_utc("modified_at", self.modified_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something the analysis could not do, and why; `span` where it concerns one place."""

    what: str
    why: str
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """One item of a stream that could not be read; `where` names file and line or the URL."""

    where: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """The person or body that a source refers to.

    `name` is the fullest name the article prints, None for an unnamed voice, whose printed
    description ("two U.S. officials") is then `description`. `mentions` are the spans that name it.
    """

    speaker_id: int
    name: str | None = None
    named: bool
    description: str = ""
    role: str | None = None
    affiliation: str | None = None
    mentions: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if self.named != (self.name is not None):
            raise ValueError("a speaker is named exactly when it has a name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Something the text ascribes to somebody: source + cue + content (PARC, PolNeAR).

    Each part is a tuple of spans in text order, since contents are often broken by their cue;
    `source` may be empty ("it was said that"). `speaker_id` points into `Reading.speakers`. `depth` is
    0 for an attribution of the article itself, 1 inside another's content, and so on. `score` in
    [0, 1] is the share of right attributions that the rule `found_by` had on PolNeAR's training side.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    kind: QuoteKind
    speaker_id: int | None = None
    depth: int = 0
    found_by: str
    score: float

    def __post_init__(self) -> None:
        if not self.content:
            raise ValueError("an attribution needs content")
        _need_probability("score", self.score)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A word or construction that presupposes; `presupposed` is the span taken for granted, if one."""

    span: Span
    kind: TriggerKind
    presupposed: Span | None = None
    found_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What drumbeat found in one article. All spans are of `article.text`, in text order."""

    article: Article
    passages: tuple[Span, ...]
    sentences: tuple[Span, ...]
    attributions: tuple[Attribution, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One proposition in plain words; part of a theme, or with `counters` the opposite of what the theme claims."""

    statement_id: str
    text: str
    polarity: Polarity = Polarity.AFFIRMS

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("a statement needs words")


@dataclass(frozen=True, slots=True, kw_only=True)
class BookmarkedPassage:
    """A passage the reader marked, in a form that finds it again when the page changes."""

    selector: Selector
    span: Span
    article_id: str
    url: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """A theme that a reader tracks, with their own bottom line.

    `theme_id` never changes, `name` may. `revision` grows by one with every edit; all revisions are
    kept. `links` are the theme ids of earlier themes this one leans on. `since` and `until` limit matching
    to articles of those days, both included, and to those without a day. `sensitivity` moves the log odds of
    the theme's matches.
    """

    theme_id: str
    name: str
    statements: tuple[Statement, ...]
    bottom_line: str
    passages: tuple[BookmarkedPassage, ...] = ()
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    sensitivity: Sensitivity = Sensitivity.NORMAL
    revision: int = 1
    bookmarked_at: datetime
    edited_at: datetime

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("a bookmark needs a name")
        if not self.statements:
            raise ValueError("a bookmark needs at least one statement")
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"a bookmark needs a last day after its first, got {self.since} to {self.until}")
        need_utc("bookmarked_at", self.bookmarked_at)
        need_utc("edited_at", self.edited_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A sentence that conveys a statement or its negation.

    `probability` in [0, 1] is calibrated: of the matches given .8, about eight in ten convey the
    statement (measured by theme-wise cross-validation, see `drumbeat eval`). `found_by` names the
    models and their version.
    """

    theme_id: str
    statement_id: str
    article_id: str
    span: Span
    probability: float
    found_by: str

    def __post_init__(self) -> None:
        _need_probability("probability", self.probability)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose commitment a sighting is: `text` as printed, `span` where, `speaker` the fullest name if resolved.

    `span` is None where the words stand outside the sentences that were read; `named` as in `Speaker`.
    """

    text: str
    named: bool
    speaker: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Words that decided a status, and the rule that read them."""

    span: Span
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One link in a chain of holders: how somebody stands to what the next layer holds, the innermost to the theme.

    `holder` is None for the outlet, and without words where the text names nobody. `commitment` is None where
    the cue does not tell it. `cue` is the span of the words that do, `cue_text` those words.
    """

    holder: Holder | None
    commitment: Commitment | None
    cue: Span
    cue_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A match with its status, at a time, in an outlet.

    `holder` is None for the outlet's own voice. `wording_id` is equal for sentences that are the same
    but for case, marks and spaces, so that a syndicated copy can be counted once. `prefix` and
    `suffix` are the neighbouring sentences, for reading it without the article.

    `chain` are the holders through whom the theme comes, outermost first ("Holt rejected the agencies' finding that"),
    read from the attributions; `holder` and `commitment` are what the model makes of the whole. It is empty
    where nobody is said to hold the theme, and in sightings of older notebooks.

    `match.probability` is the model's own. `shift` is what the reader's answers to like passages add to its
    log odds. `probability`, after that and the theme's sensitivity, `tier` and `answer` say how it stands
    with the reader; the first two are None until it is weighed (`tallies.weigh_sighting`).
    """

    sighting_id: str
    match: Match
    exact: str
    prefix: str = ""
    suffix: str = ""
    holder: Holder | None
    commitment: Commitment
    evidence: tuple[Evidence, ...] = ()
    chain: tuple[Layer, ...] = ()
    wording_id: str
    outlet: str = ""
    seen_on: date | None = None
    shift: float = 0.0
    probability: float | None = None
    tier: Tier | None = None
    answer: Answer | None = None

    def __post_init__(self) -> None:
        if self.probability is not None:
            _need_probability("probability", self.probability)

    @property
    def status(self) -> Status:
        """Return how the theme is carried here."""
        return status_of(self.holder is not None, self.commitment)


def status_of(is_attributed: bool, commitment: Commitment) -> Status:
    """Derive the status from its two axes."""
    if commitment is Commitment.ASSERTS:
        return Status.ATTRIBUTED if is_attributed else Status.ASSERTED
    return _STATUS[commitment]


_STATUS = {
    Commitment.PRESUPPOSES: Status.TAKEN_FOR_GRANTED,
    Commitment.HEDGES: Status.HEDGED,
    Commitment.QUESTIONS: Status.QUESTIONED,
    Commitment.DENIES: Status.DENIED,
}


def need_utc(name: str, value: datetime | None) -> None:
    """Raise ValueError for an instant that is not aware UTC."""
    if value is not None and value.utcoffset() != UTC.utcoffset(None):
        raise ValueError(f"{name} must be an aware UTC datetime, got {value!r}")


def _need_probability(name: str, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"{name} must lie in [0, 1], got {value}")
