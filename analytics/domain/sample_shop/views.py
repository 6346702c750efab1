"""The order and after-sales exports as the platform would write them at a moment: every cell a text, every state as of then."""

from __future__ import annotations

import numpy as np

from analytics.domain.sample_shop import catalogue as shop
from analytics.domain.sample_shop import claims as claims
from analytics.domain.sample_shop import people
from analytics.domain.sample_shop.bookings import SmallPayments
from analytics.domain.sample_shop.hazards import DAY, HOUR, NEVER
from analytics.domain.sample_shop.histories import History
from analytics.domain.sample_shop.layouts import CASE_COLUMNS
from analytics.domain.sample_shop.orders import Orders
from analytics.domain.sample_shop.words import (
    KIND_WORDS,
    after_sales_states,
    case_ids,
    case_reasons,
    case_states,
    logistics_states,
    order_ids,
    order_states,
    priced,
    stamps,
    tracking_numbers,
)  # fmt: skip

Rows = list[tuple[str, ...]]
EVER = NEVER / 2  # deadlines lie ahead of the export and are printed all the same


def order_rows(
    orders: Orders,
    history: History,
    payments: SmallPayments,
    columns: tuple[str, ...],
    index: np.ndarray,
    as_of: float,
    sign: str = "¥",
) -> Rows:
    """Return the order export of the orders `index` as of a moment, one row an order, newest first as the platform lists them."""
    index = index[::-1]
    cells = {
        **_sale_cells(orders, history, index, as_of, sign),
        **_product_cells(orders, index, sign),
        **_promoter_cells(orders, index, sign),
        **_buyer_cells(orders, index),
        **_parcel_cells(orders, history, index, as_of),
        "订单备注": _notes(orders, payments, index, as_of),
    }
    blank = [""] * len(index)
    return list(zip(*(cells.get(column, blank) for column in columns), strict=True))


def _sale_cells(orders: Orders, history: History, index: np.ndarray, as_of: float, sign: str) -> dict[str, list[str]]:
    paid = np.where(orders.is_unpaid, NEVER, orders.paid)[index]
    promised = np.where(orders.is_unpaid, NEVER, orders.ship_by)[index]
    return {
        "订单号": order_ids(index),
        "订单创建时间": stamps(orders.first_day, orders.created[index], as_of),
        "订单支付时间": stamps(orders.first_day, paid, as_of),
        "订单状态": order_states(orders, history, as_of)[index].tolist(),
        "实付款": priced(orders.paid_fen[index], sign),
        "快递费": priced(orders.postage_fen[index], sign),
        "店铺优惠": priced(orders.discount_fen[index], sign),
        "平台补贴": priced(orders.subsidy_fen[index], sign),
        "主播补贴": [f"{sign}0"] * len(index),
        "混资活动优惠": [f"{sign}0"] * len(index),
        "支付优惠": [f"{sign}0"] * len(index),
        "支付方式": ["微信" if i % 3 else "支付宝" for i in index.tolist()],
        "售后状态": after_sales_states(orders, history.cases, as_of)[index].tolist(),
        "活动订单": ["是" if is_promotion else "否" for is_promotion in orders.is_promotion[index].tolist()],
        "预售/承诺发货时间": stamps(orders.first_day, promised, EVER),
        "国补/类国补/消费券": [f"{sign}0"] * len(index),
        "订单销售主体": ["示例百货店"] * len(index),
    }


def _product_cells(orders: Orders, index: np.ndarray, sign: str) -> dict[str, list[str]]:
    products = [shop.PRODUCTS[p] for p in orders.product[index].tolist()]
    skus = [product.skus[s] for product, s in zip(products, orders.sku[index].tolist(), strict=True)]
    return {
        "成交数量": [str(quantity) for quantity in orders.quantity[index].tolist()],
        "商品名称": [product.name for product in products],
        "商品ID": [product.product_id for product in products],
        "商品规格": [spec for _, spec in skus],
        "SKU编码": [code for code, _ in skus],
        "商品单价": priced(orders.unit_price_fen[index], sign),
        "仓库名称": [product.warehouse for product in products],
        "仓库地址": [people.RETURN_CONTACT[2]] * len(index),
        "发货类型": ["普通发货"] * len(index),
    }


def _promoter_cells(orders: Orders, index: np.ndarray, sign: str) -> dict[str, list[str]]:
    promoters = [shop.STREAMERS[s] for s in orders.streamer[index].tolist()]
    commission = orders.paid_fen[index] * orders.streamer_array("commission_ppm")[index] // 1_000_000
    nobody = ["0" if i % 2 else "-" for i in index.tolist()]
    return {
        "订单载体": [shop.CHANNELS[c] for c in orders.channel[index].tolist()],
        "渠道": ["分销" if promoter.streamer_id else "自营" for promoter in promoters],
        "CPS达人ID": [promoter.streamer_id or none for promoter, none in zip(promoters, nobody, strict=True)],
        "CPS达人昵称": [promoter.name or "-" for promoter in promoters],
        "预估推广佣金": priced(commission, sign),
        "预估推广者分佣比例": [f"{promoter.commission_ppm / 10_000:.1f}%" for promoter in promoters],
        "团长ID": ["0"] * len(index),
        "团长昵称": ["-"] * len(index),
        "快赚客ID": ["-"] * len(index),
    }


def _buyer_cells(orders: Orders, index: np.ndarray) -> dict[str, list[str]]:
    """Fill in invented buyers; the platform masks every third."""
    person = orders.person[index].tolist()
    is_masked = [p % 3 == 0 for p in person]
    names = [people.BUYER_NAMES[p % len(people.BUYER_NAMES)] for p in person]
    phones = [people.BUYER_PHONES[p // 7 % len(people.BUYER_PHONES)] for p in person]
    places = [shop.PROVINCES[p] for p in orders.province[index].tolist()]
    return {
        "买家留言": [people.MESSAGES[p % 3] if p % 23 == 0 else "" for p in person],
        "收货人姓名": [people.masked_name(name) if masked else name for name, masked in zip(names, is_masked, strict=True)],
        "收货人电话": [people.masked_phone(phone) if masked else phone for phone, masked in zip(phones, is_masked, strict=True)],
        "收货地址-省": [place[0] for place in places],
        "收货地址-市": [place[1][city] for place, city in zip(places, orders.city[index].tolist(), strict=True)],
        "收货地址-区": [people.DISTRICTS[p % 3] for p in person],
        "收货地址-街道": [people.STREETS[p // 3 % 3] for p in person],
        "收货地址": [people.ADDRESSES[p // 11 % len(people.ADDRESSES)] for p in person],
        "实名姓名": [name if p % 50 == 1 else "" for name, p in zip(names, person, strict=True)],
        "旗帜颜色": ["红" if p % 31 == 0 else "" for p in person],
    }


def _parcel_cells(orders: Orders, history: History, index: np.ndarray, as_of: float) -> dict[str, list[str]]:
    is_out = (history.shipped[index] <= as_of).tolist()
    carriers = [shop.CARRIERS[c][0] for c in orders.carrier[index].tolist()]
    waybills = tracking_numbers(orders.carrier[index], index, 0)
    return {
        "发货时间": stamps(orders.first_day, history.shipped[index], as_of),
        "快递公司": [carrier if out else "" for carrier, out in zip(carriers, is_out, strict=True)],
        "快递单号": [waybill if out else "" for waybill, out in zip(waybills, is_out, strict=True)],
        "物流信息": logistics_states(orders, history, as_of)[index].tolist(),
    }


def _notes(orders: Orders, payments: SmallPayments, index: np.ndarray, as_of: float) -> list[str]:
    """Return the notes: a segment of the system's own for each small payment, some repeated, and what staff wrote by hand."""
    known = payments.paid <= as_of
    segments: dict[int, list[str]] = {}
    at = stamps(orders.first_day, payments.paid, as_of)
    paid_out = zip(payments.order.tolist(), at, payments.fen.tolist(), payments.is_postage.tolist(), known.tolist(), strict=True)
    for order, stamp, fen, is_postage, is_known in paid_out:
        if not is_known:
            continue
        amount = f"{fen / 100:g}"
        paid = f"{stamp} 小额打款金额¥ {amount}/{'退货运费' if is_postage else '瑕疵补偿'}{amount}元已打款"
        segments.setdefault(order, []).append(paid)
        if order % 40 == 0:
            segments[order].append(f"{stamp} 小额打款金额¥ {amount}")
    for i, person in zip(index.tolist(), orders.person[index].tolist(), strict=True):
        if person % 67 == 0:
            segments.setdefault(i, []).append(people.HAND_NOTES[person // 67 % len(people.HAND_NOTES)])
    return ["/".join(segments[i]) if i in segments else "" for i in index.tolist()]


def case_rows(orders: Orders, history: History, index: np.ndarray, as_of: float) -> Rows:
    """Return the after-sales export of the cases `index` as of a moment, one row a case, newest first."""
    index = index[::-1]
    order = history.cases.order[index]
    products = [shop.PRODUCTS[p] for p in orders.product[order].tolist()]
    skus = [product.skus[s] for product, s in zip(products, orders.sku[order].tolist(), strict=True)]
    cells = {
        "售后单号": case_ids(index),
        "订单编号": order_ids(order),
        "订单状态": order_states(orders, history, as_of)[order].tolist(),
        "订单创建时间": stamps(orders.first_day, orders.created[order], as_of),
        "实付款": priced(orders.paid_fen[order]),
        "快递费": priced(orders.postage_fen[order]),
        "商家实收金额": priced(orders.receivable_fen[order]),
        "商品ID": [product.product_id for product in products],
        "商品名称": [product.name for product in products],
        "SKU编码": [code for code, _ in skus],
        "商品规格": [spec for _, spec in skus],
        **_claim_cells(orders, history, index, as_of),
        **_way_back_cells(orders, history, index, as_of),
        **_staff_cells(orders, order),
    }
    blank = [""] * len(index)
    return list(zip(*(cells.get(column, blank) for column in CASE_COLUMNS), strict=True))


def _claim_cells(orders: Orders, history: History, index: np.ndarray, as_of: float) -> dict[str, list[str]]:
    cases = history.cases
    reasons, tags = case_reasons(orders, cases)
    is_instant = (cases.finished - cases.applied < 0.3 * HOUR) & cases.is_success & (cases.finished <= as_of)
    return {
        "售后类型": KIND_WORDS[cases.kind[index]].tolist(),
        "退款金额": priced(cases.refund_fen[index]),
        "售后状态": case_states(cases, as_of)[index].tolist(),
        "售后原因": [reasons[i] for i in index.tolist()],
        "售后原因标签（二级）": [tags[i] for i in index.tolist()],
        "售后申请时间": stamps(orders.first_day, cases.applied[index], as_of),
        "售后完结时间": stamps(orders.first_day, cases.finished[index], as_of),
        "超时时间": stamps(orders.first_day, cases.applied[index] + 2 * DAY, EVER),
        "是否ATOM处理": ["是" if instant else "否" for instant in is_instant[index].tolist()],
        "退款方式": ["原路退回" if fen else "无需退款" for fen in cases.refund_fen[index].tolist()],
        "客服仲裁": ["平台介入" if i % 41 == 0 else "未介入" for i in index.tolist()],
    }


def _way_back_cells(orders: Orders, history: History, index: np.ndarray, as_of: float) -> dict[str, list[str]]:
    cases = history.cases
    order = cases.order[index]
    carriers = [shop.CARRIERS[c][0] for c in orders.carrier[order].tolist()]
    is_out = (history.shipped[order] <= as_of).tolist()
    is_back = (cases.return_sent[index] <= as_of).tolist()
    is_done = (cases.finished[index] <= as_of).tolist()
    is_replaced = np.isin(cases.kind, (claims.EXCHANGE, claims.RESHIP)) & cases.is_success & (cases.finished <= as_of)
    again = is_replaced[index].tolist()
    waybills = tracking_numbers(orders.carrier[order], order, 0)
    return {
        "发货快递单号(如为西北订单，仅展示一段物流信息)": _where(is_out, waybills),
        "发货快递公司(如为西北订单，仅展示一段物流信息)": _where(is_out, carriers),
        "退货物流单号": _where(is_back, tracking_numbers(orders.carrier[order], index, 1)),
        "退货物流公司": _where(is_back, carriers),
        "退货物流状态": ["" if not back else "已签收" if done else "运输中" for back, done in zip(is_back, is_done, strict=True)],
        "换货物流单号": _where(again, tracking_numbers(orders.carrier[order], index, 2)),
        "换货物流公司": _where(again, carriers),
        "商家退货地址": _where(is_back, [people.RETURN_CONTACT[2]] * len(index)),
        "商家退货联系人姓名": _where(is_back, [people.RETURN_CONTACT[0]] * len(index)),
        "商家退货联系人电话": _where(is_back, [people.RETURN_CONTACT[1]] * len(index)),
    }


def _staff_cells(orders: Orders, order: np.ndarray) -> dict[str, list[str]]:
    person = orders.person[order].tolist()
    return {
        "买家ID": [people.BUYER_IDS[p % len(people.BUYER_IDS)] for p in person],
        "买家昵称": [people.BUYER_NICKNAMES[p % len(people.BUYER_NICKNAMES)] for p in person],
        "申请描述": [people.CLAIMS[p // 5 % len(people.CLAIMS)] if p % 4 == 0 else "" for p in person],
        "操作人": [people.STAFF_NAMES[p % len(people.STAFF_NAMES)] for p in person],
        "插旗备注": [people.FLAG_NOTES[p % 2] if p % 19 == 0 else "" for p in person],
    }


def _where(shown: list[bool], words: list[str]) -> list[str]:
    return [word if show else "" for show, word in zip(shown, words, strict=True)]
