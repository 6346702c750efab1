"""Named periods count back from the latest complete day in the data; the period before is as long and must be covered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from analytics.ui.choice import Choice, days_before, days_of

FIRST, LAST = date(2026, 7, 20), date(2026, 11, 16)


@pytest.mark.parametrize(
    ("period", "first_day", "last_day"),
    [
        ("d7", date(2026, 11, 10), LAST),
        ("d30", date(2026, 10, 18), LAST),
        ("d90", date(2026, 8, 19), LAST),
        ("this_month", date(2026, 11, 1), LAST),
        ("last_month", date(2026, 10, 1), date(2026, 10, 31)),
        ("all", FIRST, LAST),
    ],
)
def test_a_period_is_counted_from_the_last_day_of_the_data(period, first_day, last_day):
    assert days_of(period, FIRST, LAST) == (first_day, last_day)


def test_the_month_before_january_is_december():
    assert days_of("last_month", FIRST, date(2027, 1, 5)) == (date(2026, 12, 1), date(2026, 12, 31))


def choice(first_day: date, clock: str = "refunded") -> Choice:
    return Choice("d30", first_day, LAST, FIRST, LAST, clock, ("示例店",))


def test_the_period_before_is_as_long_and_ends_the_day_before():
    before = choice(date(2026, 10, 18)).previous
    assert (before["first_day"], before["last_day"]) == (date(2026, 9, 18), date(2026, 10, 17))


def test_a_period_before_the_data_is_not_compared():
    assert choice(date(2026, 8, 19)).previous is None


def test_by_payment_date_the_period_before_counts_only_what_was_known_at_the_same_age():
    before = choice(date(2026, 10, 18), clock="paid").previous
    assert before["known_until"] == datetime(2026, 10, 18)  # this period ends with the data: the other's last day is as young
    ended = Choice("custom", date(2026, 10, 1), date(2026, 10, 10), FIRST, LAST, "paid", ("示例店",)).previous
    assert ended["known_until"] == datetime(2026, 10, 1) + (LAST - date(2026, 10, 10))
    assert "known_until" not in choice(date(2026, 10, 18), clock="refunded").previous


def test_refunds_that_the_files_know_of_after_the_last_complete_day_are_known_of_the_period_before_as_long_after():
    day = choice(LAST, clock="paid")  # exported the next day at ten: this day's refunds are known until then
    before = replace(day, data_end_at=datetime(2026, 11, 17, 10)).previous
    assert (before["last_day"], before["known_until"]) == (date(2026, 11, 15), datetime(2026, 11, 16, 10))


def test_all_days_are_asked_for_without_naming_one_so_that_nothing_undated_or_newer_is_dropped():
    assert replace(choice(FIRST), period="all").filters == choice(FIRST).everything


@pytest.mark.parametrize(
    ("period", "compare", "days", "before"),
    [
        ("last_month", "previous", (date(2026, 10, 1), date(2026, 10, 31)), (date(2026, 9, 1), date(2026, 9, 30))),
        ("this_month", "previous", (date(2026, 11, 1), LAST), (date(2026, 10, 1), date(2026, 10, 16))),
        ("this_month", "previous", (date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 2, 1), date(2026, 2, 28))),
        ("d7", "last_year", (date(2028, 2, 23), date(2028, 2, 29)), (date(2027, 2, 23), date(2027, 2, 28))),
        ("custom", "previous", (date(2026, 11, 3), date(2026, 11, 3)), (date(2026, 11, 2), date(2026, 11, 2))),
    ],
)
def test_a_month_is_compared_with_the_month_before_and_a_year_with_the_same_days(period, compare, days, before):
    assert days_before(period, compare, *days) == before


def test_nothing_is_compared_with_nothing():
    assert Choice("d7", LAST, LAST, FIRST, LAST, "paid", (), compare="none").previous is None
    assert Choice("all", FIRST, LAST, FIRST, LAST, "paid", ()).previous is None


def test_a_chart_ignores_its_own_filter_and_no_other():
    chosen = Choice("d7", LAST, LAST, FIRST, LAST, "paid", (), where={"product": ("1",), "reason": ("尺码",)})
    assert chosen.without("product")["where"] == {"reason": ("尺码",)}


def test_everything_has_no_days():
    assert choice(LAST, clock="paid").everything == {
        "first_day": None,
        "last_day": None,
        "clock": "paid",
        "where": {},
        "shops": ("示例店",),
    }
