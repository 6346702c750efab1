"""A slow reader of its own for Kuaishou's exports and our templates: bytes of a file to typed rows, by formats.md."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook

from .facts import Load
from .prices import ALWAYS
from .words import PLAIN_PER_UNIT, UNIT_OF

# The columns that tell what a file is; the first kind that finds all of its own is it.
_SIGNS = (
    ("cases", ("售后单号", "订单编号")),
    ("fund_flow", ("账务流水号", "关联业务单号")),
    ("freight_insurance", ("收费编号", "订单编号")),
    ("settlement", ("订单号", "实际结算时间")),
    ("tagged_orders", ("订单号", "工具")),
    ("orders", ("订单号", "实付款")),
    ("ad_spend", ("日期", "花费(元)")),
    ("product_costs", ("商品id", "成本(元)")),
    ("cost_settings", ("项目", "值")),
)
_LISTS = (("优先发货", "priority_ship"), ("催发货", "urge_ship"), ("修改地址", "address_change"), ("改地址", "address_change"))
_TOOLS = {
    "优先发货": "priority_ship",
    "催发货": "urge_ship",
    "修改地址": "address_change",
    "优惠券": "coupon",
    "小额打款": "small_payment",
}
_SPEND_TYPES = {"": "traffic", "坑位费": "slot_fee", "样品": "samples"}
_REMARKS = (
    (r"商责退运费", "商责退运费"),
    (r"晚发立赔", "晚发立赔"),
    (r"晚揽立赔", "晚揽立赔"),
    (r"发货异常用户体验赔付", "发货异常用户体验赔付"),
    (r"违约金", "违约金"),
    (r"平台赔付商家", "平台赔付商家"),
    (r"小额打款", "小额打款"),
    (r"分账追回.*服务费", "分账追回…服务费"),
    (r"分账追回.*推广者", "分账追回…推广者"),
)
_NOTED_PAYMENT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s*小额打款金额\s*[¥￥]?\s*([\d.,]+)")
_NOTHING = ("", "-", "--", "—", "/")
_LONG_PROVINCES = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
    "西藏自治区": "西藏",
}


def read_file(name: str, data: bytes, *, shop: str, load_id: int, exported_at: datetime | None = None) -> Load:
    """Read one file into a load; rows of every sheet, each with its own header row."""
    kind, tables, modified_at = None, {}, None
    if data.startswith(b"PK"):
        book = load_workbook(io.BytesIO(data), data_only=True)
        sheets = [(sheet.title, [list(map(_cell_text, row)) for row in sheet.iter_rows(values_only=True)]) for sheet in book]
        modified_at = book.properties.modified
    else:
        sheets = [(None, _csv_rows(data))]
    counts = Counter()
    exported_at = exported_at or _time_in_name(name)
    for title, rows in sheets:
        found = _find_header(rows)
        if found is None:
            continue
        kind, top, headers = found
        sheet = _Sheet(kind, name, title, headers, exported_at, counts)
        for number, cells in enumerate(rows[top + 1 :], start=top + 2):
            if any(cell.strip() for cell in cells):
                sheet.read(number, cells, tables)
    is_template = kind in ("ad_spend", "product_costs", "cost_settings", "tagged_orders")
    known_at = exported_at or (modified_at if is_template else None)
    return Load(load_id, shop, kind, known_at, tables, name)


def read_folder(folder: Path, *, shop: str) -> list[Load]:
    """Read all CSV and xlsx files of a folder, by name."""
    paths = sorted(path for path in Path(folder).iterdir() if path.suffix in (".csv", ".txt", ".tsv", ".xlsx"))
    return [read_file(path.name, path.read_bytes(), shop=shop, load_id=number) for number, path in enumerate(paths, start=1)]


def _csv_rows(data: bytes) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    delimiter = max(",\t;", key=text[:2000].count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _find_header(rows: list[list[str]]) -> tuple[str, int, list[str]] | None:
    for place, cells in enumerate(rows[:20]):
        headers = [plain_header(cell) for cell in cells]
        for kind, signs in _SIGNS:
            if all(sign in headers for sign in signs):
                return kind, place, headers
    return None


def plain_header(text: str) -> str:
    """Write a header in its plain form: NFKC, no blanks, no zero-width characters, 帐 as 账, lower case."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub("[\\s\u200b-\u200f\u2060\ufeff]", "", text)
    return text.replace("帐", "账").casefold()


class _Sheet:
    """One sheet with its header: reads row after row into the tables of its kind."""

    def __init__(self, kind, file_name, title, headers, exported_at, counts) -> None:
        self.kind, self.title, self.headers, self.exported_at = kind, title, headers, exported_at
        self.counts = counts
        self.list_tool = next((tool for word, tool in _LISTS if word in file_name), None)

    def read(self, number: int, cells: list[str], tables: dict[str, list[dict]]) -> None:
        """Read one row; the reader of the kind gives the rows of one or more tables."""
        row = _Cells(dict(zip(self.headers, cells, strict=False)), set(self.headers))
        for table, values in _READERS[self.kind](self, row):
            values |= {"source_sheet": self.title, "source_row": number}
            if table not in ("tag_sightings", "note_payments"):
                values |= {"platform": "kuaishou", "content_hash": _content_hash(values), "exported_at": self.exported_at}
            tables.setdefault(table, []).append(values)


def _content_hash(values: dict) -> int:
    content = sorted((name, str(value)) for name, value in values.items() if not name.startswith("source_"))
    return int(hashlib.md5(repr(content).encode()).hexdigest()[16:], 16)


class _Cells:
    """The cells of one row by plain header, read as text, id, money, count, time or date."""

    def __init__(self, cells: dict[str, str], headers: set[str]) -> None:
        self._cells, self._headers = cells, headers

    def has(self, *names: str) -> bool:
        """Say whether the file has one of these columns."""
        return any(plain_header(name) in self._headers for name in names)

    def raw(self, *names: str) -> str:
        """Give the cell of the first of these columns that the file has; blank without one."""
        for name in names:
            if plain_header(name) in self._headers:
                return self._cells.get(plain_header(name), "").strip()
        return ""

    def text(self, *names: str) -> str | None:
        """Read text; null where there is nothing."""
        value = self.raw(*names)
        return None if value in _NOTHING else value

    def id(self, *names: str) -> str:
        """Read an id without what spreadsheets add to it; '' where there is none."""
        value = self.raw(*names)
        formula = re.fullmatch(r'="(.*)"', value)
        value = (formula.group(1) if formula else value).lstrip("'").strip()
        value = re.sub(r"^(\d+)\.0+$", r"\1", value)
        return "" if value in (*_NOTHING, "0") else value

    def fen(self, *names: str) -> int | None:
        """Read money as fen; null where there is nothing."""
        value = re.sub(r"[¥￥,，元\s]", "", self.raw(*names))
        if value in _NOTHING:
            return None
        if value.startswith("(") and value.endswith(")"):
            value = f"-{value[1:-1]}"
        fen = Decimal(value) * 100
        if fen != int(fen):
            raise ValueError(f"{names[0]}: {value!r} has more than two decimals")
        return int(fen)

    def count(self, *names: str) -> int | None:
        """Read a whole number."""
        value = self.text(*names)
        return None if value is None else int(Decimal(value))

    def time(self, *names: str) -> datetime | None:
        """Read a moment, written with -, /, . or 年月日, with or without a time of day."""
        value = self.text(*names)
        return None if value is None else read_time(value)

    def day(self, *names: str) -> date | None:
        """Read a date."""
        time = self.time(*names)
        return None if time is None else time.date()


def read_time(text: str) -> datetime:
    """Read the numbers of a written moment in their order: year, month, day, hour, minute, second."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    return datetime(*numbers[:6])


def _time_in_name(name: str) -> datetime | None:
    found = re.search(r"(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)[-_. T]?(\d\d)[-_.:]?(\d\d)(?:[-_.:]?(\d\d))?", name)
    return None if found is None else datetime(*(int(number or 0) for number in found.groups()))


def _cell_text(cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    return str(cell)


def _newest(*times: datetime | None) -> datetime | None:
    return max((time for time in times if time is not None), default=None)


# -- one reader a kind -----------------------------------------------------------------------------------------------------------


def _read_order(sheet: _Sheet, row: _Cells) -> list[tuple[str, dict]]:
    order_id, product_id, sku, spec = row.id("订单号"), row.id("商品ID"), row.id("SKU编码"), row.text("商品规格") or ""
    sheet.counts[order_id, product_id, sku, spec] += 1
    nth = sheet.counts[order_id, product_id, sku, spec]
    values = {
        "order_id": order_id,
        "line_ref": "\x1f".join((product_id, sku, spec, str(nth))),
        "line_id": None,
        "product_id": product_id,
        "product_name": row.text("商品名称"),
        "sku": sku,
        "spec": spec or None,
        "quantity": row.count("成交数量"),
        **_order_times(row),
        **_order_money(row),
        "order_status": row.text("订单状态"),
        "after_sales_status": row.text("售后状态", "退货退款"),
        "tells_shipment": row.has("发货时间", "订单状态"),
        "is_signed": _is_signed(row.raw("物流信息")),
        "channel": row.text("订单载体"),
        "sales_mode": row.text("渠道"),
        "streamer_id": row.id("CPS达人ID") or None,
        "province": short_province(row.text("收货地址-省")),
        "carrier": row.text("快递公司"),
    }
    tags = _list_tags(sheet, order_id)
    return [("order_lines", values), *tags, *(("note_payments", payment) for payment in _noted(order_id, row.raw("订单备注")))]


def _order_times(row: _Cells) -> dict:
    times = {"created_at": row.time("订单创建时间"), "paid_at": row.time("订单支付时间"), "shipped_at": row.time("发货时间")}
    return {**times, "row_at": _newest(*times.values()), "completed_at": None, "ship_by": row.time("预售/承诺发货时间")}


def _order_money(row: _Cells) -> dict:
    return {
        "unit_price_fen": row.fen("商品单价"),
        "paid_fen": row.fen("实付款"),
        "subsidy_fen": row.fen("平台补贴"),
        "postage_fen": row.fen("快递费"),
        "shop_discount_fen": row.fen("店铺优惠"),
        "commission_fen": row.fen("预估推广佣金"),
        "refund_fen": None,
    }


def _is_signed(text: str) -> bool:
    is_of_return = "退" in text or "拒" in text
    return "签收" in text and "未签收" not in text and "待签收" not in text and not is_of_return


def short_province(text: str | None) -> str | None:
    """Write a province by its short name."""
    if text is None or text in _LONG_PROVINCES:
        return _LONG_PROVINCES.get(text)
    return re.sub("(省|市|自治区|特别行政区)$", "", text)


def _list_tags(sheet: _Sheet, order_id: str) -> list[tuple[str, dict]]:
    if sheet.list_tool is None:
        return []
    tag = {"order_id": order_id, "tool": sheet.list_tool, "tagged_at": None, "seen_at": sheet.exported_at}
    return [("tag_sightings", {**tag, "use_count": None, "outcome": None, "amount_fen": None})]


def _noted(order_id: str, note: str) -> list[dict]:
    """Find the system's own payments in a note; the text of one reaches to the next."""
    found = list(_NOTED_PAYMENT.finditer(note))
    payments = []
    for place, match in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(note)
        text = note[match.start() : end]
        payments.append(
            {
                "order_id": order_id,
                "paid_at": read_time(match.group(1)),
                "amount_fen": int(Decimal(match.group(2).replace(",", "")) * 100),
                "is_postage": "运费" in text or "邮费" in text,
            }
        )
    return payments


def _read_case(sheet: _Sheet, row: _Cells) -> list[tuple[str, dict]]:
    applied_at, finished_at = row.time("售后申请时间", "申请时间"), row.time("售后完结时间")
    tracking = "发货快递单号(如为西北订单，仅展示一段物流信息)"
    values = {
        "case_id": row.id("售后单号"),
        "order_id": row.id("订单编号"),
        "line_id": None,
        "product_id": row.id("商品ID"),
        "product_name": row.text("商品名称"),
        "sku": row.id("SKU编码"),
        "spec": row.text("商品规格"),
        "order_created_at": row.time("订单创建时间"),
        "order_status": row.text("订单状态"),
        "order_paid_fen": row.fen("实付款"),
        "kind_word": row.text("售后类型"),
        "status_word": row.text("售后状态"),
        "reason": row.text("售后原因"),
        "refund_fen": row.fen("退款金额"),
        "applied_at": applied_at,
        "finished_at": finished_at,
        "row_at": _newest(row.time("订单创建时间"), applied_at, finished_at),
        "out_tracking_no": row.id(tracking) if row.has(tracking) else None,
        "return_no": row.id("退货物流单号") if row.has("退货物流单号") else None,
    }
    return [("cases", values)]


def _read_flow(sheet: _Sheet, row: _Cells) -> list[tuple[str, dict]]:
    remark = "".join(re.findall("[\u4e00-\u9fff]", row.raw("描述") + row.raw("备注")))
    sign = -1 if row.raw("账务方向", "财务方式") == "收" else 1
    values = {
        "flow_id": row.id("账务流水号"),
        "business_no": row.id("关联业务单号"),
        "booked_at": row.time("入账时间"),
        "row_at": row.time("入账时间"),
        "flow_type": row.text("业务类型"),
        "remark_word": next((word for pattern, word in _REMARKS if re.search(pattern, remark)), None),
        "cost_fen": sign * abs(row.fen("发生额（元）")),
    }
    return [("fund_flows", values)]


def _read_insurance(sheet: _Sheet, row: _Cells) -> list[tuple[str, dict]]:
    values = {
        "charge_id": row.id("收费编号"),
        "order_id": row.id("订单编号"),
        "effective_at": row.time("生效时间"),
        "row_at": row.time("生效时间"),
        "merchant_fee_fen": row.fen("商家承担服务费用（元）") or 0,
    }
    return [("freight_insurance", values)]


def _read_settlement(sheet: _Sheet, row: _Cells) -> list[tuple[str, dict]]:
    names = ("订单号", "商品ID", "实际结算时间", "实际结算金额(元)", "合计收入(元)", "合计支出(元)")
    commissions = ("达人佣金(元)", "团长佣金(元)", "快赚客佣金(元)", "服务商佣金(元)")
    values = {
        "settlement_ref": "|".join(row.raw(name) for name in names),
        "order_id": row.id("订单号"),
        "product_id": row.id("商品ID"),
        "settled_at": row.time("实际结算时间"),
        "row_at": row.time("实际结算时间"),
        "technical_fee_fen": sum(row.fen(name) or 0 for name in ("技术服务费(元)", "预售增收技术服务费（元）")),
        "commission_fen": sum(row.fen(name) or 0 for name in commissions),
        "other_fee_fen": row.fen("其他收费") or 0,
        "settled_fen": row.fen("实际结算金额(元)"),
    }
    return [("settlements", values)]


def _read_spend(sheet: _Sheet, row: _Cells) -> list[tuple[str, dict]]:
    word = row.raw("费用类型")
    values = {
        "spent_on": row.day("日期"),
        "channel": row.text("渠道") or "",
        "streamer_id": row.id("达人ID"),
        "spend_type": _SPEND_TYPES.get(word, word),
        "amount_fen": row.fen("花费(元)") or 0,
    }
    return [("ad_spend", values)]


def _read_product_cost(sheet: _Sheet, row: _Cells) -> list[tuple[str, dict]]:
    values = {
        "product_id": row.id("商品ID"),
        "sku": row.id("SKU编码"),
        "effective_from": row.day("生效日期") or ALWAYS,
        "unit_cost_fen": row.fen("成本(元)"),
    }
    return [("product_costs", values)]


def _read_setting(sheet: _Sheet, row: _Cells) -> list[tuple[str, dict]]:
    name = row.raw("项目")
    is_off = row.raw("值").casefold() == "off"
    values = {
        "name": name,
        "scope": row.raw("适用范围"),
        "effective_from": row.day("生效日期") or ALWAYS,
        "value": None if is_off else read_setting(name, row.raw("值")),
        "state": "off" if is_off else "set",
    }
    return [("cost_settings", values)]


def read_setting(name: str, text: str) -> int:
    """Read yuan as fen, percent as millionths, minutes as hundredths."""
    number = Decimal(re.sub(r"[¥￥,元%\s]", "", text))
    per_unit = {"fen": 100, "ppm": PLAIN_PER_UNIT["ppm"] // 100, "centiminutes": 100}[UNIT_OF[name]]
    return int(number * per_unit)


def _read_tag(sheet: _Sheet, row: _Cells) -> list[tuple[str, dict]]:
    word = row.raw("工具")
    values = {
        "order_id": row.id("订单号"),
        "tool": _TOOLS.get(word, word),
        "tagged_at": row.time("时间"),
        "seen_at": sheet.exported_at,
        "use_count": row.count("次数"),
        "outcome": row.text("结果"),
        "amount_fen": row.fen("金额(元)"),
    }
    return [("tag_sightings", values)]


_READERS = {
    "orders": _read_order,
    "cases": _read_case,
    "fund_flow": _read_flow,
    "freight_insurance": _read_insurance,
    "settlement": _read_settlement,
    "ad_spend": _read_spend,
    "product_costs": _read_product_cost,
    "cost_settings": _read_setting,
    "tagged_orders": _read_tag,
}
