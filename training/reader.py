r"""Train the status reader: does a passage convey a statement or its negation, how committed, and in whose voice.

A cross-encoder with four heads that starts from a search reranker of twelve layers (`reranker.py`). Stage one teaches
entailment and contradiction on `nli.jsonl.xz` and restatement on ArgKP-2021; stage two teaches what conveys, and
how, on `recall/train.jsonl` and our own labels (`labels.py`), a quarter of the rows with invented names in place of
those that statement and passage share, so that it learns relations rather than persons.
`recall/passages.jsonl` is never read here.

    python training/reader.py entail --base build/reranker --data DATA --out build/entail.pt
    python training/reader.py status --base build/reranker --data DATA --start build/entail.pt --out build/status

Stage two leaves out a share of the themes and writes what the model says of them to `held-out.jsonl`. The decision
and its calibration are fitted on these rows alone (`decision.py`).

Needs torch and transformers (`training/requirements.txt`); the product needs neither.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import lzma
import os
import random
import re
import tarfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

from base import open_tokenizer, warmed_up
from drumbeat.evaluation import GoldRow
from labels import is_held_out, key_of, load_ours, load_train, thinned

ENTAILMENT = ("entailment", "neutral", "contradiction")
RELATIONS = ("conveys", "topic", "unrelated")
COMMITMENTS = ("asserts", "presupposes", "hedges", "questions", "denies")
VOICES = ("outlet", "attributed")
HEADS = {"entailment": ENTAILMENT, "relation": RELATIONS, "commitment": COMMITMENTS, "voice": VOICES}
RENAMED_SHARE = 0.25
SYLLABLES = re.findall(r"\w+", "ba cor dun el fen gar hol is kel lor mar nev or pel quin ras sel tor ul vel")
MAX_TOKENS = 160
MAX_BEFORE = 24
TOKENS_PER_BATCH = 2048
IGNORE = -100


@dataclass(frozen=True)
class Row:
    """A statement, a passage with the sentence before it, and a label index per head (IGNORE where unknown)."""

    statement: str
    passage: str
    before: str
    labels: dict[str, int]
    theme: str = ""


class Reader(nn.Module):
    """The encoder with linear heads over [first token, mean of tokens]."""

    def __init__(self, base: Path) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(base, attn_implementation="eager", attention_probs_dropout_prob=0.0)
        width = 2 * self.encoder.config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.heads = nn.ModuleDict({name: nn.Linear(width, len(labels)) for name, labels in HEADS.items()})

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> dict[str, Tensor]:
        """Return the logits of each head, (batch, labels of the head)."""
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        kept = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * kept).sum(1) / kept.sum(1)
        pooled = self.dropout(torch.cat([hidden[:, 0], mean], dim=1))
        return {name: head(pooled) for name, head in self.heads.items()}


def load_entailment(data: Path) -> list[Row]:
    """Return the pairs of nli.jsonl.xz and ArgKP-2021's training side."""
    with lzma.open(data / "nli.jsonl.xz", "rt", encoding="utf-8") as lines:
        rows = [
            _row(pair["hypothesis"], pair["premise"], "", entailment=ENTAILMENT.index(pair["label"]))
            for pair in map(json.loads, lines)
        ]
    return rows + _load_key_points(data)


def row_of(row: GoldRow) -> Row:
    """Return a labelled row with its label indices."""
    labels = {"relation": 0 if row.match else 1 if row.same_topic else 2}
    if row.match and row.commitment and row.voice:
        labels |= {"commitment": COMMITMENTS.index(row.commitment), "voice": VOICES.index(row.voice)}
    return _row(row.statement or "", row.passage, row.before or "", row.theme, **labels)


def _load_key_points(data: Path) -> list[Row]:
    with tarfile.open(data / "argkp.tar.xz") as tar:
        tables = {
            Path(member.name).stem: list(csv.DictReader(io.TextIOWrapper(tar.extractfile(member), "utf-8")))
            for member in tar
            if member.name.endswith("_train.csv")
        }
    arguments = {row["arg_id"]: row["argument"] for row in tables["arguments_train"]}
    points = {row["key_point_id"]: row["key_point"] for row in tables["key_points_train"]}
    return [
        _row(points[row["key_point_id"]], arguments[row["arg_id"]], "", relation=0 if row["label"] == "1" else 1)
        for row in tables["labels_train"]
    ]


def _row(statement: str, passage: str, before: str, theme: str = "", **labels: int) -> Row:
    return Row(statement, passage, before, {name: labels.get(name, IGNORE) for name in HEADS}, theme)


def renamed(row: Row, rng: random.Random) -> Row:
    """Return the row with each name of the statement replaced by an invented one, everywhere alike."""
    names = set(re.findall(r"(?<!^)\b[A-Z][a-z]{2,}\b", row.statement)) | set(
        re.findall(r"^[A-Z][a-z]{2,}\b", row.statement)
    )
    names = {name for name in names if name in row.passage or name in row.before} - {"The", "This", "That"}
    if not names:
        return row
    new = {name: "".join(rng.sample(SYLLABLES, 2)).capitalize() for name in names}
    pattern = re.compile(r"\b(" + "|".join(sorted(names)) + r")")
    texts = (pattern.sub(lambda found: new[found.group()], text) for text in (row.statement, row.passage, row.before))
    return Row(*texts, row.labels, row.theme)


def encode_rows(tokenizer: Tokenizer, rows: Sequence[Row]) -> list[tuple[list[int], list[int]]]:
    """Return ids and token types per row: [CLS] statement [SEP] passage [SEP] before [SEP], as the product encodes."""
    statements = tokenizer.encode_batch([row.statement for row in rows])
    passages = tokenizer.encode_batch([row.passage for row in rows], add_special_tokens=False)
    befores = tokenizer.encode_batch([row.before for row in rows], add_special_tokens=False)
    separator = tokenizer.token_to_id("[SEP]")
    encoded = []
    for statement, passage, before in zip(statements, passages, befores, strict=True):
        rest = [*passage.ids[: MAX_TOKENS - 64], separator]
        room = min(MAX_BEFORE, MAX_TOKENS - len(statement.ids) - len(rest) - 1)
        if before.ids and room > 0:
            rest += [*before.ids[-room:], separator]
        encoded.append((statement.ids + rest, [0] * len(statement.ids) + [1] * len(rest)))
    return encoded


def iter_batches(
    encoded: Sequence[tuple[list[int], list[int]]], order: Sequence[int], rng: random.Random | None
) -> Iterator[tuple[list[int], Tensor, Tensor, Tensor]]:
    """Yield (row indices, ids, mask, types), rows of like length together, about 2,048 tokens a batch."""
    shuffled = sorted(order, key=lambda i: len(encoded[i][0]) + (rng.random() * 8 if rng else 0))
    batches: list[list[int]] = [[]]
    for index in shuffled:
        length = _rounded(len(encoded[index][0]))
        if len(batches[-1]) >= max(4, TOKENS_PER_BATCH // length // 4 * 4):
            batches.append([])
        batches[-1].append(index)
    if rng:
        rng.shuffle(batches)
    for batch in batches:
        length = _rounded(max(len(encoded[i][0]) for i in batch))
        ids, mask, types = (torch.zeros(len(batch), length, dtype=torch.long) for _ in range(3))
        for row, index in enumerate(batch):
            tokens, kinds = encoded[index]
            ids[row, : len(tokens)] = torch.tensor(tokens)
            types[row, : len(tokens)] = torch.tensor(kinds)
            mask[row, : len(tokens)] = 1
        yield batch, ids, mask, types


def _rounded(length: int) -> int:
    """Return the next multiple of eight: kernels are made anew for every shape of batch, so there should be few."""
    return -(-length // 8) * 8


def train(model: Reader, rows: Sequence[Row], tokenizer: Tokenizer, *, epochs: int, rate: float, seed: int = 7) -> None:
    """Fit the model in place: AdamW, linear warm-up and decay, word embeddings frozen, bfloat16 autocast."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    model.encoder.embeddings.requires_grad_(False)
    encoded = encode_rows(tokenizer, rows)
    steps = epochs * sum(1 for _ in iter_batches(encoded, range(len(rows)), random.Random(0)))
    heads = list(model.heads.parameters())
    body = [p for p in model.encoder.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW([{"params": body, "lr": rate}, {"params": heads, "lr": 10 * rate}], weight_decay=0.01)
    schedule = warmed_up(optimiser, steps)
    model.train()
    started, seen = time.monotonic(), 0
    for epoch in range(epochs):
        encoded = encode_rows(tokenizer, [renamed(row, rng) if rng.random() < RENAMED_SHARE else row for row in rows])
        for step, (batch, ids, mask, types) in enumerate(iter_batches(encoded, range(len(rows)), rng)):
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(ids, mask, types)
            loss = _loss(logits, [rows[i].labels for i in batch])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            seen += len(batch)
            if step % 200 == 0:
                speed = seen / (time.monotonic() - started)
                print(
                    f"epoch {epoch} step {step}/{steps // epochs} loss {loss.item():.3f} rows/s {speed:.0f}", flush=True
                )


def _loss(logits: dict[str, Tensor], labels: Sequence[dict[str, int]]) -> Tensor:
    total = torch.zeros(())
    for name, values in logits.items():
        wanted = torch.tensor([row[name] for row in labels])
        if (wanted != IGNORE).any():
            total = total + nn.functional.cross_entropy(
                values.float(), wanted, ignore_index=IGNORE, label_smoothing=0.03
            )
    return total


@torch.no_grad()
def predict(model: Reader, rows: Sequence[Row], tokenizer: Tokenizer) -> list[dict[str, list[float]]]:
    """Return the logits of each head for each row."""
    model.eval()
    encoded = encode_rows(tokenizer, rows)
    found: list[dict[str, list[float]]] = [{} for _ in rows]
    for batch, ids, mask, types in iter_batches(encoded, range(len(rows)), None):
        logits = model(ids, mask, types)
        for row, index in enumerate(batch):
            found[index] = {name: [round(v, 4) for v in values[row].tolist()] for name, values in logits.items()}
    return found


def run_entail(options: argparse.Namespace) -> None:
    """Stage one."""
    tokenizer = open_tokenizer(options.base)
    model = _start(options)
    rows = load_entailment(options.data)
    random.Random(1).shuffle(rows)
    held, rest = rows[:1500], rows[1500:][: options.limit]
    train(model, rest, tokenizer, epochs=options.epochs, rate=options.rate)
    predicted = predict(model, held, tokenizer)
    for head in ("entailment", "relation"):
        pairs = [
            (max(range(len(p[head])), key=p[head].__getitem__), r.labels[head])
            for p, r in zip(predicted, held, strict=True)
        ]
        pairs = [(a, b) for a, b in pairs if b != IGNORE]
        print(f"held-out {head} accuracy {sum(a == b for a, b in pairs) / len(pairs):.3f} of {len(pairs)}")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), options.out)


def run_status(options: argparse.Namespace) -> None:
    """Stage two: train on the themes that are not held out; write what the model says of the others."""
    tokenizer = open_tokenizer(options.base)
    labelled = [*load_train(options.data), *load_ours(options.data)]
    options.out.mkdir(parents=True, exist_ok=True)
    model = _start(options)
    learned = [row for row in labelled if not is_held_out(row.theme)]
    if options.natural:
        learned = [row for row in learned if not row.theme.startswith("written: ")]
    rows = [row_of(row) for row in thinned(learned, options.fresh, options.replay)]
    print(f"{len(rows)} rows to learn from, of {len(labelled)}", flush=True)
    train(model, rows, tokenizer, epochs=options.epochs, rate=options.rate)
    torch.save(model.state_dict(), options.out / "reader.pt")
    held = [row for row in labelled if is_held_out(row.theme)]
    with (options.out / "held-out.jsonl").open("w", encoding="utf-8") as out:
        for row, found in zip(held, predict(model, [row_of(row) for row in held], tokenizer), strict=True):
            out.write(json.dumps({"row": key_of(row), **found}) + "\n")


def _start(options: argparse.Namespace) -> Reader:
    """Return a new model, or the one to start from; the word embeddings are always those of the base."""
    model = Reader(options.base)
    start = model.state_dict()
    saved = torch.load(options.start, weights_only=True) if options.start else {}
    start |= {name: values for name, values in saved.items() if not name.startswith("encoder.embeddings.")}
    model.load_state_dict(start)
    return model


def main() -> None:
    """Run one stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=["entail", "status"])
    parser.add_argument("--base", type=Path, required=True, help="what reranker.py made")
    parser.add_argument("--data", type=Path, required=True, help="folder with nli.jsonl.xz and recall/")
    parser.add_argument("--start", type=Path, help="weights to start from, of either stage")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--natural", action="store_true", help="leave out statements written for their passage")
    parser.add_argument("--fresh", type=Path, help="a file of labels to learn from whole, and of all others a share")
    parser.add_argument("--replay", type=float, default=0.25, help="that share")
    parser.add_argument("--limit", type=int, help="read only so many pairs in the first stage")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--rate", type=float, default=5e-5)
    options = parser.parse_args()
    torch.set_num_threads(os.cpu_count() or 1)
    {"entail": run_entail, "status": run_status}[options.stage](options)


if __name__ == "__main__":
    main()
