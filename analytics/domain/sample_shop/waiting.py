"""Before the parcel leaves: urging, asking for the money, being talked out of it, changing one's mind again."""

from __future__ import annotations

import numpy as np

from analytics.domain.sample_shop import catalogue as shop
from analytics.domain.sample_shop import effects
from analytics.domain.sample_shop.claims import DELIVERED, REFUND_ONLY, RETURN_REFUND, TRAVELLING, WAITING, Claim, Policy
from analytics.domain.sample_shop.hazards import (
    DAY,
    HOUR,
    NEVER,
    exponential,
    first_event,
    gamma_like,
    sorted_edges,
    to_working_hours,
)
from analytics.domain.sample_shop.orders import Orders


def urge_and_plan(orders: Orders, policy: Policy) -> tuple[np.ndarray, np.ndarray]:
    """Return when each buyer first urges and when the parcel is planned to leave; an urge speeds up some parcels."""
    natural = to_working_hours(orders.paid + gamma_like(orders.draws["ship"], orders.ship_hours, 0.45) * HOUR)
    first, second = orders.paid + 10 * HOUR, orders.paid + 24 * HOUR
    edges = sorted_edges(orders.paid, first, second, orders.ship_by)
    pace = np.where(edges < first[:, None], 0.0, 0.0035) * np.where(edges >= second[:, None], 2.0, 1.0)
    pace = pace * np.where(edges >= orders.ship_by[:, None], 2.5, 1.0) * np.exp(0.3 * orders.log_price)[:, None]
    urged = first_event(exponential(orders.draws["urge"]), edges, pace)
    urged = np.where((urged < natural) & ~orders.is_unpaid, np.floor(urged), NEVER)
    rate = effects.URGE_RATE_SHIP * np.exp(effects.URGE_SHIP_BY_PRICE * orders.log_price)
    rate = rate * np.where(orders.is_slow_day, effects.URGE_SHIP_SLOW_DAY, 1.0)
    rate = rate * np.where(urged > orders.ship_by, effects.URGE_SHIP_OVERDUE, 1.0)
    hurried = _ship_after(urged, rate, orders.draws["urge_ship"], orders.draws["urge_ship_late"], policy.urged)
    return urged, np.where(urged < NEVER, hurried, natural)


def _ship_after(since: np.ndarray, rate: np.ndarray, first: np.ndarray, later: np.ndarray, arm: str) -> np.ndarray:
    """Return the shipment that follows an urge or a tag: as it comes, or made to fall within or after 24 hours of it."""
    natural = to_working_hours(since + exponential(first) / rate * HOUR)
    is_within = natural <= since + DAY
    within = np.minimum(to_working_hours(since - np.log1p(-later * (1 - np.exp(-24 * rate))) / rate * HOUR), since + DAY)
    after = to_working_hours(since + DAY + exponential(later) / rate * HOUR)
    return {"natural": natural, "within": np.where(is_within, natural, within), "after": np.where(is_within, after, natural)}[arm]


def wait_refund(orders: Orders, urged: np.ndarray, planned: np.ndarray) -> np.ndarray:
    """Return when a waiting buyer asks for the money: soon after paying, and more and more once late or urging."""
    edges = sorted_edges(orders.paid, orders.paid + HOUR, orders.paid + 6 * HOUR, orders.ship_by, urged)
    age = (edges - orders.paid[:, None]) / HOUR
    rate = np.select([age < 1, age < 6], [0.013, 0.0042], 0.0017)
    rate = rate * np.where(edges >= orders.ship_by[:, None], effects.LATE_WAIT_FACTOR, 1.0)
    rate = rate * np.where(edges >= urged[:, None], effects.URGED_WAIT_FACTOR, 1.0)
    risk = orders.product_array("wait_risk") * np.exp(effects.WAIT_RISK_BY_PRICE * orders.log_price)
    risk = risk * np.where(orders.is_promotion, shop.PROMOTION_WAIT_RISK, 1.0)
    risk = risk * np.where(orders.is_slow_day, effects.SLOW_DAY_WAIT_FACTOR, 1.0)
    asked = first_event(exponential(orders.draws["wait"]), edges, rate * risk[:, None])
    return np.where(asked < planned, np.floor(asked), NEVER)


def replan_tagged(orders: Orders, tagged: np.ndarray, urged: np.ndarray, planned: np.ndarray, policy: Policy) -> np.ndarray:
    """Plan the shipment of orders whose buyer the platform talked into waiting; an urged order keeps its plan."""
    rate = effects.TAG_RATE_SHIP * np.exp(effects.TAG_SHIP_BY_PRICE * orders.log_price)
    hurried = _ship_after(tagged, rate, orders.draws["rescue_ship"], orders.draws["rescue_ship_late"], policy.tagged)
    return np.where((tagged < NEVER) & (urged == NEVER), hurried, planned)


def settle_waiting(orders: Orders, asked: np.ndarray, tagged: np.ndarray, planned: np.ndarray) -> tuple[Claim, np.ndarray]:
    """Decide the claims made before shipment, and when the parcels leave after all; a rescued buyer may withdraw a case."""
    draws, n = orders.draws, len(orders)
    is_rescued = tagged < NEVER
    is_case = (asked < NEVER) & (~is_rescued | (draws["rescue_case"] < 0.4))
    hours = np.where(draws["wait_instant"] < 0.45, 0.02 + 0.1 * draws["wait_lag"], 0.2 + 6 * exponential(draws["wait_lag"]))
    applied = np.where(is_case, asked, NEVER)
    finished = np.floor(applied + np.where(is_rescued, 0.1, hours) * HOUR)
    success = is_case & ~is_rescued & (draws["wait_success"] < 0.96)
    claim = Claim(applied, finished, success, np.full(n, WAITING), np.full(n, REFUND_ONLY), np.ones(n), np.full(n, NEVER))
    return claim, _leave_after_all(orders, claim, is_rescued, planned)


def _leave_after_all(orders: Orders, claim: Claim, is_rescued: np.ndarray, planned: np.ndarray) -> np.ndarray:
    """Return when parcels leave whose buyer asked for the money: held while a case is open, stopped when it succeeds.

    Some leave meanwhile and come back intercepted; a few leave although everything was given back, as happens in warehouses.
    """
    draws = orders.draws
    is_sent_meanwhile = claim.is_made & (planned < claim.finished) & (draws["wait_hold"] > 0.85)
    is_sent_anyway = claim.is_success & (draws["wait_anyway"] < 0.006)
    held = np.maximum(planned, to_working_hours(claim.finished + HOUR))
    return np.select(
        [~claim.is_made | is_rescued | is_sent_meanwhile, is_sent_anyway, claim.is_success],
        [planned, to_working_hours(claim.finished + 8 * HOUR), NEVER],
        held,
    )


def settle_regret(orders: Orders, tagged: np.ndarray, planned: np.ndarray) -> tuple[Claim, np.ndarray]:
    """Decide which tagged buyers change their mind again: chance and moment do not look at the shipment, nor does the outcome."""
    draws = orders.draws
    share = effects.REGRET_SHARE * np.exp(effects.REGRET_BY_PRICE * orders.log_price)
    does_regret = (tagged < NEVER) & (draws["regret"] < np.minimum(share, 0.8))
    applied = np.where(does_regret, np.floor(tagged + (0.2 + 3.8 * draws["regret_lag"]) * DAY), NEVER)
    delivered = planned + transit_hours(orders) * HOUR
    phase = np.select([applied < planned, applied < delivered], [WAITING, TRAVELLING], DELIVERED)
    days = np.select([phase == WAITING, phase == TRAVELLING], [0.2, 3.0], 6.5) * (0.75 + 0.5 * draws["case_lag"])
    success = does_regret & (draws["case_success"] < 0.95)
    finished = np.where(does_regret, np.floor(applied + days * DAY), NEVER)
    kind = np.where(phase == DELIVERED, RETURN_REFUND, REFUND_ONLY)
    sent = np.where(success & (phase == DELIVERED), np.floor(applied + 0.3 * days * DAY), NEVER)
    claim = Claim(applied, finished, success, phase, kind, np.ones(len(orders)), sent)
    held = np.where(success, NEVER, np.maximum(planned, to_working_hours(finished + HOUR)))
    return claim, np.where(does_regret & (phase == WAITING), held, planned)


def transit_hours(orders: Orders) -> np.ndarray:
    """Return how long each parcel travels, by province."""
    days = np.array([row[3] for row in shop.PROVINCES])[orders.province]
    return 12 + gamma_like(orders.draws["transit"], 24 * days, 0.3)
