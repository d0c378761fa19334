"""An invalid record cannot be built."""

import datetime as dt
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.records import (
    Article,
    Attribution,
    Commitment,
    Match,
    Page,
    QuoteKind,
    Selector,
    Span,
    Speaker,
    Statement,
    Status,
    status_of,
)
from drumbeat.tallies import Heading, RecallCard, heading_of
from store.samples import NOW, make_article, make_bookmark, make_sighting
from store.strategies import texts

SPAN = Span(start=0, end=4)
NAIVE = dt.datetime(2030, 1, 1)
ELSEWHERE = NOW.astimezone(dt.timezone(dt.timedelta(hours=2)))


def match(probability):
    return Match(theme_id="t", statement_id="s", article_id="a", span=SPAN, probability=probability, found_by="x")


def attribution(**parts):
    default = {"source": (), "cue": (), "content": (SPAN,), "kind": QuoteKind.DIRECT, "found_by": "x", "score": 0.5}
    return Attribution(**(default | parts))


@pytest.mark.parametrize(
    "build",
    [
        lambda: Span(start=-1, end=3),
        lambda: Span(start=3, end=3),
        lambda: Span(start=4, end=3),
        lambda: Selector(exact=" \n"),
        lambda: Article(article_id="", text="words"),
        lambda: make_article(1, published_at=NAIVE),
        lambda: make_article(1, modified_at=ELSEWHERE),
        lambda: Page(where="-", content=b"", media_type="text/html", fetched_at=NAIVE),
        lambda: Speaker(speaker_id=0, name="Marta Quill", named=False),
        lambda: Speaker(speaker_id=0, named=True),
        lambda: attribution(content=()),
        lambda: attribution(score=1.01),
        lambda: match(-0.1),
        lambda: match(float("nan")),
        lambda: Statement(statement_id="s", text="\t"),
        lambda: make_bookmark(" "),
        lambda: replace(make_bookmark(), statements=()),
        lambda: replace(make_bookmark(), since=dt.date(2031, 1, 2), until=dt.date(2031, 1, 1)),
        lambda: replace(make_bookmark(), bookmarked_at=NAIVE),
        lambda: replace(make_bookmark(), edited_at=ELSEWHERE),
        lambda: RecallCard(
            theme_id="t",
            theme="Orlo",
            bottom_line="",
            article=Heading(article_id="a", title=""),
            sightings=(),
            status=Status.DENIED,
        ),
    ],
)
def test_invalid_records_cannot_be_built(build):
    with pytest.raises(ValueError, match=r"need|must|named"):
        build()


def test_records_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        make_article(1).title = "Another"


def test_a_span_does_not_leave_its_text():
    assert SPAN.of("Orlo dam") == "Orlo"
    with pytest.raises(ValueError, match="leaves a text of 3"):
        SPAN.of("Orl")


@given(texts, st.integers(0, 90), st.integers(1, 90), st.integers(0, 90), st.integers(1, 90))
def test_spans_hold_and_overlap_as_the_sets_of_their_places(text, start, length, other_start, other_length):
    one, other = Span(start=start, end=start + length), Span(start=other_start, end=other_start + other_length)
    places, other_places = set(range(one.start, one.end)), set(range(other.start, other.end))
    assert one.holds(other) == (other_places <= places)
    assert one.overlaps(other) == bool(places & other_places)
    if one.end <= len(text):
        assert len(one.of(text)) == length


@pytest.mark.parametrize(
    ("is_attributed", "commitment", "status"),
    [
        (False, Commitment.ASSERTS, Status.ASSERTED),
        (True, Commitment.ASSERTS, Status.ATTRIBUTED),
        (False, Commitment.PRESUPPOSES, Status.TAKEN_FOR_GRANTED),
        (True, Commitment.PRESUPPOSES, Status.TAKEN_FOR_GRANTED),
        (False, Commitment.HEDGES, Status.HEDGED),
        (True, Commitment.QUESTIONS, Status.QUESTIONED),
        (True, Commitment.DENIES, Status.DENIED),
    ],
)
def test_status_comes_from_its_two_axes(is_attributed, commitment, status):
    assert status_of(is_attributed, commitment) is status
    article, bookmark = make_article(1), make_bookmark()
    parts = {} if is_attributed else {"holder": None}
    assert make_sighting(article, bookmark, commitment=commitment, **parts).status is status


def test_a_heading_is_the_article_without_its_text():
    article = make_article(3, byline="Ana Roe")
    heading = heading_of(article)
    assert all(getattr(article, name) == getattr(heading, name) for name in Heading.__slots__)
