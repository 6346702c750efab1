"""The shops of the ledger."""

from __future__ import annotations

import unicodedata
from datetime import datetime

import duckdb

from analytics.errors import OperatorError
from analytics.store import sql

LONGEST_NAME = 40
SAMPLE_SHOP = "示例店"  # a name no real shop can have: its figures are invented and never added to a real one's


def clean_name(name: str) -> str:
    """Return a shop's name as the ledger writes it: width folded, spaces trimmed.

    Raises OperatorError for a name that is empty, too long or holds control characters.
    """
    cleaned = " ".join(unicodedata.normalize("NFKC", name).split())
    if not cleaned or len(cleaned) > LONGEST_NAME or not cleaned.isprintable():
        raise OperatorError("店铺", f"「{name[:LONGEST_NAME]}」", f"1 至 {LONGEST_NAME} 个字的店铺名", "请换一个名字。")
    return cleaned


def real_shops(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the names of all shops but the sample's, in the order of their first load."""
    return [shop for shop, is_sample in sql.run(cursor, "loads/shops").fetchall() if not is_sample]


def all_shops(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the names of all shops, in the order of their first load."""
    return [shop for shop, _ in sql.run(cursor, "loads/shops").fetchall()]


def add(cursor: duckdb.DuckDBPyConnection, shop: str, now: datetime) -> None:
    """Remember a shop, unless it is known."""
    sql.run(cursor, "loads/add_shop", shop=shop, is_sample=shop == SAMPLE_SHOP, now=now)
