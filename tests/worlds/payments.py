"""Small payments in a world of known truth: given to who is likely to be refunded anyway, and at moments that decide much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.domain.effects.design import Cases, Design

HOUR_NEVER = 1e9
DAYS, FOLLOW_DAYS = 100, 60
STREAMERS, PRODUCTS = 12, 40
# Hazard of a complaint an hour, by days since shipment: little while travelling, most in the week after delivery.
COMPLAINT_EDGES_H = np.array([0.0, 2.0, 5.0, 9.0, 16.0, 30.0]) * 24
COMPLAINT_RATES = np.array([0.00012, 0.0011, 0.0014, 0.0006, 0.00015, 0.0])
LAST_PAYMENT_H = 15 * 24.0


@dataclass(frozen=True)
class Mechanism:
    """What drives the world: what a payment changes, and who gets one."""

    complaint_factor: float = 0.70  # on complaints after a payment
    refund_factor: float = 0.91  # on the chance that an open case still ends in a refund
    pay_rate: float = 0.00008  # an hour, without a case, order on time
    pay_late: float = 1.4  # log of the factor for late orders
    pay_risky: float = 0.7  # … for risky products
    pay_case_rate: float = 0.0018  # an hour, while a case is open
    complaint_rate: float = 1.0  # factor on all complaints
    province_risk: float = 0.0  # spread of complaints over provinces …
    pay_province: float = 0.0  # … and how far the shop pays by it
    batch: float = 0.25  # spread of what the orders of one show and product share
    pay_batch: float = 0.0  # how far the shop pays by it: a hidden cause
    is_half: bool = False  # payments change something on products with an even code only
    first_show_share: float = 0.0  # of the orders, sold in one show, beyond its even share
    streamers: int = STREAMERS
    days: int = DAYS
    follow_days: int = FOLLOW_DAYS


USUAL = Mechanism()
HALF_OF_PRODUCTS = Mechanism(is_half=True, complaint_factor=0.4, refund_factor=0.75)
NOTHING_HAPPENS = Mechanism(complaint_factor=1.0, refund_factor=1.0)


@dataclass(frozen=True)
class World:
    """The design an estimator sees, and what it cannot see: the treated orders' outcomes with and without the payment."""

    design: Design
    treated: np.ndarray
    is_refunded_used: np.ndarray
    is_refunded_unused: np.ndarray
    loss_used_fen: np.ndarray
    loss_unused_fen: np.ndarray

    @property
    def effect(self) -> float:
        """Return the true change of the refund chance of the treated orders of this world."""
        return float(self.is_refunded_used.mean() - self.is_refunded_unused.mean())

    def effect_in(self, members: np.ndarray) -> float:
        """Return the same among the orders for which `members` (n,) holds."""
        among = members[self.treated]
        return float(self.is_refunded_used[among].mean() - self.is_refunded_unused[among].mean())

    @property
    def net_fen(self) -> float:
        """Return what a payment truly saved, net of its cost, fen for an average treated order."""
        saved = self.loss_unused_fen - self.loss_used_fen
        return float((saved - self.design.cost_fen[self.treated]).mean())


def small_payments(seed: int, order_count: int, mechanism: Mechanism = USUAL) -> World:
    """Draw a world: complaints and payments in continuous time, both pulled by lateness, product, price and the moment."""
    random = np.random.default_rng(seed)
    orders = _draw_orders(random, order_count, mechanism)
    risk = np.exp(0.7 * orders["is_late"] + orders["product_risk"] + 0.15 * orders["log_price"] + orders["batch"])
    risk = risk * mechanism.complaint_rate * np.exp(mechanism.province_risk * orders["region"])
    likely = mechanism.pay_late * orders["is_late"] + mechanism.pay_risky * (orders["product_risk"] > 0.2)
    taste = np.exp(mechanism.pay_batch * orders["batch"] + mechanism.pay_province * orders["region"])
    pay_rate = mechanism.pay_rate * np.exp(likely) * taste
    threshold = random.exponential(size=order_count) / risk
    is_idle = mechanism.is_half & (orders["product"] % 2 == 1)
    complaint_factor, refund_factor = (
        np.where(is_idle, 1.0, factor) for factor in (mechanism.complaint_factor, mechanism.refund_factor)
    )
    complaint = _moment_of(threshold)
    plain = random.exponential(size=order_count) / pay_rate
    plain = np.where((plain < LAST_PAYMENT_H) & (plain < complaint), plain, HOUR_NEVER)
    spent = _hazard_until(np.minimum(plain, 1e6))
    after = _moment_of(spent + (threshold - spent) / complaint_factor)
    complaint_used = np.where(plain < HOUR_NEVER, after, complaint)
    lasts = np.exp(0.5 * random.standard_normal(order_count)) * 24 * 4.5
    is_success = random.random(order_count) < 1 / (1 + np.exp(-(0.9 + 0.8 * orders["product_risk"])))
    on_case_rate = mechanism.pay_case_rate * np.exp(0.4 * orders["is_late"]) * taste
    on_case = complaint + random.exponential(size=order_count) / on_case_rate
    on_case = np.where((plain == HOUR_NEVER) & (complaint < HOUR_NEVER) & (on_case < complaint + lasts), on_case, HOUR_NEVER)
    is_turned = (on_case < HOUR_NEVER) & (random.random(order_count) > refund_factor)
    story = {
        "paid_at": np.minimum(plain, on_case), "complaint": complaint, "complaint_used": complaint_used, "lasts": lasts,
        "is_success": is_success, "is_success_used": is_success & ~is_turned,
    }  # fmt: skip
    return _told(orders, story, mechanism)


def naive_difference(design: Design) -> float:
    """Return what comparing orders with a payment to those without shows, over all of their data."""
    refunded = np.zeros(len(design), dtype=bool)
    refunded[design.cases.order[design.cases.is_refund]] = True
    is_used = np.isfinite(design.used_h)
    return float(refunded[is_used].mean() - refunded[~is_used].mean())


def _draw_orders(random: np.random.Generator, n: int, mechanism: Mechanism) -> dict[str, np.ndarray]:
    is_first_show = random.random(n) < mechanism.first_show_share
    streamer = np.where(is_first_show, 0, random.integers(0, mechanism.streamers, n))
    day, product = np.where(is_first_show, 0, random.integers(0, mechanism.days, n)), random.integers(0, PRODUCTS, n)
    risk_of_product = np.random.default_rng(99).normal(0, 0.45, PRODUCTS)
    behind = random.random((mechanism.days, PRODUCTS)) < 0.25  # days on which the warehouse is short of a product
    hours = random.gamma(3.0, 9.0, n) * np.where(behind[day, product], 2.2, 1.0)
    batch = random.normal(0, 1.0, (mechanism.days, mechanism.streamers, PRODUCTS // 8)) * mechanism.batch
    log_price, province = random.normal(0, 0.5, n), random.integers(0, 20, n)
    return {
        "streamer": streamer, "day": day, "product": product, "hours": hours, "log_price": log_price,
        "is_late": (hours > 48).astype(float), "product_risk": risk_of_product[product],
        "batch": batch[day, streamer, product % (PRODUCTS // 8)], "paid_h": day * 24 + random.random(n) * 24,
        "price_fen": np.round(4500 * np.exp(log_price)).astype(np.int64), "share": 0.12 + 0.06 * random.random(n),
        "channel": random.integers(0, 3, n), "province": province,
        "region": np.linspace(-1.7, 1.7, 20)[province],
        "is_urged": random.random(n) < 0.3 * (hours > 48),
    }  # fmt: skip


def _hazard_until(age_h: np.ndarray) -> np.ndarray:
    """Return the cumulative hazard of a complaint of an order of average risk up to an age."""
    cumulated = np.concatenate([[0.0], np.cumsum(np.diff(COMPLAINT_EDGES_H) * COMPLAINT_RATES[:-1])])
    return np.interp(age_h, COMPLAINT_EDGES_H, cumulated)


def _moment_of(hazard: np.ndarray) -> np.ndarray:
    cumulated = _hazard_until(COMPLAINT_EDGES_H)
    return np.where(hazard < cumulated[-1], np.interp(hazard, cumulated, COMPLAINT_EDGES_H), HOUR_NEVER)


def _told(orders: dict[str, np.ndarray], story: dict[str, np.ndarray], mechanism: Mechanism) -> World:
    start = orders["paid_h"] + orders["hours"]
    end_h = (mechanism.days + mechanism.follow_days) * 24.0
    loss = np.round(1.18 * orders["price_fen"] + 2050).astype(np.int64)
    design = _design(orders, story, start, end_h, loss)
    treated = np.flatnonzero(start + story["paid_at"] <= design.last_entry_h)
    until = story["paid_at"][treated] + design.horizon_h
    used, unused = (
        (story[f"complaint{arm}"] + story["lasts"])[treated] <= np.where(story[f"is_success{arm}"][treated], until, -1)
        for arm in ("_used", "")
    )
    return World(design, treated, used, unused, loss[treated] * used, loss[treated] * unused)


def _design(
    orders: dict[str, np.ndarray], story: dict[str, np.ndarray], start: np.ndarray, end_h: float, loss: np.ndarray
) -> Design:
    n = len(start)
    opened, finished = start + story["complaint_used"], start + story["complaint_used"] + story["lasts"]
    has = np.flatnonzero(opened < end_h)
    is_over = finished[has] < end_h
    is_refund = story["is_success_used"][has] & is_over
    cases = Cases(has, opened[has], np.where(is_over, finished[has], np.nan), is_refund, loss[has] * is_refund)
    used = start + story["paid_at"]
    is_used = used < end_h
    cost = np.maximum(np.round(orders["price_fen"] * orders["share"]), 300).astype(np.int64)
    return Design(
        end_h=end_h,
        start_h=np.where(start < end_h, start, np.nan),
        used_h=np.where(is_used, used, np.nan),
        is_used_untimed=np.zeros(n, dtype=bool),
        cost_fen=cost * is_used,
        paid_h=orders["paid_h"],
        shipped_h=start,
        ship_by_h=orders["paid_h"] + 48,
        urged_h=np.where(orders["is_urged"], orders["paid_h"] + 48, np.nan),
        receivable_fen=orders["price_fen"],
        discount_fen=np.zeros(n, dtype=np.int64),
        product=orders["product"],
        streamer=orders["streamer"],
        channel=orders["channel"],
        province=orders["province"],
        warehouse_day=orders["day"] * PRODUCTS + orders["product"],
        paid_day=orders["day"],
        cases=cases,
    )
