"""Urged orders of known truth, hour by hour: dear goods and short days both delay the parcel and drive buyers away."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.domain.urge_priority import PastUrges, WaitingOrders

HOURS = 240
PRODUCTS, STREAMERS = 12, 5


@dataclass(frozen=True)
class World:
    """What drives the orders of one shop: effects of products and streamers, what a day of delay adds.

    Where shipping does not help, a shipped order is refunded at the pace at which it would have been while waiting.
    """

    product_effects: np.ndarray
    streamer_effects: np.ndarray
    lateness: float = 0.4
    does_shipping_help: bool = True


@dataclass(frozen=True)
class Urged:
    """Orders at an urge: what is known of them, and the truth about them.

    `risk_if_waiting` and `risk_if_shipped` are the true chances of a refund within 240 hours, not shipped in the next 24 hours
    (natural course after) and shipped at once; `refunded_if_waiting` is one draw of the former.
    """

    orders: WaitingOrders
    loss_fen: np.ndarray
    risk_if_waiting: np.ndarray
    risk_if_shipped: np.ndarray
    refunded_if_waiting: np.ndarray
    past: PastUrges

    @property
    def avoidable_fen(self) -> np.ndarray:
        """The true expected avoidable loss."""
        return (self.risk_if_waiting - self.risk_if_shipped) * self.loss_fen


def draw_world(random: np.random.Generator, **changes: float | bool) -> World:
    """Draw a shop."""
    return World(random.normal(0, 0.4, PRODUCTS), random.normal(0, 0.25, STREAMERS), **changes)


def draw_urged(world: World, random: np.random.Generator, count: int) -> Urged:
    """Draw orders at their urge, the truth about them, and what became of each in the natural course."""
    product, streamer = random.integers(0, PRODUCTS, count), random.integers(0, STREAMERS, count)
    product = np.minimum(product, random.integers(0, PRODUCTS, count))  # some products sell more than others
    log_price = 0.4 * (product % 5 - 2) / 2 + random.normal(0, 0.3, count)
    fill = random.beta(4, 1.5, count)
    late = random.normal(-6, 30, count)
    urges = 1 + random.poisson(0.4, count)
    effect = world.product_effects[product] + world.streamer_effects[streamer]
    pace = 0.35 * log_price + 0.3 * (urges - 1) + effect + 1.5 * (1 - fill)
    course = _Course(
        refund=0.003 * np.exp(pace),
        ship=0.034 * np.exp(-0.25 * log_price - 1.2 * (1 - fill)),
        after=0.0007 * np.exp(0.25 * log_price + 0.7 * effect),
        late_hours=late,
        world=world,
    )
    price = np.rint(6000 * np.exp(log_price)).astype(np.int64)
    loss = np.rint(1.1 * price + 400).astype(np.int64)
    orders = WaitingOrders(
        price_fen=price,
        hours_past_promise=np.where(random.random(count) < 0.05, np.nan, late),
        hours_since_urge=np.zeros(count),
        urges=urges,
        product=np.where(random.random(count) < 0.02, "", np.char.add("P", product.astype(str))),
        streamer=np.where(random.random(count) < 0.3, "", np.char.add("S", streamer.astype(str))),
        fill_rate=np.where(random.random(count) < 0.05, np.nan, fill),
    )
    wait, shipped = course.risk(ship_from=24), course.risk_after(0.0)
    past = _past(orders, loss, course, random)
    return Urged(orders, loss, wait, shipped, random.random(count) < wait, past)


@dataclass(frozen=True)
class _Course:
    """Hazards an hour at an urge that falls on the promise; they grow with every day of delay."""

    refund: np.ndarray
    ship: np.ndarray
    after: np.ndarray
    late_hours: np.ndarray
    world: World

    def refund_rate(self, hour: np.ndarray | float) -> np.ndarray:
        """Return the hazard of a refund while waiting: nothing grows before two days to the promise or after three days past."""
        return self.refund * np.exp(self.world.lateness * np.clip((self.late_hours + hour) / 24, -2, 3))

    def grudge(self, hour: np.ndarray | float) -> np.ndarray:
        """Return the factor on refunds after a shipment so many hours after the urge."""
        return np.exp(0.2 * np.clip((self.late_hours + hour) / 24, -2, 3))

    def risk_after(self, hour: float) -> np.ndarray:
        """Return the chance of a refund between a shipment and the end of the 240 hours."""
        if not self.world.does_shipping_help:
            whole, part = divmod(hour, 1)
            return 1 - np.exp(part * self.refund_rates[int(whole)] - self._left[int(whole)])
        return 1 - np.exp(-self.after * self.grudge(hour) * _arrival(HOURS - hour))

    @cached_property
    def refund_rates(self) -> np.ndarray:
        """The hazards (240, n) of a refund in each hour of waiting."""
        return self.refund_rate(np.arange(HOURS)[:, None] + 0.5)

    @cached_property
    def _left(self) -> np.ndarray:
        """What is left of them (240, n) from the beginning of each hour on."""
        return np.cumsum(self.refund_rates[::-1], axis=0)[::-1]

    def rates_after(self, hour: np.ndarray) -> np.ndarray:
        """Return the hazards (240, n) of a refund in each hour after a shipment so many hours after the urge."""
        ages = np.arange(HOURS)[:, None]
        if not self.world.does_shipping_help:
            return self.refund_rate(hour + ages + 0.5)
        return np.diff(_arrival(np.arange(HOURS + 1)))[:, None] * (self.after * self.grudge(hour))

    def risk(self, ship_from: int) -> np.ndarray:
        """Return the chance of a refund when nothing is shipped before an hour, working through the hours one by one."""
        stays, risk = np.ones(len(self.refund)), np.zeros(len(self.refund))
        for hour in range(HOURS):
            refund = self.refund_rates[hour]
            ship = self.ship if hour >= ship_from else 0 * self.ship
            leaves = stays * (1 - np.exp(-refund - ship))
            risk += leaves * (refund + ship * self.risk_after(hour + 0.5)) / (refund + ship)
            stays -= leaves
        return risk


def _arrival(hours: np.ndarray | float) -> np.ndarray:
    """Return how much of the hazard after shipment has passed: little on the road, most between the third day and the eighth."""
    hours = np.asarray(hours, dtype=float)
    return 0.4 * np.clip(hours, 0, 60) + 1.8 * np.clip(hours - 60, 0, 130) + 0.7 * np.clip(hours - 190, 0, None)


def _past(orders: WaitingOrders, loss: np.ndarray, course: _Course, random: np.random.Generator) -> PastUrges:
    """Let every order live in the natural course."""
    count = len(loss)
    urged = np.floor(random.uniform(0, 24 * 60, count))
    refunded = _first_hour(random, course.refund_rates)
    shipped = random.exponential(1 / course.ship)
    is_shipped = (shipped < refunded) & (shipped < HOURS)
    later = shipped + _first_hour(random, course.rates_after(np.where(is_shipped, shipped, 0)))
    refunded = np.where(is_shipped, later, refunded)
    return PastUrges(
        urged_at=urged,
        last_urged_at=urged,
        shipped_at=np.where(is_shipped, urged + shipped, np.nan),
        refunded_at=np.where(refunded < np.inf, urged + refunded, np.nan),
        known_until=np.full(count, 24.0 * 75),
        ship_by=urged - orders.hours_past_promise,
        price_fen=orders.price_fen,
        urges=orders.urges,
        product=orders.product,
        streamer=orders.streamer,
        fill_rate=orders.fill_rate,
        loss_if_refunded_fen=loss,
    )


def _first_hour(random: np.random.Generator, rates: np.ndarray) -> np.ndarray:
    """Draw when an event with hazards (hours, n) happens, infinity when it does not."""
    spent = np.cumsum(rates, axis=0)
    threshold = random.exponential(1, rates.shape[1])
    hour = (spent <= threshold).sum(axis=0)
    at = np.minimum(hour, len(rates) - 1)
    column = np.arange(rates.shape[1])
    rate = rates[at, column]
    exact = at + 1 - (spent[at, column] - threshold) / rate
    return np.where(hour < len(rates), exact, np.inf)


def share_of_oracle(ranked_fen: np.ndarray, true_fen: np.ndarray) -> float:
    """Return what the tenth of the orders that stands first by `ranked_fen` is worth, against the tenth that is worth most."""
    most = max(len(true_fen) // 10, 1)
    chosen = np.argsort(-ranked_fen, kind="stable")[:most]
    return float(true_fen[chosen].sum() / np.sort(true_fen)[-most:].sum())


def past_of(**given: np.ndarray | list[float]) -> PastUrges:
    """Return past urges by hand; what is not given is the same for all and says nothing."""
    count = len(next(iter(given.values())))
    nothing = {
        **{name: np.full(count, np.nan) for name in ("last_urged_at", "shipped_at", "refunded_at", "ship_by", "fill_rate")},
        "price_fen": np.full(count, 5_000),
        "urges": np.ones(count, dtype=int),
        "product": np.full(count, ""),
        "streamer": np.full(count, ""),
        "loss_if_refunded_fen": np.full(count, 6_000),
    }
    return PastUrges(**{**nothing, **{name: np.asarray(values) for name, values in given.items()}})
