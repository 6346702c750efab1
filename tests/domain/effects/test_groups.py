"""A tool in groups of orders: which are asked, groups that can be recomputed by hand, every rule, and whether they differ."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.oneway import anova_oneway

from analytics.domain.effects import groups, payments, shipping
from analytics.domain.effects.balance import balanced
from analytics.domain.effects.evidence import Effect, Figure
from analytics.domain.effects.rules import AT_BEST_C, Diagnostics, Reason
from tests.worlds.paid_by_kind import Kind, design_of
from tests.worlds.payments import small_payments
from tests.worlds.urged import FIRST, KNOWN_UNTIL, urged_world


def told(value, error, degrees=math.inf, grade="B"):
    figure = Figure(value, value - 2 * error, value + 2 * error)
    return Effect("daily_trials", 30, grade, (), Diagnostics(500, 5000), figure, error=error, degrees=degrees)


UNTOLD = Effect("daily_trials", 30, "D", (Reason("few_treated"),), Diagnostics(12, 90))


def test_at_most_twenty_groups_are_asked_those_with_most_treated_and_none_below_thirty():
    treated = [29, 30, 300, *range(31, 56)]
    code = np.repeat(np.arange(len(treated)), treated)
    code, is_treated = np.append(code, np.zeros(500, dtype=int)), np.arange(len(code) + 500) < len(code)
    asked = groups.worth_asking(code, is_treated)
    assert (len(asked), asked[:3]) == (20, [2, 27, 26])
    assert groups.worth_asking(code[code < 3], is_treated[code < 3]) == [2, 1]
    assert groups.worth_asking(code[:0], is_treated[:0]) == []


def test_where_the_whole_cannot_be_told_nobody_is_asked():
    def nobody(dimension, group):
        raise AssertionError

    everyone = np.ones(100, dtype=bool)
    assert groups.with_groups(UNTOLD, {"product": np.zeros(100, dtype=int)}, everyone, nobody) == UNTOLD


def test_a_group_is_no_better_than_the_whole_and_says_so():
    code = np.repeat([0, 1, 2], 40)
    found = [told(-0.1, 0.02), told(-0.1, 0.02, grade="C"), UNTOLD]
    for whole, grades in (("A", "BCD"), ("B", "BCD"), ("C", "CCD")):
        effect = groups.with_groups(told(-0.1, 0.01, grade=whole), {"p": code}, code >= 0, lambda _, group: found[group])
        assert "".join(effect.groups["p"][group].grade for group in range(3)) == grades
    assert effect.groups["p"][0].reasons == (Reason("as_the_whole", AT_BEST_C),)
    assert effect.groups["p"][1].reasons == ()


def test_the_chance_that_groups_are_alike_by_hand():
    """−10, −4 and −1 pp with errors of 2, 1 and 2 pp: weights 1 : 4 : 1, mean −4.5; Q = (5.5² + 4·.5² + 3.5²) ÷ 4 = 10.875."""
    effects = [told(-0.10, 0.02), told(-0.04, 0.01), UNTOLD, told(-0.01, 0.02)]
    assert groups.chance_alike(effects) == pytest.approx(stats.chi2.sf(10.875, 2)) == pytest.approx(0.00435, abs=1e-5)
    assert groups.chance_alike(effects[2:]) is None
    assert groups.chance_alike([told(-0.1, 0.02)] * 4) == 1.0


def test_with_errors_from_few_clusters_it_is_what_another_library_finds():
    random = np.random.default_rng(1)
    samples = [
        random.normal(shift, spread, size) for shift, spread, size in ((0, 1, 8), (0.8, 2, 15), (1.2, 0.5, 10), (0.3, 3, 30))
    ]
    effects = [told(float(each.mean()), each.std(ddof=1) / math.sqrt(len(each)), len(each) - 1) for each in samples]
    assert groups.chance_alike(effects) == pytest.approx(anova_oneway(samples, use_var="unequal").pvalue)


def test_weights_are_moved_to_the_means_of_the_treated_by_hand():
    """Weights 3 and 1 at 0 and 2: mean ½, spread ¾ a unit; to reach 1 they move by ⅔ and 2."""
    assert balanced(np.array([3.0, 1.0]), np.array([[0.0], [2.0]]), np.array([1.0])) == pytest.approx([2.0, 2.0], abs=1e-5)


def test_a_payment_s_group_by_hand():
    """Two treated, refunded once, expected ½ each; the group's controls, weighed alike, were .125 above what was expected."""
    rows = {"order": [0, 1, 2, 3, 4], "is_treated": [1, 1, 0, 0, 0], "weight": [1, 1, 3, 1, 9], "later_weight": [1] * 5}
    more = {"odds": [1] * 5, "stratum": [0] * 5, "cluster": [0, 1, 2, 3, 4], "to_balance": [[1], [1], [0], [2], [7]]}
    neighbour = {"neighbour": [0] * 5, "neighbour_expected": [0] * 5, "has_neighbour": [0] * 5}
    values = {"values": [[1, 9, 5], [0, 0, 5], [1, 8, 0], [0, 0, 0], [1, 1, 0]]}
    expected = {"expected": [[0.5, 4, 0], [0.5, 4, 0], [0.5, 4, 0], [0.25, 2, 0], [0, 0, 0]]}
    arrays = {name: np.array(value) for name, value in (rows | more | neighbour | values | expected).items()}
    arrays |= {name: arrays[name].astype(bool) for name in ("is_treated", "has_neighbour")}
    arrays["weight"] = arrays["weight"].astype(float)
    worked = payments.Worked(**arrays, widening=1.0)
    group = worked.of_group(np.array([1, 1, 1, 1, 0], dtype=bool))
    assert payments.augmented(group).change == pytest.approx([0.0 - 0.125, 0.5 - 1.0, 5.0], abs=1e-5)
    assert payments.augmented(group).risk_used == 0.5
    assert worked.weight.tolist() == [1, 1, 3, 1, 9]


def test_a_shipping_tool_s_groups_by_hand():
    """Two products, a hundred times: one shipped at half past three, one refunded at once, two that wait, all stand alike.

    Of the first product the shipped one and one that waits are refunded: 1 − ½. Of the second both that wait: 1 − 1.
    """
    hours = FIRST + (np.array([0, 3.5, 40, 100, 200]) * 3600).astype("timedelta64[s]")
    never = np.datetime64("NaT", "s")
    shipped = np.array([hours[1], never, hours[2], hours[2]] * 2)
    refunded = np.array([hours[3], hours[0] + 1, never, hours[4], hours[3], hours[0] + 1, hours[4], hours[4]])
    product = np.tile(np.repeat([0, 1], 4), 100)
    nothing = np.full(800, never)
    orders = shipping.Shipments(
        since=np.full(800, FIRST),
        shipped_at=np.tile(shipped, 100),
        refunded_at=np.tile(refunded, 100),
        case_opened_at=nothing,
        case_closed_at=nothing,
        loss_fen=np.tile([9.0, 5, 0, 7, 9, 5, 7, 7], 100),
        cost_fen=np.zeros(800),
        cluster=np.arange(800),
        columns=np.zeros((800, 0)),
    )
    course = shipping._course(orders)
    model = shipping._Weighted(course)
    for group, change in ((0, [0.5, 9 - 3.5, 0]), (1, [0.0, 9 - 7, 0])):
        part = course.part(product == group)
        assert shipping._change(part, model.weights(part)) == pytest.approx(change, abs=0.01)


@pytest.fixture(scope="module")
def usual():
    return urged_world(np.random.default_rng(2), 6000)


def test_a_group_of_everybody_is_the_whole(usual):
    everyone = {"all": np.zeros(len(usual.orders), dtype=int)}
    effect = shipping.judge_shipping(usual.orders, known_until=KNOWN_UNTIL, groups=everyone)
    group = effect.groups["all"][0]
    assert group.row() == effect.row()
    assert replace(group.diagnostics, touched=None, untimed_share=None) == replace(effect.diagnostics, touched=None)
    assert effect.alike == {"all": None}


def test_asking_for_groups_changes_nothing_in_the_whole():
    design = small_payments(5, 6_000).design
    plain, asked = (payments.effect_of(design, seed=3, **more) for more in ({}, {"groups": {"streamer": design.streamer % 3}}))
    assert replace(asked, groups={}, alike={}) == plain
    assert len(asked.groups["streamer"]) == 3


def test_of_a_shipping_tool_s_group_what_has_no_time_counts(usual):
    of = {"kind": usual.kind}
    many = {"kind": np.zeros(60, dtype=int)}
    effect = shipping.judge_shipping(usual.orders, known_until=KNOWN_UNTIL, groups=of, untimed_groups=many)
    reasons = {group: [reason.id for reason in found.reasons] for group, found in effect.groups["kind"].items()}
    assert reasons[0] == ["untimed", *reasons[1]]
    assert effect.groups["kind"][0].diagnostics.touched == (usual.kind == 0).sum() + 60


def few_mature():
    """Thirty-two payments of the second product, of the last days of the data; the horizon of three lies beyond its end."""
    design = design_of(1, Kind(4000, 0.2, 0.3), Kind(900, 0.25, 0.5))
    own = np.flatnonzero(np.isfinite(design.used_h) & (design.product == 1))
    last = own[np.argsort(design.used_h[own], kind="stable")[-32:]]
    kept = (design.product == 0) | np.isnan(design.used_h) | np.isin(np.arange(len(design)), last)
    end_h = np.sort(design.used_h[last])[-3] - 1 + 33 * 24.0
    return replace(design, used_h=np.where(kept, design.used_h, np.nan), end_h=float(end_h))


# What the second product's orders are like when a rule keeps its group from being told, and the first one's can be.
RULES = {
    "few_treated": few_mature,
    "few_refunds": lambda: design_of(1, Kind(4000, 0.2, 0.3), Kind(2000, 0.1, 0.02)),
    "wide": lambda: design_of(2, Kind(6000, 0.1, 0.3), Kind(1700, 0.075, 0.115)),
    "few_controls": lambda: design_of(1, Kind(6000, 0.2, 0.3), Kind(400, 0.5, 0.3)),
}


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_holds_for_a_group_as_for_the_whole(rule):
    design = RULES[rule]()
    effect = payments.effect_of(design, seed=0, groups={"product": design.product})
    first, second = (effect.groups["product"][group] for group in (0, 1))
    assert (effect.grade, first.grade, second.grade) == ("B", "B", "D")
    assert [reason.id for reason in second.reasons if reason.consequence == "cannot_tell"] == [rule]
    assert (second.effect, second.net_fen, effect.alike["product"]) == (None, None, None)


def test_a_small_group_is_compared_in_strata_only_and_is_no_better_than_c():
    design = design_of(3, Kind(6000, 0.1, 0.3), Kind(1400, 0.06, 0.4))
    second = payments.effect_of(design, seed=0, groups={"product": design.product}).groups["product"][1]
    assert ([reason.id for reason in second.reasons], second.grade, second.method) == (["small"], "C", "stratified")


def test_treated_without_a_control_in_their_stratum_are_not_compared_in_strata():
    design = design_of(1, Kind(900, 0.2, 0.3))
    random = np.random.default_rng(0)
    course = payments.trials.follow(design)
    comparison = payments.compare(design, course, payments.trials.draw_rows(design, course, random), random).alike()
    worked = payments.work_out(design, course, comparison, random)
    apart = replace(worked, stratum=np.where(worked.is_treated, 0, 1))
    assert payments.stratified(worked) is not None
    assert payments.stratified(apart) is None
