"""Opening the ledger of a home folder, ready to be asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

from analytics import intake, settings
from analytics.store import marts
from analytics.store.warehouse import Warehouse

BEIJING = timezone(timedelta(hours=8))


def beijing_now() -> datetime:
    """Return the present Beijing wall time, to the second and without a zone, as the ledger stores it."""
    return datetime.now(BEIJING).replace(tzinfo=None, microsecond=0)


def open_ledger(home: Path) -> Warehouse:
    """Open the ledger of `home` with its words and views as this version of the program has them.

    Raises OperatorError when another process holds it or its file is damaged or newer than the program.
    """
    warehouse = Warehouse.open(home, memory_mb=settings.warehouse_memory_mb(), threads=settings.warehouse_threads())
    try:
        warehouse.sync_words(intake.words())
        with warehouse.transaction(changes_facts=False) as cursor:
            marts.install_views(cursor)
    except BaseException:
        warehouse.close()
        raise
    return warehouse


@contextmanager
def ledger_of(home: Path) -> Iterator[Warehouse]:
    """Hold the ledger of `home` open for one command."""
    warehouse = open_ledger(home)
    try:
        yield warehouse
    finally:
        warehouse.close()
