"""What became of treated and controls within the horizon, and the weights for controls that had to leave when used later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.domain import logistic
from analytics.domain.effects.covariates import CURVE_COLUMNS, Columns
from analytics.domain.effects.design import HOURS_A_DAY, Design
from analytics.domain.effects.trials import CELL_DAYS, Course, Rows, Spells

HIGHEST_WEIGHT = 10.0
AFTER_ALL_H = 1e6


@dataclass(frozen=True)
class Outcomes:
    """Of each row (r,): money back within the horizon, loss in it (fen), and `until_h`, when it was settled or cut off.

    `is_seen`: not cut off by a later use. A row that is not seen has no outcome: what stands in its place must not be read.
    """

    is_refunded: np.ndarray
    loss_fen: np.ndarray
    is_seen: np.ndarray
    until_h: np.ndarray

    def taken(self, kept: np.ndarray) -> Outcomes:
        """Return the outcomes of the rows (r,) that are kept."""
        return Outcomes(self.is_refunded[kept], self.loss_fen[kept], self.is_seen[kept], self.until_h[kept])


def outcomes_of(design: Design, course: Course, rows: Rows) -> Outcomes:
    """Return what became of each row; a control leaves with a use that comes before its refund and before the horizon ends."""
    ends = rows.time_h + design.horizon_h
    refunded, used = course.refunded_h[rows.order], course.used_h[rows.order]
    settled = np.minimum(refunded, ends)
    is_seen = rows.is_treated | (used >= settled)
    loss = _loss_between(design, rows.order, rows.time_h, ends)
    return Outcomes(refunded <= ends, loss, is_seen, np.where(rows.is_treated, settled, np.minimum(settled, used)))


def later_weights(
    rows: Rows, outcome: Outcomes, columns: Columns, models: tuple[logistic.Logistic, ...], fold: np.ndarray, open_time: Spells
) -> np.ndarray:
    """Return for each row (r,) 1 ÷ its chance of no use before its outcome was seen, at most 10; 0 where it was not seen.

    `models`, one a `fold` (r,), tell the odds of treated against drawn controls. Times how many controls were drawn for an
    hour at risk they are the chance of a use an hour: without a case by days since the order became a unit, with one by
    days since it opened. Summed over the row's follow-up they give the chance that no use came. Treated rows weigh 1.
    """
    row, opened, begins, until = _open_parts(rows, outcome.until_h, open_time)
    start = rows.time_h - columns.age_h
    spent = np.zeros(len(rows))
    for number, model in enumerate(models):
        own = fold == number
        of_order, by_age, of_case, by_clock = _paces(model, columns.without(number), rows.density)
        spent[own] = (of_order * (_upto(by_age, outcome.until_h - start) - _upto(by_age, columns.age_h)))[own]
        in_case = own[row]
        at, since, to = row[in_case], begins[in_case], until[in_case]
        waived = of_order[at] * (_upto(by_age, to - start[at]) - _upto(by_age, since - start[at]))
        opening = _exp(columns.by_age(opened[in_case] - start[at]) @ _age_slopes(model, columns))
        added = of_case[at] * opening * (_upto(by_clock, to - opened[in_case]) - _upto(by_clock, since - opened[in_case]))
        spent += np.bincount(at, added - waived, len(rows))
    weight = np.exp(np.clip(spent, 0.0, np.log(HIGHEST_WEIGHT)))
    return np.where(rows.is_treated, 1.0, np.where(outcome.is_seen, weight, 0.0))


def _loss_between(design: Design, order: np.ndarray, after_h: np.ndarray, to_h: np.ndarray) -> np.ndarray:
    """Return the loss (fen) of the cases of each order that finished after one moment and not after the other."""
    cases = design.cases
    key = cases.order * (2 * AFTER_ALL_H) + np.nan_to_num(cases.finished_h, nan=AFTER_ALL_H)
    rank = np.argsort(key)
    summed = np.concatenate([[0.0], np.cumsum(cases.loss_fen[rank], dtype=float)])
    first, last = (np.searchsorted(key[rank], order * (2 * AFTER_ALL_H) + moment, side="right") for moment in (after_h, to_h))
    return summed[last] - summed[first]


def _paces(
    model: logistic.Logistic, columns: Columns, density: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return what each row (r,) brings to the chance of a use and the pace summed up to each day, without a case and with one."""
    width = columns.fixed.shape[1]
    age_end = width + CURVE_COLUMNS
    had_case, is_open = model.slopes[age_end], model.slopes[age_end + 1]
    clock = model.slopes[age_end + 2 : age_end + 2 + CURVE_COLUMNS]
    base = model.intercept + columns.fixed @ model.slopes[:width]
    with_case = base + is_open + columns.fixed @ model.slopes[age_end + 2 + CURVE_COLUMNS :]
    middles = (np.arange(CELL_DAYS) + 0.5) * HOURS_A_DAY
    by_day = [
        density[0] * _exp(columns.by_age(middles) @ _age_slopes(model, columns)),
        density[1] * _exp(columns.by_clock(middles) @ clock),
    ]
    by_age, by_clock = (np.concatenate([[0.0], np.cumsum(pace * HOURS_A_DAY)]) for pace in by_day)
    return _exp(base + columns.had_case * had_case), by_age, _exp(with_case), by_clock


def _age_slopes(model: logistic.Logistic, columns: Columns) -> np.ndarray:
    width = columns.fixed.shape[1]
    return model.slopes[width : width + CURVE_COLUMNS]


def _upto(pace: np.ndarray, clock_h: np.ndarray) -> np.ndarray:
    """Return the summed pace at each moment of the clock."""
    return np.interp(clock_h / HOURS_A_DAY, np.arange(CELL_DAYS + 1), pace)


def _exp(values: np.ndarray) -> np.ndarray:
    return np.exp(np.clip(values, -35.0, 35.0))


def _open_parts(rows: Rows, until_h: np.ndarray, open_time: Spells) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the open cases that rows live through: row, opening, from and until within the row's own follow-up."""
    first, last = (np.searchsorted(open_time.order, rows.order, side=side) for side in ("left", "right"))
    count = last - first
    row = np.repeat(np.arange(len(rows)), count)
    place = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
    begins = np.maximum(open_time.from_h[place], rows.time_h[row])
    until = np.minimum(open_time.until_h[place], until_h[row])
    kept = until > begins
    return row[kept], open_time.from_h[place[kept]], begins[kept], until[kept]
