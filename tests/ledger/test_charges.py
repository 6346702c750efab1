"""Spot checks of what is charged once an order, once a parcel, or booked by a file. Figures as in test_stages."""

from __future__ import annotations

NEXT_DAY = "2026-03-11 10:00:00"


def logistics(facts, case_id):
    return facts.costs_of(case_id)[2]


def handling(facts, case_id):
    return facts.costs_of(case_id)[3]


def test_freight_out_is_charged_once_an_order_on_its_earliest_case(facts):
    facts.order("A")
    facts.case("1", "A", 60, finished_at=NEXT_DAY)
    facts.case("2", "A", 40, kind_word="退货退款", return_no="R2")
    assert logistics(facts, "2") == 3.50 + 8
    assert logistics(facts, "1") == 0


def test_cases_that_finish_at_the_same_moment_go_by_their_id_as_text(facts):
    facts.order("A")
    facts.case("9", "A", 50)
    facts.case("10", "A", 50)
    assert (logistics(facts, "10"), logistics(facts, "9")) == (3.50, 0)


def test_freight_out_waits_for_a_case_whose_row_has_it_but_the_premium_does_not(facts):
    facts.insurance("A", 0.60)
    facts.order("A")
    facts.case("1", "A", 10)
    facts.case("2", "A", 90, finished_at=NEXT_DAY)
    assert facts.refunds()["1"]["stage"] == "price_cut"
    assert logistics(facts, "1") == 0.60
    assert logistics(facts, "2") == 3.50


def test_an_interception_is_charged_once_an_order(facts):
    facts.order("A", order_status="已发货")
    facts.case("1", "A", 60)
    facts.case("2", "A", 40, finished_at=NEXT_DAY)
    assert (logistics(facts, "1"), logistics(facts, "2")) == (3.50 + 3, 0)


def test_cases_with_the_same_return_number_share_one_parcel(facts):
    facts.order("A")
    facts.returned("1", "A", 50, return_no="R")
    facts.returned("2", "A", 50, return_no="R", finished_at=NEXT_DAY)
    assert (logistics(facts, "1"), handling(facts, "1")) == (3.50 + 8, 4 + 5)
    assert (logistics(facts, "2"), handling(facts, "2")) == (0, 4)


def test_cases_without_a_number_are_a_parcel_each(facts):
    facts.order("A")
    facts.returned("1", "A", 50, return_no=None)
    facts.case("2", "A", 0, kind_word="换货", return_no=None, finished_at=NEXT_DAY)
    assert (logistics(facts, "1"), handling(facts, "1")) == (3.50 + 8, 4 + 5)
    assert (logistics(facts, "2"), handling(facts, "2")) == (8 + 3.50, 5 + 5)


def test_a_parcel_of_two_orders_is_charged_on_the_case_that_finished_first(facts):
    facts.order("A")
    facts.order("B")
    facts.returned("1", "A", return_no="R", finished_at=NEXT_DAY)
    facts.returned("2", "B", return_no="R")
    assert (logistics(facts, "2"), handling(facts, "2")) == (3.50 + 8, 4 + 5)
    assert (logistics(facts, "1"), handling(facts, "1")) == (3.50, 4)


def test_every_exchange_and_reshipment_sends_a_parcel_out_again(facts):
    facts.order("A")
    facts.case("1", "A", 0, kind_word="补寄")
    facts.case("2", "A", 0, kind_word="补寄", finished_at=NEXT_DAY)
    assert (logistics(facts, "1"), logistics(facts, "2")) == (3.50, 3.50)


def test_booked_return_freight_replaces_the_assumption_on_the_earliest_parcel_only(facts):
    facts.order("A")
    facts.returned("1", "A", 50)
    facts.returned("2", "A", 50, finished_at=NEXT_DAY)
    facts.flow("L1", "A", 6, "商责退运费")
    facts.flow("L2", "A", 0.50, "商责退运费")
    assert logistics(facts, "1") == 3.50 + 6.50
    assert logistics(facts, "2") == 8
    row = facts.refunds()["1"]
    assert row["logistics_provenance"] == "actual+assumed"
    assert row["actual_fen"] == 5000 + 650


def test_booked_return_freight_without_a_parcel_goes_to_the_earliest_successful_case(facts):
    facts.order("A")
    facts.case("0", "A", 10, status_word="售后关闭", finished_at="2026-03-09 10:00:00")
    facts.case("1", "A", 10)
    facts.flow("L1", "A", 6, "商责退运费")
    assert facts.refunds()["1"]["stage"] == "price_cut"
    assert (logistics(facts, "0"), logistics(facts, "1")) == (0, 6)


def test_booked_money_finds_its_order_through_a_case_id_too(facts):
    facts.order("A")
    facts.returned("1", "A")
    facts.flow("L1", "1", 6, "商责退运费")
    assert logistics(facts, "1") == 3.50 + 6


def test_an_insured_order_pays_no_return_freight_for_any_parcel(facts):
    facts.insurance("A", 0.60)
    facts.order("A")
    facts.returned("1", "A", 50)
    facts.returned("2", "A", 50, finished_at=NEXT_DAY)
    assert (logistics(facts, "1"), logistics(facts, "2")) == (3.50 + 0.60, 0)


def test_a_postage_payment_is_the_return_freight_of_an_order_with_a_returned_case_and_no_small_payment(facts):
    facts.order("A")
    facts.returned("1", "A")
    facts.note("A", 5, is_postage=True)
    facts.order("B")
    facts.case("2", "B")
    facts.note("B", 5, is_postage=True)
    facts.note("B", 3, at="2026-03-07 10:00:00")
    assert logistics(facts, "1") == 3.50 + 5
    assert logistics(facts, "2") == 3.50
    assert facts.beside()["small_payments"] == 800


def test_penalties_are_handling_of_the_earliest_successful_case_of_any_stage(facts):
    facts.order("A")
    facts.case("0", "A", 10, status_word="售后关闭", finished_at="2026-03-09 10:00:00")
    facts.case("1", "A", 10)
    facts.flow("L1", "A", 3, "晚发立赔")
    assert (handling(facts, "0"), handling(facts, "1")) == (1, 1.50 + 3)


def test_compensation_lowers_penalties_first_and_then_damage_but_never_below_nothing(facts):
    facts.order("A")
    facts.returned("1", "A", 50)
    facts.returned("2", "A", 50, finished_at=NEXT_DAY)
    facts.flow("L1", "A", 3, "晚发立赔")
    facts.flow("L2", "A", -9, "平台赔付商家")
    first, second = facts.costs_of("1"), facts.costs_of("2")
    assert (first[3], second[3]) == (4 + 5, 4 + 5)
    assert (first[4], second[4]) == (0, 4 - 2)
    facts.flow("L3", "A", -100, "平台赔付商家")
    assert (facts.costs_of("1")[4], facts.costs_of("2")[4]) == (0, 0)


def test_penalties_of_orders_without_a_successful_case_stand_beside(facts):
    facts.order("A")
    facts.flow("L1", "A", 3, "晚发立赔")
    facts.order("B")
    facts.case("1", "B", status_word="售后关闭")
    facts.flow("L2", "B", 4, "晚发立赔")
    assert facts.beside()["penalties_without_case"] == 700
    assert facts.total()["handling_fen"] == 100


def test_settlement_keeps_fees_only_of_a_fully_refunded_order(facts):
    facts.order("A")
    facts.case("1", "A")
    facts.settlement("A", technical=2, commission=3, other=0.50)
    facts.order("B")
    facts.case("2", "B", 99)
    facts.settlement("B", technical=2)
    assert handling(facts, "1") == 2.50 + 5.50
    assert handling(facts, "2") == 2.50


def test_fees_that_the_fund_flow_claws_back_are_kept_whatever_was_refunded(facts):
    facts.order("A")
    facts.case("1", "A", 60)
    facts.flow("L1", "A", 0.70, "分账追回")
    assert handling(facts, "1") == 2.50 + 0.70


def test_the_rate_of_kept_fees_prices_only_orders_without_booked_ones(facts):
    facts.setting("fee_kept_rate", "1%")
    facts.order("A")
    facts.case("1", "A")
    facts.order("B")
    facts.case("2", "B")
    facts.flow("L1", "B", 0.70, "分账追回")
    facts.order("C")
    facts.case("3", "C", status_word="售后关闭")
    assert [handling(facts, case) for case in "123"] == [2.50 + 1, 2.50 + 0.70, 1]


def test_insurance_of_orders_without_a_refund_stands_beside(facts):
    facts.order("A")
    facts.insurance("A", 0.60)
    facts.setting("freight_insurance", "0.40")
    facts.order("B")
    facts.unshipped("C")
    facts.order("D")
    facts.case("1", "D")
    assert facts.beside()["premium_unrefunded"] == 100
    assert logistics(facts, "1") == 3.50 + 0.40


def test_a_small_payment_seen_in_note_and_fund_flow_counts_once(facts):
    facts.order("A")
    facts.note("A", 3, at="2026-03-06 10:00:00")
    facts.note("A", 3, at="2026-03-06 10:00:00")
    facts.flow("L1", "A", 3, "小额打款", booked_at="2026-03-06 10:00:07")
    facts.flow("L2", "A", 3, "小额打款", booked_at="2026-03-06 10:30:00")
    assert facts.beside()["small_payments"] == 600


def test_flows_that_mean_nothing_or_find_no_order_are_listed_with_their_sum_and_frozen_money_is_not(facts):
    facts.order("A")
    facts.flow("L1", "A", 3, None)
    facts.flow("L2", "Z", 4, "晚发立赔")
    facts.flow("L3", "A", 5, None, flow_type="资金冻结")
    assert facts.beside()["flows_not_booked"] == 700
    assert facts.findings()["flows_not_booked", "晚发立赔"] == (1, 400)
