"""What answers do to the log odds of like passages."""

import datetime as dt
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.records import Span
from drumbeat.themes.feedback import (
    BOUND,
    AnsweredPassages,
    FeedbackDraft,
    answer_sighting,
    draft_feedback,
    feedback_shifts,
    latest_by_wording,
    make_answered,
    make_feedback,
    shift_sightings,
    take_back,
)
from drumbeat.tiers import Answer
from store.samples import NOW, make_article, make_bookmark, make_sighting

THEME = make_bookmark()


def at_cosine(cosine):
    """Return a unit vector at that cosine to (1, 0)."""
    return np.array([cosine, np.sqrt(1 - cosine**2)], np.float32)


def shift(*cosines, signs):
    passages = AnsweredPassages(np.stack([at_cosine(one) for one in cosines]), np.array(signs, np.float32))
    return float(feedback_shifts(np.array([[1, 0]], np.float32), passages)[0])


def answered(number, answer=Answer.NO, *, exact=None, minutes=0, theme=THEME):
    sighting = make_sighting(make_article(number), theme, number)
    given = answer_sighting(sighting, answer, note="", now=NOW + dt.timedelta(minutes=minutes))
    return given if exact is None else replace(given, exact=exact, wording_id=exact.casefold())


def test_likeness_counts_from_half_on_and_grows_with_its_square():
    assert shift(1.0, signs=[-1]) == pytest.approx(-3.0)
    assert shift(0.75, signs=[-1]) == pytest.approx(-0.75)
    assert shift(0.75, signs=[1]) == pytest.approx(0.75)
    assert shift(0.5, signs=[-1]) == pytest.approx(0.0, abs=1e-5)
    assert shift(-0.9, signs=[-1]) == 0.0


def test_yes_and_no_outweigh_each_other():
    assert shift(0.8, 0.8, signs=[1, -1]) == pytest.approx(0.0)
    assert shift(1.0, 0.75, signs=[-1, 1]) == pytest.approx(-2.25)


@given(st.lists(st.tuples(st.floats(-1, 1), st.sampled_from([-1.0, 1.0])), max_size=30))
def test_a_shift_is_bounded_and_turns_with_the_answers(pairs):
    vectors = np.stack([at_cosine(cosine) for cosine, _ in pairs]) if pairs else np.zeros((0, 2), np.float32)
    signs = np.array([sign for _, sign in pairs], np.float32)
    sentence = np.array([[1, 0]], np.float32)
    moved = feedback_shifts(sentence, AnsweredPassages(vectors, signs))
    turned = feedback_shifts(sentence, AnsweredPassages(vectors, -signs))
    assert moved.shape == (1,)
    assert abs(moved[0]) <= BOUND
    assert moved[0] == pytest.approx(-turned[0])


def test_no_sentences_and_no_answers_move_nothing():
    empty = AnsweredPassages(np.zeros((0, 2), np.float32), np.zeros(0, np.float32))
    assert feedback_shifts(np.ones((3, 2), np.float32), empty).tolist() == [0, 0, 0]
    assert feedback_shifts(np.zeros((0, 2), np.float32), empty).shape == (0,)


def test_a_wording_counts_once_with_its_latest_answer():
    first, copy = answered(1, exact="The dam."), answered(2, Answer.YES, exact="The dam.", minutes=1)
    withdrawn = take_back(answered(3, exact="The gate."), now=NOW + dt.timedelta(minutes=2))
    assert list(latest_by_wording([copy, withdrawn, first]).values()) == [copy]


class Letters:
    """A real small encoder: which vowels a text has."""

    def encode(self, texts):
        rows = np.array([[text.casefold().count(vowel) for vowel in "aeiou"] for text in texts], np.float32)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def test_only_sightings_of_the_answered_theme_are_shifted():
    other = make_bookmark("Wheat")
    mine, theirs = make_sighting(make_article(1), THEME), make_sighting(make_article(1), other)
    given = make_answered([answer_sighting(mine, Answer.NO, note="", now=NOW)], Letters())
    assert list(given) == [THEME.theme_id]
    shifted = shift_sightings([theirs, mine], given, Letters())
    assert [one.shift for one in shifted] == [0.0, pytest.approx(-3.0, abs=1e-3)]
    assert shift_sightings([theirs, mine], {}, Letters()) == [theirs, mine]


def test_an_answer_goes_through_a_file_whole():
    given = answer_sighting(make_sighting(make_article(1), THEME), Answer.YES, note="page one", now=NOW)
    content = msgspec.json.encode(draft_feedback(given))
    made = make_feedback(msgspec.json.decode(content, type=FeedbackDraft), theme_id=THEME.theme_id, now=NOW)
    assert (made.feedback_id, made.exact, made.span, made.answer, made.note, made.given_at) == (
        given.feedback_id, given.exact, given.span, given.answer, given.note, given.given_at,
    )  # fmt: skip


@pytest.mark.parametrize(
    "parts",
    [{"exact": " " * 4}, {"exact": "The dams"}, {"given_at": dt.datetime(2031, 1, 1)}],
)
def test_an_answer_that_cannot_be_is_refused(parts):
    default = {"answer": Answer.NO, "exact": "Orlo", "article_id": "a", "span": Span(start=3, end=7)}
    with pytest.raises(ValueError, match=r"need|must"):
        FeedbackDraft(**(default | parts))
    with pytest.raises(ValueError, match="taken back"):
        draft_feedback(take_back(answered(1), now=NOW))
