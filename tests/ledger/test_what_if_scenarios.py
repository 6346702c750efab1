"""Scenarios on a small shop whose figures can be done in the head, and the laws that hold for any scenario."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from analytics.domain.what_if import chain, levers, seek, uncertainty
from analytics.domain.what_if.levers import Scenario
from analytics.domain.what_if.model import Known, Model, ToolUse, Waiting
from analytics.store import what_if_questions
from tests.ledger.facts import Facts

ORDERS = 40
FIGURES = ("sales_fen", "acquisition_fen", "logistics_fen", "handling_fen", "damage_fen", "total_fen", "profit_fen")


@dataclass(frozen=True)
class Estimate:
    """A tool's effect as its results tell it."""

    effect: float
    low: float
    high: float
    grade: str = "B"


@pytest.fixture(scope="module")
def facts(database) -> Iterator[Facts]:
    """The shop, its account worked out once for all these tests."""
    cursor = database.cursor()
    cursor.execute("begin transaction")
    yield shop(Facts(cursor)).settled()
    cursor.execute("rollback")
    cursor.close()


def shop(facts: Facts) -> Facts:
    """Forty orders of ¥100 by two streamers: six refunds before shipment, eight returns, two of them insured."""
    for number in range(ORDERS):
        streamer = "T1" if number < 20 else "T2"
        more = {"streamer_id": streamer, "product_id": f"P{number % 2}"}
        if number in range(15, 21):
            facts.unshipped(f"A{number}", **more)
            facts.case(f"C{number}", f"A{number}", reason="等太久")
        else:
            facts.order(f"A{number}", **more)
        if number < 8:
            facts.returned(f"C{number}", f"A{number}", reason="尺码不合适")
    facts.insurance("A0", 0.60, "F0")
    facts.insurance("A30", 0.60, "F30")
    return facts


def model(facts: Facts, *turned: str, effects=None, **part) -> Model:
    """The model of the shop with levers as they are typed, `return_freight=6.00`."""
    scenario = Scenario(levers=tuple(levers.parse(*text.rsplit("=", 1)) for text in turned), **part)
    uses = {"small_payment": ToolUse(34, 4, 300.0)}
    return Model(what_if_questions.book(facts.cursor), Known(uses, Waiting(np.full(34, 24.0)), effects or {}), scenario)


def ends(turned: Model) -> tuple[dict[str, int], dict[str, int]]:
    return tuple(chain.rounded(turned, state) for state in (turned.start, chain.run(turned, chain.Values({}))))


def added(turned: Model) -> dict[str, int]:
    """What the scenario changes."""
    before, after = ends(turned)
    return {name: after[name] - before[name] for name in FIGURES}


def test_the_empty_scenario_changes_nothing(facts):
    empty = model(facts)
    before, after = ends(empty)
    assert before == after
    assert (before["total_fen"], before["profit_fen"]) == (facts.total()["total_fen"], facts.profit()["profit_fen"])
    assert chain.steps(empty) == []


def test_a_cheaper_return_costs_less_on_every_parcel_that_is_not_insured(facts):
    assert added(model(facts, "return_freight=6.00"))["total_fen"] == 7 * (600 - 800)


def test_a_factor_scales_a_cost(facts):
    assert added(model(facts, "return_freight=x0.5"))["logistics_fen"] == 7 * (400 - 800)


def test_fewer_refunds_before_shipment_save_them_and_let_some_come_back_later(facts):
    """Half of six: three refunds less; 8 of 34 shipped orders came back, so three more shipped ones bring 3 × 8/34 returns."""
    turned = model(facts, "refund_rate[stage=before_shipment]=x0.5")
    first, later = chain.steps(turned)
    one = (10_000 + 1_000 + 100) * 3  # money back, marketing, two minutes
    assert (first.lever, first.added["total_fen"]) == ("refund_rate[stage=before_shipment]", -one)
    returns = ends(turned)[0]["total_fen"] - 2 * one
    assert (later.lever, later.added["total_fen"]) == ("later_refund_rate", round(returns * 3 / 34))
    # an order that is kept earns its price less fees, goods and the way out; marketing was spent either way
    assert first.added["profit_fen"] == 3 * (10_000 - 500 - 4_000 - 350 + 100)


def test_a_rate_is_typed_as_a_share_of_the_paid_orders(facts):
    turned = model(facts, "refund_rate[stage=returned]=10%")
    step = chain.steps(turned)[0]
    assert (step.before, step.after) == ("20%", "10%")
    assert added(turned)["sales_fen"] == -4 * 10_000


def test_without_insurance_no_premium_is_paid_and_every_way_back_costs(facts):
    turned = model(facts, "insurance=off")
    assert added(turned)["total_fen"] == 800 - 60
    assert added(turned)["profit_fen"] == 2 * 60 - 800


def test_with_insurance_every_shipped_order_pays_and_no_way_back_costs(facts):
    turned = model(facts, "insurance=on")
    before, after = ends(turned)
    assert after["profit_fen"] - before["profit_fen"] == 7 * 800 - 32 * 60
    assert after["premium_unrefunded_fen"] - before["premium_unrefunded_fen"] == 25 * 60


def test_a_dropped_streamer_takes_its_orders_along(facts):
    alone = ends(model(facts, streamers=("T2",)))[0]
    dropped = ends(model(facts, "drop_streamer=T1"))[1]
    assert dropped == alone


def test_more_small_payments_have_the_effect_that_the_results_tell_and_cost_what_they_cost(facts):
    turned = model(facts, "uptake[small_payment]=x2", effects={"small_payment": Estimate(-0.25, -0.3, -0.2)})
    step = chain.steps(turned)[0]
    assert (step.rests_on, step.grade) == ("effect", "B")
    assert step.added["sales_fen"] == -1 * 10_000  # four more, a quarter of a refund each
    assert step.added["profit_fen"] == round(lost_by_a_return(turned)) - 4 * 300


def lost_by_a_return(turned: Model) -> float:
    sheet = turned.sheet(turned.start)
    return sheet.lost[turned.blocks(("returned",))].sum() / 8


def test_without_an_estimate_an_uptake_claims_nothing_and_says_that_it_is_an_assumption(facts):
    turned = model(facts, "uptake[small_payment]=x2")
    step = chain.steps(turned)[0]
    assert (step.rests_on, step.added["total_fen"], step.added["profit_fen"]) == ("assumption", 0, -4 * 300)


def test_an_effect_that_is_typed_goes_before_the_estimate_and_is_an_assumption(facts):
    given = {"small_payment": Estimate(-0.25, -0.3, -0.2)}
    turned = model(facts, "uptake[small_payment]=x2", "effect[small_payment]=-50%", effects=given)
    step = chain.steps(turned)[0]
    assert (step.rests_on, step.added["sales_fen"]) == ("assumption", -2 * 10_000)


MANY = (
    *("return_freight=6.00", "refund_rate[stage=before_shipment]=x0.7", "uptake[small_payment]=30%", "ship_hours=20"),
    *(
        "insurance=off",
        "handling_minutes=x0.8",
        "drop_product=P1",
        "goods_cost=x0.93",
        "effect[others]=-3%",
        "price_cut_below=0%",
    ),
)


def test_the_steps_add_up_to_the_difference_exactly_for_every_figure(facts):
    turned = model(facts, *MANY, effects={"small_payment": Estimate(-0.06, -0.1, -0.02)})
    before, after = ends(turned)
    for name in before:
        assert sum(step.added[name] for step in chain.steps(turned)) == after[name] - before[name], name


def test_the_same_seed_gives_the_same_figures(facts):
    one, other = (uncertainty.ranges(uncertainty.Draws(model(facts, *MANY))) for n in range(2))
    assert one == other


RANGED = (
    "return_freight=5..6..10",
    "merchant_bears_return=40%..90%..100%",
    "hourly_wage=20..30..55",
    "minutes_returned=2..8..10",
)


def test_the_draws_mean_is_the_closed_form(facts):
    """Costs are straight lines in their values, products of two in both: the mean of the draws is the figure at their means."""
    turned = model(facts, *RANGED)
    draws = uncertainty.Draws(turned)
    values = {source.name: source.draws for source in draws.sources if source.kind == uncertainty.ASSUMPTION}
    _, drawn = draws.figures(values)
    means = {lever.key: sum((lever.amount.low, lever.amount.likely, lever.amount.high)) / 3 for lever in turned.scenario.levers}
    back = 7 * means["return_freight"] * means["merchant_bears_return"] / 1_000_000
    fixed = ends(turned)[0]["logistics_fen"] - 7 * 800
    assert np.mean(drawn["logistics_fen"]) == pytest.approx(fixed + back, rel=0.005)
    work = 8 * means["hourly_wage"] * means["minutes_returned"] / 6_000 + 6 * 2 * means["hourly_wage"] / 60 + 8 * 500
    assert np.mean(drawn["handling_fen"]) == pytest.approx(work, rel=0.005)


def test_the_rates_mean_is_the_observed_one_and_their_spread_that_of_the_counts(facts):
    turned = model(facts)
    draws = uncertainty.Draws(turned)
    _, drawn = draws.figures({source.name: source.draws for source in draws.sources})
    assert np.mean(drawn["total_fen"]) == pytest.approx(ends(turned)[0]["total_fen"], rel=0.005)
    returns = next(source for source in draws.sources if source.name == "stage=returned").draws
    assert np.std(returns) == pytest.approx(np.sqrt(0.2 * 0.8 / 41) / 0.2, rel=0.03)  # of Beta(8, 32)


def test_without_any_width_every_draw_is_the_formula(facts):
    turned = model(facts, "return_freight=6..6..6", "refund_rate[stage=returned]=x0.9")
    draws = uncertainty.Draws(turned)
    _, drawn = draws.figures({})
    assert {round(float(value)) for value in np.ravel(drawn["profit_fen"])} == {ends(turned)[1]["profit_fen"]}
    found = uncertainty.ranges(draws)["profit_fen"]
    assert found.assumption_low == found.assumption_high == ends(turned)[1]["profit_fen"]


def test_data_and_assumption_are_shown_apart(facts):
    found = uncertainty.ranges(uncertainty.Draws(model(facts, "return_freight=5..6..10")))["logistics_fen"]
    assert found.high - found.low > found.data_high - found.data_low
    assert found.data_low < found.data_high
    assert found.assumption_high - found.assumption_low == pytest.approx(7 * 393.9, rel=0.01)  # of the triangle, less its tails


def test_the_chance_that_it_pays_counts_the_draws_in_which_it_does(facts):
    sure, never = model(facts, "return_freight=6"), model(facts, "return_freight=9")
    even = model(facts, "return_freight=7..8..9")
    assert uncertainty.chance_pays(uncertainty.Draws(sure)) == 1
    assert uncertainty.chance_pays(uncertainty.Draws(never)) == 0
    assert uncertainty.chance_pays(uncertainty.Draws(even)) == pytest.approx(0.5, abs=0.01)
    assert uncertainty.chance_pays(uncertainty.Draws(model(facts))) is None


def test_the_tornado_moves_every_source_from_its_tenth_to_its_ninetieth_percentile(facts):
    turned = model(facts, "return_freight=5..6..10")
    bar = next(bar for bar in uncertainty.tornado(uncertainty.Draws(turned)) if bar.source == "return_freight")
    low, high = np.percentile(uncertainty.triangular(500, 600, 1000, uncertainty.uniform("return_freight")), (10, 90))
    assert bar.change_low_fen == pytest.approx(-7 * (low - 800), abs=2)
    assert bar.change_high_fen == pytest.approx(-7 * (high - 800), abs=2)


def test_a_goal_is_reached_by_the_value_that_is_found(facts):
    turned = model(facts, "return_freight=6.00")
    lever = turned.scenario.levers[0]
    goal = chain.rounded(turned, turned.start)["profit_fen"] + 7 * 300
    found = seek.seek(turned, lever, goal_fen=goal, low=0, high=2_000)
    assert (found.value, found.profit_fen) == ("5.00", goal)


def test_a_goal_out_of_reach_says_what_the_ends_give(facts):
    turned = model(facts, "return_freight=6.00")
    found = seek.seek(turned, turned.scenario.levers[0], goal_fen=10**9, low=0, high=2_000)
    assert (found.value, found.profit_fen) == ("", None)
    assert found.low_fen > found.high_fen


def test_a_streamers_break_even_is_the_rate_at_which_it_earns_nothing(facts, monkeypatch):
    monkeypatch.setattr(seek, "FEWEST_ORDERS", 5)
    found = {each.subject: each for each in seek.of_streamers(model(facts))}
    rate = levers.parse("refund_rate", found["T1"].value)
    turned = model(facts, f"refund_rate={rate.value}", "later_refund_rate=0%", streamers=("T1",))
    # a ten-thousandth of the rate, which is what is printed, is worth ¥2 of twenty orders at the most
    assert ends(turned)[1]["profit_fen"] == pytest.approx(0, abs=200)
