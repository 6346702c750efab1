"""Tables as files: the product's own downloads (safe to open in Excel), and raw files in the manner of a platform's export.

The two never mix. `csv_bytes` and `xlsx_bytes` write tables of the product: ids as text, and cells that Excel could take for a
formula neutralised. `platform_csv_bytes` and `platform_xlsx_bytes` write texts exactly as given. The same input, the same bytes.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import xlsxwriter

# What a column holds: text, id (text that looks like a number), whole fen, rate 0 to 1, percentage points, a number, a count, a
# day, a moment.
COLUMN_KINDS = ("text", "id", "money_fen", "rate", "points", "number", "count", "date", "time")
_FORMATS = {
    "text": "@", "id": "@", "money_fen": "#,##0.00", "rate": "0.0%", "points": "+0.0;-0.0;0.0", "number": "General",
    "count": "#,##0", "date": "yyyy-mm-dd", "time": "yyyy-mm-dd hh:mm:ss",
}  # fmt: skip
_WIDTHS = {"text": 18, "id": 20, "money_fen": 14, "rate": 10, "points": 10, "number": 12, "count": 10, "date": 12, "time": 20}
_RISKY = re.compile(r"[=+\-@\x00-\x1f\x7f]")
_SHEET_NAME_FORBIDS = re.compile(r"[\[\]:*?/\\]")
BEIJING = timedelta(hours=8)  # a workbook's properties are in UTC
LONGEST_CELL = 32_767
LONGEST_SHEET = 1_048_575  # rows under the header
LONGEST_SHEET_NAME = 31


@dataclass(frozen=True)
class Column:
    """One column of a table: the title people read and what it holds (`COLUMN_KINDS`)."""

    title: str
    kind: str = "text"

    def __post_init__(self) -> None:
        if self.kind not in COLUMN_KINDS:
            raise ValueError(f"column {self.title}: kind {self.kind!r} is none of {COLUMN_KINDS}")


@dataclass(frozen=True)
class Sheet:
    """One table: its name, its columns, and rows with a value (None: empty) for each column."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]] = field(default=())


def sheet_of_frame(name: str, frame: pd.DataFrame, columns: Mapping[str, Column]) -> Sheet:
    """Return the named columns of a DataFrame as a sheet, in the order of the mapping."""
    values = [frame[column].astype(object).tolist() for column in columns]
    return Sheet(name, tuple(columns.values()), list(zip(*values, strict=True)))


def filters_sheet(name: str, filters: Mapping[str, str]) -> Sheet:
    """Return the sheet that says under which filters a table was drawn, one filter a row."""
    return Sheet(name, (Column(name), Column("")), list(filters.items()))


def neutral(text: str) -> str:
    """Return the text, with a leading apostrophe where a spreadsheet could run it (`= + - @` or a control character first)."""
    return f"'{text}" if _RISKY.match(text) else text


def csv_bytes(sheet: Sheet) -> bytes:
    """Write a table as CSV: UTF-8 with BOM, ids with a trailing tab so that Excel keeps every digit, money in yuan."""
    kinds = [column.kind for column in sheet.columns]
    rows = [[_csv_cell(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in sheet.rows]
    return _csv([[neutral(column.title) for column in sheet.columns], *rows], "utf-8-sig")


def _csv(rows: Iterable[Sequence[str]], encoding: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def _csv_cell(value: Any, kind: str) -> str:
    value = _plain(value)
    if value is None or value == "":
        return ""
    if kind == "id":
        return f"{neutral(str(value))}\t"
    if isinstance(value, str):
        return neutral(value)
    if kind == "money_fen":
        return f"{value / 100:.2f}"
    if kind in {"rate", "points", "number", "count"}:
        return repr(round(value, 6)) if isinstance(value, float) else str(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S" if kind == "time" else "%Y-%m-%d")
    return value.isoformat() if isinstance(value, date) else str(value)


def _plain(value: Any) -> Any:
    """Return a cell as plain Python: numpy numbers unwrapped, every kind of missing as None."""
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def xlsx_bytes(sheets: Sequence[Sheet], *, written_at: datetime) -> bytes:
    """Write tables as a workbook: ids as text cells, money in yuan and dates as real ones, the header frozen and filterable.

    A table longer than a sheet goes on in the next. `written_at` (Beijing time) stands in the workbook's properties.
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": written_at - BEIJING})
        looks = {kind: book.add_format({"num_format": number_format}) for kind, number_format in _FORMATS.items()}
        header = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        taken: set[str] = set()
        for sheet in sheets:
            rows = list(sheet.rows)
            for start in range(0, max(len(rows), 1), LONGEST_SHEET):
                page = book.add_worksheet(_free_sheet_name(sheet.name, taken))
                _fill_page(page, sheet.columns, rows[start : start + LONGEST_SHEET], looks, header)
    return stream.getvalue()


def _free_sheet_name(wanted: str, taken: set[str]) -> str:
    """Return a name Excel accepts and the workbook does not have yet."""
    plain = _SHEET_NAME_FORBIDS.sub(" ", wanted).strip("' ") or "Sheet"
    name, number = plain[:LONGEST_SHEET_NAME], 2
    while name.lower() in taken:
        tail = f" {number}"
        name, number = plain[: LONGEST_SHEET_NAME - len(tail)] + tail, number + 1
    taken.add(name.lower())
    return name


def _fill_page(
    page: Any, columns: Sequence[Column], rows: Sequence[Sequence[Any]], looks: Mapping[str, Any], header: Any
) -> None:
    page.freeze_panes(1, 0)
    for number, column in enumerate(columns):
        page.set_column(number, number, max(_WIDTHS[column.kind], 2 * len(column.title) + 2), looks[column.kind])
        page.write_string(0, number, neutral(column.title), header)
    if rows:
        page.autofilter(0, 0, len(rows), len(columns) - 1)
    for line, row in enumerate(rows, start=1):
        for number, (value, column) in enumerate(zip(row, columns, strict=True)):
            _write_cell(page, line, number, _plain(value), column.kind, looks[column.kind])


def _write_cell(page: Any, line: int, number: int, value: Any, kind: str, look: Any) -> None:
    if value is None or value == "":
        return
    if kind in {"date", "time"} and isinstance(value, date):
        page.write_datetime(line, number, value, look)
    elif kind in {"text", "id"} or isinstance(value, str):
        page.write_string(line, number, neutral(str(value))[:LONGEST_CELL], look)
    else:
        page.write_number(line, number, value / 100 if kind == "money_fen" else value, look)


def platform_csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[str]], *, encoding: str, title: str = "") -> bytes:
    """Write texts as a platform does: exactly as given, in `utf-8-sig` or `gb18030`, a title above the header if there is one."""
    return _csv([*([[title]] if title else []), columns, *rows], encoding)


def platform_xlsx_bytes(columns: Sequence[str], rows: Iterable[Sequence[str]], *, written_at: datetime) -> bytes:
    """Write texts as a platform's workbook does: every cell a text cell, exactly as given, on one sheet."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": written_at - BEIJING})
        page = book.add_worksheet("Sheet1")
        for line, row in enumerate((columns, *rows)):
            for number, text in enumerate(row):
                if text:
                    page.write_string(line, number, text)
    return stream.getvalue()
