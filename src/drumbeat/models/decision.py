"""The fitted numbers of the cascade: what passes each step, and what the probability is.

Fitted by `training/decision.py` on out-of-fold scores of `recall/train.jsonl`; never on the evaluation set.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from drumbeat.errors import ModelError
from drumbeat.models.weights import FOLDER

Floats = NDArray[np.float32]


class Step(msgspec.Struct, frozen=True):
    """A logistic model over named features; a pair passes where its probability reaches `threshold`."""

    features: tuple[str, ...]
    weights: tuple[float, ...]
    intercept: float
    threshold: float

    def probability(self, values: Floats) -> Floats:
        """Return the probability of each row of values, (n, features) to (n,)."""
        return np.asarray(1.0 / (1.0 + np.exp(-self.logit(values))), np.float32)

    def logit(self, values: Floats) -> Floats:
        """Return the log odds of each row of values, (n, features) to (n,)."""
        return np.asarray(values @ np.array(self.weights, np.float32) + self.intercept, np.float32)


class Decision(msgspec.Struct, frozen=True):
    """The cascade: `screen` over static vectors and words, `sift` adds the encoder, `final` adds the verifier.

    `made_with` names the models the numbers belong to.
    """

    version: str
    made_with: tuple[str, ...]
    screen: Step
    sift: Step
    final: Step


def load_decision() -> Decision:
    """Return the shipped decision; raise ModelError where its file is missing or damaged."""
    path = FOLDER / "decision.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Decision)
    except (OSError, msgspec.DecodeError) as error:
        raise ModelError(
            f"{path.name} is missing or damaged ({error}); reinstall drumbeat", model="decision"
        ) from error
