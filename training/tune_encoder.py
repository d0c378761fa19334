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
import json
import lzma
import os
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import torch
from sklearn.metrics import average_precision_score
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

from base import check_base
from drumbeat.evaluation import GoldRow
from drumbeat.text.canonical import canonical_line, canonical_text
from drumbeat.text.passages import split_sentences
from encoder import Pooled
from labels import is_held_out, load_ours, load_train, thinned

MAX_TOKENS = 96
SENTENCES_PER_STEP = 48
LONGEST_GROUP = 16
SCALE, SHIFT = 12.0, -6.0
UNLABELLED_WEIGHT = 5.0  # of their mean loss, beside that of the labelled pairs
KEPT_AT = 0.001, 0.01


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
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (0.06 * total)) * max(0.02, 1 - step / (total + 1))
    )
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
    statements = {text: i for i, text in enumerate(dict.fromkeys(row.statement or "" for row in step))}
    passages = {text: i for i, text in enumerate(dict.fromkeys(row.passage for row in step))}
    cosines = embed(model, tokenizer, list(statements)) @ embed(model, tokenizer, list(passages)).T
    wanted, known = torch.full(cosines.shape, -1.0), torch.zeros(cosines.shape)
    for row in step:
        at = statements[row.statement or ""], passages[row.passage]
        known[at] = 1.0
        wanted[at] = 1.0 if row.match else -1.0
    losses = -nn.functional.logsigmoid(wanted * (scale * cosines + shift))
    unknown = 1 - known
    others = (losses * unknown).sum() / unknown.sum().clamp(min=1)
    return (losses * known).sum() / known.sum() + UNLABELLED_WEIGHT * others


@torch.no_grad()
def measure(model: Pooled, tokenizer: Tokenizer, held: Sequence[GoldRow], others: Sequence[str]) -> str:
    """Return the figures on held-out rows, `others` being random sentences."""
    model.eval()
    vectors = _vectors(model, tokenizer, [*{t for r in held for t in (r.statement or "", r.passage)}, *others])
    random_ones = np.array([vectors[text] for text in others])
    said = []
    for name, rows in (
        ("given", [row for row in held if not row.theme.startswith("mined: ")]),
        ("ours", [row for row in held if row.theme.startswith("mined: ")]),
    ):
        cosines = np.array([vectors[row.statement or ""] @ vectors[row.passage] for row in rows])
        gold = np.array([row.match for row in rows])
        statements = np.array([vectors[text] for text in dict.fromkeys(row.statement or "" for row in rows)])
        far = (statements @ random_ones.T).ravel()
        kept = [float((cosines[gold] >= np.quantile(far, 1 - share)).mean()) for share in KEPT_AT]
        said.append(f"{name}: AP {average_precision_score(gold, cosines):.3f} kept {kept[0]:.3f} {kept[1]:.3f}")
    return "; ".join(said)


def _vectors(model: Pooled, tokenizer: Tokenizer, texts: Sequence[str]) -> dict[str, np.ndarray]:
    ordered = sorted(set(texts), key=len)
    parts = [embed(model, tokenizer, ordered[i : i + 64]).numpy() for i in range(0, len(ordered), 64)]
    return dict(zip(ordered, np.concatenate(parts), strict=True))


def random_sentences(archive: Path, every: int = 240) -> list[str]:
    """Return the sentences of one article in so many."""
    found = []
    with lzma.open(archive, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % every == 0:
                text = canonical_text(json.loads(line)["text"])
                found += [span.of(text) for span in split_sentences(text) if 30 < span.end - span.start < 600]
    return found


def main() -> None:
    """Train, measure, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="an encoder.pt to go on from")
    parser.add_argument("--fresh", type=Path, help="a file of labels to learn from whole, and of all others a share")
    parser.add_argument("--replay", type=float, default=0.25, help="that share")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--rate", type=float, default=6e-5)
    options = parser.parse_args()
    torch.set_num_threads(os.cpu_count() or 1)
    base = check_base(options.base)
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    encoder = AutoModel.from_pretrained(base, attn_implementation="eager", attention_probs_dropout_prob=0.0)
    if options.start:
        encoder.load_state_dict(torch.load(options.start, weights_only=True))
    model = Pooled(encoder)
    rows = [*load_train(options.data), *load_ours(options.data)]
    rows = [msgspec.structs.replace(row, passage=canonical_line(row.passage)) for row in rows]
    held = [row for row in rows if is_held_out(row.theme) and not row.theme.startswith("written: ")]
    others = random_sentences(options.data / "allsides-2012-2018.jsonl.xz")
    print(f"before: {measure(model, tokenizer, held, others)} ({len(held)} rows, {len(others)} sentences)", flush=True)
    kept = [row for row in thinned(rows, options.fresh, options.replay) if not is_held_out(row.theme)]
    train(model, kept, tokenizer, epochs=options.epochs, rate=options.rate)
    print(f"after: {measure(model, tokenizer, held, others)}")
    options.out.mkdir(parents=True, exist_ok=True)
    torch.save(model.encoder.state_dict(), options.out / "encoder.pt")


if __name__ == "__main__":
    main()
