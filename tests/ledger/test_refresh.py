"""The marts are rebuilt when the facts move, when the program moves, and not otherwise; never into another version's tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics.store import marts, questions
from analytics.store.warehouse import Warehouse
from tests.ledger.facts import Facts, records


@pytest.fixture
def warehouse(tmp_path: Path):
    opened = Warehouse.open(tmp_path / "退款 账本", threads=1)
    with opened.transaction(changes_facts=False) as cursor:
        marts.install_views(cursor)
    yield opened
    opened.close()


def put(warehouse: Warehouse, order: str) -> None:
    with warehouse.transaction() as cursor:
        facts = Facts(cursor)
        facts.word("case_status", "售后成功", "succeeded", is_operators=True)
        facts.word("case_kind", "仅退款", "refund_only", is_operators=True)
        cursor.execute("delete from shops")
        facts.shop("店铺1")
        facts.load(1, "订单.csv")
        facts.order(order)
        facts.case(f"c{order}", order)


def orders(warehouse: Warehouse) -> int:
    with warehouse.cursor() as cursor:
        return records(questions.losses_by(cursor))[0]["orders"]


def test_a_load_is_in_the_answers_after_a_refresh_and_the_next_one_does_nothing(warehouse):
    put(warehouse, "A")
    assert marts.refresh(warehouse) is True
    assert marts.refresh(warehouse) is False
    assert orders(warehouse) == 1
    put(warehouse, "B")
    assert marts.refresh(warehouse) is True
    assert orders(warehouse) == 2


def test_an_empty_ledger_answers_before_anything_was_loaded(warehouse):
    assert orders(warehouse) == 0
    assert marts.refresh(warehouse) is True
    assert orders(warehouse) == 0


def test_a_refresh_moves_no_version_and_a_reader_meanwhile_sees_the_state_before(warehouse):
    put(warehouse, "A")
    marts.refresh(warehouse)
    version = warehouse.version()
    put(warehouse, "B")
    with warehouse.cursor() as reader:
        before = records(questions.losses_by(reader))[0]["orders"]
        marts.refresh(warehouse)
        assert records(questions.losses_by(reader))[0]["orders"] == before == 1
    assert (orders(warehouse), warehouse.version()) == (2, version + 1)


def test_installing_again_keeps_what_was_built_and_a_new_program_builds_anew(warehouse, monkeypatch):
    put(warehouse, "A")
    marts.refresh(warehouse)
    with warehouse.transaction(changes_facts=False) as cursor:
        marts.install_views(cursor)
    assert marts.refresh(warehouse) is False
    monkeypatch.setattr(marts, "_definition", lambda: "the next version")
    with warehouse.transaction(changes_facts=False) as cursor:
        marts.install_views(cursor)
    assert orders(warehouse) == 0
    assert marts.refresh(warehouse) is True
    assert orders(warehouse) == 1


def test_what_a_change_would_do_can_be_asked_and_is_taken_back(warehouse):
    put(warehouse, "A")
    marts.refresh(warehouse)
    with warehouse.trial() as cursor:
        cursor.execute("delete from cases")
        marts.rebuild(cursor)
        assert records(questions.losses_by(cursor))[0]["refunds"] == 0
    with warehouse.cursor() as cursor:
        assert records(questions.losses_by(cursor))[0]["refunds"] == 1


def test_rebuilding_in_place_gives_what_building_from_nothing_gives(database):
    built = []
    for detours in (False, True):
        cursor = database.cursor()
        cursor.execute("begin transaction")
        facts = Facts(cursor)
        facts.order("A")
        if detours:
            facts.case("0", "A", 10)
            facts.settled()
            cursor.execute("delete from cases")
        facts.case("1", "A")
        facts.settled()
        names = [name for name in marts.MARTS if name not in marts.LIGHT_MARTS]
        built.append({name: cursor.execute(f"select * from marts.{name} order by all").fetchall() for name in names})  # noqa: S608
        cursor.execute("rollback")
    assert built[0] == built[1]
