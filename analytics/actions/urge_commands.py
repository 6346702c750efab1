"""The commands of the urge-to-ship list: show it, mark orders on it, take a mark back."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from analytics.actions import urges
from analytics.actions.commands import READER, Outcome
from analytics.actions.ledger import beijing_now, ledger_of
from analytics.domain.loads import Actor
from analytics.domain.urges import STALE_HOURS, WAITING_STATES, Clash, Freshness, Marked, SeenOrder
from analytics.errors import OperatorError
from analytics.present import urges as said
from analytics.present.labels import DEFAULT_LANGUAGE, Words
from analytics.store.warehouse import Warehouse

MARKS = urges.MARKABLE
_UNSAID = "未说明"


def run_urges(home: Path, options: Namespace) -> Outcome:
    """List the urged orders that wait, ranked; with --all also those nobody urged, and those that somebody has dealt with."""
    now, shops = options.now or beijing_now(), tuple(options.shop)
    with ledger_of(home) as warehouse:
        rows = urges.open_orders(warehouse, actor=READER, shops=shops, now=now, is_patient=True)
        tab = None if options.all else "urged"
        listed = urges.with_marks(rows, warehouse, actor=READER, shops=shops, now=now, tab=tab)
        known = urges.freshness(warehouse, actor=READER, shops=shops, now=now)
    if not options.all:
        listed = listed[listed["state"].isin(WAITING_STATES)]
    complaints = tuple(_too_old(one, now) for one in known if one.is_stale)
    words = Words(DEFAULT_LANGUAGE)
    reasons = [said.why(row, words) for row in listed.to_dict("records")]
    listed = listed.assign(hours_left=listed["hours_left"].round(2), reason=reasons)
    return Outcome({"rows": listed[list(urges.ROW)].to_dict("records")}, 0, complaints)


def run_urges_mark(home: Path, options: Namespace) -> Outcome:
    """Mark orders; status 1 when somebody else was first on one of them, which is then left as it is."""
    with ledger_of(home) as warehouse:
        actor, now = Actor(options.by), options.now or beijing_now()
        shop = _shop(warehouse, options.shop)
        marks = {"until": options.until, "reason": options.reason or _UNSAID}
        seen = _seen(warehouse, shop, options.orders, options.mark, actor)
        done = urges.mark_orders(warehouse, seen, options.mark, actor=actor, now=now, **marks)
    return _outcome(done, options.mark, actor)


def run_urges_undo(home: Path, options: Namespace) -> Outcome:
    """Take an action back; status 1 when somebody has marked one of its orders since."""
    with ledger_of(home) as warehouse:
        actor = Actor(options.by)
        done = urges.undo_marks(warehouse, options.batch_id, actor=actor, now=beijing_now())
    return _outcome(done, "undone", actor)


def _seen(warehouse: Warehouse, shop: str, order_ids: list[str], mark: str, actor: Actor) -> list[SeenOrder]:
    """What somebody at a command line knows of the orders: as they stand now; but nobody takes what another has."""
    held = urges.holders(warehouse, actor=actor, shops=(shop,)) if mark == "taken" else {}
    is_anothers = {order_id: held.get((shop, order_id), actor.name) != actor.name for order_id in order_ids}
    return [SeenOrder(shop, order_id, 0 if is_anothers[order_id] else None) for order_id in order_ids]


def _shop(warehouse: Warehouse, wanted: list[str]) -> str:
    """The shop named, else the only one there is."""
    known = [one.shop for one in urges.freshness(warehouse, actor=READER, shops=wanted, now=beijing_now())]
    if len(known) != 1:
        found = f"有 {len(known)} 个：{'、'.join(known)}" if known else "还没有店铺"
        raise OperatorError("店铺", found, "指明这些订单属于哪一个店铺", "请加上 --shop 店铺名；没有店铺时先导入订单。")
    return known[0]


def _outcome(done: Marked, mark: str, actor: Actor) -> Outcome:
    rows = [_row(order, mark, actor.name, "saved") for order in done.orders]
    rows += [_row(clash, clash.mark, clash.actor, "clash") for clash in done.clashes]
    complaints = tuple(_too_late(clash) for clash in done.clashes)
    return Outcome({"batch_id": done.batch_id, "rows": rows}, 1 if done.clashes else 0, complaints)


def _row(order: SeenOrder | Clash, mark: str, name: str, outcome: str) -> dict[str, Any]:
    return {"shop": order.shop, "order_id": order.order_id, "mark": mark, "by": name, "outcome": outcome}


def _too_late(clash: Clash) -> str:
    return (
        f"订单「{clash.order_id}」：{clash.actor} 已在 {clash.happened_at:%Y-%m-%d %H:%M} 先标记（{clash.mark}）；"
        "这次的操作留在记录里，没有生效。要改，请先看清楚再标记一次。"
    )


def _too_old(known: Freshness, now: datetime) -> str:
    if known.until is None or pd.isna(known.until):
        return f"店铺「{known.shop}」：没有订单导出；请先导入订单和催发货订单。"
    return f"店铺「{known.shop}」：数据截至 {known.until:%Y-%m-%d %H:%M}，距今超过 {STALE_HOURS:.0f} 小时；请导入新的催发货订单。"
