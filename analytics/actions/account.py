"""Asking the account: what refunds cost, grouped, and case by case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from analytics.actions.access import require
from analytics.domain.loads import Actor
from analytics.store import marts, questions
from analytics.store.warehouse import Warehouse


@dataclass(frozen=True)
class Filters:
    """Which part of the account is asked for; no shop named: all real shops."""

    first_day: date | None = None
    last_day: date | None = None
    clock: str = "paid"
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    shops: tuple[str, ...] = ()

    def as_question(self) -> dict[str, Any]:
        """Return the filters as the keyword arguments of a question."""
        return {
            "first_day": self.first_day,
            "last_day": self.last_day,
            "clock": self.clock,
            "where": self.where,
            "shops": self.shops,
        }


def losses(warehouse: Warehouse, dimensions: Sequence[str], filters: Filters, *, actor: Actor) -> dict[str, Any]:
    """Return what refunds cost by any dimensions: {"clock", "from", "to", "rows", "total"}, money in fen."""
    filters = _within(actor, filters)
    marts.refresh(warehouse)
    with warehouse.cursor() as cursor:
        rows = questions.losses_by(cursor, dimensions=dimensions, **filters.as_question())
        total = questions.losses_by(cursor, dimensions=(), **filters.as_question())
    return {
        "clock": filters.clock,
        "from": filters.first_day,
        "to": filters.last_day,
        "rows": rows,
        "total": total,
    }


def refunds(warehouse: Warehouse, filters: Filters, *, actor: Actor) -> dict[str, Any]:
    """Return one row a case with its five components, their provenance and the line of the file it came from."""
    filters = _within(actor, filters)
    marts.refresh(warehouse)
    with warehouse.cursor() as cursor:
        return {"rows": questions.refunds(cursor, **filters.as_question())}


def _within(actor: Actor, filters: Filters) -> Filters:
    """The filters, narrowed to the actor's shops; a shop that is not the actor's is refused."""
    for shop in filters.shops or (None,):
        require(actor, "view", shop)
    return replace(filters, shops=filters.shops or actor.shops)
