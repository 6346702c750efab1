"""The question what an order of a shop usually looks like, from its own files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb
import pandas as pd

from analytics.store import sql


def usual_order(
    cursor: duckdb.DuckDBPyConnection,
    *,
    shops: Sequence[str],
    first_day: date | None = None,
    last_day: date | None = None,
    product: str = "",
) -> pd.DataFrame:
    """Say what the paid orders of a period usually look like, all or those of one product, in one row.

    Columns: orders, price_fen, subsidy_fen, commission_ppm, spend_orders, acquisition_fen, shipped_orders, insured_orders,
    premium_fen, costed_orders, goods_fen, goods_ppm; what nothing is known of is null.
    """
    values = {"shops": list(shops), "first_day": first_day, "last_day": last_day, "product": product}
    return cursor.execute(sql.read("questions/usual_order"), values).df()
