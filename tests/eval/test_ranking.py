"""The tools that figures on claims rest on."""

from __future__ import annotations

import numpy as np
import pytest

from ranking import auc, average_precisions, make_bm25, reranked, top_of, z_scores

CLAIMS = ["the ferry sank", "the ferry toll doubled", "grain was stolen from the port"]


def test_bm25_prefers_the_claim_with_the_rare_words() -> None:
    scores = make_bm25(CLAIMS).scores(["They say the Toll doubled!", "nothing of this kind"])
    assert int(scores[0].argmax()) == 1
    assert not scores[1].any()


def test_bm25_weighs_a_word_as_the_formula_says() -> None:
    lengths, rarity = np.array([3, 4, 6]), np.log(1 + 2.5 / 1.5)
    expected = rarity * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 4 / lengths.mean()))
    assert make_bm25(CLAIMS).scores(["toll"])[0, 1] == pytest.approx(expected)


def test_z_scores_are_per_query_and_survive_equal_scores() -> None:
    found = z_scores(np.array([[1, 2, 3], [5, 5, 5]], np.float32))
    assert found[0].mean() == pytest.approx(0, abs=1e-6)
    assert not found[1].any()


def test_average_precision_counts_what_lies_below_the_cut_as_missed() -> None:
    scores = np.array([[9, 8, 7, 6, 5, 4], [9, 8, 7, 6, 5, 4]], np.float32)
    found = average_precisions(scores, [frozenset({1}), frozenset({0, 5})])
    assert found.tolist() == [0.5, 0.5]


def test_reranking_moves_only_the_top() -> None:
    scores = np.array([[3.0, 2.0, 1.0, 0.5]], np.float32)
    moved = reranked(scores, top_of(scores, 2), np.array([[-5.0, 0.0]], np.float32))
    assert top_of(moved, 4).tolist() == [[1, 0, 2, 3]]


def test_auc_is_half_for_equal_scores_and_one_for_a_clean_split() -> None:
    positive = np.array([True, False, True, False])
    assert auc(positive, np.zeros(4, np.float32)) == 0.5
    assert auc(positive, np.array([3, 1, 4, 2], np.float32)) == 1.0
