"""The ledger in SQL held against its slow twin over random shops, to the fen."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from analytics.store import marts, questions, sql
from tests.twin import answers, compare, ledger, random_shops, words

SEEDS = range(40)


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    """An empty ledger in memory, with the twin's own words and starter assumptions."""
    cursor = duckdb.connect(config={"threads": 1})
    cursor.execute(sql.read("schema/0001_ledger"))
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
    cursor.execute("delete from shops")
    cursor.executemany("insert into shops values (?, false, timestamp '2026-01-01')", [[shop] for shop in shops])
    marts.rebuild(cursor)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_shop_gives_the_twins_account(database, seed):
    shop = random_shops.random_shop(seed)
    twin = ledger.build_ledger(shop.facts)
    load(database, shop.facts)
    differences = compare.compare_refunds(answers.refunds(twin), rows_of(questions.refunds(database)))
    for clock in ("paid", "refunded"):
        for dimensions in dimensions_of(seed):
            theirs = rows_of(questions.losses_by(database, dimensions=dimensions, clock=clock))
            ours = answers.losses(twin, dimensions, clock)
            differences += [f"{clock} {text}" for text in compare.compare_losses(ours, theirs, dimensions)]
    assert differences == []


def dimensions_of(seed: int) -> list[tuple[str, ...]]:
    """The total, and a rotating choice of single and paired dimensions, so that the seeds together meet all."""
    single, other = answers.DIMS[seed % len(answers.DIMS)], answers.DIMS[(seed * 7 + 3) % len(answers.DIMS)]
    pairs = [(single, other)] if single != other and "provenance" not in (single, other) else []
    return [(), (single,), *pairs]


def rows_of(frame) -> list[dict]:
    return pa.Table.from_pandas(frame).to_pylist()
