"""口径对账: a box for the platform's figure that says which definition gives it; the figure is kept in the address."""

from __future__ import annotations

import streamlit as st

from analytics.domain.vocabulary import ORDER_DIMENSIONS
from analytics.present import reconcile
from analytics.present.labels import escape
from analytics.store import questions
from analytics.ui import address, components, downloads, filters, session
from analytics.ui.choice import Choice

NAME = "figure"
NEAREST = 4
LOOKS = {"exact": st.success, "near": st.info, "far": st.warning}


def box(choice: Choice) -> None:
    """Draw the box; without a figure it asks nothing of the account."""
    words = session.words()
    with st.container(border=True, height="stretch"):
        st.subheader(words("reconcile.heading"), anchor=False)
        st.caption(words("reconcile.lead"))
        text, kind = _asked()
        if not text.strip():
            return
        figure = reconcile.read_figure(text, kind)
        if figure is None:
            st.warning(escape(words("reconcile.unread", text=text)))
            return
        _answer(choice, figure)


def _asked() -> tuple[str, str]:
    words = session.words()
    kinds = {name: words(f"reconcile.kind.{name}") for name in reconcile.KINDS}
    kind = address.select(st.segmented_control, words("reconcile.kind"), "figure_kind", kinds, "rate", required=True)
    if st.session_state.get(NAME) != address.value(NAME):
        st.session_state[NAME] = address.value(NAME)
    text = st.text_input(
        words("reconcile.figure"),
        key=NAME,
        max_chars=30,
        placeholder=words("reconcile.placeholder"),
        help=words("reconcile.figure_help"),
        on_change=_take,
    )
    return text, kind


def _take() -> None:
    address.put(NAME, st.session_state[NAME].strip() or None)


def _answer(choice: Choice, figure: reconcile.Figure) -> None:
    words = session.words()
    of_orders = {name: groups for name, groups in choice.where.items() if name in ORDER_DIMENSIONS}
    days = {name: choice.filters[name] for name in ("first_day", "last_day")}
    found = reconcile.matches(session.ask(questions.definitions, **days, where=of_orders, shops=choice.shops), figure)
    grade, sentence = reconcile.verdict(found, figure, words)
    LOOKS[grade](escape(sentence))
    if grade == "far":
        st.caption(words("reconcile.far_why"))
        covered = {"first": choice.data_first_day, "last": choice.data_last_day}
        st.caption(escape(words("reconcile.covered", **covered, from_day=choice.first_day, to_day=choice.last_day)))
    others = reconcile.lines(reconcile.distinct(found)[1 : NEAREST + 1], figure, words)
    if others:
        st.caption("  \n".join(escape(line) for line in (words("reconcile.others"), *others)))
    if len(of_orders) < len(choice.where):
        st.caption(words("reconcile.where_note"))
    rows, columns = reconcile.table(found, figure, words)
    with st.expander(words("reconcile.all"), key="reconcile.all"):
        settings = {name: components.column_config(column) for name, column in columns.items()}
        st.dataframe(rows, hide_index=True, column_config=settings, alt=words("reconcile.all"), key="reconcile.table")
        described = filters.described(choice, words, session.titles())
        downloads.buttons(lambda: rows, columns, name=words("reconcile.all"), described=described, key="reconcile")
