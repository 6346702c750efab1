"""Saved views: what somebody looks at again and again, under a name that everybody on this ledger sees."""

from __future__ import annotations

from datetime import datetime

from analytics.actions.access import require
from analytics.actions.people import clean_name
from analytics.domain.loads import Actor
from analytics.store import views
from analytics.store.warehouse import Warehouse

LONGEST_QUERY = 2_000


def list_views(warehouse: Warehouse, *, actor: Actor) -> list[tuple[str, str, str]]:
    """Return the saved views as (name, page, query), by name; the query as it stands in an address."""
    require(actor, "view")
    with warehouse.cursor() as cursor:
        return views.every(cursor)


def save_view(warehouse: Warehouse, name: str, *, page: str, query: str, actor: Actor, now: datetime) -> str:
    """Save a page with its filters under a name, replacing the view of that name; return the name as it is shown.

    Raises OperatorError for a name that is empty, too long, or holds a telephone number.
    """
    require(actor, "view")
    plain = clean_name(name, "视图名称")
    with warehouse.transaction(changes_facts=False) as cursor:
        views.save(cursor, plain, page, query[:LONGEST_QUERY], actor, now)
    return plain


def forget_view(warehouse: Warehouse, name: str, *, actor: Actor) -> None:
    """Forget a saved view."""
    require(actor, "view")
    with warehouse.transaction(changes_facts=False) as cursor:
        views.forget(cursor, name)
