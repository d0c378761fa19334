"""Arbitrary records whose parts fit together, for the property tests of store and codec."""

import datetime as dt

from hypothesis import strategies as st

from drumbeat.records import (
    Article,
    Bookmark,
    BookmarkedPassage,
    Commitment,
    Evidence,
    Holder,
    Layer,
    Match,
    Polarity,
    Selector,
    Sighting,
    Span,
    Statement,
)
from drumbeat.tiers import Sensitivity

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
words = texts.filter(str.strip)
ids = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12)
days = st.dates()
instants = st.datetimes(timezones=st.just(dt.UTC))
probabilities = st.floats(0, 1)


@st.composite
def articles(draw, text=texts):
    return Article(
        article_id=draw(ids),
        text=draw(text),
        title=draw(texts),
        byline=draw(texts),
        outlet=draw(texts),
        outlet_name=draw(texts),
        url=draw(texts),
        published_on=draw(st.none() | days),
        published_at=draw(st.none() | instants),
        modified_at=draw(st.none() | instants),
        language=draw(texts),
        labels=draw(st.dictionaries(texts, texts, max_size=3)),
    )


@st.composite
def spans_in(draw, text):
    start = draw(st.integers(0, len(text) - 1))
    return Span(start=start, end=draw(st.integers(start + 1, len(text))))


@st.composite
def passages(draw):
    text = draw(words)
    span = draw(spans_in(text).filter(lambda span: span.of(text).strip()))
    return BookmarkedPassage(
        selector=Selector(exact=span.of(text), prefix=draw(texts), suffix=draw(texts)),
        span=span,
        article_id=draw(ids),
        url=draw(texts),
        title=draw(texts),
    )


@st.composite
def bookmarks(draw):
    return Bookmark(
        theme_id=draw(ids),
        name=draw(words),
        statements=tuple(
            Statement(statement_id=statement_id, text=draw(words), polarity=draw(st.sampled_from(Polarity)))
            for statement_id in draw(st.lists(ids, min_size=1, max_size=3, unique=True))
        ),
        bottom_line=draw(texts),
        passages=tuple(draw(st.lists(passages(), max_size=2))),
        tags=tuple(draw(st.lists(texts, max_size=3))),
        links=tuple(draw(st.lists(ids, max_size=2))),
        since=draw(st.none() | st.dates(max_value=dt.date(2030, 1, 1))),
        until=draw(st.none() | st.dates(min_value=dt.date(2030, 1, 1))),
        sensitivity=draw(st.sampled_from(Sensitivity)),
        revision=draw(st.integers(1, 50)),
        bookmarked_at=draw(instants),
        edited_at=draw(instants),
    )


@st.composite
def holders(draw, text):
    return Holder(
        text=draw(texts), named=draw(st.booleans()), speaker=draw(st.none() | texts), span=draw(spans_in(text))
    )


@st.composite
def layers(draw, text):
    cue = draw(spans_in(text))
    return Layer(
        holder=draw(st.none() | holders(text)),
        commitment=draw(st.none() | st.sampled_from(Commitment)),
        cue=cue,
        cue_text=cue.of(text),
    )


@st.composite
def sightings(draw, bookmark, article):
    span = draw(spans_in(article.text))
    return Sighting(
        sighting_id=draw(ids),
        match=Match(
            theme_id=bookmark.theme_id,
            statement_id=draw(st.sampled_from(bookmark.statements)).statement_id,
            article_id=article.article_id,
            span=span,
            probability=draw(probabilities),
            found_by=draw(texts),
        ),
        exact=span.of(article.text),
        prefix=draw(texts),
        suffix=draw(texts),
        holder=draw(st.none() | holders(article.text)),
        commitment=draw(st.sampled_from(Commitment)),
        evidence=(Evidence(span=draw(spans_in(article.text)), rule=draw(texts)),),
        chain=tuple(draw(st.lists(layers(article.text), max_size=3))),
        wording_id=draw(texts),
        outlet=article.outlet,
        seen_on=article.published_on,
    )


@st.composite
def sighted_articles(draw):
    """A bookmark, an article, and sightings of the one in the other, each with its own id."""
    bookmark = draw(bookmarks())
    article = draw(articles(text=texts.filter(bool)))
    found = draw(
        st.lists(sightings(bookmark, article), min_size=1, max_size=4, unique_by=lambda each: each.sighting_id)
    )
    return bookmark, article, found
