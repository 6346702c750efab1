"""A database of another version of the program."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import duckdb
import pytest

from analytics.errors import OperatorError
from analytics.store import backup, loads, migrations
from analytics.store.warehouse import Warehouse
from tests.store.staged_files import ACTOR, NOW, SHOP, order, stage


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The schema of a later program: one more column, one more table."""
    folder = tmp_path / "newer schema"
    shutil.copytree(migrations.SCHEMA_FOLDER, folder)
    number = migrations.known()[-1].number + 1
    change = "alter table order_lines add column gift_of varchar; create table gifts (order_id varchar not null);"
    (folder / f"{number:04d}_gifts.sql").write_text(change, encoding="utf-8")
    return folder


@pytest.fixture
def older_home(home: Path) -> Path:
    """A home folder left by the present program, with one order in it."""
    warehouse = Warehouse.open(home)
    loads.commit_load(warehouse, stage(warehouse.staging, [order("1")]), shop=SHOP, actor=ACTOR, now=NOW)
    warehouse.close()
    return home


def test_an_older_database_is_backed_up_and_then_migrated(older_home: Path, newer: Path) -> None:
    warehouse = Warehouse.open(older_home, schema=newer)
    with warehouse.cursor() as cursor:
        assert cursor.execute("select order_id, gift_of from order_lines").fetchall() == [("1", None)]
        assert cursor.execute("select count(*) from gifts").fetchall() == [(0,)]
    (automatic,) = warehouse.backups.iterdir()
    warehouse.close()
    assert automatic.name.startswith("before-migration-")
    backup.restore(older_home, automatic)
    restored = Warehouse.open(older_home)
    with restored.cursor() as cursor:
        assert cursor.execute("select order_id from order_lines").fetchall() == [("1",)]
    restored.close()


def test_a_new_database_and_one_that_is_up_to_date_are_not_backed_up(older_home: Path) -> None:
    warehouse = Warehouse.open(older_home)
    assert list(warehouse.backups.iterdir()) == []
    warehouse.close()


def test_a_migration_that_fails_leaves_the_database_as_it_was(older_home: Path, newer: Path) -> None:
    number = migrations.known(newer)[-1].number + 1
    (newer / f"{number:04d}_broken.sql").write_text("create table half (x integer); select no_such_column;", encoding="utf-8")
    with pytest.raises(duckdb.Error):
        Warehouse.open(older_home, schema=newer)
    warehouse = Warehouse.open(older_home)
    with warehouse.cursor() as cursor:
        tables = {name for (name,) in cursor.execute("select table_name from information_schema.tables").fetchall()}
    warehouse.close()
    assert not tables & {"gifts", "half"}


def test_a_database_of_a_newer_program_is_refused_untouched(older_home: Path, newer: Path) -> None:
    Warehouse.open(older_home, schema=newer).close()
    before = (older_home / "ledger.duckdb").read_bytes()
    newest = migrations.known()[-1].number
    sentence = f"由更新版本的程序写成（结构 {newest + 1}）；应为：结构不高于 {newest}。请升级程序后再打开"
    with pytest.raises(OperatorError, match=sentence):
        Warehouse.open(older_home)
    assert (older_home / "ledger.duckdb").read_bytes() == before


def test_a_backup_of_a_newer_program_is_refused(older_home: Path, newer: Path, tmp_path: Path) -> None:
    warehouse = Warehouse.open(older_home, schema=newer)
    backup.backup(warehouse, tmp_path / "newer.zip")
    warehouse.close()
    assert zipfile.is_zipfile(tmp_path / "newer.zip")
    with pytest.raises(OperatorError, match="请升级程序后再打开"):
        backup.restore(older_home, tmp_path / "newer.zip")


def test_a_backup_of_an_older_program_is_migrated_when_it_is_restored(
    older_home: Path, newer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = Warehouse.open(older_home)
    backup.backup(warehouse, tmp_path / "older.zip")
    warehouse.close()
    backup.restore(older_home, tmp_path / "older.zip")
    migrated = Warehouse.open(older_home, schema=newer)
    with migrated.cursor() as cursor:
        assert cursor.execute("select order_id, gift_of from order_lines").fetchall() == [("1", None)]
    migrated.close()
