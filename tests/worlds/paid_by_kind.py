"""Shipped orders of a few kinds, each paid at the end of its first day with a chance of its own: worlds made to measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.domain.effects.design import Cases, Design

DAYS, AFTER_DAYS = 40, 50


@dataclass(frozen=True)
class Kind:
    """So many orders, paid 24 hours after shipment with a chance or never, refunded later with another chance."""

    orders: int
    paid: float
    refunded: float


def design_of(seed: int, *kinds: Kind) -> Design:
    """Return the orders of all kinds, each kind a product; nothing else tells one order from another."""
    random = np.random.default_rng(seed)
    kind = np.repeat(np.arange(len(kinds)), [each.orders for each in kinds])
    count = len(kind)
    day = random.integers(0, DAYS, count)
    start = day * 24.0 + 12
    is_paid, is_refunded = (
        random.random(count) < np.array([getattr(each, name) for each in kinds])[kind] for name in ("paid", "refunded")
    )
    hit = np.flatnonzero(is_refunded)
    opened = start[hit] + random.uniform(30, 300, len(hit))
    same = np.zeros(count, dtype=np.int64)
    return Design(
        end_h=(DAYS + AFTER_DAYS) * 24.0,
        start_h=start,
        used_h=np.where(is_paid, start + 23.99, np.nan),
        is_used_untimed=np.zeros(count, dtype=bool),
        cost_fen=np.where(is_paid, 500, 0),
        paid_h=start - 12,
        shipped_h=start,
        ship_by_h=start + 12,
        urged_h=np.full(count, np.nan),
        receivable_fen=same + 4500,
        discount_fen=same,
        product=kind,
        streamer=same,
        channel=same,
        province=same,
        warehouse_day=day,
        paid_day=day,
        cases=Cases(hit, opened, opened + 72, np.ones(len(hit), dtype=bool), np.full(len(hit), 7000)),
    )
