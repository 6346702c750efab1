"""What words of exports mean, and the names of cost settings: synchronised with the program at every start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from analytics.domain.costs import COST_NAMES
from analytics.store import settling, sql

if TYPE_CHECKING:
    from analytics.store.warehouse import Warehouse

Word = tuple[str, str, str]
REASON_FIELD = "tool_reason"


def sync(warehouse: Warehouse, rows: list[Word]) -> None:
    """Replace the program's words (field, word, meaning) when they differ; an operator's own mappings stay."""
    with warehouse.cursor() as cursor:
        known = sql.run(cursor, "loads/words", is_operators=False).fetchall()
    if known == sorted(set(rows)):
        return
    with warehouse.transaction() as cursor:
        sql.run(cursor, "loads/forget_words", is_operators=False)
        _append(cursor, sorted(set(rows)), is_operators=False)
        settling.rebuild_facts(cursor)


def map_word(cursor: duckdb.DuckDBPyConnection, field: str, word: str, meaning: str | None) -> None:
    """Remember what an operator says a word means (None: forget it), and re-rank the facts accordingly."""
    sql.run(cursor, "loads/forget_word", field=field, word=word)
    if meaning is not None:
        _append(cursor, [(field, word, meaning)], is_operators=True)
    settling.rebuild_facts(cursor)


def map_reason(cursor: duckdb.DuckDBPyConnection, reason: str, tool: str | None) -> None:
    """Remember which tool an operator says could have helped with a reason for refunds (None: forget it); no fact rests on it."""
    sql.run(cursor, "loads/forget_word", field=REASON_FIELD, word=reason)
    if tool is not None:
        _append(cursor, [(REASON_FIELD, reason, tool)], is_operators=True)


def sync_cost_names(cursor: duckdb.DuckDBPyConnection) -> None:
    """Make the cost settings that this program knows (analytics.domain.costs) the ledger's."""
    rows = sorted((name, cost.unit, cost.starter_value) for name, cost in COST_NAMES.items())
    if sql.run(cursor, "loads/cost_names").fetchall() == rows:
        return
    sql.run(cursor, "loads/forget_cost_names")
    names, units, starters = (list(column) for column in zip(*rows, strict=True))
    sql.run(cursor, "loads/replace_cost_names", names=names, units=units, starter_values=starters)


def _append(cursor: duckdb.DuckDBPyConnection, rows: list[Word], *, is_operators: bool) -> None:
    if rows:
        fields, words, meanings = (list(column) for column in zip(*rows, strict=True))
        sql.run(cursor, "loads/replace_words", fields=fields, words=words, meanings=meanings, is_operators=is_operators)
