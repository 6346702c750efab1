"""The definitions of refunds, one case taken apart, and the list of cases: by hand, and against slow twins."""

from __future__ import annotations

import random
from datetime import date

import pytest

from analytics.errors import OperatorError
from analytics.store import asking, questions
from tests.ledger.facts import SHOP, Facts, records
from tests.seeds import first_of

COMPONENTS = ("sales", "acquisition", "logistics", "handling", "damage")
SPLIT = ("actual", "set", "assumed")
PERIODS = [{}, {"first_day": "2026-03-02", "last_day": "2026-03-12"}, {"last_day": "2026-03-01"}]
LOGISTICS = ("freight", "packing", "premium", "back", "intercept", "again_freight", "again_packing")
HANDLING = {"minutes": 1, "fee_kept": 1, "inspection": 1, "penalty": 0, "kept_fees": 0}  # 0: always from a file


def dated(filters):
    return {name: date.fromisoformat(value) if name.endswith("_day") else value for name, value in filters.items()}


def definitions(facts: Facts, **filters) -> dict[tuple, tuple]:
    rows = records(questions.definitions(facts.settled().cursor, **dated(filters)))
    keys = ("clock", "measure", "base", "with_before_shipment", "is_capped")
    return {tuple(row[key] for key in keys): (row["numerator"], row["denominator"]) for row in rows}


def small_shop(facts: Facts) -> None:
    """Three paid orders of ¥100 and one of ¥80 with ¥20 of subsidy: ¥400 receivable, ¥380 paid."""
    facts.order("A")
    facts.returned("A1", "A", 100)
    facts.case("A2", "A", 30, finished_at="2026-03-20 10:00:00")  # more than the order brought
    facts.unshipped("B")
    facts.case("B1", "B", 100, finished_at="2026-03-03 10:00:00")
    facts.order("C", 80, subsidy_fen=2000, paid_at="2026-03-10 10:00:00")
    facts.case("C1", "C", 40, finished_at="2026-03-11 10:00:00")
    facts.order("D", paid_at="2026-03-10 10:00:00")
    facts.case("D1", "D", 100, kind_word="换货")
    facts.case("D2", "D", 100, status_word="售后关闭")


def test_every_definition_of_a_small_shop_by_hand(facts):
    small_shop(facts)
    found = definitions(facts)
    assert len(found) == 24
    for clock in ("paid", "refunded"):  # over all time they agree
        assert found[clock, "money", "receivable", True, False] == (27_000, 40_000)
        assert found[clock, "money", "receivable", True, True] == (24_000, 40_000)
        assert found[clock, "money", "paid", False, False] == (17_000, 38_000)
        assert found[clock, "money", "paid", False, True] == (14_000, 38_000)
        assert found[clock, "count", "orders", True, False] == (4, 4)
        assert found[clock, "count", "orders", True, True] == (3, 4)
        assert found[clock, "count", "orders", False, False] == (3, 4)
        assert found[clock, "count", "orders", False, True] == (2, 4)


def test_the_clock_decides_which_refunds_belong_to_a_period_and_the_denominator_stays_what_was_paid(facts):
    small_shop(facts)
    found = definitions(facts, first_day="2026-03-10", last_day="2026-03-12")
    assert found["paid", "money", "receivable", True, False] == (4_000, 20_000)
    assert found["refunded", "money", "receivable", True, False] == (14_000, 20_000)  # A1 on the 10th, C1 on the 11th
    assert found["refunded", "count", "orders", True, True] == (2, 2)


def test_nothing_sold_is_a_rate_over_nothing(facts):
    rows = records(questions.definitions(facts.settled().cursor))
    assert {(row["numerator"], row["denominator"], row["rate"]) for row in rows} == {(0, 0, None)}


def test_definitions_take_filters_of_orders_and_refuse_those_of_cases(facts):
    small_shop(facts)
    facts.order("E", province="广东")
    assert definitions(facts, where={"province": ["广东"]})["paid", "money", "paid", True, False] == (0, 10_000)
    with pytest.raises(OperatorError, match="stage"):
        definitions(facts, where={"stage": ["returned"]})


def random_shop(facts: Facts, seed: int) -> None:
    """Orders of one or two lines with up to three cases each, some larger than the order."""
    chance = random.Random(seed)
    number = 0
    for order in range(30):
        order_id = f"O{order}"
        is_shipped = chance.random() < 0.7
        day = f"2026-03-{chance.randint(1, 6):02d} 10:00:00"
        shipping = {} if is_shipped else {"shipped_at": None, "order_status": "待发货"}
        for line in range(chance.choice((1, 1, 2))):
            price = chance.randint(1, 90)
            facts.order(order_id, price, product_id=f"P{line}", paid_at=day, subsidy_fen=chance.choice((0, 500)), **shipping)
        for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
            number += 1
            facts.case(
                f"K{number:03d}",
                order_id,
                chance.randint(0, 60),
                product_id=chance.choice(("", "P0")),
                kind_word=chance.choice(("仅退款", "仅退款", "退货退款", "换货", "补寄", "价保")),
                status_word=chance.choice(("售后成功", "售后成功", "售后关闭", "待买家退货")),
                return_no=chance.choice(("", f"R{number}")),
                finished_at=f"2026-03-{chance.randint(5, 14):02d} 12:00:00",
            )
    facts.case("U1", "没有的订单", 10, order_paid_fen=1000, order_created_at="2026-03-02 09:00:00")


def twin_of_definitions(facts: Facts, **filters) -> dict[tuple, tuple]:
    """The same from the list of refunds and the orders' rows, one after the other."""
    period = dated(filters)
    first_day, last_day = period.get("first_day", date.min), period.get("last_day", date.max)
    cursor = facts.settled().cursor
    columns = "order_key, is_paid, paid_at, paid_fen, receivable_fen, order_receivable_fen"
    lines = cursor.execute(f"select {columns} from marts.lines").fetchall()  # noqa: S608 - the words are above
    limits = {line[0]: max(line[5], 0) for line in lines}
    sold = [line for line in lines if line[1] and first_day <= line[2].date() <= last_day]
    bases = {
        "receivable": sum(line[4] for line in sold),
        "paid": sum(line[3] for line in sold),
        "orders": len({line[0] for line in sold}),
    }
    found = {}
    for clock, dated_by in (("paid", "paid_at"), ("refunded", "finished_at")):
        cases = [
            row
            for row in records(questions.refunds(cursor))
            if row["stage"] != "closed"
            and row["kind"] not in ("exchange", "reship")
            and row[dated_by] is not None
            and first_day <= row[dated_by].date() <= last_day
        ]
        for with_before in (True, False):
            counted = [row for row in cases if with_before or row["stage"] != "before_shipment"]
            by_order: dict[str, int] = {}
            for row in counted:
                by_order[row["order_id"]] = by_order.get(row["order_id"], 0) + (row["sales_fen"] or 0)
            capped = sum(min(fen, limits[order_id]) for order_id, fen in by_order.items())
            for base in ("receivable", "paid"):
                found[clock, "money", base, with_before, False] = (sum(by_order.values()), bases[base])
                found[clock, "money", base, with_before, True] = (capped, bases[base])
            found[clock, "count", "orders", with_before, False] = (len(counted), bases["orders"])
            found[clock, "count", "orders", with_before, True] = (len(by_order), bases["orders"])
    return found


@pytest.mark.parametrize("seed", first_of(range(6), 3))
def test_definitions_agree_with_a_slow_twin(facts, seed):
    random_shop(facts, seed)
    for period in PERIODS:
        assert definitions(facts, **period) == twin_of_definitions(facts, **period)


@pytest.mark.parametrize("period", PERIODS)
def test_the_ledgers_own_rates_are_among_the_definitions(facts, period):
    random_shop(facts, 1)
    for clock in asking.CLOCKS:
        total, found = facts.total(clock=clock, **period), definitions(facts, **period)
        assert found[clock, "money", "receivable", True, False] == (total["sales_fen"], total["receivable_fen"])
        assert found[clock, "count", "orders", True, True] == (total["refunded_orders"], total["orders"])


@pytest.mark.parametrize("filters", [{}, {"where": {"product": ["P1"]}}, {"where": {"stage": ["returned"]}, "clock": "refunded"}])
def test_the_list_of_cases_is_the_refunds_with_the_costliest_first(facts, filters):
    random_shop(facts, 2)
    listed = records(questions.case_list(facts.settled().cursor, **filters))
    known = facts.refunds(**filters)
    assert {row["case_id"] for row in listed} == set(known)
    same = [*(f"{name}_fen" for name in COMPONENTS), "refund_fen", "hidden_fen", "total_fen", "stage", "product", "source_row"]
    for row in listed:
        assert {name: row[name] for name in same} == {name: known[row["case_id"]][name] for name in same}
    totals = [row["total_fen"] or 0 for row in listed]
    assert totals == sorted(totals, reverse=True)
    assert {row["case_count"] for row in listed} == {len(listed)}


def test_a_list_that_is_cut_keeps_the_costliest_and_knows_how_many_there_are(facts):
    random_shop(facts, 3)
    everything = records(questions.case_list(facts.settled().cursor))
    cut = records(questions.case_list(facts.cursor, row_limit=5))
    assert cut == everything[:5]
    assert cut[0]["case_count"] == len(everything) > 5


def test_open_cases_are_listed_apart_and_add_up_to_the_exposure(facts):
    random_shop(facts, 4)
    listed = records(questions.case_list(facts.settled().cursor, is_open=True))
    exposure = records(questions.exposure_by(facts.cursor))[0]
    assert len(listed) == exposure["open_cases"] > 0
    assert sum(row["total_fen"] or 0 for row in listed) == exposure["total_fen"]


def rows_of(facts: Facts, case_id: str):
    return records(questions.case_account(facts.settled().cursor, case_ids=(case_id,), shops=(SHOP,)))


def sources_of(facts: Facts, case_id: str) -> dict[str, list]:
    found: dict[str, list] = {}
    for row in records(questions.case_sources(facts.settled().cursor, case_ids=(case_id,), shops=(SHOP,))):
        found.setdefault(row["input"], []).append(row)
    return found


def assert_parts_bear_the_ledgers_provenance(row: dict) -> None:
    """Each part with its own doubt gives the component's split: the parts are the ledger's, and so is where they come from."""
    parts = {
        "sales": [(row["sales_fen"], row["sales_doubt"])],
        "acquisition": [(row["acquisition_fen"], row["acquisition_doubt"])],
        "logistics": [(row[f"{part}_fen"], row[f"{part}_doubt"]) for part in LOGISTICS],
        "handling": [(row[f"{part}_fen"], row[f"{part}_doubt"] if has_doubt else 0) for part, has_doubt in HANDLING.items()],
        "damage": [(row["damage_fen"], row["damage_doubt"])],
    }
    for component, known in parts.items():
        for doubt, name in enumerate(SPLIT):
            assert sum(fen for fen, its in known if its == doubt) == row[f"{component}_{name}_fen"], (component, name)
        if component != "logistics" or row["stage"] != "unknown":
            assert any(its == 3 for _, its in known) == row[f"is_{component}_unknown"], component


@pytest.mark.parametrize("seed", first_of(range(5), 3))
def test_the_parts_of_every_case_add_up_to_its_components_with_their_provenance(facts, seed):
    random_shop(facts, seed)
    facts.setting("outbound_freight", "4.00", since="2026-03-01")
    facts.setting("return_freight", "off")
    facts.setting("merchant_bears_return", "50%")
    facts.setting("fee_kept_rate", "3%")
    facts.spend("2026-03-02", 50)
    facts.product_cost("P0", 7)
    facts.insurance("O1", 1.5)
    facts.flow("F1", "O2", 9, "商责退运费")
    facts.flow("F2", "O3", 3, "晚发立赔")
    facts.flow("F3", "O4", -5, "平台赔付商家")
    facts.note("O5", 4, is_postage=True)
    cases = [case_id for (case_id,) in facts.settled().cursor.execute("select distinct case_id from marts.ledger").fetchall()]
    rows = records(questions.case_account(facts.cursor, case_ids=cases))
    assert len({row["case_id"] for row in rows}) == len(cases) > 20
    for row in rows:
        assert_parts_bear_the_ledgers_provenance(row)


def test_a_returned_case_says_what_it_used_and_where_that_stands(facts):
    facts.load(3, "成本.xlsx")
    facts.order("A", 100, source_row=7)
    facts.returned("1", "A", 50, source_row=9, reason="质量问题")
    facts.product_cost("P1", 20, since="2026-02-01")
    facts.setting("return_freight", "6.00", scope="reason:质量问题", since="2026-03-05")
    facts.setting("return_freight", "7.00", since="2026-01-01")
    facts.setting("inspection", "2.00", scope="product:P1")
    (row,) = rows_of(facts, "1")
    assert (row["order_file"], row["order_row"], row["case_file"], row["case_row"]) == ("订单.csv", 7, "售后.xlsx", 9)
    assert (row["share_fen"], row["receivable_fen"], row["goods_ufen"], row["damage_ppm"]) == (
        5_000,
        10_000,
        2_000_000_000,
        200_000,
    )
    assert row["damage_fen"] == 200  # ¥20 × 20 % × one half
    assert (row["back_fen"], row["back_by"], row["inspection_fen"], row["minutes_fen"]) == (600, "setting", 200, 400)
    sources = sources_of(facts, "1")
    back = sources["return_freight"][0]
    assert (back["value"], back["scope"], str(back["since"])[:10], back["is_starter"]) == (
        600,
        "reason:质量问题",
        "2026-03-05",
        False,
    )
    assert sources["inspection"][0]["scope"] == "product:P1"
    assert (sources["hourly_wage"][0]["value"], sources["hourly_wage"][0]["is_starter"]) == (3_000, True)
    assert (sources["unit_cost"][0]["value"], str(sources["unit_cost"][0]["since"])[:10]) == (2_000, "2026-02-01")


def test_ad_spend_that_did_not_reach_the_order_is_not_among_its_sources(facts):
    facts.order("A", channel="直播间", streamer_id="D1")
    facts.case("1", "A")
    facts.spend("2026-03-01", 10, channel="直播间")
    facts.spend("2026-03-01", 20, streamer="D1")
    facts.spend("2026-03-01", 40, streamer="D2")
    facts.spend("2026-03-02", 80)
    (row,) = rows_of(facts, "1")
    assert (row["acquisition_by"], row["acquisition_fen"]) == ("spend", 3_000)
    assert sorted(source["value"] for source in sources_of(facts, "1")["ad_spend"]) == [1_000, 2_000]


def test_booked_money_names_the_rows_of_its_files(facts):
    facts.order("A")
    facts.returned("1", "A")
    facts.flow("F1", "A", 9, "商责退运费", source_row=41)
    facts.insurance("A", 1.5)
    (row,) = rows_of(facts, "1")
    assert (row["back_by"], row["back_fen"], row["premium_fen"]) == ("booked", 900, 150)
    assert [(source["value"], source["row"]) for source in sources_of(facts, "1")["booked_return_freight"]] == [(900, 41)]


def test_what_a_settlement_keeps_is_a_cost_of_fully_refunded_orders_only(facts):
    facts.order("A")
    facts.case("1", "A")
    facts.order("B")
    facts.case("2", "B", 60)
    for order_id in ("A", "B"):
        facts.settlement(order_id, technical=5)
    (whole,), (part,) = rows_of(facts, "1"), rows_of(facts, "2")
    assert (whole["is_fully_refunded"], whole["kept_fees_fen"]) == (True, 500)
    assert (part["is_fully_refunded"], part["kept_fees_fen"]) == (False, 0)


def test_a_case_nobody_knows_has_no_account(facts):
    assert rows_of(facts, "没有") == []
    assert sources_of(facts, "没有") == {}
