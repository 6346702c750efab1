"""The columns of the platform's exports, in the order and spelling in which Kuaishou writes them."""

from __future__ import annotations


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ORDER_COLUMNS = _columns(
    """
    订单号 赠品订单号 活动订单编号 订单创建时间 订单支付时间 预售定金支付时间 订单状态 实付款 快递费 店铺优惠 平台补贴
    主播补贴 混资活动优惠 支付优惠 支付方式 成交数量 买家留言 账号类型 账号明细 订单备注 旗帜颜色 售后状态 活动订单
    预售/承诺发货时间 订单载体 国补类型 商品名称 商品ID 商品规格 SKU编码 商品单价 渠道 CPS达人ID CPS达人昵称
    预估推广佣金 预估推广者分佣比例 团长ID 团长昵称 快赚客ID 快赚客昵称 授权推广者ID 授权推广者昵称 收货人姓名
    收货人电话 收货地址-省 收货地址-市 收货地址-区 收货地址-街道 收货地址 发货时间 快递公司 快递单号 物流信息 集运类型
    直邮类型 仓库名称 仓库地址 发货类型 实名姓名 服务门店ID 服务门店名称 服务门店地址 国补/类国补/消费券 订单销售主体
    """
)

# Columns the platform added later: an order file of an earlier month has sixty-one.
ADDED_ORDER_COLUMNS = frozenset({"国补类型", "发货类型", "订单销售主体"})
EARLIER_ORDER_COLUMNS = tuple(column for column in ORDER_COLUMNS if column not in ADDED_ORDER_COLUMNS)

CASE_COLUMNS = _columns(
    """
    售后单号 订单编号 订单状态 订单创建时间 实付款 快递费 商家实收金额 商品ID 商品名称 SKU编码 商品规格 买家ID 买家昵称
    售后类型 退款金额 售后状态 售后原因 售后原因标签（二级） 申请描述 售后申请时间 售后完结时间 超时时间 是否ATOM处理
    退款方式 售后操作 客服仲裁 发货快递单号(如为西北订单，仅展示一段物流信息)
    发货快递公司(如为西北订单，仅展示一段物流信息) 退货物流单号 退货物流公司 退货物流状态 退货异常 商家退货地址
    商家退货联系人姓名 商家退货联系人电话 换货物流单号 换货物流公司 换货商品信息 操作人 旗帜颜色 插旗备注
    """
)

SETTLEMENT_COLUMNS = _columns(
    """
    商家ID 订单号 商品ID 商品名称 商品数量 订单创建时间 订单实付(元) 政府补贴 支付营销补贴 平台补贴 商家补贴(元)
    达人补贴 达人补贴明细 合计收入(元) 订单退款(元) 支付营销回退（元） 技术服务费(元) 预售增收技术服务费（元） 达人ID
    MCN机构ID 达人佣金(元) 团长id 团长佣金(元) 佣金模式 快赚客ID 快赚客佣金(元) 服务商ID 服务商佣金(元) 分账基数
    其他收费 其他收费明细 合计支出(元) 实际结算金额(元) 实际结算时间 结算规则 资金渠道 账户名称 结算商户号 备注
    消费金信息
    """
)

FUND_FLOW_COLUMNS = _columns(
    """
    账务流水号 关联业务单号 入账时间 账务方向 发生额（元） 期末余额（元） 业务类型 描述 备注
    """
)

FREIGHT_INSURANCE_COLUMNS = _columns(
    """
    订单编号 服务费用（元） 商家承担服务费用（元） 平台补贴费用（元） 生效时间 收费编号
    """
)
