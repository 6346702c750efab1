"""Did shipping within a day keep orders? Those that were, against the same without it: clone, censor, weight.

Every order that urges (or is tagged) is cloned into the strategy "not shipped within 24 hours, natural course after" and leaves
it when it ships too early. Whoever stays stands for those who left: with G the chance of not having shipped until then,
1/G orders of the strategy, of which one is itself; so 1/G − 1 stand for the orders that were shipped in time, which are
those the effect is about. A refund before shipment ends the clone's risk of leaving: an order refunded after an hour stands
for next to nobody, which is what takes immortal time out of the comparison.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from analytics.domain import logistic
from analytics.domain.effects import checks, evidence
from analytics.domain.effects.balance import balanced, standardised
from analytics.domain.effects.errors import of_left_out
from analytics.domain.effects.groups import NO_GROUPS, Groups, with_groups
from analytics.domain.effects.rules import Diagnostics, Reason
from analytics.domain.logistic import Logistic

WITHIN_HOURS = 24.0
BLOCK_HOURS = 6.0
BLOCKS = int(WITHIN_HOURS / BLOCK_HOURS)
GRAIN = 0.02  # of a block: so fine that a chance in it is a pace
HORIZON_DAYS = 15
SETTLING_DAYS = 3  # files may lag behind the platform
GROUPS = 30  # of the jackknife
LEAST_CLUSTERS = 2  # in either arm, to say anything of an error
LEAST_TO_FIT = 30  # treated and compared orders; with fewer the rules want counts only
MOST_WEIGHT = 20.0  # an order stands for at most so many
MOST_CHANCE = 0.95  # of shipping in time, beyond which nobody is comparable
STRATA = 5
MOST_ROWS = 400_000  # to fit from; above, every second, third … order and block
AT_BEST_B = "at_best_b"
LANDMARK = Reason("landmark", AT_BEST_B)


@dataclass(frozen=True)
class Shipments:
    """The orders on which a shipping tool could be used, one array entry each; moments datetime64, NaT where it never happened.

    `since` is time zero: the first urge, the tag, or (landmark) the export that first shows the order. `refunded_at` is when
    money first went back; `case_opened_at` and `case_closed_at` belong to the first case open at or after time zero (a parcel
    is held while the buyer asks for the money). `loss_fen` is what cases finished within the horizon cost by the ledger,
    `cost_fen` what the use of the tool itself cost. `cluster` (codes from 0) names orders that may move together,
    `columns` (n, k) is what is known at time zero (`covariates.shipping_columns`).
    """

    since: np.ndarray
    shipped_at: np.ndarray
    refunded_at: np.ndarray
    case_opened_at: np.ndarray
    case_closed_at: np.ndarray
    loss_fen: np.ndarray
    cost_fen: np.ndarray
    cluster: np.ndarray
    columns: np.ndarray

    def __len__(self) -> int:
        return len(self.since)

    def only(self, chosen: np.ndarray) -> Shipments:
        """Return the orders for which `chosen` (n,) holds."""
        return Shipments(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class _Course:
    """The mature orders in hours since time zero: who was at risk of being shipped in time, who was, and what became of them.

    `free` (n, blocks) is the part of each block in which the parcel could have left, `left` where it did; `held_hours` are
    those with an open case, `left_held` who was shipped in them. `outcomes` (n, 2): refunded within the horizon, loss in fen.
    """

    columns: np.ndarray
    free: np.ndarray
    left: np.ndarray
    held_hours: np.ndarray
    left_held: np.ndarray
    is_used: np.ndarray
    outcomes: np.ndarray
    cost_fen: np.ndarray
    group: np.ndarray
    cluster: np.ndarray

    def part(self, members: np.ndarray | None = None) -> _Part:
        """Return the orders of which `members` (n,) holds, else all, in their two arms."""
        arms = (self.is_used, ~self.is_used) if members is None else (self.is_used & members, ~self.is_used & members)
        used, unused = (np.flatnonzero(arm) for arm in arms)
        told = np.column_stack([np.ones(len(used)), self.outcomes[used], self.cost_fen[used], self.columns[used]])
        sums = np.stack([np.bincount(self.group[used], column, minlength=GROUPS) for column in told.T], axis=1)
        return _Part(used, sums, unused, self.columns[unused], self.outcomes[unused], self.group[unused])


@dataclass(frozen=True)
class _Part:
    """The orders of a course that are compared, all or those of one product, say: `used` are the places of those shipped in time.

    `sums` (groups, 4 + k) adds up, by group of the jackknife, how many were used, their outcomes, cost and columns. The others
    (c, …) are the controls': their places, columns, outcomes and group.
    """

    used: np.ndarray
    sums: np.ndarray
    controls: np.ndarray
    columns: np.ndarray
    outcomes: np.ndarray
    group: np.ndarray

    @property
    def groups(self) -> np.ndarray:
        """Return the groups of the jackknife that any of the orders are in."""
        return np.union1d(np.flatnonzero(self.sums[:, 0]), self.group)

    def mean_of_used(self, group: int | None = None) -> np.ndarray:
        """Return refund chance, loss, cost and columns (3 + k,) of those shipped in time, without a group of the jackknife."""
        total = self.sums.sum(axis=0) - (0.0 if group is None else self.sums[group])
        return total[1:] / max(total[0], 1.0)


def judge_shipping(
    orders: Shipments,
    *,
    known_until: np.datetime64,
    is_landmark: bool = False,
    touched: int | None = None,
    untimed_share: float | None = None,
    groups: Groups = NO_GROUPS,
    untimed_groups: Groups = NO_GROUPS,
) -> evidence.Effect:
    """Judge what shipping within 24 hours did to the orders shipped so, within 15 days of time zero (methods §3).

    `known_until` is the end of the data: only orders whose horizon and three days more lie before it enter. `touched` and
    `untimed_share` tell of the tool's orders that have no time zero. Interval by the delete-a-group jackknife over clusters.
    Each of `groups` (codes of the orders; of those without time zero in `untimed_groups`) is judged as the whole.
    """
    is_waiting = _is_waiting(orders)
    waiting = orders.only(is_waiting)
    is_used = _is_shipped_in_time(waiting)
    is_mature = waiting.since + np.timedelta64((HORIZON_DAYS + SETTLING_DAYS) * 24, "h") <= known_until
    course = _course(waiting.only(is_mature))
    judged = {"method": "clone_censor_weight", "horizon_days": HORIZON_DAYS}
    notes = (LANDMARK,) * is_landmark
    everyone = course.part()
    counted = _counts(course, everyone, int(is_used.sum()), touched, untimed_share)
    if not _is_enough(counted):
        return evidence.judge(None, counted, notes=notes, **judged)
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # as in logistic
        model = _Weighted(course)
        ways = model, _Stratified(course, model.chance)
        whole = _judged(course, everyone, ways, counted, notes=notes, **judged)

    def judge_one(dimension: str, group: int) -> evidence.Effect:
        is_own = groups[dimension] == group
        untimed = int((untimed_groups[dimension] == group).sum()) if dimension in untimed_groups else 0
        touched = int(is_own.sum()) + untimed
        members = is_own[is_waiting]
        part = course.part(members[is_mature])
        counted = _counts(course, part, int((is_used & members).sum()), touched, untimed / max(touched, 1))
        return _judged(course, part, ways, counted, **judged) if _is_enough(counted) else evidence.judge(None, counted, **judged)

    of_waiting = {dimension: code[is_waiting] for dimension, code in groups.items()}
    return with_groups(whole, of_waiting, is_used, judge_one)


def _judged(
    course: _Course, part: _Part, ways: tuple[_Weighted, _Stratified], counted: Diagnostics, **told: Any
) -> evidence.Effect:
    """Hold what the orders of a part show against the rules."""
    model, coarse = ways
    diagnosed = replace(counted, **_weighing(course, part, model))
    estimate, other = _estimate(part, model), _estimate(part, coarse)
    return evidence.judge(estimate, diagnosed, stratified=other, order_count=len(part.used) + len(part.controls), **told)


def _counts(course: _Course, part: _Part, used: int, touched: int | None, untimed_share: float | None) -> Diagnostics:
    """Return what can be counted before anything is fitted; `used` are those shipped in time, old enough or not."""
    counted = Diagnostics(
        treated=len(part.used),
        compared=len(part.controls),
        touched=touched,
        untimed_share=untimed_share,
        mature_share=len(part.used) / max(used, 1),
        refunds_treated=float(course.outcomes[part.used, 0].sum()),
        refunds_compared=float(part.outcomes[:, 0].sum()),
    )
    if min(counted.treated, counted.compared) < LEAST_TO_FIT:
        return counted
    return replace(counted, **_clustering(course, part))


def _is_enough(counted: Diagnostics) -> bool:
    """Say whether there is enough to fit anything to; where not, the rules want counts."""
    return counted.cluster_count is not None and counted.cluster_count >= LEAST_CLUSTERS


def _is_waiting(orders: Shipments) -> np.ndarray:
    """Say which orders are neither shipped nor refunded at time zero; one without a time zero is not."""
    return ~np.isnat(orders.since) & ~(orders.shipped_at <= orders.since) & ~(orders.refunded_at <= orders.since)


def _is_shipped_in_time(orders: Shipments) -> np.ndarray:
    """Say which were shipped within 24 hours; a parcel that leaves after the money went back is a mistake, no shipment."""
    within = orders.shipped_at <= orders.since + np.timedelta64(int(WITHIN_HOURS), "h")
    return within & ~(orders.refunded_at < orders.shipped_at)


def _course(orders: Shipments) -> _Course:
    is_used = _is_shipped_in_time(orders)
    refunded = _hours(orders.refunded_at, orders.since)
    shipped = np.where(is_used, _hours(orders.shipped_at, orders.since), np.inf)
    end = np.minimum(np.minimum(shipped, refunded), WITHIN_HOURS)
    opened = np.maximum(_hours(orders.case_opened_at, orders.since), 0.0)
    closed = np.where(np.isinf(opened), np.inf, np.maximum(_hours(orders.case_closed_at, orders.since), opened))
    held = _overlap(np.minimum(opened, end), np.minimum(closed, end))
    is_held = is_used & (opened < shipped) & (shipped <= closed)
    free = _overlap(np.zeros(len(end)), end) - held
    pace = _pace(orders, free, is_used)
    block = np.minimum(np.where(is_used, shipped, 0.0) // BLOCK_HOURS, BLOCKS - 1).astype(int)
    left = (block[:, None] == np.arange(BLOCKS)) & (is_used & ~is_held)[:, None]
    outcomes = np.column_stack([refunded <= HORIZON_DAYS * 24, orders.loss_fen]).astype(float)
    return _Course(
        columns=standardised(orders.columns),
        free=(free * pace).reshape(len(orders), BLOCKS, int(BLOCK_HOURS)).sum(axis=2) / BLOCK_HOURS,
        left=left,
        held_hours=held.sum(axis=1),
        left_held=is_held,
        is_used=is_used,
        outcomes=outcomes,
        cost_fen=np.asarray(orders.cost_fen, dtype=float),
        group=_groups(orders.cluster, is_used),
        cluster=orders.cluster,
    )


def _rows(course: _Course, chosen: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return columns, weight and order of the chosen orders and blocks (n, blocks); of very many every second, third …"""
    order, block = np.nonzero(chosen)
    step = max(-(-len(order) // MOST_ROWS), 1)
    order, block = order[::step], block[::step]
    columns = np.column_stack([course.columns[order], block[:, None] == np.arange(1, BLOCKS)])
    return columns, weight[order, block] * step, order


class _Way(ABC):
    """A way to weigh the controls: by itself for all of them, once for each group of the jackknife, then fitted to each part."""

    def __init__(self, course: _Course) -> None:
        self.course = course
        self.controls = np.flatnonzero(~course.is_used)
        self._place = np.cumsum(~course.is_used) - 1
        self._known: dict[int | None, np.ndarray] = {}

    def weights(self, part: _Part, group: int | None = None) -> np.ndarray:
        """Return how many treated orders each control of a part stands for, as if a group of the jackknife were not there."""
        if group not in self._known:
            self._known[group] = np.minimum(np.expm1(self.hazard(group)), MOST_WEIGHT)
        weight = self._known[group][self._place[part.controls]] * (part.group != group)
        return self.fitted(weight, part, group)

    @abstractmethod
    def hazard(self, group: int | None) -> np.ndarray:
        """Return the summed-up pace of leaving of every control (c,) over its time at risk."""

    @abstractmethod
    def fitted(self, weight: np.ndarray, part: _Part, group: int | None) -> np.ndarray:
        """Return the weights of a part's controls moved to what its treated are like."""


class _Weighted(_Way):
    """Weights from one logistic model of the pace of leaving, by block of six hours; an open case has one pace of its own.

    A row is the time at risk of an order in a block, counted in grains in which it did not leave; each leaving is one more.
    """

    def __init__(self, course: _Course) -> None:
        super().__init__(course)
        rows = [_rows(course, course.left, course.left), _rows(course, course.free > 0, course.free / GRAIN)]
        columns, weight, order = (np.concatenate(parts) for parts in zip(*rows, strict=True))
        is_left = np.arange(len(order)) < len(rows[0][2])
        self.model = logistic.fit(columns, is_left, weight)
        self.held = np.stack(
            [np.bincount(course.group, counted, minlength=GROUPS) for counted in (course.left_held, course.held_hours)]
        )
        self.without = logistic.without_groups(self.model, columns, is_left, weight, course.group[order], GROUPS)

    def hazard(self, group: int | None) -> np.ndarray:
        """Return the summed-up pace of leaving of every control (c,) over its time at risk."""
        model, course = self.model if group is None else self.without[group], self.course
        left, hours = self.held.sum(axis=1) - (0.0 if group is None else self.held[:, group])
        stay = _log_stay(model, course.columns[self.controls], course.free[self.controls])
        return left / max(hours, 1.0) * course.held_hours[self.controls] - stay

    def fitted(self, weight: np.ndarray, part: _Part, group: int | None) -> np.ndarray:
        """Return the weights of a part's controls moved until they have the columns of its treated."""
        return balanced(weight, part.columns, part.mean_of_used(group)[3:])

    @cached_property
    def chance(self) -> np.ndarray:
        """The chance of every order of being shipped in time, were it never refunded."""
        return -np.expm1(_log_stay(self.model, self.course.columns, np.ones_like(self.course.free)))


class _Stratified(_Way):
    """The coarser way: five strata of the chance of being shipped in time, and in each the plain share leaving by block."""

    def __init__(self, course: _Course, chance: np.ndarray) -> None:
        super().__init__(course)
        edges = np.quantile(chance[course.is_used], np.linspace(0, 1, STRATA + 1)[1:-1])
        self.stratum = np.searchsorted(edges, chance)
        self.left = self._by_group(course.left)
        self.at_risk = self._by_group(course.free)

    def hazard(self, group: int | None) -> np.ndarray:
        """Return the summed-up pace of leaving of every control (c,) over its time at risk."""
        left, at_risk = (counts.sum(axis=1) - (0 if group is None else counts[:, group]) for counts in (self.left, self.at_risk))
        pace = left / np.maximum(at_risk, 1.0)
        return (self.course.free[self.controls] * pace[self.stratum[self.controls]]).sum(axis=1)

    def fitted(self, weight: np.ndarray, part: _Part, group: int | None) -> np.ndarray:
        """Return the weights of a part's controls with as much in each stratum as it has treated there."""
        used = part.used if group is None else part.used[self.course.group[part.used] != group]
        stratum = self.stratum[part.controls]
        sums, wanted = (np.bincount(*counts, minlength=STRATA) for counts in ((stratum, weight), (self.stratum[used],)))
        return weight * (wanted / np.where(sums > 0, sums, np.inf))[stratum]

    def _by_group(self, counted: np.ndarray) -> np.ndarray:
        """Return sums (strata, groups, k) of `counted` (n, k)."""
        cell = self.stratum * GROUPS + self.course.group
        sums = [np.bincount(cell, column, minlength=STRATA * GROUPS) for column in counted.T.astype(float)]
        return np.stack(sums, axis=1).reshape(STRATA, GROUPS, -1)


def _estimate(part: _Part, way: _Way) -> evidence.Estimate:
    """Return the change for those shipped in time, with the covariance of the estimates that leave out a group each."""
    left_out = [_change(part, way.weights(part, group), group) for group in part.groups]
    covariance, degrees = of_left_out(np.array(left_out))
    return evidence.Estimate(_change(part, way.weights(part)), covariance, float(part.mean_of_used()[0]), degrees)


def _change(part: _Part, weight: np.ndarray, group: int | None = None) -> np.ndarray:
    """Return refund chance, loss and cost (3,) of the treated less those of the weighted controls, a group left out."""
    unused = weight @ part.outcomes / max(weight.sum(), 1e-12)
    return part.mean_of_used(group)[:3] - np.append(unused, 0.0)


def _log_stay(model: Logistic, columns: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Return the logarithm of the chance of not leaving in the part of each block in which an order is at risk."""
    split = columns.shape[1]
    odds = (model.intercept + columns @ model.slopes[:split])[:, None] + np.append(0.0, model.slopes[split:])
    return -(free / GRAIN * np.logaddexp(0.0, odds)).sum(axis=1)


def _weighing(course: _Course, part: _Part, model: _Weighted) -> dict[str, float]:
    """Return what the rules ask of the weights: effective controls, weight of the heaviest 1 %, overlap, balance."""
    weight = model.weights(part)
    place = np.concatenate([part.used, part.controls])
    is_used = np.arange(len(place)) < len(part.used)
    everyone = np.concatenate([np.zeros(len(part.used)), weight])
    return {
        "effective_controls": checks.effective_count(weight, np.arange(len(weight))),
        "top_weight_share": checks.top_weight_share(weight, np.arange(len(weight))),
        "outside_overlap_share": float((model.chance[part.used] > MOST_CHANCE).mean()),
        "worst_smd": checks.worst_smd(course.columns[place], is_used, everyone),
    }


def _clustering(course: _Course, part: _Part) -> dict[str, float]:
    """Return in how many clusters the arm is that is in fewer of them, and the largest cluster's share of the treated.

    Where all clusters of an arm fell to one group of the jackknife there is no error to be had: they count as one.
    """
    count, largest_share = checks.cluster_spread(course.cluster[part.used])
    count = min(count, checks.cluster_spread(course.cluster[part.controls])[0])
    dealt = min(np.count_nonzero(part.sums[:, 0]), len(np.unique(part.group)))
    return {"cluster_count": min(count, dealt) if dealt < LEAST_CLUSTERS else count, "largest_cluster_share": largest_share}


def _groups(cluster: np.ndarray, is_used: np.ndarray) -> np.ndarray:
    """Deal the clusters into groups, those with most treated orders first and back and forth; whole clusters only."""
    if len(cluster) == 0:
        return np.zeros(0, dtype=int)
    size = np.bincount(cluster)
    rank = np.empty(len(size), dtype=int)
    rank[np.lexsort((-size, -np.bincount(cluster, is_used)))] = np.arange(len(size))
    turn, place = rank // GROUPS, rank % GROUPS
    return np.where(turn % 2 == 1, GROUPS - 1 - place, place)[cluster]


def _overlap(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return how much of each of the 24 hours lies between `start` and `end` (n,): (n, 24)."""
    hour = np.arange(WITHIN_HOURS)
    return np.clip(np.minimum(end[:, None], hour + 1) - np.maximum(start[:, None], hour), 0.0, None)


def _pace(orders: Shipments, free: np.ndarray, is_used: np.ndarray) -> np.ndarray:
    """Return how fast parcels leave at the hour of the day that each of the 24 hours (n, 24) mostly is, 1 on average.

    Warehouses sleep: of an order urged in the evening nothing is learnt until the morning, and who is refunded by then
    stands for nobody.
    """
    of_day = (orders.since - orders.since.astype("datetime64[D]")) / np.timedelta64(1, "h")
    hour = (np.floor(of_day + 0.5)[:, None] + np.arange(WITHIN_HOURS)).astype(int) % 24
    time = np.bincount(hour.ravel(), free.ravel(), minlength=24)
    left = (orders.shipped_at[is_used] - orders.shipped_at[is_used].astype("datetime64[D]")) // np.timedelta64(1, "h")
    overall = is_used.sum() / max(time.sum(), 1.0)
    pace = (np.bincount(left.astype(int), minlength=24) + overall) / (time + 1.0)
    return (pace / max(overall, 1e-12))[hour]


def _hours(moment: np.ndarray, since: np.ndarray) -> np.ndarray:
    """Return hours from `since` on, infinite where the moment never came."""
    hours = (moment - since) / np.timedelta64(1, "h")
    return np.where(np.isnat(moment), np.inf, hours)
