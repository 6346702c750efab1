"""Nobody's name, number or street in anything that leaves the reader."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analytics.errors import OperatorError
from tests.intake.makers import CASE, FLOW, HEADERS, ORDER, cells_of, read, rows_of, text_of, write_text, write_workbook

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
