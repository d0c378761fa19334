"""The packaged cross-encoder over statement, passage and the sentence before it: the status reader.

Made by `training/reader.py`; what it learned on, and how well it does, stands in its model card
(`docs/models/status.md`) and in `drumbeat eval`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import starmap
from pathlib import Path

import numpy as np

from drumbeat.models.decision import log_odds
from drumbeat.models.onnx_encoder import open_session
from drumbeat.models.protocols import COMMITMENT_HEADS, ModelInfo, Vectors
from drumbeat.models.tokens import load_tokenizer

MAX_PIECES = 160
MAX_PASSAGE_PIECES = 96
MAX_STATEMENT_PIECES = 60
MAX_BEFORE_PIECES = 24
OUTPUTS = ("relation", "commitment", "voice")
RELATIONS = 3  # conveys, topic only, unrelated
VOICES = 2
_READ_COLUMNS = (0, *range(RELATIONS, RELATIONS + COMMITMENT_HEADS), -1)  # conveys, the commitments, attributed

Triples = Sequence[tuple[str, str, str]]


class OnnxStatusReader:
    """Says whether a passage conveys a statement, and how it carries it.

    A passage over 96 word pieces is cut; of the sentence before it the last 24 are read, or fewer.
    """

    def __init__(self, weights: Path, tokenizer: Path, info: ModelInfo, *, threads: int = 1) -> None:
        self.info = info
        self._tokenizer = load_tokenizer(tokenizer)
        self._separator: int = self._tokenizer.encode("").ids[-1]  # of the two special tokens, [CLS] and [SEP]
        self._session = open_session(weights, info.name, threads=threads)

    def read(self, triples: Triples) -> Vectors:
        """Judge (statement, passage, sentence before it or "") triples, in order: log odds (n, 7)."""
        found = np.zeros((len(triples), RELATIONS + COMMITMENT_HEADS + VOICES), np.float32)
        for index, (ids, statement_pieces) in enumerate(self._rows(triples)):
            found[index] = self._run(ids, statement_pieces)
        return log_odds(found[:, _READ_COLUMNS])

    def _run(self, ids: list[int], statement_pieces: int) -> Vectors:
        """Judge one triple, alone: int8 scales are set per run, and must not depend on neighbours."""
        row = np.array([ids], np.int64)
        types = (np.arange(len(ids)) >= statement_pieces).astype(np.int64)[None]
        feeds = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": types}
        return np.concatenate([_softmax(logits)[0] for logits in self._session.run(list(OUTPUTS), feeds)])

    def _rows(self, triples: Triples) -> list[tuple[list[int], int]]:
        columns = [list(column) for column in zip(*triples, strict=True)] or [[], [], []]
        statements = self._tokenizer.encode_batch_fast(columns[0])
        passages = self._tokenizer.encode_batch_fast(columns[1], add_special_tokens=False)
        befores = self._tokenizer.encode_batch_fast(columns[2], add_special_tokens=False)
        ids = ((s.ids, p.ids, b.ids) for s, p, b in zip(statements, passages, befores, strict=True))
        return list(starmap(self._row, ids))

    def _row(self, statement: list[int], passage: list[int], before: list[int]) -> tuple[list[int], int]:
        if len(statement) > MAX_STATEMENT_PIECES:
            statement = [*statement[: MAX_STATEMENT_PIECES - 1], self._separator]
        row = [*statement, *passage[:MAX_PASSAGE_PIECES], self._separator]
        room = min(MAX_BEFORE_PIECES, MAX_PIECES - len(row) - 1)
        if before and room > 0:
            row += [*before[-room:], self._separator]
        return row, len(statement)


def _softmax(logits: Vectors) -> Vectors:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
