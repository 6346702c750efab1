"""假设测算, the scenario: the account without levers, what turning one does, seeking, saving, replaying, and nonsense."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from analytics.actions import account, maturity, sample, scenarios
from analytics.actions import what_if as deeds
from analytics.domain.loads import Actor
from analytics.ui import opening

DESK = Actor("测试")


@pytest.fixture(autouse=True)
def results(monkeypatch):
    """The tools' results, as if they had been worked out: one tool with an estimate, the others without."""
    known = {"small_payment": deeds.Estimate(-0.06, -0.08, -0.04, "B")}
    monkeypatch.setattr(deeds, "estimates_kept", lambda *_, **__: known)


@pytest.fixture
def plan(show):
    """Draw the scenario of all days with levers as they stand in the address."""

    def run(*levers: str, locale: str = "zh-CN", **query: str):
        return show(locale, "what_if", **{"period": "all", **query}, **({"lever": list(levers)} if levers else {}))

    return run


@pytest.fixture
def warehouse(sample_home):
    return opening.of(sample_home).warehouse


def bars(page, key):
    chart = next(each for each in page.get("plotly_chart") if key in each.proto.id)
    traces = [trace for trace in json.loads(chart.proto.spec)["data"] if trace["type"] == "bar"]
    return [(name, round(x * 100)) for trace in traces for name, x in zip(trace["y"], trace["x"], strict=True)]


def said(page) -> str:
    texts = [*page.title, *page.markdown, *page.caption, *page.info, *page.warning, *page.error]
    return " ".join(each.value for each in texts).replace("\\", "")


def in_address(page) -> list[str]:
    found = page.query_params.get("lever", [])
    return [found] if isinstance(found, str) else found


def figure(page, name):
    table = page.dataframe[0].value
    return table[table["figure"] == name].iloc[0]


def test_without_levers_the_page_shows_the_account_itself(plan, warehouse):
    page = plan()
    assert not page.exception
    total = account.losses(warehouse, (), account.Filters(shops=(sample.SAMPLE_SHOP,)), actor=DESK)["total"]
    row = figure(page, "退款总损失")
    assert round(row["baseline"] * 100) == round(row["scenario"] * 100) == total["total_fen"]
    assert "改一项看看" in page.title[0].value
    assert "示例" in said(page)
    assert len(page.metric) == 4


def test_a_slider_that_is_released_redraws_the_figures_and_stands_in_the_address(plan):
    page = plan()
    before = figure(page, "退换物流费")["scenario"]
    page.slider(key="what_if.slide.outbound_freight").set_value(1.0).run()
    assert not page.exception
    assert in_address(page) == ["outbound_freight=1.00"]
    row = figure(page, "退换物流费")
    assert (row["baseline"], row["scenario"] < before) == (before, True)
    assert "利润多" in page.title[0].value
    page.button(key="what_if.back.outbound_freight").click().run()
    assert in_address(page) == []


def test_the_steps_of_the_waterfall_add_up_to_its_last_bar(plan):
    page = plan("return_freight=2.00", "refund_rate[stage=before_shipment]=x0.8", "goods_cost=x0.9", "insurance=off")
    *steps, whole = bars(page, "what_if.steps")
    assert len(steps) == 5
    assert sum(fen for _, fen in steps) == whole[1]
    row = figure(page, "利润")
    assert whole[1] == round(row["change"] * 100)


def test_a_lever_with_an_estimate_says_its_grade_and_one_without_that_it_is_an_assumption(plan):
    page = plan("uptake[small_payment]=30%", "ship_hours=12")
    table = page.dataframe[1].value
    assert list(table["rests_on"])[:2] == ["靠工具的效果估计（B 级）", "靠假设：别的都不变"]
    assert "B 级证据" in said(page)
    assert page.slider(key="what_if.slide.effect[urge_ship]").value == 0


def test_an_effect_is_assumed_with_a_slider_of_its_own(plan):
    page = plan("ship_hours=1")
    page.slider(key="what_if.slide.effect[others]").set_value(-5.0).run()
    assert "effect[others]=-5%" in in_address(page)


def test_dropping_a_streamer_takes_its_orders_along(plan, warehouse):
    sold = account.losses(warehouse, ("streamer",), account.Filters(shops=(sample.SAMPLE_SHOP,)), actor=DESK)["rows"]
    row = sold[sold["streamer"] != "未知"].iloc[0]
    page = plan(f"drop_streamer={row['streamer']}")
    assert round(figure(page, "退款总损失")["change"] * 100) == -row["total_fen"]


def test_the_break_evens_are_sentences_with_the_streamers_names(plan):
    assert "退款率高于" in said(plan())
    assert "loses money above a refund rate of" in said(plan(locale="en-GB"))


def test_a_goal_is_sought_for_one_streamer_and_checked(plan, warehouse):
    sold = account.losses(warehouse, ("streamer",), account.Filters(shops=(sample.SAMPLE_SHOP,)), actor=DESK)["rows"]
    page = plan()
    page.selectbox(key="what_if.seek.who").select(sold[sold["streamer"] != "未知"].iloc[0]["streamer"])
    page.button(key="FormSubmitter:what_if.seek-算一算").click().run()
    assert not page.exception
    assert "已按它重算核对过" in said(page) or "到不了" in said(page)


def test_a_scenario_is_saved_compared_and_forgotten(plan, warehouse):
    for name, lever in (("便宜快递", "return_freight=2.00"), ("少退货", "refund_rate[stage=returned]=x0.9")):
        page = plan(lever)
        page.text_input(key="what_if.name").set_value(name)
        page.button(key="FormSubmitter:what_if.save-保存").click().run()
        assert not page.exception
    assert "按现在的数据还是" in said(page)
    assert len(bars(page, "what_if.compared")) == 6
    page.button(key="what_if.open.便宜快递").click().run()
    assert in_address(page) == ["return_freight=2.00"]
    for name in ("便宜快递", "少退货"):
        page.button(key=f"what_if.forget.{name}").click().run()
    assert scenarios.list_scenarios(warehouse, actor=DESK) == []


def test_nonsense_in_the_address_is_forgotten_or_said(plan):
    page = plan("nothing=3", "return_freight=six", "return_freight=4.00")
    assert not page.exception
    assert in_address(page) == ["return_freight=4.00"]
    page = plan("drop_streamer=nobody", "refund_rate[stage=kept,reason=天外来客]=5%")
    assert not page.exception
    assert "处用不上" in said(page)
    assert "没有达人「nobody」" in said(page)
    assert "没有售后原因「天外来客」" in said(page)
    page.button(key="what_if.mend").click().run()
    assert in_address(page) == []


def test_young_days_say_what_is_still_to_come_and_old_ones_nothing(show, warehouse):
    drawn = said(show(page="what_if", tab="scenario"))
    assert "退款来得晚" in drawn
    found = re.search(r"退款率到现在 ([\d.]+)%，预计最终 ([\d.]+)%（([\d.]+)%\s–\s([\d.]+)%）", drawn)
    so_far, final, low, high = map(float, found.groups())
    assert so_far < low <= final <= high
    outlook = maturity.outlook(warehouse, actor=DESK)
    old = {"from": str(outlook.last_complete_day - timedelta(days=20)), "to": str(outlook.last_complete_day)}
    assert "退款来得晚" not in said(show(page="what_if", tab="scenario", period="custom", **old))


def test_without_orders_the_page_says_what_mends_it(empty_home, show, monkeypatch):
    monkeypatch.setenv("REFUND_LEDGER_HOME", str(empty_home))
    page = show(page="what_if", tab="scenario")
    assert not page.exception
    assert "还没有订单" in page.title[0].value
    assert page.info


def test_costs_typed_for_one_order_become_levers(show):
    page = show(page="what_if", tab="one_order", period="all", return_freight="3.00", goods_cost="25.00", price="99.00")
    page.button(key="what_if.use").click().run()
    assert not page.exception
    assert in_address(page) == ["return_freight=3.00"]
    assert len(page.metric) == 4


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_every_lever_at_once_is_drawn_in_both_languages(plan, locale):
    turned = (
        *("return_freight=2..3..9", "outbound_freight[scope=province:广东]=2.00", "hourly_wage=x0.9", "price_cut_below=30%"),
        *("refund_rate[stage=returned]=5%", "later_refund_rate=30%", "ship_hours=20", "uptake[coupon]=40%", "effect[coupon]=-2%"),
        *("ad_spend=x0.8", "goods_cost=x0.95", "handling_minutes=x0.5", "insurance=on", "freight_insurance=0.80"),
    )
    page = plan(*turned, locale=locale)
    assert not page.exception
    assert not page.error, [each.value for each in page.error]
    assert len(in_address(page)) == len(turned)
