"""The account's figures, its statement and what it says about itself, on amounts a human can recompute."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from analytics.present.account import account_of, advice, is_empty, month_name, said, source_text, statement
from analytics.present.labels import Words

ZH, EN = Words("zh"), Words("en")


def test_what_is_kept_is_receivable_less_everything_refunds_cost(account):
    assert account.kept_fen == 70_000
    assert account.per_100_fen(account.kept_fen) == 7_000


def test_rates_stand_on_what_the_merchant_receives(account):
    assert account.refund_rate == 0.2
    assert account.per_100_fen(account.hidden_fen) == 1_000
    assert account.loss_per_refund_fen == 3_000
    assert account.assumed_share == 0.2


def test_the_hidden_loss_is_split_by_what_it_rests_on(account):
    assert account.hidden_sources_fen == {"actual": 2_500, "set": 1_500, "assumed": 6_000}
    assert account.most_assumed_part == "damage"


def test_nothing_sold_makes_rates_unknown_not_zero(total):
    nothing = account_of(total.assign(receivable_fen=0, refunds=0))
    assert (nothing.refund_rate, nothing.loss_per_refund_fen, nothing.per_100_fen(5)) == (None, None, None)


def test_an_unknown_part_stays_unknown(total):
    account = account_of(total.assign(damage_fen=pd.Series([pd.NA], dtype="Int64")))
    assert account.parts_fen["damage"] is None
    assert account.parts_fen["handling"] == 1_000


@pytest.mark.parametrize(("receivable", "lost", "empty"), [(0, 0, True), (1, 0, False), (0, 1, False), (None, None, True)])
def test_an_account_is_empty_when_nothing_was_sold_or_lost(total, receivable, lost, empty):
    assert is_empty(total.assign(receivable_fen=receivable, total_fen=lost, orders=0, refunds=0)) is empty


def test_refunds_of_which_no_amount_is_known_are_not_nothing(total):
    assert not is_empty(total.assign(receivable_fen=0, total_fen=None, orders=0, refunds=3))
    assert is_empty(total.head(0))


def test_the_sentence_of_the_title_has_its_four_amounts(account):
    assert said(account, ZH) == {"sold": "¥1,000.00", "sales": "¥200.00", "hidden": "¥100.00", "kept": "¥70.00"}


def test_the_advice_names_the_largest_assumption_and_its_remedy(account):
    assert (
        advice(account, ZH)
        == "损失合计里 20.0% 靠起步假设（不是行业数据）。最大的一块是货物资损 ¥40.00：导入商品成本、设定损耗率就能坐实。"
    )
    assert "The largest piece is damage, ¥40.00" in advice(account, EN)


def test_without_assumptions_the_advice_says_so(account):
    measured = replace(account, sources_fen={})
    assert advice(measured, ZH) == "隐性损失全部来自文件和您的设置，没有用起步假设。"


def test_without_assumptions_but_with_gaps_nobody_says_that_all_is_known(account):
    gaps = replace(account, sources_fen={}, unknown_refunds=4, hidden_fen=None)
    assert "全部" not in advice(gaps, ZH)
    assert "缺的部分不知道" in advice(gaps, ZH)


def test_sources_are_shares_of_what_is_booked():
    assert source_text({"actual": 600, "set": 0, "assumed": 400}, ZH) == "实测 60.0% · 假设 40.0%"
    assert source_text({"actual": 0, "set": 0, "assumed": 0}, ZH) == "—"


def test_the_statement_has_a_line_an_item_and_a_column_a_month_and_adds_up(account, total):
    months = pd.concat([total.assign(month="2026-11"), total.assign(month="2026-10")])
    table = statement(months, account, ZH)
    assert list(table.columns) == ["项目", "2026年10月", "2026年11月", "合计", "占应收", "来源"]
    assert list(table["项目"]) == [
        *(
            "应收销售额",
            "退款（显性损失）",
            "拉新营销费",
            "退换物流费",
            "退款处理费",
            "货物资损",
            "隐性损失合计",
            "损失合计",
            "扣除退款损失后",
        ),
    ]
    assert list(table["合计"]) == ["1,000.00", "200.00", "20.00", "30.00", "10.00", "40.00", "100.00", "300.00", "700.00"]
    assert list(table["2026年10月"]) == list(table["合计"])
    assert list(table["占应收"])[-3:] == ["10.0%", "30.0%", "70.0%"]
    assert list(table["来源"])[5:8] == [
        "假设 100.0%",
        "实测 25.0% · 设定 15.0% · 假设 60.0%",
        "实测 75.0% · 设定 5.0% · 假设 20.0%",
    ]


@pytest.mark.parametrize(
    ("month", "chinese", "english"),
    [("2026-11", "2026年11月", "Nov 2026"), (date(2026, 3, 1), "2026年3月", "Mar 2026"), ("未知", "日期未知", "No date")],
)
def test_months_are_written_as_their_readers_do(month, chinese, english):
    assert month_name(month, ZH) == chinese
    assert month_name(month, EN) == english


def test_what_is_kept_is_unknown_when_nothing_is_known_of_the_money_given_back(account):
    unknown = replace(account, parts_fen={**account.parts_fen, "sales": None})
    assert unknown.kept_fen is None
    assert said(unknown, ZH)["kept"] == "—"
