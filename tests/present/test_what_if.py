"""A scenario in words and as figures: names of levers, values, sentences, the waterfall, and a case as one order's inputs."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest

from analytics.domain.what_if import levers
from analytics.present import case_inputs, what_if, what_if_workbook
from analytics.present.exports import xlsx_bytes
from analytics.present.figures import what_if as drawn
from analytics.present.labels import Words
from analytics.present.titles import Titles

NOW = datetime(2026, 11, 27, 9, 0)
ZH, EN = Words("zh"), Words("en")
TITLES = Titles(ZH, {"streamer": {"T1": "阿珍<b>"}, "product": {"P1": "连衣裙"}})
FIGURES = {f"{name}_fen": 100 for name in ("sales", "acquisition", "logistics", "handling", "damage")}
BEFORE = {**FIGURES, "hidden_fen": 400, "total_fen": 500, "net_sales_fen": 9_000, "profit_fen": 1_000}
AFTER = {**BEFORE, "logistics_fen": 40, "hidden_fen": 340, "total_fen": 440, "profit_fen": 1_060}
SPREAD = {"low": 10, "mid": 60, "high": 90, "data_low": 20, "data_high": 80, "assumption_low": 55, "assumption_high": 65}
STEP = {"lever": "return_freight", "from": "8.00", "to": "7.40", "total_fen": -60, "profit_fen": 60, **dict.fromkeys(FIGURES, 0)}
ANSWER = {
    "baseline": BEFORE,
    "scenario": AFTER,
    "steps": [{**STEP, "logistics_fen": -60, "rests_on": "account", "grade": None}],
    "ranges": dict.fromkeys((*what_if.FIGURES, "change_fen"), SPREAD),
    "tornado": [
        {
            **{
                "source": "stage=kept",
                "kind": "data",
                "low": "1.00%",
                "high": "2.00%",
                "profit_low_fen": 5,
                "profit_high_fen": 9,
            },
            **{"change_low_fen": 50, "change_high_fen": 70, "total_low_fen": 1, "total_high_fen": 2},
        }
    ],
    "break_evens": [
        {
            "subject": "T1",
            "lever": "refund_rate",
            "present": "38%",
            "value": "41%",
            "profit_fen": 70,
            "pays_below": True,
            "kind": "streamer",
        }
    ],
    "chance_pays": 0.92,
    "orders": 12,
}


@pytest.mark.parametrize(
    ("key", "chinese", "english"),
    [
        ("refund_rate[stage=kept]", "退款率（签收仅退款）", "Refund rate (kept by the buyer)"),
        ("uptake[small_payment]", "使用率（小额打款）", "Uptake (small payment)"),
        ("effect[others]", "效果（没催过的订单）", "Effect (orders that nobody urged)"),
        ("return_freight[scope=product:P1]", "退货运费（连衣裙）", None),
        ("stage=kept", "签收仅退款的偶然", "Chance: kept by the buyer"),
    ],
)
def test_a_lever_is_called_by_what_it_changes(key, chinese, english):
    assert what_if.lever_title(key, ZH, TITLES) == chinese
    if english:
        assert what_if.lever_title(key, EN, Titles(EN)) == english


def test_values_read_as_money_rates_and_factors():
    assert what_if.value_text("return_freight", "1234.50", ZH) == "¥1,234.50"
    assert what_if.value_text("refund_rate", "8.2%", ZH) == "8.2%"
    assert what_if.value_text("ad_spend", "x0.9", ZH) == "现在的 90%"
    assert what_if.value_text("ship_hours", "24", EN) == "24 hours"
    assert what_if.value_text("insurance", "off", ZH) == "全关"


def test_the_title_says_loss_and_profit_and_the_chance_is_a_sentence():
    assert what_if.title(ANSWER, ZH) == "退款总损失少 ¥0.60，利润多 ¥0.60"
    assert what_if.title({**ANSWER, "steps": []}, EN).startswith("Refunds cost ¥5.00 in this period")
    assert what_if.chance(ANSWER, ZH) == "92% 的把握比现在赚得多：利润变化多半在 +¥0.10 到 +¥0.90 之间。"
    assert what_if.chance({**ANSWER, "chance_pays": 1.0}, ZH).startswith("几乎一定")


def test_a_break_even_is_said_in_the_words_of_the_documents():
    said = what_if.break_even_sentences(ANSWER, ZH, Titles(ZH, {"streamer": {"T1": "直播间 A"}}))
    assert said == ["直播间 A：退款率高于 41% 就亏钱（现在 38%，现在赚 ¥0.70）。"]


def test_the_waterfall_floats_from_step_to_step_and_ends_in_the_whole():
    figure = drawn.steps([("a", "甲", 300), ("b", "乙", -100)], ("一共", 200), more_is_worse=False)
    bars = [trace for trace in figure.data if trace.type == "bar"]
    assert [(bar.base[0], bar.x[0]) for bar in bars] == [(0, 3.0), (3.0, -1.0), (0, 2.0)]
    assert [bar.marker.color for bar in bars] == [drawn.BETTER, drawn.WORSE, drawn.BETTER]


def test_a_name_with_markup_reaches_no_chart():
    figure = drawn.steps([("a", "<b>甲</b>", 300)], ("一共", 300), more_is_worse=True)
    assert "<b>甲" not in figure.to_json()


def test_the_workbook_has_every_input_and_every_step():
    scenario = levers.read({"name": "便宜", "from": "2026-10-01", "levers": {"return_freight": "5..6..8", "drop_streamer": "T1"}})
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(what_if_workbook.sheets(scenario, ANSWER, ZH, TITLES), written_at=NOW)))
    inputs = {row[0].value: row[1].value for row in book["全部输入"].iter_rows(min_row=2)}
    assert inputs["退货运费"] == "5.00..6.00..8.00"
    assert inputs["停播达人（阿珍<b>）"] == "不算"
    assert book["差在哪一步？"].max_row == 2 if "差在哪一步？" in book.sheetnames else book.worksheets[1].max_row == 2


CASE = {
    **{"is_lead": True, "stage": "returned", "paid_fen": 9_000, "receivable_fen": 10_000, "refund_fen": 10_000},
    **{"premium_fen": 0, "return_freight_fen": 800, "merchant_bears_ppm": 1_000_000, "wage_fen": 3_000, "freight_fen": 300},
    **{"packing_fen": 50, "intercept_fen": 0, "inspection_fen": 500, "minutes_centiminutes": 800, "damage_ppm": 200_000},
    **{"acquisition_ufen": 900_000_000, "goods_ufen": 3_600_000_000},
}


def test_a_booked_case_opens_as_one_order_with_its_own_costs():
    found = case_inputs.one_order_inputs([CASE])
    assert found["tab"] == "one_order"
    assert (found["ending"], found["price"], found["subsidy"], found["refund"]) == ("returned", "90.00", "10.00", "100.00")
    assert (found["goods_cost"], found["acquisition_per_order"], found["damage_rate_returned"]) == ("36.00", "9.00", "20%")
    assert "intercept_fee" not in found


@pytest.mark.parametrize("rows", [[], [CASE, CASE], [{**CASE, "stage": "closed"}], [{**CASE, "paid_fen": 0}]])
def test_what_nobody_can_imagine_opens_nothing(rows):
    assert case_inputs.one_order_inputs(rows) == {}
