"""Records come through JSON unchanged; JSON that makes no valid record is refused by name."""

import json

import pytest
from hypothesis import given, settings

from drumbeat.codec import SCHEMA, decode_record, encode_document, encode_record
from drumbeat.errors import InputError
from drumbeat.records import Article, Bookmark, Sighting
from drumbeat.tallies import RecallCard, heading_of
from store.samples import make_article, make_bookmark, make_sighting
from store.strategies import articles, bookmarks, sighted_articles


@settings(deadline=None)
@given(articles())
def test_articles_come_through(article):
    assert decode_record(encode_record(article), Article) == article


@settings(deadline=None)
@given(bookmarks())
def test_bookmarks_come_through(bookmark):
    assert decode_record(encode_record(bookmark), Bookmark) == bookmark


@settings(deadline=None)
@given(sighted_articles())
def test_sightings_come_through_and_stay_verbatim(world):
    _, article, found = world
    text = decode_record(encode_record(article), Article).text
    for sighting in found:
        back = decode_record(encode_record(sighting), Sighting)
        assert back == sighting
        assert back.match.span.of(text) == back.exact
        assert all(back_evidence.span.end <= len(text) for back_evidence in back.evidence)


def test_a_card_comes_through():
    article, bookmark = make_article(1), make_bookmark()
    sighting = make_sighting(article, bookmark)
    card = RecallCard(
        theme_id=bookmark.theme_id,
        theme=bookmark.name,
        bottom_line=bookmark.bottom_line,
        article=heading_of(article),
        sightings=(sighting,),
        status=sighting.status,
    )
    assert decode_record(encode_record(card), RecallCard) == card


def test_a_record_is_one_line_with_our_own_field_names():
    line = encode_record(make_sighting(make_article(1), make_bookmark()))
    assert b"\n" not in line
    fields = json.loads(line)
    assert fields["holder"] == {"text": "officials in Veland", "named": False, "speaker": None, "span": None}
    assert fields["match"]["span"] == {"start": 0, "end": 10}
    assert fields["commitment"] == "asserts"


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"", "truncated"),
        (b"\xff\xfe", "JSON is malformed|invalid"),
        (b"[]", "array"),
        (b'{"text": "words"}', "article_id"),
        (b'{"article_id": "a", "text": 3}', r"\$\.text"),
        (b'{"article_id": "", "text": "words"}', "needs an id"),
        (b'{"article_id": "a", "text": "w", "published_on": "yesterday"}', "published_on"),
        (b'{"article_id": "a", "text": "w", "published_at": "2030-01-01T00:00:00"}', "published_at"),
        (b'{"article_id": "a", "text": "w\\ud800 and on"}', "surrogate"),
    ],
)
def test_json_that_makes_no_record_is_refused(data, named):
    with pytest.raises(InputError, match=named) as caught:
        decode_record(data, Article, where="line 7")
    assert caught.value.where == "line 7"
    assert str(caught.value).startswith("line 7: not ")


def test_a_document_names_its_schema_and_kind():
    document = json.loads(encode_document("bookmark", bookmark=make_bookmark()))
    assert document["schema"] == SCHEMA
    assert document["kind"] == "bookmark"
    assert decode_record(json.dumps(document["bookmark"]), Bookmark) == make_bookmark()


def test_a_sighting_of_an_older_notebook_has_no_chain():
    fields = json.loads(encode_record(make_sighting(make_article(1), make_bookmark())))
    assert fields.pop("chain") == []
    assert decode_record(json.dumps(fields), Sighting).chain == ()
