"""The sheet in front: the account in one sentence, what was asked for, how firm it is, what is inside, what the words mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from analytics.domain.vocabulary import CLOCKS, PROVENANCES
from analytics.present import numbers
from analytics.present.account import Account, said
from analytics.present.exports import neutral
from analytics.present.labels import Words
from analytics.present.maturity import outcome, rate_text
from analytics.present.report_paper import GREY, HEADING_ROW, LINE, NOTE_ROW, Paper
from analytics.present.titles import Titles

MEANINGS = ("receivable", "sales", "hidden", "parts", "kept", "sources", "gaps", "clock", "exposure")
WIDTHS = (40, 18, 70)
LONG_LINE = 88  # characters of the widest column, in the narrower of the two scripts
LINE_HEIGHT = 16


@dataclass(frozen=True)
class Asked:
    """Which part of the account the report shows, and how far its data goes; the days are None where none is named."""

    first_day: date | None
    last_day: date | None
    clock: str
    where: Mapping[str, Sequence[str]]
    shops: Sequence[str]
    data_until: date | None
    has_sample: bool
    written_at: datetime

    def period(self, words: Words) -> str:
        """Return the days in words."""
        first, last = self.first_day, self.last_day
        if first and last:
            return words("report.about.days_range", first=first, last=last)
        if first:
            return words("report.about.days_from", first=first)
        return words("report.about.days_to", last=last) if last else words("period.all")


def write_about(
    paper: Paper,
    page: Worksheet,
    account: Account,
    asked: Asked,
    sheets: Sequence[tuple[str, int | None, str]],
    titles: Titles,
    end: str = "",
) -> None:
    """Fill the first sheet; `sheets` are the names of the others, their row counts and what each answers.

    `end` says what the refund rate will be, where more is to come.
    """
    words = paper.words
    for column, width in enumerate(WIDTHS):
        page.set_column(column, column, width)
    page.set_row(HEADING_ROW, 48)
    sentence = words("report.title", period=asked.period(words), **said(account, words))
    page.merge_range(HEADING_ROW, 0, HEADING_ROW, len(WIDTHS) - 1, "", _heading(paper))
    page.write_string(HEADING_ROW, 0, neutral(sentence), _heading(paper))
    sample = f"{words('sample.watermark')} · {words('sample.note')}" if asked.has_sample else words("app.about")
    paper.put(page, NOTE_ROW, 0, sample, "text", font_color=GREY)
    row = _block(paper, page, NOTE_ROW + 2, words("report.about.facts"), _facts(account, asked, words, titles, end))
    row = _block(paper, page, row + 1, words("report.about.rests"), _rests(account, words))
    row = _contents(paper, page, row + 1, sheets)
    _meanings(paper, page, row + 1)


def _heading(paper: Paper) -> Any:
    return paper.look("text", bold=True, font_size=16, text_wrap=True)


def expected_end(total: pd.DataFrame, ends: Mapping[str, pd.DataFrame], words: Words) -> str:
    """Say what the period's refund rate is so far and will be in the end; nothing where that cannot be said."""
    row = total.to_dict("records")[0]
    if "" not in ends or not row["receivable_fen"] or pd.isna(row["sales_fen"]):
        return ""
    told = outcome(ends[""].to_dict("records")[0], "sales", float(row["sales_fen"]))
    if told is None:
        return ""
    over = told.over(float(row["receivable_fen"]))
    return words("report.about.end", so_far=numbers.rate(over.so_far), end=rate_text(over, words))


def _facts(account: Account, asked: Asked, words: Words, titles: Titles, end: str) -> Iterator[tuple[str, Any, str]]:
    yield words("report.about.days"), asked.period(words), "text"
    yield words("report.about.clock"), words.term(CLOCKS[asked.clock]), "text"
    yield words("report.about.shops"), "、".join(asked.shops) if words.language == "zh" else ", ".join(asked.shops), "text"
    yield words("report.about.where"), _conditions(asked, words, titles), "text"
    yield words("report.about.until"), asked.data_until, "day"
    yield words("report.about.made"), asked.written_at, "time"
    yield words("report.about.orders"), account.orders, "count"
    yield words("report.about.refunds"), account.refunds, "count"
    yield words("report.about.unknown"), account.unknown_refunds, "count"
    if end:
        yield words("report.about.rate"), end, "text"


def _conditions(asked: Asked, words: Words, titles: Titles) -> str:
    each = [
        words(
            "report.about.where_one",
            dimension=titles.of_dimension(dimension),
            values=" / ".join(titles(dimension, value) for value in values),
        )
        for dimension, values in asked.where.items()
    ]
    return "; ".join(each) or words("report.about.where_none")


def _rests(account: Account, words: Words) -> Iterator[tuple[str, Any, str]]:
    for name, title in PROVENANCES.items():
        yield words.term(title), account.provenance_fen[name], "money"


def _block(paper: Paper, page: Worksheet, row: int, heading: str, lines: Iterator[tuple[str, Any, str]]) -> int:
    """Write a heading and its lines, name beside value; money also as a share. Return the row after them."""
    _subheading(paper, page, row, heading)
    written = list(lines)
    whole_fen = sum(value for _, value, kind in written if kind == "money")
    for line, (name, value, kind) in enumerate(written, start=row + 1):
        paper.put(page, line, 0, name, "text", font_color=GREY)
        paper.put(page, line, 1, value, kind, align="left")
        if kind == "money":
            paper.put(page, line, 2, numbers.ratio(value, whole_fen), "rate", align="left")
    return row + 1 + len(written)


def _subheading(paper: Paper, page: Worksheet, row: int, heading: str) -> None:
    for column in range(len(WIDTHS)):
        text = heading if column == 0 else ""
        page.write_string(row, column, text, paper.look("text", bold=True, font_size=12, bottom=1, bottom_color=LINE))


def _contents(paper: Paper, page: Worksheet, row: int, sheets: Sequence[tuple[str, int | None, str]]) -> int:
    """Write where to find what: a click goes there."""
    words = paper.words
    _subheading(paper, page, row, words("report.about.sheets"))
    for line, (name, count, answers) in enumerate(sheets, start=row + 1):
        page.write_url(line, 0, f"internal:'{name}'!A1", paper.look("text", font_color="#0072B2", underline=1), name)
        paper.put(page, line, 1, "" if count is None else count, "text" if count is None else "count", align="left")
        paper.put(page, line, 2, answers, "text")
    return row + 1 + len(sheets)


def _meanings(paper: Paper, page: Worksheet, row: int) -> None:
    words = paper.words
    _subheading(paper, page, row, words("report.about.meanings"))
    look = paper.look("text", text_wrap=True)
    for line, name in enumerate(MEANINGS, start=row + 1):
        text = words(f"report.meaning.{name}")
        page.merge_range(line, 0, line, len(WIDTHS) - 1, "", look)
        page.write_string(line, 0, neutral(text), look)
        width = len(text) * (2 if words.language == "zh" else 1)
        page.set_row(line, LINE_HEIGHT * (1 + width // sum(WIDTHS)))
