import datetime as dt
from dataclasses import replace

import pytest

from drumbeat.errors import InputError, StoreError
from drumbeat.store import BatchResult
from store.samples import make_article, make_bookmark, make_sighting, make_store


def test_adding_twice_changes_nothing(tmp_path):
    bookmark = make_bookmark()
    batch = [make_article(number) for number in range(3)]
    found = [make_sighting(article, bookmark) for article in batch]
    with make_store(tmp_path, bookmark) as store:
        assert store.save_batch(batch, found, matched_through=1) == BatchResult(added=3, known=0, sightings_added=3)
        before = (tmp_path / "notebook.db-wal").read_bytes()
        cards = list(store.iter_cards())
        assert store.save_batch(batch, found, matched_through=1) == BatchResult(added=0, known=3, sightings_added=0)
        assert list(store.iter_cards()) == cards
        assert (tmp_path / "notebook.db-wal").read_bytes() == before


def test_one_article_twice_in_a_batch_is_kept_once(tmp_path):
    with make_store(tmp_path) as store:
        assert store.save_batch([make_article(1)] * 2) == BatchResult(added=1, known=1, sightings_added=0)


def test_a_batch_is_kept_whole_or_not_at_all(tmp_path):
    bookmark, article = make_bookmark(), make_article(1)
    stray = make_sighting(make_article(2), bookmark)
    with make_store(tmp_path, bookmark) as store:
        with pytest.raises(StoreError, match="must point to a kept article"):
            store.save_batch([article], [stray], matched_through=1)
        assert store.count_articles() == 0
        assert store.save_batch([article, make_article(2)], [stray], matched_through=1).added == 2


def test_half_a_character_is_named_and_nothing_kept(tmp_path):
    with make_store(tmp_path) as store:
        with pytest.raises(InputError, match=r"U\+D83D"):
            store.save_batch([make_article(1), make_article(2, title="broken \ud83d")])
        assert store.count_articles() == 0


def test_matching_is_remembered_and_never_goes_back(tmp_path):
    with make_store(tmp_path) as store:
        store.save_batch([make_article(1), make_article(2)], matched_through=4)
        store.save_batch([make_article(2), make_article(3)], matched_through=2)
        assert store.matched_through_of(["a0001", "a0002", "a0003", "a0009"]) == {"a0001": 4, "a0002": 4, "a0003": 2}
        assert [article.article_id for article in store.iter_articles(matched_below=4)] == ["a0003"]
        assert store.count_articles(matched_below=4) == 1
        assert store.count_articles() == 3


def test_writing_goes_on_between_the_pages(tmp_path):
    articles = [make_article(number) for number in range(450)]
    with make_store(tmp_path) as store:
        store.save_batch(articles)
        met = []
        for article in store.iter_articles(matched_below=1):
            met.append(article)
            store.save_batch([article], matched_through=1)
        assert met == articles
        assert list(store.iter_articles(matched_below=1)) == []


def test_reading_goes_on_after_an_article(tmp_path):
    with make_store(tmp_path, articles=5) as store:
        assert [article.article_id for article in store.iter_articles(after="a0003")] == ["a0004", "a0005"]
        with pytest.raises(InputError):
            list(store.iter_articles(after="a9999"))


def test_the_beginning_of_an_id_is_enough(tmp_path):
    with make_store(tmp_path) as store:
        store.save_batch([make_article(1, article_id="7f2c"), make_article(2, article_id="7f2c99"), make_article(3)])
        assert store.load_article("7f2c").article_id == "7f2c"
        assert store.load_article("7f2c9").article_id == "7f2c99"
        with pytest.raises(InputError, match="7f2c, 7f2c99"):
            store.load_article("7f")
        for missing in ("", "x", "%", "7f2c99\U0010ffff"):
            with pytest.raises(InputError, match="no article"):
                store.load_article(missing)


def test_holdings_tell_what_is_kept(tmp_path):
    with make_store(tmp_path, make_bookmark(), articles=3) as store:
        store.save_batch([replace(make_article(9), published_on=None)])
        held = store.load_holdings()
    assert (held.articles, held.undated, held.bookmarks, held.sightings) == (4, 1, 1, 3)
    assert (held.first_on, held.last_on) == (dt.date(2030, 1, 2), dt.date(2030, 1, 4))
    assert [(outlet.outlet, outlet.articles) for outlet in held.outlets] == [
        ("orlo-herald.example", 3),
        ("veland-post.example", 1),
    ]
