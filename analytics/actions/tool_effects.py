"""What each tool did, worked out once for a state of the data: which method its data allows, and why not where none does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.actions.analyses import Analysis, Progress
from analytics.domain.effects.evidence import Effect, judge
from analytics.domain.effects.rules import Diagnostics, Reason
from analytics.domain.loads import Actor
from analytics.domain.vocabulary import TOOLS
from analytics.store.warehouse import Warehouse

REVISION = 1
COUNTS = "counts"


def asked(scope: Mapping[str, Any]) -> dict[str, Any]:
    """Return a scope as the analysis is asked: days and moments as text, so that the same question is the same key."""
    return {name: None if scope[name] is None else scope[name].isoformat() for name in ("first_day", "last_day", "as_of")}


def work_out(
    warehouse: Warehouse,
    *,
    actor: Actor,
    shops: Sequence[str],
    progress: Progress,
    first_day: str | None,
    last_day: str | None,
    as_of: str | None,
) -> dict[str, Any]:
    """Return {tool: {"row", …}} for every tool and `any`, as plain data."""
    return {
        tool: told(judge(None, Diagnostics(0, 0), method=COUNTS, horizon_days=30, notes=(Reason("no_effect_yet"),)))
        for tool in (*TOOLS, "any")
    }


def told(effect: Effect) -> dict[str, Any]:
    return {"row": effect.row()}


EFFECTS = Analysis("tool_effects", REVISION, work_out)
