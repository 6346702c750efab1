"""From past urges to a model, and how well it predicts orders that it has not seen."""

from __future__ import annotations

import numpy as np

from analytics.domain import logistic
from analytics.domain.urge_priority.calibration import BAND_SHARES, Predicted, judge
from analytics.domain.urge_priority.features import columns_of, rates_without_own, typical_of
from analytics.domain.urge_priority.model import Hazards, Moving, UrgeModel
from analytics.domain.urge_priority.orders import BLOCK_HOURS, PastUrges
from analytics.domain.urge_priority.rows import AfterRows, after_rows, clock_after_shipment, waiting_rows

LEAST_PAST = 100  # below, orders are ranked by their amount
MOST_PAST = 20_000  # above, a random part is fitted: more would not change a rank
_MOST_JUDGED = 6_000  # orders on which the fit is checked; enough to know a slope to a few hundredths
_FOLDS = 5
_RIDGE = 10.0  # keeps the chances of a few hundred past urges from lying too far apart, and moves those of thousands little
_CLOCK_REFUNDS = 3.0  # a block after shipment counts as the average one until about as many refunds were seen in it


def fit(past: PastUrges, *, seed: int) -> UrgeModel:
    """Fit what refunds and ships urged orders; how well is worked out on orders that were left out of the fit.

    Under LEAST_PAST usable orders, or where none was refunded, the model is `by_amount`. The same orders and seed give the
    same model.
    """
    usable = past.usable()
    random = np.random.default_rng(seed)
    fitted = _part(usable, MOST_PAST, random)
    mature = usable.taken(usable.is_mature())
    refunded = int(mature.is_refunded().sum())
    is_known = len(usable) >= LEAST_PAST and refunded > 0
    judged = _part(fitted, _MOST_JUDGED, random)
    crossed = cross_fitted(judged, random) if is_known else None
    borders = np.quantile(crossed.avoidable_fen, BAND_SHARES).tolist() if crossed else None
    return UrgeModel(
        method="model" if is_known else "by_amount",
        past_count=len(usable),
        fitted_count=len(fitted) if is_known else 0,
        refunded_count=refunded,
        by_amount_risk=(refunded + 1) / (len(mature) + 2),  # Beta(1, 1) and the shop's own counts
        hazards=fit_hazards(fitted) if is_known else None,
        typical=typical_of(fitted),
        typical_loss_fen=float(np.median(fitted.loss_if_refunded_fen)) if len(fitted) else 1.0,
        band_borders_fen=(borders[0], borders[1]) if borders else None,
        calibration=judge(judged, crossed, borders) if crossed else None,
        seed=seed,
    )


def _part(past: PastUrges, most: int, random: np.random.Generator) -> PastUrges:
    """Return the orders, or as many of them by chance as are wanted."""
    return past if len(past) <= most else past.taken(np.sort(random.choice(len(past), most, replace=False)))


def cross_fitted(past: PastUrges, random: np.random.Generator) -> Predicted:
    """Predict every past order at its first urge by a model that has not seen it.

    By order and not by time: a time split would judge by the youngest orders, few of which were followed to the end.
    """
    fold = random.permutation(np.arange(len(past)) % _FOLDS)
    predicted = Predicted.empty(len(past))
    for held in range(_FOLDS):
        train, test = past.taken(fold != held), past.taken(fold == held)
        hazards, waits = fit_hazards(train), test.waits()
        columns = columns_of(waits, typical_of(train))
        waiting, shipped = hazards.risks(columns, Moving.of(waits))
        predicted.waiting[fold == held], predicted.shipped[fold == held] = waiting, shipped
        predicted.ship_chance[:, fold == held] = hazards.chance_to_ship(columns, Moving.of(waits))
        predicted.avoidable_fen[fold == held] = (waiting - shipped) * test.loss_if_refunded_fen
    return predicted


def fit_hazards(past: PastUrges) -> Hazards:
    """Fit the three logistic models and the clock after shipment."""
    rates, typical = rates_without_own(past), typical_of(past)

    def columns(order: np.ndarray, hours: np.ndarray) -> np.ndarray:
        return columns_of(past.waits(hours, order), typical, (rates[0][order], rates[1][order]))

    waiting, after = waiting_rows(past), after_rows(past)
    clock = clock_after_shipment(after, _CLOCK_REFUNDS)
    at_block = columns(waiting.order, waiting.block * BLOCK_HOURS)
    # An order that left in a block for one reason was exposed to the other for half of it.
    return Hazards(
        refund=logistic.fit(at_block, waiting.is_refunded, np.where(waiting.is_shipped, 0.5, 1.0), ridge=_RIDGE),
        ship=logistic.fit(at_block, waiting.is_shipped, np.where(waiting.is_refunded, 0.5, 1.0), ridge=_RIDGE),
        after=_fit_after(after, columns(after.order, after.hours_waited), clock),
        clock=clock,
    )


def _fit_after(after: AfterRows, at_shipment: np.ndarray, clock: np.ndarray) -> logistic.Logistic:
    """Fit the refund of shipped orders: what is known of one stays as at its shipment, so its blocks make one heavy row."""
    survived = np.concatenate([[0.0], np.cumsum(clock)])[after.block_count]
    columns = np.vstack([at_shipment, at_shipment[after.is_refunded]])
    refunds = int(after.is_refunded.sum())
    outcome = np.arange(len(columns)) >= len(at_shipment)
    return logistic.fit(columns, outcome, np.concatenate([survived, np.ones(refunds)]), ridge=_RIDGE)
