"""Numbered changes of the schema, each applied once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from analytics.errors import OperatorError
from analytics.store import sql
from analytics.store.clock import wall_time

SCHEMA_FOLDER = sql.FOLDER / "schema"
FILE_NAME = re.compile(r"(\d{4})_\w+")


@dataclass(frozen=True)
class Migration:
    """One numbered file of the schema folder."""

    number: int
    path: Path


def known(folder: Path = SCHEMA_FOLDER) -> list[Migration]:
    """Return the migrations of the folder in their order."""
    found = ((FILE_NAME.fullmatch(path.stem), path) for path in sorted(folder.glob("*.sql")))
    return [Migration(int(match[1]), path) for match, path in found if match]


def applied(cursor: duckdb.DuckDBPyConnection) -> list[int]:
    """Return the numbers of the migrations this database has been through, none for an empty one."""
    if not sql.run(cursor, "loads/has_migrations").fetchone()[0]:
        return []
    return [number for (number,) in sql.run(cursor, "loads/applied_migrations").fetchall()]


def pending(cursor: duckdb.DuckDBPyConnection, folder: Path = SCHEMA_FOLDER) -> list[Migration]:
    """Return the migrations still to be applied.

    Raises OperatorError when the database has been through one that this program does not know.
    """
    migrations = known(folder)
    done = applied(cursor)
    newest = max(migration.number for migration in migrations)
    if done and done[-1] > newest:
        raise OperatorError(
            "账本 ledger.duckdb",
            f"由更新版本的程序写成（结构 {done[-1]}）",
            f"结构不高于 {newest}",
            "请升级程序后再打开，数据没有改动。",
        )
    return [migration for migration in migrations if migration.number not in done]


def bring_up_to_date(cursor: duckdb.DuckDBPyConnection, folder: Path = SCHEMA_FOLDER) -> None:
    """Apply what is pending, all of it or nothing."""
    migrations = pending(cursor, folder)
    if not migrations:
        return
    cursor.execute("begin transaction")
    sql.run(cursor, "loads/create_migrations")
    for migration in migrations:
        cursor.execute(migration.path.read_text(encoding="utf-8"))
        sql.run(cursor, "loads/append_migration", number=migration.number, name=migration.path.stem, applied_at=wall_time())
    cursor.execute("commit")
