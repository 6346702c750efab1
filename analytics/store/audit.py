"""The audit log: who did what, for ever."""

from __future__ import annotations

from datetime import datetime

import duckdb

from analytics.domain.loads import Actor
from analytics.store import sql


def record(cursor: duckdb.DuckDBPyConnection, actor: Actor, action: str, detail: str, now: datetime) -> None:
    """Write down one deed inside the caller's transaction."""
    sql.run(cursor, "loads/append_audit", happened_at=now, actor=actor.name, role=actor.role, action=action, detail=detail)


def has_happened(cursor: duckdb.DuckDBPyConnection, action: str) -> bool:
    """Say whether a deed of this kind was ever done."""
    return sql.run(cursor, "loads/audited", action=action).fetchone()[0]


def names_of(cursor: duckdb.DuckDBPyConnection, action: str) -> list[str]:
    """Return the names of those who have done a deed of this kind, in the order of the first time."""
    return [name for (name,) in sql.run(cursor, "loads/audited_names", action=action).fetchall()]
