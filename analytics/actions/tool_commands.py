"""The commands about the retention tools: open the ledger, call the action, say with which status it ended."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from analytics.actions import analyses, holdouts, tools
from analytics.actions.commands import READER, Outcome
from analytics.actions.ledger import beijing_now, ledger_of
from analytics.domain.loads import Actor

GROUPED_BY = tools.GROUPED_BY


def run_tools(home: Path, options: Namespace) -> Outcome:
    """Judge every tool, or one; as a whole, or by product, streamer or week."""
    asked = {"actor": READER, "now": beijing_now(), "tool": options.tool}
    with ledger_of(home) as warehouse:
        if options.dimension is not None:
            return Outcome(tools.judge_groups(warehouse, _scope(options), options.dimension, **asked))
        return Outcome(tools.judge(warehouse, _scope(options), **asked))


def run_reach(home: Path, options: Namespace) -> Outcome:
    """Say where a tool could have helped, in orders and money a month."""
    with ledger_of(home) as warehouse:
        return Outcome(tools.reach(warehouse, _scope(options), actor=READER))


def run_rules(home: Path, options: Namespace) -> Outcome:
    """Hold the small payments against the platform's limits; of the table the limits are shown, json has the payments too."""
    with ledger_of(home) as warehouse:
        found = tools.payment_rules(warehouse, _scope(options), actor=READER)
    return Outcome({"rows": found.pop("rules"), **found})


def run_reasons(home: Path, options: Namespace) -> Outcome:
    """List which tool could have helped with each reason of refunds."""
    with ledger_of(home) as warehouse:
        return Outcome({"rows": tools.list_reasons(warehouse, actor=READER, shops_shown=tuple(options.shop))})


def run_reasons_set(home: Path, options: Namespace) -> Outcome:
    """Say which tool could have helped with a reason, or take that back."""
    tool = None if options.tool_of_reason == "forget" else options.tool_of_reason
    with ledger_of(home) as warehouse:
        tools.map_reason(warehouse, options.reason, tool, actor=Actor(options.by), now=beijing_now())
        return Outcome({"rows": tools.list_reasons(warehouse, actor=READER)})


def run_holdouts(home: Path, options: Namespace) -> Outcome:
    """List the hold-outs, the newest first."""
    with ledger_of(home) as warehouse:
        return Outcome({"rows": [asdict(held) for held in holdouts.list_holdouts(warehouse, actor=READER)]})


def run_holdout_plan(home: Path, options: Namespace) -> Outcome:
    """Say how many orders a hold-out takes, before it begins."""
    with ledger_of(home) as warehouse:
        return Outcome({"rows": [holdouts.plan(warehouse, _wish(options), actor=READER)]})


def run_holdout_begin(home: Path, options: Namespace) -> Outcome:
    """Begin a hold-out."""
    with ledger_of(home) as warehouse:
        held = holdouts.begin(warehouse, _wish(options), actor=Actor(options.by), now=beijing_now())
        return Outcome({"rows": [asdict(held)]})


def run_holdout_end(home: Path, options: Namespace) -> Outcome:
    """End a hold-out; it stays for ever."""
    with ledger_of(home) as warehouse:
        return Outcome(
            {"rows": [asdict(holdouts.end(warehouse, options.holdout_id, actor=Actor(options.by), now=beijing_now()))]}
        )


def run_holdout_orders(home: Path, options: Namespace) -> Outcome:
    """List the orders of a hold-out; those held out do without the tool."""
    with ledger_of(home) as warehouse:
        holdouts.assign(warehouse, now=beijing_now())
        return Outcome({"rows": holdouts.orders(warehouse, options.holdout_id, actor=READER)})


def run_holdout_report(home: Path, options: Namespace) -> Outcome:
    """Judge a hold-out by intention to treat: grade A at best."""
    with ledger_of(home) as warehouse:
        holdouts.assign(warehouse, now=beijing_now())
        held = holdouts.find(warehouse, options.holdout_id, actor=READER)
        asked = {"holdout_id": held.holdout_id, "order_count": held.order_count}
        found = analyses.answer_now(warehouse, holdouts.REPORT, actor=READER, shops=(held.shop,), now=beijing_now(), **asked)
    return Outcome({"rows": [{**asdict(held), **found["effect"]["row"]}], **found})


def _wish(options: Namespace) -> holdouts.Wish:
    days = {"starts_on": options.starts_on or beijing_now().date(), "ends_on": options.ends_on}
    return holdouts.Wish(options.tool, options.share, change=options.change, shop=options.shop, **days)


def _scope(options: Namespace) -> tools.Scope:
    return tools.Scope(options.first_day, options.last_day, options.as_of, tuple(options.shop))
