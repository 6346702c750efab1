"""Loading a staged file in one transaction, and taking a load back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb

from analytics.domain.loads import Actor, Receipt, StagedFile
from analytics.errors import OperatorError
from analytics.store import audit, receipts, settling, shops, sql
from analytics.store.connection import no_space
from analytics.store.facts import ADDED_FACTS, FACTS, TABLE_BY_KIND
from analytics.store.settling import Counts
from analytics.store.warehouse import Warehouse, bump_version

ROOM_FOR_A_LOAD = 3  # times the staged size: the rows, their log, and what a checkpoint rewrites
TABLES_WITH_ORDERS = ("order_lines", "cases", "settlements", "freight_insurance", "tag_sightings")


@dataclass(frozen=True)
class Outcome:
    """What planning or storing a file came to."""

    counts: Counts
    money_stored_fen: int
    load_id: int | None = None


def commit_load(warehouse: Warehouse, staged: StagedFile, *, shop: str, actor: Actor, now: datetime) -> Receipt:
    """Store a staged file in one transaction and return its receipt.

    A file that this shop already holds for the same list changes nothing: its earlier receipt comes back, with
    `already_loaded_at`. Raises OperatorError when the disk has too little room; the ledger is then as it was.
    """
    _refuse_without_room(warehouse, staged)
    with warehouse.transaction(changes_facts=False) as cursor:
        earlier = find_loaded(cursor, staged.sha256, shop=shop, list_kind=staged.list_kind)
        if earlier is not None:
            return replace(earlier, already_loaded_at=earlier.loaded_at)
        receipt = _receipt(staged, shop, _store(cursor, staged, shop))
        _refuse_difference(receipt)
        shops.add(cursor, shop, now)
        receipts.write(cursor, staged, receipt, actor, now)
        audit.record(cursor, actor, "import", f"{receipt.load_id} {shop} {staged.file_name}", now)
        bump_version(cursor)
    warehouse.checkpoint()
    return replace(receipt, loaded_at=now, loaded_by=actor.name)


def preview_load(warehouse: Warehouse, staged: StagedFile, *, shop: str) -> Receipt:
    """Return the receipt that `commit_load` would give, without load_id; nothing is kept."""
    with warehouse.cursor() as cursor:
        earlier = find_loaded(cursor, staged.sha256, shop=shop, list_kind=staged.list_kind)
        if earlier is not None:
            return replace(earlier, already_loaded_at=earlier.loaded_at)
        return _receipt(staged, shop, _plan(cursor, staged, shop))


@contextmanager
def trial_load(warehouse: Warehouse, staged: StagedFile, *, shop: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a cursor that sees the ledger as if the file were loaded; all of it is taken back afterwards."""
    with warehouse.trial() as cursor:
        _store(cursor, staged, shop)
        yield cursor


def undo_load(warehouse: Warehouse, load_id: int, *, actor: Actor, now: datetime) -> Receipt:
    """Take a load back, so that the facts are as if its file had never come; its receipt stays, marked as undone.

    Raises OperatorError when there is no such load or it was taken back before.
    """
    with warehouse.transaction() as cursor:
        receipt = undoable(cursor, load_id)
        for fact in FACTS.values():
            settling.forget(cursor, fact, load_id)
        for table in (*ADDED_FACTS, "rejects"):
            sql.run(cursor, f"loads/forget_{table}", load_id=load_id)
        sql.run(cursor, "loads/mark_undone", load_id=load_id, undone_at=now, undone_by=actor.name)
        audit.record(cursor, actor, "undo", f"{load_id} {receipt.shop} {receipt.file}", now)
    warehouse.checkpoint()
    return replace(receipt, undone_at=now)


def undoable(cursor: duckdb.DuckDBPyConnection, load_id: int) -> Receipt:
    """Return the receipt of a load that can be taken back.

    Raises OperatorError when there is no such load or it was taken back before.
    """
    receipt = receipts.one(cursor, load_id)
    if receipt is None:
        raise OperatorError("导入记录", f"没有编号 {load_id}", "一次现有导入的编号", "请用 imports 查看编号。")
    if receipt.undone_at is not None:
        raise OperatorError(
            f"导入 {load_id}「{receipt.file}」",
            f"已于 {receipt.undone_at:%Y-%m-%d %H:%M} 撤销",
            "尚未撤销的导入",
            "无需再次撤销；要恢复，请重新导入该文件。",
        )
    return receipt


def list_loads(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> list[Receipt]:
    """Return the receipts of these shops (none named: of all), undone ones included, newest first."""
    return receipts.every(cursor, shops)


def find_load(cursor: duckdb.DuckDBPyConnection, load_id: int) -> Receipt | None:
    """Return the receipt of a load, None when there is no such load."""
    return receipts.one(cursor, load_id)


def find_loaded(cursor: duckdb.DuckDBPyConnection, sha256: str, *, shop: str, list_kind: str = "") -> Receipt | None:
    """Return the receipt of the load that holds exactly this file for this shop and list, None when there is none."""
    return receipts.of_file(cursor, sha256, shop, list_kind)


def rejected_rows(cursor: duckdb.DuckDBPyConnection, load_id: int) -> list[tuple[str | None, int, str]]:
    """Return the rows that a load set aside as (source_sheet, source_row, cells), cells being a JSON object."""
    return sql.run(cursor, "loads/rejected_rows", load_id=load_id).fetchall()


def shop_overlap(cursor: duckdb.DuckDBPyConnection, staged: StagedFile) -> dict[str, float]:
    """Return for each shop that holds any of them the share (0 to 1) of the staged file's order ids, largest first."""
    file = next((staged.parquet_by_table[table] for table in TABLES_WITH_ORDERS if table in staged.parquet_by_table), None)
    return dict(sql.run(cursor, "loads/shop_overlap", file=str(file)).fetchall()) if file else {}


def _store(cursor: duckdb.DuckDBPyConnection, staged: StagedFile, shop: str) -> Outcome:
    """Plan and keep every table of the file."""
    load_id = sql.run(cursor, "loads/next_load_id").fetchone()[0]
    main = TABLE_BY_KIND[staged.kind]
    counts, money_stored_fen = _all_new(staged), 0
    for table, file in staged.parquet_by_table.items():
        if table in ADDED_FACTS:
            sql.run(cursor, f"loads/append_{table}", load_id=load_id, shop=shop, file=str(file))
            continue
        planned = settling.plan(cursor, FACTS[table], file, shop)
        held_fen = settling.keep(cursor, FACTS[table], file, planned, shop=shop, load_id=load_id)
        if table == main:
            counts, money_stored_fen = _of_the_file(planned.counts, staged), held_fen
    if main in ADDED_FACTS:
        money_stored_fen = sql.run(cursor, "loads/tagged_money_stored", load_id=load_id).fetchone()[0]
    return Outcome(counts, money_stored_fen, load_id)


def _plan(cursor: duckdb.DuckDBPyConnection, staged: StagedFile, shop: str) -> Outcome:
    """Plan the table that the receipt counts."""
    main = TABLE_BY_KIND[staged.kind]
    file = staged.parquet_by_table[main]
    if main in ADDED_FACTS:
        return Outcome(_all_new(staged), sql.run(cursor, "loads/tagged_money_staged", file=str(file)).fetchone()[0])
    planned = settling.plan(cursor, FACTS[main], file, shop)
    (money_fen,) = FACTS[main].run(cursor, "loads/money_staged", file=str(file)).fetchone()
    return Outcome(_of_the_file(planned.counts, staged), money_fen)


def _all_new(staged: StagedFile) -> Counts:
    """The counts of a list whose every row adds to the ledger."""
    return Counts(new=staged.row_count - staged.rejected_count, updated=0, unchanged=0, older=0)


def _of_the_file(counts: Counts, staged: StagedFile) -> Counts:
    """Count the file's rows instead of the staged ones where several were added up into one.

    They count with the rows they went into: as new where everything is new, else as unchanged.
    """
    accepted = staged.row_count - staged.rejected_count
    if not FACTS[TABLE_BY_KIND[staged.kind]].adds_up:
        return counts
    if not counts.updated and not counts.unchanged:
        return replace(counts, new=accepted)
    return replace(counts, unchanged=accepted - counts.new - counts.updated)


def _receipt(staged: StagedFile, shop: str, outcome: Outcome) -> Receipt:
    return Receipt(
        load_id=outcome.load_id,
        file=staged.file_name,
        sha256=staged.sha256,
        kind=staged.kind,
        platform=staged.platform,
        shop=shop,
        rows=staged.row_count,
        new=outcome.counts.new,
        updated=outcome.counts.updated,
        unchanged=outcome.counts.unchanged,
        rejected=staged.rejected_count,
        money_in_fen=staged.money_in_fen,
        money_stored_fen=outcome.money_stored_fen,
        first_at=staged.first_at,
        last_at=staged.last_at,
        problems=staged.problems,
        surprises=staged.surprises,
        older=outcome.counts.older,
        exported_at=staged.exported_at,
    )


def _refuse_difference(receipt: Receipt) -> None:
    """Stop a load whose rows or money did not all arrive: that is a bug, and nothing of it may stay."""
    kept = receipt.new + receipt.updated + receipt.unchanged + receipt.rejected
    if kept != receipt.rows or receipt.money_in_fen != receipt.money_stored_fen:
        raise RuntimeError(
            f"{receipt.kind}: {receipt.rows} rows came in and {kept} were kept, "
            f"{receipt.money_in_fen} fen came in and {receipt.money_stored_fen} were stored"
        )


def _refuse_without_room(warehouse: Warehouse, staged: StagedFile) -> None:
    files = [*staged.parquet_by_table.values(), *([staged.rejected] if staged.rejected else [])]
    needed = ROOM_FOR_A_LOAD * sum(Path(file).stat().st_size for file in files)
    free = shutil.disk_usage(warehouse.home).free
    if free < needed:
        raise no_space(warehouse.home, f"只剩 {free / 2**20:,.0f} MB，导入「{staged.file_name}」需要 {needed / 2**20:,.0f} MB")
