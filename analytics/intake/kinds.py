"""What each kind of file becomes: its table, the money a receipt adds up, the time it covers, the words it brings."""

from __future__ import annotations

from dataclasses import dataclass, field

# How a cell's text is known to the ledger: tables whose rows are facts have a content hash, sightings and payments have none.
NOT_CONTENT = {"source_sheet", "source_row", "exported_at", "row_at", "platform", "line_ref"}


@dataclass(frozen=True)
class Kind:
    """One kind of file: SQL file and table share a name; money and period are SQL over the staged rows.

    Of a template that sets one value a key, `keys` and `value` are SQL too."""

    table: str
    money_fen: str
    period: str
    words: dict[str, str] = field(default_factory=dict)
    is_hashed: bool = True
    rework: str | None = None
    keys: str = ""
    value: str = ""


KINDS = {
    "orders": Kind(
        "order_lines",
        "paid_fen",
        "coalesce(created_at, paid_at)",
        {"order_status": "order_status", "after_sales_status": "order_after_sales"},
    ),
    "cases": Kind(
        "cases",
        "refund_fen",
        "coalesce(applied_at, finished_at, order_created_at)",
        {"status_word": "case_status", "kind_word": "case_kind", "order_status": "order_status"},
    ),
    "fund_flow": Kind("fund_flows", "cost_fen", "booked_at"),
    "freight_insurance": Kind("freight_insurance", "merchant_fee_fen", "effective_at"),
    "settlement": Kind("settlements", "settled_fen", "settled_at"),
    "ad_spend": Kind("ad_spend", "amount_fen", "spent_on::timestamp", rework="summed_spend"),
    "product_costs": Kind("product_costs", "0", "null::timestamp", keys="product_id, sku, effective_from", value="unit_cost_fen"),
    "cost_settings": Kind(
        "cost_settings", "0", "null::timestamp", keys="name, scope, effective_from", value="concat_ws(' ', state, value)"
    ),
    "tagged_orders": Kind("tag_sightings", "amount_fen", "tagged_at", is_hashed=False),
}
