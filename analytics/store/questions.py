"""The questions that the account answers: one function beside one file of analytics/sql/questions.

A cursor and the filters come in, a DataFrame comes out: money in whole fen (Int64, null = unknown), times as Beijing wall time.
Every question reads the marts; `marts.refresh` brings those up to date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from analytics.domain import vocabulary
from analytics.errors import OperatorError
from analytics.store import sql

CLOCKS = {"paid": "paid_at", "refunded": "finished_at"}

# How a dimension is grouped (a key that is quick to compare) and how it reads; `clock_at` is the date of the chosen clock.
_TIME_KEYS = {
    "day": "clock_at::date",
    "week": "date_trunc('week', clock_at)::date",
    "month": "date_trunc('month', clock_at)::date",
    "weekday": "isodow(clock_at)",
    "hour": "hour(clock_at)",
}
_TIME_LABELS = {
    "day": "coalesce(strftime({key}, '%Y-%m-%d'), '未知')",
    "week": "coalesce(strftime({key}, '%Y-%m-%d'), '未知')",
    "month": "coalesce(strftime({key}, '%Y-%m'), '未知')",
    "weekday": "coalesce({key}::varchar, '未知')",
    "hour": "coalesce({key}::varchar, '未知')",
}
_TYPES = {pa.int32(): pd.Int64Dtype(), pa.int64(): pd.Int64Dtype()}


def losses_by(
    cursor: duckdb.DuckDBPyConnection,
    *,
    dimensions: Sequence[str] = (),
    first_day: date | None = None,
    last_day: date | None = None,
    clock: str = "paid",
    where: Mapping[str, Sequence[str]] | None = None,
    shops: Sequence[str] = (),
) -> pd.DataFrame:
    """Group what refunds cost by any dimensions; without any, the answer is its total in one row.

    Columns: the dimensions (text), paid_fen, orders, refunded_orders, refunds, sales_fen, acquisition_fen, logistics_fen,
    handling_fen, damage_fen, hidden_fen, total_fen, actual_fen, set_fen, assumed_fen, unknown_refunds, receivable_fen.
    Orders are measured by payment date, cases by the date of `clock`. By `provenance` only money is given. No shop named: all
    real shops. Raises OperatorError for an unknown dimension or clock.
    """
    where = _checked(dimensions, where, clock)
    values = _values(cursor, first_day, last_day, where, shops)
    text = _by_provenance(dimensions, where) if "provenance" in {*dimensions, *where} else _by_sides(dimensions, where)
    return _answer(cursor, text.replace("{clock}", CLOCKS[clock]), values)


def refunds(
    cursor: duckdb.DuckDBPyConnection,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
    clock: str = "paid",
    where: Mapping[str, Sequence[str]] | None = None,
    shops: Sequence[str] = (),
) -> pd.DataFrame:
    """List the finished cases, closed ones included, with what each costs and the line of the file that tells of it.

    Columns: shop, order_id, case_id, kind, stage, share (0–1), paid_at, finished_at, refund_fen, the five components, inferred,
    source_file, source_row, unmatched, reason, product, hidden_fen, total_fen, actual_fen, set_fen, assumed_fen, the five
    …_provenance (`actual+assumed`, `unknown`). `where` takes every dimension but provenance. Raises OperatorError.
    """
    where = _checked((), where, clock, allowed=_GROUPS)
    text = _filled("refunds", clock=CLOCKS[clock], filters=_filters(where, _CASE_KEYS))
    return _answer(cursor, text, _values(cursor, first_day, last_day, where, shops))


def exposure_by(
    cursor: duckdb.DuckDBPyConnection,
    *,
    dimensions: Sequence[str] = (),
    first_day: date | None = None,
    last_day: date | None = None,
    where: Mapping[str, Sequence[str]] | None = None,
    shops: Sequence[str] = (),
) -> pd.DataFrame:
    """Group what the open cases would cost if they all succeeded at the end of the data, by the payment date of their orders.

    Columns: the dimensions, open_cases, the five components, hidden_fen, total_fen, actual_fen, set_fen, assumed_fen,
    unknown_cases. Raises OperatorError.
    """
    where = _checked(dimensions, where, "paid", allowed=_GROUPS)
    text = _filled("exposure_by", **_grouping(dimensions, _CASE_KEYS), filters=_filters(where, _CASE_KEYS))
    return _answer(cursor, text, _values(cursor, first_day, last_day, where, shops))


def profit(
    cursor: duckdb.DuckDBPyConnection, *, first_day: date | None = None, last_day: date | None = None, shops: Sequence[str] = ()
) -> pd.DataFrame:
    """Add up the profit of the orders paid in a period, after their refunds, in one row.

    Columns: orders, receivable_fen, sales_fen, fees_fen, acquisition_fen, freight_fen, premium_fen, goods_fen,
    other_logistics_fen, handling_fen, damage_fen, small_payments_fen, profit_fen, assumed_fen, unknown_orders.
    """
    return _answer(cursor, sql.read("questions/profit"), _values(cursor, first_day, last_day, {}, shops))


def beside(
    cursor: duckdb.DuckDBPyConnection, *, first_day: date | None = None, last_day: date | None = None, shops: Sequence[str] = ()
) -> pd.DataFrame:
    """List the figures that stand beside the five components: insurance of unrefunded orders, penalties and other bookings of
    orders without a case, small payments, unallocated ad spend, fund flow that is not booked.

    Columns: figure, item_count, amount_fen.
    """
    return _answer(cursor, sql.read("questions/beside"), _values(cursor, first_day, last_day, {}, shops))


def coverage(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List what is missing or suspicious: unmatched and inferred cases, refunds above P, unknown words and components …

    Columns: finding, detail, item_count, amount_fen.
    """
    return _answer(cursor, sql.read("questions/coverage"), {"shops": _shops(cursor, shops)})


def cost_list(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List every cost setting as it holds over time, the starter assumptions first.

    Columns: shop, name, scope, effective_from, effective_to (None: always, open), value (in the setting's unit; null when
    switched off), source (assumed, set or off).
    """
    return _answer(cursor, sql.read("questions/cost_list"), {"shops": _shops(cursor, shops)})


def list_shops(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List the shops there are, or those of them that are named, real ones first. Columns: shop, is_sample."""
    known = _answer(cursor, sql.read("questions/list_shops"), {})
    return known[known["shop"].isin(shops)] if shops else known


def data_days(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """Return the days that the orders cover, in one row: first_day, last_day (the latest complete one); null without orders."""
    return _answer(cursor, sql.read("questions/data_days"), {"shops": _shops(cursor, shops)})


# Dimensions whose values are the program's own: another word is a slip, not an empty group.
_CLOSED = {
    "stage": (*vocabulary.STAGES, vocabulary.NO_CASE),
    "kind": (*vocabulary.KINDS, "未知", "未识别", vocabulary.NO_CASE),
    "provenance": tuple(vocabulary.PROVENANCES),
}
_ATTRIBUTES = {name: name for name in vocabulary.ORDER_DIMENSIONS if name not in _TIME_KEYS}
_CASES_OWN = {name: name for name in vocabulary.CASE_DIMENSIONS}
_LINE_KEYS = {**_TIME_KEYS, **_ATTRIBUTES, **_CASES_OWN}
_CASE_KEYS = _LINE_KEYS
_PART_KEYS = {**_LINE_KEYS, "provenance": "provenance"}
_GROUPS = tuple(_LINE_KEYS)


def _by_sides(dimensions: Sequence[str], where: Mapping[str, Sequence[str]]) -> str:
    """losses_by with what was sold on one side and what cases cost on the other."""
    grouping = _grouping(dimensions, _LINE_KEYS)
    filters = _filters(where, _LINE_KEYS)
    of_cases = [name for name in vocabulary.CASE_DIMENSIONS if name in {*dimensions, *where}]
    order_rows = _filled(
        "order_rows_by_case" if of_cases else "order_rows",
        **grouping,
        filters=filters,
        case_keys=", ".join(of_cases),
        case_columns=", ".join(f"coalesce(groups.{name}, '{vocabulary.NO_CASE}') as {name}" for name in of_cases),
    )
    return _filled("losses_by", order_rows=order_rows, **grouping, filters=filters)


def _by_provenance(dimensions: Sequence[str], where: Mapping[str, Sequence[str]]) -> str:
    grouping = _grouping(dimensions, _PART_KEYS)
    is_total = "false" if dimensions else "true"
    return _filled("losses_by_provenance", **grouping, filters=_filters(where, _PART_KEYS), is_total=is_total)


def _grouping(dimensions: Sequence[str], keys: Mapping[str, str]) -> dict[str, str]:
    """The parts of a query that follow from its dimensions; every word of them comes from the tables above."""
    times = [name for name in dimensions if name in _TIME_KEYS]
    return {
        "keys": "".join(f"{keys[name]} as {name}_key, " for name in dimensions),
        "names": "".join(f"{name}_key, " for name in dimensions),
        "labels": "".join(f"{_label(name)} as {name}, " for name in dimensions),
        "group_by": f"group by {', '.join(f'{name}_key' for name in dimensions)}" if dimensions else "",
        "order_by": ", ".join(
            [f"{name}_key asc nulls last" for name in times]
            + ["total_fen desc nulls last"]
            + [f"{name}_key asc nulls last" for name in dimensions if name not in times]
        ),
    }


def _label(name: str, key: str | None = None) -> str:
    return _TIME_LABELS.get(name, "{key}").format(key=key or f"{name}_key")


def _filters(where: Mapping[str, Sequence[str]], keys: Mapping[str, str]) -> str:
    """Conditions on the chosen dimensions' labels; the wanted values travel as parameters."""
    return " ".join(f"and list_contains($where_{name}, {_label(name, keys[name])})" for name in where)


def _filled(question: str, **parts: str) -> str:
    """The text of a question with its `{parts}` put in."""
    text = sql.read(f"questions/{question}")
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", part)
    return text


def _checked(
    dimensions: Sequence[str],
    where: Mapping[str, Sequence[str]] | None,
    clock: str,
    allowed: Sequence[str] = tuple(vocabulary.DIMENSIONS),
) -> Mapping[str, Sequence[str]]:
    for name in (*dimensions, *(where or {})):
        if name not in allowed:
            raise OperatorError("维度", f"「{name}」", "、".join(allowed), "请从中选一个维度。")
    for name, known in _CLOSED.items():
        for value in (where or {}).get(name, ()):
            if value not in known:
                raise OperatorError(f"维度 {name}", f"「{value}」", "、".join(known), "请从中选一个值。")
    if clock not in CLOCKS:
        raise OperatorError("时钟", f"「{clock}」", "、".join(CLOCKS), "请选 paid（按支付日）或 refunded（按退款日）。")
    if len(set(dimensions)) < len(dimensions):
        raise OperatorError("维度", "、".join(dimensions), "每个维度只写一次", "请去掉重复的维度。")
    return where or {}


def _values(
    cursor: duckdb.DuckDBPyConnection,
    first_day: date | None,
    last_day: date | None,
    where: Mapping[str, Sequence[str]],
    shops: Sequence[str],
) -> dict[str, Any]:
    wanted = {f"where_{name}": [str(value) for value in values] for name, values in where.items()}
    return {"first_day": first_day, "last_day": last_day, "shops": _shops(cursor, shops), **wanted}


def _shops(cursor: duckdb.DuckDBPyConnection, shops: Sequence[str]) -> list[str]:
    """The shops asked for; none named: all real ones, the sample's only when there is no other."""
    if shops:
        return list(shops)
    return [shop for (shop,) in cursor.execute(sql.read("questions/default_shops")).fetchall()]


def _answer(cursor: duckdb.DuckDBPyConnection, text: str, values: Mapping[str, Any]) -> pd.DataFrame:
    table = cursor.sql(text, params=dict(values)).to_arrow_table()
    return table.to_pandas(types_mapper=_TYPES.get)
