"""One imagined order, recomputed with a pencil: ¥100 paid, goods ¥40, marketing ¥10, freight out ¥3.50, fees 5 %."""

from __future__ import annotations

import pytest

from analytics.domain import one_order
from analytics.domain.one_order import STARTERS, BreakEven
from analytics.errors import OperatorError


def given(**typed):
    return {**STARTERS, **typed}


def yuan(amount):
    return round(amount * 100)


def parts_of(ending, **typed):
    found = one_order.outcome(given(**typed), ending)
    return tuple(found.part_fen(part) / 100 for part in ("sales", "acquisition", "logistics", "handling", "damage"))


@pytest.mark.parametrize(
    ("ending", "parts"),
    [
        ("none", (0, 0, 0, 0, 0)),
        ("before_shipment", (100, 10, 0, 1, 0)),
        ("intercepted", (100, 10, 3.50 + 3, 2.50, 0.80)),
        ("returned", (100, 10, 3.50 + 8, 4 + 5, 8)),
        ("kept", (100, 10, 3.50, 2.50, 40)),
        ("exchanged", (0, 0, 8 + 3.50, 5 + 5, 8)),
        ("reshipped", (0, 0, 3.50, 2.50, 40)),
        ("price_cut", (20, 0, 0, 1.50, 0)),
    ],
)
def test_each_ending_costs_what_a_pencil_says(ending, parts):
    assert parts_of(ending) == parts


@pytest.mark.parametrize(
    ("ending", "profit"),
    [
        ("none", 100 - 5 - 10 - 3.50 - 40),
        ("before_shipment", -10 - 1),
        ("returned", -10 - 3.50 - 8 - 9 - 8),
        ("kept", -10 - 3.50 - 2.50 - 40),
        ("exchanged", 100 - 5 - 10 - 3.50 - 40 - 8 - 3.50 - 10 - 8),
        ("price_cut", 100 - 20 - 5 - 10 - 3.50 - 40 - 1.50),
    ],
)
def test_each_ending_earns_what_a_pencil_says(ending, profit):
    assert one_order.outcome(given(), ending).profit_fen == yuan(profit)


def test_an_amount_takes_the_place_of_its_rate():
    assert parts_of("kept", goods_cost=1_234) == (100, 10, 3.50, 2.50, 12.34)
    assert parts_of("before_shipment", acquisition_per_order=777) == (100, 7.77, 0, 1, 0)
    assert one_order.fees_fen(given(commission_rate=200_000)) == yuan(20 + 5)
    assert one_order.fees_fen(given(commission_rate=200_000, commission=100)) == yuan(1 + 5)


def test_the_platforms_subsidy_is_given_back_but_goods_and_marketing_follow_what_was_paid():
    assert parts_of("kept", subsidy=2_000) == (120, 10, 3.50, 2.50, 40)


def test_half_a_refund_books_half_of_marketing_and_damage_and_leaves_half_the_goods_sold():
    half = one_order.outcome(given(refund_share=500_000), "returned")
    assert (half.part_fen("sales"), half.part_fen("acquisition"), half.part_fen("damage")) == (5_000, 500, 400)
    assert half.profit_fen == yuan(100 - 50 - 2.50 - 10 - 3.50 - 20 - 8 - 9 - 4)


@pytest.mark.parametrize("ending", ["before_shipment", "intercepted", "kept"])
def test_a_small_refund_without_a_return_is_booked_as_a_price_cut(ending):
    assert one_order.outcome(given(refund=4_999), ending).booked_as == "price_cut"
    assert one_order.outcome(given(refund=5_000), ending).booked_as == ending
    assert one_order.outcome(given(refund=4_999), "returned").booked_as == "returned"


def test_nothing_receivable_is_no_division_by_nothing():
    assert parts_of("returned", price=0) == (0, 0, 11.50, 9, 0)


def test_the_rescue_trap_of_the_book():
    """¥30 to win, ¥34 that a later refund costs, nothing at once: an offer of ¥3 needs 57.8 % before shipment, 4.7 % after."""
    assert round(BreakEven(3_000, 3_400, 0, 300).chance, 3) == 0.578
    assert round(BreakEven(3_000, 3_400, 3_400, 300).chance, 3) == 0.047


def test_break_even_counts_only_what_is_not_yet_spent():
    before = one_order.break_even(given(freight_insurance=60), is_shipped=False)
    after = one_order.break_even(given(freight_insurance=60), is_shipped=True)
    assert (before.to_win_fen, after.to_win_fen) == (yuan(100 - 5 - 40 - 3.50 - 0.60), yuan(100 - 5 - 40))
    assert (before.refund_later_fen, after.refund_later_fen) == (yuan(3.50 + 0.60 + 8 + 9 + 8), yuan(8 + 9 + 8))
    assert (before.refund_now_fen, after.refund_now_fen) == (yuan(1), yuan(8 + 9 + 8))


@pytest.mark.parametrize("is_shipped", [False, True])
@pytest.mark.parametrize("offer", [0, 300, 2_500])
def test_at_the_break_even_chance_offering_and_refunding_at_once_come_to_the_same(is_shipped, offer):
    order = given(offer=offer, refund_share=600_000)
    chance = one_order.break_even(order, is_shipped=is_shipped).chance
    profit = {name: each.profit_fen for name, each in one_order.outcomes(given()).items()}
    at_once = profit["returned" if is_shipped else "before_shipment"]
    assert chance * profit["none"] + (1 - chance) * profit["returned"] - offer == pytest.approx(at_once)


def test_an_offer_always_pays_where_a_refund_at_once_costs_more_and_never_where_there_is_too_little_to_win():
    assert BreakEven(3_000, 1_000, 2_000, 500).chance == 0
    assert BreakEven(1_000, 3_400, 0, 1_001).chance is None
    assert BreakEven(1_000, 3_400, 0, 1_000).chance == 1
    assert BreakEven(-5_000, 3_400, 0, 300).chance is None


def test_sales_that_make_up_a_loss_are_whole_orders():
    assert one_order.sales_to_make_up(4_150, 4_150) == 1
    assert one_order.sales_to_make_up(4_151, 4_150) == 2
    assert one_order.sales_to_make_up(0, 4_150) == 0
    assert one_order.sales_to_make_up(-5, -5) == 0
    assert one_order.sales_to_make_up(1, 0) is None


def test_every_input_is_read_back_as_it_is_written():
    for name, each in one_order.INPUTS.items():
        for value in (each.starter_value or 1, 1, 999_999):
            assert one_order.read(name, one_order.write(name, value)) == value, name


@pytest.mark.parametrize(
    ("name", "text"),
    [("price", "abc"), ("price", "0"), ("price", "off"), ("price", "-1"), ("refund_share", "0.2"), ("refund_share", "101%"),
     ("packing", "off"), ("minutes_returned", "8 小时"), ("price", "1" * 50), ("price", "nan"), ("commission_rate", "1e999")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_under_its_own_name(name, text):
    with pytest.raises(OperatorError) as refused:
        one_order.read(name, text)
    assert refused.value.where == name


def test_a_rate_that_is_typed_takes_the_place_of_the_amount_known_and_an_amount_that_of_the_rate():
    known = given(goods_cost=1_500)
    assert one_order.amount_of(one_order.with_typed(known, {"goods_cost_rate": 500_000}), "goods_cost") == 5_000
    assert one_order.amount_of(one_order.with_typed(known, {"goods_cost": 700, "goods_cost_rate": 500_000}), "goods_cost") == 700
    assert one_order.share_of(known, "goods_cost") == 150_000
