"""Shops of any size, generated in a database and written as the platform's exports: CSV in UTF-8 or GB18030, and workbooks."""

from __future__ import annotations

import codecs
from pathlib import Path

import duckdb
import xlsxwriter

HERE = Path(__file__).parent
TRANSCODED_BYTES = 16 << 20
FETCHED_ROWS = 10_000


def text_of(name: str) -> str:
    """Read benchmarks/<name>.sql."""
    return (HERE / f"{name}.sql").read_text(encoding="utf-8")


def make_shop(row_count: int, *, is_later: bool = True) -> duckdb.DuckDBPyConnection:
    """Generate a shop of so many order lines; return the database with its tables `shop` and `shop_cases`.

    The same size gives the same shop. With `is_later` false a tenth of its orders has not been completed yet.
    """
    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    connection.execute(text_of("shop_macros"))
    connection.execute(text_of("shop"), {"row_count": row_count, "is_later": is_later})
    connection.execute(text_of("shop_cases"))
    return connection


def write_csv(connection: duckdb.DuckDBPyConnection, export: str, path: Path) -> Path:
    """Write an export (`orders`, `cases`) of the shop as UTF-8 CSV and return its path."""
    connection.sql(text_of(f"shop_{export}_export")).write_csv(str(path))
    return path


def write_gb18030(utf8: Path, path: Path) -> Path:
    """Write a UTF-8 text again in GB18030, as the platform encodes its exports, and return its path."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with utf8.open("rb") as source, path.open("wb") as target:
        while piece := source.read(TRANSCODED_BYTES):
            target.write(decoder.decode(piece).encode("gb18030"))
    return path


def write_same_rows(path: Path, other: Path) -> Path:
    """Write the rows of a CSV under another name: byte by byte the same but for the last line end, so that its hash differs."""
    with path.open("rb") as source, other.open("wb") as target:
        left = path.stat().st_size - 1
        while left:
            piece = source.read(min(TRANSCODED_BYTES, left))
            target.write(piece)
            left -= len(piece)
    return other


def write_workbook(connection: duckdb.DuckDBPyConnection, path: Path) -> Path:
    """Write the shop's orders as a workbook of one sheet, every cell a text, and return its path."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False})
    sheet = book.add_worksheet("订单")
    orders = connection.execute(text_of("shop_orders_export"))
    sheet.write_row(0, 0, [column[0] for column in orders.description])
    row_no = 1
    while rows := orders.fetchmany(FETCHED_ROWS):
        for row in rows:
            for column_no, cell in enumerate(row):
                if cell:
                    sheet.write_string(row_no, column_no, cell)
            row_no += 1
    book.close()
    return path
