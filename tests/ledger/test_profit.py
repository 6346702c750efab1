"""Spot checks of profit: ¥100 paid, goods ¥40, acquisition ¥10, freight out ¥3.50, fees 5 % of receivable."""

from __future__ import annotations


def profit(facts):
    return facts.profit()["profit_fen"]


def yuan(amount):
    """Sums of yuan are written as a pencil would; the ledger knows only whole fen."""
    return round(amount * 100)


def test_an_unrefunded_order_earns_receivable_less_fees_acquisition_freight_premium_goods_and_small_payments(facts):
    facts.order("A", commission_fen=1000)
    facts.insurance("A", 0.60)
    facts.note("A", 2)
    assert profit(facts) == yuan(100 - 15 - 10 - 3.50 - 0.60 - 40 - 2)
    assert facts.profit()["assumed_fen"] == 1500 + 1000 + 350 + 4000


def test_a_full_refund_before_shipment_loses_acquisition_and_handling(facts):
    facts.unshipped("A", commission_fen=1000)
    facts.case("1", "A")
    assert profit(facts) == yuan(-10 - 1)


def test_a_full_return_loses_what_the_ledger_says_and_no_goods_beside_the_damage(facts):
    facts.order("A")
    facts.returned("1", "A")
    assert profit(facts) == yuan(-10 - 3.50 - 8 - 9 - 8)
    assert facts.profit()["assumed_fen"] == 1000 + 350 + 800 + 900 + 800


def test_half_a_refund_that_keeps_the_goods_leaves_half_the_fees_and_half_the_goods_sold(facts):
    facts.order("A")
    facts.case("1", "A", 50)
    # damage 20 is half the goods, the other half is sold
    assert profit(facts) == yuan(100 - 50 - 2.50 - 10 - 3.50 - 20 - 2.50 - 20)


def test_a_price_cut_leaves_goods_and_fees_whole(facts):
    facts.order("A")
    facts.case("1", "A", 30)
    assert profit(facts) == yuan(100 - 30 - 5 - 10 - 3.50 - 40 - 1.50)


def test_settled_fees_take_the_place_of_estimates(facts):
    facts.order("A", commission_fen=1000)
    facts.settlement("A", technical=2, commission=3, other=9)
    assert profit(facts) == yuan(100 - 5 - 10 - 3.50 - 40)


def test_two_lines_share_the_fees_by_receivable_and_keep_their_own_goods(facts):
    facts.order("A", 60, line_id="a", product_id="P1")
    facts.order("A", 40, line_id="b", product_id="P2")
    facts.case("1", "A", 40, product_id="P2")
    assert profit(facts) == yuan(100 - 40 - 3 - 10 - 3.50 - 24 - 2.50 - 16)


def test_unpaid_and_unmatched_orders_are_not_in_it(facts):
    facts.order("A", paid_at=None)
    facts.case("1", "Z", order_paid_fen=10000)
    assert facts.profit()["orders"] == 0


def test_an_unknown_input_is_left_out_and_the_order_counted(facts):
    facts.setting("goods_cost_rate", "off")
    facts.order("A")
    assert profit(facts) == yuan(100 - 5 - 10 - 3.50)
    assert facts.profit()["unknown_orders"] == 1


def test_a_step_that_is_unknown_and_known_to_the_extent_of_nothing_is_no_zero(facts):
    facts.setting("goods_cost_rate", "off")
    facts.order("A")
    found = facts.profit()
    assert (found["goods_fen"], found["premium_fen"], found["acquisition_fen"]) == (None, 0, 1000)
    facts.product_cost("P2", 25)
    facts.order("B", product_id="P2")
    assert facts.profit()["goods_fen"] == 2500


def test_while_no_cost_at_all_is_known_neither_is_the_profit(facts):
    for name in ("goods_cost_rate", "acquisition_rate", "outbound_freight", "packing", "technical_fee_rate"):
        facts.setting(name, "off")
    facts.order("A")
    found = facts.profit()
    assert (found["receivable_fen"], found["profit_fen"], found["unknown_orders"]) == (10_000, None, 1)
    assert (found["fees_fen"], found["freight_fen"], found["acquisition_fen"]) == (None, None, None)
