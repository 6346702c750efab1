"""From answers to arrays: who is a unit, when, and what became of it; on orders that can be counted on fingers."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from analytics.actions import tool_arrays, tool_effects
from analytics.actions.tool_arrays import facts_of

TOOLS = ("urge_ship", "priority_ship", "address_change", "coupon", "small_payment")
EPOCH = datetime(2026, 3, 1, 10)
END = datetime(2026, 6, 1)


def at(hours):
    return pd.NaT if hours is None else pd.Timestamp(EPOCH) + pd.Timedelta(hours=hours)


def orders_of(**rows):
    """Orders by id, times in hours since EPOCH, where the first order was paid; a tool is (used, seen, outcome, fen)."""
    told = []
    for name, row in rows.items():
        when = {"end_at": END, "paid_at": at(row.get("paid", 0)), "shipped_at": at(row.get("shipped")), "ship_by": at(48)}
        what = {"product": "P1", "streamer": "S1", "channel": "直播间", "province": "浙江", "warehouse": None}
        money = {"receivable_fen": 10_000, "discount_fen": row.get("discount", 0)}
        order = {"shop": "店铺1", "order_id": name, "is_shipped_untimed": row.get("untimed", False), **when, **what, **money}
        for tool in TOOLS:
            used, seen, outcome, fen = row.get(tool, (None, None, None, None))
            order |= {f"{tool}_at": at(used), f"{tool}_seen_at": at(seen), f"{tool}_outcome": outcome, f"{tool}_fen": fen}
            order[f"has_{tool}"] = tool in row
        told.append(order)
    return pd.DataFrame(told).astype({f"{tool}_fen": "Int64" for tool in TOOLS})


def cases_of(*rows):
    """Cases as (order, applied, finished, gives money back, loss), times in hours."""
    told = [
        {"shop": "店铺1", "order_id": order, "case_id": str(number), "applied_at": at(applied), "finished_at": at(finished),
         "is_finished": finished is not None, "gives_money_back": money, "stage": "returned", "loss_fen": loss}
        for number, (order, applied, finished, money, loss) in enumerate(rows)
    ]  # fmt: skip
    columns = ["shop", "order_id", "case_id", "applied_at", "finished_at", "is_finished", "gives_money_back", "stage", "loss_fen"]
    return pd.DataFrame(told, columns=columns).astype({"applied_at": "datetime64[us]", "finished_at": "datetime64[us]"})


def test_an_order_refunded_at_an_unknown_time_stays_out_with_its_cases():
    facts = facts_of(orders_of(A={}, B={}, C={}), cases_of(("B", None, None, True, 1), ("C", 5, 9, True, 700)))
    assert (list(facts.orders["order_id"]), facts.undated) == (["A", "C"], 1)
    assert facts.cases["order"].to_list() == [1]
    assert facts.refunded_at.tolist() == [None, at(9).to_pydatetime()]


def test_the_period_is_that_of_the_payment_both_days_included():
    orders = orders_of(A={}, B={"paid": 24}, C={"paid": 48})
    facts = facts_of(orders, cases_of(), date(2026, 3, 2), date(2026, 3, 2))
    assert list(facts.orders["order_id"]) == ["B"]


def test_a_case_of_an_order_that_is_not_there_is_nobodys():
    facts = facts_of(orders_of(A={}), cases_of(("Z", 1, 2, True, 5)))
    assert len(facts.cases) == 0
    assert np.isnat(facts.refunded_at).all()


def test_an_open_case_is_the_first_that_is_open_at_or_after_the_moment():
    facts = facts_of(
        orders_of(A={}, B={}, C={}), cases_of(("A", 1, 5, False, 0), ("A", 8, None, False, 0), ("B", 30, 40, True, 0))
    )
    since = np.array([at(6), at(6), at(6)], dtype="datetime64[us]")
    opened, closed = facts.open_case(since)
    assert facts.hours(opened).tolist()[:2] == [8, 30]
    assert np.isnat(closed[0])
    assert facts.hours(closed)[1] == 40
    assert np.isnat(opened[2])


def test_losses_count_from_the_moment_to_the_end_of_the_horizon():
    day = 24
    facts = facts_of(
        orders_of(A={}),
        cases_of(
            ("A", 0, 1, False, 1), ("A", 2, 5, False, 10), ("A", 3, 2 + 15 * day, True, 100), ("A", 3, 3 + 15 * day, True, 1_000)
        ),
    )
    assert facts.loss_within(np.array([at(2)], dtype="datetime64[us]"), 15).tolist() == [110]


def test_a_small_payment_may_be_given_from_shipment_or_from_a_case_before_it():
    facts = facts_of(
        orders_of(A={"shipped": 20}, B={"shipped": 20, "small_payment": (30, None, None, 300)}, C={}),
        cases_of(("A", 4, 9, False, 0)),
    )
    design = tool_arrays.small_payment_design(facts)
    assert np.allclose(design.start_h, [4, 20, np.nan], equal_nan=True)
    assert np.allclose(design.used_h, [np.nan, 30, np.nan], equal_nan=True)
    assert design.cost_fen.tolist() == [0, 300, 0]
    assert not design.is_used_untimed.any()


def test_a_use_without_a_time_is_marked_as_such():
    facts = facts_of(orders_of(A={"shipped": 1, "small_payment": (None, None, None, 300)}), cases_of())
    assert tool_arrays.small_payment_design(facts).is_used_untimed.tolist() == [True]


def test_only_requests_with_an_answer_before_shipment_are_compared():
    told = {
        "GRANTED": {"address_change": (2, None, "granted", None), "shipped": 9},
        "REFUSED": {"address_change": (2, None, "refused", None)},
        "LATE": {"address_change": (9, None, "granted", None), "shipped": 3},
        "UNANSWERED": {"address_change": (2, None, None, None)},
        "NEVER": {},
    }
    design = tool_arrays.address_design(facts_of(orders_of(**told), cases_of()))
    assert design.start_h.tolist() == [2, 2]
    assert np.allclose(design.used_h, [2, np.nan], equal_nan=True)


@pytest.mark.parametrize(("is_landmark", "since"), [(False, [5.0]), (True, [7.0, 26.0])])
def test_time_zero_is_the_urge_or_the_first_list_that_shows_it(is_landmark, since):
    told = {
        "TIMED": {"urge_ship": (5, 7, None, None), "shipped": 12},
        "LISTED": {"urge_ship": (None, 26, None, None)},
        "UNKNOWN": {"urge_ship": (None, None, None, None)},
        "UNTIMED": {"urge_ship": (5, 7, None, None), "untimed": True},
        "NEVER": {"shipped": 3},
    }
    facts = facts_of(orders_of(**told), cases_of(("TIMED", 20, 30, True, 900)))
    units = tool_arrays.shipments(facts, "urge_ship", is_landmark=is_landmark)
    assert facts.hours(units.since).tolist() == since
    assert facts.hours(units.shipped_at)[0] == 12
    assert facts.hours(units.refunded_at)[0] == 30
    assert units.loss_fen[0] == 900


@pytest.mark.parametrize(
    ("tool", "told", "why"),
    [
        ("small_payment", {"A": {}}, "no_data"),
        ("urge_ship", {"A": {}}, "no_data"),
        ("urge_ship", {"A": {"urge_ship": (2, 3, None, None)}}, "no_shipment_times"),
        ("urge_ship", {"A": {"urge_ship": (None, None, None, None), "shipped": 9}}, "no_times"),
        ("address_change", {"A": {"address_change": (2, None, None, None)}}, "no_outcomes"),
        ("coupon", {"A": {}}, "no_data"),
        ("coupon", {"A": {"discount": 500}}, "coupon_before_purchase"),
        ("any", {"A": {"urge_ship": (2, 3, None, None)}}, "no_data"),
    ],
)
def test_where_no_export_can_carry_an_effect_the_reason_is_said(tool, told, why):
    effect = tool_effects.JUDGES[tool](facts_of(orders_of(**told), cases_of()))
    assert (effect.grade, effect.method, effect.effect) == ("D", "counts", None)
    assert effect.reasons[0].id == why
    assert tool_effects.told(effect)["row"]["net_fen"] is None


def test_lists_without_times_are_judged_from_the_first_list_and_say_so():
    listed = {f"O{number}": {"urge_ship": (None, 5, None, None), "shipped": 9 + 30 * (number % 2)} for number in range(8)}
    effect = tool_effects.JUDGES["urge_ship"](facts_of(orders_of(**listed), cases_of()))
    assert "landmark" in [reason.id for reason in effect.reasons]


def test_cases_without_any_order_are_nobodys():
    facts = facts_of(orders_of(A={}).iloc[:0], cases_of(("A", 1, 2, True, 5)))
    assert (len(facts.orders), len(facts.cases)) == (0, 0)


def test_without_any_order_nothing_breaks():
    empty = facts_of(orders_of(A={}).iloc[:0], cases_of())
    assert {judged(empty).reasons[0].id for judged in tool_effects.JUDGES.values()} == {"no_data"}
