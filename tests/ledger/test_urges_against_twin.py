"""The urge-to-ship list in SQL held against its slow twin over random shops: which orders, which flags, which loss."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pyarrow as pa
import pytest

from analytics.store import urge_questions
from tests.ledger.test_against_twin import database, load
from tests.seeds import first_of
from tests.twin import ledger, random_shops, urges

NOW = datetime(2026, 3, 9, 12)
NEAR_HOURS = 4
SEEDS = range(8)
__all__ = ["database"]


def shop_that_waits(seed: int):
    """A random shop most of whose orders have not left, with promises and urges."""
    facts, rng = random_shops.random_shop(seed).facts, random.Random(seed)
    waits = {row["order_id"] for row in facts["order_lines"] if rng.random() < 0.7}
    for row in facts["order_lines"]:
        row["ship_by"] = rng.choice((None, NOW - timedelta(hours=30), NOW + timedelta(hours=4), NOW + timedelta(hours=5)))
        if row["order_id"] in waits:
            row.update(shipped_at=None, order_status=rng.choice(("待发货", "待发货", "待发货", "交易关闭")), is_signed=None)
            row.update(
                urge_count=rng.choice((None, None, 1, 3)), last_urged_at=rng.choice((None, None, NOW - timedelta(hours=5)))
            )
    return facts


@pytest.mark.parametrize("seed", first_of(SEEDS, 5))
def test_a_random_shop_gives_the_twins_list_flags_and_losses(database, seed):
    facts = shop_that_waits(seed)
    twin = ledger.build_ledger(facts)
    load(database, facts)
    frame = urge_questions.urge_open(database, now=NOW, near_hours=NEAR_HOURS)
    found = {(row["shop"], row["order_id"]): row for row in pa.Table.from_pandas(frame).to_pylist()}
    ours = urges.waiting(twin, NOW, timedelta(hours=NEAR_HOURS))
    assert set(found) == set(ours)
    for key, row in ours.items():
        assert {name: found[key][name] for name in row} == row, key
    losses = urges.losses_before_shipment(twin, list(ours), NOW)
    assert {key: found[key]["loss_before_fen"] for key in losses} == losses


def test_the_seeds_meet_every_case():
    """What the comparison rests on: enough orders of each sort, and enough losses."""
    rows, priced = [], 0
    for seed in SEEDS:
        twin = ledger.build_ledger(shop_that_waits(seed))
        ours = urges.waiting(twin, NOW, timedelta(hours=NEAR_HOURS))
        rows += ours.values()
        priced += len(urges.losses_before_shipment(twin, list(ours), NOW))
    for name in ("is_urged", "is_priority", "is_promise", "is_refund_open", "is_refunded"):
        assert sum(row[name] for row in rows) >= 3, name
    assert priced >= 20
