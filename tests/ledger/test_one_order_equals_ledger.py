"""An imagined order costs and earns to the fen what the ledger books for the same order and the same case."""

from __future__ import annotations

import random
from typing import Any

import pytest

from analytics.domain import costs, one_order
from analytics.domain.vocabulary import COMPONENTS
from tests.ledger.facts import Facts

WORLDS = 12  # imagined orders; each ends in every way, which makes about a hundred orders in one shop
PARTS = tuple(f"{component}_fen" for component in COMPONENTS)
KIND_WORDS = {"exchanged": "换货", "reshipped": "补寄", "price_cut": "价保", "returned": "退货退款"}
STATUSES = {"before_shipment": "待发货", "intercepted": "已发货"}


def imagined(dice: random.Random) -> dict[str, int | None]:
    """Anything an operator may type: crooked amounts, rates and minutes, at times an amount instead of a rate."""
    given = {each.name: _any_value(dice, each) for each in one_order.INPUTS.values()}
    for each in one_order.INPUTS.values():
        if each.else_rate and dice.random() < 0.5:
            given[each.name] = None
    given["price_cut_below"] = dice.choice([500_000, 300_000, 0])
    given["refund_share"] = dice.choice([1_000_000, dice.randrange(1, 1_000_001)])
    return given


def _any_value(dice: random.Random, each: one_order.Input) -> int:
    if each.name == "price":
        return dice.choice([1, dice.randrange(1, 50_000)])
    if each.unit == "fen":
        return dice.choice([0, dice.randrange(1, 3_000)])
    return dice.randrange(1, 1_000_000) if each.unit == "ppm" else dice.randrange(1, 3_000)


def put(facts: Facts, product: str, given: dict[str, int | None]) -> None:
    """Put an imagined order into the shop once for every ending, its costs as settings of a product of its own."""
    for name in costs.COST_NAMES:
        if given.get(name) is not None:
            facts.setting(name, one_order.write(name, given[name]), scope=f"product:{product}")
    if given["goods_cost"] is not None:
        facts.product_cost(product, given["goods_cost"] / 100)
    commission_fen = given["commission"]
    if commission_fen is None:
        commission_fen = (2 * given["price"] * given["commission_rate"] + 1_000_000) // 2_000_000
    for ending in one_order.ENDINGS:
        order = f"{product}-{ending}"
        shipped_at = None if ending == "before_shipment" else "2026-03-02 10:00:00"
        facts.order(
            order,
            given["price"] / 100,
            product_id=product,
            subsidy_fen=given["subsidy"],
            commission_fen=commission_fen,
            shipped_at=shipped_at,
            order_status=STATUSES.get(ending, "交易成功"),
        )
        if ending != "none":
            facts.case(f"C{order}", order, one_order.refund_fen(given, ending) / 100, **_case(ending, order))


def _case(ending: str, order: str) -> dict[str, Any]:
    has_return = ending in {"returned", "exchanged"}
    return {"kind_word": KIND_WORDS.get(ending, "仅退款"), "return_no": f"R{order}" if has_return else ""}


def profits(facts: Facts) -> dict[str, int]:
    return dict(facts.settled().cursor.execute("select order_key, profit_fen from marts.order_profits").fetchall())


@pytest.mark.parametrize("seed", range(4))
def test_every_ending_of_a_random_order_equals_the_ledger(facts, seed):
    dice = random.Random(seed)
    worlds = {f"P{number}": imagined(dice) for number in range(WORLDS)}
    for product, given in worlds.items():
        put(facts, product, given)
    booked, earned = facts.refunds(), profits(facts)
    for product, given in worlds.items():
        for ending, worked_out in one_order.outcomes(given).items():
            order = f"{product}-{ending}"
            assert worked_out.profit_fen == earned[order], (order, given)
            if ending != "none":
                row = booked[f"C{order}"]
                assert (worked_out.booked_as, *(worked_out.part_fen(part) for part in COMPONENTS)) == (
                    row["stage"],
                    *(row[part] for part in PARTS),
                ), (order, given)
                assert (worked_out.hidden_fen, worked_out.total_fen) == (row["hidden_fen"], row["total_fen"])


def test_the_starter_assumptions_give_what_the_ledger_gives_a_shop_that_set_nothing(facts):
    put(facts, "P1", {**dict.fromkeys(one_order.INPUTS), "price": 10_000, "subsidy": 0, "commission": 0, **_refunds()})
    worked_out = one_order.outcomes(one_order.STARTERS)
    assert {ending: each.profit_fen for ending, each in worked_out.items()} == {
        order.removeprefix("P1-"): fen for order, fen in profits(facts).items()
    }
    booked = facts.refunds()
    assert worked_out["returned"].hidden_fen == booked["CP1-returned"]["hidden_fen"] == 1_000 + 1_150 + 900 + 800


def _refunds() -> dict[str, int]:
    return {"refund": 10_000, "price_cut": 2_000}
