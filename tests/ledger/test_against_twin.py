"""The ledger in SQL held against its slow twin over random shops, to the fen."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from analytics.store import marts, migrations, questions
from tests.ledger.facts import Facts
from tests.seeds import first_of
from tests.twin import answers, compare, ledger, random_shops, words

SEEDS = first_of(range(40), 16)
EXPOSED = """
    select ledger.shop, case_id, max(stage) as stage,
        sum(sales_fen)::bigint as sales_fen, sum(acquisition_fen)::bigint as acquisition_fen,
        sum(logistics_fen)::bigint as logistics_fen, sum(handling_fen)::bigint as handling_fen,
        sum(damage_fen)::bigint as damage_fen
    from marts.ledger as ledger
    left join marts.bookings as bookings on bookings.shop = ledger.shop and bookings.order_key = ledger.order_key
    where is_open and bookings.shop is null
    group by ledger.shop, case_id
"""
# How the product names the figures beside the five, and how the twin does.
BESIDE = {
    "premium_unrefunded": "premium_unrefunded_fen",
    "penalties_without_case": "penalties_unrefunded_fen",
    "return_freight_without_case": "return_freight_unrefunded_fen",
    "kept_fees_without_case": "kept_fees_unrefunded_fen",
    "small_payments": "small_payments_fen",
    "unallocated_ad_spend": "unallocated_spend_fen",
}


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    """An empty ledger in memory, with the twin's own words and starter assumptions."""
    cursor = duckdb.connect(config={"threads": 1})
    migrations.bring_up_to_date(cursor)
    cursor.executemany("insert into words values (?, ?, ?, false)", [tuple(word) for word in words.WORDS])
    cursor.executemany("insert into cost_names values (?, ?, ?)", [tuple(starter) for starter in words.STARTERS])
    marts.install_views(cursor)
    return cursor


def load(cursor: duckdb.DuckDBPyConnection, facts) -> None:
    """Put a random shop's facts in the place of the one before, and keep its account."""
    for table, rows in random_shops.insertable_rows(facts).items():
        cursor.execute(f"delete from {table}")  # noqa: S608 -- the tables' own names
        if rows:
            names = ", ".join(rows[0])
            marks = ", ".join("?" for _ in rows[0])
            cursor.executemany(f"insert into {table} ({names}) values ({marks})", [list(row.values()) for row in rows])  # noqa: S608
    shops = sorted({row["shop"] for rows in random_shops.insertable_rows(facts).values() for row in rows})
    for table in ("shops", "loads"):
        cursor.execute(f"delete from {table}")  # noqa: S608 -- the tables' own names
    kept = Facts(cursor)
    for number, shop in enumerate(shops):
        kept.shop(shop)
        kept.load(number, "事实.csv", shop=shop)
    marts.rebuild(cursor)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_shop_gives_the_twins_account_profit_exposure_and_figures_beside(database, seed):
    shop = random_shops.random_shop(seed)
    twin = ledger.build_ledger(shop.facts)
    load(database, shop.facts)
    assert account_differences(database, twin, seed) == []
    assert other_differences(database, twin) == []


def account_differences(database, twin, seed) -> list[str]:
    """Where the cases and the losses by a few dimensions differ."""
    differences = compare.compare_refunds(answers.refunds(twin), rows_of(questions.refunds(database)))
    for clock in ("paid", "refunded"):
        for dimensions in dimensions_of(seed):
            theirs = rows_of(questions.losses_by(database, dimensions=dimensions, clock=clock))
            ours = answers.losses(twin, dimensions, clock)
            differences += [f"{clock} {text}" for text in compare.compare_losses(ours, theirs, dimensions)]
    return differences


def other_differences(database, twin) -> list[str]:
    """Where profit, exposure and the figures beside the five differ."""
    theirs = rows_of(database.execute("select * rename (order_key as order_id) from marts.order_profits").df())
    differences = compare.compare(answers.profits(twin), theirs, ("shop", "order_id"), ["profit_fen"])
    exposed = rows_of(database.execute(EXPOSED).df())
    differences += compare.compare(exposure_without_bookings(twin), exposed, ("shop", "case_id"), ["stage", *compare.MONEY])
    beside = {row["figure"]: row["amount_fen"] for row in rows_of(questions.beside(database))}
    ours = answers.beside(twin)
    return differences + [
        f"{figure}: twin {ours[name]}, product {beside.get(figure)}"
        for figure, name in BESIDE.items()
        if ours[name] != beside.get(figure, 0)
    ]


def exposure_without_bookings(twin) -> list[dict]:
    """Open cases of orders that no file books money on: what a booking would do if a case succeeded is the product's reading."""
    booked = {
        (order.shop, order.order_id)
        for order in twin.orders.values()
        if order.settlements or order.premiums_fen or order.small_payments or order.return_freights_fen or order.kept_fees_fen
        or order.penalties_fen or order.compensation_fen
    }  # fmt: skip
    rows = [row for row in answers.exposure(twin) if (row["shop"], row["order_id"]) not in booked]
    return [{**row, **{name: row[name] or 0 for name in compare.MONEY}} for row in rows]


def dimensions_of(seed: int) -> list[tuple[str, ...]]:
    """The total, and a rotating choice of single and paired dimensions, so that the seeds together meet all."""
    single, other = answers.DIMS[seed % len(answers.DIMS)], answers.DIMS[(seed * 7 + 3) % len(answers.DIMS)]
    pairs = [(single, other)] if single != other and "provenance" not in (single, other) else []
    return [(), (single,), *pairs]


def rows_of(frame) -> list[dict]:
    return pa.Table.from_pandas(frame).to_pylist()
