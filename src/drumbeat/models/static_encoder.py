"""The static encoder: one vector per word piece, averaged (Model2Vec, Tulkens & van Dongen 2024).

Distilled from all-MiniLM-L6-v2 to 256 dimensions, int8 (`training/static_encoder.py`). About a hundred times
faster than the sentence encoder and much coarser: it screens, it never decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from drumbeat.models.protocols import ModelInfo, Vectors
from drumbeat.models.tokens import load_tokenizer


class StaticVectors:
    """A table of word-piece vectors, (pieces, dimension), with its tokenizer and the pieces' rarity."""

    def __init__(self, weights: Path, tokenizer: Path, info: ModelInfo) -> None:
        from safetensors.numpy import load_file

        tensors = load_file(weights)
        self.info = info
        self._tokenizer = load_tokenizer(tokenizer)
        self._table = tensors["embeddings"].astype(np.float32)  # 30 MB; sparse products want floats
        self._rarity = tensors["rarity"]

    @property
    def rarity(self) -> Vectors:
        """Return the inverse document frequency of each word piece in news paragraphs, (pieces,)."""
        return self._rarity

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the word-piece ids of each text, without special ones."""
        return [found.ids for found in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]

    def average(self, rows: Sequence[Sequence[int]]) -> Vectors:
        """Return the unit mean vector of each row of word-piece ids."""
        from scipy.sparse import csr_matrix

        starts = np.cumsum([0, *map(len, rows)])
        columns = np.fromiter(chain.from_iterable(rows), np.int64, int(starts[-1]))
        counts = csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape=(len(rows), len(self._table)))
        sums = counts @ self._table
        return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9), np.float32)
