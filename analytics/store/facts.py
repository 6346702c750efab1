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

    `money` sums up in receipts (None: the fact has no money), `times` are what must lie within living memory, `sorted_by` is
    the order of a load's rows on disk, `kind` the kind of file that brings it, `progress` the rule in sql/loads by which a
    state comes after another. With `adds_up`, what is staged as one row may be the sum of several rows of the file.
    """

    table: str
    keys: tuple[str, ...]
    times: tuple[str, ...]
    money: str | None
    sorted_by: str
    kind: str
    progress: str = "progress_none"
    adds_up: bool = False
    may_be_negative: bool = False

    @cached_property
    def names(self) -> dict[str, str]:
        """Return what the placeholders of a template stand for."""
        return {
            "fact": self.table,
            "keys": ", ".join(("shop", *self.keys)),
            "file_keys": ", ".join(self.keys),
            "money": self.money or "0",
            "sorted_by": self.sorted_by,
            "kind": self.kind,
            "adds_up": str(self.adds_up).lower(),
            "may_be_negative": str(self.may_be_negative).lower(),
            "earliest": f"least({', '.join(self.times)})" if self.times else "null",
            "latest": f"greatest({', '.join(self.times)})" if self.times else "null",
            "progress": sql.read(f"loads/{self.progress}").strip(),
        }

    def text(self, query: str, *, superseded: bool = False) -> str:
        """Return analytics/sql/<query>.sql for this fact; `{stored}` in it is the current rows, or the superseded ones."""
        stored = f"{self.table}_superseded" if superseded else self.table
        return sql.read(query).format(**self.names, stored=stored)

    def run(
        self, cursor: duckdb.DuckDBPyConnection, query: str, *, superseded: bool = False, **values: Any
    ) -> duckdb.DuckDBPyConnection:
        """Run analytics/sql/<query>.sql for this fact with those of `values` that it names."""
        text = self.text(query, superseded=superseded)
        return cursor.execute(text, sql.parameters_of(text, values))


FACTS = {
    fact.table: fact
    for fact in (
        Fact(
            "order_lines",
            keys=("order_id", "line_ref"),
            times=("created_at", "paid_at", "shipped_at", "completed_at"),
            money="paid_fen",
            sorted_by="paid_at",
            kind="orders",
            progress="progress_orders",
        ),
        Fact(
            "cases",
            keys=("case_id",),
            times=("applied_at", "finished_at"),
            money="refund_fen",
            sorted_by="finished_at",
            kind="cases",
            progress="progress_cases",
        ),
        Fact(
            "fund_flows",
            keys=("flow_id",),
            times=("booked_at",),
            money="cost_fen",
            sorted_by="booked_at",
            kind="fund_flow",
            may_be_negative=True,
        ),
        Fact(
            "freight_insurance",
            keys=("charge_id",),
            times=("effective_at",),
            money="merchant_fee_fen",
            sorted_by="effective_at",
            kind="freight_insurance",
            may_be_negative=True,
        ),
        Fact(
            "settlements",
            keys=("settlement_ref",),
            times=("settled_at",),
            money="settled_fen",
            sorted_by="settled_at",
            kind="settlement",
            may_be_negative=True,
        ),
        Fact(
            "ad_spend",
            keys=("spent_on", "channel", "streamer_id", "spend_type"),
            times=("spent_on",),
            money="amount_fen",
            sorted_by="spent_on",
            kind="ad_spend",
            adds_up=True,
            may_be_negative=True,
        ),
        Fact(
            "product_costs",
            keys=("product_id", "sku", "effective_from"),
            times=(),
            money=None,
            sorted_by="effective_from",
            kind="product_costs",
        ),
        Fact(
            "cost_settings",
            keys=("name", "scope", "effective_from"),
            times=(),
            money=None,
            sorted_by="effective_from",
            kind="cost_settings",
        ),
    )
}

# Facts that add up over files: every sighting counts, none replaces another.
ADDED_FACTS = ("tag_sightings", "note_payments")

# The table that the rows and the money of a receipt are counted in.
TABLE_BY_KIND = {fact.kind: table for table, fact in FACTS.items()} | {"tagged_orders": "tag_sightings"}
