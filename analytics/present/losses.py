"""What refunds cost and where it concentrates: the sentence, the figures on top, the ranking and the table of a dimension."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from analytics.domain.money import round_half_away
from analytics.domain.vocabulary import COMPONENTS, PROVENANCES
from analytics.present import maturity, numbers
from analytics.present.account import Account, item_name, source_text, whole
from analytics.present.exports import Column
from analytics.present.labels import Words
from analytics.present.tiles import Tile
from analytics.present.titles import Titles

TOP_ROWS = 15
NAMED_IN_TITLE = 3
WEEKS_FROM_DAYS = 90
MONTHS_FROM_DAYS = 400
GRAINS = ("day", "week", "month")
PARTS = [f"{part}_fen" for part in COMPONENTS]
AMOUNTS = [*PARTS, "hidden_fen", "total_fen"]
WITH_IDS = ("product", "sku", "streamer")  # dimensions whose values may be ids that the screen shows under a name


@dataclass(frozen=True)
class Concentration:
    """How much of the loss the costliest groups carry: their number, their share (0–1), and the first one's value."""

    count: int
    share: float
    first: str


def usual_grain(day_count: int) -> str:
    """Choose days, weeks or months for a period, so that its bars stay wide enough to read."""
    if day_count > MONTHS_FROM_DAYS:
        return "month"
    return "week" if day_count > WEEKS_FROM_DAYS else "day"


def mature_until(settled_days: int | None, clock: str, first_day: date, as_of: date) -> date | None:
    """Return the last day whose orders have had nearly all their refunds (they take `settled_days`); None by refund date.

    Too little history to tell: no day is mature, which the day before the first one says.
    """
    if clock != "paid":
        return None
    return first_day - timedelta(days=1) if settled_days is None else as_of - timedelta(days=settled_days)


def to_come(expected: pd.DataFrame | None, grain: str) -> dict[str, tuple[float, float, float]]:
    """Return by the labels of an `expected` answer what is still expected on top of what is known, in fen: middle, low, high."""
    if expected is None:
        return {}
    ends = [(expected[f"total_{end}"] - expected["total_known"]).clip(lower=0) for end in ("final", "low", "high")]
    return {label: told for label, *told in zip(expected[grain], *ends, strict=True) if told[2] > 0}


def with_ends(
    rows: pd.DataFrame,
    columns: Mapping[str, Column],
    by_group: pd.DataFrame,
    whole_period: pd.DataFrame,
    dimension: str,
    words: Words,
    *,
    is_apart: bool,
) -> tuple[pd.DataFrame, dict[str, Column]]:
    """Add to a dimension's table what each group's refund rate will be in the end, and its range (0–1).

    From `expected` answers by the dimension and for the whole period. `is_apart`: their rates are others than the table's own
    (by a dimension of cases shares of all that was sold, or within a shorter horizon), so they bring their own rate so far.
    """
    told = {str(row[dimension]): row for row in by_group.to_dict("records")}
    whole_row = whole_period.iloc[0].to_dict()
    ends: dict[str, list[float | None]] = {name: [] for name in ("so_far", "final", "low", "high")}
    for row in rows[["group", "sales_fen", "receivable_fen"]].to_dict("records"):
        found = whole_row if pd.isna(row["group"]) else told.get(str(row["group"]))
        for name, value in rate_ends(row, found, is_apart=is_apart).items():
            ends[name].append(value)
    shown = ("so_far", "final", "low", "high") if is_apart else ("final", "low", "high")
    added = {f"rate_{name}": Column(words(f"maturity.column.{name}"), "rate") for name in shown}
    rows = rows.assign(**{f"rate_{name}": pd.array(values, dtype="Float64") for name, values in ends.items()})
    own = {} if is_apart else {"refund_rate": columns["refund_rate"]}
    first = {name: columns[name] for name in ("name", "total_fen", "share", "cumulative_share")}
    return rows, first | own | added | {name: column for name, column in columns.items() if name not in {*first, "refund_rate"}}


def rate_ends(row: Mapping, found: Mapping | None, *, is_apart: bool = False) -> dict[str, float | None]:
    """Return the refund rate of a `losses_by` row so far and as an `expected` row says it will be: so_far, final, low, high."""
    nothing = dict.fromkeys(("so_far", "final", "low", "high"))
    if found is None or (not is_apart and pd.isna(row["sales_fen"])):
        return nothing
    base = found["sales_sold"] if is_apart else whole(row["receivable_fen"])
    outcome = maturity.outcome(found, "sales", None if is_apart else float(row["sales_fen"]))
    if outcome is None or not base:
        return nothing
    over = outcome.over(float(base))
    return {"so_far": over.so_far, "final": over.final, "low": over.low, "high": over.high}


def ranked(by_group: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """Return the groups of a `losses_by` answer by loss, with group, share and cumulative_share of the loss (0–1)."""
    groups = by_group.rename(columns={dimension: "group"})
    groups = groups.sort_values("total_fen", ascending=False, kind="stable", na_position="last").reset_index(drop=True)
    losses = groups["total_fen"].astype("Float64")
    known = losses.fillna(0)
    whole_fen = float(known.sum())
    return groups.assign(
        share=losses / whole_fen if whole_fen else None,
        cumulative_share=known.cumsum() / whole_fen if whole_fen else None,
    )


def top_of(ranking: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the first groups with the rest as one row (its group missing), and how many groups the rest has."""
    costly = ranking[ranking["total_fen"].fillna(0) != 0]
    shown = TOP_ROWS if len(costly) > TOP_ROWS + 1 else len(costly)  # one group left over needs no row called "others"
    rest = costly.iloc[shown:]
    columns = ["group", *PARTS, "total_fen", "cumulative_share"]
    if rest.empty:
        return costly[columns], 0
    sums = {name: rest[name].sum(min_count=1) for name in [*PARTS, "total_fen"]}
    row = pd.DataFrame([{"group": None, **sums, "cumulative_share": 1.0}]).astype(dict.fromkeys(sums, "Int64"))
    return pd.concat([costly.iloc[:shown][columns], row], ignore_index=True), len(rest)


def concentration(ranking: pd.DataFrame) -> Concentration | None:
    """Say what the costliest groups carry; None where there is nothing to compare."""
    costly = ranking[ranking["total_fen"].fillna(0) > 0]
    if len(costly) < 2:
        return None
    count = NAMED_IN_TITLE if len(costly) > NAMED_IN_TITLE else 1
    return Concentration(count, float(costly["cumulative_share"].iloc[count - 1]), str(costly["group"].iloc[0]))


def title(now: Account, ranking: pd.DataFrame, dimension: str, period: str, words: Words, titles: Titles) -> str:
    """Answer the page's question in a sentence: what refunds cost, and where it concentrates. Plain text."""
    said = {
        "period": period,
        "total": numbers.money(now.total_fen, words.language),
        "sales": numbers.money(now.parts_fen["sales"], words.language),
        "hidden": numbers.money(now.hidden_fen, words.language),
    }
    if now.total_fen == 0:  # not known is not none
        return words("losses.title_none", period=period)
    found = concentration(ranking)
    if found is None:
        return words("losses.title", **said)
    share, dimension_title = numbers.rate(found.share), titles.of_dimension(dimension)
    if found.count == 1:
        return words("losses.title_first", **said, dimension=dimension_title, group=titles(dimension, found.first), share=share)
    return words("losses.title_top", **said, dimension=dimension_title, count=found.count, share=share)


def tiles(
    now: Account, total: pd.DataFrame, before: pd.DataFrame | None, by_time: pd.DataFrame, grain: str, words: Words
) -> list[Tile]:
    """Return refund rate in money and in orders, total loss and loss per refund, against the period before if there is one."""
    row = total.iloc[0]
    earlier = None if before is None else before.iloc[0]
    times = by_time.sort_values(grain).to_dict("records")
    counted = words.term(PROVENANCES["actual"])  # refunds and orders are counted in files, never assumed
    sources = {
        "refund_rate": counted,
        "refund_order_rate": counted,
        "total": source_text(now.provenance_fen, words),
        "loss_per_refund": source_text(now.provenance_fen, words),
    }
    made = []
    for key, (figure, is_rate) in _FIGURES.items():
        value = figure(row)
        change = None if earlier is None else _change(value, figure(earlier), is_rate)
        course = [figure(time) for time in times]
        made.append(
            Tile(
                key=key,
                label=words(f"losses.tile.{key}"),
                value=numbers.rate(value) if is_rate else numbers.money(value, words.language),
                explanation=words(f"losses.tile.{key}_help", **_counts(row), source=sources[key]),
                change="" if change is None else _change_text(change, is_rate, words.language),
                direction=None if change is None else _direction(change),
                course=tuple(point if is_rate else point / numbers.FEN_PER_YUAN for point in course if point is not None),
            )
        )
    return made


def table(
    ranking: pd.DataFrame, total: pd.DataFrame, dimension: str, words: Words, titles: Titles
) -> tuple[pd.DataFrame, dict[str, Column]]:
    """Lay the groups out under their sum, which is the account's own: an order of two products counts in both, once in the sum.

    The column group keeps the ledger's value for whoever picks a row; the sum's is missing.
    """
    sums = total.assign(group=None, share=1.0 if whole(total.iloc[0]["total_fen"]) else None, cumulative_share=None)
    rows = pd.concat([sums, ranking], ignore_index=True)
    named = [words("losses.sum") if pd.isna(value) else titles(dimension, value) for value in rows["group"]]
    losses, receivable = rows["total_fen"].astype("Float64"), rows["receivable_fen"].astype("Float64")
    rows = rows.assign(
        name=named,
        refund_rate=_divided(rows["sales_fen"].astype("Float64"), receivable),
        per_refund_fen=pd.array([_per_refund(row) for row in rows[["total_fen", "refunds"]].to_dict("records")], dtype="Int64"),
        assumed_share=_divided(rows["assumed_fen"].astype("Float64"), losses),
    )
    return rows, columns_of(dimension, words, titles)


def columns_of(dimension: str, words: Words, titles: Titles) -> dict[str, Column]:
    """Return the columns of a dimension's table with their titles."""
    counts = {name: Column(words(f"losses.column.{name}"), "count") for name in ("refunds", "orders")}
    ids = {"group": Column(words("losses.column.id"), "id")} if dimension in WITH_IDS else {}
    return {
        "name": Column(titles.of_dimension(dimension)),
        "total_fen": Column(words("losses.column.total"), "money_fen"),
        "share": Column(words("losses.column.share"), "rate"),
        "cumulative_share": Column(words("losses.cumulative"), "rate"),
        **{f"{part}_fen": Column(item_name(part, words), "money_fen") for part in COMPONENTS},
        "hidden_fen": Column(words("losses.column.hidden"), "money_fen"),
        **counts,
        "refund_rate": Column(words("losses.column.refund_rate"), "rate"),
        "per_refund_fen": Column(words("losses.column.per_refund"), "money_fen"),
        "assumed_share": Column(words("losses.column.assumed"), "rate"),
        "unknown_refunds": Column(words("losses.column.unknown"), "count"),
        **ids,
    }


def case_columns(words: Words, titles: Titles) -> dict[str, Column]:
    """Return the columns of a list of cases with their titles."""
    return {
        "case_id": Column(words("losses.column.case"), "id"),
        "order_id": Column(words("losses.column.order"), "id"),
        "stage_name": Column(titles.of_dimension("stage")),
        "reason_name": Column(titles.of_dimension("reason")),
        "product_name": Column(titles.of_dimension("product")),
        "total_fen": Column(words("losses.column.total"), "money_fen"),
        **{f"{part}_fen": Column(item_name(part, words), "money_fen") for part in COMPONENTS},
        "provenance": Column(words("losses.column.provenance")),
        "paid_at": Column(words("losses.column.paid_at"), "time"),
        "finished_at": Column(words("losses.column.finished_at"), "time"),
        "place": Column(words("losses.column.place")),
    }


def cases_table(cases: pd.DataFrame, words: Words, titles: Titles) -> pd.DataFrame:
    """Return a `case_list` answer with names for its ids, what its figures rest on, and the file and line of each case."""
    return cases.assign(
        stage_name=[titles("stage", value) for value in cases["stage"]],
        reason_name=[titles("reason", value) for value in cases["reason"]],
        product_name=["" if pd.isna(value) else titles("product", value) for value in cases["product"]],
        provenance=[_provenance(row, words) for row in cases[[*_PROVENANCE_COLUMNS]].to_dict("records")],
        place=[
            words("case.place", file=file, row=row) if pd.notna(file) else numbers.NOTHING
            for file, row in zip(cases["source_file"], cases["source_row"], strict=True)
        ],
    )


def exposure_said(exposure: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return what the open cases may still cost, as text for the card's heading."""
    row = exposure.iloc[0]
    return {
        "cases": numbers.count(whole(row["open_cases"]) or 0),
        "total": numbers.money(whole(row["total_fen"]), words.language),
        "sales": numbers.money(whole(row["sales_fen"]), words.language),
        "hidden": numbers.money(whole(row["hidden_fen"]), words.language),
    }


def exposure_table(
    by_group: pd.DataFrame, total: pd.DataFrame, dimension: str, words: Words, titles: Titles
) -> tuple[pd.DataFrame, dict[str, Column]]:
    """Lay out what open cases may still cost by group, under their sum."""
    groups = by_group.rename(columns={dimension: "group"}).sort_values("total_fen", ascending=False, na_position="last")
    rows = pd.concat([total.assign(group=None), groups], ignore_index=True)
    rows["name"] = [words("losses.sum") if pd.isna(value) else titles(dimension, value) for value in rows["group"]]
    return rows, {
        "name": Column(titles.of_dimension(dimension)),
        "open_cases": Column(words("losses.column.open_cases"), "count"),
        "total_fen": Column(words("losses.column.total"), "money_fen"),
        **{f"{part}_fen": Column(item_name(part, words), "money_fen") for part in COMPONENTS},
        "unknown_cases": Column(words("losses.column.unknown"), "count"),
    }


_PROVENANCE_COLUMNS = ("actual_fen", "set_fen", "assumed_fen", "has_unknown")
_FIGURES: Mapping[str, tuple[Callable[[Mapping], float | None], bool]] = {
    "refund_rate": (lambda row: numbers.ratio(whole(row["sales_fen"]), whole(row["receivable_fen"])), True),
    "refund_order_rate": (lambda row: numbers.ratio(whole(row["refunded_orders"]), whole(row["orders"])), True),
    "total": (lambda row: whole(row["total_fen"]), False),
    "loss_per_refund": (lambda row: _per_refund(row), False),
}


def _counts(row: Mapping) -> dict[str, str]:
    return {name: numbers.count(whole(row[name])) for name in ("orders", "refunded_orders", "refunds")}


def _per_refund(row: Mapping) -> int | None:
    total_fen, refunds = whole(row["total_fen"]), whole(row["refunds"])
    return None if total_fen is None or not refunds else round_half_away(total_fen, refunds)


def _change(now: float | None, before: float | None, is_rate: bool) -> float | None:
    if is_rate:
        return None if now is None or before is None else now - before
    return numbers.change(now, before)


def _change_text(change: float, is_rate: bool, language: str) -> str:
    return numbers.points(change, language) if is_rate else numbers.signed_rate(change)


def _direction(change: float) -> int:
    """The sign of a change as it is shown: less than half a tenth of a percent is none."""
    shown = round(change, 3)
    return (shown > 0) - (shown < 0)


def _divided(part: pd.Series, base: pd.Series) -> pd.Series:
    return part / base.where(base != 0)


def _provenance(row: Mapping, words: Words) -> str:
    known = {name: whole(row[f"{name}_fen"]) or 0 for name in PROVENANCES}
    text = source_text(known, words)
    if not row["has_unknown"]:
        return text
    unknown = words("case.unknown")
    return unknown if text == numbers.NOTHING else f"{text} · {unknown}"
