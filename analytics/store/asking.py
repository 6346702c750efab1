"""How a question is put together: dimensions and filters as words of its file, values as parameters, the answer as a table."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from analytics.domain import vocabulary
from analytics.errors import OperatorError
from analytics.store import sql

warnings.filterwarnings("ignore", "Arrow output on a DB-API result", UserWarning)  # the copy is small beside the second plan
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


# Dimensions whose values are the program's own: another word is a slip, not an empty group.
_CLOSED = {
    "stage": (*vocabulary.STAGES, vocabulary.NO_CASE),
    "kind": (*vocabulary.KINDS, "未知", "未识别", vocabulary.NO_CASE),
    "provenance": tuple(vocabulary.PROVENANCES),
}
_ATTRIBUTES = {name: name for name in vocabulary.ORDER_DIMENSIONS if name not in _TIME_KEYS}
_CASES_OWN = {name: name for name in vocabulary.CASE_DIMENSIONS}
KEYS = {**_TIME_KEYS, **_ATTRIBUTES, **_CASES_OWN}
PART_KEYS = {**KEYS, "provenance": "provenance"}
GROUPS = tuple(KEYS)


def grouping(dimensions: Sequence[str], keys: Mapping[str, str]) -> dict[str, str]:
    """Return the parts of a query that follow from its dimensions; every word of them comes from the tables above."""
    times = [name for name in dimensions if name in _TIME_KEYS]
    return {
        "keys": "".join(f"{keys[name]} as {name}_key, " for name in dimensions),
        "names": "".join(f"{name}_key, " for name in dimensions),
        "labels": "".join(f"{label(name)} as {name}, " for name in dimensions),
        "group_by": f"group by {', '.join(f'{name}_key' for name in dimensions)}" if dimensions else "",
        "order_by": ", ".join(
            [f"{name}_key asc nulls last" for name in times]
            + ["total_fen desc nulls last"]
            + [f"{name}_key asc nulls last" for name in dimensions if name not in times]
        ),
    }


def label(name: str, key: str | None = None) -> str:
    """Return how a dimension's key reads."""
    return _TIME_LABELS.get(name, "{key}").format(key=key or f"{name}_key")


def filters_of(where: Mapping[str, Sequence[str]], keys: Mapping[str, str]) -> str:
    """Return conditions on the chosen dimensions' labels; the wanted values travel as parameters."""
    return " ".join(f"and list_contains($where_{name}, {label(name, keys[name])})" for name in where)


def filled(question: str, **parts: str) -> str:
    """Return the text of a question with its `{parts}` put in."""
    text = sql.read(f"questions/{question}")
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", part)
    return text


def checked(
    dimensions: Sequence[str],
    where: Mapping[str, Sequence[str]] | None,
    clock: str,
    allowed: Sequence[str] = tuple(vocabulary.DIMENSIONS),
) -> Mapping[str, Sequence[str]]:
    """Return the filters, none as an empty mapping. Raises OperatorError for what there is not."""
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


def values_of(
    cursor: duckdb.DuckDBPyConnection,
    first_day: date | None,
    last_day: date | None,
    where: Mapping[str, Sequence[str]],
    shops: Sequence[str],
) -> dict[str, Any]:
    """Return the parameters that nearly every question has: its days, its shops, and the groups it is filtered by."""
    wanted = {f"where_{name}": [str(value) for value in values] for name, values in where.items()}
    return {"first_day": first_day, "last_day": last_day, "shops": shops_of(cursor, shops), **wanted}


def shops_of(cursor: duckdb.DuckDBPyConnection, shops: Sequence[str]) -> list[str]:
    """Return the shops asked for; none named: all real ones, the sample's only when there is no other."""
    if shops:
        return list(shops)
    return [shop for (shop,) in cursor.execute(sql.read("questions/default_shops")).fetchall()]


def answer(cursor: duckdb.DuckDBPyConnection, text: str, values: Mapping[str, Any]) -> pd.DataFrame:
    """Ask, and return the rows; whole numbers as Int64, so that a missing one stays missing."""
    # Not `cursor.sql(…)`, which plans a query twice, once to look at it: half of the time of a question over a small shop.
    table = cursor.execute(text, dict(values)).to_arrow_table()
    return table.to_pandas(types_mapper=_TYPES.get)
