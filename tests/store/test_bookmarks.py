import datetime as dt
from dataclasses import replace

import pytest

from drumbeat.errors import ThemeError, UnknownTheme
from store.samples import CLAIM, make_article, make_bookmark, make_sighting, make_store

OTHER = "The dam at Orlo was never inspected"


def edited(bookmark, **parts):
    return replace(bookmark, revision=bookmark.revision + 1, **parts)


def test_every_revision_is_kept(tmp_path):
    first = make_bookmark()
    second = edited(first, bottom_line="An inquiry found no sign of it.", name="The Orlo dam")
    with make_store(tmp_path) as store:
        store.save_bookmark(first)
        store.save_bookmark(second)
        assert store.load_bookmark("the orlo DAM") == second
        assert store.bookmark_history(first.theme_id) == (first, second)
        with pytest.raises(UnknownTheme):
            store.load_bookmark("Orlo dam")


def test_saving_the_same_again_changes_nothing(tmp_path):
    with make_store(tmp_path) as store:
        sequence = store.save_bookmark(make_bookmark())
        assert store.save_bookmark(make_bookmark()) == sequence
        assert len(store.bookmark_history("Orlo dam")) == 1


def test_an_edit_of_an_old_revision_is_refused(tmp_path):
    first = make_bookmark()
    with make_store(tmp_path) as store:
        store.save_bookmark(first)
        store.save_bookmark(edited(first, bottom_line="Hers."))
        for mine in (edited(first, bottom_line="His."), replace(first, revision=9), replace(first, bottom_line="")):
            with pytest.raises(ThemeError, match="somebody else edited 'Orlo dam'"):
                store.save_bookmark(mine)
        assert store.load_bookmark("Orlo dam").bottom_line == "Hers."


def test_a_name_is_had_by_one_bookmark_only(tmp_path):
    with make_store(tmp_path) as store:
        store.save_bookmark(make_bookmark())
        with pytest.raises(ThemeError, match="another bookmark is called 'Orlo dam'"):
            store.save_bookmark(make_bookmark("ORLO  dam", theme_id="t2"))
        assert [bookmark.name for bookmark in store.iter_bookmarks()] == ["Orlo dam"]


def test_a_statement_given_twice_is_refused(tmp_path):
    with make_store(tmp_path) as store, pytest.raises(ThemeError, match="the same statement twice"):
        store.save_bookmark(make_bookmark("Orlo dam", CLAIM, CLAIM))


def test_an_unknown_name_lists_near_ones(tmp_path):
    with make_store(tmp_path) as store:
        with pytest.raises(UnknownTheme, match="no bookmarks yet"):
            store.load_bookmark("Orlo")
        store.save_bookmark(make_bookmark("Orlo dam"))
        store.save_bookmark(make_bookmark("Wheat prices"))
        with pytest.raises(UnknownTheme, match="did you mean 'Orlo dam'") as caught:
            store.load_bookmark("orlo damm")
        assert caught.value.theme == "orlo damm"


def test_a_removed_bookmark_was_one_and_an_unknown_name_never(tmp_path):
    with make_store(tmp_path) as store:
        bookmark = make_bookmark()
        store.save_bookmark(bookmark)
        assert store.was_bookmarked(bookmark.name.upper())
        store.remove_bookmark(bookmark.name)
        assert store.was_bookmarked(bookmark.name)
        assert store.was_bookmarked(bookmark.theme_id)
        assert not store.was_bookmarked("The dam at Orla")


def test_bookmarks_by_name_and_tag(tmp_path):
    with make_store(tmp_path) as store:
        store.save_bookmark(make_bookmark("wheat", tags=("Prices",)))
        store.save_bookmark(make_bookmark("Dam"))
        assert [bookmark.name for bookmark in store.iter_bookmarks()] == ["Dam", "wheat"]
        assert [bookmark.name for bookmark in store.iter_bookmarks(tag="prices")] == ["wheat"]


def test_removal_can_be_undone(tmp_path):
    bookmark = make_bookmark()
    with make_store(tmp_path, bookmark, articles=2) as store:
        cards = list(store.iter_cards())
        before = store.sequence_of(bookmark.theme_id)
        store.remove_bookmark("orlo dam")
        assert list(store.iter_bookmarks()) == []
        assert list(store.iter_cards()) == []
        assert store.max_sequence() == 0
        with pytest.raises(UnknownTheme):
            store.remove_bookmark("Orlo dam")
        assert list(store.iter_bookmarks(removed=True)) == [bookmark]
        assert store.save_bookmark(store.bookmark_history("Orlo dam")[-1]) > before
        assert list(store.iter_cards()) == cards


def test_the_name_of_a_removed_bookmark_is_free(tmp_path):
    old, new = make_bookmark(theme_id="t-old"), make_bookmark(theme_id="t-new")
    with make_store(tmp_path) as store:
        store.save_bookmark(old)
        store.remove_bookmark("Orlo dam")
        store.save_bookmark(new)
        assert store.load_bookmark("Orlo dam") == new
        assert store.bookmark_history("t-old") == (old,)
        with pytest.raises(ThemeError, match="another bookmark"):
            store.save_bookmark(old)


def test_only_what_is_matched_moves_the_sequence(tmp_path):
    bookmark = make_bookmark()
    with make_store(tmp_path) as store:
        assert store.max_sequence() == 0
        first = store.save_bookmark(bookmark)
        bookmark = edited(bookmark, bottom_line="Shorter.", tags=("dams",))
        assert store.save_bookmark(bookmark) == first
        bookmark = edited(bookmark, since=dt.date(2030, 1, 1))
        second = store.save_bookmark(bookmark)
        bookmark = edited(bookmark, statements=make_bookmark("Orlo dam", CLAIM, OTHER).statements)
        third = store.save_bookmark(bookmark)
        assert first < second < third == store.max_sequence() == store.sequence_of(bookmark.theme_id)


def test_sightings_of_statements_that_are_gone_are_not_shown(tmp_path):
    both = make_bookmark("Orlo dam", CLAIM, OTHER)
    with make_store(tmp_path, both, articles=1) as store:
        article = make_article(2)
        gone = make_sighting(article, both, statement_id=both.statements[1].statement_id)
        store.save_batch([article], [gone], matched_through=1)
        one = edited(both, statements=both.statements[:1])
        store.save_bookmark(one)
        assert [card.article.article_id for card in store.iter_cards()] == ["a0001"]
        assert store.count_sightings(both.theme_id) == 1
        sequence = store.save_bookmark(edited(one, statements=both.statements))
        assert [card.article.article_id for card in store.iter_cards()] == ["a0001"]
        store.save_batch([article], [gone], matched_through=sequence)
        assert [card.article.article_id for card in store.iter_cards()] == ["a0002", "a0001"]


def test_new_words_under_an_old_statement_id_hide_what_the_old_words_found(tmp_path):
    bookmark = make_bookmark()
    with make_store(tmp_path, bookmark, articles=1) as store:
        store.save_bookmark(edited(bookmark, statements=(replace(bookmark.statements[0], text=OTHER),)))
        late = make_article(2)
        store.save_batch([late], [make_sighting(late, bookmark)], matched_through=1)
        assert list(store.iter_cards()) == []


def test_what_is_older_than_since_is_not_shown(tmp_path):
    bookmark = make_bookmark()
    with make_store(tmp_path, bookmark, articles=3) as store:
        store.save_bookmark(edited(bookmark, since=dt.date(2030, 1, 3)))
        assert [card.article.article_id for card in store.iter_cards()] == ["a0003", "a0002"]
        assert [card.before_count for card in store.iter_cards()] == [1, 0]


def test_what_is_later_than_until_is_not_shown_and_comes_back_with_it(tmp_path):
    bookmark = make_bookmark()
    with make_store(tmp_path, bookmark, articles=3) as store:
        ended = edited(bookmark, until=dt.date(2030, 1, 3))
        before = store.sequence_of(bookmark.theme_id)
        assert store.save_bookmark(ended) > before
        assert [card.article.article_id for card in store.iter_cards()] == ["a0002", "a0001"]
        store.save_bookmark(edited(ended, until=None))
        assert [card.article.article_id for card in store.iter_cards()] == ["a0003", "a0002", "a0001"]
