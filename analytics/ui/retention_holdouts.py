"""Hold-outs on the page of the tools: planning and beginning one, its list, its end, and what it found."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from analytics.actions import analyses
from analytics.actions import holdouts as deeds
from analytics.actions.holdouts import Holdout, Wish
from analytics.domain.vocabulary import TOOLS
from analytics.errors import OperatorError
from analytics.present import holdouts, numbers, retention
from analytics.present.labels import escape
from analytics.ui import components, said, session
from analytics.ui.retention_cards import GRADE_COLOURS
from analytics.ui.retention_scope import View

PLACE = "retention.holdouts"  # where it is told what came of a click
SHARES = (0.05, 0.10, 0.15, 0.20)
CHANGES = (0.02, 0.03, 0.05, 0.08, 0.10)


def draw(view: View) -> None:
    """Draw the hold-outs there are, and, for one shop, the form that begins another."""
    words = session.words()
    with st.container(border=True):
        st.subheader(words("retention.holdout"), anchor=False)
        st.caption(words("retention.holdout_how"))
        said.tell(PLACE)
        found = deeds.list_holdouts(session.warehouse(), actor=session.actor(), shops_shown=view.choice.shops)
        if not found:
            st.caption(words("retention.holdout_none"))
        for held in found:
            _one(held)
        if len(view.choice.shops) == 1:
            _form(view)


def _form(view: View) -> None:
    words = session.words()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        tools = {tool: words.term(TOOLS[tool]) for tool in deeds.HELD}
        box = {"width": 150}
        tool = st.selectbox(words("retention.holdout_tool"), tools, format_func=tools.get, key=_key("tool"), **box)
        share = st.selectbox(words("retention.holdout_share"), SHARES, 1, numbers.rate, key=_key("share"), **box)
        sizes = {size: numbers.points(size, words.language).lstrip("+") for size in CHANGES}
        change = st.selectbox(words("retention.holdout_change"), CHANGES, 2, sizes.get, key=_key("change"), width=190)
        days = st.date_input(
            words("retention.holdout_days"), (_today(), _today() + timedelta(days=60)), key=_key("days"), width=260
        )
    if len(days) != 2:  # the second day is still being chosen
        return
    wish = Wish(tool, share, days[0], days[1], change, view.choice.shops[0])
    try:
        plan = session.known(deeds.plan, wish)
    except OperatorError as error:
        components.problem(error)
        return
    st.markdown(escape(holdouts.planned(plan, change, words)))
    st.button(words("retention.holdout_begin"), on_click=_begin, args=(wish,), icon=":material/play_arrow:", key="holdout.begin")


def _one(held: Holdout) -> None:
    words = session.words()
    with st.expander(f"{escape(holdouts.name_of(held, words))} · {holdouts.state_of(held, words)}"):
        st.markdown(escape(holdouts.progress_of(held, words)))
        _report(held)
        taken = deeds.orders(session.warehouse(), held.holdout_id, actor=session.actor())
        components.table(
            holdouts.list_rows(taken, words),
            holdouts.list_columns(words),
            heading=words("retention.holdout_list"),
            note=words("retention.holdout_list_note"),
            alt=words("retention.holdout_list_alt", number=held.holdout_id, count=len(taken)),
            key=f"holdout.orders.{held.holdout_id}",
            described={},
        )
        if held.ended_at is None:
            key = f"holdout.end.{held.holdout_id}"
            st.button(words("retention.holdout_end"), on_click=_end, args=(held.holdout_id,), icon=":material/stop:", key=key)


def _report(held: Holdout) -> None:
    words = session.words()
    if not held.order_count:
        return
    asked = {"holdout_id": held.holdout_id, "order_count": held.order_count, "shops": (held.shop,)}
    standing = analyses.look(session.warehouse(), deeds.REPORT, actor=session.actor(), now=session.now(), **asked)
    if standing.problem:
        st.warning(escape(words("retention.problem", problem=standing.problem)), icon=":material/warning:")
    if standing.answer is None:
        st.caption(words("retention.holdout_working"))
        return
    found = standing.answer
    row = {**found["effect"]["row"], "touched": held.order_count}
    st.badge(retention.grade_text(row, words), color=GRADE_COLOURS[row["grade"]])
    st.markdown(escape(retention.verdict(row, words)))
    for reason in retention.reasons(found["effect"], words):
        st.caption(f":material/info: {escape(reason)}")
    st.caption(escape(retention.method(row, found["effect"], words)))
    st.caption(escape(holdouts.split(found, words)))


def _begin(wish: Wish) -> None:
    words = session.words()
    try:
        held = deeds.begin(session.warehouse(), wish, actor=session.actor(), now=session.now())
    except OperatorError as error:
        said.refused(PLACE, error)
        return
    said.done(PLACE, words("retention.holdout_begun", number=held.holdout_id, orders=held.order_count))


def _end(holdout_id: int) -> None:
    words = session.words()
    try:
        deeds.end(session.warehouse(), holdout_id, actor=session.actor(), now=session.now())
    except OperatorError as error:
        said.refused(PLACE, error)
        return
    said.done(PLACE, words("retention.holdout_ended", number=holdout_id))


def _key(name: str) -> str:
    """A browser goes on showing the title of the language before: each language has boxes of its own."""
    return f"holdout.{name}.{session.words().language}"


def _today() -> date:
    return session.now().date()
