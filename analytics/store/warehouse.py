"""The one database of an installation: opening, locking down, cursors and transactions."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from analytics.errors import OperatorError
from analytics.store import migrations, sql, swap, words
from analytics.store.clock import wall_time
from analytics.store.lock import HomeLock, held_by

DATABASE = "ledger.duckdb"
KEY = "buyer.key"
STORAGE_VERSION = "v1.5.0"  # DuckDB 1.5 is supported for long and must be able to open the file
MEMORY_MB = 2048  # under 1 GiB the log of a crashed import could not be replayed
FOLDERS = ("staging", "backups", "logs", "inbox", "temp")
NO_SPACE = re.compile(r"no space left|not enough space|disk is full|磁盘空间不足", re.IGNORECASE)
HELD = re.compile(r"lock|used by another process", re.IGNORECASE)
HOLDER = re.compile(r"held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")


class Warehouse:
    """Hold the ledger of a home folder: one per process, a cursor of its own for every use.

    Open it before anything is staged: opening sweeps what a crash left in the staging folder.
    """

    def __init__(self, home: Path, *, memory_mb: int, threads: int, schema: Path) -> None:
        self.home = home
        self.staging, self.backups, self.logs, self.inbox = (home / name for name in FOLDERS[:4])
        self._limits = {"memory_limit": f"{memory_mb}MiB", "threads": threads}
        self._writing = threading.Lock()
        _make_folders(home)
        self._lock = HomeLock(home)
        try:
            swap.finish(home)
            _sweep(self.staging)
            _make_key(home / KEY)
            self._connection = connect(home, **self._limits)
            self._migrate(schema)
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        memory_mb: int = MEMORY_MB,
        threads: int | None = None,
        schema: Path = migrations.SCHEMA_FOLDER,
    ) -> Warehouse:
        """Open the ledger of `home`, created or migrated as needed and locked down from its first statement.

        Raises OperatorError when another process holds it, when its file is damaged or written by a newer program.
        """
        return cls(Path(home).expanduser().resolve(), memory_mb=memory_mb, threads=threads or os.cpu_count() or 1, schema=schema)

    def close(self) -> None:
        """Write the log into the database and let go of the home folder."""
        if hasattr(self, "_connection"):
            self._connection.close()
        self._lock.release()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor that reads one unchanging state of the ledger; it may keep temporary tables, nothing else."""
        cursor = self._connection.cursor()
        try:
            cursor.execute("begin transaction read only")
            yield cursor
        finally:
            cursor.close()

    @contextmanager
    def transaction(self, *, changes_facts: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor inside the one write transaction there is at a time; everything is kept or, on any exception, nothing.

        The ledger's version moves on unless `changes_facts` is false (what is derived from facts, and housekeeping).
        """
        with self._writing:
            cursor = self._connection.cursor()
            try:
                cursor.execute("begin transaction")
                yield cursor
                if changes_facts:
                    bump_version(cursor)
                cursor.execute("commit")
            except BaseException as error:
                self._take_back(cursor)
                if isinstance(error, duckdb.Error) and NO_SPACE.search(str(error)):
                    raise no_space(self.home, "已写满") from error
                raise
            finally:
                cursor.close()

    @contextmanager
    def trial(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor that may change anything, and take all of it back: for answering what a change would do."""
        with self._writing:
            cursor = self._connection.cursor()
            try:
                cursor.execute("begin transaction")
                yield cursor
            finally:
                self._take_back(cursor)
                cursor.close()

    def version(self) -> int:
        """Return the version of the data, which every load, cost change and undo moves on."""
        with self.cursor() as cursor:
            return sql.run(cursor, "loads/version").fetchone()[0]

    def checkpoint(self) -> None:
        """Write the log into the database file, so that a crash finds little to replay; skipped while it is not possible."""
        cursor = self._connection.cursor()
        try:
            cursor.execute("checkpoint")
        except duckdb.Error:
            return  # what is committed is safe in the log; the next checkpoint takes it along
        finally:
            cursor.close()

    def buyer_key(self) -> bytes:
        """Return the key of this installation under which buyers' ids are hashed."""
        return (self.home / KEY).read_bytes()

    def sync_words(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Make the program's word list (field, word, meaning) the ledger's, and re-rank the facts if a meaning changed."""
        words.sync(self, list(rows))

    def _take_back(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Roll back; where a fatal error (a full disk while committing) has shut the database, open it again."""
        try:
            cursor.execute("rollback")
        except duckdb.TransactionException:
            return  # the failing statement has already ended the transaction
        except duckdb.Error:
            self._connection.close()
            self._connection = connect(self.home, **self._limits)

    def _migrate(self, schema: Path) -> None:
        with self.cursor() as cursor:
            is_new = not migrations.applied(cursor)
            pending = migrations.pending(cursor, schema)
        if pending and not is_new:
            self._back_up_before_migration(pending[0].number)
        with self.transaction(changes_facts=False) as cursor:
            if pending:
                migrations.apply(cursor, pending)
            words.sync_cost_names(cursor)

    def _back_up_before_migration(self, number: int) -> None:
        """Copy the file while nobody holds it, the log written into it."""
        self._connection.close()
        stamp = wall_time().strftime("%Y%m%d%H%M%S")
        shutil.copyfile(self.home / DATABASE, self.backups / f"before-migration-{number:04d}-{stamp}.duckdb")
        self._connection = connect(self.home, **self._limits)


def bump_version(cursor: duckdb.DuckDBPyConnection) -> None:
    """Move the version of the data on."""
    sql.run(cursor, "loads/bump_version")


def no_space(home: Path, found: str) -> OperatorError:
    """Return the sentence for a disk without room."""
    return OperatorError(f"磁盘（{home}）", found, "有足够的空间", "请腾出空间后再试；账本里已有的数据没有改动。")


def connect(home: Path, *, memory_limit: str, threads: int, database: str = DATABASE) -> duckdb.DuckDBPyConnection:
    """Connect to a database file in `home` and lock it down before its first statement.

    Only the staging folder can be read or written by SQL. Raises OperatorError when the file is held or damaged.
    """
    path = home / database
    config = {
        "storage_compatibility_version": STORAGE_VERSION,
        "memory_limit": memory_limit,
        "threads": threads,
        "temp_directory": str(home / "temp"),
        "python_enable_replacements": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
    }
    try:
        connection = duckdb.connect(str(path), config=config)
    except duckdb.Error as error:
        raise _cannot_open(path, str(error)) from error
    staging = str(home / "staging").replace("'", "''")
    connection.execute(f"set allowed_directories = ['{staging}']")  # before the next line, which freezes it
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def _cannot_open(path: Path, message: str) -> OperatorError:
    holder = HOLDER.search(message)
    if holder:
        return held_by(path.parent, f"{Path(holder['program']).name}，进程号 {holder['pid']}")
    if HELD.search(message):
        return held_by(path.parent, "")
    if NO_SPACE.search(message):
        return no_space(path.parent, "已写满")
    return OperatorError(
        f"账本「{path}」",
        f"无法打开（{message.splitlines()[0][:200]}）",
        "完好的账本文件",
        "请用 restore 从备份恢复；backups/ 文件夹里有自动备份。",
    )


def _make_folders(home: Path) -> None:
    for name in FOLDERS:
        (home / name).mkdir(parents=True, exist_ok=True)


def _sweep(staging: Path) -> None:
    """Remove what a crash left behind: cleaned rows that never became part of the ledger."""
    for orphan in staging.iterdir():
        if orphan.is_dir() and not orphan.is_symlink():
            shutil.rmtree(orphan, ignore_errors=True)
        else:
            orphan.unlink(missing_ok=True)


def _make_key(path: Path) -> None:
    """Create the key of this installation once, whole and readable by its owner only."""
    if path.exists():
        return
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
