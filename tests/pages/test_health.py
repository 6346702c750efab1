"""数据体检 on the sample shop, a shop with faults, sound data and none: the sentence, the figures, the drill, the words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.actions import imports, words
from analytics.domain.loads import Actor
from analytics.ui import opening
from tests.journeys.exports import case, flow, order, write_cases, write_flows, write_orders
from tests.pages.conftest import FRAME, PATIENCE_SECONDS

CHINESE = re.compile(r"[\u3400-\u9fff]")
NOW = datetime(2026, 11, 23, 9)
OWNER = Actor("店主")
NASTY = "![图](http://evil/x.png) <b>裙</b>"
SHOWING = ("title", "subheader", "caption", "metric", "markdown", "success", "info", "error")


def put_faults(warehouse, *, today, actor) -> None:
    """A shop with one case of ¥100 whose status nobody knows, one of ¥30 without its order, and ¥5 of fund flow without one."""
    folder = warehouse.staging
    orders = [order(str(number), 商品名称=NASTY) for number in (1001, 1002)]
    cases = [case("9001", "1001", 售后状态="已办结"), case("9002", "1002"), case("9003", "7777", 退款金额="¥30.00")]
    files = [
        write_orders(folder / "订单.csv", *orders),
        write_cases(folder / "售后.csv", *cases),
        write_flows(folder / "流水.csv", flow("1", "8888", "晚发立赔", "5.00"), flow("2", "", "提现", "500.00")),
    ]
    for path in files:
        imports.import_file(warehouse, path, imports.ImportOptions(shop="甲店"), actor=OWNER, now=NOW)


def put_sound(warehouse, *, today, actor) -> None:
    """A shop of one order and its case."""
    folder = warehouse.staging
    files = [write_orders(folder / "订单.csv", order("1001")), write_cases(folder / "售后.csv", case("9", "1001"))]
    for path in files:
        imports.import_file(warehouse, path, imports.ImportOptions(shop="甲店"), actor=OWNER, now=NOW)


def put_cases_only(warehouse, *, today, actor) -> None:
    """A shop whose orders are not loaded."""
    path = write_cases(warehouse.staging / "售后.csv", case("9", "1001"))
    imports.import_file(warehouse, path, imports.ImportOptions(shop="甲店"), actor=OWNER, now=NOW)


def put_nothing(warehouse, *, today, actor) -> None:
    """No shop at all."""


@pytest.fixture
def shop(tmp_path, monkeypatch) -> Iterator[Callable[..., Callable[..., AppTest]]]:
    """Open a ledger of its own with what a function puts into it; gives a function that draws the page."""
    home = (tmp_path / "账本 家").resolve()
    monkeypatch.setenv("REFUND_LEDGER_HOME", str(home))

    def opened(put: Callable[..., None]) -> Callable[..., AppTest]:
        monkeypatch.setattr(opening.sample, "ensure_sample_shop", put)
        ready = opening.of(home)
        ready.wait(PATIENCE_SECONDS)
        assert ready.is_ready, ready.problem or ready.code
        return draw

    def draw(locale: str = "zh-CN", **query: str) -> AppTest:
        page = AppTest.from_file(str(FRAME), default_timeout=60)
        page.context = {"locale": locale}
        for name, value in query.items():
            page.query_params[name] = value
        page.switch_page("../../pages/health.py")
        return page.run()

    yield opened
    opening.forget(home)


def warehouse_of(home: Path):
    return opening.of(home.resolve()).warehouse


def table(page: AppTest, column: str):
    """The first table that has a column of this title's field."""
    return next(frame.value for frame in page.dataframe if column in frame.value.columns)


def metrics(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def grid(page: AppTest, place: int) -> dict:
    return json.loads(page.get("plotly_chart")[place].proto.spec)["data"][0]


def texts_of(page: AppTest) -> list[str]:
    return [str(getattr(element, "value", "")) for kind in SHOWING for element in page.get(kind)]


def test_the_sample_shop_is_answered_with_numbers_and_four_figures(show):
    page = show(page="health")
    assert not page.exception
    assert re.fullmatch(r"\d+ 件事要处理，涉及 ¥[\d,.]+万?", page.title[0].value)
    assert list(metrics(page)) == ["损失里有据可查的", "文件齐的月份", "不认识的词", "没通过的核对"]
    assert metrics(page)["没通过的核对"] == "—"


def test_the_title_adds_up_what_is_to_be_handled_and_leaves_out_what_is_good_to_know(show):
    page = show(page="health")
    findings = table(page, "means")
    assert "知道就好" in set(findings["weight"])
    handled = findings[findings["weight"] == "要处理"]
    count, money = re.fullmatch(r"(\d+) 件事要处理，涉及 ¥([\d,.]+)", page.title[0].value).groups()
    assert float(money.replace(",", "")) == pytest.approx(handled["amount_fen"].abs().sum())
    assert int(count) == len({what.split("：")[0] for what in handled["what"]})


def test_a_kind_of_file_that_was_never_imported_is_missing_in_every_month_of_the_grid(show):
    page = show(page="health")
    cells = dict(zip(grid(page, 0)["y"], grid(page, 0)["text"], strict=True))
    assert set(cells["结算账单"]) == {"缺"}
    assert "✓" in cells["动账明细"]
    gaps = table(page, "gap")
    assert any("缺结算账单" in gap for gap in gaps["gap"])
    assert all(gaps["effect"])


def test_an_english_browser_gets_an_english_page(show):
    page = show("en-GB", page="health")
    assert page.title[0].value.startswith("To handle: ")
    assert not [text for text in texts_of(page) if CHINESE.search(text) and "示例店" not in text]


def test_a_finding_in_the_address_opens_its_rows_and_a_mistyped_one_opens_nothing(show):
    page = show(page="health", finding="unmatched_cases:")
    rows = table(page, "source_row")
    found = table(page, "means").set_index("what").loc["售后单的订单没导入"]
    assert len(rows) == found["count"]
    assert rows["amount_fen"].sum() == pytest.approx(found["amount_fen"])
    for wrong in ("nothing:", "unmatched_cases:x", "'; drop table loads; --"):
        page = show(page="health", finding=wrong)
        assert not page.exception
        assert not any("source_row" in frame.value.columns for frame in page.dataframe)


def test_without_data_the_page_says_what_to_do(shop):
    page = shop(put_nothing)()
    assert not page.exception
    assert page.title[0].value == "还没有数据可以体检"
    assert any(button.label == "导入我的订单" for button in page.button)


def test_cases_without_any_order_are_found_and_the_page_says_that_orders_are_missing(shop):
    page = shop(put_cases_only)()
    assert not page.exception
    assert page.title[0].value == "1 件事要处理，涉及 ¥100.00"
    assert "还没有订单" in page.warning[0].value
    assert metrics(page)["文件齐的月份"] == "—"


def test_sound_data_has_no_findings(shop):
    page = shop(put_sound)()
    assert page.title[0].value == "没有发现问题"
    assert "没有要处理的事。" in [element.value for element in page.success]


def test_the_faults_of_a_shop_are_counted_by_hand(shop):
    page = shop(put_faults)()
    assert page.title[0].value == "3 件事要处理，涉及 ¥35.00"
    findings = table(page, "means").set_index("what")[["count", "amount_fen"]].astype(object)
    assert findings.loc["售后单的订单没导入"].tolist() == [1, 30.0]
    assert findings.loc["流水找不到订单：晚发立赔"].tolist() == [1, 5.0]
    assert findings.loc["不认识的词：售后状态 已办结"]["count"] == 1
    assert metrics(page)["不认识的词"] == "1"


def test_a_word_is_previewed_saved_and_taken_back(shop, tmp_path):
    page = shop(put_faults)()
    before = metrics(page)["损失里有据可查的"]
    page.button(key="health.preview").click().run()
    assert re.match(r"1 行会换成「成功」，涉及 ¥100\\.00。", page.info[0].value.replace("\\-", "-"))
    assert metrics(page)["不认识的词"] == "1"
    page.button(key="health.save").click().run()
    assert metrics(page)["不认识的词"] == "0"
    assert page.title[0].value == "2 件事要处理，涉及 ¥35.00"
    assert metrics(page)["损失里有据可查的"] != before
    assert any("已记住「已办结」 = 成功" in element.value for element in page.success)
    page.button(key="health.forget.case_status.已办结").click().run()
    assert page.title[0].value == "3 件事要处理，涉及 ¥35.00"
    assert metrics(page)["损失里有据可查的"] == before


def test_a_word_that_somebody_else_has_just_settled_is_refused_in_a_sentence(shop, tmp_path):
    page = shop(put_faults)()
    page.button(key="health.preview").click().run()
    held = warehouse_of(tmp_path / "账本 家")
    with held.transaction() as cursor:
        cursor.execute("insert into words values ('case_status', '已办结', 'failed', false)")
    page.button(key="health.save").click().run()
    assert not page.exception
    assert "程序已经认识它" in page.error[0].value
    with held.cursor() as cursor:
        assert words.audit.has_happened(cursor, words.MAPPED) is False


def test_the_checks_run_when_asked_and_name_what_fails(shop, tmp_path):
    page = shop(put_faults)()
    page.button(key="health.check").click().run()
    assert metrics(page)["没通过的核对"] == "0"
    with warehouse_of(tmp_path / "账本 家").transaction() as cursor:
        cursor.execute("update order_lines set progress = 1 where order_id = '1002'")
    page.run()
    assert metrics(page)["没通过的核对"] == "—"
    page.button(key="health.check").click().run()
    failing = table(page, "rule")
    assert int(metrics(page)["没通过的核对"]) == len(failing)
    assert "状态的先后和词的意思一致" in set(failing["rule"])
    assert page.title[0].value.startswith("4 件事要处理")


def test_names_of_others_are_never_markup(shop):
    page = shop(put_faults)(finding="unmatched_cases:")
    assert not [text for text in texts_of(page) if "![" in text]
    assert "http" not in json.dumps(grid(page, 0)["text"])
