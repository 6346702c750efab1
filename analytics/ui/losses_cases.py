"""The cases behind a figure: opened by a bar or a row, listed with the costliest first, each one opening its own account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from analytics.actions import account
from analytics.domain.vocabulary import CASE_DIMENSIONS, ORDER_DIMENSIONS
from analytics.errors import OperatorError
from analytics.present import losses, numbers
from analytics.present.account import whole
from analytics.store import questions
from analytics.ui import address, case_account, components, filters, session
from analytics.ui.choice import Choice

SHOWN = 1_000
MOST_DOWNLOADED = 50_000  # a workbook of these takes seconds; the filters narrow down what is more
STATES = ("done", "pending")
NAME = "list"


def open_list(state: str, dimension: str, group: str = "") -> None:
    """Open the cases of one group (no dimension: all of the present filters); for callbacks."""
    address.put(NAME, f"{state}:{dimension}:{group}")


def section(choice: Choice) -> None:
    """Draw the button that opens the cases, or the cases that are open."""
    words = session.words()
    opened = _opened()
    if opened is None:
        st.button(
            words("losses.cases_open"), icon=":material/list_alt:", on_click=open_list, args=("done", ""), key="losses.open"
        )
        return
    state, dimension, group = opened
    asked = _asked(choice, state, dimension, group)
    st.button(words("losses.cases_close"), icon=":material/close:", on_click=address.clear, args=(NAME,), key="losses.close")
    try:
        found = session.ask(questions.case_list, row_limit=SHOWN, **asked)
    except OperatorError as error:  # an address may name a stage that there is not
        components.problem(error)
        return
    if found.empty:
        st.info(words("losses.cases_none"))
        return
    _listed(found, choice, _what(state, dimension, group), _everything(asked))


def _listed(found: pd.DataFrame, choice: Choice, what: str, whole_list: Callable[[], pd.DataFrame]) -> None:
    words, titles = session.words(), session.titles()
    count = numbers.count(whole(found.iloc[0]["case_count"]))
    said = {"count": count, "shown": numbers.count(SHOWN), "most": numbers.count(MOST_DOWNLOADED)}
    is_cut = whole(found.iloc[0]["case_count"]) > SHOWN
    described = filters.described(choice, words, titles)
    components.table(
        losses.cases_table(found, words, titles),
        losses.case_columns(words, titles),
        heading=words("losses.cases", what=what),
        note=words("losses.cases_note_more", **said) if is_cut else words("losses.cases_note", count=count),
        alt=words("losses.cases_alt", count=count),
        key="losses.cases",
        described={**described, words("losses.cases_open"): what},
        on_pick=case_account.open_case,
        whole=whole_list,
    )


def _everything(asked: dict[str, Any]) -> Callable[[], pd.DataFrame]:
    """The rows of the download; it is made outside the page's run, so all it needs is taken along."""
    held, actor, words, titles = session.warehouse(), session.actor(), session.words(), session.titles()

    def rows() -> pd.DataFrame:
        found = account.answer(held, questions.case_list, actor=actor, row_limit=MOST_DOWNLOADED, **asked)
        return losses.cases_table(found, words, titles)

    return rows


def _asked(choice: Choice, state: str, dimension: str, group: str) -> dict[str, Any]:
    asked = dict(choice.filters)
    if dimension:
        asked["where"] = {**asked["where"], dimension: (group,)}
    if state == "pending":
        asked |= {"clock": "paid", "is_open": True}
    return asked


def _opened() -> tuple[str, str, str] | None:
    """What the address asks for; anything it should not say asks for nothing."""
    state, _, rest = address.value(NAME).partition(":")
    dimension, _, group = rest.partition(":")
    if state not in STATES or dimension not in ("", *ORDER_DIMENSIONS, *CASE_DIMENSIONS):
        return None
    return state, dimension, group


def _what(state: str, dimension: str, group: str) -> str:
    words, titles = session.words(), session.titles()
    what = words("losses.cases_all")
    if dimension:
        what = words("chip.group", dimension=titles.of_dimension(dimension), group=titles(dimension, group))
    return words("losses.cases_pending", what=what) if state == "pending" else what
