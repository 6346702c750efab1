"""Small payments in the note of an order, and whether a person's note speaks of money back."""

from __future__ import annotations

from datetime import datetime

import pytest

from analytics.intake.notes import payments_in
from tests.intake.makers import read, write_export

AT = "2026-08-03 16:43:21"


def short(note: str) -> list[tuple[int, bool]]:
    return [(payment.amount_fen, payment.is_postage) for payment in payments_in(note)[0]]


@pytest.mark.parametrize(
    ("note", "payments"),
    [
        (f"{AT} 小额打款金额¥ 3/超重3元已打款", [(300, False)]),
        (f"{AT} 小额打款金额¥ 3/退货运费", [(300, True)]),
        (f"{AT} 小额打款金额¥ 3/补邮费", [(300, True)]),
        (f"{AT} 小额打款金额¥10/2026-08-04 10:00:00 小额打款金额¥ 23.50/运费", [(1000, False), (2350, True)]),
        (f"{AT} 小额打款金额¥ 3/{AT} 小额打款金额¥ 3/好评", [(300, False)]),
        (f"{AT} 小额打款金额¥ 3/{AT} 小额打款金额¥ 4", [(300, False), (400, False)]),
        (f"客户要红色/{AT} 小额打款金额￥1,000.00", [(100000, False)]),
        ("差价十元已退", []),
        ("", []),
    ],
)
def test_system_segments_are_payments_and_the_text_after_them_their_reason(note, payments):
    assert short(note) == payments


def test_a_payment_has_its_time():
    assert payments_in(f"{AT} 小额打款金额¥ 3")[0][0].paid_at == datetime(2026, 8, 3, 16, 43, 21)


def test_a_segment_that_cannot_be_read_is_counted():
    assert payments_in("昨天小额打款3元/小额打款金额¥ 3") == ([], 2)


@pytest.mark.parametrize(
    ("note", "is_noted"),
    [
        ("差价十元已退", True),
        ("瑕疵补偿5/瑕疵补偿（3）元待回复", True),
        ("已赔", True),
        ("客户要红色", False),
        ("", False),
        (f"{AT} 小额打款金额¥ 3/补偿三元", False),
        (f"{AT} 小额打款金额¥ 3/{AT} 小额打款金额¥ 4/退运费", False),
        (f"{AT} 小额打款金额¥ 3/超重/另退差价", True),
        (f"退差价/{AT} 小额打款金额¥ 3", True),
    ],
)
def test_a_note_written_by_hand_speaks_of_money_back(note, is_noted, tmp_path):
    reading = read(write_export(tmp_path / "订单.csv", "orders_64", [{"订单备注": note}]))
    assert reading.row("order_lines")["is_refund_noted"] is is_noted


def test_payments_are_staged_once_an_order_and_the_note_is_dropped(tmp_path):
    note = f"{AT} 小额打款金额¥ 3/退货运费/欧阳试样来电"
    rows = [{"订单备注": note}, {"订单备注": note, "商品规格": "蓝色"}, {"订单号": "2", "订单备注": f"小额打款/{note}"}]
    reading = read(write_export(tmp_path / "订单.csv", "orders_64", rows))
    assert [
        (row["order_id"], row["amount_fen"], row["is_postage"], row["source_row"]) for row in reading.rows("note_payments")
    ] == [
        ("2510900000000017", 300, True, 2),
        ("2", 300, True, 4),
    ]
    assert reading.surprises == ["订单备注里有 1 段小额打款读不出时间或金额"]
    assert not any("欧阳" in str(row) for table in reading.staged["parquet_by_table"] for row in reading.rows(table))
