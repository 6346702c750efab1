"""Urged orders in the order in which they should go out: against worlds of known truth, and where little is known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from analytics.domain.urge_priority import LEAST_PAST, UrgeModel, WaitingOrders, fit, fitting, rank
from analytics.domain.urge_priority.calibration import Predicted, judge
from analytics.domain.urge_priority.features import columns_of, rates_without_own, typical_of
from tests.worlds.urged_orders import draw_urged, draw_world, past_of

UNKNOWN = float("nan")


@pytest.fixture(scope="module")
def shop():
    """A shop of 1,000 past urges, its model, and orders of the same shop that wait."""
    random = np.random.default_rng(7)
    world = draw_world(random)
    past = draw_urged(world, random, 1_000).past
    return past, fit(past, seed=1), draw_urged(world, random, 2_000)


def waiting_of(**given):
    count = len(next(iter(given.values())))
    usual = {
        "price_fen": np.full(count, 5_000),
        "hours_past_promise": np.zeros(count),
        "hours_since_urge": np.zeros(count),
        "urges": np.ones(count),
        "product": np.full(count, "P1"),
        "streamer": np.full(count, "S1"),
        "fill_rate": np.full(count, 0.7),
    }
    return WaitingOrders(**{**usual, **{name: np.asarray(values) for name, values in given.items()}})


def test_a_model_survives_being_kept_as_json(shop):
    _, model, urged = shop
    again = UrgeModel.from_json(model.as_json())
    assert again.as_json() == model.as_json()
    assert again.calibration == model.calibration
    one, other = rank(model, urged.orders, urged.loss_fen), rank(again, urged.orders, urged.loss_fen)
    for name in ("rank", "expected_loss_fen", "refund_if_shipped", "band", "moves_fen"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_the_same_past_and_seed_give_the_same_model(shop):
    past, model, _ = shop
    assert fit(past, seed=1).as_json() == model.as_json()


def test_ranks_follow_the_expected_loss_which_is_the_difference_of_the_chances_times_the_loss(shop):
    _, model, urged = shop
    ranking = rank(model, urged.orders, urged.loss_fen)
    assert sorted(ranking.rank) == list(range(1, 2_001))
    in_order = np.argsort(ranking.rank)
    assert (np.diff(ranking.expected_loss_fen[in_order]) <= 0).all()
    by_hand = (ranking.refund_if_waiting - ranking.refund_if_shipped) * urged.loss_fen
    assert ranking.expected_loss_fen == pytest.approx(by_hand, abs=0.5)


def test_an_order_later_dearer_or_urged_more_often_comes_first(shop):
    _, model, _ = shop
    waiting = waiting_of(hours_past_promise=[-20.0, 30.0, 30.0, 30.0], urges=[1, 1, 3, 3])
    ranking = rank(model, waiting, np.array([6_000, 6_000, 6_000, 6_500]))
    assert ranking.rank.tolist() == [4, 3, 2, 1]


def test_nothing_known_of_an_order_is_no_obstacle(shop):
    _, model, _ = shop
    blank = waiting_of(
        hours_past_promise=[UNKNOWN], hours_since_urge=[UNKNOWN], product=[""], streamer=["never seen"], fill_rate=[UNKNOWN]
    )
    ranking = rank(model, blank, np.array([6_000]))
    assert 0 < ranking.expected_loss_fen[0] < 6_000
    assert [reason.name for reason in ranking.why(0)] in ([], ["dear"])


def test_a_past_without_promises_products_and_fill_rates_still_ranks():
    random = np.random.default_rng(8)
    past = draw_urged(draw_world(random), random, 400).past
    count = len(past)
    bare = dataclasses.replace(
        past,
        ship_by=np.full(count, UNKNOWN),
        product=np.full(count, ""),
        streamer=np.full(count, ""),
        fill_rate=np.full(count, UNKNOWN),
    )
    ranking = rank(fit(bare, seed=1), past.waits(), past.loss_if_refunded_fen)
    assert ranking.method == "model"
    assert np.isfinite(ranking.refund_if_waiting).all()


def test_under_a_hundred_past_urges_orders_stand_by_amount():
    past = past_of(
        urged_at=np.zeros(9),
        refunded_at=[10.0, 10.0, 10.0, *[UNKNOWN] * 6],
        known_until=np.full(9, 900.0),
    )
    model = fit(past, seed=1)
    ranking = rank(UrgeModel.from_json(model.as_json()), waiting_of(urges=[9, 1, 1]), np.array([1_000, 3_000, 2_000]))
    assert (model.method, model.is_money_shown, model.past_count) == ("by_amount", False, 9)
    assert ranking.refund_if_waiting == pytest.approx([4 / 11] * 3)  # (3 + 1) ÷ (9 + 2)
    assert ranking.rank.tolist() == [3, 1, 2]
    assert ranking.band.tolist() == ["low", "high", "middle"]
    assert np.isnan(ranking.refund_if_shipped).all()


def test_without_any_past_and_without_any_order_there_is_an_answer():
    nothing = past_of(urged_at=np.zeros(0), known_until=np.zeros(0))
    model = fit(nothing, seed=1)
    assert rank(model, waiting_of(urges=[1]), np.array([6_000])).expected_loss_fen.tolist() == [3_000]
    assert len(rank(model, waiting_of(urges=np.zeros(0)), np.zeros(0)).rank) == 0


def test_one_past_urge_more_and_the_model_ranks_but_shows_no_money_yet():
    random = np.random.default_rng(9)
    past = draw_urged(draw_world(random), random, LEAST_PAST).past
    assert fit(past.taken(slice(1, None)), seed=1).method == "by_amount"
    model = fit(past, seed=1)
    assert (model.method, model.past_count) == ("model", LEAST_PAST)
    assert not dataclasses.replace(model.calibration, slope=1.0, refunded_count=29).is_trusted
    assert dataclasses.replace(model.calibration, slope=1.0, refunded_count=30, waited_count=60).is_trusted
    assert not dataclasses.replace(model.calibration, slope=1.26, refunded_count=30, waited_count=60).is_trusted


def test_of_very_many_past_urges_a_part_is_fitted(shop, monkeypatch):
    past, model, _ = shop
    monkeypatch.setattr(fitting, "MOST_PAST", 300)
    part = fit(past, seed=1)
    assert (part.past_count, part.fitted_count) == (model.past_count, 300)
    assert fit(past, seed=1).as_json() == part.as_json()
    assert fit(past, seed=2).as_json() != part.as_json()


def test_orders_already_gone_when_urged_and_what_happened_after_the_end_of_the_files_do_not_count():
    past = past_of(
        urged_at=[10.0, 10.0, 10.0, 999.0],
        shipped_at=[9.0, UNKNOWN, 950.0, UNKNOWN],
        refunded_at=[UNKNOWN, 10.0, UNKNOWN, UNKNOWN],
        known_until=np.full(4, 900.0),
    ).usable()
    assert past.urged_at.tolist() == [10.0]
    assert np.isnan(past.shipped_at).all()


def test_a_count_of_urges_says_nothing_before_the_urges_were_made():
    past = past_of(urged_at=[0.0, 0.0, 0.0], last_urged_at=[48.0, 0.0, UNKNOWN], urges=[3, 3, 3], known_until=np.full(3, 900.0))
    at = [past.waits(hours).urges.tolist() for hours in (0.0, 24.0, 47.0, 48.0, 500.0)]
    assert [row[0] for row in at] == [1, 2, 2, 3, 3]
    assert [row[1] for row in at] == [3] * 5  # all three were known at the first sight
    assert [row[2] for row in at] == [1] * 5


def test_an_orders_own_refund_is_not_in_the_rate_of_its_product():
    past = past_of(
        urged_at=np.zeros(3),
        refunded_at=[5.0, UNKNOWN, UNKNOWN],
        known_until=np.full(3, 900.0),
        product=["A", "A", "B"],
    )
    own = rates_without_own(past)[0]
    rate = 2 / 5  # the shop's: (1 + 1) ÷ (3 + 2)
    assert own == pytest.approx([20 * rate / 21, (1 + 20 * rate) / 21, rate])
    assert typical_of(past).product_rates == pytest.approx({"A": (1 + 20 * rate) / 22, "B": 20 * rate / 21})


def test_the_reasons_name_what_is_unusual_and_by_how_much(shop):
    _, model, _ = shop
    waiting = waiting_of(
        price_fen=[5_000, 5_000, 20_000],
        hours_past_promise=[14.0, -20.0, 0.0],
        urges=[1, 4, 1],
        product=[""] * 3,
        streamer=[""] * 3,
        fill_rate=[UNKNOWN] * 3,
    )
    loss = np.array([6_000, 6_000, 24_000])
    ranking = rank(model, waiting, loss)
    names = [" ".join(reason.name for reason in ranking.why(index)) for index in range(3)]
    assert ranking.names_of_why().tolist() == names
    late, urged, dear = (ranking.why(index)[0] for index in range(3))
    assert (late.name, late.value) == ("overdue", 14.0)
    assert (urged.name, urged.value) == ("urged", 4.0)
    assert (dear.name, dear.value) == ("dear", 20_000.0)
    # What an urge moves is the loss with it less the loss without it.
    once = rank(model, dataclasses.replace(waiting, urges=np.ones(3)), loss)
    assert urged.moves_fen == pytest.approx(ranking.expected_loss_fen[1] - once.expected_loss_fen[1], abs=2)


def test_being_dear_moves_the_loss_and_not_only_the_chance(shop):
    _, model, _ = shop
    usual = waiting_of(price_fen=[20_000, model.typical.price_fen], product=[""] * 2, streamer=[""] * 2)
    ranking = rank(model, usual, np.array([24_000, model.typical_loss_fen]))
    assert ranking.why(0)[0].moves_fen == pytest.approx(ranking.expected_loss_fen[0] - ranking.expected_loss_fen[1], abs=2)


def test_a_refund_that_a_shipment_forestalled_is_not_a_refund_that_would_not_have_come():
    random = np.random.default_rng(12)
    refund, ship = random.exponential(1 / 0.02, 5_000), random.exponential(1 / 0.1, 5_000)
    past = past_of(
        urged_at=np.zeros(5_000),
        refunded_at=np.where(refund < ship, refund, UNKNOWN),
        shipped_at=np.where(ship < refund, ship, UNKNOWN),
        known_until=np.full(5_000, 900.0),
    )
    chance = fitting.fit_hazards(past).refund.chance(columns_of(past.waits(), typical_of(past)))
    assert chance.mean() == pytest.approx(1 - np.exp(-0.02 * 6), abs=0.01)  # counted as seen it would be .087


def test_a_product_refunded_twice_as_often_is_named(shop):
    _, model, _ = shop
    worst = max(model.typical.product_rates, key=model.typical.product_rates.get)
    reasons = rank(model, waiting_of(product=[worst], streamer=[""]), np.array([6_000])).why(0, most=9)
    rates = {reason.name: reason.value for reason in reasons}
    assert rates["product_refunds"] == model.typical.product_rates[worst]


def test_calibration_says_what_became_of_orders_called_high(shop):
    past, model, _ = shop
    found = model.calibration
    high, middle, low = found.bands
    assert (high.band, middle.band, low.band) == ("high", "middle", "low")
    assert sum(band.waited_count for band in found.bands) == found.waited_count
    assert sum(band.refunded_count for band in found.bands) == found.refunded_count
    assert high.refunded_rate > low.refunded_rate + 0.1
    shipped_soon = (past.shipped_at - past.urged_at < 24) & ~(past.refunded_at <= past.shipped_at)
    assert (found.shipped_count, found.waited_count) == (shipped_soon.sum(), (~shipped_soon).sum())


def test_calibration_sees_chances_that_are_too_far_apart_and_too_high(shop):
    past = shop[0].usable()
    sure = Predicted.empty(len(past))
    sure.waiting[:] = np.where(past.is_refunded(), 0.7, 0.6)
    sure.avoidable_fen[:] = np.arange(len(past))
    told = judge(past, sure, [300.0, 600.0])
    assert told.error > 0.05
    random = np.random.default_rng(11)
    sure.waiting[:] = random.choice([0.02, 0.98], len(past))
    assert judge(past, sure, [300.0, 600.0]).slope < 0.2


def test_refunds_of_the_first_hours_are_not_overcounted():
    # Of 1,000 alike 100 are refunded in the first block; half of the rest are shipped in the second, the others wait in vain.
    hours = np.concatenate([np.full(100, 3.0), np.full(900, UNKNOWN)])
    past = past_of(
        urged_at=np.zeros(1_000),
        refunded_at=hours,
        shipped_at=np.concatenate([np.full(550, UNKNOWN), np.full(450, 8.0)]),
        known_until=np.full(1_000, 900.0),
    )
    predicted = Predicted.empty(1_000)
    predicted.ship_chance[1] = 0.5
    told = judge(past, predicted, [1.0, 2.0])
    assert told.refunded_count / told.waited_count == pytest.approx(100 / 550)
    assert told.bands[-1].refunded_rate == pytest.approx(0.1)
