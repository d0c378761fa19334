"""Measure quality on the gold sets and hold it to the floors in `eval/floors.json`.

    python eval/run.py [--quick] [--record] [--data ../shared/data]

A floor belongs to one state of a gold set, by its hash: a changed set is an error, not a new figure. Exit 1
where a figure is below its floor. `--quick` leaves out the slow sets. `--record` writes the figures into the
package, where `drumbeat eval` shows them. `tests/test_floors.py` keeps floors from being lowered unseen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import attributions
import extraction
import recall

ROOT = Path(__file__).parent.parent
FLOORS = Path(__file__).parent / "floors.json"
MEASURED = ROOT / "src" / "drumbeat" / "models" / "weights" / "measured.json"


@dataclass(frozen=True)
class Gold:
    """A gold set: what it measures, its files below the data folder, and the function that scores it."""

    name: str
    files: tuple[str, ...]
    score: Callable[[Path], dict[str, float]]
    slow: bool = False


def score_attributions(data: Path) -> dict[str, float]:
    """Return the F1 of roles and links on whole articles; the precision of single rules is left out."""
    return {name: value for name, value in attributions.score(data).items() if name.endswith(" f1")}


GOLD = (
    Gold("match and status, recall/passages.jsonl", recall.FILES, recall.score),
    Gold("extraction, scrapinghub", ("scrapinghub-extraction.tar.xz",), extraction.score),
    Gold("attributions, PolNeAR validation side", ("polnear-train.tar.xz",), score_attributions, slow=True),
)


def main() -> int:
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--quick", action="store_true", help="leave out the slow sets")
    parser.add_argument("--record", action="store_true", help="write the figures into the package")
    parser.add_argument("--report", action="store_true", help="also print match by theme and the confusions of status")
    options = parser.parse_args()
    if options.record and options.quick:
        parser.error("--record needs all the sets, so it does not go with --quick")
    if not options.data.is_dir():
        print(f"no gold sets: {options.data} is not there, so nothing was measured", file=sys.stderr)
        return 1
    floors = json.loads(FLOORS.read_text())
    measured, faults = {}, []
    for gold in GOLD:
        if options.quick and gold.slow:
            continue
        faults += changed_files(gold, options.data, floors)
        measured[gold.name] = gold.score(options.data)
        faults += below_floor(gold.name, measured[gold.name], floors)
        print_figures(gold.name, measured[gold.name], floors)
    if options.report:
        print(recall.report(options.data))
    if options.record and not faults:
        rounded = {name: {key: round(value, 3) for key, value in row.items()} for name, row in measured.items()}
        MEASURED.write_text(json.dumps(rounded, indent=1) + "\n")
    for fault in faults:
        print(f"FAILED: {fault}", file=sys.stderr)
    return bool(faults)


def changed_files(gold: Gold, data: Path, floors: dict[str, dict[str, str]]) -> list[str]:
    """Return a fault for each file that is not the one the floors were set on."""
    known = floors["sha256"]
    return [
        f"{gold.name}: {file} is not the file the floors were set on"
        for file in gold.files
        if known.get(file) != hashlib.sha256((data / file).read_bytes()).hexdigest()
    ]


def below_floor(name: str, figures: dict[str, float], floors: dict[str, dict[str, dict[str, float]]]) -> list[str]:
    """Return a fault for each figure that is below its floor, or is missing."""
    return [
        f"{name}: {key} is {figures.get(key, float('nan')):.3f}, its floor {floor:.3f}"
        for key, floor in floors["floors"].get(name, {}).items()
        if not figures.get(key, float("-inf")) >= floor
    ]


def print_figures(name: str, figures: dict[str, float], floors: dict[str, dict[str, dict[str, float]]]) -> None:
    """Print the figures of one set with their floors."""
    print(name)
    held: dict[str, float] = floors["floors"].get(name, {})
    for key, value in figures.items():
        print(f"  {key:28} {value:8.3f}" + (f"   floor {held[key]:.3f}" if key in held else ""))


if __name__ == "__main__":
    sys.exit(main())
