"""Match and status on the main job's own benchmark, `recall/passages.jsonl`: 8 themes, 608 passages.

Never trained on, never used to choose a threshold: the decision comes from `recall/train.jsonl` alone.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from drumbeat.evaluation import GoldRow, Scored, judge_row, load_gold, match_figures, score_rows, status_figures
from drumbeat.models.decision import Decision, load_decision
from drumbeat.models.opening import Models, open_models
from drumbeat.themes.judge import Judged

FILES = ("recall/passages.jsonl", "recall/themes.jsonl")


def score(data: Path) -> dict[str, float]:
    """Return the figures; all shares lie between 0 and 1."""
    rows, scored, judged, decision = judge_all(data)
    figures = match_figures(rows, scored, decision.final.threshold) | status_figures(rows, judged)
    return figures | {"end_to_end_f1": end_to_end(rows, scored, judged, decision.final.threshold)}


def judge_all(data: Path) -> tuple[list[GoldRow], Scored, dict[int, Judged], Decision]:
    """Return the rows with what the product says of each; status is judged on the true matches."""
    rows = load_gold(data / FILES[0], data / FILES[1])
    models, decision = open_models(), load_decision()
    scored = score_rows(rows, models, decision)
    return rows, scored, _judged(rows, models, decision), decision


def end_to_end(rows: list[GoldRow], scored: Scored, judged: dict[int, Judged], threshold: float) -> float:
    """Return F1 of finding a match with both its commitment and its voice right."""
    said = scored.passed & (scored.probability >= threshold)
    gold = [i for i, row in enumerate(rows) if row.match]
    right = sum(
        bool(said[i])
        and judged[i].commitment == rows[i].commitment
        and ("attributed" if judged[i].holder else "outlet") == rows[i].voice
        for i in gold
    )
    return 2 * right / (len(gold) + int(said.sum()))


def report(data: Path) -> str:
    """Return the figures by theme and the confusions of status, for reading."""
    rows, scored, judged, decision = judge_all(data)
    lines = ["theme                       F1    precision recall  average precision"]
    for theme in dict.fromkeys(row.theme for row in rows):
        chosen = [i for i, row in enumerate(rows) if row.theme == theme]
        part = Scored(scored.probability[chosen], scored.passed[chosen])
        found = match_figures([rows[i] for i in chosen], part, decision.final.threshold)
        lines.append(
            f"{theme:26} {found['f1']:.3f}  {found['precision']:.3f}     {found['recall']:.3f}   "
            f"{found['mean_average_precision']:.3f}"
        )
    confusions = Counter((rows[i].commitment, j.commitment) for i, j in judged.items() if rows[i].commitment)
    lines += ["", "commitment: labelled, said, count"]
    lines += [f"{gold:12} {said:12} {count}" for (gold, said), count in sorted(confusions.items(), key=str)]
    return "\n".join(lines)


def _judged(rows: list[GoldRow], models: Models, decision: Decision) -> dict[int, Judged]:
    return {i: judge_row(row, models, decision) for i, row in enumerate(rows) if row.match}
