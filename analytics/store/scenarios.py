"""The scenarios that operators have saved: a period and its levers under a name, with what they promised on that day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from analytics.store import sql


@dataclass(frozen=True)
class Saved:
    """A saved scenario: the tables of its file, the shops it is about, and the figures that were promised when it was saved."""

    name: str
    shops: tuple[str, ...]
    scenario: Mapping[str, Any]
    promised: Mapping[str, Any]
    saved_at: datetime
    saved_by: str


def every(cursor: duckdb.DuckDBPyConnection) -> list[Saved]:
    """Return the saved scenarios, by name."""
    return [
        Saved(name, tuple(shops), json.loads(scenario), json.loads(promised), saved_at, saved_by)
        for name, shops, scenario, promised, saved_at, saved_by in sql.run(cursor, "loads/scenarios").fetchall()
    ]


def save(cursor: duckdb.DuckDBPyConnection, saved: Saved) -> None:
    """Save a scenario; one of the same name is replaced."""
    forget(cursor, saved.name)
    sql.run(
        cursor,
        "loads/save_scenario",
        name=saved.name,
        shops=list(saved.shops),
        scenario=json.dumps(saved.scenario, ensure_ascii=False),
        promised=json.dumps(saved.promised, ensure_ascii=False),
        saved_at=saved.saved_at,
        saved_by=saved.saved_by,
    )


def forget(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
    """Forget the scenario of a name, if there is one."""
    sql.run(cursor, "loads/forget_scenario", name=name)
