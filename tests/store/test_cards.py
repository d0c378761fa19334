import datetime as dt
from dataclasses import replace

import pytest

from drumbeat.errors import UnknownTheme
from drumbeat.records import Commitment, Status
from drumbeat.tallies import SightingFilter
from store.samples import as_found, make_article, make_bookmark, make_sighting, make_store

DAM, WHEAT = make_bookmark("Orlo dam"), make_bookmark("Wheat")


@pytest.fixture
def store(tmp_path):
    with make_store(tmp_path, DAM, articles=4) as store:
        yield store


def shown(store, *, theme=None, limit=None, **filters):
    cards = store.iter_cards(SightingFilter(**filters), theme=theme, limit=limit)
    return [card.article.article_id for card in cards]


def test_newest_article_first_undated_last(store):
    same_day = make_article(5, published_on=make_article(2).published_on)
    undated = make_article(6, published_on=None)
    store.save_batch(
        [undated, same_day], [make_sighting(undated, DAM), make_sighting(same_day, DAM)], matched_through=1
    )
    assert shown(store) == ["a0004", "a0003", "a0005", "a0002", "a0001", "a0006"]
    assert shown(store, limit=2) == ["a0004", "a0003"]


def test_a_card_is_one_theme_in_one_article(store):
    article, sequence = make_article(4), store.save_bookmark(WHEAT)
    surer = make_sighting(article, DAM, 5, probability=0.95, commitment=Commitment.PRESUPPOSES)
    store.save_batch([], [surer, make_sighting(article, WHEAT)], matched_through=sequence)
    cards = list(store.iter_cards(limit=2))
    assert [(card.theme, len(card.sightings)) for card in cards] == [("Wheat", 1), ("Orlo dam", 2)]
    assert as_found(cards[1].sightings[0]) == surer
    assert cards[1].status is Status.TAKEN_FOR_GRANTED
    assert cards[1].bottom_line == DAM.bottom_line


def test_a_card_tells_what_came_before(store):
    same_day = make_article(5, published_on=make_article(4).published_on)
    store.save_batch([same_day], [make_sighting(same_day, DAM)], matched_through=1)
    told = [(card.before_count, card.last_seen_on) for card in store.iter_cards()]
    day = dt.date(2030, 1, 1)
    assert told == [
        (3, day + dt.timedelta(3)),
        (3, day + dt.timedelta(3)),
        (2, day + dt.timedelta(2)),
        (1, day + dt.timedelta(1)),
        (0, None),
    ]
    assert [card.before_count for card in store.iter_cards(SightingFilter(outlet="orlo-herald.example"), limit=2)] == [
        3,
        2,
    ]


def test_filters(store):
    denied = make_sighting(make_article(2), DAM, 3, commitment=Commitment.DENIES)
    store.save_batch([], [denied], matched_through=1)
    assert shown(store, status=Status.DENIED) == ["a0002"]
    (card,) = store.iter_cards(SightingFilter(status=Status.DENIED))
    assert [as_found(sighting) for sighting in card.sightings] == [denied]
    assert shown(store, outlet="Veland Post") == ["a0004", "a0002"]
    assert shown(store, outlet="veland-post.example") == ["a0004", "a0002"]
    assert shown(store, outlet="Nobody's Gazette") == []
    assert shown(store, since=dt.date(2030, 1, 3), until=dt.date(2030, 1, 4)) == ["a0003", "a0002"]
    assert shown(store, theme="orlo DAM", limit=1) == ["a0004"]
    with pytest.raises(UnknownTheme):
        shown(store, theme="Orlo")


def test_a_later_reading_corrects_a_sighting_an_earlier_does_not(store):
    sighting = make_sighting(make_article(1), DAM)
    hedged = replace(sighting, commitment=Commitment.HEDGES)
    store.save_batch([], [hedged], matched_through=2)
    store.save_batch([], [sighting], matched_through=1)
    assert [card.status for card in store.iter_cards()][-1] is Status.HEDGED
    assert store.count_sightings() == 4
