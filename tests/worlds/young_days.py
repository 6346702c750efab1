"""A shop whose refunds come late: 800 orders a day, promotions, a rate and a timing that drift, known to the last order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.domain.maturity import FULL_HORIZON_DAYS, Cohorts

LAGS = 80
PROMOTION_EVERY = 12


@dataclass(frozen=True)
class YoungDays:
    """What was sold a day, and what came back after how many days (days, 80), whether or not anybody knows of it yet."""

    sold: np.ndarray
    back: np.ndarray

    def cohorts(self, as_of: int) -> Cohorts:
        """What is known at the end of a day."""
        back = self.back[:, : FULL_HORIZON_DAYS + 1].astype(float)
        late = self.back[:, FULL_HORIZON_DAYS + 1 :].sum(axis=1).astype(float)
        return Cohorts(self.sold.astype(float), back, late, np.zeros(len(self.sold))).known(as_of)

    def final_share(self, days: slice) -> float:
        """What becomes of some days together within the horizon, 0–1."""
        return float(self.back[days, : FULL_HORIZON_DAYS + 1].sum() / self.sold[days].sum())


def young_days(seed: int, *, day_count: int = 300, orders_a_day: float = 800.0) -> YoungDays:
    """Invent a shop: a third of the refunds before shipment, the rest after delivery, each finished 1 to 10 days after it is
    asked for. The rate drifts about between a sixth and a fifth and is 3 points higher on promotion days, which sell three
    times as much and whose parcels are a day slower; how quickly cases are finished drifts over the months.
    """
    chance = np.random.default_rng(seed)
    days = np.arange(day_count)
    phase, speed_phase = chance.uniform(0, 2 * np.pi, 2)
    is_promotion = (days + chance.integers(PROMOTION_EVERY)) % PROMOTION_EVERY == 0
    weekday = 1.0 + 0.15 * np.sin(2 * np.pi * days / 7)
    mean_sold = orders_a_day * weekday * np.where(is_promotion, 3.0, 1.0) * chance.gamma(60.0, 1 / 60.0, day_count)
    sold = chance.poisson(mean_sold)
    walk = np.cumsum(chance.normal(0.0, 0.0007, day_count))
    rate = 0.19 + 0.015 * np.sin(2 * np.pi * days / 160 + phase) + walk - walk.mean() + 0.03 * is_promotion
    rate = np.clip(rate + chance.normal(0.0, 0.006, day_count), 0.03, 0.6)
    slow = 1.0 + 0.10 * np.sin(2 * np.pi * days / 120 + speed_phase)
    back = np.zeros((day_count, LAGS), dtype=int)
    for day in days:
        count = chance.binomial(sold[day], rate[day])
        is_early = chance.random(count) < 0.33
        asked = np.where(is_early, chance.exponential(0.8, count), 3.0 + is_promotion[day] + chance.gamma(2.2, 3.2, count))
        finished = asked + chance.uniform(1.0, 10.0 * slow[day], count) * np.where(is_early, 0.35, 1.0)
        back[day] = np.bincount(np.minimum(finished.astype(int), LAGS - 1), minlength=LAGS)
    return YoungDays(sold, back)
