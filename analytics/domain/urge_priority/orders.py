"""What goes in: orders that were urged in the past with what became of them, and orders that wait now."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

BLOCK_HOURS = 6.0
BLOCKS = 40  # ten days
HORIZON_HOURS = BLOCKS * BLOCK_HOURS
WAIT_BLOCKS = 4  # not shipped in the next 24 hours


class _Columns:
    """Arrays of one length, one entry an order."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))  # type: ignore[arg-type]

    def taken(self, which: np.ndarray) -> Self:
        """Return the orders of a mask or of positions, in that order."""
        return replace(self, **{each.name: getattr(self, each.name)[which] for each in fields(self)})  # type: ignore[type-var]


@dataclass(frozen=True)
class WaitingOrders(_Columns):
    """Orders as they stand now. Unknown is NaN, an unknown product or streamer is the empty text.

    `price_fen` is what was receivable; `hours_past_promise` is negative before the promise; `urges` counts from 1;
    `fill_rate` (0–1) is the share of the product's other orders paid the same day that have left the warehouse.
    `hours_since_urge` counts from the first urge; an order whose first urge is not known counts as urged just now.
    """

    price_fen: np.ndarray
    hours_past_promise: np.ndarray
    hours_since_urge: np.ndarray
    urges: np.ndarray
    product: np.ndarray
    streamer: np.ndarray
    fill_rate: np.ndarray


@dataclass(frozen=True)
class PastUrges(_Columns):
    """Orders that were urged while paid, unshipped and unrefunded. Moments are hours (float) since one origin, the same for all.

    NaN: has not happened, or is not known. `refunded_at` is the finish of the first successful refund that gives money back,
    price cuts aside; `known_until` is the end of what the files tell (n,). `urges` is the count at `last_urged_at`; before it
    the urges are taken as evenly spaced since the first, so that a count does not speak of the future. `fill_rate` as of the
    first urge; the other columns as in WaitingOrders. `loss_if_refunded_fen` draws the borders of the bands.
    """

    urged_at: np.ndarray
    last_urged_at: np.ndarray
    shipped_at: np.ndarray
    refunded_at: np.ndarray
    known_until: np.ndarray
    ship_by: np.ndarray
    price_fen: np.ndarray
    urges: np.ndarray
    product: np.ndarray
    streamer: np.ndarray
    fill_rate: np.ndarray
    loss_if_refunded_fen: np.ndarray

    def usable(self) -> PastUrges:
        """Return the orders that were still waiting when first urged, without what happened after the end of what is known."""
        shipped = np.where(self.shipped_at <= self.known_until, self.shipped_at, np.nan)
        refunded = np.where(self.refunded_at <= self.known_until, self.refunded_at, np.nan)
        first = np.fmin(shipped, refunded)
        is_waiting = (self.urged_at < self.known_until) & ~(first <= self.urged_at)
        return replace(self, shipped_at=shipped, refunded_at=refunded).taken(is_waiting)

    def is_mature(self) -> np.ndarray:
        """Say which orders were followed over the whole horizon."""
        return self.known_until >= self.urged_at + HORIZON_HOURS

    def is_refunded(self) -> np.ndarray:
        """Say which orders had money back within the horizon."""
        return self.refunded_at <= self.urged_at + HORIZON_HOURS

    def waits(self, hours: np.ndarray | float = 0.0, which: np.ndarray | slice = slice(None)) -> WaitingOrders:
        """Return the orders as they stood `hours` after their first urge; `which` may name an order more than once."""
        at = self.urged_at[which] + hours
        return WaitingOrders(
            price_fen=self.price_fen[which],
            hours_past_promise=at - self.ship_by[which],
            hours_since_urge=at - self.urged_at[which],
            urges=self._urges_by(at, which),
            product=self.product[which],
            streamer=self.streamer[which],
            fill_rate=self.fill_rate[which],
        )

    def _urges_by(self, at: np.ndarray, which: np.ndarray | slice) -> np.ndarray:
        first, last = self.urged_at[which], self.last_urged_at[which]
        more = np.maximum(self.urges[which] - 1, 0)
        span = np.where(last > first, last - first, np.inf)
        # Without a moment of the last urge its count may be of any later day: only the first is known to have been.
        share = np.where(last <= first, 1.0, np.clip((at - first) / span, 0.0, 1.0))
        return 1 + np.floor(more * share + 1e-9)
