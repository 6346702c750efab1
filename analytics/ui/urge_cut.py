"""The cut line through the list: how far today's hands reach, and what the rest will cost."""

from __future__ import annotations

import streamlit as st

from analytics.present import urges
from analytics.present.urges import Glance
from analytics.ui import session, urge_marks


def place(seen: Glance) -> int:
    """Return how many of the shown rows stand above the line: as many ranked ones as can go out."""
    places = seen.rows.index[seen.rows["rank"].notna()][: seen.cut]
    return int(places[-1]) + 1 if len(places) else 0


def line(seen: Glance) -> None:
    """Draw the line where today's capacity ends, with what lies on either side, and choose what lies above with one click."""
    words = session.words()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", border=True, key="urges.cut"):
        said = urges.cut_said(seen.cut or 0, seen.below, seen.above_fen, seen.below_fen, words)
        st.markdown(f":material/content_cut: **{said}**", width="stretch")
        above = seen.rows.iloc[: place(seen)]
        st.button(words("urge_ship.pick_above"), on_click=urge_marks.pick, args=(above,), key="urges.pick_above")
