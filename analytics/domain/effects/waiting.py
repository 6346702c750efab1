"""What is known of an order that waits to be shipped, at time zero, as columns: what the shipping tools' comparison looks at."""

from __future__ import annotations

import numpy as np

from analytics.domain.effects.covariates import LATE_DAYS, group_rate, speed_of_others
from analytics.domain.effects.design import HOURS_A_DAY, SETTLED_DAYS, Design


def waiting_columns(design: Design, since_h: np.ndarray) -> np.ndarray:
    """Return columns (n, k) for all orders of a design at their time zero `since_h` (n,), those that never move left out.

    `design` may be of any tool, of the same orders: only what was known of the orders and what became of others is read.
    Price, discount, hours waited, hours past the promise, urged or not, the hour of the day, refund rates of product,
    streamer, channel and province (shrunk), the speed of the others of its warehouse and day. NaN in `since_h`: the row
    means nothing.
    """
    price = np.maximum(design.receivable_fen, 1)
    past_days = np.nan_to_num((since_h - design.ship_by_h) / HOURS_A_DAY)
    is_refunded, is_known = _refunded_in_time(design)
    columns = [
        np.log(price),
        np.clip(design.discount_fen / price, 0.0, 1.0),
        np.log1p(np.maximum(np.nan_to_num(since_h - design.paid_h), 0.0)),
        np.clip(past_days, *LATE_DAYS),
        past_days > 0,
        np.nan_to_num(design.urged_h, nan=np.inf) < np.nan_to_num(since_h),
        np.log1p(speed_of_others(design)),
        *(group_rate(group, is_refunded, is_known) for group in _groups(design)),
    ]
    found = np.column_stack(columns).astype(float)
    seen = found[~np.isnan(since_h)]
    return found[:, np.ptp(seen, axis=0) > 0] if len(seen) else found


def _groups(design: Design) -> tuple[np.ndarray, ...]:
    return design.product, design.streamer, design.channel, design.province


def _refunded_in_time(design: Design) -> tuple[np.ndarray, np.ndarray]:
    """Return which orders were refunded within the horizon of their payment, and for which that is known."""
    refunded = np.full(len(design), np.inf)
    cases = design.cases
    np.fmin.at(refunded, cases.order[cases.is_refund], cases.finished_h[cases.is_refund])
    is_known = design.paid_h + design.horizon_h + SETTLED_DAYS * HOURS_A_DAY <= design.end_h
    return refunded <= design.paid_h + design.horizon_h, is_known
