"""What may be said of an effect: every rule broken alone, the grades, the readings, the intervals, the E-value."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from analytics.domain.effects import errors, evidence, rules, several
from analytics.domain.effects.evidence import Estimate, Figure, judge
from analytics.domain.effects.rules import Diagnostics, Reason

SOUND = Diagnostics(
    treated=600,
    compared=5000,
    touched=700,
    untimed_share=0.01,
    mature_share=0.9,
    refunds_treated=90,
    refunds_compared=900,
    effective_controls=2000.0,
    top_weight_share=0.05,
    outside_overlap_share=0.02,
    worst_smd=0.03,
    cluster_count=80,
    largest_cluster_share=0.05,
    placebo_errors=0.4,
)
# Of every treated order 6 pp fewer refunds, ¥4.20 less loss, ¥7.00 paid; errors 1 pp and ¥1, correlated.
ESTIMATE = Estimate(np.array([-0.06, -420.0, 700.0]), np.array([[1e-4, 0.8, 0.0], [0.8, 1e4, 0.0], [0.0, 0.0, 0.0]]), 0.15)
BREAKING = {
    "untimed": {"untimed_share": 0.051},
    "immature": {"mature_share": 0.49},
    "few_treated": {"treated": 29},
    "few_compared": {"compared": 29},
    "small": {"treated": 99},
    "small_compared": {"compared": 99},
    "few_refunds": {"refunds_compared": 9},
    "few_controls": {"effective_controls": 199.0},
    "heavy_weights": {"top_weight_share": 0.21},
    "no_overlap": {"outside_overlap_share": 0.31},
    "imbalance": {"worst_smd": 0.101},
    "few_clusters": {"cluster_count": 14},
    "one_cluster": {"largest_cluster_share": 0.31},
    "placebo": {"placebo_errors": 2.6},
    "split": {"split_chance": 0.0009},
}


def judged(estimate=ESTIMATE, diagnostics=SOUND, **more):
    return judge(estimate, diagnostics, method="daily_trials", horizon_days=30, **more)


def ids(effect):
    return [reason.id for reason in effect.reasons]


def wider(factor):
    return replace(ESTIMATE, covariance=ESTIMATE.covariance * factor)


def other(change_pp, error_pp=0.5):
    covariance = np.diag([(error_pp / 100) ** 2, 1e4, 0.0])
    return Estimate(np.array([change_pp / 100, -420.0, 700.0]), covariance, 0.15)


def test_a_sound_comparison_is_told_with_grade_b():
    effect = judged()
    assert (effect.grade, effect.reasons, effect.reading, effect.net_reading) == ("B", (), "fewer_refunds", "loses")


@pytest.mark.parametrize("rule", BREAKING)
def test_each_rule_fires_alone_beyond_its_limit(rule):
    effect = judged(diagnostics=replace(SOUND, **BREAKING[rule]))
    assert ids(effect) == [rule]
    assert (effect.grade, effect.effect is None) == (
        ("C", False) if rule in ("small", "small_compared", "placebo") else ("D", True)
    )


def test_the_rules_that_need_the_estimate_fire_alone():
    assert ids(judged(wider(25.0))) == []  # ± 9.8 pp, of a base rate of 21 % half may be
    assert ids(judged(wider(32.0))) == ["wide"]
    assert ids(judged(stratified=other(-1.0, 0.6))) == ["disagree"]


def test_every_rule_of_the_table_is_broken_by_some_test():
    assert {rule.id for rule in rules.RULES} == {*BREAKING, "wide", "disagree"}


def test_no_rule_fires_at_its_limit_or_without_a_figure():
    at_limit = {
        rule.figure: rule.limit for rule in rules.RULES if not isinstance(rule.limit, str) and hasattr(SOUND, rule.figure)
    } | {"treated": 100, "compared": 100, "refunds_treated": 10, "refunds_compared": 10}
    assert rules.broken(Diagnostics(**{name: value for name, value in at_limit.items() if name in SOUND.__dict__})) == ()
    assert rules.broken(Diagnostics(treated=100, compared=100)) == ()


def test_a_reason_carries_what_was_found_and_what_is_allowed():
    (reason,) = judged(diagnostics=replace(SOUND, worst_smd=0.14)).reasons
    assert reason == Reason("imbalance", rules.CANNOT_TELL, "worst_smd", 0.14, 0.10)


def test_half_the_base_rate_is_the_limit_of_the_width_where_it_is_more_than_5_pp():
    base = replace(ESTIMATE, risk_used=0.30)  # 36 % without the tool: 18 pp allowed
    assert judged(replace(base, covariance=base.covariance * 64)).reasons == ()
    (reason,) = judged(replace(base, covariance=base.covariance * 100)).reasons
    assert reason.limit == pytest.approx(0.18)


def test_two_estimates_disagree_only_if_far_apart_in_errors_and_in_effect():
    assert ids(judged(replace(ESTIMATE, covariance=ESTIMATE.covariance / 100), stratified=other(-5.0, 0.1))) == []  # 17 %
    assert ids(judged(stratified=other(-3.0, 1.0))) == []  # 2.1 errors


def test_few_treated_is_not_called_small_as_well():
    assert ids(judged(diagnostics=replace(SOUND, treated=12))) == ["few_treated"]
    assert ids(judged(diagnostics=replace(SOUND, compared=12))) == ["few_compared"]


def test_a_randomised_comparison_with_few_on_either_side_is_no_better_than_c():
    for few in ({"treated": 50}, {"compared": 50}):
        assert judged(diagnostics=replace(SOUND, **few), best="A").grade == "C"
    assert judged(diagnostics=replace(SOUND, treated=100, compared=100), best="A").grade == "A"


@pytest.mark.parametrize(
    ("best", "breaks", "grade"),
    [
        ("A", {}, "A"),
        ("A", {"placebo_errors": 3.0}, "B"),
        ("B", {"placebo_errors": 3.0}, "C"),
        ("A", {"treated": 50}, "C"),
        ("B", {"treated": 50, "placebo_errors": 3.0}, "D"),
        ("A", {"split_chance": 1e-4}, "D"),
    ],
)
def test_grades(best, breaks, grade):
    assert judged(diagnostics=replace(SOUND, **breaks), best=best).grade == grade


def test_between_30_and_100_treated_the_stratified_estimate_is_told():
    effect = judged(diagnostics=replace(SOUND, treated=60), stratified=other(-4.0, 1.0))
    assert (effect.grade, effect.method, effect.effect.value) == ("C", "stratified", pytest.approx(-0.04))


def test_an_interval_across_nothing_is_no_evidence_and_never_no_effect():
    effect = judged(wider(12.0))
    assert effect.effect.low < 0 < effect.effect.high
    assert (effect.reading, effect.evalue_limit) == ("no_evidence", 1.0)
    assert effect.evalue > 1


def test_the_sums_follow_from_the_average_order():
    effect = judged()
    assert effect.saved_orders.value == pytest.approx(36)
    assert effect.saved_orders.low == pytest.approx(600 * (0.06 - 1.959964 * 0.01))
    assert (effect.saved_fen.value, effect.cost_fen, effect.net_fen.value) == (
        pytest.approx(252_000),
        Figure(420_000, 420_000, 420_000),
        pytest.approx(-168_000),
    )
    assert effect.net_fen.high - effect.net_fen.low == pytest.approx(2 * 1.959964 * 100 * 600)


def test_net_counts_how_saving_and_cost_move_together():
    apart = np.array([[1e-4, 0.0, 0.0], [0.0, 1e4, -6e3], [0.0, -6e3, 1e4]])
    assert replace(ESTIMATE, covariance=apart).figure(0, -1, -1).high == pytest.approx(-280 + 1.959964 * math.sqrt(8e3))


def test_above_200_000_orders_half_the_distance_of_the_two_estimates_widens_the_interval():
    plain, wide = (judged(stratified=other(-5.0), order_count=orders) for orders in (200_000, 200_001))
    assert plain.diagnostics.half_width == pytest.approx(1.959964 * 0.01)
    assert wide.diagnostics.half_width == pytest.approx(1.959964 * math.hypot(0.01, 0.005))


def test_a_tool_without_data_is_counts_with_its_reason():
    effect = judged(None, Diagnostics(treated=0, compared=0, touched=12), notes=(Reason("no_outcomes"),))
    assert (effect.grade, effect.row()["net_fen"], effect.reading) == ("D", None, "cannot_tell")
    assert ids(effect) == ["no_outcomes", "few_treated", "few_compared"]


def test_an_effect_without_estimate_and_without_reason_is_refused():
    with pytest.raises(ValueError, match="needs a reason"):
        judged(None)


def test_a_row_has_whole_fen_and_the_names_of_the_command():
    row = judged().row()
    assert (row["net_fen"], row["saved_fen_low"], row["effect"]) == (-168_000, round(600 * (420 - 195.9964)), -0.06)
    assert {"grade", "method", "reason", "evalue", "treated", "compared", "saved_orders_high"} <= set(row)


@pytest.mark.parametrize(
    ("used", "unused", "expected"),
    [(0.2, 0.1, 2 + math.sqrt(2)), (0.1, 0.2, 2 + math.sqrt(2)), (0.1, 0.1, 1.0), (0.0, 0.1, math.inf), (0.0, 0.0, 1.0)],
)
def test_evalues(used, unused, expected):
    assert evidence.evalue(used, unused) == pytest.approx(expected)


def test_the_evalue_of_the_published_example():
    """Smoking and lung cancer, risk ratio 10.73 with lower limit 8.02: 20.9 and 15.5 (VanderWeele & Ding 2017)."""
    assert evidence.evalue(10.73 * 0.01, 0.01) == pytest.approx(20.9, abs=0.06)
    assert evidence.evalue_of_limit(0.01, Figure(0.0973, 0.0702, 0.13)) == pytest.approx(15.5, abs=0.06)


def test_clustered_errors_of_a_mean_are_those_of_the_cluster_sums():
    random = np.random.default_rng(3)
    cluster = np.repeat(np.arange(50), 20)
    shared = random.normal(size=50)[cluster] + random.normal(size=1000)
    covariance, degrees = errors.of_influence((shared - shared.mean())[:, None] / 1000, cluster)
    means = shared.reshape(50, 20).mean(axis=1)
    assert (math.sqrt(covariance[0, 0]), degrees) == (pytest.approx(means.std(ddof=1) / math.sqrt(50)), 49)


def test_the_jackknife_of_a_mean_is_its_standard_error():
    values = np.random.default_rng(4).normal(size=30)
    left_out = (values.sum() - values) / 29
    covariance, degrees = errors.of_left_out(left_out[:, None])
    assert (covariance[0, 0], degrees) == (pytest.approx(values.var(ddof=1) / 30), 29)
    assert errors.margin(1.0, 29) == pytest.approx(2.0452, abs=1e-3)


def test_overlapping_tools_are_counted_once_each_by_exact_combination():
    uses = {"coupon": np.array([1, 1, 0, 0, 1], bool), "urge_ship": np.array([1, 0, 0, 1, 1], bool)}
    assert several.overlaps(uses) == {("coupon", "urge_ship"): 2, ("coupon",): 1, ("urge_ship",): 1}


def test_any_tool_starts_with_the_first_of_them():
    first = several.first_use({"a": np.array([5.0, np.nan, np.nan]), "b": np.array([3.0, 4.0, np.nan])})
    assert first == pytest.approx([3.0, 4.0, np.nan], nan_ok=True)


def test_with_few_clusters_the_same_distance_is_less_unlikely():
    assert errors.as_normal(-2.2010, 11) == pytest.approx(1.95996, abs=1e-3)
    assert errors.as_normal(1.96, 1e6) == pytest.approx(1.96, abs=1e-3)
