"""Spot checks of cumulative shares, of cases on several lines, and of rounding to the fen."""

from __future__ import annotations

import pytest

NEXT_DAY = "2026-03-11 10:00:00"


def acquisition(facts, *cases):
    return [facts.costs_of(case)[1] for case in cases]


def damage(facts, *cases):
    return [facts.costs_of(case)[4] for case in cases]


def test_an_order_refunded_in_three_parts_books_exactly_its_acquisition(facts):
    facts.order("A", 0.15)  # acquisition 1.5 fen
    for place, case in enumerate("123"):
        facts.case(case, "A", 0.05, kind_word="退货退款", return_no=f"R{case}", finished_at=f"2026-03-1{place} 10:00:00")
    # round(1.5 × 1/3) = 1 (half away from zero), round(1.5 × 2/3) = 1, round(1.5) = 2
    assert acquisition(facts, "1", "2", "3") == [0.01, 0, 0.01]
    assert facts.total()["acquisition_fen"] == 2


def test_a_price_cut_books_no_acquisition_and_a_later_case_catches_up(facts):
    facts.order("A")
    facts.case("1", "A", 30)
    facts.case("2", "A", 70, finished_at=NEXT_DAY)
    assert facts.refunds()["1"]["stage"] == "price_cut"
    assert acquisition(facts, "1", "2") == [0, 10]
    assert damage(facts, "1", "2") == [0, 40]
    assert [facts.refunds()[case]["share"] for case in "12"] == [0.3, 1]


def test_damage_of_a_later_case_is_its_own_rate_on_the_share_added(facts):
    facts.order("A", order_status="已发货")
    facts.case("1", "A", 60)
    facts.returned("2", "A", 40, finished_at=NEXT_DAY)
    # intercepted: 2 % of ¥40 on 60 %; returned: 20 % of ¥40 on the 40 % that are added
    assert damage(facts, "1", "2") == [0.48, 3.20]


def test_what_was_refunded_before_shipment_moves_the_share_though_it_damages_nothing(facts):
    facts.order("A", order_status="已发货")
    facts.case("1", "A", 60, finished_at="2026-03-02 09:00:00")
    facts.case("2", "A", 40, finished_at=NEXT_DAY)
    assert facts.refunds()["1"]["stage"] == "before_shipment"
    assert damage(facts, "1", "2") == [0, 0.32]
    assert acquisition(facts, "1", "2") == [6, 4]


def test_exchanges_take_no_part_in_the_shares(facts):
    facts.order("A")
    facts.case("1", "A", 50, kind_word="换货")
    facts.case("2", "A", 100, finished_at=NEXT_DAY)
    assert acquisition(facts, "1", "2") == [0, 10]
    assert facts.costs_of("1")[0] == 0


def test_a_refund_above_receivable_is_booked_in_full_and_listed(facts):
    facts.order("A", 90, subsidy_fen=1000)
    facts.case("1", "A", 105)
    assert facts.costs_of("1")[:2] == (105, 9)
    assert facts.findings()["refunded_above_receivable", ""] == (1, 500)


def test_an_order_without_receivable_has_share_nothing(facts):
    facts.order("A", 0)
    facts.case("1", "A", 5)
    assert facts.refunds()["1"]["stage"] == "price_cut"
    assert facts.costs_of("1") == (5, 0, 0, 1.50, 0)


def test_acquisition_and_goods_are_rates_of_paid_while_shares_are_of_receivable(facts):
    facts.order("A", 80, subsidy_fen=2000)
    facts.case("1", "A", 50)
    assert facts.refunds()["1"]["share"] == 0.5
    assert facts.costs_of("1") == (50, 4, 3.50, 2.50, 16)


def two_lines(facts, **more):
    facts.order("A", 60, line_id="a", product_id="P1", **more)
    facts.order("A", 40, line_id="b", product_id="P2", **more)


def test_a_case_belongs_to_the_line_it_names(facts):
    two_lines(facts)
    facts.case("1", "A", 40, product_id="P2")
    facts.case("2", "A", 60, line_id="a")
    assert acquisition(facts, "1", "2") == [4, 6]
    assert {row["product"]: row["sales_fen"] for row in facts.losses("product")} == {"P1": 6000, "P2": 4000}


def test_a_product_in_two_skus_needs_the_sku_and_an_unknown_sku_means_both(facts):
    facts.order("A", 60, line_id="a", product_id="P1", sku="红")
    facts.order("A", 40, line_id="b", product_id="P1", sku="蓝")
    facts.case("1", "A", 40, product_id="P1", sku="蓝")
    facts.case("2", "A", 30, product_id="P1", sku="绿", finished_at=NEXT_DAY)
    by_sku = {row["sku"]: row["sales_fen"] for row in facts.losses("sku")}
    assert by_sku == {"红": 3000, "蓝": 4000}


def test_a_case_that_names_no_line_is_spread_by_what_is_left_of_the_receivable(facts):
    two_lines(facts)
    facts.case("1", "A", 30, product_id="P1")
    facts.case("2", "A", 35, finished_at=NEXT_DAY)  # 30 left on P1, 40 on P2
    facts.case("3", "A", 35, finished_at="2026-03-12 10:00:00")  # 15 left, 20 left
    by_product = {row["product"]: row["sales_fen"] for row in facts.losses("product")}
    assert by_product == {"P1": 3000 + 1500 + 1500, "P2": 2000 + 2000}
    assert facts.total()["refunds"] == 3
    assert sum(row["refunds"] for row in facts.losses("product")) == 5


def test_a_spread_gives_the_odd_fen_to_the_largest_fraction_then_to_the_first_line(facts):
    for line in "abc":
        facts.order("A", 10, line_id=line, product_id=f"P{line}")
    facts.case("1", "A", 20)
    by_product = {row["product"]: row["sales_fen"] for row in facts.losses("product")}
    assert by_product == {"Pa": 667, "Pb": 667, "Pc": 666}


@pytest.mark.parametrize(("paid", "expected"), [(10, {"P1": 500, "P2": 500}), (0, {"P1": 1000, "P2": 0})])
def test_when_nothing_is_left_receivable_decides_and_without_any_the_first_line_takes_all(facts, paid, expected):
    facts.order("A", paid, line_id="a", product_id="P1")
    facts.order("A", paid, line_id="b", product_id="P2")
    if paid:
        facts.case("0", "A", 2 * paid, kind_word="退货退款", return_no="R", finished_at="2026-03-09 10:00:00")
    facts.case("1", "A", 10)
    rows = facts.losses("product")
    before = 1000 if paid else 0
    assert {row["product"]: row["sales_fen"] - before for row in rows} == expected


def test_what_is_charged_once_stands_on_the_line_with_the_largest_part(facts):
    two_lines(facts)
    facts.returned("1", "A", 100)
    by_product = {row["product"]: (row["logistics_fen"], row["handling_fen"]) for row in facts.losses("product")}
    assert by_product == {"P1": (1150, 900), "P2": (0, 0)}
    assert facts.costs_of("1") == (100, 10, 11.50, 9, 8)


def test_stages_follow_the_line_and_the_case_takes_that_of_its_lead_line(facts):
    facts.order("A", 60, line_id="a", product_id="P1")
    facts.order("A", 40, line_id="b", product_id="P2", shipped_at=None, order_status="待发货")
    facts.case("1", "A", 100)
    assert facts.refunds()["1"]["stage"] == "kept"
    assert facts.costs_of("1") == (100, 10, 3.50, 2.50, 24)


def test_a_case_between_two_lines_counts_its_order_once_in_the_total(facts):
    two_lines(facts)
    facts.case("1", "A", 100)
    total = facts.total()
    assert (total["orders"], total["refunded_orders"], total["refunds"], total["paid_fen"]) == (1, 1, 1, 10000)
    assert [row["orders"] for row in facts.losses("product")] == [1, 1]
