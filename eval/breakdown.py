"""The benchmark's figures by theme, status and stratum, confusions, and reliability, as tables.

Rows were picked for likeness to their statement, in about equal parts of outlets' leanings (AllSides' rating, which
nothing in the product reads). In small cells a figure moves by several points with one row: the number of
rows stands beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from drumbeat.evaluation import GoldRow, match_figures, status_figures
from recall import STEPS, Judgements, end_to_end, voice_of

COMMITMENTS = ("asserts", "presupposes", "hedges", "questions", "denies")
VOICES = ("attributed", "outlet")
BINS = 10

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table for reading: shares are floats between 0 and 1, counts integers, None where there is nothing to say."""

    title: str
    note: str
    head: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


def all_tables(found: Judgements) -> list[Table]:
    """Return every table of the report, in its order."""
    return [
        strata_table(found, "theme", lambda row: row.theme, "Match, status and both, theme by theme."),
        strata_table(found, "lean of the outlet", lambda row: row.lean or "unknown", "Lean as AllSides rates outlets."),
        strata_table(found, "year", lambda row: (row.published or "unknown")[:4], "By the day of publication."),
        kind_table(found, "voice", VOICES),
        kind_table(found, "commitment", COMMITMENTS),
        confusion_table(found, "commitment", COMMITMENTS),
        confusion_table(found, "voice", VOICES),
        steps_table(found),
        reliability_table(found),
    ]


def strata_table(found: Judgements, title: str, key: Callable[[GoldRow], str], note: str) -> Table:
    """Return the main figures for each value of a key."""
    head = (title, "rows", "matches", "precision", "recall", "F1", "commitment", "voice", "holder", "end to end F1")
    parts = {
        value: found.subset([i for i, row in enumerate(found.rows) if key(row) == value])
        for value in sorted({key(row) for row in found.rows})
    }
    rows: list[tuple[Cell, ...]] = [(value, *_main_figures(part)) for value, part in parts.items()]
    return Table(f"By {title}", note, head, [*rows, ("all", *_main_figures(found))])


def _main_figures(part: Judgements) -> tuple[Cell, ...]:
    match = match_figures(part.rows, part.scored, part.decision.final.threshold)
    status = status_figures(part.rows, part.judged)
    shares: list[Cell] = [match["precision"], match["recall"], match["f1"]]
    if not part.matches:
        return (len(part.rows), 0, *[None] * 7)
    shares += [status["commitment_accuracy"], status["voice_accuracy"]]
    shares += [status["holder_accuracy"] if _has_holder(part.rows) else None, end_to_end(part)]
    return (len(part.rows), len(part.matches), *shares)


def _has_holder(rows: Iterable[GoldRow]) -> bool:
    return any(row.voice == "attributed" and row.holder for row in rows)


def kind_table(found: Judgements, kind: str, labels: Sequence[str]) -> Table:
    """Return how many matches of each label are found at all, and how many of them are judged right."""
    head = (kind, "matches", "found", "share found", "commitment right", "voice right", "found with both right")
    rows: list[tuple[Cell, ...]] = []
    said = found.said
    for label in labels:
        chosen = [i for i in found.matches if getattr(found.rows[i], kind) == label]
        if not chosen:
            continue
        right = [_right(found, i) for i in chosen]
        kept = [bool(said[i]) for i in chosen]
        both = [k and c and v for k, (c, v) in zip(kept, right, strict=True)]
        columns = (kept, [c for c, _ in right], [v for _, v in right], both)
        rows.append((label, len(chosen), sum(kept), *(sum(column) / len(chosen) for column in columns)))
    return Table(f"By labelled {kind}", "Of the passages that do match; precision has no such strata.", head, rows)


def _right(found: Judgements, index: int) -> tuple[bool, bool]:
    row, judged = found.rows[index], found.judged[index]
    return judged.commitment == row.commitment, voice_of(judged) == row.voice


def confusion_table(found: Judgements, kind: str, labels: Sequence[str]) -> Table:
    """Return how often each label was said for each label given, on the true matches."""
    counts: Counter[tuple[str, str]] = Counter()
    for i in found.matches:
        given = str(getattr(found.rows[i], kind))
        said = voice_of(found.judged[i]) if kind == "voice" else found.judged[i].commitment.value
        counts[given, said] += 1
    head = ("labelled", *(f"said: {label}" for label in labels), "right")
    rows: list[tuple[Cell, ...]] = []
    for label in labels:
        line = [counts[label, said] for said in labels]
        rows.append((label, *line, counts[label, label] / sum(line) if sum(line) else None))
    return Table(f"Confusions of {kind}", "Rows: the label. Columns: what was said. True matches only.", head, rows)


def steps_table(found: Judgements) -> Table:
    """Return how many labelled matches each step of the cascade loses, and how many of the others it lets go."""
    lost = [found.lost_at(i) for i in range(len(found.rows))]
    counts = Counter((step, row.match) for step, row in zip(lost, found.rows, strict=True))
    matches, others = len(found.matches), len(found.rows) - len(found.matches)
    rows: list[tuple[Cell, ...]] = [
        (step, counts[step, True], counts[step, True] / max(1, matches), counts[step, False]) for step in STEPS
    ]
    rows.append(("kept to the end", counts[None, True], counts[None, True] / max(1, matches), counts[None, False]))
    note = f"{matches} labelled matches, {others} other rows; the first step that drops a row counts."
    return Table("Where rows are lost", note, ("step", "matches lost", "share of matches", "others dropped"), rows)


def reliability_table(found: Judgements) -> Table:
    """Return, in ten bins of the probability, how often a passage that passed the cheap steps did convey."""
    scored = found.scored
    gold = np.array([row.match for row in found.rows])
    place = np.minimum((scored.probability * BINS).astype(int), BINS - 1)
    rows: list[tuple[Cell, ...]] = []
    for number in range(BINS):
        chosen = scored.passed & (place == number)
        count = int(chosen.sum())
        said = float(scored.probability[chosen].mean()) if count else None
        conveyed = float(gold[chosen].mean()) if count else None
        rows.append((f"{number / BINS:.1f} to {(number + 1) / BINS:.1f}", count, said, conveyed))
    note = (
        "Rows that passed screen and sift: what the probability said on average, how often the passage did convey. "
        f"Mean gap over the rows: {calibration_error(rows):.2f}."
    )
    return Table("Reliability", note, ("probability", "rows", "said", "conveyed"), rows)


def calibration_error(bins: Sequence[tuple[Cell, ...]]) -> float:
    """Return the mean gap between said and conveyed over bins of (name, rows, said, conveyed), weighed by rows."""
    gaps = [
        (rows, abs(said - conveyed))
        for _, rows, said, conveyed in bins
        if isinstance(rows, int) and isinstance(said, float) and isinstance(conveyed, float)
    ]
    return sum(rows * gap for rows, gap in gaps) / max(1, sum(rows for rows, _ in gaps))


def show(cell: Cell) -> str:
    """Return a cell as text: shares with two decimals, nothing as a dash."""
    if cell is None:
        return "–"
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)


def render_table(table: Table) -> str:
    """Return a table as plain text, columns aligned."""
    lines = [table.head, *([show(cell) for cell in row] for row in table.rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(table.head))]
    body = [
        "  ".join([line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))]).rstrip()
        for line in lines
    ]
    return "\n".join([table.title, table.note, *body])
