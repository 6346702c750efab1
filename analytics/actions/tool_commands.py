"""The commands about the retention tools: open the ledger, call the action, say with which status it ended."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from analytics.actions import tools
from analytics.actions.commands import READER, Outcome
from analytics.actions.ledger import beijing_now, ledger_of


def run_tools(home: Path, options: Namespace) -> Outcome:
    """Judge every tool, or one."""
    with ledger_of(home) as warehouse:
        return Outcome(tools.judge(warehouse, _scope(options), actor=READER, now=beijing_now(), tool=options.tool))


def run_reach(home: Path, options: Namespace) -> Outcome:
    """Say where a tool could have helped, in orders and money a month."""
    with ledger_of(home) as warehouse:
        return Outcome(tools.reach(warehouse, _scope(options), actor=READER))


def run_rules(home: Path, options: Namespace) -> Outcome:
    """Hold the small payments against the platform's limits; of the table the limits are shown, json has the payments too."""
    with ledger_of(home) as warehouse:
        found = tools.payment_rules(warehouse, _scope(options), actor=READER)
    return Outcome({"rows": found.pop("rules"), **found})


def _scope(options: Namespace) -> tools.Scope:
    return tools.Scope(options.first_day, options.last_day, options.as_of, tuple(options.shop))
