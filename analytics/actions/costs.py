"""What a parcel, a minute, a product cost: the dated settings, listed, set, and previewed in money."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from analytics.actions.access import require
from analytics.actions.account import answer
from analytics.actions.imports import choose_shop
from analytics.domain import costs
from analytics.domain.loads import Actor
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


def list_costs(warehouse: Warehouse, *, actor: Actor, shop: str | None = None) -> dict[str, Any]:
    """Return {"rows"}: every setting as it holds over time, values as a person types them, the source of each."""
    listed = answer(warehouse, questions.cost_list, actor=actor, shops=(shop,) if shop else ())
    return {"rows": [_as_typed(row) for row in listed.to_dict("records")]}


def set_cost(warehouse: Warehouse, change: CostChange, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Set one cost, as a load of its own that `imports undo` takes back; return {"rows"} of what then holds for it.

    Raises OperatorError for an unknown name, a value or a scope that the name cannot have.
    """
    shop = _shop_of(warehouse, change)
    require(actor, "manage", shop)
    row = _row(change)
    typed.commit_rows(warehouse, [row], kind=KIND, shop=shop, actor=actor, now=now)
    rows = list_costs(warehouse, actor=actor, shop=shop)["rows"]
    return {"rows": [held for held in rows if held["name"] == row["name"]]}


def preview_cost(warehouse: Warehouse, change: CostChange, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return {"rows"}: what setting a cost would change, a row a month of payment whose loss moves; nothing is kept.

    A row has month, refunds (that month's), before_fen, after_fen, change_fen, and unknown_refunds before and after.
    """
    shop = _shop_of(warehouse, change)
    require(actor, "manage", shop)
    before = _by_month(answer(warehouse, questions.losses_by, actor=actor, dimensions=("month",), shops=(shop,)))
    with _tried(warehouse, change, shop, now) as cursor:
        after = _by_month(questions.losses_by(cursor, dimensions=("month",), shops=(shop,)))
    months = (_difference(month, before[month], after[month]) for month in sorted(before))
    return {"rows": [row for row in months if row["change_fen"] or row["unknown_before"] != row["unknown_after"]]}


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
    value = None if pd.isna(row["value"]) else int(row["value"])
    cost = costs.find_cost(row["name"])
    return {**row, "value": costs.format_value(row["name"], value), "unit": TYPED_UNITS[cost.unit], "title": cost.chinese}


def _by_month(losses: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {row["month"]: row for row in losses.to_dict("records")}


def _difference(month: str, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {
        "month": month,
        "refunds": before["refunds"],
        "before_fen": before["total_fen"],
        "after_fen": after["total_fen"],
        "change_fen": after["total_fen"] - before["total_fen"],
        "unknown_before": before["unknown_refunds"],
        "unknown_after": after["unknown_refunds"],
    }
