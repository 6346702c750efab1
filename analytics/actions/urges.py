"""The urge-to-ship list: what waits, how fresh it is, who marks what, when to raise the alarm, what became of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from analytics.actions import urge_ranking
from analytics.actions.access import require
from analytics.actions.account import answer
from analytics.actions.urge_ranking import Standing
from analytics.domain import urges
from analytics.domain.holdout import LEEWAY_HOURS
from analytics.domain.loads import Actor
from analytics.domain.urges import Alarm, Freshness, Marked, SeenOrder
from analytics.errors import OperatorError
from analytics.intake.privacy import hide_numbers
from analytics.store import audit, holdouts, urge_marks, urge_questions
from analytics.store import shops as shop_list
from analytics.store.urge_marks import Mark
from analytics.store.warehouse import Warehouse

# In the order of the contract (commands.md); what follows after is beyond it.
ROW = (
    *("rank", "shop", "order_id", "product", "sku", "paid_fen", "urges", "last_urged_at", "ship_by", "hours_left"),
    *("expected_loss_fen", "band", "state", "taken_by", "reason", "flags"),
)
MORE = (
    *("tab", "is_priority", "product_name", "spec", "quantity", "line_count", "streamer", "streamer_name", "province"),
    *("channel", "warehouse", "paid_at", "receivable_fen", "first_urged_at", "promise_at", "delayed_until", "delay_reason"),
    *("loss_fen", "loss_before_fen", "loss_after_fen", "chance_wait", "chance_ship", "is_money_shown", "why"),
    *("snoozed_until", "mark_reason", "marked_by", "marked_at", "last_event_id", "known_until"),
)
MARKABLE = ("taken", "contacted", "shipped", "snoozed", "dismissed", "released")
LONGEST_REASON = 60
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\-‐-―_.,·/()]+(?=\d)")  # a telephone number in groups is one too


def queue_version(warehouse: Warehouse) -> int:
    """Return the version of marks, delays and alarms: it stands in the key of cached answers beside the data's version."""
    with warehouse.cursor() as cursor:
        return urge_marks.version(cursor)


def list_urges(
    warehouse: Warehouse, *, actor: Actor, shops: Sequence[str] = (), now: datetime, tab: str | None = "urged"
) -> pd.DataFrame:
    """List what waits with what operators have marked, ranked by expected avoidable loss; `tab` None: all three tabs.

    One row an order: ROW, then MORE. `rank` is 1, 2, … over the rows that can be shipped and still wait, else null; those come
    first. `urges` and `last_urged_at` are null unless a file has them; `hours_left` is to the promise or the filed delay,
    negative when past; `flags` is a list of domain.urges.FLAGS, `state` one of STATES. Money is whole fen; `expected_loss_fen`
    orders the rows but is a figure to show only where `is_money_shown`, `band` always. `reason` is left to whoever words it.
    """
    rows = open_orders(warehouse, actor=actor, shops=shops, now=now)
    return with_marks(rows, warehouse, actor=actor, shops=shops, now=now, tab=tab)


def open_orders(
    warehouse: Warehouse, *, actor: Actor, shops: Sequence[str] = (), now: datetime, is_patient: bool = False
) -> pd.DataFrame:
    """List every order that waits, from the data alone (no marks): the slow part, to be cached by data version and `now`.

    One row an order; all columns but those that marks fill. A patient caller has the ranking refitted first where new data has
    come in; others get the newest there is, while the refit runs beside them.
    """
    rows = answer(warehouse, urge_questions.urge_open, actor=actor, shops=tuple(shops), now=now, near_hours=urges.NEAR_HOURS)
    model_of = urge_ranking.fitted_now if is_patient else urge_ranking.look
    parts = [
        urge_ranking.ranked(part, model_of(warehouse, str(shop), actor=actor, now=now).model, now)
        for shop, part in rows.groupby("shop", sort=False)
    ]
    ranked = pd.concat(parts) if parts else urge_ranking.ranked(rows, urge_ranking.nobody_urged(), now)
    until = {known.shop: known.until for known in freshness(warehouse, actor=actor, shops=shops, now=now)}
    return ranked.assign(known_until=pd.to_datetime(ranked["shop"].map(until)), product=ranked["product"].astype(object))


def with_marks(
    rows: pd.DataFrame,
    warehouse: Warehouse,
    *,
    actor: Actor,
    shops: Sequence[str] = (),
    now: datetime,
    tab: str | None = "urged",
) -> pd.DataFrame:
    """Put the marks on rows of `open_orders` and rank them: the quick part of `list_urges`, new with every mark."""
    marks = answer(warehouse, urge_questions.urge_marks, actor=actor, shops=tuple(shops))
    kept_back = answer(warehouse, holdouts.kept_back, actor=actor, shops=tuple(shops)).assign(is_held_out=True)
    known = rows.merge(marks, on=["shop", "order_id"], how="left").merge(kept_back, on=["shop", "order_id"], how="left")
    marked = _timed(_stated(known, now), now)
    return _sorted(marked[_belongs(marked, tab)])


def freshness(warehouse: Warehouse, *, actor: Actor, shops: Sequence[str] = (), now: datetime) -> list[Freshness]:
    """Say until when each shop's data goes, one entry a shop."""
    known = answer(warehouse, urge_questions.urge_freshness, actor=actor, shops=tuple(shops))
    return [
        Freshness(
            row.shop,
            _moment(row.data_until),
            _moment(row.list_until),
            urges.age_hours(max((m for m in (_moment(row.data_until), _moment(row.list_until)) if m), default=None), now),
            int(row.unknown_orders),
        )
        for row in known.itertuples()
    ]


def standing(warehouse: Warehouse, *, actor: Actor, shops: Sequence[str] = (), now: datetime) -> dict[str, Standing]:
    """Say by shop what its ranking rests on; a refit begins in the background where new data has come in."""
    known = freshness(warehouse, actor=actor, shops=shops, now=now)
    return {one.shop: urge_ranking.look(warehouse, one.shop, actor=actor, now=now) for one in known}


def mark_orders(
    warehouse: Warehouse,
    orders: Sequence[SeenOrder],
    mark: str,
    *,
    actor: Actor,
    now: datetime,
    until: datetime | None = None,
    reason: str = "",
) -> Marked:
    """Mark orders (taken, contacted, shipped, snoozed until, dismissed for a reason, released) in one transaction.

    An order on which another mark stands than the one the caller saw is left as it is and comes back among `clashes`; the action
    stays in its history, without effect.
    Raises OperatorError for a mark without what it needs, or an order that its shop does not hold; nothing is changed then.
    """
    if mark not in MARKABLE:
        raise OperatorError("标记", f"「{mark}」", "、".join(MARKABLE), "请从中选一个。")
    if mark == "dismissed" and not reason.strip():
        raise OperatorError("忽略", "没有原因", "一句话的原因", "请写明为什么忽略。")
    if mark == "snoozed":
        _refuse_past("稍后", until, now)
    return _write(warehouse, orders, Mark(mark, actor.name, now, until if mark == "snoozed" else None, _plain(reason)), actor)


def file_delay(
    warehouse: Warehouse, orders: Sequence[SeenOrder], *, until: datetime, reason: str, actor: Actor, now: datetime
) -> Marked:
    """Write down that orders ship later, with the reason and the new date: until then they are not overdue here.

    Raises OperatorError as `mark_orders` does.
    """
    _refuse_past("延迟发货", until, now)
    if not reason.strip():
        raise OperatorError("延迟发货", "没有原因", "一句话的原因", "请写明为什么发不出。")
    return _write(warehouse, orders, Mark("delayed", actor.name, now, until, _plain(reason)), actor)


def undo_marks(warehouse: Warehouse, batch_id: int, *, actor: Actor, now: datetime) -> Marked:
    """Take an action back: each of its orders is as before, unless somebody has marked it since (a clash).

    Raises OperatorError when there is no such action or nothing of it stands any more.
    """
    require(actor, "operate")
    with warehouse.transaction(changes_facts=False) as cursor:
        standing_marks = urge_marks.standing_of_batch(cursor, batch_id)
        if not standing_marks:
            raise OperatorError(f"标记 {batch_id}", "没有可以撤回的", "一次还有效的标记", "请刷新后再看。")
        for shop in {order.shop for order in standing_marks}:
            require(actor, "operate", shop)
        done = urge_marks.append(
            cursor, standing_marks, Mark("undone", actor.name, now), undoes=[order.event_id for order in standing_marks]
        )
        audit.record(cursor, actor, "urges undo", f"{batch_id} {_described(standing_marks)}", now)
    return done


def history(warehouse: Warehouse, *, shop: str, order_id: str, actor: Actor) -> pd.DataFrame:
    """List everything ever marked on an order, oldest first.

    Columns: event_id, batch_id, mark, actor, happened_at, until_at, reason, has_effect (not: somebody else was first), is_undone.
    """
    require(actor, "view", shop)
    with warehouse.cursor() as cursor:
        return urge_questions.urge_history(cursor, shop=shop, order_id=order_id)


def holders(warehouse: Warehouse, *, actor: Actor, shops: Sequence[str] = ()) -> dict[tuple[str, str], str]:
    """Return who has taken which order, as {(shop, order id): name}."""
    marks = answer(warehouse, urge_questions.urge_marks, actor=actor, shops=tuple(shops))
    taken = marks[marks["taken_by"].notna()]
    return dict(zip(zip(taken["shop"], taken["order_id"], strict=True), taken["taken_by"], strict=True))


def alarms(warehouse: Warehouse, *, actor: Actor, shops: Sequence[str] = (), now: datetime) -> list[Alarm]:
    """Say for each shop how many urged orders wait and whether the alarm is due; for the dialog and the count in the menu.

    Those wait that have a rank: no refund, still on the list, neither marked as shipped nor put off or dismissed.
    """
    known = freshness(warehouse, actor=actor, shops=shops, now=now)
    waiting = answer(warehouse, _waiting, actor=actor, shops=tuple(shops), now=now)
    settings = answer(warehouse, urge_questions.urge_alarms, actor=actor, shops=tuple(shops)).set_index("shop")
    return [_alarm(one, waiting[waiting["shop"] == one.shop], settings.loc[one.shop]) for one in known]


def acknowledge(warehouse: Warehouse, alarm: Alarm, *, actor: Actor, now: datetime) -> None:
    """Remember that the orders of an alarm were seen: they alone do not raise it again."""
    require(actor, "operate", alarm.shop)
    with warehouse.transaction(changes_facts=False) as cursor:
        urge_marks.acknowledge(cursor, alarm.shop, alarm.order_ids, actor=actor.name, now=now)
        audit.record(cursor, actor, "urges alarm seen", f"{alarm.shop} {alarm.waiting}", now)


def set_alarm(warehouse: Warehouse, shop: str, threshold: int, *, actor: Actor, now: datetime) -> None:
    """Set from how many urged orders on a shop's alarm is raised. Raises OperatorError for a number below 1."""
    require(actor, "operate", shop)
    if threshold < 1:
        raise OperatorError("催发货提醒", f"「{threshold}」单", "1 单或更多", "请换一个数。")
    with warehouse.transaction(changes_facts=False) as cursor:
        urge_marks.set_alarm(cursor, shop, threshold, actor=actor.name, now=now)
        audit.record(cursor, actor, "urges alarm set", f"{shop} {threshold}", now)


def list_as_of(warehouse: Warehouse, *, actor: Actor, shops: Sequence[str] = (), at: datetime) -> pd.DataFrame:
    """List the urged orders that waited at a moment, as far as is known now, and what became of each.

    Columns: shop, order_id, product, sku, product_name, receivable_fen, paid_at, ship_by, first_urged_at, fate (shipped,
    refunded, open: whichever came first), fate_at, refunded_at, refund_fen (since, price cuts aside), was_worked (taken,
    contacted or marked as shipped up to 24 hours after `at`), marked_by, hours_to_fate (from `at`).
    """
    rows = answer(warehouse, urge_questions.urge_fates, actor=actor, shops=tuple(shops), at=at)
    return rows.assign(hours_to_fate=(rows["fate_at"] - at) / pd.Timedelta(hours=1))


def compare_work(rows: pd.DataFrame) -> pd.DataFrame:
    """Count what became of the rows of `list_as_of` that were worked and of those that were not: raw, no effect of the work.

    One row for True and one for False. Columns: was_worked, orders, shipped_24h, shipped, refunded, open, receivable_fen,
    refund_fen.
    """
    return pd.DataFrame([_fates(is_worked, rows[rows["was_worked"] == is_worked]) for is_worked in (True, False)])


def weeks(warehouse: Warehouse, *, actor: Actor, shops: Sequence[str] = ()) -> pd.DataFrame:
    """Count by week of the first urge (penalties: of their booking).

    Columns: week (its Monday), urged, shipped, hours_median (from first urge to shipment, of those shipped), refunded,
    penalty_count, penalty_fen.
    """
    return answer(warehouse, urge_questions.urge_weeks, actor=actor, shops=tuple(shops))


def _waiting(cursor: Any, *, shops: Sequence[str], now: datetime) -> pd.DataFrame:
    """The urged orders that still wait, without prices and ranks. Columns: shop, order_id, receivable_fen and those of marks."""
    rows = urge_questions.urge_count(cursor, now=now, shops=shops)
    marked = _stated(rows.merge(urge_questions.urge_marks(cursor, shops=shops), on=["shop", "order_id"], how="left"), now)
    return marked[marked["state"].isin(urges.WAITING_STATES)]


def _alarm(known: Freshness, waiting: pd.DataFrame, settings: pd.Series) -> Alarm:
    order_ids = tuple(waiting["order_id"])
    threshold = urges.ALARM_FROM if pd.isna(settings["threshold"]) else int(settings["threshold"])
    is_due = urges.is_alarm_due(order_ids, list(settings["acknowledged"]), threshold, is_stale=known.is_stale)
    money_fen = int(waiting["receivable_fen"].sum())
    return Alarm(known.shop, len(order_ids), threshold, is_due, known.is_stale, money_fen, order_ids)


def _stated(marked: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """Say where each order stands: what is snoozed wakes by itself, and then belongs to whoever had it."""
    has_woken = (marked["state"] == "snoozed") & ~(marked["state_until"] > now)
    state = marked["state"].astype(object).where(marked["state"].notna(), "open")
    state = state.where(~has_woken, marked["taken_by"].notna().map({True: "taken", False: "open"}))
    return marked.assign(
        state=state,
        snoozed_until=marked["state_until"].where(state == "snoozed"),
        taken_by=marked["taken_by"].astype(object).where(marked["taken_by"].notna(), None),
        last_event_id=marked["last_event_id"].fillna(0).astype("Int64"),
    ).rename(columns={"state_reason": "mark_reason", "state_actor": "marked_by", "state_at": "marked_at"})


def _timed(marked: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """Say how long each order has until its promise, or the delay filed for it, and what is special about it."""
    promise = marked[["ship_by", "delayed_until"]].max(axis=1)
    timed = marked.assign(promise_at=promise, hours_left=(promise - now) / pd.Timedelta(hours=1), rank=pd.NA, reason=None)
    is_promise = timed["is_promise"] & ~(timed["hours_left"] > urges.NEAR_HOURS)
    tab = pd.Series("", index=timed.index, dtype=object)
    for name, belongs in zip(reversed(urges.TABS), (timed["is_priority"], is_promise, timed["is_urged"]), strict=True):
        tab = tab.where(~belongs.astype(bool), name)
    is_late_mark = (timed["state"] == "shipped") & (timed["known_until"] > timed["marked_at"])
    flagged = {
        "refund_open": timed["is_refund_open"],
        "refunded": timed["is_refunded"],
        "not_on_list": timed["is_gone"],
        "after_sales_unknown": timed["is_after_sales_unknown"],
        "delayed": timed["delayed_until"] > now,
        "not_seen_shipped": is_late_mark,
        "held_out": timed["is_held_out"].notna() & (timed["hours_left"] > LEEWAY_HOURS),
    }
    return timed.assign(tab=tab, flags=_names_of(flagged))


def _names_of(flagged: dict[str, pd.Series]) -> list[list[str]]:
    names = tuple(flagged)
    return [[name for name, is_set in zip(names, row, strict=True) if is_set] for row in zip(*flagged.values(), strict=True)]


def _belongs(marked: pd.DataFrame, tab: str | None) -> pd.Series:
    """Which rows a tab holds: an urged order to ship first stands on both tabs."""
    if tab is None:
        return marked["tab"] != ""
    if tab not in urges.TABS:
        raise OperatorError("催发货", f"「{tab}」", "、".join(urges.TABS), "请从中选一个。")
    return marked["is_priority"] if tab == "priority" else marked["tab"] == tab


def _can_ship(marked: pd.DataFrame) -> pd.Series:
    """Which rows still wait for somebody to hand the parcel over."""
    is_barred = marked["is_refund_open"] | marked["is_refunded"] | marked["is_gone"]
    return marked["state"].isin(urges.WAITING_STATES) & ~is_barred


def _sorted(marked: pd.DataFrame) -> pd.DataFrame:
    """Rank what can be shipped, most money first, the nearer promise before the later one; the rest follows without a rank.

    What a hold-out leaves to its normal turn comes last of the ranked, the nearest promise first.
    """
    can_ship = _can_ship(marked).astype(bool)
    is_kept_back = pd.Series(["held_out" in flags for flags in marked["flags"]], index=marked.index, dtype=bool)
    urgency = marked["expected_loss_fen"].where(~is_kept_back, 0)
    order = marked.assign(is_barred=~can_ship, is_kept_back=is_kept_back, urgency=urgency).sort_values(
        ["is_barred", "is_kept_back", "urgency", "promise_at", "shop", "order_id"],
        ascending=[True, True, False, True, True, True],
    )
    count = int(can_ship.sum())
    ranks = pd.array([*range(1, count + 1), *[pd.NA] * (len(order) - count)], dtype="Int64")
    return order.assign(rank=ranks)[[*ROW, *MORE]].reset_index(drop=True)


def _fates(is_worked: bool, rows: pd.DataFrame) -> dict[str, Any]:
    fate = rows["fate"].value_counts()
    return {
        "was_worked": is_worked,
        "orders": len(rows),
        "shipped_24h": int(((rows["fate"] == "shipped") & (rows["hours_to_fate"] <= 24)).sum()),
        **{name: int(fate.get(name, 0)) for name in ("shipped", "refunded", "open")},
        "receivable_fen": int(rows["receivable_fen"].sum()),
        "refund_fen": int(rows["refund_fen"].sum()),
    }


def _write(warehouse: Warehouse, orders: Sequence[SeenOrder], mark: Mark, actor: Actor) -> Marked:
    """Write one action down, after everything about it was found to be in order."""
    orders = list({(order.shop, order.order_id): order for order in orders}.values())
    if not orders:
        raise OperatorError("标记", "没有选订单", "至少一个订单", "请先选订单。")
    for shop in {order.shop for order in orders}:
        require(actor, "operate", shop)
    _refuse_unknown(warehouse, orders)
    with warehouse.transaction(changes_facts=False) as cursor:
        done = urge_marks.append(cursor, orders, mark)
        audit.record(cursor, actor, f"urges {mark.mark}", f"{done.batch_id} {_described(orders)}", mark.now)
    return done


def _refuse_unknown(warehouse: Warehouse, orders: Sequence[SeenOrder]) -> None:
    with warehouse.cursor() as cursor:
        known = shop_list.all_shops(cursor)
        held = urge_questions.urge_holders(cursor, order_ids=[order.order_id for order in orders], shops=known)
    missing = {(order.shop, order.order_id) for order in orders} - set(zip(held["shop"], held["order_id"], strict=True))
    if missing:
        shop, order_id = min(missing)
        more = f" 等 {len(missing)} 个" if len(missing) > 1 else ""
        raise OperatorError("订单", f"「{order_id}」{more}不在店铺「{shop}」里", "已导入的订单号", "请检查订单号和店铺。")


def _refuse_past(what: str, until: datetime | None, now: datetime) -> None:
    if until is None or until <= now:
        found = "没有时间" if until is None else f"{until:%Y-%m-%d %H:%M} 已经过去"
        raise OperatorError(what, found, "一个以后的时间", "请写明到什么时候。")


def _plain(reason: str) -> str:
    """A reason that others will read: one line, nothing invisible. Raises OperatorError for one that is too long or personal."""
    plain = " ".join(unicodedata.normalize("NFKC", reason).split())
    plain = "".join(character for character in plain if unicodedata.category(character)[0] != "C")
    tight = _BETWEEN_DIGITS.sub("", plain)
    if len(plain) > LONGEST_REASON or hide_numbers(tight) != tight:
        found, expected = f"「{hide_numbers(tight)[:LONGEST_REASON]}」", f"不超过 {LONGEST_REASON} 个字，不含电话号码"
        raise OperatorError("原因", found, expected, "请写短一些，不写买家的信息。")
    return plain


def _described(orders: Iterable[SeenOrder]) -> str:
    """How many orders of which shops, and their numbers, for the log."""
    orders = list(orders)
    shops = "、".join(sorted({order.shop for order in orders}))
    return f"{shops} {len(orders)}: {' '.join(order.order_id for order in orders)[:2000]}"


def _moment(value: Any) -> datetime | None:
    return None if pd.isna(value) else value.to_pydatetime()
