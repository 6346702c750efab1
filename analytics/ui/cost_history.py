"""What was set, by whom and when, each load with the way back; and the templates that set many costs at once."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from analytics.actions import costs as deeds
from analytics.actions import imports
from analytics.domain.loads import ROLES, Receipt
from analytics.present import cost_table, numbers
from analytics.present.labels import escape
from analytics.ui import components, cost_form, cost_views, downloads, session
from analytics.ui.cost_views import Costs

KINDS = ("cost_settings", "product_costs")
MOST_SHOWN = 10
TYPED = "手工设置"  # the file name of a load that was typed
MOST_NAMED = 3
TEMPLATES = {"settings": "成本设置", "products": "商品成本"}


def draw(costs: Costs) -> None:
    """Draw the loads that set costs, newest first, each with its undo for who may."""
    words = session.words()
    receipts = [receipt for receipt in session.known(imports.list_imports, shop_names=(costs.shop,)) if receipt.kind in KINDS]
    with st.container(border=True, height="stretch"):
        st.subheader(words("costs.history"), anchor=False)
        refused = st.session_state.pop("costs.refused", None)
        if refused:
            components.problem(refused)
        if not receipts:
            st.caption(words("costs.history_none"))
        for receipt in receipts[:MOST_SHOWN]:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                _line(costs, receipt)
        st.caption(words("costs.history_note"))


def templates(costs: Costs) -> None:
    """Draw the downloads of the two templates, filled with the shop's own values, and the way to bring them back."""
    words = session.words()
    with st.container(border=True, height="stretch"):
        st.subheader(words("costs.templates"), anchor=False)
        st.caption(words("costs.templates_note"))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            for key, name in TEMPLATES.items():
                asked = {"shop": costs.shop, "actor": session.actor(), "now": session.now()}
                content = partial(deeds.cost_workbook, session.warehouse(), name, **asked)
                file_name = f"{name}.xlsx"
                downloads.button(words(f"costs.template.{key}"), content, file_name, downloads.XLSX, key=f"costs.template.{key}")
            cost_views.link_to_imports()


def _line(costs: Costs, receipt: Receipt) -> None:
    words = session.words()
    when = receipt.loaded_at.strftime("%Y-%m-%d %H:%M") if receipt.loaded_at else numbers.NOTHING
    said = {"when": when, "name": receipt.loaded_by, "load_id": receipt.load_id, "what": _what(costs, receipt)}
    told = escape(words("costs.history_line", **said))
    st.markdown(f":gray[{told}]" if receipt.undone_at else told, width="stretch")
    if receipt.undone_at:
        st.badge(words("costs.undone"), color="gray")
        return
    actor = session.actor()
    if ROLES.index(actor.role) < ROLES.index("operate"):
        return
    with st.popover(words("costs.undo"), icon=":material/undo:", type="tertiary", key=f"costs.undo.{receipt.load_id}"):
        st.caption(words("costs.undo_asks", rows=numbers.count(receipt.rows - receipt.rejected)))
        button = {"type": session.emphasis(), "key": f"costs.undo.{receipt.load_id}.yes"}
        st.button(words("costs.undo_yes"), on_click=cost_form.take_back, args=(receipt,), **button)


def _what(costs: Costs, receipt: Receipt) -> str:
    """The settings of a load that still hold, the first of them named; what was taken back, and product costs, by the file."""
    words = session.words()
    if receipt.kind == "product_costs":
        return words("costs.file_of_products", file=receipt.file, rows=numbers.count(receipt.rows))
    if receipt.undone_at:
        file = words("costs.typed") if receipt.file == TYPED else receipt.file
        return words("costs.file_of_settings", file=file, rows=numbers.count(receipt.rows))
    rows = costs.listed[costs.listed["load_id"] == receipt.load_id].to_dict("records")
    if not rows:
        return words("costs.nothing_left")
    named = [_setting(row) for row in rows[:MOST_NAMED]]
    more = len(rows) - len(named)
    return words("costs.list_separator").join(named) + (words("costs.and_more", count=more) if more else "")


def _setting(row: dict) -> str:
    value = None if pd.isna(row["value"]) else int(row["value"])
    first_day = None if pd.isna(row["effective_from"]) else row["effective_from"]
    return cost_table.setting_text((row["name"], row["scope"], value, first_day), session.titles(), session.words())
