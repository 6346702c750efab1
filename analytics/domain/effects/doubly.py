"""Doubly robust estimates for the treated: what they would have had without the tool, by two models that check each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics.domain import logistic

FOLDS = 5
HIGHEST_ODDS = 10.0  # a control stands for ten treated at most
MatrixOf = Callable[[int], np.ndarray]
LEAST_RIDGE = 1e-6  # a row of weight, so that columns that say the same can be told apart


@dataclass(frozen=True)
class Likeness:
    """How likely each row (r,) was to be treated, as odds, by models that have not seen its fold; `models` one a fold."""

    odds: np.ndarray
    models: tuple[logistic.Logistic, ...]


def folds_of(cluster: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return a fold (n,) of five for each entry, whole clusters (codes from 0) together."""
    count = int(cluster.max(initial=0)) + 1
    return random.permutation(np.arange(count) % FOLDS)[cluster]


def likeness(matrix_of: MatrixOf, is_treated: np.ndarray, fold: np.ndarray) -> Likeness:
    """Fit how treated and controls differ, fold by fold; `matrix_of(f)` is what the model asked about fold f may know (r, k)."""
    odds, models, before = np.zeros(len(fold)), [], None
    for number in range(int(fold.max(initial=0)) + 1):
        own, matrix = fold == number, matrix_of(number)
        before = logistic.fit(matrix[~own], is_treated[~own], start=before)
        models.append(before)
        chance = models[-1].chance(matrix[own])
        odds[own] = np.minimum(chance / np.maximum(1 - chance, 1e-12), HIGHEST_ODDS)
    return Likeness(odds, tuple(models))


def expected_chance(
    matrix_of: MatrixOf, outcome: np.ndarray, is_learnt_from: np.ndarray, weight: np.ndarray, fold: np.ndarray
) -> np.ndarray:
    """Return the chance of `outcome` without the tool for each row (r,), learnt from untreated rows of the other folds."""
    chance, before = np.zeros(len(fold)), None
    for number in range(int(fold.max(initial=0)) + 1):
        own, learnt, matrix = fold == number, is_learnt_from & (fold != number), matrix_of(number)
        before = logistic.fit(matrix[learnt], outcome[learnt], weight[learnt], start=before)
        chance[own] = before.chance(matrix[own])
    return chance


def expected_amount(
    matrix_of: MatrixOf, amount: np.ndarray, is_learnt_from: np.ndarray, weight: np.ndarray, fold: np.ndarray
) -> np.ndarray:
    """Return the mean of `amount` without the tool for each row (r,), by weighted least squares over the other folds."""
    from threadpoolctl import threadpool_limits

    mean = np.zeros(len(fold))
    with threadpool_limits(1):
        for number in range(int(fold.max(initial=0)) + 1):
            own, learnt, matrix = fold == number, is_learnt_from & (fold != number), matrix_of(number)
            centre, spread = logistic.standard(matrix[learnt], weight[learnt])
            columns = np.column_stack([np.ones(len(matrix)), (matrix - centre) / spread])
            known = columns[learnt] * np.sqrt(weight[learnt])[:, None]
            ridge = LEAST_RIDGE * weight[learnt].sum() * np.eye(columns.shape[1])
            slopes = np.linalg.solve(known.T @ known + ridge, known.T @ (np.sqrt(weight[learnt]) * amount[learnt]))
            mean[own] = columns[own] @ slopes
    return mean


def change_of_treated(
    is_treated: np.ndarray, outcome: np.ndarray, expected: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean change of the treated (k,), and its influence function (r, k), whose sum is the estimate's error.

    `outcome` and `expected` (without the tool) are (r, k); `weight` (r,) makes controls look like the treated: odds of
    treatment, times what stands for those that left; 0 leaves a row out. The mean of outcome − expected over the treated, less
    its weighted mean over the controls (weights normalised): right if either the odds or the expectation is
    (Chernozhukov et al. 2018, ATTE).
    """
    treated, control = is_treated.astype(float), np.where(is_treated, 0.0, weight)
    treated, control = treated / treated.sum(), control / control.sum()
    away = np.where((treated + control > 0)[:, None], outcome - expected, 0.0)
    of_treated, of_controls = treated @ away, control @ away
    influence = treated[:, None] * (away - of_treated) - control[:, None] * (away - of_controls)
    return of_treated - of_controls, influence


def change_in_strata(
    is_treated: np.ndarray, outcome: np.ndarray, weight: np.ndarray, stratum: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the same by comparing within strata (r,) (codes from 0): no model; strata without either arm are left out."""
    control = np.where(is_treated, 0.0, weight)
    count = int(stratum.max(initial=0)) + 1
    treated_in, control_in = np.bincount(stratum, is_treated, count), np.bincount(stratum, control, count)
    has_both = (treated_in > 0) & (control_in > 0)
    share = np.where(has_both, treated_in, 0.0) / treated_in[has_both].sum()
    of_treated = np.where(is_treated, np.divide(share, treated_in, out=np.zeros(count), where=has_both)[stratum], 0.0)
    of_control = control * np.divide(share, control_in, out=np.zeros(count), where=has_both)[stratum]
    seen = np.where((of_treated + of_control > 0)[:, None], outcome, 0.0)
    means = [_by_stratum(part, seen, stratum, share) for part in (of_treated, of_control)]
    difference = means[0] - means[1]
    change = share @ difference
    influence = of_treated[:, None] * (seen - means[0][stratum] + difference[stratum] - change)
    return change, influence - of_control[:, None] * (seen - means[1][stratum])


def _by_stratum(weight: np.ndarray, outcome: np.ndarray, stratum: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return the weighted mean of each outcome in each stratum (strata, k), 0 where it has no share."""
    sums = np.stack([np.bincount(stratum, weight * column, len(share)) for column in outcome.T], axis=1)
    return np.divide(sums, share[:, None], out=np.zeros_like(sums), where=share[:, None] > 0)
