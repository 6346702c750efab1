"""The integrity rules of the ledger: each a query that finds rows which must not exist."""

from __future__ import annotations

from typing import Any

import duckdb

from analytics.store import sql
from analytics.store.facts import FACTS, Fact

MOST_ROWS = 100  # of one rule: more say nothing more
FACT_RULES = "fact_*.sql"  # run once for each fact
STORE_RULES = ("fact_*.sql", "load_*.sql", "urge_*.sql", "holdout_*.sql")
EVERY_RULE = (*STORE_RULES, "ledger_*.sql")


def run_checks(cursor: duckdb.DuckDBPyConnection, rules: tuple[str, ...] = EVERY_RULE) -> list[dict[str, Any]]:
    """Return the rows that break a rule as {"rule", "table", "row"}, none when the ledger is sound.

    The rules of the ledger's figures (`ledger_*`) read the marts: refresh them first.
    """
    return [failure for pattern in rules for name in _names(pattern) for failure in _failures(cursor, name)]


def _names(pattern: str) -> list[str]:
    return sorted(path.stem for path in (sql.FOLDER / "checks").glob(pattern))


def _failures(cursor: duckdb.DuckDBPyConnection, name: str) -> list[dict[str, Any]]:
    facts = FACTS.values() if name.startswith("fact_") else (None,)
    return [failure for fact in facts for failure in _failing_rows(cursor, name, fact)]


def _failing_rows(cursor: duckdb.DuckDBPyConnection, name: str, fact: Fact | None) -> list[dict[str, Any]]:
    text = fact.text(f"checks/{name}") if fact else sql.read(f"checks/{name}")
    rows = cursor.execute(text).fetchmany(MOST_ROWS)
    columns = [column[0] for column in cursor.description]
    return [
        {
            "rule": name,
            "table": fact.table if fact else None,
            "row": ", ".join(f"{column}={value}" for column, value in zip(columns, row, strict=True)),
        }
        for row in rows
    ]
