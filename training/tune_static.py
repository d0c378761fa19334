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
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from sklearn.metrics import average_precision_score
from torch import Tensor, nn

from base import ORIGIN, WEIGHTS, list_weights
from drumbeat.evaluation import GoldRow
from drumbeat.models.opening import open_static
from drumbeat.text.canonical import canonical_line
from labels import is_held_out, load_ours, load_train
from tune_encoder import KEPT_AT, random_sentences

STATEMENTS_PER_STEP = 96
RANDOM_PER_STEP = 4096
SCALE, SHIFT = 15.0, -9.0


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
    table: Table, rows: Sequence[GoldRow], pieces: dict[str, list[int]], others: Sequence[list[int]], epochs: int,
    rate: float,
) -> None:  # fmt: skip
    """Fit the table in place."""
    rng = random.Random(3)
    scale, shift = nn.Parameter(torch.tensor(SCALE)), nn.Parameter(torch.tensor(SHIFT))
    optimiser = torch.optim.Adam([{"params": table.parameters(), "lr": rate}, {"params": [scale, shift], "lr": 0.05}])
    by_statement: dict[str, list[GoldRow]] = {}
    for row in rows:
        by_statement.setdefault(row.statement or "", []).append(row)
    for epoch in range(epochs):
        statements, total = rng.sample(sorted(by_statement), len(by_statement)), []
        for group in optimiser.param_groups[:1]:
            group["lr"] = rate * (1 - epoch / epochs)
        for start in range(0, len(statements), STATEMENTS_PER_STEP):
            chosen = statements[start : start + STATEMENTS_PER_STEP]
            labelled = [row for text in chosen for row in by_statement[text]]
            far = [others[rng.randrange(len(others))] for _ in range(RANDOM_PER_STEP)]
            cosines = table([pieces[t] for t in chosen]) @ table([*(pieces[r.passage] for r in labelled), *far]).T
            known = torch.zeros(cosines.shape)
            wanted = torch.full(cosines.shape, -1.0)
            at = {text: number for number, text in enumerate(chosen)}
            for number, row in enumerate(labelled):
                known[at[row.statement or ""], number] = 1.0
                wanted[at[row.statement or ""], number] = 1.0 if row.match else -1.0
            losses = -nn.functional.logsigmoid(wanted * (scale * cosines + shift))
            gold = known * (wanted > 0)
            missed = known * (wanted < 0)
            loss = (
                (losses * gold).sum() / gold.sum().clamp(min=1)
                + 0.3 * (losses * missed).sum() / missed.sum().clamp(min=1)
                + 20 * (losses * (1 - known)).mean()
            )
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            total.append(loss.item())
        print(f"epoch {epoch} loss {np.mean(total):.3f} scale {scale.item():.1f} shift {shift.item():.1f}", flush=True)


@torch.no_grad()
def measure(table: Table, held: Sequence[GoldRow], pieces: dict[str, list[int]], others: Sequence[list[int]]) -> str:
    """Return the figures on held-out rows."""
    far, said = table(others).numpy(), []
    for name, rows in (
        ("given", [row for row in held if not row.theme.startswith("mined: ")]),
        ("ours", [row for row in held if row.theme.startswith("mined: ")]),
    ):
        left = table([pieces[row.statement or ""] for row in rows]).numpy()
        cosines = (left * table([pieces[row.passage] for row in rows]).numpy()).sum(1)
        gold = np.array([row.match for row in rows])
        statements = table([pieces[text] for text in dict.fromkeys(row.statement or "" for row in rows)]).numpy()
        all_far = (statements @ far.T).ravel()
        kept = [float((cosines[gold] >= np.quantile(all_far, 1 - share)).mean()) for share in KEPT_AT]
        said.append(f"{name}: AP {average_precision_score(gold, cosines):.3f} kept {kept[0]:.3f} {kept[1]:.3f}")
    return "; ".join(said)


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
    rows = [*load_train(options.data), *load_ours(options.data)]
    archive = options.data / "allsides-2012-2018.jsonl.xz"
    texts = list({canonical_line(t): None for r in rows for t in (r.statement or "", r.passage)})
    pieces = dict(zip(texts, static.pieces(texts), strict=True))
    for row in rows:
        pieces.setdefault(row.passage, pieces[canonical_line(row.passage)])
        pieces.setdefault(row.statement or "", pieces[canonical_line(row.statement or "")])
    far = [row for row in static.pieces(random_sentences(archive, 240)) if len(row) > 3]
    others = [row for row in static.pieces(random_sentences(archive, 37)) if len(row) > 3]
    held = [row for row in rows if is_held_out(row.theme) and not row.theme.startswith("written: ")]
    table = Table(tensors["embeddings"].astype(np.float32))
    print(f"before: {measure(table, held, pieces, far)}", flush=True)
    train(table, [r for r in rows if not is_held_out(r.theme)], pieces, others, options.epochs, options.rate)
    print(f"after: {measure(table, held, pieces, far)}", flush=True)
    learned = table.vectors.detach().numpy()
    top = float(np.quantile(np.abs(learned), 0.9999))
    rounded = np.clip(np.round(learned * (127 / top)), -127, 127).astype(np.int8)
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


if __name__ == "__main__":
    main()
