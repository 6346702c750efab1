"""What passes between reading a file and storing it: the actor, the staged file, its problems, the receipt."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

ROLES = ("view", "operate", "manage")


@dataclass(frozen=True)
class Actor:
    """Name who acts, in which role, and for which shops (none named: all of them)."""

    name: str
    role: str = "manage"
    shops: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Say what is wrong with one cell, row or file: where → found → expected → what to do."""

    row: int | None
    column: str | None
    found: str
    expected: str
    remedy: str
    sheet: str | None = None


@dataclass(frozen=True)
class StagedFile:
    """One read file: clean typed rows as Parquet in the staging folder, beside everything that is wrong with the rest.

    `parquet_by_table` maps a table of the ledger (`order_lines`, `tag_sightings`, …) to a Parquet file with the columns of
    that table except load_id, progress, shop. `rejected` is a Parquet file of (source_sheet, source_row, cells) or None.
    `row_count` counts the data rows of the file, accepted and rejected; `money_in_fen` sums the accepted rows' money.
    """

    file_name: str
    sha256: str
    kind: str
    platform: str
    format: str
    list_kind: str
    exported_at: datetime | None
    parquet_by_table: dict[str, Path]
    rejected: Path | None
    row_count: int
    rejected_count: int
    money_in_fen: int
    first_at: datetime | None
    last_at: datetime | None
    problems: tuple[Problem, ...] = ()
    surprises: tuple[str, ...] = ()


@dataclass(frozen=True)
class Receipt:
    """What became of one file: rows in = new + updated + unchanged + rejected; money in = money stored, in fen."""

    load_id: int | None
    file: str
    sha256: str
    kind: str
    platform: str
    shop: str
    rows: int
    new: int
    updated: int
    unchanged: int
    rejected: int
    money_in_fen: int
    money_stored_fen: int
    first_at: datetime | None
    last_at: datetime | None
    problems: tuple[Problem, ...] = ()
    surprises: tuple[str, ...] = ()
    already_loaded_at: datetime | None = None
    undone_at: datetime | None = None
    loaded_at: datetime | None = None
    loaded_by: str | None = None
    older: int = field(default=0)
    exported_at: datetime | None = None
