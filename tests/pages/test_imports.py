"""数据导入 without a browser: dropping, previewing, confirming, taking back, and what the page says about each."""

from __future__ import annotations

import re
import threading
from datetime import datetime
from pathlib import Path

import msoffcrypto
import pytest
from streamlit.testing.v1 import AppTest

from analytics.actions import imports
from analytics.actions.import_desk import ImportDesk
from analytics.domain.loads import Actor
from analytics.store.shops import SAMPLE_SHOP
from analytics.ui import import_receipts, import_session, opening, session
from tests.intake.makers import write_workbook
from tests.journeys.exports import ORDER_HEADERS, case, order, write_cases, write_orders
from tests.pages.conftest import FRAME

CHINESE = re.compile(r"[\u3400-\u9fff]")
NOW = datetime(2026, 11, 23, 9)
ME = Actor("小甲")
PATIENCE = 60.0
NOTHING_SOLD = "这段时间没有订单"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A ledger without the sample shop, open as the app holds it."""
    folder = (tmp_path / "账本 家").resolve()
    monkeypatch.setenv("REFUND_LEDGER_HOME", str(folder))
    monkeypatch.setattr(opening.sample, "ensure_sample_shop", lambda warehouse, *, today, actor: None)
    opened = opening.of(folder)
    opened.wait(PATIENCE)
    assert opened.is_ready
    yield folder
    import_session.forget(folder)
    opening.forget(folder)


@pytest.fixture
def warehouse(home):
    return opening.of(home).warehouse


def page_of(locale: str = "zh-CN", page: str = "imports", **query: str) -> AppTest:
    """A session of its own, on the page."""
    test = AppTest.from_file(str(FRAME), default_timeout=60)
    test.context = {"locale": locale}
    for name, value in query.items():
        test.query_params[name] = value
    if page != "overview":
        test.switch_page(f"../../pages/{page}.py")
    return test.run()


def desk_of(home: Path) -> ImportDesk:
    return import_session._desks[home]


def dropped(page: AppTest, home: Path, *paths: Path) -> AppTest:
    """Drop files and wait until the desk has looked at them."""
    for path in paths:
        page.file_uploader[0].upload(path.name, path.read_bytes())
    page.run()
    return settled(page, home)


def settled(page: AppTest, home: Path) -> AppTest:
    desk_of(home).wait(session_drop(page), PATIENCE)
    return page.run()


def session_drop(page: AppTest) -> str:
    """The id of a session's drop, from its address."""
    found = page.query_params["drop"]
    return found[0] if isinstance(found, list) else found


def pressed(page: AppTest, home: Path, key: str) -> AppTest:
    page.button(key=key).click().run()
    return settled(page, home)


def named(page: AppTest, shop: str) -> AppTest:
    """Type a shop's name; the test driver knows only options that are there already."""
    box = page.selectbox(key="imports.shop")
    box.options.append(shop)
    return box.set_value(shop).run()


def undo_key(page: AppTest) -> str:
    return next(button.key for button in page.button if button.key.startswith("imports.undo.") and button.key.endswith(".yes"))


def texts(page: AppTest) -> str:
    plain = [*page.title, *page.subheader, *page.caption, *page.markdown, *page.error, *page.warning, *page.info, *page.success]
    boxes = [*page.selectbox, *page.button, *page.text_input, *page.expander, *page.file_uploader]
    badges = [badge.value for badge in page.get("badge") if hasattr(badge, "value")]
    return "\n".join([*(element.value for element in plain), *(element.label for element in boxes), *badges])


def orders(folder: Path, *ids: str, name: str = "订单导出_20261101090000.csv", **cells: str) -> Path:
    return write_orders(folder / "导出" / name, *(order(one, **cells) for one in ids))


def kept(page: AppTest) -> str:
    return page.title[0].value


def test_without_any_data_the_page_is_the_drop_zone_and_what_to_export(home):
    page = page_of()
    assert not page.exception
    assert kept(page) == "把后台导出的文件拖进来，就有自己的账"
    assert page.file_uploader[0].label.startswith("把导出的文件拖到这里")
    assert page.selectbox(key="imports.shop").value == "店铺1"
    assert [one.label.split(" ")[0] for one in page.expander][:2] == ["订单", "售后单"]
    assert all("还没有" in one.label for one in page.expander)
    assert len(page.expander) == 9
    assert not page.dataframe


def test_with_the_sample_alone_the_history_shows_it_and_the_title_still_asks_for_own_files(show):
    page = show(page="imports")
    assert not page.exception
    assert kept(page).startswith("把后台导出的文件拖进来")
    assert set(page.dataframe[0].value["shop"]) == {SAMPLE_SHOP}
    assert SAMPLE_SHOP not in page.selectbox(key="imports.shop").options


def test_from_a_dropped_file_to_figures_and_back(home, tmp_path):
    page = page_of()
    path = write_orders(tmp_path / "订单导出_20261101090000.csv", order("1001"), order("1002", 实付款="¥50.00"))
    page = dropped(page, home, path)
    assert "新增 **2**" in texts(page)
    assert "实付款 **¥150.00**" in texts(page)
    assert "2026-10-01 至 2026-10-01" in texts(page)
    assert page_of(page="overview").title[0].value == NOTHING_SOLD  # nothing is stored by a preview
    page = pressed(page, home, "imports.confirm.below")
    assert "2 行 = 新增 2 + 更新 0 + 未变 0 + 搁置 0" in texts(page)
    assert "文件里 ¥150.00 = 账本里 ¥150.00" in texts(page)
    assert kept(page) == "账上有 1 个文件、2 行，订单到 2026-10-01"
    assert "卖出 ¥150.00" in page_of(page="overview", period="all").title[0].value
    asked = texts(page)
    assert "会少掉它新增的 **2** 行" in asked
    page = pressed(page, home, undo_key(page))
    assert kept(page) == "把后台导出的文件拖进来，就有自己的账"
    assert "已撤销「订单导出\\_20261101090000\\.csv」" in texts(page)
    assert page.dataframe[0].value["state"].str.startswith("已撤销").all()
    assert page_of(page="overview").title[0].value == NOTHING_SOLD


def test_many_files_get_a_card_each_and_go_in_together(home, tmp_path):
    files = [orders(tmp_path, str(1000 + number), name=f"订单 {number}.csv") for number in range(5)]
    page = dropped(page_of(), home, *files, write_cases(tmp_path / "售后单.csv", case("5001", "1001")))
    assert page.button(key="imports.confirm.above").label == "确认导入 6 个文件"
    assert any("实际新增会少一些" in caption.value for caption in page.caption)
    page = pressed(page, home, "imports.confirm.above")
    assert kept(page) == "账上有 6 个文件、6 行，订单到 2026-10-01"
    assert "申请退款" not in texts(page)
    assert not [one for one in page.expander if one.label.startswith("还没有售后单")]
    assert [one for one in page.expander if one.label.startswith("还没有动账明细")]


def test_the_shop_can_be_a_new_one_and_is_remembered(home, warehouse, tmp_path):
    page = page_of()
    named(page, "阿珍好物")
    page = dropped(page, home, orders(tmp_path, "1001"))
    page = pressed(page, home, "imports.confirm.below")
    assert imports.list_imports(warehouse, actor=ME)[0].shop == "阿珍好物"
    assert page_of().selectbox(key="imports.shop").value == "阿珍好物"


def test_a_wrong_shop_is_put_right_before_anything_is_stored(home, warehouse, tmp_path):
    page = dropped(page_of(), home, orders(tmp_path, "1001"))
    page = settled(named(page, "阿珍好物"), home)
    assert "店铺「阿珍好物」" in texts(page)
    pressed(page, home, "imports.confirm.below")
    assert [receipt.shop for receipt in imports.list_imports(warehouse, actor=ME)] == ["阿珍好物"]


def test_nobody_can_put_files_into_the_sample_shop(home, warehouse, tmp_path):
    page = page_of()
    named(page, SAMPLE_SHOP)
    assert "示例数据的名字" in page.error[0].value
    path = orders(tmp_path, "1001")
    page.file_uploader[0].upload(path.name, path.read_bytes()).run()
    assert not [button for button in page.button if button.key.startswith("imports.confirm")]
    assert imports.list_imports(warehouse, actor=ME) == []


def test_bad_rows_are_told_one_by_one_set_aside_and_can_be_taken_along(home, warehouse, tmp_path):
    path = write_orders(tmp_path / "订单.csv", order("1001"), order("1002", 实付款="12圆"))
    page = dropped(page_of(), home, path)
    (found,) = [one for one in page.expander if "有问题" in one.label]
    assert found.label == "1 行有问题，先搁置（1 处）"
    (row,) = page.dataframe[0].value.to_dict("records")
    assert (row["row"], row["column"], "12圆" in row["found"]) == (3, "实付款", True)
    assert row["remedy"]
    page = pressed(page, home, "imports.confirm.below")
    assert "2 行 = 新增 1 + 更新 0 + 未变 0 + 搁置 1" in texts(page)
    (rejected,) = imports.rejected_rows(warehouse, 1, actor=ME)
    assert (rejected.row, rejected.cells["订单号"]) == (3, "1002")
    assert "13900000007" not in str(rejected)
    keys = [button.key for button in page.get("download_button") if button.key and button.key.startswith("imports.rejected.")]
    assert [key.rsplit(".", 1)[1] for key in keys] == ["csv", "xlsx"]
    name = import_receipts.plain_name_of(imports.find_receipt(warehouse, 1, actor=ME))
    assert name == "订单"  # what is downloaded about it gets an ending of its own


@pytest.mark.parametrize(("name", "content"), [("空.csv", b""), ("程序.xlsx", b"MZ\x90\x00" * 99), ("说明.csv", b"a,b\n1,2\n")])
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(home, warehouse, name, content):
    page = page_of()
    page.file_uploader[0].upload(name, content).run()
    page = settled(page, home)
    assert not page.exception
    assert page.error[0].value.replace("\\", "").startswith(f"「{name}」")
    assert "Traceback" not in texts(page)
    assert imports.list_imports(warehouse, actor=ME) == []


def test_a_protected_file_asks_for_its_password_and_only_then(home, tmp_path):
    lines = [ORDER_HEADERS, [order("1001").get(name, "") for name in ORDER_HEADERS]]
    plain, path = write_workbook(tmp_path / "plain.xlsx", {"Sheet1": lines}), tmp_path / "订单导出_加密.xlsx"
    with plain.open("rb") as source, path.open("wb") as target:
        msoffcrypto.OfficeFile(source).encrypt("k7Qm2x", target)
    page = dropped(page_of(), home, plain, path)
    assert len(page.text_input) == 1
    page.text_input[0].set_value("wrong1").run()
    page = settled(page, home)
    assert "这个密码打不开它" in texts(page)
    page.text_input[0].set_value("k7Qm2x").run()
    page = settled(page, home)
    assert not page.text_input
    assert page.button(key="imports.confirm.below").label == "确认导入 2 个文件"
    assert "k7Qm2x" not in str(page.session_state)


def test_the_same_file_again_says_since_when_it_is_in(home, warehouse, tmp_path):
    path = orders(tmp_path, "1001")
    imports.import_file(warehouse, path, imports.ImportOptions(shop="店铺1"), actor=ME, now=NOW)
    page = dropped(page_of(), home, path)
    assert "已在 2026-11-23 09:00 由小甲导入（编号 1）" in texts(page)
    assert not [button for button in page.button if button.key.startswith("imports.confirm")]


def test_the_tag_question_is_asked_of_order_lists_only_and_prefilled_from_the_name(home, warehouse, tmp_path):
    urged = orders(tmp_path, "1001", name="催发货订单.csv")
    page = dropped(page_of(), home, urged, write_cases(tmp_path / "售后单.csv", case("5001", "1001")))
    (asked,) = [box for box in page.selectbox if box.label == "这份订单是"]
    assert asked.value == "urge_ship"
    assert asked.options == ["全部订单", "优先发货", "催发货", "修改地址"]
    (when,) = page.datetime_input
    when.set_value(datetime(2026, 10, 2, 8)).run()
    page = settled(page, home)
    assert "导出时间 2026-10-02 08:00" in texts(page)
    pressed(page, home, "imports.confirm.below")
    with warehouse.cursor() as cursor:
        assert cursor.execute("select tool, seen_at from tag_sightings").fetchall() == [("urge_ship", datetime(2026, 10, 2, 8))]


def test_another_language_in_the_middle_draws_another_box_for_what_a_list_is(home, tmp_path):
    """A browser sends titles: those of the other language would be taken for an answer."""
    page = dropped(page_of(), home, orders(tmp_path, "1001"))
    keys = set()
    for language in ("en", "zh", "en"):
        next(one for one in page.get("segmented_control") if one.key == "lang").set_value(language).run()
        page = settled(page, home)
        keys |= {box.key for box in page.selectbox if box.key.startswith("imports.list.")}
    assert len(keys) == 2
    assert [(job.revision, job.staged.list_kind) for job in desk_of(home).jobs(session_drop(page), actor=ME)] == [(0, "all")]


def test_a_list_may_be_called_all_orders_after_all(home, warehouse, tmp_path):
    page = dropped(page_of(), home, orders(tmp_path, "1001", name="催发货订单.csv"))
    next(box for box in page.selectbox if box.label == "这份订单是").set_value("all").run()
    page = settled(page, home)
    assert not page.datetime_input
    pressed(page, home, "imports.confirm.below")
    with warehouse.cursor() as cursor:
        assert cursor.execute("select count(*) from tag_sightings").fetchall() == [(0,)]


def test_a_file_of_another_shop_is_asked_about(home, warehouse, tmp_path):
    for shop, order_id in (("乙店", "1001"), ("店铺1", "9001")):
        path = orders(tmp_path, order_id, name=f"{shop}.csv")
        imports.import_file(warehouse, path, imports.ImportOptions(shop=shop), actor=Actor("本机"), now=NOW)
    page = dropped(page_of(), home, orders(tmp_path, "1001", name="新.csv", 实付款="¥90.00"))
    assert "100.0% 的订单号已经在店铺「乙店」名下" in page.warning[0].value
    assert not [button for button in page.button if button.key.startswith("imports.confirm")]
    page = pressed(page, home, next(button.key for button in page.button if button.label == "放进「乙店」"))
    assert "店铺「乙店」" in texts(page)
    page = pressed(page, home, "imports.confirm.below")
    assert imports.list_imports(warehouse, actor=ME)[0].shop == "乙店"


def test_a_cancelled_file_is_gone_and_the_others_go_in(home, warehouse, tmp_path):
    page = dropped(page_of(), home, orders(tmp_path, "1001", name="甲.csv"), orders(tmp_path, "1002", name="乙.csv"))
    page = pressed(page, home, next(button.key for button in page.button if button.key.startswith("imports.cancel.")))
    assert page.button(key="imports.confirm.below").label == "确认导入 1 个文件"
    page = pressed(page, home, "imports.confirm.below")
    assert [receipt.file for receipt in imports.list_imports(warehouse, actor=ME)] == ["乙.csv"]
    page = pressed(page, home, "imports.put_away.below")
    assert not [one for one in page.subheader if one.value.startswith("拖进来的文件")]


def test_a_page_drawn_anew_finds_its_files_again_and_a_new_session_does_not(home, tmp_path):
    page = dropped(page_of(), home, orders(tmp_path, "1001"))
    (drop,) = page.query_params["drop"] if isinstance(page.query_params["drop"], list) else [page.query_params["drop"]]
    assert page_of(drop=drop).button(key="imports.confirm.below")
    assert not [button for button in page_of().button if button.key.startswith("imports.confirm")]


def test_two_people_import_one_after_the_other_and_the_second_sees_it(home, warehouse, tmp_path, monkeypatch):
    may_go_on, store = threading.Event(), imports.store_staged
    monkeypatch.setattr(imports, "store_staged", lambda *args, **kwargs: may_go_on.wait(PATIENCE) and store(*args, **kwargs))
    first = dropped(page_of(), home, orders(tmp_path, "1001", name="甲.csv"))
    second = dropped(page_of(), home, orders(tmp_path, "1002", name="乙.csv"))
    first.button(key="imports.confirm.below").click().run()
    second = second.run()
    assert "本机正在导入，还有 1 个文件在排队" in second.info[0].value
    second.button(key="imports.confirm.below").click().run()
    assert "前面还有 1 个" in " ".join(bar.proto.text for bar in second.get("progress"))
    may_go_on.set()
    settled(second, home)
    settled(first, home)
    assert len(imports.list_imports(warehouse, actor=ME)) == 2


def test_a_fault_while_storing_shows_a_code_and_no_inner_words(home, warehouse, tmp_path, monkeypatch):
    def break_down(*args, **kwargs):
        raise RuntimeError("inner words")

    monkeypatch.setattr(imports, "store_staged", break_down)
    page = dropped(page_of(), home, orders(tmp_path, "1001"))
    page = pressed(page, home, "imports.confirm.below")
    assert re.search(r"错误代码 [0-9a-f]{8}", page.error[0].value)
    assert "inner words" not in texts(page)
    assert imports.list_imports(warehouse, actor=ME) == []


def test_after_the_first_own_import_the_sample_shop_can_be_removed(home, warehouse, tmp_path):
    path = orders(tmp_path, "3001", name="示例.csv")
    imports.import_file(warehouse, path, imports.ImportOptions(shop=SAMPLE_SHOP), actor=ME, now=NOW)
    page = page_of()
    assert "imports.sample.remove" not in {button.key for button in page.button}
    page = dropped(page, home, orders(tmp_path, "1001"))
    page = pressed(page, home, "imports.confirm.below")
    page = pressed(page, home, "imports.sample.remove")
    assert "示例店已移除" in texts(page)
    assert "imports.sample.remove" not in {button.key for button in page.button}
    with warehouse.cursor() as cursor:
        assert cursor.execute("select shop, order_id from order_lines").fetchall() == [("店铺1", "1001")]


def test_the_history_is_filtered_and_a_receipt_opens_by_its_address(home, warehouse, tmp_path):
    for number, shop in enumerate(("甲店", "乙店", "乙店")):
        path = orders(tmp_path, str(1001 + number), name=f"{number}.csv")
        imports.import_file(warehouse, path, imports.ImportOptions(shop=shop), actor=ME, now=NOW)
    imports.undo_import(warehouse, 3, actor=ME, now=NOW)
    assert list(page_of().dataframe[0].value["load_id"]) == [3, 2, 1]
    assert list(page_of(of_shop="乙店", of_state="held").dataframe[0].value["load_id"]) == [2]
    assert list(page_of(of_state="undone").dataframe[0].value["load_id"]) == [3]
    page = page_of(receipt="2")
    assert "回执 · 1\\.csv" in texts(page)
    assert "1 行 = 新增 1" in texts(page)
    assert "没有这张回执" in texts(page_of(receipt="99"))
    assert "没有这张回执" in texts(page_of(receipt="'; drop table loads; --"))


def test_who_may_only_look_sees_the_history_and_nothing_to_press(home, warehouse, tmp_path, monkeypatch):
    imports.import_file(warehouse, orders(tmp_path, "1001"), imports.ImportOptions(shop="甲店"), actor=ME, now=NOW)
    monkeypatch.setattr(session, "actor", lambda: Actor("看板", "view"))
    page = page_of(receipt="1")
    assert not page.exception
    assert not page.file_uploader
    assert len(page.dataframe) == 1
    assert not [button for button in page.button if button.key.startswith("imports.undo")]


def test_a_files_name_is_shown_as_it_stands_and_never_with_a_persons_number(home, warehouse):
    name = "<img src=x onerror=alert(1)> **粗** ![t](http:evil.png) $x$ 😀 13900000007.csv"
    page = page_of()
    page.file_uploader[0].upload(name, b"").run()
    page = settled(page, home)
    shown = texts(page)
    assert "13900000007" not in shown
    assert r"\<img src\=x" in shown or r"\<img" in shown
    assert "![t]" not in shown
    assert "**粗**" not in shown


def test_an_english_browser_gets_an_english_page(home, tmp_path, monkeypatch):
    monkeypatch.setattr(session, "actor", lambda: Actor("Ann"))
    path = write_orders(tmp_path / "orders.csv", order("1001"), order("1002"))
    page = page_of("en-GB")
    named(page, "Shop A")
    page = dropped(page, home, path)
    assert not [line for line in texts(page).splitlines() if CHINESE.search(line)]
    page = pressed(page, home, "imports.confirm.below")
    assert kept(page) == "Files in the ledger: 1, with 2 rows; orders until 2026-10-01"
    assert not [line for line in texts(page).splitlines() if CHINESE.search(line)]


def test_each_kind_of_file_says_where_it_comes_from_and_what_it_gives(home):
    page = page_of()
    where = [text.value for text in page.markdown if text.value.startswith("**在哪里：**")]
    assert len(where) == 9
    assert sum("菜单名可能不同" in text for text in where) == 6
    assert len([one for one in page.get("download_button") if one.key and one.key.startswith("imports.template.")]) == 4


def test_the_account_warns_while_refunds_count_whose_orders_are_not_in(home, warehouse, tmp_path):
    asks = "1 单退款（¥60.00）的订单还没导入"
    shop = imports.ImportOptions(shop="店铺1")
    cases = (case("5001", "1001"), case("5002", "1002", 退款金额="¥60.00", 实付款="¥60.00"))
    for path in (orders(tmp_path, "1001"), write_cases(tmp_path / "售后单.csv", *cases)):
        imports.import_file(warehouse, path, shop, actor=ME, now=NOW)
    for page in ("overview", "losses"):
        assert sum(asks in one.value for one in page_of(page=page).warning) == 1
    imports.import_file(warehouse, orders(tmp_path, "1002", name="订单2.csv"), shop, actor=ME, now=NOW)
    assert not page_of(page="overview").warning
