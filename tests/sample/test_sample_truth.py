"""The tools of the sample shop do what the shop says they do; a naive comparison would not find it out."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from analytics.domain.sample_shop.counterfactuals import potential_outcomes
from analytics.domain.sample_shop.effects import truth
from analytics.domain.sample_shop.files import build_shop
from analytics.domain.sample_shop.hazards import NEVER, first_event, normal, to_working_hours


@pytest.fixture(scope="module")
def outcomes(shop):
    return {tool: potential_outcomes(shop.orders, tool) for tool in truth()}


@pytest.mark.parametrize("tool", list(truth()))
def test_the_counterfactuals_bear_out_the_stated_effect(tool, outcomes):
    stated = truth()[tool]
    assert outcomes[tool].effect_on_the_treated() == pytest.approx(
        stated["risk_difference"], abs=stated["risk_difference_tolerance"] + 1e-12
    )


def test_the_stated_effects_hold_on_average_over_shops():
    shops = [build_shop(until=date(2026, 11, 16), seed=seed, order_count=20_000) for seed in range(5)]
    for tool in ("urge_ship", "small_payment"):
        mean = np.mean([potential_outcomes(shop.orders, tool).effect_on_the_treated() for shop in shops])
        assert mean == pytest.approx(truth()[tool]["risk_difference"], abs=0.02)


def test_no_single_order_is_changed_by_a_tool_that_does_nothing():
    for seed in range(5):
        orders = build_shop(until=date(2026, 11, 16), seed=seed, order_count=20_000).orders
        for tool in ("priority_ship", "address_change"):
            outcomes = potential_outcomes(orders, tool)
            assert (outcomes.is_refunded_used == outcomes.is_refunded_unused).all()


def test_enough_orders_have_each_tool_to_judge_it(outcomes):
    for tool, least in (("urge_ship", 300), ("priority_ship", 100), ("address_change", 300), ("small_payment", 600)):
        assert outcomes[tool].is_used.sum() >= least
    assert (~outcomes["urge_ship"].is_used).sum() >= 300


def test_a_naive_comparison_is_wrong(outcomes):
    urge = outcomes["urge_ship"]
    assert urge.naive_difference() < urge.effect_on_the_treated() - 0.03
    assert abs(outcomes["priority_ship"].naive_difference()) > 0.01
    assert outcomes["small_payment"].naive_difference() > 0.10  # seems to cause refunds


def test_the_urge_pays_and_the_small_payment_loses_money(outcomes):
    assert outcomes["urge_ship"].net_fen() > 500
    assert outcomes["small_payment"].effect_on_the_treated() < 0
    assert outcomes["small_payment"].net_fen() < -100


def test_a_hazard_of_one_in_two_hours_takes_two_hours():
    edges = np.array([[0.0, 3600.0]])
    assert first_event(np.array([1.0]), edges, np.array([[0.5, 0.5]])) == pytest.approx([7200.0])
    assert first_event(np.array([0.9]), edges, np.array([[0.0, 0.3]])) == pytest.approx([3600.0 + 3 * 3600.0])
    assert first_event(np.array([1.0]), edges, np.array([[0.5, 0.0]])) == [NEVER]


def test_normal_draws_are_normal():
    assert normal(np.array([0.5, 0.8413447, 0.0227501])) == pytest.approx([0.0, 1.0, -2.0], abs=0.01)


def test_parcels_of_the_night_leave_in_the_morning():
    hour = 3600.0
    moved = to_working_hours(np.array([15.0, 20.0, 26.0, 7.0]) * hour) / hour
    assert moved == pytest.approx([15.0, 32.0, 33.0, 8 + 11 / 6])
