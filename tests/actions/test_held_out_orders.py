"""What a hold-out changes elsewhere: the turn of its orders on the urge-to-ship list, and what is said of its tool."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd

from analytics.actions import analyses, holdout_arrays, holdouts, imports, ledger, safety, urges
from analytics.actions.holdouts import Wish
from analytics.actions.tool_arrays import facts_of
from analytics.domain.loads import Actor
from analytics.store.holdouts import Holdout
from tests.actions.test_tool_arrays import EPOCH, at, cases_of, orders_of
from tests.journeys.exports import order, write_orders

ME = Actor("阿敏")
NOW = datetime(2026, 10, 3, 10)
WAITS = {"订单状态": "待发货", "发货时间": "", "快递单号": "", "物流信息": "", "预售/承诺发货时间": "2026-10-05 10:00:00"}


def flagged(warehouse, now=NOW):
    rows = urges.list_urges(warehouse, actor=ME, now=now)
    return rows.set_index("order_id").assign(is_flagged=["held_out" in flags for flags in rows["flags"]])


def test_held_out_orders_wait_behind_the_others_until_their_promise_is_near_or_the_hold_out_ends(tmp_path):
    rows = [order(f"U{number:02d}", **WAITS) for number in range(60)]
    with ledger.ledger_of(tmp_path / "家") as opened:
        options = imports.ImportOptions(shop="店铺1", list_kind="urge_ship", exported_at=datetime(2026, 10, 3, 9, 10))
        imports.import_file(opened, write_orders(tmp_path / "催.csv", *rows), options, actor=ME, now=NOW)
        holdouts.begin(opened, Wish("urge_ship", 0.2, date(2026, 10, 1), shop="店铺1"), actor=ME, now=NOW)
        before = urges.queue_version(opened)
        assigned = holdouts.orders(opened, 1, actor=ME).set_index("order_id")["is_held_out"]
        assert 2 <= assigned.sum() <= 25
        found = flagged(opened)
        assert (found["is_flagged"] == assigned[found.index]).all()
        assert found["rank"].tolist() == list(range(1, 61))
        assert found.loc[found["is_flagged"], "rank"].min() == 61 - assigned.sum()
        assert not flagged(opened, datetime(2026, 10, 4, 22, 30))["is_flagged"].any()
        assert safety.check(opened, actor=ME) == []
        holdouts.end(opened, 1, actor=ME, now=NOW)
        assert urges.queue_version(opened) == before + 1
        assert not flagged(opened)["is_flagged"].any()
        analyses.wait(10)


def test_the_newest_hold_out_that_can_tell_speaks_for_its_tool():
    names = [f"N{number:03d}" for number in range(600)]
    known = orders_of(**{name: {"paid": 24 * (number % 20)} for number, name in enumerate(names)})
    sides = np.arange(600) % 4 == 0
    is_refunded = [number % 8 == 0 if sides[number] else number % 5 == 1 for number in range(600)]
    cases = cases_of(*[(name, 500, 520, True, 1000) for name, refunded in zip(names, is_refunded, strict=True) if refunded])
    taken = pd.DataFrame({"order_id": names, "is_held_out": sides, "since_at": at(490), "assigned_at": at(490)})
    old = Holdout(1, "甲", "店铺1", "urge_ship", 0.25, EPOCH.date(), None, 0.3, 0.05, 400, EPOCH, "老板")
    young = Holdout(2, "乙", "店铺1", "urge_ship", 0.25, EPOCH.date(), None, 0.3, 0.05, 400, EPOCH, "老板")
    facts = facts_of(known, cases)
    found = holdout_arrays.best_of(facts, [young, old], {1: taken, 2: taken.head(0)})
    assert (found["urge_ship"].grade, found["urge_ship"].compared) == ("A", 150)
    assert found["urge_ship"].effect.value == np.mean(np.array(is_refunded)[~sides]) - 0.5
    assert holdout_arrays.best_of(facts, [young], {2: taken.head(0)}) == {}
