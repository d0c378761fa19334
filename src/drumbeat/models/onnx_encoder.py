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
from drumbeat.models.tokens import batches_by_length, load_tokenizer, pad_batch

MAX_PIECES = 256
_TOKENS_PER_BATCH = 512  # small enough for a core's cache: half as fast again as 4,096


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
        rows = [found.ids[:MAX_PIECES] for found in self._tokenizer.encode_batch_fast(list(texts))]
        for batch in batches_by_length([len(row) for row in rows], tokens_per_batch=_TOKENS_PER_BATCH):
            vectors[batch] = self._run([rows[index] for index in batch])
        return vectors

    def _run(self, rows: list[list[int]]) -> Vectors:
        ids, mask = pad_batch(rows)
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        output = self._session.run(None, {name: feeds[name] for name in self._inputs})[0]
        if output.ndim == 3:
            output = (output * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        norms = np.linalg.norm(output, axis=1, keepdims=True)
        return np.asarray(output / np.maximum(norms, 1e-9), np.float32)


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
