"""A random shop written as the files that a merchant would export: Kuaishou's own and the four templates."""

from __future__ import annotations

import csv
import io
import random

from .facts import Load
from .random_shops import RandomShop
from .words import UNIT_OF


def _headers(text: str) -> list[str]:
    return text.split()


ORDER_64 = _headers(
    "订单号 赠品订单号 活动订单编号 订单创建时间 订单支付时间 预售定金支付时间 订单状态 实付款 快递费 店铺优惠 平台补贴 "
    "主播补贴 混资活动优惠 支付优惠 支付方式 成交数量 买家留言 账号类型 账号明细 订单备注 旗帜颜色 售后状态 活动订单 "
    "预售/承诺发货时间 订单载体 国补类型 商品名称 商品ID 商品规格 SKU编码 商品单价 渠道 CPS达人ID CPS达人昵称 "
    "预估推广佣金 预估推广者分佣比例 团长ID 团长昵称 快赚客ID 快赚客昵称 授权推广者ID 授权推广者昵称 收货人姓名 "
    "收货人电话 收货地址-省 收货地址-市 收货地址-区 收货地址-街道 收货地址 发货时间 快递公司 快递单号 物流信息 集运类型 "
    "直邮类型 仓库名称 仓库地址 发货类型 实名姓名 服务门店ID 服务门店名称 服务门店地址 国补/类国补/消费券 订单销售主体"
)
CASE_41 = _headers(
    "售后单号 订单编号 订单状态 订单创建时间 实付款 快递费 商家实收金额 商品ID 商品名称 SKU编码 商品规格 买家ID 买家昵称 "
    "售后类型 退款金额 售后状态 售后原因 售后原因标签（二级） 申请描述 售后申请时间 售后完结时间 超时时间 是否ATOM处理 "
    "退款方式 售后操作 客服仲裁 发货快递单号(如为西北订单，仅展示一段物流信息) "
    "发货快递公司(如为西北订单，仅展示一段物流信息) 退货物流单号 退货物流公司 退货物流状态 退货异常 商家退货地址 "
    "商家退货联系人姓名 商家退货联系人电话 换货物流单号 换货物流公司 换货商品信息 操作人 旗帜颜色 插旗备注"
)
FLOW_9 = _headers("账务流水号 关联业务单号 入账时间 账务方向 发生额（元） 期末余额（元） 业务类型 描述 备注")
INSURANCE_6 = _headers("订单编号 服务费用（元） 商家承担服务费用（元） 平台补贴费用（元） 生效时间 收费编号")
SETTLEMENT_40 = _headers(
    "商家ID 订单号 商品ID 商品名称 商品数量 订单创建时间 订单实付(元) 政府补贴 支付营销补贴 平台补贴 商家补贴(元) "
    "达人补贴 达人补贴明细 合计收入(元) 订单退款(元) 支付营销回退（元） 技术服务费(元) 预售增收技术服务费（元） 达人ID "
    "MCN机构ID 达人佣金(元) 团长id 团长佣金(元) 佣金模式 快赚客ID 快赚客佣金(元) 服务商ID 服务商佣金(元) 分账基数 "
    "其他收费 其他收费明细 合计支出(元) 实际结算金额(元) 实际结算时间 结算规则 资金渠道 账户名称 结算商户号 备注 "
    "消费金信息"
)
ORDER_62 = [name for name in ORDER_64 if name not in ("国补类型", "订单销售主体")]
ORDER_61 = [name for name in ORDER_62 if name != "发货类型"]
ADS = ["日期", "渠道", "达人ID", "花费(元)", "费用类型"]
PRODUCT_COSTS = ["商品ID", "SKU编码", "成本(元)", "生效日期"]
SETTINGS = ["项目", "适用范围", "值", "生效日期"]
TAGGED = ["订单号", "工具", "时间", "次数", "结果", "金额(元)"]

_SIGNED = ("已签收", "快件已签收，感谢使用")
_NOT_SIGNED = ("", "运输中", "待签收", "退件已签收")
_LONG = {"内蒙古": "内蒙古自治区", "新疆": "新疆维吾尔自治区", "广东": "广东省"}
_SPEND_TYPES = {"traffic": "", "slot_fee": "坑位费", "samples": "样品"}
_TOOLS = {"priority_ship": "优先发货", "urge_ship": "催发货", "address_change": "修改地址", "coupon": "优惠券"}
_REMARKS = {
    "商责退运费": "商责退运费垫资追回",
    "晚发立赔": "晚发立赔售后商责延迟发货等违约金扣款",
    "晚揽立赔": "晚揽立赔平台追回",
    "小额打款": "小额打款-1234",
    "分账追回…服务费": "分账追回超售后期平台服务费退款单号：88",
    "分账追回…推广者": "分账追回超售后期推广者三方分佣户退款单号：88",
    None: "其他款项",
}


def to_files(shop: RandomShop) -> dict[str, list[list[str]]]:
    """Write a shop made with `as_exports` as files: name → rows of text, header first."""
    rng = random.Random(shop.seed)
    files = {}
    for load in shop.loads:
        name, rows = _WRITERS[load.kind](load, rng)
        files[name] = rows
        if load.kind == "orders":
            files |= _filtered_lists(rows, rng)
    return {name: rows for name, rows in files.items() if len(rows) > 1}


def csv_bytes(rows: list[list[str]], encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    """Write rows as a CSV file, as the platform does."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def _table(headers: list[str], rows: list[dict[str, str]]) -> list[list[str]]:
    strangers = {name for row in rows for name in row} - set(headers)
    if strangers:
        raise KeyError(f"no such column: {sorted(strangers)}")
    return [headers, *([row.get(name, "") for name in headers] for row in rows)]


def _yuan(fen: int | None, rng: random.Random, is_plain: bool = False) -> str:
    """Write money in one of the ways that real files do."""
    if fen is None:
        return "" if is_plain else rng.choice(("", "-"))
    sign, size = "-" * (fen < 0), abs(fen)
    plain = f"{sign}{size // 100}.{size % 100:02d}"
    thousands = f"{sign}{size // 100:,}.{size % 100:02d}"
    return plain if is_plain else rng.choice((plain, f"¥{thousands}", f"￥{thousands}", f"{plain}元"))


def _id(text: str | None, rng: random.Random) -> str:
    """Write an id in one of the ways that real files do."""
    if not text:
        return rng.choice(("", "-", "0"))
    return rng.choice((text, f"{text}\t", f"'{text}", f'="{text}"'))


def _when(time) -> str:
    return "" if time is None else time.isoformat(" ", "seconds")


def _stamp(load: Load) -> str:
    return f"{load.exported_at:%Y%m%d%H%M%S}"


def _orders(load: Load, rng: random.Random) -> tuple[str, list[list[str]]]:
    headers = rng.choice((ORDER_64, ORDER_62, ORDER_61))
    notes = {}
    for payment in load.tables.get("note_payments", []):
        words = f"补运费{payment['amount_fen'] // 100}元已打款" if payment["is_postage"] else "超重已打款"
        segment = f"{_when(payment['paid_at'])} 小额打款金额¥ {payment['amount_fen'] / 100:g}/{words}"
        notes.setdefault(payment["order_id"], []).append(segment)
    rows = [_order(row, notes.get(row["order_id"], []), rng) for row in load.tables["order_lines"]]
    return f"订单导出_{load.load_id}_{_stamp(load)}.csv", _table(headers, rows)


def _order(row: dict, notes: list[str], rng: random.Random) -> dict[str, str]:
    return {
        "订单号": rng.choice((row["order_id"], f"{row['order_id']}\t", f'="{row["order_id"]}"')),
        "订单创建时间": _when(row["created_at"]),
        "订单支付时间": _when(row["paid_at"]),
        "订单状态": row["order_status"] or "",
        "实付款": _yuan(row["paid_fen"], rng),
        "平台补贴": _yuan(row["subsidy_fen"], rng),
        "店铺优惠": _yuan(row["shop_discount_fen"], rng),
        "预估推广佣金": _yuan(row["commission_fen"], rng),
        "商品单价": _yuan(row["unit_price_fen"], rng),
        "成交数量": "" if row["quantity"] is None else str(row["quantity"]),
        "订单备注": "/".join([*notes, *notes[:1]]),
        "售后状态": row["after_sales_status"] or "",
        "订单载体": row["channel"] or "",
        "商品名称": row["product_name"] or "",
        "商品ID": row["product_id"],
        "商品规格": row["spec"],
        "SKU编码": row["sku"],
        "渠道": row["sales_mode"] or "",
        "CPS达人ID": f"{row['streamer_id']}.0" if row["streamer_id"] else rng.choice(("", "-", "0", "0.0")),
        "收货地址-省": _LONG.get(row["province"], row["province"] or ""),
        "发货时间": _when(row["shipped_at"]),
        "快递公司": row["carrier"] or "",
        "物流信息": rng.choice(_SIGNED if row["is_signed"] else _NOT_SIGNED),
    }


def _filtered_lists(rows: list[list[str]], rng: random.Random) -> dict[str, list[list[str]]]:
    """Write some orders again as the back office's filtered lists, which mean a tool."""
    lists = {}
    for tool in ("优先发货", "催发货", "修改地址"):
        chosen = [row for row in rows[1:] if rng.random() < 0.1]
        lists[f"{tool}订单_{len(rows)}_20260321080000.csv"] = [rows[0], *chosen]
    return lists


def _cases(load: Load, rng: random.Random) -> tuple[str, list[list[str]]]:
    rows = [_case(row, rng) for row in load.tables["cases"]]
    return f"售后单导出_{load.load_id}_{_stamp(load)}.csv", _table(CASE_41, rows)


def _case(row: dict, rng: random.Random) -> dict[str, str]:
    return {
        "售后单号": f"{row['case_id']}\t",
        "订单编号": row["order_id"],
        "订单状态": row["order_status"] or "",
        "订单创建时间": _when(row["order_created_at"]),
        "实付款": _yuan(row["order_paid_fen"], rng),
        "商品ID": row["product_id"],
        "商品名称": row["product_name"] or "",
        "SKU编码": _id(row["sku"], rng),
        "商品规格": row["spec"] or "",
        "售后类型": row["kind_word"] or "",
        "退款金额": _yuan(row["refund_fen"], rng),
        "售后状态": row["status_word"] or "",
        "售后原因": row["reason"] or "",
        "售后申请时间": _when(row["applied_at"]),
        "售后完结时间": _when(row["finished_at"]),
        "发货快递单号(如为西北订单，仅展示一段物流信息)": row["out_tracking_no"] or "",
        "退货物流单号": row["return_no"] or "",
    }


def _flows(load: Load, rng: random.Random) -> tuple[str, list[list[str]]]:
    rows = [
        {
            "账务流水号": row["flow_id"],
            "关联业务单号": row["business_no"],
            "入账时间": _when(row["booked_at"]),
            "账务方向": "收" if row["cost_fen"] < 0 else "支",
            "发生额（元）": _yuan(abs(row["cost_fen"]), rng, is_plain=True),
            "业务类型": row["flow_type"],
            rng.choice(("描述", "备注")): _REMARKS.get(row["remark_word"], row["remark_word"]),
        }
        for row in load.tables["fund_flows"]
    ]
    return "动账明细.csv", _table(FLOW_9, rows)


def _insurance(load: Load, rng: random.Random) -> tuple[str, list[list[str]]]:
    rows = [
        {
            "订单编号": row["order_id"],
            "商家承担服务费用（元）": _yuan(row["merchant_fee_fen"], rng, is_plain=True),
            "生效时间": _when(row["effective_at"]),
            "收费编号": row["charge_id"],
        }
        for row in load.tables["freight_insurance"]
    ]
    return "运费险.csv", _table(INSURANCE_6, rows)


def _settlements(load: Load, rng: random.Random) -> tuple[str, list[list[str]]]:
    rows = []
    for row in load.tables["settlements"]:
        presale_fen = rng.randint(0, row["technical_fee_fen"])
        leader_fen = rng.randint(0, row["commission_fen"])
        money = {
            "技术服务费(元)": row["technical_fee_fen"] - presale_fen,
            "预售增收技术服务费（元）": presale_fen,
            "达人佣金(元)": row["commission_fen"] - leader_fen,
            rng.choice(("团长佣金(元)", "快赚客佣金(元)", "服务商佣金(元)")): leader_fen,
            "其他收费": row["other_fee_fen"],
            "实际结算金额(元)": row["settled_fen"],
        }
        ids = {"订单号": row["order_id"], "商品ID": row["product_id"], "实际结算时间": _when(row["settled_at"])}
        rows.append(ids | {name: _yuan(fen, rng, is_plain=True) for name, fen in money.items()})
    return "结算账单.csv", _table(SETTLEMENT_40, rows)


def _ads(load: Load, rng: random.Random) -> tuple[str, list[list[str]]]:
    rows = [
        {
            "日期": f"{row['spent_on']:%Y-%m-%d}",
            "渠道": row["channel"],
            "达人ID": _id(row["streamer_id"], rng),
            "花费(元)": _yuan(row["amount_fen"], rng),
            "费用类型": _SPEND_TYPES[row["spend_type"]],
        }
        for row in load.tables["ad_spend"]
    ]
    return "广告花费.csv", _table(ADS, rows)


def _product_costs(load: Load, rng: random.Random) -> tuple[str, list[list[str]]]:
    rows = [
        {
            "商品ID": row["product_id"],
            "SKU编码": _id(row["sku"], rng),
            "成本(元)": _yuan(row["unit_cost_fen"], rng),
            "生效日期": _since(row),
        }
        for row in load.tables["product_costs"]
    ]
    return "商品成本.csv", _table(PRODUCT_COSTS, rows)


def _since(row: dict) -> str:
    return "" if row["effective_from"].year == 1970 else f"{row['effective_from']:%Y-%m-%d}"


def _settings(load: Load, rng: random.Random) -> tuple[str, list[list[str]]]:
    rows = [
        {"项目": row["name"], "适用范围": row["scope"], "值": _setting(row), "生效日期": _since(row)}
        for row in load.tables["cost_settings"]
    ]
    return "成本设置.csv", _table(SETTINGS, rows)


def _setting(row: dict) -> str:
    if row["state"] == "off":
        return "off"
    if UNIT_OF[row["name"]] == "ppm":
        return f"{row['value'] / 10_000:g}%"
    return f"{row['value'] / 100:.2f}"


def _tagged(load: Load, rng: random.Random) -> tuple[str, list[list[str]]]:
    rows = [
        {
            "订单号": row["order_id"],
            "工具": _TOOLS[row["tool"]],
            "时间": _when(row["tagged_at"]),
            "次数": "" if row["use_count"] is None else str(row["use_count"]),
        }
        for row in load.tables["tag_sightings"]
    ]
    return "标记订单.csv", _table(TAGGED, rows)


_WRITERS = {
    "orders": _orders,
    "cases": _cases,
    "fund_flow": _flows,
    "freight_insurance": _insurance,
    "settlement": _settlements,
    "ad_spend": _ads,
    "product_costs": _product_costs,
    "cost_settings": _settings,
    "tagged_orders": _tagged,
}
