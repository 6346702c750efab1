"""The figures at the top of a page: value, how it is worked out, what it rests on, how it changed, its course by day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from analytics.present import numbers
from analytics.present.account import Account, account_of, source_text, whole
from analytics.present.labels import Words


@dataclass(frozen=True)
class Tile:
    """One figure as text. `direction` is the sign of its change, None without one; `course` is for a sparkline."""

    key: str
    label: str
    value: str
    explanation: str
    change: str
    direction: int | None
    course: tuple[float, ...]


def loss_tiles(now: Account, losses_before: pd.DataFrame | None, by_day: pd.DataFrame, words: Words) -> list[Tile]:
    """Return refund rate, hidden loss, loss per refund and hidden loss per ¥100, against the period before if there is one."""
    before = None if losses_before is None else account_of(losses_before)
    days = by_day.sort_values("day")

    def tile(key: str, figure: Callable[[Account], float | None], course: tuple[str, ...], is_rate: bool = False) -> Tile:
        value = figure(now)
        change = None if before is None else _change(value, figure(before), is_rate)
        return Tile(
            key=key,
            label=words(f"figure.{key}"),
            value=numbers.rate(value) if is_rate else numbers.money(value, words.language),
            explanation=words(f"figure.{key}_help", refunds=numbers.count(now.refunds), source=_source(key, now, words)),
            change=_change_text(change, is_rate, words.language),
            direction=None if change is None else _direction(change),
            course=_course(days, *course),
        )

    return [
        tile("refund_rate", lambda account: account.refund_rate, ("sales_fen", "receivable_fen"), is_rate=True),
        tile("hidden", lambda account: account.hidden_fen, ("hidden_fen",)),
        tile("loss_per_refund", lambda account: account.loss_per_refund_fen, ("total_fen", "refunds")),
        tile("hidden_per_100", lambda account: account.per_100_fen(account.hidden_fen), ("hidden_fen", "receivable_fen")),
    ]


def _source(key: str, now: Account, words: Words) -> str:
    if key == "refund_rate":
        return source_text(now.sources_fen.get("sales", {}), words)
    return source_text(now.provenance_fen if key == "loss_per_refund" else now.hidden_sources_fen, words)


def _change(now: float | None, before: float | None, is_rate: bool) -> float | None:
    if is_rate:
        return None if now is None or before is None else now - before
    return numbers.change(now, before)


def _change_text(change: float | None, is_rate: bool, language: str) -> str:
    return numbers.points(change, language) if is_rate else numbers.signed_rate(change)


def _direction(change: float) -> int:
    """The sign of a change as it is shown: less than half a tenth of a percent is none."""
    shown = round(change, 3)
    return (shown > 0) - (shown < 0)


def _course(days: pd.DataFrame, numerator: str, denominator: str | None = None) -> tuple[float, ...]:
    """One figure by day: a sum in yuan, or a ratio on the days when there is something to divide by; not of unknown days."""
    tops = [whole(value) for value in days[numerator]]
    if denominator is None:
        return tuple(top / numbers.FEN_PER_YUAN for top in tops if top is not None)
    bottoms = [whole(value) for value in days[denominator]]
    return tuple(top / bottom for top, bottom in zip(tops, bottoms, strict=True) if bottom and top is not None)
