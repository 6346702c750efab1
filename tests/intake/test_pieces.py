"""A large file is read in pieces, fast where it is clean and row by row where it is not: the result never depends on it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from analytics.intake import delimited
from analytics.intake.delimited import DelimitedSheet
from analytics.intake.layout import find_layout
from tests.intake.makers import HEADERS, ORDER, Reading, cells_of, read, text_of

HEADER = HEADERS["orders_64"]


def many_orders(count: int, seed: int) -> list[dict[str, str]]:
    """Orders whose cells hold what makes splitting hard: quotes, line ends, delimiters, both kinds of ¥."""
    chance = random.Random(seed)
    names = ['5"屏', "红,蓝", "第一行\n第二行", '"引号"', "裙子", '="12"', "\r\n换行\r\n", "㐂𠮷"]
    return [
        {
            **ORDER,
            "订单号": str(2510900000000000 + chance.randrange(count * 2)),
            "商品名称": chance.choice(names),
            "买家留言": chance.choice(names),
            "实付款": chance.choice(["¥1,299.90", "￥5", "12圆", "7"]),
        }
        for _ in range(count)
    ]


def facts(reading: Reading) -> tuple[list, list, list]:
    return reading.rows("order_lines"), reading.rejected(), reading.problems


def write(path: Path, rows: list[dict[str, str]], encoding: str) -> Path:
    path.write_bytes(text_of([HEADER, *cells_of(rows, HEADER)]).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_size_of_the_pieces_makes_no_difference(encoding, tmp_path, monkeypatch):
    path = write(tmp_path / "订单.csv", many_orders(120, seed=1), encoding)
    whole = facts(read(path))
    assert len(whole[0]) + len(whole[1]) == 120
    for chunk_bytes in (5_000, 20_000):
        monkeypatch.setattr(delimited, "CHUNK_BYTES", chunk_bytes)
        assert facts(read(path)) == whole


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_fast_reader_and_the_row_by_row_reader_agree_on_clean_files(encoding, tmp_path, monkeypatch):
    path = write(tmp_path / "订单.csv", many_orders(120, seed=2), encoding)
    fast = facts(read(path))
    monkeypatch.setattr(DelimitedSheet, "_parse_clean", not_now)
    assert facts(read(path)) == fast


def not_now(*_: object) -> None:
    raise delimited.pa.ArrowInvalid("row by row")


def test_a_clean_file_is_read_by_the_fast_reader_alone(tmp_path, monkeypatch):
    path = write(tmp_path / "订单.csv", many_orders(50, seed=3), "gb18030")
    monkeypatch.setattr(DelimitedSheet, "_parse_rows", not_now)
    assert len(read(path).rows("order_lines")) > 0


@pytest.mark.parametrize("place", [0, 60, 119])
def test_one_row_that_does_not_fit_costs_that_row_only(place, tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "CHUNK_BYTES", 20_000)
    rows = many_orders(120, seed=4)
    whole = read(write(tmp_path / "a.csv", rows, "utf-8"))
    lines = [HEADER, *cells_of(rows, HEADER)]
    lines.insert(place + 1, ["多", *lines[1]])
    path = tmp_path / "b.csv"
    path.write_bytes(text_of(lines).encode())
    broken = read(path)
    assert len(broken.rows("order_lines")) == len(whole.rows("order_lines"))
    assert [problem.row for problem in broken.problems if problem.column is None] == [place + 2]


def test_blank_rows_count_in_every_piece(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "CHUNK_BYTES", 2_000)
    lines = [HEADER]
    for number in range(1, 21):
        lines += [[], *cells_of([{**ORDER, "订单号": str(number)}], HEADER)]
    path = tmp_path / "a.csv"
    path.write_bytes(text_of(lines).encode())
    assert [line["source_row"] for line in read(path).rows("order_lines")] == list(range(3, 43, 2))


def test_a_quote_that_is_never_closed_does_not_lose_the_rows_before_it(tmp_path):
    rows = [{**ORDER, "订单号": str(number)} for number in range(1, 40)]
    path = tmp_path / "a.csv"
    path.write_bytes(text_of([HEADER, *cells_of(rows, HEADER)]).encode() + b'"40,')
    reading = read(path)
    assert len(reading.rows("order_lines")) == 39
    assert reading.problems[0].row == 41


def test_pieces_end_at_the_end_of_rows(tmp_path):
    path = write(tmp_path / "a.csv", many_orders(200, seed=5), "utf-8")
    sheet = DelimitedSheet(path, "a")
    layout = find_layout(sheet.head, "all", "a")
    pieces = [bytes(piece) for piece in DelimitedSheet(path, "a", chunk_bytes=3_000).chunks(layout)]
    assert len(pieces) > 20
    assert sum(sheet.parse(memoryview(piece), layout).height for piece in pieces) == 200
