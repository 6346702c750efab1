"""「我是…」: who works at this browser; the name stands on receipts and marks."""

from __future__ import annotations

import streamlit as st

from analytics.actions import people
from analytics.errors import OperatorError
from analytics.ui import session


def choose() -> None:
    """Draw the choice of one's name: those who have worked here before, or a new one typed in."""
    words, warehouse = session.words(), session.warehouse()
    names = people.list_people(warehouse, actor=session.actor())
    chosen = st.selectbox(
        words("person.label"),
        names,
        index=_index(names),
        placeholder=words("person.placeholder"),
        accept_new_options=True,
        key="person.chosen",
        help=words("person.help"),
    )
    if not chosen or chosen == st.session_state.get("person"):
        return
    try:
        st.session_state["person"] = people.introduce(warehouse, chosen, actor=session.actor(), now=session.now())
    except OperatorError as error:
        st.caption(f":red[{words('person.refused')}]", help=str(error))


def _index(names: list[str]) -> int | None:
    """Alone on a desk one need not say one's name again: the only one there is stands there already."""
    mine = st.session_state.get("person")
    if mine in names:
        return names.index(mine)
    return 0 if len(names) == 1 else None
