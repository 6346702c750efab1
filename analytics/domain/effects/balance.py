"""Weights moved until the compared have the covariates of the treated."""

from __future__ import annotations

import numpy as np

LEAST_FACTOR, MOST_FACTOR = 0.2, 5.0  # by which a weight may move


def balanced(weight: np.ndarray, columns: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Move the weights, each by a factor in bounds, so that the weighted mean of the columns becomes `target` (calibration).

    `weight` (c,) of the compared, `columns` (c, k) standardised, `target` (k,) the treated's means (Deville & Särndal 1992,
    one linear step). What no weights in bounds can reach stays off, and the rule on balance sees it.
    """
    total = weight.sum()
    if total <= 0:
        return weight
    away = columns - weight @ columns / total
    spread = (away * weight[:, None]).T @ away + 1e-6 * total * np.eye(columns.shape[1])
    pull = np.linalg.solve(spread, target * total - weight @ columns)
    return weight * np.clip(1.0 + away @ pull, LEAST_FACTOR, MOST_FACTOR)


def standardised(columns: np.ndarray) -> np.ndarray:
    """Return the columns with mean 0 and spread 1, those that never move as zeros."""
    away = columns - (columns.mean(axis=0) if len(columns) else 0.0)
    spread = away.std(axis=0) if len(columns) else np.ones(columns.shape[1])
    return away / np.where(spread > 1e-12, spread, 1.0)
