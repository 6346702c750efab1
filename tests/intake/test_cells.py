"""How single cells are read: ids, money, times, words, held against slow rules in plain Python."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.domain.money import parse_fen
from analytics.domain.vocabulary import PROVINCES
from analytics.intake import queries
from analytics.intake.cells import TYPES

CONNECTION = duckdb.connect()
queries.install(CONNECTION)


def read_all(type_: str, cells: Sequence[str | None]) -> list[tuple[Any, bool]]:
    """The value of each cell read as a type, and whether the cell counts as blank."""
    one = TYPES[type_]
    steps = {
        "$plain": one.plain.format(x="x"),
        "$value": one.reads.format(plain="p"),
        "$is_blank": one.is_blank.format(plain="p"),
    }
    query = """
        with
        cells as (select unnest($cells) as x, generate_subscripts($cells, 1) as n),
        plain as (select $plain as p, n from cells)
        select $value, $is_blank from plain order by n
    """
    for name, step in steps.items():
        query = query.replace(name, step)
    return CONNECTION.execute(query, {"cells": list(cells)}).fetchall()


def value_of(type_: str, cell: str) -> Any:
    return read_all(type_, [cell])[0][0]


def is_problem(type_: str, cell: str) -> bool:
    value, is_blank = read_all(type_, [cell])[0]
    return value is None and not is_blank


@pytest.mark.parametrize(
    ("cell", "order_id"),
    [
        ("2510900000000017", "2510900000000017"),
        ("2510900000000017\t", "2510900000000017"),
        (" 2510900000000017 ", "2510900000000017"),
        ("'2510900000000017", "2510900000000017"),
        ('="2510900000000017"', "2510900000000017"),
        ("1500000001.0", "1500000001"),
        ("0012", "0012"),
        ("0012.00", "0012"),
        ("SF-12_a", "SF-12_a"),
        ("-", None),
        ("--", None),
        ("—", None),
        ("/", None),
        ("0", None),
        ("0.0", None),
        ("", None),
    ],
)
def test_an_id_is_text_without_what_a_spreadsheet_put_around_it(cell, order_id):
    assert value_of("id", cell) == order_id
    assert not is_problem("id", cell)


@pytest.mark.parametrize("cell", ["1.23457E+15", "2E+15", "欧阳试样", "12 34", "12\n34", "x" * 65, "\ufffd"])
def test_what_cannot_be_an_id_is_a_problem(cell):
    assert is_problem("id", cell)


def test_a_telephone_number_in_the_place_of_a_parcel_number_says_only_that_there_is_a_parcel():
    assert value_of("parcel", "13900000007") == "1**********"
    assert value_of("parcel", "139000000071") == "139000000071"


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("¥1,299.90", 129990),
        ("￥0", 0),
        ("12元", 1200),
        ("(12.00)", -1200),
        ("（¥12.5）", -1250),
        ("-¥5", -500),
        ("¥-5.1", -510),
        ("+3", 300),
        ("１２．５０", 1250),
        ("1，299．9", 129990),
        (" 7 ", 700),
        ("¥ 3", 300),
        ("007.10", 710),
        ("1000000000.00", 100000000000),
    ],
)
def test_money_is_read_as_fen(cell, fen):
    assert value_of("money", cell) == fen


@pytest.mark.parametrize("cell", ["", "-", "--", "—", "/", " ", "\t"])
def test_no_money_is_blank_and_no_problem(cell):
    assert read_all("money", [cell]) == [(None, True)]


NO_MONEY = [
    "12圆",
    "12.345",
    "1e308",
    "12,34",
    "1,2,3",
    "12.",
    ".5",
    "12元34",
    "无",
    "NaN",
    "1000000000.01",
    "9999999999.99",
    "10000000000",
    "--5",
    "-(5)",
    "\ufffd",
]


@pytest.mark.parametrize("cell", NO_MONEY)
def test_what_cannot_be_money_is_a_problem(cell):
    assert is_problem("money", cell)


def slow_fen(cell: str) -> int | str | None:
    try:
        fen = parse_fen(cell)
        return fen if fen is None or abs(fen) <= 100_000_000_000 else "problem"
    except ValueError:
        return "problem"


MONEY_LIKE = st.one_of(
    st.from_regex(r"[ (（]?[+-]?[¥￥]?-?[0-9]{1,13}([.][0-9]{0,3})?元?[)） ]?", fullmatch=True),
    st.from_regex(r"[+-]?¥?[0-9]{1,4}(,[0-9]{2,4}){0,3}(\.[0-9]{1,3})?元?", fullmatch=True),
    st.text(alphabet="0123456789.,¥￥元()（）+-/ １２３．，", max_size=12),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(MONEY_LIKE, min_size=40, max_size=40))
def test_money_is_read_like_the_slow_rule_reads_it(cells):
    fast = [("problem" if value is None and not is_blank else value) for value, is_blank in read_all("money", cells)]
    assert dict(zip(cells, fast, strict=True)) == {cell: slow_fen(cell) for cell in cells}


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("2026-03-05 09:05:07", datetime(2026, 3, 5, 9, 5, 7)),
        ("2026/03/05 09:05:07", datetime(2026, 3, 5, 9, 5, 7)),
        ("2026/3/5 9:05", datetime(2026, 3, 5, 9, 5)),
        ("2026-03-05", datetime(2026, 3, 5)),
        ("2026.3.5", datetime(2026, 3, 5)),
        ("2026年3月5日", datetime(2026, 3, 5)),
        ("2026年3月5日 9时05分", datetime(2026, 3, 5, 9, 5)),
        ("2026年03月05日 09:05:07", datetime(2026, 3, 5, 9, 5, 7)),
        ("2026-03-05 09：05：07", datetime(2026, 3, 5, 9, 5, 7)),
        ("2026-03-05T09:05:07", datetime(2026, 3, 5, 9, 5, 7)),
        ("2026-03-05T09:05:07+08:00", datetime(2026, 3, 5, 9, 5, 7)),
        ("2026-03-05T09:05:07.250+08:00", datetime(2026, 3, 5, 9, 5, 7, 250_000)),
        ("2026-03-05 09:05:07.250", datetime(2026, 3, 5, 9, 5, 7, 250_000)),
        ("2026-03-05 09:05:07\t", datetime(2026, 3, 5, 9, 5, 7)),
        ("1772672707000", datetime(2026, 3, 5, 9, 5, 7)),
    ],
)
def test_times_of_every_spelling_are_beijing_time(cell, time):
    assert value_of("time", cell) == time


@pytest.mark.parametrize("cell", ["", "-", "0", "0000-00-00 00:00:00", "1970-01-01 08:00:00"])
def test_no_time_is_blank(cell):
    assert read_all("time", [cell]) == [(None, True)]


NO_TIME = [
    "9999-12-31 00:00:00",
    "1900-01-01",
    "2026-02-30",
    "2026-13-01 00:00:00",
    "昨天",
    "45992.5",
    "26-03-05",
    "2026-03-05 10:00+08",
    "2026-03-05T10:00:00+09:00",
]


@pytest.mark.parametrize("cell", [*NO_TIME, "9" * 400])
def test_what_cannot_be_a_time_of_a_shop_is_a_problem(cell):
    assert is_problem("time", cell)


@pytest.mark.parametrize(("cell", "count"), [("1", 1), ("12.0", 12), ("0", 0), ("", None), ("-", None)])
def test_counts(cell, count):
    assert value_of("count", cell) == count


@pytest.mark.parametrize("cell", ["-1", "1.5", "一", "1000000", "1e3"])
def test_what_is_no_count_is_a_problem(cell):
    assert is_problem("count", cell)


@pytest.mark.parametrize(
    ("cell", "province"),
    [
        *((name, name) for name in PROVINCES),
        ("内蒙古自治区", "内蒙古"),
        ("新疆维吾尔自治区", "新疆"),
        ("中国 广东省".replace(" ", ""), "广东"),
        ("上海市浦东新区试样路7号", "上海"),
        ("试样路7号", None),
        ("欧阳试样", None),
    ],
)
def test_of_an_address_only_its_province_is_taken(cell, province):
    assert value_of("province", cell) == province


@pytest.mark.parametrize(
    ("cell", "city"),
    [("包头市", "包头市"), ("阿坝藏族羌族自治州", "阿坝藏族羌族自治州"), ("欧阳试样", None), ("试样路7号", None), ("", None)],
)
def test_a_city_is_no_free_text(cell, city):
    assert value_of("city", cell) == city


@pytest.mark.parametrize(
    ("cell", "flag"), [("是", True), ("TRUE", True), ("1", True), ("否", False), ("0", False), ("", None), ("也许", None)]
)
def test_flags(cell, flag):
    assert value_of("flag", cell) is flag


def test_numbers_of_persons_are_masked_in_every_text():
    assert value_of("text", "联系13900000007或11010519491231002X") == "联系***或***"
    assert value_of("word", "-") is None
    assert value_of("code", "红-13900000007") == "红-***"


@given(st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_what_a_message_shows_of_a_bad_cell_holds_no_words(cell):
    (shown,) = CONNECTION.execute("select veil($cell)", {"cell": cell}).fetchone()
    assert not re.search(r"[\u4e00-\u9fff]{2}|[A-Za-z]{2}|1[3-9]\d{9}", shown)
