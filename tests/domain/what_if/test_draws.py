"""The draws: the same for every scenario, with the means and widths that the formulas give."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.domain.what_if import exact, uncertainty


def test_a_name_always_draws_the_same_and_another_name_something_else():
    assert np.array_equal(uncertainty.uniform("return_freight"), uncertainty.uniform("return_freight"))
    assert abs(np.corrcoef(uncertainty.uniform("a"), uncertainty.uniform("b"))[0, 1]) < 0.03


@pytest.mark.parametrize(("low", "likely", "high"), [(0, 0, 10), (0, 10, 10), (-5, -2, 4), (5, 6, 8)])
def test_the_triangles_mean_and_spread_are_the_formulas(low, likely, high):
    drawn = uncertainty.triangular(low, likely, high, uncertainty.uniform("x"))
    assert drawn.min() >= low
    assert drawn.max() <= high
    assert np.mean(drawn) == pytest.approx((low + likely + high) / 3, abs=0.005 * (high - low))
    squares = low**2 + likely**2 + high**2 - low * likely - low * high - likely * high
    assert np.var(drawn) == pytest.approx(squares / 18, rel=0.01)


def test_a_triangle_without_width_is_its_value():
    assert set(uncertainty.triangular(6, 6, 6, uncertainty.uniform("x"))) == {6}


@pytest.mark.parametrize(("happened", "of"), [(3, 40), (80, 1_000), (5_000, 20_000)])
def test_a_rates_draws_have_the_observed_rate_as_their_mean(happened, of):
    drawn = uncertainty.rate_factor("stage=kept", happened, of)
    rate = happened / of
    assert np.mean(drawn) == pytest.approx(1, rel=0.02)
    assert np.std(drawn) == pytest.approx(np.sqrt(rate * (1 - rate) / (of + 1)) / rate, rel=0.03)


def test_a_rate_of_nothing_or_of_all_has_no_width():
    assert set(uncertainty.rate_factor("a", 0, 10)) == set(uncertainty.rate_factor("a", 10, 10)) == {1}


@pytest.mark.parametrize("size", [10, 10**6, 10**12, 10**17, 10**18])
def test_a_share_of_an_exact_amount_is_rounded_as_whole_numbers_are(size):
    random = np.random.default_rng(7)
    amount = random.integers(-size, size, 2_000)
    whole = random.integers(1, 10**6, 2_000)
    share = (whole * random.random(2_000)).astype(np.int64)
    per = 10**6
    expected = [exact._shared_one(*row, per) for row in zip(amount.tolist(), share.tolist(), whole.tolist(), strict=True)]
    assert exact.shared(amount, share, whole, per).tolist() == expected


def test_running_sums_and_earlier_highest_values_stay_within_their_group():
    values, group = np.array([3, 1, 4, 1, 5, 9]), np.array([1, 1, 1, 2, 2, 4])
    assert exact.running(values, group).tolist() == [3, 4, 8, 1, 6, 9]
    assert exact.earlier_highest(values, group).tolist() == [0, 3, 3, 0, 1, 0]
