"""The wall clock of the ledger: Beijing time without a zone."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


def wall_time() -> datetime:
    """Return the present Beijing wall time, for what the store itself dates: migrations and backups."""
    return datetime.now(BEIJING).replace(tzinfo=None, microsecond=0)
