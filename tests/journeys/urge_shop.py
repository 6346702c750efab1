"""A real shop whose buyers urge: order exports that wait for shipment, as lists for tests of the urge-to-ship page."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from analytics.actions import imports
from analytics.actions.ledger import Warehouse
from analytics.domain.loads import Actor
from tests.journeys.exports import order, write_orders

SHOP = "店铺1"
ME = Actor("测试")
HOUR = timedelta(hours=1)


def waiting(number: int, now: datetime, *, hours_left: float = 10.0, **cells: str) -> dict[str, str]:
    """One order that is paid and waits, promised `hours_left` from now, the dearer the smaller its number."""
    paid_at, ship_by = now - 30 * HOUR, now + hours_left * HOUR
    usual = {
        "订单创建时间": f"{paid_at:%Y-%m-%d %H:%M:%S}",
        "订单支付时间": f"{paid_at:%Y-%m-%d %H:%M:%S}",
        "订单状态": "待发货",
        "预售/承诺发货时间": f"{ship_by:%Y-%m-%d %H:%M:%S}",
        "实付款": f"¥{1000 - number % 900}.00",
        "商品ID": f"P{number % 4}",
        "商品名称": f"试样商品{number % 4}",
        "SKU编码": f"S{number % 8}",
        **dict.fromkeys(("发货时间", "快递公司", "快递单号", "物流信息"), ""),
    }
    return order(f"{2600000000000000 + number}", **usual | cells)


def load(
    warehouse: Warehouse, folder: Path, now: datetime, *rows: dict[str, str], kind: str = "urge_ship", shop: str = SHOP
) -> int:
    """Import rows as a list of a kind, drawn at `now`; return the load's number."""
    path = write_orders(folder / f"订单导出_{kind}_{shop}_{now:%Y%m%d%H%M%S}.csv", *rows)
    options = imports.ImportOptions(shop=shop, list_kind=kind, exported_at=now)
    receipt = imports.import_file(warehouse, path, options, actor=ME, now=now)
    assert receipt.load_id is not None
    return receipt.load_id
