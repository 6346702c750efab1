"""The rescue trap: the document's two examples, what an imagined order says beside it, and Wilson's interval."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analytics.domain import one_order
from analytics.domain.rescue_trap import Orders, RefundCosts, break_even_of, chance_of


def orders_of(*was_shipped, receivable_fen=10_000, fees_fen=500, goods_fen=6_000, sent_fen=500):
    money = (np.full(len(was_shipped), fen) for fen in (receivable_fen, fees_fen, goods_fen, sent_fen))
    return Orders(*money, np.array(was_shipped))


def test_before_shipment_keeping_must_come_off_more_often_than_not():
    """methods §2: M = ¥30, F = ¥34, offer ¥3, a refund at once free: 57.8 %."""
    found = break_even_of(orders_of(False), RefundCosts(0.0, 2_900.0, 0.0), 300)
    assert (found.to_win_fen, found.refund_later_fen, found.refund_now_fen) == (3_000, 3_400, 0)
    assert found.chance == pytest.approx(0.578, abs=0.001)


def test_after_shipment_the_same_offer_needs_next_to_nothing():
    """methods §2: 4.7 %; what was sent out is spent, and a refund at once costs what a later one does."""
    found = break_even_of(orders_of(True, receivable_fen=9_500), RefundCosts(0.0, 3_400.0, 0.0), 300)
    assert (found.to_win_fen, found.refund_later_fen, found.refund_now_fen) == (3_000, 3_400, 3_400)
    assert found.chance == pytest.approx(0.047, abs=0.001)


def test_an_average_use_is_the_mean_of_both_kinds():
    costs = RefundCosts(100.0, 2_400.0, 0.1)
    cases = ((False, True), (False,), (True,))
    both, before, after = (break_even_of(orders_of(*shipped), costs, 300) for shipped in cases)
    for figure in ("to_win_fen", "refund_later_fen", "refund_now_fen"):
        assert getattr(both, figure) == (getattr(before, figure) + getattr(after, figure)) / 2


@pytest.mark.parametrize("is_shipped", [False, True])
def test_it_says_of_one_order_what_the_page_of_one_order_says(is_shipped):
    given = {**one_order.STARTERS, "goods_cost": 4_000, "commission": 700}
    theirs = one_order.break_even(given, is_shipped=is_shipped)
    returned, at_once = (one_order.outcome(given, ending) for ending in ("returned", "before_shipment"))
    sent = sum(one_order.outcome(given, one_order.NO_CASE).freight.values())
    behind, behind_at_once = (each.part_fen("logistics") + each.part_fen("handling") for each in (returned, at_once))
    damaged = returned.part_fen("damage") / 4_000
    orders = orders_of(is_shipped, goods_fen=4_000, sent_fen=sent, fees_fen=one_order.fees_fen(given))
    ours = break_even_of(orders, RefundCosts(behind_at_once, behind - sent, damaged), given["offer"])
    assert ours == theirs


def test_a_share_has_wilsons_interval():
    theirs = stats.binomtest(5, 10).proportion_ci(method="wilson")
    assert (chance_of(5, 10).low, chance_of(5, 10).high) == pytest.approx((theirs.low, theirs.high), abs=1e-6)
    assert (chance_of(0, 10).low, chance_of(10, 10).high) == pytest.approx((0, 1))
    assert chance_of(0, 0).value is None
