"""All problems at once: each with its row as Excel counts it, and the row set aside without anything about a person."""

from __future__ import annotations

import json

import pytest

from analytics.domain.loads import Problem
from analytics.store.facts import FACTS
from tests.intake.makers import HEADERS, ORDER, cells_of, read, text_of, write_export, write_text, write_workbook

FIX = "请改正这一格后重新导入；也可以先搁置这一行，导入其余的行。"
MONEY = "金额，如 1299.90，最多两位小数"
ID = "由字母和数字组成的完整编号"
TIME = "2000 年以后的时间，如 2026-03-05 10:00:00"

BAD_CELLS = {
    ("订单号", ""): ("空白", ID),
    ("订单号", "欧阳试样"): ("「…」不是编号", ID),
    ("实付款", "12圆"): ("「12圆」不是金额", MONEY),
    ("实付款", "12.345"): ("「12.345」不是金额", MONEY),
    ("实付款", "1e308"): ("「1e308」不是金额", MONEY),
    ("实付款", "欧阳试样13900000007"): ("「…***」不是金额", MONEY),
    ("实付款", "-5"): ("「-5」小于 0", "不小于 0 的金额"),
    ("实付款", "¥9,999,999,999.99"): ("「9,999,999,999.99」超过十亿元", "不超过十亿元的金额"),
    ("订单支付时间", "9999-12-31 00:00:00"): ("「9999-12-31 00:00:00」不是时间", TIME),
    ("发货时间", "1900-01-01"): ("「1900-01-01」不是时间", TIME),
    ("发货时间", "明天"): ("「…」不是时间", TIME),
    ("成交数量", "两"): ("「两」不是件数", "不超过六位的整数"),
    ("快递单号", "顺丰 13900000007"): ("「… ***」不是编号", ID),
}


@pytest.mark.parametrize(("column", "cell"), BAD_CELLS)
def test_a_bad_cell_is_a_problem_of_its_row_and_column(column, cell, tmp_path):
    found, expected = BAD_CELLS[column, cell]
    reading = read(write_export(tmp_path / "订单.csv", "orders_64", [{}, {"订单号": "2", column: cell}, {"订单号": "3"}]))
    assert reading.problems == [Problem(3, column, found, expected, FIX, None)]
    assert [row["source_row"] for row in reading.rows("order_lines")] == [2, 4]
    assert (reading.staged["row_count"], reading.staged["rejected_count"]) == (3, 1)


def test_every_problem_of_every_row_is_listed_in_the_order_of_the_file(tmp_path):
    rows = [{"实付款": "甲"}, {}, {"实付款": "乙", "发货时间": "丙"}, {"快递费": "1.234"}]
    reading = read(write_export(tmp_path / "订单.csv", "orders_64", rows))
    assert [(problem.row, problem.column, problem.found) for problem in reading.problems] == [
        (2, "实付款", "「甲」不是金额"),
        (4, "实付款", "「乙」不是金额"),
        (4, "发货时间", "「丙」不是时间"),
        (5, "快递费", "「1.234」不是金额"),
    ]
    assert [row["source_row"] for row in reading.rejected()] == [2, 4, 5]
    assert reading.staged["money_in_fen"] == 129990


def test_a_row_set_aside_keeps_its_allowed_columns_only(tmp_path):
    row = {
        "实付款": "12圆",
        "商品名称": "裙子 13900000007",
        "收货地址-省": "欧阳试样路",
        "订单备注": "欧阳来电",
        "物流信息": "欧阳签收",
    }
    (rejected,) = read(write_export(tmp_path / "订单.csv", "orders_64", [row])).rejected()
    cells = json.loads(rejected["cells"])
    assert (rejected["source_sheet"], rejected["source_row"]) == (None, 2)
    assert (cells["订单号"], cells["实付款"], cells["商品名称"], cells["收货地址-市"]) == (
        *("2510900000000017", "12圆", "… ***", "包头市"),
    )
    assert cells["收货地址-省"] is None
    assert not {"订单备注", "物流信息", "收货人姓名", "收货人电话", "收货地址", "买家留言"} & set(cells)


def test_a_row_with_the_wrong_number_of_cells_is_described_by_its_counts(tmp_path):
    lines = [HEADERS["orders_64"], *cells_of([ORDER, {**ORDER, "订单号": "2"}], HEADERS["orders_64"])]
    lines.insert(2, [*lines[1][:49], "试样路7号", *lines[1][49:]])
    lines.insert(3, lines[1][:40])
    reading = read(write_text(tmp_path / "订单.csv", lines))
    remedy = "请检查这一行里多出或缺少的分隔符，改正后重新导入；也可以先搁置这一行。"
    assert reading.problems == [
        Problem(3, None, "这一行有 65 格，表头有 64 列", "64 格", remedy, None),
        Problem(4, None, "这一行有 40 格，表头有 64 列", "64 格", remedy, None),
    ]
    assert [(row["source_row"], row["cells"]) for row in reading.rejected()] == [(3, "{}"), (4, "{}")]
    assert [row["source_row"] for row in reading.rows("order_lines")] == [2, 5]


def test_a_delimiter_at_the_end_of_every_row_is_no_mistake(tmp_path):
    header = ["订单号", "订单支付时间", "实付款"]
    rows = [[str(number), "2026-03-01 10:00:00", "5"] for number in range(1, 5)]
    files = {
        "of the header only": [[*header, ""], *rows],
        "of the rows only": [header, *([*row, ""] for row in rows)],
        "of all": [[*header, ""], *([*row, ""] for row in rows)],
    }
    for name, lines in files.items():
        reading = read(write_text(tmp_path / f"{name}.csv", lines))
        assert (len(reading.rows()), reading.problems) == (4, []), name


def test_blank_rows_are_neither_data_nor_problems(tmp_path):
    lines = [["订单号", "订单支付时间", "实付款"], [], ["1", "2026-03-01 10:00:00", "5"], ["", " ", ""], [], ["2", "", "5"], []]
    reading = read(write_text(tmp_path / "订单.csv", lines))
    assert [row["source_row"] for row in reading.rows("order_lines")] == [3, 6]
    assert (reading.staged["row_count"], reading.problems) == (2, [])


def test_a_problem_in_a_workbook_names_its_sheet(tmp_path):
    header = HEADERS["orders_61"]
    lines = [header, *cells_of([{**ORDER, "实付款": "12圆"}], header)]
    (problem,) = read(write_workbook(tmp_path / "订单.xlsx", {"三月": lines})).problems
    assert (problem.sheet, problem.row, problem.column) == ("三月", 2, "实付款")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_cell_that_is_no_text_is_a_problem_of_its_row_alone(encoding, tmp_path):
    good = text_of([HEADERS["orders_64"], *cells_of([ORDER, {**ORDER, "订单号": "2"}], HEADERS["orders_64"])]).encode(encoding)
    path = tmp_path / "订单.csv"
    path.write_bytes(good.replace("夏季新款".encode(encoding), b"\xff\xff", 1))
    reading = read(path)
    (problem,) = reading.problems
    assert (problem.row, problem.column, problem.found) == (2, "商品名称", "这一格的字节无法按文件的编码读出")
    assert [row["order_id"] for row in reading.rows("order_lines")] == ["2"]


def test_a_broken_byte_in_a_column_that_is_not_kept_is_nobodys_problem(tmp_path):
    path = tmp_path / "订单.csv"
    path.write_bytes(
        text_of([HEADERS["orders_64"], *cells_of([ORDER], HEADERS["orders_64"])]).encode().replace("欧阳".encode(), b"\xff")
    )
    assert read(path).problems == []


def test_a_setting_that_cannot_be_read_says_what_it_may_be(tmp_path):
    lines = [
        ["项目", "适用范围", "值"],
        ["没有这项", "", "3"],
        ["packing", "reason:坏了", "3"],
        ["packing", "", "三块"],
        ["packing", "", ""],
        ["packing", "", "1e999999999"],
        ["packing", "", "3"],
    ]
    reading = read(write_text(tmp_path / "成本设置.csv", lines))
    assert [(problem.row, problem.column, problem.found) for problem in reading.problems] == [
        (2, "项目", "没有名为「没有这项」的项目"),
        (3, "适用范围", "「reason:坏了」"),
        (4, "值", "「三块」读不成数值"),
        (5, "值", "空白"),
        (6, "值", "「1e999999999」读不成数值"),
    ]
    assert [row["value"] for row in reading.rows()] == [300]


def test_a_tool_that_nobody_knows_is_named_with_the_ones_there_are(tmp_path):
    (problem,) = read(write_text(tmp_path / "标记.csv", [["订单号", "工具"], ["1", "拜托"]])).problems
    assert problem.found == "「拜托」不是可选的词"
    assert problem.expected.startswith("优先发货、催发货、")


def test_a_word_of_the_format_may_stand_for_no_money(tmp_path):
    header = ["订单编号", "总金额", "买家实际支付金额", "收货地址 ", "订单创建时间", "订单付款时间 ", "退款金额"]
    rows = [
        ["1", "21.0", "0", "上海市试样路7号", "2020-02-21 00:00:00", "2020-02-21 00:00:02", word]
        for word in ("无退款申请", "", "21", "无")
    ]
    reading = read(write_text(tmp_path / "报表.csv", [header, *rows]))
    assert [(row["paid_fen"], row["refund_fen"], row["province"]) for row in reading.rows()] == [
        (2100, 0, "上海"),
        (2100, None, "上海"),
        (2100, 2100, "上海"),
    ]
    assert reading.problems[0].found == "「无」不是金额"


def test_what_is_read_as_blank_is_counted(tmp_path):
    reading = read(write_export(tmp_path / "订单.csv", "orders_64", [{"收货地址-省": "火星"}, {"收货地址-省": ""}, {}]))
    assert reading.surprises == ["「收货地址-省」有 1 格读不懂，按空白处理"]


def test_a_thousand_problems_are_listed_and_the_rest_counted(tmp_path):
    reading = read(write_export(tmp_path / "订单.csv", "orders_64", [{"实付款": "甲"}] * 1002))
    assert (len(reading.problems), reading.staged["rejected_count"], len(reading.rejected())) == (1000, 1002, 1002)
    assert reading.surprises == ["另有 2 处问题没有逐条列出，都在被搁置的行里"]


def test_headers_that_look_like_data_are_not_repeated(tmp_path):
    header = ["订单号", "订单支付时间", "实付款", "欧阳 13900000007", "新列"]
    reading = read(write_text(tmp_path / "订单.csv", [header, ["1", "2026-03-01 10:00:00", "5", "", ""]]))
    assert reading.surprises[0] == "不认识的列（未读取）：「…」、「新列」"


def test_money_below_zero_is_a_problem_where_it_cannot_be(tmp_path):
    (problem,) = read(write_export(tmp_path / "售后.csv", "cases_41", [{"退款金额": "-3"}])).problems
    assert (problem.column, problem.found) == ("退款金额", "「-3」小于 0")
    assert read(write_export(tmp_path / "险.csv", "freight_insurance", [{"商家承担服务费用（元）": "-0.9"}])).problems == []
    assert read(write_export(tmp_path / "零.csv", "cases_41", [{"退款金额": "-0.00"}])).row()["refund_fen"] == 0
    assert FACTS["freight_insurance"].may_be_negative


def test_two_rows_that_set_the_same_thing_differently_are_named(tmp_path):
    costs = [["商品ID", "成本(元)"], ["P1", "3"], ["P2", "4"], ["P1", "5"], ["P2", "4"]]
    settings = [["项目", "适用范围", "值"], ["packing", "", "3"], ["packing", "product:P1", "3"], ["packing", "", "off"]]
    surprises = read(write_text(tmp_path / "成本.csv", costs)).surprises
    assert "第 2 行与第 4 行是同一项设置（P1），值不同" in surprises
    assert not [said for said in surprises if "P2" in said]
    surprises = read(write_text(tmp_path / "设置.csv", settings)).surprises
    assert "第 2 行与第 4 行是同一项设置（packing），值不同" in surprises
