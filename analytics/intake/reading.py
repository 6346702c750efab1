"""Reading one file from its first byte to staged Parquet, inside the child process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from analytics.errors import OperatorError
from analytics.intake.blocks import Sheet, Source
from analytics.intake.layout import Layout, find_layout, no_layout, surprises_of
from analytics.intake.names import exported_at_from, guess_list_kind
from analytics.intake.privacy import hide_numbers
from analytics.intake.progress import Progress
from analytics.intake.sheet_typing import Job
from analytics.intake.staging import Stager
from analytics.intake.wrappings import open_file

_NOTES_SHEET = "说明"  # of our own templates


@dataclass(frozen=True)
class Wish:
    """One file to read, and what is said about it. The path may be a temporary one: `file_name` is the operator's."""

    path: Path
    file_name: str
    staging: Path
    list_kind: str | None
    exported_at: datetime | None
    password: str | None
    buyer_key: bytes
    expanded_bytes: int

    @property
    def where(self) -> str:
        """Return how messages name the file."""
        return f"「{hide_numbers(self.file_name)}」"


def stage(wish: Wish) -> dict[str, Any]:
    """Read the file into the staging folder; return what is known about it, as plain data.

    Raises OperatorError when the file as a whole cannot be read.
    """
    source = open_file(wish.path, wish.file_name, wish.where, wish.password, wish.expanded_bytes)
    list_kind = wish.list_kind or guess_list_kind(wish.file_name)
    tables, strangers = _tables(source, list_kind, wish.where)
    found = tables[0][1].format
    exported_at = _exported_at(wish, source, found.is_template)
    list_kind = list_kind if found.kind in ("orders", "tagged_orders") else ""
    stager = Stager(Job(found.kind, found.platform, list_kind, exported_at, wish.buyer_key, wish.staging, wish.where))
    progress = Progress(wish.staging, wish.path.stat().st_size)
    try:
        for sheet, layout in tables:
            stager.read(progress.watched(sheet), layout)
        staged = stager.finish()
    finally:
        stager.close()
        progress.close()
    known = {"kind": found.kind, "platform": found.platform, "format": found.name}
    surprises = [*_header_surprises(tables), *strangers, *staged.pop("surprises")]
    told = {"list_kind": list_kind if found.kind == "orders" else "", "exported_at": exported_at and exported_at.isoformat()}
    return {**staged, **known, **told, "surprises": surprises}


def _tables(source: Source, list_kind: str, where: str) -> tuple[list[tuple[Sheet, Layout]], list[str]]:
    """Return the sheets of the file's one format with their layouts, and a remark on those that hold something else."""
    found = [(sheet, find_layout(sheet.head, list_kind, _place(where, sheet))) for sheet in source.sheets]
    tables = [(sheet, layout) for sheet, layout in found if layout]
    if not tables:
        fullest = max(source.sheets, key=lambda sheet: len(sheet.head), default=None)
        if fullest is None or not any(sheet.head for sheet in source.sheets):
            raise OperatorError(where, "文件里没有内容", "有表头的表格", "请从平台后台重新导出后再上传。")
        raise no_layout(fullest.head, list_kind, _place(where, fullest))
    titles = dict.fromkeys(layout.format.title_zh for _, layout in tables)
    if len(titles) > 1:
        raise OperatorError(where, f"一个文件里有几种表：{'、'.join(titles)}", "每个文件只有一种表", "请分成几个文件上传。")
    is_template = tables[0][1].format.is_template
    strangers = [sheet.name for sheet, layout in found if not layout and sheet.head]
    return tables, [
        f"工作表「{name}」不是{next(iter(titles))}，未读取" for name in strangers if not (is_template and name == _NOTES_SHEET)
    ]


def _place(where: str, sheet: Sheet) -> str:
    return where if sheet.name is None else f"{where}工作表「{sheet.name}」"


def _header_surprises(tables: list[tuple[Sheet, Layout]]) -> list[str]:
    said = dict.fromkeys(text for _, layout in tables for text in surprises_of(layout))
    skipped = [
        f"表头下第 {layout.header_row + 2} 行是说明，已跳过"
        for _, layout in tables
        if layout.first_data_row > layout.header_row + 1
    ]
    return [*said, *dict.fromkeys(skipped)]


def _exported_at(wish: Wish, source: Source, is_template: bool) -> datetime | None:
    """Return when the file was made: what the operator says, else its name; a filled-in template tells when it was saved."""
    told = wish.exported_at or exported_at_from(wish.file_name)
    if told is None and is_template and source.modified_at:
        return datetime.fromisoformat(source.modified_at)
    return told
