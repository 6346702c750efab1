"""From typed blocks to staged Parquet: writing in order, what needs the whole file, and what a receipt adds up."""

from __future__ import annotations

import re
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from analytics.domain.loads import Problem
from analytics.errors import OperatorError
from analytics.intake import queries
from analytics.intake.blocks import Sheet
from analytics.intake.formats import fields_of, formats, words
from analytics.intake.kinds import KINDS
from analytics.intake.layout import Layout
from analytics.intake.privacy import hide_numbers
from analytics.intake.sheet_typing import BadRow, Job, SheetTyping, TypedBlock

_WORKERS = 2
_AHEAD = 2  # blocks waiting for the writer: more would only cost memory
_DATABASE_MEMORY = "1GB"  # what does not fit (identical lines of a very large file) goes to the staging folder
_MOST_PROBLEMS = 1000  # listed one by one; every bad row is in the rejected file all the same
_MOST_NAMED = 5  # rows or settings in a remark
_SCIENTIFIC = re.compile(r"「\d(\.\d+)?[eE]\+\d+」")
_REPEATING_TYPES = {"text", "word", "status", "code", "province", "city", "choice"}
_REJECTED = pa.schema({"source_sheet": pa.string(), "source_row": pa.int32(), "cells": pa.string()})
_ID_TYPES = {"id", "parcel"}


@dataclass
class Tally:
    """What the blocks of a file add up to."""

    row_count: int = 0
    rejected_count: int = 0
    problems: list[Problem] = field(default_factory=list)
    unlisted_problems: int = 0
    odd: Counter[str] = field(default_factory=Counter)
    unread_notes: int = 0


class Stager:
    """Types the rows of a file and writes them to the staging folder."""

    def __init__(self, job: Job) -> None:
        self._job, self._kind, self._tally = job, KINDS[job.kind], Tally()
        config = {"threads": _WORKERS, "memory_limit": _DATABASE_MEMORY, "temp_directory": str(job.staging / "spill")}
        self._connection = duckdb.connect(":memory:", config=config)
        # It turns short lists of words into joins, which costs more than the whole query.
        self._connection.execute("set disabled_optimizers = 'in_clause'")
        queries.install(self._connection)
        self._writers: dict[str, parquet.ParquetWriter] = {}
        self._local = threading.local()

    def read(self, sheet: Sheet, layout: Layout) -> None:
        """Read all rows of a sheet below its header."""
        typing = SheetTyping(self._job, sheet, layout, self._cursor)
        self._take(typing.empty(), sheet.name, 0)
        first_row = layout.first_data_row + 1
        with ThreadPoolExecutor(_WORKERS) as pool:
            for block in _in_order(pool, typing.typed_chunk, sheet.chunks(layout)):
                self._take(block, sheet.name, first_row)
                first_row += block.height

    def finish(self) -> dict[str, Any]:
        """Settle what needs the whole file; return paths by table, sums, problems and surprises as plain data."""
        for writer in self._writers.values():
            writer.close()
        rejected = self._writers.pop("rejected", None)
        self._refuse_rounded_ids()
        self._rework()
        return {
            "parquet_by_table": {table: str(self._path(table)) for table in self._writers},
            "rejected": str(self._path("rejected")) if rejected else None,
            **self._sums(),
            "row_count": self._tally.row_count,
            "rejected_count": self._tally.rejected_count,
            "problems": [asdict(problem) for problem in self._tally.problems],
            "surprises": [*self._new_words(), *self._contradictions(), *self._oddities()],
        }

    def close(self) -> None:
        """Let go of the database and of files that are still open."""
        for writer in self._writers.values():
            writer.close()
        self._connection.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        if not hasattr(self._local, "cursor"):
            self._local.cursor = self._connection.cursor()
        return self._local.cursor

    def _take(self, block: TypedBlock, sheet: str | None, first_row: int) -> None:
        for name, table in block.tables.items():
            self._write(name, _shifted(table, first_row))
        self._tally.row_count += block.row_count
        self._tally.odd += block.odd
        self._tally.unread_notes += block.unread_notes
        if block.bad_rows:
            self._set_aside(block.bad_rows, sheet, first_row)

    def _set_aside(self, bad_rows: tuple[BadRow, ...], sheet: str | None, first_row: int) -> None:
        self._tally.rejected_count += len(bad_rows)
        rows = [{"source_sheet": sheet, "source_row": first_row + bad.row, "cells": bad.cells} for bad in bad_rows]
        self._write("rejected", pa.Table.from_pylist(rows, schema=_REJECTED))
        for bad in bad_rows:
            for column, found, expected, remedy in bad.faults:
                if _SCIENTIFIC.search(found) and self._is_id(column):
                    raise self._damaged(f"第 {first_row + bad.row} 行「{column}」的编号被改成了{_SCIENTIFIC.search(found)[0]}")
                self._list(Problem(first_row + bad.row, column, found, expected, remedy, sheet))

    def _list(self, problem: Problem) -> None:
        if len(self._tally.problems) < _MOST_PROBLEMS:
            self._tally.problems.append(problem)
        else:
            self._tally.unlisted_problems += 1

    def _is_id(self, header: str | None) -> bool:
        return any(
            header in column.headers and column.type in _ID_TYPES
            for one in formats()
            if one.kind == self._job.kind
            for column in one.columns
        )

    def _damaged(self, found: str) -> OperatorError:
        remedy = "请从平台后台重新导出，不要用 Excel 打开，直接上传原文件。"
        return OperatorError(self._job.where, found, "完整的编号（每一位都在）", remedy)

    def _write(self, name: str, table: pa.Table) -> None:
        if name not in self._writers:
            self._writers[name] = self._writer(self._path(name), table.schema)
        if table.num_rows:
            self._writers[name].write_table(table)

    def _writer(self, path: Path, schema: pa.Schema) -> parquet.ParquetWriter:
        """Open a file that is read once and removed: fast beats small, and only words repeat enough for a dictionary."""
        repeating = [name for name in schema.names if fields_of(self._job.kind).get(name) in _REPEATING_TYPES]
        return parquet.ParquetWriter(path, schema, compression="lz4", write_statistics=False, use_dictionary=repeating)

    def _path(self, name: str) -> Path:
        return self._job.staging / f"{name}.parquet"

    def _refuse_rounded_ids(self) -> None:
        """Refuse a column of long ids that all end in 0: a spreadsheet keeps fifteen digits of a number."""
        kept = parquet.read_schema(self._path(self._kind.table)).names
        for name in (name for name, type_ in fields_of(self._job.kind).items() if type_ in _ID_TYPES and name in kept):
            # One whole id clears its column, and it is nearly always among the first.
            if all(self._one("rounded_ids", column=name, rows=rows)[0] for rows in ("1000", str(1 << 40))):
                raise self._damaged(f"「{self._header_of(name)}」列十六位以上的编号全部以 0 结尾")

    def _header_of(self, name: str) -> str:
        return next(c.header for one in formats() if one.kind == self._job.kind for c in one.columns if c.field == name)

    def _rework(self) -> None:
        if self._kind.rework:
            self._rewrite(self._kind.table, self._kind.rework)
        if self._job.kind == "orders" and self._one("has_repeats")[0]:
            self._rewrite("order_lines", "repeated_lines")
        if self._job.kind == "orders" and "tag_sightings" in self._writers:
            self._rewrite("tag_sightings", "distinct_tags")
        if "note_payments" in self._writers:
            self._rewrite("note_payments", "distinct_payments")

    def _rewrite(self, table: str, query: str) -> None:
        result = self._connection.sql(queries.text_of(query), params={"path": str(self._path(table))}).to_arrow_reader(100_000)
        again = self._path(f"{table}.again")
        with self._writer(again, result.schema) as writer:
            for batch in result:
                writer.write_batch(batch)
        again.replace(self._path(table))

    def _sums(self) -> dict[str, Any]:
        money_fen, first, last = self._one("sums", money_fen=self._kind.money_fen, period=self._kind.period)
        return {"money_in_fen": money_fen, "first_at": first and first.isoformat(), "last_at": last and last.isoformat()}

    def _one(self, name: str, **parts: str) -> tuple:
        return self._connection.execute(queries.filled(name, parts), {"path": str(self._path(self._kind.table))}).fetchall()[0]

    def _new_words(self) -> list[str]:
        said = []
        for column, name in self._kind.words.items():
            known = {word for one, word, _ in words() if one == name}
            query = queries.filled("words_seen", {"column": column})
            seen = self._connection.execute(query, {"path": str(self._path(self._kind.table))}).fetchall()
            new = [f"「{word[:20]}」" for (word,) in seen if word not in known]
            if new:
                said.append(f"「{self._header_of(column)}」有没见过的词：{'、'.join(new[:5])}{' 等' if len(new) > 5 else ''}")
        return said

    def _contradictions(self) -> list[str]:
        """Name the rows of a template that set the same thing to different values."""
        if not self._kind.keys:
            return []
        shown = self._kind.keys.removesuffix(", effective_from")
        query = queries.filled("contradictions", {"keys": self._kind.keys, "value": self._kind.value, "shown": shown})
        found = self._connection.execute(query, {"path": str(self._path(self._kind.table))}).fetchall()
        said = [
            f"{'与'.join(rows[:_MOST_NAMED])}是同一项设置（{hide_numbers(setting).strip()}），值不同"
            for rows, setting in found[:_MOST_NAMED]
        ]
        return said + ([f"另有 {len(found) - _MOST_NAMED} 项设置出现多次，值不同"] if len(found) > _MOST_NAMED else [])

    def _oddities(self) -> list[str]:
        said = [f"「{header}」有 {count} 格读不懂，按空白处理" for header, count in self._tally.odd.items()]
        if self._tally.unread_notes:
            said.append(f"订单备注里有 {self._tally.unread_notes} 段小额打款读不出时间或金额")
        if self._tally.unlisted_problems:
            said.append(f"另有 {self._tally.unlisted_problems} 处问题没有逐条列出，都在被搁置的行里")
        if self._tally.row_count == 0:
            said.append("表头下面没有数据行")
        return said


def _shifted(table: pa.Table, first_row: int) -> pa.Table:
    """Count the rows of a block from where it stands in the file."""
    index = table.column_names.index("source_row")
    rows = pc.add(table["source_row"], pa.scalar(first_row, pa.int32())).cast(pa.int32())
    return table.set_column(index, "source_row", rows)


def _in_order(pool: ThreadPoolExecutor, work: Callable[[Any], TypedBlock], chunks: Iterable[Any]) -> Iterator[TypedBlock]:
    """Work on chunks in parallel, a few ahead, and yield the results in the order of the file."""
    waiting: deque[Future[TypedBlock]] = deque()
    for chunk in chunks:
        waiting.append(pool.submit(work, chunk))
        if len(waiting) > _AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
