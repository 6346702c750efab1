"""Urged orders of a few kinds, each with its own chance of being shipped within a day and of a refund: worlds made to measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.domain.effects.shipping import Shipments
from tests.worlds.urged import DAYS, FIRST


@dataclass(frozen=True)
class Kind:
    """So many orders, shipped within a day with a chance, refunded later with another, whether shipped in time or not."""

    orders: int
    shipped: float
    refunded: float


def orders_of(rng: np.random.Generator, *kinds: Kind, batches: int = 400) -> Shipments:
    """Return the orders of all kinds, each kind a column of its own and a column that means nothing beside them."""
    kind = np.repeat(np.arange(len(kinds)), [each.orders for each in kinds])
    count = len(kind)
    pace = np.array([-np.log(1 - each.shipped) / 24 for each in kinds])[kind]
    since = FIRST + rng.integers(0, DAYS * 86_400, count).astype("timedelta64[s]")
    shipped = since + np.ceil(rng.exponential(size=count) / pace * 3600).astype("timedelta64[s]")
    refunded = since + rng.integers(30 * 3600, 14 * 86_400, count).astype("timedelta64[s]")
    is_refunded = rng.random(count) < np.array([each.refunded for each in kinds])[kind]
    never = np.full(count, np.datetime64("NaT", "s"))
    return Shipments(
        since=since,
        shipped_at=shipped,
        refunded_at=np.where(is_refunded, refunded, never),
        case_opened_at=never,
        case_closed_at=never,
        loss_fen=np.where(is_refunded, 4000, 0),
        cost_fen=np.zeros(count),
        cluster=rng.integers(0, batches, count),
        columns=np.column_stack([kind[:, None] == np.arange(1, len(kinds)), rng.normal(size=count)]).astype(float),
    )
