"""A card a tool: how it is used, what it saved and cost, how sure that is and why, the rescue trap, and the way to its orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from analytics.domain.vocabulary import TOOLS
from analytics.present import figures, retention
from analytics.present.figures import retention as drawn
from analytics.present.labels import escape
from analytics.store import questions
from analytics.ui import downloads, navigation, session
from analytics.ui.retention_scope import View

GRADE_COLOURS = {"A": "green", "B": "green", "C": "orange", "D": "gray"}


def draw(view: View) -> None:
    """Draw every tool's card, what can be told first."""
    for row in retention.ordered(view.rows):
        _card(row, view)


def _card(row: Mapping[str, Any], view: View) -> None:
    words, tool = session.words(), row["tool"]
    told = view.effects.get(tool)
    with st.container(border=True):
        left, right = st.columns([3, 5], gap="medium")
        with left:
            st.subheader(words.term(TOOLS[tool]), anchor=False)
            st.caption(words(f"retention.how.{tool}"))
            if told is not None:  # else not worked out yet
                _judgement(row, told)
        with right:
            if row["touched"]:
                _figures(row)
                _trap(row, view)
            if told is not None and retention.standing_of(row) in ("counts", "unused"):
                st.info(retention.advice(row, told, words), icon=":material/upload_file:")
        if row["touched"]:
            _more(row, told, view)


def _judgement(row: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    words = session.words()
    st.badge(retention.grade_text(row, words), color=GRADE_COLOURS[row["grade"]])
    st.markdown(escape(retention.verdict(row, words)))
    for reason in retention.reasons(told, words):
        st.caption(f":material/info: {escape(reason)}")


def _figures(row: Mapping[str, Any]) -> None:
    words = session.words()
    with st.grid(4, min_column_width=120, gap="small"):
        for figure in retention.figures(row, words):
            with st.container(gap=None):
                st.metric(figure.label, figure.value, help=figure.explanation)
                if figure.interval:
                    st.caption(escape(figure.interval))


def _trap(row: Mapping[str, Any], view: View) -> None:
    words = session.words()
    told = retention.trap_text(row, words)
    counts = {"touched": row["touched"], "kept": row["kept"], "lost": row["lost_later"], "open": row["open"]}
    st.plotly_chart(
        drawn.trap(row, words, watermark=view.choice.watermark),
        key=f"retention.trap.{row['tool']}",
        config=figures.config(words.term(TOOLS[row["tool"]])),
        alt=words("retention.trap_alt", told=told, **counts),
    )
    st.markdown(escape(told))
    counted = view.touched.by_tool[row["tool"]]
    st.caption(escape(retention.money_text(counted.kept_fen, counted.lost_fen, counted.lost_by_stage, words)))


def _more(row: Mapping[str, Any], told: Mapping[str, Any] | None, view: View) -> None:
    """The way to the orders, and how the figures were worked out, one click away."""
    words, tool = session.words(), row["tool"]
    with st.container(horizontal=True, vertical_alignment="center"):
        if combinations := _combinations(tool, view):
            navigation.link(
                "losses", words("retention.orders"), icon=":material/arrow_forward:", tool=combinations, period=view.choice.period
            )
    if told is None or row["method"] is None:
        return
    with st.expander(words("retention.methods")):
        st.markdown(escape(retention.method(row, told, words)))
        if sure := retention.how_sure(row, words):
            st.markdown(escape(sure))
        table, name = retention.diagnostics(told, words), words.term(TOOLS[tool])
        if not table.empty:
            st.dataframe(table, hide_index=True, alt=words("retention.methods"), key=f"retention.methods.{tool}")
            downloads.of_text(table, name=name, described={}, key=f"retention.methods.{tool}")


def _combinations(tool: str, view: View) -> list[str]:
    """The groups of the dimension tool, exact combinations, that have this one."""
    found = session.ask(questions.losses_by, dimensions=("tool",), **view.choice.everything | {"where": {}})
    return [group for group in found["tool"] if tool in str(group).split("+")]
