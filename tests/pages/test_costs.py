"""The page of costs on a shop that a pencil can follow, and on the sample: read, weigh, save, take back, switch off."""

from __future__ import annotations

import io
import json
import re
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from analytics.actions import account, costs, imports
from analytics.domain.loads import Actor
from analytics.store import questions
from analytics.ui import opening, session
from tests.journeys.exports import case, order, write_cases, write_orders
from tests.pages.conftest import FRAME, PATIENCE_SECONDS

OWNER = Actor("店主")
NOW = datetime(2026, 11, 20, 9)
CHINESE = re.compile(r"[\u3400-\u9fff]")
WAITED = "等待时间过长，不想等了"  # the comma is a wide one, as the platform writes it


def load_shop(warehouse, shop: str, first_id: int) -> None:
    """Two returned orders, one never refunded: by the starter assumptions each returned one costs 138.50."""
    folder = Path(warehouse.staging) / shop
    ids = [str(first_id + number) for number in range(3)]
    orders = [order(ids[0]), order(ids[1], 商品ID="P2", 商品名称="试样外套"), order(ids[2])]
    cases = [case(f"9{ids[0]}", ids[0]), case(f"9{ids[1]}", ids[1], 商品ID="P2", 售后原因=WAITED, 退货物流单号=f"R{first_id}")]
    for path in (write_orders(folder / "订单.csv", *orders), write_cases(folder / "售后.csv", *cases)):
        imports.import_file(warehouse, path, imports.ImportOptions(shop=shop), actor=OWNER, now=NOW)


@pytest.fixture
def opened(tmp_path, monkeypatch):
    """Open a home as the app does, with what `load` puts into it; returns the function that does."""
    home = (tmp_path / "家").resolve()
    monkeypatch.setenv("REFUND_LEDGER_HOME", str(home))

    def run(load=lambda warehouse: load_shop(warehouse, "甲店", 1000)):
        monkeypatch.setattr(opening.sample, "ensure_sample_shop", lambda warehouse, *, today, actor: load(warehouse))
        current = opening.of(home)
        current.wait(PATIENCE_SECONDS)
        assert current.is_ready, current.problem or current.code
        return current.warehouse

    yield run
    opening.forget(home)


def page_of(locale: str = "zh-CN", name: str = "costs", **query: str) -> AppTest:
    test = AppTest.from_file(str(FRAME), default_timeout=60)
    test.context = {"locale": locale}
    for key, value in query.items():
        test.query_params[key] = value
    test.switch_page(f"../../pages/{name}.py")
    return test.run()


def control(page: AppTest, key: str):
    """The segmented control of a key."""
    (found,) = (element for element in page.get("segmented_control") if element.key == key)
    return found


def weigh(page: AppTest, value: str, unit: str = "fen") -> AppTest:
    page.text_input(key=f"costs.value.{unit}").set_value(value)
    return page.button(key="costs.weigh").click().run()


def total_of(warehouse, **more) -> dict:
    return account.answer(warehouse, questions.losses_by, actor=OWNER, shops=("甲店",), **more).to_dict("records")[0]


def held(warehouse, name: str) -> list[tuple]:
    rows = costs.list_costs(warehouse, actor=OWNER, shop="甲店")["rows"]
    return [(row["scope"], row["value"], row["source"]) for row in rows if row["name"] == name]


def figures_of(page: AppTest) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]


def table_of(page: AppTest, column: str):
    return next(frame.value for frame in page.dataframe if column in frame.value.columns)


def test_without_any_shop_the_page_says_what_to_do(opened):
    opened(lambda warehouse: None)
    page = page_of()
    assert not page.exception
    assert page.info
    assert page.title[0].value == "这段时间没有订单"


def test_a_shop_that_has_costs_and_no_orders_yet_shows_them(opened):
    opened(lambda warehouse: costs.save_cost(warehouse, costs.CostChange("packing", "0.80"), actor=OWNER, now=NOW))
    page = page_of(cost="packing")
    assert not page.exception
    assert not page.error
    assert page.title[0].value == "25 项成本里 1 项有您自己的数，还没有退款损失"
    page = weigh(page, "0.90")
    assert any("没有变化" in box.value for box in page.info)


def test_the_title_says_how_much_rests_on_assumptions(opened):
    """2 × 38.50 of 2 × 138.50."""
    opened()
    page = page_of()
    assert not page.exception
    assert page.title[0].value == "25 项成本里 0 项有您自己的数，损失还有 ¥77.00（27.8%）靠假设"
    assert [metric.value for metric in page.metric] == ["¥77.00", "0 / 25", "2", "0"]


def test_what_to_set_first_is_ranked_by_money_and_a_click_chooses_it(opened):
    opened()
    page = page_of()
    first = [button for button in page.button if (button.key or "").startswith("costs.set.")]
    assert first[0].label == "**拉新成本占实付**：¥20.00 还靠假设"
    assert [button.key.removeprefix("costs.set.") for button in first[1:4]] == [
        *("damage_rate_returned", "goods_cost_rate", "return_freight"),
    ]
    page = page.button(key="costs.set.return_freight").click().run()
    assert page.selectbox(key="cost").value == "return_freight"
    assert page.query_params["cost"] in ("return_freight", ["return_freight"])


def test_the_preview_is_what_the_ledger_says_after_saving_and_undo_brings_back_what_was(opened):
    warehouse = opened()
    before, listed = total_of(warehouse), held(warehouse, "return_freight")
    page = weigh(page_of(cost="return_freight"), "6.00")
    (told,) = (box.value for box in page.info if "损失将变化" in box.value)
    plain = told.replace("\\", "")
    assert plain == "损失将变化 -¥4.00，涉及 2 个售后单：从 ¥277.00 到 ¥273.00。"
    assert any("退货运费 那时是 ¥8.00（起步假设，非行业数据）" in text.value.replace("\\", "") for text in page.markdown)
    months = table_of(page, "change_fen")
    assert months[["month", "change_fen"]].to_numpy().tolist() == [["2026年10月", -4.0]]
    assert total_of(warehouse) == before

    page = page.button(key="costs.save").click().run()
    assert "退货运费（全店）¥6.00，一直如此" in page.success[0].value.replace("\\", "")
    assert page.title[0].value.startswith("25 项成本里 1 项有您自己的数")
    after = total_of(warehouse)
    assert (before["total_fen"], after["total_fen"]) == (27_700, 27_300)
    assert held(warehouse, "return_freight") == [*listed, ("", "6.00", "set")]
    assert page.text_input(key="costs.value.fen").value == ""

    page = page.button(key="costs.undo").click().run()
    assert total_of(warehouse) == before
    assert held(warehouse, "return_freight") == listed
    assert page.title[0].value.startswith("25 项成本里 0 项")


def test_what_is_weighed_is_what_comes_of_it(opened):
    """Property: every figure of the preview against the ledger priced anew, for values, dates and switching off."""
    warehouse = opened()
    asked = {"actor": OWNER, "shops": ("甲店",)}
    for name, value, since in (
        ("hourly_wage", "1", date(2026, 10, 8)),
        ("damage_rate_returned", "7%", None),
        ("price_cut_below", "100%", None),
        ("goods_cost_rate", "off", None),
    ):
        change = costs.CostChange(name, value, since, shop="甲店")
        effect = costs.weigh_cost(warehouse, change, actor=OWNER, now=NOW)
        cases_before, before = account.answer(warehouse, questions.cost_cases, **asked), total_of(warehouse)
        costs.save_cost(warehouse, change, actor=OWNER, now=NOW)
        cases_after, after = account.answer(warehouse, questions.cost_cases, **asked), total_of(warehouse)
        assert (effect.before_fen, effect.after_fen) == (before["total_fen"], after["total_fen"]), change
        assert (effect.unknown_before, effect.unknown_after) == (before["unknown_refunds"], after["unknown_refunds"]), change
        assert effect.case_count == int((cases_before != cases_after).any(axis=1).sum()), change
        assert sum(month["change_fen"] for month in effect.months) == effect.change_fen, change


def test_a_value_that_cannot_be_read_is_answered_and_stays_where_it_was_typed(opened):
    warehouse = opened()
    page = weigh(page_of(cost="return_freight"), "六块")
    assert page.error[0].value.replace("\\", "") == "「六块」读不成金额。请写 0 到 ¥1000000.00 的数，例如 6.00。"
    assert page.text_input(key="costs.value.fen").value == "六块"
    assert not [button for button in page.button if button.key == "costs.save"]
    assert held(warehouse, "return_freight") == [("", "8.00", "assumed")]
    page = weigh(page, "6")
    assert not page.error
    assert page.button(key="costs.save")


def test_each_unit_says_what_it_wants(opened):
    opened()
    for cost, unit, value, part in (
        ("damage_rate_returned", "ppm", "0.2", "带上 %"),
        ("minutes_returned", "centiminutes", "-3", "读不成分钟"),
        ("packing", "fen", "", "请先写上值"),
    ):
        assert part in weigh(page_of(cost=cost), value, unit).error[0].value.replace("\\", "")


def test_switching_an_assumption_off_says_how_many_refunds_become_unknown(opened):
    warehouse = opened()
    page = page_of(cost="goods_cost_rate")
    control(page, "costs.mode").set_value("off").run()
    page = page.button(key="costs.weigh").click().run()
    (told,) = (box.value.replace("\\", "") for box in page.info if "损失将变化" in box.value)
    assert "损失将变化 -¥16.00，涉及 2 个售后单" in told
    assert "2 单退款会变成「未知」" in told
    page = page.button(key="costs.save").click().run()
    assert total_of(warehouse)["unknown_refunds"] == 2
    row = table_of(page, "source").query("title == '货物成本占实付'").iloc[0]
    assert (row["value"], row["source"]) == ("—", "已关闭，未知")
    assert any("没有值：货物成本占实付（全店）" in caption.value.replace("\\", "") for caption in page.caption)
    kinds = {bar["customdata"][0] for figure in figures_of(page) for bar in figure["data"]}
    assert "off" in kinds


def test_a_reason_is_chosen_from_the_shops_own_and_meets_its_cases(opened):
    warehouse = opened()
    page = page_of(cost="merchant_bears_return")
    (kind,) = (element for element in page.get("segmented_control") if (element.key or "").startswith("costs.scope."))
    kind.set_value("reason").run()
    choice = page.selectbox(key="costs.scope.of.reason")
    assert set(choice.options) == {"尺码不合适", WAITED}
    page = weigh(page, "0%", "ppm")
    assert "请先选好" in page.error[0].value
    page.selectbox(key="costs.scope.of.reason").set_value(WAITED).run()
    page = page.button(key="costs.weigh").click().run()
    assert any("-¥8.00，涉及 1 个售后单" in box.value.replace("\\", "") for box in page.info)
    page.button(key="costs.save").click().run()
    assert held(warehouse, "merchant_bears_return")[-1] == (f"reason:{WAITED}", "0%", "set")


def test_a_setting_of_the_same_day_is_named_as_the_one_that_is_replaced(opened):
    warehouse = opened()
    costs.save_cost(warehouse, costs.CostChange("packing", "0.80", shop="甲店"), actor=OWNER, now=NOW)
    page = weigh(page_of(cost="packing"), "0.90")
    assert any("会替换同一天起的 ¥0.80（设定）" in text.value.replace("\\", "") for text in page.markdown)


def test_a_typed_cost_stands_among_the_imports_and_its_receipt_opens(opened):
    warehouse = opened()
    receipt = costs.save_cost(warehouse, costs.CostChange("packing", "0.80", shop="甲店"), actor=OWNER, now=NOW)
    page = page_of(name="imports", receipt=str(receipt.load_id))
    assert not page.error
    history = table_of(page, "what")
    assert history.loc[history["file"] == "手工设置", "what"].tolist() == ["成本设置"]
    assert any("手工设置" in heading.value for heading in page.subheader)


def test_what_somebody_else_changed_meanwhile_is_weighed_again_before_it_is_saved(opened):
    warehouse = opened()
    page = weigh(page_of(cost="packing"), "0.90")
    costs.save_cost(warehouse, costs.CostChange("packing", "0.80", shop="甲店"), actor=OWNER, now=NOW)
    page = page.button(key="costs.save").click().run()
    assert held(warehouse, "packing")[-1] == ("", "0.80", "set")
    assert any("请再点一次" in box.value for box in page.error)
    weigh(page, "0.90").button(key="costs.save").click().run()
    assert held(warehouse, "packing")[-1] == ("", "0.90", "set")


def test_any_load_of_the_history_can_be_taken_back(opened):
    warehouse = opened()
    receipt = costs.save_cost(warehouse, costs.CostChange("packing", "0.80", shop="甲店"), actor=OWNER, now=NOW)
    page = page_of()
    lines = [text.value.replace("\\", "") for text in page.markdown]
    assert f"2026-11-20 09:00 · 店主 · 第 {receipt.load_id} 号：包装（全店）¥0.80，一直如此" in lines
    page = page.button(key=f"costs.undo.{receipt.load_id}.yes").click().run()
    assert held(warehouse, "packing") == [("", "0.50", "assumed")]
    assert not page.error


def test_of_several_shops_the_page_asks_which(opened):
    def two(warehouse):
        load_shop(warehouse, "甲店", 1000)
        load_shop(warehouse, "乙店", 2000)

    warehouse = opened(two)
    page = page_of()
    assert page.title[0].value == "看哪个店铺的成本？"
    page = page.button(key="costs.shop.乙店").click().run()
    assert page.title[0].value.startswith("25 项成本里 0 项")
    page = weigh(page_of(cost="packing", shop="乙店"), "1.00")
    page.button(key="costs.save").click().run()
    assert held(warehouse, "packing") == [("", "0.50", "assumed")]
    rows = costs.list_costs(warehouse, actor=OWNER, shop="乙店")["rows"]
    assert [row["shop"] for row in rows if row["source"] == "set"] == ["乙店"]


def test_who_may_only_look_sees_the_costs_and_no_form(opened, monkeypatch):
    warehouse = opened()
    costs.save_cost(warehouse, costs.CostChange("packing", "0.80", shop="甲店"), actor=OWNER, now=NOW)
    monkeypatch.setattr(session, "actor", lambda: Actor("看板", "view"))
    page = page_of()
    assert page.title
    keys = {button.key for button in page.button}
    assert "costs.weigh" not in keys
    assert not any(str(key).startswith("costs.undo") for key in keys)
    assert any("成本由管理角色来设" in box.value for box in page.info)


def test_the_filled_template_comes_back_as_the_same_settings(opened, tmp_path):
    warehouse = opened()
    for change in (
        costs.CostChange("return_freight", "6.00", date(2026, 10, 1), shop="甲店"),
        costs.CostChange("damage_rate_returned", "12.5%", None, "product:P1", shop="甲店"),
        costs.CostChange("goods_cost_rate", "off", None, shop="甲店"),
    ):
        costs.save_cost(warehouse, change, actor=OWNER, now=NOW)
    asked = {"shop": "甲店", "actor": OWNER, "now": NOW}
    content = costs.cost_workbook(warehouse, "成本设置", **asked)
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(min_row=2, values_only=True))
    assert ("return_freight", None, "6.00", datetime(2026, 10, 1)) in rows
    assert len(rows) == 3
    before = costs.list_costs(warehouse, actor=OWNER, shop="甲店")
    path = tmp_path / "成本设置.xlsx"
    path.write_bytes(content)
    receipt = imports.import_file(warehouse, path, imports.ImportOptions(shop="甲店"), actor=OWNER, now=NOW)
    assert (receipt.kind, receipt.rejected) == ("cost_settings", 0)
    assert costs.list_costs(warehouse, actor=OWNER, shop="甲店") == before


def test_the_sample_shop_is_watermarked_and_its_product_costs_are_drawn(show):
    page = show(page="costs")
    assert not page.exception
    assert "示例数据" in json.dumps([figure["layout"].get("annotations") for figure in figures_of(page)], ensure_ascii=False)
    assert {"actual", "assumed"} <= {bar["customdata"][0] for bar in figures_of(page)[-1]["data"]}
    goods = account.answer(opening.of(session.settings.home()).warehouse, questions.cost_goods, actor=OWNER)
    uncosted = goods[goods["uncosted_count"] > 0]
    assert page.metric[2].value == str(len(uncosted))
    assert table_of(page, "uncosted_fen")["uncosted_fen"].sum() == uncosted["uncosted_fen"].sum() / 100


def test_an_english_browser_gets_an_english_page(show):
    page = show("en-GB", page="costs", group="working")
    elements = [*page.title, *page.subheader, *page.caption, *page.metric, *page.selectbox[1:], *page.button, *page.info]
    texts = [getattr(element, "label", None) or element.value for element in elements]
    titles = table_of(page, "source")
    texts += [str(cell) for cell in titles[["title", "value", "scope", "since", "source"]].to_numpy().ravel()]
    of_others = ("no. ", "示例")  # the history names files and people
    assert not [text for text in texts if CHINESE.search(text) and not any(part in text for part in of_others)]
