"""What the overview tells beside the account: the course of the days, the shows that sold more and kept less, the causes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from analytics.domain.money import round_half_away
from analytics.domain.vocabulary import COMPONENTS, MISSING
from analytics.present import numbers
from analytics.present.account import Account, item_name, whole
from analytics.present.exports import Column
from analytics.present.labels import Words
from analytics.present.titles import Titles

FEN_OF_100_YUAN = 10_000
MOST_SESSIONS = 400  # points that a reader can tell apart; the largest shows
FEWEST_ORDERS = 10  # fewer are stragglers of an earlier show, and one refund moves them by ¥10 of every ¥100
FEWEST_SESSIONS = 8  # below this a quarter of the shows is one or two of them
CAUSES_SHOWN = 5
CAUSE_DIMENSIONS = ("product", "streamer", "reason")
UNDATED = "未知"
PROFIT_COSTS = (
    *("sales", "fees", "acquisition", "freight", "premium", "goods"),
    *("other_logistics", "handling", "damage", "small_payments"),
)


@dataclass(frozen=True)
class BigShows:
    """Kept of every ¥100 sold, in fen, by the quarter of the shows that sold most and by the others; and how many are slower."""

    sessions: int
    big_kept_fen: int | None
    other_kept_fen: int | None
    worse: int


def course(by_day: pd.DataFrame, last_day: date, mature_days: int | None, expected: pd.DataFrame | None = None) -> pd.DataFrame:
    """Lay out by day what is kept of every ¥100 sold; from a `losses_by` answer by day (payment date).

    Columns: day, receivable_fen, total_fen, kept_per_100_fen, refund_rate, age_days, is_mature (as old as nine tenths of the
    refunds need; none is while nobody knows how long that is), final_fen, low_fen, high_fen: what will be kept of every
    ¥100 in the end, by an `expected` answer by day (missing without one). Days without sales are left out.
    """
    days = by_day[(by_day["day"] != UNDATED) & (by_day["receivable_fen"] > 0)].copy()
    days["day"] = [date.fromisoformat(day) for day in days["day"]]
    rows = days.to_dict("records")
    shown = pd.DataFrame({name: days[name] for name in ("day", "receivable_fen", "total_fen")})
    shown["kept_per_100_fen"] = [kept_per_100_fen(row) for row in rows]
    shown["refund_rate"] = [numbers.ratio(whole(row["sales_fen"]), whole(row["receivable_fen"])) for row in rows]
    shown["age_days"] = [(last_day - row["day"]).days for row in rows]
    shown["is_mature"] = [mature_days is not None and age >= mature_days for age in shown["age_days"]]
    shown = _with_ends(shown, expected)
    return shown.sort_values("day", ignore_index=True)


def young_from(last_day: date, mature_days: int | None) -> date | None:
    """Return the first day whose refunds have not come yet for the most part; None while nobody knows how long they take."""
    return None if mature_days is None else last_day - timedelta(days=mature_days - 1)


def sessions(by_show: pd.DataFrame, titles: Titles, last_mature_day: date | None) -> pd.DataFrame:
    """Lay out the shows (a streamer's day of ten orders or more) that are old enough to tell, the largest first.

    Columns: day, streamer (id), title, receivable_fen, total_fen, refunds, kept_per_100_fen, average_fen (kept of every ¥100
    by all of them), is_worse (sold more than the median and kept less than the average), missing_fen (what it would have kept
    more at the average). Sales without a streamer are no show, and nothing is said of one whose refunds cost nobody knows what.
    """
    is_show = (by_show["streamer"] != MISSING) & (by_show["day"] != UNDATED) & (by_show["orders"] >= FEWEST_ORDERS)
    rows = by_show[is_show & (by_show["receivable_fen"] > 0) & by_show["total_fen"].notna()]
    if last_mature_day is not None:
        rows = rows[rows["day"] <= last_mature_day.isoformat()]
    rows = rows.nlargest(MOST_SESSIONS, "receivable_fen")[["day", "streamer", "receivable_fen", "total_fen", "refunds"]].copy()
    average = _kept(int(rows["receivable_fen"].sum()), int(rows["total_fen"].sum()))
    median_fen = rows["receivable_fen"].median() if len(rows) else 0
    rows["title"] = [titles("streamer", streamer) for streamer in rows["streamer"]]
    rows["kept_per_100_fen"] = [kept_per_100_fen(row) for row in rows.to_dict("records")]
    rows["average_fen"] = average
    rows["is_worse"] = [sold > median_fen and kept < (average or 0) for sold, kept in _pairs(rows)]
    rows["missing_fen"] = [round_half_away(int(sold) * ((average or 0) - kept), FEN_OF_100_YUAN) for sold, kept in _pairs(rows)]
    return rows.reset_index(drop=True)


def big_shows(shows: pd.DataFrame) -> BigShows | None:
    """Compare the quarter of the shows that sold most with the others; None while there are too few to tell."""
    if len(shows) < FEWEST_SESSIONS:
        return None
    count = len(shows) // 4
    big, others = shows.iloc[:count], shows.iloc[count:]
    kept = [_kept(int(part["receivable_fen"].sum()), int(part["total_fen"].sum())) for part in (big, others)]
    return BigShows(len(shows), kept[0], kept[1], int(shows["is_worse"].sum()))


def sessions_note(shows: BigShows | None, words: Words) -> str:
    """Say in a sentence whether the bigger shows keep more or less."""
    if shows is None or shows.big_kept_fen is None or shows.other_kept_fen is None:
        return words("overview.sessions_few", fewest=FEWEST_SESSIONS)
    kind = "less" if shows.big_kept_fen < shows.other_kept_fen else "more"
    amounts = {"big": numbers.money_exact(shows.big_kept_fen), "others": numbers.money_exact(shows.other_kept_fen)}
    return words(f"overview.sessions_{kind}", worse=shows.worse, sessions=shows.sessions, **amounts)


def worse_shows(shows: pd.DataFrame) -> pd.DataFrame:
    """The shows that sold more and kept less, those first that lack most money."""
    return shows[shows["is_worse"]].sort_values(["missing_fen", "day"], ascending=[False, True], ignore_index=True)


def session_columns(words: Words) -> dict[str, Column]:
    """The columns of the table of shows."""
    return {
        "day": Column(words("column.day")),
        "title": Column(words("column.streamer")),
        "receivable_fen": Column(words("column.receivable"), "money_fen"),
        "total_fen": Column(words("column.total"), "money_fen"),
        "refunds": Column(words("column.refunds"), "count"),
        "kept_per_100_fen": Column(words("column.kept_per_100"), "money_fen"),
        "missing_fen": Column(words("column.missing"), "money_fen"),
    }


def causes(by_group: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """The groups that refunds cost most, with their five parts. Columns: group, the five parts, total_fen, refunds."""
    rows = by_group[by_group["refunds"] > 0].nlargest(CAUSES_SHOWN, "total_fen")
    return rows.rename(columns={dimension: "group"})[
        ["group", *(f"{part}_fen" for part in COMPONENTS), "total_fen", "refunds"]
    ].reset_index(drop=True)


def parts_of_100(account: Account, words: Words) -> str:
    """List what becomes of every ¥100, in the order of the account."""
    return " · ".join(f"{item_name(item, words)} {numbers.money_exact(fen)}" for item, fen in account.parts_of_100_fen.items())


def profit_note(profit: Mapping[str, Any], words: Words) -> str:
    """Say what the paid orders earned after goods, freight, fees and refunds, and what share of it is assumed."""
    receivable_fen, profit_fen = whole(profit["receivable_fen"]) or 0, whole(profit["profit_fen"])
    is_known = bool(receivable_fen) and profit_fen is not None
    per_100_fen = round_half_away(profit_fen * FEN_OF_100_YUAN, receivable_fen) if is_known else None
    said = words(
        "overview.profit",
        profit=numbers.money(profit_fen, words.language),
        per_100=numbers.money_exact(per_100_fen),
        assumed=numbers.money(whole(profit["assumed_fen"]), words.language),
    )
    unknown = whole(profit["unknown_orders"]) or 0
    return said + (words("overview.profit_unknown", orders=numbers.count(unknown)) if unknown else "")


def profit_steps(profit: Mapping[str, Any], words: Words) -> pd.DataFrame:
    """Lay out the way from what was received to what was earned: two columns of text, item and signed amount in yuan.

    A step of nothing is left out; one that nobody knows is a dash.
    """
    fen = {name: whole(profit[f"{name}_fen"]) for name in ("receivable", *PROFIT_COSTS, "profit")}
    rows = [(words("item.receivable"), fen["receivable"])]
    taken = {name: fen[name] for name in PROFIT_COSTS if fen[name] != 0}
    rows += [(words(f"profit.{name}"), None if amount is None else -amount) for name, amount in taken.items()]
    rows.append((words("profit.profit"), fen["profit"]))
    amounts = [numbers.money_exact(amount).replace("¥", "") for _, amount in rows]
    return pd.DataFrame({words("statement.item"): [name for name, _ in rows], words("column.amount"): amounts})


def kept_per_100_fen(row: Mapping[str, Any]) -> int | None:
    """What is kept of every ¥100 receivable, in fen; None where nothing is known of what refunds cost."""
    return _kept(whole(row["receivable_fen"]) or 0, whole(row["total_fen"]))


def _with_ends(shown: pd.DataFrame, expected: pd.DataFrame | None) -> pd.DataFrame:
    """What is expected on top of what is known comes on top of the account's own total."""
    ends = {"final_fen": "total_final", "low_fen": "total_high", "high_fen": "total_low"}
    if expected is None:
        return shown.assign(**dict.fromkeys(ends))
    more = expected.assign(day=[date.fromisoformat(day) for day in expected["day"]]).set_index("day")
    more = more.reindex(shown["day"])
    lost, sold = (
        shown["total_fen"].astype("Float64").to_numpy(float, na_value=float("nan")),
        shown["receivable_fen"].to_numpy(float),
    )
    kept = {
        name: FEN_OF_100_YUAN * (1 - (lost + (more[source] - more["total_known"]).clip(lower=0).to_numpy(float)) / sold)
        for name, source in ends.items()
    }
    return shown.assign(**kept)


def _kept(receivable_fen: int, total_fen: int | None) -> int | None:
    if not receivable_fen or total_fen is None:
        return None
    return round_half_away((receivable_fen - total_fen) * FEN_OF_100_YUAN, receivable_fen)


def _pairs(rows: pd.DataFrame) -> list[tuple[int, int]]:
    return list(zip(rows["receivable_fen"], rows["kept_per_100_fen"], strict=True))
