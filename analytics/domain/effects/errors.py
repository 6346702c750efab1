"""How far an estimate may be off: covariances from influence functions by cluster and from leave-one-group-out estimates."""

from __future__ import annotations

import math

import numpy as np

SURE = 0.95  # of every interval


def of_influence(influence: np.ndarray, cluster: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the covariance (k, k) of estimates whose error is the sum of `influence` (n, k), and its degrees of freedom.

    Rows of one `cluster` (n,) (codes from 0) may move together; clusters do not. With G clusters: Σ s sᵀ · G/(G−1), s the
    sum of a cluster, degrees G − 1.
    """
    sums = np.stack([np.bincount(cluster, weights=column) for column in influence.T], axis=1)
    sums = sums[np.bincount(cluster) > 0]
    groups = len(sums)
    if groups < 2:
        return np.full((influence.shape[1],) * 2, np.inf), 1.0
    return sums.T @ sums * (groups / (groups - 1)), groups - 1.0


def of_left_out(left_out: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the delete-a-group jackknife covariance (k, k) of `left_out` (groups, k), and its degrees of freedom.

    Each row is the estimate without one group of about equal size: (G−1)/G · Σ (θ₋g − mean)(θ₋g − mean)ᵀ, degrees G − 1.
    """
    groups = len(left_out)
    away = left_out - left_out.mean(axis=0)
    return away.T @ away * ((groups - 1) / groups), groups - 1.0


def margin(error: float, degrees: float = math.inf) -> float:
    """Return half the width of the 95 % interval of an estimate with standard error `error`: Student's t at `degrees`."""
    from scipy.special import ndtri, stdtrit  # half a second of imports that most starts never need

    point = (1 + SURE) / 2
    return float(error * (ndtri(point) if math.isinf(degrees) else stdtrit(degrees, point)))


def as_normal(away: float, degrees: float) -> float:
    """Return the |number of standard errors| that is as unlikely of a normal as `away` is of Student's t at `degrees`."""
    from scipy.special import ndtri, stdtr  # as above

    return float(-ndtri(max(stdtr(degrees, -abs(away)), 1e-300)))
