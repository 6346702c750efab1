"""Are treated and controls alike: balance, overlap, weights, clusters; figures for the rules."""

from __future__ import annotations

import numpy as np

NEAREST_CONTROLS = 10
TOP_SHARE = 0.01


def worst_smd(columns: np.ndarray, is_treated: np.ndarray, weight: np.ndarray) -> float:
    """Return the largest |standardised mean difference| between treated and weighted controls over `columns` (r, m).

    In units of the pooled spread of both arms before weighting; a column that does not move counts 0.
    """
    treated, controls, share = columns[is_treated], columns[~is_treated], weight[~is_treated]
    spread = np.sqrt((treated.var(axis=0) + controls.var(axis=0)) / 2)
    away = np.abs(treated.mean(axis=0) - share @ controls / share.sum())
    return float(np.divide(away, spread, out=np.zeros_like(away), where=spread > 1e-9).max(initial=0.0))


def is_alike(odds: np.ndarray, is_treated: np.ndarray) -> np.ndarray:
    """Say which rows (r,) are in the overlap: no more (or less) likely to be treated than all but ten of the controls.

    Beyond it there is nobody to compare a treated order with.
    """
    controls = np.sort(odds[~is_treated])
    if len(controls) < NEAREST_CONTROLS:
        return np.zeros(len(odds), dtype=bool)
    return (odds >= controls[NEAREST_CONTROLS - 1]) & (odds <= controls[-NEAREST_CONTROLS])


def effective_count(weight: np.ndarray, order: np.ndarray) -> float:
    """Return how many equally weighted orders the weights (r,) are worth, (Σw)² ÷ Σw², an order in several rows being one."""
    total = np.bincount(order, weight)
    return float(total.sum() ** 2 / max((total**2).sum(), 1e-300))


def top_weight_share(weight: np.ndarray, order: np.ndarray) -> float:
    """Return the share of all weight on the heaviest 1 % of orders that have any."""
    total = np.bincount(order, weight)
    total = np.sort(total[total > 0])[::-1]
    top = int(np.ceil(len(total) * TOP_SHARE))
    return float(total[:top].sum() / max(total.sum(), 1e-300))


def cluster_spread(cluster: np.ndarray) -> tuple[int, float]:
    """Return how many clusters the treated (t,) are in, and the share of the largest."""
    sizes = np.unique(cluster, return_counts=True)[1]
    return len(sizes), float(sizes.max(initial=0) / max(len(cluster), 1))
