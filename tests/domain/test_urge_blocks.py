"""The recursion over six-hour blocks, against sums by hand and a slow twin; the cutting of past urges into blocks."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analytics.domain.logistic import Logistic
from analytics.domain.urge_priority.blocks import refund_risk
from analytics.domain.urge_priority.features import FEATURES
from analytics.domain.urge_priority.model import Hazards, Moving
from analytics.domain.urge_priority.rows import after_rows, clock_after_shipment, waiting_rows
from tests.worlds.urged_orders import past_of

UNKNOWN = float("nan")


def chances(*by_block):
    return np.array(by_block, dtype=float)[:, None]


def test_two_blocks_by_hand():
    # Block 1: refund .10, ship ruled out. Of the .90 left, block 2: refund .10, ship .50, both .05 of which half each;
    # who is shipped is refunded with .20. .10 + .90 × (.10 − .025 + (.50 − .025) × .20) = .10 + .90 × .17 = .253
    risk = refund_risk(chances(0.1, 0.1), chances(0.0, 0.5), chances(0.3, 0.2))
    assert risk == pytest.approx([0.253])


def test_who_is_never_shipped_is_refunded_by_the_refund_chances_alone():
    assert refund_risk(chances(0.1, 0.2), chances(0.0, 0.0), chances(1.0, 1.0)) == pytest.approx([1 - 0.9 * 0.8])


def slow_chance(model, row):
    score = model.intercept + sum(float(slope) * float(value) for slope, value in zip(model.slopes, row, strict=True))
    return 1 / (1 + math.exp(-score))


def slow_row(row, hours_past_promise, hours_since_urge):
    """The columns of an order at a later hour; days past the promise stand first, the wait since the first urge second."""
    late = 0.0 if math.isnan(hours_past_promise) else min(max(hours_past_promise / 24, -2.0), 3.0)
    return [late, math.log(1 + min(hours_since_urge, 240.0) / 6), *row[2:]]


def slow_risks(hazards, row, hours_past_promise, hours_since_urge):
    """The two risks of one order, block by block in plain Python."""
    waiting, risk = 1.0, 0.0
    for block in range(40):
        then = slow_row(row, hours_past_promise + 6 * block, hours_since_urge + 6 * block)
        refund, after = slow_chance(hazards.refund, then), slow_chance(hazards.after, then)
        ship = slow_chance(hazards.ship, then) if block >= 4 else 0.0
        time_left = sum(hazards.clock[: 39 - block]) + hazards.clock[39 - block] / 2
        risk += waiting * (refund * (1 - ship / 2) + ship * (1 - refund / 2) * (1 - (1 - after) ** time_left))
        waiting *= (1 - refund) * (1 - ship)
    now = slow_row(row, hours_past_promise, hours_since_urge)
    return risk, 1 - (1 - slow_chance(hazards.after, now)) ** sum(hazards.clock)


@pytest.fixture
def hazards():
    random = np.random.default_rng(3)
    models = [Logistic(intercept, random.normal(0, 0.3, len(FEATURES))) for intercept in (-3.0, -1.5, -5.0)]
    clock = random.gamma(2, 0.5, 40)
    return Hazards(*models, clock=clock * 40 / clock.sum())


def test_the_risks_equal_those_of_a_slow_twin(hazards):
    random = np.random.default_rng(4)
    hours, since = np.array([-100.0, -10.0, 0.0, 60.0, UNKNOWN]), np.array([0.0, 5.0, 100.0, 300.0, 0.0])
    columns = random.normal(size=(5, len(FEATURES)))
    columns[:, :2] = [slow_row((), *moving) for moving in zip(hours, since, strict=True)]
    waiting, shipped = hazards.risks(columns, Moving(hours, since))
    twins = [slow_risks(hazards, columns[index], hours[index], since[index]) for index in range(5)]
    assert waiting == pytest.approx([twin[0] for twin in twins], abs=1e-12)
    assert shipped == pytest.approx([twin[1] for twin in twins], abs=1e-12)


def test_single_precision_changes_no_figure_that_is_shown(hazards):
    columns, moving = np.zeros((9_000, len(FEATURES))), Moving(np.zeros(9_000), np.zeros(9_000))
    exact, quick = hazards.risks(columns, moving), hazards.risks(columns, moving, np.float32)
    assert quick[0] == pytest.approx(exact[0], abs=1e-5)
    assert quick[1] == pytest.approx(exact[1], abs=1e-5)


def test_waiting_is_cut_into_blocks_and_an_unfinished_block_does_not_count():
    past = past_of(
        urged_at=[0.0, 0.0, 0.0, 0.0],
        shipped_at=[13.0, UNKNOWN, UNKNOWN, 500.0],
        refunded_at=[UNKNOWN, 5.0, UNKNOWN, UNKNOWN],
        known_until=[600.0, 600.0, 20.0, 600.0],
    )
    rows = waiting_rows(past)
    assert np.bincount(rows.order).tolist() == [
        3,
        1,
        3,
        40,
    ]  # shipped in the third, refunded in the first, 20 of 24 hours, ten days
    assert rows.block[:3].tolist() == [0, 1, 2]
    assert rows.is_shipped.nonzero()[0].tolist() == [2]
    assert rows.is_refunded.nonzero()[0].tolist() == [3]


def test_shipped_orders_are_followed_for_ten_days():
    past = past_of(
        urged_at=[0.0, 0.0, 0.0, 0.0],
        shipped_at=[10.0, 10.0, 10.0, 300.0],
        refunded_at=[UNKNOWN, 29.0, 600.0, 310.0],
        known_until=[25.0, 900.0, 900.0, 900.0],
    )
    rows = after_rows(past)
    assert rows.order.tolist() == [0, 1, 2]  # the fourth was shipped after ten days of waiting
    assert rows.block_count.tolist() == [2, 3, 40]
    assert rows.is_refunded.tolist() == [False, True, False]


def test_the_clock_after_shipment_runs_where_refunds_come_and_adds_up_to_forty():
    count = 2_000
    random = np.random.default_rng(5)
    past = past_of(
        urged_at=np.zeros(count),
        shipped_at=np.full(count, 1.0),
        refunded_at=np.where(random.random(count) < 0.5, 1.0 + random.uniform(60, 120, count), UNKNOWN),
        known_until=np.full(count, 900.0),
    )
    clock = clock_after_shipment(after_rows(past), 3.0)
    assert clock.sum() == pytest.approx(40)
    assert clock[10:20].sum() > 0.85 * 40


def test_without_refunds_the_clock_is_even():
    past = past_of(urged_at=[0.0], shipped_at=[1.0], refunded_at=[UNKNOWN], known_until=[900.0])
    assert clock_after_shipment(after_rows(past), 3.0) == pytest.approx(np.ones(40), abs=0.02)
