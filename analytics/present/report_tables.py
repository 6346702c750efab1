"""The report's tables of groups: a row a month, product, reason …, with formulas where an accountant would write one."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from analytics.domain.vocabulary import CASE_DIMENSIONS, COMPONENTS, MISSING, NO_CASE, PROVENANCES
from analytics.present import numbers
from analytics.present.account import item_name, whole
from analytics.present.labels import Words
from analytics.present.losses import rate_ends
from analytics.present.report_paper import FIRST_ROW, LINE, SUM_ROW, Field, Paper, visible_sum
from analytics.present.titles import Titles

TIMES = {"month": "month", "day": "day"}  # a date's look by dimension
WITH_IDS = ("product", "streamer")
LABEL_WIDTH = 26  # what a chart's axis has room for; a Chinese character takes two
Row = Mapping[str, Any]

ENDS = ("rate_final", "rate_low", "rate_high")  # what a refund rate will be, where that can be said
_BY_ORDER = (
    *("orders", "refunds", "receivable", *COMPONENTS, "hidden", "total", "kept", "share", "cumulative", "refund_rate"),
    *ENDS,
    *("per_100", "per_refund", *PROVENANCES, "unknown_refunds"),
)
# An order's sale belongs to no reason or stage: what was sold, and rates of it, would mislead there.
_ONLY_BY_ORDER = {*ENDS, "orders", "receivable", "refund_rate", "per_100", "kept"}
_KINDS = {
    **dict.fromkeys(("orders", "refunds", "unknown_refunds", "open_cases", "unknown_cases"), "count"),
    **dict.fromkeys(("share", "cumulative", "refund_rate", *ENDS), "rate"),
    **dict.fromkeys(("per_100", "per_refund"), "yuan"),
}
FORMULAS = {
    "hidden": "=SUM({acquisition}:{damage})",
    "total": "=SUM({sales},{hidden})",
    "refund_rate": '=IF({receivable}=0,"—",{sales}/{receivable})',
    "per_100": '=IF({receivable}=0,"—",{hidden}/{receivable}*100)',
    "per_refund": '=IF({refunds}=0,"—",{total}/{refunds})',
    "kept": "={receivable}-{total}",
}
NOT_ADDED = {"cumulative"}
ADDED = {"hidden", "total"}  # their sum is their rows', whatever their formula in a row


@dataclass(frozen=True)
class Written:
    """Where a table stands: its sheet, how many rows it has, how many of them cost anything, and its columns by name."""

    sheet: str
    row_count: int
    costing: int
    columns: Mapping[str, int]


def ends_of(ends: Mapping[str, pd.DataFrame], dimension: str) -> dict[str, Row]:
    """Return the `expected` rows of a dimension by its labels, the whole period's as ""; none where nothing is expected."""
    if dimension not in ends:
        return {}
    by_label = {str(row[dimension]): row for row in ends[dimension].to_dict("records")}
    return {**by_label, "": ends[""].to_dict("records")[0]}


def write_groups(
    paper: Paper, dimension: str, groups: pd.DataFrame, total: Row, titles: Titles, ends: Mapping[str, Row] | None = None
) -> Written:
    """Write what refunds cost by one dimension (a `losses_by` answer) as a sheet; `total` is the answer's without dimensions.

    `ends` are `ends_of` the dimension: what the refund rates will be in the end, as columns of their own.
    """
    ends = ends or {}
    words = paper.words
    name = words(f"report.sheet.{dimension}")
    page = paper.sheet(name)
    is_of_cases = dimension in CASE_DIMENSIONS
    rows = [row for row in groups.to_dict("records") if not (is_of_cases and row[dimension] == NO_CASE)]
    paper.head(page, words(f"report.by_{dimension}"), _note(dimension, words))
    labels = _labels(dimension, titles, words)
    fields = [*labels, *(_field(field, words) for field in _fields(dimension, has_ends=bool(ends)))]
    table = _Table(paper, page, fields, len(labels))
    table.write_sums(rows, {**_derived(total, total), **_ends(total, ends.get(""))})
    chart_label = len(table.fields)
    running = 0
    for line, row in enumerate(rows, start=FIRST_ROW):
        running += whole(row["total_fen"]) or 0
        cumulative = numbers.ratio(running, whole(total["total_fen"]))
        names = _named(dimension, str(row[dimension]), titles)
        told = _ends(row, ends.get(str(row[dimension])))
        table.write_row(line, {**_derived(row, total), **told, "cumulative": cumulative}, names)
        paper.put(page, line, chart_label, _shortened(names.get("name", names[dimension])), "text")
    page.set_column(chart_label, chart_label, None, None, {"hidden": True})
    printed = "cumulative" if is_of_cases else "refund_rate"
    paper.finish_table(page, len(rows), table.fields, len(labels), printed=printed)
    costing = sum(1 for row in rows if whole(row["total_fen"]))
    return Written(name, len(rows), costing, {**table.columns, "label": chart_label})


def write_exposure(paper: Paper, exposure: pd.DataFrame, total: Row, titles: Titles) -> Written:
    """Write what the open cases would cost (an `exposure_by` answer by stage and product, and its total) as a sheet."""
    words = paper.words
    name = words("report.sheet.exposure")
    page = paper.sheet(name)
    paper.head(page, words("report.lead.exposure"), words("report.note.exposure"))
    labels = [*_labels("stage", titles, words), *_labels("product", titles, words)]
    parts = ("open_cases", *COMPONENTS, "hidden", "total", *PROVENANCES, "unknown_cases")
    table = _Table(paper, page, [*labels, *(_field(field, words) for field in parts)], len(labels))
    rows = exposure.to_dict("records")
    table.write_sums(rows, total)
    for line, row in enumerate(rows, start=FIRST_ROW):
        names = {**_named("stage", str(row["stage"]), titles), **_named("product", str(row["product"]), titles)}
        table.write_row(line, row, names)
    paper.finish_table(page, len(rows), table.fields, len(labels), printed="total")
    return Written(name, len(rows), len(rows), table.columns)


class _Table:
    """One table being written: its header on making, then its sums and its rows; the first `lead` columns name the rows."""

    def __init__(self, paper: Paper, page: Worksheet, fields: Sequence[Field], lead: int) -> None:
        self._paper, self._page, self._lead = paper, page, lead
        self.fields = fields
        self.columns = {field.name: column for column, field in enumerate(fields)}
        cells = {name: f"{xl_col_to_name(column)}{{row}}" for name, column in self.columns.items()}
        self._formulas = {name: text.format_map(cells) for name, text in FORMULAS.items() if name in self.columns}
        paper.header(page, fields)

    def write_row(self, line: int, row: Row, names: Row) -> None:
        """Write what names a row, then its figures."""
        for column, field in enumerate(self.fields):
            value = names[field.name] if field.name in names else _value(row, field)
            self._paper.put(self._page, line, column, value, field.kind, formula=self._formula(field, line))

    def write_sums(self, rows: Sequence[Row], total: Row) -> None:
        """Write the row of sums above the header, where a filter cannot hide it.

        A sum that is not its rows' (orders of two products count in both) is written as the number it is.
        """
        style, words = {"bold": True, "top": 1, "top_color": LINE}, self._paper.words
        self._paper.put(self._page, SUM_ROW, 0, words("report.sum"), "text", **style)
        for column, field in enumerate(self.fields[self._lead :], start=self._lead):
            value = "" if field.name in NOT_ADDED else _value(total, field)
            formula = self._formula(field, SUM_ROW) if field.name not in ADDED else ""
            if not formula and rows and isinstance(value, (int, float)) and _adds_up(rows, field, value):
                formula = visible_sum(column, len(rows))
            self._paper.put(self._page, SUM_ROW, column, value, field.kind, formula=formula, **style)

    def _formula(self, field: Field, line: int) -> str:
        return self._formulas[field.name].format(row=line + 1) if field.name in self._formulas else ""


def _ends(row: Row, expected: Row | None) -> dict[str, float | None]:
    return {f"rate_{name}": value for name, value in rate_ends(row, expected).items()}


def _fields(dimension: str, *, has_ends: bool) -> list[str]:
    left_out = _ONLY_BY_ORDER if dimension in CASE_DIMENSIONS else {"cumulative"} if dimension in TIMES else set()
    left_out = left_out if has_ends else {*left_out, *ENDS}
    return [field for field in _BY_ORDER if field not in left_out]


def _labels(dimension: str, titles: Titles, words: Words) -> list[Field]:
    if dimension in WITH_IDS:
        return [
            Field(dimension, words("report.column.id", dimension=titles.of_dimension(dimension)), "id"),
            Field("name", words("report.column.name"), "text", 30),
        ]
    return [Field(dimension, titles.of_dimension(dimension), TIMES.get(dimension, "text"))]


def _field(name: str, words: Words) -> Field:
    is_item = name in {*COMPONENTS, "receivable", "hidden", "total", "kept"}
    return Field(name, item_name(name, words) if is_item else words(f"report.column.{name}"), _KINDS.get(name, "money"))


def _note(dimension: str, words: Words) -> str:
    if dimension in CASE_DIMENSIONS:
        return words("report.note.by_case")
    if dimension in TIMES:
        return words("report.note.by_time")
    return words("report.note.by_product") if dimension == "product" else words("report.note.by_order")


def _named(dimension: str, value: str, titles: Titles) -> dict[str, Any]:
    """What the cells in front of a row's figures hold: a date, a name, or id and name."""
    title = titles(dimension, value)
    if dimension in TIMES:
        first = value if value == MISSING else date.fromisoformat(value if dimension == "day" else f"{value}-01")
        return {dimension: title if value == MISSING else first}
    return {dimension: _id(dimension, value, titles), "name": title} if dimension in WITH_IDS else {dimension: title}


def _shortened(label: Any) -> str:
    """A name as a chart's axis can carry it."""
    text, room = str(label), LABEL_WIDTH
    for place, character in enumerate(text):
        room -= 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if room < 0:
            return f"{text[: place - 1]}…"
    return text


def _id(dimension: str, value: str, titles: Titles) -> str:
    """An id as it stands; the group without one has only its name."""
    return titles(dimension, value) if value == MISSING else value


def _derived(row: Row, total: Row) -> dict[str, Any]:
    """A row with the figures that follow from it and the total; per-100 and per-refund in yuan."""
    receivable, lost = whole(row["receivable_fen"]), whole(row["total_fen"])
    per_100 = numbers.ratio(whole(row["hidden_fen"]), receivable)
    per_refund = numbers.ratio(lost, whole(row["refunds"]))
    return {
        **row,
        "share": numbers.ratio(lost, whole(total["total_fen"])),
        "refund_rate": numbers.ratio(whole(row["sales_fen"]), receivable),
        "per_100": None if per_100 is None else per_100 * 100,
        "per_refund": None if per_refund is None else per_refund / numbers.FEN_PER_YUAN,
        "kept_fen": None if receivable is None or lost is None else receivable - lost,
    }


def _source(field: str) -> str:
    return f"{field}_fen" if _KINDS.get(field, "money") == "money" else field


def _value(row: Row, field: Field) -> float | None:
    value = row[_source(field.name)]
    if value is None or pd.isna(value):
        return None
    return int(value) if field.kind in {"money", "count"} else float(value)


def _adds_up(rows: Sequence[Row], field: Field, value: float) -> bool:
    """Whether a column's rows add up to its total: money and shares always do, counts where no order stands in two rows."""
    if field.name == "share":
        return True
    if field.name in ENDS:
        return False
    return sum(_value(row, field) or 0 for row in rows) == value
