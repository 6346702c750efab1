"""What the models look at: price, promise, urges, how often product and streamer are refunded, how far the day is filled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.domain.urge_priority.orders import PastUrges, WaitingOrders

FEATURES = ("late", "waited", "no_promise", "price", "urges", "product", "streamer", "unfilled")
LATE_DAYS = (-2.0, 3.0)
WAITED_HOURS = (0.0, 240.0)
MOST_URGES = 10
SHRINK_ORDERS = 20.0  # a product weighs as much as the shop's average when it has this many past orders


@dataclass(frozen=True)
class Typical:
    """What the shop's past says of an order about which nothing is known: rates 0–1, by product and streamer where known."""

    refund_rate: float
    fill_rate: float
    price_fen: float
    product_rates: dict[str, float]
    streamer_rates: dict[str, float]


def typical_of(past: PastUrges) -> Typical:
    """Work out the shop's typical values; rates of refund are those of mature orders, shrunk towards the shop's."""
    mature = past.taken(past.is_mature())
    refunded = mature.is_refunded()
    rate = float((refunded.sum() + 1) / (len(mature) + 2))
    filled = past.fill_rate[~np.isnan(past.fill_rate)]
    return Typical(
        refund_rate=rate,
        fill_rate=float(filled.mean()) if len(filled) else 1.0,
        price_fen=float(np.median(past.price_fen)) if len(past) else 1.0,
        product_rates=_shrunk_rates(mature.product, refunded, rate),
        streamer_rates=_shrunk_rates(mature.streamer, refunded, rate),
    )


def _shrunk_rates(ids: np.ndarray, refunded: np.ndarray, rate: float) -> dict[str, float]:
    names, group = np.unique(ids.astype(str), return_inverse=True)
    hits, count = np.bincount(group, weights=refunded, minlength=len(names)), np.bincount(group, minlength=len(names))
    shrunk = (hits + SHRINK_ORDERS * rate) / (count + SHRINK_ORDERS)
    return {str(name): float(each) for name, each in zip(names, shrunk, strict=True) if name}


def columns_of(orders: WaitingOrders, typical: Typical, rates: tuple[np.ndarray, np.ndarray] | None = None) -> np.ndarray:
    """Return the columns (n, 8) in the order of FEATURES; `rates` of product and streamer where they leave an order out."""
    product, streamer = rates or (
        rates_of(orders.product, typical.product_rates, typical.refund_rate),
        rates_of(orders.streamer, typical.streamer_rates, typical.refund_rate),
    )
    late = late_of(orders.hours_past_promise)
    fill = np.where(np.isnan(orders.fill_rate), typical.fill_rate, orders.fill_rate)
    return np.column_stack(
        [
            np.where(np.isnan(late), 0.0, late),
            waited_of(orders.hours_since_urge),
            np.isnan(late).astype(float),
            np.log(np.maximum(orders.price_fen, 1)),
            np.clip(orders.urges - 1, 0, MOST_URGES),
            _log_odds(product),
            _log_odds(streamer),
            1 - fill,
        ]
    )


def late_of(hours_past_promise: np.ndarray) -> np.ndarray:
    """Return days past the promise as the models see them."""
    return np.clip(hours_past_promise / 24, *LATE_DAYS)


def waited_of(hours_since_urge: np.ndarray) -> np.ndarray:
    """Return the wait since the first urge as the models see it: the first hours differ more than the fifth and sixth day."""
    return np.log(1 + np.clip(np.nan_to_num(hours_since_urge), *WAITED_HOURS) / 6)


def rates_of(ids: np.ndarray, rates: dict[str, float], otherwise: float) -> np.ndarray:
    """Return the refund rate of each order's product or streamer; one without past has the shop's."""
    names, group = np.unique(ids.astype(str), return_inverse=True)
    return np.array([rates.get(str(name), otherwise) for name in names])[group]


def rates_without_own(past: PastUrges) -> tuple[np.ndarray, np.ndarray]:
    """Return the product's and the streamer's rate of each past order, shrunk, its own outcome left out."""
    rate = typical_of(past).refund_rate
    return _without_own(past, past.product, rate), _without_own(past, past.streamer, rate)


def _without_own(past: PastUrges, ids: np.ndarray, rate: float) -> np.ndarray:
    names, group = np.unique(ids.astype(str), return_inverse=True)
    counts = past.is_mature().astype(float)
    hits = counts * past.is_refunded()
    others = np.bincount(group, counts, len(names))[group] - counts
    refunded = np.bincount(group, hits, len(names))[group] - hits
    shrunk = (refunded + SHRINK_ORDERS * rate) / (others + SHRINK_ORDERS)
    return np.where((names == "")[group], rate, shrunk)


def _log_odds(rate: np.ndarray) -> np.ndarray:
    return np.log(rate / (1 - rate))
