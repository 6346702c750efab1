"""What the reader has chosen to look at, which days a named period means, and which days it is compared with."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

PERIODS = ("d1", "d7", "d30", "d90", "this_month", "last_month", "all", "custom")
DEFAULT_PERIOD = "d30"
COMPARISONS = ("previous", "last_year", "none")


@dataclass(frozen=True)
class Choice:
    """Days (both included), clock, shops and groups looked at; `watermark` is written over the charts of a generated shop."""

    period: str
    first_day: date
    last_day: date
    data_first_day: date
    data_last_day: date
    clock: str
    shops: tuple[str, ...]
    watermark: str = ""
    compare: str = "previous"
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    data_end_at: datetime | None = None  # the last moment that the files know of; None: the end of the last day
    is_complete: bool = False  # only days whose refunds have all come: the period counts back from the last of them

    @property
    def filters(self) -> dict[str, Any]:
        """The period as keyword arguments of a question; all days are those without a date or an order in the data, too."""
        if self.period == "all":
            return self._asked(None, self.last_day if self.is_complete else None)
        return self._asked(self.first_day, self.last_day)

    @property
    def everything(self) -> dict[str, Any]:
        """The same shops, clock and groups over all days."""
        return self._asked(None, None)

    @property
    def day_count(self) -> int:
        """How many days the period has."""
        return (self.last_day - self.first_day).days + 1

    @property
    def previous_days(self) -> tuple[date, date] | None:
        """The days to compare with; None when none are wanted or the data does not reach back so far."""
        if self.compare == "none" or self.period == "all":
            return None
        first_day, last_day = days_before(self.period, self.compare, self.first_day, self.last_day)
        return (first_day, last_day) if first_day >= self.data_first_day else None

    @property
    def previous(self) -> dict[str, Any] | None:
        """The filters of the period to compare with, for `losses_by`; None where there is none.

        By payment date its cases count as far as they were known when it was as old as the period is now: the newer orders
        have had less time to be refunded, so they would otherwise always look better.
        """
        if self.previous_days is None:
            return None
        asked = self._asked(*self.previous_days)
        if self.clock == "paid":
            end_at = self.data_end_at or datetime.combine(self.data_last_day + timedelta(days=1), time.min)
            asked["known_until"] = end_at - (self.last_day - self.previous_days[1])
        return asked

    def without(self, dimension: str) -> dict[str, Any]:
        """The filters but for one dimension: a chart that filters by it goes on showing its other groups."""
        return {**self.filters, "where": {name: groups for name, groups in self.where.items() if name != dimension}}

    def _asked(self, first_day: date | None, last_day: date | None) -> dict[str, Any]:
        asked = {"first_day": first_day, "last_day": last_day, "clock": self.clock, "shops": self.shops}
        return {**asked, "where": {name: tuple(groups) for name, groups in self.where.items()}}


def days_of(period: str, data_first_day: date, data_last_day: date) -> tuple[date, date]:
    """Return the first and last day of a named period, counted back from the latest complete day in the data."""
    month_start = data_last_day.replace(day=1)
    if period == "all":
        return data_first_day, data_last_day
    if period == "this_month":
        return month_start, data_last_day
    if period == "last_month":
        last_day = month_start - timedelta(days=1)
        return last_day.replace(day=1), last_day
    return data_last_day - timedelta(days=int(period.removeprefix("d")) - 1), data_last_day


def days_before(period: str, compare: str, first_day: date, last_day: date) -> tuple[date, date]:
    """Return the days that a period is compared with: a year ago, the month before for a month, else as many days just before."""
    if compare == "last_year":
        return _months_ago(first_day, 12), _months_ago(last_day, 12)
    if period == "last_month":
        return _months_ago(first_day, 1), first_day - timedelta(days=1)
    if period == "this_month":
        return _months_ago(first_day, 1), _months_ago(last_day, 1)
    length = last_day - first_day + timedelta(days=1)
    return first_day - length, last_day - length


def _months_ago(day: date, months: int) -> date:
    """The same day of an earlier month, or its last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
