"""How well the past was foretold: errors of every day's forecast, the ranges that follow from them, the back-test by age."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.domain import maturity
from analytics.domain.maturity import Cohorts

RECORD_DAYS = 90  # as-of days that the ranges rest on
FEWEST_COHORTS = 7  # that must have told of the last age before a day's forecast counts
FEWEST_FORECASTS = 10  # fewer mature as-of days do not make a range of their own
RANGE = 1.96 * 1.09  # 95 %, and a little for a spread that is itself estimated (methods §1)
UNTESTED = 1.5  # wider while there are no forecasts to test, only the spread of the days around their own pattern
PROMOTION = 1.5  # times the median of the 28 days before: a promotion day
FEWEST_PROMOTIONS = 3  # forecasts of their own; below it promotion days take the range of all
BACK_TEST_AGES = (1, 3, 7, 14)
CHANGED_AGE, CHANGED_BIAS = 7, 0.01  # a bias of a percentage point at this age: refunds come at other times than they did


@dataclass(frozen=True)
class Record:
    """Errors of the forecasts of the past, foretold less final share: `errors` (as-of days, ages), NaN where not yet known.

    `raw` are those of simply believing the young days. `fitted` are the days' distances from today's own pattern.
    """

    errors: np.ndarray
    raw: np.ndarray
    fitted: np.ndarray
    is_promotion: np.ndarray  # of the cohort, (as-of days, ages)

    @property
    def horizon(self) -> int:
        """Days until a cohort is complete."""
        return self.errors.shape[1] - 1


@dataclass(frozen=True)
class BackTest:
    """How forecasts at one age came out: their number, mean size of the error, mean error, share within the range; 0–1."""

    age: int
    forecasts: int
    mean_error: float | None
    raw_error: float | None
    bias: float | None
    coverage: float | None


def promotions(sold: np.ndarray) -> np.ndarray:
    """Say which days sold at least half as much again as the median of the 28 days before (days,)."""
    found = np.zeros(len(sold), dtype=bool)
    for day in range(maturity.DAYS_A_WEEK, len(sold)):
        usual = np.median(sold[max(day - maturity.COHORTS, 0) : day])
        found[day] = usual > 0 and sold[day] >= PROMOTION * usual
    return found


def record_of(cohorts: Cohorts, horizon: int, window: int) -> Record:
    """Foretell every cohort at every age with nothing but what was known then, and compare with what became of it."""
    ages = np.arange(horizon + 1)
    as_of = np.arange(cohorts.day_count)[:, None]
    cohort = as_of - ages
    base = cohorts.datable[cohort.clip(0)]
    come = np.cumsum(cohorts.back[:, : horizon + 1], axis=1)
    share = come[cohort.clip(0), np.broadcast_to(ages, cohort.shape)] / np.where(base > 0, base, 1.0)
    final = come[cohort.clip(0), horizon] / np.where(base > 0, base, 1.0)
    is_known = (cohort >= 0) & (cohort + horizon < cohorts.day_count)
    then = maturity.survivals(cohorts, horizon, window)
    has_pattern = as_of + 1 >= horizon + FEWEST_COHORTS

    def distance(foretold: np.ndarray, is_meant: np.ndarray) -> np.ndarray:
        return np.where(is_meant, np.where(base > 0, foretold - final, 0.0), np.nan)

    return Record(
        errors=distance(maturity.final_share(share, then[:, 1:], then[:, -1:]), is_known & has_pattern),
        raw=distance(share, is_known & has_pattern),
        fitted=distance(maturity.final_share(share, then[-1, 1:], then[-1, -1]), is_known),
        is_promotion=promotions(cohorts.sold)[cohort.clip(0)],
    )


def half_widths(record: Record, as_of: int, weights: np.ndarray, is_promotion: np.ndarray | None = None) -> np.ndarray:
    """Return half the width of the range of each row's share, (rows,): 2.14 × the root mean square error of such forecasts.

    `weights` (rows, horizon + 1) is how much of a row's sales has which age; complete days weigh nothing. The forecasts of the
    mature as-of days of the last 90 count, a day younger and older too. A row of a single promotion day (`is_promotion`) is
    measured by promotion days, another single day by ordinary ones.
    """
    errors = _mature(record.errors, record.horizon, as_of)[max(as_of - RECORD_DAYS + 1, 0) : as_of + 1]
    fitted = _mature(record.fitted, record.horizon, as_of)[: as_of + 1]
    kinds = record.is_promotion[: as_of + 1]
    spread = _spread(errors, fitted, weights)
    if is_promotion is None:
        return RANGE * spread
    is_single = (weights > 0).sum(axis=1) == 1
    for kind in (True, False):
        rows = np.flatnonzero(is_single & (is_promotion == kind))
        own = np.where(kinds[-len(errors) :] == kind, errors, np.nan)
        apart, count = _root_mean_square(own, weights[rows])
        has_own = count >= FEWEST_PROMOTIONS
        # Promotion days are few: their own record may widen a range, not narrow it.
        own_spread = np.maximum(apart, spread[rows]) if kind else apart
        spread[rows[has_own]] = own_spread[has_own]
    return RANGE * spread


def back_test(record: Record, as_of: int, ages: tuple[int, ...] = BACK_TEST_AGES) -> list[BackTest]:
    """Say how the forecasts at these ages came out that the record of the last 90 days holds."""
    return [_back_test(record, as_of, age) for age in ages if age < record.horizon]


def has_changed(tests: list[BackTest]) -> bool:
    """Whether refunds come at other times than they did: forecasts at age 7 are off by more than a point on average."""
    return any(test.age == CHANGED_AGE and test.bias is not None and abs(test.bias) > CHANGED_BIAS for test in tests)


def _back_test(record: Record, as_of: int, age: int) -> BackTest:
    first = max(as_of - RECORD_DAYS + 1, 0)
    errors = _mature(record.errors, record.horizon, as_of)[:, age]
    days = [day for day in range(first, as_of + 1) if not np.isnan(errors[day])]
    if not days:
        return BackTest(age, 0, None, None, None, None)
    found = errors[days]
    weights = np.zeros((1, record.horizon + 1))
    weights[0, age] = 1.0
    promotion = record.is_promotion[:, age]
    halves = np.array([_half_then(record, day, weights, promotion[day]) for day in days])
    is_tested = ~np.isnan(halves)
    if is_tested.sum() < FEWEST_FORECASTS:  # too young for ranges of that time: measured by the other days' errors
        squares = found**2
        halves = RANGE * np.sqrt((squares.sum() - squares) / max(len(found) - 1, 1))
        is_tested = np.full(len(found), len(found) >= FEWEST_FORECASTS)
    inside = np.abs(found) <= halves
    return BackTest(
        age=age,
        forecasts=len(days),
        mean_error=float(np.abs(found).mean()),
        raw_error=float(np.abs(record.raw[days, age]).mean()),
        bias=float(found.mean()),
        coverage=float(inside[is_tested].mean()) if is_tested.any() else None,
    )


def _half_then(record: Record, day: int, weights: np.ndarray, is_promotion: bool) -> float:
    """The half width that the page would have shown on that day; NaN while no forecast had come true yet."""
    errors = _mature(record.errors, record.horizon, day)[max(day - RECORD_DAYS + 1, 0) : day + 1]
    if (~np.isnan(errors) @ (weights[0] > 0)).sum() < FEWEST_FORECASTS:
        return float("nan")
    return float(half_widths(record, day, weights, np.array([is_promotion]))[0])


def _mature(errors: np.ndarray, horizon: int, as_of: int) -> np.ndarray:
    """The errors that were known at the end of day `as_of`: those of cohorts complete by then."""
    cohort = np.arange(len(errors))[:, None] - np.arange(errors.shape[1])
    return np.where(cohort + horizon <= as_of, errors, np.nan)


def _spread(errors: np.ndarray, fitted: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The root mean square error of each row; where too few of its kind were foretold, that of its ages put together."""
    spread, count = _root_mean_square(errors, weights)
    is_short = count < FEWEST_FORECASTS
    if is_short.any():
        ages = np.eye(errors.shape[1])
        tested, tests = _root_mean_square(errors, ages)
        untested, _ = _root_mean_square(fitted, ages)
        by_age = np.where(tests >= FEWEST_FORECASTS, tested, UNTESTED * np.maximum(tested, untested))
        spread[is_short] = weights[is_short] @ by_age
    return spread


def _root_mean_square(errors: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of the rows' weighted errors over the as-of days, a day younger and older included; and how many as-of days there are."""
    is_missing = np.isnan(errors)
    known = np.where(is_missing, 0.0, errors)
    squares, count, days = np.zeros(len(weights)), np.zeros(len(weights)), np.zeros(len(weights))
    for shift in (0, -1, 1):
        shifted = _shifted(weights, shift)
        has_all = (is_missing.astype(float) @ (shifted > 0).T) == 0  # (as-of days, rows)
        has_all &= (shifted.sum(axis=1) > 0)[None, :]
        squares += ((known @ shifted.T) ** 2 * has_all).sum(axis=0)
        count += has_all.sum(axis=0)
        if shift == 0:
            days = has_all.sum(axis=0)
    return np.sqrt(squares / np.maximum(count, 1)), days


def _shifted(weights: np.ndarray, shift: int) -> np.ndarray:
    """The same rows a day older or younger; one that has no younger day keeps out of it, complete days weigh nothing."""
    if not shift:
        return weights
    moved = np.zeros_like(weights)
    if shift > 0:
        moved[:, 1:] = weights[:, :-1]
    else:
        moved[:, :-1] = weights[:, 1:]
        moved[weights[:, 0] > 0] = 0.0
    return moved
