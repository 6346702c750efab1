"""What is known of an order at time zero, as columns of numbers: nothing in them happened later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analytics.domain.effects.design import HOURS_A_DAY, SETTLED_DAYS, Design
from analytics.domain.effects.trials import Course, Rows

SHRINK_ORDERS = 25.0  # of average orders added to each group before its rate is taken
LATE_DAYS = (-2.0, 3.0)  # hours to and past the promise count within these days
HINGE_DAYS = (3.0, 7.0)
FEW_TREATED = 200  # below, a model of all columns fits chance: only what matters most stays, without bends
CORE = ("log_price", "past_promise", "is_late", "product_refund_rate", "product_use_rate")
MOST_OF_TREATED = 0.99  # within whose hours a curve may bend; beyond, it stays as it was
CURVE_COLUMNS = 2 + len(HINGE_DAYS)


@dataclass(frozen=True)
class Columns:
    """The columns of `Rows`, (r, …): `fixed` of the order, `age_h` since it became a unit, `had_case` before it, `clock_h`.

    Curves bend up to `most_age_h` and `most_clock_h`, within which nearly all treated lie; `is_plain`: few treated, no bends.

    `matrix` puts them together for a model: with an open case every fixed column may weigh differently. `rates_without`
    (f + 1, r, m) holds the last m fixed columns, rates of groups, as they are without the orders of each fold, and of all.
    """

    fixed: np.ndarray
    rates_without: np.ndarray
    names: tuple[str, ...]
    age_h: np.ndarray
    had_case: np.ndarray
    is_open: np.ndarray
    clock_h: np.ndarray
    most_age_h: float
    most_clock_h: float
    is_plain: bool

    def taken(self, kept: np.ndarray) -> Columns:
        """Return the columns of the rows (r,) that are kept."""
        parts = {name: getattr(self, name)[kept] for name in ("fixed", "age_h", "had_case", "is_open", "clock_h")}
        return replace(self, **parts, rates_without=self.rates_without[:, kept])

    @property
    def count(self) -> int:
        """Return how many columns the matrix has that can move."""
        apart, bends = (0, 1) if self.is_plain else (self.fixed.shape[1], CURVE_COLUMNS)
        return self.fixed.shape[1] + apart + 2 * bends + 2

    def by_age(self, age_h: np.ndarray) -> np.ndarray:
        """Return the columns of hours since the order became a unit, at any such hours."""
        return self._curve(age_h, self.most_age_h)

    def by_clock(self, clock_h: np.ndarray) -> np.ndarray:
        """Return the columns of hours since the open case opened, at any such hours."""
        return self._curve(clock_h, self.most_clock_h)

    def _curve(self, hours: np.ndarray, most_h: float) -> np.ndarray:
        bent = curve(hours, most_h)
        bent[:, 1:] *= not self.is_plain
        return bent

    @cached_property
    def matrix(self) -> np.ndarray:
        """Return all columns (r, k) in the order fixed, age, had_case, is_open, clock, fixed × is_open."""
        is_open = self.is_open[:, None].astype(float)
        clock = self.by_clock(self.clock_h) * is_open
        apart = self.fixed * is_open * (not self.is_plain)
        parts = (self.fixed, self.by_age(self.age_h), self.had_case[:, None], is_open, clock, apart)
        return np.concatenate(parts, axis=1)

    def matrix_without(self, fold: int) -> np.ndarray:
        """Return the matrix as it is without the orders of a fold: what its model may know."""
        matrix, rates, width = self.matrix.copy(), self.rates_without[fold], self.fixed.shape[1]
        matrix[:, width - rates.shape[1] : width] = rates
        if not self.is_plain:
            matrix[:, matrix.shape[1] - rates.shape[1] :] = rates * self.is_open[:, None]
        return matrix

    def without(self, fold: int) -> Columns:
        """Return the columns as they are without the orders of a fold: what its model may know."""
        rates = self.rates_without[fold]
        return replace(self, fixed=np.concatenate([self.fixed[:, : self.fixed.shape[1] - rates.shape[1]], rates], axis=1))

    def to_balance(self) -> np.ndarray:
        """Return the plain columns that treated and controls must have alike (r, m)."""
        is_open = self.is_open[:, None].astype(float)
        moments = (np.log1p(self.age_h)[:, None], self.had_case[:, None], is_open, np.log1p(self.clock_h)[:, None] * is_open)
        return np.concatenate([self.fixed, *moments], axis=1)


def curve(hours: np.ndarray, most_h: float) -> np.ndarray:
    """Return columns (n, CURVE_COLUMNS) along which a chance may bend as hours go by, up to `most_h`: log, days, two bends."""
    days = np.clip(hours, 0.0, most_h) / HOURS_A_DAY
    return np.stack([np.log1p(days), days, *(np.maximum(days - hinge, 0.0) for hinge in HINGE_DAYS)], axis=1)


def columns_of(design: Design, course: Course, rows: Rows, fold: np.ndarray) -> Columns:
    """Return the columns of rows, rates of product, streamer, channel and province over all orders; `fold` (n,) of each order.

    A rate that leaves out each order itself, or its fold, tells that order's outcome (it is lower exactly where the order was
    refunded), and in a group of average risk nothing else. So all rows that a model learns from see one rate of a group,
    that without the fold it is asked about (`Columns.without`).
    """
    is_plain = int(rows.is_treated.sum()) < FEW_TREATED
    plain, rates = _plain(design, rows), _rates(design, course, rows, fold)
    whole = plain | {name: column[-1] for name, column in rates.items()}
    names = tuple(name for name, column in whole.items() if np.ptp(column) > 0 and (name in CORE or not is_plain))
    first_case = np.full(len(design), np.inf)
    np.fmin.at(first_case, design.cases.order, design.cases.opened_h)
    age = rows.time_h - design.start_h[rows.order]
    versions = int(fold.max(initial=0)) + 2
    return Columns(
        fixed=np.array([whole[name] for name in names]).reshape(len(names), len(rows)).T,
        rates_without=np.array([rates[name] for name in names if name in rates])
        .reshape(-1, versions, len(rows))
        .transpose(1, 2, 0),
        names=names,
        age_h=age,
        had_case=((first_case[rows.order] < rows.time_h) & ~rows.is_open).astype(float),
        is_open=rows.is_open,
        clock_h=rows.clock_h,
        most_age_h=_most(age[rows.is_treated]),
        most_clock_h=_most(rows.clock_h[rows.is_treated & rows.is_open]),
        is_plain=is_plain,
    )


def _most(hours: np.ndarray) -> float:
    return float(np.quantile(hours, MOST_OF_TREATED)) if len(hours) else 0.0


def _plain(design: Design, rows: Rows) -> dict[str, np.ndarray]:
    """Return the columns (r,) of the order itself, by name."""
    order, time = rows.order, rows.time_h
    past = np.fmin(time, design.shipped_h[order]) - design.ship_by_h[order]
    past_days = np.nan_to_num(past / HOURS_A_DAY, nan=0.0)
    price = np.maximum(design.receivable_fen[order], 1)
    return {
        "log_price": np.log(price),
        "discount_share": np.clip(design.discount_fen[order] / price, 0.0, 1.0),
        "hours_to_start": np.log1p(np.maximum(np.nan_to_num(design.start_h - design.paid_h), 0.0))[order],
        "past_promise": np.clip(past_days, *LATE_DAYS),
        "is_late": (past_days > 0).astype(float),
        "is_urged": (np.nan_to_num(design.urged_h, nan=np.inf)[order] <= time).astype(float),
        "warehouse_day_hours": np.log1p(speed_of_others(design))[order],
    }


def _rates(design: Design, course: Course, rows: Rows, fold: np.ndarray) -> dict[str, np.ndarray]:
    """Return the rates (f + 1, r) of the groups of each order, without each fold and of all, by name."""
    refunded, used, is_known = _known_outcomes(design, course)
    wanted = [(name, "refund", refunded) for name in ("product", "streamer", "channel", "province")]
    wanted += [(name, "use", used) for name in ("product", "streamer")]
    groups = {name: getattr(design, name) for name, _, _ in wanted}
    return {
        f"{name}_{what}_rate": rates_without(groups[name], hit, is_known, fold)[:, groups[name][rows.order]]
        for name, what, hit in wanted
    }


def _known_outcomes(design: Design, course: Course) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return refunded within the horizon of becoming a unit, ever used, and for which orders that is known."""
    start = np.nan_to_num(design.start_h, nan=np.inf)
    is_known = start + design.horizon_h + SETTLED_DAYS * HOURS_A_DAY <= design.end_h
    return course.refunded_h <= start + design.horizon_h, np.isfinite(course.used_h), is_known


def rates_without(group: np.ndarray, hit: np.ndarray, is_known: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """Return the log-odds of hits in each group without each fold, and of all (folds + 1, groups), shrunk to the mean.

    `group`, `hit`, `is_known`, `fold` (n,) are of the orders; only those whose outcome is known count.
    """
    folds, groups = int(fold.max(initial=0)) + 1, int(group.max(initial=0)) + 1
    cell = fold.astype(np.int64) * groups + group
    count, hits = (
        np.bincount(cell[kept], minlength=folds * groups).reshape(folds, groups) for kept in (is_known, is_known & hit)
    )
    count, hits = (np.concatenate([part.sum(axis=0) - part, part.sum(axis=0, keepdims=True)]) for part in (count, hits))
    overall = (hits.sum(axis=1, keepdims=True) + 0.5) / (count.sum(axis=1, keepdims=True) + 1.0)
    rate = (hits + SHRINK_ORDERS * overall) / (count + SHRINK_ORDERS)
    return np.log(rate / (1 - rate))


def group_rate(group: np.ndarray, hit: np.ndarray, is_known: np.ndarray) -> np.ndarray:
    """Return for each order (n,) the log-odds of hits in its group, over all orders, shrunk to the mean."""
    return rates_without(group, hit, is_known, np.zeros(len(group), dtype=np.int64))[-1][group]


def speed_of_others(design: Design) -> np.ndarray:
    """Return the mean hours from payment to shipment of the other orders of its warehouse-day, shrunk to all."""
    hours = design.shipped_h - design.paid_h
    is_known = np.isfinite(hours)
    if not is_known.any():
        return np.zeros(len(design))
    group = design.warehouse_day
    count = np.bincount(group, weights=is_known)
    total = np.bincount(group, weights=np.where(is_known, hours, 0.0))
    count, total = count[group] - is_known, total[group] - np.where(is_known, hours, 0.0)
    mean = float(hours[is_known].mean())
    return np.maximum((total + mean) / (count + 1.0), 0.0)
