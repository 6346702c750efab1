"""Answers as text: a table for a terminal, CSV for a spreadsheet, JSON for a program."""

from __future__ import annotations

import csv
import io
import json
import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import pandas as pd

from analytics.present.exports import neutral

BEIJING_OFFSET = "+08:00"
WIDEST_CELL = 40  # display columns of one cell of a terminal table


def render(answer: Mapping[str, Any], form: str) -> str:
    """Return an answer, `{"rows": …}` and whatever stands beside the rows, as `table`, `csv` or `json`."""
    if form == "json":
        return json.dumps({key: _plain(value, key) for key, value in answer.items()}, ensure_ascii=False, indent=1)
    columns, rows = _columns_and_rows(answer["rows"])
    return _csv(columns, rows) if form == "csv" else _table(columns, rows)


def _plain(value: Any, name: str = "") -> Any:
    """A value as JSON has it: ISO dates, times with the Beijing offset, whole fen, null for what is missing."""
    if isinstance(value, pd.DataFrame):
        return [_plain(row) for row in value.to_dict("records")]
    if isinstance(value, Mapping):
        return {str(key): _plain(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner, name) for inner in value]
    return _scalar(value, name)


def _scalar(value: Any, name: str) -> Any:
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    if isinstance(value, float):
        return _number(value, name)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="seconds") + BEIJING_OFFSET
    if isinstance(value, (date, time)):
        return value.isoformat()
    return value


def _number(value: float, name: str) -> float | int | None:
    """pandas holds a column of whole numbers with a gap as floats: fen and counts are whole again here."""
    if math.isnan(value):
        return None
    return int(value) if value.is_integer() and name not in {"share"} else value


def _columns_and_rows(rows: pd.DataFrame | Sequence[Mapping[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    plain = _plain(rows)
    if isinstance(rows, pd.DataFrame):
        columns = [str(column) for column in rows.columns]
    else:
        columns = list(dict.fromkeys(key for row in plain for key in row))
    return columns, [[row.get(column) for column in columns] for row in plain]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _printable(text: str) -> str:
    """A cell's line breaks and control characters must not move a terminal's cursor."""
    return "".join(character if character.isprintable() else " " for character in text)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([neutral(value) if isinstance(value, str) else _text(value) for value in row] for row in rows)
    return out.getvalue().rstrip("\n")


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    if not rows:
        return "（没有数据）"
    cells = [[_cut(_printable(_text(value))) for value in row] for row in rows]
    widths = [max(_width(text) for text in column) for column in zip(columns, *cells, strict=True)]
    numeric = [all(isinstance(row[i], (int, float, type(None))) for row in rows) for i in range(len(columns))]
    lines = [_line(columns, widths, numeric), "  ".join("-" * width for width in widths)]
    return "\n".join(lines + [_line(row, widths, numeric) for row in cells])


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    padded = []
    for text, width, right in zip(cells, widths, numeric, strict=True):
        space = " " * (width - _width(text))
        padded.append(space + text if right else text + space)
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """Columns a text takes on a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _cut(text: str) -> str:
    if _width(text) <= WIDEST_CELL:
        return text
    cut = text
    while _width(cut) > WIDEST_CELL - 1:
        cut = cut[:-1]
    return cut + "…"
