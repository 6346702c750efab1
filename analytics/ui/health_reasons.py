"""Which tool could have helped with a refund's reason: the list, saying otherwise, and taking that back."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from analytics.actions import tools as deeds
from analytics.errors import OperatorError
from analytics.present import health_reasons as told
from analytics.ui import components, said, session
from analytics.ui.health_scope import Health

PLACE = "health.reasons"  # where it is told what came of a click


def draw(found: Health) -> None:
    """Draw the reasons with their tools, and the form that changes one."""
    words = session.words()
    reasons = session.known(deeds.list_reasons, shops_shown=found.shops)
    if reasons.empty:
        return
    said.tell(PLACE)
    components.table(
        told.rows(reasons, words),
        told.columns(words),
        heading=words("health.reasons.heading"),
        note=words("health.reasons.note"),
        alt=words("health.reasons.heading"),
        key="health.reasons",
        described=found.described,
    )
    _form(reasons)


def _form(reasons: pd.DataFrame) -> None:
    words = session.words()
    named = {tool: told.tool_name(tool, words) for tool in deeds.REASON_TOOLS}
    with st.container(border=True), st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        options: dict[str, Any] = {"key": f"health.reason.{words.language}", "width": 320}
        reason = st.selectbox(words("health.reasons.choose"), reasons["reason"].to_list(), **options)
        row = reasons[reasons["reason"] == reason].iloc[0]
        options = {"key": f"health.reason_tool.{reason}.{words.language}", "width": 220}
        tool = st.selectbox(words("health.reasons.tool"), list(named), list(named).index(row["tool"]), named.get, **options)
        is_new = tool != row["tool"]
        st.button(words("health.words.save"), on_click=_save, args=(reason, tool), disabled=not is_new, key="health.reasons.save")
        if isinstance(row["own_tool"], str):
            st.button(
                words("health.own.forget"),
                on_click=_save,
                args=(reason, None),
                icon=":material/undo:",
                key="health.reasons.forget",
            )


def _save(reason: str, tool: str | None) -> None:
    words = session.words()
    try:
        deeds.map_reason(session.warehouse(), reason, tool, actor=session.actor(), now=session.now())
    except OperatorError as error:
        said.refused(PLACE, error)
        return
    said.done(PLACE, words("health.reasons.saved", reason=reason))
