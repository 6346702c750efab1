"""What the page says of hold-outs."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace

import pandas as pd

from analytics.present import holdouts
from analytics.present.labels import Words

ZH, EN = Words("zh"), Words("en")
PLAN = {"base_rate": 0.392, "orders_a_day": 11.43, "per_arm": 1_526, "orders": 8_475, "held_out": 848, "days": 760}


def held(**more):
    plain = {"holdout_id": 3, "tool": "urge_ship", "share": 0.1, "starts_on": date(2026, 11, 1), "ended_at": None}
    return SimpleNamespace(**{**plain, "wanted_orders": 8_475, "order_count": 120, "held_out_count": 11, **more})


def test_a_plan_says_orders_and_days_beforehand():
    assert holdouts.planned(PLAN, 0.05, ZH) == (
        "现在 39.2% 会退款。要看出相差 5.0 个百分点，一共要 8,475 单，其中 848 单不用。照现在每天 11.4 单，大约 760 天后有结论。"
    )
    assert "nobody knows how long" in holdouts.planned({**PLAN, "days": None}, 0.05, EN)


def test_a_hold_out_has_a_name_a_state_and_how_far_it_is():
    assert holdouts.name_of(held(), ZH) == "3 号 · 催发货 · 10.0% 不用 · 2026-11-01 起"
    assert holdouts.state_of(held(), ZH) == "进行中"
    assert holdouts.state_of(held(ended_at=datetime(2026, 12, 1, 9)), EN) == "ended on 2026-12-01"
    assert holdouts.progress_of(held(), EN) == "120 orders assigned (11 without), 8,475 wanted."


def test_the_list_has_those_that_do_without_first():
    moments = {"since_at": datetime(2026, 11, 2), "assigned_at": datetime(2026, 11, 2, 9)}
    taken = pd.DataFrame([{"order_id": "1", "is_held_out": False, **moments}, {"order_id": "2", "is_held_out": True, **moments}])
    rows = holdouts.list_rows(taken, ZH)
    assert rows[["order_id", "arm"]].to_numpy().tolist() == [["2", "不用"], ["1", "可以用"]]
    assert set(holdouts.list_columns(ZH)) <= set(rows.columns)


def test_a_split_of_nothing_is_a_dash():
    said = holdouts.split({"split_chance": 0.81, "used_share": 0.66, "used_share_held_out": None}, ZH)
    assert said == "分得像不像随机：可能性 81.0%。用了工具的：可以用的 66.0%，不用的 —。"
