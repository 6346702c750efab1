"""The ledger's own words: stages, kinds, components, provenance, tools, dimensions, provinces, with titles in two languages."""

from __future__ import annotations

import re
import unicodedata

STAGES = {
    "before_shipment": ("发货前退款", "before shipment"),
    "intercepted": ("拦截退回", "intercepted"),
    "returned": ("退货退款", "returned"),
    "kept": ("签收仅退款", "kept by the buyer"),
    "exchanged": ("换货", "exchanged"),
    "reshipped": ("补寄", "reshipped"),
    "price_cut": ("降价退款", "price cut"),
    "closed": ("售后关闭", "closed"),
    "unknown": ("阶段未知", "unknown"),
}
KINDS = {
    "refund_only": ("仅退款", "refund only"),
    "return_refund": ("退货退款", "return and refund"),
    "exchange": ("换货", "exchange"),
    "reship": ("补寄", "reship"),
    "price_protection": ("价保", "price protection"),
}
COMPONENTS = {
    "sales": ("显性损失", "sales"),
    "acquisition": ("拉新营销费", "acquisition"),
    "logistics": ("退换物流费", "logistics"),
    "handling": ("退款处理费", "handling"),
    "damage": ("货物资损", "damage"),
}
PROVENANCES = {"actual": ("实测", "measured"), "set": ("设定", "set"), "assumed": ("假设", "assumed")}
TOOLS = {
    "priority_ship": ("优先发货", "priority shipment"),
    "address_change": ("修改地址", "address change"),
    "urge_ship": ("催发货", "urge to ship"),
    "coupon": ("优惠券", "coupon"),
    "small_payment": ("小额打款", "small payment"),
}
CLOCKS = {"paid": ("按支付日", "by payment date"), "refunded": ("按退款日", "by refund date")}

ORDER_DIMENSIONS = {
    "day": ("日期", "day"),
    "week": ("周", "week"),
    "month": ("月", "month"),
    "weekday": ("星期", "weekday"),
    "hour": ("小时", "hour"),
    "shop": ("店铺", "shop"),
    "product": ("商品", "product"),
    "sku": ("规格", "SKU"),
    "price_band": ("价格带", "price band"),
    "channel": ("订单载体", "channel"),
    "sales_mode": ("渠道", "sales mode"),
    "streamer": ("达人", "streamer"),
    "province": ("省份", "province"),
    "carrier": ("快递公司", "carrier"),
    "tool": ("挽单工具", "tool"),
}
CASE_DIMENSIONS = {"reason": ("售后原因", "reason"), "stage": ("退款阶段", "stage"), "kind": ("售后类型", "kind")}
MONEY_DIMENSIONS = {"provenance": ("数据来源", "provenance")}
DIMENSIONS = {**ORDER_DIMENSIONS, **CASE_DIMENSIONS, **MONEY_DIMENSIONS}

MISSING = "未知"
UNRECOGNISED = "未识别"
NO_TOOL = "none"
NO_CASE = "none"

PROVINCES = (
    *("北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽"),
    *("福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州"),
    *("云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆", "香港", "澳门", "台湾"),
)
_ETHNIC_TAIL = re.compile(r"(壮族|回族|维吾尔)?(特别行政区|自治区|省|市)$")


def canonical_province(text: str) -> str | None:
    """Shorten a province to the name everybody says (`广西壮族自治区` → `广西`); None when it is no province."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    short = _ETHNIC_TAIL.sub("", plain)
    return short if short in PROVINCES else None
