"""The urge-to-ship list's own rules, on numbers that can be done in the head."""

from __future__ import annotations

from datetime import datetime

import pytest

from analytics.domain import urges
from analytics.domain.urges import Cut, Freshness

NOW = datetime(2026, 11, 16, 12)


def test_the_cut_line_splits_a_ranked_list_and_its_money():
    assert urges.cut_at([900, 500, 300, 100], 2) == Cut(above=2, below=2, above_fen=1_400, below_fen=400)


@pytest.mark.parametrize(("capacity", "above"), [(0, 0), (-5, 0), (3, 3), (4, 3), (120, 3)])
def test_a_capacity_beyond_either_end_cuts_at_the_end(capacity, above):
    cut = urges.cut_at([900, 500, 300], capacity)
    assert (cut.above, cut.below) == (above, 3 - above)
    assert cut.above_fen + cut.below_fen == 1_700


def test_nothing_can_be_cut():
    assert urges.cut_at([], 120) == Cut(0, 0, 0, 0)


def test_an_age_is_never_below_nothing():
    assert urges.age_hours(datetime(2026, 11, 16, 9, 30), NOW) == 2.5
    assert urges.age_hours(datetime(2026, 11, 16, 13), NOW) == 0
    assert urges.age_hours(None, NOW) is None


@pytest.mark.parametrize(("hours", "is_stale"), [(0.0, False), (4.0, False), (4.1, True), (None, True)])
def test_data_is_stale_after_four_hours_and_without_any(hours, is_stale):
    assert Freshness("店", None, None, hours).is_stale is is_stale


def test_the_newer_of_list_and_export_says_until_when_the_data_goes():
    early, late = datetime(2026, 11, 16, 8), datetime(2026, 11, 16, 9)
    assert Freshness("店", early, late, 3).until == Freshness("店", late, early, 3).until == late
    assert Freshness("店", early, None, 4).until == early
    assert Freshness("店", None, None, None).until is None


@pytest.mark.parametrize(
    ("waiting", "seen", "is_stale", "is_due"),
    [
        ("ABC", "", False, True),
        ("AB", "", False, False),  # fewer than three
        ("ABC", "", True, False),  # too old
        ("ABC", "ABC", False, False),  # the same set
        ("ABC", "ABCDE", False, False),  # what is left of a set that was seen
        ("ABCD", "ABC", False, True),  # one more
    ],
)
def test_the_alarm_is_due_for_orders_that_nobody_has_acknowledged(waiting, seen, is_stale, is_due):
    assert urges.is_alarm_due(waiting, seen, 3, is_stale=is_stale) is is_due
