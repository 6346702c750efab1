"""The urge-to-ship list as files: a list of orders that an ERP and our own import read, and what has to be picked."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.actions.account import answer
from analytics.actions.templates import TEMPLATES
from analytics.domain.loads import Actor
from analytics.domain.vocabulary import TOOLS
from analytics.present.exports import Column, Sheet
from analytics.store import urge_questions
from analytics.store.warehouse import Warehouse

# No name of a list and no moment: our own import must not take a selection for a newer, complete list of the platform's.
FILE_NAME = "发货清单_{:%Y%m%d}"
NO_TOOL = "无"  # our own import passes over such a row
# What an ERP wants to know beside the template's columns; the import passes over them.
GOODS = {
    "product_name": Column("商品名称"),
    "product": Column("商品编码"),
    "spec": Column("商品规格"),
    "sku": Column("规格编码"),
    "quantity": Column("数量", "count"),
    "ship_by": Column("最晚发货时间", "time"),
    "shop": Column("店铺"),
}


def erp_sheet(rows: pd.DataFrame, name: str) -> Sheet:
    """Return rows of `urges.list_urges` as a table for an ERP, to be written as CSV or workbook.

    The first columns are those of our template 标记订单, so that both read back as what they were: urged, to ship first, or
    merely late (无). A time stands there only where a file told it. Ids survive Excel.
    """
    order_id, tool, at, count = TEMPLATES["标记订单"].columns[:4]
    is_urged = rows["tab"] == "urged"
    values = [
        rows["order_id"],
        _tools(is_urged, rows["is_priority"].astype(bool)),
        rows["last_urged_at"].where(is_urged),
        rows["urges"].where(is_urged),
        *(rows[column] for column in GOODS),
    ]
    cells = zip(*(one.astype(object).where(one.notna(), None) for one in values), strict=True)
    return Sheet(name, (order_id, tool, at, count, *GOODS.values()), list(cells))


def _tools(is_urged: pd.Series, is_priority: pd.Series) -> pd.Series:
    """The Chinese name of the tool that each order is on the list for; an order that is merely late is there for none."""
    (urged, _), (priority, _) = TOOLS["urge_ship"], TOOLS["priority_ship"]
    tools = pd.Series(NO_TOOL, index=is_urged.index, dtype=object)
    return tools.mask(is_priority, priority).mask(is_urged, urged)


def picking_list(warehouse: Warehouse, orders: Sequence[tuple[str, str]], *, actor: Actor) -> pd.DataFrame:
    """Add up what has to be picked for orders (shop, order id), by product and SKU, most pieces first.

    Columns: product_id, product_name, sku, spec, warehouse, pieces, orders (count), order_ids (text order).
    """
    lines = answer(warehouse, urge_questions.urge_lines, actor=actor, shops=actor.shops, orders=list(orders))
    keys = ["product_id", "product_name", "sku", "spec", "warehouse"]
    lines[keys] = lines[keys].astype(object).where(lines[keys].notna(), "")
    picked = lines.groupby(keys, as_index=False, sort=False).agg(
        pieces=("quantity", "sum"), orders=("order_id", "nunique"), order_ids=("order_id", lambda ids: sorted(set(ids)))
    )
    return picked.sort_values(["pieces", "product_id", "sku", "spec"], ascending=[False, True, True, True], ignore_index=True)
