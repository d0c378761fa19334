"""Teach the static vectors what conveys a statement, so that the screen lets fewer sentences pass and loses fewer.

    python training/tune_static.py --data ../shared/data

Starts from the packaged table (`static_encoder.py`). Each step takes all pairs of a few hundred statements with their
labelled sentences and some thousand random sentences of the archive; every pair has a sigmoid loss (SigLIP, Zhai et al.
2023), labelled ones by their label, the others as not conveying. Held-out themes (`labels.py`) are left out and
measured as in `tune_encoder.py`. Takes some minutes.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from torch import Tensor, nn

from base import ORIGIN, WEIGHTS, list_weights
from drumbeat.evaluation import GoldRow
from drumbeat.models.opening import open_static
from towers import figures_of, label_pairs, load_sides, mean_over, random_sentences, texts_of

STATEMENTS_PER_STEP = 96
RANDOM_PER_STEP = 4096
SCALE, SHIFT = 15.0, -9.0
MISS_WEIGHT = 0.3
UNLABELLED_WEIGHT = 20.0

Pieces = dict[str, list[int]]


class Table(nn.Module):
    """The vectors, to be trained."""

    def __init__(self, table: np.ndarray) -> None:
        super().__init__()
        self.vectors = nn.Parameter(torch.tensor(table))

    def forward(self, rows: Sequence[Sequence[int]]) -> Tensor:
        """Return the unit sum of the vectors of each row of word pieces."""
        flat = torch.tensor([piece for row in rows for piece in row])
        starts = torch.tensor(np.cumsum([0, *map(len, rows)])[:-1])
        sums = nn.functional.embedding_bag(flat, self.vectors, starts, mode="sum")
        return sums / sums.norm(dim=1, keepdim=True).clamp(min=1e-9)


def train(
    table: Table, rows: Sequence[GoldRow], pieces: Pieces, others: Sequence[list[int]], *, epochs: int, rate: float
) -> None:
    """Fit the table in place."""
    rng = random.Random(3)
    scale, shift = nn.Parameter(torch.tensor(SCALE)), nn.Parameter(torch.tensor(SHIFT))
    optimiser = torch.optim.Adam([{"params": table.parameters(), "lr": rate}, {"params": [scale, shift], "lr": 0.05}])
    by_statement: dict[str, list[GoldRow]] = defaultdict(list)
    for row in rows:
        by_statement[row.statement or ""].append(row)
    for epoch in range(epochs):
        statements, losses = rng.sample(sorted(by_statement), len(by_statement)), []
        optimiser.param_groups[0]["lr"] = rate * (1 - epoch / epochs)
        for start in range(0, len(statements), STATEMENTS_PER_STEP):
            chosen = statements[start : start + STATEMENTS_PER_STEP]
            labelled = [row for text in chosen for row in by_statement[text]]
            far = [others[rng.randrange(len(others))] for _ in range(RANDOM_PER_STEP)]
            loss = _loss(table, pieces, chosen, labelled, far, scale, shift)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
        print(f"epoch {epoch} loss {np.mean(losses):.3f} scale {scale.item():.1f} shift {shift.item():.1f}", flush=True)


def _loss(
    table: Table, pieces: Pieces, statements: Sequence[str], rows: Sequence[GoldRow], far: Sequence[list[int]],
    scale: Tensor, shift: Tensor,
) -> Tensor:  # fmt: skip
    passages = list(dict.fromkeys(row.passage for row in rows))
    cosines = table([pieces[t] for t in statements]) @ table([*(pieces[t] for t in passages), *far]).T
    wanted, known = (
        nn.functional.pad(labels, (0, len(far)), value=fill)
        for labels, fill in zip(label_pairs(rows, statements, passages), (-1.0, 0.0), strict=True)
    )
    losses = -nn.functional.logsigmoid(wanted * (scale * cosines + shift))
    matches, misses = known * (wanted > 0), known * (wanted < 0)
    far_loss = (losses * (1 - known)).mean()
    return mean_over(losses, matches) + MISS_WEIGHT * mean_over(losses, misses) + UNLABELLED_WEIGHT * far_loss


@torch.no_grad()
def measure(table: Table, held: Sequence[GoldRow], pieces: Pieces, others: Sequence[list[int]]) -> str:
    """Return the figures on held-out rows."""
    texts = list(dict.fromkeys(text for row in held for text in texts_of(row)))
    vectors = table([pieces[text] for text in texts]).numpy()
    return figures_of(held, dict(zip(texts, vectors, strict=True)), table(others).numpy())


def main() -> None:
    """Train, measure, save, list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=0.3)
    parser.add_argument("--dry", action="store_true", help="save nothing")
    options = parser.parse_args()
    static, path = open_static(), WEIGHTS / "static.safetensors"
    tensors = load_file(path)
    learned, held = load_sides(options.data)
    texts = list(dict.fromkeys(text for row in (*learned, *held) for text in texts_of(row)))
    pieces = dict(zip(texts, static.pieces(texts), strict=True))
    archive = options.data / "allsides-2012-2018.jsonl.xz"
    far, others = (
        [row for row in static.pieces(random_sentences(archive, every)) if len(row) > 3] for every in (240, 37)
    )
    table = Table(tensors["embeddings"].astype(np.float32))
    print(f"before: {measure(table, held, pieces, far)}", flush=True)
    train(table, learned, pieces, others, epochs=options.epochs, rate=options.rate)
    print(f"after: {measure(table, held, pieces, far)}", flush=True)
    rounded = to_int8(table.vectors.detach().numpy())
    table.vectors.data = torch.tensor(rounded.astype(np.float32))
    print(f"int8: {measure(table, held, pieces, far)}")
    if options.dry:
        return
    save_file({"embeddings": rounded, "rarity": tensors["rarity"]}, path)
    list_weights(
        "static.safetensors", "static-tokenizer.json", name="static", kind="static encoder", licence="Apache-2.0",
        origin=f"{ORIGIN}, distilled by static_encoder.py (Model2Vec, MIT), tuned by tune_static.py, in training",
        dimension=rounded.shape[1], languages=["en"],
    )  # fmt: skip


def to_int8(vectors: np.ndarray) -> np.ndarray:
    """Return vectors as bytes with one scale, the largest ten-thousandth of the numbers cut."""
    top = float(np.quantile(np.abs(vectors), 0.9999))
    return np.clip(np.round(vectors * (127 / top)), -127, 127).astype(np.int8)


if __name__ == "__main__":
    main()
