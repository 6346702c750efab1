"""损失拆解 on the sample shop: its sentence against its table, its switches, its cases, and the platform's figure."""

from __future__ import annotations

import json
import re

import pytest

from analytics.actions import account
from analytics.domain.loads import Actor
from analytics.present import case_account, numbers
from analytics.present.labels import Words
from analytics.present.titles import Titles
from analytics.store import questions
from analytics.ui import opening

CHINESE = re.compile(r"[\u3400-\u9fff]")
PARTS = ["退款（显性损失）", "拉新营销费", "退换物流费", "退款处理费", "货物资损"]
ASKER = Actor("测试")


def title_of(page) -> str:
    return page.title[0].value.replace("\\", "")


def table_of(page, first_column: str):
    """The first table that begins with this column."""
    return next(
        frame.value for frame in page.dataframe if frame.value.columns[0] == "name" and first_column in frame_titles(frame)
    )


def frame_titles(frame) -> list[str]:
    columns = json.loads(frame.proto.columns or "{}")
    return [column.get("label") for column in columns.values()]


def groups_of(page, first_column: str = "商品"):
    return table_of(page, first_column)


def figures_of(page) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]


def ask(home, question, **filters):
    return account.answer(opening.of(home).warehouse, question, actor=ASKER, **filters)


def by_case(answer) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for row in answer.to_dict("records"):
        found.setdefault(row["case_id"], []).append(row)
    return found


def test_the_title_says_what_refunds_cost_and_where_it_concentrates(show):
    page = show(page="losses")
    assert not page.exception
    assert re.fullmatch(
        r"近30天退款一共花掉 ¥[\d.,]+万?（退回去 ¥[\d.,]+万?，背后又花 ¥[\d.,]+万?）：按商品看，前3名占了 \d+\.\d%",
        title_of(page),
    )


@pytest.mark.parametrize(
    "query", [{}, {"clock": "refunded"}, {"period": "all", "by": "province"}, {"by": "reason", "stage": "returned"}]
)
def test_the_figures_of_the_title_are_the_sums_of_the_table(show, query):
    page = show(page="losses", **query)
    title, table = title_of(page), page.dataframe[0].value
    total, groups = table.iloc[0], table.iloc[1:]
    for column in ("total_fen", "sales_fen", "hidden_fen"):
        assert numbers.money(round(total[column] * 100)) in title
        assert groups[column].sum() == pytest.approx(total[column], abs=0.005)
    share = re.search(r"前3名占了 ([\d.]+)%", title)
    if share:
        assert float(share[1]) == pytest.approx(groups["total_fen"].iloc[:3].sum() / total["total_fen"] * 100, abs=0.06)


def test_there_are_four_figures_with_their_formula_and_source(show):
    page = show(page="losses", clock="refunded")
    assert [metric.label for metric in page.metric] == ["退款率（金额）", "退款订单占比", "损失合计", "每退一单亏"]
    assert all(metric.delta for metric in page.metric)
    assert all("来源：" in metric.proto.help for metric in page.metric)


def test_the_bars_over_time_add_up_to_the_total_and_young_days_are_hatched(show):
    page = show(page="losses")
    bars = [trace for trace in figures_of(page)[0]["data"] if trace["type"] == "bar" and trace["name"] != "预计还会花"]
    total = page.dataframe[0].value["total_fen"].iloc[0]
    assert sum(sum(bar["y"]) for bar in bars) == pytest.approx(total, abs=0.01)
    hatched = {day for bar in bars if bar["marker"].get("pattern", {}).get("shape") for day in bar["x"]}
    assert max(day for bar in bars for day in bar["x"]) in hatched
    assert any("未成熟" in caption.value for caption in page.caption)
    refunded = figures_of(show(page="losses", clock="refunded"))[0]
    assert not any(bar["marker"].get("pattern", {}).get("shape") for bar in refunded["data"])


def test_the_dimension_and_the_unit_of_time_can_be_switched_and_stand_in_the_address(show):
    page = show(page="losses")
    page.get("pills")[0].set_value("province").run()
    assert not page.exception
    assert "按省份看" in title_of(page)
    assert page.query_params["by"] in ("province", ["province"])
    page.segmented_control(key="grain").set_value("week").run()
    assert page.query_params["grain"] in ("week", ["week"])
    assert "按省份看" in title_of(page)
    page.get("pills")[0].set_value("product").run()
    assert "by" not in page.query_params


@pytest.mark.parametrize(
    "dimension",
    [
        "day",
        "week",
        "month",
        "weekday",
        "hour",
        "shop",
        "sku",
        "price_band",
        "channel",
        "sales_mode",
        "streamer",
        "carrier",
        "tool",
        "kind",
    ],
)
def test_every_dimension_can_be_looked_at(show, dimension):
    page = show(page="losses", by=dimension, list=f"done:{dimension}:未知")
    assert not page.exception
    assert len(page.dataframe[0].value) > 1


def test_a_chart_ignores_its_own_filter_and_the_page_does_not(show):
    everything, filtered = show(page="losses", by="reason"), show(page="losses", by="reason", reason="质量问题")
    assert len(figures_of(filtered)[1]["data"][0]["y"]) == len(figures_of(everything)[1]["data"][0]["y"])
    assert len(filtered.dataframe[0].value) == 2
    assert title_of(filtered) != title_of(everything)


def test_the_cases_behind_a_group_add_up_to_its_row(show, sample_home):
    page = show(page="losses", by="reason", list="done:reason:质量问题")
    assert any(heading.value == "看售后单：售后原因：质量问题" for heading in page.subheader)
    row = page.dataframe[0].value.set_index("name").loc["质量问题"]
    listed = page.dataframe[1].value
    assert listed["total_fen"].sum() == pytest.approx(row["total_fen"])
    assert listed["total_fen"].is_monotonic_decreasing
    assert all(re.search(r" 第 \d+ 行$", place) for place in listed["place"])


def test_the_button_opens_the_cases_of_the_present_filters_and_closes_them(show):
    page = show(page="losses", period="d7")
    before = len(page.dataframe)
    page.button(key="losses.open").click().run()
    assert len(page.dataframe) == before + 1
    assert page.query_params["list"] in ("done::", ["done::"])
    page.button(key="losses.close").click().run()
    assert "list" not in page.query_params


def test_a_long_list_is_cut_and_says_so(show, monkeypatch):
    from analytics.ui import losses_cases

    monkeypatch.setattr(losses_cases, "SHOWN", 10)
    page = show(page="losses", list="done::")
    assert len(page.dataframe[1].value) == 10
    assert any(re.search(r"共 [\d,]+ 张，只列损失最大的 10 张", caption.value) for caption in page.caption)


def test_what_may_still_come_is_the_exposure_and_its_cases_can_be_seen(show):
    page = show(page="losses", period="all", list="pending::")
    heading = next(heading.value for heading in page.subheader if heading.value.startswith("还可能再花掉"))
    listed, exposure = page.dataframe[1].value, page.dataframe[2].value
    assert f"：{len(listed)} 张售后单没结束" in heading
    assert exposure["open_cases"].iloc[0] == len(listed)
    assert listed["total_fen"].sum() == pytest.approx(exposure["total_fen"].iloc[0])


def test_the_platforms_figure_finds_its_definition(show):
    rate = show(page="losses").metric[0].value
    page = show(page="losses", figure=rate)
    assert re.search(r"正好对上：按支付日 · 退款金额 ÷ 应收 · 含发货前退款", page.success[0].value.replace("\\", ""))
    page.text_input(key="figure").set_value("99.9%").run()
    assert "没有口径对得上" in page.warning[0].value
    assert page.query_params["figure"] in ("99.9%", ["99.9%"])
    page.text_input(key="figure").set_value("abc").run()
    assert "看不出是什么数字" in page.warning[0].value


def test_an_amount_is_found_among_the_amounts(show, sample_home):
    rows = ask(sample_home, questions.definitions)
    wanted = rows[(rows["clock"] == "paid") & (rows["measure"] == "money") & ~rows["with_before_shipment"]].iloc[0]
    page = show(page="losses", figure=f"¥{wanted['numerator'] / 100:.2f}", period="all")
    assert "不含发货前退款" in (page.success or page.info)[0].value


def test_a_link_to_a_case_opens_its_account(show, sample_home):
    case = ask(sample_home, questions.case_list, row_limit=1).iloc[0]
    page = show(page="losses", case=case["case_id"])
    assert not page.exception
    texts = [element.value.replace("\\", "") for element in page.markdown]
    assert f"**¥{case['total_fen'] / 100:,.2f}**" in texts
    assert all(f"**{part}**" in texts for part in PARTS)
    facts = next(frame.value for frame in page.dataframe if list(frame.value.columns) == ["fact", "value"])
    assert case["order_id"] in set(facts["value"])


@pytest.mark.parametrize(
    "query",
    [
        {"case": "'; drop table orders; --"},
        {"by": "provenance", "grain": "century", "figure_kind": "love"},
        {"list": "done:stage:nowhere"},
        {"list": "everything"},
        {"list": "done:provenance:actual"},
        {"figure": "١٢٪", "stage": "returned"},
    ],
)
def test_what_an_address_should_not_say_breaks_nothing(show, query):
    page = show(page="losses", **query)
    assert not page.exception
    assert title_of(page).startswith("近30天退款一共花掉")


def test_a_case_that_is_not_there_is_told(show):
    page = show(page="losses", case="123[x](http://y)")
    assert "找不到售后单" in page.warning[0].value
    assert "[x](" not in page.warning[0].value


def test_without_any_data_the_page_says_what_to_do(show, empty_home, monkeypatch):
    monkeypatch.setenv("REFUND_LEDGER_HOME", str(empty_home))
    page = show(page="losses")
    assert not page.exception
    assert page.title[0].value == "这段时间没有订单"
    assert page.info


def test_an_english_page_has_english_words(show):
    page = show("en-GB", page="losses", by="stage", list="done:stage:kept", figure="12%")
    plain = [*page.title, *page.subheader, *page.caption, *page.success, *page.warning, *page.info]
    texts = [element.value for element in plain] + [metric.label for metric in page.metric]
    found = [text for text in texts if CHINESE.search(text)]
    assert not [text for text in found if "示例店" not in text]


def test_every_case_of_the_sample_adds_up_in_its_own_account(sample_home):
    """The steps that the reader sees are the ledger's figures, to the fen, and each knows what it rests on."""
    cases = ask(sample_home, questions.case_list)
    chosen = tuple(cases["case_id"])
    rows = by_case(ask(sample_home, questions.case_account, case_ids=chosen))
    sources = by_case(ask(sample_home, questions.case_sources, case_ids=chosen))
    words = Words("zh")
    titles = Titles(words)
    assert len(rows) == len(cases) > 1_000
    for case in cases.to_dict("records"):
        found = case_account.account_of_case(rows[case["case_id"]], sources[case["case_id"]], words, titles)
        shown = {part.component: part for part in found.parts}
        for name, part in shown.items():
            assert sum(step.amount_fen or 0 for step in part.steps) == (part.amount_fen or 0), (case["case_id"], name)
        assert [part.amount_fen or 0 for part in found.parts] == [
            0 if value is None or value != value else int(value) for value in (case[f"{name}_fen"] or 0 for name in shown)
        ]
        assert all(step.how for part in found.parts for step in part.steps)
        assert all(step.places for part in found.parts for step in part.steps if step.source == "actual" and step.amount_fen)


def test_a_setting_named_as_a_source_has_the_value_the_ledger_used(sample_home):
    chosen = tuple(ask(sample_home, questions.case_list)["case_id"])
    rows = ask(sample_home, questions.case_account, case_ids=chosen).set_index(["case_id", "line_no"])
    sources = ask(sample_home, questions.case_sources, case_ids=chosen).set_index(["case_id", "line_no"])
    for name, used in {
        "hourly_wage": "wage_fen",
        "minutes": "minutes_centiminutes",
        "return_freight": "return_freight_fen",
    }.items():
        said = sources[sources["input"] == name]["value"]
        assert (said.reindex(rows.index) == rows[used]).all(), name


def test_the_rows_of_files_behind_booked_money_add_up_to_it(sample_home):
    chosen = tuple(ask(sample_home, questions.case_list)["case_id"])
    rows = ask(sample_home, questions.case_account, case_ids=chosen).to_dict("records")
    sources = by_case(ask(sample_home, questions.case_sources, case_ids=chosen))

    def booked(row: dict, *names: str) -> int:
        own = [source for source in sources[row["case_id"]] if source["input"] in {f"booked_{name}" for name in names}]
        return sum(source["value"] for source in own)

    kept = [row for row in rows if row["kept_fees_fen"]]
    assert len(kept) > 10
    for row in kept:
        assert row["kept_fees_fen"] == booked(row, "kept_fee", *["kept_fees"] * row["is_fully_refunded"])
    freight = [row for row in rows if row["back_by"] == "booked"]
    assert len(freight) > 10
    for row in freight:
        assert row["back_fen"] == booked(row, "return_freight") + row["postage_fen"]
    premiums = [row for row in rows if row["premium_fen"] and row["premium_doubt"] == 0]
    for row in premiums:
        assert row["premium_fen"] == booked(row, "premium")
