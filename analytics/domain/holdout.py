"""A hold-out: which orders do without a tool, by the hash of their id; how many that takes; and what the tool did to the rest."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.domain.effects import checks, evidence
from analytics.domain.effects.errors import of_influence
from analytics.domain.effects.rules import Diagnostics
from analytics.errors import OperatorError

LEAST_SHARE, MOST_SHARE = 0.05, 0.20
LEEWAY_HOURS = 12.0  # a parcel held out of a shipping tool leaves in its turn; this near to its promise it is like any other
METHOD = "hold_out"
SETTLING_DAYS = 3  # files may lag behind the platform
POWER = 8.0  # (z of 97.5 % + z of 80 %)², rounded up: an effect of that size is found in four of five hold-outs
HASHED = 1 << 64


@dataclass(frozen=True)
class Assigned:
    """The orders of a hold-out, one array entry each, whatever was done with them afterwards (intention to treat).

    `since` is when an import first showed the order eligible, `refunded_at` when money first went back (datetime64, NaT:
    never); `loss_fen` is what cases finished within the horizon cost by the ledger, `cost_fen` what the tool paid out.
    `is_tool_used` says whether it was used after all, `cluster` (codes from 0) which orders may move together.
    """

    since: np.ndarray
    is_held_out: np.ndarray
    is_tool_used: np.ndarray
    refunded_at: np.ndarray
    loss_fen: np.ndarray
    cost_fen: np.ndarray
    cluster: np.ndarray

    def __len__(self) -> int:
        return len(self.since)


@dataclass(frozen=True)
class Size:
    """How many orders a hold-out needs: in each of two equal arms, at the chosen share in all and held out."""

    per_arm: int
    orders: int
    held_out: int


def read_share(share: float) -> float:
    """Return the share of orders to hold out. Raises OperatorError outside 5 to 20 %."""
    if not LEAST_SHARE <= share <= MOST_SHARE:
        raise OperatorError("对照组比例", f"{share:.0%}", "5% 到 20%", "比例太小等不到结论，太大白白放弃挽单；请改到这个范围里。")
    return share


def is_held_out(experiment: str, order_ids: Sequence[str], share: float) -> np.ndarray:
    """Say which orders (n,) are held out: a property of the two names alone, so that every import says the same.

    The first eight bytes (most significant first) of the SHA-256 of `experiment`, the character U+001F and the order id, all
    UTF-8, over 2⁶⁴, are below `share`. A larger share holds out the same orders and more.
    """
    start = hashlib.sha256(f"{experiment}\x1f".encode())
    return np.fromiter((_hashed(start, order) < share * HASHED for order in order_ids), dtype=bool, count=len(order_ids))


def size_for(base_rate: float, change: float, share: float, *, design_effect: float = 1.0) -> Size:
    """Return how many orders show a `change` of the refund rate (0–1) from `base_rate`: 95 % sure, four times in five.

    n per arm ≈ 16 p(1 − p) · deff ÷ δ²; with a share s held out, 8 p(1 − p) · deff ÷ (δ² s(1 − s)) in all. Orders are assigned
    one by one, so those of one show fall into both arms and deff is near 1. Raises ValueError for no change.
    """
    if change == 0:
        raise ValueError("no number of orders shows that nothing changes")
    needed = POWER * base_rate * (1 - base_rate) * design_effect / change**2
    orders = math.ceil(round(needed / (share * (1 - share)), 6))
    return Size(math.ceil(round(2 * needed, 6)), orders, math.ceil(round(orders * share, 6)))


def split_chance(held_out: int, orders: int, share: float) -> float:
    """Return the chance of a split at least as far from `share` as this one (χ² with one degree of freedom); 1 of nothing."""
    if not orders:
        return 1.0
    expected = orders * share
    return math.erfc(abs(held_out - expected) / math.sqrt(2 * expected * (1 - share)))


def used_shares(assigned: Assigned) -> tuple[float, float]:
    """Return the share of orders on which the tool was used: where it might be, and among the held out; NaN of nothing."""
    shares = [assigned.is_tool_used[arm] for arm in (~assigned.is_held_out, assigned.is_held_out)]
    return tuple(float(used.mean()) if len(used) else math.nan for used in shares)


def judge_holdout(assigned: Assigned, *, share: float, horizon_days: int, known_until: np.datetime64) -> evidence.Effect:
    """Judge what offering the tool did to the orders that were not held out, by intention to treat: grade A at best.

    Only orders whose horizon and three days more lie before `known_until`, the end of the data, enter; the split is checked
    over all. Interval cluster-robust.
    """
    held_out = assigned.is_held_out
    is_mature = assigned.since + np.timedelta64((horizon_days + SETTLING_DAYS) * 24, "h") <= known_until
    is_refunded = assigned.refunded_at <= assigned.since + np.timedelta64(horizon_days * 24, "h")
    arms = [np.flatnonzero(is_mature & ~held_out), np.flatnonzero(is_mature & held_out)]
    cluster_count, largest_share = checks.cluster_spread(assigned.cluster[arms[0]])
    diagnostics = Diagnostics(
        treated=len(arms[0]),
        compared=len(arms[1]),
        touched=len(assigned),
        mature_share=len(arms[0]) / max(int((~held_out).sum()), 1),
        refunds_treated=float(is_refunded[arms[0]].sum()),
        refunds_compared=float(is_refunded[arms[1]].sum()),
        cluster_count=cluster_count,
        largest_cluster_share=largest_share,
        split_chance=split_chance(int(held_out.sum()), len(assigned), share),
    )
    values = np.column_stack([is_refunded, assigned.loss_fen, assigned.cost_fen]).astype(float)
    estimate = _difference(values, arms, assigned.cluster) if all(len(arm) for arm in arms) else None
    return evidence.judge(estimate, diagnostics, method=METHOD, horizon_days=horizon_days, best="A")


def _difference(values: np.ndarray, arms: list[np.ndarray], cluster: np.ndarray) -> evidence.Estimate:
    """Return the difference of the arms' means (3,), and how far it may be off as clusters fall."""
    means = [values[arm].mean(axis=0) for arm in arms]
    influence = np.zeros_like(values)
    for arm, mean, sign in zip(arms, means, (1, -1), strict=True):
        influence[arm] = sign * (values[arm] - mean) / len(arm)
    entered = np.concatenate(arms)
    covariance, degrees = of_influence(influence[entered], cluster[entered])
    return evidence.Estimate(means[0] - means[1], covariance, float(means[0][0]), degrees)


def _hashed(start: hashlib._Hash, order_id: str) -> int:
    whole = start.copy()
    whole.update(order_id.encode())
    return int.from_bytes(whole.digest()[:8], "big")
