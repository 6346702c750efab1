"""The chain: levers turned one after the other, each a named step, and the values they start from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from analytics.domain.costs import COST_NAMES
from analytics.domain.what_if import levers as typed
from analytics.domain.what_if.levers import OTHERS, PPM, Lever
from analytics.domain.what_if.model import (
    ALL_MONEY_BACK,
    SHOWS_IN,
    EffectEstimate,
    Model,
    State,
    figures,
    later_rate,
    with_later_refunds,
)

EPOCH = date(1970, 1, 1)
# What the account alone cannot tell: that orders, sales and rates stay as they are when these are turned.
_ASSUMING = ("uptake", "ship_hours", "refund_rate", "ad_spend", "drop_streamer", "drop_product")
MODIFIERS = ("effect", "offer", "later_refund_rate")  # they say how other levers work
LATER = "later_refund_rate"
Value = np.ndarray | float


@dataclass(frozen=True)
class Values:
    """What levers and effects are worth in one evaluation, by their key; where nothing stands, the likely value."""

    held: Mapping[str, Value]

    def of(self, lever: Lever) -> Value:
        """Return what a lever is turned to."""
        assert lever.amount is not None, f"{lever.key} has no amount"
        return self.held.get(lever.key, lever.amount.likely)

    def effect(self, model: Model, tool: str) -> Value:
        """Return what a tool does to the refund rate: as the scenario assumes, else as its results estimate, else nothing."""
        lever = modifier(model, "effect", tool)
        if lever is not None:
            return self.of(lever)
        estimate = model.known.effects.get(tool)
        return self.held.get(effect_key(tool), estimate.effect if estimate else 0.0)


@dataclass(frozen=True)
class Step:
    """One named step of the chain: the lever, what it was and is turned to, what it adds, and what that rests on.

    `rests_on`: account (a cost priced again), effect (a tool's estimate, of `grade`) or assumption.
    """

    lever: str
    before: str
    after: str
    added: Mapping[str, int]
    rests_on: str
    grade: str = ""


def effect_key(tool: str) -> str:
    """Return the name under which a tool's effect is drawn."""
    return f"effect[{tool}]"


def modifier(model: Model, name: str, tool: str = "") -> Lever | None:
    """Return the lever of the scenario that says how another one works, if there is one."""
    return next((held for held in model.scenario.levers if held.name == name and held.named("tool") == tool), None)


def turned(model: Model) -> list[Lever]:
    """Return the levers that make steps, in order."""
    return [lever for lever in model.scenario.levers if lever.name not in MODIFIERS]


def run(model: Model, values: Values, start: State | None = None) -> State:
    """Turn every lever of the scenario; `start` may weigh blocks by draws."""
    state = first = start or model.start
    for lever in turned(model):
        state = turn(model, state, lever, values)
    return closed(model, state, first.weights, values)


def steps(model: Model) -> list[Step]:
    """Return the chain's steps with what each adds, in whole fen; they add up to the whole difference exactly."""
    values, state = Values({}), model.start
    reached, found = rounded(model, state), []
    for lever in turned(model):
        state = turn(model, state, lever, values)
        now = rounded(model, state)
        found.append(_step(model, lever, {name: now[name] - reached[name] for name in now}))
        reached = now
    state = closed(model, state, model.start.weights, values)
    now = rounded(model, state)
    if now != reached:
        found.append(_later_step(model, {name: now[name] - reached[name] for name in now}))
    return found


def rounded(model: Model, state: State) -> dict[str, int]:
    """Return the figures of a state in whole fen: components and profit are rounded, the sums are sums of the rounded."""
    exact = figures(model.sheet(state), state)
    found = {name: round(float(value)) for name, value in exact.items()}
    names = ("acquisition_fen", "logistics_fen", "handling_fen", "damage_fen")
    found["hidden_fen"] = sum(found[name] for name in names)
    found["total_fen"] = found["sales_fen"] + found["hidden_fen"]
    return found


def closed(model: Model, state: State, before: np.ndarray, values: Values) -> State:
    """Let what was rescued before shipment come back later, at the shop's own rate or the one that the scenario assumes."""
    lever = modifier(model, LATER)
    return with_later_refunds(model, state, before, None if lever is None else values.of(lever))


def turn(model: Model, state: State, lever: Lever, values: Values) -> State:
    """Turn one lever."""
    return _TURNS.get(lever.name, _turn_cost)(model, state, lever, values)


def _turn_cost(model: Model, state: State, lever: Lever, values: Values) -> State:
    costs, value, shops = state.world.costs, values.of(lever), model.book.texts["shop"]
    scope, since = lever.named("scope"), lever.named("from")
    if lever.amount is not None and lever.amount.is_factor:
        highest = COST_NAMES[lever.name].highest
        changed = costs.scaled(lever.name, lambda held: min(round(held * float(value)), highest))
    else:
        days = (date.fromisoformat(since) - EPOCH).days if since else 0
        changed = costs.with_cost(lever.name, round(float(value)), shops=shops, scope=scope, since=days)
    return replace(state, world=replace(state.world, costs=changed))


def _turn_minutes(model: Model, state: State, lever: Lever, values: Values) -> State:
    costs, factor = state.world.costs, float(values.of(lever))
    for name in COST_NAMES:
        if name.startswith("minutes_"):
            costs = costs.scaled(name, lambda held: round(held * factor))
    return replace(state, world=replace(state.world, costs=costs))


def _turn_goods(model: Model, state: State, lever: Lever, values: Values) -> State:
    return replace(state, world=replace(state.world, goods_ppm=round(float(values.of(lever)) * PPM)))


def _turn_ads(model: Model, state: State, lever: Lever, values: Values) -> State:
    value, present = float(values.of(lever)), ad_spend_fen(model)
    factor = value if lever.amount and lever.amount.is_factor else value / present if present else 1.0
    return replace(state, world=replace(state.world, ad_ppm=round(factor * PPM)))


def _turn_insurance(model: Model, state: State, lever: Lever, values: Values) -> State:
    costs = state.world.costs
    if lever.word == "on" and not costs.of("freight_insurance") and not costs.starters.get("freight_insurance"):
        costs = costs.with_cost("freight_insurance", round(usual_premium_fen(model)), shops=model.book.texts["shop"])
    return replace(state, world=replace(state.world, costs=costs, insurance=lever.word))


def _turn_drop(model: Model, state: State, lever: Lever, values: Values) -> State:
    name = {"drop_streamer": "dropped_streamers", "drop_product": "dropped_products"}[lever.name]
    return replace(state, **{name: tuple(sorted({*getattr(state, name), lever.word}))})


def _turn_rate(model: Model, state: State, lever: Lever, values: Values) -> State:
    sheet, value = model.sheet(state), values.of(lever)
    blocks = _blocks(model, lever)
    if lever.amount is not None and not lever.amount.is_factor:
        now = sheet.refunds[blocks] @ state.weights[blocks]
        value = np.divide(value * sheet.orders, now, out=np.ones_like(now, dtype=float), where=np.asarray(now) > 0)
    return _weighed(state, blocks, value)


def _turn_uptake(model: Model, state: State, lever: Lever, values: Values) -> State:
    tool = lever.named("tool")
    use, value = model.known.uses[tool], values.of(lever)
    present = use.used / use.eligible
    wanted = np.minimum(present * value if lever.amount and lever.amount.is_factor else value, 1.0)
    more = (wanted - present) * use.eligible
    offer = modifier(model, "offer", tool)
    cost_fen = use.cost_fen if offer is None else _offer_fen(use.cost_fen, offer, values)
    state = replace(state, tool_cost_fen=state.tool_cost_fen + more * cost_fen)
    return _averted(model, state, model.blocks(SHOWS_IN[tool]), -more * values.effect(model, tool))


def _offer_fen(present_fen: float, lever: Lever, values: Values) -> Value:
    value = values.of(lever)
    return present_fen * value if lever.amount and lever.amount.is_factor else value


def _turn_hours(model: Model, state: State, lever: Lever, values: Values) -> State:
    """Faster shipment: orders that now ship within a day have the effect that the tool's results estimate on urged orders;
    what it does to the others is an assumption, or nothing.
    """
    waiting, value = model.known.waiting, values.of(lever)
    factor = value if lever.amount and lever.amount.is_factor else value / waiting.present
    for tool, is_urged in (("urge_ship", True), (OTHERS, False)):
        moved = np.vectorize(lambda each, is_urged=is_urged: waiting.moved(each, is_urged=is_urged))(_few(factor))
        more = _spread_out(moved, factor)
        blocks = model.blocks(SHOWS_IN[tool], is_urged=is_urged)
        state = _averted(model, state, blocks, -more * values.effect(model, tool))
    return state


def _few(factor: Value) -> Value:
    """Twenty-one factors over the range of many draws: between them the answer is interpolated."""
    return np.linspace(np.min(factor), np.max(factor), 21) if np.ndim(factor) else factor


def _spread_out(moved: Value, factor: Value) -> Value:
    return np.interp(factor, _few(factor), moved) if np.ndim(factor) else float(moved)


def _averted(model: Model, state: State, blocks: np.ndarray, averted: Value) -> State:
    """Take a number of refunds away from some blocks, from each the same part, never more than there are."""
    sheet = model.sheet(state)
    there = sheet.refunds[blocks] @ state.weights[blocks]
    part = np.divide(averted, there, out=np.zeros(np.broadcast(averted, there).shape), where=np.asarray(there) > 0)
    return _weighed(state, blocks, np.maximum(1 - part, 0))


def _weighed(state: State, blocks: np.ndarray, factor: Value) -> State:
    weights = state.weights
    if np.ndim(factor) and weights.ndim == 1:
        weights = np.repeat(weights[:, None], len(factor), axis=1)
    weights = weights.copy()
    weights[blocks] = weights[blocks] * factor
    return replace(state, weights=weights)


_TURNS: Mapping[str, Callable[[Model, State, Lever, Values], State]] = {
    "refund_rate": _turn_rate,
    "ship_hours": _turn_hours,
    "uptake": _turn_uptake,
    "ad_spend": _turn_ads,
    "goods_cost": _turn_goods,
    "handling_minutes": _turn_minutes,
    "insurance": _turn_insurance,
    "drop_streamer": _turn_drop,
    "drop_product": _turn_drop,
}


def _blocks(model: Model, lever: Lever) -> np.ndarray:
    return model.blocks((lever.named("stage"),) if lever.named("stage") else ALL_MONEY_BACK, key=lever.key)


def ad_spend_fen(model: Model) -> int:
    """Return what the files say was spent on the chosen orders."""
    return _booked_fen(model, "spend_fen", "has_spend")


def usual_premium_fen(model: Model) -> float:
    """Return the mean premium of the orders that a file says are insured; 0 when there is none."""
    insured = _count(model, "is_booked")
    return _booked_fen(model, "premium_fen", "is_booked") / insured if insured else 0.0


def insured_share(model: Model) -> float:
    """Return which part of the shipped orders a file says is insured."""
    shipped = _count(model, "is_order_shipped")
    return _count(model, "is_booked") / shipped if shipped else 0.0


def _booked_fen(model: Model, name: str, flag: str) -> int:
    total = 0
    for rows, chosen, is_first in model.order_rows():
        counted = chosen & rows[flag] & (is_first if name == "premium_fen" else True)
        total += int(rows[name][counted].sum())
    return total


def _count(model: Model, flag: str) -> int:
    return sum(
        int(
            (rows["order_count"] if "order_count" in rows.held else np.ones(len(rows), np.int64))[
                chosen & is_first & rows[flag]
            ].sum()
        )
        for rows, chosen, is_first in model.order_rows()
    )


def present(model: Model, lever: Lever) -> str:
    """Return the value that a lever has in the shop's own history, as it is typed; blank when there is none."""
    value = present_value(model, lever)
    return value if isinstance(value, str) else typed.show(lever.kind, value)


def present_value(model: Model, lever: Lever) -> float | str:
    """Return the present value in the lever's unit; a text where it is none, or where several values hold."""
    own: dict[str, Callable[[], Any]] = {
        "refund_rate": lambda: model.refund_rate(lever),
        LATER: lambda: float(later_rate(model, model.sheet(model.start), model.start.weights)),
        "ship_hours": lambda: model.known.waiting.present,
        "uptake": lambda: _uptake(model, lever),
        "effect": lambda: _estimate(model, lever),
        "offer": lambda: getattr(model.known.uses.get(lever.named("tool")), "cost_fen", 0.0),
        "ad_spend": lambda: float(ad_spend_fen(model)),
        "goods_cost": lambda: 1.0,
        "handling_minutes": lambda: 1.0,
        "insurance": lambda: f"{insured_share(model):.0%}",
        "drop_streamer": lambda: lever.word,
        "drop_product": lambda: lever.word,
    }
    return own[lever.name]() if lever.name in own else _cost_in_force(model, lever)


def _uptake(model: Model, lever: Lever) -> float | str:
    use = model.known.uses.get(lever.named("tool"))
    return use.used / use.eligible if use and use.eligible else ""


def _estimate(model: Model, lever: Lever) -> float | str:
    estimate = model.known.effects.get(lever.named("tool"))
    return estimate.effect if estimate else ""


def _cost_in_force(model: Model, lever: Lever) -> float | str:
    """The value of the lever's scope that holds in the period; several are written one after the other."""
    first, last = (model.scenario.first_day or EPOCH, model.scenario.last_day or date(2100, 1, 1))
    first = max(first, date.fromisoformat(lever.named("from"))) if lever.named("from") else first
    costs, scope = model.book.costs, lever.named("scope")
    held = sorted((each for each in costs.of(lever.name) if each.scope == scope), key=lambda each: (each.shop, each.since))
    found = []
    for place, each in enumerate(held):
        follows = held[place + 1] if place + 1 < len(held) and held[place + 1].shop == each.shop else None
        if each.since <= (last - EPOCH).days and (follows is None or follows.since > (first - EPOCH).days):
            found.append(each.value)
    if not found and not scope and lever.name in costs.starters:
        found.append(costs.starters[lever.name])
    values = sorted({value for value in found if value is not None})
    return float(values[0]) if len(values) == 1 else " · ".join(typed.write(lever.kind, value) for value in values)


def _step(model: Model, lever: Lever, added: Mapping[str, int]) -> Step:
    key = f"{lever.key}={lever.word}" if lever.kind.unit == "id" else lever.key
    after = (
        lever.value
        if lever.amount is None or not lever.amount.has_range
        else typed.write(lever.kind, lever.amount.likely, is_factor=lever.amount.is_factor)
    )
    rests_on, grade = _rests_on(model, lever)
    return Step(key, present(model, lever), "" if lever.kind.unit == "id" else after, added, rests_on, grade)


def _rests_on(model: Model, lever: Lever) -> tuple[str, str]:
    if lever.name not in _ASSUMING:
        return "account", ""
    tool = {"uptake": lever.named("tool"), "ship_hours": "urge_ship"}.get(lever.name, "")
    estimate: EffectEstimate | None = model.known.effects.get(tool)
    is_assumed = modifier(model, "effect", tool) is not None or (lever.name == "ship_hours" and modifier(model, "effect", OTHERS))
    return ("effect", estimate.grade) if estimate and not is_assumed else ("assumption", "")


def _later_step(model: Model, added: Mapping[str, int]) -> Step:
    lever = modifier(model, LATER)
    sheet = model.sheet(model.start)
    own = typed.show(typed.LEVERS[LATER], float(later_rate(model, sheet, model.start.weights)))
    return Step(LATER, own, own if lever is None else lever.value, added, "account" if lever is None else "assumption")
