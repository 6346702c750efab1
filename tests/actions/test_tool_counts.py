"""Counting uses of the tools: what became of the orders, the chance beside its break-even, which tools met on one order."""

from __future__ import annotations

import pandas as pd
import pytest

from analytics.actions import tool_counts
from analytics.actions.tool_counts import counts_of


def use(**more):
    at = {"week": pd.Timestamp("2026-03-02"), "touched_at": pd.Timestamp("2026-03-03")}
    who = {"shop": "店铺1", "order_id": "A", "tool": "urge_ship", "product": "P1", "streamer": "S1"}
    how = {"timing": "exact", "is_order_coupon": False, "outcome": None, "was_shipped": False}
    then = {"is_mature": True, "state": "kept", "lost_stage": None, "loss_fen": 0}
    money = {"receivable_fen": 10_000, "fees_fen": 500, "goods_fen": 6_000, "sent_fen": 500, "cost_fen": None}
    return {**at, **who, **how, **then, **money, **more}


def frame(*rows):
    return pd.DataFrame([use(**row) for row in rows]).astype({"cost_fen": "Int64"})


# ¥34 behind a refund after shipment without what was sent out (¥5 of it the goods' damage), ¥1 before shipment.
COSTS = pd.DataFrame(
    [
        {"place": "after", "orders": 10, "sent_fen": 5_000, "logistics_fen": 8_000, "handling_fen": 20_000, "damage_fen": 5_000,
         "goods_fen": 60_000},
        {"place": "before", "orders": 5, "sent_fen": 0, "logistics_fen": 0, "handling_fen": 500, "damage_fen": 0, "goods_fen": 0},
    ]
)  # fmt: skip


def test_kept_and_lost_are_shared_over_the_orders_old_enough():
    counts = counts_of(
        "urge_ship",
        frame(
            {"order_id": "A"},
            {"order_id": "B"},
            {"order_id": "C", "state": "lost", "lost_stage": "returned", "loss_fen": 13_000},
            {"order_id": "D", "state": "lost", "lost_stage": "before_shipment", "loss_fen": 11_000, "is_mature": False},
            {"order_id": "E", "state": "open", "is_mature": False},
        ),
        COSTS,
    )
    assert (counts.touched, counts.kept, counts.lost_later, counts.open, counts.decided) == (5, 2, 2, 1, 3)
    assert counts.kept_chance.value == pytest.approx(2 / 3)
    assert counts.lost_by_stage == {"returned": (1, 13_000), "before_shipment": (1, 11_000)}
    assert (counts.kept_fen, counts.lost_fen, counts.open_fen) == (20_000, 24_000, 10_000)


def test_before_shipment_the_trap_is_the_document_s_example():
    """M = ¥100 − 5 − 60 − 5 = ¥30; F = 8 + 20 + 5 (damage of ¥60 of goods) + 5 out; F now ¥1: (38 − 1 + 3) ÷ (30 + 38)."""
    found = counts_of("urge_ship", frame({"cost_fen": 300}), COSTS).break_even
    assert (found.to_win_fen, found.refund_later_fen, found.refund_now_fen, found.offer_fen) == (3_000, 3_800, 100, 300)
    assert found.chance == pytest.approx(4_000 / 6_800)


def test_after_shipment_only_the_offer_has_to_be_earned_back():
    found = counts_of("small_payment", frame({"was_shipped": True, "cost_fen": 300, "tool": "small_payment"}), COSTS).break_even
    assert (found.to_win_fen, found.refund_later_fen, found.refund_now_fen) == (3_500, 3_300, 3_300)
    assert found.chance == pytest.approx(300 / 6_800)


def test_a_chance_above_one_says_that_keeping_every_order_would_still_lose():
    counts = counts_of("urge_ship", frame({"cost_fen": 9_000}), COSTS)
    assert counts.break_even.chance is None
    assert tool_counts.row_of(counts)["break_even"] == pytest.approx((3_800 - 100 + 9_000) / 6_800)
    worthless = counts_of("urge_ship", frame({"receivable_fen": 0}), COSTS)
    assert tool_counts.row_of(worthless)["break_even"] is None


def test_nothing_is_told_of_no_uses():
    counts = counts_of("coupon", frame({}).iloc[:0], COSTS)
    assert (counts.touched, counts.kept_chance.value, counts.break_even, counts.cost_fen) == (0, None, None, None)


def test_orders_with_several_tools_are_counted_once_each_combination():
    uses = frame({"tool": "coupon"}, {"tool": "urge_ship"}, {"tool": "coupon", "order_id": "B"})
    assert tool_counts.overlaps_of(uses) == [{"tools": "coupon", "orders": 1}, {"tools": "urge_ship+coupon", "orders": 1}]


def test_any_tool_is_the_first_one_and_no_discount_on_the_order():
    uses = frame(
        {"tool": "coupon", "is_order_coupon": True, "touched_at": pd.Timestamp("2026-03-01")},
        {"tool": "small_payment", "touched_at": pd.Timestamp("2026-03-09")},
        {"tool": "urge_ship", "touched_at": pd.Timestamp("2026-03-04")},
    )
    assert list(tool_counts.any_tool(uses)["tool"]) == ["urge_ship"]


def test_groups_add_up_to_the_tool():
    uses = frame({"order_id": "A"}, {"order_id": "B", "product": "P2", "state": "lost"}, {"order_id": "C", "cost_fen": 200})
    for dimension in ("product", "streamer", "week"):
        rows = tool_counts.groups_of(uses, dimension)
        assert rows[["touched", "kept", "lost_later", "open"]].sum().to_list() == [3, 2, 1, 0]
    by_product = tool_counts.groups_of(uses, "product")
    assert by_product["group"].to_list() == ["P1", "P2"]
    assert by_product["kept_rate"].to_list() == [1.0, 0.0]
    assert tool_counts.groups_of(uses, "week")["group"].to_list() == ["2026-03-02"]
