"""The same rows in any wrapping give the same facts: encodings, delimiters, workbooks, titles, passwords."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from tests.intake.makers import HEADERS, ORDER, Reading, cells_of, read, text_of, write_export, write_text, write_workbook

HEADER = HEADERS["orders_64"]
ROWS = [
    {**ORDER, "订单备注": "2026-03-02 16:43:21 小额打款金额¥ 3/超重，3元已打款", "商品名称": '带"引号"和,逗号;分号\t制表符'},
    {**ORDER, "订单号": "2510900000000030", "买家留言": "第一行\n第二行", "订单支付时间": ""},
    {**ORDER, "订单号": "0000900000000043", "CPS达人昵称": "㐂𠮷小店"},
]
LINES = [HEADER, *cells_of(ROWS, HEADER)]


def facts(reading: Reading, *, sheet: bool = False) -> dict[str, list[dict]]:
    """All staged rows; where a row stood is compared only between files of one shape."""
    tables = {table: reading.rows(table) for table in reading.staged["parquet_by_table"]}
    hidden = set() if sheet else {"source_sheet"}
    return {
        table: [{name: cell for name, cell in row.items() if name not in hidden} for row in rows]
        for table, rows in tables.items()
    }


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> dict[str, list[dict]]:
    found = facts(read(write_text(tmp_path_factory.mktemp("plain") / "订单.csv", LINES)))
    assert len(found["order_lines"]) == 3
    assert len(found["note_payments"]) == 1
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters_make_no_difference(encoding, delimiter, plain, tmp_path):
    assert facts(read(write_text(tmp_path / "订单.txt", LINES, encoding=encoding, delimiter=delimiter))) == plain


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_make_no_difference(ending, plain, tmp_path):
    path = tmp_path / "订单.csv"
    path.write_bytes(text_of(LINES).replace("\r\n", ending).encode("gb18030"))
    assert facts(read(path)) == plain


def test_a_workbook_holds_the_same_facts(plain, tmp_path):
    assert facts(read(write_workbook(tmp_path / "订单.xlsx", {"Sheet1": LINES}))) == plain


@pytest.mark.parametrize(
    ("content", "name"), [("workbook", "订单.csv"), ("workbook", "订单.xls"), ("text", "订单.xlsx"), ("text", "订单")]
)
def test_a_wrong_suffix_makes_no_difference(content, name, plain, tmp_path):
    path = tmp_path / name
    source = write_workbook(tmp_path / "a.bin", {"S": LINES}) if content == "workbook" else write_text(tmp_path / "a.txt", LINES)
    source.rename(path)
    assert facts(read(path)) == plain


@pytest.mark.parametrize("columns", ["orders_62", "orders_61"])
def test_exports_of_earlier_years_have_fewer_columns_and_the_same_facts(columns, plain, tmp_path):
    header = HEADERS[columns]
    assert facts(read(write_text(tmp_path / "订单.csv", [header, *cells_of(ROWS, header)]))) == plain


def test_columns_may_stand_in_any_order_under_older_names(plain, tmp_path):
    header = ["退货退款" if name == "售后状态" else name for name in reversed(HEADER)]
    rows = [{**row, "退货退款": row["售后状态"]} for row in ROWS]
    assert facts(read(write_text(tmp_path / "订单.csv", [header, *cells_of(rows, header)]))) == plain


@pytest.mark.parametrize(
    "variant",
    ["订单号 ", "\ufeff订单号", "订单\u200b号", "\t订单号", "'订单号", "订單号".replace("單", "单")],
)
def test_a_header_is_known_in_all_its_disguises(variant, tmp_path):
    lines = [[variant, "订单支付时间\u3000", "实付款"], ["1", "2026-03-01 10:00:00", "5"]]
    assert read(write_text(tmp_path / "订单.csv", lines)).row("order_lines")["order_id"] == "1"


@pytest.mark.parametrize(
    "header",
    [
        ["帐务流水号", "关联业务单号", "入帐时间", "帐务方向", "发生额(元)"],
        ["账务流水号", "关联业务单号", "入账时间", "财务方式", "发生额【元】"],
        ["账务流水号", "关联业务单号", "入账时间", "账务方向", "发生额"],
    ],
)
def test_brackets_and_old_spellings_are_one(header, tmp_path):
    flow = read(write_text(tmp_path / "动账.csv", [header, ["F1", "1", "2026-03-01 10:00:00", "支", "5"]])).row()
    assert flow["cost_fen"] == 500


def test_letters_of_a_header_may_be_of_any_case_and_width(tmp_path):
    lines = [["商品id", "ｓｋｕ编码", "成本（元）"], ["P1", "S1", "3"]]
    assert read(write_text(tmp_path / "成本.csv", lines)).row()["sku"] == "S1"


def test_titles_and_explanations_around_the_header_are_skipped_and_rows_keep_their_numbers(tmp_path):
    explanation = ["平台订单唯一编号" if name == "订单号" else "见说明" for name in HEADER]
    lines = [["订单导出\n（第二行）"], [], HEADER, explanation, LINES[1], [], LINES[2]]
    for path in (write_text(tmp_path / "a.csv", lines), write_workbook(tmp_path / "a.xlsx", {"S": lines})):
        reading = read(path)
        assert [row["source_row"] for row in reading.rows("order_lines")] == [5, 7]
        assert reading.surprises == ["表头下第 4 行是说明，已跳过"]


def test_sheets_of_one_kind_are_one_load_and_others_are_named(plain, tmp_path):
    sheets = {"三月": LINES[:3], "说明": [["请看"], ["这里"]], "四月": [["标题"], HEADER, LINES[3]], "空": []}
    reading = read(write_workbook(tmp_path / "订单.xlsx", sheets))
    assert [(row["source_sheet"], row["source_row"]) for row in reading.rows("order_lines")] == [
        ("三月", 2),
        ("三月", 3),
        ("四月", 3),
    ]
    assert [row["content_hash"] for row in reading.rows("order_lines")] == [row["content_hash"] for row in plain["order_lines"]]
    assert reading.surprises == ["工作表「说明」不是快手订单，未读取"]


def with_dimension(path: Path, dimension: str) -> Path:
    """Write another extent into the first sheet of a workbook."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    name = "xl/worksheets/sheet1.xml"
    start = parts[name].index(b"<dimension ref=")
    end = parts[name].index(b"/>", start)
    parts[name] = parts[name][:start] + f'<dimension ref="{dimension}"'.encode() + parts[name][end:]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part, content in parts.items():
            new.writestr(part, content)
    return path


def test_a_workbook_may_be_wrong_about_its_extent(plain, tmp_path):
    assert facts(read(with_dimension(write_workbook(tmp_path / "订单.xlsx", {"S": LINES}), "A1"))) == plain


def test_numbers_in_a_workbook_become_exact_text(tmp_path):
    lines = [
        ["订单号", "订单支付时间", "实付款", "成交数量", "快递单号", "商品ID"],
        [2510900000000017, datetime(2026, 3, 1, 10), 12.34, 2, 78000000000001, "0022"],
        [2510900000000019, datetime(2026, 3, 1, 10, 0, 59), 0.1 + 0.2, 2.0, "", 1.5e16],
    ]
    one, two = read(write_workbook(tmp_path / "订单.xlsx", {"S": lines})).rows("order_lines")
    assert (one["order_id"], one["tracking_no"], one["product_id"]) == ("2510900000000017", "78000000000001", "0022")
    assert (one["paid_fen"], one["paid_at"], one["quantity"]) == (1234, datetime(2026, 3, 1, 10), 2)
    assert (two["order_id"], two["paid_fen"], two["paid_at"], two["product_id"]) == (
        *("2510900000000019", 30, datetime(2026, 3, 1, 10, 0, 59), "15000000000000000"),
    )


def locked(path: Path, password: str) -> Path:
    """Protect a workbook with a password."""
    open_bytes = io.BytesIO(path.read_bytes())
    closed = io.BytesIO()
    OOXMLFile(open_bytes).encrypt(password, closed)
    path.write_bytes(closed.getvalue())
    return path


def test_a_protected_workbook_opens_with_its_password_or_the_end_of_its_name(plain, tmp_path):
    path = locked(write_workbook(tmp_path / "订单_a1B2c3.xlsx", {"S": LINES}), "a1B2c3")
    assert facts(read(path)) == plain
    assert facts(read(path, file_name="改过名字.xlsx", password="a1B2c3")) == plain
    assert facts(read(path, file_name="订单_a1B2c3 (1).xlsx")) == plain


def test_the_first_of_two_columns_of_one_name_is_read_and_said_so(tmp_path):
    lines = [["订单号", "订单支付时间", "实付款", "优惠", "实付款", "优惠"], ["1", "2026-03-01 10:00:00", "5", "1", "7", "2"]]
    reading = read(write_text(tmp_path / "订单.csv", lines))
    assert reading.row("order_lines")["paid_fen"] == 500
    assert "「实付款」列出现了不止一次，只读第一列" in reading.surprises
    assert "不认识的列（未读取）：「优惠」" in reading.surprises


def test_an_export_without_rows_is_no_mistake(tmp_path):
    reading = read(write_export(tmp_path / "售后单.csv", "cases_41"))
    assert (reading.rows(), reading.staged["row_count"], reading.surprises) == ([], 0, ["表头下面没有数据行"])


def test_a_new_word_of_a_status_is_kept_and_named(tmp_path):
    reading = read(write_export(tmp_path / "售后单.csv", "cases_41", [{"售后状态": "飞走了"}]))
    assert reading.row()["status_word"] == "飞走了"
    assert reading.surprises == ["「售后状态」有没见过的词：「飞走了」"]
