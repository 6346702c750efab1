"""The orders of hold-outs as the arrays that they are judged by, and which tools have a hold-out that can tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analytics.actions import tool_arrays
from analytics.actions.tool_arrays import HOUR, Facts
from analytics.domain import holdout as rules
from analytics.domain.effects.evidence import Effect
from analytics.store.holdouts import Holdout

SHIPPING = ("urge_ship", "priority_ship")
GIVEN = ("small_payment", "coupon")  # held out among orders with an open case: those a payment or coupon is for
HELD = (*SHIPPING, *GIVEN)
HORIZON_DAYS = {"urge_ship": 15, "priority_ship": 15, "small_payment": 30, "coupon": 30}
WITHIN_HOURS = 24  # shipped so soon a shipping tool was used


def best_of(facts: Facts, found: Sequence[Holdout], taken: Mapping[int, pd.DataFrame]) -> dict[str, Effect]:
    """Return by tool what its newest hold-out that can tell says; tools without one are left out.

    `found` are hold-outs of one shop, the newest first, `taken` their orders by number.
    """
    best: dict[str, Effect] = {}
    for held in found:
        if held.tool in best:
            continue
        assigned, _ = assigned_of(facts, held, taken[held.holdout_id])
        horizon_days = HORIZON_DAYS[held.tool]
        effect = rules.judge_holdout(assigned, share=held.share, horizon_days=horizon_days, known_until=facts.end_at)
        if effect.grade != "D":
            best[held.tool] = effect
    return best


def assigned_of(facts: Facts, held: Holdout, taken: pd.DataFrame) -> tuple[rules.Assigned, int]:
    """The orders of a hold-out as they fared since they were assigned, and how many are no longer in the ledger."""
    place = pd.Index(facts.orders["order_id"]).get_indexer(taken["order_id"])
    there = place >= 0
    since = np.full(len(facts.orders), tool_arrays.NEVER)
    since[place[there]] = taken.loc[there, "since_at"].to_numpy(dtype="datetime64[us]")
    chosen = place[there]
    if held.tool in SHIPPING:
        is_used = facts.moments("shipped_at") <= since + WITHIN_HOURS * HOUR
        cost = np.zeros(len(facts.orders), dtype=np.int64)
    else:
        is_used = facts.moments(f"{held.tool}_at") > since
        cost = np.where(is_used, facts.paid_out(held.tool), 0)
    cluster = tool_arrays.clusters_of(facts)
    return (
        rules.Assigned(
            since=since[chosen],
            is_held_out=taken.loc[there, "is_held_out"].to_numpy(dtype=bool),
            is_tool_used=is_used[chosen],
            refunded_at=facts.refunded_at[chosen],
            loss_fen=facts.loss_within(since, HORIZON_DAYS[held.tool])[chosen],
            cost_fen=cost[chosen],
            cluster=np.unique(cluster[chosen], return_inverse=True)[1],
        ),
        int((~there).sum()),
    )
