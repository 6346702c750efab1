"""Getting a newer list in without leaving the page: how to export it, and a drop zone that takes order lists for urge lists."""

from __future__ import annotations

import streamlit as st

from analytics.ui import address, import_drop, import_session, session

LIST = "urge_ship"
STEPS = ("switch_on", "filter", "drop")


def zone() -> None:
    """Draw the way to bring a newer list in; the zone itself only while it is open or something was dropped."""
    if not import_session.may_import():
        return
    words = session.words()
    more = st.expander(words("urge_ship.drop"), icon=":material/upload_file:", on_change="rerun", key="urges.drop")
    # Asking for the drop gives it a name in the address, which only those should carry who dropped something.
    has_dropped = bool(st.session_state.get("imports.drop") or address.value("drop"))
    if not (more.open or (has_dropped and import_session.jobs())):
        return
    with more:
        st.caption(words("urge_ship.drop_note"))
        import_drop.zone(list_kind=LIST)
        import_drop.watched()


def guide() -> None:
    """Say where the list of urged orders comes from."""
    words = session.words()
    with st.container(border=True, gap="small", key="urges.guide"):
        st.markdown(f"**{words('urge_ship.guide')}**")
        for number, step in enumerate(STEPS, start=1):
            st.markdown(f"{number}. {words(f'urge_ship.guide.{step}')}")
