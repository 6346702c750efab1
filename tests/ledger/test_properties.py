"""Properties that hold for any shop: what is spread adds up, breakdowns add up, the order of facts does not matter."""

from __future__ import annotations

import random

import pytest

from analytics.domain import vocabulary
from analytics.store import questions
from tests.ledger.facts import Facts, records

MONEY = ("sales_fen", "acquisition_fen", "logistics_fen", "handling_fen", "damage_fen", "actual_fen", "set_fen", "assumed_fen")
COUNTS = ("orders", "refunds", "paid_fen", "receivable_fen", "unknown_refunds")
LINE_DIMENSIONS = {"product", "sku", "price_band"}
SEEDS = range(2)


def random_facts(seed: int) -> list[tuple[str, tuple, dict]]:
    """A small shop in a short year, as a list of things to put into a ledger: (what, arguments, more)."""
    dice = random.Random(seed)
    entries: list[tuple[str, tuple, dict]] = []
    for number in range(40):
        entries += _order(dice, f"O{number}")
    entries += [
        ("case", (f"X{number}", f"Z{number % 2}", 30), {"order_paid_fen": 5000, "order_created_at": _time(dice)})
        for number in range(3)
    ]
    for day in range(1, 5):
        entries.append(("spend", (f"2026-03-0{day}", dice.randrange(1, 5000) / 100), {"channel": dice.choice(["", "直播间"])}))
    entries.append(("setting", ("packing", "0.70"), {"since": "2026-03-03"}))
    entries.append(("setting", ("return_freight", "6.5"), {"scope": "province:北京"}))
    if seed % 2:
        entries.append(("setting", ("goods_cost_rate", "off"), {"scope": "product:P1"}))
    entries.append(("product_cost", ("P2", 12.34), {}))
    return entries


def _order(dice: random.Random, order: str) -> list[tuple[str, tuple, dict]]:
    attributes = {
        "paid_at": dice.choice([_time(dice), _time(dice), None]),
        "shipped_at": dice.choice(["2026-03-05 12:00:00", None]),
        "order_status": dice.choice(["交易成功", "已发货", "待发货", None]),
        "channel": dice.choice(["直播间", "短视频", None]),
        "province": dice.choice(["浙江", "北京", None]),
        "streamer_id": dice.choice(["D1", "D2", ""]),
        "shop_discount_fen": dice.choice([0, 100]),
    }
    lines = [
        (
            "order",
            (order, dice.randrange(1, 20000) / 100),
            {**attributes, "line_id": f"{order}{place}", "product_id": f"P{dice.randrange(3)}"},
        )
        for place in range(dice.choice([1, 1, 1, 2, 3]))
    ]
    cases = []
    for number in range(dice.choice([0, 0, 1, 1, 2, 3])):
        kind = dice.choice(["仅退款", "仅退款", "退货退款", "换货", "补寄", None])
        more = {
            "kind_word": kind,
            "status_word": dice.choice(["售后成功", "售后成功", "售后成功", "售后关闭", "待买家退货"]),
            "return_no": f"R{order}{dice.randrange(2)}" if kind in ("退货退款", "换货") else "",
            "finished_at": dice.choice([_time(dice), None]),
            "product_id": dice.choice(["", "P1"]),
            "reason": dice.choice(["尺码不合适", "不想要了", None]),
        }
        cases.append(("case", (f"{order}C{number}", order, dice.choice([None, 0, dice.randrange(1, 15000) / 100])), more))
    money = [
        (
            "flow",
            (
                f"L{order}",
                order,
                dice.randrange(-300, 500) / 100,
                dice.choice(["商责退运费", "晚发立赔", "平台赔付商家", "小额打款"]),
            ),
            {},
        )
    ]
    return lines + cases + (money if dice.random() < 0.3 else [])


def _time(dice: random.Random) -> str:
    return f"2026-03-0{dice.randrange(1, 8)} {dice.randrange(24):02d}:{dice.randrange(60):02d}:00"


def filled(facts: Facts, entries: list[tuple[str, tuple, dict]]) -> Facts:
    for what, arguments, more in entries:
        getattr(facts, what)(*arguments, **more)
    return facts.settled()


def sums(rows: list[dict], names: tuple[str, ...]) -> dict[str, int]:
    return {name: sum(row[name] or 0 for row in rows) for name in names}


@pytest.mark.parametrize("seed", SEEDS)
def test_any_breakdown_of_money_adds_up_to_the_total_on_both_clocks_and_with_filters(facts, seed):
    filled(facts, random_facts(seed))
    filters = (
        [{}, {"where": {"channel": ["直播间", "未知"]}}] if seed else [{"first_day": "2026-03-02", "last_day": "2026-03-05"}]
    )
    for clock in vocabulary.CLOCKS:
        for filter_ in filters:
            total = sums([facts.total(clock=clock, **filter_)], MONEY)
            for dimension in vocabulary.DIMENSIONS:
                assert sums(facts.losses(dimension, clock=clock, **filter_), MONEY) == total, (dimension, clock, filter_)


@pytest.mark.parametrize("seed", SEEDS)
def test_counts_add_up_on_dimensions_of_the_order(facts, seed):
    filled(facts, random_facts(seed))
    total = sums([facts.total()], COUNTS)
    for dimension in vocabulary.ORDER_DIMENSIONS:
        if dimension not in LINE_DIMENSIONS:
            assert sums(facts.losses(dimension), COUNTS) == total, dimension


@pytest.mark.parametrize("seed", SEEDS)
def test_the_cases_one_by_one_add_up_to_the_total_and_to_their_provenance(facts, seed):
    filled(facts, random_facts(seed))
    rows = list(facts.refunds().values())
    assert sums(rows, MONEY) == sums([facts.total()], MONEY)
    for row in rows:
        assert (row["total_fen"] or 0) == row["actual_fen"] + row["set_fen"] + row["assumed_fen"]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_spread_adds_up_to_what_was_spent_and_refunded(facts, seed):
    filled(facts, random_facts(seed))
    (spent,) = facts.cursor.execute("select sum(amount_fen)::bigint from ad_spend").fetchone()
    (spread,) = facts.cursor.execute(
        "select coalesce(sum(acquisition_fen), 0)::bigint from marts.acquisition where doubt = 0"
    ).fetchone()
    assert spread + facts.beside()["unallocated_ad_spend"] == spent
    parts = facts.cursor.execute(
        "select count(*) from (select case_id from marts.case_lines where takes_refund"
        " group by case_id having sum(refund_fen) is distinct from max(case_refund_fen))"
    ).fetchone()
    assert parts == (0,)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_fully_refunded_line_books_exactly_its_acquisition(facts, seed):
    filled(facts, random_facts(seed))
    wrong = facts.cursor.execute(
        """
        select lines.order_key
        from marts.lines as lines
        inner join (
            select order_key, line_ref, sum(acquisition_actual_fen + acquisition_set_fen + acquisition_assumed_fen) as booked_fen,
                max(case when takes_part then share_fen end) as share_fen
            from marts.ledger where not is_open group by order_key, line_ref
        ) as booked using (order_key, line_ref)
        where booked.share_fen = lines.receivable_fen and lines.receivable_fen > 0
            and booked.booked_fen <> sign(lines.acquisition_ufen) * ((abs(lines.acquisition_ufen) + 500000) // 1000000)
        """
    ).fetchall()
    assert wrong == []


def test_the_order_in_which_facts_arrive_does_not_matter(database):
    answers = []
    for order in range(2):
        entries = random_facts(5)
        random.Random(order).shuffle(entries)
        cursor = database.cursor()
        cursor.execute("begin transaction")
        facts = filled(Facts(cursor), entries)
        answers.append(
            (records(questions.refunds(facts.cursor)), facts.losses("product", "reason"), facts.profit(), facts.beside())
        )
        cursor.execute("rollback")
    assert answers[0] == answers[1]
