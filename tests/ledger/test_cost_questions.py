"""What rests on which starter assumption, which products lack a cost, what a case costs: against a pencil and the ledger."""

from __future__ import annotations

from datetime import date

import pytest

from analytics.domain.costs import COST_NAMES, format_value
from analytics.store import questions
from tests.ledger.facts import Facts, records

# A starter assumption that alone decides a part: setting it to its own value moves exactly its money from assumed to set.
ALONE = ("acquisition_rate", "outbound_freight", "packing", "return_freight", "intercept_fee", "inspection")


def a_shop(facts) -> None:
    """One case of each stage that costs something, freight and packing paid twice for the exchanged one."""
    for order in ("A", "B", "C", "D", "E"):
        facts.order(order)
    facts.returned("1", "A")
    facts.case("2", "B")
    facts.case("3", "C", kind_word="换货", return_no="R3")
    facts.case("4", "D", status_word="售后关闭")
    facts.order("F", order_status="已发货")
    facts.case("5", "F")
    facts.unshipped("G")
    facts.case("6", "G")


def resting_on(facts) -> dict[str, int]:
    rows = records(questions.cost_assumed(facts.settled().cursor))
    return {row["name"]: row["assumed_fen"] for row in rows}


def test_a_returned_order_rests_on_what_a_pencil_says(facts):
    """10 % of 100 paid, 3.00 + 0.50 out, 8.00 back, 8 minutes at 30 an hour, 5.00 inspection, 20 % of 40 % of 100."""
    facts.order("A")
    facts.returned("1", "A")
    assert resting_on(facts) == {
        **{"acquisition_rate": 1000, "outbound_freight": 300, "packing": 50, "return_freight": 800, "inspection": 500},
        **{"minutes_returned": 400, "hourly_wage": 400, "goods_cost_rate": 800, "damage_rate_returned": 800},
    }


def test_what_is_set_or_measured_rests_on_no_assumption(facts):
    facts.order("A")
    facts.returned("1", "A")
    facts.product_cost("P1", 30)
    facts.setting("hourly_wage", "30")
    facts.setting("return_freight", "8", scope="reason:不想要了")
    for name, value in (("inspection", "5"), ("packing", "0.5"), ("outbound_freight", "3"), ("acquisition_rate", "10%")):
        facts.setting(name, value, scope="product:P1")
    assert resting_on(facts) == {"minutes_returned": 400, "damage_rate_returned": 600}


def test_the_parts_of_logistics_add_up_to_the_ledgers_assumed_logistics(facts):
    a_shop(facts)
    rows = records(questions.cost_assumed(facts.settled().cursor))
    for component in ("logistics", "acquisition"):
        (assumed,) = (row for row in facts.losses("provenance") if row["provenance"] == "assumed")
        parts = [row["assumed_fen"] for row in rows if row["component"] == component]
        assert assumed[f"{component}_fen"] == sum(parts) > 0


@pytest.mark.parametrize("name", ALONE)
def test_setting_an_assumption_to_its_own_value_moves_its_money_and_nothing_else(facts, name):
    a_shop(facts)
    resting = resting_on(facts)[name]
    before = facts.losses()[0]
    facts.setting(name, format_value(name, COST_NAMES[name].starter_value))
    after = Facts(facts.cursor).losses()[0]
    assert after["total_fen"] == before["total_fen"]
    assert before["assumed_fen"] - after["assumed_fen"] == resting > 0


def test_the_filters_of_the_account_hold_for_it_too(facts):
    facts.order("A")
    facts.returned("1", "A")
    facts.order("B", product_id="P2")
    facts.returned("2", "B")
    cursor = facts.settled().cursor
    one = records(questions.cost_assumed(cursor, where={"product": ["P2"]}))
    assert {row["name"]: row["assumed_fen"] for row in one}["return_freight"] == 800
    assert records(questions.cost_assumed(cursor, first_day=date(2026, 4, 1))) == []


def test_products_sold_without_a_cost_are_counted_also_on_days_before_their_first_cost(facts):
    facts.product_cost("P1", 30, since="2026-03-02")
    facts.order("A", 50)
    facts.order("B", 70, paid_at="2026-03-03 10:00:00")
    facts.order("C", 20, product_id="P2", sku="红")
    rows = {row["product_id"]: row for row in records(questions.cost_goods(facts.settled().cursor))}
    assert [rows["P1"][name] for name in ("sold_count", "uncosted_count")] == [2, 1]
    assert (rows["P1"]["uncosted_first_day"], rows["P1"]["uncosted_last_day"]) == (date(2026, 3, 1), date(2026, 3, 1))
    assert [rows["P2"][name] for name in ("sold_count", "uncosted_count", "uncosted_skus")] == [1, 1, 1]


def test_the_costs_of_all_cases_add_up_to_the_loss(facts):
    a_shop(facts)
    frame = questions.cost_cases(facts.settled().cursor)
    assert frame["total_fen"].sum() == facts.losses()[0]["total_fen"]
    assert len(frame) == 6
