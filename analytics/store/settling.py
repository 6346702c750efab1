"""Which version of a fact is current: the one rule behind loading, undoing and rebuilding."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from analytics.store.facts import FACTS, Fact

PART_ROWS = 1_000_000  # sorted and stored at a time: more would be sorted on disk, which doubles the cost of a row


@dataclass(frozen=True)
class Counts:
    """Count the rows of a file by what they did to the ledger; `older` are among the unchanged."""

    new: int
    updated: int
    unchanged: int
    older: int


@dataclass(frozen=True)
class Plan:
    """What `plan` decided: how the receipt counts the rows, and how many rows of which part go where."""

    counts: Counts
    row_counts: tuple[tuple[str, int, int], ...]  # fate, part of the file, rows


def plan(cursor: duckdb.DuckDBPyConnection, fact: Fact, file: Path, shop: str) -> Plan:
    """Decide for each row of a staged Parquet file where it will be kept, in temporary tables that `keep` uses."""
    fact.run(cursor, "loads/sighted", file=str(file), shop=shop)
    fact.run(cursor, "loads/touched_by_load")
    fact.run(cursor, "loads/candidates_stored")
    fact.run(cursor, "loads/candidates_staged")
    fact.run(cursor, "loads/winners")
    fact.run(cursor, "loads/fates")
    counts = Counts(*fact.run(cursor, "loads/counts").fetchone())
    return Plan(counts, tuple(fact.run(cursor, "loads/fate_counts", part_rows=PART_ROWS).fetchall()))


def keep(cursor: duckdb.DuckDBPyConnection, fact: Fact, file: Path, planned: Plan, *, shop: str, load_id: int) -> int:
    """Store the rows of the file as planned (a current row, a superseded one or a repeat each); return the money held, in fen."""
    _settle(cursor, fact)
    values = {"file": str(file), "shop": shop, "load_id": load_id, "part_rows": PART_ROWS}
    for fate, part, _ in planned.row_counts:
        if fate != "repeat":
            fact.run(cursor, "loads/insert_versions", superseded=fate == "superseded", fate=fate, part=part, **values)
    if any(fate == "repeat" for fate, _, _ in planned.row_counts):
        fact.run(cursor, "loads/insert_repeats", load_id=load_id)
    row_count, money_stored_fen = fact.run(cursor, "loads/held", load_id=load_id).fetchone()
    expected_count = sum(count for _, _, count in planned.row_counts)
    if row_count != expected_count:
        raise RuntimeError(f"{fact.table}: {expected_count} rows were to be kept, {row_count} are held")
    return money_stored_fen


def forget(cursor: duckdb.DuckDBPyConnection, fact: Fact, load_id: int) -> None:
    """Take a load's rows away, leave to other loads what they repeat, and settle the keys it had shown."""
    fact.run(cursor, "loads/touched_by_undo", load_id=load_id)
    for superseded in (False, True):
        fact.run(cursor, "loads/heirs", superseded=superseded, load_id=load_id)
        fact.run(cursor, "loads/hand_over", superseded=superseded)
        fact.run(cursor, "loads/forget_versions", superseded=superseded, load_id=load_id)
    fact.run(cursor, "loads/forget_repeats", load_id=load_id)
    _settle_touched(cursor, fact)


def rebuild_facts(cursor: duckdb.DuckDBPyConnection) -> None:
    """Recompute progress and the current row of every key from all stored versions.

    Needed when words change their meaning; otherwise it changes nothing, which a check relies on.
    """
    for fact in FACTS.values():
        for superseded in (False, True):
            fact.run(cursor, "loads/recompute_progress", superseded=superseded)
        fact.run(cursor, "loads/touched_all")
        _settle_touched(cursor, fact)


def _settle_touched(cursor: duckdb.DuckDBPyConnection, fact: Fact) -> None:
    fact.run(cursor, "loads/candidates_stored")
    fact.run(cursor, "loads/winners")
    _settle(cursor, fact)


def _settle(cursor: duckdb.DuckDBPyConnection, fact: Fact) -> None:
    """Make the winners current.

    Statements that would insert nothing are left out: after one, DuckDB (1.5 and 2.0) hides the rows of a large insert into the
    same table in the same transaction (docs/decisions.md, 3).
    """
    fact.run(cursor, "loads/moving")
    losing_count, winning_count = fact.run(cursor, "loads/moving_counts").fetchone()
    if winning_count:
        fact.run(cursor, "loads/unshelve")
    if losing_count:
        fact.run(cursor, "loads/shelve")
    if winning_count:
        fact.run(cursor, "loads/promote")
