"""Tools that work for one half of the orders only, and tools that do nothing: what is said of each group, many times over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pytest

from analytics.domain.effects import payments
from analytics.domain.effects.evidence import Effect
from analytics.domain.effects.groups import SURELY_APART
from analytics.domain.effects.shipping import judge_shipping
from tests.worlds.payments import HALF_OF_PRODUCTS, NOTHING_HAPPENS, small_payments
from tests.worlds.urged import KNOWN_UNTIL, urged_world

Truth = dict[str, dict[int, float]]  # by dimension and group
Run = tuple[Effect, Truth]


@dataclass
class Said:
    """What was said of every group that could be told, beside the truth, over several worlds; and the chances (w,)."""

    effect: np.ndarray
    low: np.ndarray
    high: np.ndarray
    truth: np.ndarray
    works: np.ndarray
    asked: int
    chance: np.ndarray
    whole: np.ndarray
    mean: np.ndarray

    def bias(self, works: bool) -> float:
        chosen = self.works == works
        return float((self.effect - self.truth)[chosen].mean())

    def coverage(self, works: bool) -> float:
        chosen = self.works == works
        return float(((self.low <= self.truth) & (self.truth <= self.high))[chosen].mean())

    def summary(self) -> str:
        halves = [
            f"{name}: truth {self.truth[self.works == works].mean():.4f}, bias {self.bias(works):+.4f}, "
            f"covered {self.coverage(works):.3f} of {(self.works == works).sum()}"
            for name, works in (("works", True), ("idle", False))
            if (self.works == works).any()
        ]
        rejected = [f"{(self.chance < limit).mean():.3f} below {limit}" for limit in (0.01, 0.05, 0.5)]
        away = [f"mean of groups − whole at most {np.abs(self.mean - self.whole).max():.4f}"] if len(self.mean) else []
        return "; ".join([*halves, f"told {len(self.effect)} of {self.asked}", *rejected, *away])


def said_of(runs: Iterable[Run], dimension: str) -> Said:
    rows, asked, chances, wholes, means = [], 0, [], [], []
    for effect, true in runs:
        found = effect.groups[dimension]
        asked += len(found)
        told = {group: each for group, each in found.items() if each.effect is not None}
        for group, each in told.items():
            rows.append((each.effect.value, each.effect.low, each.effect.high, true[dimension][group], group % 2 == 0))
        if effect.alike[dimension] is not None:
            chances.append(effect.alike[dimension])
        sizes = [each.treated for each in told.values()]
        if sum(sizes) == effect.treated:
            wholes.append(effect.effect.value)
            means.append(np.average([each.effect.value for each in told.values()], weights=sizes))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    said = Said(*columns, asked, *(np.array(each) for each in (chances, wholes, means)))
    print(f"{dimension}: {said.summary()}")
    return said


def truth_of(effect: Effect, groups: dict[str, np.ndarray], truth_in: Callable[[np.ndarray], float]) -> Truth:
    """What was true in every group that was asked; worked out at once, so that no world has to be kept."""
    return {name: {group: truth_in(groups[name] == group) for group in found} for name, found in effect.groups.items()}


def paid(seeds: range, order_count: int, mechanism=HALF_OF_PRODUCTS, most: int = 40) -> list[Run]:
    """Judge worlds of payments by product and streamer, so many taken together that at most `most` are left, and by week."""
    runs = []
    for seed in seeds:
        world = small_payments(seed, order_count, mechanism)
        design = world.design
        groups = {"product": design.product % most, "streamer": design.streamer % most, "week": design.paid_day // 7}
        effect = payments.effect_of(design, seed=seed, groups=groups)
        runs.append((effect, truth_of(effect, groups, world.effect_in)))
    return runs


def urged(seeds: range, order_count: int, **world) -> list[Run]:
    runs = []
    for seed in seeds:
        found = urged_world(np.random.default_rng([seed, order_count]), order_count, **world)
        groups = {"kind": found.kind}
        effect = judge_shipping(found.orders, known_until=KNOWN_UNTIL, groups=groups)
        runs.append((effect, truth_of(effect, groups, found.effect_in)))
    return runs


@pytest.fixture(scope="module")
def half_paid():
    return paid(range(5), 10_000, most=6)


def test_payments_that_work_for_half_of_the_products_are_said_to_do_so(half_paid):
    said = said_of(half_paid, "product")
    assert len(said.effect) == said.asked == 30
    assert said.truth[said.works].max() < -0.08
    assert not said.truth[~said.works].any()
    for works in (True, False):
        assert abs(said.bias(works)) <= 0.03, said.summary()
        assert said.coverage(works) >= 12 / 15, said.summary()
    assert (said.chance < SURELY_APART).mean() >= 0.8


def test_complete_groups_make_up_the_whole(half_paid):
    for dimension in ("product", "streamer"):
        said = said_of(half_paid, dimension)
        assert len(said.mean) >= 4
        assert np.abs(said.mean - said.whole).max() <= 0.01


def test_shipping_that_helps_half_of_the_orders_is_said_to_do_so():
    said = said_of(urged(range(5), 6_000, is_half=True), "kind")
    assert said.truth[said.works].max() < -0.2
    for works in (True, False):
        assert abs(said.bias(works)) <= 0.025, said.summary()
        assert said.coverage(works) >= 12 / 15, said.summary()
    assert (said.chance < SURELY_APART).all()
    assert np.abs(said.mean - said.whole).max() <= 0.01


def test_groups_of_a_tool_that_does_nothing_hardly_ever_differ():
    said = said_of(urged(range(100, 108), 5_000, works=False), "kind")
    assert (said.chance < 0.05).mean() <= 2 / 8
    assert (said.chance < 0.5).mean() >= 2 / 8
    assert abs(said.effect.mean()) <= 0.02


@pytest.mark.statistics
def test_payments_by_product_streamer_and_week_in_two_hundred_worlds():
    runs = paid(range(200), 50_000)
    for dimension in ("product", "streamer", "week"):
        said = said_of(runs, dimension)
        coverage = float(((said.low <= said.truth) & (said.truth <= said.high)).mean())
        assert abs(float((said.effect - said.truth).mean())) <= 0.008, said.summary()
        assert 0.92 <= coverage <= 0.975, said.summary()
    said = said_of(runs, "product")
    for works in (True, False):
        assert abs(said.bias(works)) <= 0.01, said.summary()
        assert 0.92 <= said.coverage(works) <= 0.975, said.summary()
    assert (said.chance < SURELY_APART).mean() >= 0.9


@pytest.mark.statistics
def test_payments_that_do_nothing_differ_by_chance_only():
    runs = paid(range(5000, 5200), 20_000, NOTHING_HAPPENS, most=8)
    for dimension in ("product", "streamer", "week"):
        said = said_of(runs, dimension)
        assert 0.02 <= (said.chance < 0.05).mean() <= 0.09, said.summary()


@pytest.mark.statistics
def test_shipping_by_kind_in_two_hundred_worlds():
    said = said_of(urged(range(200), 6_000, is_half=True), "kind")
    for works in (True, False):
        assert abs(said.bias(works)) <= 0.01, said.summary()
        assert 0.92 <= said.coverage(works) <= 0.975, said.summary()
    said = said_of(urged(range(1000, 1200), 6_000, works=False), "kind")
    assert 0.02 <= (said.chance < 0.05).mean() <= 0.09, said.summary()
