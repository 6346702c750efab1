"""Daily trials of small payments: a world that a human can recompute, worlds of known truth, and who else finds the same."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.domain.effects import outcomes, payments, trials
from tests.worlds.payments import naive_difference, small_payments


@pytest.fixture(scope="module")
def world():
    return small_payments(1, 20_000)


@pytest.fixture(scope="module")
def course(world):
    return trials.follow(world.design)


@pytest.fixture(scope="module")
def rows(world, course):
    return trials.draw_rows(world.design, course, np.random.default_rng(0))


def test_the_naive_comparison_of_the_world_has_the_wrong_sign(world):
    assert world.effect < -0.04
    assert naive_difference(world.design) > 0.10


def test_every_treated_order_with_a_horizon_in_the_data_is_a_row_at_its_payment(world, rows):
    assert set(rows.order[rows.is_treated]) == set(world.treated)
    assert (rows.time_h[rows.is_treated] == world.design.used_h[rows.order[rows.is_treated]]).all()


def test_a_control_could_still_be_paid_had_come_as_far_and_has_its_horizon_in_the_data(world, course, rows):
    control = ~rows.is_treated
    order, time = rows.order[control], rows.time_h[control]
    assert (time < course.free_until_h[order]).all()
    assert (time <= world.design.last_entry_h).all()
    assert ((course.open_time.at(order, time) >= 0) == rows.is_open[control]).all()
    moments = [set(np.round(rows.clock_h[part & rows.is_open], 6)) for part in (control, rows.is_treated)]
    assert moments[0] <= moments[1]


def test_ten_controls_are_drawn_for_each_treated_where_there_are_as_many_and_none_twice_a_day(rows):
    control = ~rows.is_treated
    assert 9.95 < control.sum() / rows.is_treated.sum() <= 10
    keys = np.stack([rows.order, rows.is_open, trials.day_of(rows.clock_h)], axis=1)[control]
    assert len(np.unique(keys, axis=0)) == len(keys)


def test_what_treated_are_seen_to_do_is_what_the_world_says(world, course, rows):
    outcome = outcomes.outcomes_of(world.design, course, rows)
    assert outcome.is_refunded[rows.is_treated].mean() == pytest.approx(world.is_refunded_used.mean())
    assert outcome.loss_fen[rows.is_treated].mean() == pytest.approx(world.loss_used_fen.mean())


def test_a_control_paid_before_its_outcome_is_not_seen(world, course, rows):
    outcome = outcomes.outcomes_of(world.design, course, rows)
    used, refunded = course.used_h[rows.order], course.refunded_h[rows.order]
    left = ~rows.is_treated & (used < np.minimum(refunded, rows.time_h + 30 * 24))
    assert left.sum() > 100
    assert (outcome.is_seen == ~left).all()


def test_the_estimate_is_nearer_to_the_truth_than_its_interval_is_wide(world):
    effect = payments.effect_of(world.design, seed=0)
    assert (effect.grade, effect.reasons) == ("B", ())
    assert effect.effect.low < world.effect < effect.effect.high
    assert effect.net_fen.low < world.net_fen * effect.treated < effect.net_fen.high


def test_the_same_data_and_seed_give_the_same_figures(world):
    small = small_payments(5, 4_000).design
    assert payments.effect_of(small, seed=3) == payments.effect_of(small, seed=3)
