"""The memory of the list: what became of yesterday's rows, the weeks, how good the ranking was, when to raise the alarm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import pandas as pd
import streamlit as st

from analytics.actions import urge_ranking
from analytics.actions import urges as deeds
from analytics.domain.loads import Actor
from analytics.errors import OperatorError
from analytics.present import numbers, urge_memory
from analytics.present.figures import urges as figures
from analytics.present.labels import escape
from analytics.ui import components, session, urge_alarm, urge_board
from analytics.ui.urge_board import Board

DAY = timedelta(days=1)
LOOKED_AT = time(9)  # of yesterday: when a day's work on the list begins
MOST_THRESHOLD = 1_000_000


def draw(board: Board) -> None:
    """Draw what became of the list and how the weeks went; nothing where nobody was ever urged."""
    if not board.has_list:
        return
    main, side = st.columns([3, 2])
    with main:
        _weeks(board)
    with side:
        _yesterday(board)
        _ranking(board)
    _by_week(board)


def _yesterday(board: Board) -> None:
    words, at = session.words(), datetime.combine(board.now.date() - DAY, LOOKED_AT)
    listed = session.known(_as_of, shops=board.shops, at=at, queue=urge_board.queue())
    if listed.empty:
        with st.container(border=True):
            st.subheader(words("urge_ship.memory.heading", at=f"{at:%m-%d %H:%M}"), anchor=False)
            st.caption(words("urge_ship.memory.nothing"))
        return
    rows, columns = urge_memory.worked_or_not(deeds.compare_work(listed), words)
    said = urge_memory.yesterday(listed, words)
    components.table(
        rows,
        columns,
        heading=words("urge_ship.memory.heading", at=f"{at:%m-%d %H:%M}"),
        note=f"{said} {words('urge_ship.memory.raw')}",
        alt=said,
        key="urges.memory",
        described={words("shop.label"): ", ".join(board.shops), words("urge_ship.memory.at"): f"{at:%Y-%m-%d %H:%M}"},
    )


def _weeks(board: Board) -> None:
    words = session.words()
    weeks = session.known(deeds.weeks, shops=board.shops)
    if weeks.empty:
        return
    if weeks["hours_median"].isna().all():  # a chart of nothing would only show axes
        with st.container(border=True):
            st.subheader(words("urge_ship.memory.weeks"), anchor=False)
            st.caption(words("urge_ship.memory.weeks_none"))
        return
    components.chart(
        figures.hours_to_ship(weeks, words, watermark=board.watermark),
        heading=words("urge_ship.memory.weeks"),
        note=words("urge_ship.memory.weeks_note"),
        alt=words("urge_ship.memory.weeks"),
        key="urges.weeks",
    )


def _by_week(board: Board) -> None:
    words, weeks = session.words(), session.known(deeds.weeks, shops=board.shops)
    if weeks.empty:
        return
    rows, columns = urge_memory.weeks_table(weeks, words)
    components.table(
        rows,
        columns,
        heading=words("urge_ship.memory.by_week"),
        note=words("urge_ship.memory.penalties_note"),
        alt=words("urge_ship.memory.by_week"),
        key="urges.by_week",
        described={words("shop.label"): ", ".join(board.shops)},
    )


def _ranking(board: Board) -> None:
    """What the ranking rests on, by shop, and how it did on past orders."""
    words = session.words()
    held, asker = session.warehouse(), session.actor()
    rests = {shop: urge_ranking.look(held, shop, actor=asker, now=board.now) for shop in board.shops}
    with st.container(border=True, gap="small"):
        st.subheader(words("urge_ship.memory.ranking"), anchor=False)
        for shop, one in rests.items():
            said = [words(f"urge_ship.basis.{one.model.method}", orders=numbers.count(one.model.past_count))]
            said += filter(None, [urge_memory.calibration(one.model.calibration, words)])
            said += [] if one.is_current else [words("urge_ship.basis.refit")]
            lead = f"**{escape(shop)}** " if len(rests) > 1 else ""
            st.markdown(lead + " ".join(said))
        st.caption(words("urge_ship.memory.ranking_note"))


def alarm_settings(board: Board) -> None:
    """From how many urged orders on the alarm is raised, for each shop; and what it looks like."""
    words = session.words()
    with st.expander(words("urge_ship.alarm.settings"), icon=":material/notifications_active:", key="urges.alarm_settings"):
        for alarm in urge_alarm.known(board.shops, board.now):
            label = words("urge_ship.alarm.threshold", shop=escape(alarm.shop))
            st.number_input(
                label, min_value=1, max_value=MOST_THRESHOLD, value=alarm.threshold, key=f"urges.threshold.{alarm.shop}",
                on_change=_set, args=(alarm.shop,), width=320, disabled=not urge_board.may_mark(),
            )  # fmt: skip
        st.caption(words("urge_ship.alarm.settings_note"))
        st.button(words("urge_ship.alarm.try"), on_click=urge_alarm.rehearse, key="urges.alarm.try")


def _set(shop: str) -> None:
    threshold = st.session_state[f"urges.threshold.{shop}"]
    try:
        deeds.set_alarm(session.warehouse(), shop, int(threshold or 0), actor=session.actor(), now=session.now())
    except OperatorError as error:
        st.session_state["urges.refused"] = str(error)


def _as_of(warehouse: object, *, actor: Actor, shops: Sequence[str], at: datetime, queue: int) -> pd.DataFrame:
    """The marks' version stands among the arguments: whether a row was worked is told by them."""
    return deeds.list_as_of(warehouse, actor=actor, shops=shops, at=at)
