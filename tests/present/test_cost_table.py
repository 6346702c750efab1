"""The cost settings in the reader's shape: what holds today, the course over time with its gaps, and the timeline drawn of it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import pytest

from analytics.domain.costs import COST_NAMES
from analytics.present import cost_table
from analytics.present.figures.timeline import timeline
from analytics.present.labels import Words
from analytics.present.titles import Titles

TODAY = date(2026, 11, 20)
DAYS = (date(2026, 10, 1), date(2026, 11, 21))
WORDS = Words("zh")
TITLES = Titles(WORDS, {"product": {"P1": "连衣裙", "P2": "<b>外套</b>"}})
NOTHING_ASSUMED = pd.DataFrame({"name": [], "component": [], "assumed_fen": [], "case_count": []})


def listed(*own: tuple) -> pd.DataFrame:
    """A `cost_list` answer: every starter assumption, then own rows (name, scope, from, to, value), all of load 7."""
    starters = [
        (None, cost.name, "", None, None, cost.starter_value, "assumed", None)
        for cost in COST_NAMES.values()
        if cost.starter_value is not None
    ]
    mine = [("甲店", *row, "off" if row[4] is None else "set", 7) for row in own]
    names = ["shop", "name", "scope", "effective_from", "effective_to", "value", "source", "load_id"]
    return pd.DataFrame(starters + mine, columns=names).astype({"value": "Int64", "load_id": "Int64"})


def row_of(table: pd.DataFrame, name: str, scope: str = "") -> dict:
    (row,) = table[(table["name"] == name) & (table["scope_key"] == scope)].to_dict("records")
    return row


def table_of(frame: pd.DataFrame, **more) -> pd.DataFrame:
    return cost_table.settings_table(frame, NOTHING_ASSUMED, TODAY, TITLES, WORDS, **more)


def course_of(frame: pd.DataFrame, title: str, group: str) -> cost_table.Course:
    (course,) = (course for course in cost_table.courses(frame, DAYS, TITLES, WORDS, group=group) if course.title == title)
    return course


def test_every_setting_stands_in_exactly_one_group():
    assert sorted(name for names in cost_table.GROUPS.values() for name in names) == sorted(COST_NAMES)
    assert set(cost_table.COMPONENT_OF_GROUP) == set(cost_table.GROUPS)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("return_freight", 600, "¥6.00"),
        ("damage_rate_returned", 200_000, "20%"),
        ("minutes_returned", 250, "2.5 分钟"),
        ("packing", None, "—"),
        (cost_table.PRODUCT, 1120, "¥11.20"),
    ],
)
def test_a_value_carries_its_unit(name, value, shown):
    assert cost_table.shown_value(name, value, WORDS) == shown


def test_where_nothing_is_set_the_starter_assumption_stands_under_its_name():
    row = row_of(table_of(listed()), "return_freight")
    assert (row["value"], row["since"], row["source"]) == ("¥8.00", "一直如此", "起步假设，非行业数据")
    assert row_of(table_of(listed()), "acquisition_per_order")["value"] == "—"


def test_what_holds_today_is_neither_what_held_before_nor_what_comes():
    own = listed(
        ("return_freight", "", date(2026, 10, 5), date(2026, 11, 1), 700),
        ("return_freight", "", date(2026, 11, 1), date(2026, 12, 1), 650),
        ("return_freight", "", date(2026, 12, 1), None, 600),
    )
    row = row_of(table_of(own), "return_freight")
    assert (row["value"], row["since"], row["source"]) == ("¥6.50", "2026-11-01", "设定")
    assert row["next"] == "2026-12-01 起：¥6.00（设定）"


def test_a_narrower_scope_has_a_row_of_its_own_with_the_products_name():
    own = listed(("packing", "product:P1", None, None, 90), ("packing", "province:新疆", date(2026, 12, 1), None, 80))
    table = table_of(own, group="sending")
    assert row_of(table, "packing", "product:P1")["scope"] == "商品：连衣裙"
    ahead = row_of(table, "packing", "province:新疆")
    assert (ahead["value"], ahead["source"]) == ("—", "跟着更大的范围")
    assert set(table["group"]) == {"发货"}


def test_a_switched_off_setting_has_no_value_and_says_so():
    row = row_of(table_of(listed(("goods_cost_rate", "", None, None, None))), "goods_cost_rate")
    assert (row["value"], row["source"]) == ("—", "已关闭，未知")


def test_the_course_is_assumed_before_the_first_day_then_set_then_a_gap():
    own = listed(
        ("return_freight", "", date(2026, 10, 11), date(2026, 11, 1), 700),
        ("return_freight", "", date(2026, 11, 1), date(2026, 11, 11), None),
        ("return_freight", "", date(2026, 11, 11), None, 600),
    )
    course = course_of(own, "退货运费", "returning")
    assert [(stretch.first_day, stretch.end_day, stretch.text, stretch.source) for stretch in course.stretches] == [
        (date(2026, 10, 1), date(2026, 10, 11), "¥8.00", "assumed"),
        (date(2026, 10, 11), date(2026, 11, 1), "¥7.00", "set"),
        (date(2026, 11, 1), date(2026, 11, 11), "没有值", "off"),
        (date(2026, 11, 11), date(2026, 11, 21), "¥6.00", "set"),
    ]
    (gap,) = cost_table.gaps(own, DAYS, TITLES, WORDS)
    assert "退货运费（全店），2026-11-01 起、2026-11-11 前" in gap


@pytest.mark.parametrize("first_days", [(), (3,), (0, 5), (2, 9, 30), (1, 2, 3, 50)])
def test_no_day_of_a_whole_shop_setting_is_left_out_or_told_twice(first_days):
    days = [date(2026, 9, 25) + timedelta(days=day) for day in first_days]
    ends = [*days[1:], None][: len(days)]
    own = listed(*(("packing", "", day, end, 10 * place) for place, (day, end) in enumerate(zip(days, ends, strict=True))))
    stretches = course_of(own, "包装", "sending").stretches
    assert (stretches[0].first_day, stretches[-1].end_day) == DAYS
    assert all(left.end_day == right.first_day for left, right in pairwise(stretches))


def test_acquisition_per_order_switched_off_is_no_gap_for_the_share_takes_its_place():
    own = listed(("acquisition_per_order", "", None, None, None))
    assert cost_table.gaps(own, DAYS, TITLES, WORDS) == []
    assert row_of(table_of(own), "acquisition_per_order")["source"] == "未设，按比例算"


def test_with_all_groups_only_what_the_shop_touched_is_drawn():
    own = listed(("packing", "product:P1", None, None, 90))
    assert [course.title for course in cost_table.courses(own, DAYS, TITLES, WORDS)] == ["包装", "└ 商品：连衣裙"]
    assert len(cost_table.courses(listed(), DAYS, TITLES, WORDS)) == len(COST_NAMES)


def goods_of(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["product_id", "uncosted_count", "uncosted_fen"])


def costs_of(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["product_id", "sku", "effective_from", "effective_to", "unit_cost_fen"])


def test_before_its_first_cost_and_without_any_a_product_is_estimated_by_the_share():
    lines = cost_table.product_courses(
        costs_of(("P1", "", date(2026, 10, 11), None, 1120)),
        goods_of(("P2", 3, 900), ("P1", 0, 0)),
        listed(),
        DAYS,
        TITLES,
        WORDS,
    )
    assert [(course.title, [(stretch.text, stretch.source) for stretch in course.stretches]) for course in lines] == [
        ("<b>外套</b>", [("按实付的 40%", "assumed")]),
        ("连衣裙", [("按实付的 40%", "assumed"), ("¥11.20", "actual")]),
    ]


def test_a_product_has_a_gap_where_the_share_is_switched_off_too():
    own = listed(("goods_cost_rate", "", None, None, None))
    (line,) = cost_table.product_courses(costs_of(), goods_of(("P1", 1, 1)), own, DAYS, TITLES, WORDS)
    assert [(stretch.text, stretch.source) for stretch in line.stretches] == [("没有值", "off")]


def test_the_table_of_products_shows_todays_cost():
    costs = costs_of(("P1", "", None, date(2026, 11, 1), 1000), ("P1", "", date(2026, 11, 1), None, 1100))
    (row,) = cost_table.products_table(costs, TODAY, TITLES, WORDS).to_dict("records")
    assert (row["product"], row["unit_cost_fen"], row["since"]) == ("连衣裙", 1100, "2026-11-01")


def bars_of(*own: tuple, group: str) -> list[dict]:
    figure = timeline(cost_table.courses(listed(*own), DAYS, TITLES, WORDS, group=group), TODAY, WORDS)
    return [bar.to_plotly_json() for bar in figure.data]


def test_the_timeline_hatches_assumptions_and_crosses_gaps_out():
    bars = bars_of(
        ("goods_cost_rate", "", date(2026, 10, 21), date(2026, 11, 10), 300_000),
        ("goods_cost_rate", "", date(2026, 11, 10), None, None),
        group="goods",
    )
    mine = [bar for bar in bars if bar["y"][0] == 0]
    assert [bar["customdata"][0] for bar in mine] == ["assumed", "set", "off"]
    assert [bar["marker"].get("pattern", {}).get("shape") for bar in mine] == ["/", None, "x"]
    assert [bar["text"][0] for bar in mine] == ["40%", "30%", "没有值"]


def test_the_bars_of_the_timeline_lie_on_their_days():
    assumed, own = (bar for bar in bars_of(("packing", "", date(2026, 10, 11), None, 90), group="sending") if bar["y"][0] == 1)
    assert (assumed["base"][0], assumed["x"][0]) == ("2026-10-01", 10 * 86_400_000)
    assert (own["base"][0], own["x"][0]) == ("2026-10-11", 41 * 86_400_000)


def test_names_of_products_are_no_markup_in_the_timeline():
    figure = timeline(cost_table.courses(listed(("packing", "product:P2", None, None, 9)), DAYS, TITLES, WORDS), TODAY, WORDS)
    drawn = [note.text for note in figure.layout.annotations] + [bar.hovertemplate for bar in figure.data]
    assert not any("<b>外套" in text for text in drawn)
    assert any("‹b›外套" in text for text in drawn)
