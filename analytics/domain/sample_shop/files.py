"""The files of the sample shop: which export was drawn when, under which name, in which form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from analytics.domain.sample_shop import catalogue as shop
from analytics.domain.sample_shop import layouts
from analytics.domain.sample_shop.bookings import (
    SmallPayments,
    ad_spend_rows,
    freight_insurance_rows,
    fund_flow_rows,
    settlement_rows,
    small_payments,
)  # fmt: skip
from analytics.domain.sample_shop.claims import DELIVERED
from analytics.domain.sample_shop.hazards import DAY, HOUR, NEVER
from analytics.domain.sample_shop.histories import History, live_through
from analytics.domain.sample_shop.orders import Orders, draw_orders
from analytics.domain.sample_shop.views import case_rows, order_rows
from analytics.domain.sample_shop.words import moment_of, order_ids, seconds_of

NEWEST_EXPORT = time(0, 31, 7)  # of the day after the last one: every order of the last day is in
LIST_EXPORT = time(9, 12, 30)
URGE_LIST_DAYS_BEFORE = (40, 27, 20, 13, 9, 6, 4, 3, 2, 1, 0)
PRIORITY_LIST_DAYS_BEFORE = (34, 24, 17, 10, 5, 2, 0)
ADDRESS_LIST_DAYS_BEFORE = (15, 3)
FIRST_CASE_DAY = 5

Tagged = tuple[float, str, str, int | None, str, int | None]  # moment, order id, tool, count, outcome, fen


@dataclass(frozen=True)
class Export:
    """One file: platform exports hold texts under `columns`; with `template` set, rows hold typed values for that template."""

    name: str
    rows: Sequence[tuple[Any, ...]]
    exported_at: datetime
    columns: tuple[str, ...] = ()
    encoding: str = "utf-8-sig"
    title: str = ""
    template: str = ""


@dataclass(frozen=True)
class SampleShop:
    """The shop's whole life: its orders, what became of them, and until when (seconds since the first midnight) it is known."""

    orders: Orders
    history: History
    payments: SmallPayments
    until: date
    as_of: float


def build_shop(*, until: date, seed: int, order_count: int = shop.ORDERS) -> SampleShop:
    """Let the sample shop live for 120 days up to `until`; the same date and seed give the same shop."""
    orders = draw_orders(np.random.Generator(np.random.PCG64(seed)), until=until, order_count=order_count)
    history = live_through(orders)
    newest = seconds_of(orders.first_day, datetime.combine(until + timedelta(days=1), NEWEST_EXPORT))
    return SampleShop(orders, history, small_payments(orders, history), until, newest)


def sample_exports(sample: SampleShop) -> Iterator[Export]:
    """Return every file an operator of the sample shop would have on the desktop."""
    yield from main_exports(sample)
    yield from further_exports(sample)


def main_exports(sample: SampleShop) -> Iterator[Export]:
    """Return the files that the account stands on: how everything is now, what was booked, what the shop says of its costs."""
    yield _newest_orders(sample)
    yield _newest_cases(sample)
    yield from _money_exports(sample)
    yield from _cost_files(sample)


def further_exports(sample: SampleShop) -> Iterator[Export]:
    """Return the files that say how it came to this and move no figure of the account: earlier exports, lists of the tools."""
    yield from _earlier_orders(sample)
    yield from _list_exports(sample)
    yield _earlier_cases(sample)
    yield _own_file(sample, "标记订单", _tagged_order_rows(sample))


def _moment(sample: SampleShop, day: int, at: time) -> datetime:
    """Return a moment on the n-th day (0 the first that is exported)."""
    return datetime.combine(sample.orders.first_day + timedelta(days=shop.WARM_UP_DAYS + day), at)


def _order_file(
    sample: SampleShop,
    index: np.ndarray,
    at: datetime,
    *,
    label: str = "",
    suffix: str = "csv",
    columns: tuple[str, ...] = layouts.ORDER_COLUMNS,
    encoding: str = "utf-8-sig",
    sign: str = "¥",
) -> Export:
    as_of = seconds_of(sample.orders.first_day, at)
    rows = order_rows(sample.orders, sample.history, sample.payments, columns, index, as_of, sign)
    return Export(f"订单导出_{label}{at:%Y%m%d%H%M%S}.{suffix}", rows, at, columns, encoding)


def _created_on(sample: SampleShop, first: int, last: int) -> np.ndarray:
    """Return the orders of these days (0 the first that is exported)."""
    created_day = (sample.orders.created // DAY).astype(int) - shop.WARM_UP_DAYS
    return np.flatnonzero((created_day >= first) & (created_day <= last))


def _newest_orders(sample: SampleShop) -> Export:
    """Return the newest export, which shows how everything stands now."""
    return _order_file(sample, _created_on(sample, 0, shop.DAYS - 1), moment_of(sample.orders.first_day, sample.as_of))


def _earlier_orders(sample: SampleShop) -> Iterator[Export]:
    """Return the monthly exports, each as of its own time."""
    earlier = layouts.EARLIER_ORDER_COLUMNS
    first, second, third = ((39, time(10, 12, 44)), (64, time(18, 3, 9)), (93, time(9, 40, 51)))
    yield _order_file(sample, _created_on(sample, 0, 31), _moment(sample, *first), columns=earlier, encoding="gb18030", sign="￥")
    yield _order_file(sample, _created_on(sample, 29, 61), _moment(sample, *second))
    yield _order_file(sample, _created_on(sample, 58, 91), _moment(sample, *third), suffix="xlsx")


def _list_exports(sample: SampleShop) -> Iterator[Export]:
    """Return the filtered lists: orders urged, tagged or with another address that still waited when the list was drawn."""
    newest = moment_of(sample.orders.first_day, sample.as_of)
    history = sample.history
    granted = np.where(history.is_address_granted, history.address_asked, NEVER)
    plans = (
        ("催发货_", history.urged, URGE_LIST_DAYS_BEFORE, newest),
        ("优先发货_", history.tagged, PRIORITY_LIST_DAYS_BEFORE, newest + timedelta(minutes=2)),
        ("修改地址_", granted, ADDRESS_LIST_DAYS_BEFORE, newest + timedelta(minutes=4)),
    )
    for label, since, days_before, last in plans:
        for at in (*(_moment(sample, shop.DAYS - 1 - days, LIST_EXPORT) for days in days_before), last):
            yield _order_file(sample, _still_waiting(sample, since, at), at, label=label)


def _still_waiting(sample: SampleShop, since: np.ndarray, at: datetime) -> np.ndarray:
    as_of = seconds_of(sample.orders.first_day, at)
    left = np.minimum(sample.history.shipped, sample.history.closed)
    return np.flatnonzero((since <= as_of) & (left > as_of) & ~sample.orders.is_warm_up)


def _newest_cases(sample: SampleShop) -> Export:
    """Return all after-sales cases since the sixth day as they stand now.

    The first days are missing (their refunds are known from the orders alone), and cases of older orders come without them.
    """
    newest = moment_of(sample.orders.first_day, sample.as_of) + timedelta(minutes=1)
    return _case_file(sample, _moment(sample, FIRST_CASE_DAY, time(0)), newest, "csv")


def _earlier_cases(sample: SampleShop) -> Export:
    """Return the cases of the third month as they stood then."""
    return _case_file(sample, _moment(sample, 60, time(0)), _moment(sample, 91, time(20, 15, 33)), "xlsx")


def _case_file(sample: SampleShop, since: datetime, at: datetime, suffix: str) -> Export:
    applied, first_day = sample.history.cases.applied, sample.orders.first_day
    as_of = seconds_of(first_day, at)
    index = np.flatnonzero((applied >= seconds_of(first_day, since)) & (applied <= as_of))
    rows = case_rows(sample.orders, sample.history, index, as_of)
    return Export(f"售后单导出_{at:%Y%m%d%H%M%S}.{suffix}", rows, at, layouts.CASE_COLUMNS)


def _money_exports(sample: SampleShop) -> Iterator[Export]:
    """Return what was booked: fund flows, the bill of the return insurance, the settled orders."""
    orders, history, as_of = sample.orders, sample.history, sample.as_of
    at = moment_of(orders.first_day, as_of)
    flow = fund_flow_rows(orders, history, sample.payments, as_of)
    yield Export(f"动账明细_{at:%Y%m%d%H%M%S}.csv", flow, at, layouts.FUND_FLOW_COLUMNS, "gb18030")
    insurance = freight_insurance_rows(orders, history, as_of)
    yield Export(f"运费险账单_{at:%Y%m%d%H%M%S}.csv", insurance, at, layouts.FREIGHT_INSURANCE_COLUMNS, title="快手运费险账单")
    settlement = settlement_rows(orders, history, layouts.SETTLEMENT_COLUMNS, as_of)
    yield Export(f"结算账单_{at:%Y%m%d%H%M%S}.csv", settlement, at, layouts.SETTLEMENT_COLUMNS)


def _cost_files(sample: SampleShop) -> Iterator[Export]:
    """Return the operator's own tables of what things cost, for the templates of the same names; money in fen."""
    yield _own_file(sample, "广告花费", ad_spend_rows(sample.orders, sample.until))
    yield _own_file(sample, "商品成本", _product_cost_rows(sample))
    yield _own_file(sample, "成本设置", _cost_setting_rows(sample))


def _own_file(sample: SampleShop, name: str, rows: Sequence[tuple[Any, ...]]) -> Export:
    return Export(f"{name}.xlsx", rows, moment_of(sample.orders.first_day, sample.as_of), template=name)


def _product_cost_rows(sample: SampleShop) -> list[tuple[str, str, int, date]]:
    """Return unit costs: one product's rises half-way, one size costs more, and the last product's nobody has entered."""
    start = sample.orders.first_day - timedelta(days=60)
    half_way = sample.until - timedelta(days=shop.DAYS // 2)
    rows = [(product.product_id, "", product.cost_fen, start) for product in shop.PRODUCTS[:-1]]
    coat, bedding = shop.PRODUCTS[2], shop.PRODUCTS[3]
    rows.append((coat.product_id, "", coat.cost_fen * 108 // 100, half_way))
    rows.append((bedding.product_id, bedding.skus[1][0], bedding.cost_fen + 900, start))
    return rows


def _cost_setting_rows(sample: SampleShop) -> list[tuple[str, str, str, date | None]]:
    """Return the few settings the shop has made: freight dearer since two months ago, and by province; the rest stays assumed."""
    half_way = sample.until - timedelta(days=shop.DAYS // 2)
    return [
        ("outbound_freight", "", "2.80", None),
        ("outbound_freight", "", "3.10", half_way),
        ("outbound_freight", "province:新疆", "12.00", None),
        ("packing", "", "0.60", None),
        ("return_freight", "", "7.00", None),
        ("merchant_bears_return", "reason:七天无理由退货", "0%", None),
        ("hourly_wage", "", "26.00", None),
        ("damage_rate_returned", f"product:{shop.PRODUCTS[4].product_id}", "35%", None),
    ]


def _tagged_order_rows(sample: SampleShop) -> list[tuple[Any, ...]]:
    """Return what customer service has written down: urges, tags, address requests with their outcome, coupons for complaints."""
    history, as_of, first_day = sample.history, sample.as_of, sample.orders.first_day
    ids = order_ids(np.arange(len(sample.orders)))
    rows: list[Tagged] = []
    for i in np.flatnonzero((history.urged <= as_of) & ~sample.orders.is_warm_up).tolist():
        rows.append((history.urged[i], ids[i], "催发货", 1, "", None))
        left = min(history.shipped[i], history.closed[i], as_of)
        again = history.urged[i] + 0.8 * (left - history.urged[i])
        if history.urge_count[i] > 1 and again > history.urged[i] + HOUR:
            rows.append((again, ids[i], "催发货", int(history.urge_count[i]), "", None))
    for i in np.flatnonzero((history.tagged <= as_of) & ~sample.orders.is_warm_up).tolist():
        rows.append((history.tagged[i], ids[i], "优先发货", None, "", None))
    for i in np.flatnonzero((history.address_asked <= as_of) & ~sample.orders.is_warm_up).tolist():
        outcome = "同意" if history.is_address_granted[i] else "拒绝"
        rows.append((history.address_asked[i], ids[i], "修改地址", None, outcome, None))
    rows += _complaint_coupons(sample, ids)
    by_time = sorted(rows, key=lambda row: row[:3])
    return [(order_id, tool, moment_of(first_day, int(at)), *details) for at, order_id, tool, *details in by_time]


def _complaint_coupons(sample: SampleShop, ids: list[str]) -> list[Tagged]:
    """Return the coupons sent within a day to some who complained after delivery; they change nothing."""
    cases, orders = sample.history.cases, sample.orders
    sent = cases.applied + 3 * HOUR
    is_chosen = (orders.draws["receive"] < 0.05) & ~orders.is_warm_up
    given = np.flatnonzero((cases.phase == DELIVERED) & ~cases.is_second & is_chosen[cases.order] & (sent <= sample.as_of))
    return [(sent[c], ids[cases.order[c]], "优惠券", None, "已发放", 500) for c in given.tolist()]
