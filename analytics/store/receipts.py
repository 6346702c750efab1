"""Receipts of loads: written once, read back as they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import duckdb

from analytics.domain.loads import Actor, Problem, Receipt, StagedFile
from analytics.store import sql

COLUMN_BY_FIELD = {
    "file": "file_name",
    "rows": "row_count",
    "new": "new_count",
    "updated": "updated_count",
    "unchanged": "unchanged_count",
    "older": "older_count",
    "rejected": "rejected_count",
}


def write(cursor: duckdb.DuckDBPyConnection, staged: StagedFile, receipt: Receipt, actor: Actor, now: datetime) -> None:
    """Store a receipt with its problems and the rows set aside."""
    own = {COLUMN_BY_FIELD.get(name, name): getattr(receipt, name) for name in STORED_FIELDS}
    of_file = {"format": staged.format, "list_kind": staged.list_kind}
    own |= {"surprises": list(receipt.surprises), "loaded_at": now, "loaded_by": actor.name}
    sql.run(cursor, "loads/append_receipt", **own, **of_file)
    if receipt.problems:
        sql.run(cursor, "loads/append_problems", load_id=receipt.load_id, **_columns(receipt.problems))
    if staged.rejected is not None:
        sql.run(cursor, "loads/append_rejects", load_id=receipt.load_id, file=str(staged.rejected))


def every(cursor: duckdb.DuckDBPyConnection, shops: Sequence[str]) -> list[Receipt]:
    """Return the receipts of these shops (none named: of all), newest first."""
    return _read(cursor, "loads/receipts", shops=list(shops))


def one(cursor: duckdb.DuckDBPyConnection, load_id: int) -> Receipt | None:
    """Return the receipt of a load, None when there is no such load."""
    return next(iter(_read(cursor, "loads/receipt", load_id=load_id)), None)


def of_file(cursor: duckdb.DuckDBPyConnection, sha256: str, shop: str, list_kind: str) -> Receipt | None:
    """Return the receipt of the load that holds exactly this file for this shop and list, None when there is none."""
    return next(iter(_read(cursor, "loads/receipt_of_file", sha256=sha256, shop=shop, list_kind=list_kind)), None)


STORED_FIELDS = tuple(field.name for field in fields(Receipt) if field.name not in ("problems", "already_loaded_at", "undone_at"))


def _read(cursor: duckdb.DuckDBPyConnection, query: str, **values: Any) -> list[Receipt]:
    rows = sql.run(cursor, query, **values).fetchall()
    names = [column[0] for column in cursor.description]
    loads = [dict(zip(names, row, strict=True)) for row in rows]
    problems = _problems(cursor, [load["load_id"] for load in loads])
    return [_receipt(load, tuple(problems[load["load_id"]])) for load in loads]


def _receipt(load: dict[str, Any], problems: tuple[Problem, ...]) -> Receipt:
    stored = {name: load[COLUMN_BY_FIELD.get(name, name)] for name in STORED_FIELDS}
    stored["surprises"] = tuple(stored["surprises"])
    return Receipt(**stored, problems=problems, undone_at=load["undone_at"])


def _problems(cursor: duckdb.DuckDBPyConnection, load_ids: list[int]) -> defaultdict[int, list[Problem]]:
    found: defaultdict[int, list[Problem]] = defaultdict(list)
    for load_id, *problem in sql.run(cursor, "loads/problems", load_ids=load_ids).fetchall():
        found[load_id].append(Problem(*problem))
    return found


def _columns(problems: Sequence[Problem]) -> dict[str, list[Any]]:
    return {
        "sheets": [problem.sheet for problem in problems],
        "rows": [problem.row for problem in problems],
        "columns": [problem.column for problem in problems],
        "found": [problem.found for problem in problems],
        "expected": [problem.expected for problem in problems],
        "remedies": [problem.remedy for problem in problems],
    }
