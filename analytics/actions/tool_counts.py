"""What became of the orders that a retention tool touched, and from which chance of keeping on trying pays: counts, no effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analytics.domain import rescue_trap
from analytics.domain.effects import several
from analytics.domain.one_order import BreakEven
from analytics.domain.rescue_trap import Chance, chance_of
from analytics.domain.vocabulary import TOOLS

EXACT, LISTED, PAID, UNTIMED = "exact", "listed", "paid", "none"


@dataclass(frozen=True)
class Counts:
    """What became of the orders that one tool touched, money in fen.

    `decided` are those old enough to tell, kept or lost; `exact`, `listed`, `untimed` say how the moment of use is known.
    `lost_by_stage` holds orders and loss by the stage at which they were lost. `cost_fen` is None where no file says.
    """

    tool: str
    touched: int
    kept: int
    lost_later: int
    open: int
    kept_chance: Chance
    decided: int
    break_even: BreakEven | None
    cost_fen: int | None
    kept_fen: int
    lost_fen: int
    open_fen: int
    lost_by_stage: dict[str, tuple[int, int]]
    exact: int
    listed: int
    untimed: int
    with_outcome: int
    order_coupons: int


def counts_by_tool(uses: pd.DataFrame, refund_costs: pd.DataFrame) -> dict[str, Counts]:
    """Return the counts of every tool, used or not, from `tool_uses` and `tool_refund_costs`."""
    return {tool: counts_of(tool, uses[uses["tool"] == tool], refund_costs) for tool in TOOLS}


def counts_of(tool: str, uses: pd.DataFrame, refund_costs: pd.DataFrame) -> Counts:
    """Return the counts of some uses of one tool; with `tool` any, of orders that had any."""
    state, is_mature = uses["state"], uses["is_mature"].astype(bool)
    kept, lost = int((state == "kept").sum()), state == "lost"
    lost_mature = int((lost & is_mature).sum())
    timing = uses["timing"]
    by_stage = uses[lost].groupby("lost_stage", dropna=False)["loss_fen"].agg(["size", "sum"])
    money = {name: int(uses.loc[state == name, "receivable_fen"].sum()) for name in ("kept", "open")}
    return Counts(
        tool=tool,
        touched=len(uses),
        kept=kept,
        lost_later=int(lost.sum()),
        open=int((state == "open").sum()),
        kept_chance=chance_of(kept, kept + lost_mature),
        decided=kept + lost_mature,
        break_even=break_even(tool, uses, refund_costs),
        cost_fen=_known_sum(uses["cost_fen"]),
        kept_fen=money["kept"],
        lost_fen=int(uses.loc[lost, "loss_fen"].sum()),
        open_fen=money["open"],
        lost_by_stage={str(stage): (int(row["size"]), int(row["sum"])) for stage, row in by_stage.iterrows()},
        exact=int(timing.isin((EXACT, PAID)).sum()),
        listed=int((timing == LISTED).sum()),
        untimed=int((timing == UNTIMED).sum()),
        with_outcome=int(uses["outcome"].notna().sum()),
        order_coupons=int(uses["is_order_coupon"].astype(bool).sum()),
    )


def break_even(tool: str, uses: pd.DataFrame, refund_costs: pd.DataFrame) -> BreakEven | None:
    """Return what an average use can win and lose (methods §2); None without uses, or before any refund has shown its cost.

    What refunds cost is the shop's own average, before shipment and after; damage goes with the goods' cost.
    """
    costs = {row["place"]: row for row in refund_costs.to_dict("records")}
    if uses.empty or "after" not in costs:
        return None
    after, before = costs["after"], costs.get("before")
    orders = rescue_trap.Orders(
        *(uses[name].to_numpy(dtype=float) for name in ("receivable_fen", "fees_fen", "goods_fen", "sent_fen")),
        was_shipped=uses["was_shipped"].to_numpy(dtype=bool),
    )
    of_an_order = rescue_trap.RefundCosts(
        before_shipment_fen=0.0 if before is None else _per_order(before, "logistics_fen", "handling_fen"),
        after_shipment_fen=_per_order(after, "logistics_fen", "handling_fen"),
        damaged_share=_share(after["damage_fen"], after["goods_fen"]),
    )
    offer_fen = 0 if tool == "coupon" else round((_known_sum(uses["cost_fen"]) or 0) / len(uses))
    return rescue_trap.break_even_of(orders, of_an_order, offer_fen)


def groups_of(uses: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """Group the uses by tool and product, streamer or week, most touched first.

    Columns: tool, group, touched, kept, lost_later, open, kept_rate, kept_low, kept_high, lost_fen, cost_fen.
    """
    state, is_lost = uses["state"], uses["state"] == "lost"
    marked = uses.assign(
        group=uses[dimension].astype(str).str[:10] if dimension == "week" else uses[dimension],
        kept=state == "kept",
        lost_later=is_lost,
        open=state == "open",
        lost_mature=is_lost & uses["is_mature"].astype(bool),
        lost_fen=uses["loss_fen"].where(is_lost, 0),
        touched=1,
    )
    sums = ("touched", "kept", "lost_later", "open", "lost_mature", "lost_fen", "cost_fen")
    rows = marked.groupby(["tool", "group"], sort=False)[list(sums)].sum(min_count=1).reset_index()
    chances = [chance_of(kept, kept + lost) for kept, lost in zip(rows["kept"], rows["lost_mature"], strict=True)]
    for name, part in (("kept_rate", "value"), ("kept_low", "low"), ("kept_high", "high")):
        rows[name] = pd.array([getattr(chance, part) for chance in chances], dtype="Float64")
    columns = ["tool", "group", *sums[:4], "kept_rate", "kept_low", "kept_high", "lost_fen", "cost_fen"]
    return rows[columns].sort_values(["touched", "tool", "group"], ascending=[False, True, True], ignore_index=True)


def row_of(counts: Counts) -> dict[str, Any]:
    """Return the fields of a row of `tools` that are counts."""
    chance = counts.kept_chance
    return {
        "tool": counts.tool,
        "touched": counts.touched,
        "kept": counts.kept,
        "lost_later": counts.lost_later,
        "open": counts.open,
        "kept_rate": chance.value,
        "kept_low": chance.low,
        "kept_high": chance.high,
        "break_even": None if counts.break_even is None else needed_chance(counts.break_even),
    }


def needed_chance(found: BreakEven) -> float | None:
    """Return the break-even chance; above 1 where keeping every order would still lose, None where nothing can be won."""
    gained_fen = found.to_win_fen + found.refund_later_fen
    if found.chance is not None or gained_fen <= 0:
        return found.chance
    return (found.refund_later_fen - found.refund_now_fen + found.offer_fen) / gained_fen


def any_tool(uses: pd.DataFrame) -> pd.DataFrame:
    """Return the first use of any tool on each order; the shop's discount on an order, known from the start, is none."""
    tried = uses[~uses["is_order_coupon"].astype(bool)]
    return tried.sort_values("touched_at", kind="stable").drop_duplicates(["shop", "order_id"])


def overlaps_of(uses: pd.DataFrame) -> list[dict[str, Any]]:
    """Return how many orders had exactly each combination of tools: {tools, orders}, most orders first."""
    order = uses.groupby(["shop", "order_id"], sort=False).ngroup().to_numpy()
    count = int(order.max()) + 1 if len(order) else 0
    is_used = {}
    for tool in TOOLS:
        is_used[tool] = np.zeros(count, dtype=bool)
        is_used[tool][order[(uses["tool"] == tool).to_numpy()]] = True
    return [{"tools": "+".join(tools), "orders": orders} for tools, orders in several.overlaps(is_used).items()]


def _known_sum(amounts: pd.Series[Any]) -> int | None:
    known = amounts.dropna()
    return int(known.sum()) if len(known) else None


def _per_order(costs: dict[str, Any], *names: str) -> float:
    return sum(float(costs[name]) for name in names) / float(costs["orders"])


def _share(part: Any, whole: Any) -> float:
    return float(part) / float(whole) if whole else 0.0
