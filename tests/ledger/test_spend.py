"""Spot checks of advertising spend: it goes to the paid orders of its day by receivable, and adds up to what was spent."""

from __future__ import annotations


def acquisition(facts, *cases):
    return [facts.costs_of(case)[1] for case in cases]


def shop_of_three(facts):
    for order, paid in (("A", 50), ("B", 30), ("C", 20)):
        facts.order(order, paid, channel="直播间" if order != "C" else "短视频", streamer_id="D1" if order == "A" else "")
        facts.case(f"c{order}", order, paid)


def test_spend_of_a_day_goes_to_its_orders_by_receivable(facts):
    shop_of_three(facts)
    facts.spend("2026-03-01", 10)
    assert acquisition(facts, "cA", "cB", "cC") == [5, 3, 2]
    assert facts.refunds()["cA"]["acquisition_provenance"] == "actual"
    assert facts.beside()["unallocated_ad_spend"] == 0


def test_spend_reaches_only_the_channel_and_streamer_that_it_names_and_parts_add_up(facts):
    shop_of_three(facts)
    facts.spend("2026-03-01", 8, channel="直播间")
    facts.spend("2026-03-01", 1, streamer="D1", kind="agency")
    assert acquisition(facts, "cA", "cB", "cC") == [5 + 1, 3, 0]


def test_the_odd_fen_goes_to_the_largest_fraction_and_ties_to_the_smaller_order_id(facts):
    for order in ("9", "10", "2"):
        facts.order(order, 10)
        facts.case(f"c{order}", order, 10)
    facts.spend("2026-03-01", 0.05)
    assert acquisition(facts, "c10", "c2", "c9") == [0.02, 0.02, 0.01]


def test_inside_the_period_a_day_without_spend_is_a_real_nothing_and_outside_it_the_rate_holds(facts):
    facts.spend("2026-03-02", 10)
    facts.spend("2026-03-04", 10)
    for day in (1, 3, 5):
        facts.order(f"O{day}", paid_at=f"2026-03-0{day} 10:00:00")
        facts.case(f"{day}", f"O{day}")
    assert acquisition(facts, "1", "3", "5") == [10, 0, 10]
    assert facts.refunds()["3"]["acquisition_provenance"] == ""


def test_spend_that_meets_no_order_is_unallocated(facts):
    facts.order("A", 0)
    facts.order("B", paid_at="2026-03-02 10:00:00")
    facts.spend("2026-03-01", 10)
    facts.spend("2026-03-02", 4, channel="商城")
    facts.spend("2026-03-02", 5)
    assert facts.beside()["unallocated_ad_spend"] == 1400


def test_unpaid_orders_take_no_spend(facts):
    facts.order("A", created_at="2026-03-01 09:00:00", paid_at=None)
    facts.order("B")
    facts.case("1", "B")
    facts.spend("2026-03-01", 10)
    assert acquisition(facts, "1") == [10]


def test_the_part_of_an_order_goes_on_to_its_lines_by_receivable(facts):
    facts.order("A", 20, line_id="a", product_id="P1")
    facts.order("A", 10, line_id="b", product_id="P2")
    facts.case("1", "A", 30)
    facts.spend("2026-03-01", 10)
    assert {row["product"]: row["acquisition_fen"] for row in facts.losses("product")} == {"P1": 667, "P2": 333}


def test_a_credit_is_spread_like_spend_and_takes_its_sign(facts):
    facts.order("A", 20)
    facts.order("B", 10)
    facts.case("1", "A", 20)
    facts.case("2", "B", 10)
    facts.spend("2026-03-01", -10)
    assert acquisition(facts, "1", "2") == [-6.67, -3.33]


def test_a_partly_refunded_order_books_its_share_of_the_spend(facts):
    facts.order("A")
    facts.spend("2026-03-01", 10)
    facts.case("1", "A", 60)
    assert acquisition(facts, "1") == [6]
