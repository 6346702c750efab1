"""Spot checks of every stage: one order of ¥100, starter assumptions, figures a pencil can check.

Acquisition is 10 % of ¥100; freight out ¥3.00 and packing ¥0.50; return freight ¥8.00; interception ¥3.00; work ¥30 an hour,
so ¥0.50 a minute; inspection ¥5.00; goods 40 % of ¥100, of which 20 % is lost on a return and 2 % on an interception.
"""

from __future__ import annotations


def test_a_refund_before_shipment_costs_the_sale_the_marketing_and_two_minutes(facts):
    facts.unshipped("A")
    facts.case("1", "A")
    assert facts.refunds()["1"]["stage"] == "before_shipment"
    assert facts.costs_of("1") == (100, 10, 0, 1, 0)


def test_a_refund_that_finished_before_shipment_is_before_shipment_though_the_parcel_left_later(facts):
    facts.order("A", order_status="已发货", shipped_at="2026-03-11 10:00:00")
    facts.case("1", "A")
    assert facts.refunds()["1"]["stage"] == "before_shipment"
    assert facts.findings()["refunded_yet_shipped_afterwards", ""] == (1, 350)


def test_an_intercepted_parcel_costs_freight_out_the_fee_five_minutes_and_two_percent_of_the_goods(facts):
    facts.order("A", order_status="已发货")
    facts.case("1", "A")
    assert facts.refunds()["1"]["stage"] == "intercepted"
    assert facts.costs_of("1") == (100, 10, 3.50 + 3, 2.50, 0.80)


def test_a_return_costs_both_freights_eight_minutes_the_inspection_and_a_fifth_of_the_goods(facts):
    facts.order("A")
    facts.returned("1", "A")
    assert facts.refunds()["1"]["stage"] == "returned"
    assert facts.costs_of("1") == (100, 10, 3.50 + 8, 4 + 5, 8)


def test_goods_that_the_buyer_keeps_are_lost_whole(facts):
    facts.order("A")
    facts.case("1", "A")
    assert facts.refunds()["1"]["stage"] == "kept"
    assert facts.costs_of("1") == (100, 10, 3.50, 2.50, 40)


def test_a_return_refund_without_a_return_number_is_kept_where_the_file_has_the_column(facts):
    facts.order("A", order_status="已发货")
    facts.case("1", "A", kind_word="退货退款", return_no="")
    assert facts.refunds()["1"]["stage"] == "kept"


def test_a_return_refund_is_returned_where_the_file_has_no_column_for_return_numbers(facts):
    facts.order("A", order_status="已发货")
    facts.case("1", "A", kind_word="退货退款", return_no=None)
    assert facts.refunds()["1"]["stage"] == "returned"


def test_an_exchange_costs_freight_back_and_out_again_and_a_fifth_of_the_goods_but_no_sale(facts):
    facts.order("A")
    facts.case("1", "A", 0, kind_word="换货", return_no="R1")
    assert facts.refunds()["1"]["stage"] == "exchanged"
    assert facts.costs_of("1") == (0, 0, 8 + 3.50, 5 + 5, 8)


def test_a_reshipment_costs_freight_out_again_and_the_goods(facts):
    facts.order("A")
    facts.case("1", "A", 0, kind_word="补寄")
    assert facts.refunds()["1"]["stage"] == "reshipped"
    assert facts.costs_of("1") == (0, 0, 3.50, 2.50, 40)


def test_a_small_refund_without_a_return_is_a_price_cut_that_leaves_the_goods_sold(facts):
    facts.order("A")
    facts.case("1", "A", 49.99)
    facts.order("B")
    facts.case("2", "B", 50)
    assert facts.refunds()["1"]["stage"] == "price_cut"
    assert facts.costs_of("1") == (49.99, 0, 0, 1.50, 0)
    assert facts.refunds()["2"]["stage"] == "kept"


def test_price_protection_is_a_price_cut_whatever_its_share(facts):
    facts.order("A")
    facts.case("1", "A", 100, kind_word="价保")
    assert facts.costs_of("1") == (100, 0, 0, 1.50, 0)


def test_the_bound_of_price_cuts_is_a_setting_and_off_leaves_price_protection_alone(facts):
    facts.setting("price_cut_below", "10%")
    facts.order("A")
    facts.case("1", "A", 20)
    assert facts.refunds()["1"]["stage"] == "kept"
    facts.setting("price_cut_below", "off", since="2026-03-01")
    facts.order("B")
    facts.case("2", "B", 1)
    facts.case("3", "B", 1, kind_word="价保", finished_at="2026-03-11 10:00:00")
    assert facts.refunds()["2"]["stage"] == "kept"
    assert facts.refunds()["3"]["stage"] == "price_cut"


def test_a_failed_case_costs_two_minutes_and_is_no_refund(facts):
    facts.order("A")
    facts.case("1", "A", status_word="售后关闭")
    assert facts.costs_of("1") == (0, 0, 0, 1, 0)
    total = facts.total()
    assert (total["refunds"], total["refunded_orders"], total["handling_fen"]) == (0, 0, 100)


def test_nothing_known_of_shipment_leaves_logistics_and_damage_unknown(facts):
    facts.order("A", shipped_at=None, order_status=None, tells_shipment=False)
    facts.case("1", "A")
    assert facts.refunds()["1"]["stage"] == "unknown"
    assert facts.costs_of("1") == (100, 10, None, 2.50, None)
    assert facts.total()["unknown_refunds"] == 1


def test_a_status_nobody_knows_is_finished_without_success_when_it_has_a_finish_time(facts):
    facts.order("A")
    facts.case("1", "A", status_word="已办结")
    facts.case("2", "A", status_word="处理中", finished_at=None)
    assert facts.refunds()["1"]["stage"] == "closed"
    assert "2" not in facts.refunds()
    assert facts.findings()["unknown_word", "case_status 已办结"] == (1, None)
