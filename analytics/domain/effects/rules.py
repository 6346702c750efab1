"""When an effect can't be told: the rules of methods §3, one row each, and the grade they leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter, gt, lt

GRADES = "ABCD"  # randomised; all rules passed; stratified only or one warning; counts
CANNOT_TELL, AT_BEST_C, ONE_DOWN = "cannot_tell", "at_best_c", "one_down"
LEAST_HALF_WIDTH = 0.05  # an interval of ± 5 pp is never too wide
LEAST_GAP_SHARE = 0.25  # two estimates nearer than a quarter of the effect do not contradict each other


@dataclass(frozen=True)
class Diagnostics:
    """What the rules look at. Counts are of orders, shares 0–1; None where a method has no such figure, and its rule is silent.

    `treated` and `compared` are comparable and mature; `touched` are all orders that the tool touched, as far as known.
    `worst_smd` is the largest weighted |standardised mean difference| over the covariates, `placebo_errors` how many standard
    errors an outcome moved that the tool cannot move. `half_width`, `base_rate`, `gap_errors` and `gap_share` are filled in
    by `evidence.judge`.
    """

    treated: int
    compared: int
    touched: int | None = None
    untimed_share: float | None = None
    mature_share: float | None = None
    refunds_treated: float | None = None
    refunds_compared: float | None = None
    effective_controls: float | None = None
    top_weight_share: float | None = None
    outside_overlap_share: float | None = None
    worst_smd: float | None = None
    cluster_count: int | None = None
    largest_cluster_share: float | None = None
    placebo_errors: float | None = None
    half_width: float | None = None
    base_rate: float | None = None
    gap_errors: float | None = None
    gap_share: float | None = None
    split_chance: float | None = None

    @property
    def fewest_refunds(self) -> float | None:
        """Return the refunds of the arm that has fewer of them."""
        known = [count for count in (self.refunds_treated, self.refunds_compared) if count is not None]
        return min(known, default=None)

    @property
    def widest_half_width(self) -> float | None:
        """Return how wide half the interval may be: 5 pp, or half the base rate where that is more."""
        return None if self.base_rate is None else max(LEAST_HALF_WIDTH, self.base_rate / 2)

    @property
    def gap_that_counts(self) -> float | None:
        """Return by how many joint errors two estimates differ, 0 where they differ by little of the effect."""
        if self.gap_errors is None or self.gap_share is None:
            return None
        return self.gap_errors if self.gap_share > LEAST_GAP_SHARE else 0.0


@dataclass(frozen=True)
class Reason:
    """Why a card says what it says: the id of its sentence, the figure found, the limit it broke, and what follows.

    `figure` names what `value` is, so that a card can write it (a share in percent, a count as it stands); a reason that
    is no rule (nothing to compare with, a landmark) has neither figure nor value nor limit.
    """

    id: str
    consequence: str = CANNOT_TELL
    figure: str | None = None
    value: float | None = None
    limit: float | None = None


@dataclass(frozen=True)
class Rule:
    """One rule: it is broken when `breaks(figure, limit)`; a figure that is None breaks nothing."""

    id: str
    figure: str
    breaks: Callable[[float, float], bool]
    limit: float | str  # a number, or the name of the figure that sets it
    consequence: str = CANNOT_TELL

    def reason(self, diagnostics: Diagnostics) -> Reason | None:
        """Return the reason that the rule gives, None where it is kept or does not apply."""
        value = attrgetter(self.figure)(diagnostics)
        limit = attrgetter(self.limit)(diagnostics) if isinstance(self.limit, str) else self.limit
        if value is None or limit is None or not self.breaks(value, limit):
            return None
        return Reason(self.id, self.consequence, self.figure, float(value), float(limit))


RULES = (
    Rule("untimed", "untimed_share", gt, 0.05),
    Rule("immature", "mature_share", lt, 0.5),
    Rule("few_treated", "treated", lt, 30),
    Rule("few_compared", "compared", lt, 30),
    Rule("small", "treated", lt, 100, AT_BEST_C),
    Rule("small_compared", "compared", lt, 100, AT_BEST_C),
    Rule("few_refunds", "fewest_refunds", lt, 10),
    Rule("few_controls", "effective_controls", lt, 200),
    Rule("heavy_weights", "top_weight_share", gt, 0.20),
    Rule("no_overlap", "outside_overlap_share", gt, 0.30),
    Rule("imbalance", "worst_smd", gt, 0.10),
    Rule("few_clusters", "cluster_count", lt, 15),
    Rule("one_cluster", "largest_cluster_share", gt, 0.30),
    Rule("wide", "half_width", gt, "widest_half_width"),
    Rule("disagree", "gap_that_counts", gt, 3.0),
    Rule("placebo", "placebo_errors", gt, 2.58, ONE_DOWN),  # two-sided 1 %, so that one sound run in a hundred is marked down
    Rule("split", "split_chance", lt, 0.001),  # a hold-out whose split is none: its χ² has a chance below this
)
_SMALL_OF_FEW = {"few_treated": "small", "few_compared": "small_compared"}
SMALL = tuple(_SMALL_OF_FEW.values())  # 30 to 100 orders on a side


def broken(diagnostics: Diagnostics) -> tuple[Reason, ...]:
    """Return the reasons of all rules that are broken, in the order of the table; few of a side are not small as well."""
    found = tuple(reason for rule in RULES if (reason := rule.reason(diagnostics)) is not None)
    implied = {_SMALL_OF_FEW[reason.id] for reason in found if reason.id in _SMALL_OF_FEW}
    return tuple(reason for reason in found if reason.id not in implied)


def grade_of(best: str, reasons: tuple[Reason, ...]) -> str:
    """Return the grade left of the best that a method can have: D where it can't tell, C at best, or a grade down each."""
    if any(reason.consequence == CANNOT_TELL for reason in reasons):
        return "D"
    at_best = "C" if any(reason.consequence == AT_BEST_C for reason in reasons) else best
    down = sum(reason.consequence == ONE_DOWN for reason in reasons)
    return GRADES[min(max(GRADES.index(best), GRADES.index(at_best)) + down, len(GRADES) - 1)]
