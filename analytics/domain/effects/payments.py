"""Did the small payment (or the coupon after a complaint) cause it: daily trials, doubly robust, later payments weighed out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analytics.domain.effects import checks, doubly, errors, outcomes, trials
from analytics.domain.effects.covariates import Columns, columns_of
from analytics.domain.effects.design import HOURS_A_DAY, Design
from analytics.domain.effects.evidence import Effect, Estimate, judge
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


def effect_of(design: Design, *, seed: int, best: str = "B", notes: tuple[Reason, ...] = ()) -> Effect:
    """Return what the tool did to the orders it was used on, with everything that speaks against believing it.

    `design` is filled from the ledger, `seed` decides which controls are drawn and how folds are cut; the same data and seed
    give the same figures. `best` and `notes` go to `evidence.judge`.
    """
    random = np.random.default_rng(seed)
    course = trials.follow(design)
    rows = trials.draw_rows(design, course, random)
    counted = _counts(design, course, rows, outcomes.outcomes_of(design, course, rows))
    told = {"method": METHOD, "horizon_days": design.horizon_days, "best": best, "notes": notes}
    if not _is_enough(counted):
        return judge(None, counted, **told)
    comparison = compare(design, course, rows, random)
    outside = 1.0 - comparison.is_alike[rows.is_treated].mean()
    comparison = comparison.alike()
    counted = replace(
        _counts(design, course, comparison.rows, comparison.outcome),
        mature_share=counted.mature_share,
        outside_overlap_share=float(outside),
    )
    if not _is_enough(counted):
        return judge(None, counted, **told)
    diagnosed = _diagnosed(design, course, comparison, counted, random)
    estimates = augmented(design, comparison), stratified(comparison)
    return judge(estimates[0], diagnosed, stratified=estimates[1], order_count=len(design), **told)


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


def augmented(design: Design, comparison: Comparison) -> Estimate:
    """Return the doubly robust estimate: weighted controls, each row less what its columns let expect without the tool."""
    rows, fold, values = comparison.rows, comparison.fold, comparison.values
    learnt = ~rows.is_treated & comparison.outcome.is_seen
    weight = comparison.later_weight
    chance = doubly.expected_chance(comparison.matrix_of, comparison.outcome.is_refunded, learnt, weight, fold)
    price = design.receivable_fen[rows.order]

    def of_money(number: int) -> np.ndarray:
        return np.column_stack([comparison.matrix_of(number), chance, chance * price])

    loss = doubly.expected_amount(of_money, values[:, 1], learnt, weight, fold)
    expected = np.stack([chance, loss, np.zeros(len(rows))], axis=1)
    change, influence = doubly.change_of_treated(rows.is_treated, values, expected, comparison.weight)
    return _estimate(comparison, change, influence)


def stratified(comparison: Comparison) -> Estimate:
    """Return the plain estimate: treated against controls of the same stratum, later uses weighed out, no other model."""
    change, influence = doubly.change_in_strata(
        comparison.rows.is_treated, comparison.values, comparison.later_weight, _strata(comparison.columns)
    )
    return _estimate(comparison, change, influence)


def _estimate(comparison: Comparison, change: np.ndarray, influence: np.ndarray) -> Estimate:
    covariance, degrees = errors.of_influence(influence, comparison.cluster)
    treated = int(comparison.rows.is_treated.sum())
    covariance = covariance * treated / max(treated - comparison.columns.count, treated / 2)  # what fitting used up
    return Estimate(change, covariance, float(comparison.values[comparison.rows.is_treated, 0].mean()), degrees)


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


def _counts(design: Design, course: Course, rows: Rows, outcome: outcomes.Outcomes) -> Diagnostics:
    """Return what can be counted before anything is fitted."""
    timed = np.isfinite(course.used_h) & ~design.is_used_untimed
    untimed = int(design.is_used_untimed.sum())
    comes_in_time = timed & (course.used_h <= course.refunded_h) & (course.used_h >= np.nan_to_num(design.start_h, nan=np.inf))
    treated = int(rows.is_treated.sum())
    seen = ~rows.is_treated & outcome.is_seen
    return Diagnostics(
        treated=treated,
        compared=len(np.unique(rows.order[seen])),
        touched=int(timed.sum()) + untimed,
        untimed_share=untimed / max(int(timed.sum()) + untimed, 1),
        mature_share=treated / max(int(comes_in_time.sum()), 1),
        refunds_treated=int(outcome.is_refunded[rows.is_treated].sum()),
        refunds_compared=len(np.unique(rows.order[seen & outcome.is_refunded])),
    )


def _diagnosed(
    design: Design, course: Course, comparison: Comparison, diagnostics: Diagnostics, random: np.random.Generator
) -> Diagnostics:
    """Return the diagnostics with balance, overlap, weights, clusters and the placebo outcome."""
    rows, weight = comparison.rows, comparison.weight
    of_controls = np.where(rows.is_treated, 0.0, weight)
    cluster_count, largest = checks.cluster_spread(comparison.cluster[rows.is_treated])
    return replace(
        diagnostics,
        effective_controls=checks.effective_count(of_controls, rows.order),
        top_weight_share=checks.top_weight_share(of_controls, rows.order),
        worst_smd=checks.worst_smd(comparison.columns.to_balance(), rows.is_treated, weight),
        cluster_count=cluster_count,
        largest_cluster_share=largest,
        placebo_errors=_placebo_errors(design, course, comparison, random),
    )


def _placebo_errors(design: Design, course: Course, comparison: Comparison, random: np.random.Generator) -> float | None:
    """Return by how many standard errors the payment "changed" the refunds of other orders, which it cannot have."""
    refund, is_known = neighbours_refund(design, course, comparison.rows, random)
    treated = comparison.rows.is_treated & is_known
    if min(treated.sum(), (is_known & ~treated).sum()) < LEAST_TO_FIT:
        return None
    ones = np.ones(len(refund))
    expected = doubly.expected_amount(comparison.matrix_of, refund, is_known & ~treated, ones, comparison.fold)
    weight = np.where(is_known, comparison.odds, 0.0)
    kept = is_known
    change, influence = doubly.change_of_treated(treated[kept], refund[kept, None], expected[kept, None], weight[kept])
    covariance, degrees = errors.of_influence(influence, comparison.cluster[kept])
    error = float(np.sqrt(covariance[0, 0]))
    return errors.as_normal(float(change[0]) / error, degrees) if 0 < error < np.inf else None
