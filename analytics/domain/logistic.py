"""Logistic models: the one place where a chance is fitted to what is known, small, ridged and on one thread."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

RIDGE = 1.0  # of the penalty ½·ridge·‖slopes‖² on standardised columns; the intercept goes free
MOST_STEPS = 50
SMALL_STEP = 1e-3  # of a slope per spread of its column; Newton's error after it is about its square
MOST_HALVINGS = 12


@dataclass(frozen=True)
class Logistic:
    """A fitted model: chance = 1 / (1 + exp(−(intercept + columns · slopes))), slopes in the columns' own units."""

    intercept: float
    slopes: np.ndarray

    def chance(self, columns: np.ndarray) -> np.ndarray:
        """Return the chance (n,) of each row of `columns` (n, k)."""
        return 1.0 / (1.0 + np.exp(-np.clip(self.intercept + columns @ self.slopes, -35.0, 35.0)))


def fit(
    columns: np.ndarray,
    outcome: np.ndarray,
    weight: np.ndarray | None = None,
    *,
    ridge: float = RIDGE,
    start: Logistic | None = None,
) -> Logistic:
    """Fit the chance of `outcome` (n,) true to `columns` (n, k), rows counting by `weight` (n,).

    Columns are standardised first, so that the ridge weighs them alike. Where all outcomes are the same the chance is that
    of the weights with half a row added to either side. Newton's method, halving a step that goes too far; `start`, the model of
    nearly the same rows, saves half of the steps and changes nothing else. BLAS runs on one thread: with its default the
    same fit takes fifteen times the CPU (methods, opening).
    """
    outcome = np.asarray(outcome, dtype=bool)
    weight = np.ones(len(outcome)) if weight is None else np.asarray(weight, dtype=float)
    hits = float(weight[outcome].sum())
    misses = float(weight.sum()) - hits
    if columns.shape[1] == 0 or hits <= 0 or misses <= 0:
        return Logistic(float(np.log((hits + 0.5) / (misses + 0.5))), np.zeros(columns.shape[1]))
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        centre, spread = standard(columns, weight)
        first = np.zeros(columns.shape[1] + 1)
        first[0] = np.log(hits / misses)
        if start is not None:
            first[0], first[1:] = start.intercept + centre @ start.slopes, start.slopes * spread
        found = _newton(np.column_stack([np.ones(len(columns)), (columns - centre) / spread]), outcome, weight, ridge, first)
    slopes = found[1:] / spread
    return Logistic(float(found[0] - centre @ slopes), slopes)


def without_groups(
    model: Logistic,
    columns: np.ndarray,
    outcome: np.ndarray,
    weight: np.ndarray,
    group: np.ndarray,
    groups: int,
    *,
    ridge: float = RIDGE,
) -> list[Logistic]:
    """Return what `fit` gives without the rows of each group 0 … groups − 1 (`group` (n,)), by one Newton step from the whole.

    What the step misses is of second order in the share of the group; it costs one pass over the rows instead of a fit each.
    """
    if not model.slopes.any():
        return [model] * groups
    centre, spread = standard(columns, weight)
    design = np.column_stack([np.ones(len(columns)), (columns - centre) / spread])
    chance = model.chance(columns)
    start = np.append(model.intercept + centre @ model.slopes, model.slopes * spread)
    penalty = np.append(0.0, np.full(columns.shape[1], ridge))
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(groups + 1))
    scores, bends = [], []
    for low, high in pairwise(bounds):
        rows = design[order[low:high]]
        at, counts = chance[order[low:high]], weight[order[low:high]]
        scores.append((counts * (outcome[order[low:high]] - at)) @ rows)
        bends.append((rows * (counts * at * (1 - at))[:, None]).T @ rows)
    score, bend = sum(scores) - penalty * start, sum(bends) + np.diag(penalty + 1e-9)
    moved = [start + np.linalg.solve(bend - theirs, score - told) for told, theirs in zip(scores, bends, strict=True)]
    return [Logistic(float(at[0] - centre @ (at[1:] / spread)), at[1:] / spread) for at in moved]


def _newton(columns: np.ndarray, outcome: np.ndarray, weight: np.ndarray, ridge: float, at: np.ndarray) -> np.ndarray:
    """Return the slopes (k,) of least penalised loss, from `at` on; the first column is the intercept and goes free."""
    penalty = np.full(len(at), ridge)
    penalty[0] = 0.0
    floor = 1e-9 * weight.sum() * np.eye(len(at))
    linear = columns @ at
    loss = _loss(linear, outcome, weight) + penalty @ at**2 / 2
    for _ in range(MOST_STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(linear, -35.0, 35.0)))
        weighed = columns * np.sqrt(weight * chance * (1.0 - chance))[:, None]
        slope = columns.T @ (weight * (chance - outcome)) + penalty * at
        step = np.linalg.solve(weighed.T @ weighed + np.diag(penalty) + floor, slope)
        for _ in range(MOST_HALVINGS):
            tried = columns @ (at - step)
            tried_loss = _loss(tried, outcome, weight) + penalty @ (at - step) ** 2 / 2
            if tried_loss <= loss + 1e-9 * abs(loss):
                break
            step = step / 2
        at, linear, loss = at - step, tried, tried_loss
        if np.abs(step).max() < SMALL_STEP:
            break
    return at


def _loss(linear: np.ndarray, outcome: np.ndarray, weight: np.ndarray) -> float:
    """Return the weighted negative log-likelihood."""
    return float(weight @ (np.logaddexp(0.0, linear) - np.where(outcome, linear, 0.0)))


def standard(columns: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the weighted mean and spread (k,) of `columns` (n, k); one that never moves has spread one."""
    total = max(float(weight.sum()), 1e-12)
    centre = weight @ columns / total
    spread = np.sqrt(weight @ (columns - centre) ** 2 / total)
    return centre, np.where(spread > 1e-12, spread, 1.0)
