"""The urge-to-ship list worked out slowly, order by order, from the twin's ledger."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from . import answers, random_shops
from .facts import Facts
from .ledger import Ledger, Line, Order, build_ledger

GOODS_STILL_TO_GO = ("price_cut", "exchanged", "reshipped", "closed")
COMPONENTS = ("sales_fen", "acquisition_fen", "logistics_fen", "handling_fen", "damage_fen")


def waiting(ledger: Ledger, now: datetime, near: timedelta) -> dict[tuple[str, str], dict]:
    """List what waits, as {(shop, order id): what is known of it without money}."""
    signs = defaultdict(list)
    for row in ledger.facts["tag_sightings"]:
        if row["tool"] == "urge_ship":
            signs[row["shop"], row["order_id"]].append((row["use_count"], row["tagged_at"]))
    rows = {}
    for key, order in ledger.orders.items():
        if not _can_wait(ledger, order):
            continue
        tools = order.tools.split("+")
        ship_by = min((line.row["ship_by"] for line in order.lines if line.row["ship_by"]), default=None)
        is_urged, is_priority = "urge_ship" in tools, "priority_ship" in tools
        is_due = ship_by is not None and ship_by <= now + near
        if is_urged or is_priority or is_due:
            told = signs[key] + [(line.row["urge_count"], line.row["last_urged_at"]) for line in order.lines]
            rows[key] = {
                "ship_by": ship_by,
                "is_urged": is_urged,
                "is_priority": is_priority,
                "is_promise": is_due and not is_urged,
                "urges": max(
                    (count for count, _ in told if count is not None and (count > 0 or (count, _) in signs[key])), default=None
                ),
                "last_urged_at": max((at for _, at in told if at is not None), default=None),
                "paid_fen": order.paid_fen,
                "receivable_fen": order.receivable_fen,
                "is_refund_open": _is_refund_open(ledger, order),
                "is_after_sales_unknown": not order.cases and any(_has_unknown_word(ledger, line) for line in order.lines),
                "is_refunded": any(case.is_success and case.stage not in GOODS_STILL_TO_GO for case in order.cases),
            }
    return rows


def _can_wait(ledger: Ledger, order: Order) -> bool:
    """Paid, told by its files that no line has left, and not closed as a whole."""
    words = [ledger.meaning.get(("order_status", line.row.get("order_status"))) for line in order.lines]
    has_left = any(line.is_shipped or not line.tells_shipment for line in order.lines)
    return order.is_loaded and order.paid_at is not None and not has_left and any(word != "closed" for word in words)


def _is_refund_open(ledger: Ledger, order: Order) -> bool:
    if order.cases:
        return any(case.is_open and case.stage not in GOODS_STILL_TO_GO for case in order.cases)
    words = [ledger.meaning.get(("order_after_sales", line.row["after_sales_status"])) for line in order.lines]
    return "open" in words


def _has_unknown_word(ledger: Ledger, line: Line) -> bool:
    word = line.row["after_sales_status"]
    return bool(word) and ledger.meaning.get(("order_after_sales", word)) is None


def losses_before_shipment(ledger: Ledger, orders: list[tuple[str, str]], now: datetime) -> dict[tuple[str, str], int]:
    """Let the money of orders that have no case go back at a moment, all of them in one go, and read what the ledger books."""
    without = [key for key in orders if not ledger.orders[key].cases and ledger.orders[key].receivable_fen > 0]
    refunds = [_refund(ledger.orders[key], now) for key in without]
    tables = {**ledger.facts.tables, "cases": [*ledger.facts["cases"], *refunds]}
    booked = {row["case_id"]: row for row in answers.refunds(build_ledger(Facts(tables)))}
    rows = {key: booked[f"new-{key[0]}-{key[1]}"] for key in without}
    assert {row["stage"] for row in rows.values()} <= {"before_shipment"}
    return {key: sum(row[name] or 0 for name in COMPONENTS) for key, row in rows.items()}


def _refund(order: Order, now: datetime) -> dict:
    said = {"case_id": f"new-{order.shop}-{order.order_id}", "order_id": order.order_id, "product_id": "", "sku": ""}
    words = {"kind_word": "仅退款", "status_word": "退款成功", "return_no": "", "applied_at": now, "finished_at": now}
    row = random_shops.fact_row("cases", **said, **words, refund_fen=order.receivable_fen)
    return {**row, "shop": order.shop, "load_id": 3, "source_row": 1, "progress": 1}
