"""The paper the report is written on: sheets set up for screen and printer, and cells that say what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from analytics.present.exports import BEIJING, LONGEST_CELL, neutral
from analytics.present.figures.style import COLOURS, GREY
from analytics.present.labels import Words
from analytics.present.numbers import FEN_PER_YUAN, NOTHING

# What a cell holds. `money` comes in fen and stands in yuan; `yuan` is in yuan already.
_YUAN = "¥#,##0.00;-¥#,##0.00"
NUMBER_FORMATS = {
    "text": "@", "id": "@", "money": _YUAN, "yuan": _YUAN, "rate": "0.0%", "count": "#,##0", "number": "General",
    "day": "yyyy-mm-dd", "month": "yyyy-mm", "time": "yyyy-mm-dd hh:mm",
}  # fmt: skip
WIDTHS = {
    "text": 18, "id": 20, "money": 14, "yuan": 11, "rate": 11, "count": 9, "number": 10, "day": 12, "month": 11, "time": 17,
}  # fmt: skip
LEFT = {"text", "id", "day", "month", "time"}
FONTS = {"zh": "Microsoft YaHei", "en": "Arial"}
A4 = 9
HEADING_ROW, NOTE_ROW, SUM_ROW, HEADER_ROW, FIRST_ROW = range(5)
HEADER_HEIGHT, ROW_HEIGHT = 34, 17
PALE, LINE = "#F3F5F7", "#D5DAE0"


@dataclass(frozen=True)
class Field:
    """One column of a table: its name in the answer, its title, what it holds, and its width where the usual one does not do."""

    name: str
    title: str
    kind: str = "money"
    width: int = 0

    @property
    def colour(self) -> str:
        """The colour of the part that the column shows; empty for every other column."""
        return COLOURS.get(self.name.removesuffix("_fen"), "")


class Paper:
    """One workbook being written: its sheets, its looks, and how a value becomes a cell."""

    def __init__(self, stream: BinaryIO, words: Words, *, written_at: datetime) -> None:
        font = {"font_name": FONTS[words.language], "font_size": 10}
        self.words = words
        self.book = xlsxwriter.Workbook(stream, {"default_format_properties": font})
        self.book.set_properties({"title": words("app.name"), "created": written_at - BEIJING})
        self._font = font
        self._looks: dict[tuple[Any, ...], Format] = {}

    def sheet(
        self, name: str, *, is_portrait: bool = False, pages: int = 0, worksheet_class: type[Worksheet] | None = None
    ) -> Worksheet:
        """Add a sheet that prints on A4, one page wide and at most so many long (0: as many as it takes), its pages numbered."""
        page = self.book.add_worksheet(name, worksheet_class=worksheet_class)
        page.set_paper(A4)
        page.set_portrait() if is_portrait else page.set_landscape()
        page.fit_to_pages(1, pages)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        words = self.words
        page.set_footer(f"&L{name}&R{words('report.page', page='&P', pages='&N')}")
        page.hide_gridlines(2)
        page.set_default_row(ROW_HEIGHT)
        return page

    def look(self, kind: str, **style: Any) -> Format:
        """Return the format of a kind of cell, with more style where it is wanted."""
        key = (kind, *sorted(style.items()))
        if key not in self._looks:
            aligned = {"align": "left" if kind in LEFT else "right", "valign": "vcenter"}
            self._looks[key] = self.book.add_format(
                {**self._font, **aligned, "num_format": NUMBER_FORMATS[kind], **style},
            )
        return self._looks[key]

    def head(self, page: Worksheet, heading: str, note: str = "") -> None:
        """Write a sheet's question and the note under it."""
        page.set_row(HEADING_ROW, 26)
        page.write_string(HEADING_ROW, 0, neutral(heading), self.look("text", bold=True, font_size=14))
        page.write_string(NOTE_ROW, 0, neutral(note), self.look("text", font_color=GREY))

    def header(self, page: Worksheet, fields: Sequence[Field], row: int = HEADER_ROW) -> None:
        """Write the titles of a table's columns, those of the five parts underlined in their colours, and set their widths."""
        page.set_row(row, HEADER_HEIGHT)
        for column, each in enumerate(fields):
            line = {"bottom": 5, "bottom_color": each.colour} if each.colour else {"bottom": 1, "bottom_color": GREY}
            side = "left" if each.kind in LEFT else "right"
            page.write_string(
                row,
                column,
                neutral(capital(each.title)),
                self.look("text", bold=True, bg_color=PALE, text_wrap=True, align=side, **line),
            )
            page.set_column(column, column, each.width or WIDTHS[each.kind])

    def put(self, page: Worksheet, row: int, column: int, value: Any, kind: str, *, formula: str = "", **style: Any) -> None:
        """Write one cell: what is not known as a dash, a formula with the value it has now, text so that nothing in it runs."""
        look = self.look(kind, **style)
        if value is None:
            page.write_string(row, column, NOTHING, look)
        elif value == "":
            page.write_blank(row, column, None, look)
        elif isinstance(value, str):
            page.write_string(row, column, neutral(value)[:LONGEST_CELL], look)
        elif isinstance(value, date):
            page.write_datetime(row, column, value, look)
        elif formula:
            page.write_formula(row, column, formula, look, in_cell(value, kind))
        else:
            page.write_number(row, column, in_cell(value, kind), look)

    def finish_table(
        self, page: Worksheet, row_count: int, columns: Sequence[Field], frozen: int, *, printed: str = "", row: int = HEADER_ROW
    ) -> None:
        """Freeze a table's header and its first columns, let it be filtered, and repeat the header on every printed page.

        `printed` names the last column that goes on paper: what is too wide for it is read on the screen.
        """
        page.freeze_panes(row + 1, frozen)
        page.repeat_rows(HEADING_ROW, row)
        if row_count:
            page.autofilter(row, 0, row + row_count, len(columns) - 1)
        if printed:
            last = next(number for number, column in enumerate(columns) if column.name == printed)
            page.print_area(HEADING_ROW, 0, row + row_count, last)


def capital(text: str) -> str:
    """Return a text as it stands at the head of a column: the ledger's English words are lower case."""
    return text[:1].upper() + text[1:]


def in_cell(value: float, kind: str) -> float:
    """Return a number as its cell holds it: fen become yuan."""
    return value / FEN_PER_YUAN if kind == "money" else value


def filled(formula: str, cells: Mapping[str, tuple[int, int]]) -> str:
    """Return a formula with cells, given as (row, column), in the place of its `{names}`."""
    return formula.format_map({name: xl_rowcol_to_cell(row, column) for name, (row, column) in cells.items()})


def visible_sum(column: int, row_count: int) -> str:
    """Return the formula that adds up the rows of a column which a filter leaves."""
    letter = xl_col_to_name(column)
    return f"=SUBTOTAL(109,{letter}{FIRST_ROW + 1}:{letter}{FIRST_ROW + row_count})"
