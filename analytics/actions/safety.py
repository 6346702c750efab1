"""Keeping the ledger sound: the integrity check, the backup and its way back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from analytics.actions.access import ALL_SHOPS, require
from analytics.domain.loads import Actor
from analytics.store import backup, checks, marts
from analytics.store.warehouse import Warehouse


def check(warehouse: Warehouse, *, actor: Actor) -> list[dict[str, Any]]:
    """Return the failing rows of every integrity rule, none when the ledger is sound; arithmetic and keys, never coverage.

    Failing rows may be of any shop, so an actor bound to some shops is refused.
    """
    require(actor, "view", ALL_SHOPS)
    marts.refresh(warehouse)
    with warehouse.cursor() as cursor:
        return checks.run_checks(cursor)


def back_up(warehouse: Warehouse, target: Path, *, actor: Actor) -> dict[str, Any]:
    """Write one consistent file of the whole ledger and return what it holds."""
    require(actor, "manage", ALL_SHOPS)
    return backup.backup(warehouse, target)


def restore(home: Path, source: Path, *, actor: Actor) -> dict[str, Any]:
    """Put a backup in the place of the ledger of `home`; the ledger it replaces stays as a backup.

    Raises OperatorError when the backup is damaged or the ledger is in use.
    """
    require(actor, "manage", ALL_SHOPS)
    return backup.restore(home, source)
