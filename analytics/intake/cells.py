"""What the types of columns are called in SQL, and how a cell that does not fit its type is described to an operator."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.intake.formats import Column

_FIX = "请改正这一格后重新导入；也可以先搁置这一行，导入其余的行。"
UNREADABLE = "\ufffd"


@dataclass(frozen=True)
class CellType:
    """One type of cell: the macros that read it (sql/intake/types.sql), and the words for a cell that is none.

    A `is_soft` type reads what it does not understand as blank. A `is_secret` one is looked into and never shown.
    """

    sql_type: str
    reads: str
    is_blank: str
    noun: str
    expected: str
    is_soft: bool = False
    is_secret: bool = False
    is_typed_by_operator: bool = False


_TEXT = ("varchar", "read_text({x})", "is_nothing({x})")
_ID = ("varchar", "read_id({x})", "is_no_id({x})", "编号", "由字母和数字组成的完整编号")
TYPES = {
    "id": CellType(*_ID),
    "parcel": CellType("varchar", "read_parcel({x})", *_ID[2:]),
    "code": CellType("varchar", "read_code({x})", "is_no_id({x})", "编码", "一个编码"),
    "text": CellType(*_TEXT, "文字", "可以读出的文字"),
    "word": CellType(*_TEXT, "文字", "可以读出的文字"),
    "note": CellType("varchar", "read_note({x})", "is_nothing({x})", "文字", "可以读出的文字", is_soft=True, is_secret=True),
    "buyer": CellType("varchar", "nullif({x}, '')", "{x} = ''", "编号", "买家编号", is_soft=True, is_secret=True),
    "money": CellType("bigint", "read_money({x})", "is_nothing({x})", "金额", "金额，如 1299.90，最多两位小数"),
    "time": CellType("timestamp", "read_time({x})", "is_no_time({x})", "时间", "2000 年以后的时间，如 2026-03-05 10:00:00"),
    "date": CellType("date", "read_date({x})", "is_no_time({x})", "日期", "2000 年以后的日期，如 2026-03-05"),
    "count": CellType("integer", "read_count({x})", "is_nothing({x})", "件数", "不超过六位的整数"),
    "flag": CellType("boolean", "read_flag({x})", "is_nothing({x})", "是或否", "是或否", is_soft=True),
    "province": CellType("varchar", "read_province({x})", "is_nothing({x})", "省份", "省份", is_soft=True),
    "city": CellType("varchar", "read_city({x})", "is_nothing({x})", "城市", "城市", is_soft=True),
    "choice": CellType(*_TEXT, "可选的词", "", is_typed_by_operator=True),
    "setting": CellType(*_TEXT, "成本设置", "", is_typed_by_operator=True),
}


def reading_of(column: Column, cell: str) -> str:
    """Return the SQL that reads one cell of a column."""
    reads = TYPES[column.type].reads.format(x=cell)
    if column.zero_words:
        return f"case when plain({cell}) in ({', '.join(map(quoted, column.zero_words))}) then 0 else {reads} end"
    if column.choices or column.known:
        pairs = " ".join(f"when {quoted(word)} then {quoted(value)}" for word, value in {**column.choices, **column.known}.items())
        return f"case {reads} {pairs} {f'else {reads}' if column.known else ''} end"
    return reads


def is_bad(column: Column, cell: str) -> str:
    """Return the SQL that says whether a read cell is a problem: not readable, or blank where it may not be."""
    type_ = TYPES[column.type]
    if column.is_filled:
        return f"{column.field} is null"
    return "false" if type_.is_soft else f"({column.field} is null and not {type_.is_blank.format(x=cell)})"


def describe(column: Column, shown: str) -> tuple[str, str, str]:
    """Return (found, expected, remedy) for a cell that does not fit its column; `shown` is what may be shown of it."""
    type_ = TYPES[column.type]
    expected = "、".join(column.choices) + "之一" if column.choices else type_.expected
    if not shown.strip():
        return "空白", expected, _FIX
    if shown == UNREADABLE:
        return "这一格的字节无法按文件的编码读出", expected, "请重新导出后再导入；也可以先搁置这一行。"
    return f"「{shown}」不是{type_.noun}", expected, _FIX


def quoted(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
