"""Spot checks of dated settings: which one holds, where each fen comes from, and what is unknown when one is switched off."""

from __future__ import annotations


def test_a_setting_holds_from_its_day_on_and_the_starter_assumption_before(facts):
    facts.setting("return_freight", "6", since="2026-03-10")
    facts.setting("return_freight", "5", since="2026-03-12")
    for day, case in (("09", "1"), ("10", "2"), ("11", "3"), ("12", "4")):
        facts.order(f"O{case}")
        facts.returned(case, f"O{case}", finished_at=f"2026-03-{day} 10:00:00")
    assert [facts.costs_of(case)[2] - 3.50 for case in "1234"] == [8, 6, 6, 5]


def test_acquisition_and_goods_price_at_payment_freight_out_at_shipment_the_rest_at_the_finish(facts):
    for name, value in (("acquisition_rate", "20%"), ("goods_cost_rate", "50%")):
        facts.setting(name, value, since="2026-03-01")
        facts.setting(name, "0%", since="2026-03-02")
    facts.setting("outbound_freight", "4", since="2026-03-02")
    facts.setting("outbound_freight", "0", since="2026-03-03")
    facts.setting("damage_rate_returned", "10%", since="2026-03-10")
    facts.order("A")
    facts.returned("1", "A")
    assert facts.costs_of("1") == (100, 20, 4.50 + 8, 9, 5)


def test_the_most_specific_scope_wins_product_then_reason_then_province_then_shop(facts):
    facts.setting("return_freight", "4")
    facts.setting("return_freight", "5", scope="province:浙江")
    facts.setting("return_freight", "6", scope="reason:尺码不合适")
    facts.setting("return_freight", "7", scope="product:P7")
    facts.order("A", province="北京")
    facts.returned("1", "A")
    facts.order("B")
    facts.returned("2", "B")
    facts.order("C")
    facts.returned("3", "C", reason="尺码不合适")
    facts.order("D", product_id="P7")
    facts.returned("4", "D", reason="尺码不合适")
    assert [facts.costs_of(case)[2] - 3.50 for case in "1234"] == [4, 5, 6, 7]


def test_acquisition_per_order_wins_over_the_rate_until_it_is_switched_off(facts):
    facts.setting("acquisition_rate", "30%")
    facts.setting("acquisition_per_order", "7", since="2026-02-01")
    facts.setting("acquisition_per_order", "off", scope="product:P2")
    facts.order("A")
    facts.case("1", "A")
    facts.order("B", product_id="P2")
    facts.case("2", "B")
    assert [facts.costs_of(case)[1] for case in "12"] == [7, 30]


def test_acquisition_per_order_is_spread_over_the_lines_by_receivable(facts):
    facts.setting("acquisition_per_order", "10")
    facts.order("A", 20, line_id="a", product_id="P1")
    facts.order("A", 10, line_id="b", product_id="P2")
    facts.case("1", "A", 30)
    assert {row["product"]: row["acquisition_fen"] for row in facts.losses("product")} == {"P1": 667, "P2": 333}


def test_product_costs_go_by_sku_then_product_then_the_rate_and_are_actual(facts):
    facts.product_cost("P1", 30)
    facts.product_cost("P1", 35, sku="红", since="2026-03-01")
    facts.product_cost("P1", 99, sku="红", since="2026-03-02")
    facts.order("A", quantity=2)
    facts.case("1", "A")
    facts.order("B", sku="红")
    facts.case("2", "B")
    facts.order("C", product_id="P2")
    facts.case("3", "C")
    assert [facts.costs_of(case)[4] for case in "123"] == [60, 35, 40]
    assert [facts.refunds()[case]["damage_provenance"] for case in "123"] == ["actual", "actual", "assumed"]


def test_a_product_of_two_inputs_is_as_sure_as_the_weaker_one(facts):
    facts.product_cost("P1", 30)
    facts.order("A")
    facts.returned("1", "A")
    assert facts.refunds()["1"]["damage_provenance"] == "assumed"
    facts.setting("damage_rate_returned", "20%")
    assert facts.refunds()["1"]["damage_provenance"] == "set"
    facts.setting("hourly_wage", "30")
    assert facts.refunds()["1"]["handling_provenance"] == "assumed"


def test_every_fen_is_actual_set_or_assumed(facts):
    facts.setting("packing", "1")
    facts.order("A")
    facts.returned("1", "A")
    row = facts.refunds()["1"]
    # actual: the sale; set: packing; assumed: acquisition 10, freight 3 + 8, work 4, inspection 5, damage 8
    assert (row["actual_fen"], row["set_fen"], row["assumed_fen"]) == (10000, 100, 3800)
    assert row["total_fen"] == 13900


def test_what_needs_a_switched_off_assumption_is_unknown_not_nothing(facts):
    facts.setting("goods_cost_rate", "off")
    facts.setting("hourly_wage", "关")
    facts.order("A")
    facts.case("1", "A")
    facts.order("B")
    facts.returned("2", "B")
    assert facts.costs_of("1") == (100, 10, 3.50, None, None)
    assert facts.costs_of("2") == (100, 10, 11.50, 5, None)  # the inspection is known
    row = facts.refunds()["2"]
    assert (row["damage_provenance"], row["handling_provenance"]) == ("unknown", "assumed+unknown")
    total = facts.total()
    assert (total["damage_fen"], total["handling_fen"], total["unknown_refunds"]) == (None, 500, 2)
    assert facts.findings()["unknown_component", "damage"] == (2, None)


def test_acquisition_switched_off_is_unknown(facts):
    facts.setting("acquisition_rate", "off")
    facts.order("A")
    facts.case("1", "A")
    facts.order("B")
    facts.case("2", "B", 10)
    assert facts.costs_of("1")[1] is None
    assert facts.costs_of("2")[1] == 0  # a price cut books none


def test_minutes_are_those_of_the_stage_times_the_wage_rounded_once(facts):
    facts.setting("minutes_kept", "2.5")
    facts.setting("hourly_wage", "20.30")
    facts.order("A")
    facts.case("1", "A")
    assert facts.costs_of("1")[3] == 0.85  # 2.5 × 20.30 ÷ 60 = 0.8458


def test_the_merchants_share_of_return_freight_may_depend_on_the_reason(facts):
    facts.setting("merchant_bears_return", "25%", scope="reason:不想要了")
    facts.setting("return_freight", "7.50")
    facts.order("A")
    facts.returned("1", "A")
    assert facts.costs_of("1")[2] == 3.50 + 1.88  # 1.875 away from zero


def test_a_case_without_a_finish_time_prices_at_its_payment_and_without_that_by_what_always_holds(facts):
    facts.setting("packing", "1", since="2026-03-01")
    facts.setting("inspection", "2", since="2026-03-01")
    facts.setting("return_freight", "9", since="1970-01-01")
    facts.order("A", shipped_at=None)
    facts.returned("1", "A", finished_at=None)
    facts.order("B", shipped_at=None, paid_at=None)
    facts.returned("2", "B", finished_at=None)
    assert facts.costs_of("1")[2:4] == (3 + 1 + 9, 4 + 2)
    assert facts.costs_of("2")[2:4] == (3 + 0.50 + 9, 4 + 5)


def test_settings_of_one_shop_do_not_reach_another(facts):
    facts.shop("店铺2")
    facts.setting("packing", "1", shop="店铺2")
    facts.order("A")
    facts.case("1", "A")
    facts.order("A", shop="店铺2")
    facts.case("2", "A", shop="店铺2")
    assert [facts.costs_of(case)[2] for case in "12"] == [3.50, 4]
