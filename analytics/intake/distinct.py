"""Columns in which few values repeat: each distinct value is read once and then spread over its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from analytics.intake.blocks import repeats


@dataclass(frozen=True)
class CellColumn:
    """The different cells of a column, and where each of them stands (none: every row has its own)."""

    cells: pa.Array
    indices: pa.Array | None

    def spread(self, read: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
        """Give every row what was read of its cell."""
        if self.indices is None:
            return read
        mine = read.slice(0, len(self.cells)).combine_chunks()
        return pa.DictionaryArray.from_arrays(self.indices, mine) if pa.types.is_string(mine.type) else mine.take(self.indices)

    def spread_if_any(self, test: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray | None:
        """Give every row the test of its cell; None when no cell passes it."""
        mine = test.slice(0, len(self.cells))
        return self.spread(test) if pc.any(mine).as_py() else None


def distinct_first(column: pa.ChunkedArray, *, by_row: bool = False) -> CellColumn:
    """Take a column apart into distinct cells and their places, when values repeat and rows need not be kept together."""
    cells = column.combine_chunks()
    if pa.types.is_dictionary(cells.type):
        return CellColumn(cells.cast(pa.string()), None) if by_row else CellColumn(cells.dictionary, cells.indices)
    if by_row or not repeats(cells):
        return CellColumn(cells, None)
    encoded = cells.dictionary_encode()
    return CellColumn(encoded.dictionary, encoded.indices)


def padded(raw: pa.Table, columns: Mapping[str, CellColumn]) -> pa.Table:
    """Put columns of different lengths side by side, filled up with nulls, beside what was read of them before."""
    length = max((len(column.cells) for column in columns.values()), default=0)
    side = {f"raw_{field}": _filled_up(column.cells, length) for field, column in columns.items()}
    read_before = [name for name in raw.column_names if name.startswith("parsed_")]
    return pa.table({**side, **{name: _filled_up(raw[name].combine_chunks(), length) for name in read_before}})


def all_blank(columns: Sequence[CellColumn], length: int) -> pa.Array:
    """Say which rows have nothing in any column."""
    blank = pa.repeat(True, length)
    for column in columns:
        is_empty = pc.equal(pc.utf8_trim_whitespace(pc.fill_null(column.cells, "")), "")
        if not pc.any(is_empty).as_py():
            return pa.repeat(False, length)
        blank = pc.and_(blank, is_empty if column.indices is None else is_empty.take(column.indices))
        if not pc.any(blank).as_py():
            break
    return blank


def any_of(tests: Sequence[pa.Array | pa.ChunkedArray], length: int) -> pa.Array | pa.ChunkedArray:
    """Say which rows pass any of the tests."""
    passed = pa.repeat(False, length)
    for test in tests:
        passed = pc.or_(passed, test)
    return passed


def holding(column: pa.ChunkedArray, text: str) -> pa.ChunkedArray:
    """Say which rows of a text column hold a text."""
    return pa.chunked_array([_holding(chunk, text) for chunk in column.chunks], pa.bool_())


def _holding(cells: pa.Array, text: str) -> pa.Array:
    if pa.types.is_dictionary(cells.type):
        return pc.match_substring(cells.dictionary, text).take(cells.indices)
    return pc.match_substring(cells, text)


def _filled_up(cells: pa.Array, length: int) -> pa.ChunkedArray:
    return pa.chunked_array([cells, pa.nulls(length - len(cells), pa.string())])
