"""The urge-to-ship list in words: its sentence and figures, how fresh it is, its rows, why each stands there, who has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from analytics.domain.urges import NEAR_HOURS, TABS, Freshness, cut_at
from analytics.present import numbers
from analytics.present.account import whole
from analytics.present.exports import Column
from analytics.present.labels import Words
from analytics.present.tiles import Tile
from analytics.present.titles import Titles

# What can be looked at: the three tabs of what waits, what somebody has dealt with, what a newer list no longer holds.
VIEWS = (*TABS, "handled", "gone")
HANDLED_STATES = ("shipped", "snoozed", "dismissed")
# By what the rows can be ordered, and whether the largest stands first.
ORDERS = {"risk": True, "hours_left": False, "paid_fen": True, "urges": True, "last_urged_at": True, "paid_at": False}
TOLD_REASONS = ("dear", "product_refunds", "streamer_refunds", "unfilled")  # the promise and the urges are told of every row
MINUTES_UNTIL_HOURS, HOURS_UNTIL_DAYS = 60, 48
SEARCHED = ("order_id", "product_name", "product", "sku", "spec", "streamer", "province", "warehouse", "taken_by", "marked_by")


@dataclass(frozen=True)
class Summary:
    """What the top of the page says: rows of each view, of the urged ones those past and near their promise, and the money.

    `at_risk_fen` is the expected avoidable loss of the urged rows (None while the ranking gives bands only), `goods_fen` what
    their buyers paid.
    """

    counts: dict[str, int]
    past: int
    near: int
    at_risk_fen: int | None
    goods_fen: int


def prepared(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the list with three columns more: is_gone (no longer on a list), is_handled, and risk_fen, what it is ordered by."""
    ready = rows.copy()
    ready["is_gone"] = ["not_on_list" in flags for flags in rows["flags"]]
    ready["is_handled"] = rows["state"].isin(HANDLED_STATES)
    ready["risk_fen"] = rows["expected_loss_fen"].astype("Float64").fillna(-1)
    return ready


def of_view(ready: pd.DataFrame, view: str) -> pd.DataFrame:
    """Return the rows of one view of a prepared list; an order that was urged and has priority stands in both."""
    if view == "gone":
        return ready[ready["is_gone"]]
    if view == "handled":
        return ready[ready["is_handled"] & ~ready["is_gone"]]
    belongs = ready["tab"].eq(view) | (ready["is_priority"].astype(bool) if view == "priority" else False)
    return ready[belongs & ~ready["is_handled"] & ~ready["is_gone"]]


def summary(rows: pd.DataFrame) -> Summary:
    """Count what the top of the page says."""
    ready = prepared(rows)
    urged = of_view(ready, "urged")
    ranked = urged[urged["rank"].notna()]
    hours = ranked["hours_left"].astype("Float64")
    expected = ranked["expected_loss_fen"]
    return Summary(
        counts={view: len(of_view(ready, view)) for view in VIEWS},
        past=int((hours < 0).sum()),
        near=int(((hours >= 0) & (hours <= NEAR_HOURS)).sum()),
        at_risk_fen=whole(expected.sum()) if is_money_shown(ranked) else None,
        goods_fen=whole(ranked["paid_fen"].sum()) or 0,
    )


def is_money_shown(rows: pd.DataFrame) -> bool:
    """Whether the expected loss of all these rows may be written as money; else as high, middle or low."""
    return bool(rows["is_money_shown"].astype(bool).all())


def sentence(now: Summary, has_list: bool, words: Words) -> str:
    """Say what must go out now, with the numbers in it."""
    urged, promise = now.counts["urged"], now.counts["promise"]
    if urged:
        key = "past" if now.past else "near"
        told = {"urged": numbers.count(urged), "late": numbers.count(now.past or now.near)}
        if now.at_risk_fen is None:
            goods = numbers.money(now.goods_fen, words.language)
            return words(f"urge_ship.sentence_{key}_goods", goods=goods, **told)
        return words(f"urge_ship.sentence_{key}", money=numbers.money(now.at_risk_fen, words.language), **told)
    if promise:
        return words("urge_ship.sentence_promise", orders=numbers.count(promise))
    return words("urge_ship.sentence_none") if has_list else words("urge_ship.sentence_no_list")


def tiles(now: Summary, words: Words) -> list[Tile]:
    """Return the four figures: urged, past their promise, near it, and the money at risk."""
    is_money = now.at_risk_fen is not None
    values = {
        "urged": numbers.count(now.counts["urged"]),
        "past": numbers.count(now.past),
        "near": numbers.count(now.near),
        "risk": numbers.money(now.at_risk_fen if is_money else now.goods_fen, words.language),
    }
    label = {"risk": words("urge_ship.tile.risk") if is_money else words("urge_ship.tile.goods")}
    told = {"goods": numbers.money_exact(now.goods_fen), "hours": f"{NEAR_HOURS:.0f}"}
    help_of = {"risk": words("urge_ship.tile.risk_help" if is_money else "urge_ship.tile.goods_help", **told)}
    return [
        Tile(
            key=key,
            label=label.get(key) or words(f"urge_ship.tile.{key}", **told),
            value=value,
            explanation=help_of.get(key) or words(f"urge_ship.tile.{key}_help", **told),
            change="",
            direction=None,
            course=(),
        )
        for key, value in values.items()
    ]


def freshness(known: Freshness, now: datetime, words: Words) -> str:
    """Say until when a shop's data goes and how long ago that was: 「数据截至 09:12，距今 3 小时」."""
    if known.until is None:
        return words("urge_ship.fresh_none")
    return words("urge_ship.fresh", at=moment(known.until, now), age=age(now - known.until, words))


def age(gone: timedelta, words: Words) -> str:
    """Write how long ago something was, as coarse as it is long: minutes, hours, days."""
    minutes = max(int(gone.total_seconds() // 60), 0)
    if minutes < MINUTES_UNTIL_HOURS:
        return words("urge_ship.minutes", count=minutes)
    hours = minutes // 60
    return words("urge_ship.hours", count=hours) if hours < HOURS_UNTIL_DAYS else words("urge_ship.days", count=hours // 24)


def moment(at: datetime | None, now: datetime) -> str:
    """Write a moment as briefly as it can be told apart: today only its time, else with its day."""
    if at is None or pd.isna(at):
        return numbers.NOTHING
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%m-%d %H:%M}"


def hours_text(hours_left: float | None, words: Words) -> str:
    """Say how long until the promise, or how long past it."""
    if hours_left is None or pd.isna(hours_left):
        return words("urge_ship.no_promise")
    span = age(timedelta(hours=abs(hours_left)), words)
    return words("urge_ship.past_by", span=span) if hours_left < 0 else words("urge_ship.left", span=span)


def why(row: dict[str, Any], words: Words, *, is_alone: bool = True) -> str:
    """Say in words why a row stands where it does: its promise, its urges, and what waiting does to its chance of a refund.

    Where promise and urges stand in columns beside it (not `is_alone`) they are not said again.
    """
    flags = [words(f"urge_ship.why.{flag}") for flag in row["flags"] if flag in ("refund_open", "refunded", "not_on_list")]
    if flags:
        return words("urge_ship.join").join(flags)
    if "held_out" in row["flags"]:
        return words("urge_ship.why.held_out")
    said = [hours_text(row["hours_left"], words)] if is_alone else []
    urges = whole(row["urges"])
    if is_alone and urges is not None and urges > 1:
        said.append(words("urge_ship.why.urges", count=urges))
    if is_learned(row):
        said.append(words("urge_ship.why.chances", wait=percent(row["chance_wait"]), ship=percent(row["chance_ship"])))
    said.extend(words(f"urge_ship.why.{name}") for name in (row["why"] or "").split() if name in TOLD_REASONS)
    said.extend(words(f"urge_ship.why.{flag}") for flag in ("after_sales_unknown", "not_seen_shipped") if flag in row["flags"])
    return words("urge_ship.join").join(said)


def is_learned(row: dict[str, Any]) -> bool:
    """Say whether a row's chances were learned from past urges; ranked by amount, only the shop's average is known."""
    return not (pd.isna(row["chance_wait"]) or pd.isna(row["chance_ship"]))


def percent(chance: float | None) -> str:
    """Write a chance (0–1) without decimals: more would pretend to know."""
    return numbers.NOTHING if chance is None or pd.isna(chance) else f"{chance:.0%}"


def risk(row: dict[str, Any], words: Words) -> str:
    """Write a row's expected avoidable loss: money, or high, middle or low while the ranking is not calibrated."""
    if isinstance(row["band"], str) and not row["is_money_shown"]:
        return words(f"urge_ship.band.{row['band']}")
    return numbers.money_exact(whole(row["expected_loss_fen"]))


def state(row: dict[str, Any], now: datetime, words: Words) -> str:
    """Say who has a row and what was done about it, as recorded here."""
    if row["state"] == "open":
        return words("urge_ship.state.open")
    who = row["marked_by"] if isinstance(row["marked_by"], str) else numbers.NOTHING
    told = {"who": who, "at": moment(row["marked_at"], now)}
    if row["state"] == "snoozed":
        return words("urge_ship.state.snoozed", until=moment(row["snoozed_until"], now), **told)
    if row["state"] == "dismissed":
        return words("urge_ship.state.dismissed", reason=row["mark_reason"] or numbers.NOTHING, **told)
    return words(f"urge_ship.state.{row['state']}", **told)


def flag_titles(row: dict[str, Any], words: Words) -> list[str]:
    """Return the badges of a row: what is special about it."""
    shown = [words(f"urge_ship.flag.{flag}") for flag in row["flags"]]
    return [*shown, words("urge_ship.flag.priority")] if row["is_priority"] else shown


def product(row: dict[str, Any]) -> str:
    """Name what has to be packed: product, specification, and how many when it is more than one."""
    name = row["product_name"] if isinstance(row["product_name"], str) else str(row["product"] or numbers.NOTHING)
    detail = next((row[part] for part in ("spec", "sku") if isinstance(row[part], str) and row[part]), "")
    count = whole(row["quantity"]) or 1
    return " · ".join([name, *([detail] if detail else []), *([f"× {count}"] if count > 1 else [])])


def found(ready: pd.DataFrame, text: str, titles: Titles) -> pd.DataFrame:
    """Return the rows that hold every word of a search, in their ids, names, places or who has them."""
    wanted = text.casefold().split()
    if not wanted or ready.empty:
        return ready
    named = {value: titles("streamer", value) for value in ready["streamer"].dropna().unique()}
    said = [ready[column].astype("string").fillna("") for column in SEARCHED]
    said.append(ready["streamer"].map(named).astype("string").fillna(""))
    everything = said[0].str.cat(said[1:], sep=" ").str.casefold()
    holds = pd.Series(True, index=ready.index)
    for word in wanted:
        holds &= everything.str.contains(word, regex=False)
    return ready[holds]


def ordered(ready: pd.DataFrame, by: str) -> pd.DataFrame:
    """Order the rows of a view: by the money at risk as ranked, or by another column; what has no rank stands last."""
    if by == "risk":
        return ready.sort_values(
            ["rank", "risk_fen", "shop", "order_id"], ascending=[True, False, True, True], na_position="last"
        )
    falling = ORDERS[by]
    return ready.sort_values([by, "rank", "shop", "order_id"], ascending=[not falling, True, True, True], na_position="last")


def numbered(view: pd.DataFrame) -> pd.DataFrame:
    """Number the ranked rows of a view from 1 on: what somebody has taken out leaves no gap."""
    ranks = view["rank"].rank(method="first").astype("Int64")
    return view.assign(rank=ranks)


def table(rows: pd.DataFrame, now: datetime, words: Words, shops: Sequence[str]) -> tuple[pd.DataFrame, dict[str, Column]]:
    """Lay rows out as the page and its downloads show them; the shop only where there are several."""
    records = rows.to_dict("records")
    laid_out = pd.DataFrame(
        {
            "rank": rows["rank"].astype("Int64").reset_index(drop=True),
            "product": [product(row) for row in records],
            "hours_left": rows["hours_left"].astype("Float64").round(1).reset_index(drop=True),
            "urges": rows["urges"].astype("Int64").reset_index(drop=True),
            "risk": [risk(row, words) for row in records],
            "why": [why(row, words, is_alone=False) for row in records],
            "state": [state(row, now, words) for row in records],
            "flags": [flag_titles(row, words) for row in records],
            "paid_fen": rows["paid_fen"].astype("Int64").reset_index(drop=True),
            "last_urged_at": rows["last_urged_at"].reset_index(drop=True),
            "order_id": rows["order_id"].reset_index(drop=True),
            "shop": rows["shop"].reset_index(drop=True),
        }
    )
    kinds = {"hours_left": "number", "paid_fen": "money_fen", "urges": "count", "last_urged_at": "time", "order_id": "id"}
    shown = [name for name in laid_out.columns if name != "shop" or len(shops) > 1]
    columns = {
        name: Column(words(f"urge_ship.column.{name}"), kinds.get(name, "count" if name == "rank" else "text")) for name in shown
    }
    return laid_out, columns


def cut_said(above: int, below: int, above_fen: int | None, below_fen: int | None, words: Words) -> str:
    """Say at the cut line what goes out today and what the rest will cost."""
    told = {"above": numbers.count(above), "below": numbers.count(below)}
    if above_fen is None or below_fen is None:
        return words("urge_ship.cut_bands", **told)
    money = {"kept": numbers.money(above_fen, words.language), "lost": numbers.money(below_fen, words.language)}
    return words("urge_ship.cut", **told, **money)


MOST_SHOWN = 2_000  # a browser stays quick; search and order bring any row there, the downloads have all


@dataclass(frozen=True)
class Wanted:
    """How the reader wants to see the list: which view, which words to find, in which order, how many can be shipped today."""

    view: str = VIEWS[0]
    text: str = ""
    by: str = "risk"
    capacity: int | None = None


@dataclass(frozen=True)
class Glance:
    """What the page shows of the list: the summary, the rows found (the first of them), and what lies above and below the cut.

    `cut` is how many of the found rows go out today (None: no capacity said); `above_fen` and `below_fen` are their expected
    avoidable loss, None while the ranking gives bands only.
    """

    summary: Summary
    rows: pd.DataFrame
    found: int
    cut: int | None = None
    below: int = 0
    above_fen: int | None = None
    below_fen: int | None = None
    table: pd.DataFrame = field(default_factory=pd.DataFrame)  # the same rows laid out, with their columns
    columns: dict[str, Column] = field(default_factory=dict)


def glance(rows: pd.DataFrame, wanted: Wanted, titles: Titles) -> Glance:
    """Choose, order and cut what is shown of the list."""
    view = numbered(of_view(prepared(rows), wanted.view))
    shown = ordered(found(view, wanted.text, titles), wanted.by).reset_index(drop=True)
    told = Glance(summary(rows), shown.head(MOST_SHOWN), len(shown))
    if wanted.capacity is None or wanted.view not in TABS:
        return told
    can_go = shown[shown["rank"].notna()]
    cut = cut_at(can_go["expected_loss_fen"].tolist(), wanted.capacity)
    money = (cut.above_fen, cut.below_fen) if is_money_shown(can_go) else (None, None)
    return Glance(told.summary, told.rows, told.found, cut.above, cut.below, *money)
