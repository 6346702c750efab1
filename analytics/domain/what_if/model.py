"""The model: the priced book added up by groups of cases, and what a chain of levers makes of it.

A case weighs 1 as it is. Levers on rates change weights, levers on costs price the book again; the figures are sums of both, so
that the empty chain is the account itself, to the fen.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from analytics.domain.vocabulary import COMPONENTS
from analytics.domain.what_if import pricing
from analytics.domain.what_if.book import STAGE_NAMES, Book, Columns
from analytics.domain.what_if.levers import OTHERS, Lever, Scenario
from analytics.domain.what_if.lines import World

BEFORE = ("before_shipment",)
AFTER = ("intercepted", "returned", "kept", "exchanged", "reshipped")
ALL_MONEY_BACK = ("before_shipment", "intercepted", "returned", "kept", "price_cut", "unknown")
# In which refunds a tool shows: a payment comes after shipment, the rest before it; a coupon touches every order.
SHOWS_IN = {
    "small_payment": ("intercepted", "returned", "kept", "price_cut"),
    "coupon": ALL_MONEY_BACK,
    **dict.fromkeys(("priority_ship", "address_change", "urge_ship", OTHERS), BEFORE),
}
HOURS_OF_AN_EFFECT = 24.0  # the tools compare shipment within a day with later
SHEETS_KEPT = 200
PRICED_KEPT = 2  # each as large as the book itself


class EffectEstimate(Protocol):
    """What a tool does to the chance of a refund (-0.06: six points fewer), its 95 % interval, and the grade of the evidence."""

    effect: float
    low: float
    high: float
    grade: str


@dataclass(frozen=True)
class ToolUse:
    """On how many orders of the period a tool could have been used, on how many it was, and what a use cost, in fen."""

    eligible: int = 0
    used: int = 0
    cost_fen: float = 0.0


@dataclass(frozen=True)
class Waiting:
    """Hours from payment to shipment of shipped orders, and to the first urge of those that were urged (nan: never)."""

    hours: np.ndarray = field(default_factory=lambda: np.zeros(0))
    urged_after: np.ndarray = field(default_factory=lambda: np.zeros(0))
    unsent_urged: int = 0

    @property
    def present(self) -> float:
        """Mean hours from payment to shipment; 0 when nothing was shipped."""
        return float(self.hours.mean()) if len(self.hours) else 0.0

    def moved(self, factor: float, *, is_urged: bool) -> float:
        """Return how many orders more ship within a day (of the urge, or of payment) when all take `factor` as long."""
        rows = ~np.isnan(self.urged_after) if is_urged else np.isnan(self.urged_after)
        since = np.where(is_urged, self.urged_after[rows], 0.0) if len(self.hours) else self.hours
        hours = self.hours[rows]
        if not len(hours):
            return 0.0
        gained = np.mean(hours * factor - since <= HOURS_OF_AN_EFFECT) - np.mean(hours - since <= HOURS_OF_AN_EFFECT)
        return float(gained) * (len(hours) + (self.unsent_urged if is_urged else 0))


@dataclass(frozen=True)
class Known:
    """What is known beside the book: how tools are used, how long orders wait, and what the tools' results say they do."""

    uses: Mapping[str, ToolUse] = field(default_factory=dict)
    waiting: Waiting = field(default_factory=Waiting)
    effects: Mapping[str, EffectEstimate] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """The priced book in sums, a column a block of cases: the five components, what cases take from the profit, counts."""

    parts: np.ndarray
    lost: np.ndarray
    to_ship: np.ndarray
    refunds: np.ndarray
    base_fen: float
    receivable_fen: float
    premium_fen: float
    borne_premium: np.ndarray
    orders: int
    shipped: int
    gaps: tuple[int, ...]
    knows_profit: bool


@dataclass(frozen=True)
class State:
    """Where a chain of levers stands: what prices the book, what is left out of it, and the weight of every block of cases.

    Weights and costs of tools may have a column of draws. `rescued`: refunds before shipment that did not happen, by weight.
    """

    world: World
    weights: np.ndarray
    tool_cost_fen: np.ndarray | float = 0.0
    dropped_streamers: tuple[str, ...] = ()
    dropped_products: tuple[str, ...] = ()


class Model:
    """A book with a part of it chosen, its blocks of cases for the levers of a scenario, and the sheets worked out so far."""

    def __init__(self, book: Book, known: Known, scenario: Scenario) -> None:
        self.book, self.known, self.scenario = book, known, scenario
        self._rows = {
            "cases": self._of_selection("cases"),
            "lines": self._of_selection("lines"),
            "plain": self._of_selection("plain"),
        }
        self._masks = {lever.key: self._lever_rows(lever) for lever in scenario.levers if lever.name == "refund_rate"}
        bits = [book.cases["is_urged"], *self._masks.values()]
        signature = sum(
            (flags.astype(np.int64) << place for place, flags in enumerate(bits)), np.zeros(len(book.cases), np.int64)
        )
        self._signatures, self._group = np.unique(signature, return_inverse=True)
        self.block_count = len(STAGE_NAMES) * max(len(self._signatures), 1)

    @property
    def start(self) -> State:
        """The account as it is."""
        return State(World(self.book.costs), np.ones(self.block_count))

    def stage_of(self) -> np.ndarray:
        """Return the stage code of every block."""
        return np.repeat(np.arange(len(STAGE_NAMES)), self.block_count // len(STAGE_NAMES))

    def blocks(self, stages: Sequence[str], *, is_urged: bool | None = None, key: str = "") -> np.ndarray:
        """Mark the blocks of some stages, of urged orders or of others, of what a lever on the refund rate names."""
        of_group = np.ones(max(len(self._signatures), 1), dtype=bool)
        if is_urged is not None and len(self._signatures):
            of_group &= (self._signatures & 1 == 1) == is_urged
        if key and len(self._signatures):
            of_group &= (self._signatures >> (1 + list(self._masks).index(key))) & 1 == 1
        return np.outer(pricing.is_in(np.arange(len(STAGE_NAMES)), tuple(stages)), of_group).ravel()

    def sheet(self, state: State) -> Sheet:
        """Price the book for a state and add it up; what was worked out before is kept with the book."""
        scenario = self.scenario
        part = (scenario.streamers, scenario.products, tuple(self._masks))
        key = (_name_of(state.world), state.dropped_streamers, state.dropped_products, *part)
        return self.book.keep("sheet", key, SHEETS_KEPT, lambda: self._added_up(self.priced(state.world), state))

    def priced(self, world: World) -> pricing.Priced:
        """Price the book for a world; the last few are kept with the book."""
        return self.book.keep("priced", _name_of(world), PRICED_KEPT, lambda: pricing.price(self.book, world))

    def _added_up(self, priced: pricing.Priced, state: State) -> Sheet:
        cases, lines, plain = (self._rows[name] & ~self._dropped(name, state) for name in ("cases", "lines", "plain"))
        book = self.book
        block = (priced.stage.astype(np.int64) * max(len(self._signatures), 1) + self._group)[cases]

        def by_block(values: np.ndarray) -> np.ndarray:
            return np.bincount(block, weights=values[cases], minlength=self.block_count)

        parts = np.array([sum(by_block(priced.pieces[piece]) for piece in pricing.PIECES[name]) for name in COMPONENTS])
        is_first = np.zeros(len(book.lines), dtype=bool)
        is_first[book.first_lines] = True
        orders = is_first & lines & book.lines["is_paid"]
        count = book.plain["order_count"] * plain
        paid_lines = lines & book.lines["is_paid"]
        return Sheet(
            parts=parts,
            lost=by_block(priced.lost),
            to_ship=by_block(priced.to_ship),
            refunds=by_block((book.cases["is_refund"] & book.cases["is_lead"]).astype(np.int64)),
            base_fen=float(priced.line_base[lines].sum() + priced.plain_base[plain].sum()),
            receivable_fen=float(book.lines["receivable_fen"][paid_lines].sum() + (book.plain["receivable_fen"] * count).sum()),
            premium_fen=float(priced.line_premium[lines].sum() + priced.plain_premium[plain].sum()),
            borne_premium=by_block(priced.pieces["premium"] * book.lines["is_paid"][book.cases["line_at"]]),
            orders=int(orders.sum() + count.sum()),
            shipped=int((orders & book.lines["is_order_shipped"]).sum() + (count * book.plain["is_order_shipped"]).sum()),
            gaps=tuple(int(priced.gaps[name][cases].sum()) for name in COMPONENTS),
            knows_profit=priced.knows_profit,
        )

    def by_streamer(self, state: State) -> dict[str, tuple[float, float, float, int]]:
        """Return by streamer (profit if nothing was refunded, what the refunds take, refunds, orders) under a state's costs.

        Exchanges and what is sent again stay as they are; an order that is not refunded before shipment is shipped.
        """
        priced, book = self.priced(state.world), self.book
        names, lines, plain = book.texts["streamer"], self._rows["lines"], self._rows["plain"]
        is_paid = book.lines["is_paid"][book.cases["line_at"]]
        cases = self._rows["cases"] & is_paid & pricing.is_in(priced.stage, ALL_MONEY_BACK)
        others = self._rows["cases"] & is_paid & ~cases
        of_line, of_plain = book.lines["streamer"], book.plain["streamer"]
        of_case = of_line[book.cases["line_at"]]
        is_first = np.zeros(len(book.lines), dtype=bool)
        is_first[book.first_lines] = True

        def added(codes: np.ndarray, values: np.ndarray, rows: np.ndarray) -> np.ndarray:
            return np.bincount(codes[rows], weights=values[rows].astype(float), minlength=len(names))

        weight = state.weights[priced.stage.astype(np.int64) * max(len(self._signatures), 1) + self._group]
        base = added(of_line, priced.line_base, lines) + added(of_plain, priced.plain_base, plain)
        base -= added(of_case, priced.to_ship, cases) + added(of_case, priced.lost * weight, others)
        lost = added(of_case, (priced.lost - priced.to_ship) * weight, cases)
        refunds = added(of_case, book.cases["is_refund"] * book.cases["is_lead"] * weight, cases)
        orders = added(of_line, is_first & book.lines["is_paid"], lines) + added(of_plain, book.plain["order_count"], plain)
        return {
            name: (base[code], lost[code], refunds[code], int(orders[code]))
            for code, name in enumerate(names)
            if orders[code] > 0
        }

    def refund_rate(self, lever: Lever) -> float:
        """Return the present refund rate that a lever names: its refunds for every paid order."""
        orders, cases = self.sheet(self.start).orders, self.book.cases
        stages = (lever.named("stage"),) if lever.named("stage") else ALL_MONEY_BACK
        counted = self._rows["cases"] & cases["is_refund"] & cases["is_lead"] & self._lever_rows(lever)
        return int((counted & pricing.is_in(self._present_stage, stages)).sum()) / orders if orders else 0.0

    @property
    def _present_stage(self) -> np.ndarray:
        return self.book.keep("stage", "", 1, lambda: self.priced(self.start.world).stage)

    def order_rows(self) -> list[tuple[Columns, np.ndarray, np.ndarray]]:
        """Return lines and plain orders, each as (columns, which are chosen, which stand for an order)."""
        lines, plain = self.book.lines, self.book.plain
        is_first = np.zeros(len(lines), dtype=bool)
        is_first[self.book.first_lines] = True
        return [
            (lines, self._rows["lines"] & lines["is_paid"], is_first),
            (plain, self._rows["plain"], np.ones(len(plain), bool)),
        ]

    def _of_selection(self, name: str) -> np.ndarray:
        rows = self._is_of(name, self.scenario.streamers, self.scenario.products)
        return rows & getattr(self.book, name)["is_chosen"] if name != "plain" else rows

    def _is_of(self, name: str, streamers: Sequence[str], products: Sequence[str]) -> np.ndarray:
        """The rows of some streamers and of some products; none named: all."""
        book = self.book
        columns = book.plain if name == "plain" else book.lines
        found = np.ones(len(columns), dtype=bool)
        for kind, wanted in (("streamer", streamers), ("product", products)):
            if wanted:
                found &= np.isin(columns[kind], [book.code(kind, text) for text in wanted])
        return found[book.cases["line_at"]] if name == "cases" else found

    def _dropped(self, name: str, state: State) -> np.ndarray:
        none = np.zeros(len(self._rows[name]), dtype=bool)
        for streamers, products in ((state.dropped_streamers, ()), ((), state.dropped_products)):
            if streamers or products:
                none |= self._is_of(name, streamers, products)
        return none

    def _lever_rows(self, lever: Lever) -> np.ndarray:
        book = self.book
        found = np.ones(len(book.cases), dtype=bool)
        if lever.named("reason"):
            found &= book.cases["reason"] == book.code("reason", lever.named("reason"))
        for label in ("product", "streamer"):
            if lever.named(label):
                found &= book.lines[label][book.cases["line_at"]] == book.code(label, lever.named(label))
        return found


def figures(sheet: Sheet, state: State) -> dict[str, np.ndarray | float]:
    """Return the figures of a state in fen: the five, hidden, total, net sales, profit, and the premium beside the five.

    Weights with a column of draws give a figure a draw.
    """
    weights = state.weights
    found = {f"{name}_fen": sheet.parts[place] @ weights for place, name in enumerate(COMPONENTS)}
    found["hidden_fen"] = sum(found[f"{name}_fen"] for name in COMPONENTS if name != "sales")
    found["total_fen"] = found["sales_fen"] + found["hidden_fen"]
    found["net_sales_fen"] = sheet.receivable_fen - found["sales_fen"]
    sent_after_all = sheet.to_ship @ (1 - weights)
    found["profit_fen"] = sheet.base_fen - sheet.lost @ weights - sent_after_all - state.tool_cost_fen
    found["premium_unrefunded_fen"] = sheet.premium_fen - sheet.borne_premium @ weights
    return found


def later_rate(model: Model, sheet: Sheet, weights: np.ndarray) -> np.ndarray | float:
    """Return which part of the shipped orders is refunded, exchanged or sent again after shipment."""
    after = model.blocks(AFTER)
    return (sheet.refunds[after] @ weights[after]) / sheet.shipped if sheet.shipped else 0.0


def with_later_refunds(model: Model, state: State, before: np.ndarray, rate: float | np.ndarray | None) -> State:
    """Let orders that were rescued before shipment come back later, at the shop's own rate after shipment or another one.

    `before` are the weights without the levers. An order that is not refunded is shipped, and may be refunded then: the trap.
    """
    sheet, weights = model.sheet(state), state.weights
    blocks, after = model.blocks(BEFORE), model.blocks(AFTER)
    rescued = sheet.refunds[blocks] @ (before - weights)[blocks]
    expected = sheet.refunds[after] @ weights[after]
    wanted = rescued * (later_rate(model, sheet, weights) if rate is None else rate)
    grown = np.where(expected > 0, np.maximum(1 + wanted / np.where(expected > 0, expected, 1), 0), 1)
    return replace(state, weights=np.where(_column(after, weights), weights * grown, weights))


def _column(flags: np.ndarray, like: np.ndarray) -> np.ndarray:
    return flags[:, None] if like.ndim > 1 else flags


def _name_of(world: World) -> Hashable:
    return world.costs.key(), world.ad_ppm, world.goods_ppm, world.insurance
