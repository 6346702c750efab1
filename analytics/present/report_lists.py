"""The report's lists: the costs in force, and what is missing or suspicious."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from analytics.domain.costs import COST_NAMES
from analytics.domain.vocabulary import COMPONENTS, PROVENANCES
from analytics.present.account import item_name, whole
from analytics.present.labels import Words
from analytics.present.report_paper import SUM_ROW, Field, Paper
from analytics.present.titles import Titles

_LIST_HEADER = SUM_ROW  # a list has no sums
UNIT = 3  # its column, close behind the numbers
_SCALES = {"fen": ("yuan", 100), "ppm": ("rate", 1_000_000), "centiminutes": ("number", 100)}


def write_costs(paper: Paper, costs: pd.DataFrame, titles: Titles) -> int:
    """Write the dated settings and the starter assumptions (a `cost_list` answer); return how many there are."""
    words = paper.words
    page = paper.sheet(words("report.sheet.costs"))
    paper.head(page, words("report.lead.costs"), words("report.note.costs"))
    kinds = {"item": 34, "scope": 40, "value": 12, "unit": 10, "source": 10, "from": 13, "to": 13, "shop": 14}
    fields = [Field(name, words(f"report.column.{name}"), _kind_of(name), width) for name, width in kinds.items()]
    paper.header(page, fields, _LIST_HEADER)
    rows = costs.to_dict("records")
    for line, row in enumerate(rows, start=_LIST_HEADER + 1):
        for column, (value, kind) in enumerate(_cost_cells(row, titles, words)):
            paper.put(page, line, column, value, kind, **({"indent": 1} if column == UNIT else {}))
    paper.finish_table(page, len(rows), fields, 1, row=_LIST_HEADER)
    return len(rows)


def _kind_of(name: str) -> str:
    return {"value": "number", "from": "day", "to": "day"}.get(name, "text")


def _cost_cells(row: Mapping[str, Any], titles: Titles, words: Words) -> list[tuple[Any, str]]:
    cost = COST_NAMES[row["name"]]
    kind, scale = _SCALES[cost.unit]
    value = whole(row["value"])
    source = words("report.costs_off") if row["source"] == "off" else words.term(PROVENANCES[row["source"]])
    first, following = _day(row["effective_from"]), _day(row["effective_to"])
    return [
        (words.term((cost.chinese, cost.english)), "text"),
        (_scope(row["scope"], titles, words), "text"),
        (words("report.costs_off") if value is None else value / scale, kind),
        (words(f"report.unit.{cost.unit}"), "text"),
        (source, "text"),
        (first or words("report.costs_always"), "day"),
        (following - timedelta(days=1) if following else words("report.costs_open"), "day"),
        ("" if pd.isna(row["shop"]) else row["shop"], "text"),
    ]


def _scope(scope: str, titles: Titles, words: Words) -> str:
    dimension, _, value = (scope or "").partition(":")
    if not value:
        return words("report.scope.shop")
    title = titles(dimension, value)
    return words(f"report.scope.{dimension}", value=value if title == value else f"{value} {title}")


def _day(value: Any) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()


def write_health(paper: Paper, findings: pd.DataFrame) -> int:
    """Write what is missing or suspicious (a `coverage` answer); return how many findings there are."""
    words = paper.words
    page = paper.sheet(words("report.sheet.health"))
    paper.head(page, words("report.lead.health"), words("report.note.health"))
    kinds = {
        "finding": ("text", 52),
        "detail": ("text", 36),
        "count": ("count", 12),
        "amount": ("money", 16),
        "remedy": ("text", 46),
    }
    fields = [Field(name, words(f"report.column.{name}"), kind, width) for name, (kind, width) in kinds.items()]
    paper.header(page, fields, _LIST_HEADER)
    rows = findings.to_dict("records")
    for line, row in enumerate(rows, start=_LIST_HEADER + 1):
        cells = (
            words(f"health.finding.{row['finding']}"),
            _detail(row, words),
            whole(row["item_count"]),
            whole(row["amount_fen"]),
            words(f"health.remedy.{row['finding']}"),
        )
        for column, (value, field) in enumerate(zip(cells, fields, strict=True)):
            paper.put(page, line, column, value, field.kind)
    if not rows:
        paper.put(page, _LIST_HEADER + 1, 0, words("report.note.health_sound"), "text")
    paper.finish_table(page, len(rows), fields, 1, row=_LIST_HEADER)
    return len(rows)


def _detail(row: Mapping[str, Any], words: Words) -> str:
    """Which part is unknown, or which word: a word comes with the field it stands in, which is the program's own name."""
    if row["detail"] in COMPONENTS:
        return item_name(row["detail"], words)
    return row["detail"].partition(" ")[2] if row["finding"] == "unknown_word" else row["detail"]
