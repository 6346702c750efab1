"""Saved views in the sidebar: a name for what is looked at now, and the way back to it with one click."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

import streamlit as st

from analytics.actions import views
from analytics.errors import OperatorError
from analytics.present.labels import escape
from analytics.ui import address, navigation, session


def choose(page: str) -> None:
    """Draw the saved views, and the way to save the present one."""
    words = session.words()
    more = st.popover(words("views.label"), icon=":material/bookmark:", on_change="rerun", key="views", width="stretch")
    if not more.open:
        return
    with more:
        saved = views.list_views(session.warehouse(), actor=session.actor())
        for name, of_page, query in saved:
            _saved(name, of_page, query)
        if not saved:
            st.caption(words("views.none"))
        with st.form("views.new", border=False, clear_on_submit=True):
            name = st.text_input(words("views.name"), placeholder=words("views.example"), max_chars=20)
            if st.form_submit_button(words("views.save"), icon=":material/bookmark_add:"):
                _save(name, page)


def _saved(name: str, page: str, query: str) -> None:
    if page not in navigation.ICONS:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.page_link(navigation.page(page), label=escape(name), query_params=parse_qs(query), width="stretch")
        forget = {"icon": ":material/close:", "type": "tertiary", "help": session.words()("views.forget"), "key": f"views.{name}"}
        st.button("", on_click=views.forget_view, args=(session.warehouse(), name), kwargs={"actor": session.actor()}, **forget)


def _save(name: str, page: str) -> None:
    query = urlencode(address.link() | address.own(), doseq=True)
    try:
        views.save_view(session.warehouse(), name, page=page, query=query, actor=session.actor(), now=session.now())
    except OperatorError as error:
        st.error(escape(str(error)))
        return
    st.rerun()
