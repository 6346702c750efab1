"""Judging the retention tools: what each touched, what became of it, what it did and how sure that is, where one could help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd

from analytics.actions import analyses, tool_counts, tool_effects, tool_groups
from analytics.actions.access import ALL_SHOPS, require
from analytics.actions.account import answer
from analytics.actions.tool_counts import Counts
from analytics.domain.loads import Actor
from analytics.domain.payment_rules import RULES, standings
from analytics.domain.vocabulary import TOOLS
from analytics.errors import OperatorError
from analytics.store import audit, shops, tool_questions, words
from analytics.store.warehouse import Warehouse

ANY = "any"  # the run over orders that had any tool
FIELDS = (
    *("tool", "touched", "kept", "lost_later", "open", "kept_rate", "kept_low", "kept_high", "break_even"),
    *("effect", "effect_low", "effect_high", "saved_orders", "saved_orders_low", "saved_orders_high"),
    *("saved_fen", "saved_fen_low", "saved_fen_high", "cost_fen", "net_fen", "net_fen_low", "net_fen_high"),
    *("grade", "method", "reason", "evalue", "treated", "compared"),
)
REASON_TOOLS = ("urge_ship", "address_change", "small_payment", "none")  # urge_ship stands for both shipping tools
REASON_MAPPED, REASON_FORGOTTEN = "reason mapped", "reason forgotten"
GROUPED_BY = ("product", "streamer", "week")
DAYS_OF_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Scope:
    """Which uses are looked at: orders paid in a period, as far as was known at a moment; no shop named: all real shops.

    `where` takes the dimensions of orders; counts and reach follow it, effects are of whole shops.
    """

    first_day: date | None = None
    last_day: date | None = None
    as_of: datetime | None = None
    shops: tuple[str, ...] = ()
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def asked(self) -> dict[str, Any]:
        """Return the scope as the keyword arguments of a question."""
        return {"first_day": self.first_day, "last_day": self.last_day, "as_of": self.as_of, "shops": self.shops}


@dataclass(frozen=True)
class Touched:
    """What the tools touched in a scope: by tool, of any tool, which met on one order, and by product, streamer and week."""

    by_tool: Mapping[str, Counts]
    any_tool: Counts
    overlaps: list[dict[str, Any]]
    groups: Mapping[str, pd.DataFrame]


def judge(warehouse: Warehouse, scope: Scope, *, actor: Actor, now: datetime, tool: str | None = None) -> dict[str, Any]:
    """Return {"from", "to", "as_of", "rows", "any", "overlaps"}: a row a tool with the fields of the command line, money in fen.

    What can't be told is None, with the reasons why. Raises OperatorError for a tool that there is not.
    """
    touched, effects = _counts_and_effects(warehouse, scope, tool, actor, now)
    rows = [row(counts, effects[name]["row"]) for name, counts in touched.by_tool.items() if tool in (None, name)]
    return {
        "from": scope.first_day,
        "to": scope.last_day,
        "as_of": scope.as_of,
        "rows": rows,
        "any": row(touched.any_tool, effects[ANY]["row"]),
        "overlaps": touched.overlaps,
    }


def judge_groups(
    warehouse: Warehouse, scope: Scope, dimension: str, *, actor: Actor, now: datetime, tool: str | None = None
) -> dict[str, Any]:
    """Return {"from", "to", "as_of", "by", "rows", "alike"}: a row a tool and group (`tool_groups.FIELDS`), most touched first.

    `dimension` is product, streamer or week (of payment, by its Monday); `alike` has the chance of such differences by tool.
    Raises OperatorError for a tool that there is not.
    """
    touched, effects = _counts_and_effects(warehouse, scope, tool, actor, now)
    chosen = {name: told for name, told in effects.items() if tool in (None, name)}
    rows = tool_groups.rows_of(touched.groups[dimension], effects, dimension)
    return {
        "from": scope.first_day,
        "to": scope.last_day,
        "as_of": scope.as_of,
        "by": dimension,
        "rows": rows.loc[rows["tool"].isin(list(chosen)), list(tool_groups.FIELDS)],
        "alike": tool_groups.alike_of(chosen, dimension),
    }


def count(warehouse: Warehouse, scope: Scope, *, actor: Actor) -> Touched:
    """Return what each tool touched and what became of it; quick enough for a page."""
    uses = answer(warehouse, tool_questions.tool_uses, actor=actor, where=scope.where, **scope.asked())
    costs = answer(warehouse, tool_questions.tool_refund_costs, actor=actor, as_of=scope.as_of, shops=scope.shops)
    of_any = tool_counts.counts_of(ANY, tool_counts.any_tool(uses), costs)
    groups = {dimension: tool_counts.groups_of(uses, dimension) for dimension in GROUPED_BY}
    return Touched(tool_counts.counts_by_tool(uses, costs), of_any, tool_counts.overlaps_of(uses), groups)


def row(counts: Counts, effect: Mapping[str, Any]) -> dict[str, Any]:
    """Return one tool's row: its counts beside its effect; without an effect the cost is what was paid out in all."""
    told = {**tool_counts.row_of(counts), **{name: effect.get(name) for name in FIELDS if name in effect}}
    if told.get("cost_fen") is None:
        told["cost_fen"] = counts.cost_fen
    return {name: told.get(name) for name in FIELDS}


def reach(warehouse: Warehouse, scope: Scope, *, actor: Actor) -> dict[str, Any]:
    """Return where a tool could have helped: {"days", "rows", "by_reason"}, orders and money in all and a month, most first.

    A row of `rows` is a tool, of `by_reason` a tool, stage and reason, which add up to it; each names its product with most
    money. A ceiling, not an effect: refunds whose reason, at their stage, is one that the tool is for. `urge_ship` stands for
    both shipping tools.
    """
    found = answer(warehouse, tool_questions.tool_reach, actor=actor, where=scope.where, **scope.asked())
    days, helped = _days(scope, found), found[found["tool"] != "none"]
    return {
        "days": days,
        "rows": _reached(helped, ["tool"], days),
        "by_reason": _reached(helped, ["tool", "stage", "reason"], days),
    }


def payment_rules(warehouse: Warehouse, scope: Scope, *, actor: Actor) -> dict[str, Any]:
    """Return {"rules", "broken", "last_day", "last_day_fen"}: each limit with the highest figure there is, and what breaks one.

    A row of `rules`: rule, most, highest, left, broken_count, at_limit_count; of `broken`: rule and the payment. The period is
    not looked at: a limit counts all payments on an order.
    """
    payments = answer(warehouse, tool_questions.tool_payments, actor=actor, as_of=scope.as_of, shops=scope.shops)
    figures = {rule.figure: payments[rule.figure].to_numpy(dtype=float, na_value=float("nan")) for rule in RULES.values()}
    found = standings(figures)
    rules = [
        {
            "rule": name,
            "most": rule.most,
            "highest": found[name].highest,
            "left": found[name].left,
            "broken_count": int(found[name].is_broken.sum()),
            "at_limit_count": int((figures[rule.figure] == rule.most).sum()),
        }
        for name, rule in RULES.items()
    ]
    broken = [
        {"rule": name, **payment}
        for name, standing in found.items()
        for payment in payments[standing.is_broken].to_dict("records")
    ]
    last_day = None if payments.empty else payments["day"].max()
    of_last_day = payments[payments["day"] == last_day]  # the limit is each shop's own: of several shops the one that paid most
    paid_out_fen = 0 if payments.empty else int(of_last_day.groupby("shop")["amount_fen"].sum().max())
    return {"rules": rules, "broken": broken, "last_day": last_day, "last_day_fen": paid_out_fen}


def list_reasons(warehouse: Warehouse, *, actor: Actor, shops_shown: Sequence[str] = ()) -> pd.DataFrame:
    """List the reasons of refunds with the tool that could have helped with each, most money first.

    Columns: reason, tool, own_tool (what an operator said), program_tool, cases, loss_fen.
    """
    return answer(warehouse, tool_questions.tool_reasons, actor=actor, shops=shops_shown)


def map_reason(warehouse: Warehouse, reason: str, tool: str | None, *, actor: Actor, now: datetime) -> None:
    """Say which tool could have helped with a reason (`none`: no tool), or take that back (None); it holds for every shop.

    Raises OperatorError for a tool that there is not, and for a reason that no case gives.
    """
    require(actor, "manage", ALL_SHOPS)
    if tool is not None and tool not in REASON_TOOLS:
        raise OperatorError(f"退款原因「{reason}」", f"「{tool}」", "、".join(REASON_TOOLS), "请从中选一个。")
    with warehouse.cursor() as cursor:
        every_shop = tuple(shops.all_shops(cursor))
    if reason not in set(list_reasons(warehouse, actor=actor, shops_shown=every_shop)["reason"]):
        raise OperatorError("退款原因", f"「{reason}」", "售后单里写着的原因", "请从列表里选一个。")
    with warehouse.transaction() as cursor:
        words.map_reason(cursor, reason, tool)
        audit.record(cursor, actor, REASON_FORGOTTEN if tool is None else REASON_MAPPED, " ".join((reason, tool or "")), now)


def _counts_and_effects(
    warehouse: Warehouse, scope: Scope, tool: str | None, actor: Actor, now: datetime
) -> tuple[Touched, dict[str, Any]]:
    if tool is not None and tool not in TOOLS:
        raise OperatorError("--tool", f"「{tool}」", "、".join(TOOLS), "请从中选一个工具。")
    asked = {"actor": actor, "shops": scope.shops, "now": now, **tool_effects.asked(scope.asked())}
    return count(warehouse, scope, actor=actor), analyses.answer_now(warehouse, tool_effects.EFFECTS, **asked)


def _days(scope: Scope, found: pd.DataFrame) -> int:
    """How many days of payments the refunds come from: the period's, else from the first to the last of them."""
    if found.empty:
        return 1
    first = scope.first_day or found["first_at"].min().date()
    last = scope.last_day or found["last_at"].max().date()
    return max((min(last, found["last_at"].max().date()) - max(first, found["first_at"].min().date())).days + 1, 1)


def _reached(helped: pd.DataFrame, keys: Sequence[str], days: int) -> list[dict[str, Any]]:
    """Add the refunds up by `keys`."""
    by_product = helped.groupby([*keys, "product"], sort=False)["loss_fen"].sum().sort_values(ascending=False, kind="stable")
    top = by_product.reset_index().drop_duplicates(list(keys)).set_index(list(keys))["product"]
    sums = helped.groupby(list(keys), sort=False)[["orders", "refund_fen", "loss_fen"]].sum()
    rows = [
        {
            **each,
            "orders_a_month": each["orders"] / days * DAYS_OF_A_MONTH,
            "loss_a_month_fen": round(each["loss_fen"] / days * DAYS_OF_A_MONTH),
        }
        for each in sums.assign(top_product=top).reset_index().to_dict("records")
    ]
    return sorted(rows, key=lambda each: (-each["loss_fen"], *(each[key] for key in keys)))
