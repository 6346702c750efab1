"""Putting a restored ledger in the place of the present one so that a crash at any moment leaves one that works.

What is restored is prepared in a draft folder. Renaming that folder to its ready name is the point of no return: from then on
every opening completes the swap before anything else.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from analytics.store.archive import DATABASE, KEY

DRAFT = "restore-draft"
READY = "restore-ready"


def draft(home: Path) -> Path:
    """Return an empty folder to prepare a restored ledger in."""
    folder = home / DRAFT
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def commit(home: Path) -> None:
    """Decide for the prepared ledger and put it in place."""
    os.rename(home / DRAFT, home / READY)
    finish(home)


def finish(home: Path) -> None:
    """Complete a swap that was decided on, and forget one that was not; the caller holds the home folder."""
    ready = home / READY
    if (ready / DATABASE).exists():
        # The log belongs to the ledger that goes: replayed into the one that comes, it would spoil it.
        (home / f"{DATABASE}.wal").unlink(missing_ok=True)
        os.replace(ready / DATABASE, home / DATABASE)
    if (ready / KEY).exists():
        os.replace(ready / KEY, home / KEY)
    for folder in (ready, home / DRAFT):
        shutil.rmtree(folder, ignore_errors=True)
