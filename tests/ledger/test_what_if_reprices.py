"""The book priced again equals the ledger, to the fen: as it is, and as it would be under any other cost."""

from __future__ import annotations

import random
from datetime import date, timedelta

import duckdb
import pandas as pd
import pytest

from analytics.domain.costs import COST_NAMES
from analytics.domain.vocabulary import COMPONENTS
from analytics.domain.what_if import pricing
from analytics.domain.what_if.book import Book, Costs
from analytics.domain.what_if.lines import World
from analytics.store import marts, questions, what_if_questions
from tests.ledger.test_against_twin import database, load  # noqa: F401 -- the ledger that random shops are put into
from tests.twin import random_shops

WORLDS = 5  # random shops; in each a fifth of the settings changes, so that together all of them do
HIGHEST = {"fen": 3_000, "ppm": 1_200_000, "centiminutes": 3_000}


@pytest.mark.parametrize("seed", range(WORLDS))
def test_the_book_equals_the_ledger_as_it_is_and_after_costs_were_set(database, seed):  # noqa: F811
    dice = random.Random(seed)
    load(database, random_shops.random_shop(seed + 40).facts)
    cuts = [random_shops.FIRST_DAY + timedelta(days=day) for day in (3, 6)]
    book = what_if_questions.book(database, cuts=cuts)
    assert figures(book, book.costs) == account(database)
    costs = book.costs
    for name in list(COST_NAMES)[seed::WORLDS]:
        costs = set_cost(database, book, costs, name, dice, cuts)
    marts.rebuild(database)
    assert figures(book, costs) == account(database)


def set_cost(cursor: duckdb.DuckDBPyConnection, book: Book, costs: Costs, name: str, dice: random.Random, cuts) -> Costs:
    """Set one cost to a random value, in a random scope, from always or a random day on: in the ledger and in the costs."""
    cost = COST_NAMES[name]
    scope = dice.choice(["", "", *(f"{kind}:{dice.choice(words)}" for kind, words in SCOPES.items() if kind in cost.scopes)])
    since = dice.choice([date(1970, 1, 1), *cuts])
    value = dice.choice([None, 0, dice.randrange(1, HIGHEST[cost.unit]), dice.randrange(1, HIGHEST[cost.unit])])
    key = {"name": name, "scope": scope, "since": since}
    cursor.execute("delete from cost_settings where name = $name and scope = $scope and effective_from >= $since", key)
    for shop in book.texts["shop"]:
        row = random_shops.fact_row("cost_settings", shop=shop, name=name, scope=scope, effective_from=since, value=value)
        row |= {"load_id": 1, "source_row": 1, "progress": 0, "content_hash": 0, "state": "off" if value is None else "set"}
        marks = ", ".join(f"${column}" for column in row)
        cursor.execute(f"insert into cost_settings ({', '.join(row)}) values ({marks})", row)  # noqa: S608 -- our own names
    return costs.with_cost(name, value, shops=book.texts["shop"], scope=scope, since=(since - date(1970, 1, 1)).days)


SCOPES = {
    "product": [product for product in random_shops.PRODUCTS if product],
    "province": ["广东", "新疆"],
    "reason": [reason for reason in random_shops.REASONS if reason],
}


def figures(book: Book, costs: Costs) -> dict[str, int]:
    """The five components of every stage and the profit, from the book."""
    priced = pricing.price(book, World(costs))
    chosen = book.cases["is_chosen"]
    found = {
        f"{stage} {component}": int(sum(priced.pieces[piece][rows].sum() for piece in pricing.PIECES[component]))
        for code, stage in enumerate(pricing.STAGE_NAMES)
        if (rows := chosen & (priced.stage == code)).any()
        for component in COMPONENTS
    }
    gaps = {f"{component} is unknown": int(priced.gaps[component][chosen].sum()) for component in COMPONENTS}
    lost = priced.lost[chosen].sum()
    return {**found, **gaps, "profit": int(priced.line_base[book.lines["is_chosen"]].sum() + priced.plain_base.sum() - lost)}


def account(cursor: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """The same from the ledger."""
    parts = ", ".join(
        f"sum({name}_fen)::bigint as {name}, sum(is_{name}_unknown::int)::bigint as {name}_gaps" for name in COMPONENTS
    )
    rows = cursor.execute(f"select stage, {parts} from marts.ledger where not is_open group by stage").df()  # noqa: S608
    found = {f"{row.stage} {name}": int(getattr(row, name)) for row in rows.itertuples() for name in COMPONENTS}
    gaps = {f"{name} is unknown": int(rows[f"{name}_gaps"].sum()) for name in COMPONENTS}
    profit = cursor.execute("select coalesce(sum(profit_fen), 0)::bigint from marts.order_profits").fetchone()[0]
    return {**found, **gaps, "profit": profit}


def test_the_books_totals_are_the_questions_answers(database):  # noqa: F811
    load(database, random_shops.random_shop(3).facts)
    book = what_if_questions.book(database)
    priced = pricing.price(book, World(book.costs))
    total, profit = questions.losses_by(database).iloc[0], questions.profit(database).iloc[0]
    known = sum(int(values[book.cases["is_chosen"]].sum()) for values in priced.pieces.values())
    assert known == (0 if pd.isna(total["total_fen"]) else total["total_fen"])
    assert figures(book, book.costs)["profit"] == profit["profit_fen"]
