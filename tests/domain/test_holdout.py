"""The hold-out: its split is even and for ever, its size is said beforehand, it is right as often as it says."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from analytics.domain import holdout
from analytics.errors import OperatorError
from tests.worlds.held_out import COST_FEN, EFFECT, KNOWN_UNTIL, SAVED_FEN, SHARE, held_out_world

IDS = [f"2530{number:012d}" for number in range(20_000)]


def judged(assigned, **known):
    return holdout.judge_holdout(assigned, **{"share": SHARE, "horizon_days": 15, "known_until": KNOWN_UNTIL} | known)


def test_the_hash_is_the_one_that_is_written_down():
    whole = hashlib.sha256("春季试验\x1f2530000000000007".encode()).hexdigest()
    place = int(whole[:16], 16) / 2**64
    assert list(holdout.is_held_out("春季试验", ["2530000000000007"], place + 1e-9)) == [True]
    assert list(holdout.is_held_out("春季试验", ["2530000000000007"], place)) == [False]


def test_the_split_is_even_nested_and_another_for_another_experiment():
    small, large, other = (holdout.is_held_out(name, IDS, share) for name, share in (("a", 0.1), ("a", 0.2), ("b", 0.2)))
    assert abs(large.mean() - 0.2) < 0.01
    assert not (small & ~large).any()
    assert abs((large & other).mean() - 0.04) < 0.006
    assert (holdout.is_held_out("a", IDS[::-1], 0.2)[::-1] == large).all()


def test_a_share_is_five_to_twenty_percent():
    assert holdout.read_share(0.05) == 0.05
    with pytest.raises(OperatorError, match="5% 到 20%"):
        holdout.read_share(0.21)


def test_the_size_is_the_rule_of_thumb():
    # 16 · 0.25 · 0.75 · 1.2 ÷ 0.05² = 1440 an arm; held out a fifth: 8 · 0.25 · 0.75 · 1.2 ÷ (0.05² · 0.16) = 4500 in all.
    size = holdout.size_for(0.25, -0.05, 0.2, design_effect=1.2)
    assert (size.per_arm, size.orders, size.held_out) == (1440, 4500, 900)
    assert holdout.size_for(0.25, 0.05, 0.5).orders == 2 * holdout.size_for(0.25, 0.05, 0.5).per_arm


def test_the_split_check_is_the_chi_square_test():
    theirs = stats.chisquare([230, 770], [200, 800]).pvalue
    assert holdout.split_chance(230, 1000, 0.2) == pytest.approx(theirs)
    assert holdout.split_chance(0, 0, 0.2) == 1.0


def test_a_hold_out_reports_every_figure_with_grade_a():
    world = held_out_world(np.random.default_rng(8), 6000)
    effect = judged(world)
    refunded, held = ~np.isnat(world.refunded_at), world.is_held_out
    assert (effect.grade, effect.method, effect.reasons) == ("A", "hold_out", ())
    assert effect.effect.value == pytest.approx(refunded[~held].mean() - refunded[held].mean())
    assert effect.saved_orders.value == pytest.approx(-effect.effect.value * (~held).sum())
    assert effect.cost_fen.value == pytest.approx(COST_FEN * (~held).sum())
    assert effect.net_fen.value == pytest.approx(effect.saved_fen.value - effect.cost_fen.value)
    assert effect.effect.low < EFFECT < effect.effect.high
    assert effect.saved_fen.low < SAVED_FEN * effect.treated < effect.saved_fen.high
    assert holdout.used_shares(world) == (1.0, 0.0)


@pytest.mark.statistics
def test_the_interval_is_that_of_a_cluster_robust_regression():
    import statsmodels.api as sm

    world = held_out_world(np.random.default_rng(4), 3000)
    effect = judged(world)
    refunded = (~np.isnat(world.refunded_at)).astype(float)
    theirs = sm.OLS(refunded, sm.add_constant((~world.is_held_out).astype(float))).fit(
        cov_type="cluster", cov_kwds={"groups": world.cluster}, use_t=True
    )
    assert (effect.effect.low, effect.effect.high) == pytest.approx(tuple(theirs.conf_int()[1]), abs=2e-4)


@pytest.mark.parametrize(
    ("reason", "spoilt"),
    [
        ("split", lambda w: replace(w, is_held_out=w.is_held_out & (np.arange(len(w)) % 5 > 0))),
        ("immature", lambda w: replace(w, since=w.since + np.where(np.arange(len(w)) % 10 < 6, np.timedelta64(90, "D"), 0))),
        ("few_refunds", lambda w: replace(w, refunded_at=np.where(w.is_held_out, np.datetime64("NaT"), w.refunded_at))),
        ("few_clusters", lambda w: replace(w, cluster=w.cluster % 14)),
        ("one_cluster", lambda w: replace(w, cluster=np.where(w.cluster < 21, 0, w.cluster))),
    ],
)
def test_a_hold_out_that_cannot_tell_says_exactly_why(reason, spoilt):
    effect = judged(spoilt(held_out_world(np.random.default_rng(5), 6000)))
    assert [each.id for each in effect.reasons] == [reason]
    assert (effect.grade, effect.effect) == ("D", None)


def test_only_orders_old_enough_are_compared_in_either_arm():
    world = held_out_world(np.random.default_rng(9), 6000)
    is_young = np.arange(len(world)) % 3 == 0
    aged = replace(world, since=world.since + np.where(is_young, np.timedelta64(90, "D"), np.timedelta64(0, "D")))
    effect = judged(aged)
    refunded, held = ~np.isnat(world.refunded_at) & ~is_young, world.is_held_out
    assert (effect.treated, effect.compared) == ((~held & ~is_young).sum(), (held & ~is_young).sum())
    assert effect.effect.value == pytest.approx(
        refunded.sum(where=~held) / effect.treated - refunded.sum(where=held) / effect.compared
    )


def test_a_small_hold_out_is_too_wide_and_an_empty_one_counts():
    small = judged(held_out_world(np.random.default_rng(10), 280))
    assert [each.id for each in small.reasons] == ["small_compared", "wide"]
    nobody = held_out_world(np.random.default_rng(6), 0)
    assert judged(nobody).grade == "D"


def rejections(runs: int, effect: float) -> tuple[float, float, float]:
    """Share of runs whose interval holds the truth, holds the truth of the saved money, and leaves out 0."""
    told = []
    for seed in range(runs):
        found = judged(held_out_world(np.random.default_rng([seed, 7]), 2400, effect=effect), known_until=KNOWN_UNTIL)
        figure, saved = found.effect, found.saved_fen.times(1 / found.treated)
        truth = -effect * SAVED_FEN / -EFFECT
        told.append((figure.low <= effect <= figure.high, saved.low <= truth <= saved.high, not figure.low <= 0 <= figure.high))
    covered, covered_money, rejected = np.mean(told, axis=0)
    print(f"covered {covered:.3f}, money {covered_money:.3f}, rejected {rejected:.3f}")
    return covered, covered_money, rejected


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    assert 0.85 <= rejections(40, EFFECT)[0] <= 1.0
    assert rejections(40, 0.0)[2] <= 0.15


@pytest.mark.statistics
def test_intervals_hold_the_truth_whole():
    covered, money, _ = rejections(400, EFFECT)
    assert 0.925 <= covered <= 0.97
    assert money >= 0.91
    assert 0.025 <= rejections(400, 0.0)[2] <= 0.065
