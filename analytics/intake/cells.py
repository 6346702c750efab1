"""What a cell of each type is called in SQL, and how a cell that does not fit its type is described to an operator."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analytics.intake.formats import Column

_FIX = "请改正这一格后重新导入；也可以先搁置这一行，导入其余的行。"
_IS_MONEY = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?")
UNREADABLE = "\ufffd"


@dataclass(frozen=True)
class CellType:
    """One type of cell: the macros that read it (sql/intake/types.sql), and the words for a cell that is none.

    A `is_soft` type reads what it does not understand as blank. A `is_secret` one is looked into and never shown.
    """

    sql_type: str
    plain: str
    reads: str
    is_blank: str
    noun: str
    expected: str
    is_soft: bool = False
    is_secret: bool = False
    is_typed_by_operator: bool = False


@dataclass(frozen=True)
class CellTest:
    """What is asked of a read cell: is it a problem, or else odd (read as blank although it says something)."""

    field: str
    is_for_problems: bool
    sql: str

    @property
    def name(self) -> str:
        """Return the column that holds the answer."""
        return f"is_{'bad' if self.is_for_problems else 'odd'}_{self.field}"


_ID = ("varchar", "bare_id({x})", "read_id({plain})", "is_no_id({plain})", "编号", "由字母和数字组成的完整编号")
_TEXT = ("varchar", "plain_text({x})", "read_text({plain})", "is_nothing({plain})", "文字", "可以读出的文字")
_SECRET = ("varchar", "plain_text({x})", "read_note({plain})", "is_nothing({plain})", "文字", "可以读出的文字")
_TIME = ("plain_time({x})", "is_no_time({plain})")
_OTHER = ("plain_text({x})", "is_nothing({plain})")


def _type(sql_type: str, steps: tuple[str, str], reads: str, noun: str, expected: str, **marks: bool) -> CellType:
    return CellType(sql_type, steps[0], reads, steps[1], noun, expected, **marks)


TYPES = {
    "id": CellType(*_ID),
    "parcel": _type("varchar", (_ID[1], _ID[3]), "read_parcel({plain})", *_ID[4:]),
    "code": _type("varchar", (_ID[1], _ID[3]), "read_code({plain})", "编码", "一个编码"),
    "text": CellType(*_TEXT),
    "word": CellType(*_TEXT),
    "status": _type("varchar", _OTHER, "read_status({plain})", "文字", "一个词", is_soft=True),
    "note": CellType(*_SECRET, is_soft=True, is_secret=True),
    "buyer": CellType("varchar", "{x}", "nullif({plain}, '')", "{plain} = ''", "编号", "买家编号", is_soft=True, is_secret=True),
    "money": CellType("bigint", "plain_money({x})", "read_money({plain})", _OTHER[1], "金额", "金额，如 1299.90，最多两位小数"),
    "amount": _type("bigint", ("plain_money({x})", _OTHER[1]), "read_amount({plain})", "金额", "金额，如 1299.90，最多两位小数"),
    "time": _type("timestamp", _TIME, "read_time({plain})", "时间", "2000 年以后的时间，如 2026-03-05 10:00:00"),
    "date": _type("date", _TIME, "read_time({plain})::date", "日期", "2000 年以后的日期，如 2026-03-05"),
    "count": _type("integer", _OTHER, "read_count({plain})", "件数", "不超过六位的整数"),
    "flag": _type("boolean", _OTHER, "read_flag({plain})", "是或否", "是或否", is_soft=True),
    "province": _type("varchar", _OTHER, "read_province({plain})", "省份", "省份", is_soft=True),
    "city": _type("varchar", _OTHER, "read_city({plain})", "城市", "城市", is_soft=True),
    "choice": CellType(*_TEXT[:4], "可选的词", "", is_typed_by_operator=True),
    "setting": _type("varchar", _OTHER, "parsed_{field}", "成本设置", "成本设置", is_typed_by_operator=True),
}


def plain_of(column: Column) -> str:
    """Return the SQL of the first step: a cell as it is compared."""
    return TYPES[column.type].plain.format(x=f"raw_{column.field}")


def value_of(column: Column) -> str:
    """Return the SQL of the second step: the value of a cell."""
    plain = f"plain_{column.field}"
    reads = TYPES[column.type].reads.format(plain=plain, field=column.field)
    if column.zero_words:
        return f"case when {plain} in ({', '.join(map(quoted, column.zero_words))}) then 0 else {reads} end"
    if column.choices or column.known:
        pairs = " ".join(
            f"when {quoted(word)} then {quoted(value)}" for word, value in {**column.choices, **column.known}.items()
        )
        return f"case {reads} {pairs} {f'else {reads}' if column.known else ''} end"
    return reads


def is_blank(column: Column) -> str:
    """Return the SQL that says whether a cell is blank."""
    return TYPES[column.type].is_blank.format(plain=f"plain_{column.field}")


def test_of(column: Column) -> CellTest | None:
    """Return the test of a column's cells, None for what is never shown.

    A cell is a problem when it can be neither read nor taken for blank, or is blank where it may not be. What a soft type
    cannot read is odd.
    """
    type_ = TYPES[column.type]
    if column.is_filled:
        return CellTest(column.field, True, f"{column.field} is null")
    # Not `and`: both its sides would be worked out for every row.
    unread = f"case when {column.field} is null then not {is_blank(column)} else false end"
    return None if type_.is_secret else CellTest(column.field, not type_.is_soft, unread)


def describe(column: Column, shown: str) -> tuple[str, str, str]:
    """Return (found, expected, remedy) for a cell that does not fit its column; `shown` is what may be shown of it."""
    type_ = TYPES[column.type]
    expected = "、".join(column.choices) + "之一" if column.choices else type_.expected
    if not shown.strip():
        return "空白", expected, _FIX
    if shown == UNREADABLE:
        return "这一格的字节无法按文件的编码读出", expected, "请重新导出后再导入；也可以先搁置这一行。"
    if column.type in ("money", "amount") and _IS_MONEY.fullmatch(shown):
        return (*_beyond(shown, column.type == "amount"), _FIX)
    return f"「{shown}」不是{type_.noun}", expected, _FIX


def _beyond(shown: str, is_amount: bool) -> tuple[str, str]:
    """Say of money that can be read why it cannot be."""
    if is_amount and shown.startswith("-"):
        return f"「{shown}」小于 0", "不小于 0 的金额"
    return f"「{shown}」超过十亿元", "不超过十亿元的金额"


def quoted(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
