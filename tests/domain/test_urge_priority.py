"""Urged orders in the order in which they should go out: against worlds of known truth, and where little is known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from analytics.domain.urge_priority import UrgeModel, WaitingOrders, fit, rank
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
    blank = waiting_of(hours_past_promise=[UNKNOWN], product=[""], streamer=["never seen"], fill_rate=[UNKNOWN])
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
