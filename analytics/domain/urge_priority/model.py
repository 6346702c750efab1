"""The fitted model: chances by six-hour block, typical values, how right it has been; plain numbers, kept as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from analytics.domain.logistic import Logistic
from analytics.domain.urge_priority.blocks import refund_risk
from analytics.domain.urge_priority.calibration import Calibration
from analytics.domain.urge_priority.features import FEATURES, Typical, late_of, waited_of
from analytics.domain.urge_priority.orders import BLOCK_HOURS, BLOCKS, WAIT_BLOCKS, WaitingOrders

LATE, WAITED = FEATURES.index("late"), FEATURES.index("waited")
_AT_ONCE = 8_192  # orders worked out together: their blocks fit the processor's cache


@dataclass(frozen=True)
class Moving:
    """What grows while an order waits, as hours (n,) at the start: past the promise (NaN: no promise), since the first urge."""

    hours_past_promise: np.ndarray
    hours_since_urge: np.ndarray

    @staticmethod
    def of(orders: WaitingOrders) -> Moving:
        """Return it for orders as they stand."""
        return Moving(orders.hours_past_promise, orders.hours_since_urge)

    def part(self, start: int, end: int) -> Moving:
        """Return some of the orders."""
        return Moving(self.hours_past_promise[start:end], self.hours_since_urge[start:end])

    def changes(self, block_count: int, dtype: type = np.float64) -> tuple[np.ndarray, np.ndarray]:
        """Return by how much (blocks, n) lateness and wait, as the models see them, have grown at the start of each block."""
        hours = (np.arange(block_count)[:, None] * BLOCK_HOURS).astype(dtype)
        late = late_of(self.hours_past_promise.astype(dtype) + hours)
        waited = waited_of(self.hours_since_urge.astype(dtype) + hours)
        return np.nan_to_num(late - late[0], copy=False), waited - waited[0]


@dataclass(frozen=True)
class Hazards:
    """Chances in a six-hour block: refund of a waiting order, shipment of one not refunded, refund of a shipped one.

    `clock` (40,) says how much time each block after shipment counts for: refunds come when the parcel arrives, not evenly.
    """

    refund: Logistic
    ship: Logistic
    after: Logistic
    clock: np.ndarray

    def risks(self, columns: np.ndarray, moving: Moving, dtype: type = np.float64) -> tuple[np.ndarray, np.ndarray]:
        """Return chances (n,) of a refund within ten days: not shipped in 24 hours, natural course after; and shipped now.

        The promise passes while the order waits; its urges stay as they are.
        """
        starts = range(0, len(columns), _AT_ONCE)
        parts = [self._risks(columns[at : at + _AT_ONCE], moving.part(at, at + _AT_ONCE), dtype) for at in starts]
        waiting, shipped = zip(*parts, strict=True) if parts else ((np.empty(0),), (np.empty(0),))
        return np.concatenate(waiting).astype(float), np.concatenate(shipped).astype(float)

    def _risks(self, columns: np.ndarray, moving: Moving, dtype: type) -> tuple[np.ndarray, np.ndarray]:
        late, waited = moving.changes(BLOCKS, dtype)
        refund, ship, after = (_chances(model, columns, late, waited) for model in (self.refund, self.ship, self.after))
        ship[:WAIT_BLOCKS] = 0
        left = self.clock_left().astype(dtype)[:, None]
        shipped_now = 1 - (1 - after[0]) ** dtype(self.clock.sum())
        return refund_risk(refund, ship, 1 - (1 - after) ** left), shipped_now

    def clock_left(self) -> np.ndarray:
        """Return the time (40,) that counts after a shipment in the middle of each block, up to the end of the horizon."""
        return (np.cumsum(self.clock) - self.clock / 2)[::-1]

    def chance_to_ship(self, columns: np.ndarray, moving: Moving) -> np.ndarray:
        """Return the chance (4, n) of each of the first four blocks that an order not refunded is shipped in it."""
        return _chances(self.ship, columns, *moving.changes(WAIT_BLOCKS))


def _chances(model: Logistic, columns: np.ndarray, late: np.ndarray, waited: np.ndarray) -> np.ndarray:
    """Return the chances (blocks, n) of orders whose lateness and wait have grown by `late` and `waited` (blocks, n)."""
    now = np.clip(model.intercept + columns @ model.slopes, -30.0, 30.0).astype(late.dtype)
    slopes = model.slopes.astype(late.dtype)
    return 1 / (1 + np.exp(-(now + slopes[LATE] * late + slopes[WAITED] * waited)))


@dataclass(frozen=True)
class UrgeModel:
    """What the shop's past says about urged orders. `method` is `model`, or `by_amount` when there are too few past urges.

    `by_amount_risk` is the shop-wide chance of a refund; `band_borders_fen` are the expected losses from which on an order is
    middle and high, None when the list itself has to say. `past_count` counts usable past urges, `fitted_count` those fitted.
    """

    method: str
    past_count: int
    fitted_count: int
    refunded_count: int
    by_amount_risk: float
    hazards: Hazards | None
    typical: Typical
    typical_loss_fen: float
    band_borders_fen: tuple[float, float] | None
    calibration: Calibration | None
    seed: int

    @property
    def is_money_shown(self) -> bool:
        """Whether expected losses may be shown as money: only where the model's chances have proved right."""
        return self.calibration is not None and self.calibration.is_trusted

    def as_json(self) -> str:
        """Return the model as text that `from_json` reads back exactly."""
        return json.dumps(asdict(self), default=np.ndarray.tolist, ensure_ascii=False, sort_keys=True)

    @staticmethod
    def from_json(text: str) -> UrgeModel:
        """Read a model back."""
        parts: dict[str, Any] = json.loads(text)
        hazards, calibration, borders = parts["hazards"], parts["calibration"], parts["band_borders_fen"]
        return UrgeModel(
            **{
                **parts,
                "hazards": _hazards_from(hazards) if hazards else None,
                "typical": Typical(**parts["typical"]),
                "band_borders_fen": tuple(borders) if borders else None,
                "calibration": Calibration.from_plain(calibration) if calibration else None,
            }
        )


def _hazards_from(parts: dict[str, Any]) -> Hazards:
    models = {name: Logistic(parts[name]["intercept"], np.array(parts[name]["slopes"])) for name in ("refund", "ship", "after")}
    return Hazards(**models, clock=np.array(parts["clock"]))
