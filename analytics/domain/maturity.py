"""What young days will still lose: hazards by age, survival, Benktander's expected final share, for a shop and for its groups."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

FULL_HORIZON_DAYS = 45  # by then practically all refunds of an order have come
HORIZONS = (FULL_HORIZON_DAYS, 30, 15, 7)  # days; the longest that the history allows
COHORTS = 28  # the newest that have reached an age tell of it
FEW_ORDERS = 60  # a day; below it cohorts are weeks, and a group leans on the shop's pattern
DAYS_A_WEEK = 7
SETTLED_SHARE = 0.9  # of the refunds to come: from then on a day hardly moves
LEVEL_WEIGHT = 10.0  # refunds that stand for "this group is like the shop" when its level is estimated
MOST_UNDATED = 0.1  # of the refunds; with more of them nobody knows when refunds come
SILENT_CASES = 10.0  # cases that would have come on days of which the files know none: the files end before them


@dataclass(frozen=True)
class Cohorts:
    """What was sold on each day and what of it came back after how many days; day 0 is the first, days without sales included.

    `sold` (days,), `back` (days, 46) by lag 0 … 45, `late` (days,) later than that, `undated` (days,) nobody knows when.
    All in one unit: orders, or money counted in average orders, so that a small shop's constants mean the same for both.
    """

    sold: np.ndarray
    back: np.ndarray
    late: np.ndarray
    undated: np.ndarray

    @property
    def day_count(self) -> int:
        """How many days there are."""
        return len(self.sold)

    def known(self, as_of: int) -> Cohorts:
        """Return what was known at the end of day `as_of`: its days, and of them what had come back by then."""
        days = as_of + 1
        lags = np.arange(self.back.shape[1])
        is_known = np.arange(days)[:, None] + lags <= as_of
        is_old = np.arange(days) + lags[-1] < as_of
        late = np.where(is_old, self.late[:days], 0.0)
        return replace(self, sold=self.sold[:days], back=self.back[:days] * is_known, late=late, undated=self.undated[:days])

    @property
    def datable(self) -> np.ndarray:
        """What of each day can still come back, or has on a known day (days,)."""
        return np.maximum(self.sold - self.undated, 0.0)


def horizon_of(day_count: int) -> int | None:
    """Return the longest horizon in days that a history of so many days can tell of; None: not even a week."""
    return next((horizon for horizon in HORIZONS if day_count >= horizon + COHORTS), None)


def window_of(sold_a_day: float) -> int:
    """Return how many days' cohorts tell of an age: 28, for shops below 60 orders a day those of 28 weeks."""
    return COHORTS if sold_a_day >= FEW_ORDERS else COHORTS * DAYS_A_WEEK


def sold_a_day(cohorts: Cohorts) -> float:
    """Return how much the newest 28 days sold on average."""
    newest = cohorts.sold[-COHORTS:]
    return float(newest.mean()) if len(newest) else 0.0


def is_undated(cohorts: Cohorts) -> bool:
    """Whether so many refunds have no date that nobody can say when refunds come."""
    undated, dated = float(cohorts.undated.sum()), float(cohorts.back.sum() + cohorts.late.sum())
    return undated > MOST_UNDATED * (undated + dated)


def last_known_day(last_order_day: int, last_case_day: int | None, cases_a_day: float) -> int:
    """Return the last day that both kinds of files know, all three as days of one count.

    Case files that are silent for so long that ten cases would have come end before the orders do: what came later is unknown.
    """
    if last_case_day is None or (last_order_day - last_case_day) * cases_a_day < SILENT_CASES:
        return last_order_day
    return last_case_day


def survival(cohorts: Cohorts, horizon: int, window: int) -> np.ndarray:
    """Return the chance to be still unrefunded after each age, (horizon + 2,): [0] before the first day's end is 1.

    Hazard at lag k over the newest `window` cohorts that have reached age k: (e + .005) / (r + .5) (methods §1).
    """
    return _survivals(cohorts, np.array([cohorts.day_count - 1]), horizon, window)[0]


def survivals(cohorts: Cohorts, horizon: int, window: int) -> np.ndarray:
    """Return the survival that each day of the past would have seen at its end, (days, horizon + 2)."""
    return _survivals(cohorts, np.arange(cohorts.day_count), horizon, window)


def final_share(share: np.ndarray, at_age: np.ndarray, at_end: np.ndarray) -> np.ndarray:
    """Return the final share of cohorts of which `share` (0–1) has come back, from their survival now and at the horizon.

    Kaplan–Meier, then one Benktander step: u1 = c + (1 − c)(1 − S_H/S_a), u2 = c + u1·(1 − F_a), F_a = (1 − S_a)/(1 − S_H)
    (methods §1; Benktander 1976). All of one shape, or to be broadcast to one.
    """
    come = (1.0 - at_age) / np.maximum(1.0 - at_end, 1e-12)
    first = share + (1.0 - share) * (1.0 - at_end / at_age)
    return share + first * (1.0 - come)


def come_by_age(alive: np.ndarray) -> np.ndarray:
    """Return the share (0–1) of a cohort's refunds that has come at each age, (horizon + 1,)."""
    return (1.0 - alive[1:]) / max(1.0 - alive[-1], 1e-12)


def settled_age(alive: np.ndarray) -> int:
    """Return the age in days at which nine tenths of a cohort's refunds have come: younger days still move and are drawn pale."""
    return int(np.argmax(come_by_age(alive) >= SETTLED_SHARE))


def come_spread(cohorts: Cohorts, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the band of the share that has come by age, 10th and 90th percentile of the newest 28 complete days with refunds."""
    come = np.cumsum(cohorts.back[:, : horizon + 1], axis=1)[: max(cohorts.day_count - horizon, 0)]
    come = come[come[:, -1] > 0][-COHORTS:]
    if not len(come):
        return np.zeros(horizon + 1), np.ones(horizon + 1)
    low, high = np.quantile(come / come[:, -1:], [0.1, 0.9], axis=0)
    return low, high


def group_survivals(
    at_risk: np.ndarray, events: np.ndarray, alive: np.ndarray, window: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the survival of each group (groups, horizon + 2), its level against the shop (groups,) and its refunds seen.

    `at_risk` and `events` (groups, horizon + 1) are sums over the shop's window. A group keeps the shop's pattern over the ages,
    raised or lowered to its own level, and leaves it for its own hazards as far as it has orders: sixty a day count as much as
    the pattern. Its level leans on the shop's by ten refunds.
    """
    hazards = 1.0 - alive[1:] / alive[:-1]
    seen, usual = events.sum(axis=1), at_risk @ hazards
    level = (seen + LEVEL_WEIGHT) / (usual + LEVEL_WEIGHT)
    prior = np.minimum(level[:, None] * hazards, 0.9)
    weight = float(FEW_ORDERS * window)
    own = np.clip((events + weight * prior) / (at_risk + weight), 0.0, 0.95)
    start = np.ones((len(events), 1))
    return np.concatenate([start, np.cumprod(1.0 - own, axis=1)], axis=1), level, seen


def chain_ladder(triangle: np.ndarray) -> np.ndarray:
    """Return what each origin is still expected to add, from a cumulative triangle (origins, ages); unknown cells are NaN.

    Volume-weighted development factors (Mack 1993): a second opinion that knows nothing of what was sold.
    """
    filled = np.array(triangle, dtype=float)
    latest = np.array([row[~np.isnan(row)][-1] if (~np.isnan(row)).any() else 0.0 for row in filled])
    for age in range(1, filled.shape[1]):
        both = ~np.isnan(filled[:, age]) & ~np.isnan(filled[:, age - 1])
        before = triangle[both, age - 1].sum()
        factor = triangle[both, age].sum() / before if before else 1.0
        unknown = np.isnan(filled[:, age])
        filled[unknown, age] = filled[unknown, age - 1] * factor
    return filled[:, -1] - latest


def _survivals(cohorts: Cohorts, as_of: np.ndarray, horizon: int, window: int) -> np.ndarray:
    base = cohorts.datable
    before = np.concatenate([np.zeros((len(base), 1)), np.cumsum(cohorts.back[:, : horizon + 1], axis=1)], axis=1)
    alive = np.ones((len(as_of), horizon + 2))
    for lag in range(horizon + 1):
        end = np.maximum(as_of - lag + 1, 0)
        start = np.maximum(end - window, 0)
        events = _between(cohorts.back[:, lag], start, end)
        at_risk = _between(np.maximum(base - before[:, lag], 0.0), start, end)
        hazard = np.clip((events + 0.005) / (at_risk + 0.5), 0.0, 0.95)
        alive[:, lag + 1] = alive[:, lag] * (1.0 - hazard)
    return alive


def _between(values: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Sums of values[start:end] for many pairs."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return sums[end] - sums[start]
