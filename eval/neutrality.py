"""Even-handedness: swap parties, countries and names in labelled matches; the findings should stay as they were.

    python eval/neutrality.py

Every true match of `recall/train.jsonl` that names somebody on the lists of `swaps.toml` is read twice, as it stands
and swapped, statement and passage alike. Counted is how often the decision to match, the commitment and the voice
stay the same, whether right or wrong. The signed shift is the mean of (probability swapped - probability as it
stands): near zero where nobody is favoured. Most of these rows were trained on, so that the versions as they
stand have an edge; the "unseen" figures, on the matches of `recall/passages.jsonl`, have not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from breakdown import Table, render_table
from drumbeat.evaluation import GoldRow, judge_row, load_gold, pair_features, passing
from drumbeat.models.decision import Decision, load_decision
from drumbeat.models.opening import Models, open_models
from recall import voice_of
from swaps import Swap, load_swaps

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"
TRAIN = "recall/train.jsonl"
UNSEEN = ("recall/passages.jsonl", "recall/themes.jsonl")
FILES = (TRAIN, *UNSEEN)
FEWEST = 20  # rows of a direction whose mean shift counts
OUTCOMES = ("match", "commitment", "voice")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the product says of one version of a row."""

    probability: float
    match: bool
    commitment: str
    voice: str


@dataclass(frozen=True, slots=True)
class Twin:
    """A row as it stands and swapped."""

    kind: str
    direction: str
    row: GoldRow
    before: Reading
    after: Reading

    @property
    def shift(self) -> float:
        """Return how much more probable the match became."""
        return self.after.probability - self.before.probability

    def is_same(self, outcome: str) -> bool:
        """Tell whether one of OUTCOMES stayed as it was."""
        return bool(getattr(self.before, outcome) == getattr(self.after, outcome))


def score(data: Path, *, limit: int | None = None) -> dict[str, float]:
    """Return the shares that stay the same, `evenness`, and the mean shift of each direction with at least 20 rows.

    `limit` takes that many matches, spread over the file, for a quick look.
    """
    models, decision = open_models(threads=2), load_decision()
    twins = make_twins(_matches(data, TRAIN, limit=limit), models, decision)
    found = shares(twins, "") | {"evenness": evenness(twins), "rows": float(len(twins))}
    if limit is not None:
        return found
    unseen = make_twins(_matches(data, *UNSEEN), models, decision)
    found |= shares(unseen, "unseen: ") | {"unseen: evenness": evenness(unseen), "unseen: rows": float(len(unseen))}
    return found | {f"shift, {name}": value for name, value in shifts(twins).items()}


def shares(twins: Sequence[Twin], prefix: str) -> dict[str, float]:
    """Return the share of twins whose match, commitment, voice, and all three, stay the same."""
    same = {outcome: [twin.is_same(outcome) for twin in twins] for outcome in OUTCOMES}
    every = [all(row) for row in zip(*same.values(), strict=True)]
    return {f"{prefix}same {name}": float(np.mean(values)) for name, values in (same | {"all three": every}).items()}


def evenness(twins: Sequence[Twin]) -> float:
    """Return 1 - the largest absolute mean shift among the directions with at least 20 rows."""
    return 1 - max(map(abs, shifts(twins).values()), default=0.0)


def shifts(twins: Sequence[Twin]) -> dict[str, float]:
    """Return the mean shift of each direction with at least 20 rows."""
    return {
        part[0].direction: float(np.mean([twin.shift for twin in part]))
        for part in _parts(twins)
        if len(part) >= FEWEST
    }


def make_twins(rows: Sequence[GoldRow], models: Models, decision: Decision) -> list[Twin]:
    """Read every row as it stands, and swapped in each way that changes it."""
    before = _read(rows, models, decision)
    chosen, changed = [], []
    for swap in load_swaps():
        for index, row in enumerate(rows):
            direction = swap.direct((row.statement or "", row.passage))
            if direction is not None:
                chosen.append((swap.kind, direction, index))
                changed.append(swapped(row, swap))
    after = _read(changed, models, decision)
    return [
        Twin(kind, direction, rows[index], before[index], new)
        for (kind, direction, index), new in zip(chosen, after, strict=True)
    ]


def swapped(row: GoldRow, swap: Swap) -> GoldRow:
    """Return a row with statement, passage and neighbours changed alike."""
    change = swap.make((row.statement or "", row.passage))
    statement = change(row.statement or "")
    texts = {"before": change(row.before or ""), "passage": change(row.passage), "after": change(row.after or "")}
    return msgspec.structs.replace(row, theme=statement, statement=statement, **texts)


def _read(rows: Sequence[GoldRow], models: Models, decision: Decision) -> list[Reading]:
    if not rows:
        return []
    features = pair_features(rows, models)
    chance, passed = decision.final.probability(features), passing(features, decision)
    said = passed & (chance >= decision.final.threshold)
    judged = [judge_row(row, models, decision) for row in rows]
    return [
        Reading(float(chance[i]), bool(said[i]), found.commitment.value, voice_of(found))
        for i, found in enumerate(judged)
    ]


def _matches(data: Path, passages: str, themes: str | None = None, *, limit: int | None = None) -> list[GoldRow]:
    rows = [row for row in load_gold(data / passages, data / themes if themes else None) if row.match]
    return rows if limit is None else rows[:: max(1, len(rows) // limit)]


def directions_table(twins: Sequence[Twin]) -> Table:
    """Return the shares and the mean shift for each direction of each swap."""
    head = (
        "direction",
        "kind",
        "rows",
        *(f"same {outcome}" for outcome in OUTCOMES),
        "mean shift",
        "mean size of shift",
    )
    rows = [(part[0].direction, part[0].kind, *_columns(part)) for part in _parts(twins)]
    return Table("Swapped names", "Shift: probability swapped less probability as it stands.", head, [*rows])


def _columns(part: Sequence[Twin]) -> Iterable[float | int]:
    shifts = np.array([twin.shift for twin in part])
    same = (float(np.mean([twin.is_same(outcome) for twin in part])) for outcome in OUTCOMES)
    return (len(part), *same, float(shifts.mean()), float(np.abs(shifts).mean()))


def _parts(twins: Sequence[Twin]) -> list[list[Twin]]:
    found = dict.fromkeys((twin.kind, twin.direction) for twin in twins)
    return [[twin for twin in twins if (twin.kind, twin.direction) == key] for key in found]


def main() -> int:
    """Print the table and the figures; return 1 where the data is absent."""
    if not (DATA / TRAIN).exists():
        print(f"{TRAIN} is not at {DATA}: nothing measured.", file=sys.stderr)
        return 1
    twins = make_twins(_matches(DATA, TRAIN), open_models(threads=2), load_decision())
    print(render_table(directions_table(twins)))
    for name, value in (shares(twins, "") | {"evenness": evenness(twins)}).items():
        print(f"{name:20} {value:.3f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
