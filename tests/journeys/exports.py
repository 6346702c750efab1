"""Small Kuaishou exports for tests: name the cells that matter, the rest is filled as the platform would."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

HEADERS = json.loads((Path(__file__).parents[1] / "intake" / "headers.json").read_text(encoding="utf-8"))
ORDER_HEADERS = HEADERS["orders_64"]
CASE_HEADERS = HEADERS["cases_41"]
FLOW_HEADERS = HEADERS["fund_flow"]

BUYER = {"收货人姓名": "欧阳试样", "收货人电话": "13900000007", "收货地址": "试样路 7 号 3 单元", "买家留言": "请打 13900000008"}
ORDER = {
    "订单创建时间": "2026-10-01 10:00:00",
    "订单支付时间": "2026-10-01 10:00:05",
    "订单状态": "交易成功",
    "实付款": "¥100.00",
    "平台补贴": "0.00",
    "店铺优惠": "0.00",
    "成交数量": "1",
    "订单载体": "直播间",
    "商品名称": "试样连衣裙",
    "商品ID": "P1",
    "商品规格": "红色,M",
    "SKU编码": "S1",
    "商品单价": "¥100.00",
    "渠道": "分销",
    "CPS达人ID": "T1",
    "CPS达人昵称": "试样主播",
    "收货地址-省": "浙江省",
    "收货地址-市": "杭州市",
    "发货时间": "2026-10-02 09:00:00",
    "快递公司": "试样快递",
    "快递单号": "YT0001",
    "物流信息": "已签收",
    **BUYER,
}
CASE = {
    "订单状态": "交易关闭",
    "订单创建时间": "2026-10-01 10:00:00",
    "实付款": "¥100.00",
    "商品ID": "P1",
    "SKU编码": "S1",
    "买家ID": "B-77",
    "买家昵称": "试样昵称",
    "售后类型": "退货退款",
    "退款金额": "¥100.00",
    "售后状态": "售后成功",
    "售后原因": "尺码不合适",
    "售后申请时间": "2026-10-05 09:00:00",
    "售后完结时间": "2026-10-08 09:00:00",
    "退货物流单号": "R0001",
    "商家退货联系人电话": "13900000009",
}


def order(order_id: str, **cells: str) -> dict[str, str]:
    """One row of the order export; `商品ID="P2"` and so on override the ordinary cells."""
    return {**ORDER, "订单号": order_id, **cells}


def case(case_id: str, order_id: str, **cells: str) -> dict[str, str]:
    """One row of the after-sales export."""
    return {**CASE, "售后单号": case_id, "订单编号": order_id, **cells}


def flow(flow_id: str, business_no: str, remark: str, yuan: str, direction: str = "支") -> dict[str, str]:
    """One row of the fund flow."""
    return {
        "账务流水号": flow_id,
        "关联业务单号": business_no,
        "入账时间": "2026-10-09 12:00:00",
        "账务方向": direction,
        "发生额（元）": yuan,
        "业务类型": "其他",
        "备注": remark,
    }


def write(path: Path, headers: Sequence[str], rows: Sequence[Mapping[str, str]], encoding: str = "utf-8-sig") -> Path:
    """Write rows as a CSV file, blank where a row does not name the cell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        writer.writerows([row.get(header, "") for header in headers] for row in rows)
    return path


def write_orders(path: Path, *rows: Mapping[str, str], encoding: str = "utf-8-sig") -> Path:
    """Write an order export of 64 columns."""
    return write(path, ORDER_HEADERS, rows, encoding)


def write_cases(path: Path, *rows: Mapping[str, str], encoding: str = "utf-8-sig") -> Path:
    """Write an after-sales export of 41 columns."""
    return write(path, CASE_HEADERS, rows, encoding)


def write_flows(path: Path, *rows: Mapping[str, str]) -> Path:
    """Write a fund flow."""
    return write(path, FLOW_HEADERS, rows)
