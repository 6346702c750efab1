"""Loads to current facts: a pure function of the loads that are there, in whatever order they came."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .words import WORDS, meanings

KEYS = {
    "order_lines": ("shop", "order_id", "line_ref"),
    "cases": ("shop", "case_id"),
    "ad_spend": ("shop", "spent_on", "channel", "streamer_id", "spend_type"),
    "product_costs": ("shop", "product_id", "sku", "effective_from"),
    "cost_settings": ("shop", "name", "scope", "effective_from"),
    "fund_flows": ("shop", "flow_id"),
    "settlements": ("shop", "settlement_ref"),
    "freight_insurance": ("shop", "charge_id"),
}
SIGHTINGS = ("tag_sightings", "note_payments")
_ORDER_STEPS = {"unpaid": 0, "paid": 1, "shipped": 2, "received": 3, "succeeded": 4, "closed": 4}
_SAME_PAYMENT = timedelta(minutes=10)


@dataclass
class Load:
    """One file as it was read: typed rows by table."""

    load_id: int
    shop: str
    kind: str
    exported_at: datetime | None
    tables: dict[str, list[dict]]
    file_name: str = ""


@dataclass
class Facts:
    """The current rows of every fact, and every sighting of tags and noted payments."""

    tables: dict[str, list[dict]]
    file_names: dict[int, str] = field(default_factory=dict)

    def __getitem__(self, table: str) -> list[dict]:
        return self.tables.get(table, [])


def current_facts(loads: list[Load], words=WORDS) -> Facts:
    """Keep the newest version of every key over all loads."""
    meaning = meanings(words)
    tables = {table: _current_rows(table, loads, meaning) for table in KEYS}
    for table in SIGHTINGS:
        tables[table] = [_stamped(row, load) for load in loads for row in load.tables.get(table, [])]
    return Facts(tables, {load.load_id: load.file_name for load in loads})


def _current_rows(table: str, loads: list[Load], meaning: dict) -> list[dict]:
    versions = defaultdict(dict)
    for load in sorted(loads, key=lambda load: load.load_id):
        rows = [_stamped(row, load) for row in load.tables.get(table, [])]
        if table == "ad_spend":
            rows = _add_up_spend(rows)
        for row in rows:
            row["progress"] = progress(table, row, meaning)
            key = tuple(row[column] for column in KEYS[table])
            _sight(versions[key], row)
    return [max(same_key.values(), key=_age) for _, same_key in sorted(versions.items(), key=lambda item: str(item[0]))]


def _sight(same_key: dict[int, dict], row: dict) -> None:
    """Count one more sighting of a version: the same content keeps its first place and its latest export time."""
    seen = same_key.setdefault(row["content_hash"], row)
    times = [time for time in (seen["exported_at"], row["exported_at"]) if time is not None]
    seen["exported_at"] = max(times, default=None)


def _age(row: dict) -> tuple:
    return (row["progress"], _or_long_ago(row["row_at"]), _or_long_ago(row["exported_at"]), row["content_hash"])


def _or_long_ago(time: datetime | None) -> datetime:
    return datetime.min if time is None else time


def _stamped(row: dict, load: Load) -> dict:
    stamp = {"load_id": load.load_id, "shop": load.shop}
    return {"exported_at": load.exported_at, "row_at": None, **row, **stamp}


def _add_up_spend(rows: list[dict]) -> list[dict]:
    """Add up the rows of one file with one key: a report has a line for every campaign."""
    by_key = {}
    for row in rows:
        key = tuple(row[column] for column in KEYS["ad_spend"])
        if key not in by_key:
            by_key[key] = dict(row)
            continue
        by_key[key]["amount_fen"] += row["amount_fen"]
        by_key[key]["content_hash"] = (by_key[key]["content_hash"] + row["content_hash"]) % 2**64
    return list(by_key.values())


def progress(table: str, row: dict, meaning: dict) -> int:
    """Say how far an order or case has come; other facts stand still."""
    if table == "order_lines":
        step = _ORDER_STEPS.get(meaning.get(("order_status", row["order_status"])))
        by_times = 2 if row["shipped_at"] else 1 if row["paid_at"] else 0
        return by_times if step is None else step
    if table == "cases":
        has_ended = meaning.get(("case_status", row["status_word"])) in ("succeeded", "failed")
        return int(has_ended or row["finished_at"] is not None)
    return 0


def merge_tags(tag_sightings: list[dict]) -> dict[tuple, dict]:
    """Merge sightings to (shop, order, tool) → first time, last time, highest count."""
    merged = {}
    for row in tag_sightings:
        tag = merged.setdefault((row["shop"], row["order_id"], row["tool"]), {"first": None, "last": None, "count": None})
        times = [time for time in (row["tagged_at"], row["seen_at"]) if time is not None]
        tag["first"] = min([*times, *_known(tag["first"])], default=None)
        tag["last"] = max([*times, *_known(tag["last"])], default=None)
        tag["count"] = max([*_known(row["use_count"]), *_known(tag["count"])], default=None)
    return merged


def _known(value) -> list:
    return [] if value is None else [value]


def merge_small_payments(note_payments: list[dict], booked: list[dict]) -> list[dict]:
    """Merge noted and booked payments: the same one in several notes, or in note and booking, counts once."""
    noted = {}
    for row in note_payments:
        key = (row["shop"], row["order_id"], row["paid_at"], row["amount_fen"])
        is_postage = row["is_postage"] or (key in noted and noted[key]["is_postage"])
        columns = ("shop", "order_id", "paid_at", "amount_fen")
        noted[key] = dict(zip(columns, key, strict=True), is_postage=is_postage)
    times = defaultdict(list)
    for shop, order_id, paid_at, amount_fen in noted:
        times[shop, order_id, amount_fen].append(paid_at)
    only_booked = [row for row in booked if not _is_noted(row, times[row["shop"], row["order_id"], row["amount_fen"]])]
    once = {(row["shop"], row["order_id"], row["paid_at"], row["amount_fen"]): row for row in only_booked}
    return [*noted.values(), *once.values()]


def _is_noted(booked: dict, noted_at: list[datetime]) -> bool:
    return booked["paid_at"] is not None and any(abs(booked["paid_at"] - time) <= _SAME_PAYMENT for time in noted_at)
