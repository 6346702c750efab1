"""The sentence, the ranking and the table of 损失拆解; its charts; the platform's figure; one case in words."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from analytics.present import case_account, losses, numbers, reconcile
from analytics.present.account import account_of
from analytics.present.figures import parts
from analytics.present.labels import Words
from analytics.present.titles import Titles

ZH, EN = Words("zh"), Words("en")
NAMES = {"product": {"P1": "羊羔绒卫衣", "P2": "<b>阔腿裤</b>"}}
PARTS = ("sales_fen", "acquisition_fen", "logistics_fen", "handling_fen", "damage_fen")
COUNTS = {"orders": 10, "refunded_orders": 4, "refunds": 5, "unknown_refunds": 0}


def group(value, *amounts, dimension="product", **more):
    """A row of `losses_by`: five parts in fen; a tenth of it assumed, ten times it receivable."""
    total = sum(amounts)
    known = {"hidden_fen": total - amounts[0], "total_fen": total, "actual_fen": total - total // 10, "set_fen": 0}
    base = {"assumed_fen": total // 10, "receivable_fen": 10 * total, "paid_fen": 10 * total, **COUNTS}
    return {dimension: value, **dict(zip(PARTS, amounts, strict=True)), **known, **base, **more}


def answer(*rows) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows))
    whole = [name for name in frame.columns if name.endswith("_fen") or name in COUNTS]
    return frame.astype(dict.fromkeys(whole, "Int64"))


def total_of(rows: pd.DataFrame) -> pd.DataFrame:
    sums = rows[[name for name in rows.columns if str(rows[name].dtype) == "Int64"]].sum().to_frame().T
    return sums.astype("Int64")


@pytest.fixture
def products() -> pd.DataFrame:
    return answer(
        group("P3", 100, 0, 0, 0, 0),
        group("P1", 4_000, 500, 300, 100, 100),
        group("P2", 2_000, 400, 300, 200, 100),
        group("P4", 1_500, 100, 100, 200, 0),
    )


@pytest.fixture
def titles() -> Titles:
    return Titles(ZH, NAMES)


def test_groups_are_ranked_by_loss_with_their_share_and_what_they_add_up_to(products):
    ranking = losses.ranked(products, "product")
    assert list(ranking["group"]) == ["P1", "P2", "P4", "P3"]
    assert list(ranking["share"]) == pytest.approx([0.5, 0.3, 0.19, 0.01])
    assert list(ranking["cumulative_share"]) == pytest.approx([0.5, 0.8, 0.99, 1.0])


def test_the_title_names_the_sum_and_what_the_first_three_carry(products, titles):
    total = total_of(products)
    said = losses.title(account_of(total), losses.ranked(products, "product"), "product", "近30天", ZH, titles)
    assert said == "近30天退款一共花掉 ¥100.00（退回去 ¥76.00，背后又花 ¥24.00）：按商品看，前3名占了 99.0%"


def test_of_two_or_three_groups_the_title_names_the_first(products, titles):
    two = products.iloc[1:3]
    said = losses.title(account_of(total_of(two)), losses.ranked(two, "product"), "product", "近30天", ZH, titles)
    assert said.endswith("按商品看，羊羔绒卫衣占了 62.5%")


def test_one_group_concentrates_nowhere_and_no_loss_is_said_to_be_none(products, titles):
    one = products.iloc[1:2]
    said = losses.title(account_of(total_of(one)), losses.ranked(one, "product"), "product", "近7天", ZH, titles)
    assert said == "近7天退款一共花掉 ¥50.00：退回去 ¥40.00，背后又花 ¥10.00"
    none = answer(group("P1", 0, 0, 0, 0, 0))
    said = losses.title(account_of(total_of(none)), losses.ranked(none, "product"), "product", "近7天", ZH, titles)
    assert said == "近7天没有退款损失"


def test_a_loss_that_nobody_knows_is_not_said_to_be_none(titles):
    unknown = {f"{part}_fen": None for part in ("sales", "acquisition", "logistics", "handling", "damage", "hidden", "total")}
    rows = answer(group("P1", 0, 0, 0, 0, 0)).assign(**unknown)
    said = losses.title(
        account_of(total_of(rows).assign(**unknown)), losses.ranked(rows, "product"), "product", "近7天", ZH, titles
    )
    assert said == "近7天退款一共花掉 —：退回去 —，背后又花 —"


def test_an_unknown_loss_is_ranked_last_and_is_no_zero():
    rows = answer(group("P1", 100, 0, 0, 0, 0), group("P2", 1, 0, 0, 0, 0, total_fen=None))
    ranking = losses.ranked(rows, "product")
    assert list(ranking["group"]) == ["P1", "P2"]
    assert ranking["share"].isna().tolist() == [False, True]


def test_the_tables_sum_is_the_accounts_own_and_every_rate_is_over_its_own_base(products, titles):
    total = total_of(products).assign(orders=33)  # an order of two products counts once
    rows, columns = losses.table(losses.ranked(products, "product"), total, "product", ZH, titles)
    assert set(columns) <= set(rows.columns)
    first, second = rows.iloc[0], rows.iloc[1]
    assert (first["name"], first["total_fen"], first["orders"], first["share"]) == ("合计", 10_000, 33, 1.0)
    assert (second["name"], second["refund_rate"], second["per_refund_fen"], second["assumed_share"]) == (
        "羊羔绒卫衣",
        0.08,
        1000,
        0.1,
    )
    for name in [*PARTS, "hidden_fen", "total_fen"]:
        assert rows[name].iloc[1:].sum() == first[name]


def test_a_rate_over_nothing_is_missing(titles):
    rows = answer(group("P1", 100, 0, 0, 0, 0, receivable_fen=0, refunds=0))
    table, _ = losses.table(losses.ranked(rows, "product"), total_of(rows), "product", ZH, titles)
    assert table[["refund_rate", "per_refund_fen"]].isna().all(axis=None)


def test_the_ranking_ends_in_the_rest_of_the_groups_as_one_row():
    many = answer(*(group(f"P{n}", 1_000 - n, 1, 1, 1, 1) for n in range(40)))
    top, others = losses.top_of(losses.ranked(many, "product"))
    assert (len(top), others) == (16, 25)
    assert pd.isna(top["group"].iloc[-1])
    assert top["total_fen"].sum() == many["total_fen"].sum()
    assert top["cumulative_share"].iloc[-1] == 1.0


def test_one_group_left_over_stands_under_its_own_name():
    many = answer(*(group(f"P{n}", 1_000 - n, 1, 1, 1, 1) for n in range(16)))
    top, others = losses.top_of(losses.ranked(many, "product"))
    assert (len(top), others) == (16, 0)
    assert top["group"].notna().all()


def test_four_figures_with_their_formula_and_their_change(products):
    total = total_of(products)
    days = answer(group("2026-03-01", 50, 0, 0, 0, 0, dimension="day"), group("2026-03-02", 70, 0, 0, 0, 0, dimension="day"))
    before = total.assign(total_fen=8_000)
    shown = {tile.key: tile for tile in losses.tiles(account_of(total), total, before, days, "day", ZH)}
    assert [tile.value for tile in shown.values()] == ["7.6%", "40.0%", "¥100.00", "¥5.00"]
    assert (shown["total"].change, shown["total"].direction) == ("+25.0%", 1)
    assert shown["total"].course == (0.5, 0.7)
    assert all("÷" in tile.explanation or "+" in tile.explanation for tile in shown.values())
    assert all("来源：" in tile.explanation for tile in shown.values())
    assert not any(tile.change for tile in losses.tiles(account_of(total), total, None, days, "day", ZH))


def test_days_are_mature_once_their_refunds_have_come_and_by_refund_date_always():
    first, last = date(2026, 3, 1), date(2026, 3, 30)
    assert losses.mature_until(22, "paid", first, last) == date(2026, 3, 8)
    assert losses.mature_until(22, "refunded", first, last) is None
    assert losses.mature_until(None, "paid", first, last) == date(2026, 2, 28)  # too little history: no day is mature


@pytest.mark.parametrize(
    ("label", "grain", "last"),
    [("2026-03-01", "day", (2026, 3, 1)), ("2026-03-02", "week", (2026, 3, 8)), ("2026-02", "month", (2026, 2, 28))],
)
def test_a_bar_lasts_until_the_end_of_its_unit(label, grain, last):
    assert parts.last_day_of(label, grain) == date(*last)


def bars_of(figure):
    return [trace for trace in figure.data if trace.type == "bar"]


def test_bars_over_time_add_up_and_the_young_ones_are_hatched():
    days = answer(*(group(f"2026-03-{day:02d}", 100 * day, 10, 10, 10, 10, dimension="day") for day in (1, 2, 3)))
    figure = parts.over_time(days, "day", date(2026, 3, 2), ZH)
    assert sum(sum(bar.y) for bar in bars_of(figure)) == pytest.approx(days["total_fen"].sum() / 100)
    young = {x for bar in bars_of(figure) if bar.marker.pattern.shape == "/" for x in bar.x}
    old = {x for bar in bars_of(figure) if bar.marker.pattern.shape is None for x in bar.x}
    assert (young, old) == ({"2026-03-03"}, {"2026-03-01", "2026-03-02"})
    assert "未成熟" in next(bar for bar in bars_of(figure) if "2026-03-03" in bar.x).hovertemplate[0]


def test_a_group_without_a_date_has_no_bar():
    rows = answer(group("2026-03", 100, 0, 0, 0, 0, dimension="month"), group("未知", 100, 0, 0, 0, 0, dimension="month"))
    assert {x for bar in bars_of(parts.over_time(rows, "month", None, ZH)) for x in bar.x} == {"2026-03-01"}


def test_the_ranking_hands_over_the_groups_value_and_draws_no_markup(products, titles):
    top, _ = losses.top_of(losses.ranked(products, "product"))
    figure = parts.pareto(top, lambda value: titles("product", value), ZH, chosen=("P1",))
    assert [data[0] for data in figure.data[0].customdata] == ["P1", "P2", "P4", "P3"]
    assert list(figure.layout.yaxis.ticktext)[:2] == ["羊羔绒卫衣", "‹b›阔腿裤‹/b›"]
    assert not re.search(r"<b><b>", "".join(figure.data[0].hovertemplate))
    assert list(figure.data[0].marker.opacity) == [1.0, parts.PALE, parts.PALE, parts.PALE]
    line = figure.data[-1]
    assert list(line.x) == pytest.approx([0.5, 0.8, 0.99, 1.0])


def test_a_long_name_of_a_specification_keeps_what_tells_it_apart():
    rows = answer(group("A", 200, 0, 0, 0, 0, dimension="sku"), group("B", 100, 0, 0, 0, 0, dimension="sku"))
    top, _ = losses.top_of(losses.ranked(rows, "sku"))
    names = {"A": "羊羔绒连帽卫衣外套宽松短款 · 米白,S", "B": "羊羔绒连帽卫衣外套宽松短款 · 米白,M"}
    assert list(parts.pareto(top, names.get, ZH).layout.yaxis.ticktext) == [
        "羊羔绒连帽卫…米白,S",
        "羊羔绒连帽卫…米白,M",
    ]


def test_the_row_of_the_rest_cannot_be_clicked():
    many = answer(*(group(f"P{n}", 1_000 - n, 1, 1, 1, 1) for n in range(40)))
    top, _ = losses.top_of(losses.ranked(many, "product"))
    figure = parts.pareto(top, str, ZH, others="其他 25 个")
    assert figure.data[0].customdata[-1] is None
    assert figure.layout.yaxis.ticktext[-1] == "其他 25 个"


@pytest.mark.parametrize(
    ("text", "kind", "read"),
    [
        ("24.3%", "amount", ("rate", "0.243", "0.001")),
        ("24", "rate", ("rate", "0.24", "0.01")),
        ("¥1,234.50", "rate", ("amount", "123450", "1")),
        ("12.3万", "rate", ("amount", "12300000", "100000")),
        ("１２．３％", "count", ("rate", "0.123", "0.001")),
        ("356单", "rate", ("count", "356", "1")),
        ("1.2万", "count", ("count", "12000", "1000")),
        (" 356 ", "count", ("count", "356", "1")),
    ],
)
def test_a_figure_is_read_as_the_platform_writes_it(text, kind, read):
    figure = reconcile.read_figure(text, kind)
    assert (figure.kind, figure.value, figure.step) == (read[0], Decimal(read[1]), Decimal(read[2]))


@pytest.mark.parametrize("text", ["", "abc", "-5", "1e9", "12,3,", "99999999999999", "24.3%%", "'; drop", "١٢"])
def test_what_is_no_figure_is_refused(text):
    assert reconcile.read_figure(text, "rate") is None


def definition(
    clock="paid", measure="money", base="receivable", with_before=True, is_capped=False, numerator=0, denominator=10_000
):
    names = ("clock", "measure", "base", "with_before_shipment", "is_capped", "numerator", "denominator")
    return dict(zip(names, (clock, measure, base, with_before, is_capped, numerator, denominator), strict=True))


@pytest.fixture
def definitions() -> pd.DataFrame:
    return pd.DataFrame(
        [
            definition(numerator=2_430),
            definition(numerator=2_400, is_capped=True),
            definition(numerator=2_430, base="paid", denominator=9_000),
            definition(clock="refunded", numerator=2_000),
            definition(clock="refunded", numerator=1_111, base="paid", denominator=3_333),
            definition(clock="refunded", numerator=2_000, is_capped=True),
            definition(measure="count", base="orders", numerator=7, denominator=50),
            definition(measure="count", base="orders", numerator=7, denominator=50, is_capped=True),
        ]
    )


def verdict(definitions, text, kind="rate", words=ZH):
    figure = reconcile.read_figure(text, kind)
    return reconcile.verdict(reconcile.matches(definitions, figure), figure, words)


def test_the_definition_that_gives_the_figure_is_named(definitions):
    assert verdict(definitions, "24.3%") == ("exact", "正好对上：按支付日 · 退款金额 ÷ 应收 · 含发货前退款")
    assert verdict(definitions, "27%") == ("exact", "正好对上：按支付日 · 退款金额 ÷ 实付 · 含发货前退款")
    assert verdict(definitions, "24.0%")[1].endswith("退款金额（每单最多算到应收）÷ 应收 · 含发货前退款")
    assert verdict(definitions, "14%")[1] == "正好对上：按支付日 · 退款成功的售后单数 ÷ 付款订单数 · 含发货前退款"


def test_a_figure_matches_to_the_last_digit_it_was_typed_with(definitions):
    assert verdict(definitions, "24.30%")[0] == "exact"
    assert verdict(definitions, "24.31%")[0] == "near"
    assert verdict(definitions, "33.3%")[0] == "exact"  # a third
    assert verdict(definitions, "33.34%")[0] == "near"


def test_the_nearest_is_named_with_its_distance_and_what_is_far_is_called_so(definitions):
    assert verdict(definitions, "24.5%") == ("near", "最接近：按支付日 · 退款金额 ÷ 应收 · 含发货前退款，差 −0.20 个百分点")
    grade, sentence = verdict(definitions, "50%")
    assert grade == "far"
    assert "差 −16.67 个百分点" in sentence


def test_amounts_and_counts_are_compared_with_amounts_and_counts(definitions):
    assert verdict(definitions, "¥20.00") == ("exact", "正好对上：按退款日 · 退款金额 · 含发货前退款")
    assert verdict(definitions, "¥24.32")[1] == "最接近：按支付日 · 退款金额 · 含发货前退款，差 −¥0.02"
    assert verdict(definitions, "7单")[1] == "正好对上：按支付日 · 退款成功的售后单数 · 含发货前退款"


def test_the_list_is_sorted_by_nearness_and_has_every_definition(definitions):
    figure = reconcile.read_figure("26%", "rate")
    found = reconcile.matches(definitions, figure)
    assert [match.distance for match in found] == sorted(match.distance for match in found)
    rows, columns = reconcile.table(found, figure, EN)
    assert len(rows) == len(definitions)
    assert list(rows.columns) == list(columns)
    assert rows.iloc[0]["value"] == "27.00%"


def test_over_nothing_sold_there_is_no_rate(definitions):
    assert verdict(definitions.assign(denominator=0), "24.3%") == ("far", ZH("reconcile.nothing"))


CASE = {
    **{"shop": "店", "case_id": "1", "order_id": "A", "line_no": 1, "line_part_count": 1, "is_lead": True},
    **{"is_open": False, "is_inferred": False, "stage": "returned", "line_stage": "returned", "kind": "return_refund"},
    **{"reason": "质量问题", "product": "P1", "streamer": "未知", "tool": "none", "is_delivered": True, "return_no": "R1"},
    **{"paid_at": pd.Timestamp("2026-03-01 10:00"), "shipped_at": pd.NaT, "applied_at": pd.NaT, "finished_at": pd.NaT},
    **{"order_file": "订单.csv", "order_sheet": None, "order_row": 7, "case_file": "售后.xlsx", "case_sheet": "Sheet1"},
    **{"case_row": 9, "paid_fen": 10_000, "receivable_fen": 10_000, "refund_fen": 5_000, "case_refund_fen": 5_000},
    **{"share_fen": 5_000, "booked_share_fen": 0, "acquisition_ufen": 1_000_000_000, "acquisition_by": "rate"},
    **{"goods_ufen": 2_000_000_000, "goods_by": "cost", "damage_ppm": 200_000, "minutes_centiminutes": 800},
    **{"wage_fen": 3_000, "fee_kept_ppm": 0, "return_freight_fen": 800, "merchant_bears_ppm": 1_000_000, "back_by": "setting"},
    **{
        "booked_return_fen": None,
        "postage_fen": 0,
        "is_fully_refunded": False,
        "sales_doubt": 0,
        "acquisition_doubt": 2,
        "damage_doubt": 3,
    },
    **{"freight_fen": 300, "packing_fen": 50, "premium_fen": 0, "back_fen": 800, "intercept_fen": 0, "again_fen": 0},
    **{"again_freight_fen": 0, "again_packing_fen": 0, "freight_doubt": 1, "packing_doubt": 2, "premium_doubt": 0},
    **{"back_doubt": 2, "intercept_doubt": 0, "again_freight_doubt": 0, "again_packing_doubt": 0, "minutes_fen": 400},
    **{"minutes_doubt": 2, "fee_kept_fen": 0, "fee_kept_doubt": 2, "inspection_fen": 500, "inspection_doubt": 2},
    **{"penalty_fen": 0, "kept_fees_fen": 0, "relief_fen": 0, "sales_fen": 5_000, "acquisition_fen": 500},
    **{"logistics_fen": 1_150, "handling_fen": 900, "damage_fen": 0, "is_sales_unknown": False, "is_damage_unknown": True},
    **{"is_acquisition_unknown": False, "is_logistics_unknown": False, "is_handling_unknown": False},
}
SOURCE = {
    "line_no": 1,
    "scope": "",
    "channel": None,
    "streamer": None,
    "is_starter": False,
    "file": "成本.xlsx",
    "sheet": None,
    "row": 3,
}
STARTER = {**SOURCE, "is_starter": True, "file": None, "row": None, "since": None}
SOURCES = [
    {**SOURCE, "input": "outbound_freight", "name": "outbound_freight", "value": 300, "since": date(2026, 2, 1)},
    {**STARTER, "input": "packing", "name": "packing", "value": 50},
    {**STARTER, "input": "minutes", "name": "minutes_returned", "value": 800},
    {**STARTER, "input": "acquisition_rate", "name": "acquisition_rate", "value": 100_000},
    {
        **SOURCE,
        "input": "hourly_wage",
        "name": "hourly_wage",
        "value": 3_000,
        "since": date(1970, 1, 1),
        "scope": "reason:质量问题",
    },
    {**SOURCE, "input": "unit_cost", "name": None, "value": 1_000, "since": date(2026, 1, 1)},
    {**SOURCE, "input": "damage_rate_returned", "name": "damage_rate_returned", "value": None, "since": date(2026, 1, 1)},
]


@pytest.fixture
def case(titles):
    return case_account.account_of_case([CASE], SOURCES, ZH, titles)


def test_a_cases_steps_add_up_to_its_parts_and_its_parts_to_the_total(case):
    for part in case.parts:
        assert sum(step.amount_fen or 0 for step in part.steps) == (part.amount_fen or 0)
    assert case.total_fen == 5_000 + 500 + 1_150 + 900


def test_a_case_says_how_each_amount_came_about_and_where_it_stands(case):
    steps = {step.label: step for part in case.parts for step in part.steps}
    assert steps["退款"].places == ("文件：售后.xlsx [Sheet1] 第 9 行",)
    assert steps["拉新营销费"].how == "这一单的拉新费 ¥10.00 × 50.0%（退款 ¥50.00 ÷ 应收 ¥100.00）"
    assert steps["拉新营销费"].places[0].startswith("实付 ¥100.00 的一部分。假设：")
    assert steps["发货运费"].places == ("设置：发货运费 ¥3.00，2026-02-01 起，全店（成本.xlsx 第 3 行）",)
    assert steps["包装"].places == ("假设：包装 ¥0.50（起步假设，不是行业数据）",)
    assert steps["人工"].how == "8 分钟 × 时薪 ¥30.00"
    assert steps["人工"].places[1] == "设置：客服时薪 ¥30.00，一直，售后原因：质量问题（成本.xlsx 第 3 行）"
    assert {step.source for step in steps.values()} == {"actual", "set", "assumed", "unknown"}


def test_the_download_of_a_case_has_a_row_for_every_step_and_adds_up(case):
    table, columns = case_account.steps_table(case, ZH)
    assert list(table) == list(columns)
    assert table["amount_fen"].sum() == case.total_fen
    assert table.loc[table["label"] == "退款", "places"].item() == "文件：售后.xlsx [Sheet1] 第 9 行"


def test_what_is_unknown_of_a_case_is_a_dash_and_its_reason(case):
    damage = case.parts[-1]
    assert damage.amount_fen is None
    assert numbers.money_exact(damage.amount_fen) == "—"
    assert damage.steps[0].source == "unknown"
    assert "设置：退货货损率 关闭，2026-01-01 起（成本.xlsx 第 3 行）" in damage.steps[0].places


def test_an_earlier_case_leaves_its_share_out_of_the_later_one(titles):
    later = {**CASE, "share_fen": 8_000, "booked_share_fen": 5_000, "acquisition_fen": 300}
    found = case_account.account_of_case([later], SOURCES, ZH, titles)
    assert "（累计 80.0% − 已计 50.0%）" in found.parts[1].steps[0].how


def test_the_facts_of_a_case_have_dashes_where_nothing_is_known(case):
    facts = dict(case.facts)
    assert facts["商品"] == "羊羔绒卫衣"
    assert facts["发货时间"] == "—"
    assert facts["订单在"] == "订单.csv 第 7 行"
