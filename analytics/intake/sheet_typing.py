"""Typing the blocks of one sheet in DuckDB: good rows by table, bad rows with every fault; safe to run in several threads."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from analytics.intake import queries
from analytics.intake.blocks import Block, Misfit, Sheet, block_of
from analytics.intake.cells import describe
from analytics.intake.distinct import all_blank, any_of, distinct_first, holding, padded
from analytics.intake.kinds import KINDS
from analytics.intake.layout import Layout
from analytics.intake.notes import MARK as NOTE_MARK
from analytics.intake.notes import payments_in
from analytics.intake.prepare import Faults, prepared

_TAG_FIELDS = {"is_priority_ship", "is_address_changed", "urge_count", "last_urged_at"}
_PAYMENTS = pa.schema(
    {
        "source_sheet": pa.string(),
        "source_row": pa.int32(),
        "order_id": pa.string(),
        "paid_at": pa.timestamp("us"),
        "amount_fen": pa.int64(),
        "is_postage": pa.bool_(),
    }
)


@dataclass(frozen=True)
class Job:
    """What is known about a file before its rows are read."""

    kind: str
    platform: str
    list_kind: str
    exported_at: datetime | None
    buyer_key: bytes
    staging: Path
    where: str


@dataclass(frozen=True)
class BadRow:
    """A row set aside: what may be shown of it as JSON, and each fault as (column, found, expected, remedy)."""

    row: int
    cells: str
    faults: tuple[tuple[str | None, str, str, str], ...]


@dataclass(frozen=True)
class TypedBlock:
    """A block after typing. Rows count from 0 within the block; `height` is how many rows of the file it covers."""

    tables: dict[str, pa.Table]
    height: int
    row_count: int
    bad_rows: tuple[BadRow, ...] = ()
    odd: Counter[str] = field(default_factory=Counter)
    unread_notes: int = 0


class SheetTyping:
    """Types the chunks of one sheet; every thread uses its own cursor."""

    def __init__(self, job: Job, sheet: Sheet, layout: Layout, cursor: Callable[[], duckdb.DuckDBPyConnection]) -> None:
        self._job, self._sheet, self._layout, self._cursor = job, sheet, layout, cursor
        self._parameters = {
            "sheet": sheet.name,
            "exported_at": job.exported_at,
            "platform": job.platform,
            "list_kind": job.list_kind,
        }
        self._seen_by: dict[int, set[str]] = {}
        self._column_of = {column.field: column for column in layout.columns}
        self._header_of = {column.field: layout.header_of(column) for column in layout.columns}
        self._views = {"cells": queries.cells_view(layout), "good": queries.typed_view(layout)}
        self._queries = {"values": queries.values_query(layout), "rejected": queries.rejected_query(layout)}
        self._no_rows = self._good_rows(block_of({field: pa.array([], pa.string()) for field in self._column_of}, 0))[0]
        self._queries["shape"] = queries.shape_query(self._seeing("good", self._no_rows), job.kind, self._parameters)

    def typed_chunk(self, chunk: Any) -> TypedBlock:
        """Parse and type one chunk of the sheet."""
        return self.typed(self._sheet.parse(chunk, self._layout))

    def empty(self) -> TypedBlock:
        """Type no rows at all: the tables with their columns."""
        return TypedBlock(self._tables(self._no_rows)[0], height=0, row_count=0)

    def typed(self, block: Block) -> TypedBlock:
        """Type one block."""
        good, bad_rows, odd = self._good_rows(block)
        tables, unread = self._tables(good)
        bad_rows = sorted([*bad_rows, *map(self._misfit, block.misfits)], key=lambda bad: bad.row)
        return TypedBlock(tables, block.height, good.num_rows + len(bad_rows), tuple(bad_rows), odd, unread)

    def _tables(self, good: pa.Table) -> tuple[dict[str, pa.Table], int]:
        """Return the rows of every table that the good rows bring, and how many notes could not be read."""
        cursor = self._seeing("good", good)
        tables = {KINDS[self._job.kind].table: self._ask(cursor, self._queries["shape"])}
        if self._job.kind != "orders":
            return tables, 0
        payments, unread = self._payments(good)
        return tables | self._tags(cursor) | payments, unread

    def _good_rows(self, block: Block) -> tuple[pa.Table, list[BadRow], Counter[str]]:
        """Read every cell; return the good rows by field, the bad ones, and how many cells were read as blank."""
        raw, faults = prepared(block, self._layout, self._job.buyer_key)
        columns = {
            name: distinct_first(raw[f"raw_{name}"], by_row=column.type == "setting") for name, column in self._column_of.items()
        }
        read = self._ask(self._seeing("cells", padded(raw, columns)), self._queries["values"])
        tests = {test: columns[test.field].spread_if_any(read[test.name]) for test in queries.tests_of(self._layout)}
        passed = {test: rows for test, rows in tests.items() if rows is not None}
        is_there = pc.invert(all_blank(list(columns.values()), raw.num_rows))
        is_bad = pc.and_(is_there, any_of([rows for test, rows in passed.items() if test.is_for_problems], raw.num_rows))
        values = {name: column.spread(read[name]) for name, column in columns.items()}
        good = pa.table({"source_row": raw["source_row"], **values}).filter(pc.and_not(is_there, is_bad))
        bad_rows = self._bad_rows(raw.filter(is_bad), faults) if pc.any(is_bad).as_py() else []
        odd = {self._header_of[test.field]: pc.sum(rows).as_py() for test, rows in passed.items() if not test.is_for_problems}
        return good, bad_rows, Counter(odd)

    def _seeing(self, name: str, rows: pa.Table) -> duckdb.DuckDBPyConnection:
        """Return this thread's cursor with rows under a name and the view over them."""
        cursor = self._cursor()
        cursor.register(name, rows)
        if name not in self._seen_by.setdefault(threading.get_ident(), set()):
            cursor.execute(self._views[name])
            self._seen_by[threading.get_ident()].add(name)
        return cursor

    def _ask(self, cursor: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
        return cursor.sql(query, params=queries.only_named(query, self._parameters)).to_arrow_table()

    def _tags(self, cursor: duckdb.DuckDBPyConnection) -> dict[str, pa.Table]:
        if self._job.list_kind == "all" and not _TAG_FIELDS & set(self._header_of):
            return {}
        return {"tag_sightings": self._ask(cursor, queries.text_of("order_tags"))}

    def _payments(self, good: pa.Table) -> tuple[dict[str, pa.Table], int]:
        """Return the small payments in the notes of good rows, and how many segments could not be read."""
        if "note" not in self._column_of:
            return {}, 0
        noted = good.select(["source_row", "order_id", "note"]).filter(holding(good["note"], NOTE_MARK))
        found, unread = [], 0
        for row in noted.to_pylist():
            payments, unread_here = payments_in(row["note"])
            unread += unread_here
            found += [{"source_sheet": self._sheet.name, **row, **asdict(payment)} for payment in payments]
        return {"note_payments": pa.Table.from_pylist(found, schema=_PAYMENTS)}, unread

    def _misfit(self, misfit: Misfit) -> BadRow:
        width = len(self._layout.header)
        found = f"这一行有 {misfit.cell_count} 格，表头有 {width} 列"
        remedy = "请检查这一行里多出或缺少的分隔符，改正后重新导入；也可以先搁置这一行。"
        return BadRow(misfit.row, "{}", ((None, found, f"{width} 格", remedy),))

    def _bad_rows(self, raw: pa.Table, faults: Faults) -> list[BadRow]:
        listed = self._ask(self._seeing("cells", raw), self._queries["rejected"]).to_pylist()
        return [
            BadRow(
                row,
                bad["cells"],
                tuple(
                    self._fault(row, field_, shown, faults)
                    for field_, shown in zip(bad["bad_fields"], bad["bad_cells"], strict=True)
                ),
            )
            for row, bad in zip(raw["source_row"].to_pylist(), listed, strict=True)
        ]

    def _fault(self, row: int, field_: str, shown: str, faults: Faults) -> tuple[str, str, str, str]:
        header = self._header_of[field_]
        if fault := faults.get((row, field_)):
            return header, fault.found, fault.expected, fault.remedy
        return (header, *describe(self._column_of[field_], shown))
