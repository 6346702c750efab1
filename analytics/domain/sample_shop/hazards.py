"""When does it happen: event times from hazards that are constant between moments. Times are seconds, rates per hour."""

from __future__ import annotations

import numpy as np

NEVER = 1e12  # a moment after everything, finite so that differences stay numbers
HOUR = 3600.0
DAY = 86_400.0


def first_event(threshold: np.ndarray, edges: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """Return the moment at which the cumulative hazard reaches `threshold`, NEVER where it does not.

    `edges` (n, k) are ascending moments, `rates` (n, k) the hazard per hour from an edge to the next, the last one to the end.
    """
    ends = np.concatenate([edges[:, 1:], np.full((len(edges), 1), NEVER)], axis=1)
    spent = np.cumsum((ends - edges) / HOUR * rates, axis=1)
    before = np.concatenate([np.zeros((len(edges), 1)), spent[:, :-1]], axis=1)
    hit = np.minimum((spent <= threshold[:, None]).sum(axis=1), edges.shape[1] - 1)
    row = np.arange(len(edges))
    rate = rates[row, hit]
    left = threshold - before[row, hit]
    moment = edges[row, hit] + np.divide(left * HOUR, rate, out=np.full(len(edges), NEVER), where=rate > 0)
    return np.where(moment < ends[row, hit], moment, NEVER)


def sorted_edges(*moments: np.ndarray) -> np.ndarray:
    """Return the moments of each row side by side, ascending."""
    return np.sort(np.stack(moments, axis=1), axis=1)


def exponential(uniform: np.ndarray) -> np.ndarray:
    """Turn uniform draws into exponential ones of mean one."""
    return -np.log1p(-uniform)


def normal(uniform: np.ndarray) -> np.ndarray:
    """Turn uniform draws into standard normal ones (Winitzki's closed form of the inverse error function, error < 0.005)."""
    centred = np.clip(2 * uniform - 1, -0.999_999, 0.999_999)
    log_term = np.log1p(-centred * centred)
    first = 2 / (np.pi * 0.147) + log_term / 2
    return np.sign(centred) * np.sqrt(2 * (np.sqrt(first * first - log_term / 0.147) - first))


def gamma_like(uniform: np.ndarray, mean: np.ndarray | float, spread: float = 0.4) -> np.ndarray:
    """Return positive durations of the given mean with a lognormal spread, in the unit of `mean`."""
    return mean * np.exp(spread * normal(uniform) - spread * spread / 2)


def to_working_hours(moment: np.ndarray) -> np.ndarray:
    """Move moments of the night (20 to 8 o'clock) to the next morning between 8 and 10, keeping their order."""
    of_day = np.mod(moment, DAY)
    midnight = moment - of_day
    night = np.where(of_day >= 20 * HOUR, of_day - 20 * HOUR, of_day + 4 * HOUR)
    morning = midnight + np.where(of_day >= 20 * HOUR, DAY, 0) + 8 * HOUR + night / 6
    return np.where((of_day >= 20 * HOUR) | (of_day < 8 * HOUR), morning, moment)
