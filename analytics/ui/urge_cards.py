"""The list as cards for one thumb: what to pack, how long it has, why, and two large buttons."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analytics.present import numbers, urges
from analytics.present.account import whole
from analytics.present.labels import escape
from analytics.present.urges import Glance
from analytics.ui import session, urge_board, urge_cut, urge_marks, urge_order
from analytics.ui.urge_board import Board

ON_A_PAGE = 12


def draw(board: Board, seen: Glance) -> None:
    """Draw the rows as cards, a few on a page, the cut line where it falls."""
    words = session.words()
    pages = -(-len(seen.rows) // ON_A_PAGE)
    number = min(st.session_state.get("urges.page") or 1, pages)
    first = (number - 1) * ON_A_PAGE
    cut = urge_cut.place(seen) if seen.cut is not None else None
    for place, row in enumerate(seen.rows.iloc[first : first + ON_A_PAGE].to_dict("records"), start=first):
        if place == cut:
            urge_cut.line(seen)
        _card(board, row)
    if pages > 1:
        with st.container(horizontal_alignment="center"):
            st.pagination(pages, key="urges.page")
    if seen.found > len(seen.rows):
        st.caption(words("urge_ship.more", shown=numbers.count(len(seen.rows)), rows=numbers.count(seen.found)))


def _card(board: Board, row: dict[str, Any]) -> None:
    words, key = session.words(), (row["shop"], row["order_id"])
    rank = whole(row["rank"])
    hours = row["hours_left"]
    colour = "gray" if hours is None or hours != hours else "red" if hours < 0 else "orange"
    with st.container(border=True, gap="xsmall", key=f"urges.card.{'.'.join(key)}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{numbers.NOTHING if rank is None else rank}**", width="content")
            st.badge(urges.hours_text(hours, words), color=colour)
            for flag in urges.flag_titles(row, words):
                st.badge(flag, color="gray")
            st.markdown(f"**{escape(numbers.money_exact(whole(row['paid_fen'])))}**", width="content")
        st.markdown(escape(urges.product(row)))
        st.caption(
            escape(f"{urges.why(row, words)}{words('urge_ship.join')}{words('urge_ship.column.risk')} {urges.risk(row, words)}")
        )
        st.caption(escape(f"{urges.state(row, board.now, words)} · {row['order_id']}"))
        _thumb(row, key)


def _thumb(row: dict[str, Any], key: urge_marks.Key) -> None:
    """Two marks and the way to the rest; ticking the card chooses it for the bar at the foot."""
    words, name = session.words(), ".".join(key)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if urge_board.may_mark():
            orders = {key: whole(row["last_event_id"]) or 0}
            first = "taken" if row["state"] == "open" else "contacted"
            urge_marks.button(orders, first, f"card.{name}", width="stretch")
            urge_marks.button(orders, "shipped", f"card.{name}", width="stretch")
        st.button(
            words("urge_ship.open"), on_click=urge_order.open_order, args=(key,), key=f"urges.card.open.{name}", type="tertiary"
        )
        st.session_state[f"urges.tick.{name}"] = key in urge_marks.picked()
        st.checkbox(
            words("urge_ship.tick"),
            key=f"urges.tick.{name}",
            on_change=urge_marks.toggle,
            args=(key,),
            label_visibility="collapsed",
        )
