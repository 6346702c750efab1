"""The commands about scenarios: open the ledger, call the action, say with which status it ended."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from analytics.actions import scenarios, what_if
from analytics.actions.commands import READER, Outcome
from analytics.actions.ledger import beijing_now, ledger_of
from analytics.domain.loads import Actor
from analytics.domain.what_if import levers
from analytics.domain.what_if.levers import Scenario
from analytics.errors import OperatorError

LEVERS_HELP = (
    "a cost setting (return_freight=6.00, inspection[scope=product:ID,from=2026-10-01]=5), "
    "refund_rate[stage=…,reason=…]=8%%, "
    "ship_hours=24, uptake[TOOL]=30%%, effect[TOOL]=-5%%, offer[TOOL]=3, ad_spend, goods_cost=x0.9, handling_minutes=x0.8, "
    "insurance=on|off, drop_streamer=ID, drop_product=ID, later_refund_rate; x0.8 for a factor, 5..6..8 for low, likely, high"
)
_SET = re.compile(r"\s*(?P<key>[A-Za-z_]+(?:\[[^\]]*\])?)\s*=(?P<value>.*)", re.DOTALL)


def run_what_if(home: Path, options: Namespace) -> Outcome:
    """Work a scenario out; save it, seek a goal or list what is saved where that is asked for."""
    asked = options.scenario and what_if.read_file(options.scenario)
    with ledger_of(home) as warehouse:
        if options.saved:
            return Outcome({"rows": _replayed(warehouse, options)})
        if options.forget:
            scenarios.forget_scenario(warehouse, options.forget, actor=Actor(options.by), now=beijing_now())
            return Outcome({"rows": [{"name": saved.name} for saved in scenarios.list_scenarios(warehouse, actor=READER)]})
        if options.load:
            asked = levers.read(scenarios.find(warehouse, options.load, actor=READER).scenario)
        scenario = _turned(asked or Scenario(), options)
        effects = _effects(warehouse, scenario, options)
        if options.seek:
            goal_fen = round(options.goal * 100)
            found = what_if.seek_goal(warehouse, scenario, options.seek, goal_fen=goal_fen, actor=READER, effects=effects)
            return Outcome({"rows": [found]})
        answer = what_if.work_out(warehouse, scenario, actor=READER, effects=effects)
        if options.save:
            scenarios.save_scenario(
                warehouse, scenario, options.save, actor=Actor(options.by), now=beijing_now(), effects=effects
            )
        if options.export:
            written = {"actor": Actor(options.by), "language": options.language, "now": beijing_now()}
            options.export.write_bytes(what_if.workbook(warehouse, scenario, answer, **written))
    return Outcome(answer)


def _effects(warehouse: Any, scenario: Scenario, options: Namespace) -> Mapping[str, Any]:
    """The tools' results, where a lever draws on them: they take a while the first time."""
    if not any(lever.name in {"uptake", "ship_hours"} for lever in scenario.levers) and options.seek not in {"ship_hours"}:
        return {}
    return what_if.estimates(warehouse, actor=READER, shops=scenario.shops, now=beijing_now())


def _replayed(warehouse: Any, options: Namespace) -> list[dict[str, Any]]:
    found = []
    for saved in scenarios.list_scenarios(warehouse, actor=READER):
        effects = what_if.estimates_kept(warehouse, actor=READER, shops=saved.shops, now=beijing_now())
        found.append(scenarios.replay(warehouse, saved, actor=READER, effects=effects))
    return found


def _turned(scenario: Scenario, options: Namespace) -> Scenario:
    """The scenario with what was typed beside its file; everything that cannot be read is said at once."""
    problems = []
    for text in options.set:
        match = _SET.fullmatch(text)
        if match is None:
            problems.append(f"--set 「{text}」（应为：杠杆=值，如 return_freight=6.00）")
            continue
        try:
            scenario = scenario.with_lever(levers.parse(match["key"], match["value"].strip()))
        except OperatorError as error:
            problems.append(f"{error.where}：{error.found}（应为：{error.expected}）")
    if problems:
        raise OperatorError("--set", "；".join(problems), "每一项都能读", "请改正后再试。")
    return replace(
        scenario,
        first_day=options.first_day or scenario.first_day,
        last_day=options.last_day or scenario.last_day,
        shops=tuple(options.shop) or scenario.shops,
    )
