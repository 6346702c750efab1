"""What the check-up found, and the rows behind the finding that the reader clicked."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from analytics.actions import account
from analytics.present import health
from analytics.present.labels import escape
from analytics.store import questions
from analytics.ui import address, components, navigation, session
from analytics.ui.health_scope import Health

OPENED = "finding"  # in the address: the finding and, after a colon, its detail


def draw(found: Health) -> None:
    """Draw the findings with their meaning and remedy, and the rows of the one that is open."""
    words = session.words()
    table = health.findings_table(found.findings, words)
    if table.empty:
        with st.container(border=True):
            st.subheader(words("health.findings.heading"), anchor=False)
            st.success(words("health.findings.none"), icon=":material/check_circle:")
        return
    components.table(
        table,
        health.finding_columns(words),
        heading=words("health.findings.heading"),
        note=words("health.findings.note"),
        alt=words("health.alt.findings"),
        key="health.findings",
        described=found.described,
        on_pick=_open,
    )
    _rows(found)


def _open(row: dict[str, Any]) -> None:
    address.toggle(OPENED, f"{row['finding']}:{row['detail']}")


def _rows(found: Health) -> None:
    """The open finding's rows: what has no row any more (or comes from a mistyped address) is closed."""
    finding, _, detail = address.value(OPENED).partition(":")
    chosen = found.findings[(found.findings["finding"] == finding) & (found.findings["detail"] == detail)]
    if chosen.empty:
        return
    words, titles = session.words(), session.titles()
    asked = {"finding": finding, "detail": detail, "shops": found.shops}
    first = session.ask(questions.health_rows, most=components.ROWS_SHOWN, **asked)
    ask_all = partial(account.answer, session.warehouse(), questions.health_rows, actor=session.actor(), **asked)
    components.table(
        health.rows_table(first, finding, titles),
        health.row_columns(words, several_shops=len(found.shops) > 1),
        heading=words("health.rows.heading", finding=escape(health.finding_title(finding, detail, words))),
        note=health.rows_note(finding, detail, int(chosen.iloc[0]["item_count"]), len(first), questions.MOST_ROWS, words),
        alt=words("health.alt.rows"),
        key="health.rows",
        described=found.described,
        whole=lambda: health.rows_table(ask_all(), finding, titles),
    )
    with st.container(horizontal=True, gap="small"):
        st.button(words("health.rows.close"), on_click=address.clear, args=(OPENED,), icon=":material/close:", key="health.close")
        place = "costs" if finding == "unknown_component" else "imports"
        navigation.link(place, words(f"health.go.{place}"), icon=":material/arrow_forward:")
