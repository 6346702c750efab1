"""The process that reads: its answer arrives whole, and whatever becomes of it ends in one sentence."""

from __future__ import annotations

import hashlib
import os
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import duckdb
import psutil
import pytest

from analytics import intake
from analytics.errors import OperatorError
from analytics.intake import reader
from analytics.intake.limits import Limits
from tests.intake.makers import KEY, write_export, write_workbook

ROOM = Limits(memory_bytes=2 << 30, seconds=60, expanded_bytes=1 << 30)


def read_file(path: Path, **wish):
    staging = path.parent / "暂存 区"
    staging.mkdir(exist_ok=True)
    return intake.read_file(path, staging=staging, buyer_key=KEY, **{"limits": ROOM, **wish})


def sentence_of(path: Path, **wish) -> str:
    with pytest.raises(OperatorError) as refusal:
        read_file(path, **wish)
    return str(refusal.value)


def test_a_file_is_read_in_a_process_of_its_own(tmp_path):
    folder = tmp_path / "我的 文件"
    folder.mkdir()
    path = write_export(folder / "订单 导出.csv", "orders_64", [{}, {"实付款": "12圆"}], encoding="gb18030")
    staged = read_file(path, file_name="催发货 2026-03-10 09_15.csv")
    assert (staged.kind, staged.platform, staged.format, staged.list_kind) == (
        "orders",
        "kuaishou",
        "kuaishou_orders",
        "urge_ship",
    )
    assert staged.file_name == "催发货 2026-03-10 09_15.csv"
    assert staged.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (staged.row_count, staged.rejected_count, staged.money_in_fen) == (2, 1, 129990)
    assert (staged.exported_at, staged.first_at) == (datetime(2026, 3, 10, 9, 15), datetime(2026, 3, 1, 9, 59, 30))
    assert staged.problems[0].found == "「12圆」不是金额"
    files = {table: duckdb.connect().execute("select count(*) from read_parquet($p)", {"p": str(p)}).fetchall() for table, p in
             staged.parquet_by_table.items()}  # fmt: skip
    assert files == {"order_lines": [(1,)], "tag_sightings": [(1,)], "note_payments": [(0,)]}


def test_the_operators_word_goes_before_the_name_of_the_file(tmp_path):
    path = write_export(tmp_path / "催发货_20260310091500.csv", "orders_64", [{}])
    staged = read_file(path, list_kind="address_change", exported_at=datetime(2026, 4, 1))
    assert (staged.list_kind, staged.exported_at) == ("address_change", datetime(2026, 4, 1))


def test_a_refusal_reaches_the_operator_word_for_word(tmp_path):
    path = tmp_path / "空.csv"
    path.write_bytes(b"")
    assert sentence_of(path) == "「空.csv」：文件是空的；应为：.xlsx 或 CSV 文件。请从平台后台重新导出后再上传。"


def test_a_file_that_is_not_there(tmp_path):
    assert sentence_of(tmp_path / "无.csv") == "「无.csv」：没有这个文件；应为：一个存在的文件。请检查路径和文件名。"


def with_sheet(path: Path, content: str) -> Path:
    """Put another first sheet into a small workbook."""
    write_workbook(path, {"S": [["订单号"]]})
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["xl/worksheets/sheet1.xml"] = content.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in parts.items():
            new.writestr(name, part)
    return path


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
FAR_CELLS = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'


@pytest.mark.parametrize("content", [FAR_CELLS, f'<dimension ref="A1:XFD1048576"/>{FAR_CELLS}'])
def test_a_small_workbook_that_claims_a_huge_extent_ends_in_one_sentence(content, tmp_path):
    path = with_sheet(tmp_path / "炸弹.xlsx", SHEET.format(content))
    assert path.stat().st_size < 8_000
    assert sentence_of(path) == (
        "「炸弹.xlsx」：读取程序中途停止，多半是文件损坏或展开后过大；应为：完整的平台导出文件。请重新导出后再试；若文件很大，请按时间分段导出。"
    )


def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> Path:
    """Let another program take the child's place."""
    script = tmp_path / "stub.py"
    script.write_text(code, encoding="utf-8")
    monkeypatch.setattr(reader, "CHILD", [sys.executable, str(script)])
    return write_export(tmp_path / "订单.csv", "orders_64", [{}])


def test_a_child_that_takes_too_long_is_ended(tmp_path, monkeypatch):
    before = set(psutil.Process().children())  # other tests of this worker may have their own
    path = stub(tmp_path, monkeypatch, "import time; time.sleep(60)")
    assert sentence_of(path, limits=Limits(2 << 30, 1, 1 << 30)) == (
        "「订单.csv」：读了 1 秒还没有读完；应为：能在限定时间内读完的文件。请按时间分段导出，或另存为 CSV UTF-8 后再上传。"
    )
    left = set(psutil.Process().children()) - before
    assert not [child for child in left if child.status() != psutil.STATUS_ZOMBIE]


def test_a_child_that_takes_too_much_memory_is_ended(tmp_path, monkeypatch):
    path = stub(tmp_path, monkeypatch, "import time; kept = b'x' * (200 << 20); time.sleep(60)")
    assert sentence_of(path, limits=Limits(100 << 20, 30, 1 << 30)) == (
        "「订单.csv」：读它要用超过 100 MB 内存；应为：展开后不那么大的文件。请按时间分段导出，或另存为 CSV UTF-8 后再上传。"
    )


@pytest.mark.parametrize("code", ["import os; os.abort()", "import sys; sys.exit(3)", "print('Traceback: 欧阳')"])
def test_a_child_that_breaks_off_ends_in_one_sentence(code, tmp_path, monkeypatch):
    assert sentence_of(stub(tmp_path, monkeypatch, code)).startswith("「订单.csv」：读取程序中途停止，")


def test_a_bug_of_the_reader_is_named_by_its_place_and_never_by_what_it_read(tmp_path, monkeypatch):
    answer = '{"bug": "KeyError staging.py:7"}'
    path = stub(tmp_path, monkeypatch, f"print('{answer}')")
    assert "读取程序出错（KeyError staging.py:7）" in sentence_of(path)


def test_the_limits_of_a_small_file_are_small_and_those_of_a_large_one_the_installations():
    small, large = ROOM.for_file(1_000), ROOM.for_file(10**9)
    assert (small.memory_bytes >> 20, round(small.seconds)) == (1024, 25)
    assert (large.memory_bytes, large.seconds) == (ROOM.memory_bytes, ROOM.seconds)


def test_staged_files_are_readable_by_their_owner_alone(tmp_path):
    staged = read_file(write_export(tmp_path / "订单.csv", "orders_64", [{}]))
    mode = staged.parquet_by_table["order_lines"].stat().st_mode & 0o077
    assert mode == 0 or os.name == "nt"


def test_headers_of_the_public_face_are_those_of_the_templates():
    headers = {one.name: one.headers for one in intake.formats() if one.is_template}
    assert headers == {
        "ad_spend": ["日期", "渠道", "达人ID", "花费(元)", "费用类型"],
        "product_costs": ["商品ID", "SKU编码", "成本(元)", "生效日期"],
        "cost_settings": ["项目", "适用范围", "值", "生效日期"],
        "tagged_orders": ["订单号", "工具", "时间", "次数", "结果", "金额(元)"],
    }
