"""Answers that took long to work out, kept with the version of the data they rest on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from analytics.store import sql


@dataclass(frozen=True)
class Kept:
    """An answer as it was kept: plain data, the versions of the method and of the data, when it was made and how long it took."""

    answer: Any
    revision: int
    version: int
    worked_out_at: datetime
    seconds: float


def find(cursor: duckdb.DuckDBPyConnection, name: str, asked: str) -> Kept | None:
    """Return the newest kept answer of an analysis, whatever data it rests on; None where there is none."""
    row = sql.run(cursor, "loads/analysis", name=name, asked=asked).fetchone()
    if row is None:
        return None
    revision, version, answer, worked_out_at, seconds = row
    return Kept(json.loads(answer), revision, version, worked_out_at, seconds)


def keep(cursor: duckdb.DuckDBPyConnection, name: str, asked: str, kept: Kept) -> None:
    """Keep an answer in the place of any earlier one to the same question; it must be plain data that JSON can hold."""
    sql.run(cursor, "loads/forget_analysis", name=name, asked=asked)
    answer = json.dumps(kept.answer, ensure_ascii=False, allow_nan=False)
    values = {"revision": kept.revision, "version": kept.version, "worked_out_at": kept.worked_out_at, "seconds": kept.seconds}
    sql.run(cursor, "loads/keep_analysis", name=name, asked=asked, answer=answer, **values)
