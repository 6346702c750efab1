"""The rules of the account's figures: quiet over random shops, loud when a figure is changed."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa
import pytest

from analytics.store import checks, marts, migrations, sql
from tests.seeds import first_of
from tests.twin import random_shops, words

LEDGER_RULES = ("ledger_*.sql",)
DAMAGES = {
    "ledger_lines_are_orders": "update marts.lines set paid_fen = paid_fen + 1",
    "ledger_cases_are_shown": "delete from marts.ledger where case_id = (select min(case_id) from cases)",
    "ledger_refund_adds_up": "update marts.ledger set refund_fen = refund_fen + 1 where is_lead",
    "ledger_spend_adds_up": "update marts.acquisition set acquisition_fen = acquisition_fen + 1 where doubt = 0",
    "ledger_parts_add_up": "update marts.ledger set minutes_fen = minutes_fen + 1",
    "ledger_shares": "update marts.ledger set booked_share_fen = share_fen + 1",
    "ledger_charged_once": "update marts.ledger set order_key = 'one', shop = 'one', premium_fen = 1",
    "ledger_whole_acquisition": "update marts.lines set acquisition_ufen = acquisition_ufen + 2000000",
}


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    """An empty ledger in memory that knows the twin's words and starter assumptions."""
    connection = duckdb.connect(config={"threads": 1})
    migrations.bring_up_to_date(connection)
    connection.executemany("insert into words values (?, ?, ?, false)", [tuple(word) for word in words.WORDS])
    connection.executemany("insert into cost_names values (?, ?, ?)", [tuple(starter) for starter in words.STARTERS])
    marts.install_views(connection)
    return connection


def put(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    """Put a random shop in the place of the one before, with its account."""
    rows_by_table: dict[str, list[dict[str, Any]]] = random_shops.insertable_rows(random_shops.random_shop(seed).facts)
    for table, rows in rows_by_table.items():
        connection.execute(f"truncate {table}")
        if rows:
            schema = connection.table(table).select(*rows[0]).limit(0).to_arrow_table().schema
            connection.register("rows_to_insert", pa.Table.from_pylist(rows, schema=schema))
            connection.execute(f"insert into {table} by name from rows_to_insert")
            connection.unregister("rows_to_insert")
    marts.rebuild(connection)


@pytest.mark.parametrize("seed", first_of(range(0, 400, 40), 5))
def test_the_account_of_a_random_shop_breaks_no_rule(database: duckdb.DuckDBPyConnection, seed: int) -> None:
    put(database, seed)
    assert checks.run_checks(database, LEDGER_RULES) == []


@pytest.mark.parametrize("rule", DAMAGES)
def test_a_rule_finds_the_figure_it_is_for(database: duckdb.DuckDBPyConnection, rule: str) -> None:
    found = set()
    for seed in range(1_000, 1_012):
        put(database, seed)
        database.execute(DAMAGES[rule])
        found |= {failure["rule"] for failure in checks.run_checks(database, LEDGER_RULES)}
        if rule in found:
            return
    pytest.fail(f"{rule} found nothing")


def test_every_rule_of_the_account_has_its_damage() -> None:
    assert {path.stem for path in (sql.FOLDER / "checks").glob("ledger_*.sql")} == set(DAMAGES)
