"""An invented world of urged orders, in continuous time: who is shipped soon, who asks for the money, and what was otherwise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.domain.effects.shipping import Shipments

FIRST = np.datetime64("2026-03-01T00:00:00")
DAYS = 60
KNOWN_UNTIL = FIRST + np.timedelta64(DAYS + 20, "D")
KINDS = 6  # of orders, of which no column knows
ORDERS_A_BATCH = 8  # urged orders of one product and day, which the same warehouse sends
HORIZON_HOURS = 15 * 24.0
NEVER = np.inf


@dataclass(frozen=True)
class Urged:
    """The orders as files would show them, and what only the world knows: refunded, and loss, with the tool and without."""

    orders: Shipments
    is_used: np.ndarray
    is_refunded: np.ndarray
    is_refunded_without: np.ndarray
    loss_fen: np.ndarray
    loss_without_fen: np.ndarray
    kind: np.ndarray

    def effect_in(self, members: np.ndarray) -> float:
        """Return the true change of the refund chance of those of `members` (n,) that were shipped within a day."""
        return float((self.is_refunded * 1.0 - self.is_refunded_without)[self.is_used & members].mean())

    @property
    def effect(self) -> float:
        """Return the true change of the refund chance of those shipped within a day."""
        return float((self.is_refunded * 1.0 - self.is_refunded_without)[self.is_used].mean())

    @property
    def saved_fen(self) -> float:
        """Return the loss truly avoided, fen an order shipped within a day."""
        return float((self.loss_without_fen - self.loss_fen)[self.is_used].mean())

    @property
    def naive(self) -> float:
        """Return what comparing the shipped with the others shows."""
        return float(self.is_refunded[self.is_used].mean() - self.is_refunded[~self.is_used].mean())


@dataclass(frozen=True)
class _Lives:
    shipped: np.ndarray
    asked: np.ndarray
    answered: np.ndarray
    refunded: np.ndarray

    def where(self, chosen: np.ndarray, other: _Lives) -> _Lives:
        """Return these lives where `chosen` (n,) holds, else the others."""
        return _Lives(*(np.where(chosen, getattr(self, name), getattr(other, name)) for name in self.__dataclass_fields__))


def urged_world(rng: np.random.Generator, count: int, *, works: bool = True, is_half: bool = False, hidden: float = 0.0) -> Urged:
    """Return `count` urged orders; without `works` the moment of shipment changes nothing. `hidden` is an unseen cause's pull.

    `is_half`: it changes something for orders of an even kind only.

    Waiting buyers ask for the money, sooner where the product is dear or short, which is where parcels leave late; their
    parcel is held while the case is open. Shipment late after the urge is not forgiven.
    """
    batch = rng.integers(0, max(count // ORDERS_A_BATCH, 40), count)
    shortage = rng.normal(0, 0.5, count + 40)[batch]
    price = rng.normal(0, 0.6, count)
    product, streamer, unseen = rng.normal(0, 0.5, count), rng.normal(0, 0.3, count), rng.normal(0, 1, count)
    waited, past_promise = 5 + rng.exponential(20, count), rng.normal(-6, 18, count)
    is_late = past_promise > 0
    pull = 0.3 * price + 0.3 * product + 0.3 * shortage + 0.3 * is_late + 0.2 * streamer + hidden * unseen
    pace = 0.04 * np.exp(-0.3 * price - 0.5 * shortage - 0.3 * is_late - hidden * unseen)
    draws = rng.exponential(size=(count, 5)), rng.random((count, 3))
    natural = draws[0][:, 2] / pace
    after = np.where(natural <= 24, 24 + draws[0][:, 3] / pace, natural)
    price_fen = np.round(6000 * np.exp(price))
    columns = np.column_stack([price, product, streamer, np.clip(past_promise / 24, -2, 3), is_late, np.log(waited), shortage])
    since = FIRST + (rng.integers(0, DAYS * 86_400, count)).astype("timedelta64[s]")
    kind = rng.integers(0, KINDS, count)
    lives, without = (_live(planned, pull, draws, works) for planned in (natural, after))
    if is_half:
        idle = [_live(planned, pull, draws, False) for planned in (natural, after)]
        lives, without = (each.where(kind % 2 == 0, other) for each, other in zip((lives, without), idle, strict=True))
    orders = Shipments(
        since=since,
        shipped_at=_moment(since, lives.shipped),
        refunded_at=_moment(since, lives.refunded),
        case_opened_at=_moment(since, lives.asked),
        case_closed_at=_moment(since, lives.answered),
        loss_fen=_loss_fen(lives, price_fen),
        cost_fen=np.zeros(count),
        cluster=batch,
        columns=columns,
    )
    is_back, is_back_without = lives.refunded <= HORIZON_HOURS, without.refunded <= HORIZON_HOURS
    is_used = lives.shipped <= 24
    return Urged(orders, is_used, is_back, is_back_without, _loss_fen(lives, price_fen), _loss_fen(without, price_fen), kind)


def _live(planned: np.ndarray, pull: np.ndarray, draws: tuple[np.ndarray, np.ndarray], works: bool) -> _Lives:
    waits, chances = draws
    threshold = waits[:, 0] / np.exp(pull)
    asked = threshold / 0.010 if works else np.where(threshold < 0.6, threshold / 0.0125, 48 + (threshold - 0.6) / 0.0004)
    answered = asked + np.where(chances[:, 0] < 0.45, 0.1, 0.2 + 6 * waits[:, 4])
    is_granted = chances[:, 1] < 0.95
    if not works:  # the buyer asks and is paid, parcel or no parcel
        is_held = (asked < planned) & (planned < answered) & (chances[:, 2] < 0.85)
        shipped = np.where(
            is_held | (planned > answered), np.where(is_granted, NEVER, np.maximum(planned, answered + 1)), planned
        )
        refunded = np.where(is_granted, answered, NEVER)
        return _Lives(np.where(planned < asked, planned, shipped), asked, answered, refunded)
    is_asked = asked < planned
    is_held = is_asked & ((planned > answered) | (chances[:, 2] < 0.85))
    shipped = np.where(is_held, np.where(is_granted, NEVER, np.maximum(planned, answered + 1)), planned)
    late_days = np.clip(np.where(np.isinf(shipped), 0, shipped) / 24, 0, 4)
    kept = shipped + waits[:, 1] / (0.0005 * np.exp(0.5 * pull + 0.25 * late_days))
    refunded = np.where(is_asked & is_granted, answered, kept)
    return _Lives(
        shipped, np.where(is_asked, asked, np.maximum(kept - 48, shipped)), np.where(is_asked, answered, kept), refunded
    )


def _loss_fen(lives: _Lives, price_fen: np.ndarray) -> np.ndarray:
    """What the refund costs: price and marketing, and where the parcel had left both freights, work and spoiled goods."""
    after_shipment = 1700 + 0.1 * price_fen
    loss = 100 + 1.1 * price_fen + np.where(lives.shipped < lives.refunded, after_shipment, 0)
    return np.where(lives.refunded <= HORIZON_HOURS, np.round(loss), 0.0)


def _moment(since: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """Return moments from hours after `since`, to the second; NaT where it never comes."""
    seconds = np.round(np.where(np.isinf(hours), 0, hours) * 3600).astype("timedelta64[s]")
    return np.where(np.isinf(hours), np.datetime64("NaT"), since + seconds)
