"""What an estimator of a tool's effect is given: orders, their after-sales cases, and when the tool was used."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

HOURS_A_DAY = 24.0
SETTLED_DAYS = 3  # a refund that finished may take so long to reach an export


@dataclass(frozen=True)
class Cases:
    """After-sales cases of any kind and end, one entry each, in any order.

    `order` (int) indexes the orders; `opened_h`, `finished_h` are hours since the epoch of the design, NaN where it is still
    open; `is_refund` says that money went back; `loss_fen` (int64) is what the case cost by the ledger, 0 where nothing.
    A case without a time of opening opens when it finished; one that gave money back at an unknown time must be left out with
    its order.
    """

    order: np.ndarray
    opened_h: np.ndarray
    finished_h: np.ndarray
    is_refund: np.ndarray
    loss_fen: np.ndarray


@dataclass(frozen=True)
class Design:
    """Orders (n,) that a tool could have touched, all covariates as they were known before it could.

    Times are hours since any one epoch (floats, NaN = never or unknown), money whole fen (int64), codes integers from 0 (an
    unknown value is a code of its own). The newest moment of the data is `end_h`.

    `start_h`: from when the tool could be used: shipment, or the opening of a case before it (small payment, coupon after a
    complaint); payment (run "any tool"). NaN: never. `used_h`: its first use. `is_used_untimed`: used, but no file says
    when: such orders are counted and stay out of either arm. `cost_fen`: all that its uses paid. `urged_h`: the first urge.
    `product`, `streamer`, `channel`, `province`, `warehouse_day` (the product, or the warehouse, on its day of payment) and
    `paid_day` are codes; streamer × paid_day are the clusters within which orders may share their fate.
    """

    end_h: float
    start_h: np.ndarray
    used_h: np.ndarray
    is_used_untimed: np.ndarray
    cost_fen: np.ndarray
    paid_h: np.ndarray
    shipped_h: np.ndarray
    ship_by_h: np.ndarray
    urged_h: np.ndarray
    receivable_fen: np.ndarray
    discount_fen: np.ndarray
    product: np.ndarray
    streamer: np.ndarray
    channel: np.ndarray
    province: np.ndarray
    warehouse_day: np.ndarray
    paid_day: np.ndarray
    cases: Cases
    horizon_days: int = 30

    def __len__(self) -> int:
        return len(self.start_h)

    @property
    def horizon_h(self) -> float:
        """Return how many hours after time zero a refund still counts."""
        return self.horizon_days * HOURS_A_DAY

    @property
    def last_entry_h(self) -> float:
        """Return the last time zero whose horizon, and three days more, lie within the data."""
        return self.end_h - self.horizon_h - SETTLED_DAYS * HOURS_A_DAY

    def clusters(self) -> np.ndarray:
        """Return the cluster of each order (n,), streamer × day of payment, as codes from 0."""
        mixed = self.streamer.astype(np.int64) * (int(self.paid_day.max(initial=0)) + 1) + self.paid_day
        return np.unique(mixed, return_inverse=True)[1]
