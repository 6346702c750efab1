"""The words of the exports and the starter assumptions, typed again from the documents and not imported from the product."""

from __future__ import annotations

STAGES = (
    "closed",
    "exchanged",
    "reshipped",
    "price_cut",
    "before_shipment",
    "returned",
    "kept",
    "intercepted",
    "unknown",
)
COMPONENTS = ("sales", "acquisition", "logistics", "handling", "damage")
PROVENANCES = ("actual", "set", "assumed")
UNKNOWN_GROUP = "未知"
UNMAPPED_GROUP = "未识别"

# field, word, meaning
WORDS = (
    ("order_status", "待付款", "unpaid"),
    ("order_status", "待发货", "paid"),
    ("order_status", "已发货", "shipped"),
    ("order_status", "已收货", "received"),
    ("order_status", "交易成功", "succeeded"),
    ("order_status", "交易关闭", "closed"),
    ("order_after_sales", "待买家退货", "open"),
    ("order_after_sales", "售后处理中", "open"),
    ("order_after_sales", "退款成功", "refunded"),
    ("order_after_sales", "退款关闭", "closed"),
    ("case_status", "售后成功", "succeeded"),
    ("case_status", "退款成功", "succeeded"),
    ("case_status", "同意退款，退款成功", "succeeded"),
    ("case_status", "换货成功", "succeeded"),
    ("case_status", "补寄成功", "succeeded"),
    ("case_status", "售后关闭", "failed"),
    ("case_status", "售后失败", "failed"),
    ("case_status", "退款关闭", "failed"),
    ("case_status", "待买家退货", "open"),
    ("case_status", "售后处理中", "open"),
    ("case_kind", "仅退款", "refund_only"),
    ("case_kind", "退货退款", "return_refund"),
    ("case_kind", "换货", "exchange"),
    ("case_kind", "补寄", "reship"),
    ("case_kind", "价保", "price_protection"),
    ("fund_flow_remark", "商责退运费", "return_freight"),
    ("fund_flow_remark", "晚发立赔", "penalty"),
    ("fund_flow_remark", "晚揽立赔", "penalty"),
    ("fund_flow_remark", "发货异常用户体验赔付", "penalty"),
    ("fund_flow_remark", "违约金", "penalty"),
    ("fund_flow_remark", "平台赔付商家", "compensation"),
    ("fund_flow_remark", "小额打款", "small_payment"),
    ("fund_flow_remark", "分账追回…服务费", "kept_fee"),
    ("fund_flow_remark", "分账追回…推广者", "kept_fee"),
)

# name, unit, starter value: fen, millionths of a rate (ppm), hundredths of a minute (centiminutes)
STARTERS = (
    ("acquisition_per_order", "fen", None),
    ("acquisition_rate", "ppm", 100_000),
    ("outbound_freight", "fen", 300),
    ("packing", "fen", 50),
    ("freight_insurance", "fen", 0),
    ("return_freight", "fen", 800),
    ("merchant_bears_return", "ppm", 1_000_000),
    ("intercept_fee", "fen", 300),
    ("minutes_before_shipment", "centiminutes", 200),
    ("minutes_intercepted", "centiminutes", 500),
    ("minutes_returned", "centiminutes", 800),
    ("minutes_kept", "centiminutes", 500),
    ("minutes_exchanged", "centiminutes", 1000),
    ("minutes_reshipped", "centiminutes", 500),
    ("minutes_price_cut", "centiminutes", 300),
    ("minutes_closed", "centiminutes", 200),
    ("minutes_unknown", "centiminutes", 500),
    ("hourly_wage", "fen", 3000),
    ("fee_kept_rate", "ppm", 0),
    ("inspection", "fen", 500),
    ("goods_cost_rate", "ppm", 400_000),
    ("damage_rate_returned", "ppm", 200_000),
    ("damage_rate_intercepted", "ppm", 20_000),
    ("price_cut_below", "ppm", 500_000),
    ("technical_fee_rate", "ppm", 50_000),
)
UNIT_OF = {name: unit for name, unit, _ in STARTERS}
STARTER_OF = {name: value for name, _, value in STARTERS}
PLAIN_PER_UNIT = {"fen": 1, "ppm": 1_000_000, "centiminutes": 100}

# The settings that price a case, and so may differ by its reason.
BY_REASON = {name for name in UNIT_OF if name.startswith(("minutes_", "damage_rate_"))} | {
    "return_freight",
    "merchant_bears_return",
    "intercept_fee",
    "hourly_wage",
    "fee_kept_rate",
    "inspection",
    "price_cut_below",
}


def meanings(words=WORDS) -> dict[tuple[str, str], str]:
    """Return (field, word) → meaning for rows of (field, word, meaning[, is_operators]); the operator's own mapping wins."""
    ranked = sorted(words, key=lambda row: bool(row[3]) if len(row) > 3 else False)
    return {(row[0], row[1]): row[2] for row in ranked}
