"""The questions of the urge-to-ship list: what waits, what was urged before, how fresh the files are, what has been marked.

A cursor and the filters come in, a DataFrame comes out, as in `questions`. No shop named: all real shops.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pandas as pd

from analytics.store import asking, sql

PARTS_MINUTES = 15  # lists drawn this close to each other may be parts of one
WORKED_HOURS = 24  # a mark within a day of the list counts as work on it


def urge_open(cursor: duckdb.DuckDBPyConnection, *, now: datetime, near_hours: float, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List the paid orders none of whose goods have left that were urged, are within `near_hours` of their promise or past it,
    or are to ship first; what a refund of each would cost, at the settings of today. Columns: see the question's file.
    """
    text = asking.filled("urge_open", waiting=sql.read("questions/urge_waiting"), losses=_losses_of("not is_order_shipped"))
    return _ask(cursor, text, shops, now=now, today=now.date(), near_seconds=near_hours * 3600, parts_minutes=PARTS_MINUTES)


def urge_count(cursor: duckdb.DuckDBPyConnection, *, now: datetime, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List the urged orders of `urge_open` that can be shipped, without anything more about them.

    Columns: shop, order_id, receivable_fen.
    """
    text = asking.filled("urge_count", waiting=sql.read("questions/urge_waiting"))
    return _ask(cursor, text, shops, now=now, near_seconds=0.0, parts_minutes=PARTS_MINUTES)


def urge_past(cursor: duckdb.DuckDBPyConnection, *, now: datetime, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List every order that was urged at a known time, with what became of it. Columns: see the question's file."""
    text = asking.filled("urge_past", losses=_losses_of("tool like '%urge_ship%'"))
    return _ask(cursor, text, shops, today=now.date())


def urge_marks(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """Say where the marks leave each order that was ever marked. Columns: see the question's file."""
    return _ask(cursor, sql.read("questions/urge_marks"), shops)


def urge_history(cursor: duckdb.DuckDBPyConnection, *, shop: str, order_id: str) -> pd.DataFrame:
    """List everything that was ever marked on an order.

    Columns: event_id, batch_id, mark, actor, happened_at, until_at, reason, has_effect, is_undone.
    """
    return asking.answer(cursor, sql.read("questions/urge_history"), {"shop": shop, "order_id": order_id})


def urge_cases(cursor: duckdb.DuckDBPyConnection, *, order_id: str, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List the after-sales cases of an order of one shop, the newest first. Columns: case_id, is_open."""
    (shop,) = asking.shops_of(cursor, shops)
    return asking.answer(cursor, sql.read("questions/urge_cases"), {"shop": shop, "order_id": order_id})


def urge_freshness(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """Say until when each shop's files go. Columns: shop, data_until, list_until, unknown_orders."""
    return _ask(cursor, sql.read("questions/urge_freshness"), shops)


def urge_alarms(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """Say for each shop from how many orders on its alarm is raised (null: not set), and for which it was seen.

    Columns: shop, threshold, acknowledged.
    """
    return _ask(cursor, sql.read("questions/urge_alarms"), shops)


def urge_fates(cursor: duckdb.DuckDBPyConnection, *, at: datetime, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List the urged orders that waited at a moment and what became of each. Columns: see the question's file."""
    return _ask(cursor, sql.read("questions/urge_fates"), shops, at=at, worked_until=at + timedelta(hours=WORKED_HOURS))


def urge_weeks(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """Count urges, hours to shipment and penalties by week. Columns: see the question's file."""
    return _ask(cursor, sql.read("questions/urge_weeks"), shops)


def urge_holders(cursor: duckdb.DuckDBPyConnection, *, order_ids: Sequence[str], shops: Sequence[str] = ()) -> pd.DataFrame:
    """Say which shops hold these orders. Columns: shop, order_id."""
    return _ask(cursor, sql.read("questions/urge_holders"), shops, order_ids=list(order_ids))


def urge_lines(
    cursor: duckdb.DuckDBPyConnection, *, orders: Sequence[tuple[str, str]], shops: Sequence[str] = ()
) -> pd.DataFrame:
    """List what has to be packed for orders, each a shop and an order id; only those of `shops`.

    Columns: shop, order_id, product_id, product_name, sku, spec, quantity, warehouse.
    """
    allowed = set(asking.shops_of(cursor, shops)) if shops else {shop for shop, _ in orders}
    wanted = [(shop, order_id) for shop, order_id in orders if shop in allowed]
    values = {"wanted_shops": [shop for shop, _ in wanted], "order_ids": [order_id for _, order_id in wanted]}
    return asking.answer(cursor, sql.read("questions/urge_lines"), values)


def _losses_of(orders: str) -> str:
    """The query that prices the orders of a condition on their lines."""
    return asking.filled("urge_losses", orders=orders)


def _ask(cursor: duckdb.DuckDBPyConnection, text: str, shops: Sequence[str], **values: Any) -> pd.DataFrame:
    return asking.answer(cursor, text, {**values, "shops": asking.shops_of(cursor, shops)})
