"""The inbox folder: what is dropped there is loaded, removed, or explained."""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path

import pytest

from analytics.actions import imports, inbox, ledger
from analytics.domain.loads import Actor
from tests.journeys.exports import order, write_orders

INBOX = Actor("收件夹", "operate")
NOW = datetime(2026, 11, 23, 9)


@pytest.fixture
def warehouse(tmp_path: Path):
    with ledger.ledger_of(tmp_path / "账本 家") as opened:
        yield opened


def settled(path: Path) -> Path:
    """A file that nobody has written to for a while."""
    os.utime(path, (time.time() - 60,) * 2)
    return path


def test_a_file_in_the_inbox_is_loaded_and_removed_since_it_holds_buyers_data(warehouse):
    path = settled(write_orders(warehouse.inbox / "订单.csv", order("1001")))
    (receipt,) = inbox.sweep(warehouse, actor=INBOX, now=NOW)
    assert (receipt.new, receipt.shop, receipt.loaded_by) == (1, "店铺1", "收件夹")
    assert not path.exists()


def test_a_subfolder_names_the_shop(warehouse):
    settled(write_orders(warehouse.inbox / "乙店" / "订单.csv", order("1001")))
    (receipt,) = inbox.sweep(warehouse, actor=INBOX, now=NOW)
    assert receipt.shop == "乙店"


def test_a_file_that_cannot_be_loaded_stays_with_a_note_and_is_tried_again_once_replaced(warehouse):
    path = warehouse.inbox / "订单.csv"
    path.write_text("这不是,平台导出\n1,2\n", encoding="utf-8")
    settled(path)
    assert inbox.sweep(warehouse, actor=INBOX, now=NOW) == []
    note = path.with_name("订单.csv.说明.txt")
    assert "订单.csv" in note.read_text(encoding="utf-8-sig")
    assert inbox.sweep(warehouse, actor=INBOX, now=NOW) == []
    write_orders(path, order("1001"))
    os.utime(note, (time.time() - 120,) * 2)
    settled(path)
    assert len(inbox.sweep(warehouse, actor=INBOX, now=NOW)) == 1
    assert not note.exists()


def test_a_file_still_being_copied_is_left_alone(warehouse):
    write_orders(warehouse.inbox / "订单.csv", order("1001"))
    assert inbox.sweep(warehouse, actor=INBOX, now=NOW) == []
    assert imports.list_imports(warehouse, actor=INBOX) == []
