"""What goes into the notebook comes out equal, whatever characters it is written in."""

import tempfile
from pathlib import Path

from hypothesis import given, settings

from drumbeat.store import open_store
from store.samples import as_found
from store.strategies import articles, bookmarks, sighted_articles


def in_new_store():
    folder = tempfile.TemporaryDirectory()
    return folder, open_store(Path(folder.name) / "notebook.db")


@settings(max_examples=40, deadline=None)
@given(articles())
def test_an_article_comes_back_equal(article):
    folder, store = in_new_store()
    with folder, store:
        store.save_batch([article])
        assert store.load_article(article.article_id) == article
        assert list(store.iter_articles()) == [article]
        assert store.matched_through_of([article.article_id]) == {article.article_id: 0}


@settings(max_examples=40, deadline=None)
@given(bookmarks())
def test_a_bookmark_comes_back_equal(bookmark):
    folder, store = in_new_store()
    with folder, store:
        store.save_bookmark(bookmark)
        assert store.load_bookmark(bookmark.name) == bookmark
        assert store.load_bookmark(bookmark.theme_id) == bookmark
        assert store.bookmark_history(bookmark.name) == (bookmark,)


@settings(max_examples=40, deadline=None)
@given(sighted_articles())
def test_sightings_come_back_equal_and_verbatim(world):
    bookmark, article, found = world
    folder, store = in_new_store()
    with folder, store:
        sequence = store.save_bookmark(bookmark)
        store.save_batch([article], found, matched_through=sequence)
        text = store.load_article(article.article_id).text
        shown = [as_found(sighting) for card in store.iter_cards() for sighting in card.sightings]
        day, since, until = article.published_on, bookmark.since, bookmark.until
        if day and ((since and day < since) or (until and day > until)):
            assert shown == []
            return
        assert sorted(shown, key=lambda each: each.sighting_id) == sorted(found, key=lambda each: each.sighting_id)
        assert all(each.match.span.of(text) == each.exact for each in shown)
        probabilities = [each.match.probability for each in shown]
        assert probabilities == sorted(probabilities, reverse=True)
