"""A small account that a human can recompute, as the store's answers give it."""

from __future__ import annotations

import pandas as pd
import pytest

from analytics.present.account import Account, account_of

# ¥1,000.00 receivable; ¥200.00 given back; acquisition 20, logistics 30, handling 10, damage 40: 100 hidden, 300 in all.
TOTAL = {
    "paid_fen": 98_000,
    "receivable_fen": 100_000,
    "orders": 50,
    "refunded_orders": 9,
    "refunds": 10,
    "sales_fen": 20_000,
    "acquisition_fen": 2_000,
    "logistics_fen": 3_000,
    "handling_fen": 1_000,
    "damage_fen": 4_000,
    "hidden_fen": 10_000,
    "total_fen": 30_000,
    "actual_fen": 22_500,
    "set_fen": 1_500,
    "assumed_fen": 6_000,
    "unknown_refunds": 0,
}
BY_PROVENANCE = [
    {
        "provenance": "actual",
        "sales_fen": 20_000,
        "acquisition_fen": 1_500,
        "logistics_fen": 1_000,
        "handling_fen": 0,
        "damage_fen": 0,
    },
    {"provenance": "set", "sales_fen": 0, "acquisition_fen": 500, "logistics_fen": 1_000, "handling_fen": 0, "damage_fen": 0},
    {
        "provenance": "assumed",
        "sales_fen": 0,
        "acquisition_fen": 0,
        "logistics_fen": 1_000,
        "handling_fen": 1_000,
        "damage_fen": 4_000,
    },
]


@pytest.fixture
def total() -> pd.DataFrame:
    return pd.DataFrame([TOTAL])


@pytest.fixture
def by_provenance() -> pd.DataFrame:
    return pd.DataFrame(BY_PROVENANCE)


@pytest.fixture
def account(total, by_provenance) -> Account:
    return account_of(total, by_provenance)
