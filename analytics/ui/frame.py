"""The frame around every page: configuration, language, who is working, the menu; it waits until the ledger is open."""

from __future__ import annotations

import logging
import uuid
from pathlib import Path

import streamlit as st

from analytics import settings
from analytics.errors import OperatorError
from analytics.ui import address, components, filters, navigation, opening, person, saved_views, session, urge_alarm

LOGO = Path(__file__).with_name("logo.svg")  # a named icon would be fetched from the internet
BLINK_SECONDS = 0.3  # a ledger that is open by then needs no notice that would only flash up
log = logging.getLogger(__name__)


def main() -> None:
    """Draw the frame and the page that was asked for."""
    words = session.words()
    about = {"Get help": None, "Report a bug": None, "About": words("app.about")}
    st.set_page_config(words("app.name"), LOGO, "wide", menu_items=about)  # first: a page's own icon would be fetched from afar
    st.logo(LOGO)
    page = navigation.menu({"urge_ship": _waiting()})
    st.set_page_config(f"{page.title} · {words('app.name')}")
    address.enter(navigation.name_of(page))
    if session.language() != words.language:
        st.rerun()  # an address from before the language was changed: the menu has to be drawn again
    with st.sidebar:
        filters.language_switch()
    current = opening.of(settings.home())
    current.wait(BLINK_SECONDS)
    if not current.is_ready:
        components.preparing(current)
    else:
        with st.sidebar:
            saved_views.choose(navigation.name_of(page))
            person.choose()
        st.session_state["version"] = session.warehouse().version()
        components.freshness()
        _draw(page)
        urge_alarm.watch()
    st.sidebar.caption(words("app.about"))


def _waiting() -> int:
    """How many urged orders the menu tells of; what goes wrong in counting them must not take every page away."""
    try:
        return urge_alarm.waiting()
    except Exception:
        log.exception("counting the urged orders failed")
        return 0


def _draw(page: st.Page) -> None:
    """Draw a page; what goes wrong in it is told in a sentence, never as a stack of lines."""
    try:
        page.run()
    except OperatorError as error:
        components.problem(error)
    except Exception:
        code = uuid.uuid4().hex[:8]
        log.exception("drawing %s failed, code %s", navigation.name_of(page), code)
        components.fault(code)


main()
