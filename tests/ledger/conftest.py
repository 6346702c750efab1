"""What the ledger's tests share: an empty ledger in memory, and facts to put into it."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from analytics.store import marts, sql
from tests.ledger.facts import Facts


@pytest.fixture(scope="session")
def database() -> duckdb.DuckDBPyConnection:
    """An empty ledger in memory with its views; tests work in a transaction that is rolled back."""
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    for path in sorted((sql.FOLDER / "schema").glob("*.sql")):
        connection.execute(path.read_text(encoding="utf-8"))
    marts.install_views(connection)
    Facts(connection).prepare()
    return connection


@pytest.fixture
def facts(database: duckdb.DuckDBPyConnection) -> Iterator[Facts]:
    cursor = database.cursor()
    cursor.execute("begin transaction")
    yield Facts(cursor)
    cursor.execute("rollback")
    cursor.close()
