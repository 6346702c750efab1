"""What came of a click: told once, on the run that follows it."""

from __future__ import annotations

import streamlit as st

from analytics.errors import OperatorError
from analytics.present.labels import escape


def done(place: str, text: str) -> None:
    """Keep the sentence about a deed that was done, for the place on the page that tells it."""
    st.session_state[f"{place}.said"] = ("done", text)


def refused(place: str, error: OperatorError) -> None:
    """Keep why a deed could not be done."""
    st.session_state[f"{place}.said"] = ("error", str(error))


def tell(place: str) -> None:
    """Show what was kept for a place, once."""
    kind, text = st.session_state.pop(f"{place}.said", ("", ""))
    if kind == "error":
        st.error(escape(text), icon=":material/error:")
    elif kind:
        st.success(escape(text), icon=":material/check_circle:")
