"""Did the small payment (or the coupon after a complaint) cause it: daily trials, doubly robust, later payments weighed out."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from analytics.domain.effects import checks, doubly, errors, outcomes, trials
from analytics.domain.effects.balance import balanced, standardised
from analytics.domain.effects.covariates import Columns, columns_of
from analytics.domain.effects.design import HOURS_A_DAY, Design
from analytics.domain.effects.evidence import Effect, Estimate, judge
from analytics.domain.effects.groups import NO_GROUPS, Groups, with_groups
from analytics.domain.effects.neighbours import neighbours_refund
from analytics.domain.effects.rules import Diagnostics, Reason
from analytics.domain.effects.trials import Course, Rows

METHOD = "daily_trials"
LEAST_TO_FIT = 30  # treated and compared orders; with fewer the rules want counts only
LEAST_REFUNDS_TO_FIT = 10
CLOCK_BANDS_H = (2.0 * HOURS_A_DAY, 5.0 * HOURS_A_DAY, 10.0 * HOURS_A_DAY)


@dataclass(frozen=True)
class Comparison:
    """Everything an estimate is made of, one entry a row (r,): who, columns, what became of them, odds, weights, cluster, fold.

    `later_weight` stands for those like it that left when used later.
    """

    rows: Rows
    columns: Columns
    outcome: outcomes.Outcomes
    cost_fen: np.ndarray
    odds: np.ndarray
    later_weight: np.ndarray
    cluster: np.ndarray
    fold: np.ndarray

    def matrix_of(self, fold: int) -> np.ndarray:
        """Return the columns (r, k) as the model asked about a fold may know them."""
        return self.columns.matrix_without(fold)

    @property
    def is_alike(self) -> np.ndarray:
        """Say which rows (r,) have somebody to be compared with."""
        return checks.is_alike(self.odds, self.rows.is_treated)

    def alike(self) -> Comparison:
        """Return the comparison within the overlap: what is known of the treated that nobody is like is left out."""
        kept = self.is_alike
        taken = {name: getattr(self, name).taken(kept) for name in ("rows", "columns", "outcome")}
        plain = ("cost_fen", "odds", "later_weight", "cluster", "fold")
        return Comparison(**taken, **{name: getattr(self, name)[kept] for name in plain})

    @property
    def weight(self) -> np.ndarray:
        """Return what each row counts (r,): a control as many treated as it is like, and those like it that left."""
        return np.where(self.rows.is_treated, 1.0, self.odds * self.later_weight)

    @property
    def values(self) -> np.ndarray:
        """Return refunded, loss and cost (r, 3) of each row; only treated have a cost."""
        cost = np.where(self.rows.is_treated, self.cost_fen, 0)
        return np.stack([self.outcome.is_refunded, self.outcome.loss_fen, cost], axis=1).astype(float)


@dataclass(frozen=True)
class Worked:
    """A comparison worked out, one entry a row (r,); a group's is the rows of its orders.

    `values` and `expected` (r, 3) are refund, loss and cost as they came and as they were to be expected without the tool, by
    models of all orders. `weight` makes controls like the treated, `later_weight` within a `stratum` does so without a model,
    `odds` without the weight of those that left. `to_balance` (r, m) must be alike, standardised. `neighbour`: whether another
    order, which the tool cannot have touched, was refunded. `widening` of variances is what fitting used up.
    """

    order: np.ndarray
    is_treated: np.ndarray
    values: np.ndarray
    expected: np.ndarray
    weight: np.ndarray
    later_weight: np.ndarray
    odds: np.ndarray
    stratum: np.ndarray
    cluster: np.ndarray
    to_balance: np.ndarray
    neighbour: np.ndarray
    neighbour_expected: np.ndarray
    has_neighbour: np.ndarray
    widening: float

    def of_group(self, kept: np.ndarray) -> Worked:
        """Return the rows that are kept, the controls' weights moved until they have the columns of these treated."""
        arrays = {field.name: getattr(self, field.name)[kept] for field in fields(self) if field.name != "widening"}
        group = replace(self, **arrays)
        control, weight = ~group.is_treated, group.weight.copy()
        target = group.to_balance[group.is_treated].mean(axis=0)
        weight[control] = balanced(weight[control], group.to_balance[control], target)
        return replace(group, weight=weight)


def effect_of(
    design: Design, *, seed: int, best: str = "B", notes: tuple[Reason, ...] = (), groups: Groups = NO_GROUPS
) -> Effect:
    """Return what the tool did to the orders it was used on, with everything that speaks against believing it.

    `design` is filled from the ledger, `seed` decides which controls are drawn and how folds are cut; the same data and seed
    give the same figures. `best` and `notes` go to `evidence.judge`; each of `groups` (codes of the orders) is judged as the
    whole is, by models of all orders.
    """
    random = np.random.default_rng(seed)
    course = trials.follow(design)
    rows = trials.draw_rows(design, course, random)
    outcome = outcomes.outcomes_of(design, course, rows)
    told = {"method": METHOD, "horizon_days": design.horizon_days}
    counted = _counts(design, course, rows, outcome)
    if not _is_enough(counted):
        return judge(None, counted, best=best, notes=notes, **told)
    comparison = compare(design, course, rows, random).alike()

    def counts_of(members: np.ndarray) -> Diagnostics:
        entered = int(members[rows.order[rows.is_treated]].sum())
        kept = members[comparison.rows.order]
        return _counts(design, course, comparison.rows.taken(kept), comparison.outcome.taken(kept), members, entered)

    everyone = np.ones(len(design), dtype=bool)
    counted = counts_of(everyone)
    if not _is_enough(counted):
        return judge(None, counted, best=best, notes=notes, **told)
    worked = work_out(design, course, comparison, random)
    whole = _judged(worked, counted, len(design), best=best, notes=notes, **told)

    def judge_one(dimension: str, group: int) -> Effect:
        members = groups[dimension] == group
        counted = counts_of(members)
        if not _is_enough(counted):
            return judge(None, counted, best=best, **told)
        return _judged(worked.of_group(members[worked.order]), counted, int(members.sum()), best=best, **told)

    return with_groups(whole, groups, _is_used_in_time(design, course), judge_one)


def compare(design: Design, course: Course, rows: Rows, random: np.random.Generator) -> Comparison:
    """Put columns, outcomes, odds and weights beside the rows."""
    cluster = design.clusters()
    fold = doubly.folds_of(cluster, random)
    columns = columns_of(design, course, rows, fold)
    outcome, own_fold = outcomes.outcomes_of(design, course, rows), fold[rows.order]
    likeness = doubly.likeness(columns.matrix_without, rows.is_treated, own_fold)
    later = outcomes.later_weights(rows, outcome, columns, likeness.models, own_fold, course.open_time)
    cost = design.cost_fen[rows.order]
    return Comparison(rows, columns, outcome, cost, likeness.odds, later, cluster[rows.order], own_fold)


def work_out(design: Design, course: Course, comparison: Comparison, random: np.random.Generator) -> Worked:
    """Work out once, for the whole and for every group, what each row lets expect, its stratum and its neighbour."""
    rows = comparison.rows
    neighbour, has_neighbour = neighbours_refund(design, course, rows, random)
    learnt, ones = has_neighbour & ~rows.is_treated, np.ones(len(rows))
    is_askable = min((has_neighbour & rows.is_treated).sum(), learnt.sum()) >= LEAST_TO_FIT
    treated = int(rows.is_treated.sum())
    return Worked(
        order=rows.order,
        is_treated=rows.is_treated,
        values=comparison.values,
        expected=expected_of(design, comparison),
        weight=comparison.weight,
        later_weight=comparison.later_weight,
        odds=comparison.odds,
        stratum=_strata(comparison.columns),
        cluster=comparison.cluster,
        to_balance=standardised(comparison.columns.to_balance()),
        neighbour=neighbour,
        neighbour_expected=doubly.expected_amount(comparison.matrix_of, neighbour, learnt, ones, comparison.fold)
        if is_askable
        else np.zeros(len(rows)),
        has_neighbour=has_neighbour,
        widening=treated / max(treated - comparison.columns.count, treated / 2),
    )


def expected_of(design: Design, comparison: Comparison) -> np.ndarray:
    """Return what each row's columns let expect without the tool (r, 3): refund chance, loss, cost."""
    rows, fold, values = comparison.rows, comparison.fold, comparison.values
    learnt = ~rows.is_treated & comparison.outcome.is_seen
    weight = comparison.later_weight
    chance = doubly.expected_chance(comparison.matrix_of, comparison.outcome.is_refunded, learnt, weight, fold)
    price = design.receivable_fen[rows.order]

    def of_money(number: int) -> np.ndarray:
        return np.column_stack([comparison.matrix_of(number), chance, chance * price])

    loss = doubly.expected_amount(of_money, values[:, 1], learnt, weight, fold)
    return np.stack([chance, loss, np.zeros(len(rows))], axis=1)


def augmented(worked: Worked) -> Estimate:
    """Return the doubly robust estimate: weighted controls, each row less what its columns let expect without the tool."""
    return _estimate(worked, *doubly.change_of_treated(worked.is_treated, worked.values, worked.expected, worked.weight))


def stratified(worked: Worked) -> Estimate | None:
    """Return the plain estimate: treated against controls of the same stratum, later uses weighed out, no other model.

    None where fewer than 30 treated have a control in their stratum, which a small group may come to.
    """
    has_control = np.isin(worked.stratum, worked.stratum[~worked.is_treated & (worked.later_weight > 0)])
    if (worked.is_treated & has_control).sum() < LEAST_TO_FIT:
        return None
    return _estimate(worked, *doubly.change_in_strata(worked.is_treated, worked.values, worked.later_weight, worked.stratum))


def _judged(worked: Worked, counted: Diagnostics, order_count: int, **told: Any) -> Effect:
    diagnosed = _diagnosed(worked, counted)
    return judge(augmented(worked), diagnosed, stratified=stratified(worked), order_count=order_count, **told)


def _estimate(worked: Worked, change: np.ndarray, influence: np.ndarray) -> Estimate:
    covariance, degrees = errors.of_influence(influence, worked.cluster)
    return Estimate(change, covariance * worked.widening, float(worked.values[worked.is_treated, 0].mean()), degrees)


def _strata(columns: Columns) -> np.ndarray:
    """Return the stratum of each row: case open, how long, late, half of prices, third of the product's refund rates."""
    parts = [columns.is_open.astype(np.int64), np.digitize(columns.clock_h, CLOCK_BANDS_H)]
    for name, shares in (("is_late", (0.5,)), ("log_price", (0.5,)), ("product_refund_rate", (1 / 3, 2 / 3))):
        if name in columns.names:
            column = columns.fixed[:, columns.names.index(name)]
            edges = (0.5,) if name == "is_late" else np.quantile(column, shares)
            parts.append(np.digitize(column, edges))
    return np.unique(np.stack(parts, axis=1), axis=0, return_inverse=True)[1].ravel()


def _is_enough(counted: Diagnostics) -> bool:
    """Say whether there is enough to fit anything to; where not, the rules want counts."""
    refunds = counted.fewest_refunds or 0
    return min(counted.treated, counted.compared) >= LEAST_TO_FIT and refunds >= LEAST_REFUNDS_TO_FIT


def _is_used_in_time(design: Design, course: Course) -> np.ndarray:
    """Say on which orders (n,) the tool was used at a known time, and before any refund."""
    timed = np.isfinite(course.used_h) & ~design.is_used_untimed
    return timed & (course.used_h <= course.refunded_h) & (course.used_h >= np.nan_to_num(design.start_h, nan=np.inf))


def _counts(
    design: Design,
    course: Course,
    rows: Rows,
    outcome: outcomes.Outcomes,
    members: np.ndarray | None = None,
    entered: int | None = None,
) -> Diagnostics:
    """Return what can be counted before anything is fitted: of the orders that are `members` (n,), else of all.

    `rows` are theirs; `entered` is how many of them were treated before those without anybody like them were left out.
    """
    untimed = design.is_used_untimed if members is None else design.is_used_untimed & members
    timed = np.isfinite(course.used_h) & ~design.is_used_untimed
    in_time = _is_used_in_time(design, course)
    if members is not None:
        timed, in_time = timed & members, in_time & members
    treated = int(rows.is_treated.sum())
    seen = ~rows.is_treated & outcome.is_seen
    touched = int(timed.sum()) + int(untimed.sum())
    return Diagnostics(
        treated=treated,
        compared=len(np.unique(rows.order[seen])),
        touched=touched,
        untimed_share=int(untimed.sum()) / max(touched, 1),
        mature_share=(treated if entered is None else entered) / max(int(in_time.sum()), 1),
        refunds_treated=int(outcome.is_refunded[rows.is_treated].sum()),
        refunds_compared=len(np.unique(rows.order[seen & outcome.is_refunded])),
        outside_overlap_share=1.0 - treated / entered if entered else None,
    )


def _diagnosed(worked: Worked, counted: Diagnostics) -> Diagnostics:
    """Return the diagnostics with balance, overlap, weights, clusters and the placebo outcome."""
    of_controls = np.where(worked.is_treated, 0.0, worked.weight)
    cluster_count, largest = checks.cluster_spread(worked.cluster[worked.is_treated])
    return replace(
        counted,
        effective_controls=checks.effective_count(of_controls, worked.order),
        top_weight_share=checks.top_weight_share(of_controls, worked.order),
        worst_smd=checks.worst_smd(worked.to_balance, worked.is_treated, worked.weight),
        cluster_count=cluster_count,
        largest_cluster_share=largest,
        placebo_errors=_placebo_errors(worked),
    )


def _placebo_errors(worked: Worked) -> float | None:
    """Return by how many standard errors the payment "changed" the refunds of other orders, which it cannot have."""
    kept = worked.has_neighbour
    treated = worked.is_treated[kept]
    if min(treated.sum(), (~treated).sum()) < LEAST_TO_FIT:
        return None
    refund, expected = worked.neighbour[kept, None], worked.neighbour_expected[kept, None]
    change, influence = doubly.change_of_treated(treated, refund, expected, worked.odds[kept])
    covariance, degrees = errors.of_influence(influence, worked.cluster[kept])
    error = float(np.sqrt(covariance[0, 0]))
    return errors.as_normal(float(change[0]) / error, degrees) if 0 < error < np.inf else None
