"""Imports in the reader's words: what a file holds and came to, its problems and rows set aside, the history, what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import pandas as pd

from analytics.domain.loads import Problem, Receipt
from analytics.domain.vocabulary import TOOLS
from analytics.present import numbers
from analytics.present.exports import Column
from analytics.present.labels import Words

# In the order in which they are worth having.
KINDS = (
    *("orders", "cases", "fund_flow", "ad_spend", "product_costs", "cost_settings"),
    *("freight_insurance", "settlement", "tagged_orders"),
)
TEMPLATE_OF_KIND = {
    "ad_spend": "广告花费",
    "product_costs": "商品成本",
    "cost_settings": "成本设置",
    "tagged_orders": "标记订单",
}
MONEYLESS = ("product_costs", "cost_settings")  # what such a file sets is no amount that could be added up
# What the account falls back to an assumption without; the others make it more exact or are part of one tool only.
NEEDED = ("orders", "cases", "fund_flow", "ad_spend", "product_costs")
OF_NO_PLATFORM = ("own", "")  # our own templates, and what was typed on the page of costs
MOST_SURPRISES = 5
ALL_ORDERS = "all"


def kind_of(receipt: Receipt, words: Words) -> str:
    """Return what a file is, with its platform where it comes from one: 「订单 · 快手」."""
    kind = words(f"imports.kind.{receipt.kind}")
    return kind if receipt.platform in OF_NO_PLATFORM else f"{kind} · {words(f'imports.platform.{receipt.platform}')}"


def list_title(kind: str, words: Words) -> str:
    """Return what an order list is called: all orders, or those of one tool."""
    return words("imports.list_all") if kind == ALL_ORDERS else words.term(TOOLS[kind])


def period_of(receipt: Receipt, words: Words) -> str:
    """Return the days that a file covers."""
    if receipt.first_at is None or receipt.last_at is None:
        return words("imports.period_unknown")
    return words("imports.period", first=f"{receipt.first_at:%Y-%m-%d}", last=f"{receipt.last_at:%Y-%m-%d}")


def counts_of(receipt: Receipt, words: Words) -> list[str]:
    """Return what a file does to the ledger, the largest news first; what is none is left out, but never everything."""
    counted = {name: getattr(receipt, name) for name in ("new", "updated", "unchanged", "rejected")}
    told = [words(f"imports.count.{name}", rows=f"**{numbers.count(rows)}**") for name, rows in counted.items() if rows]
    if receipt.older:
        told.append(words("imports.count.older", rows=numbers.count(receipt.older)))
    return told or [words("imports.count.none")]


def money_of(receipt: Receipt, words: Words) -> str | None:
    """Return the money that a file brings, named for what it is; None where its kind has none."""
    if receipt.kind in MONEYLESS:
        return None
    return words(f"imports.money.{receipt.kind}", amount=f"**{numbers.money_exact(receipt.money_in_fen)}**")


def balance_of(receipt: Receipt, words: Words) -> list[str]:
    """Return the two sums of a receipt: rows in and what became of them, money in and money stored."""
    parts = {name: numbers.count(getattr(receipt, name)) for name in ("rows", "new", "updated", "unchanged", "rejected")}
    told = [words("imports.balance_rows", **parts)]
    if receipt.kind not in MONEYLESS:
        sums = {"file": numbers.money_exact(receipt.money_in_fen), "ledger": numbers.money_exact(receipt.money_stored_fen)}
        told.append(words("imports.balance_money", **sums))
    return told


def problem_table(problems: Sequence[Problem], words: Words) -> tuple[pd.DataFrame, dict[str, Column]]:
    """Return every problem as a row: where → found → expected → what to do; the sheet only where one is named."""
    columns = {
        "sheet": Column(words("imports.column.sheet")),
        "row": Column(words("imports.column.row"), "number"),
        "column": Column(words("imports.column.column")),
        "found": Column(words("imports.column.found")),
        "expected": Column(words("imports.column.expected")),
        "remedy": Column(words("imports.column.remedy")),
    }
    if not any(problem.sheet for problem in problems):
        del columns["sheet"]
    frame = pd.DataFrame([[getattr(problem, name) for name in columns] for problem in problems], columns=list(columns))
    return frame.astype({"row": "Int64"}), columns


def rejected_table(
    rows: Iterable[tuple[str | None, int, Mapping[str, str]]], problems: Sequence[Problem], words: Words
) -> tuple[pd.DataFrame, dict[str, Column]]:
    """Return the rows set aside with their reasons and the cells that may be shown, under the file's own headers."""
    reasons: dict[tuple[str | None, int | None], list[str]] = defaultdict(list)
    for problem in problems:
        said = words("imports.reason", found=problem.found, expected=problem.expected, remedy=problem.remedy)
        reasons[problem.sheet, problem.row].append(f"{problem.column or ''}{': ' if problem.column else ''}{said}")
    listed = list(rows)
    headers = list(dict.fromkeys(header for _, _, cells in listed for header in cells))
    own = {
        "sheet": Column(words("imports.column.sheet")),
        "row": Column(words("imports.column.row"), "number"),
        "reason": Column(words("imports.column.reason")),
    }
    columns = own | {f"cell.{header}": Column(header, "id") for header in headers}
    unlisted = [words("imports.reason_unlisted")]
    lines = [
        [sheet, row, "\n".join(reasons.get((sheet, row), unlisted)), *(cells.get(header) for header in headers)]
        for sheet, row, cells in listed
    ]
    if not any(sheet for sheet, _, _ in listed):
        lines = [line[1:] for line in lines]
        del columns["sheet"]
    return pd.DataFrame(lines, columns=list(columns)), columns


def history_table(receipts: Sequence[Receipt], words: Words) -> tuple[pd.DataFrame, dict[str, Column]]:
    """Return the receipts as a dense table, newest first as they come; what was taken back says so, and since when."""
    kinds = {
        **{"loaded_at": "time", "file": "text", "what": "text", "state": "text", "shop": "text"},
        **{"rows": "count", "new": "count", "updated": "count", "unchanged": "count", "rejected": "count"},
        **{"money": "money_fen", "first_day": "date", "last_day": "date", "loaded_by": "text", "undone_at": "time"},
        "load_id": "number",
    }
    columns = {name: Column(words(f"imports.column.{name}"), kind) for name, kind in kinds.items()}
    lines = [
        [
            *(receipt.loaded_at, receipt.file, kind_of(receipt, words), state_of(receipt, words), receipt.shop),
            *(receipt.rows, receipt.new, receipt.updated, receipt.unchanged, receipt.rejected),
            *(None if receipt.kind in MONEYLESS else receipt.money_in_fen, receipt.first_at, receipt.last_at),
            *(receipt.loaded_by, receipt.undone_at, receipt.load_id),
        ]
        for receipt in receipts
    ]
    frame = pd.DataFrame(lines, columns=list(columns))
    times = [name for name, kind in kinds.items() if kind in ("time", "date")]
    return frame.astype({"money": "Int64", **dict.fromkeys(times, "datetime64[s]")}), columns


def state_of(receipt: Receipt, words: Words) -> str:
    """Say whether a load counts."""
    return words("imports.state_held") if receipt.undone_at is None else words("imports.state_undone")


def held_until(receipts: Iterable[Receipt], shops: Sequence[str]) -> dict[str, datetime | None]:
    """Return the kinds of files that the shops hold, each with the last time any of them tells of."""
    last: dict[str, datetime | None] = {}
    for receipt in receipts:
        if receipt.undone_at is None and receipt.shop in shops:
            known = [at for at in (last.get(receipt.kind), receipt.last_at) if at is not None]
            last[receipt.kind] = max(known, default=None)
    return last


def title(receipts: Sequence[Receipt], sample_shop: str, words: Words) -> str:
    """Return the page's sentence: how much of the shop's own is in, and until when its orders go."""
    own = [receipt for receipt in receipts if receipt.undone_at is None and receipt.shop != sample_shop]
    if not own:
        return words("imports.title_none")
    last = max((receipt.last_at for receipt in own if receipt.kind == "orders" and receipt.last_at), default=None)
    told = {"files": numbers.count(len(own)), "rows": numbers.count(sum(receipt.rows - receipt.rejected for receipt in own))}
    return words("imports.title_until", day=f"{last:%Y-%m-%d}", **told) if last else words("imports.title_held", **told)


def size(byte_count: int) -> str:
    """Write a file's size."""
    return f"{byte_count / 2**20:,.1f} MB" if byte_count >= 2**20 else f"{max(byte_count, 1) / 2**10:,.0f} KB"


def duration(seconds: float, words: Words) -> str:
    """Write about how long something takes: seconds, then minutes."""
    if seconds < 60:
        return words("imports.seconds", seconds=max(round(seconds), 1))
    return words("imports.minutes", minutes=round(seconds / 60))
