"""The fitted model: chances by six-hour block, typical values, how right it has been; plain numbers, kept as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from analytics.domain.logistic import Logistic
from analytics.domain.urge_priority.blocks import refund_risk
from analytics.domain.urge_priority.calibration import Calibration
from analytics.domain.urge_priority.features import FEATURES, LATE_DAYS, Typical
from analytics.domain.urge_priority.orders import BLOCK_HOURS, BLOCKS, WAIT_BLOCKS

LATE = FEATURES.index("late")
NO_PROMISE = FEATURES.index("no_promise")
_BLOCK_DAYS = BLOCK_HOURS / 24
_AT_ONCE = 8_192  # orders worked out together: their blocks fit the processor's cache


@dataclass(frozen=True)
class Hazards:
    """Chances in a six-hour block: refund of a waiting order, shipment of one not refunded, refund of a shipped one.

    `clock` (40,) says how much time each block after shipment counts for: refunds come when the parcel arrives, not evenly.
    """

    refund: Logistic
    ship: Logistic
    after: Logistic
    clock: np.ndarray

    def risks(
        self, columns: np.ndarray, hours_past_promise: np.ndarray, dtype: type = np.float64
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return chances (n,) of a refund within ten days: not shipped in 24 hours, natural course after; and shipped now.

        The promise passes while the order waits; its urges stay as they are.
        """
        parts = [
            self._risks(columns[start : start + _AT_ONCE], hours_past_promise[start : start + _AT_ONCE], dtype)
            for start in range(0, len(columns), _AT_ONCE)
        ]
        waiting, shipped = zip(*parts, strict=True) if parts else ((np.empty(0),), (np.empty(0),))
        return np.concatenate(waiting).astype(float), np.concatenate(shipped).astype(float)

    def _risks(self, columns: np.ndarray, hours: np.ndarray, dtype: type) -> tuple[np.ndarray, np.ndarray]:
        blocks = np.arange(BLOCKS)[:, None]
        late = np.clip(hours / 24 + blocks * _BLOCK_DAYS, *LATE_DAYS)
        later = np.where(np.isnan(late), 0.0, late - columns[:, LATE]).astype(dtype)
        refund, ship, after = (_chances(model, columns, later, dtype) for model in (self.refund, self.ship, self.after))
        ship[:WAIT_BLOCKS] = 0
        left = self.clock_left().astype(dtype)[:, None]
        shipped_now = 1 - (1 - after[0]) ** dtype(self.clock.sum())
        return refund_risk(refund, ship, 1 - (1 - after) ** left), shipped_now

    def clock_left(self) -> np.ndarray:
        """Return the time (40,) that counts after a shipment in the middle of each block, up to the end of the horizon."""
        return (np.cumsum(self.clock) - self.clock / 2)[::-1]

    def chance_to_ship(self, columns: np.ndarray, hours_past_promise: np.ndarray) -> np.ndarray:
        """Return the chance (4, n) of each of the first four blocks that an order not refunded is shipped in it."""
        days = hours_past_promise / 24 + np.arange(WAIT_BLOCKS)[:, None] * _BLOCK_DAYS
        later = np.clip(days, *LATE_DAYS) - columns[:, LATE]
        return _chances(self.ship, columns, np.where(np.isnan(later), 0.0, later), np.float64)


def _chances(model: Logistic, columns: np.ndarray, later: np.ndarray, dtype: type) -> np.ndarray:
    """Return the chances (blocks, n) of rows whose lateness is `later` days (blocks, n) more than in their columns."""
    now = np.clip(model.intercept + columns @ model.slopes, -30.0, 30.0).astype(dtype)
    return 1 / (1 + np.exp(-(now + dtype(model.slopes[LATE]) * later)))


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
