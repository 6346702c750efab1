"""The views that readers have saved: a page and its filters under a name."""

from __future__ import annotations

from datetime import datetime

import duckdb

from analytics.domain.loads import Actor
from analytics.store import sql


def every(cursor: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    """Return the saved views as (name, page, query), by name."""
    return sql.run(cursor, "loads/saved_views").fetchall()


def save(cursor: duckdb.DuckDBPyConnection, name: str, page: str, query: str, actor: Actor, now: datetime) -> None:
    """Save a view; one of the same name is replaced."""
    forget(cursor, name)
    sql.run(cursor, "loads/save_view", name=name, page=page, query=query, saved_at=now, saved_by=actor.name)


def forget(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
    """Forget the view of a name, if there is one."""
    sql.run(cursor, "loads/forget_view", name=name)
