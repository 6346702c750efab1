"""The rescue trap: what an average use of a tool can win and lose, when it pays, and how often it came off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.domain.one_order import BreakEven

SURE_Z = 1.959964  # of a 95 % interval


@dataclass(frozen=True)
class Chance:
    """How often what was tried came off, of so many; None of nothing. Wilson's 95 % interval."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Orders:
    """The orders that a tool was used on, one array entry each, money in fen.

    `fees_fen` are those that fall with a refund, `goods_fen` what the goods cost, `sent_fen` freight out, packing and premium;
    `was_shipped` says whether that was spent when the tool was used.
    """

    receivable_fen: np.ndarray
    fees_fen: np.ndarray
    goods_fen: np.ndarray
    sent_fen: np.ndarray
    was_shipped: np.ndarray


@dataclass(frozen=True)
class RefundCosts:
    """What an average refund costs behind the money given back and what was sent out: fen, and a share of the goods' cost."""

    before_shipment_fen: float
    after_shipment_fen: float
    damaged_share: float


def chance_of(successes: int, of: int) -> Chance:
    """Return a share with Wilson's 95 % interval (Wilson 1927)."""
    if not of:
        return Chance(None, None, None)
    share, z2 = successes / of, SURE_Z * SURE_Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = SURE_Z * ((share * (1 - share) + z2 / (4 * of)) / of) ** 0.5 / (1 + z2 / of)
    return Chance(share, max(middle - half, 0.0), min(middle + half, 1.0))


def break_even_of(orders: Orders, costs: RefundCosts, offer_fen: int) -> BreakEven:
    """Return what an average one of at least one use can win and lose (methods §2), when the tool pays out `offer_fen` a use.

    Money spent by the time of use is in no figure; after shipment the goods are still to be won (decision 13). A later refund
    comes after shipment; a refund at once costs what one costs in the order's place.
    """
    goods = orders.goods_fen.astype(float)
    unspent = np.where(orders.was_shipped, 0.0, orders.sent_fen)
    later = costs.after_shipment_fen + goods * costs.damaged_share
    at_once = np.where(orders.was_shipped, later, costs.before_shipment_fen)
    to_win = orders.receivable_fen - orders.fees_fen - goods - unspent
    return BreakEven(
        to_win_fen=round(float(to_win.mean())),
        refund_later_fen=round(float((later + unspent).mean())),
        refund_now_fen=round(float(at_once.mean())),
        offer_fen=offer_fen,
    )
