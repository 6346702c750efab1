"""The sample shop as files on the disk, ready to be imported."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from analytics.actions.access import require
from analytics.actions.imports import ImportOptions, import_file, list_imports, undo_import
from analytics.actions.templates import write_filled
from analytics.domain.loads import Actor
from analytics.domain.sample_shop.catalogue import ORDERS
from analytics.domain.sample_shop.files import Export, build_shop, sample_exports
from analytics.present.exports import platform_csv_bytes, platform_xlsx_bytes
from analytics.store import audit, shops
from analytics.store.shops import SAMPLE_SHOP
from analytics.store.warehouse import Warehouse

SAMPLE_SEED = 7
SAMPLE_MADE = "sample shop made"


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
    """Load the sample shop, up to yesterday, into a ledger that has never had it and holds no real shop.

    A start that was cut off in the middle is taken back first: two halves made on different days do not fit together.
    """
    with warehouse.cursor() as cursor:
        if audit.has_happened(cursor, SAMPLE_MADE) or shops.real_shops(cursor):
            return
    now = datetime.combine(today, datetime.min.time())
    for receipt in list_imports(warehouse, actor=actor, shop_names=[SAMPLE_SHOP]):
        if receipt.undone_at is None:
            undo_import(warehouse, receipt.load_id, actor=actor, now=now)
    with TemporaryDirectory(prefix="sample-", dir=warehouse.staging) as folder:
        for path in write_sample(Path(folder), until=today - timedelta(days=1), seed=SAMPLE_SEED, actor=actor):
            import_file(warehouse, path, ImportOptions(shop=SAMPLE_SHOP, has_next=True), actor=actor, now=now)
    with warehouse.transaction(changes_facts=False) as cursor:
        audit.record(cursor, actor, SAMPLE_MADE, SAMPLE_SHOP, now)
