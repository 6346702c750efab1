"""The list itself: which view of it, found by words, ordered, cut at what can be shipped today; as a table or as cards."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import streamlit as st

from analytics.domain.urges import TABS
from analytics.present import numbers, urges
from analytics.present.urges import Glance, Wanted
from analytics.ui import address, components, session, urge_board, urge_cards, urge_cut, urge_marks, urge_order, urge_out
from analytics.ui.urge_board import Board
from analytics.ui.urge_marks import Key

MOST_CAPACITY = 1_000_000
BAR_HOURS = 48  # a full bar: that much time is left, or more
LOOKS = ("table", "cards")
PHONES = ("mobile", "android", "iphone", "harmony")


@st.fragment
def draw(board: Board) -> None:
    """Draw the controls, the rows and, at the foot of the window, what can be done with those that are chosen."""
    foot = st.bottom.container()
    with foot:
        st.empty()  # keeps its place: a fragment may only write there later if it has before
    if st.session_state.pop("urges.changed", False):
        st.rerun()  # the figures above the list speak of the marks too
    words = session.words()
    wanted, look = _controls(board)
    seen = urge_board.glance(board, wanted)
    urge_marks.see(seen.rows)
    if not seen.found:
        st.info(
            words("urge_ship.nothing_found" if wanted.text else f"urge_ship.nothing.{wanted.view}"), icon=":material/task_alt:"
        )
    elif look == "cards":
        urge_cards.draw(board, seen)
    else:
        _tables(seen)
    urge_out.buttons(board, wanted, seen)
    urge_marks.told(foot)
    urge_marks.bar(foot)
    urge_order.show(board, seen.rows)


def _controls(board: Board) -> tuple[Wanted, str]:
    """The view of the list, and beside it what to find, the order, today's capacity, and table or cards."""
    words, counts = session.words(), board.summary.counts
    views = {view: f"{words(f'urge_ship.view.{view}')} {numbers.count(counts[view])}" for view in urges.VIEWS}
    view = address.select(
        st.segmented_control, words("urge_ship.views"), "view", views, TABS[0], required=True, label_visibility="collapsed"
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="urges.controls"):
        text = st.text_input(
            words("urge_ship.find"), key="urges.find", placeholder=words("urge_ship.find_hint"), max_chars=60, width=230
        )
        orders = {by: words(f"urge_ship.by.{by}") for by in urges.ORDERS}
        by = address.select(st.selectbox, words("urge_ship.by"), "by", orders, "risk", width=170)
        capacity = _capacity() if view in TABS else None
        looks = {look: words(f"urge_ship.look.{look}") for look in LOOKS}
        usual = "cards" if is_phone() else "table"
        look = address.select(
            st.segmented_control, words("urge_ship.look"), "look", looks, usual, required=True, label_visibility="collapsed"
        )
    return Wanted(view, text, by, capacity), look


def _capacity() -> int | None:
    """How many parcels can be packed today; kept in the address, so that a colleague sees the same line."""
    words, told = session.words(), address.value("capacity")
    known = min(int(told), MOST_CAPACITY) if told.isdecimal() else None
    st.session_state["urges.capacity"] = known
    return st.number_input(
        words("urge_ship.capacity"),
        min_value=0,
        max_value=MOST_CAPACITY,
        step=10,
        key="urges.capacity",
        placeholder=words("urge_ship.capacity_hint"),
        help=words("urge_ship.capacity_help"),
        on_change=_take_capacity,
        width=190,
    )


def _take_capacity() -> None:
    capacity = st.session_state["urges.capacity"]
    address.put("capacity", None if capacity is None else str(capacity))


def is_phone() -> bool:
    """Whether the browser says that it runs on a phone: Streamlit does not know how wide its window is."""
    agent = (st.context.headers.get("User-Agent") or "").lower()
    return st.context.headers.get("Sec-CH-UA-Mobile") == "?1" or any(word in agent for word in PHONES)


def _tables(seen: Glance) -> None:
    """One table, or two with the cut line between them."""
    if seen.cut is None:
        _grid(seen, slice(None), "all")
    else:
        above = urge_cut.place(seen)
        _grid(seen, slice(above), "above")
        urge_cut.line(seen)
        _grid(seen, slice(above, None), "below")
    if seen.found > len(seen.rows):
        st.caption(session.words()("urge_ship.more", shown=numbers.count(len(seen.rows)), rows=numbers.count(seen.found)))


def _grid(seen: Glance, places: slice, part: str) -> None:
    words, rows, columns = session.words(), seen.rows.iloc[places], seen.columns
    if rows.empty:
        st.caption(words("urge_ship.nothing_here"))
        return
    keys = urge_marks.keys_of(rows)
    # A click tells the place of a row only. The widget's name holds which rows stand where, so that a click on an older
    # order of them, drawn a moment before a colleague's mark, can never choose another order.
    widget = f"urges.grid.{part}.{_fingerprint(keys)}.{st.session_state.setdefault('urges.round', 0)}"
    shown = components.on_screen(seen.table.iloc[places], columns)
    shown.insert(1, "open", words("urge_ship.open"))
    st.dataframe(
        shown,
        hide_index=True,
        column_config={**{name: components.column_config(column) for name, column in columns.items()}, **_special(keys, part)},
        placeholder=numbers.NOTHING,
        alt=words("urge_ship.table_alt", rows=numbers.count(len(rows))),
        key=widget,
        on_select=lambda: urge_marks.take(widget, keys),
        selection_mode="multi-row",
        selection_default={"selection": {"rows": urge_marks.places(keys), "columns": [], "cells": []}},
        height="auto" if len(rows) > 10 else "content",
    )


def _special(keys: Sequence[Key], part: str) -> dict[str, object]:
    """The columns that are more than text: the button of the drawer, the bar of the hours left, the badges."""
    words = session.words()
    click = f"urges.open.{part}"
    title = {name: words(f"urge_ship.column.{name}") for name in ("rank", "hours_left", "why", "state", "flags", "product")}
    return {
        "rank": st.column_config.NumberColumn(title["rank"], pinned=True, width=48),
        "open": st.column_config.ButtonColumn(
            words("urge_ship.open"), key=click, on_click=lambda: urge_order.open_row(click, keys), type="tertiary", width=58
        ),
        "product": st.column_config.TextColumn(title["product"], width=205),
        "hours_left": st.column_config.ProgressColumn(
            title["hours_left"], min_value=0, max_value=BAR_HOURS, format="%.1f", width=112, help=words("urge_ship.hours_help")
        ),
        "why": st.column_config.TextColumn(title["why"], width=235),
        "state": st.column_config.TextColumn(title["state"], width=150),
        "flags": st.column_config.MultiselectColumn(title["flags"], width=110),
    }


def _fingerprint(keys: Sequence[Key]) -> str:
    return hashlib.blake2b("\n".join("\t".join(key) for key in keys).encode(), digest_size=8).hexdigest()
