"""Each rule that keeps a small payment's effect from being told, with a world that breaks it and no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest

from analytics.domain.effects import payments, rules
from analytics.domain.effects.design import Cases, Design
from tests.worlds.paid_by_kind import Kind, design_of
from tests.worlds.payments import Mechanism, small_payments

SELDOM = {"pay_rate": 0.00008, "pay_case_rate": 0.0018}  # of the usual world, to be given to fewer


def only(design: Design, kept: np.ndarray) -> Design:
    """The orders `kept` and their cases."""
    place = np.full(len(design), -1)
    place[kept] = np.arange(len(kept))
    cases = design.cases
    has = place[cases.order] >= 0
    of_cases = {field.name: getattr(cases, field.name)[has] for field in fields(Cases)}
    of_orders = {field.name: getattr(design, field.name) for field in fields(Design)}
    taken = {name: value[kept] for name, value in of_orders.items() if isinstance(value, np.ndarray)}
    return replace(design, **taken, cases=Cases(**of_cases | {"order": place[cases.order[has]]}))


def seldom(share: float, **more: float) -> Design:
    return small_payments(1, 20_000, Mechanism(**{name: rate * share for name, rate in SELDOM.items()}, **more)).design


def untimed() -> Design:
    design = small_payments(1, 5_000).design
    used = np.flatnonzero(np.isfinite(design.used_h))
    return replace(design, is_used_untimed=np.isin(np.arange(len(design)), used[: len(used) // 12]))


def few_compared() -> Design:
    design = small_payments(1, 5_000).design
    refunded = np.isin(np.arange(len(design)), design.cases.order[design.cases.is_refund])
    paid, free = np.flatnonzero(np.isfinite(design.used_h)), np.isnan(design.used_h)
    others = np.concatenate([np.flatnonzero(free & refunded)[:13], np.flatnonzero(free & ~refunded)[:12]])
    return only(design, np.concatenate([paid[:200], others]))


def few_refunds() -> Design:
    design = small_payments(1, 5_000).design
    of_paid = np.flatnonzero(design.cases.is_refund & np.isfinite(design.used_h)[design.cases.order])
    is_refund = design.cases.is_refund & ~np.isin(np.arange(len(design.cases.order)), of_paid[9:])
    return replace(design, cases=replace(design.cases, is_refund=is_refund))


BREAKING: dict[str, Callable[[], Design]] = {
    "untimed": untimed,
    "immature": lambda: small_payments(1, 20_000, Mechanism(days=35, follow_days=12)).design,
    "few_treated": lambda: seldom(0.008),
    "few_compared": few_compared,
    "small": lambda: seldom(0.03),
    "few_refunds": few_refunds,
    "few_controls": lambda: design_of(1, Kind(700, 0.8, 0.3)),
    "heavy_weights": lambda: design_of(1, Kind(4000, 0.2, 0.3), Kind(500, 0.9, 0.3)),
    "no_overlap": lambda: design_of(1, Kind(4000, 0.3, 0.3), Kind(800, 0.994, 0.3)),
    "imbalance": lambda: design_of(1, Kind(4000, 0.6, 0.3), Kind(400, 0.95, 0.3)),
    "few_clusters": lambda: small_payments(1, 5_000, Mechanism(days=12, streamers=1)).design,
    "one_cluster": lambda: small_payments(1, 5_000, Mechanism(first_show_share=0.38)).design,
    "wide": lambda: design_of(2, Kind(1600, 0.075, 0.115)),
    "disagree": lambda: (
        small_payments(1, 10_000, Mechanism(province_risk=0.9, pay_province=0.9, pay_rate=0.00012, pay_case_rate=1e-9)).design
    ),
    "placebo": lambda: small_payments(1, 8_000, Mechanism(batch=0.6, pay_batch=1.5, days=30, streamers=3)).design,
}


@pytest.mark.parametrize("rule", BREAKING)
def test_each_rule_has_a_world_that_breaks_it_alone(rule):
    effect = payments.effect_of(BREAKING[rule](), seed=0)
    assert [reason.id for reason in effect.reasons] == [rule]
    assert effect.grade == ("C" if rule in ("small", "placebo") else "D")
    assert (effect.net_fen is None) == (effect.grade == "D")


def test_every_rule_but_those_of_the_hold_out_has_its_world():
    # Fewer than 100 compared weigh less than 200 controls as well: only a hold-out, which weighs nobody, is small in them alone.
    assert {rule.id for rule in rules.RULES} - set(BREAKING) == {"split", "small_compared"}
