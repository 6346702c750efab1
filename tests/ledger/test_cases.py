"""Spot checks of cases without an order, orders that tell of a refund without a case, and cases still open."""

from __future__ import annotations

UNMATCHED = {
    "order_paid_fen": 10000,
    "order_created_at": "2026-03-01 09:00:00",
    "product_id": "P9",
    "out_tracking_no": "",
    "order_status": "待发货",
}


def test_an_unmatched_case_stands_on_its_own_row_and_its_order_is_no_paid_order(facts):
    facts.case("1", "Z", **UNMATCHED)
    assert facts.refunds()["1"]["stage"] == "before_shipment"
    assert facts.refunds()["1"]["unmatched"] is True
    assert facts.costs_of("1") == (100, 10, 0, 1, 0)
    total = facts.total()
    assert (total["orders"], total["paid_fen"], total["receivable_fen"]) == (0, 0, 0)
    assert (total["refunds"], total["refunded_orders"]) == (1, 1)
    assert [row["product"] for row in facts.losses("product")] == ["P9"]
    assert facts.losses("day")[0]["day"] == "2026-03-01"
    assert facts.findings()["unmatched_cases", ""] == (1, 10000)


def test_an_unmatched_case_is_shipped_by_its_tracking_number_or_status_and_unknown_when_the_row_has_neither(facts):
    facts.case("1", "X", **{**UNMATCHED, "out_tracking_no": "YT1"})
    facts.case("2", "Y", **{**UNMATCHED, "order_status": "交易成功"})
    facts.case("3", "Z", **{**UNMATCHED, "order_status": None, "out_tracking_no": None})
    assert [facts.refunds()[case]["stage"] for case in "123"] == ["intercepted", "kept", "unknown"]


def test_unmatched_cases_of_one_order_share_what_is_charged_once(facts):
    shipped = {**UNMATCHED, "out_tracking_no": "YT1"}
    facts.case("1", "Z", 60, **shipped)
    facts.case("2", "Z", 60, **shipped, finished_at="2026-03-11 10:00:00")
    assert [facts.costs_of(case)[2] for case in "12"] == [3.50 + 3, 0]


def test_an_unmatched_case_takes_no_ad_spend(facts):
    facts.spend("2026-03-01", 50)
    facts.case("1", "Z", **UNMATCHED)
    assert facts.costs_of("1")[1] == 10
    assert facts.beside()["unallocated_ad_spend"] == 5000


def test_the_order_takes_the_place_of_what_the_case_said_of_it(facts):
    facts.case("1", "Z", **UNMATCHED)
    assert facts.refunds()["1"]["stage"] == "before_shipment"
    facts.order("Z", 120)
    assert facts.refunds()["1"]["stage"] == "kept"
    assert facts.total()["paid_fen"] == 12000


def test_a_closed_order_that_says_refunded_gave_back_all_of_it(facts):
    facts.unshipped("A", order_status="交易关闭", after_sales_status="退款成功", source_row=7)
    row = facts.refunds()["inferred:A#1"]
    assert (row["stage"], row["inferred"], row["kind"], row["finished_at"]) == ("before_shipment", True, "未知", None)
    assert (row["source_file"], row["source_row"]) == ("订单.csv", 7)
    assert facts.costs_of("inferred:A#1") == (100, 10, 0, 1, 0)


def test_a_delivered_order_that_says_refunded_hides_how_much_and_what_came_back(facts):
    facts.order("A", after_sales_status="退款成功")
    row = facts.refunds()["inferred:A#1"]
    assert (row["stage"], row["refund_fen"], row["share"]) == ("unknown", None, None)
    assert facts.costs_of("inferred:A#1") == (None, None, None, 2.50, None)
    assert facts.findings()["inferred_at_most", ""] == (1, 10000)


def test_a_refund_that_the_order_row_carries_is_the_amount(facts):
    facts.order("A", order_status=None, tells_shipment=False, shipped_at=None, refund_fen=2500)
    facts.order("B", order_status=None, tells_shipment=False, shipped_at=None, refund_fen=0)
    assert list(facts.refunds()) == ["inferred:A#1"]
    assert facts.costs_of("inferred:A#1") == (25, 2.50, None, 2.50, None)


def test_any_case_of_the_order_takes_the_place_of_the_inferred_one(facts):
    facts.unshipped("A", order_status="交易关闭", after_sales_status="退款成功")
    facts.case("1", "A", status_word="待买家退货", finished_at=None)
    assert facts.refunds() == {}


def test_every_line_that_says_refunded_is_a_case_of_its_own(facts):
    for line in "ab":
        facts.unshipped("A", 50, line_id=line, order_status="交易关闭", after_sales_status="退款成功")
    assert list(facts.refunds()) == ["inferred:A#1", "inferred:A#2"]
    assert facts.total()["refunded_orders"] == 1


def test_an_undated_case_is_in_the_unknown_group_and_outside_any_period_of_the_refund_clock(facts):
    facts.unshipped("A", order_status="交易关闭", after_sales_status="退款成功")
    rows = facts.losses("month", clock="refunded")
    assert {row["month"]: (row["orders"], row["refunds"]) for row in rows} == {"2026-03": (1, 0), "未知": (0, 1)}
    assert facts.total(clock="refunded", first_day="2026-01-01")["refunds"] == 0
    assert facts.total(clock="paid", first_day="2026-03-01", last_day="2026-03-01")["refunds"] == 1


def test_open_cases_are_exposure_as_if_they_succeeded_at_the_end_of_the_data(facts):
    facts.setting("return_freight", "6", since="2026-03-20")
    facts.order("A")
    facts.case("1", "A", status_word="待买家退货", finished_at=None, kind_word="退货退款", return_no="R1")
    facts.order("B", paid_at="2026-03-20 10:00:00", shipped_at=None, order_status="待发货")
    (row,) = facts.exposure("stage")
    assert (row["stage"], row["open_cases"]) == ("returned", 1)
    parts = [row[f"{name}_fen"] for name in ("sales", "acquisition", "logistics", "handling", "damage")]
    assert parts == [10000, 1000, 350 + 600, 900, 800]
    total = facts.total()
    assert (total["refunds"], total["total_fen"]) == (0, 0)
    assert facts.refunds() == {}


def test_an_open_case_books_only_what_finished_ones_left(facts):
    facts.order("A")
    facts.case("1", "A", 60)
    facts.case("2", "A", 60, status_word="待买家退货", finished_at=None)
    facts.flow("L1", "A", 3, "晚发立赔")
    (row,) = facts.exposure()
    parts = [row[f"{name}_fen"] for name in ("sales", "acquisition", "logistics", "handling", "damage")]
    assert parts == [6000, 400, 0, 250, 1600]
    assert facts.costs_of("1") == (60, 6, 3.50, 2.50 + 3, 24)


def test_the_operators_own_meaning_of_a_word_wins(facts):
    facts.order("A")
    facts.case("1", "A", status_word="已退回")
    assert facts.refunds()["1"]["stage"] == "closed"
    facts.word("case_status", "已退回", "failed", is_operators=False)
    facts.word("case_status", "已退回", "succeeded", is_operators=True)
    assert facts.refunds()["1"]["stage"] == "kept"


def test_each_case_leads_to_the_line_of_its_file(facts):
    facts.load(3, "三月.xlsx")
    facts.order("A")
    facts.case("1", "A", load_id=3, source_sheet="第二页", source_row=12)
    row = facts.refunds()["1"]
    assert (row["source_file"], row["source_row"]) == ("三月.xlsx [第二页]", 12)


def test_refunds_whose_orders_are_not_loaded_are_added_up_by_period_and_group(facts):
    facts.case("1", "Z", **UNMATCHED)
    facts.case("2", "Y", 30, **{**UNMATCHED, "order_created_at": "2026-04-01 09:00:00", "product_id": "P1"})
    facts.order("A")
    facts.case("3", "A")
    assert facts.unmatched() == {"refunds": 2, "sales_fen": 13000}
    assert facts.unmatched(first_day="2026-03-01", last_day="2026-03-31") == {"refunds": 1, "sales_fen": 10000}
    assert facts.unmatched(where={"product": ["P1"]}) == {"refunds": 1, "sales_fen": 3000}
    facts.order("Z")
    facts.order("Y")
    assert facts.unmatched() == {"refunds": 0, "sales_fen": 0}
