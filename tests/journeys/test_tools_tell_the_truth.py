"""The truth that was built into the sample shop, told by the command `tools` from its exports alone."""

from __future__ import annotations

import contextlib
import io
import json
from datetime import date

import numpy as np
import pytest

from analytics.__main__ import main
from analytics.domain.sample_shop.catalogue import STREAMERS
from analytics.domain.sample_shop.counterfactuals import potential_outcomes
from analytics.domain.sample_shop.effects import truth
from analytics.domain.sample_shop.files import build_shop
from analytics.domain.sample_shop.hazards import DAY
from analytics.domain.vocabulary import MISSING
from tests.sample_files import write_newest

UNTIL, SEED = date(2026, 11, 16), 7
# What the account stands on, and the list that knows when each tool was used.
FILES = ("订单导出_2*.csv", "售后单导出_*.csv", "商品成本*", "标记订单*")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The answer of `tools` by tool, `any` among them, and what it says of each streamer under `by_streamer`."""
    folder = tmp_path_factory.mktemp("示例 店")
    files = map(str, write_newest(folder / "files", FILES, until=UNTIL))
    home = ["--home", str(folder / "home"), "--format", "json"]
    assert main([*home, "import", *files]) == 0

    def ask(*words):
        with contextlib.redirect_stdout(io.StringIO()) as said:
            assert main([*home, "tools", *words]) == 0
        return json.loads(said.getvalue())

    answer = ask()
    return {row["tool"]: row for row in (*answer["rows"], answer["any"])} | {"by_streamer": ask("--by", "streamer")}


@pytest.fixture(scope="module")
def true_of_the_mature():
    """What the tool really did to the orders that are compared: old enough, and used."""
    shop = build_shop(until=UNTIL, seed=SEED)

    def find(tool, streamer=None):
        outcomes = potential_outcomes(shop.orders, tool)
        is_mature = outcomes.time_zero + (truth()[tool]["horizon_days"] + 3) * DAY <= shop.as_of
        chosen = outcomes.is_used & is_mature & ~shop.orders.is_warm_up[outcomes.order]
        if streamer is not None:
            sold_by = np.array([each.streamer_id or MISSING for each in STREAMERS])[shop.orders.streamer[outcomes.order]]
            chosen &= sold_by == streamer
        used, unused = outcomes.is_refunded_used[chosen], outcomes.is_refunded_unused[chosen]
        return int(chosen.sum()), float(used.mean() - unused.mean())

    return find


def covers(row, name, value):
    return row[f"{name}_low"] <= value <= row[f"{name}_high"]


def test_shipping_urged_orders_works_and_pays(told, true_of_the_mature):
    row, (treated, effect) = told["urge_ship"], true_of_the_mature("urge_ship")
    assert (row["grade"], row["method"], row["treated"]) == ("B", "clone_censor_weight", treated)
    assert covers(row, "effect", effect)
    assert row["effect_high"] < -0.10
    assert row["net_fen_low"] > 0
    assert row["saved_orders"] == pytest.approx(-row["effect"] * row["treated"])


def test_small_payments_work_and_lose_money(told, true_of_the_mature):
    row, (treated, effect) = told["small_payment"], true_of_the_mature("small_payment")
    assert (row["grade"], row["method"]) == ("B", "daily_trials")
    assert 0.98 * treated <= row["treated"] <= treated  # a few are like no other order and stay out
    assert covers(row, "effect", effect)
    assert row["effect_high"] < 0
    assert row["net_fen_high"] < 0
    assert row["net_fen"] == pytest.approx(row["saved_fen"] - row["cost_fen"], abs=2)


def test_small_payments_do_much_the_same_for_every_streamer_and_are_said_to(told, true_of_the_mature):
    answer = told["by_streamer"]
    rows = [row for row in answer["rows"] if row["tool"] == "small_payment"]
    known = [row for row in rows if row["effect"] is not None]
    assert len(known) == 5
    for row in known:
        treated, effect = true_of_the_mature("small_payment", row["group"])
        assert 0.95 * treated <= row["treated"] <= treated
        assert covers(row, "effect", effect)
        assert row["net_fen_low"] <= row["net_fen"] <= row["net_fen_high"]
    assert sum(row["touched"] for row in rows) == told["small_payment"]["touched"]
    (alike,) = [row for row in answer["alike"] if row["tool"] == "small_payment"]
    assert (alike["told"], alike["chance"] > 0.05) == (5, True)


def test_a_few_dozen_urged_orders_of_a_streamer_tell_nothing(told):
    rows = [row for row in told["by_streamer"]["rows"] if row["tool"] == "urge_ship"]
    assert all((row["effect"], row["grade"]) == (None, "D") for row in rows)
    assert "few_controls" in rows[0]["reason"]


@pytest.mark.parametrize("tool", ["priority_ship", "address_change"])
def test_what_does_nothing_is_never_said_to_work(told, tool):
    row = told[tool]
    assert row["touched"] > 300
    assert row["effect"] is None or row["effect_low"] <= 0 <= row["effect_high"]
    assert row["reason"]


def test_a_discount_at_purchase_is_cost_and_break_even_only(told):
    row = told["coupon"]
    assert row["effect"] is None
    assert row["cost_fen"] > 2_000_000
    assert 0 < row["break_even"] < 1


def test_a_plain_look_at_who_was_kept_would_have_said_the_opposite(told):
    """Orders with a small payment are refunded far more often than others: the tool is used where trouble is."""
    row = told["small_payment"]
    assert row["kept_rate"] < 0.7
    assert row["kept_low"] > row["break_even"]


def test_the_rescue_is_not_credited_to_the_shop(told):
    assert told["priority_ship"]["reason"][0] == "platform_rescue"


def test_no_figure_is_not_a_number(told):
    rows = [*(row for name, row in told.items() if name != "by_streamer"), *told["by_streamer"]["rows"]]
    values = [value for row in rows for value in row.values() if isinstance(value, float)]
    assert np.isfinite(values).all()
