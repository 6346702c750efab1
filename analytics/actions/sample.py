"""The sample shop as files on the disk, ready to be imported."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from analytics import intake
from analytics.actions.access import require
from analytics.actions.imports import list_imports, undo_import
from analytics.actions.templates import write_filled
from analytics.domain.loads import Actor, StagedFile
from analytics.domain.sample_shop.catalogue import ORDERS
from analytics.domain.sample_shop.files import Export, build_shop, further_exports, main_exports, sample_exports
from analytics.present.exports import platform_csv_bytes, platform_xlsx_bytes
from analytics.store import audit, loads, marts, shops
from analytics.store.shops import SAMPLE_SHOP
from analytics.store.warehouse import Warehouse

SAMPLE_SEED = 7
SAMPLE_OPENED = "sample shop opened"  # the files that its account stands on are in
SAMPLE_MADE = "sample shop made"  # all of its files are
SAMPLE_REMOVED = "sample shop removed"
_turn = threading.Lock()  # between loading one more of its files and removing it


def write_sample(folder: Path, *, until: date, seed: int, actor: Actor, order_count: int = ORDERS) -> list[Path]:
    """Write the exports of the sample shop up to `until` into a folder, made if it is missing, and return their paths."""
    require(actor, "view")
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder, export) for export in sample_exports(build_shop(until=until, seed=seed, order_count=order_count))]


def _write(folder: Path, export: Export) -> Path:
    if export.template:
        return write_filled(folder, export.template, export.rows, written_at=export.exported_at)
    path = folder / export.name
    if path.suffix == ".xlsx":
        content = platform_xlsx_bytes(export.columns, export.rows, written_at=export.exported_at)
    else:
        content = platform_csv_bytes(export.columns, export.rows, encoding=export.encoding, title=export.title)
    path.write_bytes(content)
    return path


def ensure_sample_shop(warehouse: Warehouse, *, today: date, actor: Actor) -> None:
    """Load what the sample shop's account stands on, up to yesterday, into a ledger that never had it and holds no real shop.

    Its other files are `complete_sample_shop`'s. A start that was cut off in the middle is taken back first: two halves made on
    different days do not fit together.
    """
    with warehouse.cursor() as cursor:
        if _has_happened(cursor, SAMPLE_OPENED, SAMPLE_MADE, SAMPLE_REMOVED) or shops.real_shops(cursor):
            return
    now = datetime.combine(today, datetime.min.time())
    with _read_ahead(warehouse) as staged:
        for receipt in list_imports(warehouse, actor=actor, shop_names=[SAMPLE_SHOP]):
            if receipt.undone_at is None:
                undo_import(warehouse, receipt.load_id, actor=actor, now=now)
        for file in staged(main_exports(build_shop(until=today - timedelta(days=1), seed=SAMPLE_SEED))):
            loads.commit_load(warehouse, file, shop=SAMPLE_SHOP, actor=actor, now=now)
    _write_down(warehouse, SAMPLE_OPENED, actor, now)
    marts.refresh(warehouse)


def complete_sample_shop(warehouse: Warehouse, *, actor: Actor, is_wanted: Callable[[], bool]) -> None:
    """Load the rest of the sample shop's files, one after the other, as long as `is_wanted` says so and nobody removes it.

    The days are those it was opened with, so that what a stop or a crash left out still fits at the next start.
    """
    with warehouse.cursor() as cursor:
        if not _has_happened(cursor, SAMPLE_OPENED) or _has_happened(cursor, SAMPLE_MADE, SAMPLE_REMOVED):
            return
    held = list_imports(warehouse, actor=actor, shop_names=[SAMPLE_SHOP])
    now = min(receipt.loaded_at for receipt in held)
    names = {receipt.file for receipt in held}  # one that the operator has undone does not come back either
    shop = build_shop(until=now.date() - timedelta(days=1), seed=SAMPLE_SEED)
    with _read_ahead(warehouse, is_patient=True) as staged:
        for file in staged(export for export in further_exports(shop) if export.name not in names):
            if not is_wanted() or not _load_unless_removed(warehouse, file, actor, now):
                return
    _write_down(warehouse, SAMPLE_MADE, actor, now)


ReadAhead = Callable[[Iterable[Export]], Iterator[StagedFile]]


@contextmanager
def _read_ahead(warehouse: Warehouse, *, is_patient: bool = False) -> Iterator[ReadAhead]:
    """Lend staged(exports): each file as it was read, while the one after it is read and the next is written."""
    with (
        TemporaryDirectory(prefix="sample-", dir=warehouse.staging) as folder,
        intake.own_files(warehouse.buyer_key(), is_patient=is_patient) as read,
        ThreadPoolExecutor(1) as reader,
    ):

        def staged(exports: Iterable[Export]) -> Iterator[StagedFile]:
            reading = None
            for number, export in enumerate(exports):
                staging = Path(folder) / str(number)
                staging.mkdir()
                following = reader.submit(read, _write(Path(folder), export), staging)
                if reading is not None:
                    yield reading.result()
                reading = following
            if reading is not None:
                yield reading.result()

        yield staged


def _load_unless_removed(warehouse: Warehouse, file: StagedFile, actor: Actor, now: datetime) -> bool:
    """Load one more file of the sample shop; return false when it was removed meanwhile."""
    with _turn:
        with warehouse.cursor() as cursor:
            if _has_happened(cursor, SAMPLE_REMOVED):
                return False
        loads.commit_load(warehouse, file, shop=SAMPLE_SHOP, actor=actor, now=now)
    return True


def _has_happened(cursor: Any, *deeds: str) -> bool:
    return any(audit.has_happened(cursor, deed) for deed in deeds)


def _write_down(warehouse: Warehouse, deed: str, actor: Actor, now: datetime) -> None:
    with warehouse.transaction(changes_facts=False) as cursor:
        audit.record(cursor, actor, deed, SAMPLE_SHOP, now)


def remove_sample(
    warehouse: Warehouse, *, actor: Actor, now: datetime, tell: Callable[[int, int], None] = lambda done, total: None
) -> int:
    """Take every load of the sample shop back, for good, and return how many there were; `tell` hears how far it has come."""
    require(actor, "operate", SAMPLE_SHOP)
    # Written down first: whoever is still making the sample shop, or finds half of it after a crash, must not go on.
    with _turn:
        _write_down(warehouse, SAMPLE_REMOVED, actor, now)
    held = [receipt for receipt in list_imports(warehouse, actor=actor, shop_names=[SAMPLE_SHOP]) if receipt.undone_at is None]
    for done, receipt in enumerate(held):
        tell(done, len(held))
        undo_import(warehouse, receipt.load_id, actor=actor, now=now)
    return len(held)
