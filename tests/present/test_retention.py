"""What the page of the tools says, from rows that can be read at a glance."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from analytics.actions.tools import FIELDS
from analytics.domain.effects.rules import RULES
from analytics.domain.vocabulary import TOOLS
from analytics.present import retention
from analytics.present.figures import retention as drawn
from analytics.present.labels import Words, catalogue
from analytics.present.titles import Titles

ROOT = Path(__file__).resolve().parents[2]
ZH, EN = Words("zh"), Words("en")


def row(tool="urge_ship", net=None, effect=None, **more):
    plain = dict.fromkeys(FIELDS) | {"tool": tool, "touched": 100, "kept": 60, "lost_later": 30, "open": 10, "grade": "D"}
    plain |= {
        "kept_rate": 0.66,
        "kept_low": 0.55,
        "kept_high": 0.75,
        "break_even": 0.4,
        "reason": [],
        "treated": 80,
        "compared": 90,
    }
    for name, ends in (("net_fen", net), ("effect", effect)):
        if ends is not None:
            plain |= dict(zip((name, f"{name}_low", f"{name}_high"), ends, strict=True))
            plain["grade"] = "B"
    return {**plain, **more}


EARNS = row("urge_ship", (1_040_300, 789_000, 1_291_000), (-0.263, -0.316, -0.21))
LOSES = row("small_payment", (-408_900, -670_000, -147_000), (-0.027, -0.052, -0.002))
UNSURE = row("coupon", (-20_000, -90_000, 50_000), (0.01, -0.04, 0.06))
COUNTS, UNUSED = row("priority_ship"), row("address_change", touched=0, kept=0, lost_later=0, open=0, kept_rate=None)


@pytest.mark.parametrize(
    ("told", "standing"),
    [(EARNS, "earns"), (LOSES, "loses"), (UNSURE, "no_evidence"), (COUNTS, "counts"), (UNUSED, "unused")],
)
def test_an_interval_across_nothing_is_neither_gain_nor_loss(told, standing):
    assert retention.standing_of(told) == standing


def test_the_sentence_names_who_earns_and_who_loses_and_counts_the_rest():
    rows = [UNUSED, COUNTS, UNSURE, LOSES, EARNS]
    assert retention.sentence(rows, True, ZH) == "挽单工具：催发货净赚 ¥1.0万，小额打款净亏 ¥4,089；其余 2 个还说不准"
    assert retention.sentence(rows, True, EN) == (
        "Retention tools: urge to ship earned ¥10.4K net, small payment lost ¥4,089 net; 2 others are not certain"
    )
    assert retention.sentence(rows, False, ZH) == "挽单工具用了 400 次，正在算哪个划算"
    assert retention.sentence([COUNTS], True, ZH) == "挽单工具用了 100 次，还说不准哪个划算"
    assert retention.sentence([UNUSED], True, ZH) == "还没有挽单工具的记录"


def test_no_evidence_is_never_called_no_effect():
    said = retention.verdict(UNSURE, ZH)
    assert "没有证据表明有效" in said
    assert "无效" not in said
    assert "no evidence that it works" in retention.verdict(UNSURE, EN)


@pytest.mark.parametrize(
    ("ends", "kind"),
    [
        ((0.66, 0.55, 0.75, 0.40), "留着比当时就退划算"),
        ((0.30, 0.25, 0.36, 0.40), "留着还不如当时就退"),
        ((0.41, 0.35, 0.47, 0.40), "分不出高低"),
    ],
)
def test_the_trap_reads_by_its_interval(ends, kind):
    told = row(**dict(zip(("kept_rate", "kept_low", "kept_high", "break_even"), ends, strict=True)))
    assert kind in retention.trap_text(told, ZH)


def test_the_money_goes_each_way_with_the_stages_of_what_was_lost():
    lost = {"returned": (405, 4_340_000), "kept": (27, 385_500)}
    assert retention.money_text(3_172_250, 4_725_500, lost, ZH) == (
        "保住的单卖出 ¥3.2万，后来退款的损失 ¥4.7万：退货退款 405 单，损失 ¥4.3万；签收仅退款 27 单，损失 ¥3,855"
    )
    assert retention.money_text(0, 0, {}, EN) == "The orders kept brought ¥0, those refunded later cost ¥0"


def test_what_is_unknown_of_the_trap_is_said():
    assert "还没有到期" in retention.trap_text(UNUSED, ZH)
    assert "算不出" in retention.trap_text(row(break_even=None), ZH)


def test_every_rule_has_a_sentence_in_both_languages_with_figure_and_limit():
    for rule in RULES:
        reason = {"id": rule.id, "figure": rule.figure, "value": 0.5, "limit": 0.4, "consequence": rule.consequence}
        for words in (ZH, EN):
            (said,) = retention.reasons({"reasons": [reason]}, words)
            assert "{" not in said


def test_every_reason_that_the_program_gives_has_a_sentence_and_every_method_a_name():
    program = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "analytics").rglob("*.py"))
    given = set(re.findall(r"""Reason\(\s*"(\w+)\"""", program)) | set(re.findall(r"""_counts\(\s*"(\w+)\"""", program))
    assert {"landmark", "no_data", "hold_out"} <= given
    methods = ("clone_censor_weight", "daily_trials", "hold_out", "matched", "stratified", "counts")
    for language in ("zh", "en"):
        keys = set(catalogue(language))
        assert {f"retention.reason.{name}" for name in given} <= keys
        assert {f"retention.{kind}.{method}" for kind in ("method", "method_name") for method in methods} <= keys


def test_a_reason_is_written_in_the_unit_of_its_figure():
    def said(name, figure, value, limit):
        return retention.reasons({"reasons": [{"id": name, "figure": figure, "value": value, "limit": limit}]}, ZH)[0]

    assert said("untimed", "untimed_share", 0.123, 0.05) == "12.3% 的单没有时间，超过 5.0%。"
    assert said("few_treated", "treated", 12.0, 30.0) == "用了工具又到期的只有 12 单，少于 30。"
    assert said("imbalance", "worst_smd", 0.234, 0.1) == "加权后两边仍差 0.23 个标准差，超过 0.10。"
    assert said("wide", "half_width", 0.081, 0.05) == "区间太宽：±8.1 个百分点，超过 ±5.0 个百分点。"


def test_every_tool_says_how_it_is_used_and_what_to_export():
    for language in ("zh", "en"):
        keys = catalogue(language)
        assert {f"retention.{kind}.{tool}" for kind in ("how", "advice") for tool in TOOLS} <= set(keys)
        assert all(keys[f"retention.how.{tool}"].count("\n\n") == 1 for tool in TOOLS)


def test_what_an_export_would_mend_is_asked_for_and_else_more_orders_or_a_hold_out():
    def advice(*ids):
        return retention.advice(COUNTS, {"reasons": [{"id": name} for name in ids]}, ZH)

    assert "优先发货订单" in advice("platform_rescue", "no_data")
    assert "标记订单" in advice("untimed")
    assert "对照组" in advice("few_controls", "wide")


def test_the_figures_of_a_card_have_intervals_only_where_something_can_be_told():
    net, saved, cost, orders = retention.figures({**LOSES, "cost_fen": 776_250}, ZH)
    assert (net.value, net.interval) == ("-¥4,089", "-¥6,700 到 -¥1,470")
    assert (saved.value, saved.interval) == ("—", "")
    assert (cost.value, cost.interval) == ("¥7,763", "")
    assert orders.value == "—"


def test_the_trap_is_drawn_with_its_shares_interval_and_break_even():
    figure = drawn.trap(COUNTS, ZH)
    bars = [trace.x[0] for trace in figure.data if trace.type == "bar"]
    assert bars == [0.6, 0.3, 0.1]
    kept, needed = [trace for trace in figure.data if trace.type == "scatter"]
    assert kept.x[0] == 0.66
    assert (kept.error_x.array[0], kept.error_x.arrayminus[0]) == (pytest.approx(0.09), pytest.approx(0.11))
    assert set(needed.x) == {0.4}


def test_a_forest_has_a_line_a_tool_that_can_be_judged_and_the_colour_of_its_reading():
    figure = drawn.effects([EARNS, LOSES, UNSURE, COUNTS], ZH)
    assert [trace.x[0] for trace in figure.data] == pytest.approx([-26.3, -2.7, 1.0])
    colours = [trace.marker.color for trace in figure.data]
    assert colours == [drawn.STATES["kept"], drawn.STATES["kept"], drawn.style.GREY]
    nets = drawn.nets([EARNS, LOSES, UNSURE], ZH)
    assert nets.layout.xaxis.ticktext[0] == "-¥1.0万"
    assert [trace.marker.color for trace in nets.data] == [drawn.STATES["kept"], drawn.STATES["lost_later"], drawn.style.GREY]


def test_the_table_of_everything_has_every_field_of_the_command():
    told = {tool: {"reasons": []} for tool in TOOLS}
    frame = retention.whole_rows([EARNS, COUNTS], told, ZH)
    assert set(FIELDS) - {"tool"} <= set(frame.columns)
    assert list(retention.whole_columns(ZH)) == list(frame.columns)


def test_groups_are_said_to_differ_only_where_chance_would_hardly_do_it_and_with_care():
    def said(chance, told=6):
        return retention.groups_sentence([{"tool": "small_payment", "told": told, "chance": chance}], ZH)

    assert said(0.34) == "各组差别：小额打款能判断的 6 组之间，差别没有超过偶然（没有真差别时，也有 34.0% 的可能差这么多）。"
    assert "差别没有超过偶然" in said(0.02)
    assert "差别大过偶然" in said(0.004)
    assert "靠了运气" in said(0.004)
    assert "不到 0.1%" in said(1e-9)
    assert said(None, 1) == retention.groups_sentence([], ZH) == "各组差别：还没有一个工具有两组能判断，看不出哪组更好。"
    assert retention.groups_sentence([{"tool": "urge_ship", "told": 2, "chance": 0.5}], EN).startswith(
        "Between groups: for urge to ship, the 2 that can"
    )


@pytest.mark.parametrize(
    ("grade", "said"),
    [("D", "加权后相当于 120 单对照，少于 200。"), ("C", "只有 80 单，少于 100，最好也只有 C 级。"), ("B", ""), (None, "")],
)
def test_a_group_gives_the_reason_that_decided(grade, said):
    small = {"id": "small", "consequence": "at_best_c", "figure": "treated", "value": 80, "limit": 100}
    few = {"id": "few_controls", "consequence": "cannot_tell", "figure": "effective_controls", "value": 120.3, "limit": 200}
    found = {"D": [small, few], "C": [small]}.get(grade, [])
    groups = pd.DataFrame({"tool": ["coupon"], "group": ["P1"], "grade": [grade], "reasons": [found]})
    figures = pd.DataFrame({name: pd.array([-0.0812], "Float64") for name in ("effect", "effect_low", "effect_high")})
    (shown,) = retention.group_rows(groups.join(figures), "product", Titles(ZH), ZH).to_dict("records")
    assert (shown["why"], shown["effect"], shown["tool_title"]) == (said, -8.1, "优惠券")
    columns = retention.group_columns("product", Titles(ZH), ZH)
    assert {"effect_low", "effect_high", "net_fen", "net_fen_low", "net_fen_high", "grade", "why", "treated"} <= set(columns)


def test_limits_are_written_in_their_own_units():
    rules = [
        {"rule": "days", "most": 365, "highest": 39.0, "left": 326.0, "broken_count": 0},
        {"rule": "times", "most": 3, "highest": None, "left": None, "broken_count": 0},
        {"rule": "day_amount", "most": 1_000_000, "highest": 26_050.0, "left": 973_950.0, "broken_count": 2},
    ]
    table = retention.rule_rows(rules, ZH)
    assert table.iloc[0].to_list() == ["付款后多少天内", "365 天", "39 天", "326 天", "0"]
    assert table.iloc[1].to_list()[2:4] == ["—", "—"]
    assert table.iloc[2].to_list()[1:] == ["¥10,000.00", "¥260.50", "¥9,739.50", "2"]
