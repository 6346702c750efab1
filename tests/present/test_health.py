"""The data's health in words: the sentence, runs of missing months, cells of the grids."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from analytics.present import health
from analytics.present.figures import coverage
from analytics.present.labels import Words

ZH, EN = Words("zh"), Words("en")


def files(*rows: tuple) -> pd.DataFrame:
    """Rows of (shop, month, kind, wanted, covered, rows)."""
    return pd.DataFrame(rows, columns=["shop", "month", "kind", "wanted_count", "covered_count", "row_count"]).assign(
        month=lambda frame: [date(2026, month, 1) for month in frame["month"]]
    )


def findings(*rows: tuple) -> pd.DataFrame:
    """Rows of (finding, detail, count, fen)."""
    frame = pd.DataFrame(rows, columns=["finding", "detail", "item_count", "amount_fen"])
    return frame.astype({"amount_fen": "Int64", "item_count": "Int64"})


def gaps(frame: pd.DataFrame, words: Words = ZH) -> list[str]:
    return health.gaps_table(frame, words)["gap"].tolist()


@pytest.mark.parametrize(
    ("found", "failing", "said"),
    [
        ((), None, "没有发现问题"),
        ((), 0, "没有发现问题"),
        ((), 3, "1 件事要处理"),
        ((("noted_refunds", "", 5, None), ("flows_not_understood", "提现", 9, 40_000)), None, "没有发现问题"),
        ((("unknown_word", "case_kind 退差", 5, None),), None, "1 件事要处理"),
        (
            (("flows_not_booked", "晚发立赔", 1, 400), ("flows_not_booked", "平台赔付商家", 1, -100)),
            None,
            "1 件事要处理，涉及 ¥5.00",
        ),
        ((("unmatched_cases", "", 1, 1_200_000), ("undated_cases", "", 2, 300)), 1, "3 件事要处理，涉及 ¥1.2万"),
    ],
)
def test_the_sentence_counts_what_is_to_handle_and_adds_its_money_without_the_sign(found, failing, said):
    assert health.sentence(findings(*found), failing, ZH) == said


def test_what_is_to_handle_comes_before_what_is_good_to_know():
    table = health.findings_table(findings(("noted_refunds", "", 5, None), ("unmatched_cases", "", 1, 100)), ZH)
    assert table["what"].tolist() == ["售后单的订单没导入", "备注里手写了退款"]
    assert table["weight"].tolist() == ["要处理", "知道就好"]


def test_a_missing_file_is_told_with_what_it_means():
    (row,) = health.gaps_table(files(("甲店", 3, "fund_flow", 31, 0, 0)), ZH).to_dict("records")
    assert (row["gap"], row["effect"]) == ("2026年3月缺动账明细", "退货运费、违约金只能用设置或假设")


def test_months_in_a_row_without_a_file_are_one_line_and_a_partly_covered_one_stands_alone():
    rows = [("甲店", month, "settlement", 30, covered, covered) for month, covered in ((1, 0), (2, 0), (3, 12), (4, 0), (5, 30))]
    assert gaps(files(*rows)) == ["2026年4月缺结算账单", "2026年3月结算账单只有 12/30 天", "2026年1月至2026年2月缺结算账单"]


def test_a_gap_names_its_shop_where_there_are_several():
    rows = files(("甲店", 3, "cases", 31, 31, 9), ("乙店", 3, "cases", 31, 30, 9))
    assert gaps(rows) == ["乙店：2026年3月售后单只有 30/31 天"]
    assert gaps(rows, EN) == ["乙店: After-sales cases, Mar 2026: only 30 of 31 days"]


def test_shops_added_up_are_covered_only_when_each_is():
    rows = files(("甲店", 3, "cases", 31, 31, 9), ("乙店", 3, "cases", 31, 30, 9))
    (cover,) = health.covers_of(rows)
    assert (cover.wanted, cover.covered, cover.state) == (62, 61, "partly")
    assert health.incomplete_months([cover]) == [date(2026, 3, 1)]


def test_what_not_every_shop_has_makes_no_month_incomplete():
    assert health.incomplete_months(health.covers_of(files(("甲店", 3, "settlement", 31, 0, 0)))) == []


def test_the_grid_writes_days_where_there_is_room_and_percents_where_there_is_not():
    few = coverage.files_grid(health.covers_of(files(("甲店", 3, "cases", 31, 30, 9), ("甲店", 3, "orders", 31, 31, 9))), ZH)
    assert [row[0] for row in few.data[0].text[:3]] == ["✓", "30/31", ""]
    many = coverage.files_grid(health.covers_of(files(*(("甲店", month, "cases", 1000, 999, 9) for month in range(1, 9)))), ZH)
    assert set(many.data[0].text[1]) == {"99%"}  # not all of it never reads as all of it


def test_the_grid_keeps_the_latest_months_only():
    rows = [("甲店", month, "orders", 30, 30, 1) for month in range(1, 13)]
    frame = pd.concat([files(*rows).assign(month=lambda f: [date(2025, day.month, 1) for day in f["month"]]), files(*rows)])
    drawn = coverage.files_grid(health.covers_of(frame), ZH)
    assert len(drawn.data[0].x) == coverage.MOST_MONTHS
    assert drawn.layout.xaxis.ticktext[0] == "12月<br>2025"


def test_a_component_says_what_share_is_known_and_stars_what_is_partly_unknown():
    money = {"actual_fen": 600, "set_fen": 150, "assumed_fen": 250, "unknown_count": 2, "refund_count": 9}
    nothing = dict.fromkeys(money, 0)
    rows = [
        {"month": date(2026, 3, 1), "component": name, **values} for name, values in (("logistics", money), ("damage", nothing))
    ]
    drawn = coverage.components_grid(pd.DataFrame(rows), ZH).data[0]
    texts = {name: row[0] for name, row in zip(drawn.y, drawn.text, strict=True)}
    assert texts == {"显性损失": "", "拉新营销费": "", "退换物流费": "75%*", "退款处理费": "", "货物资损": "—"}
    assert "另有 2 单未知" in drawn.customdata[2][0]
