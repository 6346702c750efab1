"""What the rows of a question will have lost in the end: days, weeks, products … each from its own cohorts, with a range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.domain import maturity, maturity_record
from analytics.domain.maturity_record import Record

UNDATED = -1  # the lag of a refund that nobody can date
NO_ROW = -1  # days that only tell of the pattern
NORMAL_95 = 1.96


@dataclass(frozen=True)
class Entries:
    """What was sold and what came back, by group (whose pattern they share), row (in which they are shown) and day.

    `group`, `row`, `day`, `sold` (cells,): a group and day once. `back_group`, `back_day`, `back_lag`, `back` (returns,).
    """

    group: np.ndarray
    row: np.ndarray
    day: np.ndarray
    sold: np.ndarray
    back_group: np.ndarray
    back_day: np.ndarray
    back_lag: np.ndarray
    back: np.ndarray


@dataclass(frozen=True)
class Pattern:
    """How refunds come in at a shop: survival by age, the record of its forecasts, the day it is known until, its window.

    `volatility` is how much more one unit of money varies than one order.
    """

    alive: np.ndarray
    record: Record
    as_of: int
    window: int
    is_promotion: np.ndarray
    volatility: float = 1.0

    @property
    def horizon(self) -> int:
        """Days until a cohort is complete."""
        return len(self.alive) - 2


@dataclass(frozen=True)
class Forecast:
    """What each row has sold, lost by the day it is known until, lost by what is known at all, and is expected to lose, with
    its range, in the unit of the entries.
    """

    sold: np.ndarray
    so_far: np.ndarray
    known: np.ndarray
    final: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class _Cells:
    """Of every group and day: what can still come back, what has within the horizon, with it and beyond, at all; its age."""

    base: np.ndarray
    come: np.ndarray
    so_far: np.ndarray
    known: np.ndarray
    age: np.ndarray


def forecast(entries: Entries, row_count: int, pattern: Pattern, *, is_whole_shop: bool) -> Forecast:
    """Say what each row will have lost in the end.

    The whole shop's days follow the shop's own survival, and their range is that of its past forecasts, at least what chance
    does to so many orders. Groups borrow the shop's pattern as far as they are small (`maturity.group_survivals`); their range
    is that of the shop, raised or lowered to their level, and what chance does to so few orders on top.
    """
    cells = _cells_of(entries, pattern)
    group_count = int(entries.group.max(initial=0)) + 1
    if is_whole_shop:
        alive, level, seen = np.broadcast_to(pattern.alive, (group_count, len(pattern.alive))), np.ones(group_count), None
    else:
        at_risk, events = _exposure(entries, cells, pattern, group_count)
        alive, level, seen = maturity.group_survivals(at_risk, events, pattern.alive, pattern.window)
    share = np.clip(cells.come / np.where(cells.base > 0, cells.base, 1.0), 0.0, 1.0)
    final = maturity.final_share(
        share, alive[entries.group, np.minimum(cells.age, pattern.horizon) + 1], alive[entries.group, -1]
    )
    more = np.where(cells.age < pattern.horizon, np.maximum(cells.base * (final - share), 0.0), 0.0)
    is_shown = entries.row >= 0
    row = entries.row[is_shown]

    def summed(values: np.ndarray) -> np.ndarray:
        return np.bincount(row, values[is_shown], minlength=row_count)

    sold, so_far, known, coming = (summed(values) for values in (entries.sold, cells.so_far, cells.known, more))
    half = _own_range(entries, cells, pattern, row_count, sold)
    chance = more / np.where(cells.base > 0, cells.base, 1.0)
    by_chance = pattern.volatility * summed(cells.base * chance * (1.0 - chance))
    if seen is None:
        half = np.maximum(half, NORMAL_95 * np.sqrt(by_chance))
    else:
        group_of_row = np.zeros(row_count, dtype=int)
        group_of_row[row] = entries.group[is_shown]
        by_level = coming**2 / (maturity.LEVEL_WEIGHT + seen[group_of_row])
        half = np.sqrt((half * level[group_of_row]) ** 2 + NORMAL_95**2 * (by_chance + by_level))
    foretold = so_far + coming
    return Forecast(
        sold=sold,
        so_far=so_far,
        known=known,
        final=foretold,
        low=np.maximum(foretold - half, so_far),
        high=np.minimum(foretold + half, np.maximum(sold, foretold)),
    )


def _cells_of(entries: Entries, pattern: Pattern) -> _Cells:
    cell_of_return = _cell_of_return(entries)
    is_met = cell_of_return >= 0
    cell, lag, back = cell_of_return[is_met], entries.back_lag[is_met], entries.back[is_met]
    is_undated = lag == UNDATED
    is_known = is_undated | (entries.back_day[is_met] + lag <= pattern.as_of)
    within = ~is_undated & is_known & (lag <= pattern.horizon)
    # A named horizon counts what came within it; the full one everything, since practically nothing comes later.
    shown = is_known if pattern.horizon == maturity.FULL_HORIZON_DAYS else is_known & (lag <= pattern.horizon)
    all_known = np.ones(len(lag), dtype=bool) if pattern.horizon == maturity.FULL_HORIZON_DAYS else lag <= pattern.horizon

    def summed(kept: np.ndarray) -> np.ndarray:
        return np.bincount(cell[kept], back[kept], minlength=len(entries.sold))

    age = np.clip(pattern.as_of - entries.day, -1, None)
    base = np.maximum(entries.sold - summed(is_undated), 0.0)
    return _Cells(base, summed(within), summed(shown), summed(all_known), age)


def _cell_of_return(entries: Entries) -> np.ndarray:
    """The cell of each return, −1 for one of something that was not sold."""
    days = int(max(entries.day.max(initial=0), entries.back_day.max(initial=0))) + 1
    keys = entries.group.astype(np.int64) * days + entries.day
    wanted = entries.back_group.astype(np.int64) * days + entries.back_day
    order = np.argsort(keys, kind="stable")
    place = np.searchsorted(keys, wanted, sorter=order)
    found = order[np.minimum(place, max(len(keys) - 1, 0))] if len(keys) else np.zeros(len(wanted), dtype=int)
    return np.where((place < len(keys)) & (keys[found] == wanted), found, -1) if len(keys) else np.full(len(wanted), -1)


def _exposure(entries: Entries, cells: _Cells, pattern: Pattern, group_count: int) -> tuple[np.ndarray, np.ndarray]:
    """What was at risk and what came back by group and lag, over the shop's window of cohorts; each (groups, horizon + 1)."""
    horizon, window, as_of = pattern.horizon, pattern.window, pattern.as_of
    steps = np.zeros((group_count, horizon + 2))

    def put_at_risk(group: np.ndarray, day: np.ndarray, first_lag: np.ndarray | int, amount: np.ndarray) -> None:
        first = np.maximum(np.maximum(as_of - day - window + 1, 0), first_lag)
        end = np.minimum(as_of - day, horizon) + 1
        meant = first < end
        np.add.at(steps, (group[meant], first[meant]), amount[meant])
        np.add.at(steps, (group[meant], end[meant]), -amount[meant])

    put_at_risk(entries.group, entries.day, 0, cells.base)
    day, lag = entries.back_day, entries.back_lag
    is_event = (lag >= 0) & (lag <= horizon) & (day + lag <= as_of)
    group, day, lag, back = entries.back_group[is_event], day[is_event], lag[is_event], entries.back[is_event]
    put_at_risk(group, day, lag + 1, -back)
    events = np.zeros((group_count, horizon + 1))
    is_told = day > as_of - lag - window
    np.add.at(events, (group[is_told], lag[is_told]), back[is_told])
    return np.maximum(np.cumsum(steps, axis=1)[:, :-1], 0.0), events


def _own_range(entries: Entries, cells: _Cells, pattern: Pattern, row_count: int, sold: np.ndarray) -> np.ndarray:
    """Half the width of each row's range as the shop's past forecasts were off, in the unit of the entries."""
    horizon = pattern.horizon
    weights = np.zeros((row_count, horizon + 1))
    is_young = (entries.row >= 0) & (cells.age < horizon)
    np.add.at(weights, (entries.row[is_young], cells.age[is_young].clip(0)), cells.base[is_young])
    weights /= np.where(sold > 0, sold, 1.0)[:, None]
    is_promotion = np.zeros(row_count, dtype=bool)
    dated = is_young & (entries.day < len(pattern.is_promotion))
    is_promotion[entries.row[dated]] = pattern.is_promotion[entries.day[dated]]
    return sold * maturity_record.half_widths(pattern.record, pattern.as_of, weights, is_promotion)
