"""A sentence encoder from an ONNX file: the packaged MiniLM, or one from the hub.

all-MiniLM-L6-v2 (Apache-2.0), int8 per channel; cosine to the full-precision vectors about .99
(`training/encoder.py` makes it and says so). Texts over 256 word pieces are cut there.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from drumbeat.errors import ModelError
from drumbeat.models.protocols import ModelInfo, Vectors
from drumbeat.models.tokens import load_tokenizer

MAX_PIECES = 256


class OnnxEncoder:
    """A sentence encoder; mean pooling is in the graph or, for hub models, done here."""

    def __init__(self, weights: Path, tokenizer: Path, info: ModelInfo, *, threads: int = 1) -> None:
        self.info = info
        self._tokenizer = load_tokenizer(tokenizer)
        self._session = open_session(weights, info.name, threads=threads)
        self._inputs = {given.name for given in self._session.get_inputs()}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row per text, float32, in order."""
        vectors = np.zeros((len(texts), self.info.dimension), np.float32)
        for index, found in enumerate(self._tokenizer.encode_batch_fast(list(texts))):
            vectors[index] = self._run(found.ids[:MAX_PIECES])
        return vectors

    def _run(self, ids: list[int]) -> Vectors:
        """Return the unit vector of one text, alone: int8 scales are set per run, and must not depend on neighbours."""
        row = np.array([ids], np.int64)
        feeds = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
        output = self._session.run(None, {name: feeds[name] for name in self._inputs})[0][0]
        if output.ndim == 2:
            output = output.mean(axis=0)
        return np.asarray(output / max(float(np.linalg.norm(output)), 1e-9), np.float32)


def open_session(weights: Path, name: str, *, threads: int) -> Any:
    """Return an onnxruntime session on the CPU; raise ModelError where the file cannot be loaded."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises a class per status code, without a common base
        raise ModelError(f"the model {name} cannot be loaded from {weights.name}: {error}", model=name) from error
