"""One file out, the same ledger back; a damaged file never."""

from __future__ import annotations

import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest

from analytics.errors import OperatorError
from analytics.store import backup, loads, swap
from analytics.store.warehouse import Warehouse
from tests.seeds import first_of
from tests.store.staged_files import ACTOR, NOW, SHOP, order, stage

TABLES = ("loads", "order_lines", "order_lines_superseded", "order_lines_repeats", "audit_log", "shops", "ledger_version")


def load(warehouse: Warehouse, *orders: dict[str, Any]) -> None:
    loads.commit_load(warehouse, stage(warehouse.staging, orders), shop=SHOP, actor=ACTOR, now=NOW)


def content(warehouse: Warehouse) -> dict[str, list[tuple]]:
    with warehouse.cursor() as cursor:
        return {table: sorted(cursor.table(table).fetchall(), key=repr) for table in TABLES}


def orders_of(home: Path) -> list[str]:
    warehouse = Warehouse.open(home)
    try:
        with warehouse.cursor() as cursor:
            return [number for (number,) in cursor.execute("select order_id from order_lines order by order_id").fetchall()]
    finally:
        warehouse.close()


@pytest.fixture
def saved(warehouse: Warehouse, tmp_path: Path) -> Path:
    """A backup of a ledger of two loads; the ledger has moved on since and is closed."""
    load(warehouse, order("1", city="旧", at=NOW), order("2"))
    load(warehouse, order("1", city="新", at=NOW.replace(hour=12)), order("2"))
    backup.backup(warehouse, tmp_path / "备份 1.zip")
    load(warehouse, order("3"))
    warehouse.close()
    return tmp_path / "备份 1.zip"


def test_a_backup_brings_the_same_ledger_back_into_another_home(warehouse: Warehouse, tmp_path: Path) -> None:
    load(warehouse, order("1", city="旧", at=NOW), order("2"))
    load(warehouse, order("1", city="新", at=NOW.replace(hour=12)), order("2"))
    with warehouse.transaction() as cursor:
        cursor.execute("create schema live; create view live.lines as select * from order_lines")
        cursor.execute("create schema kept; create table kept.lines as from live.lines")
    said = backup.backup(warehouse, tmp_path / "b.zip")
    assert (said["file"], said["bytes"]) == (str(tmp_path / "b.zip"), (tmp_path / "b.zip").stat().st_size)
    assert backup.restore(tmp_path / "另一台", tmp_path / "b.zip")["replaced"] is None
    other = Warehouse.open(tmp_path / "另一台")
    assert (content(other), other.buyer_key()) == (content(warehouse), warehouse.buyer_key())
    load(other, order("9"))
    with other.cursor() as cursor:
        assert cursor.execute("select max(load_id), (select count(*) from live.lines) from loads").fetchall() == [(3, 3)]
    other.close()


def test_the_ledger_that_is_replaced_stays_as_a_backup(saved: Path, home: Path) -> None:
    said = backup.restore(home, saved)
    assert orders_of(home) == ["1", "2"]
    assert Path(said["replaced"]).parent == home / "backups"
    backup.restore(home, Path(said["replaced"]))
    assert orders_of(home) == ["1", "2", "3"]


def test_a_backup_is_made_while_others_load_and_holds_whole_loads(warehouse: Warehouse, tmp_path: Path) -> None:
    load(warehouse, order("1"))
    with warehouse.transaction() as cursor:
        cursor.execute("delete from order_lines")
        backup.backup(warehouse, tmp_path / "b.zip")
    backup.restore(tmp_path / "other", tmp_path / "b.zip")
    assert orders_of(tmp_path / "other") == ["1"]
    assert list(warehouse.staging.glob("backup-*")) == []


@pytest.mark.parametrize("seed", first_of(range(12), 6))
def test_a_backup_with_one_damaged_byte_is_refused(saved: Path, home: Path, seed: int) -> None:
    chance, content = random.Random(seed), bytearray(saved.read_bytes())
    with zipfile.ZipFile(saved) as archive:
        stored = {info.filename: (info.header_offset + 30 + len(info.filename), info.file_size) for info in archive.infolist()}
    start, size = stored[chance.choice(sorted(stored))]
    content[start + chance.randrange(size)] ^= 1 << chance.randrange(8)
    saved.write_bytes(content)
    with pytest.raises(OperatorError, match=r"备份「备份 1\.zip」：损坏或不是备份文件（.*账本没有改动，请换一份备份。"):
        backup.restore(home, saved)
    assert orders_of(home) == ["1", "2", "3"]


@pytest.mark.parametrize("kept_share", [0.0, 0.3, 0.99])
def test_a_truncated_backup_is_refused(saved: Path, home: Path, kept_share: float) -> None:
    content = saved.read_bytes()
    saved.write_bytes(content[: int(len(content) * kept_share)])
    with pytest.raises(OperatorError, match="损坏或不是备份文件"):
        backup.restore(home, saved)
    assert orders_of(home) == ["1", "2", "3"]


def test_a_backup_whose_ledger_breaks_a_rule_is_refused(warehouse: Warehouse, home: Path, tmp_path: Path) -> None:
    load(warehouse, order("1"))
    with warehouse.transaction() as cursor:
        cursor.execute("update loads set money_stored_fen = 7")
    backup.backup(warehouse, tmp_path / "b.zip")
    warehouse.close()
    with pytest.raises(OperatorError, match="损坏或不是备份文件（fact_receipt_is_held：load_id=1"):
        backup.restore(home, tmp_path / "b.zip")


@pytest.mark.parametrize("names", [["manifest.json"], ["../evil", "manifest.json"], ["ledger.duckdb"]])
def test_another_archive_is_no_backup(home: Path, tmp_path: Path, names: list[str]) -> None:
    source = tmp_path / "x.zip"
    with zipfile.ZipFile(source, "w") as archive:
        for name in names:
            archive.writestr(name, json.dumps({"format": "refund-ledger-backup-1", "sha256": {}}))
    with pytest.raises(OperatorError, match="损坏或不是备份文件"):
        backup.restore(home, source)
    assert not (tmp_path / "evil").exists()


def test_a_backup_is_not_restored_over_a_ledger_in_use(warehouse: Warehouse, home: Path, tmp_path: Path) -> None:
    backup.backup(warehouse, tmp_path / "b.zip")
    with pytest.raises(OperatorError, match="inbox/"):
        backup.restore(home, tmp_path / "b.zip")


def test_a_damaged_ledger_can_be_replaced_and_is_kept_byte_for_byte(saved: Path, home: Path) -> None:
    (home / "ledger.duckdb").write_bytes(b"x" * 5000)
    (home / "ledger.duckdb.wal").write_bytes(b"y" * 5000)
    said = backup.restore(home, saved)
    assert orders_of(home) == ["1", "2"]
    assert (Path(said["replaced"]) / "ledger.duckdb").read_bytes() == b"x" * 5000
    assert (Path(said["replaced"]) / "ledger.duckdb.wal").read_bytes() == b"y" * 5000


def test_a_restore_that_was_decided_is_completed_by_the_next_start(
    saved: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swap, "finish", lambda home: None)
    backup.restore(home, saved)
    monkeypatch.undo()
    assert orders_of(home) == ["1", "2"]
    assert not (home / swap.READY).exists()


def test_a_restore_that_was_not_decided_is_forgotten(saved: Path, home: Path) -> None:
    (home / swap.DRAFT).mkdir()
    (home / swap.DRAFT / "ledger.duckdb").write_bytes(b"half")
    assert orders_of(home) == ["1", "2", "3"]
    assert not (home / swap.DRAFT).exists()


@pytest.mark.parametrize("target", ["ledger.duckdb", "buyer.key", "no such folder/b.zip"])
def test_a_backup_is_not_written_over_the_ledger_or_nowhere(warehouse: Warehouse, home: Path, target: str) -> None:
    with pytest.raises(OperatorError, match="不能写在这里；应为：一个现有文件夹里的文件名。请换一个位置。"):
        backup.backup(warehouse, home / target)


def test_a_missing_backup_is_named(home: Path) -> None:
    with pytest.raises(OperatorError, match=r"备份「b\.zip」：没有这个文件"):
        backup.restore(home, home / "b.zip")
