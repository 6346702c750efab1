"""Money that is booked outside the orders: small payments, fund flow, freight insurance, settlement, ad spend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from analytics.domain.sample_shop import catalogue as shop
from analytics.domain.sample_shop import claims as claims
from analytics.domain.sample_shop.hazards import DAY, HOUR, NEVER
from analytics.domain.sample_shop.histories import History
from analytics.domain.sample_shop.orders import Orders
from analytics.domain.sample_shop.words import case_ids, case_reasons, order_ids, stamps, yuan

OPENING_BALANCE_FEN = 3_000_000
INSURED_FEE_FEN = (58, 88, 128)  # what the shop bears for a parcel up to ¥50, up to ¥100, above
OUT, IN = "支", "收"
SETTLEMENT_ZEROS = (
    *("政府补贴", "支付营销补贴", "商家补贴(元)", "达人补贴", "支付营销回退（元）"),
    *("预售增收技术服务费（元）", "团长佣金(元)", "快赚客佣金(元)", "服务商佣金(元)", "其他收费"),
)


@dataclass(frozen=True)
class SmallPayments:
    """Small payments in order of time: order index, moment in seconds, fen, and whether they pay the buyer's postage."""

    order: np.ndarray
    paid: np.ndarray
    fen: np.ndarray
    is_postage: np.ndarray


def small_payments(orders: Orders, history: History) -> SmallPayments:
    """Return every small payment: compensation, its second instalment, and postage given back after a return."""
    plain = np.flatnonzero(history.small_paid < NEVER)
    again = np.flatnonzero(history.small_paid_again < NEVER)
    cases = history.cases
    posted = (
        (cases.kind == claims.RETURN_REFUND)
        & (cases.return_sent < NEVER)
        & cases.is_success
        & ~orders.product_array("is_insured")[cases.order]
        & (orders.draws["postage"][cases.order] < 0.3)
    )
    order = np.concatenate([plain, again, cases.order[posted]])
    paid = np.concatenate([history.small_paid[plain], history.small_paid_again[again], cases.finished[posted] + 2 * HOUR])
    postage_fen = 800 + cases.order[posted] % 5 * 100
    fen = np.concatenate([history.small_paid_fen[plain], history.small_paid_again_fen[again], postage_fen])
    is_postage = np.arange(len(order)) >= len(plain) + len(again)
    by_time = np.lexsort((order, paid))
    return SmallPayments(order[by_time], paid[by_time], fen[by_time], is_postage[by_time])


def fund_flow_rows(orders: Orders, history: History, payments: SmallPayments, as_of: float) -> list[tuple[str, ...]]:
    """Return the fund flow up to a moment: nine columns a booking, oldest first, with a running balance."""
    entries = [
        *_payment_entries(payments),
        *_settlement_entries(orders, history),
        *_penalty_entries(orders, history),
        *_case_entries(orders, history),
        *_frozen_entries(orders, history),
        *_withdrawals(as_of),
    ]
    known = sorted(entry for entry in entries if entry[0] <= as_of)
    at = stamps(orders.first_day, np.array([entry[0] for entry in known]), as_of)
    rows, balance_fen = [], OPENING_BALANCE_FEN
    for number, (stamp, entry) in enumerate(zip(at, known, strict=True)):
        _, business_no, direction, fen, flow_type, description, remark = entry
        if flow_type != "资金冻结":
            balance_fen += fen if direction == IN else -fen
        flow_id = f"FF{stamp[:4]}00{number:07d}"
        rows.append((flow_id, business_no, stamp, direction, yuan(fen), yuan(balance_fen), flow_type, description, remark))
    return rows


Entry = tuple[float, str, str, int, str, str, str]


def _payment_entries(payments: SmallPayments) -> list[Entry]:
    ids = order_ids(payments.order)
    return [
        (paid + 7 + order % 30, order_id, OUT, int(fen), "营销支出", "小额打款", "商家向消费者小额打款")
        for order_id, order, paid, fen in zip(
            ids, *(a.tolist() for a in (payments.order, payments.paid, payments.fen)), strict=True
        )
    ]


def _settlement_entries(orders: Orders, history: History) -> list[Entry]:
    settled = np.flatnonzero(_is_settled(history))
    net = settled_money(orders, history, settled)["settled_fen"]
    return [
        (history.settled[i] + 30, order_id, IN, int(fen), "货款结算", "订单货款结算", "")
        for i, order_id, fen in zip(settled.tolist(), order_ids(settled), net.tolist(), strict=True)
        if fen > 0
    ]


def _is_settled(history: History) -> np.ndarray:
    return (history.settled < NEVER) & (history.closed > history.settled)


def _penalty_entries(orders: Orders, history: History) -> list[Entry]:
    """Book what late parcels cost: every second one, five percent of the price, three to thirty yuan."""
    entries: list[Entry] = []
    left = np.minimum(history.shipped, history.closed)
    late = np.flatnonzero((left > orders.ship_by) & ~orders.is_unpaid & (orders.draws["settle"] < 0.5) & (left < NEVER))
    for i, order_id in zip(late.tolist(), order_ids(late), strict=True):
        fen = int(np.clip(orders.paid_fen[i] // 20, 300, 3000))
        entries.append((left[i] + 20 * HOUR, order_id, OUT, fen, "违约扣款", "晚发立赔售后商责延迟发货等违约金扣款", ""))
    slow = np.flatnonzero((history.shipped < NEVER) & (orders.draws["receive"] > 0.994))
    for i, order_id in zip(slow.tolist(), order_ids(slow), strict=True):
        entries.append((history.shipped[i] + 30 * HOUR, order_id, OUT, 200, "违约扣款", "晚揽立赔平台追回", ""))
    anyway = np.flatnonzero((history.closed < history.shipped) & (history.shipped < NEVER) & ~orders.is_unpaid)
    for i, order_id in zip(anyway.tolist(), order_ids(anyway), strict=True):
        entries.append((history.shipped[i] + DAY, order_id, OUT, 500, "违约扣款", "发货异常用户体验赔付", ""))
    return entries


def _case_entries(orders: Orders, history: History) -> list[Entry]:
    """Book what cases cause: return freight, compensation by the platform, fees taken back after settlement."""
    entries: list[Entry] = []
    cases = history.cases
    reasons, _ = case_reasons(orders, cases)
    insured = orders.product_array("is_insured")[cases.order]
    ids, numbers = order_ids(cases.order), case_ids(np.arange(len(cases)))
    for i in np.flatnonzero(cases.is_success & (cases.finished < NEVER)).tolist():
        order, done = int(cases.order[i]), float(cases.finished[i])
        if cases.return_sent[i] < NEVER and not insured[i] and reasons[i] in shop.FAULT_REASONS:
            named = numbers[i] if i % 3 == 0 else ids[i]
            entries.append((done + HOUR, named, OUT, 650 + order % 7 * 75, "退运费", "商责退运费垫资追回", ""))
        is_kept = cases.phase[i] == claims.DELIVERED and cases.return_sent[i] == NEVER and cases.refund_fen[i] > 0
        if is_kept and i % 9 == 0:
            half_fen = int(cases.refund_fen[i]) // 2
            entries.append((done + 30 * HOUR, ids[i], IN, half_fen, "平台赔付", "平台赔付商家", "恶意退款核实"))
        if done > history.settled[order] and cases.refund_fen[i] > 0:
            entries.extend(_clawbacks(orders, order, ids[i], numbers[i], done, int(cases.refund_fen[i])))
    return entries


def _clawbacks(orders: Orders, order: int, order_id: str, case_id: str, done: float, refund_fen: int) -> list[Entry]:
    fee_fen = max(refund_fen * shop.TECHNICAL_FEE_PPM // 1_000_000, 1)
    entries: list[Entry] = [
        (done + 60, order_id, OUT, refund_fen, "售后退款", f"退款快手电商订单编号{order_id}", ""),
        (done + 90, order_id, OUT, fee_fen, "分账追回", f"分账追回超售后期平台服务费退款单号{case_id}", ""),
    ]
    commission_ppm = shop.STREAMERS[int(orders.streamer[order])].commission_ppm
    if commission_ppm:
        fen = refund_fen * commission_ppm // 1_000_000
        entries.append((done + 95, order_id, OUT, fen, "分账追回", f"分账追回超售后期推广者三方分佣户退款单号{case_id}", ""))
    return entries


def _frozen_entries(orders: Orders, history: History) -> list[Entry]:
    cases = history.cases
    frozen = np.flatnonzero((cases.phase == claims.DELIVERED) & (cases.refund_fen > 0) & (np.arange(len(cases)) % 11 == 0))
    ids = order_ids(cases.order[frozen])
    return [
        (float(cases.applied[i]) + 40, order_id, OUT, int(cases.refund_fen[i]), "资金冻结", "售后冻结", "")
        for order_id, i in zip(ids, frozen.tolist(), strict=True)
    ]


def _withdrawals(as_of: float) -> list[Entry]:
    return [(day * DAY + 10 * HOUR, "", OUT, 4_000_000, "提现", "商家提现", "") for day in range(30, int(as_of // DAY), 10)]


def freight_insurance_rows(orders: Orders, history: History, as_of: float) -> list[tuple[str, ...]]:
    """Return the freight insurance up to a moment: six columns a parcel of an insured product."""
    insured = np.flatnonzero(orders.product_array("is_insured") & (history.shipped <= as_of) & ~orders.is_warm_up)
    tier = np.digitize(orders.receivable_fen[insured], (5_001, 10_001))
    at = stamps(orders.first_day, history.shipped[insured], as_of)
    rows = []
    for order_id, i, t, stamp in zip(order_ids(insured), insured.tolist(), tier.tolist(), at, strict=True):
        fee_fen = INSURED_FEE_FEN[t]
        rows.append((order_id, yuan(fee_fen + 10), yuan(fee_fen), yuan(10), stamp, f"YF000{i:08d}"))
    return rows


def settled_money(orders: Orders, history: History, index: np.ndarray) -> dict[str, np.ndarray]:
    """Return refunds before settlement, fees and the settled amount of orders, in whole fen."""
    cases = history.cases
    refunded = np.zeros(len(orders), dtype=np.int64)
    counts = cases.is_success & (cases.finished <= history.settled[cases.order])
    np.add.at(refunded, cases.order[counts], cases.refund_fen[counts])
    receivable, refund = orders.receivable_fen[index], refunded[index]
    kept = receivable - refund
    fee = np.where(kept > 0, kept * shop.TECHNICAL_FEE_PPM // 1_000_000, receivable * 6 // 1_000)
    commission = kept * orders.streamer_array("commission_ppm")[index] // 1_000_000
    settled = kept - fee - commission
    return {"refund_fen": refund, "fee_fen": fee, "commission_fen": commission, "settled_fen": settled}


def settlement_rows(orders: Orders, history: History, columns: tuple[str, ...], as_of: float) -> list[tuple[str, ...]]:
    """Return the settlement bill up to a moment; a few fully refunded orders stand in it with the fee the platform kept."""
    refunded_late = (history.closed <= history.settled) & (history.delivered < NEVER) & (orders.draws["settle"] < 0.06)
    index = np.flatnonzero((history.settled <= as_of) & (_is_settled(history) | refunded_late) & ~orders.is_warm_up)
    money = settled_money(orders, history, index)
    streamer = orders.streamer[index].tolist()
    product = orders.product[index].tolist()
    promoters = [shop.STREAMERS[s] for s in streamer]
    cells = {
        "商家ID": ["2500000001"] * len(index),
        "订单号": order_ids(index),
        "商品ID": [shop.PRODUCTS[p].product_id for p in product],
        "商品名称": [shop.PRODUCTS[p].name for p in product],
        "商品数量": [str(q) for q in orders.quantity[index].tolist()],
        "订单创建时间": stamps(orders.first_day, orders.created[index], as_of),
        "订单实付(元)": _yuans(orders.paid_fen[index]),
        "平台补贴": _yuans(orders.subsidy_fen[index]),
        "合计收入(元)": _yuans(orders.receivable_fen[index]),
        "订单退款(元)": _yuans(money["refund_fen"]),
        "技术服务费(元)": _yuans(money["fee_fen"]),
        "达人ID": [promoter.streamer_id for promoter in promoters],
        "达人佣金(元)": _yuans(money["commission_fen"]),
        "分账基数": _yuans(orders.receivable_fen[index] - money["refund_fen"]),
        "合计支出(元)": _yuans(money["fee_fen"] + money["commission_fen"]),
        "实际结算金额(元)": _yuans(money["settled_fen"]),
        "实际结算时间": stamps(orders.first_day, history.settled[index], as_of),
        "结算规则": ["确认收货后7天"] * len(index),
        "资金渠道": ["微信" if i % 3 else "支付宝" for i in index.tolist()],
    }
    cells.update({column: ["0.00"] * len(index) for column in SETTLEMENT_ZEROS})
    blank = [""] * len(index)
    return list(zip(*(cells.get(column, blank) for column in columns), strict=True))


def _yuans(fen: np.ndarray) -> list[str]:
    return [yuan(value) for value in fen.tolist()]


def ad_spend_rows(orders: Orders, until: date) -> list[tuple[date, str, str, int, str]]:
    """Return what was spent to win orders: (day, channel, streamer id, fen, type), by show, by slot and for the whole shop."""
    day = (orders.created // DAY).astype(int)
    sales = np.zeros((shop.DAYS + shop.WARM_UP_DAYS, len(shop.STREAMERS)))
    counts = ~orders.is_unpaid
    np.add.at(sales, (day[counts], orders.streamer[counts]), orders.receivable_fen[counts])
    rows: list[tuple[date, str, str, int, str]] = []
    for d in range(shop.WARM_UP_DAYS, len(sales)):
        today = orders.first_day + timedelta(days=d)
        wobble = 0.85 + 0.03 * (d * 7 % 11)
        rows.append((today, "", "", int(sales[d].sum() * 0.012 * wobble) + 3000, "投流"))
        for s, streamer in enumerate(shop.STREAMERS):
            if not (today.weekday() in streamer.show_days or today.day in shop.PROMOTION_DAYS):
                continue
            channel = "短视频" if s == shop.OWN else "直播间"
            rows.append((today, channel, streamer.streamer_id, int(sales[d, s] * streamer.spend_rate * wobble) + 2000, "投流"))
            if streamer.slot_fee_fen and today.weekday() == streamer.show_days[-1]:
                rows.append((today, "直播间", streamer.streamer_id, streamer.slot_fee_fen, "坑位费"))
    return [row for row in rows if row[0] <= until]
