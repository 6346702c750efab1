"""Hold-outs: how many orders one needs, beginning and ending it, taking in orders as imports show them, the list, the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from analytics.actions import holdout_arrays, tool_arrays, tool_effects
from analytics.actions.access import require
from analytics.actions.analyses import Analysis, Progress
from analytics.actions.holdout_arrays import GIVEN, HELD, HORIZON_DAYS, SHIPPING
from analytics.actions.tool_arrays import HOUR, Facts
from analytics.domain import holdout as rules
from analytics.domain.loads import Actor
from analytics.domain.vocabulary import TOOLS
from analytics.errors import OperatorError
from analytics.store import audit, shops
from analytics.store import holdouts as kept
from analytics.store.holdouts import Holdout
from analytics.store.warehouse import Warehouse

BEGAN, ENDED = "holdout began", "holdout ended"
DEFAULT_CHANGE = 0.05
REPORT_REVISION = 1
ASSIGNER = Actor("对照组", "operate")


@dataclass(frozen=True)
class Wish:
    """What a hold-out shall be: `share` of the orders (0–1) do without the tool; `change` of the refund rate is to be seen."""

    tool: str
    share: float
    starts_on: date
    ends_on: date | None = None
    change: float = DEFAULT_CHANGE
    shop: str | None = None


def plan(warehouse: Warehouse, wish: Wish, *, actor: Actor) -> dict[str, Any]:
    """Say beforehand what a hold-out takes: {"shop", "base_rate", "orders_a_day", "per_arm", "orders", "held_out", "days"}.

    From the shop's own past; `days` is None where no order was ever eligible. Raises OperatorError for a wish that cannot be.
    """
    shop = _checked(warehouse, wish, actor)
    facts = _facts(warehouse, shop, actor)
    since = _units(facts, wish.tool)
    base_rate, a_day = _past(facts, since, HORIZON_DAYS[wish.tool])
    size = rules.size_for(base_rate, wish.change, wish.share)
    return {
        "shop": shop,
        "base_rate": base_rate,
        "orders_a_day": a_day,
        "per_arm": size.per_arm,
        "orders": size.orders,
        "held_out": size.held_out,
        "days": None if not a_day else int(np.ceil(size.orders / a_day)) + HORIZON_DAYS[wish.tool] + rules.SETTLING_DAYS,
    }


def begin(warehouse: Warehouse, wish: Wish, *, actor: Actor, now: datetime) -> Holdout:
    """Begin a hold-out and take in what is eligible already. Raises OperatorError, for a second one of the same tool too."""
    planned = plan(warehouse, wish, actor=actor)
    shop = planned["shop"]
    require(actor, "manage", shop)
    with warehouse.transaction(changes_facts=False) as cursor:
        _refuse_second(kept.every(cursor), wish, shop)
        number = kept.next_id(cursor)
        # The number makes the names of two hold-outs of one tool different, so that they hold out other orders.
        experiment = f"{number}:{shop}:{wish.tool}:{wish.starts_on.isoformat()}"
        rates = {"share": wish.share, "base_rate": planned["base_rate"], "change": wish.change}
        days = {"starts_on": wish.starts_on, "ends_on": wish.ends_on, "created_at": now, "created_by": actor.name}
        kept.create(cursor, Holdout(number, experiment, shop, wish.tool, wanted_orders=planned["orders"], **rates, **days))
        audit.record(cursor, actor, BEGAN, f"{experiment} {wish.share:.0%}", now)
    assign(warehouse, now=now)
    return find(warehouse, number, actor=actor)


def end(warehouse: Warehouse, holdout_id: int, *, actor: Actor, now: datetime) -> Holdout:
    """End a hold-out: it takes no more orders, and stays with its orders for ever. Raises OperatorError."""
    held = find(warehouse, holdout_id, actor=actor)
    require(actor, "manage", held.shop)
    if held.ended_at is not None:
        raise OperatorError(f"对照组 {holdout_id}", f"已在 {held.ended_at:%Y-%m-%d} 结束", "还在进行的对照组", "不用再结束一次。")
    with warehouse.transaction(changes_facts=False) as cursor:
        kept.end(cursor, holdout_id, ended_by=actor.name, now=now)
        audit.record(cursor, actor, ENDED, held.experiment, now)
    return find(warehouse, holdout_id, actor=actor)


def list_holdouts(warehouse: Warehouse, *, actor: Actor, shops_shown: Sequence[str] = ()) -> list[Holdout]:
    """Return the hold-outs of some shops, or of all the actor may see, the newest first."""
    require(actor, "view")
    with warehouse.cursor() as cursor:
        found = kept.every(cursor)
    allowed = [held for held in found if not actor.shops or held.shop in actor.shops]
    return [held for held in allowed if not shops_shown or held.shop in shops_shown]


def find(warehouse: Warehouse, holdout_id: int, *, actor: Actor) -> Holdout:
    """Return one hold-out. Raises OperatorError when there is none of that number."""
    found = list_holdouts(warehouse, actor=actor)
    for held in found:
        if held.holdout_id == holdout_id:
            return held
    known = "、".join(str(held.holdout_id) for held in found) or "还没有任何对照组"
    raise OperatorError("对照组", f"没有 {holdout_id} 号", known, "请用列表里的号码。")


def orders(warehouse: Warehouse, holdout_id: int, *, actor: Actor) -> pd.DataFrame:
    """Return the orders of a hold-out: order_id, is_held_out, since_at, assigned_at. Those held out do without the tool."""
    find(warehouse, holdout_id, actor=actor)
    with warehouse.cursor() as cursor:
        return kept.orders(cursor, holdout_id)


def assign(warehouse: Warehouse, *, now: datetime) -> int:
    """Take the orders that are eligible now into the hold-outs that are on, and return how many; to be called after imports.

    Which arm an order is in is a property of its id alone, so calling it twice, or late, changes no arm.
    """
    taken = 0
    for held in list_holdouts(warehouse, actor=ASSIGNER):
        if held.ended_at is None:
            taken += _assign_to(warehouse, held, now)
    return taken


def report(
    warehouse: Warehouse, *, actor: Actor, shops: Sequence[str], progress: Progress, holdout_id: int, order_count: int
) -> dict[str, Any]:
    """Return {"effect", "split_chance", "used_share", "used_share_held_out", "missing"} of a hold-out, as plain data.

    By intention to treat: whatever was done with an order, it counts where it was assigned. `missing` counts orders that are no
    longer in the ledger. `order_count` only makes the answer that of the orders there are.
    """
    held = find(warehouse, holdout_id, actor=actor)
    facts = _facts(warehouse, held.shop, actor)
    progress(0.5)
    assigned, missing = holdout_arrays.assigned_of(facts, held, orders(warehouse, holdout_id, actor=actor))
    effect = rules.judge_holdout(assigned, share=held.share, horizon_days=HORIZON_DAYS[held.tool], known_until=facts.end_at)
    used, used_held_out = rules.used_shares(assigned)
    chance = rules.split_chance(held.held_out_count, order_count, held.share)
    shares = {"split_chance": chance, "used_share": used, "used_share_held_out": used_held_out}
    return tool_effects.plain({"effect": tool_effects.told(effect), **shares, "missing": missing})


REPORT = Analysis("holdout_report", REPORT_REVISION, report)


def _checked(warehouse: Warehouse, wish: Wish, actor: Actor) -> str:
    """Refuse a wish that cannot be, and return the shop that it is about."""
    if wish.tool not in HELD:
        what = "改地址是买家的请求，拒绝不得" if wish.tool in TOOLS else f"「{wish.tool}」"
        raise OperatorError("对照组的工具", what, "、".join(HELD), "请从中选一个工具。")
    rules.read_share(wish.share)
    if not 0.005 <= abs(wish.change) < 1:
        raise OperatorError("想看出的变化", f"{wish.change:.1%}", "0.5% 以上", "变化越小，要的单越多；请改大一点。")
    if wish.ends_on is not None and wish.ends_on < wish.starts_on:
        raise OperatorError("时间", f"从 {wish.starts_on} 到 {wish.ends_on}", "开始不晚于结束", "请对调两个日期。")
    with warehouse.cursor() as cursor:
        known = shops.all_shops(cursor)
    named = [wish.shop] if wish.shop is not None else known
    if len(named) != 1 or named[0] not in known:
        raise OperatorError("店铺", f"「{wish.shop or '没有写'}」", "、".join(known) or "先导入一个文件", "请写明是哪一个店铺。")
    require(actor, "view", named[0])
    return named[0]


def _refuse_second(found: Sequence[Holdout], wish: Wish, shop: str) -> None:
    for held in found:
        if held.ended_at is None and (held.shop, held.tool) == (shop, wish.tool):
            raise OperatorError(
                "对照组", f"{held.holdout_id} 号正在用同一个工具", "一个工具同时只有一个对照组", "请先结束它，再开新的。"
            )


def _facts(warehouse: Warehouse, shop: str, actor: Actor) -> Facts:
    return tool_effects.facts_at(warehouse, actor, (shop,))


def _units(facts: Facts, tool: str) -> np.ndarray:
    """When each order became eligible for a tool, NaT: never. Urged or tagged, waiting and in time, or claimed; not refunded."""
    if tool in SHIPPING:
        used, seen = facts.moments(f"{tool}_at"), facts.moments(f"{tool}_seen_at")
        since = np.where(np.isnat(used), seen, used)
        since = np.where((facts.moments("shipped_at") <= since) | _is_late(facts, since), tool_arrays.NEVER, since)
    else:
        since = facts.asked_at
    return np.where(facts.refunded_at <= since, tool_arrays.NEVER, since)


def _past(facts: Facts, since: np.ndarray, days: int) -> tuple[float, float]:
    """The refund rate of eligible orders old enough, and how many become eligible a day; a half and 0 where there were none."""
    known = since[~np.isnat(since)]
    if not len(known):
        return 0.5, 0.0
    span = (known.max() - known.min()) / (24 * HOUR)
    is_mature = ~np.isnat(since) & (since + (days + rules.SETTLING_DAYS) * 24 * HOUR <= facts.end_at)
    refunded = (facts.refunded_at <= since + days * 24 * HOUR)[is_mature]
    # Half a refund and half none: a rate of 0 or 1 would need no orders at all.
    return float((refunded.sum() + 0.5) / (len(refunded) + 1)), float(len(known) / max(span, 1.0))


def _assign_to(warehouse: Warehouse, held: Holdout, now: datetime) -> int:
    facts = _facts(warehouse, held.shop, ASSIGNER)
    since = _units(facts, held.tool)
    shown_at = np.fmax(since, facts.end_at)  # a list is exported after the last event that any file tells of
    if not len(since) or not held.takes_orders(_day(shown_at.max())):
        return 0
    is_new = (
        (since >= np.datetime64(held.starts_on)) & np.isnat(facts.refunded_at) & _AT_HAND[held.tool in SHIPPING](facts, shown_at)
    )
    if held.tool in GIVEN:
        is_new &= ~facts.has(held.tool)
    order_ids = facts.orders.loc[is_new, "order_id"].to_list()
    held_out = rules.is_held_out(held.experiment, order_ids, held.share)
    with warehouse.transaction(changes_facts=False) as cursor:
        before = len(kept.orders(cursor, held.holdout_id))
        shown = shown_at[is_new].astype(datetime).tolist()
        kept.assign(cursor, held.holdout_id, order_ids, held_out.tolist(), shown, now=now)
        return len(kept.orders(cursor, held.holdout_id)) - before


def _is_waiting(facts: Facts, shown_at: np.ndarray) -> np.ndarray:
    """Which orders still wait to be shipped, and are in time."""
    is_unshipped = np.isnat(facts.moments("shipped_at")) & ~facts.orders["is_shipped_untimed"].to_numpy(dtype=bool)
    return is_unshipped & ~_is_late(facts, shown_at)


def _is_late(facts: Facts, moments: np.ndarray) -> np.ndarray:
    """Which orders were past their promise at a moment of their own: nobody is held out beyond it."""
    return facts.moments("ship_by") <= moments


def _is_claimed(facts: Facts, shown_at: np.ndarray) -> np.ndarray:
    """Which orders have an open case."""
    still = np.full(len(shown_at), facts.end_at)
    opened, closed = facts.open_case(still)
    return ~np.isnat(opened) & np.isnat(closed)


_AT_HAND: dict[bool, Callable[[Facts, np.ndarray], np.ndarray]] = {True: _is_waiting, False: _is_claimed}


def _day(moment: np.datetime64) -> date:
    return moment.astype("datetime64[D]").astype(date)
