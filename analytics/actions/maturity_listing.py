"""Maturity for the command line: a row a cohort or group, what stands beside `losses`, and how forecasts came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import pandas as pd

from analytics.actions import maturity
from analytics.actions.account import Filters, answer
from analytics.actions.maturity import MEASURES, PERIODS, Outlook
from analytics.domain import maturity_record
from analytics.domain.loads import Actor
from analytics.domain.vocabulary import CASE_DIMENSIONS
from analytics.errors import OperatorError
from analytics.store import asking, maturity_questions
from analytics.store.warehouse import Warehouse

RATES = {"refund_rate": "sales", "refund_order_rate": "orders", "hidden_rate": "hidden", "total_rate": "total"}
DECIMALS = 6


def listing(
    warehouse: Warehouse,
    dimension: str | None,
    filters: Filters,
    *,
    actor: Actor,
    as_of: date | None = None,
    measure: str = "orders",
) -> dict[str, Any]:
    """Return a row for each group of a dimension, without one for each cohort: a day of payment, in small shops a week.

    {"as_of", "horizon_days", "measure", "why_not", "rows", "total", "back_test", "has_changed"}. A row: the dimension or
    cohort, paid_orders, refunded_so_far, rate_so_far, rate_final, rate_low, rate_high (0–1, of `measure`), age_days (of its
    youngest day), horizon_days, mature. Raises OperatorError.
    """
    _refuse(dimension, measure)
    found = maturity.outlook(warehouse, actor=actor, shops=filters.shops, as_of=as_of)
    name = dimension or ("week" if found.is_by_week else "day")
    if found.as_of is None:
        return {**_about(found, measure), "rows": [], "total": None, "back_test": [], "has_changed": False}
    expected = _asked(warehouse, found, (name,), filters, actor=actor)
    total = _asked(warehouse, found, (), filters, actor=actor)
    order = expected.sort_values(name if name in PERIODS else "orders_sold", ascending=name in PERIODS, kind="stable")
    rows = [{dimension or "cohort": row[name], **_row(row, found, measure)} for row in order.to_dict("records")]
    tests = tests_of(found, measure)
    return {
        **_about(found, measure),
        "rows": rows,
        "total": _row(total.iloc[0].to_dict(), found, measure),
        "back_test": [asdict(test) for test in tests],
        "has_changed": maturity_record.has_changed(tests),
    }


def back_test(
    warehouse: Warehouse, *, actor: Actor, shops: Sequence[str] = (), measure: str = "orders"
) -> list[maturity_record.BackTest]:
    """Say how the shops' forecasts made at some ages came out; none where nothing can be foretold."""
    return tests_of(maturity.outlook(warehouse, actor=actor, shops=shops), measure)


def tests_of(found: Outlook, measure: str) -> list[maturity_record.BackTest]:
    """Say how forecasts made at some ages came out; none where nothing can be foretold."""
    if found.why_not:
        return []
    pattern = found.patterns[measure]
    return maturity_record.back_test(pattern.record, pattern.as_of)


def beside_losses(
    warehouse: Warehouse, losses: Mapping[str, Any], dimensions: Sequence[str], filters: Filters, *, actor: Actor
) -> dict[str, Any] | None:
    """Return the maturity of a `losses` answer by payment date: {"as_of", "horizon_days", "why_not", "rows", "total"}.

    Each row stands for the row of `losses` in the same place: for each rate {"so_far", "final", "low", "high"} (0–1), so far
    being the row's own. By a dimension of cases, or filtered by one, rates are shares of all that was sold. None by refund
    date or provenance, where nothing can mature.
    """
    if filters.clock != "paid" or "provenance" in {*dimensions, *filters.where}:
        return None
    found = maturity.outlook(warehouse, actor=actor, shops=filters.shops)
    if found.as_of is None:
        return None
    is_of_cases = any(name in CASE_DIMENSIONS for name in (*dimensions, *filters.where))
    expected = _asked(warehouse, found, tuple(dimensions), filters, actor=actor, is_past=False)
    total = expected if not dimensions else _asked(warehouse, found, (), filters, actor=actor, is_past=False)
    by_group = {tuple(str(row[name]) for name in dimensions): row for row in expected.to_dict("records")}
    rows = [
        _rates(row, by_group.get(tuple(str(row[name]) for name in dimensions)), is_of_cases)
        for row in losses["rows"].to_dict("records")
    ]
    return {
        "as_of": found.as_of,
        "horizon_days": found.horizon,
        "why_not": found.why_not,
        "rows": rows,
        "total": _rates(losses["total"], total.iloc[0].to_dict(), is_of_cases),
    }


def _asked(
    warehouse: Warehouse,
    found: Outlook,
    dimensions: Sequence[str],
    filters: Filters,
    *,
    actor: Actor,
    is_past: bool = True,
) -> pd.DataFrame:
    """`expected` for some dimensions; `is_past` leaves out the days after the outlook's, which were not known then."""
    groups = tuple(name for name in dimensions if name not in PERIODS)
    frame = answer(
        warehouse,
        maturity_questions.cohorts,
        actor=actor,
        dimensions=groups,
        where=filters.where,
        shops=filters.shops,
    )
    last_day = min(filters.last_day or found.as_of, found.as_of) if is_past else filters.last_day
    days = {"first_day": filters.first_day, "last_day": last_day}
    return maturity.expected(found, frame, dimensions=dimensions, is_whole_shop=not (groups or filters.where), **days)


def _row(row: Mapping[str, Any], found: Outlook, measure: str) -> dict[str, Any]:
    sold = row[f"{measure}_sold"]
    age = int(row["age_days"]) if row["orders_sold"] else None
    return {
        "paid_orders": round(row["orders_sold"]),
        "refunded_so_far": round(row["orders_so_far"]),
        **{f"rate_{name}": _share(row[f"{measure}_{name}"], sold) for name in ("so_far", "final", "low", "high")},
        "age_days": age,
        "horizon_days": found.horizon,
        "mature": age is not None and not found.why_not and age >= found.horizon,
    }


def _rates(row: Mapping[str, Any], expected: Mapping[str, Any] | None, is_of_cases: bool) -> dict[str, Any]:
    rates = {}
    for rate, measure in RATES.items():
        base_name, back_name = MEASURES[measure]
        base, back = (row[name] for name in (base_name, back_name))
        if is_of_cases and expected is not None:
            base, back = expected[f"{measure}_sold"], expected[f"{measure}_known"]
        told = dict.fromkeys(("final", "low", "high"))
        if expected is not None and not pd.isna(back):
            # What is expected on top of what is known: refunds of orders that are not loaded count so far, and have no age.
            known = expected[f"{measure}_known"]
            told = {name: back + max(expected[f"{measure}_{name}"] - known, 0.0) for name in told}
        rates[rate] = {"so_far": _share(back, base), **{name: _share(value, base) for name, value in told.items()}}
    return rates


def _share(part: Any, whole: Any) -> float | None:
    if part is None or pd.isna(part) or pd.isna(whole) or not whole:
        return None
    return round(float(part) / float(whole), DECIMALS)


def _about(found: Outlook, measure: str) -> dict[str, Any]:
    return {"as_of": found.as_of, "horizon_days": found.horizon, "measure": measure, "why_not": found.why_not}


def _refuse(dimension: str | None, measure: str) -> None:
    if dimension is not None and dimension not in asking.GROUPS:
        raise OperatorError("维度", f"「{dimension}」", "、".join(asking.GROUPS), "请从中选一个维度。")
    if measure not in MEASURES:
        raise OperatorError("--measure", f"「{measure}」", "、".join(MEASURES), "请从中选一个。")
