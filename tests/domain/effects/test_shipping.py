"""What shipping within a day did: worlds whose truth is known, a world in which it does nothing, every rule, a slow twin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.domain.effects import shipping
from analytics.domain.effects.shipping import Shipments, judge_shipping
from tests.worlds.kinds import Kind, orders_of
from tests.worlds.urged import FIRST, KNOWN_UNTIL, Urged, urged_world

SHORT = {"runs": 16, "coverage": (0.75, 1.0), "bias": 0.02}
WHOLE = {"runs": 200, "coverage": (0.92, 0.975), "bias": 0.008}


def judged(world: Urged, **known):
    return judge_shipping(world.orders, known_until=KNOWN_UNTIL, **known)


@pytest.fixture(scope="module")
def large() -> dict[bool, Urged]:
    """Both kinds of world, large enough to be the truth."""
    return {works: urged_world(np.random.default_rng(1), 400_000, works=works) for works in (True, False)}


@pytest.fixture(scope="module")
def usual() -> Urged:
    return urged_world(np.random.default_rng(2), 3000)


def estimates_of(count: int, runs: int, *, works: bool = True) -> np.ndarray:
    """Estimates, ends of the interval and the same of the loss, (runs, 6), whatever the rules let a card say."""
    rows = []
    for seed in range(runs):
        course = shipping._course(urged_world(np.random.default_rng([seed, count]), count, works=works).orders)
        found = shipping._estimate(course.part(), shipping._Weighted(course))
        change, saved = found.figure(1, 0, 0), found.figure(0, -1, 0)
        rows.append((change.value, change.low, change.high, saved.value, saved.low, saved.high))
    return np.array(rows)


def assert_right(rows: np.ndarray, world: Urged, *, runs: int, coverage: tuple[float, float], bias: float) -> None:
    covered = [
        np.mean((rows[:, at + 1] <= truth) & (truth <= rows[:, at + 2]))
        for at, truth in ((0, world.effect), (3, world.saved_fen))
    ]
    figures = (
        f"bias {rows[:, 0].mean() - world.effect:.4f}, covered {covered}, saved {rows[:, 3].mean():.0f} of {world.saved_fen:.0f}"
    )
    print(figures)
    assert abs(rows[:, 0].mean() - world.effect) <= bias, figures
    assert coverage[0] <= covered[0] <= coverage[1], figures
    assert covered[1] >= min(coverage[0], 0.91), figures


def test_an_effect_is_found_where_the_plain_comparison_is_far_off(large):
    world = large[True]
    assert world.effect == pytest.approx(-0.285, abs=0.01)
    assert world.naive < world.effect - 0.10
    assert_right(estimates_of(1500, SHORT["runs"]), world, **SHORT)


def test_immortal_time_saves_nothing(large):
    world = large[False]
    assert world.effect == 0
    assert world.naive < -0.10
    rows = estimates_of(3000, 8, works=False)
    assert abs(rows[:, 0].mean()) <= 0.02


@pytest.mark.statistics
@pytest.mark.parametrize("count", [500, 1500, 5000])
def test_an_effect_is_found_at_every_size(large, count):
    assert_right(estimates_of(count, WHOLE["runs"]), large[True], **WHOLE)


@pytest.mark.statistics
def test_immortal_time_saves_nothing_whole():
    rows = estimates_of(5000, WHOLE["runs"], works=False)
    print("mean", rows[:, 0].mean(), "covered", np.mean((rows[:, 1] <= 0) & (rows[:, 2] >= 0)))
    assert abs(rows[:, 0].mean()) <= 0.004


def test_a_good_world_gets_grade_b_with_figures_that_hang_together(usual):
    effect = judged(usual)
    assert (effect.grade, effect.reasons, effect.reading) == ("B", (), "fewer_refunds")
    assert effect.treated + effect.compared == len(usual.orders)
    assert effect.treated == usual.is_used.sum()
    assert effect.saved_orders.value == pytest.approx(-effect.effect.value * effect.treated)
    assert effect.net_fen.value == pytest.approx(effect.saved_fen.value - effect.cost_fen.value)
    assert effect.risk_used == pytest.approx(usual.is_refunded[usual.is_used].mean())


def test_the_same_orders_give_the_same_figures(usual):
    assert judged(usual).row() == judged(usual).row()


def test_what_the_use_cost_lowers_the_net(usual):
    costly = replace(usual.orders, cost_fen=np.where(usual.is_used, 5000, 0))
    effect = judge_shipping(costly, known_until=KNOWN_UNTIL)
    assert effect.cost_fen.value == pytest.approx(5000 * effect.treated)
    assert effect.net_reading == "loses"


def test_an_order_refunded_at_once_stands_for_nobody():
    """A hundred times four orders, worked out by hand: one shipped at half past three, one refunded at once, two that wait.

    Parcels leave in that hour only, in which 1 left and 2.5 order-hours were at risk: a pace of 0.4. Each that waited stands
    for e^0.4 − 1 = 0.49 shipped orders.
    """
    day = FIRST + (np.array([0, 3.5, 40, 100, 200]) * 3600).astype("timedelta64[s]")
    never = np.datetime64("NaT", "s")
    shipped, refunded = np.array([day[1], never, day[2], day[2]]), np.array([day[3], day[0] + 1, never, day[4]])
    loss = np.array([9.0, 5, 0, 7])
    nothing = np.full(400, never)
    orders = Shipments(
        since=np.full(400, FIRST),
        shipped_at=np.tile(shipped, 100),
        refunded_at=np.tile(refunded, 100),
        case_opened_at=nothing,
        case_closed_at=nothing,
        loss_fen=np.tile(loss, 100),
        cost_fen=np.zeros(400),
        cluster=np.arange(400),
        columns=np.zeros((400, 0)),
    )
    course = shipping._course(orders)
    weight = shipping._Weighted(course).weights(course.part())
    assert weight[:3] == pytest.approx([0, 0.4918, 0.4918], abs=0.005)
    assert shipping._change(course.part(), weight) == pytest.approx([1 - 0.5, 9 - 3.5, 0], abs=0.01)


def first_of(world: Urged, treated: int, compared: int) -> Shipments:
    """The first so many orders of either arm."""
    place = np.where(world.is_used, np.cumsum(world.is_used), np.cumsum(~world.is_used))
    return world.orders.only(place <= np.where(world.is_used, treated, compared))


def thinned(orders: Shipments, kept: np.ndarray) -> Shipments:
    """The orders with the refunds outside `kept` taken away."""
    return replace(orders, refunded_at=np.where(kept, orders.refunded_at, np.datetime64("NaT")))


# Each rule of methods §3 with a world that breaks it and no other; orders, and what else judge_shipping is told.
CANNOT_TELL = {
    "untimed": lambda world: (world.orders, {"untimed_share": 0.06}),
    "immature": lambda world: (world.orders, {"known_until": FIRST + np.timedelta64(18 + 25, "D")}),
    "few_treated": lambda world: (
        world.orders.only(~world.is_used | (np.cumsum(world.is_used & world.is_refunded) <= 29) & world.is_refunded),
        {},
    ),
    "few_compared": lambda world: (first_of(world, 1000, 29), {}),
    "few_refunds": lambda world: (
        thinned(world.orders, ~world.is_used | (np.cumsum(world.is_used & world.is_refunded) < 10)),
        {},
    ),
    "few_controls": lambda world: (first_of(world, 400, 260), {}),
    "few_clusters": lambda world: (replace(world.orders, cluster=world.orders.cluster % 14), {}),
    "one_cluster": lambda world: (
        replace(world.orders, cluster=np.where(world.orders.cluster < 130, 0, world.orders.cluster)),
        {},
    ),
    "wide": lambda _: (orders_of(np.random.default_rng(5), Kind(440, 0.27, 0.12)), {}),
    "heavy_weights": lambda _: (orders_of(np.random.default_rng(1), Kind(4050, 0.267, 0.3), Kind(390, 0.92, 0.3)), {}),
    "no_overlap": lambda _: (orders_of(np.random.default_rng(2), Kind(4900, 0.39, 0.4), Kind(2000, 0.9515, 0.4)), {}),
    "imbalance": lambda _: (orders_of(np.random.default_rng(3), Kind(4000, 0.4, 0.3), Kind(150, 0.999999, 0.3)), {}),
    "disagree": lambda _: (orders_of(np.random.default_rng(4), Kind(7500, 0.04, 0.9), Kind(5400, 0.5, 0.2)), {}),
}


@pytest.mark.parametrize("reason", CANNOT_TELL)
def test_each_rule_has_a_world_that_breaks_it_alone(usual, reason):
    orders, known = CANNOT_TELL[reason](usual)
    effect = judge_shipping(orders, **{"known_until": KNOWN_UNTIL} | known)
    assert [each.id for each in effect.reasons] == [reason]
    assert (effect.grade, effect.reading, effect.net_fen) == ("D", "cannot_tell", None)


def test_thirty_to_a_hundred_treated_are_compared_in_strata_only(usual):
    effect = judge_shipping(first_of(usual, 70, 1400), known_until=KNOWN_UNTIL)
    assert [each.id for each in effect.reasons] == ["small"]
    assert (effect.grade, effect.method) == ("C", "stratified")


def test_a_list_without_times_gives_a_landmark_and_says_so(usual):
    effect = judge_shipping(usual.orders, known_until=KNOWN_UNTIL, is_landmark=True)
    assert (effect.grade, [each.id for each in effect.reasons]) == ("B", ["landmark"])


def test_without_a_single_order_there_are_counts():
    nobody = urged_world(np.random.default_rng(1), 0).orders
    assert judge_shipping(nobody, known_until=KNOWN_UNTIL).grade == "D"


def test_orders_that_were_gone_at_time_zero_do_not_enter(usual):
    orders, hour = usual.orders, np.timedelta64(1, "h")
    gone = np.arange(len(orders)) < 500
    moved = replace(
        orders,
        shipped_at=np.where(gone & usual.is_used, orders.since - hour, orders.shipped_at),
        refunded_at=np.where(gone & ~usual.is_used, orders.since, orders.refunded_at),
    )
    both = [judge_shipping(each, known_until=KNOWN_UNTIL) for each in (moved, orders.only(~gone))]
    assert both[0].row() == both[1].row()


def test_a_parcel_that_leaves_after_the_money_went_back_is_no_shipment(usual):
    orders, hours = usual.orders, np.timedelta64(1, "h")
    is_early = ~usual.is_used & (orders.refunded_at < orders.since + 10 * hours)
    by_mistake = replace(orders, shipped_at=np.where(is_early, orders.refunded_at + hours, orders.shipped_at))
    effect = judge_shipping(by_mistake, known_until=KNOWN_UNTIL)
    assert is_early.sum() > 50
    assert effect.row() == judged(usual).row()


def test_the_compared_stand_for_orders_like_the_treated(usual):
    course = shipping._course(usual.orders)
    weight = shipping._Weighted(course).weights(course.part())
    compared = weight @ course.part().columns / weight.sum()
    assert compared == pytest.approx(course.columns[course.is_used].mean(axis=0), abs=1e-5)
    assert weight.min() >= 0


def test_a_parcel_is_not_free_to_leave_while_a_case_is_open(usual):
    orders = usual.orders
    waits = ~usual.is_used & ~(orders.refunded_at < orders.since + np.timedelta64(24, "h"))
    opened = np.where(waits, orders.since - np.timedelta64(2, "h"), orders.case_opened_at)
    closed = np.where(waits, orders.since + np.timedelta64(18, "h"), orders.case_closed_at)
    course = shipping._course(replace(orders, case_opened_at=opened, case_closed_at=closed))
    assert (course.free[waits, :3] == 0).all()
    assert (course.free[waits, 3] > 0).all()
    assert course.held_hours[waits] == pytest.approx(18)
