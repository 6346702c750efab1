"""Tables as files: safe in Excel, exact to the digit, the same bytes every time; raw files exactly as given."""

from __future__ import annotations

import io
from datetime import date, datetime

import numpy as np
import openpyxl
import pandas as pd
import pytest

from analytics.present.exports import (
    Column,
    Sheet,
    csv_bytes,
    filters_sheet,
    neutral,
    platform_csv_bytes,
    platform_xlsx_bytes,
    sheet_of_frame,
    xlsx_bytes,
)

WRITTEN_AT = datetime(2026, 11, 16, 9, 12, 30)
COLUMNS = (
    *(Column("订单号", "id"), Column("商品名称"), Column("退款", "money_fen"), Column("退款率", "rate"), Column("件数", "count")),
    *(Column("日期", "date"), Column("时间", "time")),
)
ROW = ("0500000000200001", "=cmd|' /C calc'!A0", 123450, 0.25, 3, date(2026, 11, 16), WRITTEN_AT)
EMPTY = (None, None, None, float("nan"), None, None, pd.NaT)


def sheets_of(content):
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\x00x"])
def test_a_cell_that_excel_could_run_gets_an_apostrophe(text):
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=1", "1-2", "中文", "'x", "¥3"])
def test_any_other_cell_stays_as_it_is(text):
    assert neutral(text) == text


def test_csv_is_utf8_with_bom_ids_have_a_tab_money_is_yuan():
    content = csv_bytes(Sheet("退款", COLUMNS, [ROW, EMPTY]))
    assert content.decode("utf-8-sig").split("\r\n") == [
        "订单号,商品名称,退款,退款率,件数,日期,时间",
        "0500000000200001\t,'=cmd|' /C calc'!A0,1234.50,0.25,3,2026-11-16,2026-11-16 09:12:30",
        ",,,,,,",
        "",
    ]
    assert content.startswith(b"\xef\xbb\xbf")


def test_a_workbook_keeps_ids_as_text_and_money_as_numbers():
    (page,) = sheets_of(xlsx_bytes([Sheet("退款", COLUMNS, [ROW])], written_at=WRITTEN_AT))
    assert [cell.value for cell in page[2]] == [
        *("0500000000200001", "'=cmd|' /C calc'!A0", 1234.5, 0.25, 3, datetime(2026, 11, 16), WRITTEN_AT),
    ]
    assert [cell.data_type for cell in page[2]] == ["s", "s", "n", "n", "n", "d", "d"]
    assert page["A2"].number_format == "@"
    assert page.freeze_panes == "A2"


def test_the_same_table_gives_the_same_bytes():
    sheets = [Sheet("退款", COLUMNS, [ROW, EMPTY]), filters_sheet("筛选", {"时间": "近30天"})]
    assert xlsx_bytes(sheets, written_at=WRITTEN_AT) == xlsx_bytes(sheets, written_at=WRITTEN_AT)
    assert csv_bytes(sheets[0]) == csv_bytes(sheets[0])


def test_sheet_names_are_made_fit_for_excel():
    names = [
        page.title for page in sheets_of(xlsx_bytes([Sheet("损失/拆解?" * 9, ())] * 2 + [Sheet("", ())], written_at=WRITTEN_AT))
    ]
    assert len(set(names)) == 3
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr("analytics.present.exports.LONGEST_SHEET", 2)
    pages = sheets_of(xlsx_bytes([Sheet("长表", (Column("n", "count"),), [(1,), (2,), (3,)])], written_at=WRITTEN_AT))
    assert [[row[0] for row in page.iter_rows(values_only=True)] for page in pages] == [["n", 1, 2], ["n", 3]]


def test_a_frame_becomes_a_sheet_with_its_gaps():
    frame = pd.DataFrame({"order_id": ["01", None], "loss_fen": pd.array([250, None], dtype="Int64"), "other": [1, 2]})
    sheet = sheet_of_frame("损失", frame, {"loss_fen": Column("损失", "money_fen"), "order_id": Column("订单号", "id")})
    assert csv_bytes(sheet).decode("utf-8-sig") == "损失,订单号\r\n2.50,01\t\r\n,\r\n"
    assert csv_bytes(Sheet("n", (Column("n", "count"),), [(np.int64(7),)])).decode("utf-8-sig") == "n\r\n7\r\n"


def test_an_unknown_kind_of_column_is_a_mistake():
    with pytest.raises(ValueError, match="is none of"):
        Column("金额", "yuan")


def test_a_platform_s_file_is_written_exactly_as_given():
    rows = [("=1", "-", "¥1,299.90")]
    assert platform_csv_bytes(("a", "b", "c"), rows, encoding="gb18030", title="账单").decode("gb18030") == (
        '账单\r\na,b,c\r\n=1,-,"¥1,299.90"\r\n'
    )
    (page,) = sheets_of(platform_xlsx_bytes(("a", "b", "c"), rows, written_at=WRITTEN_AT))
    assert [(cell.value, cell.data_type) for cell in page[2]] == [("=1", "s"), ("-", "s"), ("¥1,299.90", "s")]
