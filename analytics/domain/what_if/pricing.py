"""Pricing the book again: what its cases cost and its orders earn under any costs, to the fen as the ledger books it.

The rules are those of ledger.md §4 and §7 over whole columns; the ledger's own SQL is what the tests hold them against.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.domain.what_if import exact, lookup
from analytics.domain.what_if.book import STAGE_CODES, STAGE_NAMES, Book
from analytics.domain.what_if.lines import PPM, UFEN, PricedLines, World, base_of_lines, part, plain_orders, priced_lines

MINUTES_OF_A_FEN = 6_000  # hundredths of a minute times fen an hour
PIECES = {
    "sales": ("refund",),
    "acquisition": ("marketing",),
    "logistics": ("freight", "packing", "premium", "back", "intercept", "again"),
    "handling": ("minutes", "fee_kept", "inspection", "penalty", "kept_fees"),
    "damage": ("goods",),
}
_GIVES_UP = ("before_shipment", "intercepted", "returned", "kept", "unknown")
_SENT = ("intercepted", "returned", "kept")
# Which costs the parts hang on.
_BOUGHT = ("acquisition_per_order", "acquisition_rate")
_SENDING = ("outbound_freight", "packing", "freight_insurance", "intercept_fee")
_WORK = (*(f"minutes_{name}" for name in STAGE_NAMES), "hourly_wage", "fee_kept_rate", "inspection")
_GOODS = ("goods_cost_rate", "damage_rate_returned", "damage_rate_intercepted")


@dataclass(frozen=True)
class Priced:
    """The priced book, a number a row, whole fen.

    `pieces` of every case row by name; `gaps` says by component where part is unknown; `stage` is the code of the case's.
    `lost`: by how much the case lowers the profit; `to_ship`: what sending the order would cost where it was not sent.
    `line_base`, `plain_base`: profit without any case, what belongs to an order on its first line; `premium` likewise.
    """

    pieces: Mapping[str, np.ndarray]
    gaps: Mapping[str, np.ndarray]
    stage: np.ndarray
    lost: np.ndarray
    to_ship: np.ndarray
    line_base: np.ndarray
    line_premium: np.ndarray
    plain_base: np.ndarray
    plain_premium: np.ndarray
    knows_profit: bool


@dataclass(frozen=True)
class _Staged:
    """Cases with their stages under the setting price_cut_below, and what follows from them."""

    line_stage: np.ndarray
    stage: np.ndarray
    takes_part: np.ndarray
    booked_share: np.ndarray
    bears_out: np.ndarray
    bears_intercept: np.ndarray


@dataclass(frozen=True)
class _Rows:
    """What the pieces are worked out from: the book, the world, its lines priced, its cases staged."""

    book: Book
    world: World
    lines: PricedLines
    staged: _Staged

    def part(self, name: str, uses: tuple[str, ...], work_out: Callable[[], Any]) -> Any:
        """A part of the pricing that hangs on these costs, on the stages, and on the world's own switches."""
        world = self.world
        switches = (world.ad_ppm, world.goods_ppm, world.insurance)
        return part(self.book, world, name, (*uses, "price_cut_below"), work_out, switches)

    def of_line(self, values: np.ndarray) -> np.ndarray:
        return values[self.book.cases["line_at"]]

    def cost(self, name: str, *, is_of_order: bool = False) -> tuple[np.ndarray, np.ndarray]:
        return _case_cost(self.book, self.world, name, is_of_order=is_of_order)


def price(book: Book, world: World) -> Priced:
    """Price every case, line and plain order of a book under the costs of a world."""
    staged = part(book, world, "staged", ("price_cut_below",), lambda: _staged(book, world))
    rows = _Rows(book, world, priced_lines(book, world), staged)
    pieces, gaps = _pieces(rows)
    line_base, line_premium = base_of_lines(book, rows.lines)
    plain_base, plain_premium, knows_plain = plain_orders(book, world)
    shipped = book.lines["is_order_shipped"]
    knows_lines = [shipped <= rows.lines.knows[name] for name in ("freight", "packing")]
    knows_lines += [rows.lines.knows[name] for name in ("acquisition", "goods", "premium", "fees")]
    return Priced(
        pieces=pieces,
        gaps=gaps,
        stage=rows.staged.stage,
        lost=_lost(rows, pieces),
        to_ship=_to_ship(rows),
        line_base=line_base,
        line_premium=line_premium,
        plain_base=plain_base,
        plain_premium=plain_premium,
        knows_profit=bool(knows_plain.all() and all((~book.lines["is_paid"] | flags).all() for flags in knows_lines))
        and not any(flags.any() for flags in gaps.values()),
    )


def is_in(stage: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """Say of every stage code whether it is one of the stages named."""
    wanted = np.zeros(len(STAGE_NAMES), dtype=bool)
    wanted[[STAGE_CODES[name] for name in names]] = True
    return wanted[stage]


def _case_cost(book: Book, world: World, name: str, *, is_of_order: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """A cost for every case row on the day that prices it; of the order: whatever the reason, by the order's first product."""
    lines, at = book.lines, book.cases["line_at"]
    places = {"shop": lines["shop"][at], "province": lines["province"][at]}
    places["product"] = lines["first_product" if is_of_order else "product_id"][at]
    if not is_of_order:
        places["reason"] = book.cases["reason_word"]
    return lookup.held(book, name, places, book.cases["priced_on"], world.costs)


def _staged(book: Book, world: World) -> _Staged:
    cases = book.cases
    receivable = book.lines["receivable_fen"][cases["line_at"]]
    limit, has_limit = _case_cost(book, world, "price_cut_below")
    is_cut = cases["may_be_cut"] & has_limit & (cases["share_fen"] * PPM < limit * np.maximum(receivable, 1))
    line_stage = np.where(is_cut, STAGE_CODES["price_cut"], cases["uncut_stage"]).astype(np.int8)
    takes_part = cases["counts"] & cases["knows_refund"] & is_in(line_stage, _GIVES_UP)
    booked = np.zeros(len(cases), dtype=np.int64)
    by_line = book.by_line
    so_far = np.where(takes_part, cases["share_fen"], 0)[by_line]
    booked[by_line] = exact.earlier_highest(so_far, cases["line_at"][by_line])
    may_bear = cases["is_lead"] & cases["counts"]
    return _Staged(
        line_stage=line_stage,
        stage=line_stage[book.lead_of],
        takes_part=takes_part,
        booked_share=booked,
        bears_out=_first_of_order(book, may_bear & is_in(line_stage, _SENT)),
        bears_intercept=_first_of_order(book, may_bear & (line_stage == STAGE_CODES["intercepted"])),
    )


def _first_of_order(book: Book, is_candidate: np.ndarray) -> np.ndarray:
    """Mark the earliest candidate of every order; the rows stand by order and time, a case has one candidate at most."""
    rows = np.flatnonzero(is_candidate)
    _, first = np.unique(book.cases["order_at"][rows], return_index=True)
    found = np.zeros(len(is_candidate), dtype=bool)
    found[rows[first]] = True
    return found


def _pieces(rows: _Rows) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    cases = rows.book.cases
    refund = np.where(cases["takes_refund"], cases["refund_fen"], 0)
    marketing, lacks_marketing = rows.part("marketing", _BOUGHT, lambda: _marketing(rows))
    logistics, lacks_logistics = _logistics(rows)
    handling, lacks_handling = rows.part("handling", _WORK, lambda: _handling(rows))
    goods, lacks_goods = rows.part("damage", _GOODS, lambda: _damage(rows))
    pieces = {"refund": refund, "marketing": marketing, **logistics, **handling, "goods": goods}
    gaps = {
        "sales": cases["takes_refund"] & ~cases["knows_refund"],
        "acquisition": lacks_marketing,
        "logistics": lacks_logistics,
        "handling": lacks_handling,
        "damage": lacks_goods,
    }
    return pieces, gaps


def _marketing(rows: _Rows) -> tuple[np.ndarray, np.ndarray]:
    cases = rows.book.cases
    is_charged = cases["counts"] & is_in(rows.staged.line_stage, _GIVES_UP)
    marketing = np.where(is_charged & cases["knows_refund"], _increment(rows, rows.of_line(rows.lines.acquisition_ufen), UFEN), 0)
    return marketing, is_charged & ~(cases["knows_refund"] & rows.of_line(rows.lines.knows["acquisition"]))


def _increment(rows: _Rows, amount: np.ndarray, per: int) -> np.ndarray:
    """What a case books of an exact amount: by its share, less what earlier cases of the line booked."""
    whole = rows.of_line(rows.book.lines["receivable_fen"])
    now, before = rows.book.cases["share_fen"], rows.staged.booked_share
    return exact.shared(amount, now, whole, per) - exact.shared(amount, before, whole, per)


def _logistics(rows: _Rows) -> tuple[dict[str, np.ndarray], np.ndarray]:
    back, lacks_back = rows.part("back", ("return_freight", "merchant_bears_return"), lambda: _back(rows))
    sent, lacks_sent = rows.part("sent", _SENDING, lambda: _sending(rows))
    return {**sent, "back": back}, lacks_sent | lacks_back


def _sending(rows: _Rows) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The parts of logistics but for the way back."""
    cases, staged, lines = rows.book.cases, rows.staged, rows.lines
    out_again = cases["is_lead"] & is_in(staged.stage, ("exchanged", "reshipped"))
    fee, knows_fee = rows.cost("intercept_fee")
    again_freight, knows_freight = rows.cost("outbound_freight", is_of_order=True)
    again_packing, knows_packing = rows.cost("packing", is_of_order=True)
    pieces = {
        "freight": np.where(staged.bears_out, rows.of_line(lines.freight), 0),
        "packing": np.where(staged.bears_out, rows.of_line(lines.packing), 0),
        "premium": np.where(cases["bears_bookings"], rows.of_line(lines.premium), 0),
        "intercept": np.where(staged.bears_intercept, fee, 0),
        "again": np.where(out_again, again_freight + again_packing, 0),
    }
    lacks = cases["is_lead"] & cases["counts"] & (staged.stage == STAGE_CODES["unknown"])
    lacks |= staged.bears_out & ~(rows.of_line(lines.knows["freight"]) & rows.of_line(lines.knows["packing"]))
    lacks |= cases["bears_bookings"] & ~rows.of_line(lines.knows["premium"])
    lacks |= (staged.bears_intercept & ~knows_fee) | (out_again & ~(knows_freight & knows_packing))
    return pieces, lacks


def _back(rows: _Rows) -> tuple[np.ndarray, np.ndarray]:
    """Return freight: what is booked for the order, nothing where an insurer pays it, else freight × the merchant's part."""
    cases = rows.book.cases
    freight, knows_freight = rows.cost("return_freight")
    part, knows_part = rows.cost("merchant_bears_return")
    is_booked = cases["bears_return_booking"] & cases["has_booked_return"]
    is_charged = cases["bears_parcel"] & ~is_booked & ~rows.of_line(rows.lines.is_insured)
    back = np.where(is_booked, cases["booked_return_fen"], np.where(is_charged, exact.product(freight, part, PPM), 0))
    return back, is_charged & ~(knows_freight & knows_part)


def _handling(rows: _Rows) -> tuple[dict[str, np.ndarray], np.ndarray]:
    cases, is_lead = rows.book.cases, rows.book.cases["is_lead"]
    minutes, knows_minutes = _minutes(rows)
    wage, knows_wage = rows.cost("hourly_wage")
    rate, knows_rate = rows.cost("fee_kept_rate")
    inspection, knows_inspection = rows.cost("inspection")
    keeps = is_lead & cases["takes_refund"] & ~cases["has_kept_fees"]
    pieces = {
        "minutes": np.where(is_lead, exact.product(minutes, wage, MINUTES_OF_A_FEN), 0),
        "fee_kept": np.where(keeps, exact.product(cases["case_refund_fen"], rate, PPM), 0),
        "inspection": np.where(cases["bears_parcel"], inspection, 0),
        "penalty": np.where(cases["bears_bookings"], cases["order_penalty_fen"], 0),
        "kept_fees": np.where(cases["bears_bookings"], cases["order_kept_fees_fen"], 0),
    }
    lacks_refund = keeps & ~cases["knows_case_refund"] & ((rate != 0) | ~knows_rate)
    lacks = (is_lead & ~(knows_minutes & knows_wage)) | lacks_refund | (keeps & ~knows_rate)
    return pieces, lacks | (cases["bears_parcel"] & ~knows_inspection)


def _minutes(rows: _Rows) -> tuple[np.ndarray, np.ndarray]:
    stage = rows.staged.stage
    minutes, is_known = np.zeros(len(stage), dtype=np.int64), np.zeros(len(stage), dtype=bool)
    for code, name in enumerate(STAGE_NAMES):
        at = stage == code
        if at.any():
            value, knows = rows.cost(f"minutes_{name}")
            minutes[at], is_known[at] = value[at], knows[at]
    return minutes, is_known


def _damage(rows: _Rows) -> tuple[np.ndarray, np.ndarray]:
    """Goods lost: d of the line's stage on C, all of it where the buyer keeps them or they go out twice; less compensation."""
    cases, stage = rows.book.cases, rows.staged.line_stage
    of_returned, knows_returned = rows.cost("damage_rate_returned")
    of_intercepted, knows_intercepted = rows.cost("damage_rate_intercepted")
    comes_back, is_intercepted = is_in(stage, ("returned", "exchanged")), stage == STAGE_CODES["intercepted"]
    rate = np.where(is_in(stage, ("kept", "reshipped")), PPM, np.where(comes_back, of_returned, 0))
    rate = np.where(is_intercepted, of_intercepted, rate)
    lost = _times(rows.of_line(rows.lines.goods_ufen), rate)
    by_share = cases["counts"] & is_in(stage, _SENT)
    whole = cases["counts"] & is_in(stage, ("exchanged", "reshipped"))
    goods = np.where(whole, exact.divided(lost, UFEN * PPM), 0)
    goods = np.where(by_share & cases["knows_refund"], _increment(rows, lost, UFEN * PPM), goods).astype(np.int64)
    knows = rows.of_line(rows.lines.knows["goods"]) & (~comes_back | knows_returned) & (~is_intercepted | knows_intercepted)
    lacks = cases["counts"] & (stage == STAGE_CODES["unknown"])
    lacks |= (whole & ~knows) | (by_share & ~(knows & cases["knows_refund"]))
    # An unknown input makes the whole part unknown, not only its own factor.
    goods = np.where(lacks, 0, goods)
    return goods - _relief(rows, goods, lacks), lacks


def _times(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """A product that may be too large for 64 bits; then in Python's own whole numbers."""
    highest = int(left.max(initial=0)) * int(right.max(initial=0))
    return left * right if highest < 1 << 61 else left.astype(object) * right.astype(object)


def _relief(rows: _Rows, goods: np.ndarray, lacks: np.ndarray) -> np.ndarray:
    """What the platform's compensation takes off the damage, case by case, line by line."""
    cases = rows.book.cases
    relief = np.zeros(len(goods), dtype=np.int64)
    at = np.flatnonzero((cases["order_relief_fen"] > 0) & ~lacks)
    before = exact.running(goods[at], cases["order_at"][at]) - goods[at]
    relief[at] = np.clip(cases["order_relief_fen"][at] - before, 0, np.maximum(goods[at], 0))
    return relief


def _lost(rows: _Rows, pieces: Mapping[str, np.ndarray]) -> np.ndarray:
    """By how much each case lowers the profit of its order: nothing where the order is not loaded.

    Money given back, what the case costs beyond the ordinary way out, less the goods and fees that are not used up after all.
    """
    book = rows.book
    costs = sum(pieces[name] for name in ("refund", "back", "intercept", "again", "goods", *PIECES["handling"]))
    sent = np.where(rows.of_line(book.lines["is_order_shipped"]), 0, pieces["freight"] + pieces["packing"])
    goods_saved = rows.part("goods_saved", ("goods_cost_rate",), lambda: _goods_saved(rows))
    fees_saved = rows.part("fees_saved", ("technical_fee_rate",), lambda: _fees_saved(rows))
    return np.where(rows.of_line(book.lines["is_paid"]), costs + sent - goods_saved - fees_saved, 0)


def _goods_saved(rows: _Rows) -> np.ndarray:
    """What each case gives up of the goods that would have been used up on the order."""
    staged, whole = rows.staged, rows.of_line(rows.book.lines["receivable_fen"])
    goods_ufen = rows.of_line(rows.lines.goods_ufen)
    shares = (staged.booked_share, rows.book.cases["share_fen"])
    before, after = (exact.shared(goods_ufen, whole - share, whole, UFEN) for share in shares)
    return np.where(staged.takes_part, before - after, 0)


def _fees_saved(rows: _Rows) -> np.ndarray:
    """By how much each case lowers the fees of its order, which fall with the refunded share of all its lines."""
    cases, staged = rows.book.cases, rows.staged
    given_up = np.where(staged.takes_part, cases["share_fen"] - staged.booked_share, 0)
    so_far = exact.running(given_up, cases["order_at"])
    fees, whole = rows.of_line(rows.lines.fees), rows.of_line(rows.book.lines["order_receivable_fen"])
    before, after = (exact.shared(fees * 2, whole - share, whole, 2) for share in (so_far - given_up, so_far))
    return np.where(whole > 0, before - after, 0)


def _to_ship(rows: _Rows) -> np.ndarray:
    """What sending the order costs where a refund before shipment kept it from being sent; on the case's first row."""
    cases, lines = rows.book.cases, rows.lines
    is_unsent = ~rows.of_line(rows.book.lines["is_order_shipped"]) & rows.of_line(rows.book.lines["is_paid"])
    is_charged = is_unsent & cases["bears_bookings"] & (rows.staged.stage == STAGE_CODES["before_shipment"])
    return np.where(is_charged, rows.of_line(lines.freight + lines.packing), 0)
