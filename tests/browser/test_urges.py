"""The urge-to-ship list in real browsers: two operators on the same rows, the alarm over another page, one thumb on a phone."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from analytics.actions import ledger, urges
from tests.browser.ground import ME, PATIENCE_MS, Server, Visit
from tests.browser.test_journeys import downloaded, press
from tests.journeys.exports import write_orders
from tests.journeys.urge_shop import SHOP, load, waiting

FEW, ENOUGH = 6, 12  # urged orders: below and above the alarm's usual number
HEADER, ROW, BOX = 35, 35, 18  # pixels of a table: its header, a row, where the box of a row is
expect.set_options(timeout=PATIENCE_MS)
PHONE = "Mozilla/5.0 (Linux; Android 14; Phone) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"


@pytest.fixture
def home(tmp_path) -> Path:
    """A ledger with a real shop, a few of whose buyers urge; listed a minute ago."""
    with ledger.ledger_of(tmp_path / "家") as warehouse:
        now = (ledger.beijing_now() - timedelta(minutes=1)).replace(microsecond=0)
        load(warehouse, tmp_path, now, *(waiting(number, now) for number in range(FEW)))
    return tmp_path / "家"


@pytest.fixture
def server(home, fresh) -> Server:
    return fresh(home)


def tick(seen: Visit, *rows: int) -> Visit:
    """Click on the boxes of rows of the first table."""
    for row in rows:
        place = seen.page.get_by_test_id("stDataFrame").first.bounding_box()
        seen.page.mouse.click(place["x"] + BOX, place["y"] + HEADER + ROW * row + ROW / 2)
        seen.settled()
    return seen


def introduce(seen: Visit, name: str) -> Visit:
    """Say who works in this window."""
    field = seen.page.get_by_test_id("stSidebar").get_by_label(seen.words("person.label"), exact=True)
    field.fill(name)
    field.press("Enter")
    return seen.settled()


def foot(seen: Visit) -> Locator:
    return seen.page.get_by_test_id("stBottom")


def leave(server: Server, *visits: Visit) -> None:
    """Close the windows, then the app: what it has written down can be read now."""
    for seen in visits:
        seen.page.context.close()
    server.stop()


def history(home: Path, number: int) -> list[tuple[str, str, bool]]:
    with ledger.ledger_of(home) as warehouse:
        events = urges.history(warehouse, shop=SHOP, order_id=str(2600000000000000 + number), actor=ME)
    return [(event.actor, event.mark, bool(event.has_effect)) for event in events.itertuples()]


def test_two_operators_on_the_same_list_lose_no_action(home, server, visit):
    amin, xiaoli = (introduce(visit(server).open("urge_ship"), name) for name in ("阿敏", "小李"))
    tick(amin, 0, 1, 2)
    tick(xiaoli, 1, 2, 3)
    press(amin, amin.words("urge_ship.mark.taken"))
    expect(foot(amin)).to_contain_text(amin.words("urge_ship.told", orders="3", mark=amin.words("urge_ship.done.taken")))
    press(xiaoli, xiaoli.words("urge_ship.mark.shipped"))
    expect(foot(xiaoli)).to_contain_text(re.compile(r"阿敏 在 \d\d:\d\d 已领取其中 2 单，这些没有改动；其余的归您。"))
    expect(foot(xiaoli)).to_contain_text(xiaoli.words("urge_ship.told", orders="1", mark=xiaoli.words("urge_ship.done.shipped")))
    # The other window, in which nothing is chosen, has moved on by itself: what is marked shipped waits no more.
    expect(amin.page.get_by_role("heading", level=1)).to_contain_text("5 单买家在催")
    leave(server, amin, xiaoli)
    assert history(home, 0) == [("阿敏", "taken", True)]
    assert history(home, 1) == [("阿敏", "taken", True), ("小李", "shipped", False)]
    assert history(home, 2) == [("阿敏", "taken", True), ("小李", "shipped", False)]
    assert history(home, 3) == [("小李", "shipped", True)]


def test_a_newer_list_dropped_on_the_page_raises_the_alarm_over_any_other_page(server, visit, tmp_path):
    elsewhere = visit(server).open("costs")
    seen = visit(server).open("urge_ship")
    assert elsewhere.page.get_by_role("dialog").count() == 0
    now = ledger.beijing_now().replace(microsecond=0)
    export = write_orders(tmp_path / f"订单导出_{now:%Y%m%d%H%M%S}.csv", *(waiting(number, now) for number in range(ENOUGH)))
    seen.page.get_by_text(seen.words("urge_ship.drop"), exact=True).click()
    seen.page.locator("input[type=file]").first.set_input_files(export)
    press(seen, seen.words("imports.confirm", files="1"))
    alarm = elsewhere.page.get_by_role("dialog")
    expect(alarm).to_contain_text(seen.words("urge_ship.alarm.title", orders=str(ENOUGH)))
    alarm.get_by_role("button", name=seen.words("urge_ship.alarm.go")).click()
    elsewhere.page.wait_for_url("**/urge_ship*")
    elsewhere.settled()
    assert elsewhere.title.startswith(f"{ENOUGH} 单买家在催")
    assert elsewhere.page.get_by_role("dialog").count() == 0
    assert f"{elsewhere.words('urge_ship.name')} {ENOUGH}" in elsewhere.text  # in the menu


def test_the_search_keeps_what_is_being_typed_while_the_page_moves_on(server, visit):
    seen, other = visit(server).open("urge_ship"), visit(server).open("urge_ship")
    field = seen.page.get_by_label(seen.words("urge_ship.find"), exact=True)
    field.press_sequentially("试样商品")
    tick(other, 0)
    press(other, other.words("urge_ship.mark.shipped"))
    expect(seen.page.get_by_role("heading", level=1)).to_contain_text(f"{FEW - 1} 单买家在催")
    assert field.input_value() == "试样商品"


def test_chosen_orders_come_home_as_a_file_whose_numbers_survive(server, visit, tmp_path):
    seen = tick(visit(server).open("urge_ship"), 0, 2)
    _, path = downloaded(seen, seen.page.get_by_test_id("stMain").get_by_role("button", name=re.compile("CSV")).first, tmp_path)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["2600000000000000\t", "2600000000000002\t"]
    press_print = seen.page.get_by_role("button", name=seen.words("urge_ship.pick.print"), exact=False)
    _, paper = downloaded(seen, press_print, tmp_path)
    assert "2 件，2 单" in paper.read_text(encoding="utf-8")


def test_on_a_phone_the_list_is_cards_that_one_thumb_works(home, server, browser):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", user_agent=PHONE, is_mobile=True, has_touch=True
    )
    context.set_default_timeout(PATIENCE_MS)
    seen = Visit(context.new_page(), server, "zh").open("urge_ship")
    assert seen.overflow() == []
    main = seen.page.get_by_test_id("stMain")
    expect(main.get_by_role("button", name=re.compile(seen.words("urge_ship.mark.taken")))).to_have_count(FEW)
    button = main.get_by_role("button", name=re.compile(seen.words("urge_ship.mark.shipped"))).first
    size = button.bounding_box()
    assert size["width"] >= 100  # a thumb is no needle
    assert size["height"] >= 36
    button.tap()
    expect(foot(seen)).to_contain_text(seen.words("urge_ship.told", orders="1", mark=seen.words("urge_ship.done.shipped")))
    assert not seen.complaints
    leave(server, seen)
    assert history(home, 0) == [("本机", "shipped", True)]
