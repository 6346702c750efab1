"""A booked case as the inputs of an imagined order: what its own account rests on, as somebody would type it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analytics.domain import one_order
from analytics.domain.money import round_half_away

TAB = {"tab": "one_order"}
# Of a case's row: (what the account calls it, what the imagined order calls it).
_DIRECT = {
    "premium_fen": "freight_insurance",
    "return_freight_fen": "return_freight",
    "merchant_bears_ppm": "merchant_bears_return",
    "wage_fen": "hourly_wage",
}
_CHARGED = {
    "freight_fen": "outbound_freight",
    "packing_fen": "packing",
    "intercept_fen": "intercept_fee",
    "inspection_fen": "inspection",
}


def one_order_inputs(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the address of 单笔测算 for a case: price, refund and costs of its lead line as typed texts; nothing for a case of
    several lines, for one without a price, and for one whose ending nobody can imagine (closed, unknown).
    """
    lead = next((row for row in rows if row["is_lead"]), None)
    ending = lead and str(lead["stage"])
    if lead is None or len(rows) > 1 or ending not in one_order.ENDINGS or not _whole(lead["paid_fen"]):
        return {}
    found = {**_sold(lead, ending), **_costs(lead, ending)}
    texts = {name: one_order.write(name, one_order.bounded(name, value)) for name, value in found.items()}
    return {**TAB, "ending": ending, **texts}


def _sold(lead: Mapping[str, Any], ending: str) -> dict[str, int]:
    paid_fen = _whole(lead["paid_fen"])
    found = {"price": paid_fen, "subsidy": max((_whole(lead["receivable_fen"]) or paid_fen) - paid_fen, 0)}
    refund_fen = _whole(lead["refund_fen"])
    if refund_fen is not None and ending not in {"exchanged", "reshipped"}:
        found["price_cut" if ending == "price_cut" else "refund"] = refund_fen
    return found


def _costs(lead: Mapping[str, Any], ending: str) -> dict[str, int]:
    """What the case's account knows of each cost; a cost that it does not charge keeps the usual value."""
    found = {name: value for column, name in _DIRECT.items() if (value := _whole(lead[column])) is not None}
    found |= {name: value for column, name in _CHARGED.items() if (value := _whole(lead[column]))}
    minutes = _whole(lead["minutes_centiminutes"])
    if minutes is not None:
        found[f"minutes_{ending}"] = minutes
    for column, name in (("acquisition_ufen", "acquisition_per_order"), ("goods_ufen", "goods_cost")):
        ufen = _whole(lead[column])
        if ufen is not None:
            found[name] = round_half_away(ufen, one_order.UFEN)
    damage = {"returned": "damage_rate_returned", "exchanged": "damage_rate_returned", "intercepted": "damage_rate_intercepted"}
    rate = _whole(lead["damage_ppm"])
    return {**found, damage[ending]: rate} if ending in damage and rate is not None else found


def _whole(value: Any) -> int | None:
    return None if value is None or pd.isna(value) else int(value)
