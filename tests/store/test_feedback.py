"""The reader's answers in the notebook's file: versioned, never lost, heeded by cards and traces."""

import datetime as dt
import sqlite3
from dataclasses import replace

import pytest

from drumbeat.codec import encode_record
from drumbeat.errors import InputError, StoreError, UnknownTheme
from drumbeat.records import Span
from drumbeat.store import open_store, schema
from drumbeat.store.connection import writing
from drumbeat.tallies import SightingFilter, TierCounts
from drumbeat.themes.feedback import answer_sighting, take_back
from drumbeat.tiers import Answer, Sensitivity, Tier, TierLines
from store.samples import NOW, make_article, make_bookmark, make_sighting, make_store

DAM = make_bookmark()
LINES = TierLines(suggested=0.21, confirmed=0.5)
ALL = SightingFilter(tiers=tuple(Tier))


def sighted(number, probability, **parts):
    return make_sighting(make_article(number), DAM, sighting_id=f"{number:08}", probability=probability, **parts)


@pytest.fixture
def store(tmp_path):
    """Articles 1 to 4 with sightings of falling probability: two confirmed, one suggested, one below."""
    with make_store(tmp_path, DAM, lines=LINES) as store:
        found = [sighted(number, probability) for number, probability in enumerate((0.9, 0.6, 0.3, 0.1), start=1)]
        store.save_batch([make_article(number) for number in range(1, 5)], found, matched_through=1)
        yield store


def answer(store, prefix, said, *, note="", minutes=0):
    given = answer_sighting(store.find_sighting(prefix), said, note=note, now=NOW + dt.timedelta(minutes=minutes))
    return store.save_feedback([given])


def tiers(store):
    cards = store.iter_cards(ALL)
    return {one.sighting_id: one.tier for card in cards for one in card.sightings}


def test_cards_traces_and_counts_show_the_tiers_asked_for(store):
    assert list(tiers(store).values()) == [Tier.SET_ASIDE, Tier.SUGGESTED, Tier.CONFIRMED, Tier.CONFIRMED]
    assert store.count_tiers() == TierCounts(confirmed=2, suggested=1, set_aside=1)
    assert store.count_tiers(SightingFilter(until=dt.date(2030, 1, 2))) == TierCounts(confirmed=1)
    confirmed = SightingFilter(tiers=(Tier.CONFIRMED,))
    assert [card.article.article_id for card in store.iter_cards(confirmed)] == ["a0002", "a0001"]
    assert [card.before_count for card in store.iter_cards(confirmed)] == [1, 0]
    assert [card.article.article_id for card in store.iter_cards()] == ["a0003", "a0002", "a0001"]
    assert store.trace_counts("Orlo dam", confirmed).sightings_count == 2
    assert store.trace_counts("Orlo dam").sightings_count == 3
    assert store.trace_counts("Orlo dam", SightingFilter(least_probability=0.6)).sightings_count == 2
    assert store.seen_before([DAM.theme_id], dt.date(2031, 1, 1), (Tier.SUGGESTED,))[DAM.theme_id][0] == 1


def test_a_no_hides_and_a_yes_confirms(store):
    answer(store, "00000001", Answer.NO)
    answer(store, "00000003", Answer.YES)
    assert tiers(store)["00000001"] is Tier.SET_ASIDE
    assert [card.article.article_id for card in store.iter_cards()] == ["a0003", "a0002"]
    trace = store.trace_counts("Orlo dam", SightingFilter(tiers=(Tier.CONFIRMED,)))
    assert trace.sightings_count == 2
    assert trace.first.sighting_id == "00000002"
    (marked,) = [one for card in store.iter_cards(ALL) for one in card.sightings if one.answer is Answer.NO]
    assert marked.sighting_id == "00000001"


def test_sensitivity_acts_at_once_and_only_broader_asks_for_another_watch(store):
    sequence = store.sequence_of(DAM.theme_id)
    strict = replace(DAM, sensitivity=Sensitivity.STRICT, revision=2)
    assert store.save_bookmark(strict) == sequence
    assert store.count_tiers() == TierCounts(confirmed=1, suggested=1, set_aside=2)
    assert store.save_bookmark(replace(DAM, revision=3)) == sequence
    assert store.count_tiers() == TierCounts(confirmed=2, suggested=1, set_aside=1)
    assert store.count_articles(matched_below=store.max_sequence()) == 0
    broad = store.save_bookmark(replace(DAM, sensitivity=Sensitivity.BROAD, revision=4))
    assert broad > sequence
    assert store.count_tiers() == TierCounts(confirmed=3, suggested=1)
    assert store.count_articles(matched_below=store.max_sequence()) == 4


def test_every_revision_of_an_answer_is_kept(store):
    (first,) = answer(store, "00000001", Answer.NO, note="about the harbour")
    assert answer(store, "00000001", Answer.NO, note="about the harbour", minutes=1) == ()
    (second,) = answer(store, "00000001", Answer.YES, minutes=2)
    (third,) = store.save_feedback([take_back(second, now=NOW + dt.timedelta(minutes=3))])
    assert [first.revision, second.revision, third.revision] == [1, 2, 3]
    assert store.list_feedback() == ()
    assert store.list_feedback("orlo DAM", history=True) == (first, second, third)
    assert tiers(store)["00000001"] is Tier.CONFIRMED
    assert store.find_feedback(first.feedback_id[:6]) == third


def test_of_two_answers_the_later_counts(store):
    answer(store, "00000001", Answer.YES, minutes=5)
    assert answer(store, "00000001", Answer.NO, minutes=1) == ()
    assert [one.answer for one in store.list_feedback()] == [Answer.YES]


def test_an_answer_outlives_its_theme_s_removal_and_needs_no_article(store):
    answer(store, "00000002", Answer.NO)
    elsewhere = answer_sighting(sighted(9, 0.5), Answer.YES, note="", now=NOW)
    assert store.save_feedback([elsewhere]) == (elsewhere,)
    store.remove_bookmark("Orlo dam")
    assert store.list_feedback() == ()
    assert len(store.list_feedback("Orlo dam")) == 2
    with pytest.raises(UnknownTheme, match="removed theme 'Orlo dam'"):
        store.find_sighting("00000002")
    store.save_bookmark(DAM)
    assert tiers(store)["00000002"] is Tier.SET_ASIDE
    store.save_batch([make_article(9)], [sighted(9, 0.3)], matched_through=3)
    assert tiers(store)["00000009"] is Tier.CONFIRMED


def test_an_answer_needs_a_theme(store):
    stray = answer_sighting(make_sighting(make_article(1), make_bookmark("Wheat")), Answer.NO, note="", now=NOW)
    with pytest.raises(StoreError, match="saved bookmark"):
        store.save_feedback([stray])
    with pytest.raises(UnknownTheme):
        store.list_feedback("Wheat")


def test_a_sighting_is_named_by_the_beginning_of_its_id(store):
    store.save_batch([], [replace(sighted(1, 0.9), sighting_id="0000000199")], matched_through=1)
    assert store.find_sighting("00000002").match.probability == 0.6
    with pytest.raises(InputError, match="00000001, 0000000199"):
        store.find_sighting("00000001")
    with pytest.raises(InputError, match="at least 6"):
        store.find_sighting("00000")
    with pytest.raises(InputError, match="no sighting has the id 'ffffff'"):
        store.find_sighting("ffffff")


def test_a_sighting_of_dropped_words_says_so(store):
    store.save_bookmark(make_bookmark("Orlo dam", "Another claim", revision=2))
    with pytest.raises(InputError, match="earlier wording"):
        store.find_sighting("00000002")


def test_what_was_weighed_before_the_latest_answer_is_known(store):
    assert store.themes_behind() == ()
    answer(store, "00000001", Answer.NO)
    assert store.themes_behind() == (DAM.theme_id,)
    behind = store.load_behind(DAM.theme_id)
    assert len(behind.wordings) == len(behind.exact) == 4
    store.save_batch([make_article(5)], [sighted(5, 0.7)], matched_through=1, weighed_through=0)
    store.save_shifts(behind, dict.fromkeys(behind.exact, -1.0))
    assert list(store.load_behind(DAM.theme_id).exact) == [sighted(5, 0.7).wording_id]
    through = store.answered_through()
    store.save_batch([make_article(6)], [sighted(6, 0.7, shift=-2.0)], matched_through=1, weighed_through=through)
    assert len(store.load_behind(DAM.theme_id).exact) == 1
    shown = {one.sighting_id: one for card in store.iter_cards(ALL) for one in card.sightings}
    assert shown["00000002"].shift == -1.0
    assert shown["00000002"].probability == pytest.approx(0.3557, abs=1e-3)
    assert shown["00000006"].tier is Tier.SUGGESTED


def test_vectors_are_kept_by_the_model_that_made_them(store):
    store.save_vectors("minilm 1", {"w1": b"1234", "w2": b"5678"})
    assert store.load_vectors("minilm 1", ["w2", "w9"]) == {"w2": b"5678"}
    assert store.load_vectors("minilm 2", ["w1"]) == {}


def test_a_notebook_of_the_schema_before_is_weighed_when_it_is_migrated(tmp_path):
    path = tmp_path / "notebook.db"
    connection = sqlite3.connect(path, isolation_level=None)
    with writing(connection):
        schema.run_steps(connection, 0, 3)
    connection.close()
    sighting = sighted(1, 0.6)
    fill_as_before(path, sighting)
    with open_store(path, lines=LINES) as store:
        assert store.count_tiers() == TierCounts(confirmed=1)
        assert [card.sightings[0].probability for card in store.iter_cards()] == [0.6]
        assert answer(store, "00000001", Answer.NO)
        assert list(store.iter_cards()) == []
        assert store.find_damage() == ()


def fill_as_before(path, sighting):
    """Write a bookmark, an article and a sighting as the third schema had them."""
    record = encode_record(DAM).decode().replace(',"sensitivity":"normal"', "")
    assert "sensitivity" not in record
    seen = encode_record(sighting).decode().replace(',"shift":0.0,"probability":null,"tier":null,"answer":null', "")
    assert "tier" not in seen
    connection = sqlite3.connect(path)
    connection.execute(
        "INSERT INTO bookmarks (theme_id, name, name_key, revision, sequence, record) VALUES (?, ?, ?, 1, 1, ?)",
        (DAM.theme_id, DAM.name, "orlo dam", record),
    )
    statement = DAM.statements[0]
    connection.execute(
        "INSERT INTO statements VALUES (?, ?, ?, 1)", (DAM.theme_id, statement.statement_id, statement.text)
    )
    connection.execute(
        "INSERT INTO articles VALUES (1, 'a0001', 1, '2030-01-02', 'o', 'O', 'Old', '', '', NULL, NULL, 'en', '{}', '')"
    )
    connection.execute(
        "INSERT INTO sightings (sighting_id, theme_id, statement_id, article_id, sequence, day, outlet, status,"
        " commitment, probability, wording_id, span_start, span_end, record)"
        " VALUES (?, ?, ?, 'a0001', 1, '2030-01-02', 'o', 'attributed', 'asserts', 0.6, ?, 0, 10, ?)",
        (sighting.sighting_id, DAM.theme_id, statement.statement_id, sighting.wording_id, seen),
    )
    connection.commit()
    connection.close()


def test_a_killed_writer_leaves_the_answer_whole_or_not_at_all(store):
    answer(store, "00000001", Answer.NO)
    store._connection.execute(
        "CREATE TRIGGER full BEFORE INSERT ON feedback_revisions BEGIN SELECT raise(ABORT, 'stop'); END"
    )
    with pytest.raises(StoreError):
        answer(store, "00000002", Answer.NO)
    assert [one.span for one in store.list_feedback()] == [Span(start=0, end=10)]
    assert tiers(store)["00000002"] is Tier.CONFIRMED
