"""What became of the urge-to-ship list: yesterday's rows, worked against not worked, the weeks, and how good the ranking was."""

from __future__ import annotations

import pandas as pd

from analytics.domain.urge_priority import Calibration
from analytics.present import numbers
from analytics.present.exports import Column
from analytics.present.labels import Words

FATES = ("shipped", "refunded", "open")


def yesterday(listed: pd.DataFrame, words: Words) -> str:
    """Say what became of the list as it stood: how many went out, were refunded, still wait, and how many somebody worked."""
    fates = {fate: int((listed["fate"] == fate).sum()) for fate in FATES}
    worked = int(listed["was_worked"].astype(bool).sum())
    told = {fate: numbers.count(count) for fate, count in fates.items()}
    return words("urge_ship.memory.yesterday", orders=numbers.count(len(listed)), worked=numbers.count(worked), **told)


def worked_or_not(compared: pd.DataFrame, words: Words) -> tuple[pd.DataFrame, dict[str, Column]]:
    """Set the worked rows beside the others: orders, shipped within a day, refunded, and the money given back since."""
    rows = [
        {
            "who": words("urge_ship.memory.worked" if row["was_worked"] else "urge_ship.memory.not_worked"),
            "orders": row["orders"],
            "shipped_rate": numbers.ratio(row["shipped_24h"], row["orders"]),
            "refunded_rate": numbers.ratio(row["refunded"], row["orders"]),
            "refund_fen": row["refund_fen"],
        }
        for row in compared.to_dict("records")
    ]
    kinds = {"orders": "count", "shipped_rate": "rate", "refunded_rate": "rate", "refund_fen": "money_fen"}
    frame = pd.DataFrame(rows).astype({"shipped_rate": "Float64", "refunded_rate": "Float64"})
    return frame, {name: Column(words(f"urge_ship.memory.{name}"), kinds.get(name, "text")) for name in frame.columns}


def weeks_table(weeks: pd.DataFrame, words: Words) -> tuple[pd.DataFrame, dict[str, Column]]:
    """Lay the weeks out, newest first: urged, shipped, median hours to shipment, refunded, late penalties booked."""
    kinds = {
        **{"week": "date", "urged": "count", "shipped": "count", "hours_median": "number"},
        **{"refunded": "count", "penalty_count": "count", "penalty_fen": "money_fen"},
    }
    frame = weeks[list(kinds)].sort_values("week", ascending=False, ignore_index=True)
    frame = frame.assign(hours_median=frame["hours_median"].astype("Float64").round(1))
    return frame, {name: Column(words(f"urge_ship.memory.{name}"), kind) for name, kind in kinds.items()}


def calibration(judged: Calibration | None, words: Words) -> str | None:
    """Say how good the ranking was on past orders: of those called high, what share was refunded when they waited."""
    known = {band.band: band for band in (judged.bands if judged else ()) if band.refunded_rate is not None}
    if "high" not in known:
        return None
    said = {"share": numbers.rate(known["high"].refunded_rate), "orders": numbers.count(known["high"].waited_count)}
    if "low" not in known:
        return words("urge_ship.memory.calibration", **said)
    return words("urge_ship.memory.calibration_both", low=numbers.rate(known["low"].refunded_rate), **said)
