"""The registry of facts: the only source of identifiers in templated SQL."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb

from analytics.store import sql


@dataclass(frozen=True)
class Fact:
    """Describe one fact whose newer versions replace older ones: its tables, key and rules.

    `money` sums up in receipts (None: the fact has no money), `times` are what must lie within living memory, `sorted_by` is the
    order of a load's rows on disk, `rows` and `progress` name fragments of SQL in sql/loads.
    """

    table: str
    keys: tuple[str, ...]
    times: tuple[str, ...]
    money: str | None
    sorted_by: str
    progress: str = "progress_none"
    rows: str = "rows_as_they_are"

    @cached_property
    def names(self) -> dict[str, str]:
        """Return what the placeholders of a template stand for."""
        fragments = {"rows": sql.read(f"loads/{self.rows}"), "progress": sql.read(f"loads/{self.progress}")}
        own = {
            "fact": self.table,
            "keys": ", ".join(("shop", *self.keys)),
            "file_keys": ", ".join(self.keys),
            "money": self.money or "0",
            "sorted_by": self.sorted_by,
            "earliest": f"least({', '.join(self.times)})" if self.times else "null",
            "latest": f"greatest({', '.join(self.times)})" if self.times else "null",
        }
        return own | {name: text.strip().format(**own) for name, text in fragments.items()}

    def run(
        self, cursor: duckdb.DuckDBPyConnection, query: str, *, superseded: bool = False, **values: Any
    ) -> duckdb.DuckDBPyConnection:
        """Run analytics/sql/<query>.sql for this fact with those of `values` that it names.

        `{stored}` in the query stands for the current rows, or for the superseded ones.
        """
        stored = f"{self.table}_superseded" if superseded else self.table
        text = sql.read(query).format(**self.names, stored=stored)
        return cursor.execute(text, sql.parameters_of(text, values))


FACTS = {
    fact.table: fact
    for fact in (
        Fact(
            "order_lines",
            ("order_id", "line_ref"),
            ("created_at", "paid_at", "shipped_at", "completed_at"),
            "paid_fen",
            "paid_at",
            progress="progress_orders",
        ),
        Fact("cases", ("case_id",), ("applied_at", "finished_at"), "refund_fen", "finished_at", progress="progress_cases"),
        Fact("fund_flows", ("flow_id",), ("booked_at",), "cost_fen", "booked_at"),
        Fact("freight_insurance", ("charge_id",), ("effective_at",), "merchant_fee_fen", "effective_at"),
        Fact("settlements", ("settlement_ref",), ("settled_at",), "settled_fen", "settled_at"),
        Fact(
            "ad_spend",
            ("spent_on", "channel", "streamer_id", "spend_type"),
            ("spent_on",),
            "amount_fen",
            "spent_on",
            rows="rows_added_up",
        ),
        Fact("product_costs", ("product_id", "sku", "effective_from"), (), "unit_cost_fen", "effective_from"),
        Fact("cost_settings", ("name", "scope", "effective_from"), (), None, "effective_from"),
    )
}

# Facts that add up over files: every sighting counts, none replaces another.
ADDED_FACTS = ("tag_sightings", "note_payments")

# The table that the rows and the money of a receipt are counted in.
TABLE_BY_KIND = {
    "orders": "order_lines",
    "cases": "cases",
    "fund_flow": "fund_flows",
    "freight_insurance": "freight_insurance",
    "settlement": "settlements",
    "ad_spend": "ad_spend",
    "product_costs": "product_costs",
    "cost_settings": "cost_settings",
    "tagged_orders": "tag_sightings",
}
