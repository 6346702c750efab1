"""Nobody's name, number or street in anything that leaves the reader."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from analytics.errors import OperatorError
from analytics.intake import read_file
from tests.intake.makers import (
    CASE,
    FLOW,
    HEADERS,
    KEY,
    ORDER,
    cells_of,
    read,
    rows_of,
    text_of,
    write_export,
    write_text,
    write_workbook,
)

SECRETS = {
    *("欧阳", "试样路", "试样街道", "13900000007", "13900000008", "13900000009", "11010519491231002X", "88001234"),
    *("欧阳客服", "来电"),
}
ORDERS = [
    {
        **ORDER,
        "订单备注": "欧阳来电 13900000007/2026-03-02 16:43:21 小额打款金额¥ 3/欧阳运费",
        "物流信息": "快递员欧阳 13900000007 已签收",
    },
    {**ORDER, "订单号": "2", "实付款": "欧阳 13900000007"},
    {**ORDER, "订单号": "3", "发货时间": "试样路7号", "快递单号": "13900000007"},
    {**ORDER, "订单号": "4", "收货地址-省": "欧阳", "收货地址-市": "试样路7号", "商品规格": "红 13900000008 11010519491231002X"},
    {**ORDER, "订单号": "欧阳"},
]
CASES = [CASE, {**CASE, "售后单号": "2", "退款金额": "欧阳来电"}]
FLOWS = [{**FLOW, "描述": "欧阳来电", "备注": "小额打款 欧阳 13900000007"}]


def everything_in(folder: Path) -> str:
    """All bytes of a folder as text, and all rows of its Parquet files (their bytes are compressed)."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    raw = "".join(path.read_bytes().decode("utf-8", errors="replace") for path in files)
    return raw + "".join(str(rows_of(path)) for path in files if path.suffix == ".parquet")


@pytest.mark.parametrize("wrapping", ["csv", "xlsx"])
@pytest.mark.parametrize(("name", "rows"), [("orders_64", ORDERS), ("cases_41", CASES), ("fund_flow", FLOWS)])
def test_nothing_about_a_person_leaves_the_reader(wrapping, name, rows, tmp_path):
    lines = [HEADERS[name], *cells_of(rows, HEADERS[name])]
    if wrapping == "csv":
        lines.append([*lines[1], "欧阳 13900000007"])
        path = write_text(tmp_path / "a.csv", lines, encoding="gb18030")
    else:
        path = write_workbook(tmp_path / "a.xlsx", {"S": lines, "收件人": [["欧阳", "13900000007"]]})
    reading = read(path)
    told = json.dumps(reading.staged, ensure_ascii=False, default=str)
    held = everything_in(tmp_path / f"staging of {path.name}")
    assert reading.rows()
    assert {secret for secret in SECRETS if secret in told + held} == set()


def test_a_file_without_a_header_is_refused_without_quoting_it(tmp_path):
    lines = cells_of([ORDER], HEADERS["orders_64"])
    with pytest.raises(OperatorError) as refusal:
        read(write_text(tmp_path / "a.csv", lines))
    assert not [secret for secret in SECRETS if secret in str(refusal.value)]


def test_a_header_of_another_kind_is_refused_without_quoting_what_is_unknown(tmp_path):
    lines = [["订单号", "实付款", "欧阳", "13900000007"], ["1", "2", "欧阳", "3"]]
    with pytest.raises(OperatorError) as refusal:
        read(write_text(tmp_path / "a.csv", lines))
    assert "「订单号」、「实付款」" in str(refusal.value)
    assert not [secret for secret in SECRETS if secret in str(refusal.value)]


def test_the_reader_writes_nothing_outside_its_folder(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(text_of([HEADERS["orders_64"], *cells_of(ORDERS, HEADERS["orders_64"])]), encoding="utf-8")
    read(path)
    assert {entry.name for entry in tmp_path.iterdir()} == {"a.csv", "staging of a.csv"}
    assert {entry.name for entry in (tmp_path / "staging of a.csv").iterdir()} == {
        *("order_lines.parquet", "note_payments.parquet", "rejected.parquet"),
    }


def test_a_row_whose_cells_have_moved_keeps_known_words_only(tmp_path):
    moved = {"售后类型": "欧阳试样", "售后原因": "欧阳来电", "SKU编码": "欧阳", "售后状态": "售后成功", "退款金额": "退款"}
    (rejected,) = read(write_export(tmp_path / "a.csv", "cases_41", [moved])).rejected()
    cells = json.loads(rejected["cells"])
    assert (cells["售后类型"], cells["售后原因"], cells["SKU编码"], cells["售后状态"]) == ("…", "…", "…", "售后成功")


def test_a_direction_that_is_none_is_not_repeated(tmp_path):
    reading = read(write_export(tmp_path / "a.csv", "fund_flow", [{"账务方向": "欧阳"}]))
    assert reading.problems[0].found == "「…」不是可选的词"
    assert "欧阳" not in str(reading.rejected())


@pytest.mark.parametrize("text", ["欧阳说明天再来，请等一下", "快件已由欧阳试样本人在小区门口的驿站里面签收完成了"])
def test_a_sentence_is_no_state(text, tmp_path):
    reading = read(write_export(tmp_path / "a.csv", "cases_41", [{"退货物流状态": text}, {"售后单号": "2"}]))
    assert [row["return_status"] for row in reading.rows()] == [None, None]
    assert reading.surprises == ["「退货物流状态」有 1 格读不懂，按空白处理"]


def test_the_title_of_a_sheet_is_not_repeated_when_it_may_name_somebody(tmp_path):
    lines = [HEADERS["orders_64"], *cells_of([ORDER, {**ORDER, "实付款": "甲"}], HEADERS["orders_64"])]
    reading = read(write_workbook(tmp_path / "a.xlsx", {"欧阳试样": lines, "欧阳13900000007": [["x"]]}))
    assert reading.rows("order_lines")[0]["source_sheet"] == reading.problems[0].sheet == "第 1 张工作表"
    assert reading.surprises == ["工作表「第 2 张工作表」不是快手订单，未读取"]


def test_the_notes_of_our_own_template_are_no_surprise(tmp_path):
    sheets = {"商品成本": [["商品ID", "SKU编码", "成本(元)", "生效日期"], ["P1", "", "3", ""]], "说明": [["填写说明"]]}
    assert read(write_workbook(tmp_path / "成本.xlsx", sheets)).surprises == []


def test_a_telephone_number_in_the_name_of_a_file_is_masked_everywhere(tmp_path):
    path = write_export(tmp_path / "催发货13900000007_20261116091200.csv", "orders_64", [{}])
    (tmp_path / "s").mkdir()
    staged = read_file(path, staging=tmp_path / "s", buyer_key=KEY)
    assert (staged.file_name, staged.list_kind) == ("催发货***_20261116091200.csv", "urge_ship")
    assert staged.exported_at == datetime(2026, 11, 16, 9, 12)
    bad = write_text(tmp_path / "13900000007.csv", [["x"], ["y"]])
    with pytest.raises(OperatorError) as refusal:
        read_file(bad, staging=tmp_path / "s", buyer_key=KEY)
    assert "13900000007" not in str(refusal.value)
