"""Maturity on the pages: below every figure what it will be, charts with what is to come, complete days only, said before."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from analytics.actions import account, maturity, maturity_listing
from analytics.domain.loads import Actor
from analytics.present import numbers
from analytics.ui import maturity_facts, opening

ASKER = Actor("测试")


@pytest.fixture(scope="module")
def warehouse(sample_home):
    return opening.of(sample_home).warehouse


@pytest.fixture(scope="module")
def outlook(warehouse):
    return maturity.outlook(warehouse, actor=ASKER)


def captions(page) -> list[str]:
    return [caption.value for caption in page.caption]


def figures_of(page) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]


def beside(warehouse, outlook, days: int) -> dict:
    filters = account.Filters(first_day=outlook.as_of - timedelta(days=days - 1), last_day=outlook.as_of)
    answer = account.losses(warehouse, (), filters, actor=ASKER)
    return maturity_listing.beside_losses(warehouse, answer, (), filters, actor=ASKER)["total"]


@pytest.mark.parametrize("page", ["overview", "losses"])
def test_below_the_rates_stands_what_the_command_says_they_will_be(show, warehouse, outlook, page):
    told = beside(warehouse, outlook, 30)["refund_rate"]
    final, low, high = (numbers.rate(told[end]) for end in ("final", "low", "high"))
    drawn = show(page=page)
    assert not drawn.exception
    assert f"预计最终 {final}（{low}\u00a0–\u00a0{high}）" in captions(drawn)
    rate = next(metric for metric in drawn.metric if metric.label.startswith("退款率"))
    assert rate.value == numbers.rate(told["so_far"])


def test_under_the_title_stands_what_the_period_still_costs(show, warehouse, outlook):
    total = beside(warehouse, outlook, 30)["total_rate"]
    kept = numbers.money_exact(10_000 - round(total["final"] * 10_000))
    assert any("退款来得晚" in text.value and kept.lstrip("¥") in text.value.replace("\\", "") for text in show().markdown)


def test_in_english_too(show):
    page = show("en", page="losses", lang="en")
    assert not page.exception
    assert any(text.startswith("Expected in the end") for text in captions(page))
    assert "What is still to come" in [heading.value for heading in page.subheader]


@pytest.mark.parametrize("page", ["overview", "losses"])
def test_by_refund_date_nothing_is_to_come(show, page):
    drawn = show(page=page, clock="refunded")
    assert not drawn.exception
    assert not any("预计最终" in text and "（" in text[:20] for text in captions(drawn))
    assert "还会退多少" not in [heading.value for heading in drawn.subheader]


def test_the_table_says_where_each_group_ends_within_its_range(show):
    page = show(page="losses")
    groups = next(frame.value for frame in page.dataframe if "rate_final" in frame.value.columns)
    assert (groups["rate_low"] <= groups["rate_final"]).all()
    assert (groups["rate_final"] <= groups["rate_high"]).all()
    assert (groups["refund_rate"] <= groups["rate_final"] + 1e-9).all()


def test_by_reason_rates_are_of_all_that_was_sold(show, outlook):
    page = show(page="losses", by="reason")
    groups = next(frame.value for frame in page.dataframe if "rate_final" in frame.value.columns)
    assert "refund_rate" not in groups.columns
    reasons = groups.iloc[1:]
    assert reasons["rate_so_far"].sum() == pytest.approx(groups.iloc[0]["rate_so_far"], rel=1e-6)
    assert reasons["rate_so_far"].max() < 20


def test_charts_stack_what_is_still_expected_on_young_bars(show):
    bars = [trace for figure in figures_of(show(page="losses")) for trace in figure["data"] if trace.get("name") == "预计还会花"]
    assert len(bars) == 1
    assert sum(bars[0]["y"]) > 0


def test_only_complete_days_count_back_from_the_last_of_them(show, outlook):
    page = show(complete="1")
    assert not page.exception
    chip = next(button for button in page.button if button.label.startswith("只看来齐的日子"))
    assert outlook.last_complete_day.isoformat() in chip.label
    assert not any("退款来得晚" in text.value for text in page.markdown)
    assert "已经来齐" in captions(page)
    chip.click().run()
    assert "complete" not in page.query_params
    assert any("退款来得晚" in text.value for text in page.markdown)


def test_complete_days_of_all_time_end_with_the_last_of_them(show, warehouse, outlook):
    page = show(page="losses", complete="1", period="all")
    filters = account.Filters(last_day=outlook.last_complete_day)
    total = account.losses(warehouse, (), filters, actor=ASKER)["total"]
    shown = next(metric for metric in page.metric if metric.label == "损失合计")
    assert shown.value == numbers.money(total["total_fen"])


def test_the_details_say_how_good_forecasts_were_and_what_was_said_before(show):
    page = show(page="losses")
    page.session_state["maturity.details"] = True
    page.run()
    assert not page.exception
    assert any("次预测，平均差" in text for text in captions(page))
    assert any(heading.value.startswith("14 天前会说") for heading in page.subheader)
    tests = next(frame.value for frame in page.dataframe if "coverage" in frame.value.columns)
    assert list(tests["age"]) == [1, 3, 7, 14]
    assert (tests["mean_error"] < tests["raw_error"]).all()


@pytest.mark.parametrize(("why_not", "said"), [("short", "历史不到 35 天"), ("undated", "没有完结时间")])
def test_where_nothing_can_be_foretold_the_pages_say_why(show, monkeypatch, why_not, said):
    known = maturity_facts.outlook
    monkeypatch.setattr(maturity_facts, "outlook", lambda shops: replace(known(shops), why_not=why_not))
    for page in ("overview", "losses"):
        drawn = show(page=page)
        assert not drawn.exception
        assert any(said in text.value for text in drawn.markdown)
        assert not any(text.startswith("预计最终 ") for text in captions(drawn))


def test_a_short_history_names_its_horizon(show, monkeypatch, warehouse):
    first_day = maturity.outlook(warehouse, actor=ASKER).first_day
    short = maturity.outlook(warehouse, actor=ASKER, as_of=first_day + timedelta(days=50))
    monkeypatch.setattr(maturity_facts, "outlook", lambda shops: short)
    page = show(page="losses", period="custom", **{"from": str(first_day + timedelta(days=20)), "to": str(short.as_of)})
    assert not page.exception
    assert any(text.startswith("15 天内预计退") for text in captions(page))
