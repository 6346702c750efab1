"""Asking what young days will still lose: the shops' own pattern, and every row's rate so far, expected in the end, and range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analytics.actions.account import answer
from analytics.domain import maturity, maturity_record, maturity_rows
from analytics.domain.loads import Actor
from analytics.domain.maturity import Cohorts
from analytics.domain.maturity_rows import NO_ROW, UNDATED, Entries, Pattern
from analytics.domain.vocabulary import CASE_DIMENSIONS
from analytics.errors import OperatorError
from analytics.store import maturity_questions
from analytics.store.warehouse import Warehouse

# What a rate divides: what came back by what was sold. Money is counted in average orders of the shop inside.
MEASURES = {
    "orders": ("orders", "refunded_orders"),
    "sales": ("receivable_fen", "sales_fen"),
    "hidden": ("receivable_fen", "hidden_fen"),
    "total": ("receivable_fen", "total_fen"),
}
MONEY_VOLATILITY = 2.0  # an order's amount varies about as much as its mean
PARTS = ("sold", "so_far", "known", "final", "low", "high")
PERIODS = {"day": "%Y-%m-%d", "week": "%Y-%m-%d", "month": "%Y-%m"}
UNDATED_GROUP = "未知"


@dataclass(frozen=True)
class Outlook:
    """How refunds come in at some shops, by measure; what every forecast starts from.

    `as_of` is the last day that counts as known, `is_latest` whether it is the last that both kinds of files know whole.
    `why_not` says why nothing can be foretold: "" (it can),
    "empty", "short" (less than five weeks of history), "undated" (too many refunds without a date).
    """

    first_day: date | None
    as_of: date | None
    horizon: int | None
    window: int
    orders_a_day: float
    why_not: str
    is_latest: bool = True
    patterns: Mapping[str, Pattern] = field(default_factory=dict)
    worth: Mapping[str, float] = field(default_factory=dict)
    cohorts: Mapping[str, Cohorts] = field(default_factory=dict)

    @property
    def recent_from(self) -> date | None:
        """The first day that tells of the pattern, or has something to come; older days need no forecast."""
        if self.as_of is None:
            return None
        return self.as_of - timedelta(days=(self.horizon or 0) + self.window)

    @property
    def last_complete_day(self) -> date | None:
        """The last day whose horizon is over: its figures are final."""
        return None if self.as_of is None or self.horizon is None else self.as_of - timedelta(days=self.horizon)

    @property
    def settled_days(self) -> int | None:
        """The age at which nine tenths of what refunds cost have come; younger days are drawn pale. None: nobody knows."""
        return None if self.why_not else maturity.settled_age(self.patterns["total"].alive)

    @property
    def is_named(self) -> bool:
        """Whether the horizon is a shorter one, so that figures are named after it."""
        return self.horizon is not None and self.horizon < maturity.FULL_HORIZON_DAYS

    @property
    def is_by_week(self) -> bool:
        """Whether the shops are so small that their cohorts are weeks."""
        return self.orders_a_day < maturity.FEW_ORDERS


def outlook(warehouse: Warehouse, *, actor: Actor, shops: Sequence[str] = (), as_of: date | None = None) -> Outlook:
    """Learn from the shops' own history how their refunds come in, as it was known at the end of day `as_of`.

    Without a day, or with a later one: of the last day that orders and cases both cover. Raises OperatorError for a day before
    the first order.
    """
    return answer(warehouse, learnt, actor=actor, shops=shops, as_of=as_of)


def learnt(cursor: Any, *, shops: Sequence[str] = (), as_of: date | None = None) -> Outlook:
    """Learn the outlook on one cursor, for whoever asks more on it. Raises OperatorError for a day before the first order."""
    known = maturity_questions.known_days(cursor, shops=shops)
    if known.empty:
        return Outlook(None, None, None, maturity.COHORTS, 0.0, "empty")
    latest = _last_day(known)
    end = latest if as_of is None else min(as_of, latest)
    if end < known["first_day"].min():
        raise OperatorError("--as-of", str(end), f"不早于 {known['first_day'].min()}，第一笔订单那天", "请换一个日期。")
    return _learnt(maturity_questions.cohorts(cursor, shops=shops), end, is_latest=end == latest)


def expected(
    found: Outlook,
    frame: pd.DataFrame,
    *,
    dimensions: Sequence[str] = (),
    first_day: date | None = None,
    last_day: date | None = None,
    is_whole_shop: bool = False,
    measures: Sequence[str] = tuple(MEASURES),
) -> pd.DataFrame:
    """Say what each group of a `cohorts` answer with the same dimensions will have lost of what it sold in the period.

    The dimensions day, week and month may be asked of any answer. Columns: the dimensions, age_days, and for each measure
    <measure>_sold, _so_far (by the outlook's day), _known (by now), _final, _low, _high: orders, or fen. Groups in the order of
    the answer. `is_whole_shop` says that nothing was filtered or grouped but by time. Without an outlook nothing is expected:
    _final, _low and _high are missing.
    """
    groups = [name for name in dimensions if name not in PERIODS]
    frame = _with_sold_of_cases(frame, groups)
    in_period = _between(frame["paid_on"], first_day, last_day)
    keys = pd.DataFrame({name: frame[name] for name in groups}, index=frame.index)
    for name in dimensions:
        if name in PERIODS:
            keys[name] = _period_of(frame["paid_on"], name)
    shown = keys.loc[in_period, list(dimensions)]
    group = _codes(frame[groups]) if groups else np.zeros(len(frame), dtype=int)
    row = np.full(len(frame), NO_ROW)
    row[in_period] = _codes(shown) if dimensions else 0
    named = {name: values.to_numpy() for name, values in shown.drop_duplicates().items()}
    count = len(next(iter(named.values()))) if named else 1
    return pd.DataFrame({**named, **_foretold(found, frame, group, row, count, is_whole_shop, measures)})


def replay(
    warehouse: Warehouse, days_ago: int, *, actor: Actor, shops: Sequence[str] = (), period_days: int = 30
) -> dict[str, Any]:
    """Say what the same page would have said `days_ago` days before, and what has become of it.

    {"then", "now": outlooks, "first_day", "last_day", "rows": by day, "total"}: `expected` answers of both days beside each
    other, the columns of today's ending in _now.
    """
    now = outlook(warehouse, actor=actor, shops=shops)
    if now.as_of is None or now.first_day is None or now.as_of - timedelta(days=days_ago) < now.first_day:
        return {"then": now, "now": now, "first_day": None, "last_day": None, "rows": pd.DataFrame(), "total": pd.DataFrame()}
    then = outlook(warehouse, actor=actor, shops=shops, as_of=now.as_of - timedelta(days=days_ago))
    last_day = then.as_of
    first_day = max(last_day - timedelta(days=period_days - 1), now.first_day)
    frame = answer(warehouse, maturity_questions.cohorts, actor=actor, shops=shops)
    days = {"first_day": first_day, "last_day": last_day, "is_whole_shop": True}
    joined = []
    for by in ((), ("day",)):
        # What nobody can date is left out of both, so that one can be held against the other.
        old, new = (expected(replace(each, is_latest=False), frame, dimensions=by, **days) for each in (then, now))
        joined.append(pd.concat([old, new.drop(columns=list(by)).add_suffix("_now")], axis=1))
    return {"then": then, "now": now, "first_day": first_day, "last_day": last_day, "total": joined[0], "rows": joined[1]}


def by_chain_ladder(found: Outlook, measure: str, days: int) -> tuple[float, float]:
    """Return the final share (0–1) of the newest days together, by the chain ladder and by the outlook's own forecast."""
    pattern, cohorts = found.patterns[measure], found.cohorts[measure]
    age = pattern.as_of - np.arange(cohorts.day_count)
    lags = np.arange(pattern.horizon + 1)
    come = np.cumsum(cohorts.back[:, : pattern.horizon + 1], axis=1)
    triangle = np.where(lags <= age[:, None], come, np.nan)[-(pattern.horizon + pattern.window) :]
    newest = slice(-min(days, len(triangle)), None)
    sold = max(float(cohorts.datable[newest].sum()), 1.0)
    so_far = come[newest][np.arange(len(age[newest])), np.minimum(age[newest], pattern.horizon)]
    share = so_far / np.maximum(cohorts.datable[newest], 1.0)
    alive = pattern.alive[np.minimum(age[newest], pattern.horizon) + 1]
    final = maturity.final_share(share, alive, pattern.alive[-1]) * cohorts.datable[newest]
    return float(so_far.sum() + maturity.chain_ladder(triangle)[newest].sum()) / sold, float(final.sum()) / sold


def _last_day(known: pd.DataFrame) -> date:
    """The last day that all shops know which still sell; one that ended long ago has nothing to come."""
    ends = []
    for row in known.to_dict("records"):
        origin = row["first_day"]
        case_day = None if pd.isna(row["last_case_day"]) else (row["last_case_day"] - origin).days
        day = maturity.last_known_day((row["last_order_day"] - origin).days, case_day, int(row["cases_a_day"]) / 100)
        ends.append(max(origin + timedelta(days=day), origin))
    newest = max(ends)
    reach = timedelta(days=maturity.FULL_HORIZON_DAYS + maturity.COHORTS)
    return min(end for end in ends if end >= newest - reach)


def _learnt(frame: pd.DataFrame, as_of: date, *, is_latest: bool) -> Outlook:
    first_day = as_of if frame.empty else frame["paid_on"].min().date()
    if frame.empty or first_day > as_of:
        return Outlook(None, as_of, None, maturity.COHORTS, 0.0, "empty", is_latest)
    last = (as_of - first_day).days
    orders = _cohorts_of(frame, first_day, last, "orders", 1.0).known(last)
    a_day = maturity.sold_a_day(orders)
    window, horizon = maturity.window_of(a_day), maturity.horizon_of(last + 1)
    if horizon is None:
        return Outlook(first_day, as_of, None, window, a_day, "short", is_latest)
    worth, cohorts, patterns = {}, {}, {}
    sold_then = frame.loc[frame["paid_on"] <= pd.Timestamp(as_of), ["orders", "receivable_fen"]].sum()
    for name in MEASURES:
        worth[name] = 1.0 if name == "orders" else max(int(sold_then["receivable_fen"]) / max(int(sold_then["orders"]), 1), 1.0)
        known = _cohorts_of(frame, first_day, last, name, worth[name]).known(last)
        # Nobody knows on which day an undated refund became known, so no past day knew of it.
        cohorts[name] = known if is_latest else replace(known, undated=np.zeros_like(known.undated))
        patterns[name] = Pattern(
            alive=maturity.survival(cohorts[name], horizon, window),
            record=maturity_record.record_of(cohorts[name], horizon, window),
            as_of=last,
            window=window,
            is_promotion=maturity_record.promotions(orders.sold),
            volatility=1.0 if name == "orders" else MONEY_VOLATILITY,
        )
    why_not = "undated" if maturity.is_undated(orders) else ""
    learnt = {"patterns": patterns, "worth": worth, "cohorts": cohorts}
    return Outlook(first_day, as_of, horizon, window, a_day, why_not, is_latest, **learnt)


def _cohorts_of(frame: pd.DataFrame, first_day: date, last: int, measure: str, worth: float) -> Cohorts:
    """The cohorts from `first_day` up to day `last` at least: the newest days may have shipments and no sale."""
    sold_name, back_name = MEASURES[measure]
    day = _days_since(frame["paid_on"], first_day)
    lag = _lags(frame)
    sold, back = (frame[name].to_numpy(dtype=float) / worth for name in (sold_name, back_name))
    count, lags = max(int(day.max()), last) + 1, maturity.FULL_HORIZON_DAYS + 1
    triangle = np.zeros((count, lags))
    is_on_time = (lag >= 0) & (lag < lags)
    np.add.at(triangle, (day[is_on_time], lag[is_on_time]), back[is_on_time])
    return Cohorts(
        sold=np.bincount(day, sold, count),
        back=triangle,
        late=np.bincount(day, back * (lag >= lags), count),
        undated=np.bincount(day, back * (lag == UNDATED), count),
    )


def _foretold(
    found: Outlook,
    frame: pd.DataFrame,
    group: np.ndarray,
    row: np.ndarray,
    count: int,
    is_whole_shop: bool,
    measures: Sequence[str],
) -> dict[str, np.ndarray]:
    day, lag = _days_since(frame["paid_on"], found.first_day or found.as_of), _lags(frame)
    last = (found.as_of - (found.first_day or found.as_of)).days
    is_told = np.where(lag == UNDATED, found.is_latest, day + lag <= last)
    columns: dict[str, np.ndarray] = {"age_days": _youngest(row, _days_since(frame["paid_on"], found.as_of), count)}
    for name in measures:
        sold, back = (frame[source].to_numpy(dtype=float) for source in MEASURES[name])
        if found.why_not:
            columns[f"{name}_sold"] = _summed(row, sold, count)
            columns[f"{name}_so_far"], columns[f"{name}_known"] = _summed(row, back * is_told, count), _summed(row, back, count)
            columns |= {f"{name}_{end}": np.full(count, np.nan) for end in ("final", "low", "high")}
            continue
        worth = found.worth[name]
        entries = _entries(group, row, day, lag, sold / worth, back / worth, is_latest=found.is_latest)
        told = maturity_rows.forecast(entries, count, found.patterns[name], is_whole_shop=is_whole_shop)
        columns |= {f"{name}_{part}": getattr(told, part) * worth for part in PARTS}
    return columns


def _entries(
    group: np.ndarray, row: np.ndarray, day: np.ndarray, lag: np.ndarray, sold: np.ndarray, back: np.ndarray, *, is_latest: bool
) -> Entries:
    cells = np.flatnonzero(lag == UNDATED)  # what was sold on a day stands in the one row without a lag
    returns = np.flatnonzero((back != 0) & ((lag != UNDATED) | is_latest))
    return Entries(
        group=group[cells],
        row=row[cells],
        day=day[cells],
        sold=sold[cells],
        back_group=group[returns],
        back_day=day[returns],
        back_lag=lag[returns],
        back=back[returns],
    )


def _with_sold_of_cases(frame: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """By a dimension of cases every group is measured against all that was sold: what is sold carries no reason."""
    of_cases = [name for name in groups if name in CASE_DIMENSIONS]
    if not of_cases:
        return frame
    others = [name for name in groups if name not in of_cases]
    is_sold = frame[of_cases[0]].isna()
    combinations = frame.loc[~is_sold, groups].drop_duplicates()
    sold = frame[is_sold].drop(columns=of_cases)
    sold = sold.merge(combinations, on=others) if others else sold.merge(combinations, how="cross")
    returned = frame[~is_sold]
    undated = returned[returned["lag_days"].isna()]
    both = pd.concat([sold, undated], ignore_index=True)
    amounts = [name for name in frame.columns if name not in {*groups, "paid_on", "lag_days"}]
    cells = both.groupby([*groups, "paid_on"], as_index=False, sort=False)[amounts].sum().assign(lag_days=pd.NA)
    dated = returned[returned["lag_days"].notna()]
    return pd.concat([cells.astype({"lag_days": "Int64"}), dated], ignore_index=True)[frame.columns]


def _period_of(days: pd.Series, name: str) -> pd.Series:
    stamps = days
    if name == "week":
        stamps = stamps - pd.to_timedelta(stamps.dt.day_of_week, unit="D")
    return stamps.dt.strftime(PERIODS[name])


def _between(days: pd.Series, first_day: date | None, last_day: date | None) -> np.ndarray:
    stamps = days.to_numpy()
    kept = np.ones(len(days), dtype=bool)
    if first_day is not None:
        kept &= stamps >= np.datetime64(first_day)
    if last_day is not None:
        kept &= stamps <= np.datetime64(last_day)
    return kept


def _days_since(days: pd.Series, first_day: date) -> np.ndarray:
    return (days.to_numpy(dtype="datetime64[D]") - np.datetime64(first_day)).astype(int)


def _lags(frame: pd.DataFrame) -> np.ndarray:
    return frame["lag_days"].to_numpy(dtype=int, na_value=UNDATED)


def _codes(keys: pd.DataFrame) -> np.ndarray:
    """A number for every combination of values, in the order in which they first stand."""
    return keys.groupby(list(keys.columns), sort=False, dropna=False).ngroup().to_numpy(dtype=int)


def _summed(row: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    return np.bincount(row[row >= 0], values[row >= 0], minlength=count)


def _youngest(row: np.ndarray, days_after: np.ndarray, count: int) -> np.ndarray:
    """The age of each row's youngest day, from how many days after the known ones its days lie."""
    youngest = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(youngest, row[row >= 0], -days_after[row >= 0])
    return youngest
