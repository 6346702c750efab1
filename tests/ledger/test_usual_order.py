"""What an order usually looks like, from facts that can be counted on fingers."""

from __future__ import annotations

from datetime import date

import pytest

from analytics.store.usual_order import usual_order
from tests.ledger.facts import SHOP, records


def usual(facts, **filters):
    return records(usual_order(facts.settled().cursor, shops=[SHOP], **filters))[0]


def test_without_orders_nothing_is_known(facts):
    found = usual(facts)
    assert found.pop("orders") == 0
    assert {name for name, value in found.items() if value not in (None, 0)} == set()


def test_price_and_subsidy_are_medians_and_commission_a_share_of_all_that_was_paid(facts):
    facts.order("A", 10, commission_fen=100)
    facts.order("B", 20, commission_fen=500, subsidy_fen=300)
    facts.order("C", 90, commission_fen=0, subsidy_fen=200)
    facts.order("D", 500, paid_at=None)
    found = usual(facts)
    assert (found["orders"], found["price_fen"], found["subsidy_fen"]) == (3, 2_000, 200)
    assert found["commission_ppm"] == 50_000


def test_ad_spend_goods_and_insurance_count_where_a_file_tells_them(facts):
    facts.order("A", 60)
    facts.order("B", 40, product_id="P2")
    facts.unshipped("C", 100, product_id="P2", paid_at="2026-03-09 10:00:00")
    facts.spend("2026-03-01", 25)
    facts.product_cost("P2", 13)
    facts.insurance("A", 0.66)
    found = usual(facts)
    assert (found["spend_orders"], found["acquisition_fen"]) == (2, 1_250)
    assert (found["costed_orders"], found["goods_fen"]) == (2, 1_300)
    # 2600 of 14000 is 18.571 %, to the hundredth of a percent
    assert found["goods_ppm"] == 185_700
    assert (found["shipped_orders"], found["insured_orders"], found["premium_fen"]) == (2, 1, 66)


def test_a_product_and_a_period_leave_out_the_rest(facts):
    facts.order("A", 60)
    facts.order("A", 5, line_id="second", product_id="P2")
    facts.order("B", 40, product_id="P2", paid_at="2026-03-08 10:00:00")
    assert usual(facts, product="P2")["orders"] == 2
    assert usual(facts, product="P2", last_day=date(2026, 3, 7))["price_fen"] == 500
    assert usual(facts, first_day=date(2026, 3, 8))["price_fen"] == 4_000
    assert usual(facts, product="P9")["orders"] == 0


@pytest.mark.parametrize("product", ["'; drop table main.order_lines; --", "P1' or '1'='1"])
def test_a_product_is_a_value_never_a_part_of_the_question(facts, product):
    facts.order("A", 60)
    assert usual(facts, product=product)["orders"] == 0
    assert usual(facts)["orders"] == 1
