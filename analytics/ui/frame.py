"""The frame around every page: configuration, language, navigation; it waits until the ledger is open."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from analytics import settings
from analytics.ui import components, filters, opening, session

LOGO = Path(__file__).with_name("logo.svg")  # a named icon would be fetched from the internet
PAGES = Path(__file__).resolve().parents[2] / "pages"


def main() -> None:
    """Draw the frame and the page that was asked for."""
    with st.sidebar:
        filters.language_switch()
    words = session.words()
    about = {"Get help": None, "Report a bug": None, "About": words("app.about")}
    st.set_page_config(words("app.name"), LOGO, "wide", menu_items=about)
    st.logo(LOGO)
    # Absolute paths: beside this file there is no pages folder that Streamlit could serve without the frame.
    overview = st.Page(
        PAGES / "overview.py",
        title=words("overview.name"),
        icon=":material/account_balance_wallet:",
        help=words("overview.help"),
        default=True,
    )
    page = st.navigation([overview])
    st.sidebar.caption(words("app.about"))
    current = opening.of(settings.home())
    if current.is_ready:
        page.run()
    else:
        components.preparing(current)


main()
