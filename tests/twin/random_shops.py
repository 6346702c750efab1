"""Small nasty shops by seed: a handful of orders that meet every rule of the ledger, as typed rows ready to insert."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .facts import KEYS, SIGHTINGS, Facts, Load, current_facts
from .prices import ALWAYS
from .words import BY_REASON, STARTERS

_BEFORE = "load_id source_sheet source_row exported_at row_at progress content_hash platform shop"
COLUMNS = {
    "order_lines": f"{_BEFORE} order_id line_ref line_id product_id product_name sku spec quantity unit_price_fen "
    "created_at paid_at ship_by shipped_at completed_at order_status after_sales_status tells_shipment "
    "is_signed paid_fen subsidy_fen postage_fen shop_discount_fen commission_fen refund_fen channel "
    "sales_mode streamer_id streamer_name province city carrier tracking_no warehouse is_priority_ship "
    "is_address_changed urge_count last_urged_at is_refund_noted",
    "cases": f"{_BEFORE} case_id order_id line_id product_id product_name sku spec order_created_at order_status "
    "order_paid_fen kind_word status_word reason reason_tag refund_fen applied_at finished_at deadline_at "
    "out_tracking_no return_no return_carrier return_status exchange_no is_instant buyer_key",
    "ad_spend": f"{_BEFORE} spent_on channel streamer_id spend_type amount_fen",
    "product_costs": f"{_BEFORE} product_id sku effective_from unit_cost_fen",
    "cost_settings": f"{_BEFORE} name scope effective_from value state",
    "fund_flows": f"{_BEFORE} flow_id business_no booked_at flow_type remark_word cost_fen",
    "settlements": f"{_BEFORE} settlement_ref order_id product_id settled_at paid_fen refund_fen technical_fee_fen "
    "commission_fen other_fee_fen settled_fen",
    "freight_insurance": f"{_BEFORE} charge_id order_id effective_at merchant_fee_fen",
    "tag_sightings": "load_id source_sheet source_row shop order_id tool tagged_at seen_at use_count outcome amount_fen",
    "note_payments": "load_id source_sheet source_row shop order_id paid_at amount_fen is_postage",
}
_ABOUT_THE_ROW = {"load_id", "source_sheet", "source_row", "exported_at", "progress", "content_hash", "shop"}

FIRST_DAY = date(2026, 3, 1)
DAYS = 12
PRODUCTS = ("P1", "P2", "P3", "")
SKUS = ("", "A", "B")
CHANNELS = ("直播间", "短视频", None)
STREAMERS = ("71", "72", None)
PROVINCES = ("广东", "内蒙古", "新疆", None)
REASONS = ("多拍/拍错/不想要", "质量问题", "未按时发货", None)
KIND_WORDS = ("仅退款", "仅退款", "仅退款", "退货退款", "退货退款", "换货", "补寄", "价保", "维修", None)
SUCCESS_WORDS = ("售后成功", "退款成功", "同意退款，退款成功", "换货成功", "补寄成功")
FAILURE_WORDS = ("售后关闭", "售后失败", "退款关闭")
OTHER_WORDS = ("待买家退货", "售后处理中", "谜之状态", None)
RETURN_NOS = ("YT1", "YT2", "YT3", "YT4")
FLOW_WORDS = (
    "商责退运费",
    "晚发立赔",
    "晚揽立赔",
    "违约金",
    "平台赔付商家",
    "小额打款",
    "分账追回…服务费",
    "分账追回…推广者",
    None,
)
TOOLS = ("priority_ship", "address_change", "urge_ship", "coupon")


@dataclass
class RandomShop:
    """One invented world: its loads, in one or two shops, and the seed that makes it again."""

    seed: int
    loads: list[Load]

    @property
    def facts(self) -> Facts:
        """Give the current facts of all its loads."""
        return current_facts(self.loads)


def random_shop(seed: int, as_exports: bool = False) -> RandomShop:
    """Invent a shop; `as_exports` keeps to what Kuaishou's exports and the own templates can say (see `to_files`)."""
    rng = random.Random(seed)
    names = ["店铺1"] if as_exports or rng.random() < 0.6 else ["店铺1", "店铺2"]
    loads = []
    for name in names:
        loads += _World(rng, name, as_exports, first_load=len(loads) + 1).loads()
    return RandomShop(seed, loads)


def insertable_rows(facts: Facts) -> dict[str, list[dict]]:
    """Give the current rows of every table with exactly the columns of the schema, for a plain insert."""
    tables = (*KEYS, *SIGHTINGS)
    return {table: [{name: row.get(name) for name in COLUMNS[table].split()} for row in facts[table]] for table in tables}


def fact_row(table: str, **values) -> dict:
    """Fill a row of a table: what is not said is null, and a name that the table lacks is an error."""
    columns = COLUMNS[table].split()
    strangers = set(values) - set(columns)
    if strangers:
        raise KeyError(f"{table} has no {sorted(strangers)}")
    row = dict.fromkeys(columns) | values
    if "content_hash" in columns:
        row["platform"] = "kuaishou"
        content = [(name, row[name]) for name in columns if name not in _ABOUT_THE_ROW]
        row["content_hash"] = int(hashlib.md5(repr(content).encode()).hexdigest()[16:], 16)
    return row


class _World:
    """One shop in the making: every method draws from the same generator, in a fixed order."""

    def __init__(self, rng: random.Random, shop: str, as_exports: bool, first_load: int) -> None:
        self.rng = rng
        self.shop = shop
        self.as_exports = as_exports
        self.first_load = first_load
        self.has_line_ids = not as_exports and rng.random() < 0.3
        self.has_return_column = as_exports or rng.random() < 0.85
        self.has_tracking_column = as_exports or rng.random() < 0.7
        self.order_rows: list[dict] = []
        self.case_rows: list[dict] = []
        self.order_ids = self._order_ids()
        self.absent_ids = [f"9{order_id}" for order_id in self.order_ids[:3]]

    def _order_ids(self) -> list[str]:
        count = self.rng.randint(5, 40)
        if self.as_exports:
            return [f"25109{number:010d}7" for number in self.rng.sample(range(10**10), count)]
        return [str(number) for number in self.rng.sample(range(1, 3000), count)]

    def _moment(self, first: int = 0, last: int = DAYS) -> datetime:
        """Draw a time; few distinct hours, so that equal times are common."""
        day = FIRST_DAY + timedelta(days=self.rng.randint(first, last))
        return datetime(day.year, day.month, day.day, self.rng.choice((0, 9, 23)), self.rng.choice((0, 59)), 59)

    def _maybe(self, chance: float, value):
        return value if self.rng.random() < chance else None

    # -- loads

    def loads(self) -> list[Load]:
        """Build every file of the shop."""
        for order_id in self.order_ids:
            self._add_order(order_id)
        for number in range(self.rng.randint(3, 2 + 2 * len(self.order_ids))):
            self._add_case(number)
        tables = [
            ("orders", {"order_lines": self._earlier_orders()}),
            ("orders", {"order_lines": self.order_rows, "note_payments": self._note_payments()}),
            ("cases", {"cases": self._earlier_cases()}),
            ("cases", {"cases": self.case_rows}),
            ("fund_flow", {"fund_flows": self._fund_flows()}),
            ("freight_insurance", {"freight_insurance": self._insurance()}),
            ("settlement", {"settlements": self._settlements()}),
            ("ad_spend", {"ad_spend": self._ad_spend()}),
            ("product_costs", {"product_costs": self._product_costs()}),
            ("cost_settings", {"cost_settings": self._cost_settings()}),
            ("tagged_orders", {"tag_sightings": self._tags()}),
        ]
        return [self._load(place, kind, rows_of) for place, (kind, rows_of) in enumerate(tables)]

    def _load(self, place: int, kind: str, rows_of: dict[str, list[dict]]) -> Load:
        load_id = self.first_load + place
        exported_at = datetime(2026, 3, 20, 9, place) if kind in ("orders", "cases") else None
        for rows in rows_of.values():
            for number, row in enumerate(rows, start=2):
                row.update(load_id=load_id, source_row=number, shop=self.shop)
                if "exported_at" in row:
                    row["exported_at"] = exported_at
        return Load(load_id, self.shop, kind, exported_at, rows_of, f"{self.shop}-{kind}-{load_id}.csv")

    # -- orders

    def _add_order(self, order_id: str) -> None:
        rng = self.rng
        paid_at = self._maybe(0.93, self._moment(0, DAYS - 3))
        has_shipment = self.as_exports or rng.random() < 0.9
        shared = {
            "order_id": order_id,
            "paid_at": paid_at,
            "created_at": (paid_at or self._moment()) - timedelta(minutes=5),
            "tells_shipment": has_shipment,
            "channel": rng.choice(CHANNELS),
            "sales_mode": rng.choice(("自营", "分销", None)),
            "streamer_id": rng.choice(STREAMERS),
            "province": rng.choice(PROVINCES),
            "carrier": rng.choice(("圆通", "中通", None)),
            "is_priority_ship": None if self.as_exports else self._maybe(0.1, True),
            "urge_count": None if self.as_exports else self._maybe(0.1, rng.randint(0, 2)),
        }
        shared["row_at"] = paid_at or shared["created_at"]
        count = rng.choice((1, 1, 1, 1, 2, 3))
        state = self._order_state(paid_at, has_shipment)
        for number in range(count):
            if rng.random() < 0.2:
                state = self._order_state(paid_at, has_shipment)
            self.order_rows.append(self._order_line(number, shared, state))

    def _order_state(self, paid_at: datetime | None, has_shipment: bool) -> dict:
        rng = self.rng
        after_sales = rng.choice((None, None, None, "退款成功", "退款成功", "退款关闭", "售后处理中", "谜之状态"))
        if not has_shipment:
            refund_fen = rng.choice((None, 0, 777, 5000))
            return {"after_sales_status": self._maybe(0.3, after_sales), "refund_fen": refund_fen}
        statuses = ("待付款",) if paid_at is None else ("待发货", "已发货", "已收货", "交易成功", "交易关闭", "部分发货", None)
        status = rng.choice(statuses)
        is_out = status in ("已发货", "已收货", "交易成功") or (status in ("交易关闭", "部分发货", None) and rng.random() < 0.4)
        shipped_at = self._moment(2, DAYS - 2) if is_out and rng.random() < 0.85 else None
        return {
            "order_status": status,
            "after_sales_status": after_sales,
            "shipped_at": shipped_at,
            "is_signed": rng.choice((None, False, False, True)) if is_out else None,
        }

    def _order_line(self, number: int, shared: dict, state: dict) -> dict:
        rng = self.rng
        product_id, sku = rng.choice(PRODUCTS), rng.choice(SKUS)
        spec = "红色" if number < 2 else f"红色{number}"
        if self.as_exports:
            product_id, sku = product_id or "P1", sku or "C"
            spec = f"红色{number}"
        line_id = f"{shared['order_id']}-{number}" if self.has_line_ids else None
        same = [row for row in self.order_rows if _names(row) == (shared["order_id"], product_id, sku, spec)]
        paid_fen = rng.choice((0, 1, 99, 1000, 3333, 9990, rng.randint(1, 40000)))
        return fact_row(
            "order_lines",
            **shared,
            **state,
            line_ref=line_id or "\x1f".join((product_id, sku, spec, str(len(same) + 1))),
            line_id=line_id,
            product_id=product_id,
            product_name=f"商品{product_id}" if product_id else None,
            sku=sku,
            spec=spec,
            quantity=rng.choice((1, 1, 1, 2, 3, None)),
            unit_price_fen=rng.choice((None, 999, 1000, 4999, 5000, 60000)),
            paid_fen=paid_fen,
            subsidy_fen=rng.choice((None, 0, 0, 100, 333)),
            shop_discount_fen=rng.choice((None, 0, 0, 500)),
            commission_fen=rng.choice((None, 0, 120, 999)),
        )

    def _earlier_orders(self) -> list[dict]:
        """Repeat some orders as an export of the payment day would have shown them: paid, nothing else."""
        sold = [row for row in self.order_rows if row["order_status"] in ("已发货", "已收货", "交易成功")]
        earlier = [row for row in sold if self.rng.random() < 0.4]
        unshipped = {"order_status": "待发货", "shipped_at": None, "is_signed": None, "after_sales_status": None}
        return [self._version("order_lines", row, unshipped) for row in earlier]

    def _version(self, table: str, row: dict, changes: dict) -> dict:
        kept = {name: value for name, value in row.items() if name not in ("content_hash", "platform")}
        return fact_row(table, **{**kept, **changes})

    # -- cases

    def _add_case(self, number: int) -> None:
        rng = self.rng
        is_absent = rng.random() < 0.15
        order_id = rng.choice(self.absent_ids) if is_absent else rng.choice(self.order_ids)
        if is_absent and not self.as_exports and rng.random() < 0.1:
            order_id = ""
        lines = [row for row in self.order_rows if row["order_id"] == order_id]
        applied_at = self._moment(1, DAYS)
        status, finished_at = self._case_end(applied_at)
        case_id = f"{'88' if self.as_exports else ''}{rng.randint(1, 99)}{number:03d}"
        self.case_rows.append(
            fact_row(
                "cases",
                case_id=case_id,
                order_id=order_id,
                **self._line_named(lines),
                **self._order_in_case(order_id, lines),
                kind_word=rng.choice(KIND_WORDS),
                status_word=status,
                reason=rng.choice(REASONS),
                refund_fen=self._refund_fen(lines),
                applied_at=applied_at,
                finished_at=finished_at,
                row_at=finished_at or applied_at,
                return_no=rng.choice(("", "", "", "", *RETURN_NOS)) if self.has_return_column else None,
            )
        )

    def _case_end(self, applied_at: datetime) -> tuple[str | None, datetime | None]:
        rng = self.rng
        finished_at = applied_at + timedelta(days=rng.choice((0, 0, 1, 3)), hours=rng.choice((0, 1)))
        draw = rng.random()
        if draw < 0.65:
            return rng.choice(SUCCESS_WORDS), self._maybe(0.9, finished_at)
        if draw < 0.8:
            return rng.choice(FAILURE_WORDS), self._maybe(0.9, finished_at)
        return rng.choice(OTHER_WORDS), self._maybe(0.3, finished_at)

    def _line_named(self, lines: list[dict]) -> dict:
        """Name a line by id, by product and SKU, by product alone, wrongly, or not at all."""
        rng = self.rng
        line = rng.choice(lines) if lines else None
        draw = rng.random()
        product_id, sku = (line["product_id"], line["sku"]) if line else (rng.choice(PRODUCTS), rng.choice(SKUS))
        named = {"product_id": product_id, "product_name": "商品", "sku": sku, "spec": "红色"}
        if draw < 0.15:
            named.update(product_id="", sku="", product_name=None, spec=None)
        elif draw < 0.25:
            named["sku"] = "Z"
        elif draw < 0.3:
            named["product_id"] = "P9"
        if line and self.has_line_ids and rng.random() < 0.6:
            named["line_id"] = line["line_id"] if rng.random() < 0.9 else "no-such-line"
        return named

    def _order_in_case(self, order_id: str, lines: list[dict]) -> dict:
        """Tell of the order what an after-sales row tells; the rows of one order that is not loaded tell the same."""
        rng = random.Random(f"{self.shop}{order_id}")
        paid_fen = sum(row["paid_fen"] for row in lines) if lines else rng.choice((0, 100, 5000, 12345, None))
        has_status = self.as_exports or rng.random() < 0.7
        status = rng.choice(("待发货", "已发货", "已收货", "交易成功", "交易关闭")) if has_status else None
        tracking_no = rng.choice(("", "SF100", "SF101"))
        return {
            "order_created_at": None if rng.random() < 0.1 else datetime(2026, 3, rng.randint(1, 10), 12, 0, 1),
            "order_status": status,
            "order_paid_fen": paid_fen,
            "out_tracking_no": tracking_no if self.has_tracking_column else None,
        }

    def _refund_fen(self, lines: list[dict]) -> int | None:
        rng = self.rng
        worth_fen = sum(row["paid_fen"] + (row["subsidy_fen"] or 0) for row in lines) or 5000
        parts = (worth_fen, worth_fen, worth_fen // 2, worth_fen // 3, worth_fen // 7, worth_fen - 1, worth_fen + 500, 0, 1)
        return self._maybe(0.94, rng.choice(parts))

    def _earlier_cases(self) -> list[dict]:
        """Repeat some finished cases as they stood while they were open."""
        ended = [row for row in self.case_rows if row["finished_at"] is not None and self.rng.random() < 0.4]
        still_open = {"status_word": "售后处理中", "finished_at": None}
        return [self._version("cases", row, {**still_open, "row_at": row["applied_at"]}) for row in ended]

    # -- money

    def _some_order_id(self) -> str:
        return self.rng.choice((*self.order_ids, *self.absent_ids[:1]))

    def _note_payments(self) -> list[dict]:
        rng = self.rng
        count = rng.randint(0, 6)
        return [
            fact_row(
                "note_payments",
                order_id=rng.choice(self.order_ids),
                paid_at=self._moment(),
                amount_fen=rng.choice((300, 500, 1250)),
                is_postage=rng.random() < 0.5,
            )
            for _ in range(count)
        ]

    def _fund_flows(self) -> list[dict]:
        rng = self.rng
        business_nos = [*self.order_ids, *self.absent_ids, *(row["case_id"] for row in self.case_rows), "77777"]
        rows = []
        for number in range(rng.randint(0, 2 * len(self.order_ids))):
            cost_fen = rng.choice((1, 50, 300, 777, 2500)) * rng.choice((1, 1, 1, -1))
            word = rng.choice(FLOW_WORDS)
            if word == "平台赔付商家" and rng.random() < 0.8:
                cost_fen = -abs(cost_fen)
            rows.append(
                fact_row(
                    "fund_flows",
                    flow_id=f"F{number}",
                    business_no=rng.choice(business_nos[:6] if rng.random() < 0.4 else business_nos),
                    booked_at=self._moment(),
                    flow_type=rng.choice(("资金冻结", *["交易"] * 8)),
                    remark_word=word,
                    cost_fen=cost_fen,
                )
            )
        return [*rows, *self._booked_notes()]

    def _booked_notes(self) -> list[dict]:
        """Book a payment some seconds after a moment at which a note may have it too, and one long after."""
        rng = self.rng
        rows = []
        for number, lag in enumerate((0, 8, 600, 601)):
            rows.append(
                fact_row(
                    "fund_flows",
                    flow_id=f"N{number}",
                    business_no=rng.choice(self.order_ids),
                    booked_at=self._moment() + timedelta(seconds=lag),
                    flow_type="交易",
                    remark_word="小额打款",
                    cost_fen=rng.choice((300, 500, 1250)),
                )
            )
        return rows

    def _insurance(self) -> list[dict]:
        rng = self.rng
        return [
            fact_row(
                "freight_insurance",
                charge_id=f"I{number}",
                order_id=self._some_order_id(),
                effective_at=self._moment(),
                merchant_fee_fen=rng.choice((0, 114, 150)),
            )
            for number in range(rng.randint(0, len(self.order_ids) // 2))
        ]

    def _settlements(self) -> list[dict]:
        rng = self.rng
        return [
            fact_row(
                "settlements",
                settlement_ref=f"S{number}",
                order_id=self._some_order_id(),
                product_id=rng.choice(PRODUCTS),
                settled_at=self._moment(),
                technical_fee_fen=rng.choice((None, 0, 50, 333)) if not self.as_exports else rng.choice((0, 50, 333)),
                commission_fen=rng.choice((0, 200, 555)),
                other_fee_fen=rng.choice((0, 0, 70)),
                settled_fen=number,
            )
            for number in range(rng.randint(0, len(self.order_ids) // 2))
        ]

    def _ad_spend(self) -> list[dict]:
        rng = self.rng
        if rng.random() < 0.3:
            return []
        rows = []
        keys = set()
        for _ in range(rng.randint(1, 12)):
            day = FIRST_DAY + timedelta(days=rng.randint(1, DAYS - 5))
            key = (
                day,
                rng.choice(("", "直播间", "短视频")),
                rng.choice(("", "", "71", "73")),
                rng.choice(("traffic", "slot_fee", "samples")),
            )
            if key in keys:
                continue
            keys.add(key)
            amount_fen = rng.choice((0, 1, 7, 1000, 9999, 30001))
            if not self.as_exports and rng.random() < 0.05:
                amount_fen = -amount_fen
            names = ("spent_on", "channel", "streamer_id", "spend_type")
            rows.append(fact_row("ad_spend", **dict(zip(names, key, strict=True)), amount_fen=amount_fen))
        return rows

    def _product_costs(self) -> list[dict]:
        rng = self.rng
        keys = {(rng.choice(PRODUCTS[:3]), rng.choice(SKUS), self._effective_from()) for _ in range(rng.randint(0, 8))}
        return [
            fact_row(
                "product_costs",
                product_id=product_id,
                sku=sku,
                effective_from=day,
                unit_cost_fen=rng.choice((0, 333, 1250, 4001)),
            )
            for product_id, sku, day in sorted(keys)
        ]

    def _effective_from(self) -> date:
        return self.rng.choice((ALWAYS, ALWAYS, FIRST_DAY + timedelta(days=self.rng.randint(0, DAYS))))

    def _cost_settings(self) -> list[dict]:
        rng = self.rng
        keys = {}
        for _ in range(rng.choice((0, 3, 12, 40))):
            name, unit, _ = rng.choice(STARTERS)
            keys[name, self._scope(name), self._effective_from()] = unit
        return [self._setting(name, scope, day, unit) for (name, scope, day), unit in sorted(keys.items())]

    def _setting(self, name: str, scope: str, day: date, unit: str) -> dict:
        rng = self.rng
        is_off = rng.random() < 0.15
        value = {
            "fen": rng.choice((0, 100, 333, 999, 4500)),
            "ppm": rng.choice((0, 30_000, 123_400, 333_300, 500_000, 1_000_000)),
            "centiminutes": rng.choice((0, 50, 700, 1234)),
        }[unit]
        state = "off" if is_off else "set"
        return fact_row("cost_settings", name=name, scope=scope, effective_from=day, value=None if is_off else value, state=state)

    def _scope(self, name: str) -> str:
        rng = self.rng
        scopes = ["", "", f"product:{rng.choice(PRODUCTS[:3])}", f"province:{rng.choice(PROVINCES[:3])}"]
        if name in BY_REASON:
            scopes.append(f"reason:{rng.choice(REASONS[:3])}")
        return rng.choice(scopes)

    def _tags(self) -> list[dict]:
        rng = self.rng
        return [
            fact_row(
                "tag_sightings",
                order_id=self._some_order_id(),
                tool=rng.choice(TOOLS),
                tagged_at=self._maybe(0.5, self._moment()),
                use_count=self._maybe(0.5, rng.randint(1, 3)),
            )
            for _ in range(rng.randint(0, len(self.order_ids)))
        ]


def _names(row: dict) -> tuple:
    return (row["order_id"], row["product_id"], row["sku"], row["spec"])
