"""Answers of the store as the arrays that the estimators take: orders, their cases, and when a tool was used on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analytics.domain.effects import several
from analytics.domain.effects.design import Cases, Design
from analytics.domain.effects.shipping import HORIZON_DAYS, Shipments
from analytics.domain.effects.waiting import waiting_columns

HOUR = np.timedelta64(3_600_000_000, "us")
NEVER = np.datetime64("NaT", "us")
MONDAY = 3  # day 0 was a Thursday
GRANTED, REFUSED = OUTCOMES = ("granted", "refused")


@dataclass(frozen=True)
class Facts:
    """The paid orders of a scope and their cases (`order` is the place of a case's order), as `tool_orders`, `tool_cases` say.

    Orders that were refunded at an unknown time are left out, cases included: nobody knows whether a tool came before.
    """

    orders: pd.DataFrame
    cases: pd.DataFrame
    undated: int

    @cached_property
    def end_at(self) -> np.datetime64:
        """The end of the data; of several shops that of the one whose files end first."""
        return _moments(self.orders["end_at"]).min() if len(self.orders) else NEVER

    @cached_property
    def epoch(self) -> np.datetime64:
        """The moment from which hours are counted."""
        return _moments(self.orders["paid_at"]).min() if len(self.orders) else np.datetime64("2000-01-01", "us")

    def only(self, chosen: np.ndarray) -> Facts:
        """Return the orders for which `chosen` holds, with their cases."""
        place = np.where(chosen, np.cumsum(chosen) - 1, -1)[self.cases["order"].to_numpy()]
        cases = self.cases.assign(order=place)[place >= 0].reset_index(drop=True)
        return Facts(self.orders[chosen].reset_index(drop=True), cases, self.undated)

    def moments(self, name: str) -> np.ndarray:
        """Return a time of every order as datetime64, NaT where there is none."""
        return _moments(self.orders[name])

    def hours(self, moments: np.ndarray) -> np.ndarray:
        """Return moments as hours since the epoch, NaN where there is none."""
        return np.where(np.isnat(moments), np.nan, (moments - self.epoch) / HOUR)

    def has(self, tool: str) -> np.ndarray:
        """Say on which orders a tool was used."""
        return self.orders[f"has_{tool}"].to_numpy(dtype=bool)

    def paid_out(self, tool: str) -> np.ndarray:
        """Return what a tool paid out on each order, fen."""
        return self.orders[f"{tool}_fen"].fillna(0).to_numpy(dtype=np.int64)

    @cached_property
    def groups(self) -> dict[str, tuple[np.ndarray, list[str]]]:
        """The groups that effects are told of: of each order its product, streamer and week (codes from 0), and the codes' names.

        A week is called by its Monday, as where the uses are counted.
        """
        day = self.moments("paid_at").astype("datetime64[D]")
        monday = day - (day.astype(np.int64) + MONDAY) % 7
        named = {"product": self.orders["product"], "streamer": self.orders["streamer"], "week": monday}
        found = {name: pd.factorize(values) for name, values in named.items()}
        return {
            name: (code.astype(np.int64), [str(each)[:10] if name == "week" else str(each) for each in values])
            for name, (code, values) in found.items()
        }

    def groups_of(self, chosen: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """Return by dimension the codes of the orders, or of those for which `chosen` (n,) holds."""
        return {name: code if chosen is None else code[chosen] for name, (code, _) in self.groups.items()}

    @cached_property
    def refunded_at(self) -> np.ndarray:
        """When money first went back on each order."""
        paid_back = self.cases[self.cases["gives_money_back"].astype(bool)]
        return self._first(paid_back["order"].to_numpy(), _moments(paid_back["finished_at"]))

    @cached_property
    def asked_at(self) -> np.ndarray:
        """When the first case of each order was opened."""
        opened = _moments(self.cases["applied_at"])
        return self._first(
            self.cases["order"].to_numpy(), np.where(np.isnat(opened), _moments(self.cases["finished_at"]), opened)
        )

    def open_case(self, since: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return when the first case open at or after each order's moment was opened and closed; NaT: none, still open."""
        order = self.cases["order"].to_numpy()
        opened, closed = _moments(self.cases["applied_at"]), _moments(self.cases["finished_at"])
        counts = ~np.isnat(opened) & (np.isnat(closed) | (closed > since[order]))
        first = pd.Series(np.flatnonzero(counts)).groupby(order[counts], sort=False).first()  # cases come by time of opening
        at, until = np.full(len(self.orders), NEVER), np.full(len(self.orders), NEVER)
        at[first.index], until[first.index] = opened[first.to_numpy()], closed[first.to_numpy()]
        return at, until

    def loss_within(self, since: np.ndarray, days: int) -> np.ndarray:
        """Return what the cases that finished within so many days of each order's moment cost, fen."""
        order, finished = self.cases["order"].to_numpy(), _moments(self.cases["finished_at"])
        counts = (finished > since[order]) & (finished <= since[order] + days * 24 * HOUR)
        loss = np.zeros(len(self.orders), dtype=np.int64)
        np.add.at(loss, order[counts], self.cases["loss_fen"].to_numpy(dtype=np.int64)[counts])
        return loss

    def _first(self, order: np.ndarray, moments: np.ndarray) -> np.ndarray:
        first = np.full(len(self.orders), np.datetime64("9999-01-01", "us"))
        is_known = ~np.isnat(moments)
        np.minimum.at(first, order[is_known], moments[is_known])
        return np.where(first == np.datetime64("9999-01-01", "us"), NEVER, first)


def facts_of(orders: pd.DataFrame, cases: pd.DataFrame, first_day: date | None = None, last_day: date | None = None) -> Facts:
    """Return the orders paid in a period with their cases."""
    paid_on = _moments(orders["paid_at"]).astype("datetime64[D]")
    chosen = np.ones(len(orders), dtype=bool)
    if first_day is not None:
        chosen &= paid_on >= np.datetime64(first_day)
    if last_day is not None:
        chosen &= paid_on <= np.datetime64(last_day)
    place = _places(cases, orders)
    is_undated = cases["gives_money_back"].to_numpy(dtype=bool) & np.isnat(_moments(cases["finished_at"])) & (place >= 0)
    undated = np.zeros(len(orders), dtype=bool)
    undated[place[is_undated]] = True
    kept = chosen & ~undated
    new_place = np.where(kept, np.cumsum(kept) - 1, -1)
    of_case = np.append(new_place, -1)[place]  # a case of no order here finds the -1 at the end
    held = cases.assign(order=of_case)[of_case >= 0].reset_index(drop=True)
    chosen_orders = orders if kept.all() else orders[kept].reset_index(drop=True)  # a copy of a million rows is no trifle
    return Facts(chosen_orders, held, int((chosen & undated).sum()))


def small_payment_design(facts: Facts) -> Design:
    """Return the orders that could have been given a small payment: from shipment, or a case opened before it, on."""
    shipped = facts.moments("shipped_at")
    return _design(facts, "small_payment", np.fmin(shipped, facts.asked_at))


def coupon_design(facts: Facts) -> Design:
    """Return the orders that could have been given a coupon for a complaint: from the opening of a case on."""
    return _design(facts, "coupon", facts.asked_at)


def given_design(facts: Facts) -> Design:
    """Return the orders that could have been given anything by the shop, small payment or coupon, with the first of either."""
    given = ("small_payment", "coupon")
    used = several.first_use({tool: facts.hours(facts.moments(f"{tool}_at")) for tool in given})
    is_used = np.any([facts.has(tool) for tool in given], axis=0)
    cost = np.sum([facts.paid_out(tool) for tool in given], axis=0)
    return _design_of(facts, np.fmin(facts.moments("shipped_at"), facts.asked_at), used, is_used & np.isnan(used), cost)


def address_design(facts: Facts) -> Design:
    """Return the orders whose buyers asked for another address and were told yes (used) or no; other orders are no comparison."""
    told = facts.only(is_answered(facts))
    start = told.moments("address_change_at")
    used = np.where((told.orders["address_change_outcome"] == GRANTED).to_numpy(dtype=bool), told.hours(start), np.nan)
    nothing = np.zeros(len(told.orders), dtype=np.int64)
    return _design_of(told, start, used, nothing.astype(bool), nothing)


def is_answered(facts: Facts) -> np.ndarray:
    """Say of which orders (n,) another address was asked for before shipment, and granted or refused."""
    outcome, asked = facts.orders["address_change_outcome"], facts.moments("address_change_at")
    is_told = (outcome.isin(OUTCOMES) & ~np.isnat(asked)).to_numpy(dtype=bool)
    return is_told & ~(facts.moments("shipped_at") <= asked)


def time_zero(facts: Facts, tool: str, *, is_landmark: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return when each order was urged, or tagged, or first shown to be (landmark), and which orders (n,) can be judged.

    Orders without a time zero, or shipped at an unknown time, cannot.
    """
    used, seen = facts.moments(f"{tool}_at"), facts.moments(f"{tool}_seen_at")
    since = np.where(np.isnat(seen), used, np.fmax(seen, facts.moments("paid_at"))) if is_landmark else used
    return since, facts.has(tool) & ~np.isnat(since) & ~facts.orders["is_shipped_untimed"].to_numpy(dtype=bool)


def shipments(facts: Facts, tool: str, *, is_landmark: bool) -> Shipments:
    """Return the orders that were urged, or tagged, and can be judged (`time_zero`)."""
    since, is_known = time_zero(facts, tool, is_landmark=is_landmark)
    design = _design_of(
        facts, since, np.full(len(since), np.nan), np.zeros(len(since), dtype=bool), np.zeros(len(since), dtype=np.int64)
    )
    opened, closed = facts.open_case(since)
    every = Shipments(
        since=since,
        shipped_at=facts.moments("shipped_at"),
        refunded_at=facts.refunded_at,
        case_opened_at=opened,
        case_closed_at=closed,
        loss_fen=facts.loss_within(since, HORIZON_DAYS),
        cost_fen=np.zeros(len(since), dtype=np.int64),
        cluster=design.clusters(),
        columns=waiting_columns(design, facts.hours(since)),
    )
    return every.only(is_known)


def _design(facts: Facts, tool: str, start: np.ndarray) -> Design:
    used = facts.hours(facts.moments(f"{tool}_at"))
    return _design_of(facts, start, used, facts.has(tool) & np.isnan(used), facts.paid_out(tool))


def _design_of(facts: Facts, start: np.ndarray, used_h: np.ndarray, is_untimed: np.ndarray, cost: np.ndarray) -> Design:
    orders, cases = facts.orders, facts.cases
    paid = facts.moments("paid_at")
    return Design(
        end_h=float(facts.hours(np.array([facts.end_at]))[0]),
        start_h=facts.hours(start),
        used_h=used_h,
        is_used_untimed=is_untimed,
        cost_fen=cost,
        paid_h=facts.hours(paid),
        shipped_h=facts.hours(facts.moments("shipped_at")),
        ship_by_h=facts.hours(facts.moments("ship_by")),
        urged_h=facts.hours(facts.moments("urge_ship_at")),
        receivable_fen=orders["receivable_fen"].to_numpy(dtype=np.int64),
        discount_fen=orders["discount_fen"].to_numpy(dtype=np.int64),
        **codes_of(facts),
        cases=Cases(
            order=cases["order"].to_numpy(dtype=np.int64),
            opened_h=facts.hours(_moments(cases["applied_at"])),
            finished_h=facts.hours(_moments(cases["finished_at"])),
            is_refund=cases["gives_money_back"].to_numpy(dtype=bool),
            loss_fen=cases["loss_fen"].to_numpy(dtype=np.int64),
        ),
    )


def clusters_of(facts: Facts) -> np.ndarray:
    """Return the show of each order, streamer × day of payment, as codes from 0."""
    codes = codes_of(facts)
    return np.unique(codes["streamer"] * (int(codes["paid_day"].max(initial=0)) + 1) + codes["paid_day"], return_inverse=True)[1]


def codes_of(facts: Facts) -> dict[str, np.ndarray]:
    """Return the attributes of the orders as codes from 0; a warehouse's day, else the product's, is one code."""
    orders = facts.orders
    day = _codes(facts.moments("paid_at").astype("datetime64[D]"))
    plain = {name: _codes(orders[name].fillna("").to_numpy()) for name in ("product", "streamer", "channel", "province")}
    place = _codes(orders["warehouse"].fillna("").to_numpy() + "\x1f" + orders["product"].to_numpy())
    return {**plain, "paid_day": day, "warehouse_day": _codes(place * (int(day.max(initial=0)) + 1) + day)}


def _places(cases: pd.DataFrame, orders: pd.DataFrame) -> np.ndarray:
    """The place of each case's order among the orders; -1: it is not there."""
    known = pd.MultiIndex.from_frame(orders[["shop", "order_id"]])
    return known.get_indexer(pd.MultiIndex.from_frame(cases[["shop", "order_id"]]))


def _codes(values: Any) -> np.ndarray:
    return pd.factorize(values)[0].astype(np.int64)


def _moments(column: pd.Series[Any]) -> np.ndarray:
    return column.to_numpy(dtype="datetime64[us]")
