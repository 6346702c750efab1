"""挽单工具 tells the truth that was built into the sample shop, says what is missing where it can't tell, and never waits."""

from __future__ import annotations

import re
import time
from datetime import date, datetime
from functools import partial

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analytics.actions import analyses, sample, tools
from analytics.domain.loads import Actor
from analytics.domain.sample_shop.catalogue import ORDERS
from analytics.ui import opening
from tests.pages.conftest import FRAME, PATIENCE_SECONDS, load_main_files

UNTIL = date(2026, 11, 16)
FILES = ("订单导出_2*.csv", "售后单导出_*", "商品成本*", "标记订单*")


# What effects stand on: orders, cases, and the list that knows when each tool was used.
load_files = partial(load_main_files, patterns=FILES, until=UNTIL, order_count=ORDERS)


@pytest.fixture(scope="module")
def tools_home(tmp_path_factory):
    """A ledger with the sample shop and its tagged orders, effects worked out."""
    home = (tmp_path_factory.mktemp("工具 账本") / "home").resolve()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening.sample, "ensure_sample_shop", load_files)
        patch.setattr(opening, "SAMPLE_PAUSE_SECONDS", 0.0)
        opened = opening.of(home)
        opened.wait(PATIENCE_SECONDS)
        assert opened.is_ready, opened.problem or opened.code
        patch.setenv("REFUND_LEDGER_HOME", str(home))
        first = drawn()
        assert "正在" in first.title[0].value  # counts at once, effects when they are there
        assert "催发货" in text_of(first)
        while opened.is_completing:  # nothing comes after these files, which a thread of its own finds out
            time.sleep(0.1)
        drawn()
        analyses.wait(PATIENCE_SECONDS)
    yield home
    opening.forget(home)


def drawn(locale: str = "zh-CN", **query: str) -> AppTest:
    test = AppTest.from_file(str(FRAME), default_timeout=60)
    test.context = {"locale": locale}
    for name, value in query.items():
        test.query_params[name] = value
    return test.switch_page("../../pages/retention.py").run()


@pytest.fixture
def show(tools_home, monkeypatch):
    monkeypatch.setenv("REFUND_LEDGER_HOME", str(tools_home))
    return drawn


@pytest.fixture(scope="module")
def seen(tools_home):
    """The page as it is, drawn once for all who only look."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REFUND_LEDGER_HOME", str(tools_home))
        return drawn()


def text_of(test: AppTest) -> str:
    parts = [*test.title, *test.subheader, *test.markdown, *test.caption, *test.info]
    return "\n".join(part.value for part in parts).replace("\\", "")


def test_the_title_says_which_tool_pays_and_which_loses(seen):
    page = seen
    assert not page.exception
    title = page.title[0].value
    assert re.search(r"催发货净赚 ¥[\d.,万]+", title)
    assert re.search(r"小额打款净亏 ¥[\d.,万]+", title)
    assert "其余 3 个还说不准" in title


def test_cards_come_in_the_order_of_what_can_be_told(seen):
    page = seen
    names = [heading.value for heading in page.subheader]
    known = [name for name in names if name in ("催发货", "小额打款", "优惠券", "优先发货", "修改地址")]
    assert known == ["催发货", "小额打款", "优惠券", "修改地址", "优先发货"]


def test_a_card_says_its_grade_and_why_in_words(seen):
    text = text_of(seen)
    assert "B 级" in text
    assert "不划算，花的比省的多。" in text
    assert "划算，净赚。" in text
    assert "劝住买家是平台做的" in text
    assert "下单时的店铺优惠没有可比的对照" in text
    assert "无效" not in text.replace("不等于无效", "")


def test_where_it_cannot_tell_the_card_says_what_is_wanted(seen):
    told = [info.value for info in seen.info]
    assert sum("可比的单还不够" in text for text in told) == 3  # the data is right: coupons, addresses, tags
    assert sum("没法拒绝着做对照" in text for text in told) == 1


def test_the_ceiling_is_called_one(seen):
    text = text_of(seen)
    assert "待挽回：可争取的上限" in text
    reach = next(frame.value for frame in seen.dataframe if "reason_title" in frame.value.columns)
    assert {"催发货 或 优先发货", "小额打款"} <= {name.replace(" / ", " 或 ") for name in reach["tools"]}
    assert reach["loss_a_month_fen"].is_monotonic_decreasing
    assert "是上限，不是效果" in text


def test_the_figures_are_those_of_the_command_line(seen, tools_home):
    page = seen
    scope = tools.Scope(shops=(sample.SAMPLE_SHOP,))
    answer = tools.judge(opening.of(tools_home).warehouse, scope, actor=Actor("测试"), now=datetime(2026, 11, 17))
    table = next(frame.value for frame in page.dataframe if "evalue" in frame.value.columns)
    for row, shown in zip((*answer["rows"], answer["any"]), table.to_dict("records"), strict=True):
        assert shown["touched"] == row["touched"]
        if row["net_fen"] is not None:
            assert shown["net_fen"] * 100 == pytest.approx(row["net_fen"])
            assert shown["effect"] == pytest.approx(row["effect"] * 100)


def test_a_filter_moves_the_counts_and_says_that_effects_stay(show):
    page = show(streamer="2500000014")
    text = text_of(page)
    assert "效果按整店算" in text
    assert "催发货净赚" in page.title[0].value


def test_the_groups_can_be_looked_at_by_streamer_and_week(show):
    for name, words in (("streamer", "按达人看每个工具"), ("week", "按周看每个工具")):
        assert words in text_of(show(tools_by=name))


def test_groups_have_their_effects_beside_their_counts_as_the_command_says_them(show, tools_home):
    page = show(tools_by="streamer")
    assert "小额打款能判断的 5 组之间，差别没有超过偶然" in text_of(page)
    scope = tools.Scope(shops=(sample.SAMPLE_SHOP,))
    answer = tools.judge_groups(
        opening.of(tools_home).warehouse, scope, "streamer", actor=Actor("测试"), now=datetime(2026, 11, 17)
    )
    table = next(frame.value for frame in page.dataframe if "group_title" in frame.value.columns)
    rows = answer["rows"].to_dict("records")
    rows.sort(key=lambda row: row["reason"] == ["tool_cannot_tell"])  # dashes last
    for row, shown in zip(rows, table.to_dict("records"), strict=True):
        assert (shown["touched"], shown["grade"]) == (row["touched"], row["grade"])
        if row["grade"] == "D":
            assert shown["why"].endswith("。")
            assert pd.isna(shown["effect"])
        else:
            assert shown["effect"] == pytest.approx(row["effect"] * 100, abs=0.051)
            assert shown["net_fen_low"] * 100 == pytest.approx(row["net_fen_low"])
            assert shown["net_fen_high"] * 100 == pytest.approx(row["net_fen_high"])
    reasons = set(table["why"])
    assert "整个工具都判断不了，各组也就判断不了。" in reasons
    assert any("少于 200" in reason for reason in reasons)
    assert "只有 77 单，少于 100，最好也只有 C 级。" in reasons


def test_in_english_it_says_the_same(show):
    page = show("en-GB")
    assert re.search(r"urge to ship earned ¥[\d.,K]+ net, small payment lost ¥[\d.,K]+ net", page.title[0].value)
    assert not re.search(r"[\u3400-\u9fff]", page.title[0].value)
    assert "It costs more than it saves." in text_of(page)
    assert "for small payment, the 5 that can be told differ by no more than chance" in text_of(page)
    table = next(frame.value for frame in page.dataframe if "group_title" in frame.value.columns)
    assert not table["why"].str.contains(r"[\u3400-\u9fff]").any()


def test_a_short_period_has_counts_only_and_no_fault(show):
    page = show(period="d7")
    assert not page.exception
    assert not page.error


def test_limits_of_small_payments_are_shown_with_what_is_left(seen):
    table = next(frame.value for frame in seen.dataframe if "上限" in frame.value.columns)
    assert table["上限"].to_list() == ["365 天", "3 次", "¥10,000.00", "¥10,000.00"]
    assert set(table["超过的笔数"]) == {"0"}


def test_a_hold_out_says_beforehand_what_it_takes_begins_lists_its_orders_and_ends(show):
    page = show()
    assert re.search(r"一共要 [\d,]+ 单，其中 [\d,]+ 单不用", text_of(page))
    page.session_state["holdout.days.zh"] = (date(2026, 11, 1), date(2026, 12, 31))
    page.run()
    page.button(key="holdout.begin").click().run()
    assert not page.exception
    assert "1 号对照组开始了" in page.success[0].value
    orders = next(frame.value for frame in page.dataframe if "arm" in frame.value.columns)
    assert set(orders["arm"]) <= {"不用", "可以用"}
    assert len(orders) >= 3
    page.button(key="holdout.begin").click().run()
    assert "正在用同一个工具" in page.error[0].value.replace("\\", "")
    page.button(key="holdout.end.1").click().run()
    assert "结束了" in page.success[0].value
    assert not [button for button in page.button if button.key == "holdout.end.1"]


def test_a_reason_given_to_another_tool_moves_the_ceiling(show):
    before = show().metric[0].value
    page = AppTest.from_file(str(FRAME), default_timeout=60)
    page.context = {"locale": "zh-CN"}
    page.switch_page("../../pages/health.py").run()
    page.selectbox(key="health.reason.zh").select("七天无理由退货").run()
    page.selectbox(key="health.reason_tool.七天无理由退货.zh").select("small_payment").run()
    page.button(key="health.reasons.save").click().run()
    assert not page.exception
    assert any("已记下" in said.value for said in page.success)
    assert show().metric[0].value != before
    analyses.wait(PATIENCE_SECONDS)


def test_a_group_that_nobody_has_offers_the_way_back(show):
    page = show(product="no such product")
    assert "筛选" in page.title[0].value
