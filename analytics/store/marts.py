"""Views of the ledger, installed from their files, and the tables that keep their answers between two loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from analytics.store import sql

if TYPE_CHECKING:
    from analytics.store.warehouse import Warehouse

# In the order in which they build on each other.
STAGING = (
    *("words", "shops", "source_files", "order_lines", "cases", "fund_flows", "small_payments", "order_tags", "listed_tags"),
    *("cost_ranges", "cost_starters", "product_cost_ranges", "ad_spend", "ad_periods", "data_ends", "booked_amounts"),
)
MARTS = ("settings", "numbered_lines", "bookings", "acquisition", "lines", "case_lines", "staged_cases", "ledger")
# Marts whose rows are kept as tables.
KEPT = ("settings", "bookings", "acquisition", "lines", "case_lines", "staged_cases", "ledger")


def install_views(cursor: duckdb.DuckDBPyConnection) -> None:
    """Create or replace every view: `staging.*` over the facts, `live.*` (the marts) over those."""
    for schema in ("staging", "live", "kept"):
        cursor.execute(f"create schema if not exists {schema}")
    for name in STAGING:
        cursor.execute(f"create or replace view staging.{name} as\n{sql.read(f'staging/{name}')}")
    for name in MARTS:
        cursor.execute(f"create or replace view live.{name} as\n{sql.read(f'marts/{name}')}")


def rebuild(cursor: duckdb.DuckDBPyConnection) -> None:
    """Keep every heavy mart as a table `kept.*`, each built from the tables before it."""
    for name in KEPT:
        cursor.execute(f"create or replace table kept.{name} as\n{kept_text(name)}")
