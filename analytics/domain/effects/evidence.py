"""What is known of a tool's effect: figures with intervals, the grade with its reasons, and how it may be read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from analytics.domain.effects.errors import margin
from analytics.domain.effects.rules import CANNOT_TELL, SMALL, Diagnostics, Reason, broken, grade_of

WIDENED_FROM_ORDERS = 200_000  # above, the model's own error is no longer small beside chance
FEWER, MORE, NO_EVIDENCE = "fewer_refunds", "more_refunds", "no_evidence"
EARNS, LOSES = "earns", "loses"


@dataclass(frozen=True)
class Figure:
    """An estimate and its 95 % interval."""

    value: float
    low: float
    high: float

    def times(self, factor: float) -> Figure:
        """Return the figure in another unit; a negative factor turns the interval round."""
        low, high = sorted((self.low * factor, self.high * factor))
        return Figure(self.value * factor, low, high)


@dataclass(frozen=True)
class Estimate:
    """What use changed for an average treated order, against no use: refund chance, loss in fen, cost in fen.

    `change` (3,) and `covariance` (3, 3) are in that order and come from one influence function (or one jackknife), so that
    net, which is minus loss minus cost, has the right interval. `risk_used` is the treated orders' refund chance as it was,
    `degrees` those of freedom of the covariance (`errors.of_influence`, `errors.of_left_out`).
    """

    change: np.ndarray
    covariance: np.ndarray
    risk_used: float
    degrees: float = math.inf

    @property
    def risk_unused(self) -> float:
        """Return the refund chance of the treated orders without the tool."""
        return float(np.clip(self.risk_used - self.change[0], 0.0, 1.0))

    @property
    def error(self) -> float:
        """Return the standard error of the change of the refund chance."""
        return math.sqrt(self.covariance[0, 0])

    def figure(self, *factors: float) -> Figure:
        """Return the figure that is the sum of `factors` (3,) times the three changes, with its interval."""
        mix = np.array(factors)
        value, half = float(mix @ self.change), margin(math.sqrt(max(mix @ self.covariance @ mix, 0.0)), self.degrees)
        return Figure(value, value - half, value + half)

    def widened_by(self, other: Estimate) -> Estimate:
        """Return the estimate with half its distance to another one added to its errors (methods §3)."""
        away = (self.change - other.change) / 2
        return replace(self, covariance=self.covariance + np.outer(away, away))


@dataclass(frozen=True)
class Effect:
    """What can be said of a tool; every figure is None where it can't be told (grade D, counts only).

    `effect` is the change of the refund chance of the treated orders within `horizon_days` (0–1, negative: fewer refunds);
    the sums run over the `treated` orders of the comparison, money in fen. `reading` and `net_reading` say how it reads: an
    interval across 0 is `no_evidence`, never "no effect". `evalue` is for the estimate, `evalue_limit` for the end of its
    interval nearer to nothing. `error` is the standard error of `effect`, `degrees` its degrees of freedom.

    `groups` are the effects in groups of the orders (by product, say) by the group's code, `alike` by dimension the chance of
    such differences where all groups have one effect (`groups.chance_alike`); empty where nobody asked, or nothing can be told.
    """

    method: str
    horizon_days: int
    grade: str
    reasons: tuple[Reason, ...]
    diagnostics: Diagnostics
    effect: Figure | None = None
    saved_orders: Figure | None = None
    saved_fen: Figure | None = None
    cost_fen: Figure | None = None
    net_fen: Figure | None = None
    risk_used: float | None = None
    risk_unused: float | None = None
    evalue: float | None = None
    evalue_limit: float | None = None
    error: float | None = None
    degrees: float | None = None
    groups: Mapping[str, Mapping[int, Effect]] = field(default_factory=dict)
    alike: Mapping[str, float | None] = field(default_factory=dict)

    @property
    def treated(self) -> int:
        """Return how many treated orders the comparison has."""
        return self.diagnostics.treated

    @property
    def compared(self) -> int:
        """Return how many orders they are compared with."""
        return self.diagnostics.compared

    @property
    def reading(self) -> str:
        """Return `fewer_refunds`, `more_refunds`, `no_evidence` or `cannot_tell`."""
        return _reading(self.effect, FEWER, MORE)

    @property
    def net_reading(self) -> str:
        """Return `earns`, `loses`, `no_evidence` or `cannot_tell`."""
        return _reading(self.net_fen, LOSES, EARNS)

    @property
    def warnings(self) -> tuple[Reason, ...]:
        """Return the reasons that lower the grade and still leave an effect."""
        return tuple(reason for reason in self.reasons if reason.consequence != CANNOT_TELL)

    def row(self) -> dict[str, object]:
        """Return the fields of a row of `tools` that come from the effect: money whole fen, reasons as their ids."""
        row: dict[str, object] = {}
        for name in ("effect", "saved_orders", "saved_fen", "cost_fen", "net_fen"):
            figure = getattr(self, name)
            for end, part in (("", "value"), ("_low", "low"), ("_high", "high")):
                value = None if figure is None else getattr(figure, part)
                row[name + end] = round(value) if value is not None and name.endswith("_fen") else value
        words = {"grade": self.grade, "method": self.method, "reason": [reason.id for reason in self.reasons]}
        return row | words | {"evalue": self.evalue, "treated": self.treated, "compared": self.compared}


def judge(
    estimate: Estimate | None,
    diagnostics: Diagnostics,
    *,
    method: str,
    horizon_days: int,
    best: str = "B",
    stratified: Estimate | None = None,
    order_count: int = 0,
    notes: tuple[Reason, ...] = (),
) -> Effect:
    """Hold an estimate against every rule and return what may be said of it.

    `best` is the best grade the method can have (A: randomised); `stratified` a second, coarser estimate of the same: the two
    must agree, it widens the interval above 200,000 orders (`order_count`), and takes the place of `estimate` where the
    grade is C for want of orders (method `stratified`). `notes` are reasons from outside the rules (a landmark: `at_best_c`
    or lower `best`; nothing to compare with: `cannot_tell`). Without an estimate the effect is counts.
    """
    used, diagnostics = _settled(estimate, stratified, diagnostics, order_count)
    reasons = (*notes, *broken(diagnostics))
    if used is None and not any(reason.consequence == CANNOT_TELL for reason in reasons):
        raise ValueError("an effect without an estimate needs a reason that says why")
    if stratified is not None and used is stratified:
        method = "stratified"
    grade = grade_of(best, reasons)
    if used is None or grade == "D":
        return Effect(method, horizon_days, "D", reasons, diagnostics)
    return _told(used, Effect(method, horizon_days, grade, reasons, diagnostics))


def evalue(risk_used: float, risk_unused: float) -> float:
    """Return how strongly a hidden cause would have to go with both use and refund to explain the ratio of the two risks.

    E = RR + √(RR(RR − 1)), RR turned over where it is below 1 (VanderWeele & Ding 2017); 1 where the risks are equal.
    """
    low, high = sorted((max(risk_used, 0.0), max(risk_unused, 0.0)))
    if low == 0:
        return math.inf if high > 0 else 1.0
    ratio = high / low
    return ratio + math.sqrt(ratio * (ratio - 1))


def evalue_of_limit(risk_unused: float, effect: Figure) -> float:
    """Return the E-value of the end of the interval that is nearer to no effect; 1 where the interval crosses it."""
    if effect.low <= 0 <= effect.high:
        return 1.0
    nearer = effect.high if effect.high < 0 else effect.low
    return evalue(risk_unused + nearer, risk_unused)


def _settled(
    estimate: Estimate | None, stratified: Estimate | None, diagnostics: Diagnostics, order_count: int
) -> tuple[Estimate | None, Diagnostics]:
    """Return the estimate that is told, and the diagnostics with what it adds: half-width, base rate, gap to the other."""
    used = estimate
    if estimate is not None and stratified is not None:
        away = abs(float(estimate.change[0] - stratified.change[0]))
        diagnostics = replace(
            diagnostics,
            gap_errors=away / max(math.hypot(estimate.error, stratified.error), 1e-12),
            gap_share=away / max(abs(float(estimate.change[0])), 1e-12),
        )
        used = estimate.widened_by(stratified) if order_count > WIDENED_FROM_ORDERS else estimate
    if stratified is not None and any(reason.id in SMALL for reason in broken(diagnostics)):
        used = stratified
    if used is None:
        return None, diagnostics
    half_width = margin(used.error, used.degrees)
    return used, replace(diagnostics, half_width=half_width, base_rate=used.risk_unused)


def _told(estimate: Estimate, effect: Effect) -> Effect:
    """Return the effect with its figures; what was paid is known, so the interval of the cost is its value."""
    change = estimate.figure(1, 0, 0)
    cost = float(estimate.change[2]) * effect.treated
    return replace(
        effect,
        effect=change,
        saved_orders=change.times(-effect.treated),
        saved_fen=estimate.figure(0, -1, 0).times(effect.treated),
        cost_fen=Figure(cost, cost, cost),
        net_fen=estimate.figure(0, -1, -1).times(effect.treated),
        risk_used=estimate.risk_used,
        risk_unused=estimate.risk_unused,
        evalue=evalue(estimate.risk_used, estimate.risk_unused),
        evalue_limit=evalue_of_limit(estimate.risk_unused, change),
        error=estimate.error,
        degrees=estimate.degrees,
    )


def _reading(figure: Figure | None, below: str, above: str) -> str:
    if figure is None:
        return CANNOT_TELL
    if figure.high < 0:
        return below
    return above if figure.low > 0 else NO_EVIDENCE
