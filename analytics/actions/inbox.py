"""The inbox folder: files dropped there are loaded while the app holds the ledger."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from analytics.actions import holdouts
from analytics.actions.imports import ImportOptions, import_file
from analytics.domain.loads import Actor, Receipt
from analytics.errors import OperatorError
from analytics.store.warehouse import Warehouse

NOTE_SUFFIX = ".说明.txt"
SETTLED_AFTER_SECONDS = 3.0  # a file still being copied changes; one that was quiet this long is whole


def sweep(warehouse: Warehouse, *, actor: Actor, now: datetime, clock_seconds: float | None = None) -> list[Receipt]:
    """Load every quiet file of `inbox/` (its shop is the subfolder it lies in, if any) and return the receipts.

    A loaded file is removed, since it holds buyers' data that is nobody's to keep. One that cannot be loaded stays, with a note
    beside it that says why, and is tried again once it is replaced.
    """
    seconds = time.time() if clock_seconds is None else clock_seconds
    receipts = []
    for path in _waiting(warehouse.inbox, seconds):
        shop = path.parent.name if path.parent != warehouse.inbox else None
        receipt = _load(warehouse, path, ImportOptions(shop=shop), actor, now)
        if receipt is not None:
            receipts.append(receipt)
    if receipts:
        holdouts.assign(warehouse, now=now)
    return receipts


def _waiting(inbox: Path, seconds: float) -> Iterator[Path]:
    for path in sorted(inbox.glob("*")) + sorted(inbox.glob("*/*")):
        if not path.is_file() or path.name.startswith((".", "~$")) or path.name.endswith(NOTE_SUFFIX):
            continue
        changed = path.stat().st_mtime
        note = _note_of(path)
        if seconds - changed >= SETTLED_AFTER_SECONDS and not (note.exists() and note.stat().st_mtime >= changed):
            yield path


def _load(warehouse: Warehouse, path: Path, options: ImportOptions, actor: Actor, now: datetime) -> Receipt | None:
    note = _note_of(path)
    try:
        receipt = import_file(warehouse, path, options, actor=actor, now=now)
    except OperatorError as error:
        note.write_text(str(error), encoding="utf-8-sig")
        return None
    path.unlink()
    note.unlink(missing_ok=True)
    return receipt


def _note_of(path: Path) -> Path:
    return path.with_name(path.name + NOTE_SUFFIX)
