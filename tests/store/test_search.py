import datetime as dt

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from drumbeat.errors import InputError
from store.samples import make_article, make_store

TEXTS = {
    "a1": "The minister of Veland said the dam was safe.",
    "a2": "Engineers in Orlo had warned of the dam for years.\n\nNobody in Veland listened.",
    "a3": "Wheat prices rose; the café owners of Vélande complained.",
    "a4": "A bridge, not a dam, fell: the engineering was sound.",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with make_store(tmp_path_factory.mktemp("search")) as store:
        store.save_batch(
            [
                make_article(number, article_id=key, text=text, title="Orlo Bridge" if key == "a4" else "")
                for number, (key, text) in enumerate(TEXTS.items())
            ]
        )
        yield store


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("dam", {"a1", "a2", "a4"}),
        ("DAM veland", {"a1", "a2"}),
        ("cafe", {"a3"}),
        ("velande", {"a3"}),
        ("engineer*", {"a2", "a4"}),
        ('"the dam"', {"a1", "a2"}),
        ("“the dam” -safe", {"a2"}),
        ('dam -"the dam"', {"a4"}),
        ("wheat OR minister", {"a1", "a3"}),
        ("veland safe OR warned", {"a1", "a2"}),
        ("OR wheat OR", {"a3"}),
        ('"unclosed', set()),
        ('wheat "prices rose', {"a3"}),
        ("title:bridge", set()),
        ("NEAR(dam bridge)", set()),
        ("wheat & prices (rose)", {"a3"}),
        ("bridge", {"a4"}),
        ("dam AND NOT safe", set()),
    ],
)
def test_queries(store, query, expected):
    assert {hit.article.article_id for hit in store.search_articles(query)} == expected


@pytest.mark.parametrize("query", ["", "  ", "-dam", '""', "*", "OR", "—", '-"the dam" -wheat'])
def test_a_query_without_a_word_to_find_is_refused(store, query):
    with pytest.raises(InputError, match="no word to look for"):
        store.search_articles(query)


def test_found_words_are_marked_in_the_snippet(store):
    hit = store.search_articles("nobody listened")[0]
    assert [span.of(hit.snippet) for span in hit.marks] == ["Nobody", "listened"]
    assert "years. Nobody" in hit.snippet


def test_a_hit_in_the_title_alone_has_no_marks(store):
    hit = store.search_articles("orlo bridge fell")[0]
    assert [span.of(hit.snippet) for span in hit.marks] == ["bridge", "fell"]
    only_title = store.search_articles("orlo -engineers")[0]
    assert only_title.article.title == "Orlo Bridge"
    assert only_title.marks == ()
    assert only_title.snippet.startswith("A bridge")


def test_filters_and_limit(store):
    day = dt.date(2030, 1, 2)
    assert [hit.article.article_id for hit in store.search_articles("dam", since=day, until=day)] == ["a2"]
    assert {hit.article.article_id for hit in store.search_articles("dam", outlet="orlo herald")} == {"a2", "a4"}
    assert len(store.search_articles("dam", limit=1)) == 1


def test_of_equal_articles_the_newest_comes_first(tmp_path):
    with make_store(tmp_path) as store:
        store.save_batch([make_article(number, text="A dam.", title="") for number in (3, 7, 5)])
        assert [hit.article.article_id for hit in store.search_articles("dam")] == ["a0007", "a0005", "a0003"]


def test_a_query_of_two_thousand_words_is_only_a_query(store):
    words = [f"word{number}" for number in range(2000)]
    assert store.search_articles(" ".join(words)) == []
    assert len(store.search_articles("dam " + " ".join("-" + word for word in words))) == 3
    assert len(store.search_articles(" OR ".join(["dam", *words]))) == 3


@settings(max_examples=300, deadline=None)
@given(query=st.text(st.sampled_from('ab"*-^():{}+OR \x00\ud800é'), max_size=25) | st.text(max_size=25))
@example(query='dam"*')
@example(query="dam\x00b")
def test_no_query_is_an_error_of_sql(store, query):
    try:
        hits = store.search_articles(query)
    except InputError:
        return
    assert all(span.of(hit.snippet) for hit in hits for span in hit.marks)


def test_odd_characters_do_not_upset_the_marks(tmp_path):
    with make_store(tmp_path) as store:
        store.save_batch([make_article(1, text="\ufdd1 a \ufdd0 dam \ufdd0\ufdd1 burst\x00 there", title="")])
        marks = [span.of(hit.snippet) for hit in store.search_articles("dam") for span in hit.marks]
        assert "dam" in "".join(marks)
