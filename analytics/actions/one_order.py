"""Working out one imagined order: what a shop's own data says of a usual one, and what its endings cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from analytics.actions.access import require
from analytics.actions.account import answer
from analytics.actions.costs import TYPED_UNITS
from analytics.actions.ledger import ledger_of
from analytics.domain import one_order
from analytics.domain.loads import Actor
from analytics.domain.vocabulary import COMPONENTS, NO_CASE
from analytics.errors import OperatorError
from analytics.store import questions
from analytics.store.archive import DATABASE
from analytics.store.usual_order import usual_order
from analytics.store.warehouse import Warehouse

TYPED = "typed"  # beside actual, set and assumed: what somebody says of this one order
INPUTS = one_order.INPUTS
ENDINGS = one_order.ENDINGS


@dataclass(frozen=True)
class Usual:
    """What is known of a usual order: a value and its provenance for every input, and how many orders it was seen on."""

    given: Mapping[str, int | None]
    provenance: Mapping[str, str]
    orders: int = 0


STARTERS = Usual(dict(one_order.STARTERS), dict.fromkeys(one_order.INPUTS, "assumed"))


def usual(
    warehouse: Warehouse,
    *,
    actor: Actor,
    shops: Sequence[str] = (),
    first_day: date | None = None,
    last_day: date | None = None,
    product: str = "",
) -> Usual:
    """Return the usual order of a period, all products or one: from the files, else as set, else as the starters assume.

    Settings are those in force on `last_day` (else the newest) that all the shops share. Raises OperatorError for an unknown
    shop.
    """
    for shop in shops or (None,):
        require(actor, "view", shop)
    wanted = tuple(shops) or _default_shops(warehouse, actor)
    if not wanted:
        return STARTERS
    days = {"first_day": first_day, "last_day": last_day}
    seen = answer(warehouse, usual_order, actor=actor, shops=wanted, product=product, **days).iloc[0]
    listed = answer(warehouse, questions.cost_list, actor=actor, shops=wanted)
    costs_set = _set_costs(listed.to_dict("records"), wanted, product, last_day or date.max)
    counted = {name: None if pd.isna(value) else int(value) for name, value in seen.items()}
    given, provenance = dict(STARTERS.given), dict(STARTERS.provenance)
    for source, values in {"set": costs_set, "actual": _measured(counted, is_one_product=bool(product))}.items():
        given |= {name: one_order.bounded(name, value) for name, value in values.items()}
        provenance |= dict.fromkeys(values, source)
    return Usual(given, provenance, int(seen["orders"]))


def work_out(home: Path, typed: Mapping[str, str], *, actor: Actor, ending: str | None = None, **filters: Any) -> dict[str, Any]:
    """Return {"inputs", "provenance", "outcomes", "break_even"} of an order as typed, the rest as usual in the shop.

    Works without a ledger: then by the starter assumptions. `filters` as in `usual`. Money in fen, rates 0 to 1, minutes.
    Raises OperatorError for what cannot be read, and for an unknown shop.
    """
    values = {name: one_order.read(name, text) for name, text in typed.items()}
    known = _usual_at(home, actor, filters)
    given = one_order.with_typed(known.given, values)
    return {
        "inputs": {field_of(name): _as_number(name, value) for name, value in given.items()},
        "provenance": {field_of(name): source_of(known, values, name) for name, value in given.items() if value is not None},
        "outcomes": [row for row in outcome_rows(given) if ending in (None, row["stage"])],
        "break_even": {
            "offer_fen": given["offer"],
            **{when: _break_even(given, is_shipped=when == "after_shipment") for when in ("before_shipment", "after_shipment")},
        },
    }


def outcome_rows(given: one_order.Given) -> list[dict[str, Any]]:
    """Return the endings as rows: stage, booked_as, the five parts, hidden, total, profit, profit lost, sales to make it up."""
    found = one_order.outcomes(given)
    kept_fen = found[NO_CASE].profit_fen
    return [
        {
            "stage": ending,
            **{f"{component}_fen": each.part_fen(component) for component in COMPONENTS},
            "hidden_fen": each.hidden_fen,
            "total_fen": each.total_fen,
            "profit_fen": each.profit_fen,
            "profit_lost_fen": kept_fen - each.profit_fen,
            "sales_to_make_up": one_order.sales_to_make_up(-each.profit_fen, kept_fen),
            "booked_as": each.booked_as,
        }
        for ending, each in found.items()
    ]


def field_of(name: str) -> str:
    """Return what an input is called in answers: amounts of money carry their unit."""
    return f"{name}_fen" if INPUTS[name].unit == "fen" else name


def source_of(known: Usual, typed: Mapping[str, int], name: str) -> str:
    """Return where an input comes from: typed, else the provenance of the usual order."""
    return TYPED if name in typed else known.provenance[name]


def help_of(name: str) -> str:
    """Return what an input is and how it is typed, for the command's help."""
    return f"{INPUTS[name].titles[1]}, in {TYPED_UNITS[INPUTS[name].unit]}".replace("percent", "percent (20%%)")


def _usual_at(home: Path, actor: Actor, filters: Mapping[str, Any]) -> Usual:
    if (home / DATABASE).exists():
        with ledger_of(home) as warehouse:
            return usual(warehouse, actor=actor, **filters)
    if filters.get("shops"):
        raise OperatorError("店铺", f"没有「{filters['shops'][0]}」", "先导入一个文件", "不写店铺就按起步假设算。")
    return STARTERS


def _default_shops(warehouse: Warehouse, actor: Actor) -> tuple[str, ...]:
    known = answer(warehouse, questions.list_shops, actor=actor)
    real = known[~known["is_sample"].astype(bool)]
    return tuple((known if real.empty else real)["shop"])


def _set_costs(rows: Sequence[Mapping[str, Any]], shops: Sequence[str], product: str, day: date) -> dict[str, int]:
    """The settings in force on a day that all the shops share; a product's own goes before the shop's."""
    held: dict[tuple[str, str], int] = {}
    for scope in ("", f"product:{product}")[: 1 + bool(product)]:
        for row in rows:
            if row["source"] == "set" and row["scope"] == scope and _holds(row, day) and row["name"] in INPUTS:
                held[row["name"], row["shop"]] = int(row["value"])
    found = {name: {held.get((name, shop)) for shop in shops} for name, _ in held}
    return {name: values.pop() for name, values in found.items() if len(values) == 1 and None not in values}


def _holds(row: Mapping[str, Any], day: date) -> bool:
    since, until = (None if pd.isna(row[name]) else pd.Timestamp(row[name]).date() for name in ("effective_from", "effective_to"))
    return (since is None or since <= day) and (until is None or day < until)


def _measured(seen: Mapping[str, Any], *, is_one_product: bool) -> dict[str, int]:
    """What the files tell of most orders, by input."""
    if not seen["orders"]:
        return {}
    found = {"price": seen["price_fen"], "subsidy": seen["subsidy_fen"], "commission_rate": seen["commission_ppm"] or 0}
    if 2 * seen["spend_orders"] > seen["orders"]:
        found["acquisition_per_order"] = seen["acquisition_fen"]
    if 2 * seen["costed_orders"] > seen["orders"]:
        # One product costs what it costs; a shop's usual order costs more when it is dearer.
        found |= {"goods_cost": seen["goods_fen"]} if is_one_product else {"goods_cost_rate": seen["goods_ppm"]}
    if 2 * seen["insured_orders"] > seen["shipped_orders"]:
        # The insurer pays the buyer for the way back.
        found |= {"freight_insurance": seen["premium_fen"], "merchant_bears_return": 0}
    return found


def _break_even(given: one_order.Given, *, is_shipped: bool) -> dict[str, Any]:
    found = one_order.break_even(given, is_shipped=is_shipped)
    return {
        "to_win_fen": found.to_win_fen,
        "refund_later_fen": found.refund_later_fen,
        "refund_now_fen": found.refund_now_fen,
        "chance": found.chance,
    }


def _as_number(name: str, value: int | None) -> float | int | None:
    if value is None or INPUTS[name].unit == "fen":
        return value
    return value / (one_order.UNIT_SHARE if INPUTS[name].unit == "ppm" else 100)
