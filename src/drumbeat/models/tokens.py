"""Word pieces: text to ids, through the tokenizer file that goes with the weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Ids = NDArray[np.int64]


def load_tokenizer(path: Path) -> Tokenizer:
    """Return the tokenizer in a file, without padding or truncation of its own."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def pad_batch(rows: Sequence[Sequence[int]]) -> tuple[Ids, Ids]:
    """Return the ids of the rows padded to the longest, and their mask; int64 of shape (rows, longest)."""
    ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
    mask = np.zeros_like(ids)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = row
        mask[index, : len(row)] = 1
    return ids, mask


def batches_by_length(lengths: Sequence[int], *, tokens_per_batch: int) -> list[list[int]]:
    """Return the indices grouped so that rows of like length share a batch of at most so many padded tokens."""
    batches: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if not batches or lengths[index] * (len(batches[-1]) + 1) > tokens_per_batch:
            batches.append([])
        batches[-1].append(index)
    return batches
