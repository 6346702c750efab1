"""The sample shop's files: the same bytes for the same date and seed, the platform's headers, names that say what they are."""

from __future__ import annotations

import csv
import hashlib
import re
from datetime import date

import openpyxl
import pytest

from analytics.actions.sample import write_sample
from analytics.domain.loads import Actor
from analytics.domain.sample_shop import layouts
from analytics.domain.sample_shop.files import build_shop, sample_exports
from analytics.domain.sample_shop.people import PERSONAL_VALUES

UNTIL, SEED = date(2026, 11, 16), 7
PHONE = re.compile(r"1[3-9]\d{9}")
PERSONAL_COLUMNS = {
    *(
        "买家留言",
        "收货人姓名",
        "收货人电话",
        "收货地址-区",
        "收货地址-街道",
        "收货地址",
        "实名姓名",
        "仓库地址",
        "买家ID",
        "买家昵称",
        "申请描述",
    ),
    *("操作人", "插旗备注", "商家退货地址", "商家退货联系人姓名", "商家退货联系人电话", "订单备注"),
}


def fingerprint(columns):
    return hashlib.sha256("\n".join(columns).encode()).hexdigest()[:16]


def read_csv(path, encoding="utf-8-sig"):
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


def small_shop(until=UNTIL, seed=SEED):
    return {export.name: export for export in sample_exports(build_shop(until=until, seed=seed, order_count=800))}


def test_the_same_date_and_seed_give_the_same_bytes(folder, tmp_path):
    again = {path.name: path.read_bytes() for path in write_sample(tmp_path, until=UNTIL, seed=SEED, actor=Actor("测试"))}
    assert again == {path.name: path.read_bytes() for path in folder.iterdir()}


def test_another_seed_gives_another_shop_and_another_date_other_days():
    assert small_shop(seed=8)["标记订单.xlsx"].rows != small_shop()["标记订单.xlsx"].rows
    days = {row[3][:10] for row in small_shop(until=date(2026, 3, 1))["订单导出_20260302003107.csv"].rows}
    assert (min(days), max(days), len(days)) == ("2025-11-02", "2026-03-01", 120)


# The platform's header lists, fingerprinted: a changed letter, order or width of a bracket shows.
@pytest.mark.parametrize(
    ("columns", "count", "expected"),
    [
        (layouts.ORDER_COLUMNS, 64, "dccd7cd4fd707670"),
        (layouts.EARLIER_ORDER_COLUMNS, 61, "386ba00a9b0d0bb7"),
        (layouts.CASE_COLUMNS, 41, "7c7c01447a4a3114"),
        (layouts.SETTLEMENT_COLUMNS, 40, "45215cd56bca03bf"),
        (layouts.FUND_FLOW_COLUMNS, 9, "2bc1bad247c7d50a"),
        (layouts.FREIGHT_INSURANCE_COLUMNS, 6, "3fd357d633580296"),
    ],
)
def test_the_headers_are_the_platform_s_to_the_letter(columns, count, expected):
    assert len(set(columns)) == len(columns) == count
    assert fingerprint(columns) == expected


def test_a_monthly_file_comes_in_each_wrapping(folder):
    earliest = read_csv(folder / "订单导出_20260828101244.csv", encoding="gb18030")
    assert tuple(earliest[0]) == layouts.EARLIER_ORDER_COLUMNS
    newest = folder / "订单导出_20261117003107.csv"
    assert newest.read_bytes().startswith(b"\xef\xbb\xbf")
    assert tuple(read_csv(newest)[0]) == layouts.ORDER_COLUMNS
    book = openpyxl.load_workbook(folder / "订单导出_20261021094051.xlsx")
    header, first = (list(row) for row in book.active.iter_rows(min_row=1, max_row=2))
    assert tuple(cell.value for cell in header) == layouts.ORDER_COLUMNS
    assert {cell.data_type for cell in first if cell.value is not None} == {"s"}
    assert book.properties.modified.isoformat() == "2026-10-21T01:40:51"  # UTC


def test_the_freight_insurance_bill_has_its_title_above_the_header(folder):
    rows = read_csv(folder / "运费险账单_20261117003107.csv")
    assert rows[0] == ["快手运费险账单"]
    assert tuple(rows[1]) == layouts.FREIGHT_INSURANCE_COLUMNS


def test_file_names_carry_the_list_and_the_time_of_the_export(folder):
    names = {path.name for path in folder.iterdir()}
    assert "订单导出_催发货_20261116091230.csv" in names
    for word, least in (("催发货", 10), ("优先发货", 6), ("修改地址", 3)):
        assert sum(bool(re.fullmatch(rf"订单导出_{word}_\d{{14}}\.csv", name)) for name in names) >= least
    assert {"广告花费.xlsx", "商品成本.xlsx", "成本设置.xlsx", "标记订单.xlsx"} <= names


def test_every_personal_value_is_there_to_be_found(exports):
    text = "\n".join(cell for export in exports.values() if export.columns for row in export.rows for cell in row if cell)
    assert {value for value in PERSONAL_VALUES if value not in text} == set()


def test_no_column_the_product_keeps_holds_a_personal_value_or_a_telephone_number(exports):
    kept = set()
    for export in exports.values():
        places = [place for place, column in enumerate(export.columns) if column not in PERSONAL_COLUMNS]
        kept |= {row[place] for row in export.rows for place in places}
    assert not kept & PERSONAL_VALUES
    assert not [cell for cell in kept if PHONE.search(cell)]


def test_the_own_files_fit_their_templates(folder):
    spend = openpyxl.load_workbook(folder / "广告花费.xlsx").worksheets[0]
    assert [cell.value for cell in spend[1]] == ["日期", "渠道", "达人ID", "花费(元)", "费用类型"]
    kinds = {row[4] for row in spend.iter_rows(min_row=2, values_only=True)}
    streamers = {row[2] for row in spend.iter_rows(min_row=2, values_only=True)}
    assert kinds == {"投流", "坑位费"}
    assert streamers == {None, "2500000011", "2500000012", "2500000013", "2500000014"}
    tagged = openpyxl.load_workbook(folder / "标记订单.xlsx").worksheets[0]
    assert {row[1] for row in tagged.iter_rows(min_row=2, values_only=True)} == {"催发货", "优先发货", "修改地址", "优惠券"}
