"""After the parcel has left: keeping the goods or not, and the small payments that shall help to keep them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analytics.domain.sample_shop import catalogue as shop
from analytics.domain.sample_shop import effects
from analytics.domain.sample_shop.claims import (
    CLAIM_DAYS,
    CLAIM_KINDS,
    CLAIM_SHARES,
    CLAIM_SUCCESS,
    CLAIMS,
    DELIVERED,
    EXCHANGE,
    GOODS_GO_BACK,
    PRICE_CUTS,
    REFUND_ONLY,
    RESHIP,
    RETURN_REFUND,
    TRAVELLING,
    Claim,
    Policy,
)
from analytics.domain.sample_shop.hazards import (
    DAY,
    HOUR,
    NEVER,
    exponential,
    first_event,
    gamma_like,
    sorted_edges,
)
from analytics.domain.sample_shop.orders import Orders

# Refund hazard an hour while travelling and from so many days after delivery on.
KEEP_DAYS = (0, 1, 3, 7, 15, 30)
KEEP_RATES = (0.00030, 0.0013, 0.0010, 0.00050, 0.00017, 0.00004, 0.0)


def after_shipment(
    orders: Orders, urged: np.ndarray, shipped: np.ndarray, delivered: np.ndarray, is_free: np.ndarray, policy: Policy
) -> tuple[Claim, np.ndarray]:
    """Decide the claims made after shipment and the first small payment, for the orders that are free to have either."""
    paid = np.where(is_free & policy.small_payments, _plain_payment(orders, shipped, delivered), NEVER)
    edges = sorted_edges(shipped, *(delivered + days * DAY for days in KEEP_DAYS), paid)
    age = (edges - delivered[:, None]) / DAY
    rate = np.array(KEEP_RATES)[np.digitize(age, KEEP_DAYS)]
    rate = rate * _keep_risk(orders, urged, shipped)[:, None] * np.where(edges >= paid[:, None], effects.PAYMENT_FACTOR, 1.0)
    applied = np.where(is_free, np.floor(first_event(exponential(orders.draws["keep"]), edges, rate)), NEVER)
    paid = np.where(paid < applied, paid, NEVER)
    return _pay_on_case(orders, _claim_after_shipment(orders, applied, delivered), paid, policy)


def _plain_payment(orders: Orders, shipped: np.ndarray, delivered: np.ndarray) -> np.ndarray:
    """Return when the shop pays an order without a case: more often what came late and what is often given back."""
    rate = effects.PAYMENT_RATE * np.where(shipped > orders.ship_by, effects.PAYMENT_LATE_FACTOR, 1.0)
    rate = rate * np.where(orders.product_array("keep_risk") > 1.2, effects.PAYMENT_RISKY_PRODUCT_FACTOR, 1.0)
    paid = np.floor(shipped + exponential(orders.draws["pay_plain"]) / rate * HOUR)
    return np.where(paid < delivered + 12 * DAY, paid, NEVER)


def _keep_risk(orders: Orders, urged: np.ndarray, shipped: np.ndarray) -> np.ndarray:
    """Return the factor on the refund hazard after shipment: product, show, price, lateness, the grudge of an urge unanswered."""
    risk = orders.product_array("keep_risk") * orders.streamer_array("keep_risk") * np.exp(0.1 * orders.log_price)
    risk = risk * np.where(orders.is_promotion, shop.PROMOTION_KEEP_RISK, 1.0) * np.where(shipped > orders.ship_by, 1.4, 1.0)
    ignored_days = np.clip((shipped - urged) / DAY, 0, effects.GRUDGE_LIMIT_DAYS)
    return risk * np.where(urged < NEVER, np.exp(effects.URGED_GRUDGE_PER_DAY * ignored_days), 1.0)


def _claim_after_shipment(orders: Orders, applied: np.ndarray, delivered: np.ndarray) -> Claim:
    """Decide what a buyer claims after shipment, how it ends and when, as if nothing were paid."""
    draws = orders.draws
    claimed = np.minimum(np.searchsorted(np.cumsum(CLAIM_SHARES), draws["case_kind"]), len(CLAIMS) - 1)
    phase = np.where(applied < delivered, TRAVELLING, DELIVERED)
    kind = np.where(phase == TRAVELLING, REFUND_ONLY, CLAIM_KINDS[claimed])
    chance = np.where(phase == TRAVELLING, 0.82, CLAIM_SUCCESS[claimed])
    success = (applied < NEVER) & (draws["case_success"] < chance)
    days = gamma_like(draws["case_lag"], np.where(phase == TRAVELLING, 3.2, CLAIM_DAYS[claimed]), 0.35)
    failed_days = gamma_like(draws["case_fail_lag"], 1.8, 0.5)
    finished = np.where(applied < NEVER, np.floor(applied + np.where(success, days, failed_days) * DAY), NEVER)
    share = np.where((phase == DELIVERED) & np.isin(claimed, PRICE_CUTS), 0.05 + 0.3 * draws["case_share"], 1.0)
    is_return = (phase == DELIVERED) & np.isin(claimed, GOODS_GO_BACK) & success
    sent = np.where(is_return, np.floor(applied + (0.15 + 0.25 * draws["return_lag"]) * days * DAY), NEVER)
    return Claim(applied, finished, success, phase, kind, np.where(np.isin(kind, (EXCHANGE, RESHIP)), 0.0, share), sent)


def _pay_on_case(orders: Orders, claim: Claim, paid: np.ndarray, policy: Policy) -> tuple[Claim, np.ndarray]:
    """Let the shop pay some of the buyers whose case is open; of those a part withdraws who would have been refunded."""
    on_case = np.floor(claim.applied + exponential(orders.draws["pay_case"]) / effects.PAYMENT_CASE_RATE * HOUR)
    is_paid = policy.small_payments & claim.is_made & (paid == NEVER) & (on_case < claim.finished)
    turned = is_paid & claim.is_success & (orders.draws["pay_turn"] > effects.PAYMENT_CASE_FACTOR)
    claim = replace(
        claim,
        is_success=claim.is_success & ~turned,
        finished=np.where(turned, np.minimum(np.floor(on_case + 8 * HOUR), claim.finished), claim.finished),
        return_sent=np.where(turned & (claim.return_sent > on_case), NEVER, claim.return_sent),
    )
    return claim, np.where(is_paid, on_case, paid)


def second_claim(orders: Orders, main: Claim, paid: np.ndarray, delivered: np.ndarray, is_free: np.ndarray) -> Claim:
    """Let some buyers come back after a case that failed or left them the goods: then it is a return of the rest."""
    draws = orders.draws
    left_goods = np.where(main.is_success, np.where(main.share < 1, 0.08, 0.0), 0.22)
    chance = left_goods * np.where(paid < NEVER, effects.PAYMENT_FACTOR, 1.0)
    is_second = main.is_made & is_free & (draws["second"] < chance)
    start = np.maximum(main.finished, delivered)
    applied = np.where(is_second, np.floor(start + exponential(draws["second_lag"]) * 2.5 * DAY + HOUR), NEVER)
    days = gamma_like(draws["second_finish"], 7.0, 0.3)
    success = is_second & (draws["second_success"] < 0.85)
    finished = np.where(is_second, np.floor(applied + np.where(success, days, 1.5) * DAY), NEVER)
    sent = np.where(success, np.floor(applied + 0.3 * days * DAY), NEVER)
    share = np.where(main.is_success, 1 - main.share, 1.0)
    return Claim(applied, finished, success, np.full(len(orders), DELIVERED), np.full(len(orders), RETURN_REFUND), share, sent)
