"""What the page says of hold-outs: how many orders one takes, how far it is, its list, and what it found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import pandas as pd

from analytics.domain.vocabulary import TOOLS
from analytics.present import numbers
from analytics.present.exports import Column
from analytics.present.labels import Words


class HeldOut(Protocol):
    """A hold-out as the store keeps it."""

    holdout_id: int
    tool: str
    share: float
    starts_on: Any
    ended_at: Any
    wanted_orders: int
    order_count: int
    held_out_count: int


def name_of(held: HeldOut, words: Words) -> str:
    """Name a hold-out by its number, tool, share and beginning."""
    said = {"number": held.holdout_id, "tool": words.term(TOOLS[held.tool]), "first": held.starts_on.isoformat()}
    return words("retention.holdout_name", share=numbers.rate(held.share), **said)


def state_of(held: HeldOut, words: Words) -> str:
    """Say whether it is running, or when it ended."""
    if held.ended_at is None:
        return words("retention.holdout_on")
    return words("retention.holdout_ended_on", day=f"{held.ended_at:%Y-%m-%d}")


def progress_of(held: HeldOut, words: Words) -> str:
    """Say how many orders it has of those it wants."""
    counts = {"orders": held.order_count, "held_out": held.held_out_count, "wanted": held.wanted_orders}
    return words("retention.holdout_progress", **{name: numbers.count(count) for name, count in counts.items()})


def planned(plan: Mapping[str, Any], change: float, words: Words) -> str:
    """Say beforehand how many orders a hold-out takes, and how long."""
    said = {
        "rate": numbers.rate(plan["base_rate"]),
        "change": numbers.points(change, words.language).lstrip("+"),
        "orders": numbers.count(plan["orders"]),
        "held_out": numbers.count(plan["held_out"]),
    }
    if plan["days"] is None:
        return words("retention.holdout_planned_never", **said)
    return words("retention.holdout_planned", a_day=f"{plan['orders_a_day']:.1f}", days=numbers.count(plan["days"]), **said)


def split(found: Mapping[str, Any], words: Words) -> str:
    """Say whether the split looks random, and how far the arms were kept."""
    used, held_out = numbers.rate(found["used_share"]), numbers.rate(found["used_share_held_out"])
    return words("retention.holdout_split", chance=numbers.rate(found["split_chance"]), used=used, used_held_out=held_out)


def list_rows(orders: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The orders of a hold-out with their arm in words, those that do without first."""
    arms = {True: words("retention.holdout_held_out"), False: words("retention.holdout_offered")}
    rows = orders.assign(arm=[arms[bool(held)] for held in orders["is_held_out"]])
    return rows.sort_values(["is_held_out", "assigned_at", "order_id"], ascending=[False, False, True], ignore_index=True)


def list_columns(words: Words) -> dict[str, Column]:
    """The columns of that list."""
    return {
        "order_id": Column(words("retention.holdout_order"), "id"),
        "arm": Column(words("retention.holdout_arm")),
        "since_at": Column(words("retention.holdout_since"), "time"),
        "assigned_at": Column(words("retention.holdout_assigned_at"), "time"),
    }
