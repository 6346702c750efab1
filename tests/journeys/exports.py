"""Small Kuaishou exports for tests: name the cells that matter, the rest is filled as the platform would."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

ORDER_HEADERS = (
    "订单号 赠品订单号 活动订单编号 订单创建时间 订单支付时间 预售定金支付时间 订单状态 实付款 快递费 店铺优惠 平台补贴 主播补贴 混资活动优惠 "
    "支付优惠 支付方式 成交数量 买家留言 账号类型 账号明细 订单备注 旗帜颜色 售后状态 活动订单 预售/承诺发货时间 订单载体 国补类型 商品名称 商品ID "
    "商品规格 SKU编码 商品单价 渠道 CPS达人ID CPS达人昵称 预估推广佣金 预估推广者分佣比例 团长ID 团长昵称 快赚客ID 快赚客昵称 授权推广者ID "
    "授权推广者昵称 收货人姓名 收货人电话 收货地址-省 收货地址-市 收货地址-区 收货地址-街道 收货地址 发货时间 快递公司 快递单号 物流信息 集运类型 "
    "直邮类型 仓库名称 仓库地址 发货类型 实名姓名 服务门店ID 服务门店名称 服务门店地址 国补/类国补/消费券 订单销售主体"
).split()
CASE_HEADERS = (
    "售后单号 订单编号 订单状态 订单创建时间 实付款 快递费 商家实收金额 商品ID 商品名称 SKU编码 商品规格 买家ID 买家昵称 售后类型 退款金额 售后状态 "
    "售后原因 售后原因标签（二级） 申请描述 售后申请时间 售后完结时间 超时时间 是否ATOM处理 退款方式 售后操作 客服仲裁 "
    "发货快递单号(如为西北订单，仅展示一段物流信息) 发货快递公司(如为西北订单，仅展示一段物流信息) 退货物流单号 退货物流公司 退货物流状态 退货异常 "
    "商家退货地址 商家退货联系人姓名 商家退货联系人电话 换货物流单号 换货物流公司 换货商品信息 操作人 旗帜颜色 插旗备注"
).split()
FLOW_HEADERS = "账务流水号 关联业务单号 入账时间 账务方向 发生额（元） 期末余额（元） 业务类型 描述 备注".split()

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
