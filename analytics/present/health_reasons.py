"""The reasons of refunds with the tool that could have helped, as a table."""

from __future__ import annotations

import pandas as pd

from analytics.domain.vocabulary import TOOLS
from analytics.present.exports import Column
from analytics.present.labels import Words

BOTH = "urge_ship"  # the reasons of one shipping tool are those of both


def tool_name(tool: str, words: Words) -> str:
    """Name the tool of a reason; the shipping tools share theirs."""
    if tool == "none":
        return words("health.reasons.none")
    names = (BOTH, "priority_ship") if tool == BOTH else (tool,)
    return words("retention.list_or").join(words.term(TOOLS[name]) for name in names)


def rows(reasons: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The rows of the table; `source` says whose word it is."""
    return reasons.assign(
        tool_title=[tool_name(tool, words) for tool in reasons["tool"]],
        source=[words("health.reasons.own" if isinstance(own, str) else "health.reasons.program") for own in reasons["own_tool"]],
    )


def columns(words: Words) -> dict[str, Column]:
    """Its columns."""
    return {
        "reason": Column(words("health.reasons.reason")),
        "tool_title": Column(words("health.reasons.tool")),
        "source": Column(words("health.reasons.source")),
        "cases": Column(words("column.refunds"), "count"),
        "loss_fen": Column(words("column.total"), "money_fen"),
    }
