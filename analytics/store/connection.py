"""A connection to a database file, locked down before its first statement, and the sentences for what can go wrong with it."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from analytics.errors import OperatorError
from analytics.store.lock import held_by

STORAGE_VERSION = "v1.5.0"  # DuckDB 1.5 is supported for long and must be able to open the file
MEMORY_MB = 2048  # under 1 GiB the log of a crashed import could not be replayed
NO_SPACE = re.compile(r"no space left|not enough space|disk is full|磁盘空间不足", re.IGNORECASE)
CORRUPT = re.compile(r"corrupt database file", re.IGNORECASE)
HELD = re.compile(r"could not set lock|used by another process|另一个程序正在使用", re.IGNORECASE)
HOLDER = re.compile(r"held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")


def connect(database: Path, home: Path, *, memory_mb: int = MEMORY_MB, threads: int = 1) -> duckdb.DuckDBPyConnection:
    """Connect to a database file and lock it down before its first statement: SQL reaches the staging folder and nothing else.

    Raises OperatorError when the file is held or damaged.
    """
    config = {
        "storage_compatibility_version": STORAGE_VERSION,
        "memory_limit": f"{memory_mb}MiB",
        "threads": threads,
        "temp_directory": str(home / "temp"),
        "python_enable_replacements": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
    }
    try:
        connection = duckdb.connect(str(database), config=config)
    except duckdb.Error as error:
        raise _cannot_open(database, home, str(error)) from error
    staging = str(home / "staging").replace("'", "''")
    connection.execute(f"set allowed_directories = ['{staging}']")  # before the next line, which freezes it
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def sentence_for(error: duckdb.Error, home: Path) -> OperatorError | None:
    """Return what to tell an operator about a full disk or a damaged file, None for any other error: that is a bug."""
    message = str(error)
    if NO_SPACE.search(message):
        return no_space(home, "已写满")
    return damaged(home, message) if CORRUPT.search(message) else None


def no_space(home: Path, found: str) -> OperatorError:
    """Return the sentence for a disk without room."""
    return OperatorError(f"磁盘（{home}）", found, "有足够的空间", "请腾出空间后再试；账本里已有的数据没有改动。")


def damaged(place: Path, message: str) -> OperatorError:
    """Return the sentence for a database file that cannot be read."""
    found = f"无法读取（{message.splitlines()[0][:200]}）"
    return OperatorError(f"账本「{place}」", found, "完好的账本文件", "请用 restore 从备份恢复；backups/ 文件夹里有自动备份。")


def _cannot_open(database: Path, home: Path, message: str) -> OperatorError:
    holder = HOLDER.search(message)
    if holder:
        return held_by(home, f"{Path(holder['program']).name}，进程号 {holder['pid']}")
    if HELD.search(message):
        return held_by(home, "")
    return no_space(home, "已写满") if NO_SPACE.search(message) else damaged(database, message)
