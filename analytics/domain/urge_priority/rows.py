"""Past urges cut into six-hour blocks: one row a block of waiting, and the time after shipment by the block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.domain.urge_priority.orders import BLOCK_HOURS, BLOCKS, HORIZON_HOURS, PastUrges


@dataclass(frozen=True)
class WaitingRows:
    """One entry a block in which an order was waiting: which order, which block since its first urge, what ended the waiting."""

    order: np.ndarray
    block: np.ndarray
    is_refunded: np.ndarray
    is_shipped: np.ndarray


@dataclass(frozen=True)
class AfterRows:
    """One entry an order shipped within the horizon: whole blocks (0–40) followed since, and whether a refund ended them."""

    order: np.ndarray
    hours_waited: np.ndarray
    block_count: np.ndarray
    is_refunded: np.ndarray


def waiting_rows(past: PastUrges) -> WaitingRows:
    """Cut the waiting of each order into blocks; one that is not wholly known counts only if the order left in it."""
    last = np.minimum(past.known_until, past.urged_at + HORIZON_HOURS)
    first = np.fmin(past.refunded_at, past.shipped_at)
    is_ended = first <= last
    hours = np.where(is_ended, first, last) - past.urged_at
    count = np.floor(hours / BLOCK_HOURS).astype(int) + is_ended
    count = np.minimum(count, BLOCKS)
    order = np.repeat(np.arange(len(past)), count)
    block = np.arange(len(order)) - np.repeat(np.cumsum(count) - count, count)
    is_last = (block == count[order] - 1) & is_ended[order]
    is_refund = ~(past.shipped_at < past.refunded_at) & ~np.isnan(past.refunded_at)
    return WaitingRows(order, block, is_last & is_refund[order], is_last & ~is_refund[order])


def after_rows(past: PastUrges) -> AfterRows:
    """Follow each order from its shipment to its refund, the end of what is known, or ten days."""
    waited = past.shipped_at - past.urged_at
    order = np.flatnonzero((waited <= HORIZON_HOURS) & ~(past.refunded_at <= past.shipped_at))
    shipped, refunded = past.shipped_at[order], past.refunded_at[order]
    is_refunded = refunded < shipped + HORIZON_HOURS
    until = np.where(is_refunded, refunded, np.minimum(past.known_until[order], shipped + HORIZON_HOURS))
    count = np.floor((until - shipped) / BLOCK_HOURS).astype(int)
    return AfterRows(order, waited[order], np.minimum(count, BLOCKS), is_refunded)


def clock_after_shipment(rows: AfterRows, pseudo_refunds: float) -> np.ndarray:
    """Return how much time each of the 40 blocks after shipment counts for: its pooled hazard, shrunk to even, 40 in all."""
    refunds = np.bincount(rows.block_count[rows.is_refunded], minlength=BLOCKS + 1)[:BLOCKS]
    left = np.bincount(rows.block_count, minlength=BLOCKS + 1)
    at_risk = len(rows.order) - np.concatenate([[0], np.cumsum(left)[: BLOCKS - 1]])
    at_risk = at_risk - (left[:BLOCKS] - refunds)  # a block that is not wholly known does not count
    rate = max(float(refunds.sum()), 0.5) / max(float(at_risk.sum()), 1.0)
    pace = (refunds + pseudo_refunds) / (at_risk * rate + pseudo_refunds)
    return pace * (BLOCKS / pace.sum())
