"""假设测算: the answer without any data, prefilled from the shop's own, what typing does to it and to the address."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from analytics.actions import account, sample
from analytics.domain.loads import Actor
from analytics.ui import opening
from tests.pages.conftest import FRAME, PATIENCE_SECONDS


@pytest.fixture(scope="module")
def empty_home(tmp_path_factory):
    """A folder whose ledger holds nothing, not even the sample shop."""
    home = (tmp_path_factory.mktemp("空") / "home").resolve()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("ensure_sample_shop", "complete_sample_shop"):
            patch.setattr(opening.sample, name, lambda *_, **__: None)
        opened = opening.of(home)
        opened.wait(PATIENCE_SECONDS)
    assert opened.is_ready
    yield home
    opening.forget(home)


@pytest.fixture
def bare(empty_home, monkeypatch):
    """Draw the page without any data."""
    monkeypatch.setenv("REFUND_LEDGER_HOME", str(empty_home))

    def run(locale: str = "zh-CN", **query: str) -> AppTest:
        test = AppTest.from_file(str(FRAME), default_timeout=60)
        test.context = {"locale": locale}
        for name, value in query.items():
            test.query_params[name] = value
        return test.switch_page("../../pages/what_if.py").run()

    return run


def drawn(page, key):
    """A chart as (name, value) pairs of its bars."""
    chart = next(each for each in page.get("plotly_chart") if key in each.proto.id)
    return [(trace["y"][0], trace["x"][0]) for trace in json.loads(chart.proto.spec)["data"] if trace["type"] == "bar"]


def in_address(page):
    """What the page itself keeps in the address."""
    return {name for name in page.query_params if name not in {"lang", "tab"}}


def badge_of(page, name):
    return page.number_input(key=f"one_order.{name}").label


def test_without_data_the_starter_assumptions_answer_and_say_so(bare):
    page = bare()
    assert not page.exception
    assert page.title[0].value == "卖 ¥100.00 的一单，退货退款：倒贴 ¥38.50，多卖一单才补得回来"
    assert [tile.value for tile in page.metric] == ["-¥38.50", "¥41.50", "¥80.00", "1 单"]
    assert "起步假设" in page.caption[0].value
    assert "假设" in badge_of(page, "price")
    assert page.button(key="one_order.import")
    assert in_address(page) == set()


def test_the_charts_show_the_account_and_all_endings(bare):
    page = bare()
    account = dict(drawn(page, "one_order.account"))
    assert account == {
        "应收销售额": 100, "退款（显性损失）": -100, "拉新营销费": -10, "退换物流费": -11.5, "退款处理费": -9, "货物资损": -8,
        "最后剩下": -38.5,
    }  # fmt: skip
    endings = drawn(page, "one_order.endings")
    assert len(endings) == 8
    assert endings[0] == ("没退", 41.5)
    assert ("<b>退货退款</b>", -38.5) in endings


def test_the_table_has_the_five_parts_of_every_ending_and_every_input_stands_in_its_download(bare):
    page = bare()
    table = page.dataframe[0].value
    row = table[table["ending"] == "退货退款"].iloc[0]
    assert [row[part] for part in ("sales", "acquisition", "logistics", "handling", "damage")] == [100, 10, 11.5, 9, 8]
    assert (row["hidden"], row["total"], row["profit"], row["lost"], row["make_up"]) == (38.5, 138.5, -38.5, 80, 1)


def test_the_trap_is_said_with_the_money_of_this_order(bare):
    page = bare()
    said = " ".join(each.value for each in page.markdown)
    assert "发货前就退，只再花 ¥1.00；劝住了、发走了、再退回来，要再花 ¥28.50" in said
    assert "留得住的把握要超过 38.1% 才划算" in said
    page.number_input(key="one_order.offer").set_value(60.0).run()
    assert "就算一定留得住也不划算" in " ".join(each.value for each in page.markdown)


def test_typing_changes_the_answer_and_stands_in_the_address_until_it_is_taken_back(bare):
    page = bare()
    page.number_input(key="one_order.price").set_value(200.0).run()
    assert page.title[0].value.startswith("卖 ¥200.00 的一单")
    assert page.query_params["price"] in ("200.00", ["200.00"])
    assert "手填" in badge_of(page, "price")
    page.number_input(key="one_order.price").set_value(100.0).run()
    assert in_address(page) == set()
    page.number_input(key="one_order.inspection").set_value(9.0).run()
    page.button(key="one_order.back").click().run()
    assert in_address(page) == set()
    assert page.title[0].value.startswith("卖 ¥100.00 的一单，退货退款：倒贴 ¥38.50")


def test_an_amount_may_be_typed_instead_of_a_share_and_the_money_stays(bare):
    page = bare(price="80.00")
    switch = next(each for each in page.get("segmented_control") if each.key == "one_order.as.goods_cost")
    switch.set_value("¥").run()
    assert page.number_input(key="one_order.goods_cost").value == 32.0
    assert page.metric[1].value == "¥32.50"
    page.number_input(key="one_order.price").set_value(100.0).run()
    assert page.metric[1].value == "¥49.50"
    switch = next(each for each in page.get("segmented_control") if each.key == "one_order.as.goods_cost")
    switch.set_value("%").run()
    assert page.number_input(key="one_order.goods_cost_rate").value == 32.0
    assert page.metric[1].value == "¥49.50"


def test_a_link_shows_the_same_order_in_another_language(bare):
    page = bare(price="129.00", goods_cost="45.00", ending="kept", lang="en")
    assert page.title[0].value.startswith("A ¥129.00 order, kept by the buyer")
    assert page.metric[0].value == "-¥63.90"
    assert in_address(page) == {"price", "goods_cost", "ending"}


def test_another_ending_is_chosen_by_name(bare):
    page = bare()
    pills = next(each for each in page.get("pills") if each.key == "ending")
    pills.set_value("none").run()
    assert page.title[0].value == "卖 ¥100.00 的一单，没退：赚 ¥41.50"
    assert in_address(page) == {"ending"}


@pytest.mark.parametrize(
    "query",
    [
        {"price": "abc"},
        {"price": "0", "goods_cost": "-3"},
        {"refund_share": "0.2"},
        {"minutes_returned": "1e999", "hourly_wage": "nan"},
        {"ending": "'; drop table orders; --"},
        {"price": "9" * 300, "offer": "off"},
    ],
)
def test_what_cannot_be_read_in_the_address_falls_back_to_the_usual_order(bare, query):
    page = bare(**query)
    assert not page.exception
    assert not page.error
    assert page.title[0].value == "卖 ¥100.00 的一单，退货退款：倒贴 ¥38.50，多卖一单才补得回来"
    assert in_address(page) == set()


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        ("before_shipment", "退款处理费 = 人工 ¥1.00。拉新费已经花了，退了就是白花；货没发，运费省下了。"),
        ("returned", "退换物流费 = 发货 ¥3.50 + 退回 ¥8.00；退款处理费 = 人工 ¥4.00 + 质检 ¥5.00。拉新费和发货运费都花了"),
        ("exchanged", "退换物流费 = 发货 ¥3.50 + 退回 ¥8.00 + 再发一次 ¥3.50"),
        ("none", "退换物流费 = 发货 ¥3.50。货留在买家手里"),
    ],
)
def test_the_account_says_what_its_steps_consist_of(bare, ending, said):
    page = bare(ending=ending)
    assert any(each.value.startswith(said) for each in page.caption), [each.value for each in page.caption]


def test_an_order_that_earns_nothing_unrefunded_makes_no_false_hope(bare):
    page = bare(goods_cost_rate="90%")
    assert "多卖也补不回来" in page.title[0].value
    assert page.metric[3].value == "补不回来"


def test_a_small_refund_is_told_to_be_booked_as_a_price_cut(bare):
    page = bare(refund="30.00", ending="kept")
    assert any("记作降价退款" in each.value for each in page.caption)


def test_with_data_the_shops_own_figures_fill_the_fields(show):
    page = show(page="what_if", tab="one_order")
    assert not page.exception
    assert not page.error
    price = page.number_input(key="one_order.price").value
    assert price != 100
    assert page.title[0].value.startswith(f"卖 ¥{price:.2f} 的一单")
    for name in ("price", "acquisition_per_order", "commission_rate", "goods_cost_rate"):
        assert "实测" in badge_of(page, name), name
    assert "假设" in badge_of(page, "inspection")
    assert in_address(page) == set()


def test_a_product_brings_its_own_price_and_cost(show, sample_home):
    held = opening.of(sample_home).warehouse
    sold = account.losses(held, ("product",), account.Filters(shops=(sample.SAMPLE_SHOP,)), actor=Actor("测试"))["rows"]
    page = show(page="what_if", tab="one_order")
    usual = page.number_input(key="one_order.price").value
    page.selectbox(key="product").select(sold.iloc[0]["product"]).run()
    assert page.number_input(key="one_order.price").value != usual
    assert "实测" in badge_of(page, "goods_cost")
    assert in_address(page) == {"product"}


def test_a_share_as_usual_is_kept_where_the_shop_knows_the_amount(show):
    page = show(page="what_if", tab="one_order", acquisition_rate="10%")
    assert page.number_input(key="one_order.acquisition_rate").value == 10.0
    assert in_address(page) == {"acquisition_rate"}


def test_days_chosen_on_another_page_stand(show):
    page = show(page="what_if", tab="one_order", period="custom", **{"from": "2026-10-01", "to": "2026-10-07"})
    assert not page.exception
    assert page.selectbox(key="period").value == "custom"
    assert any("2026-10-01 至 2026-10-07" in each.value for each in page.caption)
