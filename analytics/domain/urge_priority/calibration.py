"""How right the chances are: predictions by models that had not seen an order, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.domain import logistic
from analytics.domain.urge_priority.orders import BLOCK_HOURS, WAIT_BLOCKS, PastUrges

BAND_SHARES = (1 / 3, 2 / 3)  # of past urged orders, where middle and high begin
BANDS = ("low", "middle", "high")
TRUSTED_SLOPE = (0.8, 1.25)
LEAST_OUTCOMES = 30  # of either kind, before a slope is more than chance
_HIGHEST_WEIGHT = 10.0


@dataclass(frozen=True)
class CalledBand:
    """Of the past orders that were called high, middle or low and then waited: how many, how many refunded, and the rates (0–1).

    `refunded_rate` counts an order for those like it that were shipped in time; None without orders.
    """

    band: str
    waited_count: int
    refunded_count: int
    predicted_rate: float | None
    refunded_rate: float | None


@dataclass(frozen=True)
class Calibration:
    """How the chances of a refund while waiting proved right.

    `slope` is 1 when they are spread as they should be (less: too far apart), None without both outcomes; `error` is the mean
    distance of predicted and refunded rates of the bands (0–1). `shipped_*` are those of orders shipped within 24 hours.
    """

    slope: float | None
    error: float | None
    waited_count: int
    refunded_count: int
    bands: tuple[CalledBand, ...]
    shipped_count: int
    shipped_predicted_rate: float | None
    shipped_refunded_rate: float | None

    @property
    def is_trusted(self) -> bool:
        """Whether the slope lies within TRUSTED_SLOPE and rests on at least LEAST_OUTCOMES refunded and unrefunded orders."""
        rarer = min(self.refunded_count, self.waited_count - self.refunded_count)
        return self.slope is not None and rarer >= LEAST_OUTCOMES and TRUSTED_SLOPE[0] <= self.slope <= TRUSTED_SLOPE[1]

    @staticmethod
    def from_plain(parts: dict[str, Any]) -> Calibration:
        """Read back what `dataclasses.asdict` wrote."""
        return Calibration(**{**parts, "bands": tuple(CalledBand(**band) for band in parts["bands"])})


@dataclass(frozen=True)
class Predicted:
    """What models said of orders (n,) that they had not seen, at the first urge; `ship_chance` (4, n) by block."""

    waiting: np.ndarray
    shipped: np.ndarray
    ship_chance: np.ndarray
    avoidable_fen: np.ndarray

    @staticmethod
    def empty(count: int) -> Predicted:
        """Return room for the predictions of `count` orders."""
        return Predicted(np.zeros(count), np.zeros(count), np.zeros((WAIT_BLOCKS, count)), np.zeros(count))


def judge(past: PastUrges, predicted: Predicted, borders_fen: list[float]) -> Calibration:
    """Compare predictions with what became of the orders that were followed to the end."""
    first = np.fmin(past.shipped_at, past.refunded_at) - past.urged_at
    is_shipped = (past.shipped_at - past.urged_at < WAIT_BLOCKS * BLOCK_HOURS) & ~(past.refunded_at <= past.shipped_at)
    mature, refunded = past.is_mature(), past.is_refunded()
    waited, shipped = mature & ~is_shipped, mature & is_shipped
    weight = _weights(first, predicted.ship_chance)
    band = np.digitize(predicted.avoidable_fen, borders_fen)
    bands = tuple(
        _called(name, waited & (band == index), refunded, predicted.waiting, weight) for index, name in enumerate(BANDS)
    )[::-1]
    return Calibration(
        slope=_slope(predicted.waiting[waited], refunded[waited], weight[waited]),
        error=_error(bands),
        waited_count=int(waited.sum()),
        refunded_count=int((waited & refunded).sum()),
        bands=bands,
        shipped_count=int(shipped.sum()),
        shipped_predicted_rate=_mean(predicted.shipped[shipped]),
        shipped_refunded_rate=_mean(refunded[shipped]),
    )


def _weights(first_hours: np.ndarray, ship_chance: np.ndarray) -> np.ndarray:
    """Weigh each order that waited by how unlikely it was not to be shipped so far: it stands for those like it that were.

    Without, refunds of the first hours would be overcounted: they end the waiting before a shipment can.
    """
    stayed = np.vstack([np.ones(len(first_hours)), np.cumprod(1 - ship_chance, axis=0)])
    blocks = np.where(np.isnan(first_hours), WAIT_BLOCKS, np.minimum(first_hours // BLOCK_HOURS, WAIT_BLOCKS)).astype(int)
    return np.minimum(1 / np.maximum(stayed[blocks, np.arange(len(blocks))], 1e-9), _HIGHEST_WEIGHT)


def _called(name: str, which: np.ndarray, refunded: np.ndarray, predicted: np.ndarray, weight: np.ndarray) -> CalledBand:
    count = int(which.sum())
    rates = (np.average(values[which], weights=weight[which]) if count else None for values in (predicted, refunded))
    said, happened = (None if rate is None else float(rate) for rate in rates)
    return CalledBand(name, count, int((which & refunded).sum()), said, happened)


def _slope(predicted: np.ndarray, refunded: np.ndarray, weight: np.ndarray) -> float | None:
    if not refunded.any() or refunded.all():
        return None
    chance = np.clip(predicted, 1e-6, 1 - 1e-6)
    return float(logistic.fit(np.log(chance / (1 - chance))[:, None], refunded, weight, ridge=1e-6).slopes[0])


def _error(bands: tuple[CalledBand, ...]) -> float | None:
    known = [band for band in bands if band.waited_count]
    if not known:
        return None
    gaps = [abs((band.predicted_rate or 0.0) - (band.refunded_rate or 0.0)) for band in known]
    return float(np.average(gaps, weights=[band.waited_count for band in known]))


def _mean(values: np.ndarray) -> float | None:
    return float(values.mean()) if len(values) else None
