"""The urge-to-ship list's own rules: what can be marked, how fresh the data is, when the alarm is due, where the cut lies."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

TABS = ("urged", "promise", "priority")  # urged; past or near the promise though not urged; priority shipment not yet shipped
# What an operator can say of an order. `delayed` files a delay and leaves the state as it is; `undone` takes marks back.
MARKS = ("taken", "contacted", "shipped", "snoozed", "dismissed", "released", "delayed", "undone")
STATES = ("open", "taken", "contacted", "shipped", "snoozed", "dismissed")  # of a row; all of them recorded here only
WAITING_STATES = ("open", "taken", "contacted")  # somebody still has to hand the parcel over
# refund_open, refunded: a case that is no price cut; not_on_list: a newer urge list no longer holds it (已不在列表);
# after_sales_unknown: the order says a word of after-sales that has no meaning yet; delayed: a delay is filed;
# not_seen_shipped: marked shipped here, but newer data still shows it waiting; held_out: a hold-out leaves it to its normal
# turn, so it stands behind the others until its promise is near.
FLAGS = ("refund_open", "refunded", "not_on_list", "after_sales_unknown", "delayed", "not_seen_shipped", "held_out")
UNRANKED_FLAGS = frozenset({"refund_open", "refunded", "not_on_list"})
BANDS = ("high", "middle", "low")

STALE_HOURS = 4.0  # from then on the list warns and raises no alarm
NEAR_HOURS = 4.0  # this close to its promise an order that nobody urged is on the list
ALARM_FROM = 10  # urged orders, unless a shop has set another number


@dataclass(frozen=True)
class SeenOrder:
    """An order as the caller last saw it: `event_id` is the last mark on it (0: none), None: whatever stands there now."""

    shop: str
    order_id: str
    event_id: int | None = None


@dataclass(frozen=True)
class Clash:
    """An order on which somebody else was first: who, with which mark, and when; `event_id` is what to have seen next time."""

    shop: str
    order_id: str
    event_id: int
    mark: str
    actor: str
    happened_at: datetime


@dataclass(frozen=True)
class Marked:
    """What became of one action on a set of orders: `batch_id` takes it back; what clashed is kept in the log without effect."""

    batch_id: int
    orders: tuple[SeenOrder, ...]
    clashes: tuple[Clash, ...] = ()


@dataclass(frozen=True)
class Freshness:
    """Until when the files of a shop go: its order exports, and its urge lists (None: no file tells).

    `age_hours` counts from the newer of the two to now (None: nothing loaded); `unknown_orders` were urged but no order
    export holds them.
    """

    shop: str
    data_until: datetime | None
    list_until: datetime | None
    age_hours: float | None
    unknown_orders: int = 0

    @property
    def until(self) -> datetime | None:
        """The newer of the two."""
        return max((moment for moment in (self.data_until, self.list_until) if moment), default=None)

    @property
    def is_stale(self) -> bool:
        """Say whether what is shown is too old to act on without a word of warning."""
        return self.age_hours is None or self.age_hours > STALE_HOURS


@dataclass(frozen=True)
class Alarm:
    """How many urged orders of a shop wait, from how many on the alarm is raised, and whether it is due now."""

    shop: str
    waiting: int
    threshold: int
    is_due: bool
    is_stale: bool
    money_fen: int = 0  # receivable of those that wait
    order_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cut:
    """A ranked list cut where today's capacity ends; money is the expected avoidable loss on either side of the line."""

    above: int
    below: int
    above_fen: int
    below_fen: int


def age_hours(until: datetime | None, now: datetime) -> float | None:
    """Return the hours from a moment to now, not below 0; None where there is no such moment."""
    return None if until is None else max((now - until) / timedelta(hours=1), 0.0)


def is_alarm_due(waiting: Collection[str], acknowledged: Collection[str], threshold: int, *, is_stale: bool) -> bool:
    """Say whether to raise the alarm: enough orders wait, the data is fresh, and one of them has not been acknowledged yet."""
    return not is_stale and len(waiting) >= max(threshold, 1) and not set(waiting) <= set(acknowledged)


def cut_at(expected_loss_fen: Sequence[int], capacity: int) -> Cut:
    """Cut a list, most money first, after `capacity` orders; return how many and how much lie above and below the line."""
    place = min(max(capacity, 0), len(expected_loss_fen))
    above, below = expected_loss_fen[:place], expected_loss_fen[place:]
    return Cut(len(above), len(below), int(sum(above)), int(sum(below)))
