"""Maturity in the reader's words: so far, expected in the end, range; the curve, the back-test, and what was said before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from analytics.domain.maturity_record import BackTest
from analytics.present import numbers
from analytics.present.account import FEN_OF_100_YUAN
from analytics.present.exports import Column
from analytics.present.labels import Words

MEASURES = ("sales", "orders", "hidden", "total")
REPLAY_DAYS = ("7", "14", "30")
ENOUGH = 0.0005  # a change below half a tenth of a percent is not shown as one


@dataclass(frozen=True)
class Outcome:
    """One figure as it stands and as it is expected to end, with its range: orders, fen, or a rate (0–1)."""

    so_far: float
    final: float
    low: float
    high: float

    def over(self, base: float) -> Outcome:
        """The same as a share of something."""
        return Outcome(self.so_far / base, self.final / base, self.low / base, self.high / base)

    @property
    def is_final(self) -> bool:
        """Whether nothing more is expected."""
        return self.high - self.so_far <= ENOUGH * max(abs(self.high), 1e-9)


def outcome(row: Mapping[str, Any], measure: str, back: float | None = None) -> Outcome | None:
    """Read one measure of an `expected` row; None where nothing is expected.

    `back` is what has come back by the account, which knows refunds of orders that are not loaded, too: what is expected on top
    of what is known comes on top of it.
    """
    if pd.isna(row[f"{measure}_final"]):
        return None
    known = row[f"{measure}_known"]
    start = known if back is None else back
    final, low, high = (start + max(row[f"{measure}_{end}"] - known, 0.0) for end in ("final", "low", "high"))
    return Outcome(start, final, low, high)


def rate_text(told: Outcome, words: Words, horizon_days: int | None = None) -> str:
    """Say of a rate what it will be in the end: `预计最终 27.1%（25.1%–29.1%）`, or within the horizon it is named after."""
    ends = {name: numbers.rate(getattr(told, name)) for name in ("final", "low", "high")}
    return _expected(ends, told, words, horizon_days)


def money_text(told: Outcome, words: Words, horizon_days: int | None = None) -> str:
    """Say of an amount in fen what it will be in the end."""
    ends = {name: numbers.money(round(getattr(told, name)), words.language) for name in ("final", "low", "high")}
    return _expected(ends, told, words, horizon_days)


def tile_notes(row: Mapping[str, Any], total: Mapping[str, Any], words: Words, named_days: int | None = None) -> dict[str, str]:
    """Return what stands below the figures on top of a page, by their keys, from an `expected` row and the account's total.

    With a named horizon only rates are told: the amounts of the account know no horizon.
    """
    back = {"sales": total["sales_fen"], "orders": total["refunded_orders"], "hidden": total["hidden_fen"]}
    back["total"] = total["total_fen"]
    known = {name: None if pd.isna(value) else float(value) for name, value in back.items()}
    told = {name: outcome(row, name, None if named_days else value) for name, value in known.items() if value is not None}
    base = {"sales": total["receivable_fen"], "orders": total["orders"]}
    notes = {}
    for key, measure in (("refund_rate", "sales"), ("refund_order_rate", "orders")):
        if told.get(measure) and base[measure]:
            notes[key] = rate_text(told[measure].over(float(base[measure])), words, named_days)
    if named_days:
        return notes
    for key in ("hidden", "total"):
        if told.get(key):
            notes[key] = money_text(told[key], words)
    if told.get("hidden") and base["sales"]:
        notes["hidden_per_100"] = money_text(told["hidden"].over(float(base["sales"]) / FEN_OF_100_YUAN), words)
    if told.get("total") and told.get("orders") and told["orders"].so_far and total["refunds"]:
        more_refunds = told["orders"].final / told["orders"].so_far
        notes["loss_per_refund"] = money_text(_per_refund(told["total"], float(total["refunds"]), more_refunds), words)
    return notes


def why_not_text(why_not: str, words: Words) -> str:
    """Say why nothing is foretold."""
    return words(f"maturity.why_not.{why_not}")


def lead(row: Mapping[str, Any], total: Mapping[str, Any], period: str, words: Words) -> str | None:
    """Say under the title what the period still has to lose; None when it has nothing to lose, or nobody can say."""
    if pd.isna(total["total_fen"]) or not total["receivable_fen"]:
        return None
    told = outcome(row, "total", float(total["total_fen"]))
    if told is None or told.is_final:
        return None
    of_100 = told.over(float(total["receivable_fen"]) / FEN_OF_100_YUAN)
    kept = {name: numbers.money_exact(FEN_OF_100_YUAN - round(value)) for name, value in _ends(of_100).items()}
    more = numbers.money(round(told.final - told.so_far), words.language)
    return words("maturity.lead", period=period, more=more, final=kept["final"], low=kept["high"], high=kept["low"])


def cohort_rows(expected: pd.DataFrame, dimension: str, measure: str) -> pd.DataFrame:
    """Lay out cohorts for the chart: period, sold, so_far, final, low, high (0–1), age_days, in order."""
    shown = expected[(expected[f"{measure}_sold"] > 0)].sort_values(dimension, ignore_index=True)
    sold = shown[f"{measure}_sold"]
    rows = pd.DataFrame({"period": shown[dimension], "sold": sold, "age_days": shown["age_days"]})
    for name in ("so_far", "final", "low", "high"):
        rows[name] = shown[f"{measure}_{name}"] / sold
    return rows


def back_test_table(tests: Sequence[BackTest]) -> pd.DataFrame:
    """Lay out how forecasts came out: a row an age; rates 0–1."""
    return pd.DataFrame(
        [
            {
                "age": test.age,
                "forecasts": test.forecasts,
                "mean_error": test.mean_error,
                "raw_error": test.raw_error,
                "bias": test.bias,
                "coverage": test.coverage,
            }
            for test in tests
        ]
    )


def back_test_columns(words: Words) -> dict[str, Column]:
    """The columns of the back-test."""
    rates = ("mean_error", "raw_error", "bias", "coverage")
    counts = {name: Column(words(f"maturity.column.{name}"), "count") for name in ("age", "forecasts")}
    return {**counts, **{name: Column(words(f"maturity.column.{name}"), "rate") for name in rates}}


def back_test_said(tests: Sequence[BackTest], has_changed: bool, words: Words) -> str:
    """Say in a sentence how far forecasts were off a week after payment; or that refunds come at other times than they did."""
    week = next((test for test in tests if test.age == 7), None)
    if week is None or week.mean_error is None:
        return words("maturity.back_test_none")
    said = {
        "forecasts": numbers.count(week.forecasts),
        "error": _plain_points(week.mean_error, words),
        "raw": _plain_points(week.raw_error, words),
        "coverage": numbers.rate(week.coverage),
    }
    text = words("maturity.back_test_said", **said)
    return words("maturity.changed", bias=numbers.points(week.bias, words.language)) + text if has_changed else text


def replay_said(total: Mapping[str, Any], measure: str, days_ago: int, period: tuple[date, date], words: Words) -> str:
    """Say what the page would have said some days ago about the period that lay behind it then, and how wrong that was."""
    then, now = outcome(total, measure), outcome(_now(total), measure)
    sold, sold_now = total[f"{measure}_sold"], total[f"{measure}_sold_now"]
    if then is None or now is None or not sold or not sold_now:
        return words("maturity.replay_none", days=days_ago)
    then, now = then.over(sold), now.over(sold_now)
    said = {
        **{"days": days_ago, "first": f"{period[0]:%m-%d}", "last": f"{period[1]:%m-%d}"},
        **{name: numbers.rate(value) for name, value in _ends(then).items()},
        **{f"{name}_now": numbers.rate(getattr(now, name)) for name in ("so_far", "final")},
        "off": numbers.points(then.final - now.final, words.language),
        "raw_off": numbers.points(then.so_far - now.final, words.language),
    }
    return words("maturity.replay_inside" if then.low <= now.final <= then.high else "maturity.replay_outside", **said)


def replay_rows(rows: pd.DataFrame, dimension: str, measure: str) -> pd.DataFrame:
    """Lay out a replay: period, so_far, final, low, high as said then, so_far_now and final_now, error (0–1), is_inside."""
    shown = rows[rows[f"{measure}_sold"] > 0].sort_values(dimension, ignore_index=True)
    table = pd.DataFrame({"period": shown[dimension]})
    for name in ("so_far", "final", "low", "high"):
        table[name] = shown[f"{measure}_{name}"] / shown[f"{measure}_sold"]
    for name in ("so_far", "final"):
        table[f"{name}_now"] = shown[f"{measure}_{name}_now"] / shown[f"{measure}_sold_now"]
    table["error"] = table["final"] - table["final_now"]
    return table


def replay_columns(words: Words, dimension_title: str) -> dict[str, Column]:
    """The columns of a replay."""
    names = ("so_far", "final", "low", "high", "so_far_now", "final_now", "error")
    return {
        "period": Column(dimension_title),
        **{name: Column(words(f"maturity.replay.{name}"), "rate") for name in names},
    }


def _expected(ends: Mapping[str, str], told: Outcome, words: Words, horizon_days: int | None) -> str:
    if horizon_days:
        return words("maturity.expected_named", days=horizon_days, **ends)
    return words("maturity.settled") if told.is_final else words("maturity.expected", **ends)


def _ends(told: Outcome) -> dict[str, float]:
    return {name: getattr(told, name) for name in ("so_far", "final", "low", "high")}


def _per_refund(told: Outcome, refunds: float, more_refunds: float) -> Outcome:
    """Early refunds are the cheap ones, so the average rises as the later ones come."""
    return Outcome(told.so_far / refunds, *(value / (refunds * more_refunds) for value in (told.final, told.low, told.high)))


def _plain_points(share: float, words: Words) -> str:
    return numbers.points(share, words.language).removeprefix("+")


def _now(total: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removesuffix("_now"): value for name, value in total.items() if str(name).endswith("_now")}
