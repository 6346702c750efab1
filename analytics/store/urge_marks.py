"""Writing on the urge-to-ship list: marks that only add to each other, the alarm's number, and that an alarm was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from analytics.domain.urges import Clash, Marked, SeenOrder
from analytics.store import sql


@dataclass(frozen=True)
class Mark:
    """One action on orders: what is said of them, by whom, when, until when, and why."""

    mark: str
    actor: str
    now: datetime
    until: datetime | None = None
    reason: str = ""


def version(cursor: duckdb.DuckDBPyConnection) -> int:
    """Return the version of what is written here, which every mark, undoing, and alarm moves on."""
    return sql.run(cursor, "urges/version").fetchone()[0]


def append(
    cursor: duckdb.DuckDBPyConnection, orders: Sequence[SeenOrder], mark: Mark, *, undoes: Sequence[int | None] = ()
) -> Marked:
    """Write an action down inside the caller's transaction, an event an order.

    Where another event stands on an order than the one the caller has seen, the new event is kept without effect, and comes
    back as a clash. `undoes` names for each order the event that is taken back.
    """
    batch_id = sql.run(cursor, "urges/next_batch").fetchone()[0]
    keys = {"shops": [order.shop for order in orders], "order_ids": [order.order_id for order in orders]}
    lasts = sql.run(cursor, "urges/lasts", **keys).fetchall()
    clashes = [
        Clash(*last[1:]) if order.event_id is not None and order.event_id != (last[3] or 0) else None
        for order, last in zip(orders, lasts, strict=True)
    ]
    sql.run(
        cursor,
        "urges/append_events",
        **keys,
        batch_id=batch_id,
        mark=mark.mark,
        actor=mark.actor,
        now=mark.now,
        until=mark.until,
        reason=mark.reason,
        undoes=list(undoes) or [None] * len(orders),
        clashes=[clash and clash.event_id for clash in clashes],
    )
    moved_on(cursor)
    written = sql.run(cursor, "urges/events_of_batch", batch_id=batch_id).fetchall()
    saved = tuple(SeenOrder(shop, order_id, event) for shop, order_id, event, clashed_with in written if clashed_with is None)
    return Marked(batch_id, saved, tuple(clash for clash in clashes if clash))


def standing_of_batch(cursor: duckdb.DuckDBPyConnection, batch_id: int) -> list[SeenOrder]:
    """Return the marks of an action that had effect and were not taken back, each as the event it is."""
    rows = sql.run(cursor, "urges/batch", batch_id=batch_id).fetchall()
    return [SeenOrder(shop, order_id, event_id) for event_id, shop, order_id in rows]


def set_alarm(cursor: duckdb.DuckDBPyConnection, shop: str, threshold: int, *, actor: str, now: datetime) -> None:
    """Write down from how many urged orders on a shop's alarm is raised, in the place of any earlier number."""
    sql.run(cursor, "urges/forget_alarm", shop=shop)
    sql.run(cursor, "urges/append_alarm", shop=shop, threshold=threshold, actor=actor, now=now)
    moved_on(cursor)


def acknowledge(cursor: duckdb.DuckDBPyConnection, shop: str, order_ids: Sequence[str], *, actor: str, now: datetime) -> None:
    """Write down that the alarm was seen for these orders of a shop."""
    sql.run(cursor, "urges/acknowledge", shop=shop, order_ids=list(order_ids), actor=actor, now=now)
    moved_on(cursor)


def moved_on(cursor: duckdb.DuckDBPyConnection) -> None:
    """Move the version of what is written here on; that of the data stays, since no figure of the account changes."""
    sql.run(cursor, "urges/bump_version")
