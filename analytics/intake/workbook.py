"""Workbooks (.xlsx): checked before they are unpacked, opened with their password, numbers read as exact text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from itertools import islice
from operator import itemgetter
from pathlib import Path

import pyarrow as pa
from msoffcrypto import OfficeFile
from msoffcrypto.exceptions import DecryptionError, InvalidKeyError
from msoffcrypto.format.ooxml import OOXMLFile
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from analytics.errors import OperatorError
from analytics.intake.blocks import Block, Source, block_of
from analytics.intake.layout import HEADER_ROWS, Layout
from analytics.intake.names import password_tails, shown_title

_HEAD_ROWS = HEADER_ROWS + 5
_CHUNK_ROWS = 25_000
_MOST_ENTRIES = 5_000
_MOST_RATIO = 300  # real exports shrink by 5 to 40; only what grows beyond 64 MiB is held to it
_RATIO_FROM_BYTES = 64 << 20
_MODIFIED = re.compile(rb"<dcterms:modified[^>]*>(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z?<")
_SAVE_AS = "请在 Excel 里另存为 .xlsx 或 CSV UTF-8 后再上传。"


class WorkbookSheet:
    """One sheet of a workbook."""

    def __init__(self, name: str, sheet: CalamineSheet) -> None:
        self.name = name
        self._sheet = sheet
        self.head: Sequence[Sequence[str]] = [[_text(cell) for cell in row] for row in islice(self._rows(), _HEAD_ROWS)]

    def chunks(self, layout: Layout) -> Iterator[list[list[object]]]:
        """Yield the rows below the header, a few thousand at a time."""
        rows = islice(self._rows(), layout.first_data_row, None)
        while chunk := list(islice(rows, _CHUNK_ROWS)):
            yield chunk

    def parse(self, chunk: list[list[object]], layout: Layout) -> Block:
        """Make a block of a chunk: only kept columns become text."""
        # Taking the kept cells of a row in one go is twice as fast as taking them column by column.
        columns = zip(*map(itemgetter(*layout.places.values(), 0), chunk), strict=True)
        texts = [_texts(cells) for cells in islice(columns, len(layout.places))]
        return block_of(dict(zip(layout.places, texts, strict=True)), len(chunk))

    def _rows(self) -> Iterator[list[object]]:
        return self._sheet.iter_rows() if self._sheet.start is not None else iter(())


def open_workbook(path: Path, file_name: str, where: str, password: str | None, expanded_bytes: int) -> Source:
    """Open an .xlsx file, protected or not. Raises OperatorError when it is none, is too large unpacked, or stays locked."""
    data = path.read_bytes()
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        data = _unlocked(data, file_name, where, password)
    modified_at = _checked(data, where, expanded_bytes)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [one.name for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        sheets = [
            WorkbookSheet(shown_title(name, number), book.get_sheet_by_name(name)) for number, name in enumerate(names, start=1)
        ]
    except CalamineError:
        raise _damaged(where) from None
    return Source(sheets, modified_at)


def _unlocked(data: bytes, file_name: str, where: str, password: str | None) -> bytes:
    """Decrypt a protected workbook with the password given, else with the last six characters of the file's name."""
    opened = io.BytesIO()
    try:
        locked = OfficeFile(io.BytesIO(data))
        if not isinstance(locked, OOXMLFile):
            raise _old_workbook(where)
        _unlock(locked, [password] if password else password_tails(file_name))
        locked.decrypt(opened)
    except (InvalidKeyError, DecryptionError):
        found = "给出的密码打不开它" if password else "它有密码保护，文件名最后六位不是密码"
        raise OperatorError(where, found, "正确的密码", "请加上 --password 密码（快手导出时显示的那个）后再试。") from None
    except OperatorError:
        raise
    except Exception:  # what the library raises over a file that is none of its own is not limited to its own errors
        raise _old_workbook(where) from None
    return opened.getvalue()


def _unlock(locked: OOXMLFile, passwords: Sequence[str]) -> None:
    """Find the password among several. Raises the library's error for the last one when none fits."""
    for password in passwords[:-1]:
        with suppress(InvalidKeyError, DecryptionError):
            return locked.load_key(password=password, verify_password=True)
    return locked.load_key(password=passwords[-1], verify_password=True)


def _checked(data: bytes, where: str, expanded_bytes: int) -> str | None:
    """Hold an archive to its limits before anything is unpacked; return when the workbook says it was last saved."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            modified_at = _modified_at(archive, names)
    except Exception:  # a broken archive raises errors of the archive, of its compression, of numbers out of range
        raise _damaged(where) from None
    if "xl/workbook.xml" not in names:
        raise _no_workbook(names, where)
    expanded = sum(entry.file_size for entry in entries)
    is_bomb = expanded > _RATIO_FROM_BYTES and expanded > _MOST_RATIO * len(data)
    if len(entries) > _MOST_ENTRIES or expanded > expanded_bytes or is_bomb:
        raise _too_large(where, expanded, expanded_bytes)
    return modified_at


def _modified_at(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    """Return the time of the last save as Beijing time, ISO text."""
    if "docProps/core.xml" not in names:
        return None
    with archive.open("docProps/core.xml") as file:
        match = _MODIFIED.search(file.read(1 << 16))
    if match is None:
        return None
    return (datetime.fromisoformat(match[1].decode("ascii")) + timedelta(hours=8)).isoformat()


def _old_workbook(where: str) -> OperatorError:
    return OperatorError(where, "旧版 .xls 或损坏的 Office 文件", ".xlsx 或 CSV 文件", _SAVE_AS)


def _no_workbook(names: set[str], where: str) -> OperatorError:
    if "xl/workbook.bin" in names or "mimetype" in names:
        return OperatorError(where, "不是 .xlsx 的工作簿（.xlsb 或 .ods）", ".xlsx 或 CSV 文件", _SAVE_AS)
    return OperatorError(where, "压缩包", "压缩包里的 .xlsx 或 CSV 文件本身", "请先解压，再上传里面的文件。")


def _too_large(where: str, expanded: int, expanded_bytes: int) -> OperatorError:
    return OperatorError(
        where,
        f"解压后有 {expanded >> 20} MB，与文件大小不相称",
        f"解压后不超过 {expanded_bytes >> 20} MB 的工作簿",
        "请按时间分段导出，或另存为 CSV UTF-8 后再上传。",
    )


def _damaged(where: str) -> OperatorError:
    return OperatorError(where, "工作簿已损坏或不完整，打不开", "完整的 .xlsx 文件", "请从平台后台重新导出或重新下载后再上传。")


def _texts(cells: Sequence[object]) -> pa.Array:
    """Turn a column of cells into text; most columns are text already."""
    try:
        return pa.array(cells, pa.string())
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return pa.array([_text(cell) for cell in cells], pa.string())


def _text(cell: object) -> str:
    """Write a cell as exact text: whole numbers without exponent, others with the fifteen digits that a spreadsheet has."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else _fraction(cell)
    if isinstance(cell, datetime):
        return (cell + timedelta(microseconds=500_000)).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date | time | timedelta | int):
        return str(cell)
    return "" if cell is None else str(cell)


def _fraction(number: float) -> str:
    text = f"{number:.15g}"
    return text if "e" not in text else f"{number:f}".rstrip("0")
