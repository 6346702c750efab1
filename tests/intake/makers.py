"""Small exports of every kind and wrapping for the reader's tests, and what the reader makes of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter

from analytics.domain.loads import Problem
from analytics.intake.reading import Wish, stage

HEADERS: dict[str, list[str]] = json.loads((Path(__file__).parent / "headers.json").read_text(encoding="utf-8"))
KEY = b"a key of thirty-two bytes, yes!!"
EXPANDED_BYTES = 64 << 20

PERSON = {
    "收货人姓名": "欧阳试样",
    "收货人电话": "13900000007",
    "收货地址-街道": "试样街道",
    "收货地址": "浙江省杭州市西湖区试样路7号3单元",
    "买家留言": "请打13900000008，谢谢",
    "实名姓名": "欧阳试样",
}
ORDER = {
    "订单号": "2510900000000017",
    "订单创建时间": "2026-03-01 09:59:30",
    "订单支付时间": "2026-03-01 10:00:00",
    "订单状态": "交易成功",
    "实付款": "¥1,299.90",
    "快递费": "￥0",
    "店铺优惠": "¥10.00",
    "平台补贴": "¥1.50",
    "成交数量": "2",
    "售后状态": "",
    "预售/承诺发货时间": "2026-03-03 10:00:00",
    "订单载体": "直播间",
    "商品名称": "连衣裙 夏季新款",
    "商品ID": "22000000007919",
    "商品规格": "红色,M",
    "SKU编码": "-",
    "商品单价": "¥655.70",
    "渠道": "分销",
    "CPS达人ID": "1500000001.0",
    "CPS达人昵称": "达人小店",
    "预估推广佣金": "¥65.00",
    "收货地址-省": "内蒙古自治区",
    "收货地址-市": "包头市",
    "发货时间": "2026-03-02 08:00:00",
    "快递公司": "中通快递",
    "快递单号": "78000000000001",
    "物流信息": "已签收",
    "仓库名称": "一号仓",
    **PERSON,
}
CASE = {
    "售后单号": "9000000000001",
    "订单编号": "2510900000000017",
    "订单状态": "交易成功",
    "订单创建时间": "2026-03-01 09:59:30",
    "实付款": "¥1,299.90",
    "商品ID": "22000000007919",
    "商品名称": "连衣裙 夏季新款",
    "SKU编码": "A-1",
    "商品规格": "红色,M",
    "买家ID": "88001234",
    "买家昵称": "欧阳试样",
    "售后类型": "退货退款",
    "退款金额": "¥300.00",
    "售后状态": "售后成功",
    "售后原因": "七天无理由",
    "售后申请时间": "2026-03-05 09:00:00",
    "售后完结时间": "2026-03-06 12:00:00",
    "退货物流单号": "SF1234567890",
    "商家退货联系人电话": "13900000009",
    "操作人": "欧阳客服",
}
FLOW = {
    "账务流水号": "F001",
    "关联业务单号": "2510900000000017",
    "入账时间": "2026-03-08 01:02:03",
    "账务方向": "支",
    "发生额（元）": "8.50",
    "期末余额（元）": "1000.00",
    "业务类型": "扣款",
    "描述": "商责退运费垫资追回",
    "备注": "",
}
SETTLEMENT = {
    "订单号": "2510900000000017",
    "商品ID": "22000000007919",
    "订单实付(元)": "1299.90",
    "订单退款(元)": "300",
    "合计收入(元)": "1301.40",
    "合计支出(元)": "365.10",
    "技术服务费(元)": "50.00",
    "预售增收技术服务费（元）": "0.10",
    "达人佣金(元)": "10.00",
    "团长佣金(元)": "3.00",
    "快赚客佣金(元)": "",
    "服务商佣金(元)": "2.00",
    "其他收费": "0",
    "实际结算金额(元)": "936.30",
    "实际结算时间": "2026-03-20 02:00:00",
}
INSURANCE = {
    "订单编号": "2510900000000017",
    "服务费用（元）": "1.14",
    "商家承担服务费用（元）": "0.90",
    "平台补贴费用（元）": "0.24",
    "生效时间": "2026-03-02 08:00:00",
    "收费编号": "YF001",
}
ROW_OF = {
    "orders_64": ORDER,
    "orders_62": ORDER,
    "orders_61": ORDER,
    "cases_41": CASE,
    "fund_flow": FLOW,
    "settlement": SETTLEMENT,
    "freight_insurance": INSURANCE,
}


@dataclass(frozen=True)
class Reading:
    """What the reader staged of one file."""

    staged: Mapping[str, Any]

    @property
    def problems(self) -> list[Problem]:
        return [Problem(**problem) for problem in self.staged["problems"]]

    @property
    def surprises(self) -> list[str]:
        return self.staged["surprises"]

    def rows(self, table: str | None = None) -> list[dict[str, Any]]:
        paths = self.staged["parquet_by_table"]
        return rows_of(paths[table or next(iter(paths))])

    def row(self, table: str | None = None) -> dict[str, Any]:
        (only,) = self.rows(table)
        return only

    def rejected(self) -> list[dict[str, Any]]:
        return rows_of(self.staged["rejected"]) if self.staged["rejected"] else []


def rows_of(path: str | Path) -> list[dict[str, Any]]:
    """The rows of a Parquet file as dictionaries."""
    relation = duckdb.connect().sql("from read_parquet($path)", params={"path": str(path)})
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def read(path: Path, **wish: Any) -> Reading:
    """Read a file in this process, into a folder beside it."""
    staging = path.parent / f"staging of {path.name}"
    staging.mkdir(exist_ok=True)
    told = {"list_kind": None, "exported_at": None, "password": None, "buyer_key": KEY, "expanded_bytes": EXPANDED_BYTES, **wish}
    return Reading(stage(Wish(path=path, file_name=told.pop("file_name", path.name), staging=staging, **told)))


def cells_of(rows: Iterable[Mapping[str, Any]], header: Sequence[str]) -> list[list[Any]]:
    """Rows in the order of a header; what a row does not name is blank."""
    return [[row.get(name, "") for name in header] for row in rows]


def text_of(lines: Iterable[Sequence[Any]], delimiter: str = ",") -> str:
    """Lines of cells as delimited text."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(lines)
    return out.getvalue()


def write_text(path: Path, lines: Iterable[Sequence[Any]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """Write lines of cells as a delimited file."""
    path.write_bytes(text_of(lines, delimiter).encode(encoding))
    return path


def write_export(path: Path, name: str, rows: Iterable[Mapping[str, Any]] = (), **options: Any) -> Path:
    """Write an export by the name of its header list; every row is the ordinary one with some cells changed."""
    header = HEADERS[name]
    return write_text(path, [header, *cells_of(({**ROW_OF[name], **row} for row in rows), header)], **options)


def write_workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], modified: datetime | None = None) -> Path:
    """Write sheets of cells as a workbook; every cell keeps its type."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
        if modified:
            book.set_properties({"created": modified})
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(lines):
                for column, cell in enumerate(cells):
                    (sheet.write_string if isinstance(cell, str) else sheet.write)(row, column, cell)
    return path
