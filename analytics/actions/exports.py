"""Writing down who took what out of the ledger."""

from __future__ import annotations

from datetime import datetime

from analytics.actions.access import require
from analytics.domain.loads import Actor
from analytics.store import audit
from analytics.store.warehouse import Warehouse

EXPORTED = "exported"


def record_export(warehouse: Warehouse, what: str, *, actor: Actor, now: datetime) -> None:
    """Record that `actor` took `what` (a report, a table) out of the ledger as a file."""
    require(actor, "view")
    with warehouse.transaction(changes_facts=False) as cursor:
        audit.record(cursor, actor, EXPORTED, what, now)
