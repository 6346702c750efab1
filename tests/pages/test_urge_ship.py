"""催发货 without a browser: a real shop's list, what can be done with it, who was first, the alarm, and the sample's clock."""

from __future__ import annotations

import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.actions import ledger, urges
from analytics.domain.loads import Actor
from analytics.domain.urges import SeenOrder
from analytics.ui import import_session, opening, session, urge_marks
from tests.journeys.urge_shop import HOUR, SHOP, load, waiting
from tests.pages.conftest import FRAME

NOW = datetime(2026, 11, 27, 12, 10)
AMIN = Actor("阿敏")
PATIENCE = 120.0
COUNT = 12


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A ledger with one real shop of a dozen urged orders, one late order and one to ship first, to be copied."""
    folder = tmp_path_factory.mktemp("催发货")
    with ledger.ledger_of(folder / "home") as warehouse:
        listed_at = NOW - HOUR
        load(warehouse, folder, listed_at - HOUR, waiting(50, NOW, hours_left=-2), kind="all")
        load(warehouse, folder, listed_at - HOUR, waiting(51, NOW, hours_left=30), kind="priority_ship")
        load(warehouse, folder, listed_at, *(waiting(number, NOW, hours_left=number - 2.5) for number in range(COUNT)))
        urges.open_orders(warehouse, actor=AMIN, shops=(SHOP,), now=NOW, is_patient=True)
    return folder / "home"


@pytest.fixture
def home(made, tmp_path, monkeypatch):
    """A copy that a test may change, open as the app holds it."""
    folder = Path(shutil.copytree(made, tmp_path / "账本 家")).resolve()
    monkeypatch.setenv("REFUND_LEDGER_HOME", str(folder))
    monkeypatch.setattr(opening.sample, "ensure_sample_shop", lambda warehouse, **_: None)
    monkeypatch.setattr(session, "now", lambda: NOW)
    opening.of(folder).wait(PATIENCE)
    yield folder
    import_session.forget(folder)
    opening.forget(folder)


@pytest.fixture
def warehouse(home):
    return opening.of(home).warehouse


def page_of(locale: str = "zh-CN", **query: str) -> AppTest:
    """A session of its own on the page."""
    test = AppTest.from_file(str(FRAME), default_timeout=PATIENCE)
    test.context = {"locale": locale}
    for name, value in query.items():
        test.query_params[name] = value
    test.switch_page("../../pages/urge_ship.py")
    return sound(test.run())


def sound(page: AppTest) -> AppTest:
    assert not page.exception
    assert not page.error, [error.value for error in page.error]
    return page


def table(page: AppTest):
    return page.dataframe[0].value


def choose(page: AppTest, *numbers: int) -> AppTest:
    """Choose rows as a click on their boxes would: AppTest cannot click into a table."""
    seen = page.session_state["urges.seen"]
    page.session_state["urges.picked"] = {key: seen[key] for key in map(key_of, numbers)}
    return sound(page.run())


def key_of(number: int) -> tuple[str, str]:
    return SHOP, str(2600000000000000 + number)


def press(page: AppTest, key: str) -> AppTest:
    return sound(page.button(key=key).click().run())


def keys(page: AppTest) -> set[str]:
    return {button.key for button in page.button}


def states(warehouse) -> dict[str, str]:
    rows = urges.list_urges(warehouse, actor=AMIN, shops=(SHOP,), now=NOW, tab=None)
    return dict(zip(rows["order_id"], rows["state"], strict=True))


def said(page: AppTest) -> str:
    return "\n".join(element.value for element in (*page.markdown, *page.caption, *page.warning, *page.info))


def test_the_page_says_what_waits_and_lists_it_in_the_order_of_the_money(home):
    page = page_of()
    assert re.match(r"12 单买家在催，3 单已超承诺时间，货款共 ¥[\d,.]+万$", page.title[0].value)
    assert [metric.value for metric in page.metric[:3]] == ["12", "3", "4"]
    assert "数据截至 11:10，距今 1 小时" in said(page)
    assert list(table(page)["rank"]) == list(range(1, COUNT + 1))
    assert list(table(page)["paid_fen"])[:2] == [1000.0, 999.0]
    assert page.dataframe[0].proto.alt


def test_a_shop_that_has_shipped_no_urged_order_yet_says_so_instead_of_drawing_axes(home):
    page = page_of()
    assert "催过的单还没有一单发出。" in said(page)


def test_the_other_views_hold_what_is_late_or_to_ship_first_and_the_address_keeps_the_view(home):
    page = page_of(view="promise")
    assert list(table(page)["order_id"]) == [key_of(50)[1]]
    assert list(table(page_of(view="priority"))["order_id"]) == [key_of(51)[1]]


def test_chosen_orders_are_taken_with_one_press_and_given_back_with_another(home, warehouse):
    page = choose(page_of(), 0, 1)
    assert "**已选 2 单**" in said(page)
    assert "只记在这里，不会发到快手。" in said(page)
    page = press(page, "urges.bar.taken")
    assert [states(warehouse)[key_of(number)[1]] for number in (0, 1, 2)] == ["taken", "taken", "open"]
    assert "2 单已领取。" in said(page)
    assert "urges.bar.taken" not in keys(page)
    assert "本机 已领取" in table(page)["state"].iloc[0]
    page = press(page, "urges.undo")
    assert set(states(warehouse).values()) == {"open"}


def test_nothing_is_to_be_done_while_nothing_is_chosen(home):
    assert not [key for key in keys(page_of()) if key and key.startswith("urges.bar")]


def test_who_came_first_keeps_the_order_and_the_second_is_told(home, warehouse):
    page = choose(page_of(), 0, 1, 2)
    urges.mark_orders(warehouse, [SeenOrder(*key_of(1), 0)], "taken", actor=AMIN, now=NOW.replace(hour=9, minute=31))
    page = press(page, "urges.bar.shipped")
    assert "阿敏 在 09:31 已领取其中 1 单，这些没有改动；其余的归您。" in said(page)
    assert "2 单已标记发货。" in said(page)
    assert [states(warehouse)[key_of(number)[1]] for number in (0, 1, 2)] == ["shipped", "taken", "shipped"]


def test_a_dismissal_needs_a_reason_and_the_page_says_so(home, warehouse):
    page = choose(page_of(), 0)
    page = page.button(key="urges.bar.dismiss.set").click().run()
    assert any("没有原因" in error.value for error in page.error)
    assert "**已选 1 单**" in "\n".join(one.value for one in page.markdown)  # the choice is not lost
    page = page.button(key="urges.bar.dismiss.no_stock").click().run()
    assert states(warehouse)[key_of(0)[1]] == "dismissed"
    assert list(table(page_of(view="handled"))["state"]) == ["本机 忽略：没货"]


def test_a_filed_delay_takes_the_order_out_of_the_late_ones_and_offers_a_text_for_the_buyers(home, warehouse):
    page = choose(page_of(view="promise"), 50)
    assert any("因恶劣天气" in code.value for code in page.code)
    page = press(page, "urges.bar.delay.set")
    assert "1 单已报备延迟。" in said(page)
    assert "没有超时或快超时的单。" in said(page_of(view="promise"))


def test_the_cut_line_parts_the_list_and_chooses_what_lies_above(home):
    page = page_of(capacity="5")
    above, below = (frame.value for frame in page.dataframe[:2])
    assert (len(above), len(below)) == (5, COUNT - 5)
    assert "以上 5 单，以下 7 单要等明天" in said(page)
    page = press(page, "urges.pick_above")
    assert set(page.session_state["urges.picked"]) == {key_of(number) for number in range(5)}


def test_nonsense_in_the_address_of_the_list_does_no_harm(home):
    page = page_of(view="x", by="'; drop table", capacity="-3", look="?", order="1")
    assert len(table(page)) == COUNT


def test_one_order_opens_beside_the_list_with_its_times_its_reasons_and_its_history(home, warehouse):
    urges.mark_orders(warehouse, [SeenOrder(*key_of(3), 0)], "contacted", actor=AMIN, now=NOW)
    page = AppTest.from_file(str(FRAME), default_timeout=PATIENCE)
    page.context = {"locale": "zh-CN"}
    page.query_params["order"] = [key_of(3)[1], SHOP]
    page.switch_page("../../pages/urge_ship.py")
    page = sound(page.run())
    facts = next(frame.value for frame in page.dataframe if "fact" in frame.value)
    assert {"付款时间", "承诺发货时间", "退了要亏"} <= set(facts["fact"])
    history = next(frame.value for frame in page.dataframe if "note" in frame.value)
    assert list(history["who"]) == ["阿敏"]


def test_a_choice_survives_a_list_that_has_moved_and_never_names_another_order(home, warehouse):
    page = choose(page_of(), 2, 3)
    urges.mark_orders(warehouse, [SeenOrder(*key_of(0), 0)], "shipped", actor=AMIN, now=NOW)
    page = sound(page.run())
    assert list(table(page)["order_id"])[:2] == [key_of(1)[1], key_of(2)[1]]
    assert set(page.session_state["urges.picked"]) == {key_of(2), key_of(3)}
    urge_rows = [place for place, order_id in enumerate(table(page)["order_id"]) if order_id in (key_of(2)[1], key_of(3)[1])]
    assert urge_rows == [1, 2]


def test_the_alarm_comes_over_any_page_once_for_the_same_orders(home, warehouse):
    page = AppTest.from_file(str(FRAME), default_timeout=PATIENCE)
    page.context = {"locale": "zh-CN"}
    page = sound(page.switch_page("../../pages/costs.py").run())
    assert f"**{SHOP}**：12 单买家在催发货" in said(page)
    page = page.button(key="urges.alarm.not_again").click().run()
    assert "urges.alarm.go" not in keys(page)
    assert "urges.alarm.go" not in keys(page_of())  # nor for anybody else
    load(warehouse, home.parent, NOW - HOUR / 2, *(waiting(number, NOW) for number in range(COUNT + 1)))
    assert "urges.alarm.go" in keys(page_of())


def test_old_data_warns_and_raises_no_alarm(home, monkeypatch):
    later = NOW + timedelta(hours=5)
    monkeypatch.setattr(session, "now", lambda: later)
    page = page_of()
    assert "距今 6 小时。超过 4 小时" in page.warning[0].value
    assert "urges.alarm.go" not in keys(page)


def test_a_shop_sets_its_own_number_for_the_alarm(home, warehouse):
    page = page_of()
    page.button(key="urges.alarm.not_again").click().run()
    page.number_input(key=f"urges.threshold.{SHOP}").set_value(40).run()
    (alarm,) = urges.alarms(warehouse, actor=AMIN, shops=(SHOP,), now=NOW)
    assert alarm.threshold == 40


def test_a_click_on_a_table_names_orders_by_what_stood_there(home, monkeypatch):
    state = {"urges.seen": {("店铺1", "A"): 7}, "urges.picked": {("店铺1", "Z"): 1}, "grid": {"selection": {"rows": [0, 5]}}}
    monkeypatch.setattr(urge_marks.st, "session_state", state)
    urge_marks.take("grid", [("店铺1", "A"), ("店铺1", "B")])
    assert state["urges.picked"] == {("店铺1", "Z"): 1, ("店铺1", "A"): 7}  # a place beyond the rows is nobody's


@pytest.mark.parametrize("look", ["table", "cards"])
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_the_list_stands_in_both_looks_and_languages(home, look, locale):
    page = page_of(locale, look=look)
    if look == "cards":
        assert len([key for key in keys(page) if key and key.endswith(".shipped")]) == COUNT
    if locale == "en-GB":
        assert not re.search(r"[\u3400-\u9fff]", page.title[0].value)


def test_a_card_is_marked_with_one_thumb(home, warehouse):
    page = page_of(look="cards")
    page = press(page, f"urges.card.{'.'.join(key_of(0))}.shipped")
    assert states(warehouse)[key_of(0)[1]] == "shipped"
