"""The report's native charts: they read the cells of the tables, so they change when an accountant changes those."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.chart import Chart
from xlsxwriter.chart_bar import ChartBar
from xlsxwriter.worksheet import Worksheet

from analytics.domain.vocabulary import COMPONENTS
from analytics.present.account import item_name
from analytics.present.figures.style import COLOURS, GREY
from analytics.present.report_paper import FIRST_ROW, LINE, Paper, capital
from analytics.present.report_tables import TIMES, Written

TOP = 15  # rows of a table that its chart shows
CHART_WIDTH, CHART_HEIGHT = 760, 400  # pixels
ROWS_OF_CHART, COLUMNS_OF_CHART = 19, 12
YUAN_AXIS = "¥#,##0"
LABEL = {"size": 9}
INVISIBLE = {"fill": {"none": True}, "border": {"none": True}}


def write_charts(paper: Paper, page: Worksheet, tables: Mapping[str, Written]) -> None:
    """Put a chart of each table that has anything to show on a sheet, two in a row."""
    words = paper.words
    paper.head(page, words("report.lead.charts"))
    place = 0
    for dimension, table in sorted(tables.items(), key=lambda each: each[0] not in TIMES):
        chart = _over_time(paper, dimension, table) if dimension in TIMES else _largest(paper, table)
        if chart is None:
            continue
        _finish(paper, chart, words(f"report.by_{dimension}"))
        page.insert_chart(2 + place // 2 * ROWS_OF_CHART, place % 2 * COLUMNS_OF_CHART, chart)
        place += 1


def waterfall(paper: Paper, sheet: str, labels: Mapping[str, str], helper: tuple[int, int], heading: str) -> Chart:
    """Draw receivable → the five parts → kept as columns that stand on an invisible base, `labels[item]` above each.

    `helper` is the first row and column of a block on the sheet, a row an item: its name, what `steps_of` says of it, and the
    height of its label.
    """
    chart = paper.book.add_chart({"type": "column", "subtype": "stacked"})
    above = paper.book.add_chart({"type": "line"})
    row, column = helper
    last = row + len(labels) - 1
    categories = [sheet, row, column, last, column]
    painted = {"points": [{"fill": {"color": COLOURS[item]}, "border": {"none": True}} for item in labels]}
    for offset, style in enumerate((INVISIBLE, painted, painted), start=1):
        values = [sheet, row, column + offset, last, column + offset]
        chart.add_series({"categories": categories, "values": values, "gap": 40, "overlap": 100, **style})
    written = {"value": True, "position": "above", "font": {"size": 10}, "custom": [{"value": text} for text in labels.values()]}
    values = [sheet, row, column + 4, last, column + 4]
    above.add_series({"categories": categories, "values": values, "line": {"none": True}, "data_labels": written})
    chart.combine(above)
    _finish(paper, chart, heading)
    chart.set_legend({"none": True})
    chart.set_size({"width": 900, "height": 400})
    return chart


def steps_of(amounts_fen: Sequence[int | None]) -> list[tuple[int, int, int]]:
    """Return (base, part above zero, part below zero) in fen for each step of a waterfall; the first and the last stand on zero.

    A step that crosses zero has no base and a part on each side. What is not known has no height.
    """
    bars, level = [], 0
    for place, amount in enumerate(amounts_fen):
        stands = place in (0, len(amounts_fen) - 1)
        start, end = (0, amount or 0) if stands else (level, level - (amount or 0))
        low, high = min(start, end), max(start, end)
        base = low if low > 0 else min(high, 0)
        bars.append((base, max(high, 0) - max(base, 0), min(low, 0) - min(base, 0)))
        level = end
    return bars


def _over_time(paper: Paper, dimension: str, table: Written) -> Chart | None:
    if not table.costing:
        return None
    chart = paper.book.add_chart({"type": "column", "subtype": "stacked"})
    _add_parts(paper, chart, table, 0, table.row_count)
    chart.set_x_axis({"text_axis": True, "num_font": LABEL, "num_format": "yyyy-mm" if dimension == "month" else "m-d"})
    return chart


def _largest(paper: Paper, table: Written) -> Chart | None:
    """The rows that cost most, most first; a table of one row says nothing that the statement does not."""
    count = min(table.costing, TOP)
    if table.row_count < 2 or not count:
        return None
    chart = paper.book.add_chart({"type": "bar", "subtype": "stacked"})
    _add_parts(paper, chart, table, table.columns["label"], count)
    chart.set_y_axis({"reverse": True, "num_font": LABEL, "line": {"color": LINE}})
    return chart


def _add_parts(paper: Paper, chart: Chart, table: Written, labels: int, count: int) -> None:
    last = FIRST_ROW + count - 1
    for part in COMPONENTS:
        column = table.columns[part]
        chart.add_series(
            {
                "name": capital(item_name(part, paper.words)),
                "categories": [table.sheet, FIRST_ROW, labels, last, labels],
                "values": [table.sheet, FIRST_ROW, column, last, column],
                "fill": {"color": COLOURS[part]},
                "border": {"none": True},
                "gap": 45,
                "overlap": 100,
            }
        )


def _finish(paper: Paper, chart: Chart, heading: str) -> None:
    """Give a chart its question, a grid that only measures money, and the legend under it."""
    font = {"name": paper.look("text").font_name}
    chart.set_title({"name": heading, "name_font": {**font, "size": 12, "bold": True}, "overlay": False})
    money: dict[str, Any] = {"num_format": YUAN_AXIS, "num_font": {**LABEL, "color": GREY}, "line": {"none": True}}
    money["major_gridlines"] = {"visible": True, "line": {"color": LINE, "width": 0.5}}
    is_bar = isinstance(chart, ChartBar)
    (chart.set_x_axis if is_bar else chart.set_y_axis)(money)
    chart.set_legend({"position": "bottom", "font": {**font, **LABEL}})
    chart.set_size({"width": CHART_WIDTH, "height": CHART_HEIGHT})
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_plotarea({"fill": {"none": True}})
    chart.show_hidden_data()
