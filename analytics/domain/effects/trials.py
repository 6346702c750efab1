"""Sequential trials: each use of a tool beside ten orders that had come as far and had no use yet."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analytics.domain.effects.design import HOURS_A_DAY, Design

CONTROLS_PER_TREATED = 10
CELL_DAYS = 120  # of either clock; later days share the last cell
MOST_ROUNDS = 12  # of drawing again what turned out not to be at risk, or was drawn before
SPARE = 1.3
SAME_MOMENT_H = 0.001  # what is paid at the same moment is no control


@dataclass(frozen=True)
class Spells:
    """Spans of time, one entry each: `order` (m,), from and until in hours of the design, sorted by order and beginning."""

    order: np.ndarray
    from_h: np.ndarray
    until_h: np.ndarray

    def limited(self, until_h: np.ndarray) -> Spells:
        """Return the spells cut at the moment of their order in `until_h` (n,); what is left of none is left out."""
        until = np.minimum(self.until_h, until_h[self.order])
        kept = until > self.from_h
        return Spells(self.order[kept], self.from_h[kept], until[kept])

    def at(self, order: np.ndarray, time_h: np.ndarray) -> np.ndarray:
        """Return the place of the spell that each `order` is in at `time_h` (begun before, not over), −1 where in none."""
        if len(self.order) == 0:
            return np.full(len(order), -1)
        place = np.searchsorted(_key(self.order, self.from_h), _key(order, time_h), side="right") - 1
        safe = np.maximum(place, 0)
        return np.where((place >= 0) & (self.order[safe] == order) & (self.until_h[safe] >= time_h), place, -1)


@dataclass(frozen=True)
class Course:
    """How each order (n,) fared, hours of the design, inf = never: first refund, and until when it could still get the tool.

    `open_time` are the spells in which one of its cases was open and neither refund nor use had come.
    """

    refunded_h: np.ndarray
    used_h: np.ndarray
    free_until_h: np.ndarray
    open_time: Spells


@dataclass(frozen=True)
class Rows:
    """Treated orders and their controls at their time zero, one entry each, treated first.

    `is_open`: a case was open. `clock_h`: hours since it opened; without one, since the order became a unit. `cell` is the day
    on that clock, cases apart; `density` (2, CELL_DAYS) how many controls were drawn for an hour at risk there.
    """

    order: np.ndarray
    time_h: np.ndarray
    is_treated: np.ndarray
    is_open: np.ndarray
    clock_h: np.ndarray
    density: np.ndarray

    def __len__(self) -> int:
        return len(self.order)

    def taken(self, kept: np.ndarray) -> Rows:
        """Return the rows (r,) that are kept."""
        parts = {name: getattr(self, name)[kept] for name in ("order", "time_h", "is_treated", "is_open", "clock_h")}
        return replace(self, **parts)


def day_of(clock_h: np.ndarray) -> np.ndarray:
    """Return the day of a clock, the last cell for all later ones."""
    return np.clip(clock_h // HOURS_A_DAY, 0, CELL_DAYS - 1).astype(np.int64)


def follow(design: Design) -> Course:
    """Work out how each order fared and while which of its cases were open."""
    cases = design.cases
    refunded = np.full(len(design), np.inf)
    np.fmin.at(refunded, cases.order[cases.is_refund], cases.finished_h[cases.is_refund])
    used = np.where(np.isnan(design.used_h), np.inf, design.used_h)
    is_unit = ~np.isnan(design.start_h) & ~design.is_used_untimed
    free_until = np.where(is_unit, np.minimum(refunded, used), -np.inf)
    return Course(refunded, used, free_until, _open_spells(design).limited(free_until))


def draw_rows(design: Design, course: Course, random: np.random.Generator) -> Rows:
    """Draw ten controls for each treated order whose horizon is in the data, within day × case open.

    A control has come exactly as far as the treated order it is drawn for (hours since shipment, or since its case opened),
    could still get the tool, and had not: with whole days as time zero a refund on the morning of a payment would count for
    the controls and could not for the treated.
    """
    is_entered = (course.used_h <= design.last_entry_h) & (course.used_h >= np.nan_to_num(design.start_h, nan=np.inf))
    treated = np.flatnonzero(is_entered & (course.used_h <= course.refunded_h) & np.isfinite(course.free_until_h))
    at = course.used_h[treated]
    spell = course.open_time.at(treated, at)
    is_open = spell >= 0
    clock = at - np.where(is_open, _or_zero(course.open_time.from_h, spell), design.start_h[treated])
    can_enter = np.minimum(course.free_until_h, design.last_entry_h)
    unit = np.flatnonzero(can_enter > np.nan_to_num(design.start_h, nan=np.inf))
    everyone = Spells(unit, design.start_h[unit], can_enter[unit])
    while_open = course.open_time.limited(can_enter)
    parts = [_draw(everyone, clock[~is_open], random, while_open), _draw(while_open, clock[is_open], random, None)]
    hours = [_hours_by_day(everyone) - _hours_by_day(while_open, design.start_h[while_open.order]), _hours_by_day(while_open)]
    drawn = [np.bincount(day_of(part[2]), minlength=CELL_DAYS) for part in parts]
    return Rows(
        order=np.concatenate([treated, parts[0][0], parts[1][0]]),
        time_h=np.concatenate([at, parts[0][1], parts[1][1]]),
        is_treated=np.arange(len(treated) + len(parts[0][0]) + len(parts[1][0])) < len(treated),
        is_open=np.concatenate([is_open, np.zeros(len(parts[0][0]), dtype=bool), np.ones(len(parts[1][0]), dtype=bool)]),
        clock_h=np.concatenate([clock, parts[0][2], parts[1][2]]),
        density=np.stack([n / np.maximum(h, HOURS_A_DAY) for n, h in zip(drawn, hours, strict=True)]),
    )


def _open_spells(design: Design) -> Spells:
    """Return the time in which each case was open; of cases open together the earlier one counts as long as it is."""
    cases = design.cases
    opened = np.where(np.isnan(cases.opened_h), cases.finished_h, cases.opened_h)
    finished = np.where(np.isnan(cases.finished_h), np.inf, cases.finished_h)
    rank = np.lexsort((opened, cases.order))
    order, opened, finished = cases.order[rank], opened[rank], finished[rank]
    is_next = np.concatenate([[False], order[1:] == order[:-1]])[: len(order)]
    before = np.concatenate([[0.0], finished[:-1]])[: len(order)]
    begins = np.maximum(np.where(is_next, np.maximum(opened, before), opened), design.start_h[order])
    kept = finished > begins  # never true of an order that is no unit: its start is NaN
    return Spells(order[kept], begins[kept], finished[kept])


def _draw(
    spells: Spells, clock_h: np.ndarray, random: np.random.Generator, outside: Spells | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return order, time and clock of controls at risk at the clocks of the treated, none twice a day, never inside `outside`."""
    rank = np.argsort(-(spells.until_h - spells.from_h), kind="stable")
    order, from_h, length = spells.order[rank], spells.from_h[rank], (spells.until_h - spells.from_h)[rank]
    day = day_of(clock_h)
    treated_by_day = np.bincount(day, minlength=CELL_DAYS)
    wanted = CONTROLS_PER_TREATED * treated_by_day
    found, found_clock = np.empty(0, dtype=np.int64), np.empty(0)
    missing = wanted
    for _ in range(MOST_ROUNDS):
        if not missing.any():
            break
        each = np.ceil(SPARE * missing / np.maximum(treated_by_day, 1)).astype(np.int64)
        clock = np.repeat(clock_h, each[day])
        at_risk = np.searchsorted(-length, -(clock + SAME_MOMENT_H))
        place = (random.random(len(clock)) * at_risk).astype(np.int64)
        is_in = at_risk > 0
        if outside is not None and len(length):
            is_in &= outside.at(order[np.minimum(place, len(order) - 1)], from_h[np.minimum(place, len(order) - 1)] + clock) < 0
        found, found_clock = np.concatenate([found, place[is_in]]), np.concatenate([found_clock, clock[is_in]])
        first = np.unique(found * CELL_DAYS + day_of(found_clock), return_index=True)[1]
        found, found_clock = found[first], found_clock[first]
        missing = np.maximum(wanted - np.bincount(day_of(found_clock), minlength=CELL_DAYS), 0)
    kept = _some_of_each(day_of(found_clock), wanted, random)
    place, clock = found[kept], found_clock[kept]
    return order[place], from_h[place] + clock, clock


def _some_of_each(day: np.ndarray, wanted: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return places, at random, of at most `wanted` entries of each day."""
    mixed = random.permutation(len(day))
    mixed = mixed[np.argsort(day[mixed], kind="stable")]
    starts = np.searchsorted(day[mixed], np.arange(CELL_DAYS))
    return mixed[np.arange(len(mixed)) - starts[day[mixed]] < wanted[day[mixed]]]


def _hours_by_day(spells: Spells, clock_zero_h: np.ndarray | None = None) -> np.ndarray:
    """Return the hours spent in each day of the clock (CELL_DAYS,), which starts with the spell or at `clock_zero_h`."""
    zero = spells.from_h if clock_zero_h is None else clock_zero_h
    edges = np.append(np.arange(CELL_DAYS) * HOURS_A_DAY, np.inf)
    return np.diff(_time_before(spells.until_h - zero, edges) - _time_before(spells.from_h - zero, edges))


def _time_before(length_h: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return Σ min(length, edge) for each edge."""
    ranked = np.sort(length_h)
    below = np.searchsorted(ranked, edges)
    summed = np.concatenate([[0.0], np.cumsum(ranked)])
    beyond = len(ranked) - below
    return summed[below] + np.where(beyond > 0, beyond * np.where(np.isinf(edges), 0.0, edges), 0.0)


def _or_zero(values: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Return the value at each place, 0 at −1."""
    return np.concatenate([values, [0.0]])[place]


def _key(order: np.ndarray, time_h: np.ndarray) -> np.ndarray:
    """Return one number that sorts by order, then time; times are hours within a century of the epoch."""
    return order * 2e6 + time_h
