"""Measure quality on the gold sets and hold it to the floors in `eval/floors.json`.

    python eval/run.py [--quick] [--only NAME] [--report] [--record] [--data ../shared/data]

A floor belongs to one state of a gold set, by its hash: a changed set is an error, not a new figure. Exit 1
where a figure is below its floor. `--quick` takes a slice of the slow sets, whose figures then are a rough look and
held to nothing, or leaves them out. A set whose files are not there is skipped, and said so. `--report` writes the
breakdowns and worst errors to `eval/report/index.html`. `--record` writes the figures into the package, where
`drumbeat eval` shows them. `tests/test_floors.py` keeps floors from being lowered unseen. What each figure
means stands in `docs/evaluation.md`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import attributions
import claims
import extraction
import neutrality
import pairs
import recall
import report

ROOT = Path(__file__).parent.parent
FLOORS = Path(__file__).parent / "floors.json"
MEASURED = ROOT / "src" / "drumbeat" / "models" / "weights" / "measured.json"

Figures = dict[str, float]
Floors = dict[str, Any]  # of floors.json: "sha256" by file, "floors" by set and figure


@dataclass(frozen=True)
class Gold:
    """A gold set: what it measures, its files below the data folder, and the function that scores it.

    `slow` sets are left out of the quick part, or scored by `glance` on a slice.
    """

    name: str
    files: tuple[str, ...]
    score: Callable[[Path], Figures]
    slow: bool = False
    glance: Callable[[Path], Figures] | None = None


def score_attributions(data: Path, *, limit: int | None = None) -> Figures:
    """Return the F1 of roles and links on whole articles; the precision of single rules is left out."""
    found = attributions.score(data, limit=limit)
    return {name: value for name, value in found.items() if name.endswith(" f1")}


GOLD = (
    Gold("match and status, recall/passages.jsonl", recall.FILES, recall.score),
    Gold("extraction, scrapinghub", (extraction.ARCHIVE,), extraction.score),
    Gold(
        "attributions, PolNeAR validation side",
        ("polnear-train.tar.xz",),
        score_attributions,
        slow=True,
        glance=partial(score_attributions, limit=6),
    ),
    Gold(
        "swapped names, matches of recall/train.jsonl",
        neutrality.FILES,
        neutrality.score,
        slow=True,
        glance=partial(neutrality.score, limit=20),
    ),
    Gold("checked claims, CheckThat! 2020 dev", (claims.CHECKTHAT,), claims.score_checkthat, slow=True),
    Gold(
        "checked claims, debates 2012-2016",
        (claims.KNOWNLIE,),
        claims.score_knownlie,
        slow=True,
        glance=partial(claims.score_knownlie, limit=25),
    ),
    Gold("pairs, SICK train", (pairs.SICK,), pairs.score_sick, slow=True, glance=partial(pairs.score_sick, limit=300)),
    Gold("pairs, ClaimDiff train", (pairs.CLAIMDIFF,), pairs.score_claimdiff, slow=True),
)


def main() -> int:
    """Measure, compare, print."""
    options = _options()
    if not options.data.is_dir():
        print(f"no gold sets: {options.data} is not there, so nothing was measured", file=sys.stderr)
        return 1
    floors = json.loads(FLOORS.read_text())
    wanted = [gold for gold in GOLD if options.only in gold.name]
    measured, faults = measure(wanted, options.data, floors, quick=options.quick)
    if options.report:
        found = recall.judge_all(options.data)
        print(report.render_tables(found))
        print(f"\nthe figures and the worst errors, for reading: {report.write_report(found)}")
    if options.record and not faults:
        record(measured)
    for fault in faults:
        print(f"FAILED: {fault}", file=sys.stderr)
    return bool(faults)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--quick", action="store_true", help="a slice of the slow sets")
    parser.add_argument("--only", default="", metavar="NAME", help="the sets whose name has these words")
    parser.add_argument("--record", action="store_true", help="write the figures into the package")
    parser.add_argument("--report", action="store_true", help="write the worst errors to eval/report/index.html")
    options = parser.parse_args()
    if options.record and options.quick:
        parser.error("--record needs whole sets, so it does not go with --quick")
    return options


def measure(wanted: Sequence[Gold], data: Path, floors: Floors, *, quick: bool) -> tuple[dict[str, Figures], list[str]]:
    """Score the sets, print their figures, and return them with what is at fault."""
    measured: dict[str, Figures] = {}
    faults: list[str] = []
    for gold in wanted:
        missing = [file for file in gold.files if not (data / file).exists()]
        if missing or (quick and gold.slow and not gold.glance):
            print(f"{gold.name}: skipped, {f'no {missing[0]} in {data}' if missing else 'it is slow'}")
        elif quick and gold.glance:
            print_figures(f"{gold.name} (a slice, held to no floor)", gold.glance(data), {})
        else:
            measured[gold.name] = gold.score(data)
            faults += changed_files(gold, data, floors)
            faults += below_floor(gold.name, measured[gold.name], floors)
            print_figures(gold.name, measured[gold.name], floors["floors"].get(gold.name, {}))
    return measured, faults


def record(measured: dict[str, Figures]) -> None:
    """Write the figures of the sets that were measured into the package; those of the others stay."""
    rounded = {name: {key: round(float(value), 3) for key, value in row.items()} for name, row in measured.items()}
    MEASURED.write_text(json.dumps(json.loads(MEASURED.read_text()) | rounded, indent=1) + "\n")


def changed_files(gold: Gold, data: Path, floors: Floors) -> list[str]:
    """Return a fault for each file that is not the one the floors were set on."""
    known = floors["sha256"]
    return [
        f"{gold.name}: {file} is not the file the floors were set on"
        for file in gold.files
        if known.get(file) != hashlib.sha256((data / file).read_bytes()).hexdigest()
    ]


def below_floor(name: str, figures: Figures, floors: Floors) -> list[str]:
    """Return a fault for each figure that is below its floor, or is missing."""
    return [
        f"{name}: {key} is {figures.get(key, float('nan')):.3f}, its floor {floor:.3f}"
        for key, floor in floors["floors"].get(name, {}).items()
        if not figures.get(key, float("-inf")) >= floor
    ]


def print_figures(name: str, figures: Figures, held: Figures) -> None:
    """Print the figures of one set with their floors."""
    print(name)
    for key, value in figures.items():
        print(f"  {key:48} {value:9.3f}" + (f"   floor {held[key]:.3f}" if key in held else ""))


if __name__ == "__main__":
    sys.exit(main())
