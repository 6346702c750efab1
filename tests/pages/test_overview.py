"""The overview on the sample shop: its sentence, its four figures, its chart, its statement, in both languages."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime

import pytest

from analytics.actions import people
from analytics.domain.loads import Actor
from analytics.present import numbers
from analytics.ui import downloads, maturity_facts, opening

CHINESE = re.compile(r"[\u3400-\u9fff]")


def texts_of(page) -> list[str]:
    """What the program itself says: names of products and streamers are data, in whatever language the shop has."""
    plain = [*page.title, *page.subheader, *page.caption, *page.metric, *page.selectbox, *page.button, *page.markdown]
    texts = [getattr(element, "label", None) or element.value for element in plain] + [element.value for element in page.metric]
    texts += [option for box in page.selectbox for option in box.options]
    texts += [str(cell) for cell in statement_of(page).to_numpy().ravel()]
    return [str(text) for text in texts]


def statement_of(page):
    """The account by month: the last table of the page."""
    return page.dataframe[-1].value


def figures_of(page) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]


def test_the_title_answers_the_question_with_numbers(show):
    page = show()
    assert not page.exception
    assert re.fullmatch(
        r"近30天卖出 ¥[\d.,]+万?，退款拿走 ¥[\d.,]+万?，背后又花掉 ¥[\d.,]+万?：每卖 ¥100 剩 ¥\d+\.\d\d", page.title[0].value
    )


def test_by_payment_date_the_period_before_is_compared_as_it_stood_at_the_same_age(show):
    page = show()
    assert all(metric.delta for metric in page.metric)
    assert all(metric.proto.delta_description == "较上期同龄" for metric in page.metric)
    assert any("同样年龄时" in caption.value for caption in page.caption)


def test_nothing_is_compared_when_nothing_is_wanted_or_the_data_does_not_reach_back(show):
    assert not any(metric.delta for metric in show(compare="none").metric)
    assert not any(metric.delta for metric in show(compare="last_year").metric)


def test_there_are_four_figures_each_with_its_change_and_its_formula(show):
    page = show(clock="refunded")
    assert [metric.label for metric in page.metric] == ["退款率", "隐性损失", "每退一单亏", "每卖¥100花掉"]
    assert all("÷" in metric.proto.help or "+" in metric.proto.help for metric in page.metric)
    assert all(metric.delta for metric in page.metric)
    assert all(metric.proto.delta_description == "较上期" for metric in page.metric)


def test_the_waterfall_ends_in_what_the_title_says_is_kept(show):
    page = show()
    waterfall = figures_of(page)[0]
    span = {bar["customdata"][0]: bar["base"][0] + bar["x"][0] for bar in waterfall["data"] if bar["type"] == "bar"}
    kept_per_100 = float(re.search(r"剩 ¥([\d.]+)", page.title[0].value)[1])
    assert 100 * span["kept"] / span["receivable"] == pytest.approx(kept_per_100, abs=0.006)


def test_the_statement_adds_up_month_by_month(show):
    table = statement_of(show())
    months = [column for column in table.columns if re.fullmatch(r"\d{4}年\d+月", column)]
    assert len(months) >= 4
    fen = table[[*months, "合计"]].apply(lambda column: [round(float(text.replace(",", "")) * 100) for text in column])
    assert (fen[months].sum(axis=1) == fen["合计"]).all()
    receivable, sales, *hidden_parts = (fen["合计"].iloc[row] for row in range(6))
    hidden, total, kept = (fen["合计"].iloc[row] for row in (6, 7, 8))
    assert hidden == sum(hidden_parts)
    assert total == sales + hidden
    assert kept == receivable - total


def test_the_page_says_until_when_the_data_goes_and_what_is_assumed(show):
    captions = " ".join(caption.value for caption in show().caption)
    assert re.search(r"数据截至 \d{4}-\d\d-\d\d · 起步假设占 \d+\.\d%", captions)


def test_a_sample_shop_is_watermarked_on_the_page_and_in_the_charts(show):
    page = show()
    assert "示例数据" in json.dumps([figure["layout"].get("annotations") for figure in figures_of(page)], ensure_ascii=False)
    assert any("示例店" in caption.value for caption in page.caption)


def test_an_english_browser_gets_an_english_page_without_a_chinese_word(show):
    page = show("en-GB")
    assert page.title[0].value.startswith("Last 30 days: ¥")
    assert not [text for text in texts_of(page) if CHINESE.search(text)]


def test_a_chinese_page_has_no_english_words(show):
    texts = [re.sub(r":[\w/]+(?:-badge)?(?:\[|:)", "", text) for text in texts_of(show())]  # icons and colours
    found = {word for text in texts for word in re.findall(r"[A-Za-z]{2,}", text)}
    assert found <= {"CSV", "XLSX"}


def test_the_language_in_the_url_wins_over_the_browsers(show):
    assert show("en-GB", lang="zh").title[0].value.startswith("近30天")
    assert show("zh-CN", lang="en").title[0].value.startswith("Last 30 days")


def test_the_switch_changes_the_language_and_the_url(show):
    page = show()
    page.segmented_control(key="lang").set_value("en").run()
    assert page.title[0].value.startswith("Last 30 days")
    assert page.query_params["lang"] in ("en", ["en"])


def test_filters_come_from_the_url_and_survive_a_change_of_language(show):
    page = show(period="d90", clock="refunded")
    assert page.title[0].value.startswith("近90天")
    assert page.selectbox(key="clock").value == "refunded"
    page.segmented_control(key="lang").set_value("en").run()
    assert page.title[0].value.startswith("Last 90 days")


def test_an_unknown_filter_in_the_url_falls_back_to_the_default(show):
    page = show(period="d31", lang="xx", clock="'; drop table orders; --")
    assert not page.exception
    assert page.selectbox(key="period").value == "d30"
    assert "period" not in page.query_params


def test_choosing_a_period_writes_it_into_the_url_and_the_default_leaves_it(show):
    page = show()
    page.selectbox(key="period").select("all").run()
    assert page.query_params["period"] in ("all", ["all"])
    page.selectbox(key="period").select("d30").run()
    assert "period" not in page.query_params


def test_both_clocks_agree_over_all_time(show):
    paid, refunded = (statement_of(show(clock=clock))["合计"].iloc[7] for clock in ("paid", "refunded"))
    assert paid == refunded


@pytest.mark.parametrize("clock", ["paid", "refunded"])
def test_all_time_is_the_sum_of_the_statement_with_what_has_no_day_of_sales(show, clock):
    page = show(period="all", clock=clock)
    sums = [round(float(text.replace(",", "")) * 100) for text in statement_of(page)["合计"]]
    sold, sales, hidden, kept = (numbers.money(sums[row]) for row in (0, 1, 6, 8))
    assert page.title[0].value.startswith(f"全部时间卖出 {sold}，退款拿走 {sales}，背后又花掉 {hidden}")
    assert any(kept in text for figure in figures_of(page)[:1] for trace in figure["data"] for text in trace.get("text") or [])


def test_a_download_names_the_days_and_the_clock_of_its_own_rows(show, monkeypatch):
    told = {}
    monkeypatch.setattr(downloads, "buttons", lambda *_, key, described, **__: told.update({key: described}))
    assert not show(period="d90", clock="refunded").exception
    assert told["overview.statement"]["时间"] == "全部时间"  # whatever period is chosen above
    assert told["overview.statement"]["口径"] == "按退款日"
    assert told["overview.worse"]["口径"] == "按支付日"  # shows are always by payment date
    assert "–" in told["overview.worse"]["时间"]


def test_a_click_on_a_cause_looks_at_it_alone_with_a_chip_that_takes_it_back(show):
    page = show(product="22000000000803")
    alone = page.title[0].value
    assert alone != show().title[0].value
    chip = next(button for button in page.button if button.label.startswith("商品："))
    chip.click().run()
    assert "product" not in page.query_params
    assert page.title[0].value == show().title[0].value


def test_reset_forgets_every_filter_and_keeps_the_language(show):
    page = show("zh-CN", lang="en", period="d7", product="22000000000803", clock="refunded")
    page.button(key="reset").click().run()
    assert dict(page.query_params) in ({"lang": ["en"]}, {"lang": "en"})


def test_a_custom_period_stands_in_the_link(show):
    page = show(period="custom", **{"from": "2026-10-01", "to": "2026-10-03"})
    first, last = page.date_input(key="days").value
    assert page.title[0].value.startswith(f"{first:%m-%d} 至 {last:%m-%d}")
    page = show(period="custom", **{"from": "2026-10-03", "to": "2026-10-03"})
    assert page.title[0].value.startswith(f"{page.date_input(key='days').value[0]:%m-%d} 卖出")


def test_a_period_that_makes_no_sense_is_put_right(show):
    page = show(period="custom", **{"from": "zzz", "to": "1999-01-01"})
    assert not page.exception
    assert not page.error
    first, last = page.date_input(key="days").value
    assert first <= last


def test_profit_is_told_for_whole_shops_only(show):
    assert any(re.search(r"利润 \*\*-?¥", text.value) for text in show().markdown)
    assert any("去掉筛选" in caption.value for caption in show(product="22000000000803").caption)


def test_the_profit_steps_add_up(show):
    tables = [frame.value for frame in show().dataframe]
    steps = next(table for table in tables if "金额（元）" in table.columns and len(table.columns) == 2)
    fen = [round(float(text.replace(",", "")) * 100) for text in steps["金额（元）"]]
    assert sum(fen[:-1]) == fen[-1]


def test_the_young_days_are_marked_in_the_course(show):
    notes = [note["text"] for figure in figures_of(show(period="d90")) for note in figure["layout"].get("annotations", [])]
    assert "未成熟" in notes


def test_no_show_is_judged_while_nobody_knows_how_long_refunds_take(show, monkeypatch):
    heading = "卖得更多，剩得更少的场次"
    assert heading in [text.value for text in show(period="d90").subheader]
    known = maturity_facts.outlook
    monkeypatch.setattr(maturity_facts, "outlook", lambda shops: replace(known(shops), why_not="short"))
    page = show(period="d90")
    assert not page.exception
    assert heading not in [text.value for text in page.subheader]


def test_a_filter_goes_along_to_another_page_and_back(show):
    page = show(period="d7")
    page.switch_page("../../pages/losses.py").run()
    assert page.query_params["period"] in ("d7", ["d7"])
    page.switch_page("../../pages/overview.py").run()
    assert page.title[0].value.startswith("近7天")


def test_the_only_one_who_works_here_need_not_say_the_name_again(show, sample_home):
    held = opening.of(sample_home).warehouse
    people.introduce(held, "小美", actor=Actor("本机"), now=datetime(2026, 11, 16, 9, 0))
    page = show()
    assert page.selectbox(key="person.chosen").options == ["小美"]
    assert page.session_state["person"] == "小美"
