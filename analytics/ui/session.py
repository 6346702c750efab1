"""What a page may ask for: answers of the ledger, who is working, what time it is, and the words of the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, TypeVar

import pandas as pd
import streamlit as st

from analytics import settings
from analytics.actions import account, ledger
from analytics.domain.loads import Actor
from analytics.present.labels import Words, language_of
from analytics.present.titles import Titles
from analytics.ui import address, opening

ANSWERS_KEPT = 500
DESK = "本机"  # who works when nobody has said so: the owner of the desk
Answer = TypeVar("Answer")


def warehouse() -> ledger.Warehouse:
    """Return the process's one ledger, which the frame has waited for before it draws a page."""
    ready = opening.of(settings.home()).warehouse
    assert ready is not None, "a page was drawn before the ledger was open"
    return ready


def ask(question: Callable[..., pd.DataFrame], **filters: Any) -> pd.DataFrame:
    """Ask a named question of the store, as the person who is working; the same question of the same data is asked once."""
    return known(account.answer, question, **filters)


def known(action: Callable[..., Answer], *arguments: Any, **options: Any) -> Answer:
    """Call `action(warehouse, *arguments, actor=…, **options)`, which only reads; once for the same data and arguments."""
    held = warehouse()
    named = tuple(_name_of(argument) for argument in (action, *arguments))
    return _answer(named, str(held.home), held.version(), actor(), options, _call=(action, held, arguments))


@st.cache_data(max_entries=ANSWERS_KEPT, show_spinner=False)
def _answer(
    named: tuple[Any, ...],
    home: str,
    version: int,
    asker: Actor,
    options: dict[str, Any],
    *,
    _call: tuple[Callable[..., Any], ledger.Warehouse, tuple[Any, ...]],
) -> Any:
    """The data's version stands in the key: a new load makes new answers, nothing is ever invalidated."""
    action, held, arguments = _call
    return action(held, *arguments, actor=asker, **options)


def _name_of(argument: Any) -> Any:
    return f"{argument.__module__}.{argument.__qualname__}" if callable(argument) else argument


def titles() -> Titles:
    """Return what products, streamers, stages and the other groups are called, in the reader's language."""
    return Titles(words(), known(account.names))


def actor() -> Actor:
    """Return who is working: the name chosen in the sidebar, else the desk. Alone on a desk everybody may do everything."""
    return Actor(st.session_state.get("person") or DESK)


def now() -> datetime:
    """Return the time in Beijing."""
    return ledger.beijing_now()


def language() -> str:
    """Return the reader's language: what the address says, else what the browser asks for."""
    return language_of(address.value("lang") or st.query_params.get("lang") or st.context.locale)


def emphasis() -> Literal["primary", "secondary"]:
    """Return how the button that matters most is drawn: filled on white paper.

    On dark paper no colour is readable both as a chosen option's text and under a button's white letters.
    """
    return "secondary" if st.context.theme.type == "dark" else "primary"


def words() -> Words:
    """Return the catalogue of the reader's language."""
    return Words(language())
