"""Moments, money, ids and states of the sample shop as the platform prints them, as of the moment of an export."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np

from analytics.domain.sample_shop import catalogue as shop
from analytics.domain.sample_shop import claims as claims
from analytics.domain.sample_shop.claims import Cases
from analytics.domain.sample_shop.hazards import HOUR
from analytics.domain.sample_shop.histories import History
from analytics.domain.sample_shop.orders import Orders

UNPAID, TO_SHIP, SHIPPED, RECEIVED, SUCCEEDED, CLOSED = "待付款", "待发货", "已发货", "已收货", "交易成功", "交易关闭"
KIND_WORDS = np.array(["仅退款", "退货退款", "换货", "补寄", "价保"], dtype=object)
SUCCESS_WORDS = np.array(["售后成功", "售后成功", "换货成功", "补寄成功", "售后成功"], dtype=object)


def moment_of(first_day: date, seconds: float) -> datetime:
    """Return the wall-clock moment that is so many seconds after the first midnight."""
    return datetime.combine(first_day, datetime.min.time()) + timedelta(seconds=float(seconds))


def seconds_of(first_day: date, moment: datetime) -> float:
    """Return how many seconds a moment is after the first midnight."""
    return (moment - datetime.combine(first_day, datetime.min.time())).total_seconds()


def stamps(first_day: date, moments: np.ndarray, as_of: float) -> list[str]:
    """Print moments as `2026-08-03 16:43:21`; blank for those after `as_of`, which nobody knows yet."""
    known = np.where(moments <= as_of, moments, 0).astype("int64")
    text = np.datetime_as_string(np.datetime64(first_day.isoformat(), "s") + known.astype("timedelta64[s]"), unit="s")
    is_known = (moments <= as_of).tolist()
    return [stamp.replace("T", " ") if is_in else "" for stamp, is_in in zip(text.tolist(), is_known, strict=True)]


def yuan(fen: int) -> str:
    """Print fen as plain yuan with two decimals."""
    return f"{fen / 100:.2f}"


def priced(fen: Sequence[int] | np.ndarray, sign: str = "¥") -> list[str]:
    """Print money as the order export does: `¥1,299.90`, and nothing at all as `¥0`."""
    return [f"{sign}{value / 100:,.2f}" if value else f"{sign}0" for value in np.asarray(fen).tolist()]


def order_ids(index: np.ndarray) -> list[str]:
    """Return sixteen digits an order, plain to see as invented; no part of them reads as a telephone number."""
    return [f"2500000000{200_001 + i}" for i in index.tolist()]


def case_ids(index: np.ndarray) -> list[str]:
    """Return seventeen digits a case."""
    return [f"25000000009{i:06d}" for i in index.tolist()]


def tracking_numbers(carrier: np.ndarray, index: np.ndarray, leg: int) -> list[str]:
    """Return waybill numbers; `leg` 0 is the way out, 1 the way back, 2 the way out again."""
    codes = [code for _, code in shop.CARRIERS]
    return [f"{codes[c]}000{leg}0{20_000_000 + 7 * i}" for c, i in zip(carrier.tolist(), index.tolist(), strict=True)]


def order_states(orders: Orders, history: History, as_of: float) -> np.ndarray:
    """Return the order status of every order as of a moment."""
    return np.select(
        [
            history.closed <= as_of,
            orders.is_unpaid | (orders.paid > as_of),
            history.settled <= as_of,
            history.received <= as_of,
            history.shipped <= as_of,
        ],
        [CLOSED, UNPAID, SUCCEEDED, RECEIVED, SHIPPED],
        TO_SHIP,
    ).astype(object)


def after_sales_states(orders: Orders, cases: Cases, as_of: float) -> np.ndarray:
    """Return the after-sales status of every order: that of its latest case; exchanges and reshipments leave none when done."""
    states = np.full(len(orders), "", dtype=object)
    known = cases.applied <= as_of
    done = cases.finished <= as_of
    gives_money = cases.refund_fen > 0
    is_won = done & cases.is_success
    tests = [is_won & gives_money, is_won, done, waits_for_buyer(cases, as_of)]
    words = np.select(tests, ["退款成功", "", "退款关闭", "待买家退货"], "售后处理中").astype(object)
    states[cases.order[known]] = words[known]
    refunded = known & done & cases.is_success & gives_money
    after_refund = known & done & ~cases.is_success & np.isin(cases.order, cases.order[refunded])
    states[cases.order[after_refund]] = "退款成功"
    return states


def waits_for_buyer(cases: Cases, as_of: float) -> np.ndarray:
    """Return for which open cases the goods have still to be sent back."""
    goes_back = np.isin(cases.kind, (claims.RETURN_REFUND, claims.EXCHANGE))
    return goes_back & (as_of > cases.applied + 4 * HOUR) & (cases.return_sent > as_of)


def case_states(cases: Cases, as_of: float) -> np.ndarray:
    """Return the after-sales status of every case as of a moment, in the words of the after-sales export."""
    done = cases.finished <= as_of
    failed = np.where(cases.order % 5 == 0, "售后失败", "售后关闭")
    return np.select(
        [done & cases.is_success, done, cases.return_sent <= as_of, waits_for_buyer(cases, as_of)],
        [SUCCESS_WORDS[cases.kind], failed, "待商家收货", "待买家退货"],
        "待商家处理",
    ).astype(object)


def logistics_states(orders: Orders, history: History, as_of: float) -> np.ndarray:
    """Return what the carrier says of every parcel."""
    return np.select(
        [
            history.shipped > as_of,
            history.sent_back + 60 * HOUR <= as_of,
            history.sent_back <= as_of,
            history.delivered <= as_of,
            history.delivered - 6 * HOUR <= as_of,
            history.shipped + 5 * HOUR <= as_of,
        ],
        ["", "退回签收", "拒收退回中", "已签收", "派送中", "运输中"],
        "已揽收",
    ).astype(object)


def case_reasons(orders: Orders, cases: Cases) -> tuple[list[str], list[str]]:
    """Return the reason and its second-level tag of every case: what the buyer picked from the platform's list."""
    draw = np.where(cases.is_second, orders.draws["second_reason"][cases.order], orders.draws["reason"][cases.order])
    is_cut = (cases.refund_fen > 0) & (cases.refund_fen < orders.receivable_fen[cases.order]) & ~cases.is_second
    is_waiting = cases.phase == claims.WAITING
    lists = (shop.LATE_REASONS, shop.WAIT_REASONS, shop.TRANSIT_REASONS)
    lists += (shop.PRICE_REASONS, shop.RETURN_REASONS, shop.KEEP_REASONS)
    which = np.select(
        [
            is_waiting & cases.is_late_waiting,
            is_waiting,
            cases.phase == claims.TRAVELLING,
            is_cut | (cases.kind == claims.PRICE_PROTECTION),
            np.isin(cases.kind, (claims.RETURN_REFUND, claims.EXCHANGE)),
        ],
        range(5),
        5,
    )
    picks = [_pick(lists[w], u) for w, u in zip(which.tolist(), draw.tolist(), strict=True)]
    return [reason for reason, _ in picks], [tag for _, tag in picks]


def _pick(reasons: Sequence[tuple[str, str, float]], draw: float) -> tuple[str, str]:
    for reason, tag, share in reasons:
        draw -= share
        if draw < 0:
            return reason, tag
    return reasons[-1][0], reasons[-1][1]
