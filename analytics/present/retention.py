"""What the page of the retention tools says: its sentence, a card a tool, why a grade is what it is, where a tool could help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analytics.domain.effects.groups import SURELY_APART
from analytics.domain.effects.rules import CANNOT_TELL
from analytics.domain.vocabulary import STAGES, TOOLS
from analytics.present import numbers
from analytics.present.account import whole
from analytics.present.exports import Column
from analytics.present.labels import Words
from analytics.present.titles import Titles

Row = Mapping[str, Any]
Told = Mapping[str, Any]  # an effect as actions/tool_effects.py tells it
GRADES = "ABCD"
CAN_TELL = ("earns", "loses", "no_evidence")
TINY_CHANCE = 0.001
# How a figure that a rule looks at is written; the others are plain numbers.
_SHARES = {
    "untimed_share",
    "mature_share",
    "top_weight_share",
    "outside_overlap_share",
    "largest_cluster_share",
    "split_chance",
    "base_rate",
}
_POINTS = {"half_width"}
_WANTS_DATA = {"no_data", "no_times", "no_outcomes", "no_shipment_times", "coupon_before_purchase", "untimed"}
_COUNTS = {"treated", "compared", "fewest_refunds", "effective_controls", "cluster_count"}
_SUMMED = {"urge_ship": ("urge_ship", "priority_ship")}  # the reasons of one are those of both


@dataclass(frozen=True)
class Figure:
    """A figure as text with its interval as text ("" without one)."""

    label: str
    value: str
    interval: str
    explanation: str


def standing_of(row: Row) -> str:
    """Return how a tool stands: earns, loses, no_evidence, counts (touched, nothing more can be told), or unused."""
    if row["net_fen"] is None:
        return "counts" if row["touched"] else "unused"
    if row["net_fen_low"] > 0:
        return "earns"
    return "loses" if row["net_fen_high"] < 0 else "no_evidence"


def name_of(row: Row, words: Words) -> str:
    """Return what a tool is called, the run over any of them included."""
    return words("retention.any") if row["tool"] == "any" else words.term(TOOLS[row["tool"]])


def ordered(rows: Sequence[Row]) -> list[Row]:
    """Put first what can be told, most money first, then what was used, last what nothing is known of."""
    ranks = {"earns": 0, "loses": 0, "no_evidence": 1, "counts": 2, "unused": 3}
    return sorted(rows, key=lambda row: (ranks[standing_of(row)], -abs(row["net_fen"] or 0), -row["touched"]))


def sentence(rows: Sequence[Row], is_ready: bool, words: Words) -> str:
    """Answer the page's question in a sentence with the figures in it."""
    touched = sum(row["touched"] for row in rows)
    if not touched:
        return words("retention.title_unused")
    if not is_ready:
        return words("retention.title_working", uses=numbers.count(touched))
    parts = [
        words(f"retention.title_{standing}", tool=words.term(TOOLS[row["tool"]]), net=_money(abs(row["net_fen"]), words))
        for row in ordered(rows)
        if (standing := standing_of(row)) in ("earns", "loses")
    ]
    left = sum(standing_of(row) in ("no_evidence", "counts") for row in rows)
    if not parts:
        return words("retention.title_unknown", uses=numbers.count(touched))
    return words("retention.title", told=words("retention.title_and").join(parts)) + (
        words("retention.title_left", count=left) if left else ""
    )


def verdict(row: Row, words: Words) -> str:
    """Say in one sentence how a tool stands; an interval across nothing is no evidence, never "no effect"."""
    standing = standing_of(row)
    if standing in ("counts", "unused"):
        return words(f"retention.verdict_{standing}")
    effect = "fewer" if row["effect_high"] < 0 else "more" if row["effect_low"] > 0 else "unclear"
    return words(f"retention.effect_{effect}", **_effect_said(row, words)) + words(f"retention.net_{standing}")


def figures(row: Row, words: Words) -> list[Figure]:
    """Return net, saved money, cost and saved orders with their intervals; a dash where it can't be told."""
    return [
        _figure("net", row, "net_fen", words),
        _figure("saved", row, "saved_fen", words),
        _figure("cost", row, "cost_fen", words),
        Figure(
            words("retention.saved_orders"),
            numbers.NOTHING if row["saved_orders"] is None else f"{row['saved_orders']:,.0f}",
            _interval(
                *(None if row[f"saved_orders_{end}"] is None else f"{row[f'saved_orders_{end}']:,.0f}" for end in _ENDS), words
            ),
            words("retention.saved_orders_help"),
        ),
    ]


def grade_text(row: Row, words: Words) -> str:
    """Name a grade and what it means."""
    return words("retention.grade", grade=row["grade"], meaning=words(f"retention.grade_{row['grade']}"))


def reasons(told: Told, words: Words) -> list[str]:
    """Say why the grade is what it is, a sentence a reason, with the figure found and the limit it broke."""
    return [
        words(
            f"retention.reason.{reason['id']}",
            value=_found(reason["figure"], reason["value"], words),
            limit=_found(reason["figure"], reason["limit"], words),
        )
        for reason in told["reasons"]
    ]


def advice(row: Row, told: Told, words: Words) -> str:
    """Say what makes the effect known: which export is missing and where it is found, else more of the same, or a hold-out."""
    found = {reason["id"] for reason in told["reasons"]}
    if found & _WANTS_DATA:
        return words(f"retention.advice.{row['tool']}")
    return words("retention.advice_wait" if row["tool"] == "address_change" else "retention.advice_more")


def how_sure(row: Row, words: Words) -> str:
    """Say how strongly a hidden cause would have to work to explain the effect away; '' without an effect."""
    if row["evalue"] is None:
        return ""
    return words("retention.evalue", factor=f"{row['evalue']:.1f}")


def method(row: Row, told: Told, words: Words) -> str:
    """Say in plain words how the effect was worked out, on how many orders and over how many days."""
    said = {"treated": numbers.count(row["treated"]), "compared": numbers.count(row["compared"]), "days": told["horizon_days"]}
    return words(f"retention.method.{row['method']}", **said)


def diagnostics(told: Told, words: Words) -> pd.DataFrame:
    """Lay out what the rules looked at: two columns of text, figure and value; what a method has not is left out."""
    found = {name: value for name, value in told["diagnostics"].items() if value is not None}
    names = [name for name in _TOLD_FIGURES if name in found]
    return pd.DataFrame(
        {
            words("retention.figure"): [words(f"retention.diagnostic.{name}") for name in names],
            words("retention.found"): [_found(name, found[name], words) for name in names],
        }
    )


def trap_text(row: Row, words: Words) -> str:
    """Say whether keeping was worth the try: the chance seen, on orders old enough, beside the break-even chance."""
    if row["kept_rate"] is None:
        return words("retention.trap_young")
    said = {
        "rate": numbers.rate(row["kept_rate"]),
        "low": numbers.rate(row["kept_low"]),
        "high": numbers.rate(row["kept_high"]),
        "needed": numbers.rate(row["break_even"]),
    }
    if row["break_even"] is None:
        return words("retention.trap_unknown", **said)
    kind = "above" if row["kept_low"] > row["break_even"] else "below" if row["kept_high"] < row["break_even"] else "near"
    return words(f"retention.trap_{kind}", **said)


def money_text(kept_fen: int, lost_fen: int, lost_by_stage: Mapping[str, tuple[int, int]], words: Words) -> str:
    """Say what the kept orders brought, what the others cost, and at which stages."""
    said = words("retention.trap_money", kept=_money(kept_fen, words), lost=_money(lost_fen, words))
    return said + words("retention.trap_stages", stages=_lost_text(lost_by_stage, words)) if lost_by_stage else said


def _lost_text(lost_by_stage: Mapping[str, tuple[int, int]], words: Words) -> str:
    ranked = sorted(lost_by_stage.items(), key=lambda each: -each[1][1])
    return words("retention.list_and").join(
        words(
            "retention.lost_stage",
            stage=words.term(STAGES[stage if stage in STAGES else "unknown"]),
            orders=numbers.count(orders),
            money=_money(fen, words),
        )
        for stage, (orders, fen) in ranked
    )


def reach_tools(row: Row, words: Words) -> str:
    """Name the tools that could have helped in a row of `reach`."""
    return words("retention.list_or").join(words.term(TOOLS[tool]) for tool in _SUMMED.get(row["tool"], (row["tool"],)))


def reach_figures(row: Row, titles: Titles, words: Words) -> dict[str, str]:
    """Return the texts of one tile of the ceiling: tools, money and orders a month, the product with most of it."""
    return {
        "tools": reach_tools(row, words),
        "money": words("retention.a_month", amount=_money(row["loss_a_month_fen"], words)),
        "orders": words("retention.orders_a_month", orders=f"{row['orders_a_month']:,.0f}"),
        "product": words("retention.top_product", product=titles("product", row["top_product"])),
    }


def reach_columns(titles: Titles, words: Words) -> dict[str, Column]:
    """The columns of the table of the ceiling by stage and reason."""
    return {
        "tools": Column(words("retention.column.tool")),
        **{f"{name}_title": Column(titles.of_dimension(name)) for name in ("stage", "reason")},
        "orders_a_month": Column(words("retention.column.orders_a_month"), "number"),
        "loss_a_month_fen": Column(words("retention.column.loss_a_month"), "money_fen"),
        "product_title": Column(words("retention.column.top_product")),
        "orders": Column(words("retention.column.orders"), "count"),
        "loss_fen": Column(words("retention.column.loss"), "money_fen"),
    }


def reach_rows(by_reason: Sequence[Row], titles: Titles, words: Words) -> pd.DataFrame:
    """The rows of that table, tools, stages, reasons and products by name."""
    return pd.DataFrame(
        [
            {
                **row,
                "tools": reach_tools(row, words),
                "stage_title": titles("stage", row["stage"]),
                "reason_title": titles("reason", row["reason"]),
                "product_title": titles("product", row["top_product"]),
                "orders_a_month": round(row["orders_a_month"], 1),
            }
            for row in by_reason
        ]
    )


def group_columns(dimension: str, titles: Titles, words: Words) -> dict[str, Column]:
    """The columns of the table by product, streamer or week: what the tool touched, what it did, how sure that is."""
    names = {
        "tool_title": ("tool", "text"),
        "group_title": (None, "text"),
        "touched": ("touched", "count"),
        **{f"effect{end}": (f"effect{end}_points", "points") for end in ("", "_low", "_high")},
        "net_fen": ("net_fen_estimate", "money_fen"),
        "net_fen_low": ("net_fen_low", "money_fen"),
        "net_fen_high": ("net_fen_high", "money_fen"),
        "grade": ("grade", "text"),
        "why": ("reason", "text"),
        "treated": ("treated", "count"),
        "kept": ("kept", "count"),
        "lost_later": ("lost", "count"),
        "open": ("open", "count"),
        "kept_rate": ("kept_rate", "rate"),
        "kept_low": ("kept_low", "rate"),
        "kept_high": ("kept_high", "rate"),
        "lost_fen": ("lost_fen", "money_fen"),
        "cost_fen": ("cost_fen", "money_fen"),
    }
    return {
        name: Column(titles.of_dimension(dimension) if key is None else words(f"retention.column.{key}"), kind)
        for name, (key, kind) in names.items()
    }


def group_rows(groups: pd.DataFrame, dimension: str, titles: Titles, words: Words) -> pd.DataFrame:
    """The rows of that table: tools and groups by name, effects in percentage points, why the grade is what it is in words.

    Tools that can't be told as a whole come last: their groups would fill the first screen with dashes.
    """
    is_untold = [any(reason["id"] == "tool_cannot_tell" for reason in found) for found in groups["reasons"]]
    groups = groups.iloc[sorted(range(len(groups)), key=is_untold.__getitem__)].reset_index(drop=True)
    return groups.assign(
        tool_title=[titles("tool", tool) for tool in groups["tool"]],
        group_title=[titles(dimension, group) for group in groups["group"]],
        why=[_main_reason(grade, found, words) for grade, found in zip(groups["grade"], groups["reasons"], strict=True)],
        **{name: (groups[name] * 100).round(1) for name in ("effect", "effect_low", "effect_high")},
    )


def groups_sentence(alike: Sequence[Row], words: Words) -> str:
    """Say in one sentence whether the groups of each tool differ by more than chance, or that nobody knows."""
    parts = [
        words(
            f"retention.groups_{'differ' if row['chance'] < SURELY_APART else 'alike'}",
            tool=words.term(TOOLS[row["tool"]]),
            count=row["told"],
            chance=_chance(row["chance"], words),
        )
        for row in alike
        if row["chance"] is not None
    ]
    if not parts:
        return words("retention.groups_unknown")
    return words("retention.groups_said", told=words("retention.list_and").join(parts))


def _main_reason(grade: str | None, found: Sequence[Row], words: Words) -> str:
    """The first reason that decided: what keeps a group from being told, else what lowered its grade; '' where nothing did."""
    deciding = [reason for reason in found if grade != "D" or reason["consequence"] == CANNOT_TELL] or list(found)
    return reasons({"reasons": deciding[:1]}, words)[0] if deciding else ""


def _chance(chance: float, words: Words) -> str:
    return words("retention.groups_chance_tiny") if chance < TINY_CHANCE else numbers.rate(chance)


def overlap_rows(overlaps: Sequence[Row], titles: Titles) -> pd.DataFrame:
    """The combinations of tools on one order, by name. Columns: tools, orders."""
    rows = [(titles("tool", row["tools"]), row["orders"]) for row in overlaps]
    return pd.DataFrame(rows, columns=["tools", "orders"])


def overlap_columns(words: Words) -> dict[str, Column]:
    """The columns of the table of combinations."""
    return {"tools": Column(words("retention.column.tools")), "orders": Column(words("retention.column.orders"), "count")}


def whole_columns(words: Words) -> dict[str, Column]:
    """The columns of the table of all tools, every figure of the command line in it."""
    tool = {"tool_title": Column(words("retention.column.tool"))}
    return tool | {name: Column(words(f"retention.column.{name}"), kind) for name, kind in _WHOLE.items()}


def whole_rows(rows: Sequence[Row], effects: Mapping[str, Told], words: Words) -> pd.DataFrame:
    """The rows of that table; reasons in words."""
    told = [
        {
            **{name: _rounded(name, row[name]) for name in _WHOLE if name != "reason"},
            "tool_title": name_of(row, words),
            "reason": words("retention.list_and").join(reasons(effects[row["tool"]], words)) if row["tool"] in effects else "",
            "method": words(f"retention.method_name.{row['method']}") if row["method"] else "",
        }
        for row in rows
    ]
    return pd.DataFrame(told, columns=["tool_title", *_WHOLE])


def rule_rows(rules: Sequence[Row], words: Words) -> pd.DataFrame:
    """Lay out the limits of small payments: text columns rule, most, highest, left, broken."""
    return pd.DataFrame(
        [
            {
                words("retention.rule"): words(f"retention.rule.{row['rule']}"),
                words("retention.rule_most"): _limit(row["rule"], row["most"], words),
                words("retention.rule_highest"): _limit(row["rule"], row["highest"], words),
                words("retention.rule_left"): _limit(row["rule"], row["left"], words),
                words("retention.rule_broken"): numbers.count(row["broken_count"]),
            }
            for row in rules
        ]
    )


def rules_note(found: Mapping[str, Any], words: Words) -> str:
    """Say where the limits come from, and how far the shop's last day of payments used its own."""
    if found["last_day"] is None:
        return words("retention.rules_note_none")
    most = next(row["most"] for row in found["rules"] if row["rule"] == "day_amount")
    left = max(most - found["last_day_fen"], 0)
    paid = numbers.money_exact(found["last_day_fen"])
    return words("retention.rules_note", day=str(found["last_day"])[:10], paid=paid, left=numbers.money_exact(left))


def broken_rows(broken: Sequence[Row], words: Words) -> pd.DataFrame:
    """The payments beyond a limit, the rule by name."""
    return pd.DataFrame([{**row, "rule_title": words(f"retention.rule.{row['rule']}")} for row in broken])


def broken_columns(words: Words) -> dict[str, Column]:
    """The columns of that table."""
    return {
        "rule_title": Column(words("retention.rule")),
        "order_id": Column(words("case.fact.order"), "id"),
        "paid_out_at": Column(words("retention.paid_out_at"), "time"),
        "amount_fen": Column(words("column.amount"), "money_fen"),
        "order_count": Column(words("retention.rule.times"), "count"),
        "order_fen": Column(words("retention.rule.order_amount"), "money_fen"),
        "day_fen": Column(words("retention.rule.day_amount"), "money_fen"),
        "days_since_paid": Column(words("retention.rule.days"), "count"),
    }


_ENDS = ("low", "high")
_TOLD_FIGURES = (
    *("treated", "compared", "touched", "untimed_share", "mature_share", "refunds_treated", "refunds_compared"),
    *("effective_controls", "top_weight_share", "outside_overlap_share", "worst_smd", "cluster_count"),
    *("largest_cluster_share", "placebo_errors", "half_width", "base_rate", "gap_errors"),
)
_WHOLE = {
    **dict.fromkeys(("touched", "kept", "lost_later", "open"), "count"),
    **dict.fromkeys(("kept_rate", "kept_low", "kept_high", "break_even", "effect", "effect_low", "effect_high"), "rate"),
    **dict.fromkeys(("saved_orders", "saved_orders_low", "saved_orders_high"), "number"),
    **dict.fromkeys(("saved_fen", "saved_fen_low", "saved_fen_high", "cost_fen"), "money_fen"),
    **dict.fromkeys(("net_fen", "net_fen_low", "net_fen_high"), "money_fen"),
    **{"grade": "text", "method": "text", "reason": "text", "evalue": "number", "treated": "count", "compared": "count"},
}


def _figure(key: str, row: Row, name: str, words: Words) -> Figure:
    ends = [row.get(f"{name}_{end}") for end in _ENDS]
    texts = [None if end is None else _money(end, words) for end in ends]
    return Figure(words(f"retention.{key}"), _money(row[name], words), _interval(*texts, words), words(f"retention.{key}_help"))


def _interval(low: str | None, high: str | None, words: Words) -> str:
    return "" if low is None or high is None else words("retention.interval", low=low, high=high)


def _effect_said(row: Row, words: Words) -> dict[str, str]:
    size = {name: numbers.points(row[name], words.language) for name in ("effect", "effect_low", "effect_high")}
    return {**size, "treated": numbers.count(row["treated"])}


def _rounded(name: str, value: Any) -> Any:
    """Estimated counts and factors are no more exact than a decimal."""
    return round(value, 1) if value is not None and _WHOLE[name] == "number" else value


def _found(figure: str | None, value: float | None, words: Words) -> str:
    if value is None:
        return numbers.NOTHING
    if figure in _SHARES:
        return numbers.rate(value)
    if figure in _POINTS:
        return numbers.points(value, words.language).lstrip("+")
    if figure in _COUNTS or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:.2f}"


def _limit(rule: str, value: float | None, words: Words) -> str:
    if value is None:
        return numbers.NOTHING
    if rule.endswith("amount"):
        return numbers.money_exact(round(value))
    return words(f"retention.rule_unit.{rule}", count=f"{value:,.0f}")


def _money(fen: Any, words: Words) -> str:
    return numbers.money_about(whole(fen), words.language)
