"""Every file of the table of bad files leaves the ledger as it was, says one sentence, and leaves nothing lying about."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from analytics.actions import imports, ledger
from analytics.domain.loads import Actor
from analytics.errors import OperatorError
from tests.intake.makers import write_workbook
from tests.intake.test_bad_files import BAD_FILES, BAD_WORKBOOKS
from tests.journeys.exports import order, write_orders

ACTOR = Actor("测试")
NOW = datetime(2026, 11, 23, 9)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """A ledger that holds one good file."""
    folder = tmp_path_factory.mktemp("账本 家")
    with ledger.ledger_of(folder) as opened:
        good = write_orders(folder / "好.csv", order("1001"))
        imports.import_file(opened, good, imports.ImportOptions(), actor=ACTOR, now=NOW)
        yield opened


CASES = [*(("file", name) for name in BAD_FILES), *(("book", name) for name in BAD_WORKBOOKS)]


@pytest.mark.parametrize(("table", "name"), CASES)
def test_a_bad_file_leaves_the_ledger_as_it_was(warehouse, tmp_path: Path, table, name):
    path = tmp_path / "坏.csv"
    if table == "file":
        path.write_bytes(BAD_FILES[name][0])
    else:
        write_workbook(path, BAD_WORKBOOKS[name][0])
    before = warehouse.version(), held(warehouse)
    with pytest.raises(OperatorError) as refused:
        imports.import_file(warehouse, path, imports.ImportOptions(), actor=ACTOR, now=NOW)
    assert str(refused.value).startswith("「坏.csv」")
    assert "\n" not in str(refused.value)
    assert (warehouse.version(), held(warehouse)) == before
    assert list(warehouse.staging.iterdir()) == []


def held(warehouse) -> list[tuple]:
    """Every row of the tables that a load writes to."""
    tables = ("order_lines", "order_lines_superseded", "cases", "loads", "load_problems", "audit_log", "shops")
    with warehouse.cursor() as cursor:
        return [tuple(cursor.execute(f"from {table}").fetchall()) for table in tables]
