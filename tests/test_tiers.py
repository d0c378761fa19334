"""Where a sighting stands, and what moves it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drumbeat.tallies import SightingFilter, count_tiers, shown_probability, weigh_sighting
from drumbeat.tiers import Answer, Sensitivity, Tier, TierLines, line_odds, log_odds, probability_of
from store.samples import make_article, make_bookmark, make_sighting

LINES = TierLines(suggested=0.21, confirmed=0.5)


def weighed(probability, sensitivity=Sensitivity.NORMAL, *, shift=0.0, answer=None):
    sighting = make_sighting(make_article(1), make_bookmark(), probability=probability, shift=shift)
    return weigh_sighting(sighting, sensitivity=sensitivity, lines=LINES, answer=answer)


@given(st.floats(1e-5, 1 - 1e-5))
def test_log_odds_and_probability_are_inverse(probability):
    assert math.isclose(probability_of(log_odds(probability)), probability, rel_tol=1e-6)


def test_nothing_is_below_a_line_at_zero():
    assert line_odds(0.0) == -math.inf
    assert probability_of(-math.inf) == pytest.approx(0)
    assert TierLines().tier_of(log_odds(0.0) - 9, None) is Tier.SUGGESTED


@pytest.mark.parametrize("lines", [(-0.1, 0.5), (0.6, 0.5), (0.2, 1.1)])
def test_lines_that_cannot_be_are_refused(lines):
    with pytest.raises(ValueError, match="tier lines must"):
        TierLines(suggested=lines[0], confirmed=lines[1])


@pytest.mark.parametrize(
    ("probability", "sensitivity", "tier"),
    [
        (0.5, Sensitivity.NORMAL, Tier.CONFIRMED),
        (0.49, Sensitivity.NORMAL, Tier.SUGGESTED),
        (0.21, Sensitivity.NORMAL, Tier.SUGGESTED),
        (0.2, Sensitivity.NORMAL, Tier.SET_ASIDE),
        (0.74, Sensitivity.STRICT, Tier.CONFIRMED),
        (0.72, Sensitivity.STRICT, Tier.SUGGESTED),
        (0.41, Sensitivity.STRICT, Tier.SET_ASIDE),
        (0.28, Sensitivity.BROAD, Tier.CONFIRMED),
        (0.26, Sensitivity.BROAD, Tier.SUGGESTED),
        (0.10, Sensitivity.BROAD, Tier.SUGGESTED),
        (0.08, Sensitivity.BROAD, Tier.SET_ASIDE),
    ],
)
def test_the_sensitivity_of_a_theme_moves_its_lines(probability, sensitivity, tier):
    assert weighed(probability, sensitivity).tier is tier


def test_the_reader_outweighs_the_model():
    assert weighed(0.99, answer=Answer.NO).tier is Tier.SET_ASIDE
    assert weighed(0.01, Sensitivity.STRICT, answer=Answer.YES).tier is Tier.CONFIRMED


def test_the_model_s_own_probability_stays_beside_the_shown_one():
    moved = weighed(0.8, shift=-3.0)
    assert moved.match.probability == 0.8
    assert shown_probability(moved) == moved.probability == pytest.approx(0.166, abs=0.001)
    assert weighed(0.8).probability == 0.8


def test_tiers_are_counted():
    counts = count_tiers([weighed(0.9), weighed(0.3), weighed(0.1), weighed(0.9, answer=Answer.NO)])
    assert (counts.confirmed, counts.suggested, counts.set_aside) == (1, 1, 2)
    assert [counts.of(tier) for tier in Tier] == [1, 1, 2]
    assert Tier.SET_ASIDE not in SightingFilter().tiers
