"""How sure a sighting has to be, and what may move it: tiers, sensitivities, answers, log odds.

A model's probability is moved by adding to its log odds, ln(p / (1 - p)): a shift of +1 turns .50 into .73 and
.21 into .42. Tool-makers of claim matching show what is surely a match apart from what may be one; the two tiers
here are divided by the lines of the decision (`models/decision.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

_LEAST = 1e-6


class Tier(StrEnum):
    """Where a sighting stands. What is set aside the reader said no to, or it fell below the line of suggestions."""

    CONFIRMED = "confirmed"
    SUGGESTED = "suggested"
    SET_ASIDE = "set aside"


SHOWN_TIERS = (Tier.CONFIRMED, Tier.SUGGESTED)


class Answer(StrEnum):
    """What the reader says of a passage: yes, this is the theme; no, not this."""

    YES = "yes"
    NO = "no"


class Sensitivity(StrEnum):
    """How readily a theme is recognised, chosen by the reader theme by theme."""

    STRICT = "strict"
    NORMAL = "normal"
    BROAD = "broad"

    @property
    def shift(self) -> float:
        """Return what it adds to the log odds of the theme's matches.

        At the usual lines strict confirms what the model gives .73 or more, and suggests from .42; broad
        confirms from .27 and suggests from .09.
        """
        return _SHIFTS[self]

    @property
    def reach(self) -> float:
        """Return how far below the usual line a watch has to look for matches, in log odds; 0 where no farther.

        A strict theme is matched like a normal one, so that becoming normal again finds all in its place.
        """
        return max(0.0, self.shift)


_SHIFTS = {Sensitivity.STRICT: -1.0, Sensitivity.NORMAL: 0.0, Sensitivity.BROAD: 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class TierLines:
    """The least probability of a suggestion, and of a confirmed sighting."""

    suggested: float = 0.0
    confirmed: float = 0.5

    def __post_init__(self) -> None:
        if not 0.0 <= self.suggested <= self.confirmed <= 1.0:
            raise ValueError(f"tier lines must be 0 <= suggested <= confirmed <= 1, got {self}")

    def tier_of(self, odds: float, answer: Answer | None) -> Tier:
        """Return the tier of a sighting with these log odds; the reader's answer outweighs them."""
        if answer is not None:
            return Tier.CONFIRMED if answer is Answer.YES else Tier.SET_ASIDE
        if odds >= line_odds(self.confirmed):
            return Tier.CONFIRMED
        return Tier.SUGGESTED if odds >= line_odds(self.suggested) else Tier.SET_ASIDE


def log_odds(probability: float) -> float:
    """Return ln(p / (1 - p)), held within about ±13.8."""
    held = min(max(probability, _LEAST), 1.0 - _LEAST)
    return math.log(held / (1.0 - held))


def probability_of(odds: float) -> float:
    """Return the probability with these log odds."""
    return 1.0 / (1.0 + math.exp(-max(odds, -700.0)))


def line_odds(probability: float) -> float:
    """Return the log odds that reach a line at this probability; nothing stays below a line at 0."""
    return log_odds(probability) if probability > 0.0 else -math.inf
