"""Which orders wait, which of them no list holds any more, what a refund would cost, and what became of yesterday's list."""

from __future__ import annotations

from datetime import datetime

import pytest

from analytics.store import urge_questions
from tests.ledger.facts import SHOP, Facts, records

NOW = datetime(2026, 3, 4, 12)


def waiting(facts: Facts, *, now: datetime = NOW, near_hours: float = 4, shops=()) -> dict[str, dict]:
    rows = records(urge_questions.urge_open(facts.settled().cursor, now=now, near_hours=near_hours, shops=shops))
    return {row["order_id"]: row for row in rows}


def urged_list(facts: Facts, load_id: int, at: str | None, *order_ids: str, loaded_at: str = "2026-03-04 11:00:00") -> None:
    """An urge list as a load: its rows tag their orders. What is settled stays so: the first list has urged its orders."""
    is_settled = facts._is_settled
    facts.load(load_id, f"催发货{load_id}.csv")
    facts.cursor.execute(
        "update loads set list_kind = 'urge_ship', exported_at = $at, loaded_at = $loaded_at where load_id = $load_id",
        {"at": at, "loaded_at": loaded_at, "load_id": load_id},
    )
    for order_id in order_ids:
        facts._insert("tag_sightings", shop=SHOP, load_id=load_id, source_row=1, order_id=order_id, tool="urge_ship", seen_at=at)
    facts._is_settled = is_settled


def test_an_urged_order_waits_until_it_is_shipped_closed_or_unpaid(facts):
    facts.unshipped("WAITS")
    facts.order("GONE")
    facts.unshipped("CLOSED", order_status="交易关闭")
    facts.unshipped("UNPAID", paid_at=None, order_status="待付款")
    facts.unshipped("UNTOLD", tells_shipment=False)
    facts.unshipped("QUIET", ship_by="2026-03-05 12:00:00")
    for order_id in ("WAITS", "GONE", "CLOSED", "UNPAID", "UNTOLD"):
        facts.tag(order_id, "urge_ship")
    assert set(waiting(facts)) == {"WAITS"}


def test_an_order_near_or_past_its_promise_is_on_the_list_though_nobody_urged(facts):
    facts.unshipped("PAST", ship_by="2026-03-03 12:00:00")
    facts.unshipped("NEAR", ship_by="2026-03-04 16:00:00")
    facts.unshipped("FAR", ship_by="2026-03-04 16:00:01")
    facts.unshipped("NONE")
    facts.unshipped("URGED", ship_by="2026-03-03 12:00:00", urge_count=2)
    rows = waiting(facts)
    assert {order_id: (row["is_promise"], row["is_urged"]) for order_id, row in rows.items()} == {
        "PAST": (True, False),
        "NEAR": (True, False),
        "URGED": (False, True),
    }


def test_an_order_to_ship_first_is_on_the_list(facts):
    facts.unshipped("FIRST", is_priority_ship=True)
    facts.unshipped("LISTED")
    facts.tag("LISTED", "priority_ship")
    assert all(row["is_priority"] and not row["is_urged"] for row in waiting(facts).values())
    assert len(waiting(facts)) == 2


def test_an_order_of_several_lines_is_one_row_and_waits_as_a_whole(facts):
    facts.unshipped("A", 100, line_id="1", product_id="P1", urge_count=1, ship_by="2026-03-05 10:00:00")
    facts.unshipped("A", 50, line_id="2", product_id="P2", ship_by="2026-03-04 10:00:00")
    facts.unshipped("B", 100, line_id="1", urge_count=1)
    facts.order("B", 50, line_id="2")
    facts.unshipped("C", 100, line_id="1", urge_count=1)
    facts.unshipped("C", 50, line_id="2", tells_shipment=False)  # may have left: its file does not tell
    (row,) = waiting(facts).values()
    assert (row["order_id"], row["product"], row["line_count"]) == ("A", "P1", 2)
    assert (row["paid_fen"], row["receivable_fen"]) == (15_000, 15_000)
    assert row["ship_by"] == datetime(2026, 3, 4, 10)


def test_urges_and_their_last_time_are_unknown_unless_a_file_tells(facts):
    facts.unshipped("LISTED")
    facts.tag("LISTED", "urge_ship")
    facts.unshipped("TOLD", urge_count=3, last_urged_at="2026-03-02 08:00:00")
    rows = waiting(facts)
    assert (rows["LISTED"]["urges"], rows["LISTED"]["last_urged_at"], rows["LISTED"]["first_urged_at"]) == (None, None, None)
    assert (rows["TOLD"]["urges"], rows["TOLD"]["last_urged_at"]) == (3, datetime(2026, 3, 2, 8))


@pytest.mark.parametrize(
    ("case", "flags"),
    [
        ({"status_word": "待买家退货", "finished_at": None}, (True, False)),
        ({}, (False, True)),
        ({"status_word": "售后关闭"}, (False, False)),
        ({"refund": 10}, (False, False)),  # a price cut: the goods are still to go
        ({"refund": 10, "status_word": "待买家退货", "finished_at": None}, (False, False)),
        ({"kind_word": "换货"}, (False, False)),
    ],
)
def test_a_refund_is_flagged_and_a_price_cut_is_not(facts, case, flags):
    facts.unshipped("A", urge_count=1)
    facts.case("1", "A", **case)
    row = waiting(facts)["A"]
    assert (row["is_refund_open"], row["is_refunded"]) == flags


def test_the_orders_own_word_of_an_open_refund_counts_where_no_case_is_loaded(facts):
    facts.unshipped("A", urge_count=1, after_sales_status="售后处理中")
    facts.unshipped("B", urge_count=1, after_sales_status="售后处理中")
    facts.case("1", "B", status_word="售后关闭")
    rows = waiting(facts)
    assert (rows["A"]["is_refund_open"], rows["B"]["is_refund_open"]) == (True, False)


def gone(facts: Facts) -> set[str]:
    return {order_id for order_id, row in waiting(facts).items() if row["is_gone"]}


def test_a_newer_list_that_no_longer_holds_an_order_takes_it_off(facts):
    facts.unshipped("A")
    facts.unshipped("B")
    urged_list(facts, 11, "2026-03-04 09:00:00", "A", "B")
    assert gone(facts) == set()
    urged_list(facts, 12, "2026-03-04 10:00:00", "B")
    assert gone(facts) == {"A"}
    urged_list(facts, 13, "2026-03-04 11:00:00", "A", "B")
    assert gone(facts) == set()


def test_an_older_list_loaded_later_takes_nothing_off(facts):
    facts.unshipped("A")
    urged_list(facts, 11, "2026-03-04 09:00:00", "A")
    urged_list(facts, 12, "2026-03-04 08:00:00")
    assert gone(facts) == set()


def test_lists_drawn_together_that_share_no_order_are_parts_of_one(facts):
    for order_id in "ABC":
        facts.unshipped(order_id)
    urged_list(facts, 11, "2026-03-04 09:00:00", "A", "B")
    urged_list(facts, 12, "2026-03-04 09:10:00", "C")
    assert gone(facts) == set()
    urged_list(facts, 13, "2026-03-04 09:14:00", "B", "C")  # shares B with the first part: its successor
    assert gone(facts) == {"A"}


def test_a_list_drawn_at_an_unknown_time_takes_nothing_off_and_is_as_young_as_its_loading(facts):
    facts.unshipped("A")
    facts.unshipped("B")
    urged_list(facts, 11, "2026-03-04 09:00:00", "A")
    urged_list(facts, 12, None, "B", loaded_at="2026-03-04 11:00:00")
    assert gone(facts) == set()
    urged_list(facts, 13, "2026-03-04 10:30:00", "A")  # B's list may be younger
    assert gone(facts) == set()
    urged_list(facts, 14, "2026-03-04 11:30:00", "A")
    assert gone(facts) == {"B"}


def test_an_order_urged_again_after_the_newer_list_is_not_off_it(facts):
    facts.unshipped("A", last_urged_at="2026-03-04 10:30:00")
    urged_list(facts, 11, "2026-03-04 09:00:00", "A")
    urged_list(facts, 12, "2026-03-04 10:00:00")
    assert gone(facts) == set()


def test_an_order_that_never_stood_on_a_list_cannot_leave_one(facts):
    facts.unshipped("A", urge_count=1)
    urged_list(facts, 12, "2026-03-04 10:00:00")
    assert gone(facts) == set()


def test_a_refund_before_shipment_costs_what_a_pencil_says(facts):
    """100 yuan, 10 % acquisition, 2 minutes at 30 an hour; after shipment 3.00 + 0.50 out beside it, and per stage: 3.00 to stop
    the parcel, 5 minutes, 2 % of 40 goods; 8.00 back, 8 minutes, 5.00 inspection, 20 % of 40; 5 minutes and all of 40.
    """
    facts.unshipped("A", urge_count=1)
    row = waiting(facts)["A"]
    assert row["loss_before_fen"] == 10_000 + 1_000 + 100
    stages = (300 + 250 + 80, 800 + 400 + 500 + 800, 250 + 4_000)
    assert row["loss_after_fen"] == 10_000 + 1_000 + 350 + sum(stages) // 3
    assert row["loss_fen"] == (row["loss_before_fen"] + 3 * 11_350 + sum(stages)) // 4


def test_a_refund_before_shipment_costs_what_the_ledger_would_book(facts):
    facts.setting("hourly_wage", "36")
    facts.setting("minutes_before_shipment", "4", scope="product:P2")
    facts.setting("fee_kept_rate", "3%", since="2026-03-04")
    facts.setting("acquisition_rate", "12%", scope="province:浙江")
    facts.spend("2026-03-01", 33.33)
    facts.unshipped("A", 99.99, urge_count=1, subsidy_fen=501)
    facts.unshipped("B", 35.01, line_id="1", product_id="P1", urge_count=1)
    facts.unshipped("B", 44.02, line_id="2", product_id="P2")
    facts.flow("1", "A", 5.5, "晚发立赔")
    facts.flow("2", "B", -2, "平台赔付商家")
    facts.insurance("B", 1.2)
    before = {order_id: row["loss_before_fen"] for order_id, row in waiting(facts).items()}
    for order_id, refund in (("A", 105.0), ("B", 79.03)):
        facts.case(order_id, order_id, refund, status_word="待买家退货", finished_at=None, applied_at="2026-03-04 12:00:00")
    exposed = {row["stage"]: row for row in facts.exposure("stage")}
    assert set(exposed) == {"before_shipment"}
    assert exposed["before_shipment"]["total_fen"] == sum(before.values())


def test_the_stages_of_past_refunds_weigh_what_a_refund_after_shipment_costs(facts):
    facts.unshipped("A", urge_count=1)
    equal = waiting(facts)["A"]["loss_after_fen"]
    for number in range(20):
        facts.order(f"K{number}")
        facts.case(f"K{number}", f"K{number}")  # kept: the goods are lost whole
    assert waiting(facts)["A"]["loss_after_fen"] > equal


def test_how_far_a_products_day_is_filled_leaves_the_order_itself_out(facts):
    facts.unshipped("A", urge_count=1)
    facts.unshipped("B")
    facts.order("C", shipped_at="2026-03-04 11:00:00")
    facts.order("D", shipped_at="2026-03-04 13:00:00")
    facts.order("E", product_id="P2")
    row = waiting(facts)["A"]
    assert (row["day_orders"], row["day_shipped"]) == (3, 1)


def test_past_urges_come_with_what_became_of_them(facts):
    facts.order("SHIPPED", last_urged_at="2026-03-02 08:00:00", urge_count=2)
    facts.unshipped("REFUNDED", last_urged_at="2026-03-02 08:00:00")
    facts.case("1", "REFUNDED")
    facts.unshipped("OPEN", last_urged_at="2026-03-02 08:00:00")
    facts.unshipped("UNTIMED", urge_count=1)
    facts.order("UNDATED", last_urged_at="2026-03-02 08:00:00", shipped_at=None, order_status="已发货")
    rows = {row["order_id"]: row for row in records(urge_questions.urge_past(facts.settled().cursor, now=NOW))}
    assert set(rows) == {"SHIPPED", "REFUNDED", "OPEN"}
    assert rows["SHIPPED"]["shipped_at"] == datetime(2026, 3, 2, 10)
    assert rows["REFUNDED"]["refunded_at"] == datetime(2026, 3, 10, 10)
    assert (rows["OPEN"]["shipped_at"], rows["OPEN"]["refunded_at"]) == (None, None)
    # Of the product's other four orders of the day none had left two hours before the first did.
    assert (rows["SHIPPED"]["day_orders"], rows["SHIPPED"]["day_shipped"]) == (4, 0)


def test_a_list_of_the_past_is_rebuilt_with_what_became_of_it(facts):
    facts.order("SHIPPED", last_urged_at="2026-03-02 08:00:00", shipped_at="2026-03-03 10:00:00")
    facts.order("BEFORE", last_urged_at="2026-03-02 08:00:00", shipped_at="2026-03-02 09:00:00")
    facts.unshipped("LATER", last_urged_at="2026-03-02 13:00:00")
    facts.unshipped("OPEN", last_urged_at="2026-03-02 08:00:00")
    facts.unshipped("REFUNDED", last_urged_at="2026-03-02 08:00:00")
    facts.case("1", "REFUNDED")
    at = datetime(2026, 3, 2, 12)
    rows = {row["order_id"]: row for row in records(urge_questions.urge_fates(facts.settled().cursor, at=at))}
    assert {order_id: row["fate"] for order_id, row in rows.items()} == {
        "SHIPPED": "shipped",
        "OPEN": "open",
        "REFUNDED": "refunded",
    }
    assert rows["REFUNDED"]["refund_fen"] == 10_000
    assert rows["SHIPPED"]["fate_at"] == datetime(2026, 3, 3, 10)


def test_weeks_count_hours_to_shipment_and_penalties(facts):
    facts.order("A", last_urged_at="2026-03-02 08:00:00", shipped_at="2026-03-02 18:00:00")
    facts.order("B", last_urged_at="2026-03-03 08:00:00", shipped_at="2026-03-03 12:00:00")
    facts.unshipped("C", last_urged_at="2026-03-03 08:00:00")
    facts.case("1", "C")
    facts.flow("1", "A", 5, "晚发立赔")
    facts.flow("2", "B", 3, "商责退运费")
    rows = records(urge_questions.urge_weeks(facts.settled().cursor))
    assert [str(row["week"]) for row in rows] == ["2026-03-02", "2026-03-09"]
    assert (rows[0]["urged"], rows[0]["shipped"], rows[0]["refunded"], rows[0]["hours_median"]) == (3, 2, 1, 7.0)
    assert (rows[1]["urged"], rows[1]["penalty_count"], rows[1]["penalty_fen"]) == (0, 1, 500)


def test_freshness_tells_export_and_list_apart(facts):
    facts.unshipped("A")
    urged_list(facts, 11, "2026-03-04 09:00:00", "A", "NOBODY")
    facts.cursor.execute("update loads set exported_at = timestamp '2026-03-04 08:00:00' where load_id = 1")
    (row,) = records(urge_questions.urge_freshness(facts.settled().cursor))
    assert row["data_until"] == datetime(2026, 3, 4, 8)
    assert row["list_until"] == datetime(2026, 3, 4, 9)
    assert row["unknown_orders"] == 1


def test_the_sample_shop_is_never_listed_beside_a_real_one(facts):
    facts.shop("示例店", is_sample=True)
    facts.unshipped("REAL", urge_count=1)
    facts.unshipped("SAMPLE", urge_count=1, shop="示例店")
    assert set(waiting(facts)) == {"REAL"}
    assert set(waiting(facts, shops=["示例店"])) == {"SAMPLE"}
