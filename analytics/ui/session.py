"""What a page may ask for: answers of the ledger, who is working, and the words of the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from analytics import settings
from analytics.actions import account, ledger
from analytics.domain.loads import Actor
from analytics.present.labels import Words, language_of
from analytics.ui import opening

ANSWERS_KEPT = 500


def warehouse() -> ledger.Warehouse:
    """Return the process's one ledger, which the frame has waited for before it draws a page."""
    ready = opening.of(settings.home()).warehouse
    assert ready is not None, "a page was drawn before the ledger was open"
    return ready


def ask(question: Callable[..., pd.DataFrame], **filters: Any) -> pd.DataFrame:
    """Ask a named question of the store, as the person who is working; the same question of the same data is asked once."""
    held = warehouse()
    return _answer(question.__name__, str(held.home), held.version(), actor(), filters, _question=question, _warehouse=held)


@st.cache_data(max_entries=ANSWERS_KEPT, show_spinner=False)
def _answer(
    name: str,
    home: str,
    version: int,
    asker: Actor,
    filters: dict[str, Any],
    *,
    _question: Callable[..., pd.DataFrame],
    _warehouse: ledger.Warehouse,
) -> pd.DataFrame:
    """The data's version stands in the key: a new load makes new answers, nothing is ever invalidated."""
    return account.answer(_warehouse, _question, actor=asker, **filters)


def actor() -> Actor:
    """Return who is working. Alone on a desk that is the owner of the desk."""
    return Actor("本机")


def language() -> str:
    """Return the reader's language: what was chosen, else what the browser asks for."""
    return st.session_state.get("lang") or language_of(st.context.locale)


def words() -> Words:
    """Return the catalogue of the reader's language."""
    return Words(language())
