"""Rows typed by hand as tiny loads: staged like a file, with a receipt and an undo like one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from analytics.domain.loads import Actor, Receipt, StagedFile
from analytics.store import loads, sql
from analytics.store.facts import FACTS, TABLE_BY_KIND
from analytics.store.warehouse import Warehouse

TYPED_FILE = "手工设置"
Row = Mapping[str, Any]


def commit_rows(
    warehouse: Warehouse, rows: Sequence[Row], *, kind: str, shop: str, actor: Actor, now: datetime, file_name: str = TYPED_FILE
) -> Receipt:
    """Store rows of a fact (dicts of its own columns, e.g. name, scope, effective_from, value, state) as one load.

    What is typed later wins over what was typed or loaded before for the same key.
    """
    with staged_rows(warehouse, rows, kind=kind, shop=shop, now=now, file_name=file_name) as staged:
        return loads.commit_load(warehouse, staged, shop=shop, actor=actor, now=now)


@contextmanager
def staged_rows(
    warehouse: Warehouse, rows: Sequence[Row], *, kind: str, shop: str, now: datetime, file_name: str = TYPED_FILE
) -> Iterator[StagedFile]:
    """Lend typed rows as a staged file, for a load or for `loads.trial_load`."""
    table = TABLE_BY_KIND[kind]
    with warehouse.cursor() as cursor:
        exported_at = _after_all_others(cursor, kind, shop, now)
        schema = cursor.sql(FACTS[table].text("loads/columns")).to_arrow_table().schema
    sha256 = hashlib.sha256(_text([shop, exported_at, *rows]).encode()).hexdigest()
    file = warehouse.staging / f"typed-{sha256}.parquet"
    try:
        pq.write_table(pa.Table.from_pylist([_full(row, n, exported_at) for n, row in enumerate(rows, 1)], schema=schema), file)
        yield _staged(table, file, rows, kind=kind, file_name=file_name, sha256=sha256, exported_at=exported_at)
    finally:
        file.unlink(missing_ok=True)


def _staged(
    table: str, file: Path, rows: Sequence[Row], *, kind: str, file_name: str, sha256: str, exported_at: datetime
) -> StagedFile:
    money = FACTS[table].money
    return StagedFile(
        file_name=file_name,
        sha256=sha256,
        kind=kind,
        platform="",
        format="typed",
        list_kind="",
        exported_at=exported_at,
        parquet_by_table={table: file},
        rejected=None,
        row_count=len(rows),
        rejected_count=0,
        money_in_fen=sum(row[money] for row in rows) if money else 0,
        first_at=None,
        last_at=None,
    )


def _after_all_others(cursor: duckdb.DuckDBPyConnection, kind: str, shop: str, now: datetime) -> datetime:
    """Now, or just after the latest export so far: two settings typed within one second must not tie."""
    ((latest,),) = sql.run(cursor, "loads/latest_export", kind=kind, shop=shop).fetchall()
    return now if latest is None or latest < now else latest + timedelta(microseconds=1)


def _full(row: Row, number: int, exported_at: datetime) -> dict[str, Any]:
    digest = hashlib.md5(_text(sorted(row.items())).encode(), usedforsecurity=False).digest()
    own = {"source_row": number, "exported_at": exported_at, "platform": "", "content_hash": int.from_bytes(digest[:8], "big")}
    return own | dict(row)


def _text(value: Any) -> str:
    return json.dumps(value, default=str, ensure_ascii=False, sort_keys=True)
