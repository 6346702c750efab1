"""Waiting orders in the order in which they should go out, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analytics.domain.urge_priority.calibration import BAND_SHARES, BANDS
from analytics.domain.urge_priority.features import FEATURES, columns_of, rates_of
from analytics.domain.urge_priority.model import Moving, UrgeModel
from analytics.domain.urge_priority.orders import WaitingOrders

_COLUMN_OF = {
    "overdue": "late",
    "urged": "urges",
    "dear": "price",
    "product_refunds": "product",
    "streamer_refunds": "streamer",
    "unfilled": "unfilled",
}
REASONS = tuple(_COLUMN_OF)
_LEAST_SHARE = 0.05  # of the expected loss, before something is worth naming


@dataclass(frozen=True)
class Reason:
    """One thing that moves an order's expected loss by `moves_fen`, against the shop's typical order in its place.

    `name` is one of REASONS; `value`: hours past the promise (negative: left), urges, price in fen, rate of refunds of the
    product's or streamer's past urged orders (0–1), share of the product's day not yet shipped (0–1).
    """

    name: str
    value: float
    moves_fen: int


@dataclass(frozen=True)
class Ranking:
    """One entry an order, in the order given. `rank` counts from 1, highest expected loss first, ties as given.

    `expected_loss_fen` is what shipping now avoids; show it only if `is_money_shown`, the band always. Chances are 0–1; by
    amount nothing is known of orders shipped now, so `refund_if_shipped` is NaN and the loss is not lowered by it.
    `moves_fen` and `reason_values` (n, 6) are in the order of REASONS, 0 and NaN where something is unknown.
    """

    method: str
    is_money_shown: bool
    rank: np.ndarray
    expected_loss_fen: np.ndarray
    refund_if_waiting: np.ndarray
    refund_if_shipped: np.ndarray
    band: np.ndarray
    moves_fen: np.ndarray
    reason_values: np.ndarray

    def why(self, position: int, most: int = 3) -> tuple[Reason, ...]:
        """Return what raises an order's expected loss most, at most `most` things, the strongest first."""
        moves = self.moves_fen[position]
        least = max(_LEAST_SHARE * abs(float(self.expected_loss_fen[position])), 1.0)
        strongest = [int(index) for index in np.argsort(-moves, kind="stable")[:most] if moves[index] >= least]
        return tuple(Reason(REASONS[index], float(self.reason_values[position, index]), int(moves[index])) for index in strongest)

    def names_of_why(self, most: int = 3) -> np.ndarray:
        """Return for each order the names of `why`, joined by blanks: quick for a whole list."""
        strongest = np.argsort(-self.moves_fen, axis=1, kind="stable")[:, :most]
        moves = np.take_along_axis(self.moves_fen, strongest, axis=1)
        least = np.maximum(_LEAST_SHARE * np.abs(self.expected_loss_fen.astype(float)), 1.0)[:, None]
        told = np.array([*REASONS, ""], dtype=object)[np.where(moves >= least, strongest, len(REASONS))]
        return np.array([" ".join(name for name in row if name) for row in told], dtype=object)


def rank(model: UrgeModel, waiting: WaitingOrders, loss_if_refunded_fen: np.ndarray) -> Ranking:
    """Rank waiting orders by expected avoidable loss (methods §4); `loss_if_refunded_fen` (n,) is what each refund would cost."""
    loss = np.asarray(loss_if_refunded_fen, dtype=float)
    columns = columns_of(waiting, model.typical)
    wait, ship = _risks(model, columns, waiting)
    expected = (wait - np.nan_to_num(ship)) * loss
    order = np.argsort(-expected, kind="stable")
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(1, len(order) + 1)
    return Ranking(
        method=model.method,
        is_money_shown=model.is_money_shown,
        rank=ranks,
        expected_loss_fen=np.rint(expected).astype(np.int64),
        refund_if_waiting=wait,
        refund_if_shipped=ship,
        band=_bands(model, expected),
        moves_fen=np.rint(_moves_fen(model, columns, waiting, loss, expected)).astype(np.int64),
        reason_values=_values(model, waiting),
    )


def _risks(model: UrgeModel, columns: np.ndarray, waiting: WaitingOrders) -> tuple[np.ndarray, np.ndarray]:
    if model.hazards is None:
        return np.full(len(waiting), model.by_amount_risk), np.full(len(waiting), np.nan)
    return model.hazards.risks(columns, Moving.of(waiting))


def _moves_fen(
    model: UrgeModel, columns: np.ndarray, waiting: WaitingOrders, loss: np.ndarray, expected: np.ndarray
) -> np.ndarray:
    """Return (n, 6) what each of REASONS adds to the expected loss: without it, that is with the typical value in its place."""
    moves = np.zeros((len(waiting), len(REASONS)))
    dear = REASONS.index("dear")
    if model.hazards is None:
        moves[:, dear] = expected - model.by_amount_risk * model.typical_loss_fen
        return moves
    typical = columns_of(_typical_order(model), model.typical)[0]
    for index, name in enumerate(REASONS):
        column = FEATURES.index(_COLUMN_OF[name])
        swapped, moving = columns.copy(), Moving.of(waiting)
        swapped[:, column] = typical[column]
        if name == "overdue":
            moving = replace(moving, hours_past_promise=0 * moving.hours_past_promise)  # what is unknown stays so
        wait, ship = model.hazards.risks(swapped, moving, np.float32)  # quicker, and a hundredth of a fen does not show
        moves[:, index] = expected - (wait - ship) * (model.typical_loss_fen if name == "dear" else loss)
    return moves


def _typical_order(model: UrgeModel) -> WaitingOrders:
    """The order that others are compared with: at its promise, just urged for the first time, of usual price and rates."""
    now, nobody = np.zeros(1), np.array([""])
    price_fen, unknown = np.array([model.typical.price_fen]), np.array([np.nan])
    return WaitingOrders(price_fen, now, now, np.ones(1), nobody, nobody, unknown)


def _bands(model: UrgeModel, expected: np.ndarray) -> np.ndarray:
    """Return the band of each expected loss: by the thirds of past urged orders, else by those of the list itself."""
    borders = model.band_borders_fen
    if borders is None:
        borders = tuple(np.quantile(expected, BAND_SHARES)) if len(expected) else (0.0, 0.0)
    return np.array(BANDS)[np.digitize(expected, borders)]


def _values(model: UrgeModel, waiting: WaitingOrders) -> np.ndarray:
    """Return (n, 6) the values of REASONS."""
    return np.column_stack(
        [
            waiting.hours_past_promise,
            waiting.urges,
            waiting.price_fen,
            rates_of(waiting.product, model.typical.product_rates, np.nan),
            rates_of(waiting.streamer, model.typical.streamer_rates, np.nan),
            1 - waiting.fill_rate,
        ]
    ).astype(float)
