"""Keeping scenarios: seeking a goal, saving, comparing up to four, the workbook, and what became of what was promised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from analytics.actions import scenarios, what_if
from analytics.domain.costs import COST_NAMES
from analytics.domain.what_if import levers
from analytics.domain.what_if.levers import Lever
from analytics.errors import OperatorError
from analytics.present import numbers
from analytics.present import what_if as told
from analytics.present.figures import what_if as drawn
from analytics.present.labels import escape
from analytics.ui import address, components, downloads, session, what_if_scope
from analytics.ui.what_if_scope import Asked

SEEKABLE = (
    *("refund_rate", "refund_rate[stage=before_shipment]", "refund_rate[stage=returned]", "refund_rate[stage=kept]"),
    *("outbound_freight", "return_freight", "ship_hours", "goods_cost", "handling_minutes", "acquisition_rate"),
)
COMPARED = ("total_fen", "net_sales_fen", "profit_fen")
SOUGHT = "what_if.sought"


def goal(asked: Asked) -> None:
    """Draw the question which value of a lever makes the shop, or one streamer, pay; and its answer, checked by running it."""
    words, titles = session.words(), session.titles()
    with st.container(border=True, height="stretch"):
        st.subheader(words("what_if.seek"), anchor=False)
        with st.form("what_if.seek", border=False):
            sold = list(asked.model.book.texts["streamer"])
            streamer = st.selectbox(
                words("what_if.seek.who"),
                ["", *sold],
                key="what_if.seek.who",
                format_func={each: titles("streamer", each) if each else words("what_if.seek.all") for each in ("", *sold)}.get,
            )
            names = {key: told.lever_title(key, words, titles) for key in SEEKABLE}
            key = st.selectbox(words("what_if.seek.lever"), SEEKABLE, format_func=names.get, key="what_if.seek.lever")
            yuan = st.number_input(words("what_if.seek.goal"), value=0.0, step=1000.0, format="%.2f", key="what_if.seek.goal")
            if st.form_submit_button(words("what_if.seek.go"), icon=":material/target:"):
                st.session_state[SOUGHT] = (asked.scenario, streamer, _sought(asked, key, streamer, round(yuan * 100)))
        known = st.session_state.get(SOUGHT)
        if known is not None and known[0] == asked.scenario:
            _answer(known[1], known[2])


def _sought(asked: Asked, key: str, streamer: str, goal_fen: int) -> dict[str, Any] | str:
    scenario = replace(asked.scenario, streamers=(streamer,)) if streamer else asked.scenario
    options = {"actor": session.actor(), "effects": asked.model.known.effects, "goal_fen": goal_fen}
    try:
        return what_if.seek_goal(session.warehouse(), scenario, key, **options)
    except OperatorError as error:
        return str(error)


def _answer(streamer: str, found: Mapping[str, Any] | str) -> None:
    words, titles = session.words(), session.titles()
    if isinstance(found, str):
        st.warning(escape(found), icon=":material/error:")
        return
    who = words("what_if.seek.of", who=titles("streamer", streamer)) if streamer else ""
    st.markdown(f"{escape(who)}**{escape(told.sought(found, words, titles))}**")
    if found["value"] and not streamer:
        lever = levers.parse(found["lever"], found["value"])
        st.button(words("what_if.seek.use"), on_click=what_if_scope.turn, args=(lever,), key="what_if.seek.use")


def keep(asked: Asked, found: Mapping[str, Any]) -> None:
    """Draw the way to save the scenario, and the workbook with all its inputs."""
    words = session.words()
    with st.container(border=True, height="stretch"):
        st.subheader(words("what_if.keep"), anchor=False)
        with st.form("what_if.save", border=False, clear_on_submit=True):
            name = st.text_input(
                words("what_if.save_name"), placeholder=words("what_if.save_example"), max_chars=20, key="what_if.name"
            )
            if st.form_submit_button(words("what_if.save"), icon=":material/bookmark_add:"):
                _save(asked, name or asked.scenario.name)
        title = asked.scenario.name or words("what_if.unnamed")
        write = partial(
            what_if.workbook,
            session.warehouse(),
            asked.scenario,
            found,
            actor=session.actor(),
            language=words.language,
            now=session.now(),
        )
        downloads.button(words("what_if.workbook"), write, f"{title}.xlsx", downloads.XLSX, key="what_if.workbook")
        st.caption(words("what_if.workbook_note"))


def _save(asked: Asked, name: str) -> None:
    options = {"actor": session.actor(), "now": session.now(), "effects": asked.model.known.effects}
    try:
        saved = scenarios.save_scenario(session.warehouse(), asked.scenario, name, **options)
    except OperatorError as error:
        components.problem(error)
        return
    address.put(what_if_scope.PLAN, saved.name)
    st.rerun()


def saved(asked: Asked) -> None:
    """Draw the saved scenarios: what each promised, what it comes to now, and up to four of them beside each other."""
    words = session.words()
    known = scenarios.list_scenarios(session.warehouse(), actor=session.actor())
    if not known:
        return
    with st.container(border=True):
        st.subheader(words("what_if.saved"), anchor=False)
        st.caption(words("what_if.saved_note"))
        effects = asked.model.known.effects
        replayed = [scenarios.replay(session.warehouse(), each, actor=session.actor(), effects=effects) for each in known]
        for each in replayed:
            _row(each)
        working = {each["name"]: each for each in replayed if each["now"] is not None}
        if len(working) > 1:
            _compare(working, asked)


def _row(each: Mapping[str, Any]) -> None:
    words = session.words()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"what_if.saved.{each['name']}"):
        with st.container(width="stretch", gap=None):
            st.markdown(f"**{escape(each['name'])}**")
            st.caption(escape(told.promise(each, words)))
        if not each["problem"]:
            look = {"icon": ":material/open_in_new:", "key": f"what_if.open.{each['name']}"}
            st.button(words("what_if.open"), on_click=_open, args=(each["inputs"],), **look)
        forget = {
            "icon": ":material/close:",
            "type": "tertiary",
            "help": words("what_if.forget"),
            "key": f"what_if.forget.{each['name']}",
        }
        options = {"actor": session.actor(), "now": session.now()}
        st.button("", on_click=scenarios.forget_scenario, args=(session.warehouse(), each["name"]), kwargs=options, **forget)


def _open(inputs: Mapping[str, Any]) -> None:
    """Look at a saved scenario as it was saved: its period, its part of the shop, its levers."""
    scenario = levers.read(inputs)
    days = {"from": scenario.first_day, "to": scenario.last_day}
    for name, day in days.items():
        address.put(name, day.isoformat() if day else None)
    address.put("period", "custom" if all(days.values()) else "all")
    address.put("shop", scenario.shops[0] if len(scenario.shops) == 1 else None)
    address.put("product", scenario.products)
    address.put("streamer", scenario.streamers)
    what_if_scope.put_all(scenario.levers, scenario.name)


def _compare(working: Mapping[str, Mapping[str, Any]], asked: Asked) -> None:
    words = session.words()
    most = scenarios.MOST_COMPARED
    chosen = st.multiselect(
        words("what_if.compare", most=most),
        list(working),
        default=list(working)[:most],
        max_selections=most,
        key="what_if.compare",
    )
    if not chosen:
        return
    rows = [(told.figure_name(figure, words), [_change(working[name]["now"], figure) for name in chosen]) for figure in COMPARED]
    figure = drawn.compared(rows, chosen, watermark=asked.watermark)
    told_changes = words("what_if.and").join(
        f"{side} {numbers.money(amounts, words.language)}" for side, amounts in zip(chosen, rows[-1][1], strict=True)
    )
    components.chart(
        figure,
        heading=words("what_if.compared"),
        note=words("what_if.compared_note"),
        alt=told_changes,
        key="what_if.compared",
        is_card=False,
    )


def _change(now: Mapping[str, Any], figure: str) -> int:
    return (now["scenario"][figure] or 0) - (now["baseline"][figure] or 0)


def from_one_order(typed: Mapping[str, str]) -> None:
    """Draw the way from an imagined order to a scenario: what was typed of its costs becomes levers."""
    words = session.words()
    # What else is typed of an order, its price or its own goods, is no cost of the shop.
    wanted = [levers.parse(name, text) for name, text in typed.items() if name in COST_NAMES]
    options = {"icon": ":material/tune:", "disabled": not wanted, "help": words("what_if.use_help"), "key": "what_if.use"}
    st.button(words("what_if.use"), on_click=_use, args=(wanted,), **options)


def _use(wanted: list[Lever]) -> None:
    for lever in wanted:
        what_if_scope.turn(lever)
    address.put(what_if_scope.TAB, None)
