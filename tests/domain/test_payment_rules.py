"""Small payments at the platform's limits: the last allowed one, and the first that is not."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.domain.payment_rules import RULES, standings


def figures(**more):
    plain = {"days_since_paid": [3], "order_count": [1], "order_fen": [500], "day_fen": [500]}
    return {name: np.array(values, dtype=float) for name, values in {**plain, **more}.items()}


@pytest.mark.parametrize("name", list(RULES))
def test_the_limit_itself_is_allowed_and_one_more_is_not(name):
    rule = RULES[name]
    kept, broken = standings(figures(**{rule.figure: [rule.most]})), standings(figures(**{rule.figure: [rule.most + 1]}))
    assert not kept[name].is_broken.any()
    assert (kept[name].highest, kept[name].left) == (rule.most, 0)
    assert broken[name].is_broken.tolist() == [True]
    assert [other for other, standing in broken.items() if standing.is_broken.any()] == [name]


def test_a_payment_on_an_order_that_is_not_loaded_breaks_no_limit_of_days():
    found = standings(figures(days_since_paid=[np.nan]))["days"]
    assert (found.is_broken.tolist(), found.highest, found.left) == ([False], None, None)


def test_without_payments_nothing_is_known():
    empty = standings({name: np.array([]) for name in ("days_since_paid", "order_count", "order_fen", "day_fen")})
    assert {standing.highest for standing in empty.values()} == {None}
