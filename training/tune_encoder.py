"""Teach the sentence encoder what conveys a statement, so that the cosine sifts better than likeness of topic does.

    python training/tune_encoder.py --base BASE --data ../shared/data --out build/encoder

Each step takes a few statements with their labelled sentences. Every pair in it has a sigmoid loss (SigLIP, Zhai et
al. 2023): labelled pairs by their label, all other pairs as not conveying. Statements written for one passage come
with it. Held-out themes (`labels.py`) are left out and measured: average precision among the labelled rows, and
how many of their matches lie above the cosine that one random pair in a thousand (and in a hundred) reaches. Word
embeddings stay frozen. The weights are for `encoder.py --weights`.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

from base import check_base, open_tokenizer, warmed_up
from drumbeat.evaluation import GoldRow
from encoder import Pooled
from towers import figures_of, label_pairs, load_sides, mean_over, random_sentences, texts_of

MAX_TOKENS = 96
SENTENCES_PER_STEP = 48
LONGEST_GROUP = 16
SCALE, SHIFT = 12.0, -6.0
UNLABELLED_WEIGHT = 5.0  # of their mean loss, beside that of the labelled pairs


def groups_of(rows: Sequence[GoldRow], rng: random.Random) -> list[list[GoldRow]]:
    """Return rows in groups that share a statement (or, for written statements, a passage), none too large."""
    by_key: dict[str, list[GoldRow]] = defaultdict(list)
    for row in rows:
        by_key[row.passage if row.theme.startswith("written: ") else row.statement or ""].append(row)
    groups = []
    for found in by_key.values():
        rng.shuffle(found)
        groups += [found[i : i + LONGEST_GROUP] for i in range(0, len(found), LONGEST_GROUP)]
    rng.shuffle(groups)
    return groups


def steps_of(groups: Sequence[list[GoldRow]]) -> list[list[GoldRow]]:
    """Return the rows of each step: whole groups, about 48 rows."""
    steps: list[list[GoldRow]] = [[]]
    for group in groups:
        if len(steps[-1]) + len(group) > SENTENCES_PER_STEP and steps[-1]:
            steps.append([])
        steps[-1].extend(group)
    return steps


def embed(model: Pooled, tokenizer: Tokenizer, texts: Sequence[str]) -> Tensor:
    """Return the unit vectors of texts of any length, (texts, 384)."""
    found = [given.ids[:MAX_TOKENS] for given in tokenizer.encode_batch(list(texts))]
    length = -(-max(map(len, found)) // 8) * 8
    ids = torch.tensor([row + [0] * (length - len(row)) for row in found])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in found])
    with torch.autocast("cpu", torch.bfloat16):
        return model(ids, mask).float()


def train(model: Pooled, rows: Sequence[GoldRow], tokenizer: Tokenizer, *, epochs: int, rate: float) -> None:
    """Fit the model in place."""
    rng = random.Random(11)
    torch.manual_seed(11)
    model.encoder.embeddings.requires_grad_(False)
    scale, shift = nn.Parameter(torch.tensor(SCALE)), nn.Parameter(torch.tensor(SHIFT))
    body = [parameter for parameter in model.encoder.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW([{"params": body, "lr": rate}, {"params": [scale, shift], "lr": 0.02}])
    total = epochs * len(steps_of(groups_of(rows, random.Random(0))))
    schedule = warmed_up(optimiser, total)
    model.train()
    started, seen = time.monotonic(), 0
    for epoch in range(epochs):
        for number, step in enumerate(steps_of(groups_of(rows, rng))):
            loss = _loss(model, tokenizer, step, scale, shift)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(body, 1.0)
            optimiser.step()
            schedule.step()
            seen += len(step)
            if number % 100 == 0:
                speed = seen / (time.monotonic() - started)
                print(f"epoch {epoch} step {number} of {total} loss {loss.item():.3f} rows/s {speed:.0f}", flush=True)
    print(f"scale {scale.item():.2f} shift {shift.item():.2f}", flush=True)


def _loss(model: Pooled, tokenizer: Tokenizer, step: Sequence[GoldRow], scale: Tensor, shift: Tensor) -> Tensor:
    statements, passages = (list(dict.fromkeys(texts)) for texts in zip(*map(texts_of, step), strict=True))
    cosines = embed(model, tokenizer, statements) @ embed(model, tokenizer, passages).T
    wanted, known = label_pairs(step, statements, passages)
    losses = -nn.functional.logsigmoid(wanted * (scale * cosines + shift))
    return mean_over(losses, known) + UNLABELLED_WEIGHT * mean_over(losses, 1 - known)


@torch.no_grad()
def measure(model: Pooled, tokenizer: Tokenizer, held: Sequence[GoldRow], others: Sequence[str]) -> str:
    """Return the figures on held-out rows, `others` being random sentences."""
    model.eval()
    vectors = _vectors(model, tokenizer, [*{text for row in held for text in texts_of(row)}, *others])
    return figures_of(held, vectors, np.array([vectors[text] for text in others]))


def _vectors(model: Pooled, tokenizer: Tokenizer, texts: Sequence[str]) -> dict[str, np.ndarray]:
    ordered = sorted(set(texts), key=len)
    parts = [embed(model, tokenizer, ordered[i : i + 64]).numpy() for i in range(0, len(ordered), 64)]
    return dict(zip(ordered, np.concatenate(parts), strict=True))


def main() -> None:
    """Train, measure, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--rate", type=float, default=6e-5)
    options = parser.parse_args()
    torch.set_num_threads(os.cpu_count() or 1)
    base = check_base(options.base)
    tokenizer = open_tokenizer(base)
    model = Pooled(AutoModel.from_pretrained(base, attn_implementation="eager", attention_probs_dropout_prob=0.0))
    learned, held = load_sides(options.data)
    others = random_sentences(options.data / "allsides-2012-2018.jsonl.xz")
    print(f"before: {measure(model, tokenizer, held, others)} ({len(held)} rows, {len(others)} sentences)", flush=True)
    train(model, learned, tokenizer, epochs=options.epochs, rate=options.rate)
    print(f"after: {measure(model, tokenizer, held, others)}")
    options.out.mkdir(parents=True, exist_ok=True)
    torch.save(model.encoder.state_dict(), options.out / "encoder.pt")


if __name__ == "__main__":
    main()
