"""The report's sheets of cases: many rows, so their cells are made column by column and stream into the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from analytics.domain.vocabulary import COMPONENTS, MISSING, PROVENANCES
from analytics.present import exports
from analytics.present.account import item_name
from analytics.present.labels import Words
from analytics.present.numbers import FEN_PER_YUAN, NOTHING
from analytics.present.report_paper import FIRST_ROW, LINE, SUM_ROW, Field, Paper, visible_sum
from analytics.present.titles import Titles

BLOCK_ROWS = 5_000  # rows made at a time: what is in memory beside the answer itself
LEAD = 3  # columns that stay while one scrolls: shop, case, order
EXCELS_FIRST_DAY = pd.Timestamp("1899-12-30")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # a spreadsheet would read a character code out of it
_NOT_XML = dict.fromkeys([*range(0x20), 0xFFFE, 0xFFFF], " ")  # characters that no XML file may hold


class StreamedSheet(Worksheet):
    """A sheet whose last rows are made while it is written: a cell object for each of millions of cells takes minutes."""

    rows_xml: Iterable[str] = ()

    def _write_rows(self) -> None:
        super()._write_rows()
        for piece in self.rows_xml:
            self.fh.write(piece)


def write_cases(paper: Paper, cases: pd.DataFrame, titles: Titles) -> list[tuple[str, int]]:
    """Write every case (a `refunds` answer) with its parts and the line of its file; return the sheets' names and row counts.

    More cases than a sheet can hold go on in the next.
    """
    words, room = paper.words, exports.LONGEST_SHEET - FIRST_ROW + 1
    starts = range(0, max(len(cases), 1), room)
    written = []
    for number, start in enumerate(starts, start=1):
        name = words("report.sheet.cases")
        name = name if number == 1 else words("report.continued", name=name, number=number)
        written.append((name, _write_sheet(paper, name, cases.iloc[start : start + room], titles, goes_on=number < len(starts))))
    return written


def _write_sheet(paper: Paper, name: str, cases: pd.DataFrame, titles: Titles, *, goes_on: bool) -> int:
    words, fields = paper.words, _fields(paper.words, titles)
    page = paper.sheet(name, worksheet_class=StreamedSheet)
    note = words("report.note.cases_more") if goes_on else words("report.note.cases")
    paper.head(page, words("report.lead.cases"), note)
    paper.header(page, fields)
    style = {"bold": True, "top": 1, "top_color": LINE}
    paper.put(page, SUM_ROW, 0, words("report.sum"), "text", **style)
    for column, field in enumerate(fields):
        if field.kind == "money" and len(cases):
            paper.put(page, SUM_ROW, column, _sum(cases[field.name]), "money", formula=visible_sum(column, len(cases)), **style)
    if len(cases):
        page._check_dimensions(FIRST_ROW + len(cases) - 1, len(fields) - 1)
        page.rows_xml = _rows_xml(paper, cases, fields, titles)
    paper.finish_table(page, len(cases), fields, LEAD, printed="total_fen")
    return len(cases)


def _sum(amounts_fen: pd.Series) -> int:
    return int(amounts_fen.sum())


def _fields(words: Words, titles: Titles) -> list[Field]:
    """The columns of the sheet, by their names in the answer; `name`, `known_from` are made here."""
    sources = [Field(f"{part}_provenance", words(f"report.column.{part}_provenance"), "text", 12) for part in COMPONENTS]
    parts = [Field(f"{part}_fen", item_name(part, words)) for part in COMPONENTS]
    return [
        Field("shop", words("report.column.shop"), "text", 12),
        Field("case_id", words("report.column.case_id"), "id"),
        Field("order_id", words("report.column.order_id"), "id"),
        Field("kind", titles.of_dimension("kind"), "text", 12),
        Field("stage", titles.of_dimension("stage"), "text", 14),
        Field("reason", titles.of_dimension("reason"), "text", 22),
        Field("product", words("report.column.product"), "id"),
        Field("name", words("report.column.name"), "text", 30),
        Field("paid_at", words("report.column.paid_at"), "time"),
        Field("finished_at", words("report.column.finished_at"), "time"),
        Field("share", words("report.column.share_of_case"), "rate"),
        Field("refund_fen", words("report.column.refund")),
        *parts,
        Field("hidden_fen", item_name("hidden", words)),
        Field("total_fen", item_name("total", words)),
        *sources,
        Field("known_from", words("report.column.inferred"), "text", 16),
        Field("source_file", words("report.column.source_file"), "text", 34),
        Field("source_row", words("report.column.source_row"), "number"),
    ]


def _rows_xml(paper: Paper, cases: pd.DataFrame, fields: Sequence[Field], titles: Titles) -> Iterator[str]:
    """The rows of the sheet as XML, some thousands at a time."""
    looks = [paper.look(field.kind) for field in fields]
    texts = _Texts(paper.words, titles)
    for start in range(0, len(cases), BLOCK_ROWS):
        block = cases.iloc[start : start + BLOCK_ROWS]
        lines = range(FIRST_ROW + start + 1, FIRST_ROW + start + len(block) + 1)
        columns = [
            _column_xml(field, texts.of(field.name, block), xl_col_to_name(number), lines, look)
            for number, (field, look) in enumerate(zip(fields, looks, strict=True))
        ]
        yield "".join(
            f'<row r="{line}">{"".join(cells)}</row>' for line, cells in zip(lines, zip(*columns, strict=True), strict=True)
        )


def _column_xml(field: Field, values: pd.Series, letter: str, lines: range, look: Format) -> list[str]:
    """One column's cells: numbers as numbers, everything else as text, what is not known as a dash."""
    style = look._get_xf_index()
    is_missing = values.isna().tolist()
    if field.kind in {"text", "id"}:
        cells = _texts_xml(values.astype(object).tolist())
    else:
        cells = [f"><v>{number!r}</v>" for number in _numbers(values, field.kind)]
    dash = _text_xml(NOTHING)
    return [
        f'<c r="{letter}{line}" s="{style}"{dash if missing else cell}</c>'
        for line, cell, missing in zip(lines, cells, is_missing, strict=True)
    ]


def _numbers(values: pd.Series, kind: str) -> list[float]:
    if kind == "time":
        return ((pd.to_datetime(values) - EXCELS_FIRST_DAY) / pd.Timedelta(days=1)).round(9).tolist()
    plain = values.fillna(0)
    return (plain / FEN_PER_YUAN).tolist() if kind == "money" else plain.tolist()


def _texts_xml(values: list[Any]) -> list[str]:
    """Texts repeat a lot (stages, shops, files): each is made once a block."""
    made = {value: _text_xml(exports.neutral(str(value))) for value in set(values) if isinstance(value, str)}
    return [made.get(value, "") for value in values]


def _text_xml(text: str) -> str:
    plain = escape(_LOOKS_ESCAPED.sub("_x005F_", text[: exports.LONGEST_CELL].translate(_NOT_XML)))
    keeps = "" if plain == plain.strip() else ' xml:space="preserve"'
    return f' t="inlineStr"><is><t{keeps}>{plain}</t></is>'


class _Texts:
    """The cells of a column of cases as the reader reads them: names for ids, words for codes."""

    def __init__(self, words: Words, titles: Titles) -> None:
        self._words, self._titles = words, titles

    def of(self, name: str, cases: pd.DataFrame) -> pd.Series:
        """Return one column's values: texts said in the reader's language, everything else as the answer has it."""
        if name == "known_from":
            return self._known_from(cases)
        if name == "name":
            return self._said("product", cases["product"])
        if name in {"kind", "stage", "reason"}:
            return self._said(name, cases[name])
        if name == "product":
            return cases["product"].where(cases["product"] != MISSING)
        return self._sources(cases[name]) if name.endswith("_provenance") else cases[name]

    def _said(self, dimension: str, values: pd.Series) -> pd.Series:
        return values.map({value: self._titles(dimension, value) for value in values.dropna().unique()})

    def _sources(self, values: pd.Series) -> pd.Series:
        """`actual+assumed` in words; a part without any money rests on nothing and stays empty."""
        words = self._words
        names = {**{name: words.term(term) for name, term in PROVENANCES.items()}, "unknown": words("report.source.unknown")}
        said = {value: " + ".join(names[name] for name in value.split("+")) if value else "" for value in values.unique()}
        return values.map(said)

    def _known_from(self, cases: pd.DataFrame) -> pd.Series:
        words = self._words
        texts = pd.Series(words("report.from_case"), index=cases.index)
        texts = texts.mask(cases["unmatched"].astype(bool), words("report.from_case_alone"))
        return texts.mask(cases["inferred"].astype(bool), words("report.from_order"))
