"""One consistent file of the whole ledger, and the way back."""

from __future__ import annotations

import secrets
import shutil
import threading
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from analytics.errors import OperatorError
from analytics.store import archive, checks, migrations, swap
from analytics.store.archive import DATABASE, KEY
from analytics.store.clock import wall_time
from analytics.store.connection import STORAGE_VERSION, connect
from analytics.store.lock import HomeLock
from analytics.store.warehouse import Warehouse, make_folders

_COPYING = threading.Lock()  # one copy is attached at a time, under one name


def backup(warehouse: Warehouse, target: Path) -> dict[str, Any]:
    """Write the whole ledger as it is now into one file, while it stays in use; return {"file", "bytes", "created_at"}.

    Raises OperatorError when the file cannot be written there.
    """
    target = Path(target).expanduser().resolve()
    if target in (warehouse.home / DATABASE, warehouse.home / KEY) or not target.parent.is_dir():
        raise OperatorError(f"备份「{target}」", "不能写在这里", "一个现有文件夹里的文件名", "请换一个位置。")
    copy = warehouse.staging / f"backup-{secrets.token_hex(8)}.duckdb"
    try:
        _copy_database(warehouse, copy)
        manifest = archive.pack(copy, warehouse.home / KEY, target, now=wall_time())
    except OSError as error:
        found = f"无法写入（{error.strerror}）"
        raise OperatorError(f"备份「{target}」", found, "可以写入且有空间的位置", "请换一个位置。") from error
    finally:
        copy.unlink(missing_ok=True)
    return {"file": str(target), "bytes": target.stat().st_size, "created_at": datetime.fromisoformat(manifest["created_at"])}


def restore(home: Path, source: Path) -> dict[str, Any]:
    """Put a backup in the place of the ledger of `home`, after its copy has passed every check.

    The ledger that it replaces stays in backups/ as a backup of its own. Returns {"file", "created_at", "replaced"}. Raises
    OperatorError when the backup is damaged, newer than the program, or the ledger is in use; nothing has changed then.
    """
    home, source = Path(home).expanduser().resolve(), Path(source).expanduser()
    if not source.is_file():
        raise OperatorError(f"备份「{source.name}」", "没有这个文件", "由 backup 写成的文件", "请检查路径和文件名。")
    make_folders(home)
    lock = HomeLock(home)
    try:
        swap.finish(home)
        folder = swap.draft(home)
        manifest = archive.unpack(source, folder)
        _refuse_unsound(home, folder / DATABASE, source)
        replaced = _keep_present(home)
        swap.commit(home)
    finally:
        shutil.rmtree(home / swap.DRAFT, ignore_errors=True)
        lock.release()
    return {
        "file": str(source),
        "created_at": datetime.fromisoformat(manifest["created_at"]),
        "replaced": str(replaced) if replaced else None,
    }


def _copy_database(warehouse: Warehouse, copy: Path) -> None:
    """Copy one state of the ledger into a database file of its own, which SQL may write since it lies in staging."""
    name = str(copy).replace("'", "''")
    with _COPYING, warehouse.bare_cursor() as cursor:
        cursor.execute(f"attach '{name}' as backup_copy (storage_version '{STORAGE_VERSION}')")
        try:
            cursor.execute("copy from database ledger to backup_copy")
            cursor.execute("checkpoint backup_copy")
        finally:
            with suppress(duckdb.Error):  # what failed before is what matters
                cursor.execute("detach backup_copy")


def _refuse_unsound(home: Path, database: Path, source: Path) -> None:
    """Open the copy, bring it to this program's schema and run the checks over it."""
    connection = connect(database, home)
    try:
        migrations.bring_up_to_date(connection)
        failing = checks.run_checks(connection, checks.STORE_RULES)
    except duckdb.Error as error:
        raise archive.damaged(source, str(error).splitlines()[0]) from error
    finally:
        connection.close()
    if failing:
        raise archive.damaged(source, f"{failing[0]['rule']}：{failing[0]['row']}")


def _keep_present(home: Path) -> Path | None:
    """Keep the ledger that is replaced: as a backup file, or byte for byte where it can no longer be opened."""
    database, stamp = home / DATABASE, f"replaced-{wall_time():%Y%m%d%H%M%S}-{secrets.token_hex(2)}"
    if not database.exists():
        return None
    try:
        connect(database, home).close()  # writes its log into it
    except OperatorError:
        folder = home / "backups" / stamp
        folder.mkdir()
        for path in (*home.glob(f"{DATABASE}*"), *home.glob(KEY)):
            shutil.copy2(path, folder)
        return folder
    target = home / "backups" / f"{stamp}.zip"
    archive.pack(database, home / KEY, target, now=wall_time())
    return target
