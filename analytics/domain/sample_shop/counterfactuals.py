"""What would have happened otherwise: both potential outcomes of every order a tool could touch. Only tests may know them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.domain.sample_shop import catalogue as shop
from analytics.domain.sample_shop import claims as claims
from analytics.domain.sample_shop import effects
from analytics.domain.sample_shop.claims import Cases, Policy
from analytics.domain.sample_shop.hazards import DAY, NEVER
from analytics.domain.sample_shop.histories import History, live_through
from analytics.domain.sample_shop.orders import Orders


@dataclass(frozen=True)
class Outcomes:
    """The orders on which a tool could be used, one array entry each; losses are whole fen over the order's whole life.

    `is_used` says which arm really happened; `is_refunded_used` and `is_refunded_unused` say whether money was back within the
    horizon in either arm; `cost_fen` is what the tool itself paid out in the arm where it was used.
    """

    order: np.ndarray
    time_zero: np.ndarray
    is_used: np.ndarray
    is_refunded_used: np.ndarray
    is_refunded_unused: np.ndarray
    loss_used_fen: np.ndarray
    loss_unused_fen: np.ndarray
    cost_fen: np.ndarray

    def effect_on_the_treated(self) -> float:
        """Return how much using the tool changed the refund risk of those on whom it was used (0–1, negative: fewer refunds)."""
        return float(self.is_refunded_used[self.is_used].mean() - self.is_refunded_unused[self.is_used].mean())

    def naive_difference(self) -> float:
        """Return what a comparison of the used with the unused shows (0–1)."""
        return float(self.is_refunded_used[self.is_used].mean() - self.is_refunded_unused[~self.is_used].mean())

    def net_fen(self) -> float:
        """Return what a use saved net of its cost, fen an order, averaged over those on whom it was used."""
        saved = self.loss_unused_fen - self.loss_used_fen - self.cost_fen
        return float(saved[self.is_used].mean())


def potential_outcomes(orders: Orders, tool: str) -> Outcomes:
    """Return both outcomes of every order eligible for `urge_ship`, `priority_ship`, `address_change` or `small_payment`."""
    real = live_through(orders)
    arms = {
        "urge_ship": (Policy(urged="within"), Policy(urged="after")),
        "priority_ship": (Policy(tagged="within"), Policy(tagged="after")),
        "address_change": (Policy(), Policy()),
        "small_payment": (Policy(), Policy(small_payments=False)),
    }[tool]
    used, unused = (live_through(orders, arm) for arm in arms)
    eligible, time_zero, is_used = _eligible(real, tool)
    horizon = effects.TRUTH[tool]["horizon_days"] * DAY
    cost = real.small_paid_fen + real.small_paid_again_fen if tool == "small_payment" else np.zeros(len(orders), dtype=np.int64)
    return Outcomes(
        order=eligible,
        time_zero=time_zero[eligible],
        is_used=is_used[eligible],
        is_refunded_used=(refunded_at(used) <= time_zero + horizon)[eligible],
        is_refunded_unused=(refunded_at(unused) <= time_zero + horizon)[eligible],
        loss_used_fen=rough_loss_fen(orders, used)[eligible],
        loss_unused_fen=rough_loss_fen(orders, unused)[eligible],
        cost_fen=cost[eligible],
    )


def _eligible(real: History, tool: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return who was eligible, since when, and on whom the tool was really used."""
    if tool == "address_change":
        return np.flatnonzero(real.address_asked < NEVER), real.address_asked, real.is_address_granted
    if tool == "small_payment":
        shipped = np.flatnonzero(real.shipped < NEVER)
        paid = real.small_paid < NEVER
        return shipped, np.where(paid, real.small_paid, real.shipped), paid
    since = real.urged if tool == "urge_ship" else np.where(real.urged == NEVER, real.tagged, NEVER)
    return np.flatnonzero(since < NEVER), since, real.shipped <= since + DAY


def refunded_at(history: History) -> np.ndarray:
    """Return when each order first had money back, NEVER where it did not."""
    cases = history.cases
    counts = cases.is_success & (cases.refund_fen > 0)
    first = np.full(len(history.shipped), NEVER)
    np.minimum.at(first, cases.order[counts], cases.finished[counts])
    return first


def rough_loss_fen(orders: Orders, history: History) -> np.ndarray:
    """Return what the refunds of each order cost by the ledger's starter assumptions, sales and hidden parts, whole fen."""
    cases = history.cases
    loss = np.zeros(len(orders))
    np.add.at(loss, cases.order[cases.is_success], _case_loss_fen(orders, history, cases)[cases.is_success])
    return np.round(loss).astype(np.int64)


def _case_loss_fen(orders: Orders, history: History, cases: Cases) -> np.ndarray:
    goods = np.array([product.cost_fen for product in shop.PRODUCTS])[orders.product[cases.order]] * orders.quantity[cases.order]
    acquisition = 0.1 * orders.paid_fen[cases.order]
    is_sent = history.shipped[cases.order] < NEVER
    is_back = cases.return_sent < NEVER
    is_full = cases.refund_fen >= 0.5 * orders.receivable_fen[cases.order]
    hidden = np.select(
        [
            cases.kind == claims.EXCHANGE,
            cases.kind == claims.RESHIP,
            ~is_full & ~is_back,
            ~is_sent,
            is_back,
            cases.phase == claims.DELIVERED,
        ],
        [
            800 + 350 + 500 + 500 + 0.2 * goods,
            350 + 250 + goods,
            150,
            acquisition + 100,
            acquisition + 350 + 800 + 400 + 500 + 0.2 * goods,
            acquisition + 350 + 250 + goods,
        ],
        acquisition + 350 + 300 + 250 + 0.02 * goods,
    )
    return cases.refund_fen + hidden
