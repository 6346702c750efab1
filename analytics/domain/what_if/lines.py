"""What order lines cost, priced again: acquisition, goods, sending, insurance and fees, by the ledger's rules."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.domain import money
from analytics.domain.what_if import exact, lookup
from analytics.domain.what_if.book import Book, Columns, Costs

PPM = 1_000_000  # rates are millionths
UFEN = 1_000_000  # exact amounts are millionths of a fen
PARTS_KEPT = 30  # of a book: a lever that moves prices its own part anew, the others stand


@dataclass(frozen=True)
class World:
    """What prices the book: its costs, advertising and goods as a factor in millionths, insurance on, off or as it is."""

    costs: Costs
    ad_ppm: int = PPM
    goods_ppm: int = PPM
    insurance: str = ""


@dataclass(frozen=True)
class PricedLines:
    """Lines priced, a number a row: A and C exact (millionths of a fen), the rest in fen and of the whole order.

    `knows` says by name where a figure is known; an unknown one is 0.
    """

    acquisition_ufen: np.ndarray
    goods_ufen: np.ndarray
    freight: np.ndarray
    packing: np.ndarray
    premium: np.ndarray
    fees: np.ndarray
    is_insured: np.ndarray
    knows: Mapping[str, np.ndarray]


def part(book: Book, world: World, name: str, uses: tuple[str, ...], work_out: Callable[[], Any], extra: Hashable = "") -> Any:
    """Return a part of the pricing, kept with the book under the costs that it uses (and what else of the world it hangs on)."""
    return book.keep("part", (name, world.costs.key(*uses), extra), PARTS_KEPT, work_out)


def priced_lines(book: Book, world: World) -> PricedLines:
    """Price the lines of the orders that stand one by one."""
    rows = book.lines
    bought = ("acquisition_per_order", "acquisition_rate")
    acquisition, knows_acquisition = part(book, world, "A", bought, lambda: _acquisition(book, world, rows), world.ad_ppm)
    goods, knows_goods = part(book, world, "C", ("goods_cost_rate",), lambda: _goods(book, world, rows), world.goods_ppm)
    freight, knows_freight = _sent(book, world, "outbound_freight")
    packing, knows_packing = _sent(book, world, "packing")
    premium, is_insured, knows_premium = part(
        book, world, "premium", ("freight_insurance",), lambda: _premium(book, world, rows), world.insurance
    )
    fees, knows_fees = part(book, world, "fees", ("technical_fee_rate",), lambda: _fees(book, world))
    knows = {
        "acquisition": knows_acquisition,
        "goods": knows_goods,
        "freight": knows_freight,
        "packing": knows_packing,
        "premium": knows_premium,
        "fees": knows_fees,
    }
    return PricedLines(acquisition, goods, freight, packing, premium, fees, is_insured, knows)


def _sent(book: Book, world: World, name: str) -> tuple[np.ndarray, np.ndarray]:
    return part(book, world, name, (name,), lambda: _cost(book, world, name, book.lines, "sent_on", "first_product"))


def _fees(book: Book, world: World) -> tuple[np.ndarray, np.ndarray]:
    rows = book.lines
    rate, knows_rate = _cost(book, world, "technical_fee_rate", rows, "paid_on", "first_product")
    estimate = rows["commission_fen"] + exact.product(rows["order_receivable_fen"], rate, PPM)
    return np.where(rows["is_settled"], rows["settled_fees_fen"], estimate), rows["is_settled"] | knows_rate


def base_of_lines(book: Book, priced: PricedLines) -> tuple[np.ndarray, np.ndarray]:
    """Return (profit without any case, premium) of every line; what belongs to the order stands on its first line."""
    rows = book.lines
    is_first = np.zeros(len(rows), dtype=bool)
    is_first[book.first_lines] = True
    sent = np.where(rows["is_order_shipped"], priced.freight + priced.packing, 0)
    own = rows["receivable_fen"] - exact.divided(priced.acquisition_ufen, UFEN) - exact.divided(priced.goods_ufen, UFEN)
    of_order = np.where(is_first, priced.fees + sent + priced.premium + _small_payments(book), 0)
    is_paid = rows["is_paid"]
    return np.where(is_paid, own - of_order, 0), np.where(is_paid & is_first, priced.premium, 0)


def plain_orders(book: Book, world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (profit, premium, is_known) of the plain orders, those of one price together."""
    rows = book.plain
    count = rows["order_count"]
    amount, has_amount = _cost(book, world, "acquisition_per_order", rows, "paid_on", "first_product")
    rate, knows_rate = _cost(book, world, "acquisition_rate", rows, "paid_on", "product_id")
    each = np.where(has_amount, amount, exact.product(rows["paid_fen"], rate, PPM))
    acquisition = np.where(rows["has_spend"], exact.product(rows["spend_fen"], _all(rows, world.ad_ppm), PPM), count * each)
    goods_rate, knows_goods = _cost(book, world, "goods_cost_rate", rows, "paid_on", "product_id")
    by_rate = exact.divided(_scaled(rows["paid_fen"] * goods_rate, world.goods_ppm), UFEN)
    goods = np.where(rows["has_cost"], exact.product(rows["cost_fen"], _all(rows, world.goods_ppm), PPM), count * by_rate)
    freight, knows_freight = _cost(book, world, "outbound_freight", rows, "sent_on", "first_product")
    packing, knows_packing = _cost(book, world, "packing", rows, "sent_on", "first_product")
    sent = np.where(rows["is_order_shipped"], count * (freight + packing), 0)
    unit_premium, is_insured, knows_premium = _premium(book, world, rows)
    premium = np.where(rows["is_booked"] & is_insured, rows["premium_fen"], count * unit_premium)
    fee_rate, knows_fees = _cost(book, world, "technical_fee_rate", rows, "paid_on", "first_product")
    estimate = rows["commission_fen"] + count * exact.product(rows["receivable_fen"], fee_rate, PPM)
    fees = np.where(rows["is_settled"], rows["settled_fees_fen"], estimate)
    profit = count * rows["receivable_fen"] - fees - acquisition - goods - sent - premium - rows["small_payment_fen"]
    knows_sent = ~rows["is_order_shipped"] | (knows_freight & knows_packing)
    knows_bought = (rows["has_spend"] | has_amount | knows_rate) & (rows["has_cost"] | knows_goods)
    return profit, premium, knows_sent & knows_bought & knows_premium & (rows["is_settled"] | knows_fees)


def _cost(book: Book, world: World, name: str, rows: Columns, day: str, product: str) -> tuple[np.ndarray, np.ndarray]:
    """A cost for every row of lines or plain orders, looked up by shop, province and one of the row's two products."""
    places = {"shop": rows["shop"], "province": rows["province"], "product": rows[product]}
    return lookup.held(book, name, places, rows[day], world.costs)


def _acquisition(book: Book, world: World, rows: Columns) -> tuple[np.ndarray, np.ndarray]:
    """A of every line in millionths of a fen: what was spent on it, else its part of the amount set, else the rate."""
    amount, has_amount = _cost(book, world, "acquisition_per_order", rows, "paid_on", "first_product")
    rate, knows_rate = _cost(book, world, "acquisition_rate", rows, "paid_on", "product_id")
    has_spend = rows["has_spend"]
    set_fen = amount.copy()
    for first in book.first_lines[(rows["line_count"] > 1)[book.first_lines] & (has_amount & ~has_spend)[book.first_lines]]:
        whole = slice(first, first + int(rows["line_count"][first]))
        set_fen[whole] = money.spread(int(amount[first]), np.maximum(rows["receivable_fen"][whole], 0).tolist())
    ufen = np.where(has_amount, set_fen * UFEN, rows["paid_fen"] * rate)
    return np.where(has_spend, rows["spend_fen"] * world.ad_ppm, ufen), has_spend | has_amount | knows_rate


def _goods(book: Book, world: World, rows: Columns) -> tuple[np.ndarray, np.ndarray]:
    rate, knows_rate = _cost(book, world, "goods_cost_rate", rows, "paid_on", "product_id")
    ufen = np.where(rows["has_cost"], rows["cost_fen"] * UFEN, rows["paid_fen"] * rate)
    return _scaled(ufen, world.goods_ppm), rows["has_cost"] | knows_rate


def _premium(book: Book, world: World, rows: Columns) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(premium of one order, is_insured, is_known): what a file books, else as set on a shipped order."""
    value, is_known = _cost(book, world, "freight_insurance", rows, "sent_on", "first_product")
    shipped, booked = rows["is_order_shipped"], rows["is_booked"]
    if world.insurance == "off":
        none = np.zeros(len(rows), dtype=np.int64)
        return none, none.astype(bool), ~none.astype(bool)
    premium = np.where(booked, rows["premium_fen"], np.where(shipped, value, 0))
    return premium, booked | (shipped if world.insurance == "on" else False), booked | ~shipped | is_known


def _small_payments(book: Book) -> np.ndarray:
    """Small payments of every line's order; those called postage are return freight where a case bears it."""
    has_postage_back = np.zeros(len(book.lines), dtype=bool)
    if len(book.cases):
        borne = np.unique(book.cases["order_at"][book.cases["has_postage_back"]])
        has_postage_back = np.isin(book.lines["order_at"], borne)
    return book.lines["small_payment_fen"] + np.where(has_postage_back, 0, book.lines["postage_payment_fen"])


def _scaled(ufen: np.ndarray, ppm: int) -> np.ndarray:
    return ufen if ppm == PPM else exact.product(ufen, np.full(len(ufen), ppm, dtype=np.int64), PPM)


def _all(rows: Columns, value: int) -> np.ndarray:
    return np.full(len(rows), value, dtype=np.int64)
