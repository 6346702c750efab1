"""What the reader looks at, kept in the address by ids, so that a link shows the same view in any language and any process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from analytics.domain.vocabulary import DIMENSIONS

# Kept from page to page; every other name belongs to the page that wrote it. `where` of a dimension has the dimension's name.
FILTERS = ("period", "from", "to", "shop", "clock", "compare", "complete", *DIMENSIONS)
SHARED = ("lang", *FILTERS)
LONGEST_VALUE = 200
MOST_VALUES = 50
View = dict[str, list[str]]


def enter(page: str) -> None:
    """Bring the address and the session's memory together; the frame calls it before anything is drawn.

    What a callback has just chosen stands. Else an address that is new (a first visit, a link, back and forward) wins; a
    bare one does not: ours names the language at least, so the menu left it, or is a step back to where the menu had left it.
    """
    memory, written = _memory(), st.session_state.get("address.written")
    was_on, st.session_state["address.page"] = st.session_state.get("address.page"), page
    found = {name: _clean(st.query_params.get_all(name)) for name in st.query_params}
    is_chosen = st.session_state.pop("address.is_chosen", False)
    is_bare = was_on is not None and not found
    if not is_chosen and not is_bare and (found != written or was_on != page):
        memory["*"] = {name: values for name, values in found.items() if name in SHARED}
        memory[page] = {name: values for name, values in found.items() if name not in SHARED}
    _write()


def value(name: str, default: str = "") -> str:
    """Return the one value of a name, or the default."""
    return next(iter(values(name)), default)


def values(name: str) -> list[str]:
    """Return all values of a name. They come from outside: whoever asks checks them."""
    return list(_bucket(name).get(name, []))


def put(name: str, wanted: str | Sequence[str] | None) -> None:
    """Remember a value or several (None, empty: none) and write the address; for callbacks, or before a rerun."""
    st.session_state["address.is_chosen"] = True
    settle(name, wanted)


def settle(name: str, wanted: str | Sequence[str] | None) -> None:
    """Remember what follows from the rest without being the reader's choice: a default, an unknown value put right."""
    new = [wanted] if isinstance(wanted, str) else [str(item) for item in wanted or ()]
    if new and new != [""]:
        _bucket(name)[name] = new
    else:
        _bucket(name).pop(name, None)
    _write()


def toggle(name: str, wanted: str) -> None:
    """Filter by one value of a dimension, or, when it is the chosen one already, by none; for callbacks."""
    put(name, None if values(name) == [wanted] else wanted)


def clear(*names: str) -> None:
    """Forget these names; for callbacks."""
    for name in names:
        put(name, None)


def select(
    widget: Callable[..., Any],
    label: str,
    name: str,
    options: Mapping[str, str],
    default: str | None = None,
    **settings: Any,
) -> str:
    """Draw a widget that chooses one of `options` (id → title) and return the id; the default is not written in the address.

    Streamlit's own binding writes the option's title, which is another one in each language: a link sent to a colleague
    would silently lose its filters.
    """
    chosen = value(name)
    if chosen not in options:
        chosen = default if default is not None else next(iter(options))
        settle(name, None)
    st.session_state[name] = chosen  # always: on another page the widget is a new one and has forgotten what it showed
    return widget(label, list(options), key=name, format_func=options.get, on_change=_take, args=(name, default), **settings)


def link(**changes: str | Sequence[str] | None) -> View:
    """Return the shared part of the address with some names changed, as the query of a link to a page."""
    query = dict(_memory().get("*", {}))
    for name, wanted in changes.items():
        query[name] = [wanted] if isinstance(wanted, str) else list(wanted or ())
    return {name: items for name, items in query.items() if items}


def own() -> View:
    """Return what the present page alone keeps in the address."""
    return dict(_memory().get(st.session_state.get("address.page", ""), {}))


def _take(name: str, default: str | None) -> None:
    chosen = st.session_state[name]
    put(name, None if chosen == default else chosen)


def _memory() -> dict[str, View]:
    return st.session_state.setdefault("address.memory", {})


def _bucket(name: str) -> View:
    return _memory().setdefault("*" if name in SHARED else st.session_state.get("address.page", ""), {})


def _write() -> None:
    """Write what is remembered for this page into the address, when it is not there yet: each writing is a step of `back`."""
    page = st.session_state.get("address.page", "")
    wanted = {**_memory().get("*", {}), **_memory().get(page, {})}
    if {name: st.query_params.get_all(name) for name in st.query_params} != wanted:
        st.query_params.from_dict(wanted)
    st.session_state["address.written"] = wanted


def _clean(found: Sequence[str]) -> list[str]:
    return [text[:LONGEST_VALUE] for text in found[:MOST_VALUES]]
