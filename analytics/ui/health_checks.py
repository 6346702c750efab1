"""The ledger's own rules, checked when the reader asks for it."""

from __future__ import annotations

import streamlit as st

from analytics.present import health, numbers
from analytics.ui import components, session
from analytics.ui.health_scope import CHECKED, Health


def draw(found: Health) -> None:
    """Draw the button that checks the rules, and what came of it."""
    words = session.words()
    with st.container(border=True):
        st.subheader(words("health.checks.heading"), anchor=False)
        st.caption(words("health.checks.note"))
        if found.refusal is not None:
            components.problem(found.refusal)
        elif found.failures is None:
            st.button(words("health.checks.button"), on_click=_check, icon=":material/fact_check:", key="health.check")
        elif not found.failures:
            st.success(words("health.checks.passed"), icon=":material/check_circle:")
        else:
            st.error(words("health.checks.failed", count=numbers.count(len(found.failures))), icon=":material/error:")
    if found.failures:
        components.table(
            health.checks_table(found.failures, words),
            health.check_columns(words),
            heading=words("health.tile.checks"),
            note=words("health.checks.note"),
            alt=words("health.alt.rules"),
            key="health.failures",
            described=found.described,
        )


def _check() -> None:
    st.session_state[CHECKED] = session.warehouse().version()
