"""What the name of a file tells."""

from __future__ import annotations

from datetime import datetime

import pytest

from analytics.intake.names import exported_at_from, guess_list_kind, password_tails, shown_title


@pytest.mark.parametrize(
    ("name", "time"),
    [
        ("订单导出_20261116091200.csv", datetime(2026, 11, 16, 9, 12)),
        ("订单 2026-11-16 09_12.xlsx", datetime(2026, 11, 16, 9, 12)),
        ("2026-11-16-09-12-33.csv", datetime(2026, 11, 16, 9, 12, 33)),
        ("20261116_091233_a1b2c3.xlsx", datetime(2026, 11, 16, 9, 12, 33)),
        ("2026年11月16日09时12分.csv", datetime(2026, 11, 16, 9, 12)),
        ("订单20261116091200(1).csv", datetime(2026, 11, 16, 9, 12)),
        ("订单20261116091200_1.csv", datetime(2026, 11, 16, 9, 12)),
        ("20261101-20261116_20261116091200.csv", datetime(2026, 11, 16, 9, 12)),
        ("订单 2026-11-16.csv", None),
        ("订单_2026-11-01_2026-11-16.csv", None),
        ("20261101-20261116.csv", None),
        ("202611.csv", None),
        ("2510900000000017.csv", None),
        ("订单_20261399251299.csv", None),
        ("售后单_3月.xlsx", None),
    ],
)
def test_the_export_time_is_read_from_a_name_and_a_plain_date_is_none(name, time):
    assert exported_at_from(name) == time


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("优先发货订单.csv", "priority_ship"),
        ("11月催发货.xlsx", "urge_ship"),
        ("修改地址订单.csv", "address_change"),
        ("改地址.csv", "address_change"),
        ("订单导出.csv", "all"),
    ],
)
def test_the_list_is_guessed_from_a_name(name, kind):
    assert guess_list_kind(name) == kind


def test_the_first_password_tried_is_the_end_of_the_name():
    assert password_tails("订单_20261116_a1B2c3.xlsx") == ["a1B2c3"]
    assert password_tails("订单_ab12CD (1).xlsx") == ["CD (1)", "ab12CD"]
    assert password_tails("订单_ab12CD(12).xlsx") == ["CD(12)", "ab12CD"]


@pytest.mark.parametrize("title", ["Sheet1", "订单", "售后单_3月", "说明", "三月", "订单 20261116", "商品成本"])
def test_a_plain_title_of_a_sheet_is_shown(title):
    assert shown_title(title, 2) == title


@pytest.mark.parametrize("title", ["欧阳试样", "订单13900000007", "订单 139 0000 0007", "Ouyang"])
def test_a_title_that_may_name_somebody_becomes_its_place(title):
    assert shown_title(title, 2) == "第 2 张工作表"
