"""One order of the list in a drawer: its times, why it stands where it does, what can be done, everything ever marked on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from analytics.actions import urges as deeds
from analytics.present import numbers, urges
from analytics.present.account import whole
from analytics.present.labels import escape
from analytics.store import urge_questions
from analytics.ui import address, navigation, session, urge_board, urge_marks
from analytics.ui.urge_board import ORDER, Board
from analytics.ui.urge_marks import Key

TIMES = ("paid_at", "ship_by", "first_urged_at", "last_urged_at", "delayed_until", "snoozed_until")


def open_row(click: str, keys: Sequence[Key]) -> None:
    """Open the drawer of the row whose button was pressed; for callbacks."""
    row = st.session_state[click]["row"]
    if row < len(keys):
        open_order(keys[row])


def open_order(key: Key) -> None:
    """Open the drawer of an order; for callbacks. The shop goes along: two shops may use the same number."""
    shop, order_id = key
    address.put(ORDER, [order_id, shop])


def show(board: Board, rows: pd.DataFrame) -> None:
    """Draw the drawer that the address asks for, if it does."""
    asked = address.values(ORDER)
    if len(asked) != 2 or asked[1] not in board.shops:
        return
    order_id, shop = asked
    mine = rows[(rows["order_id"] == order_id) & (rows["shop"] == shop)]
    if mine.empty:  # in another view, or beyond the rows that are shown
        whole_list = urge_board.everything(board)
        mine = whole_list[(whole_list["order_id"] == order_id) & (whole_list["shop"] == shop)]
    words = session.words()
    if mine.empty:
        st.warning(words("urge_ship.order.gone", order=escape(order_id)), icon=":material/search_off:")
        return
    row = mine.iloc[0].to_dict()
    title = words("urge_ship.order.title", product=urges.product(row), amount=numbers.money_exact(whole(row["paid_fen"])))
    st.dialog(escape(title), width="medium", position="right", on_dismiss=_close)(_draw)(board, row)


def _close() -> None:
    address.clear(ORDER)


def _draw(board: Board, row: dict[str, Any]) -> None:
    words, key = session.words(), (row["shop"], row["order_id"])
    st.caption(escape(words("chip.group", dimension=words("urge_ship.column.order_id"), group=row["order_id"])))
    st.markdown(f"**{escape(urges.why(row, words))}**")
    st.markdown(escape(urges.state(row, board.now, words)))
    if urge_board.may_mark():
        with st.container(horizontal=True, gap="small", key="urges.order.marks"):
            urge_marks.buttons({key: whole(row["last_event_id"]) or 0}, "order")
        st.caption(words("urge_ship.only_here"))
    _table(_facts(row), words("urge_ship.order.facts"), "urges.order.facts")
    _history(key)
    for case_id in session.ask(urge_questions.urge_cases, order_id=row["order_id"], shops=(row["shop"],))["case_id"]:
        label = words("urge_ship.order.cases", case=escape(case_id))
        navigation.link("losses", label, icon=":material/receipt_long:", shop=row["shop"], case=[case_id, row["shop"]])


def _facts(row: dict[str, Any]) -> pd.DataFrame:
    """What is known of an order, a line each; what no file says is left out."""
    words, titles = session.words(), session.titles()
    known = {words(f"urge_ship.fact.{name}"): f"{row[name]:%Y-%m-%d %H:%M}" for name in TIMES if not pd.isna(row[name])}
    if (urged := whole(row["urges"])) is not None:
        known[words("urge_ship.fact.urges")] = numbers.count(urged)
    known[words("urge_ship.column.hours_left")] = urges.hours_text(row["hours_left"], words)
    known[words("urge_ship.column.risk")] = urges.risk(row, words)
    if urges.is_learned(row):
        known |= {words(f"urge_ship.fact.{name}"): urges.percent(row[name]) for name in ("chance_wait", "chance_ship")}
    known[words("urge_ship.fact.loss_fen")] = numbers.money_exact(whole(row["loss_fen"]))
    for name in ("streamer", "province", "warehouse", "delay_reason", "shop"):
        if isinstance(row[name], str) and row[name]:
            known[words(f"urge_ship.fact.{name}")] = titles("streamer", row[name]) if name == "streamer" else row[name]
    return pd.DataFrame(known.items(), columns=["fact", "value"])


def _table(facts: pd.DataFrame, alt: str, key: str) -> None:
    words = session.words()
    columns = {"fact": words("case.fact_name"), "value": words("case.fact_value")}
    st.dataframe(facts, hide_index=True, column_config=columns, height="content", alt=alt, key=key)


def _history(key: Key) -> None:
    """Everything ever marked on the order, oldest first; what was taken back or came second says so."""
    words, (shop, order_id) = session.words(), key
    events = deeds.history(session.warehouse(), shop=shop, order_id=order_id, actor=session.actor())
    st.subheader(words("urge_ship.order.history"), anchor=False)
    if events.empty:
        st.caption(words("urge_ship.order.no_history"))
        return
    made = []
    for event in events.to_dict("records"):
        what = words(f"urge_ship.done.{event['mark']}")
        if not pd.isna(event["until_at"]):
            what = words("urge_ship.order.until", what=what, until=f"{event['until_at']:%m-%d %H:%M}")
        notes = [event["reason"] or ""]
        notes += [words("urge_ship.order.undone")] if event["is_undone"] else []
        notes += [] if event["has_effect"] else [words("urge_ship.order.second")]
        note = words("urge_ship.join").join(filter(None, notes))
        made.append({"at": f"{event['happened_at']:%m-%d %H:%M}", "who": event["actor"], "what": what, "note": note})
    titles = {name: words(f"urge_ship.history.{name}") for name in ("at", "who", "what", "note")}
    st.dataframe(
        pd.DataFrame(made), hide_index=True, column_config=titles, height="content", alt=words("urge_ship.order.history"),
        key="urges.order.history",
    )  # fmt: skip
