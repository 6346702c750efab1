"""From which point on it pays: break-evens of streamers and levers, and a goal sought by turning one lever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from analytics.domain.what_if import chain
from analytics.domain.what_if import levers as typed
from analytics.domain.what_if.levers import Amount, Lever
from analytics.domain.what_if.model import Model

FEWEST_ORDERS = 30  # of a streamer whose rate means anything
MOST_STREAMERS = 12
TOLERANCE = {"share": 1e-7, "points": 1e-7, "hours": 1e-4, "factor": 1e-6}
_STEPS = 60  # of a bisection: more halvings than any lever has digits


@dataclass(frozen=True)
class BreakEven:
    """From which value on something loses money: a streamer's refund rate, or a lever of the scenario.

    `present` and `value` in the lever's unit as it is typed; value is blank when nothing within its limits does it. `profit_fen`
    of the streamer, or by how much the scenario is better than the account, at present. `pays_below`: smaller values pay.
    """

    subject: str
    lever: str
    present: str
    value: str
    profit_fen: int
    pays_below: bool
    kind: str


@dataclass(frozen=True)
class Found:
    """A goal sought: the value that reaches it as it is typed, and the profit when the scenario is run with it, in fen.

    Without a value the goal is out of reach between `low` and `high`; their profits are `low_fen` and `high_fen`.
    """

    lever: str
    value: str
    profit_fen: int | None
    low: str
    high: str
    low_fen: int
    high_fen: int


def of_streamers(model: Model) -> list[BreakEven]:
    """Return for every streamer with enough orders the refund rate from which on it loses money, under the scenario's costs."""
    state = chain.run(model, chain.Values({}))
    rows = [
        (name, each)
        for name, each in model.by_streamer(state).items()
        if name not in state.dropped_streamers and each[3] >= FEWEST_ORDERS and each[2] > 0
    ]
    rows.sort(key=lambda row: (-row[1][3], row[0]))
    found = []
    for name, (base, lost, refunds, orders) in rows[:MOST_STREAMERS]:
        rate = refunds / orders
        at = base / lost * rate if lost > 0 else float("inf")
        shown = typed.write(typed.LEVERS["refund_rate"], round(at, 4)) if 0 <= at <= 1 else ""
        present = typed.write(typed.LEVERS["refund_rate"], round(rate, 4))
        found.append(BreakEven(name, "refund_rate", present, shown, round(base - lost), True, "streamer"))
    return found


def of_levers(model: Model) -> list[BreakEven]:
    """Return for every lever with an amount the value at which the scenario earns what the account earns as it is."""
    goal = chain.rounded(model, model.start)["profit_fen"]
    found = []
    for lever in chain.turned(model):
        if lever.amount is None:
            continue
        low, high = limits(model, lever)
        sought = seek(model, lever, goal_fen=goal, low=low, high=high)
        gained = profit_at(model, lever, lever.amount.likely) - goal
        pays_below = sought.low_fen > sought.high_fen
        present = chain.present(model, lever)
        found.append(BreakEven(lever.key, lever.name, present, sought.value, gained, pays_below, "lever"))
    return found


def limits(model: Model, lever: Lever) -> tuple[float, float]:
    """Return between which values of a lever a goal is sought: from nothing to three times what is known, or all of it."""
    assert lever.amount is not None
    if lever.amount.is_factor or lever.kind.unit == "factor":
        return 0.0, 3.0
    if lever.kind.unit == "share":
        return 0.0, 1.0
    now = chain.present_value(model, lever)
    largest = max(lever.amount.likely, now if isinstance(now, float) else 0.0, 1.0)
    return 0.0, min(3 * largest, float(lever.kind.highest))


def seek(model: Model, lever: Lever, *, goal_fen: int, low: float, high: float) -> Found:
    """Find the value of a lever at which the scenario's profit is the goal, and run the scenario with it to make sure.

    The profit is close to a straight line in most levers, so that a few tries do; where the ends lie on the same side of the goal
    there is nothing to find.
    """

    def beyond(value: float) -> int:
        return profit_at(model, lever, value) - goal_fen

    ends = beyond(low), beyond(high)
    texts = [_write(lever, end) for end in (low, high)]
    if (ends[0] > 0) == (ends[1] > 0) and 0 not in ends:
        return Found(lever.key, "", None, *texts, ends[0] + goal_fen, ends[1] + goal_fen)
    if 0 in ends:
        value = low if ends[0] == 0 else high
    else:
        value = _root(beyond, (low, high), ends, TOLERANCE.get(lever.kind.unit, 0.5))
    text = _write(lever, value)
    reached = profit_at(model, lever, _read(lever, text))
    return Found(lever.key, text, reached, *texts, ends[0] + goal_fen, ends[1] + goal_fen)


def profit_at(model: Model, lever: Lever, value: float) -> int:
    """Return the profit of the scenario with one of its levers turned to a value, in fen."""
    assert lever.amount is not None
    state = chain.run(model, chain.Values({lever.key: value}))
    return chain.rounded(model, state)["profit_fen"]


def with_free_lever(lever: Lever) -> Lever:
    """Return a lever that is to be sought, without a range."""
    amount = lever.amount or Amount(0.0, 0.0, 0.0)
    return replace(lever, amount=replace(amount, low=amount.likely, high=amount.likely))


def _root(beyond: Callable[[float], int], between: tuple[float, float], values: tuple[float, float], tolerance: float) -> float:
    """The value where `beyond` changes its sign: along the straight line through both ends, halving where that is slow."""
    (low, high), (at_low, at_high) = between, values
    for number in range(_STEPS):
        slope = (at_high - at_low) / (high - low)
        line = low - at_low / slope
        middle = line if number % 3 < 2 else (low + high) / 2
        at_middle = beyond(middle)
        # Where the next step on the line is smaller than anybody types, this is it.
        if abs(at_middle / slope) <= tolerance or high - low <= tolerance:
            return middle
        if (at_middle > 0) == (at_low > 0):
            low, at_low = middle, at_middle
        else:
            high, at_high = middle, at_middle
    return low if abs(at_low) <= abs(at_high) else high


def _write(lever: Lever, value: float) -> str:
    return typed.show(lever.kind, value, is_factor=bool(lever.amount and lever.amount.is_factor))


def _read(lever: Lever, text: str) -> float:
    amount = typed.parse(lever.key, text).amount
    assert amount is not None
    return amount.likely
