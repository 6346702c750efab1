"""What one browser session has at the import desk: the process's desk, the id of its drop, the shop its files go to."""

from __future__ import annotations

import atexit
import threading
import uuid
from datetime import datetime
from pathlib import Path

import streamlit as st

from analytics.actions import imports
from analytics.actions.import_desk import ImportDesk
from analytics.actions.import_jobs import Job
from analytics.domain.loads import ROLES, Receipt
from analytics.ui import address, session

_desks: dict[Path, ImportDesk] = {}
_lock = threading.Lock()


def desk() -> ImportDesk:
    """Return the one desk of the open ledger in this process; a ledger opened anew gets a new one."""
    held = session.warehouse()
    with _lock:
        known = _desks.get(held.home)
        if known is None or known.warehouse is not held:
            if known is not None:
                known.close()
            _desks[held.home] = known = ImportDesk(held, clock=session.now)
        return known


def forget(home: Path) -> None:
    """Close the desk of a ledger that is closed."""
    with _lock:
        known = _desks.pop(home, None)
    if known is not None:
        known.close()


@atexit.register
def close_all() -> None:
    """Let no desk begin anything new when the program ends; what it stores just then is whole or not there."""
    for home in list(_desks):
        forget(home)


def drop() -> str:
    """Return the id of this session's drop. It stands in the address too, so that a page drawn anew finds its files again."""
    known = address.value("drop")
    if len(known) != 32 or not known.isalnum():
        known = st.session_state.get("imports.drop") or uuid.uuid4().hex
        address.settle("drop", known)
    st.session_state["imports.drop"] = known
    return known


def jobs() -> list[Job]:
    """Return this session's jobs."""
    return desk().jobs(drop(), actor=session.actor())


def receipts() -> list[Receipt]:
    """Return every receipt that the person who works may see, newest first, without its problems."""
    return session.known(imports.list_receipts)


def undone_at(receipt: Receipt) -> datetime | None:
    """Return when a load was taken back, None while it counts."""
    return session.known(imports.undone_times).get(receipt.load_id)


def shops() -> tuple[list[str], str | None]:
    """Return the real shops, and the sample shop's name while it is held. Unlike a question this never waits for the figures."""
    return session.known(imports.known_shops)


def may_import() -> bool:
    """Whether the person who works may bring files in and take them back."""
    return ROLES.index(session.actor().role) >= ROLES.index("operate")
