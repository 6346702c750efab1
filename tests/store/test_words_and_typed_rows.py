"""Words that change their meaning, and rows typed by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from analytics.domain.costs import COST_NAMES
from analytics.errors import OperatorError
from analytics.store import checks, loads, shops, typed, words
from analytics.store.warehouse import Warehouse
from tests.store.staged_files import ACTOR, NOW, SHOP, order, stage

MONDAY, TUESDAY = datetime(2026, 10, 5), datetime(2026, 10, 6)
PACKING = {"name": "packing", "scope": "", "effective_from": date(2026, 10, 1), "value": 50, "state": "set"}


def load_two_states(warehouse: Warehouse) -> None:
    for at, word in ((MONDAY, "妥投"), (TUESDAY, "待发货")):
        row = order("1", at=at, order_status=word)
        loads.commit_load(warehouse, stage(warehouse.staging, [row]), shop=SHOP, actor=ACTOR, now=NOW)


def status(warehouse: Warehouse) -> str:
    with warehouse.cursor() as cursor:
        ((word,),) = cursor.execute("select order_status from order_lines").fetchall()
        assert checks.run_checks(cursor, checks.STORE_RULES) == []
    return word


def test_facts_follow_a_word_that_gets_a_meaning(warehouse: Warehouse) -> None:
    warehouse.sync_words([("order_status", "待发货", "paid")])
    load_two_states(warehouse)
    assert status(warehouse) == "待发货"
    warehouse.sync_words([("order_status", "待发货", "paid"), ("order_status", "妥投", "received")])
    assert status(warehouse) == "妥投"


def test_an_operators_own_mapping_wins_survives_a_start_and_can_be_taken_back(warehouse: Warehouse) -> None:
    rows = [("order_status", "待发货", "paid"), ("order_status", "妥投", "unpaid")]
    warehouse.sync_words(rows)
    load_two_states(warehouse)
    with warehouse.transaction() as cursor:
        words.map_word(cursor, "order_status", "妥投", "received")
    assert status(warehouse) == "妥投"
    warehouse.sync_words(rows[:1])
    assert status(warehouse) == "妥投"
    with warehouse.transaction() as cursor:
        words.map_word(cursor, "order_status", "妥投", None)
    assert status(warehouse) == "待发货"


def test_words_that_did_not_change_do_not_move_the_version(warehouse: Warehouse) -> None:
    rows = [("order_status", "待发货", "paid"), ("case_status", "售后成功", "succeeded")]
    warehouse.sync_words(rows)
    version = warehouse.version()
    warehouse.sync_words(reversed(rows))
    assert warehouse.version() == version


def test_the_ledger_knows_every_cost_setting_of_the_program(warehouse: Warehouse) -> None:
    with warehouse.cursor() as cursor:
        known = cursor.execute("select name, unit, starter_value from cost_names").fetchall()
    assert sorted(known) == sorted((cost.name, cost.unit, cost.starter_value) for cost in COST_NAMES.values())


def set_packing(warehouse: Warehouse, value: int | None, now: datetime = NOW) -> int | None:
    row = PACKING | {"value": value, "state": "set" if value is not None else "off"}
    return typed.commit_rows(warehouse, [row], kind="cost_settings", shop=SHOP, actor=ACTOR, now=now).load_id


def packing(warehouse: Warehouse) -> list[tuple]:
    with warehouse.cursor() as cursor:
        return cursor.execute("select value, state from cost_settings").fetchall()


def test_of_two_settings_typed_in_one_second_the_later_wins(warehouse: Warehouse) -> None:
    for value in (50, 60, 70, 60, 50):
        set_packing(warehouse, value)
        assert packing(warehouse) == [(value, "set")]
    set_packing(warehouse, None)
    assert packing(warehouse) == [(None, "off")]


def test_a_typed_setting_wins_over_a_file_and_undo_brings_the_file_back(warehouse: Warehouse) -> None:
    row = PACKING | {"value": 10}
    staged = stage(warehouse.staging, [row], kind="cost_settings", exported_at=NOW + timedelta(days=1))
    loads.commit_load(warehouse, staged, shop=SHOP, actor=ACTOR, now=NOW)
    load_id = set_packing(warehouse, 20)
    assert packing(warehouse) == [(20, "set")]
    assert load_id is not None
    loads.undo_load(warehouse, load_id, actor=ACTOR, now=NOW)
    assert packing(warehouse) == [(10, "set")]


def test_typed_rows_have_a_receipt_and_leave_nothing_in_staging(warehouse: Warehouse) -> None:
    receipt = typed.commit_rows(warehouse, [PACKING], kind="cost_settings", shop=SHOP, actor=ACTOR, now=NOW)
    assert (receipt.file, receipt.rows, receipt.new, receipt.loaded_by) == ("手工设置", 1, 1, "小王")
    assert list(warehouse.staging.iterdir()) == []


def test_what_a_setting_would_do_can_be_asked_without_keeping_it(warehouse: Warehouse) -> None:
    with (
        typed.staged_rows(warehouse, [PACKING], kind="cost_settings", shop=SHOP, now=NOW) as staged,
        loads.trial_load(warehouse, staged, shop=SHOP) as cursor,
    ):
        assert cursor.execute("select value from cost_settings").fetchall() == [(50,)]
    assert packing(warehouse) == []


@pytest.mark.parametrize("name", ["", "  ", "长" * 41, "a\x00b", "a\u200b"])
def test_a_shop_needs_a_name_that_can_be_shown(name: str) -> None:
    with pytest.raises(OperatorError, match="1 至 40 个字的店铺名"):
        shops.clean_name(name)


def test_a_shops_name_is_folded_and_shops_stand_in_the_order_of_their_first_load(warehouse: Warehouse, home: Path) -> None:
    assert shops.clean_name(" Ａ店　二 ") == "A店 二"
    for number, shop in enumerate(("乙", "甲", shops.SAMPLE_SHOP)):
        staged = stage(warehouse.staging, [order(str(number))])
        loads.commit_load(warehouse, staged, shop=shop, actor=ACTOR, now=NOW + timedelta(minutes=number))
    with warehouse.cursor() as cursor:
        assert shops.real_shops(cursor) == ["乙", "甲"]
        assert shops.all_shops(cursor) == ["乙", "甲", shops.SAMPLE_SHOP]
