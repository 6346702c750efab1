"""Each integrity rule goes off when the ledger is broken in its way, and keeps quiet otherwise."""

from __future__ import annotations

from datetime import datetime

import pytest

from analytics.store import checks, loads, sql
from analytics.store.warehouse import Warehouse
from tests.store.staged_files import ACTOR, NOW, SHOP, order, stage

DAMAGES = {
    "fact_one_current_row": "insert into order_lines from order_lines where order_id = '2'",
    "fact_version_once": "insert into order_lines_superseded from order_lines where order_id = '2'",
    "fact_current_is_best": "update order_lines_superseded set row_at = timestamp '2026-12-01'",
    "fact_load_is_live": "update loads set undone_at = timestamp '2026-12-01' where load_id = 1",
    "fact_receipt_is_held": "delete from order_lines_repeats",
    "fact_progress": "update order_lines set progress = 3",
    "fact_values": "update order_lines set paid_fen = -1 where order_id = '2'",
    "load_receipt_adds_up": "update loads set new_count = new_count + 1 where load_id = 1",
    "holdout_assigned_once": "insert into holdout_orders values (7, '1', true, '2026-10-02', '2026-10-02')",
    "load_once": "update loads set sha256 = 'same'",
    "load_of_added_facts": "update tag_sightings set load_id = 77",
    "load_version": "insert into ledger_version values (1)",
    "urge_events_stand": "insert into urge_events values (2, 2, '店铺1', '1', 'undone', '甲', '2026-10-02', null, '', 9, null)",
}


@pytest.fixture
def sound(warehouse: Warehouse) -> Warehouse:
    """A ledger with a superseded version, a repeat and a tag."""
    warehouse.sync_words([("order_status", "待发货", "paid")])
    tags = {"tag_sightings": [{"order_id": "1", "tool": "urge_ship"}]}
    for day, more in ((1, {"also": tags}), (2, {})):
        at = datetime(2026, 10, day)
        rows = [order("1", at=at, order_status="待发货"), order("2", at=datetime(2026, 10, 1))]
        loads.commit_load(warehouse, stage(warehouse.staging, rows, **more), shop=SHOP, actor=ACTOR, now=NOW)
    return warehouse


def broken_rules(warehouse: Warehouse) -> set[str]:
    with warehouse.cursor() as cursor:
        return {failure["rule"] for failure in checks.run_checks(cursor, checks.STORE_RULES)}


def test_a_sound_ledger_breaks_no_rule(sound: Warehouse) -> None:
    assert broken_rules(sound) == set()


@pytest.mark.parametrize("rule", DAMAGES)
def test_a_rule_finds_the_damage_it_is_for(sound: Warehouse, rule: str) -> None:
    with sound.transaction() as cursor:
        cursor.execute(DAMAGES[rule])
    assert rule in broken_rules(sound)


def test_a_failing_row_names_its_rule_table_and_values(sound: Warehouse) -> None:
    with sound.transaction() as cursor:
        cursor.execute("update order_lines set paid_fen = -1 where order_id = '2'")
    with sound.cursor() as cursor:
        failure = next(row for row in checks.run_checks(cursor, checks.STORE_RULES) if row["rule"] == "fact_values")
    assert failure["table"] == "order_lines"
    assert failure["row"].startswith("load_id=1, source_row=3, shop=店铺1, order_id=2, line_ref=1, money_fen=-1")


def test_every_rule_of_the_store_has_its_damage() -> None:
    rules = {path.stem for pattern in checks.STORE_RULES for path in (sql.FOLDER / "checks").glob(pattern)}
    assert rules == set(DAMAGES)
