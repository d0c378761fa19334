"""The command line of a script that scores one gold set or another."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data"

Score = Callable[[Path], dict[str, float]]


def print_scores(arguments: Sequence[str], sets: Mapping[str, tuple[str, Score]], *, width: int) -> int:
    """Print the figures of the named sets, (file in the data, score) each, or of all; return 1 where one is absent."""
    for name in arguments or list(sets):
        file, score = sets[name]
        if not (DATA / file).exists():
            print(f"{file} is not at {DATA}: nothing measured.", file=sys.stderr)
            return 1
        for figure, value in score(DATA).items():
            print(f"{name} {figure:{width}} {value:8.3f}")
    return 0
