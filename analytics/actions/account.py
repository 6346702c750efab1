"""Asking the account: what refunds cost, grouped, and case by case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from analytics.actions.access import require
from analytics.domain.loads import Actor
from analytics.errors import OperatorError
from analytics.store import marts, questions, shops
from analytics.store.warehouse import Warehouse

Answer = TypeVar("Answer")


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
    asked = filters.as_question()
    rows = answer(warehouse, questions.losses_by, actor=actor, dimensions=tuple(dimensions), **asked)
    total = answer(warehouse, questions.losses_by, actor=actor, dimensions=(), **asked)
    return {
        "clock": filters.clock,
        "from": filters.first_day,
        "to": filters.last_day,
        "rows": rows,
        "total": total.to_dict("records")[0],
    }


def refunds(warehouse: Warehouse, filters: Filters, *, actor: Actor) -> dict[str, Any]:
    """Return one row a case with its five components, their provenance and the line of the file it came from."""
    return {"rows": answer(warehouse, questions.refunds, actor=actor, **filters.as_question())}


def names(warehouse: Warehouse, *, actor: Actor) -> dict[str, dict[str, str]]:
    """Return what the actor's shops call their products, specifications and streamers: {dimension: {value: title}}."""
    with warehouse.cursor() as cursor:
        every_shop = tuple(shops.all_shops(cursor))
    named = answer(warehouse, questions.names, actor=actor, shops=actor.shops or every_shop)
    return {dimension: dict(zip(rows["value"], rows["title"], strict=True)) for dimension, rows in named.groupby("dimension")}


def answer(warehouse: Warehouse, question: Callable[..., Answer], *, actor: Actor, **filters: Any) -> Answer:
    """Ask one named question of the store, within the actor's shops, of figures that are up to date.

    A function that asks several on its one cursor is a question too: all of them see the same state of the ledger.

    Raises OperatorError when a shop is asked for that is not the actor's.
    """
    wanted = tuple(filters.pop("shops", ()))
    for shop in wanted or (None,):
        require(actor, "view", shop)
    _refuse_empty_period(filters.get("first_day"), filters.get("last_day"))
    marts.refresh(warehouse)
    with warehouse.cursor() as cursor:
        _refuse_unknown(wanted, shops.all_shops(cursor))
        return question(cursor, shops=wanted or actor.shops, **filters)


def _refuse_unknown(wanted: Sequence[str], known: Sequence[str]) -> None:
    """A shop that is not there would answer 0, which reads as "no loss"."""
    for shop in wanted:
        if shop not in known:
            raise OperatorError("店铺", f"没有「{shop}」", "、".join(known) or "先导入一个文件", "请检查店铺名。")


def _refuse_empty_period(first_day: date | None, last_day: date | None) -> None:
    if first_day and last_day and first_day > last_day:
        raise OperatorError("时间", f"从 {first_day} 到 {last_day}", "开始不晚于结束", "请对调两个日期。")
