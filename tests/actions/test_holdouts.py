"""Hold-outs: planned beforehand, filled as imports show orders, split by their ids, judged where assigned, kept for ever."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from analytics.actions import holdouts, imports, ledger
from analytics.actions.holdouts import Wish
from analytics.actions.imports import ImportOptions
from analytics.domain import holdout as rules
from analytics.domain.loads import Actor
from analytics.errors import OperatorError
from analytics.store import audit
from tests.journeys.exports import case, order, write_cases, write_orders

ME = Actor("阿敏")
NOW = datetime(2026, 11, 17, 9)
WISH = Wish("urge_ship", 0.20, date(2026, 10, 1), shop="店铺1")
URGED = [str(1_000 + number) for number in range(60)]
LATER = [str(2_000 + number) for number in range(20)]


def waiting(order_id, day="2026-10-02", **cells):
    blank = {"发货时间": "", "快递公司": "", "快递单号": "", "物流信息": "", "订单状态": "待发货"}
    return order(order_id, 订单创建时间=f"{day} 09:00:00", 订单支付时间=f"{day} 09:00:05", **blank, **cells)


def shipped(order_id, at, day="2026-10-02"):
    return order(order_id, 订单创建时间=f"{day} 09:00:00", 订单支付时间=f"{day} 09:00:05", 发货时间=at)


def load(warehouse, path):
    imports.import_file(warehouse, path, ImportOptions(shop="店铺1"), actor=ME, now=NOW)
    holdouts.assign(warehouse, now=NOW)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("对照 组")


@pytest.fixture(scope="module")
def warehouse(folder):
    """Sixty urged orders that wait; a hold-out; twenty more a day later; then all but a few shipped, some refunded."""
    with ledger.ledger_of(folder / "home") as opened:
        load(opened, write_orders(folder / "订单导出_催发货_20260921100000.csv", waiting("1", "2026-09-20")))  # before the start
        late = waiting("3", **{"预售/承诺发货时间": "2026-10-03 09:59:59"})  # past its promise when the list is drawn
        rows = [shipped("2", "2026-10-02 12:00:00"), late, *(waiting(name) for name in URGED)]  # the first is gone already
        load(opened, write_orders(folder / "订单导出_催发货_20261003100000.csv", *rows))
        opened.begun = holdouts.begin(opened, WISH, actor=ME, now=NOW)
        opened.first = holdouts.orders(opened, 1, actor=ME)
        more = [waiting(name, "2026-10-04") for name in LATER]
        load(opened, write_orders(folder / "订单导出_催发货_20261005100000.csv", *more))
        opened.second = holdouts.orders(opened, 1, actor=ME)
        sent = [shipped(name, "2026-10-03 20:00:00") for name in URGED[:40]]
        sent += [shipped(name, "2026-10-09 20:00:00") for name in URGED[40:]]
        end = waiting("9", "2026-11-16")
        load(opened, write_orders(folder / "订单导出_20261116120000.csv", *sent, end))
        claims = [
            case(
                f"C{name}", name, 售后申请时间="2026-10-10 09:00:00", 售后完结时间="2026-10-12 09:00:00", 退货物流单号=f"R{name}"
            )
            for name in URGED[40:50]
        ]
        load(opened, write_cases(folder / "售后单导出_20261116120000.csv", *claims))
        yield opened


def test_what_is_eligible_at_the_start_is_taken_in_and_nothing_else(warehouse):
    assert sorted(warehouse.first["order_id"]) == sorted(URGED)
    assert (warehouse.begun.order_count, warehouse.begun.share) == (60, 0.20)


def test_the_arm_is_a_property_of_the_order_id_alone(warehouse):
    taken = warehouse.second
    expected = rules.is_held_out(warehouse.begun.experiment, taken["order_id"].to_list(), 0.20)
    assert taken["is_held_out"].to_list() == expected.tolist()
    assert 0 < expected.sum() < len(expected) / 2


def test_an_import_adds_what_it_shows_and_moves_nobody(warehouse):
    assert sorted(warehouse.second["order_id"]) == sorted([*URGED, *LATER])
    both = warehouse.first.merge(warehouse.second, on="order_id", suffixes=("", "_then"))
    assert (both["is_held_out"] == both["is_held_out_then"]).all()
    assert (both["since_at"] == both["since_at_then"]).all()
    assert holdouts.assign(warehouse, now=NOW) == 0


def test_orders_are_judged_where_they_were_assigned(warehouse):
    asked = {"holdout_id": 1, "order_count": 80, "shops": ("店铺1",), "progress": lambda share: None}
    found = holdouts.report(warehouse, actor=ME, **asked)
    row, held_out = found["effect"]["row"], int(warehouse.second["is_held_out"].sum())
    assert (row["treated"], row["compared"]) == (80 - held_out, held_out)
    assert (found["missing"], row["method"]) == (0, "hold_out")
    # Forty of the sixty were shipped on the evening of the day on which they were assigned.
    by_arm = warehouse.second.assign(used=warehouse.second["order_id"].isin(URGED[:40])).groupby("is_held_out")["used"].mean()
    assert (found["used_share"], found["used_share_held_out"]) == pytest.approx((by_arm[False], by_arm[True]))
    refunds = warehouse.second.assign(lost=warehouse.second["order_id"].isin(URGED[40:50]))
    assert found["effect"]["diagnostics"]["refunds_compared"] == refunds[refunds["is_held_out"]]["lost"].sum()


def test_a_plan_says_how_many_orders_and_days_it_takes(warehouse):
    planned = holdouts.plan(warehouse, WISH, actor=ME)
    assert planned["base_rate"] == pytest.approx((10 + 0.5) / (81 + 1))  # order 1 was urged too, before
    size = rules.size_for(planned["base_rate"], 0.05, 0.20)
    assert (planned["orders"], planned["per_arm"], planned["held_out"]) == (size.orders, size.per_arm, size.held_out)
    assert planned["days"] > 18


def test_a_second_one_of_the_same_tool_is_refused(warehouse):
    with pytest.raises(OperatorError, match="1 号正在用同一个工具"):
        holdouts.begin(warehouse, WISH, actor=ME, now=NOW)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"tool": "address_change"}, "拒绝不得"),
        ({"tool": "magic"}, "magic"),
        ({"share": 0.5}, "50%"),
        ({"change": 0.0}, "0.5% 以上"),
        ({"ends_on": date(2026, 9, 1)}, "开始不晚于结束"),
        ({"shop": "没有的店"}, "没有的店"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(warehouse, changed, said):
    wish = Wish(**{**{name: getattr(WISH, name) for name in Wish.__dataclass_fields__}, **changed})
    with pytest.raises(OperatorError, match=said):
        holdouts.plan(warehouse, wish, actor=ME)


def test_who_may_only_look_begins_and_ends_nothing(warehouse):
    viewer = Actor("看板", "view")
    for deed in (
        lambda: holdouts.begin(warehouse, WISH, actor=viewer, now=NOW),
        lambda: holdouts.end(warehouse, 1, actor=viewer, now=NOW),
    ):
        with pytest.raises(OperatorError, match="角色是看板"):
            deed()
    assert holdouts.list_holdouts(warehouse, actor=Actor("别家", "view", ("别的店",))) == []


def test_an_ended_one_takes_no_more_and_stays_for_ever(warehouse, folder):
    ended = holdouts.end(warehouse, 1, actor=ME, now=NOW)
    assert (ended.ended_at, ended.ended_by, ended.order_count) == (NOW, "阿敏", 80)
    load(warehouse, write_orders(folder / "订单导出_催发货_20261116130000.csv", waiting("3001", "2026-11-16")))
    assert len(holdouts.orders(warehouse, 1, actor=ME)) == 80
    with pytest.raises(OperatorError, match="已在 2026-11-17 结束"):
        holdouts.end(warehouse, 1, actor=ME, now=NOW)
    with warehouse.cursor() as cursor:
        assert audit.has_happened(cursor, holdouts.BEGAN)
        assert audit.has_happened(cursor, holdouts.ENDED)


def test_a_number_that_nobody_has_is_a_sentence(warehouse):
    with pytest.raises(OperatorError, match="没有 7 号"):
        holdouts.orders(warehouse, 7, actor=ME)
