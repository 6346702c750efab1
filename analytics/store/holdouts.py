"""Hold-outs as they are kept: what each is about, and the orders it has taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb
import pandas as pd

from analytics.store import sql, urge_marks

PPM = 1_000_000


@dataclass(frozen=True)
class Holdout:
    """One hold-out: rates and shares 0–1, `wanted_orders` as said beforehand, `order_count` and `held_out_count` so far."""

    holdout_id: int
    experiment: str
    shop: str
    tool: str
    share: float
    starts_on: date
    ends_on: date | None
    base_rate: float
    change: float
    wanted_orders: int
    created_at: datetime
    created_by: str
    ended_at: datetime | None = None
    ended_by: str | None = None
    order_count: int = 0
    held_out_count: int = 0

    def takes_orders(self, day: date) -> bool:
        """Say whether it takes in orders that an import shows on a day."""
        return self.ended_at is None and self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def next_id(cursor: duckdb.DuckDBPyConnection) -> int:
    """Return the number of the next hold-out."""
    return sql.run(cursor, "holdouts/next_id").fetchone()[0]


def create(cursor: duckdb.DuckDBPyConnection, holdout: Holdout) -> None:
    """Write a hold-out down inside the caller's transaction."""
    sql.run(
        cursor,
        "holdouts/create",
        holdout_id=holdout.holdout_id,
        experiment=holdout.experiment,
        shop=holdout.shop,
        tool=holdout.tool,
        share_ppm=round(holdout.share * PPM),
        starts_on=holdout.starts_on,
        ends_on=holdout.ends_on,
        base_rate_ppm=round(holdout.base_rate * PPM),
        change_ppm=round(holdout.change * PPM),
        wanted_orders=holdout.wanted_orders,
        created_at=holdout.created_at,
        created_by=holdout.created_by,
    )


def every(cursor: duckdb.DuckDBPyConnection) -> list[Holdout]:
    """Return all hold-outs, the newest first."""
    return [
        Holdout(number, experiment, shop, tool, share / PPM, starts, ends, base / PPM, change / PPM, *rest)
        for number, experiment, shop, tool, share, starts, ends, base, change, *rest in sql.run(
            cursor, "holdouts/every"
        ).fetchall()
    ]


def orders(cursor: duckdb.DuckDBPyConnection, holdout_id: int) -> pd.DataFrame:
    """Return the orders of a hold-out. Columns: order_id, is_held_out, since_at, assigned_at."""
    return sql.run(cursor, "holdouts/orders", holdout_id=holdout_id).df()


def kept_back(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List the orders that running hold-outs of the shipping tools leave to their normal turn. Columns: shop, order_id."""
    return sql.run(cursor, "holdouts/kept_back", shops=list(shops)).df()


def assign(
    cursor: duckdb.DuckDBPyConnection,
    holdout_id: int,
    order_ids: Sequence[str],
    held_out: Sequence[bool],
    since: Sequence[datetime],
    *,
    now: datetime,
) -> None:
    """Take orders into a hold-out inside the caller's transaction; those it has already stay as they are."""
    taken = {"order_ids": list(order_ids), "held_out": [bool(one) for one in held_out], "since": list(since)}
    sql.run(cursor, "holdouts/assign", holdout_id=holdout_id, assigned_at=now, **taken)
    if taken["order_ids"]:
        urge_marks.moved_on(cursor)  # the urge-to-ship list shows who is held out


def end(cursor: duckdb.DuckDBPyConnection, holdout_id: int, *, ended_by: str, now: datetime) -> None:
    """End a hold-out inside the caller's transaction."""
    sql.run(cursor, "holdouts/end", holdout_id=holdout_id, ended_at=now, ended_by=ended_by)
    urge_marks.moved_on(cursor)
