"""What a parcel, a minute, a product cost: the dated settings, listed, set, and previewed in money."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from analytics.actions.access import require
from analytics.actions.account import answer
from analytics.actions.imports import choose_shop
from analytics.actions.templates import write_filled
from analytics.domain import costs
from analytics.domain.loads import Actor, Receipt
from analytics.errors import OperatorError
from analytics.store import loads, marts, questions, shops, typed
from analytics.store.warehouse import Warehouse

KIND = "cost_settings"
TYPED_UNITS = {"fen": "yuan", "ppm": "percent", "centiminutes": "minutes"}  # what a person types
ALWAYS = date(1970, 1, 1)  # a setting without a date holds from the beginning


@dataclass(frozen=True)
class CostChange:
    """One setting as an operator types it: `CostChange("return_freight", "6.00", date(2026, 10, 1))`."""

    name: str
    value: str
    effective_from: date | None = None
    scope: str = ""
    shop: str | None = None


@dataclass(frozen=True)
class CostEffect:
    """What a change would do: `months` as `preview_cost` lists them, the whole loss, and the cases whose cost moves."""

    months: tuple[dict[str, Any], ...]
    before_fen: int
    after_fen: int
    case_count: int
    unknown_before: int
    unknown_after: int

    @property
    def change_fen(self) -> int:
        """By how much the known loss of all time moves."""
        return self.after_fen - self.before_fen


def list_costs(warehouse: Warehouse, *, actor: Actor, shop: str | None = None) -> dict[str, Any]:
    """Return {"rows"}: every setting as it holds over time, values as a person types them, the source of each."""
    listed = answer(warehouse, questions.cost_list, actor=actor, shops=(shop,) if shop else ())
    return {"rows": [_as_typed(row) for row in listed.to_dict("records")]}


def set_cost(warehouse: Warehouse, change: CostChange, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Set one cost, as a load of its own that `imports undo` takes back; return {"rows"} of what then holds for it.

    Raises OperatorError for an unknown name, a value or a scope that the name cannot have.
    """
    shop = save_cost(warehouse, change, actor=actor, now=now).shop
    rows = list_costs(warehouse, actor=actor, shop=shop)["rows"]
    return {"rows": [held for held in rows if held["name"] == costs.find_cost(change.name).name]}


def save_cost(warehouse: Warehouse, change: CostChange, *, actor: Actor, now: datetime) -> Receipt:
    """Set one cost as `set_cost` does; return the receipt of its load, by which it can be taken back. Raises OperatorError."""
    shop = _shop_of(warehouse, change)
    require(actor, "manage", shop)
    return typed.commit_rows(warehouse, [_row(change)], kind=KIND, shop=shop, actor=actor, now=now)


def preview_cost(warehouse: Warehouse, change: CostChange, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return {"rows"}: what setting a cost would change, a row a month of payment whose loss moves; nothing is kept.

    A row has month, refunds (that month's), before_fen, after_fen, change_fen, and unknown_refunds before and after.
    """
    return {"rows": list(weigh_cost(warehouse, change, actor=actor, now=now).months)}


def weigh_cost(warehouse: Warehouse, change: CostChange, *, actor: Actor, now: datetime) -> CostEffect:
    """Say what setting a cost would do to the whole account and to how many cases; nothing is kept. Raises OperatorError."""
    shop = _shop_of(warehouse, change)
    require(actor, "manage", shop)
    asked = {"actor": actor, "shops": (shop,)}
    by_month = answer(warehouse, questions.losses_by, dimensions=("month",), **asked)
    by_case = answer(warehouse, questions.cost_cases, **asked)
    with _tried(warehouse, change, shop, now) as cursor:
        months_after = questions.losses_by(cursor, dimensions=("month",), shops=(shop,))
        cases_after = questions.cost_cases(cursor, shops=(shop,))
    return _effect(_by_month(by_month), _by_month(months_after), _moved_count(by_case, cases_after))


def cost_workbook(warehouse: Warehouse, name: str, *, shop: str, actor: Actor, now: datetime) -> bytes:
    """Return the template 成本设置 or 商品成本 with what a shop has set in it, to be changed and imported.

    Starter assumptions are left out: imported back, they would pass for the shop's own. Raises OperatorError.
    """
    if name == "成本设置":
        listed = answer(warehouse, questions.cost_list, actor=actor, shops=(shop,))
        own = [_as_typed(row) for row in listed.to_dict("records") if row["source"] != "assumed"]
        rows = [(row["name"], row["scope"], row["value"], row["effective_from"]) for row in own]
    else:
        listed = answer(warehouse, questions.cost_products, actor=actor, shops=(shop,))
        rows = listed[["product_id", "sku", "unit_cost_fen", "effective_from"]].to_numpy().tolist()
    with TemporaryDirectory(prefix="template-", dir=warehouse.staging) as folder:
        return write_filled(Path(folder), name, rows, written_at=now).read_bytes()


def _shop_of(warehouse: Warehouse, change: CostChange) -> str:
    """The shop of a change; one that has no data yet is most likely a slip, unless no shop has any."""
    shop = choose_shop(warehouse, change.shop)
    with warehouse.cursor() as cursor:
        known = shops.all_shops(cursor)
    if known and shop not in known:
        raise OperatorError("店铺", f"没有「{shop}」", "、".join(known), "请检查店铺名；新店铺请先导入它的文件。")
    return shop


@contextmanager
def _tried(warehouse: Warehouse, change: CostChange, shop: str, now: datetime) -> Iterator[Any]:
    """A cursor on the account as it would be with the change; all of it is taken back afterwards."""
    with (
        typed.staged_rows(warehouse, [_row(change)], kind=KIND, shop=shop, now=now) as staged,
        loads.trial_load(warehouse, staged, shop=shop) as cursor,
    ):
        marts.rebuild(cursor)
        yield cursor


def _row(change: CostChange) -> dict[str, Any]:
    name = costs.find_cost(change.name).name
    value, state = costs.parse_value(name, change.value)
    return {
        "name": name,
        "scope": costs.parse_scope(change.scope, name),
        "effective_from": change.effective_from or ALWAYS,
        "value": value,
        "state": state,
    }


def _as_typed(row: dict[str, Any]) -> dict[str, Any]:
    value = _whole(row["value"])
    cost = costs.find_cost(row["name"])
    row = {column: held for column, held in row.items() if column != "load_id"}
    return {**row, "value": costs.format_value(row["name"], value), "unit": TYPED_UNITS[cost.unit], "title": cost.chinese}


def _by_month(losses: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {row["month"]: row for row in losses.to_dict("records")}


def _effect(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]], case_count: int) -> CostEffect:
    months = [_difference(month, before[month], after[month]) for month in sorted(before)]
    return CostEffect(
        months=tuple(row for row in months if row["change_fen"] or row["unknown_before"] != row["unknown_after"]),
        before_fen=sum(row["before_fen"] or 0 for row in months),
        after_fen=sum(row["after_fen"] or 0 for row in months),
        case_count=case_count,
        unknown_before=sum(row["unknown_before"] for row in months),
        unknown_after=sum(row["unknown_after"] for row in months),
    )


def _difference(month: str, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    before_fen, after_fen = _whole(before["total_fen"]), _whole(after["total_fen"])
    return {
        "month": month,
        "refunds": int(before["refunds"]),
        "before_fen": before_fen,
        "after_fen": after_fen,
        "change_fen": (after_fen or 0) - (before_fen or 0),
        "unknown_before": int(before["unknown_refunds"]),
        "unknown_after": int(after["unknown_refunds"]),
    }


def _moved_count(before: pd.DataFrame, after: pd.DataFrame) -> int:
    """How many cases cost something else, or become known or unknown."""
    both = before.merge(after, on=["shop", "case_id"], suffixes=("_before", "_after"))
    is_same = (both["total_fen_before"] == both["total_fen_after"]) & (
        both["unknown_count_before"] == both["unknown_count_after"]
    )
    return int((~is_same).sum())


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)
