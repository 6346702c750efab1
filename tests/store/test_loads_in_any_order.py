"""Current rows as a pure function of the loads not undone: random loads, repeated and undone, against a dict of Python."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from analytics.domain.loads import Receipt, StagedFile
from analytics.store import checks, loads, settling
from analytics.store.warehouse import Warehouse
from tests.seeds import first_of
from tests.store.staged_files import ACTOR, NOW, SHOP, content_hash, stage

WORDS = [("case_status", "处理中", "open"), ("case_status", "售后成功", "succeeded"), ("case_status", "售后关闭", "failed")]
FINISHED = {"售后成功", "售后关闭"}
DAY = datetime(2026, 10, 1)
OLDEST = datetime.min


@dataclass
class File:
    """A file of cases as the twin knows it."""

    rows: list[dict[str, Any]]
    exported_at: datetime | None
    sha256: str
    load_ids: list[int] = field(default_factory=list)


def random_file(chance: random.Random, number: int) -> File:
    """A few cases out of a few keys and contents, so that states, times and whole rows collide all the time."""
    rows = [
        {
            "case_id": str(chance.randrange(6)),
            "status_word": chance.choice(["处理中", "售后成功", "售后关闭", "没见过", None]),
            "finished_at": chance.choice([None, DAY]),
            "row_at": chance.choice([None, DAY, DAY + timedelta(days=1)]),
            "refund_fen": chance.choice([None, 100, 250]),
        }
        for _ in range(chance.randrange(7))
    ]
    exported_at = chance.choice([None, DAY, DAY + timedelta(hours=1), DAY + timedelta(hours=2)])
    return File(rows, exported_at, f"file-{number}")


def rank(row: dict[str, Any], exported_at: datetime | None) -> tuple:
    finished = row["status_word"] in FINISHED or row["finished_at"] is not None
    return (finished, row["row_at"] or OLDEST, exported_at or OLDEST, hash_of(row))


def hash_of(row: dict[str, Any]) -> int:
    return content_hash({"platform": "kuaishou", "order_id": "1", "product_id": "", "sku": ""} | row)


def expected(files: list[File]) -> dict[str, int]:
    """The boring twin: for every key the content of the best sighting of all."""
    latest: dict[tuple[str, int], datetime] = {}
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for file in files:
        for row in file.rows:
            version = (row["case_id"], hash_of(row))
            rows[version] = row
            latest[version] = max(latest.get(version, OLDEST), file.exported_at or OLDEST)
    best: dict[str, int] = {}
    for version in sorted(rows, key=lambda version: rank(rows[version], latest[version])):
        best[version[0]] = version[1]
    return best


def found(warehouse: Warehouse) -> dict[str, int]:
    with warehouse.cursor() as cursor:
        return dict(cursor.execute("select case_id, content_hash from cases").fetchall())


def staged(warehouse: Warehouse, file: File) -> StagedFile:
    return stage(warehouse.staging, file.rows, kind="cases", exported_at=file.exported_at, sha256=file.sha256)


def load(warehouse: Warehouse, file: File) -> Receipt:
    return loads.commit_load(warehouse, staged(warehouse, file), shop=SHOP, actor=ACTOR, now=NOW)


def check_receipt(receipt: Receipt, before: dict[str, int], after: dict[str, int], file: File) -> None:
    """Recount a receipt from the current rows before and after."""
    new = {row["case_id"] for row in file.rows} - set(before)
    updated = {key for key in before if before[key] != after[key]}
    older = [row for row in file.rows if after[row["case_id"]] != hash_of(row)]
    assert (receipt.new, receipt.updated, receipt.older) == (len(new), len(updated), len(older))
    assert receipt.new + receipt.updated + receipt.unchanged == receipt.rows == len(file.rows)


@pytest.mark.parametrize("seed", first_of(range(8), 5))
def test_random_loads_and_undos_give_the_same_cases_as_the_twin(warehouse: Warehouse, seed: int) -> None:
    warehouse.sync_words(WORDS)
    chance = random.Random(seed)
    files = [random_file(chance, number) for number in range(6)]
    live: dict[int, File] = {}
    for _ in range(14):
        if live and chance.random() < 0.4:
            load_id = chance.choice(list(live))
            loads.undo_load(warehouse, load_id, actor=ACTOR, now=NOW)
            del live[load_id]
        else:
            file, before = chance.choice(files), found(warehouse)
            preview = loads.preview_load(warehouse, staged(warehouse, file), shop=SHOP)
            receipt = load(warehouse, file)
            assert (preview.new, preview.updated, preview.older) == (receipt.new, receipt.updated, receipt.older)
            if receipt.already_loaded_at is None:
                check_receipt(receipt, before, found(warehouse), file)
                live[receipt.load_id] = file
        assert found(warehouse) == expected(list(live.values()))
    with warehouse.cursor() as cursor:
        assert checks.run_checks(cursor, checks.STORE_RULES) == []


def test_the_order_of_loading_never_matters(tmp_path: Path) -> None:
    chance = random.Random(99)
    files = [random_file(chance, number) for number in range(8)]
    answers = []
    for attempt in range(4):
        chance.shuffle(files)
        warehouse = Warehouse.open(tmp_path / str(attempt))
        warehouse.sync_words(WORDS)
        for file in files:
            load(warehouse, file)
        answers.append(found(warehouse))
        warehouse.close()
    assert answers == [expected(files)] * 4


def test_a_full_rebuild_changes_nothing(warehouse: Warehouse) -> None:
    warehouse.sync_words(WORDS)
    chance = random.Random(5)
    for number in range(8):
        load(warehouse, random_file(chance, number))
    before = found(warehouse)
    with warehouse.transaction() as cursor:
        settling.rebuild_facts(cursor)
    assert found(warehouse) == before


def test_undo_of_everything_leaves_empty_tables(warehouse: Warehouse) -> None:
    chance = random.Random(6)
    load_ids = [load(warehouse, random_file(chance, number)).load_id for number in range(6)]
    chance.shuffle(load_ids)
    for load_id in load_ids:
        loads.undo_load(warehouse, load_id, actor=ACTOR, now=NOW)
    with warehouse.cursor() as cursor:
        for table in ("cases", "cases_superseded", "cases_repeats"):
            assert cursor.table(table).fetchall() == []
