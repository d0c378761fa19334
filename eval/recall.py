"""Match and status on the main job's own benchmark, `recall/passages.jsonl`: 8 themes, 608 passages.

Never trained on, never used to choose a threshold: the decision comes from `recall/train.jsonl` alone. The
breakdowns of these figures are in `breakdown.py`, the worst errors in `mistakes.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drumbeat.evaluation import (
    GoldRow,
    Scored,
    judge_row,
    load_gold,
    match_figures,
    pair_features,
    passing,
    status_figures,
)
from drumbeat.models.decision import Decision, Floats, Step, load_decision
from drumbeat.models.opening import open_models
from drumbeat.themes.judge import Judged

FILES = ("recall/passages.jsonl", "recall/themes.jsonl")
STEPS = ("screen", "sift", "status reader")


@dataclass(frozen=True, slots=True)
class Judgements:
    """The rows of a gold file with all that the product says of them; only the true matches are in `judged`."""

    rows: list[GoldRow]
    features: Floats
    judged: dict[int, Judged]
    decision: Decision

    @property
    def scored(self) -> Scored:
        """Return probability and passage of the cheap steps, row by row."""
        return Scored(self.decision.final.probability(self.features), passing(self.features, self.decision))

    @property
    def said(self) -> NDArray[np.bool_]:
        """Tell which rows are said to match."""
        scored = self.scored
        return np.asarray(scored.passed & (scored.probability >= self.decision.final.threshold))

    @property
    def matches(self) -> list[int]:
        """Return which rows are labelled as matches."""
        return [i for i, row in enumerate(self.rows) if row.match]

    def step_probability(self, step: str) -> Floats:
        """Return each row's probability at one of STEPS; a row is lost where it is below the step's threshold."""
        return self._step(step).probability(self.features[:, : len(self._step(step).features)])

    def lost_at(self, index: int) -> str | None:
        """Return the first of STEPS that drops a row; None where none does."""
        below = (s for s in STEPS if self.step_probability(s)[index] < self._step(s).threshold)
        return next(below, None)

    def subset(self, chosen: Sequence[int]) -> Judgements:
        """Return the judgements of some rows."""
        judged = {place: self.judged[i] for place, i in enumerate(chosen) if i in self.judged}
        return Judgements([self.rows[i] for i in chosen], self.features[list(chosen)], judged, self.decision)

    def _step(self, step: str) -> Step:
        decision = self.decision
        steps = (decision.screen, decision.sift, decision.final)
        return dict(zip(STEPS, steps, strict=True))[step]


def score(data: Path) -> dict[str, float]:
    """Return the figures; all shares lie between 0 and 1."""
    return figures(judge_all(data))


def figures(found: Judgements) -> dict[str, float]:
    """Return match, status on the true matches, and end to end.

    A few matches have no status that two annotators agreed on. They count as wrong end to end; "settled" leaves
    them out.
    """
    match = match_figures(found.rows, found.scored, found.decision.final.threshold)
    settled = found.subset([i for i, row in enumerate(found.rows) if row.commitment or not row.match])
    both = {"end_to_end_f1": end_to_end(found), "end_to_end_f1_settled": end_to_end(settled)}
    return match | status_figures(found.rows, found.judged) | both


@lru_cache(maxsize=1)
def judge_all(data: Path) -> Judgements:
    """Return what the product says of the benchmark; remembered, for the report reads it again."""
    rows = load_gold(data / FILES[0], data / FILES[1])
    models, decision = open_models(threads=2), load_decision()
    judged = {i: judge_row(row, models, decision) for i, row in enumerate(rows) if row.match}
    return Judgements(rows, pair_features(rows, models), judged, decision)


def end_to_end(found: Judgements) -> float:
    """Return F1 of finding a match with both its commitment and its voice right."""
    said = found.said
    right = sum(
        bool(said[i])
        and found.judged[i].commitment == found.rows[i].commitment
        and voice_of(found.judged[i]) == found.rows[i].voice
        for i in found.matches
    )
    return 2 * right / max(1, len(found.matches) + int(said.sum()))


def voice_of(judged: Judged) -> str:
    """Return whose voice a judgement says it is, in the labels' words."""
    return "attributed" if judged.holder else "outlet"
