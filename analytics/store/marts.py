"""Staging views and marts, built from their files: views are always fresh, marts are tables kept while nothing moves."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING

import duckdb

from analytics.store import sql

if TYPE_CHECKING:
    from analytics.store.warehouse import Warehouse

# In the order in which they build on each other.
STAGING = (
    *("words", "shops", "source_files", "order_lines", "cases", "fund_flows", "small_payments", "order_tags", "listed_tags"),
    *("cost_ranges", "cost_starters", "product_cost_ranges", "ad_spend", "ad_periods", "data_ends", "booked_amounts"),
    "booked_rows",
    *("unknown_words", "own_words", "word_rows", "file_periods", "file_rows"),
    *("tool_marks", "order_terms", "reason_tools"),
    *("order_files", "urge_signs", "urged_orders", "urge_events", "urge_alarms", "urge_acknowledged"),
)
MARTS = (
    *("settings", "several_orders", "numbered_lines", "bookings", "acquisition", "lines", "case_lines", "staged_cases"),
    *("case_inputs", "ledger", "lost_sales", "order_profits", "daily_profits"),
)
# Marts that are asked now and then, or by one other mart only: views. The rest are tables.
LIGHT_MARTS = ("numbered_lines", "case_inputs", "lost_sales", "order_profits")


def install_views(cursor: duckdb.DuckDBPyConnection) -> None:
    """Create or replace every view and the empty tables of the marts, unless this program's are there already."""
    for schema in ("staging", "marts"):
        cursor.execute(f"create schema if not exists {schema}")
    cursor.execute("create table if not exists marts.installed (definition varchar not null)")
    cursor.execute("create table if not exists marts.state (version bigint not null, definition varchar not null)")
    if cursor.execute(sql.read("marts/is_installed"), {"definition": _definition()}).fetchone()[0]:
        return
    for name in STAGING:
        cursor.execute(f"create or replace view staging.{name} as\n{sql.read(f'staging/{name}')}")
    for name in MARTS:
        _build(cursor, name, is_empty=True)
    cursor.execute("delete from marts.state")
    cursor.execute("delete from marts.installed")
    cursor.execute("insert into marts.installed values ($definition)", {"definition": _definition()})


def rebuild(cursor: duckdb.DuckDBPyConnection) -> None:
    """Build every mart anew from the facts that the caller's transaction sees."""
    for name in MARTS:
        if name not in LIGHT_MARTS:
            _build(cursor, name)
    cursor.execute("delete from marts.state")
    cursor.execute(sql.read("marts/remember_state"), {"definition": _definition()})


def refresh(warehouse: Warehouse) -> bool:
    """Rebuild the marts if the facts moved on since they were built; return whether they were rebuilt."""
    with warehouse.cursor() as cursor:
        if _is_current(cursor):
            return False
    with warehouse.transaction(changes_facts=False) as cursor:
        if not _is_current(cursor):  # another thread may have been faster
            rebuild(cursor)
    return True


def _is_current(cursor: duckdb.DuckDBPyConnection) -> bool:
    return cursor.execute(sql.read("marts/is_current"), {"definition": _definition()}).fetchone()[0]


def _build(cursor: duckdb.DuckDBPyConnection, name: str, *, is_empty: bool = False) -> None:
    text = sql.read(f"marts/{name}")
    if name in LIGHT_MARTS:
        cursor.execute(f"create or replace view marts.{name} as\n{text}")
    else:
        cursor.execute(f"create or replace table marts.{name} as\n{text}\n{'with no data' if is_empty else ''}")


@cache
def _definition() -> str:
    """A fingerprint of every text: a new version of the program must not read what an older one built."""
    texts = [sql.read(f"staging/{name}") for name in STAGING] + [sql.read(f"marts/{name}") for name in MARTS]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
