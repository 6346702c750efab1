"""What a tool did in groups of orders, of one product, say: which are worth asking, and whether they differ at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from analytics.domain.effects.evidence import Effect
from analytics.domain.effects.rules import AT_BEST_C, GRADES, Reason

MOST_GROUPS = 20  # of a dimension: with more, even luck has its heroes
LEAST_TREATED = 30  # with fewer the rules want counts, so nobody need ask
SURELY_APART = 0.01  # a chance below it; with several tools and dimensions one at 5 % would be luck
Groups = Mapping[str, np.ndarray]  # by dimension the group of each order (n,), as codes from 0
NO_GROUPS: Groups = {}


def worth_asking(code: np.ndarray, is_treated: np.ndarray) -> list[int]:
    """Return the codes of the groups with most treated orders, most first: at most 20, of at least 30 each.

    `code`, `is_treated` (n,) are of the orders; treated are those on which the tool was used, old enough to tell or not, so
    that a group too young is asked and says so.
    """
    treated = np.bincount(code[is_treated])
    ranked = np.argsort(-treated, kind="stable")[:MOST_GROUPS]
    return [int(group) for group in ranked if treated[group] >= LEAST_TREATED]


def with_groups(whole: Effect, groups: Groups, is_treated: np.ndarray, judge_one: Callable[[str, int], Effect]) -> Effect:
    """Return an effect with those of its groups, `judge_one` (dimension, code → effect) asked for each worth it.

    Where the whole can't be told no group is asked; no group's grade is better than the whole's.
    """
    if whole.effect is None:
        return whole
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # as in logistic
        found = {
            dimension: {group: _at_best(judge_one(dimension, group), whole) for group in worth_asking(code, is_treated)}
            for dimension, code in groups.items()
        }
    return replace(whole, groups=found, alike={name: chance_alike(effects.values()) for name, effects in found.items()})


def chance_alike(effects: Iterable[Effect]) -> float | None:
    """Return the chance (0–1) of differences as large as these between groups that all have one effect; None: fewer than two.

    Only groups that can be told count. Cochran's Q = Σ w (θ − θ̄)² with w = 1 ÷ error² and θ̄ the mean by w (Cochran 1954).
    As the errors are estimates themselves, from so many clusters, Q ÷ (k − 1) is held against F with Welch's second degrees
    of freedom (Welch 1951); for endless ones that is χ² with k − 1.
    """
    from scipy.special import chdtrc, fdtrc  # as in errors

    told = [effect for effect in effects if effect.effect is not None and effect.error]
    if len(told) < 2:
        return None
    change = np.array([effect.effect.value for effect in told])
    weight = np.array([1.0 / effect.error**2 for effect in told])
    degrees = np.array([effect.degrees for effect in told])
    count, share = len(told), weight / weight.sum()
    cochran = float(weight @ (change - share @ change) ** 2)
    loose = float(((1 - share) ** 2 / degrees).sum())
    if loose == 0:
        return float(chdtrc(count - 1, cochran))
    scale = 1 + 2 * (count - 2) / (count**2 - 1) * loose
    return float(fdtrc(count - 1, (count**2 - 1) / (3 * loose), cochran / (count - 1) / scale))


def _at_best(effect: Effect, whole: Effect) -> Effect:
    """Return a group's effect with a grade no better than that of the whole, and the reason where that lowers it."""
    if GRADES.index(effect.grade) >= GRADES.index(whole.grade):
        return effect
    return replace(effect, grade=whole.grade, reasons=(Reason("as_the_whole", AT_BEST_C), *effect.reasons))
