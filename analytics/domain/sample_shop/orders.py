"""Who buys what, when, from whom: the orders before anything happens to them, and every draw that will decide what does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from analytics.domain.sample_shop import catalogue as shop
from analytics.domain.sample_shop.hazards import DAY, HOUR, exponential

DRAWS = (
    *("ship", "wait", "urge", "urge_ship", "urge_ship_late", "urge_count"),
    *("rescue", "rescue_case", "rescue_ship", "rescue_ship_late", "regret", "regret_lag"),
    *("wait_instant", "wait_lag", "wait_success", "wait_hold", "wait_anyway"),
    *("keep", "transit", "pay_plain", "pay_case", "pay_turn", "pay_amount", "pay_again"),
    *("case_kind", "case_success", "case_share", "case_lag", "case_fail_lag", "return_lag"),
    *("second", "second_lag", "second_success", "second_finish"),
    *("address", "address_at", "address_ok", "receive", "settle", "reason", "second_reason", "postage"),
)


@dataclass(frozen=True)
class Orders:
    """The orders of the shop, one array entry each, oldest first; moments are seconds since the first warm-up midnight."""

    first_day: date
    created: np.ndarray
    paid: np.ndarray
    is_unpaid: np.ndarray
    is_warm_up: np.ndarray
    is_promotion: np.ndarray
    product: np.ndarray
    sku: np.ndarray
    quantity: np.ndarray
    unit_price_fen: np.ndarray
    discount_fen: np.ndarray
    subsidy_fen: np.ndarray
    postage_fen: np.ndarray
    paid_fen: np.ndarray
    receivable_fen: np.ndarray
    streamer: np.ndarray
    channel: np.ndarray
    province: np.ndarray
    city: np.ndarray
    carrier: np.ndarray
    person: np.ndarray
    ship_by: np.ndarray
    ship_hours: np.ndarray
    is_slow_day: np.ndarray
    log_price: np.ndarray
    draws: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.created)

    def product_array(self, name: str) -> np.ndarray:
        """Return a number of each order's product."""
        return np.array([getattr(product, name) for product in shop.PRODUCTS])[self.product]

    def streamer_array(self, name: str) -> np.ndarray:
        """Return a number of each order's streamer."""
        return np.array([getattr(streamer, name) for streamer in shop.STREAMERS])[self.streamer]


def draw_orders(rng: np.random.Generator, *, until: date, order_count: int) -> Orders:
    """Draw about `order_count` orders over the 120 days that end with `until`, and a few days before them."""
    first_day = until - timedelta(days=shop.DAYS + shop.WARM_UP_DAYS - 1)
    day, streamer, channel = _draw_demand(rng, first_day, order_count)
    n = len(day)
    created = np.floor(day * DAY + _draw_time_of_day(rng, streamer, channel))
    order = np.argsort(created, kind="stable")
    created, day, streamer, channel = created[order], day[order], streamer[order], channel[order]
    product = _draw_products(rng, streamer)
    slow = _draw_slow_days(rng)[day, product]
    is_promotion = np.isin(
        [(first_day + timedelta(days=d)).day for d in range(shop.DAYS + shop.WARM_UP_DAYS)], shop.PROMOTION_DAYS
    )[day]
    province = rng.choice(len(shop.PROVINCES), n, p=_shares([row[2] for row in shop.PROVINCES]))
    money = _draw_money(rng, product, province, is_promotion)
    paid = created + np.floor(5 + 55 * exponential(rng.random(n)))
    hours = np.array([row.ship_hours for row in shop.PRODUCTS])[product] * np.where(slow, shop.SLOW_DAY_FACTOR, 1)
    promise = np.array([row.promise_hours for row in shop.PRODUCTS])[product]
    return Orders(
        first_day=first_day,
        created=created,
        paid=paid,
        is_unpaid=rng.random(n) < shop.UNPAID_SHARE,
        is_warm_up=day < shop.WARM_UP_DAYS,
        is_promotion=is_promotion,
        product=product,
        sku=(rng.random(n) ** 1.3 * np.array([len(row.skus) for row in shop.PRODUCTS])[product]).astype(int),
        streamer=streamer,
        channel=channel,
        province=province,
        city=(rng.random(n) * np.array([len(row[1]) for row in shop.PROVINCES])[province]).astype(int),
        carrier=rng.choice(len(shop.CARRIERS), n, p=shop.CARRIER_SHARES),
        person=rng.integers(0, 1_000_000, n),
        ship_by=paid + promise * HOUR,
        ship_hours=hours * np.where(is_promotion, shop.PROMOTION_SHIP_FACTOR, 1),
        is_slow_day=slow,
        log_price=np.log(money["receivable_fen"] / 4500),
        draws={name: rng.random(n) for name in DRAWS},
        **money,
    )


def _shares(weights: list[float]) -> np.ndarray:
    total = np.array(weights, dtype=float)
    return total / total.sum()


def _draw_demand(rng: np.random.Generator, first_day: date, order_count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw how many orders each streamer sells on each day; a streamer without a show that day sells a little by short video."""
    expected = np.zeros((shop.DAYS + shop.WARM_UP_DAYS, len(shop.STREAMERS)))
    for d in range(len(expected)):
        today = first_day + timedelta(days=d)
        scale = shop.WEEKDAY_ORDERS[today.weekday()] * (shop.PROMOTION_ORDERS if today.day in shop.PROMOTION_DAYS else 1)
        for s, streamer in enumerate(shop.STREAMERS):
            is_show = today.weekday() in streamer.show_days or today.day in shop.PROMOTION_DAYS
            expected[d, s] = scale * streamer.weight * (7 / len(streamer.show_days) if is_show else 0.12)
    expected *= order_count / expected[shop.WARM_UP_DAYS :].sum()
    counts = rng.poisson(expected)
    day, streamer = (np.repeat(index.ravel(), counts.ravel()) for index in np.indices(counts.shape))
    own, promoter = np.cumsum(shop.OWN_CHANNEL_SHARES), np.cumsum(shop.PROMOTER_CHANNEL_SHARES)
    shares = np.where((streamer == shop.OWN)[:, None], own, promoter)
    channel = np.minimum((rng.random(len(day))[:, None] >= shares).sum(axis=1), len(shop.CHANNELS) - 1)
    return day, streamer, channel


def _draw_time_of_day(rng: np.random.Generator, streamer: np.ndarray, channel: np.ndarray) -> np.ndarray:
    """Draw seconds of the day: live rooms sell around the show's hour, everything else over the waking day."""
    peak = np.array([row.peak_hour for row in shop.STREAMERS])[streamer]
    live = peak + 1.4 * rng.standard_normal(len(streamer))
    waking = np.where(rng.random(len(streamer)) < 0.45, 12.5, 20.5) + 3.0 * rng.standard_normal(len(streamer))
    hour = np.abs(np.where(channel == 0, live, waking))
    return np.clip(np.where(hour > 24, 48 - hour, hour), 0, 23.999) * HOUR  # past midnight is folded back into the day


def _draw_products(rng: np.random.Generator, streamer: np.ndarray) -> np.ndarray:
    """Draw the product: each streamer leans to two of the eight."""
    lean = np.ones((len(shop.STREAMERS), len(shop.PRODUCTS)))
    for s, favourites in enumerate(((0, 5), (1, 2), (0, 3), (2, 6), (4, 7))):
        lean[s, list(favourites)] = 2.5
    shares = lean * np.array([product.weight for product in shop.PRODUCTS])
    cumulative = np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1)
    return np.minimum((rng.random(len(streamer))[:, None] >= cumulative[streamer]).sum(axis=1), len(shop.PRODUCTS) - 1)


def _draw_slow_days(rng: np.random.Generator) -> np.ndarray:
    """Draw on which days which product is short in the warehouse: (day, product) of truth values, two days in a row."""
    starts = rng.random((shop.DAYS + shop.WARM_UP_DAYS, len(shop.PRODUCTS))) < shop.SLOW_DAY_SHARE / 2
    return starts | np.concatenate([np.zeros((1, len(shop.PRODUCTS)), dtype=bool), starts[:-1]])


def _draw_money(
    rng: np.random.Generator, product: np.ndarray, province: np.ndarray, is_promotion: np.ndarray
) -> dict[str, np.ndarray]:
    """Draw quantity, price and discounts in whole fen: paid = price × quantity − discount − subsidy + postage."""
    n = len(product)
    quantity = 1 + (rng.random(n) < 0.09) + (rng.random(n) < 0.02)
    list_price = np.array([row.price_fen for row in shop.PRODUCTS])[product]
    price = np.where(is_promotion, (list_price * 0.9 / 100).astype(int) * 100 + 90, list_price)
    total = price * quantity
    has_coupon = rng.random(n) < np.where(is_promotion, 0.45, 0.2)
    discount = np.where(has_coupon, np.minimum(total // 10 // 100 * 100, 2000), 0)
    subsidy = np.where(rng.random(n) < 0.25, (total * 0.05).astype(int) // 10 * 10, 0)
    postage = np.array([row[4] for row in shop.PROVINCES])[province]
    paid = total - discount - subsidy + postage
    return {
        "quantity": quantity,
        "unit_price_fen": price,
        "discount_fen": discount,
        "subsidy_fen": subsidy,
        "postage_fen": postage,
        "paid_fen": paid,
        "receivable_fen": paid + subsidy,
    }
