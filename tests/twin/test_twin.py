"""The twin itself, by hand: one check a stage, one a once-an-order or once-a-parcel rule, and the sums that must add up."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest

from tests.twin.amounts import round_fen, spread
from tests.twin.answers import (
    CASE_DIMS,
    DIMS,
    LINE_DIMS,
    Filters,
    beside,
    exposure,
    losses,
    losses_answer,
    profits,
    refunds,
)
from tests.twin.compare import compare, compare_losses, compare_refunds
from tests.twin.exports import csv_bytes, to_files
from tests.twin.facts import Load, current_facts, merge_small_payments
from tests.twin.files import read_file
from tests.twin.ledger import build_ledger
from tests.twin.random_shops import COLUMNS, fact_row, insertable_rows, random_shop
from tests.twin.words import COMPONENTS

PAID_AT = datetime(2026, 3, 1, 10)
SHIPPED_AT = datetime(2026, 3, 2, 10)
FINISHED_AT = datetime(2026, 3, 9, 10)
MONEY = [f"{name}_fen" for name in COMPONENTS]


def line(order_id="1", ref="a", **changes) -> dict:
    """Invent a shipped order line of ¥100.00."""
    usual = {
        "product_id": "P1",
        "sku": "",
        "quantity": 1,
        "created_at": PAID_AT,
        "paid_at": PAID_AT,
        "shipped_at": SHIPPED_AT,
        "order_status": "已发货",
        "tells_shipment": True,
        "is_signed": False,
        "paid_fen": 10000,
    }
    return fact_row("order_lines", **{**usual, "order_id": order_id, "line_ref": ref, **changes})


def unshipped(order_id="1", **changes) -> dict:
    """Invent an order line of ¥100.00 that is paid and not shipped."""
    return line(order_id, shipped_at=None, order_status="待发货", **changes)


def case(case_id="c1", order_id="1", **changes) -> dict:
    """Invent a successful refund of ¥100.00 without return."""
    usual = {
        "product_id": "",
        "sku": "",
        "kind_word": "仅退款",
        "status_word": "售后成功",
        "refund_fen": 10000,
        "applied_at": FINISHED_AT - timedelta(days=1),
        "finished_at": FINISHED_AT,
        "return_no": "",
    }
    return fact_row("cases", **{**usual, "case_id": case_id, "order_id": order_id, **changes})


def flow(business_no, word, cost_fen, flow_id="f1") -> dict:
    """Invent a booking of the fund flow."""
    values = {"flow_id": flow_id, "business_no": business_no, "remark_word": word, "cost_fen": cost_fen}
    return fact_row("fund_flows", booked_at=FINISHED_AT, flow_type="交易", **values)


def setting(name, value, *, scope="", since=date(1970, 1, 1)) -> dict:
    """Invent a cost setting; a value of None switches it off."""
    state = "off" if value is None else "set"
    return fact_row("cost_settings", name=name, scope=scope, effective_from=since, value=value, state=state)


def account(*rows: dict):
    """Build the ledger of one shop from rows of any table."""
    tables = {}
    for number, row in enumerate(rows, start=2):
        table = next(table for table, columns in COLUMNS.items() if set(row) == set(columns.split()))
        tables.setdefault(table, []).append(row | {"source_row": number})
    return build_ledger(current_facts([Load(1, "店铺1", "any", None, tables)]))


def money(ledger, case_id="c1") -> list[int | None]:
    """Give the five components of one case."""
    row = next(row for row in refunds(ledger) if row["case_id"] == case_id)
    return [row[name] for name in MONEY]


STAGES = [
    ("before_shipment", unshipped(), case(), [10000, 1000, 0, 100, 0]),
    ("before_shipment", line(), case(finished_at=SHIPPED_AT - timedelta(hours=1)), [10000, 1000, 0, 100, 0]),
    ("intercepted", line(), case(), [10000, 1000, 350 + 300, 250, 80]),
    ("returned", line(), case(kind_word="退货退款", return_no="YT1"), [10000, 1000, 350 + 800, 400 + 500, 800]),
    ("returned", line(), case(kind_word="退货退款", return_no=None), [10000, 1000, 350 + 800, 400 + 500, 800]),
    ("kept", line(is_signed=True), case(), [10000, 1000, 350, 250, 4000]),
    ("kept", line(), case(kind_word="退货退款"), [10000, 1000, 350, 250, 4000]),
    ("exchanged", line(), case(kind_word="换货"), [0, 0, 800 + 350, 500 + 500, 800]),
    ("reshipped", line(), case(kind_word="补寄"), [0, 0, 350, 250, 4000]),
    ("price_cut", line(), case(refund_fen=4999), [4999, 0, 0, 150, 0]),
    ("price_cut", unshipped(), case(kind_word="价保", refund_fen=9000), [9000, 0, 0, 150, 0]),
    ("closed", line(), case(status_word="售后关闭"), [0, 0, 0, 100, 0]),
    ("closed", line(), case(status_word="谜之状态"), [0, 0, 0, 100, 0]),
    ("unknown", line(shipped_at=None, order_status=None, tells_shipment=False), case(), [10000, 1000, None, 250, None]),
    ("unknown", line(), case(kind_word="维修"), [10000, 1000, None, 250, None]),
]


@pytest.mark.parametrize(("stage", "order_line", "claim", "expected"), STAGES)
def test_each_stage_books_its_row(stage, order_line, claim, expected):
    ledger = account(order_line, claim)
    assert [row["stage"] for row in refunds(ledger)] == [stage]
    assert money(ledger) == expected


def test_rounding_is_half_away_from_zero():
    assert [round_fen(value) for value in (0.5, 1.5, 2.5, -0.5, -2.5, 2.4)] == [1, 2, 3, -1, -3, 2]


def test_largest_remainder_gives_the_rest_to_the_largest_fractions_and_then_to_the_first():
    assert spread(100, [1, 1, 1]) == [34, 33, 33]
    assert spread(100, [5, 3, 3]) == [46, 27, 27]  # 45.45…, 27.27…, 27.27…
    assert spread(2, [1, 1, 1]) == [1, 1, 0]
    assert spread(100, [0, 0]) is None


def test_partial_refunds_book_the_whole_acquisition_in_the_end():
    # A = 10 % of ¥99.99 = 999.9 fen: 333.3, 666.6, 999.9 so far; goods kept: C = 3999.6 fen.
    thirds = [
        case(f"c{number}", kind_word="退货退款", refund_fen=3333, finished_at=FINISHED_AT + timedelta(days=number))
        for number in (2, 3, 1)
    ]
    ledger = account(line(paid_fen=9999), *thirds)
    assert [money(ledger, name)[1] for name in ("c1", "c2", "c3")] == [333, 667 - 333, 1000 - 667]
    assert [money(ledger, name)[4] for name in ("c1", "c2", "c3")] == [1333, 2666 - 1333, 4000 - 2666]
    assert [money(ledger, name)[2] for name in ("c1", "c2", "c3")] == [350, 0, 0]


def test_a_price_cut_books_no_share_and_a_later_case_catches_up():
    later = case("c2", refund_fen=6000, finished_at=FINISHED_AT + timedelta(days=1))
    ledger = account(line(), case("c1", refund_fen=4000), later)
    assert money(ledger, "c1") == [4000, 0, 0, 150, 0]
    assert money(ledger, "c2") == [6000, 1000, 650, 250, 80]


def test_a_case_after_an_intercepted_one_books_its_own_rate_from_the_share_booked():
    # C = 4000: 2 % of the first half, then 20 % × (1 − ½).
    later = case("c2", kind_word="退货退款", return_no="YT1", refund_fen=5000, finished_at=FINISHED_AT + timedelta(days=1))
    ledger = account(line(), case("c1", refund_fen=5000), later)
    assert [money(ledger, name)[4] for name in ("c1", "c2")] == [40, 800 - 400]


def test_nothing_received_means_share_nothing():
    ledger = account(line(paid_fen=0), case(kind_word="退货退款", refund_fen=500))
    assert money(ledger) == [500, 0, 350, 250, 0]


def test_one_parcel_of_two_orders_is_charged_on_the_earliest_case():
    returned = {"kind_word": "退货退款", "return_no": "YT1"}
    ledger = account(
        line("1"),
        line("2"),
        case("c1", "1", finished_at=FINISHED_AT + timedelta(days=1), **returned),
        case("c2", "2", **returned),
    )
    assert money(ledger, "c2")[2:4] == [350 + 800, 400 + 500]
    assert money(ledger, "c1")[2:4] == [350, 400]


def test_booked_return_freight_replaces_the_assumption_of_the_first_parcel_only():
    second = case("c2", kind_word="换货", finished_at=FINISHED_AT + timedelta(days=1))
    ledger = account(line(), case(kind_word="退货退款", return_no="YT1"), second, flow("1", "商责退运费", 1200))
    assert money(ledger, "c1")[2] == 350 + 1200
    assert money(ledger, "c2")[2] == 800 + 350


def test_booked_return_freight_without_a_parcel_is_never_dropped():
    ledger = account(unshipped(), case(), flow("c1", "商责退运费", 1200))
    assert money(ledger)[2] == 1200


def test_freight_insurance_pays_the_way_back_of_every_parcel():
    insured = fact_row("freight_insurance", charge_id="i", order_id="1", merchant_fee_fen=114)
    ledger = account(line(), case(kind_word="退货退款", return_no="YT1"), insured)
    assert money(ledger)[2] == 350 + 114


def test_premium_is_charged_once_an_order_as_booked_else_as_set_for_a_shipped_order():
    insured = fact_row("freight_insurance", charge_id="i", order_id="1", merchant_fee_fen=114)
    price = setting("freight_insurance", 90)
    later = case("c2", kind_word="价保", refund_fen=1, finished_at=FINISHED_AT + timedelta(days=1))
    booked = account(unshipped("1"), unshipped("2"), line("3"), case("c1", "1"), case("c4", "2"), later, insured, price)
    assert [money(booked, name)[2] for name in ("c1", "c2", "c4")] == [114, 0, 0]
    assert money(account(line(), case(refund_fen=1), price))[2] == 90
    assert beside(booked)["premium_unrefunded_fen"] == 90


def test_compensation_lowers_penalties_first_and_then_damage():
    flows = [flow("1", "晚发立赔", 500, "f1"), flow("1", "平台赔付商家", -700, "f2")]
    ledger = account(line(is_signed=True), case(), *flows)
    assert money(ledger)[3:] == [250, 4000 - 200]


def test_kept_fees_of_a_fully_refunded_order_are_handling():
    settled = fact_row("settlements", settlement_ref="s", order_id="1", technical_fee_fen=200, commission_fen=30, other_fee_fen=4)
    assert money(account(unshipped(), case(), settled))[3] == 100 + 234
    assert money(account(unshipped(), case(kind_word="退货退款", refund_fen=9999), settled))[3] == 100


def test_ad_spend_goes_to_the_orders_of_its_day_and_a_day_without_spend_is_a_real_zero():
    spend = [
        fact_row("ad_spend", spent_on=date(2026, 3, 1), channel="", streamer_id="", spend_type="traffic", amount_fen=100),
        fact_row("ad_spend", spent_on=date(2026, 3, 3), channel="", streamer_id="", spend_type="traffic", amount_fen=77),
    ]
    orders = [unshipped("1"), unshipped("2"), unshipped("3"), unshipped("4", paid_at=PAID_AT + timedelta(days=1))]
    ledger = account(*orders, *(case(f"c{number}", str(number)) for number in range(1, 5)), *spend)
    assert [money(ledger, f"c{number}")[1] for number in range(1, 5)] == [34, 33, 33, 0]
    assert beside(ledger)["unallocated_spend_fen"] == 77


def test_a_case_that_names_no_line_is_spread_by_what_is_left():
    lines = [line("1", "a", product_id="P1", paid_fen=3000), line("1", "b", product_id="P2", paid_fen=7000)]
    first = case("c1", kind_word="退货退款", product_id="P1", refund_fen=2000)
    second = case("c2", kind_word="退货退款", refund_fen=4000, finished_at=FINISHED_AT + timedelta(days=1))
    rows = losses(account(*lines, first, second), ("product",))
    assert {row["product"]: row["sales_fen"] for row in rows} == {"P1": 2000 + 500, "P2": 3500}


def test_an_inferred_case_is_whole_when_the_order_is_closed_and_unknown_otherwise():
    closed = unshipped("1") | {"order_status": "交易关闭", "after_sales_status": "退款成功"}
    shipped = line("2", after_sales_status="退款成功")
    ledger = account(closed, shipped)
    assert money(ledger, "inferred:1#1") == [10000, 1000, 0, 100, 0]
    assert money(ledger, "inferred:2#1") == [None, None, None, 250, None]
    assert [row["unknown_refunds"] for row in losses(ledger)] == [1]


def test_an_unmatched_case_stands_on_its_own_row():
    known = {"order_created_at": PAID_AT, "order_paid_fen": 10000, "out_tracking_no": "SF1", "order_status": "交易成功"}
    ledger = account(case(**known))
    assert money(ledger) == [10000, 1000, 350, 250, 4000]
    assert [(row["orders"], row["refunds"], row["paid_fen"]) for row in losses(ledger)] == [(0, 1, 0)]


def test_the_most_specific_setting_in_force_wins_and_off_means_unknown():
    settings = [
        setting("return_freight", 600),
        setting("return_freight", 700, scope="province:广东"),
        setting("return_freight", 900, scope="reason:质量问题", since=date(2026, 3, 9)),
        setting("return_freight", 100, scope="reason:质量问题", since=date(2026, 3, 10)),
        setting("goods_cost_rate", None, scope="product:P1"),
    ]
    claim = case(kind_word="退货退款", return_no="YT1", reason="质量问题")
    ledger = account(line(province="广东"), claim, *settings)
    assert money(ledger) == [10000, 1000, 350 + 900, 900, None]
    row = refunds(ledger)[0]
    # The freight is set, and that the merchant bears all of it takes nothing from that.
    assert (row["actual_fen"], row["set_fen"], row["assumed_fen"]) == (10000, 900, 1000 + 350 + 900)


def test_product_cost_by_sku_beats_product_beats_rate_as_of_the_payment_date():
    def cost(sku, since, fen):
        return fact_row("product_costs", product_id="P1", sku=sku, effective_from=since, unit_cost_fen=fen)

    costs = [cost("", date(1970, 1, 1), 1000), cost("A", date(2026, 3, 1), 1500), cost("A", date(2026, 3, 2), 9000)]
    lines = [line(str(number), sku=sku, quantity=2, is_signed=True) for number, sku in ((1, "A"), (2, "B"))]
    ledger = account(*lines, line("3", quantity=None, is_signed=True), *costs, *(case(f"c{n}", str(n)) for n in (1, 2, 3)))
    assert [money(ledger, f"c{number}")[4] for number in (1, 2, 3)] == [3000, 2000, 4000]


def test_an_open_case_is_exposure_and_in_no_other_figure():
    ledger = account(line(is_signed=True), case("c1", status_word="售后处理中", finished_at=None))
    assert refunds(ledger) == []
    assert [exposure(ledger)[0][name] for name in MONEY] == [10000, 1000, 350, 250, 4000]


def test_the_newest_version_of_a_row_wins_in_any_order_of_loads():
    versions = [line(order_status="已发货"), unshipped(), line(order_status="交易成功")]
    for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0)):
        loads = [Load(number, "店铺1", "orders", None, {"order_lines": [dict(versions[at])]}) for number, at in enumerate(order)]
        rows = current_facts(loads)["order_lines"]
        assert [row["order_status"] for row in rows] == ["交易成功"]


def test_the_same_payment_in_note_and_fund_flow_counts_once():
    def paid(seconds):
        return {
            "shop": "s",
            "order_id": "1",
            "paid_at": PAID_AT + timedelta(seconds=seconds),
            "amount_fen": 300,
            "is_postage": False,
        }

    assert len(merge_small_payments([paid(0), paid(0)], [paid(600)])) == 1
    assert len(merge_small_payments([paid(0)], [paid(601), paid(601)])) == 2


def test_postage_paid_to_the_buyer_is_the_freight_back_of_a_returned_case():
    postage = fact_row("note_payments", order_id="1", paid_at=FINISHED_AT, amount_fen=650, is_postage=True)
    returned = account(line(), case(kind_word="退货退款", return_no="YT1"), postage)
    assert money(returned)[2] == 350 + 650
    assert beside(returned)["small_payments_fen"] == 0
    assert beside(account(line(), postage))["small_payments_fen"] == 650


def test_profit_of_an_unrefunded_and_of_a_refunded_order():
    ledger = account(line("1"), unshipped("2"), case("c1", "2"))
    by_order = {row["order_id"]: row["profit_fen"] for row in profits(ledger)}
    assert by_order == {"1": 10000 - 500 - 1000 - 350 - 4000, "2": -1000 - 100}


def test_by_stage_an_order_without_refund_stands_in_none_and_a_closed_case_brings_its_handling():
    ledger = account(line("1"), line("2"), case("c1", "1", status_word="售后关闭"), case("c2", "2"))
    rows = {row["stage"]: row for row in losses(ledger, ("stage",))}
    assert {stage: (row["orders"], row["refunds"], row["handling_fen"]) for stage, row in rows.items()} == {
        "none": (1, 0, 0),
        "closed": (0, 0, 100),
        "intercepted": (1, 1, 250),
    }


@pytest.mark.parametrize("seed", range(12))
def test_every_breakdown_adds_up_to_the_total(seed):
    ledger = build_ledger(random_shop(seed).facts)
    total = losses(ledger)[0]
    for clock in ("paid", "refunded"):
        for dim in DIMS:
            rows = losses(ledger, (dim,), clock)
            for name in MONEY:
                assert sum(row[name] or 0 for row in rows) == (total[name] or 0), (dim, name)
            if dim not in (*CASE_DIMS, *LINE_DIMS, "provenance"):
                assert sum(row["orders"] for row in rows) == total["orders"], dim
                assert sum(row["refunds"] for row in rows) == total["refunds"], dim


def test_rows_of_refunds_add_up_to_losses_for_a_filter():
    ledger = build_ledger(random_shop(3).facts)
    filters = Filters(first_day=date(2026, 3, 3), last_day=date(2026, 3, 8), where={"stage": ["returned", "kept"]})
    answer = losses_answer(ledger, ("month",), "refunded", filters)
    rows = refunds(ledger, "refunded", filters)
    assert sum(row[name] or 0 for row in rows for name in MONEY) == (answer["total"]["total_fen"] or 0)


@pytest.mark.parametrize("seed", range(6))
def test_a_shop_written_as_files_and_read_back_has_the_same_account(seed):
    shop = random_shop(seed, as_exports=True)
    encoding, delimiter = random.Random(seed).choice((("utf-8-sig", ","), ("gb18030", "\t"), ("utf-8", ";")))
    files = to_files(shop)
    loads = [
        read_file(name, csv_bytes(rows, encoding, delimiter), shop="店铺1", load_id=number)
        for number, (name, rows) in enumerate(files.items(), start=1)
    ]
    written, read = build_ledger(shop.facts), build_ledger(current_facts(loads))
    assert compare_refunds(refunds(written), refunds(read)) == []
    assert compare(profits(written), profits(read), ("shop", "order_id"), ("profit_fen",)) == []
    assert compare_losses(losses(written, ("province",)), losses(read, ("province",)), ("province",)) == []


def test_rows_to_insert_have_the_columns_of_the_schema():
    rows = insertable_rows(random_shop(1).facts)
    assert all(list(row) == COLUMNS[table].split() for table, found in rows.items() for row in found)


def test_a_difference_names_the_row_the_field_and_both_values():
    mine, theirs = [{"order": "7", "sales_fen": 12}], [{"order": "7", "sales_fen": 13}]
    assert compare(mine, theirs, ("order",), ("sales_fen",)) == ["order 7: sales_fen: twin 12, product 13"]
