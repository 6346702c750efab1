"""The pages there are, in the order of the menu, and the way to one of them with the filters kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from analytics.present import numbers
from analytics.ui import address, session

# Absolute paths: beside the frame there is no pages folder that Streamlit could serve without it.
FOLDER = Path(__file__).resolve().parents[2] / "pages"
HOME = "overview"
GROUPS = {
    "account": ("overview", "losses"),
    "decide": ("retention", "urge_ship", "what_if"),
    "data": ("imports", "costs", "health"),
}
ICONS = {
    "overview": "account_balance_wallet",
    "losses": "stacked_bar_chart",
    "retention": "handshake",
    "urge_ship": "local_shipping",
    "what_if": "calculate",
    "imports": "upload_file",
    "costs": "payments",
    "health": "monitor_heart",
}


def page(name: str, count: int = 0) -> st.Page:
    """Return a page of the menu by the name of its file; a count of what waits there stands beside its title."""
    words = session.words()
    title = words(f"{name}.name")
    return st.Page(
        FOLDER / f"{name}.py",
        title=f"{title} {numbers.count(count)}" if count else title,
        icon=f":material/{ICONS[name]}:",
        help=words(f"{name}.help"),
        url_path="home" if name == HOME else name,
        default=name == HOME,
    )


def menu(counts: Mapping[str, int]) -> st.Page:
    """Draw the menu and return the page that was asked for; the first page also answers to its own name.

    `counts` says how much waits on a page.
    """
    words = session.words()
    groups = {words(f"menu.{group}"): [page(name, counts.get(name, 0)) for name in names] for group, names in GROUPS.items()}
    by_name = st.Page(FOLDER / f"{HOME}.py", title=words("overview.name"), url_path=HOME, visibility="hidden")
    return st.navigation({**groups, "": [by_name]})


def name_of(shown: st.Page) -> str:
    """Return the name of a page: that of its file."""
    return shown.url_path or HOME  # the first page's path is the empty one


def link(name: str, label: str, *, icon: str | None = None, **changes: str | Sequence[str] | None) -> None:
    """Draw a link to a page of ours that takes the filters along, some of them changed."""
    st.page_link(page(name), label=label, icon=icon, query_params=address.link(**changes))


def go(name: str, **changes: str | Sequence[str] | None) -> None:
    """Go to a page of ours at once, filters taken along; not from a callback."""
    st.switch_page(page(name), query_params=address.link(**changes))
