"""Windows cover every piece once, keep the text's offsets, and follow sentence borders."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from drumbeat.models.tokens import load_tokenizer
from drumbeat.models.weights import FOLDER
from drumbeat.models.windows import PARAGRAPH, TARGET_PIECES, Pieces, cut_pieces, cut_windows
from drumbeat.text.canonical import canonical_text
from drumbeat.text.passages import split_sentences

TEXT = "The mayor of Harrow Bay resigned.\n\nShe said the “toll” was unlawful. Nobody asked her why."


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return load_tokenizer(FOLDER / "minilm-tokenizer.json")


def numbered(lengths: list[int]) -> Pieces:
    sentences = [number for number, length in enumerate(lengths) for _ in range(length)]
    count = len(sentences)
    return Pieces([7] * count, [0] * count, list(range(count)), list(range(1, count + 1)), sentences, [False] * count)


def test_pieces_are_the_words_of_the_text_with_case_and_paragraphs(tokenizer: Tokenizer) -> None:
    pieces = cut_pieces(tokenizer, TEXT, split_sentences(TEXT))
    words = [TEXT[start:end] for start, end in zip(pieces.starts, pieces.ends, strict=True)]
    assert words[:6] == ["The", "mayor", "of", "Harrow", "Bay", "resigned"]
    assert pieces.types[:6] == [1, 0, 0, 1, 1, 0]
    assert pieces.ids.count(PARAGRAPH) == 1
    assert "".join(words) == TEXT.replace(" ", "").replace("\n", "")


@given(st.lists(st.integers(1, 400), max_size=12))
def test_windows_cover_every_piece_once(lengths: list[int]) -> None:
    pieces = numbered(lengths)
    windows = cut_windows(pieces)
    assert [place for window in windows for place in range(window.low, window.high)] == list(range(len(pieces.ids)))
    for window in windows:
        assert 0 <= window.first <= window.low < window.high <= window.last <= len(pieces.ids)
        assert window.high - window.low <= TARGET_PIECES


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12), st.data())
def test_wanted_sentences_are_covered_and_no_others(lengths: list[int], data: st.DataObject) -> None:
    pieces = numbered(lengths)
    wanted = data.draw(st.sets(st.integers(-2, len(lengths) + 2)))
    covered = [pieces.sentences[i] for w in cut_windows(pieces, wanted) for i in range(w.low, w.high)]
    assert covered == [sentence for sentence in pieces.sentences if sentence in wanted]


@given(st.lists(st.integers(1, 50), min_size=1, max_size=12), st.data())
def test_a_wanted_part_is_cut_as_in_the_whole(tokenizer: Tokenizer, lengths: list[int], data: st.DataObject) -> None:
    gaps = data.draw(st.lists(st.sampled_from([" ", "\n\n"]), min_size=len(lengths), max_size=len(lengths)))
    text = canonical_text("".join(f"The{' toll' * n}.{gap}" for n, gap in zip(lengths, gaps, strict=True)))
    sentences = split_sentences(text)
    wanted = data.draw(st.sets(st.integers(-1, len(sentences))))
    seen = [
        [(pieces.ids[i], pieces.types[i], pieces.starts[i], i - window.low) for i in range(window.first, window.last)]
        for pieces in (cut_pieces(tokenizer, text, sentences), cut_pieces(tokenizer, text, sentences, wanted))
        for window in cut_windows(pieces, wanted)
    ]
    assert seen[: len(seen) // 2] == seen[len(seen) // 2 :]


def test_short_sentences_are_not_cut(tokenizer: Tokenizer) -> None:
    text = canonical_text("The council met on Monday and said little of note about the toll. " * 60)
    pieces = cut_pieces(tokenizer, text, split_sentences(text))
    assert all(
        window.high == len(pieces.ids) or pieces.sentences[window.high - 1] != pieces.sentences[window.high]
        for window in cut_windows(pieces)
    )
