"""Facts put row by row into an empty ledger, and the account that follows from them: what the ledger's tests speak."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import duckdb

from analytics.domain import costs
from analytics.store import marts, questions

SHOP = "店铺1"
MEANINGS = {
    "order_status": {
        **{"待付款": "unpaid", "待发货": "paid", "已发货": "shipped", "已收货": "received"},
        **{"交易成功": "succeeded", "交易关闭": "closed"},
    },
    "order_after_sales": {"退款成功": "refunded", "退款关闭": "closed", "售后处理中": "open"},
    "case_status": {"售后成功": "succeeded", "售后关闭": "failed", "待买家退货": "open"},
    "case_kind": {
        **{"仅退款": "refund_only", "退货退款": "return_refund", "换货": "exchange"},
        **{"补寄": "reship", "价保": "price_protection"},
    },
    "tool_outcome": {"同意": "granted", "拒绝": "refused"},
    "tool_reason": {"地址": "address_change", "按约定时间发货": "urge_ship", "质量": "small_payment", "差价": "small_payment"},
    "fund_flow_remark": {
        **{"商责退运费": "return_freight", "晚发立赔": "penalty", "平台赔付商家": "compensation"},
        **{"小额打款": "small_payment", "分账追回": "kept_fee"},
    },
}


FIRST_OTHER_LOAD = 900


class Facts:
    """An empty ledger that facts are put into, one short line each; amounts in yuan, times as text."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self.cursor = cursor
        self._is_settled = False
        self._load_count = 0  # of other shops than the first

    def prepare(self) -> Facts:
        """Add what every test starts from: the starter assumptions, the words, one shop, and the loads of orders and cases."""
        for cost in costs.COST_NAMES.values():
            self._insert("cost_names", name=cost.name, unit=cost.unit, starter_value=cost.starter_value)
        for field, meanings in MEANINGS.items():
            for word, meaning in meanings.items():
                self.word(field, word, meaning, is_operators=False)
        self.shop(SHOP)
        self.load(1, "订单.csv")
        self.load(2, "售后.xlsx")
        return self

    def shop(self, name: str, *, is_sample: bool = False) -> None:
        """A shop, with a load: one without is no shop."""
        self._insert("shops", shop=name, is_sample=is_sample, created_at=datetime(2026, 1, 1))
        if name != SHOP:
            self._load_count += 1
            self.load(FIRST_OTHER_LOAD + self._load_count, "别的店铺.csv", shop=name)

    def load(self, load_id: int, file_name: str, shop: str = SHOP) -> None:
        counts = dict.fromkeys(("row_count", "new_count", "updated_count", "unchanged_count", "older_count", "rejected_count"), 0)
        texts = {"sha256": "", "kind": "orders", "platform": "kuaishou", "format": "", "list_kind": "all", "loaded_by": "测试"}
        money = {"money_in_fen": 0, "money_stored_fen": 0, "surprises": [], "loaded_at": datetime(2026, 1, 1)}
        self._insert("loads", load_id=load_id, file_name=file_name, shop=shop, **counts, **texts, **money)

    def order(self, order_id: str, paid: float = 100, **more: Any) -> None:
        """An order line of one piece, paid on 1 March 2026 at ten, delivered, unless told otherwise."""
        line = {
            "order_id": order_id,
            "line_ref": more.get("line_id") or more.get("product_id", "P1"),
            "product_id": "P1",
            "sku": "",
            "quantity": 1,
            "created_at": "2026-03-01 09:00:00",
            "paid_at": "2026-03-01 10:00:00",
            "shipped_at": "2026-03-02 10:00:00",
            "order_status": "交易成功",
            "tells_shipment": True,
            "paid_fen": _fen(paid),
            "province": "浙江",
            "channel": "直播间",
        }
        self._fact("order_lines", {**line, **more}, load_id=1)

    def unshipped(self, order_id: str, paid: float = 100, **more: Any) -> None:
        self.order(order_id, paid, **{"shipped_at": None, "order_status": "待发货", **more})

    def case(self, case_id: str, order_id: str, refund: float | None = 100, **more: Any) -> None:
        """A successful refund-only case, applied for on 5 March 2026 and finished on the 10th, unless told otherwise."""
        case = {
            "case_id": case_id,
            "order_id": order_id,
            "product_id": "",
            "sku": "",
            "kind_word": "仅退款",
            "status_word": "售后成功",
            "refund_fen": None if refund is None else _fen(refund),
            "applied_at": "2026-03-05 10:00:00",
            "finished_at": "2026-03-10 10:00:00",
            "return_no": "",
            "reason": "不想要了",
        }
        self._fact("cases", {**case, **more}, load_id=2)

    def returned(self, case_id: str, order_id: str, refund: float = 100, **more: Any) -> None:
        self.case(case_id, order_id, refund, **{"kind_word": "退货退款", "return_no": f"R{case_id}", **more})

    def setting(self, name: str, value: str, *, scope: str = "", since: str = "1970-01-01", shop: str = SHOP) -> None:
        number, state = costs.parse_value(name, value)
        row = {"name": name, "scope": scope, "effective_from": since, "value": number, "state": state}
        self._fact("cost_settings", {**row, "shop": shop})

    def product_cost(self, product_id: str, yuan: float, *, sku: str = "", since: str = "1970-01-01") -> None:
        self._fact("product_costs", {"product_id": product_id, "sku": sku, "effective_from": since, "unit_cost_fen": _fen(yuan)})

    def spend(self, day: str, yuan: float, *, channel: str = "", streamer: str = "", kind: str = "traffic") -> None:
        row = {"spent_on": day, "channel": channel, "streamer_id": streamer, "spend_type": kind, "amount_fen": _fen(yuan)}
        self._fact("ad_spend", row)

    def flow(self, flow_id: str, order_id: str, yuan: float, word: str | None, **more: Any) -> None:
        row = {
            "flow_id": flow_id,
            "business_no": order_id,
            "booked_at": "2026-03-12 10:00:00",
            "remark_word": word,
            "cost_fen": _fen(yuan),
        }
        self._fact("fund_flows", {**row, **more})

    def insurance(self, order_id: str, yuan: float, charge_id: str = "F1") -> None:
        self._fact("freight_insurance", {"charge_id": charge_id, "order_id": order_id, "merchant_fee_fen": _fen(yuan)})

    def settlement(self, order_id: str, *, technical: float = 0, commission: float = 0, other: float = 0) -> None:
        fees = {"technical_fee_fen": _fen(technical), "commission_fen": _fen(commission), "other_fee_fen": _fen(other)}
        self._fact("settlements", {"settlement_ref": order_id, "order_id": order_id, "product_id": "P1", **fees})

    def note(self, order_id: str, yuan: float, *, at: str = "2026-03-06 10:00:00", is_postage: bool = False) -> None:
        row = {"order_id": order_id, "paid_at": at, "amount_fen": _fen(yuan), "is_postage": is_postage}
        self._insert("note_payments", shop=SHOP, load_id=1, source_row=1, **row)

    def tag(self, order_id: str, tool: str, **more: Any) -> None:
        self._insert("tag_sightings", **{"shop": SHOP, "load_id": 1, "source_row": 1, "order_id": order_id, "tool": tool, **more})

    def word(self, field: str, word: str, meaning: str, *, is_operators: bool) -> None:
        self._insert("words", field=field, word=word, meaning=meaning, is_operators=is_operators)

    def settled(self) -> Facts:
        """The same ledger with its marts built, ready to be asked."""
        if not self._is_settled:
            marts.rebuild(self.cursor)
            self._is_settled = True
        return self

    def losses(self, *dimensions: str, **filters: Any) -> list[dict[str, Any]]:
        return records(questions.losses_by(self.settled().cursor, dimensions=dimensions, **_dated(filters)))

    def total(self, **filters: Any) -> dict[str, Any]:
        return self.losses(**filters)[0]

    def refunds(self, **filters: Any) -> dict[str, dict[str, Any]]:
        rows = records(questions.refunds(self.settled().cursor, **_dated(filters)))
        return {row["case_id"]: row for row in rows}

    def costs_of(self, case_id: str) -> tuple[Any, ...]:
        """The five components of a case in yuan: sales, acquisition, logistics, handling, damage; None = unknown."""
        row = self.refunds()[case_id]
        parts = (row[f"{name}_fen"] for name in ("sales", "acquisition", "logistics", "handling", "damage"))
        return tuple(None if part is None else part / 100 for part in parts)

    def exposure(self, *dimensions: str, **filters: Any) -> list[dict[str, Any]]:
        return records(questions.exposure_by(self.settled().cursor, dimensions=dimensions, **_dated(filters)))

    def unmatched(self, **filters: Any) -> dict[str, Any]:
        return records(questions.unmatched(self.settled().cursor, **_dated(filters)))[0]

    def profit(self) -> dict[str, Any]:
        return records(questions.profit(self.settled().cursor))[0]

    def beside(self, **filters: Any) -> dict[str, int]:
        return {row["figure"]: row["amount_fen"] for row in records(questions.beside(self.settled().cursor, **_dated(filters)))}

    def findings(self) -> dict[tuple[str, str], tuple[int, int | None]]:
        rows = records(questions.coverage(self.settled().cursor))
        return {(row["finding"], row["detail"]): (row["item_count"], row["amount_fen"]) for row in rows}

    def _fact(self, table: str, values: dict[str, Any], load_id: int = 1) -> None:
        common = {"load_id": load_id, "source_row": 1, "progress": 0, "content_hash": 0, "platform": "kuaishou", "shop": SHOP}
        self._insert(table, **{**common, **values})

    def _insert(self, table: str, **values: Any) -> None:
        self._is_settled = False
        marks = ", ".join(f"${name}" for name in values)
        self.cursor.execute(f"insert into main.{table} ({', '.join(values)}) values ({marks})", values)  # noqa: S608 - names are ours


def records(frame: Any) -> list[dict[str, Any]]:
    """The rows of an answer as plain Python values, missing ones as None."""
    table = frame.astype(object).where(frame.notna(), None)
    return table.to_dict("records")


def _fen(yuan: float) -> int:
    return round(yuan * 100)


def _dated(filters: dict[str, Any]) -> dict[str, Any]:
    return {name: date.fromisoformat(value) if name.endswith("_day") else value for name, value in filters.items()}
