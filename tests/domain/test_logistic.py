"""The one logistic model: what it finds, and what it says when there is nothing to find."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.domain import logistic


@pytest.fixture(scope="module")
def world():
    random = np.random.default_rng(1)
    columns = random.normal(size=(20_000, 2)) * [1.0, 50.0] + [3.0, -20.0]
    chance = 1 / (1 + np.exp(-(-0.5 + 0.8 * (columns[:, 0] - 3) - 0.01 * (columns[:, 1] + 20))))
    return columns, random.random(len(columns)) < chance


def test_the_slopes_of_a_known_world_are_found_in_their_own_units(world):
    model = logistic.fit(*world)
    assert model.slopes == pytest.approx([0.8, -0.01], rel=0.08)
    assert model.chance(np.array([[3.0, -20.0]])) == pytest.approx([1 / (1 + np.exp(0.5))], abs=0.015)


def test_the_fit_agrees_with_an_unpenalised_one_of_another_library(world):
    import statsmodels.api as sm

    columns, outcome = world
    theirs = sm.Logit(outcome.astype(float), sm.add_constant(columns)).fit(disp=0).params
    ours = logistic.fit(columns, outcome, ridge=1e-6)
    assert [ours.intercept, *ours.slopes] == pytest.approx(list(theirs), rel=1e-3, abs=1e-4)


def test_a_row_that_counts_twice_is_two_rows(world):
    columns, outcome = (part[:500] for part in world)
    doubled = logistic.fit(np.vstack([columns, columns[:100]]), np.concatenate([outcome, outcome[:100]]))
    weighted = logistic.fit(columns, outcome, np.where(np.arange(500) < 100, 2.0, 1.0))
    assert weighted.slopes == pytest.approx(doubled.slopes, rel=1e-3)


def test_without_a_single_hit_the_chance_is_small_and_the_same_for_all(world):
    model = logistic.fit(world[0][:99], np.zeros(99, dtype=bool))
    assert model.chance(world[0][:3]) == pytest.approx([0.5 / 100] * 3)
    assert not model.slopes.any()


def test_a_model_without_a_group_is_the_fit_of_the_others(world):
    columns, outcome = (part[:6000] for part in world)
    group = np.arange(len(columns)) % 30
    whole = logistic.fit(columns, outcome)
    without = logistic.without_groups(whole, columns, outcome, np.ones(len(columns)), group, 30)
    assert len(without) == 30
    for number in (0, 17):
        refitted = logistic.fit(columns[group != number], outcome[group != number])
        assert (np.abs(without[number].slopes - refitted.slopes) <= [1e-3, 2e-5]).all()
        assert without[number].intercept == pytest.approx(refitted.intercept, abs=1e-3)
    assert abs(without[0].slopes[0] - whole.slopes[0]) > 2e-3
