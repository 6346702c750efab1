"""Delimited text (.csv, .txt, .tsv): encoding and delimiter by the header, rows split as bytes, fast where they are clean."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
from pyarrow import csv as arrow_csv

from analytics.errors import OperatorError
from analytics.intake.blocks import Block, Misfit, as_text, block_of
from analytics.intake.layout import HEADER_ROWS, Layout, known_headers

_BOM = b"\xef\xbb\xbf"
_DELIMITERS = (",", "\t", ";")
_HEAD_BYTES = 1 << 18
_HEAD_ROWS = HEADER_ROWS + 5
CHUNK_BYTES = 32 << 20  # two threads hold a few chunks at once: large enough to be fast, small enough for little memory
_BLOCK_BYTES = 1 << 20  # of the fast reader: what fits into the processor's cache is parsed at twice the speed
_CHUNK_ROWS = 20_000
_LONGEST_CELL = 1 << 20

# In UTF-8 and GB18030 the bytes of delimiters, quotes and line ends stand for nothing else (the second byte of a Chinese
# character is never one of them). So rows are split as bytes, and only the cells that are kept are ever decoded.
csv.field_size_limit(_LONGEST_CELL)


@dataclass(frozen=True)
class SplitRows:
    """A chunk whose rows are already split into cells; every character stands for one byte."""

    rows: list[list[str]]


class DelimitedSheet:
    """A delimited text file as its one sheet."""

    name = None

    def __init__(self, path: Path, where: str, chunk_bytes: int | None = None) -> None:
        self._path, self._where, self._chunk_bytes = path, where, chunk_bytes or CHUNK_BYTES
        with path.open("rb") as file:
            start = file.read(_HEAD_BYTES)
        self._first_byte = len(_BOM) if start.startswith(_BOM) else 0
        is_cut = len(start) == _HEAD_BYTES
        self._start = start[self._first_byte : (start.rfind(b"\n") + 1 or None) if is_cut else None]
        self.encoding = "utf-8" if self._first_byte else _encoding_of(self._start, where)
        self._delimiter = max(_DELIMITERS, key=lambda delimiter: _score(self._start, self.encoding, delimiter))
        records = _records(self._start, self.encoding, self._delimiter)
        self.head = [cells for cells, _ in records]
        self._lines_through = [0, *(lines for _, lines in records)]

    def chunks(self, layout: Layout) -> Iterator[memoryview | SplitRows]:
        """Yield the rows below the header: pieces of the file cut at line ends, or split rows where it cannot be cut safely."""
        with self._path.open("rb") as file:
            file.seek(self._offset_of(layout.first_data_row))
            while piece := file.read(self._chunk_bytes):
                is_last = len(piece) < self._chunk_bytes
                end = len(piece.rstrip(b"\r\n")) if is_last else _end_of_rows(piece)
                if end == 0 and not is_last:
                    file.seek(-len(piece), io.SEEK_CUR)
                    yield from self._split(file)
                    return
                if end:
                    yield memoryview(piece)[:end]
                file.seek(end - len(piece) if not is_last else 0, io.SEEK_CUR)

    def parse(self, chunk: memoryview | SplitRows, layout: Layout) -> Block:
        """Make a block of a chunk: by the fast reader where every row fits the header, else row by row with the same result."""
        if isinstance(chunk, memoryview):
            with suppress(pa.ArrowInvalid):
                return self._parse_clean(chunk, layout)
            return self._parse_rows(list(self._rows_of(io.BytesIO(chunk))), layout)
        return self._parse_rows(chunk.rows, layout)

    def _parse_clean(self, chunk: memoryview, layout: Layout) -> Block:
        names = [f"c{index}" for index in range(len(layout.header))]
        kept = {names[index]: pa.binary() for index in layout.places.values()}
        table = arrow_csv.read_csv(
            pa.BufferReader(pa.py_buffer(chunk)),
            read_options=arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=_BLOCK_BYTES),
            parse_options=arrow_csv.ParseOptions(delimiter=self._delimiter, newlines_in_values=True, ignore_empty_lines=False),
            convert_options=arrow_csv.ConvertOptions(include_columns=list(kept), column_types=kept, check_utf8=False),
        )
        texts = {name: as_text(table[name].combine_chunks(), self.encoding) for name in kept}
        return block_of({field: texts[names[index]] for field, index in layout.places.items()}, table.num_rows)

    def _parse_rows(self, rows: list[list[str]], layout: Layout) -> Block:
        width = len(layout.header)
        needed = max((index + 1 for index, cell in enumerate(layout.header) if cell.strip()), default=width)
        misfits = []
        fitting = []
        for number, row in enumerate(rows):
            is_blank = not any(cell.strip() for cell in row)
            if not is_blank and not needed <= len(row) <= width:
                misfits.append(Misfit(number, len(row)))
                row = []
            fitting.append([*row[:width], *[""] * (width - len(row))])
        columns = {
            field: as_text(pa.array([row[index].encode("latin-1") for row in fitting], pa.binary()), self.encoding)
            for field, index in layout.places.items()
        }
        return block_of(columns, len(rows), misfits)

    def _split(self, file: BinaryIO) -> Iterator[SplitRows]:
        rows = self._rows_of(file)
        while chunk := list(islice(rows, _CHUNK_ROWS)):
            yield SplitRows(chunk)

    def _rows_of(self, file: BinaryIO) -> Iterator[list[str]]:
        text = io.TextIOWrapper(file, encoding="latin-1", newline="")
        try:
            yield from csv.reader(text, delimiter=self._delimiter)
        except csv.Error:
            raise OperatorError(
                self._where, "有一格超过一百万字，不像表格", "每格都是一个值的表格", "请检查引号是否成对，或从平台后台重新导出。"
            ) from None

    def _offset_of(self, row: int) -> int:
        """Return the byte at which a row of the head begins; a quoted title may span several lines."""
        lines = self._lines_through[min(row, len(self._lines_through) - 1)]
        ends = [match.end() for match in islice(re.finditer(rb"\r\n|\r|\n", self._start), lines)]
        return self._first_byte + (ends[lines - 1] if 0 < lines <= len(ends) else len(self._start) if lines else 0)


def _end_of_rows(piece: bytes) -> int:
    """Return where the last complete row of a piece ends: a line end with an even number of quotes before it; 0 if none is found.

    Looking back a little is enough for line ends inside quotes; where quotes do not pair up the rows are split one by one.
    """
    quotes = piece.count(b'"')
    end = len(piece)
    for _ in range(200):
        end = piece.rfind(b"\n", 0, end)
        if end < 0:
            return 0
        if (quotes - piece.count(b'"', end)) % 2 == 0:
            return end + 1
    return 0


def _encoding_of(start: bytes, where: str) -> str:
    """Return utf-8 or gb18030; where neither fits strictly, the one that shows more known headers (a damaged file)."""
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            start.decode(encoding)
            return encoding
    scores = {encoding: max(_score(start, encoding, delimiter) for delimiter in _DELIMITERS) for encoding in ("utf-8", "gb18030")}
    best = max(scores, key=scores.__getitem__)
    if scores[best] == 0:
        raise OperatorError(
            where, "文字编码既不是 UTF-8 也不是 GB18030", "平台导出的 CSV 或 Excel 文件", "请从平台后台重新导出并直接上传。"
        )
    return best


def _score(start: bytes, encoding: str, delimiter: str) -> int:
    return max((known_headers(cells) for cells, _ in _records(start, encoding, delimiter)), default=0)


def _records(start: bytes, encoding: str, delimiter: str) -> list[tuple[list[str], int]]:
    """Return the first rows, each with the number of lines of the file through its end."""
    reader = csv.reader(io.StringIO(start.decode(encoding, errors="replace"), newline=""), delimiter=delimiter)
    with suppress(csv.Error):
        return list(_counted(reader, _HEAD_ROWS))
    return []


def _counted(reader: Iterable[list[str]], most: int) -> Iterator[tuple[list[str], int]]:
    for cells in islice(reader, most):
        yield cells, reader.line_num
