"""What the sample shop's exports say must hang together: states, times, money, and the mix of cases."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

MONEY = re.compile(r"[¥￥](0|[\d,]+\.\d\d)")
PAID_OUT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) 小额打款金额¥ ([\d.]+)")
SUCCEEDED = {"售后成功", "换货成功", "补寄成功"}


def fen(text):
    assert MONEY.fullmatch(text), text
    return round(float(text[1:].replace(",", "")) * 100)


def test_the_shop_is_as_large_as_promised(orders):
    assert 19_000 < len(orders) < 21_000
    assert len({row["订单创建时间"][:10] for row in orders.values()}) == 120
    assert len({row["商品ID"] for row in orders.values()}) == 8
    assert len({row["CPS达人ID"] for row in orders.values()} - {"0", "-"}) == 4
    assert {row["订单载体"] for row in orders.values()} == {"直播间", "短视频", "店铺页"}
    assert {row["渠道"] for row in orders.values()} == {"分销", "自营"}


def test_order_ids_are_sixteen_digits_and_unique_in_a_file(exports):
    for export in exports.values():
        if export.columns and export.columns[0] == "订单号":
            ids = [row[0] for row in export.rows]
            assert len(set(ids)) == len(ids)
            assert all(re.fullmatch(r"\d{16}", order_id) for order_id in ids)


def test_a_fifth_to_a_third_of_paid_orders_is_refunded_about_a_third_of_them_before_shipment(orders, cases):
    paid = {order_id for order_id, row in orders.items() if row["订单支付时间"]}
    refunded = {order_id for order_id in paid if orders[order_id]["售后状态"] == "退款成功"}
    assert 0.20 < len(refunded) / len(paid) < 0.30
    unshipped = {order_id for order_id in refunded if not orders[order_id]["发货时间"]}
    assert 0.25 < len(unshipped) / len(refunded) < 0.42


def test_big_shows_sell_more_and_keep_less(orders):
    sold, refunded, days = Counter(), Counter(), defaultdict(set)
    for row in orders.values():
        if row["订单支付时间"]:
            is_show = row["订单创建时间"][8:10] in {"06", "18"}
            sold[is_show] += 1
            refunded[is_show] += row["售后状态"] == "退款成功"
            days[is_show].add(row["订单创建时间"][:10])
    assert sold[True] / len(days[True]) > 2 * sold[False] / len(days[False])
    assert refunded[True] / sold[True] > 1.15 * refunded[False] / sold[False]


def test_young_days_look_better_than_they_will_be(orders):
    by_day = defaultdict(list)
    for row in orders.values():
        if row["订单支付时间"]:
            by_day[row["订单创建时间"][:10]].append(row["售后状态"] == "退款成功")
    rates = [sum(hits) / len(hits) for _, hits in sorted(by_day.items())]
    assert sum(rates[-5:]) / 5 < 0.6 * sum(rates[20:80]) / 60


def test_times_of_an_order_are_in_order(orders):
    for row in orders.values():
        known = [row[column] for column in ("订单创建时间", "订单支付时间", "发货时间") if row[column]]
        assert known == sorted(known)
        assert bool(row["发货时间"]) == bool(row["快递单号"])
        assert bool(row["订单支付时间"]) == bool(row["预售/承诺发货时间"])


def test_a_state_says_what_the_times_say(orders):
    for row in orders.values():
        if row["订单状态"] in {"已发货", "已收货", "交易成功"}:
            assert row["发货时间"]
        if row["订单状态"] in {"待付款", "待发货"}:
            assert not row["发货时间"]
        if row["订单状态"] in {"已收货", "交易成功"}:
            assert row["物流信息"] == "已签收"
        if not row["订单支付时间"]:
            assert row["订单状态"] in {"待付款", "交易关闭"}
            assert row["售后状态"] == ""


def test_a_parcel_called_back_comes_back_and_is_never_delivered(orders):
    called_back = [row for row in orders.values() if "退回" in row["物流信息"]]
    assert {row["物流信息"] for row in called_back} == {"拒收退回中", "退回签收"}
    assert len(called_back) > 100
    assert {row["售后状态"] for row in called_back} <= {"退款成功", "售后处理中"}
    assert {row["订单状态"] for row in called_back} <= {"交易关闭", "已发货"}


def test_what_the_buyer_paid_is_price_less_discounts(orders):
    for row in orders.values():
        total = fen(row["商品单价"]) * int(row["成交数量"]) + fen(row["快递费"])
        assert fen(row["实付款"]) == total - fen(row["店铺优惠"]) - fen(row["平台补贴"]) > 0


def test_refunds_never_exceed_the_receivable_and_a_full_one_closes_the_order(orders, cases):
    refunded, is_open = Counter(), set()
    for case in cases:
        if case["售后状态"] in SUCCEEDED:
            refunded[case["订单编号"]] += fen(case["退款金额"])
        elif not case["售后完结时间"]:
            is_open.add(case["订单编号"])
    for order_id, total in refunded.items():
        if (row := orders.get(order_id)) is None:
            continue
        receivable = fen(row["实付款"]) + fen(row["平台补贴"])
        assert total <= receivable
        if total and order_id not in is_open:
            assert row["售后状态"] == "退款成功"
        assert (row["订单状态"] == "交易关闭") == (total == receivable), order_id


def test_cases_are_in_order_and_say_how_they_ended(cases):
    for case in cases:
        assert case["订单创建时间"] <= case["售后申请时间"]
        is_done = case["售后状态"] in SUCCEEDED | {"售后关闭", "售后失败"}
        assert bool(case["售后完结时间"]) == is_done
        assert not is_done or case["售后申请时间"] <= case["售后完结时间"]
        if case["退货物流单号"]:
            assert case["售后类型"] in {"退货退款", "换货"}
            assert case["发货快递单号(如为西北订单，仅展示一段物流信息)"]


def test_hardly_anything_is_shipped_after_its_full_refund(orders, cases):
    shipped_after = [
        case
        for case in cases
        if case["售后状态"] == "售后成功"
        and (row := orders.get(case["订单编号"]))
        and row["订单状态"] == "交易关闭"
        and case["售后完结时间"] < row["发货时间"]
    ]
    assert 3 <= len(shipped_after) <= 30


def stage_of(case, row):
    """The ledger's stages, written down once more in the plainest way."""
    if case["售后状态"] not in SUCCEEDED:
        return "closed" if case["售后完结时间"] else "open"
    if case["售后类型"] in {"换货", "补寄", "价保"}:
        return case["售后类型"]
    receivable = fen(row["实付款"]) + fen(row["平台补贴"])
    if case["退货物流单号"]:
        return "returned"
    if case["售后类型"] == "仅退款" and fen(case["退款金额"]) < receivable / 2:
        return "price_cut"
    if not row["发货时间"] or case["售后完结时间"] < row["发货时间"]:
        return "before_shipment"
    return "kept" if row["物流信息"] == "已签收" or case["售后类型"] == "退货退款" else "intercepted"


def test_every_stage_of_the_ledger_occurs(orders, cases):
    stages = Counter(stage_of(case, orders[case["订单编号"]]) for case in cases if case["订单编号"] in orders)
    wanted = {"before_shipment", "intercepted", "returned", "kept", "price_cut", "换货", "补寄", "价保", "closed", "open"}
    assert set(stages) == wanted
    assert min(stages.values()) >= 30


def test_some_refunds_have_no_case_and_some_cases_no_order(orders, cases):
    with_case = {case["订单编号"] for case in cases}
    inferred = [row for order_id, row in orders.items() if row["售后状态"] == "退款成功" and order_id not in with_case]
    assert {bool(row["发货时间"]) for row in inferred} == {True, False}
    assert len(inferred) < 200
    assert any(order_id not in orders for order_id in with_case)


def test_an_earlier_export_shows_the_states_of_its_own_time(exports, orders):
    stale = exports["订单导出_20260922180309.csv"]
    rows = [dict(zip(stale.columns, row, strict=True)) for row in stale.rows]
    assert max(row["发货时间"] for row in rows) <= "2026-09-22 18:03:09"
    moved_on = sum(row["订单状态"] != orders[row["订单号"]]["订单状态"] for row in rows)
    assert moved_on > 1000
    ids = [{row[0] for row in export.rows} for name, export in exports.items() if name.startswith("订单导出_2")]
    assert ids[0] & ids[1]
    assert ids[1] & ids[2]


def test_a_filtered_list_holds_only_orders_that_still_wait(exports):
    for name, export in exports.items():
        if re.match("订单导出_(催发货|优先发货|修改地址)", name):
            rows = [dict(zip(export.columns, row, strict=True)) for row in export.rows]
            assert {row["订单状态"] for row in rows} <= {"待发货"}
            assert not any(row["发货时间"] for row in rows)


def test_noted_small_payments_are_those_of_the_fund_flow(orders, flows):
    noted = {
        (order_id, round(float(amount) * 100), at)
        for order_id, row in orders.items()
        for at, amount in PAID_OUT.findall(row["订单备注"])
    }
    booked = Counter((row["关联业务单号"], round(float(row["发生额（元）"]) * 100)) for row in flows if row["描述"] == "小额打款")
    assert len(noted) > 500
    known = Counter((order_id, amount) for order_id, amount, _ in noted)
    assert all(booked[key] >= count for key, count in known.items())
    assert any(row["订单备注"].count("小额打款金额") > 1 for row in orders.values())


def test_the_fund_flow_books_every_kind_of_remark(flows):
    words = Counter(re.sub(r"\d", "", row["描述"]) for row in flows)
    for word in (
        "小额打款",
        "商责退运费垫资追回",
        "晚发立赔售后商责延迟发货等违约金扣款",
        "晚揽立赔平台追回",
        "发货异常用户体验赔付",
    ):
        assert words[word] > 5
    for word in ("平台赔付商家", "分账追回超售后期平台服务费退款单号", "分账追回超售后期推广者三方分佣户退款单号", "商家提现"):
        assert words[word] > 5
    assert {row["业务类型"] for row in flows} >= {"资金冻结", "货款结算"}
    assert len({row["账务流水号"] for row in flows}) == len(flows)


def test_the_running_balance_adds_up(flows):
    balance = 3_000_000
    for row in flows:
        if row["业务类型"] != "资金冻结":
            amount = round(float(row["发生额（元）"]) * 100)
            balance += amount if row["账务方向"] == "收" else -amount
        assert balance == round(float(row["期末余额（元）"]) * 100) > 0
