"""A process that loads and undoes files until it is killed, and says on stdout what it has got a receipt for."""

from __future__ import annotations

import random
import shutil
import sys
from datetime import datetime
from pathlib import Path

from analytics.domain.loads import Actor, StagedFile
from analytics.store import loads
from analytics.store.warehouse import Warehouse

ACTOR, NOW = Actor("小王"), datetime(2026, 11, 1)


def staged(warehouse: Warehouse, source: Path, row_count: int) -> StagedFile:
    """Copy a prepared Parquet file into the staging folder, which was swept when the ledger was opened."""
    file = Path(shutil.copy(source, warehouse.staging))
    return StagedFile(
        file_name=source.name,
        sha256=source.name,
        kind="orders",
        platform="kuaishou",
        format="test",
        list_kind="all",
        exported_at=None,
        parquet_by_table={"order_lines": file},
        rejected=None,
        row_count=row_count,
        rejected_count=0,
        money_in_fen=row_count * 100,
        first_at=None,
        last_at=None,
    )


def main(home: Path, prepared: Path, row_count: int, seed: int) -> None:
    """Load and undo at random for ever."""
    chance = random.Random(seed)
    warehouse = Warehouse.open(home)
    files = {source.name: staged(warehouse, source, row_count) for source in sorted(prepared.glob("*.parquet"))}
    with warehouse.cursor() as cursor:
        live = {receipt.file: receipt.load_id for receipt in loads.list_loads(cursor) if receipt.undone_at is None}
    print("ready", flush=True)
    while True:
        name = chance.choice(sorted(files))
        if name in live:
            loads.undo_load(warehouse, live.pop(name), actor=ACTOR, now=NOW)
            print("undone", name, flush=True)
        else:
            live[name] = loads.commit_load(warehouse, files[name], shop="店铺1", actor=ACTOR, now=NOW).load_id
            print("loaded", name, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
