"""What the two models share that put statement and sentence each through a tower of its own (encoder, static vectors).

Their labelled rows, the pairs of a step with their labels, and the figures on held-out themes.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
import torch
from sklearn.metrics import average_precision_score
from torch import Tensor

from drumbeat.evaluation import GoldRow
from drumbeat.text.canonical import canonical_line, canonical_text
from drumbeat.text.passages import split_sentences
from labels import is_held_out, load_ours, load_train

KEPT_AT = 0.001, 0.01


def load_sides(data: Path) -> tuple[list[GoldRow], list[GoldRow]]:
    """Return the rows to learn from, and those of held-out themes without the statements written for a passage."""
    rows = [*load_train(data), *load_ours(data)]
    rows = [msgspec.structs.replace(row, passage=canonical_line(row.passage)) for row in rows]
    held = [row for row in rows if is_held_out(row.theme) and not row.theme.startswith("written: ")]
    return [row for row in rows if not is_held_out(row.theme)], held


def texts_of(row: GoldRow) -> tuple[str, str]:
    """Return statement and passage."""
    return row.statement or "", row.passage


def label_pairs(rows: Sequence[GoldRow], statements: Sequence[str], passages: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Return for all pairs 1 or -1 for conveying or not, and 1 where a row says so, (statements, passages) each.

    A pair that no row labels does not convey.
    """
    at, places = ({text: i for i, text in enumerate(texts)} for texts in (statements, passages))
    wanted, known = torch.full((len(at), len(places)), -1.0), torch.zeros(len(at), len(places))
    for row in rows:
        statement, passage = texts_of(row)
        known[at[statement], places[passage]] = 1.0
        wanted[at[statement], places[passage]] = 1.0 if row.match else -1.0
    return wanted, known


def mean_over(losses: Tensor, chosen: Tensor) -> Tensor:
    """Return the mean of the losses that are chosen by 1, 0 where none is."""
    return (losses * chosen).sum() / chosen.sum().clamp(min=1)


def random_sentences(archive: Path, every: int = 240) -> list[str]:
    """Return the sentences of one article in so many."""
    found = []
    with lzma.open(archive, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % every == 0:
                text = canonical_text(json.loads(line)["text"])
                found += [span.of(text) for span in split_sentences(text) if 30 < span.end - span.start < 600]
    return found


def figures_of(held: Sequence[GoldRow], vectors: Mapping[str, np.ndarray], others: np.ndarray) -> str:
    """Return average precision and how many matches lie above what few random pairs reach, for given themes and ours.

    `vectors` are unit vectors of statements and passages, `others` those of random sentences, (sentences, dimension).
    """
    said = []
    for name, is_ours in (("given", False), ("ours", True)):
        pairs = [texts_of(row) for row in held if row.theme.startswith("mined: ") == is_ours]
        gold = np.array([row.match for row in held if row.theme.startswith("mined: ") == is_ours])
        cosines = np.array([vectors[statement] @ vectors[passage] for statement, passage in pairs])
        far = (np.array([vectors[text] for text in dict.fromkeys(text for text, _ in pairs)]) @ others.T).ravel()
        kept = [float((cosines[gold] >= np.quantile(far, 1 - share)).mean()) for share in KEPT_AT]
        said.append(f"{name}: AP {average_precision_score(gold, cosines):.3f} kept {kept[0]:.3f} {kept[1]:.3f}")
    return "; ".join(said)
