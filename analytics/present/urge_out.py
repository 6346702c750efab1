"""What leaves the urge-to-ship list: the picking list, as a table and to print, and the text for buyers of late orders."""

from __future__ import annotations

import html
from datetime import date, datetime

import pandas as pd

from analytics.present import numbers
from analytics.present.account import whole
from analytics.present.exports import Column
from analytics.present.labels import DEFAULT_LANGUAGE, Words

DELAY_REASONS = ("weather", "carrier", "flood_of_orders", "supplier", "platform")  # the first two and the last are nobody's fault
_PAPER = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><title>{title}</title>
<style>
@page {{ size: A4; margin: 14mm }}
body {{ font: 12pt -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #10161c }}
h1 {{ font-size: 16pt; margin: 0 0 2mm }} p {{ margin: 0 0 5mm; color: #5c6772 }}
table {{ width: 100%; border-collapse: collapse }} thead {{ display: table-header-group }}
th, td {{ border-bottom: 1px solid #c8d0d8; padding: 2.2mm 2mm; text-align: left; vertical-align: top }}
th:nth-child(n+4), td:nth-child(n+4) {{ text-align: right; white-space: nowrap }} tr {{ break-inside: avoid }}
.box {{ display: inline-block; width: 4mm; height: 4mm; border: 1px solid #10161c }}
</style>
<h1>{title}</h1><p>{note}</p>
<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
</html>
"""


def picking_columns(words: Words) -> dict[str, Column]:
    """Return the columns of the picking list as a table."""
    kinds = {"product_id": "id", "sku": "id", "pieces": "count", "orders": "count"}
    names = ("product_id", "product_name", "sku", "spec", "warehouse", "pieces", "orders")
    return {name: Column(words(f"urge_ship.pick.{name}"), kinds.get(name, "text")) for name in names}


def picking_paper(picks: pd.DataFrame, printed_at: datetime, words: Words) -> bytes:
    """Write the picking list as a page to print: a line a product and SKU with a box to tick; names are never interpreted."""
    titles = [words(f"urge_ship.pick.{name}") for name in ("product_name", "sku", "warehouse", "pieces", "orders")]
    head = "".join(f"<th>{html.escape(title)}</th>" for title in titles) + "<th></th>"
    lines = []
    for row in picks.to_dict("records"):
        sku = " · ".join(dict.fromkeys(filter(None, (row["spec"], row["sku"])))) or numbers.NOTHING
        counts = (numbers.count(whole(row["pieces"])), numbers.count(whole(row["orders"])))
        cells = (row["product_name"] or row["product_id"] or numbers.NOTHING, sku, row["warehouse"] or "", *counts)
        lines.append("".join(f"<td>{html.escape(str(cell))}</td>" for cell in cells) + '<td><span class="box"></span></td>')
    orders = {order_id for ids in picks["order_ids"] for order_id in ids}
    counts = {"pieces": numbers.count(int(picks["pieces"].sum())), "orders": numbers.count(len(orders))}
    paper = _PAPER.format(
        language=words.language,
        title=html.escape(words("urge_ship.pick.title")),
        note=html.escape(words("urge_ship.pick.note", at=f"{printed_at:%Y-%m-%d %H:%M}", **counts)),
        head=head,
        rows="".join(f"<tr>{line}</tr>" for line in lines),
    )
    return paper.encode()


def buyers_text(reason: str, ship_on: date, words: Words | None = None) -> str:
    """Return what to tell the buyers of orders that ship later. Buyers read Chinese, so that is what it is without `words`."""
    words = words or Words(DEFAULT_LANGUAGE)
    cause = words(f"urge_ship.delay_reason.{reason}") if reason in DELAY_REASONS else reason
    return words("urge_ship.tell_buyers", reason=cause, day=f"{ship_on:%m-%d}")
