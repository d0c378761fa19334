"""Rank stored claims for a text, and measure rankings: BM25, z-scores, mean average precision, AUC."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]
Relevant = Sequence[frozenset[int]]

K1, B = 1.2, 0.75  # the usual values (Robertson and Zaragoza 2009); not tuned
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Bm25:
    """BM25's weights of every word in every document, and the columns of the words."""

    weights: csr_matrix
    columns: dict[str, int]

    def scores(self, queries: Sequence[str]) -> Floats:
        """Return (queries, documents); a word that stands twice in a query counts twice."""
        cells = [
            (row, self.columns[word], count)
            for row, query in enumerate(queries)
            for word, count in Counter(_words(query)).items()
            if word in self.columns
        ]
        asked = _sparse(cells, (len(queries), len(self.columns)))
        return np.asarray((asked @ self.weights.T).toarray(), np.float32)


def make_bm25(documents: Sequence[str]) -> Bm25:
    """Count the words of the documents; no stemming, no stop words."""
    counted = [Counter(_words(text)) for text in documents]
    found = Counter(word for words in counted for word in words)
    columns = {word: column for column, word in enumerate(sorted(found))}
    lengths = np.array([max(1, sum(words.values())) for words in counted], np.float64)
    norms = K1 * (1 - B + B * lengths / max(1.0, float(lengths.mean())))
    rarity = {word: np.log(1 + (len(documents) - n + 0.5) / (n + 0.5)) for word, n in found.items()}
    cells = [
        (row, columns[word], float(rarity[word] * count * (K1 + 1) / (count + norms[row])))
        for row, words in enumerate(counted)
        for word, count in words.items()
    ]
    return Bm25(_sparse(cells, (len(documents), len(columns))), columns)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _sparse(cells: Sequence[tuple[int, int, float]], shape: tuple[int, int]) -> csr_matrix:
    rows, columns, values = zip(*cells, strict=True) if cells else ((), (), ())
    return csr_matrix((np.array(values, np.float32), (rows, columns)), shape=shape)


def z_scores(scores: Floats) -> Floats:
    """Return the scores of each query in standard deviations from the mean over all documents."""
    spread = scores.std(axis=1, keepdims=True)
    return np.asarray((scores - scores.mean(axis=1, keepdims=True)) / np.maximum(spread, 1e-9), np.float32)


def top_of(scores: Floats, depth: int) -> NDArray[np.int64]:
    """Return for each query the documents with the highest scores, best first, (queries, depth)."""
    return np.argsort(-scores, axis=1, kind="stable")[:, :depth]


def reranked(scores: Floats, top: NDArray[np.int64], added: Floats) -> Floats:
    """Return scores in which the top documents keep their lead over the rest and are ordered by score + added."""
    moved = scores.copy()
    at_top = np.take_along_axis(scores, top, axis=1) + added
    lead = scores.max(axis=1, keepdims=True) - at_top.min(axis=1, keepdims=True) + 1
    np.put_along_axis(moved, top, at_top + lead, axis=1)
    return moved


def average_precisions(scores: Floats, relevant: Relevant, *, depth: int = 5) -> Floats:
    """Return the average precision of each query's first documents, as trec_eval's map_cut has it.

    The sum is divided by all relevant documents, also those below the cut.
    """
    found = np.zeros(len(relevant), np.float32)
    for row, (order, wanted) in enumerate(zip(top_of(scores, depth), relevant, strict=True)):
        hits = np.array([document in wanted for document in order.tolist()])
        precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
        found[row] = float(precision[hits].sum()) / max(1, len(wanted))
    return found


def auc(positive: NDArray[np.bool_], scores: Floats) -> float:
    """Return how often a positive row scores above another one, ties half; .5 is chance."""
    from scipy.stats import rankdata

    ranks = rankdata(scores)
    count, others = int(positive.sum()), int((~positive).sum())
    if not count or not others:
        return float("nan")
    return float((ranks[positive].sum() - count * (count + 1) / 2) / (count * others))
