"""The questions that maturity asks: the triangle of what was sold and what came back when, and until when the files know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import duckdb
import pandas as pd

from analytics.domain import vocabulary
from analytics.store import asking, sql


def cohorts(
    cursor: duckdb.DuckDBPyConnection,
    *,
    dimensions: Sequence[str] = (),
    where: Mapping[str, Sequence[str]] | None = None,
    shops: Sequence[str] = (),
    recent_from: date | None = None,
) -> pd.DataFrame:
    """Add up what was sold by day of payment, and what of it came back, by the days that it took.

    Columns: the dimensions (text; by a dimension of cases null for what was sold), paid_on, lag_days (null: what was sold, and
    refunds without a date), orders, receivable_fen, refunded_orders, sales_fen, hidden_fen, total_fen. `recent_from` leaves
    out older days. A filter by a dimension of cases filters what came back, not what was sold. Raises OperatorError.
    """
    where = asking.checked(dimensions, where, "paid", allowed=asking.GROUPS)
    grouping = asking.grouping(dimensions, asking.KEYS)
    of_lines = {name: groups for name, groups in where.items() if name in vocabulary.ORDER_DIMENSIONS}
    keys_of_lines = {**asking.KEYS, **dict.fromkeys(vocabulary.CASE_DIMENSIONS, "null::varchar")}
    text = asking.filled(
        "cohorts",
        line_keys=asking.grouping(dimensions, keys_of_lines)["keys"],
        case_keys=grouping["keys"],
        names=grouping["names"],
        labels=grouping["labels"],
        line_filters=asking.filters_of(of_lines, asking.KEYS),
        case_filters=asking.filters_of(where, asking.KEYS),
    )
    values = {**asking.values_of(cursor, None, None, where, shops), "recent_from": recent_from}
    return asking.answer(cursor, text, {name: value for name, value in values.items() if name not in ("first_day", "last_day")})


def known_days(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """Say until which complete day the files know the orders and the cases of each shop that has sold anything.

    Columns: shop, first_day, last_order_day, last_case_day (null without cases), cases_a_day (in hundredths).
    """
    return asking.answer(cursor, sql.read("questions/known_days"), {"shops": asking.shops_of(cursor, shops)})
