"""The whole account as a workbook, as somebody opens it: every cell against what the other commands answer."""

from __future__ import annotations

import re
import shutil
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from analytics.__main__ import main
from analytics.actions import report
from analytics.actions.account import Filters
from analytics.actions.imports import ImportOptions, import_file
from analytics.actions.ledger import ledger_of
from analytics.domain.loads import Actor
from analytics.store import marts
from tests.journeys.exports import case, flow, order, write_cases, write_flows, write_orders

NOW = datetime(2026, 11, 23, 9)
SHEETS = {
    "month": "每月", "product": "按商品", "streamer": "按达人", "reason": "按原因", "stage": "按阶段", "province": "按省份",
    "day": "每日",
}  # fmt: skip
SUMS, HEADER, FIRST = 3, 4, 5  # rows as a spreadsheet counts them
COLUMNS = {
    "付款订单": "orders", "退款成功": "refunds", "应收销售额": "receivable_fen", "退款（显性损失）": "sales_fen",
    "拉新营销费": "acquisition_fen", "退换物流费": "logistics_fen", "退款处理费": "handling_fen", "货物资损": "damage_fen",
    "隐性损失合计": "hidden_fen", "损失合计": "total_fen", "其中实测": "actual_fen", "其中设定": "set_fen",
    "其中假设": "assumed_fen", "缺数的退款": "unknown_refunds",
}  # fmt: skip
RISKY_NAME = '=HYPERLINK("http://x","领奖")'


@pytest.fixture(scope="module")
def filled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with every kind of case in it, made once; tests work on copies."""
    folder = tmp_path_factory.mktemp("report")
    orders = write_orders(
        folder / "订单.csv",
        order("220000000000001001"),
        order("220000000000001002", 实付款="¥50.05", 商品ID="P2", 商品名称=RISKY_NAME, 订单支付时间="2026-09-30 23:59:59"),
        order("220000000000001003", 实付款="¥33.33", CPS达人ID="", CPS达人昵称="", **{"收货地址-省": "广东省"}),
        order("220000000000001004", 实付款="¥80.00", 发货时间="", 快递单号="", 物流信息="", 订单状态="待发货"),
    )
    no_parcel = {"售后类型": "仅退款", "退货物流单号": ""}
    cases = write_cases(
        folder / "售后.csv",
        case("C1", "220000000000001001"),
        case("C2", "220000000000001002", 退款金额="¥10.01", 商品ID="P2", 售后原因="+不想要了", **no_parcel),
        case("C3", "220000000000001003", 售后状态="售后关闭", 退货物流单号="R3"),
        case("C4", "220000000000001004", 退款金额="¥80.00", 售后状态="待商家处理", 售后完结时间="", **no_parcel),
        case("C5", "220000000000009999", 退货物流单号="R5", 退款金额="¥7.77"),
    )
    flows = write_flows(folder / "流水.csv", flow("F1", "220000000000001001", "商责退运费", "6.66"))
    assert main(["--home", str(folder / "home"), "import", str(orders), str(cases), str(flows)]) == 0
    return folder / "home"


@pytest.fixture
def shop(ledger, home, filled_home):
    """The command line on a copy of that ledger."""
    shutil.copytree(filled_home, home)
    return ledger


def opened(path: Path, *, formulas: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path, data_only=not formulas)


def fen(cell: Any) -> int | None:
    """What a money cell holds, in fen; it must hold whole ones."""
    if cell == "—" or cell is None:
        return None
    assert abs(cell * 100 - round(cell * 100)) < 1e-6
    return round(cell * 100)


def read(page: Any, row: int) -> dict[str, Any]:
    """The figures of one row by the names that the `losses` command gives them."""
    titles = {page.cell(HEADER, column).value: column for column in range(1, page.max_column + 1)}
    values = {name: page.cell(row, titles[title]).value for title, name in COLUMNS.items() if title in titles}
    return {name: fen(value) if name.endswith("_fen") else value for name, value in values.items()}


def key_of(value: Any, dimension: str) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m" if dimension == "month" else "%Y-%m-%d")
    return value


@pytest.mark.parametrize(
    "filters",
    [
        (),
        ("--clock", "refunded"),
        ("--from", "2026-10-01", "--to", "2026-10-31"),
        ("--where", "product=P2"),
        ("--where", "stage=returned"),
    ],
    ids=["all", "by refund date", "a month", "a product", "a stage"],
)
def test_every_figure_is_that_of_losses(shop, tmp_path, filters):
    assert shop("report", tmp_path / "报表.xlsx", *filters).status == 0
    book = opened(tmp_path / "报表.xlsx")
    for dimension, name in SHEETS.items():
        answer = shop("losses", "--by", dimension, *filters).answer
        rows = [row for row in answer["rows"] if row[dimension] != "none" or dimension not in {"reason", "stage"}]
        page = book[name]
        shown = read(page, SUMS)
        assert shown == {name: answer["total"][name] for name in shown}, name
        for line, row in enumerate(rows, start=FIRST):
            shown = read(page, line)
            assert shown == {name: row[name] for name in shown}, (name, line)
            if dimension in {"month", "day", "product"} and row[dimension] != "未知":
                assert key_of(page.cell(line, 1).value, dimension) == row[dimension]
        assert page.cell(FIRST + len(rows), 1).value is None
    total = shop("losses", *filters).answer["total"]
    statement = {row[0].value: row[1].value for row in book["总账"].iter_rows(min_row=4, max_row=12)}
    assert fen(statement["应收销售额"]) == total["receivable_fen"]
    assert fen(statement["损失合计"]) == total["total_fen"]
    assert fen(statement["扣除退款损失后"]) == total["receivable_fen"] - total["total_fen"]


def test_the_cases_add_up_to_the_account_and_lead_to_their_lines(shop, tmp_path):
    shop("report", tmp_path / "报表.xlsx")
    page = opened(tmp_path / "报表.xlsx")["售后单"]
    titles = [cell.value for cell in page[HEADER]]
    rows = [dict(zip(titles, (cell.value for cell in row), strict=True)) for row in page.iter_rows(min_row=FIRST)]
    wanted = shop("refunds").rows
    assert [row["售后单号"] for row in rows] == [row["case_id"] for row in wanted]
    for shown, row in zip(rows, wanted, strict=True):
        assert (shown["订单号"], shown["来自文件"], shown["第几行"]) == (row["order_id"], row["source_file"], row["source_row"])
        for title, name in {
            "退款金额": "refund_fen",
            **{title: name for title, name in COLUMNS.items() if title in titles},
        }.items():
            assert fen(shown[title]) == row[name], (row["case_id"], name)
        assert shown["完结时间"] == datetime.fromisoformat(row["finished_at"]).replace(tzinfo=None)
    total = shop("losses").answer["total"]
    sums = dict(zip(titles, (cell.value for cell in page[SUMS]), strict=True))
    assert fen(sums["损失合计"]) == total["total_fen"] == sum(row["total_fen"] or 0 for row in wanted)
    by_id = {row["售后单号"]: row for row in rows}
    assert by_id["C1"]["物流来源"] == "实测 + 假设"
    assert by_id["C3"]["退款阶段"] == "售后关闭"
    assert by_id["C5"]["怎么来的"] == "售后单（没有订单）"


def test_ids_are_text_dates_are_dates_and_nothing_runs(shop, tmp_path):
    shop("report", tmp_path / "报表.xlsx")
    book = opened(tmp_path / "报表.xlsx", formulas=True)
    case_row = book["售后单"][FIRST]
    assert {cell.data_type for cell in case_row[:3]} <= {"s", "inlineStr"}
    orders = {row[2].value for row in book["售后单"].iter_rows(min_row=FIRST)}
    assert "220000000000001001" in orders
    names = {cell.value for row in book["按商品"].iter_rows(min_row=FIRST) for cell in row[:2]}
    assert f"'{RISKY_NAME}" in names
    assert "'+不想要了" in {row[0].value for row in book["按原因"].iter_rows(min_row=FIRST)}
    assert book["每日"].cell(FIRST, 1).value == datetime(2026, 9, 30)
    assert book["每日"].cell(FIRST, 1).number_format == "yyyy-mm-dd"
    formulas = [cell.value for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas
    assert not [text for text in formulas if "HYPERLINK" in text.upper()]


def test_every_formula_gives_the_value_it_carries(shop, tmp_path):
    shop("report", tmp_path / "报表.xlsx")
    values, formulas = opened(tmp_path / "报表.xlsx"), opened(tmp_path / "报表.xlsx", formulas=True)
    seen = 0
    for page in formulas:
        for row in page.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    seen += 1
                    worked_out = value_of(cell.value, values[page.title])
                    assert worked_out == pytest.approx(values[page.title][cell.coordinate].value, abs=1e-9), (
                        page.title,
                        cell.coordinate,
                    )
    assert seen > 100


def value_of(formula: str, page: Any) -> float:
    """Work out the few kinds of formula that the report writes."""

    def cell(name: str) -> float:
        value = page[name].value
        return value if isinstance(value, (int, float)) else 0

    def added(match: re.Match) -> str:
        cells = [each for part in match[1].split(",") if part != "109" for each in ranged(part)]
        return repr(sum(cell(name) for name in cells))

    def ranged(part: str) -> list[str]:
        return [each.coordinate for row in page[part] for each in row] if ":" in part else [part]

    text = formula.removeprefix("=")
    text = re.sub(r'^IF\((\w+)=0,"—",(.+)\)$', lambda match: match[2] if cell(match[1]) else '"—"', text)
    text = re.sub(r"(?:SUBTOTAL|SUM)\(([^()]+)\)", added, text)
    text = re.sub(r"\b[A-Z]+\d+\b", lambda match: f"({cell(match[0])!r})", text)
    assert re.fullmatch(r"[\d.()+\-*/e]+", text), formula
    return eval(text)


def test_the_front_sheet_says_what_was_asked_and_how_firm_it_is(shop, tmp_path):
    shop(
        "report",
        tmp_path / "报表.xlsx",
        "--from",
        "2026-10-01",
        "--to",
        "2026-10-31",
        "--clock",
        "refunded",
        "--where",
        "stage=returned",
    )
    page = opened(tmp_path / "报表.xlsx")["说明"]
    facts = {row[0].value: row[1].value for row in page.iter_rows()}
    assert "2026-10-01 至 2026-10-31" in page["A1"].value
    assert facts["时间"] == "2026-10-01 至 2026-10-31"
    assert facts["口径"] == "按退款日"
    assert facts["筛选"] == "退款阶段：退货退款"
    assert facts["店铺"] == "店铺1"
    assert isinstance(facts["数据截至"], datetime)
    total = shop(
        "losses", "--from", "2026-10-01", "--to", "2026-10-31", "--clock", "refunded", "--where", "stage=returned"
    ).answer["total"]
    assert [fen(facts[name]) for name in ("实测", "设定", "假设")] == [
        total[f"{name}_fen"] for name in ("actual", "set", "assumed")
    ]


def test_the_charts_are_native_and_read_the_tables(shop, tmp_path):
    shop("report", tmp_path / "报表.xlsx")
    with zipfile.ZipFile(tmp_path / "报表.xlsx") as book:
        charts = [book.read(name).decode() for name in book.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
        drawn = {name for text in charts for name in re.findall(r"<c:f>'?([^'!<]+)'?!", text)}
    assert len(charts) >= 6
    assert drawn <= {*SHEETS.values(), "总账"}
    assert {"总账", "每月", "按商品", "按原因"} <= drawn
    assert all("0072B2" in text for text in charts)


def test_sheets_are_ready_for_the_screen_and_the_printer(shop, tmp_path):
    shop("report", tmp_path / "报表.xlsx")
    book = opened(tmp_path / "报表.xlsx")
    for name in (*SHEETS.values(), "售后单"):
        page = book[name]
        assert page.freeze_panes.endswith(str(FIRST))
        assert page.auto_filter.ref.startswith(f"A{HEADER}:")
        assert page.print_title_rows == f"$1:${HEADER}"
        assert (page.page_setup.orientation, page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == ("landscape", 1, 0)
        assert page.sheet_properties.pageSetUpPr.fitToPage


def test_the_answer_names_each_sheet_and_its_rows(shop, tmp_path):
    said = shop("report", tmp_path / "报表.xlsx")
    counts = {row["sheet"]: row["rows"] for row in said.rows}
    assert (counts["售后单"], counts["每月"], counts["按商品"], counts["敞口"]) == (4, 2, 2, 1)
    assert said.answer["file"].endswith("报表.xlsx")
    assert "售后单" in shop("--format", "table", "report", tmp_path / "报表.xlsx").out


def test_an_older_report_is_replaced_and_nothing_else_is_left(shop, tmp_path):
    folder = tmp_path / "报表 夹"
    folder.mkdir()
    target = folder / "报表.XLSX"
    target.write_bytes(b"old")
    assert shop("report", target).status == 0
    assert zipfile.is_zipfile(target)
    assert list(folder.iterdir()) == [target]


@pytest.mark.parametrize(
    ("target", "found"),
    [("", "是一个文件夹"), ("报表.csv", "后缀是「.csv」"), ("报表", "后缀是「」"), ("没有/报表.xlsx", "没有这个文件夹")],
)
def test_a_bad_place_is_refused_in_one_sentence(shop, tmp_path, target, found):
    folder = tmp_path / "目标"
    folder.mkdir()
    said = shop("report", folder / target)
    assert said.status == 2
    assert found in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--shop", "别家"), "没有「别家」"),
        (("--where", "stage"), "维度=值"),
        (("--where", "provenance=set"), "provenance"),
        (("--from", "2030-01-01"), "没有可以写的订单和退款"),
        (("--from", "2026-10-02", "--to", "2026-10-01"), "开始不晚于结束"),
    ],
)
def test_what_cannot_be_reported_leaves_the_older_file_as_it_was(shop, tmp_path, words, found):
    target = tmp_path / "报表.xlsx"
    target.write_bytes(b"old")
    said = shop("report", target, *words)
    assert (said.status, said.out) == (2, "")
    assert found in said.err
    assert target.read_bytes() == b"old"
    assert not list(tmp_path.glob(".*"))


def test_an_empty_ledger_is_told_what_to_do(ledger, tmp_path):
    said = ledger("report", tmp_path / "报表.xlsx")
    assert said.status == 2
    assert "请先导入订单" in said.err
    assert not (tmp_path / "报表.xlsx").exists()


def test_who_took_a_report_out_stands_in_the_audit_log(shop, home, tmp_path):
    shop("report", tmp_path / "报表.xlsx", "--by", "小乙")
    with ledger_of(home) as warehouse, warehouse.cursor() as cursor:
        (deed,) = cursor.execute("select actor, detail from audit_log where action = 'exported'").fetchall()
    assert deed == ("小乙", "report 报表.xlsx")


def test_a_page_gets_the_same_workbook_and_the_same_again(shop, home, tmp_path):
    with ledger_of(home) as warehouse:
        asked = {"actor": Actor("小乙"), "language": "zh", "now": NOW}
        first = report.report_bytes(warehouse, Filters(), **asked)
        assert report.report_bytes(warehouse, Filters(), **asked) == first
        report.write_report(warehouse, tmp_path / "报表.xlsx", Filters(), **asked)
        with warehouse.cursor() as cursor:
            deeds = cursor.execute(
                "select detail, happened_at from audit_log where action = 'exported' order by detail"
            ).fetchall()
    assert (tmp_path / "报表.xlsx").read_bytes() == first
    assert deeds == [("report", NOW), ("report", NOW), ("report 报表.xlsx", NOW)]


def test_a_load_that_comes_in_meanwhile_is_in_no_sheet(shop, home, tmp_path, monkeypatch):
    more = write_orders(tmp_path / "更多.csv", order("220000000000001009"))
    ask = report.questions.losses_by
    loaded = []

    def ask_after_a_load(*arguments, **filters):
        if len(loaded) == 1:
            import_file(warehouse, more, ImportOptions(), actor=Actor("小乙"), now=NOW)
            marts.refresh(warehouse)
        loaded.append(filters)
        return ask(*arguments, **filters)

    monkeypatch.setattr(report.questions, "losses_by", ask_after_a_load)
    with ledger_of(home) as warehouse:
        report.write_report(warehouse, tmp_path / "报表.xlsx", Filters(), actor=Actor("小乙"), language="zh", now=NOW)
    book = opened(tmp_path / "报表.xlsx")
    assert len(loaded) > 2
    assert {read(book[name], SUMS)["orders"] for name in ("每月", "按商品", "每日")} == {4}
    assert {
        sum(read(book[name], row)["orders"] for row in range(FIRST, book[name].max_row + 1)) for name in ("每月", "每日")
    } == {4}
    assert shop("losses").answer["total"]["orders"] == 5


def test_an_english_report_has_english_words(shop, tmp_path):
    assert shop("report", tmp_path / "report.xlsx", "--lang", "en").status == 0
    book = opened(tmp_path / "report.xlsx")
    assert book.sheetnames[:4] == ["About", "Account", "Charts", "Months"]
    assert book["Months"].cell(FIRST, 1).value.date() == date(2026, 9, 1)
    assert book["Account"]["A4"].value == "Receivable sales"
