"""The whole account as a workbook that a shop owner or an accountant opens and understands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

import pandas as pd

from analytics.present.account import Account, account_of
from analytics.present.labels import Words
from analytics.present.report_about import Asked, expected_end, write_about
from analytics.present.report_cases import write_cases
from analytics.present.report_charts import write_charts
from analytics.present.report_lists import write_costs, write_health
from analytics.present.report_paper import Paper
from analytics.present.report_statement import write_statement
from analytics.present.report_tables import Written, ends_of, write_exposure, write_groups
from analytics.present.titles import Titles

__all__ = ["Answers", "Asked", "write_report"]

DIMENSIONS = ("month", "product", "streamer", "reason", "stage", "province", "day")


@dataclass(frozen=True)
class Answers:
    """What the report shows: one answer of the store each, of one state of the ledger.

    `groups` has a `losses_by` answer for each dimension that gets a sheet; `exposure` is by stage and product.
    """

    total: pd.DataFrame
    by_provenance: pd.DataFrame
    groups: Mapping[str, pd.DataFrame]
    cases: pd.DataFrame
    costs: pd.DataFrame
    findings: pd.DataFrame
    beside: pd.DataFrame
    exposure: pd.DataFrame
    exposure_total: pd.DataFrame
    names: pd.DataFrame
    ends: Mapping[str, pd.DataFrame] = field(default_factory=dict)  # `expected` answers by dimension, "" for the whole period


def write_report(stream: BinaryIO, answers: Answers, asked: Asked, words: Words) -> list[dict[str, str | int]]:
    """Write the workbook into an open binary file; return its tables as [{"sheet", "rows"}], in their order."""
    titles = Titles(words, _names(answers.names))
    account = account_of(answers.total, answers.by_provenance)
    paper = Paper(stream, words, written_at=asked.written_at)
    with paper.book:
        about = paper.sheet(words("report.sheet.about"), is_portrait=True)
        sheets = _write_sheets(paper, answers, account, titles)
        write_about(paper, about, account, asked, sheets, titles, expected_end(answers.total, answers.ends, words))
    return [{"sheet": name, "rows": count} for name, count, _ in sheets if count is not None]


def _write_sheets(paper: Paper, answers: Answers, account: Account, titles: Titles) -> list[tuple[str, int | None, str]]:
    """Write every sheet but the first; return their names, row counts and questions."""
    words = paper.words
    write_statement(paper, account, answers.beside)
    charts = paper.sheet(words("report.sheet.charts"), is_portrait=True, pages=1)  # stands before the tables that it reads
    tables = _write_tables(paper, answers, titles)
    write_charts(paper, charts, tables)
    cases = write_cases(paper, answers.cases, titles)
    cost_count, finding_count = write_costs(paper, answers.costs, titles), write_health(paper, answers.findings)
    exposure = write_exposure(paper, answers.exposure, answers.exposure_total.to_dict("records")[0], titles)
    return [
        (words("report.sheet.statement"), None, words("report.lead.statement")),
        (words("report.sheet.charts"), None, words("report.lead.charts")),
        *((table.sheet, table.row_count, words(f"report.by_{dimension}")) for dimension, table in tables.items()),
        *((name, count, words("report.lead.cases")) for name, count in cases),
        (words("report.sheet.costs"), cost_count, words("report.lead.costs")),
        (words("report.sheet.health"), finding_count, words("report.lead.health")),
        (exposure.sheet, exposure.row_count, words("report.lead.exposure")),
    ]


def _write_tables(paper: Paper, answers: Answers, titles: Titles) -> dict[str, Written]:
    total = answers.total.to_dict("records")[0]
    ends = {name: ends_of(answers.ends, name) for name in answers.groups}
    return {name: write_groups(paper, name, groups, total, titles, ends[name]) for name, groups in answers.groups.items()}


def _names(names: pd.DataFrame) -> dict[str, dict[str, str]]:
    return {str(name): dict(zip(rows["value"], rows["title"], strict=True)) for name, rows in names.groupby("dimension")}
