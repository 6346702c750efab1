"""What one file does to the ledger, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analytics.domain.loads import Problem, Receipt
from analytics.errors import OperatorError
from analytics.store import checks, loads
from analytics.store.warehouse import Warehouse
from tests.store.staged_files import ACTOR, NOW, SHOP, order, stage

MONDAY, TUESDAY, WEDNESDAY = (datetime(2026, 10, day, 12) for day in (5, 6, 7))


def load(warehouse: Warehouse, rows: list[dict[str, Any]], *, shop: str = SHOP, **more: Any) -> Receipt:
    return loads.commit_load(warehouse, stage(warehouse.staging, rows, **more), shop=shop, actor=ACTOR, now=NOW)


def counts(receipt: Receipt) -> tuple[int, int, int, int, int]:
    return receipt.new, receipt.updated, receipt.unchanged, receipt.rejected, receipt.older


def ask(warehouse: Warehouse, query: str) -> list[tuple]:
    with warehouse.cursor() as cursor:
        return cursor.execute(query).fetchall()


def current(warehouse: Warehouse) -> list[tuple]:
    return ask(warehouse, "select order_id, city from order_lines order by order_id")


def test_unknown_orders_are_new_and_their_money_arrives(warehouse: Warehouse) -> None:
    receipt = load(warehouse, [order("1", paid_fen=1250), order("2", paid_fen=50)])
    assert counts(receipt) == (2, 0, 0, 0, 0)
    assert (receipt.load_id, receipt.rows, receipt.money_in_fen, receipt.money_stored_fen) == (1, 2, 1300, 1300)
    assert (receipt.loaded_at, receipt.loaded_by) == (NOW, "小王")


def test_a_later_state_updates_and_an_unchanged_row_does_not(warehouse: Warehouse) -> None:
    load(warehouse, [order("1", at=MONDAY, city="旧"), order("2", at=MONDAY, city="同")])
    receipt = load(warehouse, [order("1", at=TUESDAY, city="新"), order("2", at=MONDAY, city="同")])
    assert counts(receipt) == (0, 1, 1, 0, 0)
    assert receipt.money_stored_fen == 200
    assert current(warehouse) == [("1", "新"), ("2", "同")]


def test_an_older_export_cannot_overwrite_a_newer_state(warehouse: Warehouse) -> None:
    load(warehouse, [order("1", at=TUESDAY, city="新")])
    receipt = load(warehouse, [order("1", at=MONDAY, city="旧")])
    assert counts(receipt) == (0, 0, 1, 0, 1)
    assert receipt.money_stored_fen == 100
    assert current(warehouse) == [("1", "新")]


def test_progress_counts_before_time_and_words_before_guesses(warehouse: Warehouse) -> None:
    warehouse.sync_words([("order_status", "待发货", "paid"), ("order_status", "交易成功", "succeeded")])
    load(warehouse, [order("1", at=MONDAY, city="成功", order_status="交易成功")])
    load(warehouse, [order("1", at=TUESDAY, city="未发", order_status="待发货", shipped_at=TUESDAY)])
    assert current(warehouse) == [("1", "成功")]
    assert ask(warehouse, "select progress from order_lines") == [(4,)]
    assert ask(warehouse, "select progress from order_lines_superseded") == [(1,)]


@pytest.mark.parametrize(
    ("status", "shipped", "paid", "progress"),
    [
        ("待付款", True, True, 0),
        ("没见过的词", True, True, 2),
        (None, False, True, 1),
        (None, False, False, 0),
    ],
)
def test_progress_of_an_order_without_a_known_word_follows_its_times(
    warehouse: Warehouse, status: str | None, shipped: bool, paid: bool, progress: int
) -> None:
    warehouse.sync_words([("order_status", "待付款", "unpaid")])
    row = order("1", at=MONDAY if paid else None, order_status=status, shipped_at=MONDAY if shipped else None)
    load(warehouse, [row])
    assert ask(warehouse, "select progress from order_lines") == [(progress,)]


def test_a_case_with_a_finish_time_is_finished_even_when_nobody_knows_its_word(warehouse: Warehouse) -> None:
    warehouse.sync_words([("case_status", "售后成功", "succeeded"), ("case_status", "待退货", "open")])
    rows = [
        {"case_id": "1", "status_word": "售后成功"},
        {"case_id": "2", "status_word": "待退货"},
        {"case_id": "3", "status_word": "没见过", "finished_at": MONDAY},
    ]
    load(warehouse, rows, kind="cases")
    assert ask(warehouse, "select case_id, progress from cases order by case_id") == [("1", 1), ("2", 0), ("3", 1)]


def test_the_export_time_decides_between_states_of_the_same_time_and_none_comes_last(warehouse: Warehouse) -> None:
    load(warehouse, [order("1", at=MONDAY, city="晚")], exported_at=WEDNESDAY)
    assert counts(load(warehouse, [order("1", at=MONDAY, city="早")], exported_at=TUESDAY)) == (0, 0, 1, 0, 1)
    assert counts(load(warehouse, [order("1", at=MONDAY, city="不明")])) == (0, 0, 1, 0, 1)
    assert current(warehouse) == [("1", "晚")]


def test_a_version_seen_again_later_becomes_current_again(warehouse: Warehouse) -> None:
    load(warehouse, [order("1", at=MONDAY, city="甲")], exported_at=MONDAY)
    load(warehouse, [order("1", at=MONDAY, city="乙")], exported_at=TUESDAY)
    receipt = load(warehouse, [order("1", at=MONDAY, city="甲")], exported_at=WEDNESDAY)
    assert counts(receipt) == (0, 1, 0, 0, 0)
    assert current(warehouse) == [("1", "甲")]


def test_a_repeat_of_the_current_version_raises_its_export_time(warehouse: Warehouse) -> None:
    load(warehouse, [order("1", at=MONDAY, city="甲")], exported_at=MONDAY)
    load(warehouse, [order("1", at=MONDAY, city="甲")], exported_at=WEDNESDAY)
    load(warehouse, [order("1", at=MONDAY, city="乙")], exported_at=TUESDAY)
    assert current(warehouse) == [("1", "甲")]


def test_of_rows_with_one_key_in_one_file_the_best_wins_and_the_others_count_as_unchanged(warehouse: Warehouse) -> None:
    rows = [
        order("1", at=TUESDAY, city="新"),
        order("1", at=MONDAY, city="旧"),
        order("1", at=TUESDAY, city="新"),
        order("2"),
        order("2"),
    ]
    receipt = load(warehouse, rows)
    assert counts(receipt) == (2, 0, 3, 0, 1)
    assert receipt.money_stored_fen == 500
    assert current(warehouse) == [("1", "新"), ("2", None)]


def test_rows_set_aside_are_kept_with_their_problems_until_the_load_is_undone(warehouse: Warehouse) -> None:
    problem = Problem(3, "实付款", "12圆", "金额", "请改正。", None)
    receipt = load(warehouse, [order("1")], rejected=[(3, {"实付款": "12圆"})], problems=(problem,))
    assert counts(receipt) == (1, 0, 0, 1, 0)
    with warehouse.cursor() as cursor:
        assert loads.rejected_rows(cursor, 1) == [(None, 3, '{"实付款": "12圆"}')]
        assert loads.list_loads(cursor) == [receipt]
    loads.undo_load(warehouse, 1, actor=ACTOR, now=NOW)
    with warehouse.cursor() as cursor:
        assert loads.rejected_rows(cursor, 1) == []
        assert loads.list_loads(cursor)[0].problems == (problem,)


def test_the_same_file_again_changes_nothing_and_says_when_it_came(warehouse: Warehouse) -> None:
    first = load(warehouse, [order("1")], sha256="a")
    version = warehouse.version()
    again = load(warehouse, [order("1")], sha256="a")
    assert again == replace(first, already_loaded_at=NOW)
    assert warehouse.version() == version
    assert ask(warehouse, "select count(*) from loads") == [(1,)]


def test_the_same_file_for_another_shop_or_list_is_another_load(warehouse: Warehouse) -> None:
    load(warehouse, [order("1")], sha256="a")
    assert counts(load(warehouse, [order("1")], sha256="a", shop="店铺2")) == (1, 0, 0, 0, 0)
    assert counts(load(warehouse, [order("1")], sha256="a", list_kind="urge_ship")) == (0, 0, 1, 0, 0)


def test_a_file_that_is_no_order_list_is_found_whatever_list_is_asked_for(warehouse: Warehouse) -> None:
    receipt = load(warehouse, [{"case_id": "1"}], kind="cases", sha256="a")
    with warehouse.cursor() as cursor:
        assert loads.find_loaded(cursor, "a", shop=SHOP, list_kind="all") == receipt
        assert loads.find_loaded(cursor, "a", shop="店铺2", list_kind="all") is None


def test_a_preview_says_what_loading_would_do_and_keeps_nothing(warehouse: Warehouse) -> None:
    load(warehouse, [order("1", at=MONDAY, city="旧"), order("2")])
    version = warehouse.version()
    staged = stage(warehouse.staging, [order("1", at=TUESDAY, city="新"), order("2"), order("3")])
    preview = loads.preview_load(warehouse, staged, shop=SHOP)
    assert (preview.load_id, *counts(preview)) == (None, 1, 1, 1, 0, 0)
    assert (warehouse.version(), len(current(warehouse))) == (version, 2)
    receipt = loads.commit_load(warehouse, staged, shop=SHOP, actor=ACTOR, now=NOW)
    assert replace(receipt, load_id=None, loaded_at=None, loaded_by=None) == preview


def test_a_trial_shows_the_ledger_with_the_file_and_takes_it_back(warehouse: Warehouse) -> None:
    staged = stage(warehouse.staging, [order("1")])
    with loads.trial_load(warehouse, staged, shop=SHOP) as cursor:
        assert cursor.execute("select count(*) from order_lines").fetchall() == [(1,)]
    assert current(warehouse) == []


def test_tags_and_noted_payments_of_an_order_file_come_and_go_with_it(warehouse: Warehouse) -> None:
    tags, payments = [{"order_id": "1", "tool": "urge_ship"}], [{"order_id": "1", "amount_fen": 300}]
    load(warehouse, [order("1")], list_kind="urge_ship", also={"tag_sightings": tags, "note_payments": payments})
    assert ask(warehouse, "select shop, tool from tag_sightings") == [(SHOP, "urge_ship")]
    assert ask(warehouse, "select amount_fen from note_payments") == [(300,)]
    loads.undo_load(warehouse, 1, actor=ACTOR, now=NOW)
    assert ask(warehouse, "select load_id from tag_sightings union all select load_id from note_payments") == []


def test_every_row_of_a_list_of_tagged_orders_is_new(warehouse: Warehouse) -> None:
    receipt = load(warehouse, [{"order_id": "1", "amount_fen": 500}, {"order_id": "1"}], kind="tagged_orders")
    assert (counts(receipt), receipt.money_stored_fen) == ((2, 0, 0, 0, 0), 500)


def test_lines_of_an_ad_report_that_became_one_row_count_with_it(warehouse: Warehouse) -> None:
    day = {"spent_on": date(2026, 10, 1), "amount_fen": 700}
    assert counts(load(warehouse, [day], kind="ad_spend", row_count=3)) == (3, 0, 0, 0, 0)
    assert counts(load(warehouse, [day], kind="ad_spend", row_count=3)) == (0, 0, 3, 0, 0)


@pytest.mark.parametrize(
    ("kind", "row", "table"),
    [
        ("fund_flow", {"flow_id": "9", "cost_fen": -5}, "fund_flows"),
        ("freight_insurance", {"charge_id": "9", "merchant_fee_fen": 114}, "freight_insurance"),
        ("settlement", {"settlement_ref": "9", "settled_fen": -1}, "settlements"),
        ("ad_spend", {"amount_fen": 10}, "ad_spend"),
        ("product_costs", {"unit_cost_fen": 10}, "product_costs"),
        ("cost_settings", {"value": 10}, "cost_settings"),
    ],
)
def test_every_kind_of_file_is_stored_and_taken_back(warehouse: Warehouse, kind: str, row: dict[str, Any], table: str) -> None:
    receipt = load(warehouse, [row], kind=kind)
    assert (receipt.new, receipt.money_stored_fen) == (1, receipt.money_in_fen)
    with warehouse.cursor() as cursor:
        assert len(cursor.table(table).fetchall()) == 1
        assert checks.run_checks(cursor, checks.STORE_RULES) == []
    loads.undo_load(warehouse, 1, actor=ACTOR, now=NOW)
    with warehouse.cursor() as cursor:
        assert cursor.table(table).fetchall() == []


def test_money_that_does_not_arrive_whole_stops_the_load(warehouse: Warehouse) -> None:
    with pytest.raises(RuntimeError, match="101 fen came in and 100 were stored"):
        load(warehouse, [order("1", paid_fen=100)], money_in_fen=101)
    assert (current(warehouse), warehouse.version(), ask(warehouse, "select * from audit_log")) == ([], 0, [])


def test_rows_that_do_not_all_arrive_stop_the_load(warehouse: Warehouse) -> None:
    with pytest.raises(RuntimeError, match="2 rows came in and 1 were kept"):
        load(warehouse, [order("1")], row_count=2)
    assert current(warehouse) == []


def test_an_empty_file_has_a_receipt_too(warehouse: Warehouse) -> None:
    assert counts(load(warehouse, [])) == (0, 0, 0, 0, 0)


def test_a_disk_with_too_little_room_is_refused_before_anything_happens(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10})())
    with pytest.raises(OperatorError, match=r"只剩 0 MB，导入「文件\d+.csv」需要 .*请腾出空间后再试"):
        load(warehouse, [order("1")])
    assert current(warehouse) == []


def test_undo_hands_a_version_to_the_load_that_repeats_it(warehouse: Warehouse) -> None:
    load(warehouse, [order("1"), order("2")])
    load(warehouse, [order("0"), order("1")])
    undone = loads.undo_load(warehouse, 1, actor=ACTOR, now=NOW + timedelta(hours=1))
    assert undone.undone_at == NOW + timedelta(hours=1)
    assert ask(warehouse, "select order_id, load_id, source_row from order_lines order by order_id") == [("0", 2, 2), ("1", 2, 3)]
    assert ask(warehouse, "select * from order_lines_repeats") == []


def test_undo_of_the_newest_state_brings_the_one_before_back(warehouse: Warehouse) -> None:
    load(warehouse, [order("1", at=MONDAY, city="旧")])
    load(warehouse, [order("1", at=TUESDAY, city="新")])
    loads.undo_load(warehouse, 2, actor=ACTOR, now=NOW)
    assert current(warehouse) == [("1", "旧")]
    assert ask(warehouse, "select * from order_lines_superseded") == []


def test_undo_of_the_sighting_that_decided_lets_the_other_version_win(warehouse: Warehouse) -> None:
    load(warehouse, [order("1", at=MONDAY, city="甲")], exported_at=MONDAY)
    load(warehouse, [order("1", at=MONDAY, city="乙")], exported_at=TUESDAY)
    load(warehouse, [order("1", at=MONDAY, city="甲")], exported_at=WEDNESDAY)
    loads.undo_load(warehouse, 3, actor=ACTOR, now=NOW)
    assert current(warehouse) == [("1", "乙")]


def test_after_undo_the_same_file_can_come_again(warehouse: Warehouse) -> None:
    load(warehouse, [order("1")], sha256="a")
    loads.undo_load(warehouse, 1, actor=ACTOR, now=NOW)
    assert (load(warehouse, [order("1")], sha256="a").load_id, len(current(warehouse))) == (2, 1)


def test_undo_refuses_what_is_undone_or_was_never_loaded(warehouse: Warehouse) -> None:
    load(warehouse, [order("1")])
    loads.undo_load(warehouse, 1, actor=ACTOR, now=NOW)
    with pytest.raises(OperatorError, match=r"导入 1「文件\d+.csv」：已于 2026-11-01 09:00 撤销；"):
        loads.undo_load(warehouse, 1, actor=ACTOR, now=NOW)
    with pytest.raises(OperatorError, match="导入记录：没有编号 7；"):
        loads.undo_load(warehouse, 7, actor=ACTOR, now=NOW)


def test_receipts_are_listed_newest_first_and_by_shop(warehouse: Warehouse) -> None:
    for number, shop in enumerate(("店铺1", "店铺2", "店铺1")):
        load(warehouse, [order(str(number))], shop=shop)
    with warehouse.cursor() as cursor:
        assert [receipt.load_id for receipt in loads.list_loads(cursor)] == [3, 2, 1]
        assert [receipt.load_id for receipt in loads.list_loads(cursor, shops=("店铺1",))] == [3, 1]


def test_loads_and_undos_stand_in_the_audit_log(warehouse: Warehouse) -> None:
    file = load(warehouse, [order("1")]).file
    loads.undo_load(warehouse, 1, actor=ACTOR, now=NOW)
    expected = [("小王", "manage", "import", f"1 店铺1 {file}"), ("小王", "manage", "undo", f"1 店铺1 {file}")]
    assert ask(warehouse, "select actor, role, action, detail from audit_log") == expected


def test_the_overlap_with_another_shop_is_a_share_of_the_files_orders(warehouse: Warehouse) -> None:
    load(warehouse, [order("1"), order("2"), order("3")], shop="甲")
    load(warehouse, [{"case_id": "9", "order_id": "4"}], kind="cases", shop="乙")
    with warehouse.cursor() as cursor:
        staged = stage(warehouse.staging, [order(number) for number in ("1", "2", "4", "5")])
        assert loads.shop_overlap(cursor, staged) == {"甲": 0.5, "乙": 0.25}
        assert loads.shop_overlap(cursor, stage(warehouse.staging, [], kind="ad_spend")) == {}


def test_rows_of_a_large_file_can_be_seen(warehouse: Warehouse) -> None:
    """More rows than a row group of DuckDB: behind an insert of nothing it would hide them (docs/decisions.md, 3)."""
    count = 130_000
    staged = stage(warehouse.staging, [], kind="fund_flow", row_count=count, money_in_fen=count)
    numbers, ones, empty = pa.array(range(count)), pa.repeat(1, count), pa.repeat("", count)
    columns = {"flow_id": numbers, "cost_fen": ones, "content_hash": numbers, "source_row": numbers}
    known = pa.table(columns | {"business_no": empty, "platform": empty})
    path = staged.parquet_by_table["fund_flows"]
    schema = pq.read_schema(path)
    given = {name: known[name] if name in known.column_names else pa.nulls(count) for name in schema.names}
    pq.write_table(pa.table(given).cast(schema), path)
    loads.commit_load(warehouse, staged, shop=SHOP, actor=ACTOR, now=NOW)
    assert ask(warehouse, "select sum(cost_fen), count(flow_id) from fund_flows where cost_fen > 0") == [(count, count)]
