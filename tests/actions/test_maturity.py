"""Maturity out of a ledger: equal to a slow count of the orders themselves, as a past day knew it, honest where it can't."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from analytics.actions import account, maturity, maturity_listing
from analytics.domain.loads import Actor
from analytics.errors import OperatorError
from analytics.store import marts, maturity_questions
from analytics.store.warehouse import Warehouse
from tests.ledger.facts import MEANINGS, SHOP, Facts

READER = Actor("测试", "view")
FIRST_DAY = date(2026, 1, 5)
DAYS, ORDERS_A_DAY = 80, 5
WINDOW = 196  # a shop of five orders a day
AS_OF = FIRST_DAY + timedelta(days=DAYS - 1)


@dataclass(frozen=True)
class Sale:
    """One order: the day it was paid, and the moment its refund finished, if it has one."""

    number: int
    paid_at: datetime
    refunded_at: datetime | None
    product: str

    @property
    def day(self) -> int:
        return (self.paid_at.date() - FIRST_DAY).days

    @property
    def lag(self) -> int | None:
        return None if self.refunded_at is None else (self.refunded_at.date() - self.paid_at.date()).days


def sales_of(seed: int) -> list[Sale]:
    """A third of the orders of product P2 come back, a fifth of P1's, within six weeks; the last sale of every day at 23:30."""
    chance = np.random.default_rng(seed)
    sales = []
    for number in range(DAYS * ORDERS_A_DAY):
        day, place = divmod(number, ORDERS_A_DAY)
        hour = {"hour": 23, "minute": 30} if place == ORDERS_A_DAY - 1 else {"hour": 8 + place}
        paid_at = datetime.combine(FIRST_DAY + timedelta(days=day), datetime.min.time()).replace(**hour)
        product = "P2" if number % 2 else "P1"
        refunded_at = paid_at + timedelta(hours=float(chance.gamma(1.5, 150.0)))
        is_refunded = chance.random() < (0.45 if product == "P2" else 0.25)
        sales.append(Sale(number, paid_at, refunded_at if is_refunded else None, product))
    return sales


def put(
    folder: Path, sales: list[Sale], *, known_until: datetime, undated: int = 0, last_shipment: datetime | None = None
) -> Warehouse:
    """A ledger that holds what exports of that moment hold: no later order, and no case that finished later."""
    warehouse = Warehouse.open(folder, threads=1)
    with warehouse.transaction() as cursor:
        marts.install_views(cursor)
        facts = Facts(cursor)
        for field in ("case_status", "case_kind", "order_status", "order_after_sales"):
            for word, meaning in MEANINGS[field].items():
                facts.word(field, word, meaning, is_operators=True)
        cursor.execute("delete from shops")
        facts.shop(SHOP)
        facts.load(1, "订单.csv")
        facts.load(2, "售后.xlsx")
        for sale in sales:
            if sale.paid_at < known_until:
                tells = {"after_sales_status": "退款成功", "order_status": "交易关闭"} if sale.number < undated else {}
                if sale is sales[-1] and last_shipment:
                    tells["shipped_at"] = last_shipment
                facts.order(f"A{sale.number}", product_id=sale.product, paid_at=sale.paid_at, created_at=sale.paid_at, **tells)
            if sale.number >= undated and sale.refunded_at is not None and sale.refunded_at < known_until:
                facts.case(f"C{sale.number}", f"A{sale.number}", applied_at=sale.refunded_at, finished_at=sale.refunded_at)
    marts.refresh(warehouse)
    return warehouse


@pytest.fixture(scope="module")
def sales() -> list[Sale]:
    return sales_of(3)


@pytest.fixture(scope="module")
def shop(tmp_path_factory, sales):
    warehouse = put(tmp_path_factory.mktemp("成熟度") / "账本", sales, known_until=datetime(2027, 1, 1))
    yield warehouse
    warehouse.close()


def slow_final_rates(sales: list[Sale], as_of: int) -> dict[str, float]:
    """Expected final share of every day's orders, counted order by order."""
    known = [sale for sale in sales if sale.day <= as_of]

    def came(sale: Sale, lag: int) -> bool:
        return sale.lag == lag and sale.day + lag <= as_of

    alive = [1.0]
    for lag in range(46):
        told = [sale for sale in known if as_of - lag - WINDOW < sale.day <= as_of - lag]
        events = sum(came(sale, lag) for sale in told)
        at_risk = sum(not any(came(sale, earlier) for earlier in range(lag)) for sale in told)
        alive.append(alive[-1] * (1 - (events + 0.005) / (at_risk + 0.5)))
    rates = {}
    for day in range(as_of + 1):
        own = [sale for sale in known if sale.day == day]
        age = as_of - day
        so_far = sum(sale.lag is not None and sale.day + sale.lag <= as_of for sale in own) / len(own)
        if age < 45:
            first = so_far + (1 - so_far) * (1 - alive[-1] / alive[age + 1])
            come = (1 - alive[age + 1]) / (1 - alive[-1])
            so_far += first * (1 - come)
        rates[str(FIRST_DAY + timedelta(days=day))] = so_far
    return rates


@pytest.mark.parametrize("as_of", [DAYS - 1, DAYS - 7])
def test_the_ledger_equals_counting_order_by_order_to_a_millionth(shop, sales, as_of):
    said = maturity_listing.listing(shop, "day", account.Filters(), actor=READER, as_of=FIRST_DAY + timedelta(days=as_of))
    assert said["horizon_days"] == 45
    found = {row["day"]: row["rate_final"] for row in said["rows"]}
    assert found == pytest.approx(slow_final_rates(sales, as_of), abs=1e-6)


def test_as_of_a_day_equals_a_ledger_that_holds_only_what_was_known_then(shop, sales, tmp_path):
    day = FIRST_DAY + timedelta(days=DAYS - 12)
    then = put(tmp_path / "那天的账本", sales, known_until=datetime.combine(day + timedelta(days=1), datetime.min.time()))
    try:
        for by, measure in ((None, "orders"), ("product", "orders"), (None, "total"), ("product", "sales")):
            asked = {"actor": READER, "as_of": day, "measure": measure}
            now = maturity_listing.listing(shop, by, account.Filters(), **asked)
            assert now == maturity_listing.listing(then, by, account.Filters(), **asked)
            assert now["as_of"] == day
    finally:
        then.close()


def test_a_row_has_the_fields_of_the_contract_and_says_how_old_it_is(shop):
    said = maturity_listing.listing(shop, None, account.Filters(), actor=READER)
    fields = [
        *("cohort", "paid_orders", "refunded_so_far", "rate_so_far", "rate_final", "rate_low", "rate_high"),
        *("age_days", "horizon_days", "mature"),
    ]
    assert said["as_of"] == AS_OF
    assert all(list(row) == fields for row in said["rows"])
    assert {row["cohort"] for row in said["rows"]} >= {"2026-01-05", "2026-01-12"}  # five orders a day: weeks
    first, last = said["rows"][0], said["rows"][-1]
    assert (first["age_days"], first["mature"]) == (DAYS - 7, True)
    assert first["rate_low"] == first["rate_final"] == first["rate_high"] == first["rate_so_far"]
    assert (last["age_days"], last["mature"]) == (0, False)
    assert last["rate_so_far"] <= last["rate_low"] < last["rate_final"] < last["rate_high"] <= 1


def test_groups_add_up_to_about_the_shop_and_keep_their_own_level(shop):
    by_product = maturity_listing.listing(shop, "product", account.Filters(), actor=READER)
    whole = by_product["total"]
    assert sum(row["paid_orders"] for row in by_product["rows"]) == whole["paid_orders"] == DAYS * ORDERS_A_DAY
    final = sum(row["rate_final"] * row["paid_orders"] for row in by_product["rows"]) / whole["paid_orders"]
    assert final == pytest.approx(whole["rate_final"], abs=0.01)
    rates = {row["product"]: row["rate_final"] for row in by_product["rows"]}
    assert rates["P2"] > rates["P1"] + 0.1


def test_a_selection_that_sold_nothing_lately_has_nothing_to_come(shop):
    found = maturity.outlook(shop, actor=READER)
    asked = {"where": {"product": ("P9",)}, "recent_from": found.recent_from}
    frame = account.answer(shop, maturity_questions.cohorts, actor=READER, **asked)
    row = maturity.expected(found, frame).iloc[0]
    assert (row["orders_sold"], row["orders_final"], row["orders_high"]) == (0, 0, 0)
    by_day = maturity.expected(found, frame, dimensions=("day",))
    assert by_day.empty
    said = maturity_listing.listing(shop, None, account.Filters(where={"product": ("P9",)}), actor=READER)
    assert said["rows"] == []
    assert said["total"]["rate_final"] is None


def test_by_reason_everything_that_was_sold_is_the_base(shop):
    rows = maturity_listing.listing(shop, "reason", account.Filters(), actor=READER)["rows"]
    assert [(row["reason"], row["paid_orders"]) for row in rows] == [("不想要了", DAYS * ORDERS_A_DAY)]


def test_losses_carry_their_maturity_beside_their_rows(shop):
    filters = account.Filters(first_day=AS_OF - timedelta(days=20))
    answer = account.losses(shop, ("product",), filters, actor=READER)
    beside = maturity_listing.beside_losses(shop, answer, ("product",), filters, actor=READER)
    assert len(beside["rows"]) == len(answer["rows"])
    for told, row in zip([*beside["rows"], beside["total"]], [*answer["rows"].to_dict("records"), answer["total"]], strict=True):
        assert told["refund_rate"]["so_far"] == pytest.approx(row["sales_fen"] / row["receivable_fen"], abs=1e-6)
        for rate in told.values():
            assert rate["so_far"] <= rate["low"] <= rate["final"] <= rate["high"]
    by_refund_date = account.Filters(clock="refunded")
    assert maturity_listing.beside_losses(shop, answer, ("product",), by_refund_date, actor=READER) is None


def test_a_replay_says_what_was_said_and_what_became_of_it(shop, sales):
    told = maturity.replay(shop, 14, actor=READER, period_days=30)
    assert (told["then"].as_of, told["now"].as_of) == (AS_OF - timedelta(days=14), AS_OF)
    assert (told["first_day"], told["last_day"]) == (AS_OF - timedelta(days=43), AS_OF - timedelta(days=14))
    total = told["total"].iloc[0]
    assert total["orders_sold"] == total["orders_sold_now"] == 30 * ORDERS_A_DAY
    assert total["orders_so_far"] < total["orders_so_far_now"] <= total["orders_final_now"]
    assert len(told["rows"]) == 30


def test_too_short_a_history_says_raw_figures_and_that_they_are_not_mature(shop):
    said = maturity_listing.listing(shop, "day", account.Filters(), actor=READER, as_of=FIRST_DAY + timedelta(days=33))
    assert (said["why_not"], said["horizon_days"]) == ("short", None)
    row = said["rows"][0]
    assert row["rate_so_far"] is not None
    assert (row["rate_final"], row["rate_low"], row["rate_high"], row["mature"]) == (None, None, None, False)


def test_a_shorter_history_names_a_shorter_horizon_and_counts_what_came_within_it(shop, sales):
    said = maturity_listing.listing(shop, "day", account.Filters(), actor=READER, as_of=FIRST_DAY + timedelta(days=45))
    assert said["horizon_days"] == 15
    first = said["rows"][0]
    assert first["mature"]
    within = [sale for sale in sales if sale.day == 0 and sale.lag is not None and sale.lag <= 15]
    assert first["refunded_so_far"] == len(within)


def test_refunds_that_nobody_can_date_forbid_a_forecast(tmp_path, sales):
    """Forty orders whose own export tells of the refund: more than a tenth of all refunds have no date."""
    warehouse = put(tmp_path / "无日期", sales, known_until=datetime(2027, 1, 1), undated=40)
    try:
        said = maturity_listing.listing(warehouse, None, account.Filters(), actor=READER)
    finally:
        warehouse.close()
    assert said["why_not"] == "undated"
    assert said["total"]["rate_final"] is None
    assert said["total"]["rate_so_far"] > 0
    assert not any(row["mature"] for row in said["rows"])


def test_a_day_before_the_first_order_and_words_that_are_not_there_are_refused(shop):
    with pytest.raises(OperatorError, match="第一笔订单"):
        maturity.outlook(shop, actor=READER, as_of=FIRST_DAY - timedelta(days=1))
    with pytest.raises(OperatorError, match="颜色"):
        maturity_listing.listing(shop, "颜色", account.Filters(), actor=READER)
    with pytest.raises(OperatorError, match="provenance"):
        maturity_listing.listing(shop, "provenance", account.Filters(), actor=READER)


def test_days_on_which_parcels_left_and_nothing_was_sold_are_known_days(tmp_path, sales):
    sold, silent_days = [sale for sale in sales if sale.day < DAYS - 3], 3
    last_shipment = datetime.combine(AS_OF, datetime.min.time()).replace(hour=23, minute=10)
    warehouse = put(tmp_path / "账本", sold, known_until=datetime(2027, 1, 1), last_shipment=last_shipment)
    found = maturity.outlook(warehouse, actor=READER)
    assert (found.as_of, found.why_not) == (AS_OF, "")
    assert list(found.cohorts["orders"].sold[-silent_days - 1 :]) == [ORDERS_A_DAY, 0, 0, 0]
    by_day = maturity.expected(found, account.answer(warehouse, maturity_questions.cohorts, actor=READER), dimensions=("day",))
    assert by_day["age_days"].min() == silent_days
    warehouse.close()
