"""What the imagined order comes to: the answer, its account, its endings side by side, and when keeping it pays."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from analytics.domain import one_order
from analytics.domain.one_order import Outcome
from analytics.present import figures
from analytics.present import one_order as told
from analytics.present.figures import one_order as drawn
from analytics.ui import address, components, one_order_inputs, session
from analytics.ui.one_order_inputs import Imagined

DEFAULT_ENDING = "returned"  # the dearest of the common ones


def ending() -> str:
    """Return which ending the address asks for."""
    asked = address.value("ending")
    return asked if asked in one_order.ENDINGS else DEFAULT_ENDING


def answer(order: Imagined, outcomes: Mapping[str, Outcome], told_origin: str) -> None:
    """Draw the answer as the title, what it rests on, the choice of the ending, and the figures."""
    words = session.words()
    st.title(told.title(outcomes, ending(), words), anchor=False)
    st.caption(f"{told_origin} · {told.standing(order.given, order.sources, words)}")
    names = {each: told.label(told.ending_name(each, words)) for each in one_order.ENDINGS}
    address.select(st.pills, words("one_order.what_happened"), "ending", names, DEFAULT_ENDING, required=True)
    with st.grid(4, min_column_width=150, gap="small"):
        for label, value, explanation in told.tiles(outcomes, ending(), words):
            st.metric(label, value, help=explanation, border=True, height="stretch")


def account(outcomes: Mapping[str, Outcome], watermark: str) -> None:
    """Draw the account of the chosen ending: where its money went."""
    words, found = session.words(), outcomes[ending()]
    components.chart(
        drawn.steps(told.steps(found, words), watermark=watermark),
        heading=words("one_order.account", ending=told.label(told.ending_name(ending(), words))),
        note=told.account_note(found, words) + told.cut_note(outcomes, words),
        alt=told.title(outcomes, ending(), words),
        key="one_order.account",
    )


def endings(outcomes: Mapping[str, Outcome], watermark: str) -> None:
    """Draw all endings side by side; a click on one chooses it."""
    words = session.words()
    components.chart(
        drawn.endings(told.endings(outcomes, words), ending(), watermark=watermark),
        heading=words("one_order.endings"),
        note=words("one_order.endings_note"),
        alt=told.endings_alt(outcomes, words),
        key="one_order.endings",
        picks=_choose,
    )


def break_even(order: Imagined, watermark: str) -> None:
    """Draw when talking the buyer out of a refund pays: the offer, the chance it needs before and after shipment, the trap."""
    words = session.words()
    found = {when: one_order.break_even(order.given, is_shipped=when == "after") for when in ("before", "after")}
    rows = [(words(f"one_order.{when}"), told.chance_text(each, words), each) for when, each in found.items()]
    with st.container(border=True):
        st.subheader(words("one_order.rescue"), anchor=False)
        st.markdown(told.trap(found["before"], words))
        one_order_inputs.field(order, "offer")
        alt = words("one_order.rescue_alt", before=rows[0][1], after=rows[1][1])
        config = figures.config(words("one_order.rescue"))
        st.plotly_chart(drawn.break_evens(rows, watermark=watermark), key="one_order.rescue", config=config, alt=alt)
        for when, each in found.items():
            st.markdown(told.explained(each, when == "after", words))


def table(order: Imagined, outcomes: Mapping[str, Outcome]) -> None:
    """Draw the endings as a table with its downloads; the workbook names every input."""
    words = session.words()
    components.table(
        told.frame(outcomes, words),
        told.columns(words),
        heading=words("one_order.table"),
        note=words("one_order.table_note"),
        alt=told.endings_alt(outcomes, words),
        key="one_order.table",
        described=told.described(order.given, order.sources, words),
    )


def _choose(asked: str) -> None:
    address.put("ending", None if asked == DEFAULT_ENDING else asked)
