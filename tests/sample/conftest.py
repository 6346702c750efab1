"""One sample shop for all tests of this folder: built once, never changed."""

from __future__ import annotations

from datetime import date

import pytest

from analytics.actions.sample import write_sample
from analytics.domain.loads import Actor
from analytics.domain.sample_shop.files import build_shop, sample_exports

UNTIL = date(2026, 11, 16)
SEED = 7


@pytest.fixture(scope="session")
def shop():
    return build_shop(until=UNTIL, seed=SEED)


@pytest.fixture(scope="session")
def exports(shop):
    return {export.name: export for export in sample_exports(shop)}


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("示例 店")
    write_sample(folder, until=UNTIL, seed=SEED, actor=Actor("测试"))
    return folder


def records(export):
    return [dict(zip(export.columns, row, strict=True)) for row in export.rows]


@pytest.fixture(scope="session")
def orders(exports):
    """The newest order export: how every order stands at the end, by order id."""
    newest = max(
        (export for name, export in exports.items() if name.startswith("订单导出_2")), key=lambda export: export.exported_at
    )
    return {row["订单号"]: row for row in records(newest)}


@pytest.fixture(scope="session")
def cases(exports):
    """The newest after-sales export."""
    newest = max(
        (export for name, export in exports.items() if name.startswith("售后单导出")), key=lambda export: export.exported_at
    )
    return records(newest)


@pytest.fixture(scope="session")
def flows(exports):
    return records(next(export for name, export in exports.items() if name.startswith("动账明细")))
