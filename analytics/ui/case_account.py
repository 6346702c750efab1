"""One case's own account in a drawer: five parts, each with how it was worked out and where that stands; kept in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from analytics.present import case_account, case_inputs, numbers
from analytics.present.case_account import CaseAccount, Part, Step
from analytics.present.labels import escape
from analytics.store import questions
from analytics.ui import address, downloads, navigation, session

NAME = "case"
COLOURS = {"actual": "green", "set": "blue", "assumed": "orange", "unknown": "gray"}


def open_case(row: Mapping[str, Any]) -> None:
    """Open the account of the case of a row; for callbacks. The shop goes along: two shops may use the same number."""
    address.put(NAME, [str(row["case_id"]), str(row["shop"])])


def show(shops: Sequence[str]) -> None:
    """Draw the account that the address asks for, if it does."""
    asked = address.values(NAME)
    if not asked:
        return
    words = session.words()
    case_id, *of_shop = asked
    wanted = tuple(shop for shop in of_shop if shop in shops) or tuple(shops)
    rows = session.ask(questions.case_account, case_ids=(case_id,), shops=wanted)
    if rows.empty:
        st.warning(words("case.missing", case=escape(case_id)), icon=":material/search_off:")
        return
    shop = str(rows.iloc[0]["shop"])
    own = rows[rows["shop"] == shop].to_dict("records")
    sources = session.ask(questions.case_sources, case_ids=(case_id,), shops=(shop,))
    found = case_account.account_of_case(own, sources.to_dict("records"), words, session.titles())
    total = numbers.money_exact(found.total_fen)
    title = words("case.open_title", total=total) if found.is_open else words("case.title", total=total)
    inputs = case_inputs.one_order_inputs(own)
    st.dialog(escape(title), width="large", position="right", on_dismiss=_close)(_draw)(case_id, found, inputs)


def _close() -> None:
    address.clear(NAME)


def _draw(case_id: str, found: CaseAccount, inputs: Mapping[str, str]) -> None:
    words = session.words()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(escape(words("chip.group", dimension=words("losses.column.case"), group=case_id)), width="content")
        if inputs and st.button(words("case.one_order"), icon=":material/calculate:", type="tertiary", key="case.one_order"):
            navigation.go("what_if", **inputs)
    for part in found.parts:
        _part(part)
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute"):
        st.markdown(f"**{words('case.total')}**", width="content")
        st.markdown(f"**{escape(numbers.money_exact(found.total_fen))}**", width="content")
    st.subheader(words("case.facts"), anchor=False)
    facts = pd.DataFrame(found.facts, columns=["fact", "value"])
    st.dataframe(
        facts,
        hide_index=True,
        column_config={
            "fact": st.column_config.TextColumn(words("case.fact_name"), width="small"),
            "value": st.column_config.TextColumn(words("case.fact_value")),
        },
        height="content",
        alt=words("case.facts"),
        key="case.facts",
    )
    steps, columns = case_account.steps_table(found, words)
    name = words("chip.group", dimension=words("losses.column.case"), group=case_id)
    downloads.buttons(lambda: steps, columns, name=name, described=dict(found.facts), key="case")


def _part(part: Part) -> None:
    words = session.words()
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.markdown(f"**{case_account.component_title(part, words)}**", width="content")
            unknown = f" · {words('case.unknown')}" if part.is_partly_unknown and part.amount_fen is not None else ""
            st.markdown(f"**{escape(numbers.money_exact(part.amount_fen))}**{unknown}", width="content")
        if not part.steps:
            st.caption(part.nothing)
        for step in part.steps:
            _step(step)


def _step(step: Step) -> None:
    words = session.words()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
            st.badge(words(f"case.source.{step.source}"), color=COLOURS[step.source])
            st.markdown(escape(step.label), width="content")
        st.markdown(escape(numbers.money_exact(step.amount_fen)), width="content")
    st.caption("  \n".join(escape(line) for line in (step.how, *step.places)))
