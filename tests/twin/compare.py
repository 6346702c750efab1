"""Hold the twin's rows against the product's: readable differences, the first ten, which row, which field, both values."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from .words import COMPONENTS, PROVENANCES

KINDS = ("refund_only", "return_refund", "exchange", "reship", "price_protection")
MONEY = tuple(f"{name}_fen" for name in COMPONENTS)
PROVENANCE_MONEY = tuple(f"{name}_fen" for name in PROVENANCES)
REFUND_KEY = ("shop", "order_id", "case_id")
REFUND_FIELDS = ("kind", "stage", "share", "paid_at", "finished_at", "refund_fen", *MONEY, "inferred")
LOSS_MONEY = (*MONEY, "hidden_fen", "total_fen")
LOSS_COUNTS = ("paid_fen", "orders", "refunded_orders", "refunds", "unknown_refunds", "receivable_fen")
_CLOSE = 1e-6


def compare_refunds(twin: list[dict], product: list[dict], fields=REFUND_FIELDS, limit: int = 10) -> list[str]:
    """Compare rows of `refunds`; fields of the provenance sums are compared where the product gives them."""
    extra = [name for name in PROVENANCE_MONEY if product and name in product[0]]
    ours, theirs = ([_plain_kind(row) for row in rows] for rows in (twin, product))
    return compare(ours, theirs, REFUND_KEY, [*fields, *extra], limit)


def compare_losses(twin: list[dict], product: list[dict], dims: tuple[str, ...], limit: int = 10) -> list[str]:
    """Compare rows of `losses`; groups in which nothing stands may be missing on either side."""
    fields = LOSS_MONEY if "provenance" in dims else (*LOSS_MONEY, *PROVENANCE_MONEY, *LOSS_COUNTS)
    return compare(_with_something(twin, fields), _with_something(product, fields), dims, fields, limit)


def compare(
    twin: list[dict], product: list[dict], key: tuple[str, ...], fields, limit: int = 10, tolerance_fen: int = 0
) -> list[str]:
    """Return sentences that name the row, the field and both values; an empty list means: they agree."""
    ours, theirs = _by_key(twin, key), _by_key(product, key)
    found = []
    for name in sorted({*ours, *theirs}, key=str):
        where = ", ".join(f"{column} {value}" for column, value in zip(key, name, strict=True)) or "total"
        if len(ours[name]) != len(theirs[name]):
            found.append(f"{where}: twin has {len(ours[name])} rows, product has {len(theirs[name])}")
            continue
        for mine, other in zip(ours[name], theirs[name], strict=True):
            found += _differences(where, mine, other, fields, tolerance_fen)
    left_out = [f"… and {len(found) - limit} more"] if len(found) > limit else []
    return found[:limit] + left_out


def _differences(where: str, mine: dict, other: dict, fields, tolerance_fen: int) -> list[str]:
    found = []
    for name in fields:
        left, right = normal(mine.get(name)), normal(other.get(name))
        if not _is_same(left, right, tolerance_fen if name.endswith("_fen") else 0):
            found.append(f"{where}: {name}: twin {left!r}, product {right!r}")
    return found


def _is_same(left, right, tolerance: int) -> bool:
    if isinstance(left, float) or isinstance(right, float):
        return left is not None and right is not None and abs(float(left) - float(right)) <= _CLOSE + tolerance
    if tolerance and isinstance(left, int) and isinstance(right, int):
        return abs(left - right) <= tolerance
    return left == right


def _by_key(rows: list[dict], key: tuple[str, ...]) -> defaultdict:
    grouped = defaultdict(list)
    for row in rows:
        grouped[tuple(_key_text(column, row[column]) for column in key)].append(row)
    return grouped


def _key_text(column: str, value) -> str:
    """Name a group the same way on both sides: months by year and month, bands without the sign."""
    text = str(normal(value))
    if column == "month":
        return text[:7]
    if column in ("day", "week"):
        return text[:10]
    return text.replace("¥", "") if column == "price_band" else text


def normal(value):
    """Turn what pandas, JSON and Fractions make of one value into the same thing."""
    if value is None or value != value or str(value) in ("NaT", "<NA>"):
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return value
    if isinstance(value, (Fraction, float, Decimal)):
        return float(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return _plain_text(value) if isinstance(value, str) else value


def _plain_text(text: str) -> str:
    if len(text) >= 19 and text[4] == text[7] == "-" and text[13] == text[16] == ":":
        return text[:19].replace("T", " ")
    return text


def _plain_kind(row: dict) -> dict:
    return {**row, "kind": row["kind"] if row["kind"] in KINDS else None}


def _with_something(rows: list[dict], fields) -> list[dict]:
    return [row for row in rows if any(normal(row.get(name)) for name in fields) or len(rows) == 1]
