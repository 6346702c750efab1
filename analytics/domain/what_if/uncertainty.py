"""How sure a scenario is: 20,000 draws with a fixed seed, data and assumption apart, the chance that it pays, and the tornado."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from analytics.domain.what_if import chain
from analytics.domain.what_if import levers as typed
from analytics.domain.what_if.book import STAGE_NAMES
from analytics.domain.what_if.levers import OTHERS, Lever
from analytics.domain.what_if.model import Model, Sheet, State, figures

DRAWS = 20_000
SEED = 20_261_116
DATA, ASSUMPTION = "data", "assumption"
INTERVAL = (2.5, 97.5)  # per cent
TORNADO = (10, 90)
_Z = 1.959964
_TOGETHER = (  # pairs of levers whose effects multiply
    {"return_freight", "merchant_bears_return"},
    *(
        {goods, rate}
        for goods in ("goods_cost_rate", "goods_cost")
        for rate in ("damage_rate_returned", "damage_rate_intercepted")
    ),
)


@dataclass(frozen=True)
class Source:
    """One thing that is not certain: its kind (data or assumption), and a value for every draw."""

    name: str
    kind: str
    draws: np.ndarray
    likely: float


@dataclass(frozen=True)
class Range:
    """Where a figure lies in 95 % of the draws, in fen, its mean, and the same with data or with assumptions alone drawn."""

    low: int
    mid: int
    high: int
    data_low: int
    data_high: int
    assumption_low: int
    assumption_high: int


@dataclass(frozen=True)
class Bar:
    """One bar of the tornado: what a source is at its 10 % and 90 % quantile, and the profit and the total then, in fen.

    `change_…`: by how much the scenario's profit is then better than the profit as it is, both in the same draw.
    """

    source: str
    kind: str
    low: str
    high: str
    profit_low_fen: int
    profit_high_fen: int
    change_low_fen: int
    change_high_fen: int
    total_low_fen: int
    total_high_fen: int


def uniform(name: str, draws: int = DRAWS) -> np.ndarray:
    """Return the draws of a name, each between 0 and 1: the same for every scenario; every slice of 1/n is met once."""
    random = np.random.default_rng([SEED, zlib.crc32(name.encode())])
    return (random.permutation(draws) + random.random(draws)) / draws


def triangular(low: float, likely: float, high: float, at: np.ndarray) -> np.ndarray:
    """Turn uniform draws into a triangular distribution; without width the likely value."""
    if high <= low:
        return np.full(len(at), likely)
    peak = (likely - low) / (high - low)
    rising = low + np.sqrt(at * (high - low) * (likely - low))
    falling = high - np.sqrt((1 - at) * (high - low) * (high - likely))
    return np.where(at < peak, rising, falling)


def rate_factor(name: str, happened: float, of: float, draws: int = DRAWS) -> np.ndarray:
    """Return draws of a rate as a factor on the one observed: Beta from the counts, with the observed rate as its mean."""
    if happened <= 0 or of <= happened:
        return np.ones(draws)
    random = np.random.default_rng([SEED, zlib.crc32(name.encode())])
    return random.beta(happened, of - happened, draws) * of / happened


def sources(model: Model) -> list[Source]:
    """Return everything that is not certain in a scenario: the shop's own rates, the tools' effects, the ranges typed."""
    sheet, stage_of = model.sheet(model.start), model.stage_of()
    found = []
    for code, name in enumerate(STAGE_NAMES):
        count = float(sheet.refunds[stage_of == code].sum())
        if count:
            found.append(Source(f"stage={name}", DATA, rate_factor(name, count, sheet.orders), 1.0))
    return found + _effects(model) + [_typed(lever) for lever in model.scenario.levers if lever.amount and lever.amount.has_range]


def _effects(model: Model) -> list[Source]:
    """The estimated effects that a lever of the scenario draws on."""
    used = {lever.named("tool") for lever in model.scenario.levers if lever.name == "uptake"}
    used |= {"urge_ship", OTHERS} if any(lever.name == "ship_hours" for lever in model.scenario.levers) else set()
    found = []
    for tool in sorted(used & set(model.known.effects)):
        if chain.modifier(model, "effect", tool) is None:
            estimate = model.known.effects[tool]
            error = (estimate.high - estimate.low) / (2 * _Z)
            name = chain.effect_key(tool)
            random = np.random.default_rng([SEED, zlib.crc32(name.encode())])
            found.append(Source(name, DATA, estimate.effect + error * random.standard_normal(DRAWS), estimate.effect))
    return found


def _typed(lever: Lever) -> Source:
    assert lever.amount is not None
    amount = lever.amount
    return Source(lever.key, ASSUMPTION, triangular(amount.low, amount.likely, amount.high, uniform(lever.key)), amount.likely)


class Draws:
    """A scenario in draws: the levers' chain on weights, and the sheets of ranged costs between their three priced points."""

    def __init__(self, model: Model) -> None:
        self.model, self.sources = model, sources(model)
        self._stage_of = model.stage_of()
        self.ranged = [lever for lever in model.scenario.levers if _is_ranged_cost(lever)]
        self._ends = {
            lever.key: (self._sheet_at({lever.key: "low"}), self._sheet_at({lever.key: "high"})) for lever in self.ranged
        }
        self._pairs = [pair for pair in combinations(self.ranged, 2) if _work_together(*pair)]
        self._corners = {
            (one.key, other.key): {
                (a, b): self._sheet_at({one.key: a, other.key: b}) for a in ("low", "high") for b in ("low", "high")
            }
            for one, other in self._pairs
        }

    def figures(self, values: Mapping[str, np.ndarray | float]) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        """Return the figures (as it is, in the scenario) where sources have these values, a draw each; the rest is as likely."""
        model = self.model
        weights = self._weights(values)
        before = replace(model.start, weights=weights)
        costs = {lever.key for lever in self.ranged}
        state = chain.run(model, chain.Values({name: held for name, held in values.items() if name not in costs}), before)
        found = figures(model.sheet(state), state)
        for lever in self.ranged:
            found = self._bent(found, state, lever, values.get(lever.key))
        for one, other in self._pairs:
            found = self._crossed(found, state, (one, other), values)
        return figures(model.sheet(model.start), before), found

    def _weights(self, values: Mapping[str, np.ndarray | float]) -> np.ndarray:
        by_stage = [values.get(f"stage={name}", 1.0) for name in STAGE_NAMES]
        widest = max((np.size(each) for each in values.values()), default=1)
        return np.array([np.broadcast_to(each, widest) for each in by_stage], dtype=float)[self._stage_of]

    def _sheet_at(self, ends: Mapping[str, str]) -> Sheet:
        """The sheet of the whole chain with some ranged costs at an end."""
        at = {lever.key: getattr(lever.amount, ends[lever.key]) for lever in self.model.scenario.levers if lever.key in ends}
        return self.model.sheet(chain.run(self.model, chain.Values(at)))

    def _bent(
        self, found: dict[str, np.ndarray], state: State, lever: Lever, value: np.ndarray | float | None
    ) -> dict[str, np.ndarray]:
        """Add what a ranged cost changes, in a straight line from its likely value to either end."""
        if value is None:
            return found
        middle = figures(self.model.sheet(state), state)
        for end, sheet in zip(("low", "high"), self._ends[lever.key], strict=True):
            reach = _reach(lever, end, value)
            there = figures(sheet, state)
            found = {name: found[name] + reach * (there[name] - middle[name]) for name in found}
        return found

    def _crossed(
        self,
        found: dict[str, np.ndarray],
        state: State,
        pair: tuple[Lever, Lever],
        values: Mapping[str, np.ndarray | float],
    ) -> dict[str, np.ndarray]:
        """Add what two costs change together beyond what each changes alone, as a product of the two."""
        one, other = pair
        if one.key not in values or other.key not in values:
            return found
        middle = figures(self.model.sheet(state), state)
        alone = {lever.key: dict(zip(("low", "high"), self._ends[lever.key], strict=True)) for lever in pair}
        for (a, b), sheet in self._corners[one.key, other.key].items():
            reach = _reach(one, a, values[one.key]) * _reach(other, b, values[other.key])
            corner, first, second = (figures(each, state) for each in (sheet, alone[one.key][a], alone[other.key][b]))
            found = {name: found[name] + reach * (corner[name] - first[name] - second[name] + middle[name]) for name in found}
        return found


def _reach(lever: Lever, end: str, value: np.ndarray | float) -> np.ndarray | float:
    """How far a value is on the way from the likely one to an end, 0 to 1."""
    assert lever.amount is not None
    likely, target = lever.amount.likely, getattr(lever.amount, end)
    return np.clip((value - likely) / (target - likely), 0, 1) if target != likely else np.zeros(np.shape(value))


def _is_ranged_cost(lever: Lever) -> bool:
    is_priced = lever.name in {"ad_spend", "goods_cost", "handling_minutes"} or lever.name in typed.SETTING_NAMES
    return is_priced and lever.amount is not None and lever.amount.has_range


def _work_together(one: Lever, other: Lever) -> bool:
    names = {one.name, other.name}
    is_work = "hourly_wage" in names and any(name.startswith("minutes_") or name == "handling_minutes" for name in names)
    return is_work or names in _TOGETHER or len(names) == 1


def ranges(draws: Draws) -> dict[str, Range]:
    """Return the range of every figure of the scenario; `change_fen` is the scenario's profit less the profit as it is."""
    found = {kinds: _drawn(draws, kinds) for kinds in ((DATA, ASSUMPTION), (DATA,), (ASSUMPTION,))}
    both, data, assumption = found.values()
    return {name: Range(*_ends(both[name], with_mid=True), *_ends(data[name]), *_ends(assumption[name])) for name in both}


def chance_pays(draws: Draws) -> float | None:
    """Return in which part of the draws the scenario earns more than the account as it is; None without any lever."""
    if not draws.model.scenario.levers:
        return None
    change = _drawn(draws, (DATA, ASSUMPTION))["change_fen"]
    return float(np.mean(change > 0))


def _drawn(draws: Draws, kinds: tuple[str, ...]) -> dict[str, np.ndarray]:
    values = {source.name: source.draws for source in draws.sources if source.kind in kinds}
    before, after = draws.figures(values)
    return {**after, "change_fen": after["profit_fen"] - before["profit_fen"]}


def _ends(values: np.ndarray | float, *, with_mid: bool = False) -> tuple[int, ...]:
    low, high = np.percentile(values, INTERVAL)
    middle = (round(float(np.mean(values))),) if with_mid else ()
    return (round(float(low)), *middle, round(float(high)))


def tornado(draws: Draws) -> list[Bar]:
    """Return what every source moves on its own, from its 10 % to its 90 % quantile, what moves most first."""
    bars = [_bar(draws, source) for source in draws.sources]
    has_levers = bool(draws.model.scenario.levers)

    def size(bar: Bar) -> int:
        moved = bar.change_high_fen - bar.change_low_fen if has_levers else bar.profit_high_fen - bar.profit_low_fen
        return abs(moved)

    return sorted(bars, key=lambda bar: (-size(bar), bar.source))


def _bar(draws: Draws, source: Source) -> Bar:
    low, high = (float(value) for value in np.percentile(source.draws, TORNADO))
    before, after = draws.figures({source.name: np.array([low, high])})
    change = np.broadcast_to(after["profit_fen"] - before["profit_fen"], 2)
    profit, total = (np.broadcast_to(after[name], 2) for name in ("profit_fen", "total_fen"))
    whole = [round(float(value)) for value in (*profit, *change, *total)]
    return Bar(source.name, source.kind, *_texts(draws.model, source, (low, high)), *whole)


def _texts(model: Model, source: Source, ends: tuple[float, float]) -> tuple[str, str]:
    """Both ends as a person would type them: a rate of the shop as a rate, an effect in points, a lever in its unit."""
    write: Callable[[float], str]
    if source.name.startswith("stage="):
        sheet, code = model.sheet(model.start), STAGE_NAMES.index(source.name.partition("=")[2])
        rate = float(sheet.refunds[model.stage_of() == code].sum()) / sheet.orders
        return tuple(f"{end * rate:.2%}" for end in ends)  # type: ignore[return-value]
    lever = next((held for held in model.scenario.levers if held.key == source.name), None)
    if lever is None:
        write = lambda end: typed.show(typed.LEVERS["effect"], end)  # noqa: E731 -- one of two ways
    else:
        write = lambda end: typed.show(lever.kind, end, is_factor=bool(lever.amount and lever.amount.is_factor))  # noqa: E731
    return write(ends[0]), write(ends[1])
