"""Train the attribution tagger: cues, and for each cue its source and content, on PolNeAR's articles.

Starts from all-MiniLM-L6-v2. One pass of the encoder over a window tags the cues (outside, begin, inside); a
small second network reads every piece together with one cue and says: nothing, source, rest of the cue, or
content. So attributions may nest, cross sentences and stand apart. Learns from the tuning side only
(`eval/polnear.py` has the split); prints the loss as it goes.

    PYTHONPATH=eval python training/attributions.py --base BASE --data DATA --out build/attributions.pt
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

from drumbeat.models.tokens import load_tokenizer
from drumbeat.models.windows import Pieces, cut_pieces, cut_windows
from drumbeat.records import Span
from drumbeat.text.passages import split_sentences
from polnear import GoldArticle, iter_gold

OUTSIDE, BEGIN, INSIDE = range(3)
NOTHING, SOURCE, CUE, CONTENT = range(4)
WIDTH = 192
FARTHEST = 80
PIECES_PER_BATCH = 3072
IGNORE = -100


@dataclass(frozen=True)
class Example:
    """One window: ids and types with [CLS] and [SEP], cue tags, and per cue its first pieces and all roles."""

    ids: list[int]
    types: list[int]
    cues: list[int]
    anchors: list[tuple[int, int]]
    roles: list[list[int]]


class Tagger(nn.Module):
    """The encoder, a cue tagger, and what the linker needs of each piece."""

    def __init__(self, base: Path) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(base, attn_implementation="sdpa", attention_probs_dropout_prob=0.0)
        size = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.cue = nn.Linear(size, 3)
        self.own = nn.Linear(size, WIDTH)
        self.anchor = nn.Linear(size, WIDTH)
        self.linker = Linker()

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> tuple[Tensor, ...]:
        """Return cue logits (batch, pieces, 3) and two views of each piece (batch, pieces, 192)."""
        hidden = self.dropout(
            self.encoder(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            ).last_hidden_state
        )
        return self.cue(hidden), self.own(hidden), self.anchor(hidden)


class Linker(nn.Module):
    """Says of every piece what it is to one cue, from both views and the distance."""

    def __init__(self) -> None:
        super().__init__()
        self.place = nn.Embedding(2 * FARTHEST + 1, WIDTH)
        self.inner = nn.Linear(WIDTH, WIDTH)
        self.role = nn.Linear(WIDTH, 4)
        nn.init.normal_(self.place.weight, std=0.02)

    def forward(self, own: Tensor, anchor: Tensor, places: Tensor) -> Tensor:
        """Return role logits (cues, pieces, 4) of own (pieces, 192) or (cues, pieces, 192), anchor (cues, 192)."""
        joint = torch.relu(own + anchor.unsqueeze(1) + self.place(places))
        logits: Tensor = self.role(torch.relu(self.inner(joint)))
        return logits


def make_examples(article: GoldArticle, tokenizer: Tokenizer) -> Iterator[Example]:
    """Yield the windows of an article."""
    pieces = cut_pieces(tokenizer, article.text, split_sentences(article.text))
    marked = [
        [_covered(pieces, spans) for spans in (item.source, item.cue, item.content)] for item in article.attributions
    ]
    first, last = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    for window in cut_windows(pieces):
        inside = range(window.first, window.last)
        cues = [OUTSIDE] * len(inside)
        anchors, roles = [], []
        for source, cue, content in marked:
            runs = [run for run in _runs(cue) if run[0] in inside and run[1] - 1 in inside]
            for start, end in runs:
                for i in range(start, end):
                    cues[i - window.first] = BEGIN if i == start else INSIDE
            if runs:
                role = [NOTHING] * len(inside)
                for kind, covered in ((CONTENT, content), (SOURCE, source), (CUE, cue)):
                    for i in covered:
                        if i in inside:
                            role[i - window.first] = kind
                anchors.append((runs[0][0] - window.first + 1, runs[0][1] - window.first + 1))
                roles.append([IGNORE, *role, IGNORE])
        yield Example(
            ids=[first, *pieces.ids[window.first : window.last], last],
            types=[0, *pieces.types[window.first : window.last], 0],
            cues=[IGNORE, *cues, IGNORE],
            anchors=anchors,
            roles=roles,
        )


def _covered(pieces: Pieces, spans: Sequence[Span]) -> list[int]:
    return [
        i
        for i, (start, end) in enumerate(zip(pieces.starts, pieces.ends, strict=True))
        if any(start < span.end and span.start < end for span in spans)
    ]


def _runs(indices: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for i in indices:
        if runs and runs[-1][1] == i:
            runs[-1] = (runs[-1][0], i + 1)
        else:
            runs.append((i, i + 1))
    return runs


def iter_batches(examples: Sequence[Example], rng: random.Random) -> Iterator[list[Example]]:
    """Yield windows of like length together, in random order."""
    order = sorted(examples, key=lambda e: len(e.ids) + rng.random() * 16)
    batches: list[list[Example]] = [[]]
    for example in order:
        if batches[-1] and len(example.ids) * (len(batches[-1]) + 1) > PIECES_PER_BATCH:
            batches.append([])
        batches[-1].append(example)
    rng.shuffle(batches)
    yield from batches


def loss_of(model: Tagger, batch: Sequence[Example]) -> Tensor:
    """Return the mean loss of cues plus the mean loss of roles."""
    length = max(len(e.ids) for e in batch)
    ids, mask, types = (torch.zeros(len(batch), length, dtype=torch.long) for _ in range(3))
    cues = torch.full((len(batch), length), IGNORE)
    for row, example in enumerate(batch):
        size = len(example.ids)
        ids[row, :size], types[row, :size] = torch.tensor(example.ids), torch.tensor(example.types)
        mask[row, :size], cues[row, :size] = 1, torch.tensor(example.cues)
    with torch.autocast("cpu", torch.bfloat16):
        logits, own, anchor = model(ids, mask, types)
    loss = nn.functional.cross_entropy(logits.float().transpose(1, 2), cues, ignore_index=IGNORE)
    rows = [(r, a, role) for r, e in enumerate(batch) for a, role in zip(e.anchors, e.roles, strict=True)]
    if not rows:
        return loss
    wanted = torch.full((len(rows), length), IGNORE)
    for i, (_, _, role) in enumerate(rows):
        wanted[i, : len(role)] = torch.tensor(role)
    anchors = torch.stack([anchor[r, start:end].float().mean(0) for r, (start, end), _ in rows])
    places = torch.stack([places_of(length, start) for _, (start, _), _ in rows])
    found = model.linker(own[[r for r, _, _ in rows]].float(), anchors, places)
    return loss + 2 * nn.functional.cross_entropy(found.transpose(1, 2), wanted, ignore_index=IGNORE)


def places_of(length: int, start: int) -> Tensor:
    """Return the distance of each piece to a cue's first, cut at 80 and counted from 0."""
    return (torch.arange(length) - start).clamp(-FARTHEST, FARTHEST) + FARTHEST


def train(model: Tagger, examples: Sequence[Example], *, epochs: int, rate: float, out: Path) -> None:
    """Fit the model in place, word embeddings frozen; saved after every epoch."""
    rng = random.Random(7)
    torch.manual_seed(7)
    model.encoder.embeddings.word_embeddings.requires_grad_(False)
    body = [p for p in model.encoder.parameters() if p.requires_grad]
    heads = [p for name, p in model.named_parameters() if not name.startswith("encoder.")]
    optimiser = torch.optim.AdamW([{"params": body, "lr": rate}, {"params": heads, "lr": 5 * rate}], weight_decay=0.01)
    steps = epochs * len(list(iter_batches(examples, random.Random(0))))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min(1.0, (s + 1) / (0.06 * steps)) * (0.02 + 0.98 * (1 - s / (steps + 1)))
    )
    model.train()
    started, seen, mean = time.monotonic(), 0, math.nan
    for epoch in range(epochs):
        for number, batch in enumerate(iter_batches(examples, rng)):
            loss = loss_of(model, batch)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            seen += sum(len(e.ids) for e in batch)
            mean = loss.item() if math.isnan(mean) else 0.98 * mean + 0.02 * loss.item()
            if number % 50 == 0:
                speed = f"{seen / (time.monotonic() - started):.0f} pieces/s"
                print(f"epoch {epoch} batch {number}/{steps // epochs} loss {mean:.3f} {speed}", flush=True)
        out.parent.mkdir(parents=True, exist_ok=True)
        torch.save(model.state_dict(), out)


def main() -> None:
    """Train on the tuning side."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="weights of an earlier stage whose encoder to start from")
    parser.add_argument("--epochs", type=int, default=5)
    options = parser.parse_args()
    tokenizer = load_tokenizer(options.base / "tokenizer.json")
    examples = [e for article in iter_gold(options.data, split="tuning") for e in make_examples(article, tokenizer)]
    print(f"{len(examples)} windows, {sum(len(e.anchors) for e in examples)} attributions")
    model = Tagger(options.base)
    if options.start:
        saved = torch.load(options.start, weights_only=True)
        model.encoder.load_state_dict(
            {k.removeprefix("encoder."): v for k, v in saved.items() if k.startswith("encoder.")}
        )
    train(model, examples, epochs=options.epochs, rate=1.5e-4, out=options.out)


if __name__ == "__main__":
    main()
