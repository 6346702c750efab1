"""Counts beside effects, group by group: the names are the same on both sides, and what was not asked says why."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.actions import tool_counts, tool_effects, tool_groups
from analytics.actions.tool_arrays import facts_of
from analytics.domain.effects.evidence import Effect, Figure
from analytics.domain.effects.rules import Diagnostics, Reason
from tests.actions.test_tool_arrays import cases_of, orders_of
from tests.actions.test_tool_counts import frame

EVERY = Figure(-0.08, -0.12, -0.04)
GROUP = Effect("daily_trials", 30, "B", (), Diagnostics(150, 900), EVERY, saved_fen=EVERY.times(-1e6), net_fen=EVERY.times(-1e5))
SMALL = Effect(
    "daily_trials", 30, "D", (Reason("few_refunds", figure="fewest_refunds", value=4, limit=10),), Diagnostics(40, 300)
)
WHOLE = Effect("daily_trials", 30, "B", (), Diagnostics(190, 1200), EVERY)


def told(effect: Effect, **groups: dict[str, Effect]) -> dict:
    """An effect as the analysis keeps it, groups by dimension and name."""
    rows = {
        dimension: [{"group": name, **each.row(), "reasons": []} for name, each in found.items()]
        for dimension, found in groups.items()
    }
    return {"row": effect.row(), "groups": rows, "alike": dict.fromkeys(groups, 0.2)}


@pytest.fixture
def counts():
    rows = [("small_payment", "P1"), ("small_payment", "P1"), ("small_payment", "P2"), ("small_payment", "P3"), ("coupon", "P1")]
    uses = frame(*({"order_id": str(place), "tool": tool, "product": group} for place, (tool, group) in enumerate(rows)))
    return tool_counts.groups_of(uses, "product")


def test_a_group_has_its_counts_and_its_effect_in_one_row(counts):
    effects = {"small_payment": told(WHOLE, product={"P1": GROUP, "P2": SMALL})}
    rows = tool_groups.rows_of(counts, effects, "product")
    assert list(rows.columns) == [*tool_groups.FIELDS, "reasons"]
    first, second = rows.iloc[0], rows.set_index(["tool", "group"]).loc[("small_payment", "P2")]
    assert (first["tool"], first["group"], first["touched"], first["treated"], first["grade"]) == (
        "small_payment",
        "P1",
        2,
        150,
        "B",
    )
    assert (first["effect"], first["net_fen"], first["net_fen_low"]) == (-0.08, 8_000, 4_000)
    assert (second["touched"], second["grade"], second["reason"], second["effect"]) == (1, "D", ["few_refunds"], pd.NA)


def test_what_was_not_asked_says_why(counts):
    def reasons(**effects):
        rows = tool_groups.rows_of(counts, effects, "product").set_index(["tool", "group"])
        return [(rows.loc[place, "grade"], rows.loc[place, "reason"]) for place in (("small_payment", "P3"), ("coupon", "P1"))]

    untold = Effect("daily_trials", 30, "D", (Reason("few_treated"),), Diagnostics(12, 90))
    held_out = Effect("hold_out", 30, "A", (), Diagnostics(900, 200), EVERY)
    asked = told(WHOLE, product={"P1": GROUP})
    assert reasons(small_payment=asked, coupon=told(untold)) == [("D", ["group_not_asked"]), ("D", ["tool_cannot_tell"])]
    assert reasons(small_payment=asked, coupon=told(held_out))[1] == ("D", ["hold_out_as_a_whole"])
    assert reasons() == [(None, []), (None, [])]


def test_the_chances_are_those_of_tools_whose_groups_were_asked():
    effects = {"small_payment": told(WHOLE, product={"P1": GROUP, "P2": SMALL}), "coupon": told(WHOLE)}
    assert tool_groups.alike_of(effects, "product") == [{"tool": "small_payment", "told": 1, "chance": 0.2}]
    assert tool_groups.alike_of(effects, "week") == []


def test_groups_are_called_as_where_uses_are_counted():
    """1 March 2026 is a Sunday: it belongs to the week of Monday, 23 February; an hour after midnight begins another."""
    orders = orders_of(A={}, B={"paid": 14}, C={"paid": 15}, D={"paid": 7 * 24 + 14})
    facts = facts_of(orders.assign(product=["P1", "P2", "P1", "未知"]), cases_of())
    code, names = facts.groups["week"]
    assert [names[each] for each in code] == ["2026-02-23", "2026-03-02", "2026-03-02", "2026-03-09"]
    uses = frame(*({"order_id": name, "week": pd.Timestamp("2026-03-02")} for name in "BC"))
    assert tool_counts.groups_of(uses, "week")["group"].to_list() == ["2026-03-02"]
    code, names = facts.groups["product"]
    assert [names[each] for each in code] == ["P1", "P2", "P1", "未知"]
    assert facts.groups_of(np.array([False, True, False, True]))["product"].tolist() == [1, 2]


def test_what_is_kept_of_groups_is_plain_and_goes_by_name():
    facts = facts_of(orders_of(A={}, B={}).assign(streamer=["S1", "S2"]), cases_of())
    effect = Effect(
        *("daily_trials", 30, "B", (), Diagnostics(190, 1200), EVERY),
        groups={"streamer": {1: GROUP, 0: SMALL}},
        alike={"streamer": None},
    )
    kept = tool_effects.told_of_groups(effect, facts)
    assert [(row["group"], row["grade"]) for row in kept["groups"]["streamer"]] == [("S2", "B"), ("S1", "D")]
    assert kept["groups"]["streamer"][1]["reasons"][0] == {
        "id": "few_refunds", "consequence": "cannot_tell", "figure": "fewest_refunds", "value": 4, "limit": 10
    }  # fmt: skip
    assert kept["alike"] == {"streamer": None}
