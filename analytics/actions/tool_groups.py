"""What each tool touched and did in the orders of one product, streamer or week: counts beside effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from analytics.domain import holdout
from analytics.domain.effects.rules import Reason

FIGURES = tuple(f"{name}{end}" for name in ("effect", "saved_fen", "net_fen") for end in ("", "_low", "_high"))
JUDGED = (*FIGURES, "grade", "reason", "treated", "compared")
FIELDS = (
    *("tool", "group", "touched", "kept", "lost_later", "open", "kept_rate", "kept_low", "kept_high", "lost_fen", "cost_fen"),
    *JUDGED,
)


def rows_of(counts: pd.DataFrame, effects: Mapping[str, Mapping[str, Any]], dimension: str) -> pd.DataFrame:
    """Return the counts of `tool_counts.groups_of` with what `tool_effects` told of the same groups, in their order.

    Columns: `FIELDS` and `reasons` (with their figures). Where a group was not asked the grade is D and the reason says why;
    without `effects` nothing is told yet.
    """
    known = {(tool, row["group"]): row for tool, told in effects.items() for row in told["groups"].get(dimension, ())}
    asked = zip(counts["tool"], counts["group"], strict=True)
    rows = [known.get(place) or _untold(effects.get(place[0])) for place in asked]
    fields = {name: [row.get(name) for row in rows] for name in (*JUDGED, "reasons")}
    told = pd.DataFrame(fields, index=counts.index, dtype=object)
    whole = {name: "Int64" for name in told if name.endswith(("_fen", "_fen_low", "_fen_high"))}
    whole |= dict.fromkeys(("treated", "compared"), "Int64") | dict.fromkeys(("effect", "effect_low", "effect_high"), "Float64")
    return counts.join(told.astype(whole))[[*FIELDS, "reasons"]]


def alike_of(effects: Mapping[str, Mapping[str, Any]], dimension: str) -> list[dict[str, Any]]:
    """Return how likely such differences between the groups of a tool are by chance: rows of tool, told (groups) and chance.

    `chance` is None where fewer than two groups can be told; a tool that was not asked for its groups has no row.
    """
    return [
        {
            "tool": tool,
            "told": sum(row["effect"] is not None for row in told["groups"][dimension]),
            "chance": told["alike"][dimension],
        }
        for tool, told in effects.items()
        if dimension in told["groups"]
    ]


def _untold(told: Mapping[str, Any] | None) -> dict[str, Any]:
    """What is said of a group that was not asked."""
    if told is None:
        return {"reason": [], "reasons": []}
    if told["row"]["effect"] is None:
        why = Reason("tool_cannot_tell")
    elif told["row"]["method"] == holdout.METHOD:
        why = Reason("hold_out_as_a_whole")
    else:
        why = Reason("group_not_asked")
    return {"grade": "D", "reason": [why.id], "reasons": [asdict(why)]}
