"""One imagined order on the command line: without a ledger by the starter assumptions, with one by the shop's own figures."""

from __future__ import annotations

import pytest

from tests.journeys.exports import case, order, write_cases, write_orders

ENDINGS = ["none", "before_shipment", "intercepted", "returned", "kept", "exchanged", "reshipped", "price_cut"]
FIELDS = [
    *("stage", "sales_fen", "acquisition_fen", "logistics_fen", "handling_fen", "damage_fen"),
    *("hidden_fen", "total_fen", "profit_fen", "profit_lost_fen"),
]


@pytest.fixture
def shop(ledger, tmp_path):
    """Three orders of ¥100, ¥60 and ¥20, the last of another product, a return of the first, and a packing set."""
    orders = [order("1001"), order("1002", 实付款="¥60.00"), order("1003", 实付款="¥20.00", 商品ID="P2")]
    ledger("import", write_orders(tmp_path / "订单.csv", *orders), write_cases(tmp_path / "售后.csv", case("C1", "1001")))
    ledger("costs", "set", "packing", "0.80")
    return ledger


def outcome(said, stage):
    return next(row for row in said.answer["outcomes"] if row["stage"] == stage)


def test_it_works_without_a_ledger_and_leaves_none_behind(ledger, home):
    said = ledger("what-if", "one-order")
    assert said.status == 0
    assert list(said.answer) == ["inputs", "provenance", "outcomes", "break_even"]
    assert [row["stage"] for row in said.answer["outcomes"]] == ENDINGS
    assert list(said.answer["outcomes"][0])[: len(FIELDS)] == FIELDS
    returned = outcome(said, "returned")
    assert (returned["hidden_fen"], returned["profit_fen"], returned["profit_lost_fen"]) == (3_850, -3_850, 8_000)
    assert returned["sales_to_make_up"] == 1
    assert set(said.answer["provenance"].values()) == {"assumed"}
    assert not home.exists()


def test_what_is_typed_is_taken_and_named_as_typed(ledger):
    said = ledger(
        "what-if", "one-order", "--price", "129", "--goods-cost", "45", "--minutes-returned", "3", "--stage", "returned"
    )
    (returned,) = said.answer["outcomes"]
    assert (returned["sales_fen"], returned["damage_fen"], returned["handling_fen"]) == (12_900, 900, 150 + 500)
    inputs, sources = said.answer["inputs"], said.answer["provenance"]
    assert (inputs["price_fen"], inputs["goods_cost_fen"], inputs["minutes_returned"]) == (12_900, 4_500, 3)
    assert inputs["acquisition_rate"] == 0.1
    assert (sources["price_fen"], sources["packing_fen"]) == ("typed", "assumed")
    assert "refund_fen" not in sources


def test_break_even_is_told_before_and_after_shipment(ledger):
    told = ledger("what-if", "one-order", "--offer", "3").answer["break_even"]
    assert told["offer_fen"] == 300
    before, after = told["before_shipment"], told["after_shipment"]
    # ¥51.50 to win, ¥28.50 that a later return costs, ¥1.00 at once: (28.50 - 1 + 3) / 80
    assert before == {"to_win_fen": 5_150, "refund_later_fen": 2_850, "refund_now_fen": 100, "chance": 0.38125}
    assert after["chance"] == 3 / 80


def test_with_a_ledger_the_shops_own_figures_fill_what_is_not_typed(shop):
    said = shop("what-if", "one-order")
    inputs, sources = said.answer["inputs"], said.answer["provenance"]
    assert (inputs["price_fen"], sources["price_fen"]) == (6_000, "actual")
    assert (inputs["packing_fen"], sources["packing_fen"]) == (80, "set")
    assert (inputs["inspection_fen"], sources["inspection_fen"]) == (500, "assumed")
    assert shop("what-if", "one-order", "--product", "P2").answer["inputs"]["price_fen"] == 2_000


def test_the_ledgers_own_case_worked_out_as_an_imagined_order_costs_the_same(shop):
    booked = shop("refunds").rows[0]
    imagined = outcome(shop("what-if", "one-order", "--price", "100"), "returned")
    assert {name: imagined[name] for name in FIELDS[1:6]} == {name: booked[name] for name in FIELDS[1:6]}


def test_a_rate_that_is_typed_takes_the_place_of_an_amount_of_the_shop(shop):
    shop("costs", "set", "acquisition_per_order", "7")
    assert outcome(shop("what-if", "one-order"), "kept")["acquisition_fen"] == 700
    typed = shop("what-if", "one-order", "--price", "100", "--acquisition-rate", "20%")
    assert outcome(typed, "kept")["acquisition_fen"] == 2_000


def test_a_setting_counts_from_its_day_on_and_a_products_own_goes_first(shop):
    shop("costs", "set", "packing", "0.90", "--from", "2026-10-05")
    shop("costs", "set", "packing", "1.50", "--scope", "product:P2")

    def packing(*words):
        return shop("what-if", "one-order", *words).answer["inputs"]["packing_fen"]

    assert (packing(), packing("--to", "2026-10-04"), packing("--product", "P2")) == (90, 80, 150)


def test_of_several_shops_only_what_they_share_is_taken(shop, tmp_path):
    shop("import", write_orders(tmp_path / "乙店.csv", order("2001", 实付款="¥40.00")), "--shop", "乙店")
    known = shop("what-if", "one-order").answer
    assert (known["inputs"]["packing_fen"], known["provenance"]["packing_fen"]) == (50, "assumed")
    only = shop("what-if", "one-order", "--shop", "乙店").answer
    assert (only["inputs"]["price_fen"], only["provenance"]["packing_fen"]) == (4_000, "assumed")
    assert shop("what-if", "one-order", "--shop", "店铺1").answer["provenance"]["packing_fen"] == "set"


def test_a_table_shows_the_outcomes(ledger):
    said = ledger("--format", "csv", "what-if", "one-order")
    assert said.out.splitlines()[0].startswith("stage,sales_fen")
    assert len(said.out.splitlines()) == 1 + len(ENDINGS)


@pytest.mark.parametrize(
    "words",
    [
        ("--price", "abc"),
        ("--price", "0"),
        ("--damage-rate-returned", "0.2"),
        ("--refund-share", "120%"),
        ("--stage", "closed"),
        ("--shop", "没有这家"),
        ("--colour", "red"),
        ("--from", "yesterday"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(ledger, home, words):
    said = ledger("what-if", "one-order", *words)
    assert (said.status, said.out) == (2, "")
    assert len(said.err.splitlines()) == 1
    assert not home.exists()


def test_what_if_alone_says_what_is_missing(ledger):
    said = ledger("what-if")
    assert said.status == 2
    assert len(said.err.splitlines()) == 1


def test_help_has_an_example(ledger):
    for words in (("what-if", "--help"), ("what-if", "one-order", "--help")):
        said = ledger(*words)
        assert said.status == 0
        assert "example: python -m analytics what-if one-order" in said.out
