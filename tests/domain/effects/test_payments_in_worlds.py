"""Small payments in worlds of known truth, many times over: bias, coverage, net, and what simpler comparisons would have said."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from analytics.domain.effects import doubly, payments, trials
from tests.worlds.payments import NOTHING_HAPPENS, USUAL, Mechanism, World, naive_difference, small_payments


@dataclass
class Told:
    """What was said in each of several worlds (w,) beside what was true there; the net is of an average treated order."""

    effect: np.ndarray
    low: np.ndarray
    high: np.ndarray
    truth: np.ndarray
    net: np.ndarray
    net_low: np.ndarray
    net_high: np.ndarray
    net_truth: np.ndarray
    naive: np.ndarray

    @property
    def bias(self) -> float:
        return float((self.effect - self.truth).mean())

    @property
    def coverage(self) -> float:
        return float(((self.low <= self.truth) & (self.truth <= self.high)).mean())

    @property
    def net_coverage(self) -> float:
        return float(((self.net_low <= self.net_truth) & (self.net_truth <= self.net_high)).mean())

    def summary(self) -> str:
        return (
            f"{len(self.effect)} worlds: truth {self.truth.mean():.4f}, naive {self.naive.mean():.4f}, bias {self.bias:.4f}, "
            f"coverage {self.coverage:.3f}; net truth {self.net_truth.mean():.0f} fen, said {self.net.mean():.0f}, "
            f"net coverage {self.net_coverage:.3f}, said negative {(self.net < 0).mean():.3f}"
        )


def tell(seeds: range, order_count: int, mechanism: Mechanism = USUAL) -> Told:
    rows = []
    for seed in seeds:
        world = small_payments(seed, order_count, mechanism)
        effect = payments.effect_of(world.design, seed=seed)
        net = effect.net_fen.times(1 / effect.treated)
        told = (effect.effect.value, effect.effect.low, effect.effect.high, world.effect)
        rows.append((*told, net.value, net.low, net.high, world.net_fen, naive_difference(world.design)))
    told = Told(*np.array(rows).T)
    print(told.summary())
    return told


def used_or_not(world: World) -> float:
    """The comparison without time: orders ever paid against never paid, alike in everything known at shipment."""
    design = world.design
    course = trials.follow(design)
    refunded = course.refunded_h <= design.start_h + design.horizon_h
    is_used = np.isfinite(course.used_h)
    late = np.clip((design.shipped_h - design.ship_by_h) / 24, -2, 3)
    products = np.eye(int(design.product.max()) + 1)[design.product][:, 1:]
    matrix = np.column_stack([np.log(design.receivable_fen), late, late > 0, np.isfinite(design.urged_h), products])
    fold = doubly.folds_of(design.clusters(), np.random.default_rng(0))
    chance = doubly.expected_chance(lambda _: matrix, refunded, ~is_used, np.ones(len(design)), fold)
    odds = doubly.likeness(lambda _: matrix, is_used, fold).odds
    change, _ = doubly.change_of_treated(is_used, refunded[:, None].astype(float), chance[:, None], odds)
    return float(change[0])


def later_payments_ignored(world: World, seed: int) -> float:
    """The daily trials with the controls that were paid later simply left out."""
    design, random = world.design, np.random.default_rng(seed)
    course = trials.follow(design)
    comparison = payments.compare(design, course, trials.draw_rows(design, course, random), random)
    is_there = comparison.rows.is_treated | comparison.outcome.is_seen
    ignored = replace(comparison, later_weight=is_there.astype(float))
    return float(payments.augmented(payments.work_out(design, course, ignored, random)).change[0])


def test_ten_worlds_are_told_about_right():
    told = tell(range(10), 8_000)
    assert abs(told.bias) <= 0.015
    assert told.coverage >= 8 / 10
    assert told.net_coverage >= 8 / 10
    assert (told.net < 0).mean() >= 0.6
    assert told.naive.mean() > told.truth.mean() + 0.10


def test_without_time_the_payment_seems_to_cause_refunds():
    world = small_payments(2, 20_000)
    assert used_or_not(world) > world.effect + 0.10


@pytest.mark.statistics
def test_the_effect_is_found_in_two_hundred_worlds():
    told = tell(range(200), 50_000)
    assert abs(told.bias) <= 0.004, told.summary()
    assert 0.92 <= told.coverage <= 0.97, told.summary()
    assert told.net_coverage >= 0.91, told.summary()
    assert abs(told.naive.mean() - told.truth.mean()) > 0.02


@pytest.mark.statistics
def test_where_payments_do_nothing_nothing_is_found():
    told = tell(range(1000, 1100), 50_000, NOTHING_HAPPENS)
    assert abs(told.effect.mean()) <= 0.004, told.summary()


@pytest.mark.statistics
def test_payments_that_lose_money_are_said_to_in_shops_of_ten_thousand_orders():
    told = tell(range(2000, 2200), 10_000)
    assert (told.net < 0).mean() >= 0.60, told.summary()
    assert told.net_coverage >= 0.91, told.summary()


@pytest.mark.statistics
def test_payments_to_come_must_not_be_ignored():
    worlds = [small_payments(seed, 50_000) for seed in range(3000, 3010)]
    away = [later_payments_ignored(world, seed) - world.effect for seed, world in enumerate(worlds)]
    print(f"later payments ignored: {np.mean(away):+.4f}")
    assert np.mean(away) > 0.006
