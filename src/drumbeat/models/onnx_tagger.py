"""The packaged attribution tagger: cues, and for each cue its source and content.

Made by `training/attributions.py` from all-MiniLM-L6-v2 on PolNeAR; its model card is
`docs/models/attributions.md`. Two networks: the tagger reads a window of word pieces once, the small linker says
of every piece what it is to one cue.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drumbeat.models.onnx_encoder import open_session
from drumbeat.models.protocols import ModelInfo, TaggedAttribution, Vectors
from drumbeat.models.tokens import load_tokenizer
from drumbeat.models.windows import Pieces, Window, cut_pieces, cut_windows
from drumbeat.records import Span

FARTHEST = 80
SOURCE, CUE, CONTENT = 1, 2, 3
_CUE_LINE = 0.4  # a piece is a cue from this probability on

Labels = NDArray[np.int64]


class OnnxTagger:
    """Reads each window alone: int8 scales are set per run, and must not depend on neighbours."""

    def __init__(self, weights: Path, linker: Path, tokenizer: Path, info: ModelInfo, *, threads: int = 1) -> None:
        self.info = info
        self._tokenizer = load_tokenizer(tokenizer)
        self._first, self._last = self._tokenizer.encode("").ids
        self._tagger = open_session(weights, info.name, threads=threads)
        self._linker = open_session(linker, f"{info.name} linker", threads=threads)

    def tag(self, text: str, sentences: Sequence[Span], wanted: Sequence[int] | None = None) -> list[TaggedAttribution]:
        """Return the attributions of a text by the place of their cue; with `wanted`, those of these sentences."""
        pieces = cut_pieces(self._tokenizer, text, sentences, wanted)
        windows = cut_windows(pieces, None if wanted is None else set(wanted))
        return [found for window in windows for found in self._read(pieces, window)]

    def _read(self, pieces: Pieces, window: Window) -> Iterator[TaggedAttribution]:
        cues, own, anchors = self._run(pieces, window)
        runs = [run for run in cue_runs(cues) if window.low <= run[0] + window.first < window.high]
        if not runs:
            return
        places = np.clip(np.arange(len(cues))[None] - np.array([[start] for start, _ in runs]), -FARTHEST, FARTHEST)
        views = np.stack([anchors[start:end].mean(axis=0) for start, end in runs])
        feeds = {"own": own, "anchor": views, "places": (places + FARTHEST).astype(np.int64)}
        roles = _softmax(np.asarray(self._linker.run(None, feeds)[0], np.float32))
        labels = roles.argmax(axis=2)
        labels = labels[:, _word_heads(pieces, window)]
        for number in chosen_runs(runs, labels, cues):
            yield _record(pieces, window, runs[number], labels[number], float(cues[slice(*runs[number])].max()))

    def _run(self, pieces: Pieces, window: Window) -> tuple[Vectors, Vectors, Vectors]:
        """Return the probability that each piece of the window begins or continues a cue, (pieces,2), and two views."""
        ids = np.array([[self._first, *pieces.ids[window.first : window.last], self._last]], np.int64)
        types = np.array([[0, *pieces.types[window.first : window.last], 0]], np.int64)
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types}
        cues, own, anchors = (np.asarray(row[0, 1:-1], np.float32) for row in self._tagger.run(None, feeds))
        return _softmax(cues)[:, 1:], own, anchors


def cue_runs(cues: Vectors) -> list[tuple[int, int]]:
    """Return the runs of cue pieces (first, past the last); `cues` (pieces, 2): it begins, it continues a cue."""
    runs: list[tuple[int, int]] = []
    for place, (begins, continues) in enumerate(cues.tolist()):
        if begins + continues < _CUE_LINE:
            continue
        if runs and runs[-1][1] == place and continues > begins:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    return runs


def chosen_runs(runs: Sequence[tuple[int, int]], labels: Labels, cues: Vectors) -> list[int]:
    """Return the cues that hold content and are no second part of a surer one, in order."""
    chosen: list[int] = []
    for number in sorted(range(len(runs)), key=lambda i: -float(cues[slice(*runs[i])].sum(axis=1).max())):
        claimed = any((labels[other, slice(*runs[number])] == CUE).all() for other in chosen)
        if not claimed and (labels[number] == CONTENT).any():
            chosen.append(number)
    return sorted(chosen)


def _record(pieces: Pieces, window: Window, run: tuple[int, int], labels: Labels, score: float) -> TaggedAttribution:
    own = labels.copy()
    own[slice(*run)] = CUE
    source, cue, content = (tuple(_spans(pieces, window, own == role)) for role in (SOURCE, CUE, CONTENT))
    return TaggedAttribution(source=source, cue=cue, content=content, score=score)


def _spans(pieces: Pieces, window: Window, mask: NDArray[np.bool_]) -> Iterator[Span]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    for first, past in edges.reshape(-1, 2) + window.first:
        start, end = pieces.starts[first], pieces.ends[past - 1]
        if start < end:
            yield Span(start=start, end=end)


def _word_heads(pieces: Pieces, window: Window) -> Labels:
    """Return for each piece of the window the place of its word's first piece, so that a word has one label."""
    heads, head = np.zeros(window.last - window.first, np.int64), 0
    for place in range(len(heads)):
        here = window.first + place
        if not (place and pieces.inner[here]):
            head = place
        heads[place] = head
    return heads


def _softmax(logits: Vectors) -> Vectors:
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)
