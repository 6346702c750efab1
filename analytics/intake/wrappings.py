"""What a file really is, whatever its suffix says: delimited text, a workbook, or something that is refused in one sentence."""

from __future__ import annotations

from pathlib import Path

from analytics.errors import OperatorError
from analytics.intake.blocks import Source
from analytics.intake.delimited import DelimitedSheet
from analytics.intake.workbook import open_workbook

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_WANTED = ".xlsx 或 CSV 文件"
_SAVE_AS = "请在 Excel 里打开，另存为 .xlsx 或 CSV UTF-8 后再上传。"
_EXPORT = "请从平台后台重新导出后再上传。"
_LOOK_BYTES = 4096


def open_file(path: Path, file_name: str, where: str, password: str | None, expanded_bytes: int) -> Source:
    """Open a file by its signature. Raises OperatorError when it is missing, empty, or of a kind that is not read."""
    try:
        with path.open("rb") as file:
            start = file.read(_LOOK_BYTES)
    except OSError:
        raise OperatorError(where, "打不开这个文件", "一个可以读取的文件", "请检查路径和权限。") from None
    if not start.strip():
        raise OperatorError(where, "文件是空的", _WANTED, _EXPORT)
    if start.startswith((_ZIP, _OLE)):
        return open_workbook(path, file_name, where, password, expanded_bytes)
    if found := _refused(start):
        raise OperatorError(where, found, _WANTED, _SAVE_AS)
    return Source([DelimitedSheet(path, where)])


def _refused(start: bytes) -> str | None:
    """Name what a file is when its first bytes are not those of a text table."""
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head")):
        return "网页表格（HTML），虽然名字像表格文件"
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16 编码的文字"
    if start.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"PK\x05\x06")):
        return "压缩包"
    return "不是表格的二进制文件" if b"\x00" in start else None
