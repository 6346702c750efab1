"""The data's health on small shops: every finding with its count, money and rows, what files cover, what components rest on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from analytics.errors import OperatorError
from analytics.store import marts, migrations, questions
from tests.ledger.facts import Facts, records
from tests.seeds import first_of
from tests.twin import random_shops, words

UNMATCHED = {"order_paid_fen": 5000, "order_created_at": "2026-03-01 09:00:00", "order_status": "交易关闭", "product_id": "P9"}


@pytest.fixture
def facts() -> Iterator[Facts]:
    connection = duckdb.connect(config={"threads": 1})
    migrations.bring_up_to_date(connection)
    marts.install_views(connection)
    yield Facts(connection).prepare()
    connection.close()


def rows(facts: Facts, finding: str, detail: str = "", **more: Any) -> list[dict[str, Any]]:
    return records(questions.health_rows(facts.settled().cursor, finding=finding, detail=detail, **more))


def only(facts: Facts, finding: str, detail: str = "") -> tuple[Any, ...]:
    """The one row of a finding, as (order, case, item, fen, file, line); its count and money are those of the finding."""
    (row,) = rows(facts, finding, detail)
    assert facts.findings()[finding, detail] == (1, None if finding in ("unknown_word",) else row["amount_fen"])
    return tuple(row[name] for name in ("order_id", "case_id", "item", "amount_fen", "source_file", "source_row"))


def put_one_of_each(facts: Facts) -> None:
    """One of every finding: ¥50 unmatched, ¥80 inferred, at most ¥60, ¥5 above P, ¥3.50 of freight, ¥40 undated, and so on."""
    facts.case("U", "Z", 50, **UNMATCHED, source_row=11)
    facts.unshipped("I", 80, order_status="交易关闭", after_sales_status="退款成功", source_row=12)
    facts.order("M", 60, after_sales_status="退款成功", source_row=13)
    facts.order("B", 100, source_row=14)
    facts.case("1", "B", 105)
    facts.order("S", 100, order_status="已发货", shipped_at="2026-03-11 10:00:00", source_row=15)
    facts.case("2", "S", 100)
    facts.order("D", 100)
    facts.case("3", "D", 40, finished_at=None, source_row=16)
    facts.order("N", 90, is_refund_noted=True, source_row=17)
    facts.flow("L1", "Y", 4, "晚发立赔", flow_type="违约", source_row=18)
    facts.flow("L3", "B", 6, "晚发立赔")  # finds its order
    facts.flow("L2", "", 3, None, flow_type="提现", source_row=19)
    facts.spend("2026-03-20", 7, channel="短视频")
    facts.order("W", 30, order_status="妥投", paid_at="2026-03-02 10:00:00", source_row=20)
    facts.order("K", 20, product_id="P5")
    facts.setting("goods_cost_rate", "off", scope="product:P5")
    facts.case("4", "K", 20, source_row=21)


EXPECTED = {
    ("unmatched_cases", ""): ("Z", "U", "P9", 5000, "售后.xlsx", 11),
    ("inferred_at_most", ""): ("M", None, "P1", 6000, "订单.csv", 13),
    ("refunded_above_receivable", ""): ("B", None, "P1", 500, "订单.csv", 14),
    ("refunded_yet_shipped_afterwards", ""): ("S", None, "P1", 350, "订单.csv", 15),
    ("undated_cases", ""): ("D", "3", "P1", 4000, "售后.xlsx", 16),
    ("noted_refunds", ""): ("N", None, "P1", None, "订单.csv", 17),
    ("flows_not_booked", "晚发立赔"): ("Y", None, "违约", 400, "订单.csv", 18),
    ("flows_not_understood", "提现"): ("", None, "提现", 300, "订单.csv", 19),
    ("unallocated_ad_spend", ""): (None, None, "短视频", 700, "订单.csv", 1),
    ("unknown_word", "order_status 妥投"): ("W", None, "P1", 3000, "订单.csv", 20),
}


@pytest.mark.parametrize("found", EXPECTED, ids=lambda found: found[0])
def test_each_finding_has_its_count_its_money_and_the_line_of_the_file(facts, found):
    put_one_of_each(facts)
    assert only(facts, *found) == EXPECTED[found]


def test_a_refund_known_from_the_order_only_is_listed_whether_its_amount_is_known_or_not(facts):
    put_one_of_each(facts)
    assert facts.findings()["inferred_cases", ""] == (2, 8000)
    assert [(row["order_id"], row["amount_fen"]) for row in rows(facts, "inferred_cases")] == [("I", 8000), ("M", None)]


def test_a_cost_that_nothing_tells_is_listed_under_its_component(facts):
    put_one_of_each(facts)
    assert "4" in [row["case_id"] for row in rows(facts, "unknown_component", "damage")]
    assert "4" not in [row["case_id"] for row in rows(facts, "unknown_component", "logistics")]


def test_a_shop_without_faults_has_no_findings(facts):
    facts.order("A")
    facts.returned("1", "A")
    assert facts.findings() == {}


def test_what_is_inferred_or_unmatched_is_not_listed_as_undated_again(facts):
    facts.unshipped("I", 80, order_status="交易关闭", after_sales_status="退款成功")
    facts.case("U", "Z", 50, **UNMATCHED, finished_at=None)
    assert {finding for finding, _ in facts.findings()} == {"inferred_cases", "unmatched_cases"}


def test_the_rows_come_with_most_money_first_and_no_more_than_asked_for(facts):
    for number in range(5):
        facts.flow(f"L{number}", "Y", number - 2, "晚发立赔")
    assert [row["amount_fen"] for row in rows(facts, "flows_not_booked", "晚发立赔", most=3)] == [-200, 200, -100]


def test_an_unknown_finding_is_refused_in_a_sentence(facts):
    with pytest.raises(OperatorError, match="体检项"):
        rows(facts, "'; drop table loads; --")


def test_a_shop_sees_its_own_findings_only(facts):
    facts.shop("乙店")
    facts.load(3, "乙店.csv")
    facts.cursor.execute("update main.loads set shop = '乙店' where load_id = 3")
    facts.order("X", is_refund_noted=True, shop="乙店")
    put_one_of_each(facts)
    assert questions.coverage(facts.settled().cursor, shops=("乙店",))["finding"].tolist() == ["noted_refunds"]
    assert [row["order_id"] for row in rows(facts, "noted_refunds", shops=("乙店",))] == ["X"]
    assert facts.findings()["noted_refunds", ""] == (2, None)
    for finding, detail in facts.findings().keys() - {("noted_refunds", "")}:
        assert rows(facts, finding, detail, shops=("乙店",)) == []


@pytest.mark.parametrize("seed", first_of(range(0, 400, 80), 3))
def test_the_rows_of_every_finding_add_up_to_its_count_and_money(seed):
    with duckdb.connect(config={"threads": 1}) as connection:
        fill(connection, seed)
        found = records(questions.coverage(connection))
        assert found
        for row in found:
            listed = questions.health_rows(connection, finding=row["finding"], detail=row["detail"])
            assert len(listed) == row["item_count"]
            if row["finding"] != "unknown_word":
                known = listed["amount_fen"].dropna()
                assert (int(known.sum()) if len(known) else None) == row["amount_fen"], row
            else:
                said = records(questions.health_words(connection))
                (word,) = (one for one in said if f"{one['field']} {one['word']}" == row["detail"])
                assert (word["row_count"], word["amount_fen"] or 0) == (row["item_count"], int(listed["amount_fen"].sum()))


@pytest.mark.parametrize("seed", first_of(range(0, 400, 80), 3))
def test_what_components_rest_on_adds_up_to_the_account(seed):
    with duckdb.connect(config={"threads": 1}) as connection:
        fill(connection, seed)
        parts = questions.health_components(connection)
        (total,) = records(questions.losses_by(connection))
        assert total["total_fen"] > 0
        for source in ("actual_fen", "set_fen", "assumed_fen"):
            assert int(parts[source].sum()) == total[source]
        assert (parts.groupby("component")["refund_count"].sum() >= total["refunds"]).all()


def fill(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    """A ledger with a random shop of the twin's."""
    migrations.bring_up_to_date(connection)
    connection.executemany("insert into words values (?, ?, ?, false)", [tuple(word) for word in words.WORDS])
    connection.executemany("insert into cost_names values (?, ?, ?)", [tuple(starter) for starter in words.STARTERS])
    marts.install_views(connection)
    for table, listed in random_shops.insertable_rows(random_shops.random_shop(seed).facts).items():
        if listed:
            schema = connection.table(table).select(*listed[0]).limit(0).to_arrow_table().schema
            connection.register("rows_to_insert", pa.Table.from_pylist(listed, schema=schema))
            connection.execute(f"insert into {table} by name from rows_to_insert")
            connection.unregister("rows_to_insert")
    facts = Facts(connection)
    for number, (shop,) in enumerate(connection.execute("select distinct shop from order_lines order by shop").fetchall()):
        facts.shop(shop)
        facts.load(1_000 + number, "订单.csv")
        connection.execute("update loads set shop = $shop where load_id = $number", {"shop": shop, "number": 1_000 + number})
    marts.rebuild(connection)


def covers(facts: Facts, load_id: int, kind: str, first: str | None, last: str | None, *, list_kind: str = "") -> None:
    """Let a load cover days, as its receipt says."""
    values = {"load_id": load_id, "kind": kind, "list_kind": list_kind, "first": first, "last": last}
    facts.cursor.execute(
        "update main.loads set kind = $kind, list_kind = $list_kind, first_at = $first, last_at = $last where load_id = $load_id",
        values,
    )


def files(facts: Facts) -> dict[tuple[str, str], tuple[int, int, int]]:
    """What covers a month: (wanted, covered, rows) by kind and month."""
    found = records(questions.health_files(facts.settled().cursor))
    return {
        (row["kind"], f"{row['month']:%Y-%m}"): (row["wanted_count"], row["covered_count"], row["row_count"]) for row in found
    }


def test_a_month_is_covered_on_the_days_between_a_files_first_and_last_date(facts):
    facts.order("A", paid_at="2026-02-27 10:00:00", created_at="2026-02-27 09:00:00")
    facts.order("B", paid_at="2026-03-10 10:00:00", created_at="2026-03-10 09:00:00")
    covers(facts, 1, "orders", "2026-02-01", "2026-03-10 23:00", list_kind="all")
    covers(facts, 2, "cases", "2026-03-01 08:00", "2026-03-06 08:00")
    facts.case("1", "B", applied_at="2026-03-05 10:00:00")
    found = files(facts)
    assert {month for _, month in found} == {"2026-02", "2026-03"}
    assert found["orders", "2026-02"] == (2, 2, 1)
    assert found["orders", "2026-03"] == (10, 10, 1)
    assert found["cases", "2026-02"] == (2, 0, 0)
    assert found["cases", "2026-03"] == (10, 6, 1)
    assert found["fund_flow", "2026-03"] == (10, 0, 0)


def test_a_month_between_two_months_of_sales_is_missing_its_orders_and_not_left_out(facts):
    facts.order("A", paid_at="2026-01-31 10:00:00")
    facts.order("B", paid_at="2026-03-01 10:00:00")
    facts.load(3, "二.csv")
    covers(facts, 1, "orders", "2026-01-01", "2026-01-31", list_kind="all")
    covers(facts, 3, "orders", "2026-03-01", "2026-03-01", list_kind="all")
    found = files(facts)
    assert [found["orders", month][:2] for month in ("2026-01", "2026-02", "2026-03")] == [(1, 1), (28, 0), (1, 1)]


def test_a_filtered_list_of_orders_covers_no_sales_and_an_undone_file_covers_nothing(facts):
    facts.order("A")
    covers(facts, 1, "orders", "2026-03-01", "2026-03-01", list_kind="urge_ship")
    facts.tag("A", "urge_ship")
    assert files(facts)["orders", "2026-03"][1] == 0
    assert files(facts)["tagged_orders", "2026-03"] == (1, 1, 1)
    facts.cursor.execute("update main.loads set undone_at = timestamp '2026-04-01' where load_id = 1")
    assert files(facts)["tagged_orders", "2026-03"][1] == 0


def test_goods_costs_cover_the_lines_that_have_one(facts):
    facts.order("A")
    facts.order("B", product_id="P2")
    facts.order("C", product_id="P2")
    facts.product_cost("P2", 30)
    assert files(facts)["product_costs", "2026-03"] == (3, 2, 2)


def test_components_say_by_month_what_they_rest_on_and_what_is_unknown(facts):
    facts.order("A")
    facts.case("1", "A")
    facts.product_cost("P1", 30)
    facts.order("B", 50, product_id="P5")
    facts.setting("goods_cost_rate", "off", scope="product:P5")
    facts.case("2", "B", 50)
    found = {row["component"]: row for row in records(questions.health_components(facts.settled().cursor))}
    assert {row["month"] for row in found.values()} == {date(2026, 3, 1)}
    assert [found["sales"][name] for name in ("actual_fen", "set_fen", "assumed_fen", "unknown_count")] == [15000, 0, 0, 0]
    assert [found["damage"][name] for name in ("actual_fen", "assumed_fen", "unknown_count", "refund_count")] == [3000, 0, 1, 2]


def test_words_are_listed_with_the_rows_that_say_them_and_their_money(facts):
    facts.order("A", 30, order_status="妥投")
    facts.order("B", 20, order_status="妥投", subsidy_fen=500)
    facts.case("1", "A", 12, kind_word="退差")
    facts.word("case_kind", "退差", "price_protection", is_operators=True)
    found = [tuple(row.values()) for row in records(questions.health_words(facts.settled().cursor))]
    assert found == [("order_status", "妥投", None, None, 2, 5500), ("case_kind", "退差", "price_protection", None, 1, 1200)]


def test_a_word_that_no_file_says_any_more_keeps_its_meaning_in_the_list(facts):
    facts.word("order_status", "妥投", "received", is_operators=True)
    assert [tuple(row.values()) for row in records(questions.health_words(facts.settled().cursor))] == [
        ("order_status", "妥投", "received", None, 0, None)
    ]
