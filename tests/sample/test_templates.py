"""The empty templates: the agreed headers in the first row, ids that stay text, a second sheet that explains."""

from __future__ import annotations

import openpyxl
import pytest

from analytics.actions.templates import write_templates
from analytics.domain.costs import COST_NAMES
from analytics.domain.loads import Actor

HEADERS = {
    "广告花费.xlsx": ["日期", "渠道", "达人ID", "花费(元)", "费用类型"],
    "商品成本.xlsx": ["商品ID", "SKU编码", "成本(元)", "生效日期"],
    "成本设置.xlsx": ["项目", "适用范围", "值", "生效日期"],
    "标记订单.xlsx": ["订单号", "工具", "时间", "次数", "结果", "金额(元)"],
}
FORMATS = {
    "达人ID": "@",
    "商品ID": "@",
    "SKU编码": "@",
    "订单号": "@",
    "花费(元)": "#,##0.00",
    "日期": "yyyy-mm-dd",
    "生效日期": "yyyy-mm-dd",
}


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("模 板") / "新"
    return {path.name: openpyxl.load_workbook(path) for path in write_templates(folder, actor=Actor("测试"))}


def test_there_are_four_with_the_agreed_headers_and_no_rows(books):
    assert {name: [cell.value for cell in book.worksheets[0][1]] for name, book in books.items()} == HEADERS
    assert all(book.worksheets[0].max_row == 1 for book in books.values())


def test_columns_are_formatted_for_what_is_typed_into_them(books):
    for book in books.values():
        page = book.worksheets[0]
        formats = {
            page.cell(1, place).value: group.number_format
            for group in page.column_dimensions.values()
            for place in range(group.min, group.max + 1)
        }
        assert {title: FORMATS.get(title, number_format) for title, number_format in formats.items()} == formats


def test_the_second_sheet_explains_every_column_and_every_setting(books):
    for name, book in books.items():
        explained = [row[0] for row in book["说明"].iter_rows(values_only=True)]
        assert set(HEADERS[name]) <= set(explained)
    assert set(COST_NAMES) <= {row[0] for row in books["成本设置.xlsx"]["说明"].iter_rows(values_only=True)}


def test_writing_twice_gives_the_same_bytes(tmp_path):
    first = {path.name: path.read_bytes() for path in write_templates(tmp_path, actor=Actor("测试"))}
    assert {path.name: path.read_bytes() for path in write_templates(tmp_path, actor=Actor("测试"))} == first
