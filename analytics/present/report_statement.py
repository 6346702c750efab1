"""The report's account as an accountant reads it: receivable, the five parts, what is kept, what each rests on, the waterfall."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from analytics.domain.vocabulary import COMPONENTS, PROVENANCES
from analytics.present import numbers
from analytics.present.account import Account, item_name, whole
from analytics.present.report_charts import steps_of, waterfall
from analytics.present.report_paper import GREY, LINE, Field, Paper, capital, filled

ITEMS = ("receivable", *COMPONENTS, "hidden", "total", "kept")
STEPS = ("receivable", *COMPONENTS, "kept")
HEADER_ROW = 2
ROWS = {item: HEADER_ROW + 1 + place for place, item in enumerate(ITEMS)}
CHART_ROW = HEADER_ROW + len(ITEMS) + 2
BESIDE_ROW = CHART_ROW + 19
AMOUNT, SHARE, FIRST_SOURCE = 1, 2, 3
HELPER = 8  # hidden columns that the waterfall stands on: name, base, part above zero, part below, height of the label
_SUMS = {
    "hidden": "=SUM({acquisition}:{damage})",
    "total": "={sales}+{hidden}",
    "kept": "={receivable}-{total}",
}


def write_statement(paper: Paper, account: Account, beside: pd.DataFrame) -> Worksheet:
    """Write the account of a period with its waterfall, and the figures that stand beside it (a `beside` answer)."""
    words = paper.words
    name = words("report.sheet.statement")
    page = paper.sheet(name, is_portrait=True, pages=1)
    paper.head(page, words("report.lead.statement"), words("report.meaning.sources"))
    paper.header(page, _fields(paper), HEADER_ROW)
    amounts = _amounts(account)
    for item in ITEMS:
        _write_item(paper, page, item, account, amounts)
    helper = _write_helper(paper, page, amounts)
    labels = {item: numbers.money(amounts[item], words.language) for item in STEPS}
    chart = waterfall(paper, name, labels, helper, words("report.lead.statement"))
    page.insert_chart(CHART_ROW, 0, chart)
    _write_beside(paper, page, beside)
    page.freeze_panes(HEADER_ROW + 1, 1)
    return page


def _fields(paper: Paper) -> list[Field]:
    words = paper.words
    return [
        Field("item", words("report.column.item"), "text", 40),
        Field("amount", words("report.column.amount"), "money", 18),
        Field("share_of_receivable", words("report.column.share_of_receivable"), "rate", 12),
        *(Field(name, words(f"report.column.{name}"), "money", 18) for name in PROVENANCES),
    ]


def _amounts(account: Account) -> dict[str, int | None]:
    return {
        "receivable": account.receivable_fen,
        **account.parts_fen,
        "hidden": account.hidden_fen,
        "total": account.total_fen,
        "kept": account.kept_fen,
    }


def _write_item(paper: Paper, page: Worksheet, item: str, account: Account, amounts: Mapping[str, int | None]) -> None:
    row = ROWS[item]
    style = {"bold": True, "top": 1, "top_color": LINE} if item in {*_SUMS, "receivable"} else {}
    paper.put(page, row, 0, capital(item_name(item, paper.words)), "text", **style)
    paper.put(page, row, AMOUNT, amounts[item], "money", formula=_sum(item, AMOUNT, amounts), **style)
    share = numbers.ratio(amounts[item], account.receivable_fen)
    base = filled(f"={{{item}}}/{{receivable}}", _cells(AMOUNT))
    paper.put(page, row, SHARE, share, "rate", formula=base, **style)
    for column, source in enumerate(PROVENANCES, start=FIRST_SOURCE):
        value = _source(item, source, account)
        formula = _sum(item, column, dict.fromkeys(ITEMS, 0))
        paper.put(page, row, column, "" if value is None else value, "money", formula=formula, **style)


def _source(item: str, source: str, account: Account) -> int | None:
    """What of an item is measured, set or assumed; sold and kept are not costs and rest on the orders."""
    if item in COMPONENTS:
        return account.sources_fen.get(item, {}).get(source, 0)
    sums = {"hidden": account.hidden_sources_fen, "total": account.provenance_fen}
    return sums[item][source] if item in sums else None


def _sum(item: str, column: int, amounts: Mapping[str, int | None]) -> str:
    """The formula of a sum, where everything it needs is known: a dash cannot be added."""
    needed = {"total": ("sales", "hidden"), "kept": ("receivable", "total")}.get(item, ())
    is_known = all(amounts[name] is not None for name in needed)
    return filled(_SUMS[item], _cells(column)) if item in _SUMS and is_known else ""


def _cells(column: int) -> dict[str, tuple[int, int]]:
    return {item: (row, column) for item, row in ROWS.items()}


def _write_helper(paper: Paper, page: Worksheet, amounts: Mapping[str, int | None]) -> tuple[int, int]:
    """Write what the waterfall stands on into hidden columns; return its first row and column."""
    first = HEADER_ROW + 1
    for row, (item, bars) in enumerate(zip(STEPS, steps_of([amounts[item] for item in STEPS]), strict=True), start=first):
        paper.put(page, row, HELPER, capital(item_name(item, paper.words)), "text")
        base, above, below = bars
        for column, fen in enumerate((base, above, below, max(base, 0) + above), start=HELPER + 1):
            paper.put(page, row, column, fen, "money")
    page.set_column(HELPER, HELPER + 4, None, None, {"hidden": True})
    return first, HELPER


def _write_beside(paper: Paper, page: Worksheet, beside: pd.DataFrame) -> None:
    words = paper.words
    paper.put(page, BESIDE_ROW, 0, words("report.beside"), "text", bold=True, font_size=12)
    paper.put(page, BESIDE_ROW + 1, 0, words("report.beside_note"), "text", font_color=GREY)
    head = {"bold": True, "bottom": 1, "bottom_color": GREY}
    for column, name in enumerate(("item", "amount", "count")):
        paper.put(
            page, BESIDE_ROW + 2, column, words(f"report.column.{name}"), "text", align="right" if column else "left", **head
        )
    for row, figure in enumerate(beside.to_dict("records"), start=BESIDE_ROW + 3):
        paper.put(page, row, 0, words(f"report.beside.{figure['figure']}"), "text")
        paper.put(page, row, 1, whole(figure["amount_fen"]), "money")
        paper.put(page, row, 2, whole(figure["item_count"]), "count")
