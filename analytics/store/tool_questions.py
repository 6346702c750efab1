"""The questions behind the judgement of the retention tools: one function beside one file of analytics/sql/questions.

`as_of` leaves out what came later: orders paid, parcels sent, tools used, cases that came or ended after that moment. No shop
named: all real shops.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import duckdb
import pandas as pd

from analytics.domain import vocabulary
from analytics.store import asking, sql


def tool_uses(
    cursor: duckdb.DuckDBPyConnection,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
    as_of: datetime | None = None,
    where: Mapping[str, Sequence[str]] | None = None,
    shops: Sequence[str] = (),
) -> pd.DataFrame:
    """List every use of a tool on a paid order (by payment date) and what became of the order.

    Columns: see the question's file; `state` is open, kept (shipped, old enough, not refunded) or lost. `where` takes the
    dimensions of orders. Raises OperatorError.
    """
    return _ask_of(cursor, "tool_uses", where, first_day=first_day, last_day=last_day, as_of=as_of, shops=shops)


def tool_reach(
    cursor: duckdb.DuckDBPyConnection,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
    as_of: datetime | None = None,
    where: Mapping[str, Sequence[str]] | None = None,
    shops: Sequence[str] = (),
) -> pd.DataFrame:
    """Group the refunds that ended a sale by the tool that could have helped, stage, reason and product; no effect of any.

    Columns: tool (urge_ship stands for both shipping tools; none), stage, reason, product, orders, cases, refund_fen, loss_fen,
    first_at, last_at. `where` takes the dimensions of orders. Raises OperatorError.
    """
    return _ask_of(cursor, "tool_reach", where, first_day=first_day, last_day=last_day, as_of=as_of, shops=shops)


def tool_payments(cursor: duckdb.DuckDBPyConnection, *, as_of: datetime | None = None, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List every small payment with the running sums that the platform's limits look at.

    Columns: shop, order_id, order_paid_at, paid_out_at, amount_fen, is_postage, days_since_paid, order_count, order_fen, day,
    day_fen.
    """
    return _ask(cursor, "tool_payments", shops, as_of=as_of)


def tool_refund_costs(
    cursor: duckdb.DuckDBPyConnection, *, as_of: datetime | None = None, shops: Sequence[str] = ()
) -> pd.DataFrame:
    """Add up what refunds that end a sale cost behind the money given back, of orders not shipped (before) and shipped (after).

    Columns: place, orders, sent_fen, logistics_fen (without what was sent out), handling_fen, damage_fen, goods_fen.
    """
    return _ask(cursor, "tool_refund_costs", shops, as_of=as_of)


def tool_orders(cursor: duckdb.DuckDBPyConnection, *, as_of: datetime | None = None, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List every paid order with what was known of it and when each tool was used on it. Columns: see the question's file."""
    return _ask(cursor, "tool_orders", shops, as_of=as_of)


def tool_cases(cursor: duckdb.DuckDBPyConnection, *, as_of: datetime | None = None, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List every case of a loaded order: when it came and ended, whether money went back, what it cost.

    Columns: shop, order_id, case_id, applied_at, finished_at, is_finished, gives_money_back, stage, loss_fen.
    """
    return _ask(cursor, "tool_cases", shops, as_of=as_of)


def tool_reasons(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List the reasons of refunds with the tool that could have helped, the operator's word and the program's.

    Columns: reason, tool, own_tool (None: the operator has said nothing), program_tool, cases, loss_fen; most money first.
    """
    return _ask(cursor, "tool_reasons", shops)


def _ask_of(
    cursor: duckdb.DuckDBPyConnection,
    question: str,
    where: Mapping[str, Sequence[str]] | None,
    *,
    first_day: date | None,
    last_day: date | None,
    shops: Sequence[str],
    as_of: datetime | None,
) -> pd.DataFrame:
    wanted = asking.checked((), where, "paid", allowed=tuple(vocabulary.ORDER_DIMENSIONS))
    text = asking.filled(question, filters=asking.filters_of(wanted, asking.KEYS))
    return asking.answer(cursor, text, {**asking.values_of(cursor, first_day, last_day, wanted, shops), "as_of": as_of})


def _ask(cursor: duckdb.DuckDBPyConnection, question: str, shops: Sequence[str], **values: Any) -> pd.DataFrame:
    return asking.answer(cursor, sql.read(f"questions/{question}"), {**values, "shops": asking.shops_of(cursor, shops)})
