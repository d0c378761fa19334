"""Labelled rows of all sources in one form: `recall/train.jsonl`, and ours (`training/data`) with the archive's words.

Ours hold article ids and offsets only; the words come from `allsides-2012-2018.jsonl.xz`, read once.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from drumbeat.evaluation import GoldRow, load_gold
from drumbeat.records import Commitment, Span
from drumbeat.text.canonical import canonical_text
from drumbeat.text.passages import split_sentences

HELD_SHARE = 0.3, 0.12  # of the themes of recall/train.jsonl, of our statements
OURS = Path(__file__).parent / "data"
MINED_FILES = "labels", "mined", "recurring", "recurring-second", "recurring-third"
MINED = tuple(OURS / f"{name}-2026-11.jsonl" for name in MINED_FILES)
WRITTEN = (OURS / "statements-2026-11.jsonl",)
"""Statements written for a passage: the passage conveys them, or narrowly does not."""
DEEPER = OURS / "deeper-2026-11.jsonl"
"""More sentences for the themes of recall/train.jsonl; they are held out with their theme."""


def load_train(data: Path) -> list[GoldRow]:
    """Return the rows of recall/train.jsonl."""
    return load_gold(data / "recall" / "train.jsonl")


def load_ours(data: Path) -> list[GoldRow]:
    """Return our own rows; the theme is one of recall/train.jsonl, or the statement after "mined: " or "written: "."""
    statements = {row.theme: row.statement or "" for row in load_train(data)}
    labels = [json.loads(line) | {"kind": kind} for kind, path in _files() for line in path.read_text().splitlines()]
    labels = [{"theme": f"{label['kind']}: {label['statement']}"} | label for label in labels]
    labels += [
        label | {"statement": statements[label["theme"]]} for label in map(json.loads, DEEPER.read_text().splitlines())
    ]
    wanted = {label["article_id"] for label in labels}
    texts: dict[str, tuple[str, tuple[Span, ...]]] = {}
    with lzma.open(data / "allsides-2012-2018.jsonl.xz", "rt", encoding="utf-8") as lines:
        for article in map(json.loads, lines):
            if article["id"] in wanted:
                text = canonical_text(article["text"])
                texts[article["id"]] = text, split_sentences(text)
    return [_row(label, *texts[label["article_id"]]) for label in labels if label["article_id"] in texts]


def is_held_out(theme: str) -> bool:
    """Tell whether a theme is kept from training, for the decision to be fitted on; the same at every run."""
    share = HELD_SHARE[theme.startswith(("mined: ", "written: "))]
    return int.from_bytes(hashlib.sha256(theme.encode()).digest()[:4], "big") < share * 2**32


def key_of(row: GoldRow) -> str:
    """Return what tells a row from all others, also when more labels are added."""
    return hashlib.sha256("\n".join((row.theme, row.passage, row.before or "")).encode()).hexdigest()[:16]


def thinned(rows: Sequence[GoldRow], fresh: Path | None, replay: float, seed: int = 5) -> list[GoldRow]:
    """Return the rows whose statements stand in a file of labels, and a share of the others; without a file all."""
    if fresh is None:
        return list(rows)
    statements = {json.loads(line)["statement"] for line in fresh.read_text().splitlines()}
    rng = random.Random(seed)
    return [row for row in rows if row.statement in statements or rng.random() < replay]


def _files() -> Iterator[tuple[str, Path]]:
    yield from (("mined", path) for path in MINED)
    yield from (("written", path) for path in WRITTEN)


def _row(label: dict[str, str], text: str, sentences: tuple[Span, ...]) -> GoldRow:
    span = Span(start=int(label["start"]), end=int(label["end"]))
    before = [other for other in sentences if other.end <= span.start]
    after = [other for other in sentences if other.start >= span.end]
    return GoldRow(
        theme=label["theme"],
        statement=label["statement"],
        passage=span.of(text),
        before=before[-1].of(text) if before else "",
        after=after[0].of(text) if after else "",
        match=int(label["match"]) == 2,
        same_topic=int(label["match"]) == 1,
        commitment=Commitment(label["commitment"]) if label["commitment"] else None,
        voice=label["voice"],
        holder=label["holder"],
    )
