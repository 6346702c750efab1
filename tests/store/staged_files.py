"""Small staged files written directly as Parquet, for tests that need no reader."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from analytics.domain.loads import Actor, Problem, StagedFile
from analytics.store import sql
from analytics.store.facts import FACTS, TABLE_BY_KIND

ACTOR = Actor("小王")
NOW = datetime(2026, 11, 1, 9, 0)
SHOP = "店铺1"

NOT_IN_FILES = {"load_id", "shop", "progress"}
NOT_CONTENT = {"source_sheet", "source_row", "exported_at", "content_hash", "row_at"}
ALWAYS_THERE: dict[str, dict[str, Any]] = {
    "order_lines": {"order_id": "1", "line_ref": "1", "product_id": "", "sku": "", "tells_shipment": True},
    "cases": {"case_id": "1", "order_id": "1", "product_id": "", "sku": ""},
    "fund_flows": {"flow_id": "1", "business_no": "", "cost_fen": 0},
    "freight_insurance": {"charge_id": "1", "order_id": "1", "merchant_fee_fen": 0},
    "settlements": {"settlement_ref": "1", "order_id": "1", "product_id": ""},
    "ad_spend": {"spent_on": date(2026, 10, 1), "channel": "", "streamer_id": "", "spend_type": "traffic", "amount_fen": 0},
    "product_costs": {"product_id": "P", "sku": "", "effective_from": date(2026, 1, 1), "unit_cost_fen": 0},
    "cost_settings": {"name": "packing", "scope": "", "effective_from": date(2026, 1, 1), "state": "set"},
    "tag_sightings": {"order_id": "1", "tool": "urge_ship"},
    "note_payments": {"order_id": "1", "paid_at": datetime(2026, 10, 1), "amount_fen": 0, "is_postage": False},
}
_numbers = itertools.count(1)


def stage(
    folder: Path,
    rows: Sequence[dict[str, Any]],
    *,
    kind: str = "orders",
    exported_at: datetime | None = None,
    sha256: str | None = None,
    list_kind: str | None = None,
    also: dict[str, Sequence[dict[str, Any]]] | None = None,
    rejected: Sequence[tuple[int, dict[str, str]]] = (),
    problems: tuple[Problem, ...] = (),
    **changes: Any,
) -> StagedFile:
    """Stage rows of a kind of file (partial: the rest is null or a default), in `also` those of further tables."""
    table, number = TABLE_BY_KIND[kind], next(_numbers)
    tables = {table: rows, **(also or {})}
    parquets = {name: _write(folder / f"{number}-{name}.parquet", name, tables[name], exported_at) for name in tables}
    money = FACTS[table].money if table in FACTS else "amount_fen"
    facts: dict[str, Any] = {
        "file_name": f"文件{number}.csv",
        "sha256": sha256 or f"sha-{number}",
        "kind": kind,
        "platform": "kuaishou",
        "format": "test",
        "list_kind": list_kind if list_kind is not None else ("all" if kind == "orders" else ""),
        "exported_at": exported_at,
        "parquet_by_table": parquets,
        "rejected": _write_rejected(folder / f"{number}-rejected.parquet", rejected) if rejected else None,
        "row_count": len(rows) + len(rejected),
        "rejected_count": len(rejected),
        "money_in_fen": sum(row.get(money) or 0 for row in rows) if money else 0,
        "first_at": None,
        "last_at": None,
        "problems": problems,
    }
    return StagedFile(**(facts | changes))


def order(order_id: str, *, at: datetime | None = None, **columns: Any) -> dict[str, Any]:
    """Return the row of an order of one line whose newest time is `at`."""
    return {"order_id": order_id, "paid_at": at, "row_at": at, "paid_fen": 100} | columns


def _write(path: Path, table: str, rows: Sequence[dict[str, Any]], exported_at: datetime | None) -> Path:
    schema = _schema(table)
    full = [_full(table, row, number, exported_at) for number, row in enumerate(rows, 2)]
    pq.write_table(pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in full], schema=schema), path)
    return path


def _full(table: str, row: dict[str, Any], number: int, exported_at: datetime | None) -> dict[str, Any]:
    content = {"platform": "kuaishou"} | ALWAYS_THERE[table] | row
    return {"source_row": number, "exported_at": exported_at, "content_hash": content_hash(content)} | content


def content_hash(content: dict[str, Any]) -> int:
    """Return 64 bits of a digest of a row's content."""
    text = json.dumps({name: content[name] for name in sorted(set(content) - NOT_CONTENT)}, default=str)
    return int.from_bytes(hashlib.md5(text.encode()).digest()[:8], "big")


@cache
def _schema(table: str) -> pa.Schema:
    with duckdb.connect() as connection:
        connection.execute(sql.read("schema/0001_ledger"))
        columns = connection.table(table).limit(0).to_arrow_table().schema
    return pa.schema([column for column in columns if column.name not in NOT_IN_FILES])


def _write_rejected(path: Path, rejected: Sequence[tuple[int, dict[str, str]]]) -> Path:
    rows = [{"source_sheet": None, "source_row": row, "cells": json.dumps(cells, ensure_ascii=False)} for row, cells in rejected]
    schema = pa.schema([("source_sheet", pa.string()), ("source_row", pa.int32()), ("cells", pa.string())])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    return path
