"""Spot checks of how the ledger is grouped, filtered and dated."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from analytics.errors import OperatorError
from analytics.store import questions


def by(facts, dimension, *fields, **filters):
    return {row[dimension]: tuple(row[field] for field in fields) for row in facts.losses(dimension, **filters)}


def test_the_paid_clock_puts_a_case_on_its_orders_day_and_the_refund_clock_on_its_own(facts):
    facts.order("A")
    facts.case("1", "A")
    facts.order("B", paid_at="2026-03-10 10:00:00")
    assert by(facts, "day", "orders", "refunds") == {"2026-03-01": (1, 1), "2026-03-10": (1, 0)}
    assert by(facts, "day", "orders", "refunds", clock="refunded") == {"2026-03-01": (1, 0), "2026-03-10": (1, 1)}
    period = {"first_day": "2026-03-10", "last_day": "2026-03-10"}
    paid, refunded = facts.total(**period), facts.total(clock="refunded", **period)
    assert (paid["orders"], paid["refunds"]) == (1, 0)
    assert (refunded["orders"], refunded["refunds"]) == (1, 1)


def test_the_last_day_counts_to_its_last_second(facts):
    facts.order("A", paid_at="2026-03-01 23:59:59")
    facts.order("B", paid_at="2026-03-02 00:00:00")
    assert facts.total(last_day="2026-03-01")["orders"] == 1
    assert facts.total(first_day="2026-03-02")["orders"] == 1


def test_times_read_as_day_monday_month_weekday_and_hour(facts):
    facts.order("A", paid_at="2026-03-01 10:00:00")  # a Sunday
    found = {name: facts.losses(name)[0][name] for name in ("day", "week", "month", "weekday", "hour")}
    assert found == {"day": "2026-03-01", "week": "2026-02-23", "month": "2026-03", "weekday": "7", "hour": "10"}


def test_attributes_are_ids_where_there_are_ids_and_unknown_where_nothing_is_known(facts):
    facts.order(
        "A", product_id="P1", product_name="红薯干", sku="S1", streamer_id="D1", streamer_name="小例", unit_price_fen=1999
    )
    facts.order("B", product_id="", product_name="红薯干", sku="", spec="500g", channel=None, province=None, carrier="中通")
    facts.order("C", product_id="", sku="", unit_price_fen=50000)
    assert set(by(facts, "product")) == {"P1", "红薯干", "未知"}
    assert set(by(facts, "sku")) == {"S1", "500g", "未知"}
    assert set(by(facts, "streamer")) == {"D1", "未知"}
    assert set(by(facts, "channel")) == {"直播间", "未知"}
    assert set(by(facts, "province")) == {"浙江", "未知"}
    assert set(by(facts, "carrier")) == {"中通", "未知"}
    assert set(by(facts, "price_band")) == {"¥10–20", "¥500+", "未知"}


def test_tool_is_the_combination_of_lists_columns_coupon_and_small_payment(facts):
    facts.order("A", is_priority_ship=True, shop_discount_fen=100)
    facts.order("B", urge_count=2)
    facts.tag("B", "urge_ship")
    facts.tag("B", "address_change")
    facts.order("C", urge_count=0)
    facts.order("D")
    facts.note("D", 3)
    assert set(by(facts, "tool")) == {"coupon+priority_ship", "address_change+urge_ship", "none", "small_payment"}


def test_by_reason_orders_without_a_refund_form_the_group_none(facts):
    facts.order("A")
    facts.case("1", "A", reason="尺码不合适")
    facts.order("B", 50)
    facts.order("C", 70)
    facts.case("2", "C", status_word="售后关闭", reason="不想要了")
    found = by(facts, "reason", "orders", "paid_fen", "refunds", "handling_fen")
    assert found == {"尺码不合适": (1, 10000, 1, 250), "none": (2, 12000, 0, 0), "不想要了": (0, 0, 0, 100)}


def test_an_order_with_two_reasons_stands_in_both_groups_and_once_in_the_total(facts):
    facts.order("A")
    facts.case("1", "A", 50, reason="尺码不合适")
    facts.case("2", "A", 50, reason="不想要了")
    assert by(facts, "reason", "orders", "refunded_orders") == {"尺码不合适": (1, 1), "不想要了": (1, 1)}
    assert by(facts, "stage", "orders", "refunds") == {"kept": (1, 2)}
    assert facts.total()["orders"] == 1


def test_an_order_that_stands_in_two_of_the_chosen_groups_was_sold_once(facts):
    facts.order("A")
    facts.case("1", "A", 50, reason="尺码不合适")
    facts.case("2", "A", 50, reason="不想要了")
    facts.order("B", 30)
    both = facts.total(where={"reason": ["尺码不合适", "不想要了"]})
    assert (both["orders"], both["paid_fen"], both["receivable_fen"], both["refunds"]) == (1, 10000, 10000, 2)


def test_a_kind_without_a_word_is_unknown_and_one_with_an_unknown_word_unrecognised(facts):
    facts.order("A")
    facts.case("1", "A", kind_word=None, reason=None)
    facts.order("B")
    facts.case("2", "B", kind_word="退差")
    assert set(by(facts, "kind")) == {"未知", "未识别"}
    assert set(by(facts, "reason")) == {"未知", "不想要了"}
    assert facts.findings()["unknown_word", "case_kind 退差"] == (1, None)


def test_provenance_groups_money_and_counts_nothing(facts):
    facts.setting("packing", "1")
    facts.order("A")
    facts.case("1", "A")
    found = by(facts, "provenance", "sales_fen", "logistics_fen", "total_fen", "refunds", "orders", "paid_fen")
    assert found == {
        "actual": (10000, 0, 10000, None, None, None),
        "set": (0, 100, 100, None, None, None),
        "assumed": (0, 300, 1000 + 300 + 250 + 4000, None, None, None),
    }
    assert facts.total(where={"provenance": ["set"]})["total_fen"] == 100


def test_a_filter_keeps_the_rows_with_any_of_its_values(facts):
    for product in ("P1", "P2", "P3"):
        facts.order(product, product_id=product)
        facts.case(f"c{product}", product)
    total = facts.total(where={"product": ["P1", "P2"], "channel": ["直播间"]})
    assert (total["orders"], total["refunds"]) == (2, 2)
    assert list(facts.refunds(where={"product": ["P3"]})) == ["cP3"]
    assert facts.total(where={"stage": ["kept"]})["orders"] == 3
    assert facts.total(where={"stage": ["none"]})["orders"] == 0
    assert facts.total(where={"month": ["2026-03"], "product": ["没有"]})["orders"] == 0


def test_refunded_orders_are_those_that_gave_money_back(facts):
    facts.order("A")
    facts.case("1", "A", 0, kind_word="换货")
    facts.order("B")
    facts.case("2", "B")
    facts.case("3", "B", 5)
    total = facts.total()
    assert (total["refunds"], total["refunded_orders"]) == (3, 1)


def test_without_a_name_all_real_shops_are_asked_and_the_sample_only_when_alone(facts):
    facts.shop("示例店铺", is_sample=True)
    facts.shop("店铺2")
    facts.order("A")
    facts.order("B", shop="示例店铺")
    facts.order("A", shop="店铺2")
    assert facts.total()["orders"] == 2
    assert facts.total(shops=("店铺2", "示例店铺"))["orders"] == 2
    assert set(by(facts, "shop")) == {"店铺1", "店铺2"}
    facts.cursor.execute("delete from shops where not is_sample")
    assert facts.total()["orders"] == 1


def test_an_empty_ledger_answers_with_a_total_of_nothing(facts):
    total = facts.total()
    assert (total["orders"], total["total_fen"], total["unknown_refunds"]) == (0, 0, 0)
    assert facts.losses("month", "reason") == []
    assert facts.exposure()[0]["open_cases"] == 0
    assert facts.profit()["profit_fen"] == 0


def test_a_dimension_or_clock_that_does_not_exist_is_refused_with_the_list_of_those_that_do(facts):
    with pytest.raises(OperatorError, match="维度：「colour」；应为：day、week、month"):
        facts.losses("colour")
    with pytest.raises(OperatorError, match="「x; drop table shops」"):
        facts.losses(where={"x; drop table shops": ["1"]})
    with pytest.raises(OperatorError, match="时钟"):
        facts.losses(clock="shipped")
    with pytest.raises(OperatorError, match="每个维度只写一次"):
        facts.losses("day", "day")


def test_values_of_filters_are_data_and_never_sql(facts):
    facts.order("A", product_id="P'1")
    assert facts.total(where={"product": ["P'1"]})["orders"] == 1
    assert facts.total(where={"product": ["x' or 'a'='a"]})["orders"] == 0


def test_what_was_known_at_a_moment_leaves_out_later_refunds_and_the_sales_of_their_groups(facts):
    facts.order("A", 100)
    facts.case("1", "A", 100, finished_at="2026-03-04 09:59:59")
    facts.order("B", 200)
    facts.case("2", "B", 200, finished_at="2026-03-04 10:00:00")
    asked = {"known_until": datetime(2026, 3, 4, 10)}
    assert facts.total(**asked)["sales_fen"] == 10_000
    assert facts.total(**asked)["receivable_fen"] == 30_000  # the order was there, its refund was not
    reason = facts.total(where={"reason": ["不想要了"]}, **asked)
    assert (reason["orders"], reason["receivable_fen"], reason["sales_fen"]) == (1, 10_000, 10_000)
    none = facts.total(where={"stage": ["none"]}, **asked)
    assert (none["orders"], none["receivable_fen"]) == (1, 20_000)


def test_the_data_ends_where_its_newest_file_does_which_may_be_after_the_last_complete_day(facts):
    facts.order("A", paid_at="2026-03-01 10:00:00", shipped_at="2026-03-02 10:00:00")
    facts.case("1", "A", finished_at="2026-03-05 18:00:00")
    days = questions.data_days(facts.settled().cursor).iloc[0]
    assert (days["last_day"], days["end_at"]) == (date(2026, 3, 1), datetime(2026, 3, 5, 18))
