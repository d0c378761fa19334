"""The fitted numbers of the cascade: what passes each step, and what the probability is.

Fitted by `training/decision.py` on out-of-fold scores of `recall/train.jsonl`; never on the evaluation set.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log

import msgspec
import numpy as np
from numpy.typing import NDArray

from drumbeat.errors import ModelError
from drumbeat.models.weights import FOLDER
from drumbeat.tiers import TierLines

Floats = NDArray[np.float32]


def log_odds(probability: Floats) -> Floats:
    """Return ln(p / (1 - p)), held within about ±9."""
    held = np.clip(probability, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(held / (1 - held)), np.float32)


FEW_STATEMENTS = 10
"""Up to so many statements every gate of the cascade stays at its threshold."""


class Step(msgspec.Struct, frozen=True):
    """A logistic model over named features; a pair passes where its probability reaches `threshold`.

    For more than ten statements the line rises: by `rise` in log odds for every time their number is e-fold.
    """

    features: tuple[str, ...]
    weights: tuple[float, ...]
    intercept: float
    threshold: float
    rise: float = 0.0

    def line(self, statements: int) -> float:
        """Return the log odds that a pair has to reach where there are so many statements."""
        return log(self.threshold / (1 - self.threshold)) + self.rise * log(max(1.0, statements / FEW_STATEMENTS))

    def probability(self, values: Floats) -> Floats:
        """Return the probability of each row of values, (n, features) to (n,)."""
        return np.asarray(1.0 / (1.0 + np.exp(-self.logit(values))), np.float32)

    def logit(self, values: Floats) -> Floats:
        """Return the log odds of each row of values, (n, features) to (n,)."""
        return np.asarray(values @ np.array(self.weights, np.float32) + self.intercept, np.float32)

    def row(self, values: Mapping[str, float]) -> Floats:
        """Return named values as one row in the order of the features, 0 where one is absent."""
        return np.array([values.get(name, 0.0) for name in self.features], np.float32)


class Choice(msgspec.Struct, frozen=True):
    """A multinomial logistic model over named features: `weights` (labels, features), `intercepts` (labels,)."""

    labels: tuple[str, ...]
    features: tuple[str, ...]
    weights: tuple[tuple[float, ...], ...]
    intercepts: tuple[float, ...]

    def logits(self, values: Mapping[str, float]) -> Floats:
        """Return the logit of each label for named values, 0 where one is absent."""
        row = np.array([values.get(name, 0.0) for name in self.features], np.float32)
        return np.asarray(np.array(self.weights, np.float32) @ row + np.array(self.intercepts, np.float32), np.float32)

    def weight(self, label: str, feature: str) -> float:
        """Return how a feature speaks for a label; 0 for one that was never seen."""
        if feature not in self.features:
            return 0.0
        return self.weights[self.labels.index(label)][self.features.index(feature)]


class Decision(msgspec.Struct, frozen=True):
    """The cascade: `screen` over static vectors and words, `sift` adds the encoder, `final` the status reader.

    `commitment` weighs what the status reader says and the signs of the reading, `voice` what the status reader says.
    `made_with` names the models the numbers belong to.
    A match is confirmed where its probability reaches `confirmed`, suggested from the threshold of `final` on.
    """

    version: str
    made_with: tuple[str, ...]
    screen: Step
    sift: Step
    final: Step
    commitment: Choice
    voice: Step
    confirmed: float = 0.5

    @property
    def lines(self) -> TierLines:
        """Return what divides the tiers; probabilities are kept with four decimals, and none falls by rounding."""
        suggested = max(0.0, round(self.final.threshold - 0.0005, 4))
        return TierLines(suggested=suggested, confirmed=max(self.confirmed, suggested))


def load_decision() -> Decision:
    """Return the shipped decision; raise ModelError where its file is missing or damaged."""
    path = FOLDER / "decision.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Decision)
    except (OSError, msgspec.DecodeError) as error:
        raise ModelError(
            f"{path.name} is missing or damaged ({error}); reinstall drumbeat", model="decision"
        ) from error


def load_figures() -> dict[str, dict[str, float]]:
    """Return the measured figures that ship with the weights (`eval/run.py --record` writes them)."""
    path = FOLDER / "measured.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, float]])
    except (OSError, msgspec.DecodeError) as error:
        raise ModelError(
            f"{path.name} is missing or damaged ({error}); reinstall drumbeat", model="measured"
        ) from error
