"""Saved scenarios: kept under a name, compared, and replayed when new data has come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from analytics.actions import what_if
from analytics.actions.access import require
from analytics.actions.people import clean_name
from analytics.domain.loads import Actor
from analytics.domain.what_if import levers
from analytics.domain.what_if.levers import Scenario
from analytics.domain.what_if.model import EffectEstimate
from analytics.errors import OperatorError
from analytics.store import audit, scenarios
from analytics.store.scenarios import Saved
from analytics.store.warehouse import Warehouse

MOST_COMPARED = 4
SAVED, FORGOTTEN = "save_scenario", "forget_scenario"
PROMISED = ("total_fen", "net_sales_fen", "profit_fen")


def list_scenarios(warehouse: Warehouse, *, actor: Actor) -> list[Saved]:
    """Return the saved scenarios of the actor's shops, by name."""
    require(actor, "view")
    with warehouse.cursor() as cursor:
        found = scenarios.every(cursor)
    return [saved for saved in found if not actor.shops or (saved.shops and set(saved.shops) <= set(actor.shops))]


def save_scenario(
    warehouse: Warehouse,
    scenario: Scenario,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    effects: Mapping[str, EffectEstimate] | None = None,
) -> Saved:
    """Save a scenario under a name, with what it promises on the data of now; one of the same name is replaced.

    Raises OperatorError for a name that is empty, too long, or holds a telephone number, and for a scenario that does not work.
    """
    shops = scenario.shops or actor.shops
    for shop in shops or (None,):
        require(actor, "operate", shop)
    plain = clean_name(name, "方案名称")
    _refuse_anothers(warehouse, plain, actor)
    named = Scenario(plain, scenario.first_day, scenario.last_day, shops, scenario.products, scenario.streamers, scenario.levers)
    promised = _figures(what_if.work_out(warehouse, named, actor=actor, effects=effects))
    saved = Saved(plain, shops, levers.as_found(named), promised, now, actor.name)
    with warehouse.transaction(changes_facts=False) as cursor:
        scenarios.save(cursor, saved)
        audit.record(cursor, actor, SAVED, plain, now)
    return saved


def forget_scenario(warehouse: Warehouse, name: str, *, actor: Actor, now: datetime) -> None:
    """Forget a saved scenario. Raises OperatorError when there is none of that name."""
    for shop in find(warehouse, name, actor=actor).shops or (None,):
        require(actor, "operate", shop)
    with warehouse.transaction(changes_facts=False) as cursor:
        scenarios.forget(cursor, name)
        audit.record(cursor, actor, FORGOTTEN, name, now)


def find(warehouse: Warehouse, name: str, *, actor: Actor) -> Saved:
    """Return the saved scenario of a name. Raises OperatorError when there is none."""
    known = list_scenarios(warehouse, actor=actor)
    for saved in known:
        if saved.name == name:
            return saved
    raise OperatorError("方案", f"没有「{name}」", "、".join(saved.name for saved in known) or "先保存一个", "请从中选一个。")


def replay(
    warehouse: Warehouse, saved: Saved, *, actor: Actor, effects: Mapping[str, EffectEstimate] | None = None
) -> dict[str, Any]:
    """Work a saved scenario out on the data of now: what was promised beside what it comes to, in fen and as a share.

    Fields: name, saved_at, saved_by, inputs, and `promised` and `now`, each with baseline and scenario of three figures,
    and the change of the total as a share; `problem` instead of `now` where it does not work any more.
    """
    known = tuple(sorted((tool, each.effect, each.low, each.high) for tool, each in (effects or {}).items()))
    key = ("replay", str(warehouse.home), warehouse.version(), actor, saved.name, saved.saved_at, known)
    return what_if.kept(key, lambda: _replayed(warehouse, saved, actor, effects))


def _replayed(warehouse: Warehouse, saved: Saved, actor: Actor, effects: Mapping[str, EffectEstimate] | None) -> dict[str, Any]:
    told = {"name": saved.name, "saved_at": saved.saved_at, "saved_by": saved.saved_by, "inputs": saved.scenario}
    try:
        scenario = levers.read(saved.scenario, where=f"方案「{saved.name}」")
        now = _figures(what_if.work_out(warehouse, scenario, actor=actor, effects=effects))
    except OperatorError as error:
        return {**told, "promised": saved.promised, "now": None, "problem": str(error)}
    return {**told, "promised": saved.promised, "now": now, "problem": ""}


def _refuse_anothers(warehouse: Warehouse, name: str, actor: Actor) -> None:
    """A name that stands for a scenario of shops that the actor may not see must not be overwritten."""
    with warehouse.cursor() as cursor:
        taken = [saved for saved in scenarios.every(cursor) if saved.name == name]
    if taken and taken[0].name not in {saved.name for saved in list_scenarios(warehouse, actor=actor)}:
        raise OperatorError("方案名称", f"「{name}」", "没有用过的名称", "请换一个再试。")


def _figures(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What is promised: a few figures as they are and in the scenario, the change of the total and of the profit as a share."""
    found = {side: {name: answer[side][name] for name in PROMISED} for side in ("baseline", "scenario")}
    shares = {f"{name.removesuffix('_fen')}_change": _share(found, name) for name in PROMISED}
    return {**found, **shares, "orders": answer["orders"]}


def _share(found: Mapping[str, Mapping[str, int | None]], name: str) -> float | None:
    before, after = found["baseline"][name], found["scenario"][name]
    return (after - before) / abs(before) if before and after is not None else None
