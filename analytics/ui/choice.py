"""What the reader has chosen to look at, and which days a named period means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

PERIODS = ("d7", "d30", "d90", "this_month", "last_month", "all")
DEFAULT_PERIOD = "d30"


@dataclass(frozen=True)
class Choice:
    """Days (both included), clock and shops looked at; `watermark` is written over the charts of a generated shop."""

    period: str
    first_day: date
    last_day: date
    data_first_day: date
    data_last_day: date
    clock: str
    shops: tuple[str, ...]
    watermark: str = ""

    @property
    def filters(self) -> dict[str, Any]:
        """The period as keyword arguments of a question."""
        return self._asked(self.first_day, self.last_day)

    @property
    def everything(self) -> dict[str, Any]:
        """The same shops and clock over all days."""
        return self._asked(None, None)

    @property
    def day_count(self) -> int:
        """How many days the period has."""
        return (self.last_day - self.first_day).days + 1

    @property
    def previous(self) -> dict[str, Any] | None:
        """As many days just before; None where the data does not reach back so far, or where comparing would mislead.

        By payment date the newer orders have had less time to be refunded, so they would always look better.
        """
        if self.clock == "paid":
            return None
        length = timedelta(days=self.day_count)
        first_day = self.first_day - length
        return self._asked(first_day, self.last_day - length) if first_day >= self.data_first_day else None

    def _asked(self, first_day: date | None, last_day: date | None) -> dict[str, Any]:
        return {"first_day": first_day, "last_day": last_day, "clock": self.clock, "where": {}, "shops": self.shops}


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
