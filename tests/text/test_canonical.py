"""Canonical text, passages, sentences, selectors: properties that hold for any text."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.records import Selector, Span
from drumbeat.text.canonical import canonical_line, canonical_text
from drumbeat.text.passages import split_passages, split_sentences
from drumbeat.text.selectors import find_selector, make_selector

ANY = st.text(max_size=400)
NEWSY = st.text(alphabet=st.sampled_from("ab A.?!\"“”’' \n\r\t,-—é\u200b\u202e\xa0\ud800 Mr. U.S."), max_size=300)


@given(ANY | NEWSY)
def test_canonical_text_is_idempotent_and_clean(raw: str) -> None:
    text = canonical_text(raw)
    assert canonical_text(text) == text
    assert text == text.strip()
    assert "  " not in text
    assert "\n\n\n" not in text
    assert unicodedata.is_normalized("NFC", text)
    text.encode()


@given(ANY | NEWSY)
def test_passages_and_sentences_cover_every_word_once_in_order(raw: str) -> None:
    text = canonical_text(raw)
    passages, sentences = split_passages(text), split_sentences(text)
    assert "\n\n".join(span.of(text) for span in passages) == text
    assert all(one.end <= two.start for one, two in pairwise(sentences))
    assert "".join("".join(span.of(text).split()) for span in sentences) == "".join(text.split())
    assert all(any(passage.holds(sentence) for passage in passages) for sentence in sentences)


@given(ANY | NEWSY, st.data())
def test_a_selector_finds_its_words_again_or_refuses(raw: str, data: st.DataObject) -> None:
    text = canonical_text(raw)
    start = data.draw(st.integers(0, max(0, len(text) - 1)))
    end = data.draw(st.integers(start, len(text)))
    if not text[start:end].strip():
        return
    span = Span(start=start, end=end)
    found = find_selector(text, make_selector(text, span))
    assert found is None or found.of(text) == span.of(text)
    if text.count(span.of(text)) == 1:
        assert found == span


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("He left Sen. John McCain, R-Ariz. and went home.", 1),
        ("“We’re done,” Mr. Smith said. “No more.”", 2),
        ('"Go away!" he said. Why?', 2),
        ("The U.S. military said it would. Then it left at 5 p.m. on Jan. 5.", 2),
        ("It rose 3.5 percent. U.S.-based firms fell.", 2),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, sentences: int) -> None:
    assert len(split_sentences(text)) == sentences


def test_soft_wraps_are_joined_and_lists_kept_apart() -> None:
    assert canonical_text("one\ntwo\n\nthree\n- four\n- five") == "one two\n\nthree\n\n- four\n\n- five"
    assert canonical_text("one\ntwo") == "one\n\ntwo"
    assert canonical_line(" a\n\n b ") == "a b"


def test_a_sentence_without_end_is_cut_and_hostile_text_is_split_in_time() -> None:
    for text in ("word " * 10_000, "“‘a " * 50_000, "x" * 100_000):
        spans = split_sentences(canonical_text(text))
        assert max(span.end - span.start for span in spans) <= 3000


def test_an_ambiguous_selector_is_refused() -> None:
    text = "He said no. She said no. He said no."
    assert find_selector(text, Selector(exact="said no")) is None
    assert find_selector(text, Selector(exact="said no", prefix="She ", suffix=". He")) == Span(start=16, end=23)
    assert find_selector(text, Selector(exact="gone")) is None
