"""The table of bad files: what is in the file, and the one sentence that the operator reads."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from analytics.errors import OperatorError
from tests.intake.makers import HEADERS, ORDER, cells_of, read, text_of, write_workbook
from tests.intake.test_wrappings import locked

ALL_TITLES = (
    "广告花费、成本设置、快手售后单、快手运费险账单、快手动账明细、快手订单、快手结算账单、商品成本、标记订单、天猫订单（简表）"
)
AGAIN = "请从平台后台重新导出并直接上传，不要改动表头。"
UNOPENED = "请从平台后台重新导出，不要用 Excel 打开，直接上传原文件。"
SAVE_AS = "请在 Excel 里打开，另存为 .xlsx 或 CSV UTF-8 后再上传。"


def orders(*ids: str, encoding: str = "utf-8") -> bytes:
    header = ["订单号", "订单支付时间", "实付款"]
    return text_of([header, *([order_id, "2026-03-01 10:00:00", "5"] for order_id in ids)]).encode(encoding)


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def workbook(tmp_path: Path, **sheets: list) -> bytes:
    return write_workbook(tmp_path / "made.xlsx", sheets).read_bytes()


ORDER_LINES = [HEADERS["orders_61"], *cells_of([ORDER], HEADERS["orders_61"])]
CASE_LINES = [HEADERS["cases_41"], ["1"] * 41]

BAD_FILES = {
    "empty": (b"", "文件是空的；应为：.xlsx 或 CSV 文件。请从平台后台重新导出后再上传。"),
    "blank": (b"\n \n\r\n", "文件是空的；应为：.xlsx 或 CSV 文件。请从平台后台重新导出后再上传。"),
    "prose": ("你好，世界\n今天天气不错\n".encode(), f"前 20 行里没有认得的表头；应为：{ALL_TITLES}之一的表头。{AGAIN}"),
    "no header": (orders("1").split(b"\n", 1)[1], f"前 20 行里没有认得的表头；应为：{ALL_TITLES}之一的表头。{AGAIN}"),
    "header too far down": (
        "说明\n".encode() * 20 + orders("1"),
        f"前 20 行里没有认得的表头；应为：{ALL_TITLES}之一的表头。{AGAIN}",
    ),
    "column missing": (
        "订单号,订单创建时间,订单支付时间\n1,,\n".encode(),
        f"像是快手订单，有「订单号」、「订单创建时间」、「订单支付时间」，但没有「实付款」；应为：表头里有「实付款」。{AGAIN}",
    ),
    "many columns found": (
        "单号,订单创建时间,订单支付时间,订单状态,实付款,快递费,店铺优惠,平台补贴\n1,,,,,,,\n".encode(),
        "像是快手订单，有「订单创建时间」、「订单支付时间」、「订单状态」、「实付款」、「快递费」、「店铺优惠」 等 7 列，"
        f"但没有「订单号」；应为：表头里有「订单号」。{AGAIN}",
    ),
    "two columns missing": (
        "售后单号,订单编号\n1,1\n".encode("gb18030"),
        f"像是快手售后单，有「售后单号」、「订单编号」，但没有「退款金额」、「售后状态」；应为：表头里有「退款金额」、「售后状态」。{AGAIN}",
    ),
    "two kinds": (
        "订单号,订单支付时间,实付款,商品ID,成本(元)\n1,,5,P,3\n".encode(),
        "表头同时符合：快手订单、商品成本；应为：只符合一种文件的表头。请删去多余的列，或从平台后台重新导出。",
    ),
    "scientific ids": (
        orders("1", "2.5109E+15"),
        f"第 3 行「订单号」的编号被改成了「2.5109E+15」；应为：完整的编号（每一位都在）。{UNOPENED}",
    ),
    "rounded ids": (
        orders(*(f"{25109000000000 + n}00" for n in range(5))),
        f"「订单号」列十六位以上的编号全部以 0 结尾；应为：完整的编号（每一位都在）。{UNOPENED}",
    ),
    "neither encoding": (
        b"\x81\x20,\xff\xff\n\x81\x20,\x80\n",
        "文字编码既不是 UTF-8 也不是 GB18030；应为：平台导出的 CSV 或 Excel 文件。请从平台后台重新导出并直接上传。",
    ),
    "UTF-16": (orders("1", encoding="utf-16"), f"UTF-16 编码的文字；应为：.xlsx 或 CSV 文件。{SAVE_AS}"),
    "web page": (
        b"<html><table><tr><td>1</td></tr></table>",
        f"网页表格（HTML），虽然名字像表格文件；应为：.xlsx 或 CSV 文件。{SAVE_AS}",
    ),
    "program": (b"MZ\x90\x00\x03\x00", f"不是表格的二进制文件；应为：.xlsx 或 CSV 文件。{SAVE_AS}"),
    "archive": (
        archive(订单=orders("1")),
        "压缩包；应为：压缩包里的 .xlsx 或 CSV 文件本身。请先解压，再上传里面的文件。",
    ),
    "binary workbook": (
        archive(xl__workbook=b"", **{"xl__workbook.bin": b""}),
        "不是 .xlsx 的工作簿（.xlsb 或 .ods）；应为：.xlsx 或 CSV 文件。请在 Excel 里另存为 .xlsx 或 CSV UTF-8 后再上传。",
    ),
    "workbook cut off": (
        archive(**{"xl__workbook.xml": b"<workbook/>"})[:60],
        "工作簿已损坏或不完整，打不开；应为：完整的 .xlsx 文件。请从平台后台重新导出或重新下载后再上传。",
    ),
    "workbook without sheets": (
        archive(**{"xl__workbook.xml": b"<workbook/>"}),
        "工作簿已损坏或不完整，打不开；应为：完整的 .xlsx 文件。请从平台后台重新导出或重新下载后再上传。",
    ),
    "old workbook": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "旧版 .xls 或损坏的 Office 文件；应为：.xlsx 或 CSV 文件。请在 Excel 里另存为 .xlsx 或 CSV UTF-8 后再上传。",
    ),
    "endless cell": (
        orders("1") + b'2,"' + b"x" * 1_100_000 + b"\n",
        "有一格超过一百万字，不像表格；应为：每格都是一个值的表格。请检查引号是否成对，或从平台后台重新导出。",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_gets_one_sentence(name, tmp_path):
    content, sentence = BAD_FILES[name]
    path = tmp_path / "坏 文件.csv"
    path.write_bytes(content)
    with pytest.raises(OperatorError) as refusal:
        read(path)
    assert str(refusal.value) == f"「坏 文件.csv」：{sentence}"


BAD_WORKBOOKS = {
    "nothing known": (
        {"说明": [["请看这里"]]},
        f"「表.xlsx」工作表「说明」：前 20 行里没有认得的表头；应为：{ALL_TITLES}之一的表头。{AGAIN}",
    ),
    "nothing at all": ({"空": []}, "「表.xlsx」：文件里没有内容；应为：有表头的表格。请从平台后台重新导出后再上传。"),
    "two kinds": (
        {"订单": ORDER_LINES, "售后": CASE_LINES},
        "「表.xlsx」：一个文件里有几种表：快手订单、快手售后单；应为：每个文件只有一种表。请分成几个文件上传。",
    ),
}


@pytest.mark.parametrize("name", BAD_WORKBOOKS)
def test_a_bad_workbook_gets_one_sentence(name, tmp_path):
    sheets, sentence = BAD_WORKBOOKS[name]
    with pytest.raises(OperatorError) as refusal:
        read(write_workbook(tmp_path / "表.xlsx", sheets))
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("password", "found"), [(None, "它有密码保护，文件名最后六位不是密码"), ("wrong!", "给出的密码打不开它")]
)
def test_a_protected_workbook_asks_for_its_password(password, found, tmp_path):
    path = locked(write_workbook(tmp_path / "订单.xlsx", {"S": ORDER_LINES}), "secret")
    with pytest.raises(OperatorError) as refusal:
        read(path, password=password)
    assert (
        str(refusal.value) == f"「订单.xlsx」：{found}；应为：正确的密码。请加上 --password 密码（快手导出时显示的那个）后再试。"
    )


@pytest.mark.parametrize("growth", ["ratio", "size"])
def test_a_workbook_that_grows_out_of_proportion_is_not_unpacked(growth, tmp_path):
    size = 65 if growth == "size" else 64
    limit = {"size": 64 << 20, "ratio": 2 << 30}[growth]
    path = tmp_path / "订单.xlsx"
    path.write_bytes(archive(**{"xl__workbook.xml": b"<workbook/>", "xl__worksheets__sheet1.xml": bytes(size << 20)}))
    with pytest.raises(OperatorError) as refusal:
        read(path, expanded_bytes=limit)
    assert str(refusal.value) == (
        f"「订单.xlsx」：解压后有 {size} MB，与文件大小不相称；应为：解压后不超过 {limit >> 20} MB 的工作簿。"
        "请按时间分段导出，或另存为 CSV UTF-8 后再上传。"
    )
