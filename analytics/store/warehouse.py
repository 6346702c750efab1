"""The one database of an installation: opening, locking down, cursors and transactions."""

from __future__ import annotations

import os
import secrets
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from analytics.store import archive, migrations, sql, swap, words
from analytics.store.archive import DATABASE, KEY
from analytics.store.clock import wall_time
from analytics.store.connection import MEMORY_MB, connect, sentence_for
from analytics.store.lock import HomeLock

FOLDERS = ("staging", "backups", "logs", "inbox", "temp")


class Warehouse:
    """Hold the ledger of a home folder: one per process, a cursor of its own for every use.

    Open it before anything is staged: opening sweeps what a crash left in the staging folder.
    """

    def __init__(self, home: Path, *, memory_mb: int, threads: int, schema: Path) -> None:
        self.home = home
        self.staging, self.backups, self.logs, self.inbox = (home / name for name in FOLDERS[:4])
        self._limits = {"memory_mb": memory_mb, "threads": threads}
        self._writing, self._opening = threading.Lock(), threading.Lock()
        make_folders(home)
        self._lock = HomeLock(home)
        try:
            swap.finish(home)
            _sweep(self.staging)
            _make_key(home / KEY)
            self._connection = connect(home / DATABASE, home, **self._limits)
            self._migrate(schema)
            self._version = self._kept_version()
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
    def bare_cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor outside any transaction, for what cannot run inside one.

        Like the cursors below it turns a full disk and a damaged file into an OperatorError.
        """
        cursor = self._cursor()
        try:
            yield cursor
        except duckdb.Error as error:
            sentence = sentence_for(error, self.home)
            if sentence is None:
                raise
            raise sentence from error
        finally:
            cursor.close()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor that reads one unchanging state of the ledger; it may keep temporary tables, nothing else."""
        with self.bare_cursor() as cursor:
            cursor.execute("begin transaction read only")
            yield cursor

    @contextmanager
    def transaction(self, *, changes_facts: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor inside the one write transaction there is at a time; everything is kept or, on any exception, nothing.

        The ledger's version moves on unless `changes_facts` is false (what is derived from facts, and housekeeping).
        """
        with self._writing, self.bare_cursor() as cursor:
            try:
                cursor.execute("begin transaction")
                yield cursor
                if changes_facts:
                    bump_version(cursor)
                version = _version_of(cursor)
                cursor.execute("commit")
                self._version = version
            except BaseException:
                _take_back(cursor)
                raise

    @contextmanager
    def trial(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor that may change anything, and take all of it back: for answering what a change would do."""
        with self._writing, self.bare_cursor() as cursor:
            try:
                cursor.execute("begin transaction")
                yield cursor
            finally:
                _take_back(cursor)

    def version(self) -> int:
        """Return the version of the data, which every load, cost change and undo moves on.

        Nobody else holds the database, so that what the last transaction left need not be asked for: pages do for every answer.
        """
        return self._version

    def _kept_version(self) -> int:
        with self.cursor() as cursor:
            return _version_of(cursor)

    def checkpoint(self) -> None:
        """Write the log into the database file, so that a crash finds little to replay; skipped while it is not possible."""
        # What is committed is safe in the log already: the next checkpoint takes it along.
        with self.bare_cursor() as cursor, suppress(duckdb.Error):
            cursor.execute("checkpoint")

    def buyer_key(self) -> bytes:
        """Return the key of this installation under which buyers' ids are hashed."""
        return (self.home / KEY).read_bytes()

    def sync_words(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Make the program's word list (field, word, meaning) the ledger's, and re-rank the facts if a meaning changed."""
        words.sync(self, list(rows))

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a new cursor; where a fatal error has shut the database (a full disk while it was written), open it again."""
        with self._opening:
            try:
                cursor = self._connection.cursor()
                cursor.execute("select 1")
            except (duckdb.FatalException, duckdb.ConnectionException):
                self._connection.close()
                self._connection = connect(self.home / DATABASE, self.home, **self._limits)
                cursor = self._connection.cursor()
                self._version = _version_of(cursor)  # a commit that broke off may have been kept
            return cursor

    def _migrate(self, schema: Path) -> None:
        with self.bare_cursor() as cursor:
            is_older = bool(migrations.applied(cursor) and migrations.pending(cursor, schema))
        if is_older:
            self._back_up_before_migration()
        with self.bare_cursor() as cursor:
            migrations.bring_up_to_date(cursor, schema)
        with self.transaction(changes_facts=False) as cursor:
            words.sync_cost_names(cursor)

    def _back_up_before_migration(self) -> None:
        """Pack the file while nobody holds it, its log written into it."""
        self._connection.close()
        now = wall_time()
        archive.pack(self.home / DATABASE, self.home / KEY, self.backups / f"before-migration-{now:%Y%m%d%H%M%S}.zip", now=now)
        self._connection = connect(self.home / DATABASE, self.home, **self._limits)


def _take_back(cursor: duckdb.DuckDBPyConnection) -> None:
    with suppress(duckdb.Error):  # the failing statement may have ended the transaction, or the database, itself
        cursor.execute("rollback")


def _version_of(cursor: duckdb.DuckDBPyConnection) -> int:
    return sql.run(cursor, "loads/version").fetchone()[0]


def bump_version(cursor: duckdb.DuckDBPyConnection) -> None:
    """Move the version of the data on."""
    sql.run(cursor, "loads/bump_version")


def make_folders(home: Path) -> None:
    """Create the folders of an installation where they are missing."""
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
