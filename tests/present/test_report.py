"""The workbook from answers made by hand: what no import can easily bring about, and what must hold for any answer."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.domain.vocabulary import COMPONENTS
from analytics.present import exports, report
from analytics.present.labels import Words, catalogue
from analytics.present.report_charts import steps_of
from tests.present.conftest import BY_PROVENANCE, TOTAL

CHINESE = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
QUESTIONS = Path(__file__).resolve().parents[2] / "analytics" / "sql" / "questions"
CASE = {
    "shop": "Shop", "order_id": "220000000000001001", "case_id": "C1", "kind": "return_refund", "stage": "returned", "share": 1.0,
    "paid_at": datetime(2026, 10, 1, 10, 0, 5), "finished_at": datetime(2026, 10, 8, 9), "refund_fen": 20_000,
    "sales_fen": 20_000, "acquisition_fen": 2_000, "logistics_fen": 3_000, "handling_fen": 1_000, "damage_fen": 4_000,
    "inferred": False, "source_file": "cases.csv", "source_row": 2, "unmatched": False, "reason": "size", "product": "P1",
    "hidden_fen": 10_000, "total_fen": 30_000, "actual_fen": 22_500, "set_fen": 1_500, "assumed_fen": 6_000,
    **{f"{part}_provenance": "actual+assumed" for part in COMPONENTS},
}  # fmt: skip
GROUP_OF = {
    "month": "2026-10", "product": "P1", "streamer": "T1", "reason": "size", "stage": "returned", "province": "北京",
    "day": "2026-10-01",
}  # fmt: skip
EXPOSED = {
    "stage": "returned", "product": "P1", "open_cases": 2, **{f"{part}_fen": 100 for part in COMPONENTS}, "hidden_fen": 400,
    "total_fen": 500, "actual_fen": 100, "set_fen": 0, "assumed_fen": 400, "unknown_cases": 0,
}  # fmt: skip
COST = {
    "shop": None,
    "name": "packing",
    "scope": "",
    "effective_from": None,
    "effective_to": None,
    "value": 50,
    "source": "assumed",
}
OWN_COST = {
    **COST, "shop": "Shop", "name": "damage_rate_returned", "scope": "product:P1", "value": 150_000, "source": "set",
    "effective_from": date(2026, 10, 1), "effective_to": date(2026, 11, 1),
}  # fmt: skip
ASKED = {
    "first_day": None, "last_day": None, "clock": "paid", "where": {}, "shops": ["Shop"], "data_until": date(2026, 11, 16),
    "has_sample": False, "written_at": datetime(2026, 11, 23, 9),
}  # fmt: skip


def answers(**changed: Any) -> report.Answers:
    """The account of conftest with one case, one row for each dimension, and whatever a test changes."""
    names = [{"dimension": "product", "value": "P1", "title": "Dress"}, {"dimension": "streamer", "value": "T1", "title": "Ann"}]
    given = {
        "total": pd.DataFrame([TOTAL]),
        "by_provenance": pd.DataFrame(BY_PROVENANCE),
        "groups": {name: pd.DataFrame([{name: value, **TOTAL}]) for name, value in GROUP_OF.items()},
        "cases": pd.DataFrame([CASE]),
        "costs": pd.DataFrame([COST, OWN_COST]),
        "findings": pd.DataFrame([{"finding": "unmatched_cases", "detail": "", "item_count": 3, "amount_fen": 777}]),
        "beside": pd.DataFrame([{"figure": "small_payments", "item_count": 2, "amount_fen": 1_234}]),
        "exposure": pd.DataFrame([EXPOSED]),
        "exposure_total": pd.DataFrame([EXPOSED]),
        "names": pd.DataFrame(names),
    }
    return report.Answers(**{**given, **changed})


def written(given: report.Answers, language: str = "zh", **asked: Any) -> tuple[bytes, list[dict[str, Any]]]:
    stream = io.BytesIO()
    sheets = report.write_report(stream, given, report.Asked(**{**ASKED, **asked}), Words(language))
    return stream.getvalue(), sheets


def book_of(given: report.Answers, language: str = "zh", **asked: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(written(given, language, **asked)[0]), data_only=True)


def texts_of(book: openpyxl.Workbook) -> set[str]:
    return {str(cell.value) for page in book for row in page.iter_rows() for cell in row if cell.value is not None}


def test_the_account_stands_as_a_pencil_would_write_it():
    page = book_of(answers())["总账"]
    rows = {row[0].value: [cell.value for cell in row[1:6]] for row in page.iter_rows(min_row=4, max_row=12)}
    assert rows["应收销售额"][:2] == [1000, 1]
    assert rows["退款（显性损失）"] == [200, 0.2, 200, 0, 0]
    assert rows["退换物流费"] == [30, 0.03, 10, 10, 10]
    assert rows["隐性损失合计"] == [100, 0.1, 25, 15, 60]
    assert rows["损失合计"] == [300, 0.3, 225, 15, 60]
    assert rows["扣除退款损失后"][:2] == [700, 0.7]
    beside = {row[0].value: (row[1].value, row[2].value) for row in page.iter_rows(min_row=30) if row[0].value}
    assert beside["小额打款"] == (12.34, 2)


def test_what_is_not_known_is_a_dash_in_every_sheet_and_never_adds_up_to_nothing():
    unknown = {**TOTAL, "damage_fen": None, "hidden_fen": None, "total_fen": None, "unknown_refunds": 10}
    groups = {name: pd.DataFrame([{name: value, **unknown}]) for name, value in GROUP_OF.items()}
    case = pd.DataFrame([{**CASE, "damage_fen": None, "hidden_fen": None, "total_fen": None, "finished_at": None}])
    book = book_of(answers(total=pd.DataFrame([unknown]), groups=groups, cases=case))
    statement = {row[0].value: row[1].value for row in book["总账"].iter_rows(min_row=4, max_row=12)}
    assert [statement[name] for name in ("货物资损", "隐性损失合计", "损失合计", "扣除退款损失后")] == ["—"] * 4
    for name in ("按商品", "按原因", "每月"):
        titles = [cell.value for cell in book[name][4]]
        for row in (3, 5):
            shown = dict(zip(titles, (cell.value for cell in book[name][row]), strict=True))
            assert {shown[title] for title in ("货物资损", "隐性损失合计", "损失合计", "占损失合计")} == {"—"}
            assert shown["退换物流费"] == 30
    shown = dict(zip((cell.value for cell in book["售后单"][4]), (cell.value for cell in book["售后单"][5]), strict=True))
    assert [shown[title] for title in ("货物资损", "损失合计", "完结时间")] == ["—"] * 3


def test_more_cases_than_a_sheet_holds_go_on_in_the_next(monkeypatch):
    monkeypatch.setattr(exports, "LONGEST_SHEET", 5)  # of which three stand above the header
    cases = pd.DataFrame([{**CASE, "case_id": f"C{number}", "refund_fen": number} for number in range(1, 6)])
    content, sheets = written(answers(cases=cases))
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    assert [name for name in book.sheetnames if name.startswith("售后单")] == ["售后单", "售后单 2", "售后单 3"]
    assert [(row["sheet"], row["rows"]) for row in sheets if row["sheet"].startswith("售后单")] == [
        ("售后单", 2), ("售后单 2", 2), ("售后单 3", 1),
    ]  # fmt: skip
    ids = [row[1].value for name in ("售后单", "售后单 2", "售后单 3") for row in book[name].iter_rows(min_row=5)]
    assert ids == ["C1", "C2", "C3", "C4", "C5"]
    assert book["售后单"]["A2"].value == catalogue("zh")["report.note.cases_more"]
    assert book["售后单 3"]["A2"].value == catalogue("zh")["report.note.cases"]


def test_other_peoples_text_neither_runs_nor_breaks_the_file():
    nasty = ["=1+1", "@SUM(A1)", "-2", "+3", 'a<b>&"c"\'d', "bell\x07\ufffe", "  spaced  ", "\t=1"]
    cases = pd.DataFrame([{**CASE, "case_id": text, "reason": text, "source_file": text} for text in nasty])
    costs = pd.DataFrame([{**OWN_COST, "shop": "=SHOP()"}])
    content, _ = written(answers(cases=cases, costs=costs))
    book = openpyxl.load_workbook(io.BytesIO(content))
    shown = [[row[column].value for column in (1, 5)] for row in book["售后单"].iter_rows(min_row=5)]
    assert [row[0] for row in shown] == [row[1] for row in shown]
    ids = [row[0] for row in shown]
    assert ids[:4] == ["'=1+1", "'@SUM(A1)", "'-2", "'+3"]
    assert ids[4] == 'a<b>&"c"\'d'
    assert ids[5] == "bell  "
    assert ids[6] == "  spaced  "
    assert ids[7].startswith("'")
    assert "'=SHOP()" in texts_of(book)
    assert not [cell for row in book["售后单"].iter_rows(min_row=5) for cell in row if cell.data_type == "f"]


def test_a_name_that_looks_like_an_escaped_character_keeps_its_letters():
    content, _ = written(answers(cases=pd.DataFrame([{**CASE, "reason": "kit_x0041_b"}])))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert any("kit_x005F_x0041_b" in package.read(name).decode() for name in package.namelist() if "worksheets/" in name)


def test_no_chinese_is_left_in_the_english_report_and_its_charts():
    content, _ = written(answers(), "en", where={"stage": ["returned"]}, first_day=date(2026, 10, 1))
    texts = texts_of(openpyxl.load_workbook(io.BytesIO(content))) - {"北京"}
    assert not {text for text in texts if CHINESE.search(text)}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        charts = [package.read(name).decode() for name in package.namelist() if name.startswith("xl/charts/")]
    assert charts
    assert not [text for text in charts if CHINESE.search(text.replace("北京", ""))]


def test_costs_stand_in_their_units_with_the_days_they_hold():
    starter, own = [[cell.value for cell in row] for row in book_of(answers())["成本设置"].iter_rows(min_row=4, max_row=5)]
    assert starter == ["包装", "全店", 0.5, "元", "假设", "一直", "至今", None]
    assert own[1:5] == ["商品 P1 Dress", 0.15, "比例", "设定"]
    assert own[5:] == [datetime(2026, 10, 1), datetime(2026, 10, 31), "Shop"]


def test_a_switched_off_assumption_says_so():
    book = book_of(answers(costs=pd.DataFrame([{**OWN_COST, "value": None, "source": "off"}])))
    assert [book["成本设置"].cell(4, column).value for column in (3, 5)] == ["不用", "不用"]


def test_a_sample_is_called_one():
    assert "示例数据" in book_of(answers(), has_sample=True)["说明"]["A2"].value
    assert "示例数据" not in book_of(answers())["说明"]["A2"].value


def test_every_link_of_the_front_sheet_leads_to_a_sheet():
    book = book_of(answers())
    targets = {cell.hyperlink.location for row in book["说明"].iter_rows() for cell in row if cell.hyperlink}
    assert {target.split("!")[0].strip("'") for target in targets} == set(book.sheetnames) - {"说明"}


@pytest.mark.parametrize("sound", [True, False])
def test_the_health_sheet_lists_findings_or_says_that_there_are_none(sound):
    findings = answers().findings
    page = book_of(answers(findings=findings.head(0) if sound else findings))["体检"]
    assert page["A4"].value == (catalogue("zh")["report.note.health_sound" if sound else "health.finding.unmatched_cases"])
    assert [page["C4"].value, page["D4"].value] == ([None, None] if sound else [3, 7.77])


@pytest.mark.parametrize(
    ("question", "column", "block"),
    [("coverage", "finding", "health.finding"), ("coverage", "finding", "health.remedy"), ("beside", "figure", "report.beside")],
)
def test_every_finding_and_figure_of_the_store_has_its_words(question, column, block):
    text = (QUESTIONS / f"{question}.sql").read_text(encoding="utf-8")
    found = set(re.findall(rf"'(\w+)' as {column}\b", text))
    assert found
    assert {f"{block}.{name}" for name in found} <= set(catalogue("zh"))


AMOUNTS = st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9)), min_size=2, max_size=9)


def test_where_a_rate_is_foretold_its_end_stands_beside_it_and_on_the_front_sheet():
    """A fifth more than what is known is expected, in the group and in the whole period; by reason there is no such rate."""
    known = float(TOTAL["sales_fen"])
    row = {"sales_known": known, "sales_final": 1.2 * known, "sales_low": 1.1 * known, "sales_high": 1.3 * known}
    ends = {"": pd.DataFrame([row]), "product": pd.DataFrame([{"product": "P1", **row}])}
    book = book_of(answers(ends=ends))
    page = book["按商品"]
    header = next(line for line in page.iter_rows() if any(cell.value == "预计最终退款率" for cell in line))
    column = next(cell.column for cell in header if cell.value == "预计最终退款率")
    rate = known / TOTAL["receivable_fen"]
    values = [page.cell(row=line, column=column).value for line in (header[0].row - 1, header[0].row + 1)]
    assert values == [pytest.approx(1.2 * rate)] * 2
    assert "预计最终退款率" not in {cell.value for line in book["按原因"].iter_rows() for cell in line}
    assert any(text.startswith("到现在 ") and "预计最终" in text for text in texts_of(book))


@given(AMOUNTS)
def test_each_step_of_the_waterfall_starts_where_the_one_before_ended(amounts):
    level = 0
    for place, (amount, (base, above, below)) in enumerate(zip(amounts, steps_of(amounts), strict=True)):
        start = 0 if place in (0, len(amounts) - 1) else level
        end = (amount or 0) if place in (0, len(amounts) - 1) else level - (amount or 0)
        assert above >= 0 >= below
        # As a spreadsheet stacks: what is above zero from the base up, what is below from the base down.
        top, bottom = max(base, 0) + above, min(base, 0) + below
        assert {top, bottom} >= {max(start, end, 0), min(start, end, 0)} or (
            base and {base, base + above + below} == {start, end}
        )
        level = end


def test_the_steps_of_a_shop_that_loses_more_than_it_sold_go_below_zero():
    assert steps_of([100, 80, 50, -30]) == [(0, 100, 0), (20, 80, 0), (0, 20, -30), (0, 0, -30)]
    assert steps_of([100, 120, 30, -50]) == [(0, 100, 0), (0, 100, -20), (-20, 0, -30), (0, 0, -50)]
