"""Logistic models: the one place where a chance is fitted to what is known, small, ridged and on one thread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

RIDGE = 1.0  # of the penalty ½·ridge·‖slopes‖² on standardised columns; the intercept goes free
MOST_STEPS = 200


@dataclass(frozen=True)
class Logistic:
    """A fitted model: chance = 1 / (1 + exp(−(intercept + columns · slopes))), slopes in the columns' own units."""

    intercept: float
    slopes: np.ndarray

    def chance(self, columns: np.ndarray) -> np.ndarray:
        """Return the chance (n,) of each row of `columns` (n, k)."""
        return 1.0 / (1.0 + np.exp(-np.clip(self.intercept + columns @ self.slopes, -35.0, 35.0)))


def fit(columns: np.ndarray, outcome: np.ndarray, weight: np.ndarray | None = None, *, ridge: float = RIDGE) -> Logistic:
    """Fit the chance of `outcome` (n,) true to `columns` (n, k), rows counting by `weight` (n,).

    Columns are standardised first, so that the ridge weighs them alike. Where all outcomes are the same the chance is that
    of the weights with half a row added to either side. BLAS runs on one thread: with its default the same fit takes fifteen
    times the CPU (methods, opening).
    """
    outcome = np.asarray(outcome, dtype=bool)
    weight = np.ones(len(outcome)) if weight is None else np.asarray(weight, dtype=float)
    centre, spread = _standard(columns, weight)
    hits = float(weight[outcome].sum())
    misses = float(weight.sum()) - hits
    if columns.shape[1] == 0 or hits <= 0 or misses <= 0:
        return Logistic(float(np.log((hits + 0.5) / (misses + 0.5))), np.zeros(columns.shape[1]))
    from sklearn.linear_model import LogisticRegression  # a second of imports that most starts never need
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        model = LogisticRegression(C=1.0 / ridge, max_iter=MOST_STEPS)
        model.fit((columns - centre) / spread, outcome, sample_weight=weight)
    slopes = model.coef_[0] / spread
    return Logistic(float(model.intercept_[0] - centre @ slopes), slopes)


def _standard(columns: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the weighted mean and spread of each column; a column that never moves has spread one."""
    total = max(float(weight.sum()), 1e-12)
    centre = weight @ columns / total
    spread = np.sqrt(weight @ (columns - centre) ** 2 / total)
    return centre, np.where(spread > 1e-12, spread, 1.0)
