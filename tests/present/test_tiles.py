"""The four figures at the top: value, change, direction, course, and what they say about themselves."""

from __future__ import annotations

import pandas as pd

from analytics.present.labels import Words
from analytics.present.tiles import loss_tiles

ZH = Words("zh")


def by_day(total):
    first = total.assign(day="2026-11-01", receivable_fen=60_000, sales_fen=6_000, refunds=4)
    second = total.assign(day="2026-11-02", receivable_fen=40_000, sales_fen=14_000, refunds=0)
    return pd.concat([second, first])


def test_the_four_figures_in_words(account, total):
    tiles = loss_tiles(account, None, by_day(total), ZH)
    assert [(tile.label, tile.value) for tile in tiles] == [
        ("退款率", "20.0%"),
        ("隐性损失", "¥100.00"),
        ("每退一单亏", "¥30.00"),
        ("每卖¥100花掉", "¥10.00"),
    ]


def test_changes_are_points_for_a_rate_and_percent_for_money(account, total):
    before = total.assign(sales_fen=18_000, hidden_fen=12_500, total_fen=30_000)
    rate, hidden, loss, _ = loss_tiles(account, before, by_day(total), ZH)
    assert (rate.change, rate.direction) == ("+2.0 个百分点", 1)
    assert (hidden.change, hidden.direction) == ("-20.0%", -1)
    assert loss.direction == 0


def test_without_a_period_before_there_is_no_change(account, total):
    assert {tile.direction for tile in loss_tiles(account, None, by_day(total), ZH)} == {None}


def test_the_course_follows_the_days_and_leaves_out_days_with_nothing_to_divide_by(account, total):
    rate, hidden, loss, _ = loss_tiles(account, None, by_day(total), ZH)
    assert rate.course == (0.1, 0.35)
    assert hidden.course == (100, 100)
    assert len(loss.course) == 1


def test_each_figure_says_how_it_is_worked_out_and_what_it_rests_on(account, total):
    rate, hidden, loss, _ = loss_tiles(account, None, by_day(total), ZH)
    assert rate.explanation.endswith("来源：实测 100.0%")
    assert hidden.explanation.endswith("来源：实测 25.0% · 设定 15.0% · 假设 60.0%")
    assert "共 10 单" in loss.explanation
