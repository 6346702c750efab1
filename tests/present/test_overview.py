"""What the overview works out beside the account: the course, the shows, the causes, on figures a human can check."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from analytics.present import overview
from analytics.present.account import HIDDEN
from analytics.present.figures import overview as figures
from analytics.present.labels import Words
from analytics.present.titles import Titles

ZH = Words("zh")
TITLES = Titles(ZH, {"streamer": {"1": "阿满<b>"}})
LAST_DAY = date(2026, 11, 16)


def days(*rows):
    """(day, receivable, sales, total) in yuan as an answer of losses_by."""
    names = ("day", "receivable_fen", "sales_fen", "total_fen")
    return pd.DataFrame([(day, *(amount * 100 for amount in amounts)) for day, *amounts in rows], columns=names)


def shows(*rows):
    """(day, streamer, orders, receivable, total, refunds), money in yuan."""
    names = ("day", "streamer", "orders", "receivable_fen", "total_fen", "refunds")
    return pd.DataFrame([(d, s, o, sold * 100, lost * 100, n) for d, s, o, sold, lost, n in rows], columns=names)


def test_a_day_is_mature_when_it_is_as_old_as_its_refunds_take():
    course = overview.course(days(("2026-11-06", 200, 40, 50), ("2026-11-07", 100, 0, 0)), LAST_DAY, 10)
    assert course["age_days"].tolist() == [10, 9]
    assert course["is_mature"].tolist() == [True, False]
    assert course["kept_per_100_fen"].tolist() == [7500, 10000]
    assert course["refund_rate"].tolist() == [0.2, 0.0]


def test_while_nobody_knows_how_long_refunds_take_no_day_is_mature():
    assert not overview.course(days(("2026-01-01", 100, 0, 0)), LAST_DAY, None)["is_mature"].any()


def test_days_without_sales_and_without_a_date_are_left_out():
    course = overview.course(days(("未知", 100, 0, 0), ("2026-11-01", 0, 0, 5), ("2026-11-02", 100, 0, 5)), LAST_DAY, 3)
    assert course["day"].tolist() == [date(2026, 11, 2)]


def test_a_show_is_worse_when_it_sold_more_than_most_and_kept_less_than_the_average():
    found = overview.sessions(
        shows(
            ("2026-10-01", "1", 20, 1000, 400, 9),  # keeps 60 of 100
            ("2026-10-02", "1", 20, 600, 60, 2),  # keeps 90
            ("2026-10-03", "2", 20, 400, 40, 1),  # keeps 90
            ("2026-10-04", "未知", 50, 900, 0, 0),  # no show
            ("2026-10-05", "2", 9, 500, 0, 0),  # too few orders
        ),
        TITLES,
        None,
    )
    assert found["receivable_fen"].tolist() == [100_000, 60_000, 40_000]
    assert found["average_fen"].unique().tolist() == [7500]  # 1,500 kept of 2,000
    assert found["is_worse"].tolist() == [True, False, False]
    assert found["missing_fen"].tolist()[0] == 15_000  # 15 of every 100, ten times
    assert found["title"].tolist()[0] == "阿满<b>"


def test_a_young_show_is_not_judged():
    found = overview.sessions(shows(("2026-11-01", "1", 20, 100, 0, 0)), TITLES, date(2026, 10, 31))
    assert found.empty


def test_the_big_quarter_is_compared_with_the_rest_only_when_there_are_enough():
    many = [(f"2026-09-{day:02d}", "1", 20, 100 * day, 50 * day if day > 6 else 0, 1) for day in range(1, 9)]
    big = overview.big_shows(overview.sessions(shows(*many), TITLES, None))
    assert (big.sessions, big.big_kept_fen, big.other_kept_fen) == (8, 5000, 10000)
    assert overview.big_shows(overview.sessions(shows(*many[:7]), TITLES, None)) is None
    assert "只剩 ¥50.00" in overview.sessions_note(big, ZH)
    assert "看不出规律" in overview.sessions_note(None, ZH)


def test_the_worst_show_is_the_one_that_lacks_most_money():
    found = overview.worse_shows(
        pd.DataFrame({"is_worse": [True, False, True], "missing_fen": [5, 99, 7], "day": ["a", "b", "c"]})
    )
    assert found["missing_fen"].tolist() == [7, 5]


def test_names_of_others_are_no_markup_in_a_chart():
    found = overview.sessions(shows(("2026-10-01", "1", 20, 1000, 400, 9)), TITLES, None)
    texts = [text for trace in figures.sessions(found, ZH).data for text in trace.text]
    assert texts
    assert all("阿满‹b›" in text for text in texts)


def test_every_100_is_cut_into_parts_that_make_100(account):
    bars = figures.of_100(account, ZH).data
    assert sum(bar.x[0] for bar in bars) == pytest.approx(100)


def test_the_parts_of_100_make_100_to_the_fen_and_agree_with_the_tile_and_the_sentence(account):
    for receivable_fen in (70_001, 77_777, 99_991, 123_457, 299_999):  # each part rounded on its own misses by a fen or two
        now = replace(account, receivable_fen=receivable_fen)
        parts = now.parts_of_100_fen
        assert sum(parts.values()) == 10_000
        assert parts["kept"] == now.per_100_fen(now.kept_fen)
        assert sum(parts[part] for part in HIDDEN) == now.per_100_fen(now.hidden_fen)
        assert all(abs(fen - now.per_100_fen(now.parts_fen[part])) <= 1 for part, fen in parts.items() if part != "kept")


def test_of_100_an_unknown_part_is_a_dash_and_the_others_make_100(account):
    parts = {**account.parts_fen, "damage": None}
    now = replace(account, parts_fen=parts, receivable_fen=77_777, hidden_fen=6_000, total_fen=26_000)
    assert now.parts_of_100_fen["damage"] is None
    assert sum(fen for fen in now.parts_of_100_fen.values() if fen is not None) == 10_000
    assert "货物资损 —" in overview.parts_of_100(now, ZH)


def test_a_day_or_show_of_which_nothing_is_known_is_not_said_to_keep_everything():
    course = overview.course(days(("2026-11-01", 100, 0, 0)).assign(total_fen=pd.array([None], "Int64")), LAST_DAY, 3)
    assert course["kept_per_100_fen"].tolist() == [None]
    one = shows(("2026-10-01", "1", 20, 1000, 0, 9)).assign(total_fen=pd.array([None], "Int64"))
    assert overview.sessions(one, TITLES, None).empty


def test_a_step_of_the_profit_that_nobody_knows_is_a_dash_and_one_of_nothing_is_left_out():
    costs = dict.fromkeys((f"{name}_fen" for name in overview.PROFIT_COSTS), 0)
    found = {**costs, "receivable_fen": 10_000, "goods_fen": pd.NA, "fees_fen": 500, "profit_fen": 9_500}
    steps = overview.profit_steps(found, ZH)
    assert steps.iloc[:, 1].tolist() == ["100.00", "-5.00", "—", "95.00"]


def test_a_profit_that_nobody_knows_is_a_dash():
    found = {"receivable_fen": 10_000, "profit_fen": pd.NA, "assumed_fen": 0, "unknown_orders": 3}
    said = overview.profit_note(found, ZH)
    assert "利润 **—**，每卖 ¥100 赚 —" in said
    assert "有 3 单缺成本" in said
