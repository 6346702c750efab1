"""The texts of all queries: files under analytics/sql, read once."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

FOLDER = Path(__file__).resolve().parent.parent / "sql"
PARAMETER = re.compile(r"\$([a-z]\w*)")


@cache
def read(name: str) -> str:
    """Return the text of analytics/sql/<name>.sql."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def run(cursor: duckdb.DuckDBPyConnection, query: str, /, **values: Any) -> duckdb.DuckDBPyConnection:
    """Run analytics/sql/<query>.sql with `values` as its parameters."""
    return cursor.execute(read(query), values)


def parameters_of(text: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return those of `values` that the query names; DuckDB refuses a parameter that it does not."""
    return {name: values[name] for name in set(PARAMETER.findall(text))}
