"""What leaves the page: the chosen orders, or all that are found, as files for the ERP and as a picking list to print."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from analytics.actions import urge_files
from analytics.actions import urges as deeds
from analytics.present import numbers, urge_out, urges
from analytics.present.urges import Glance, Wanted
from analytics.ui import downloads, session, urge_marks
from analytics.ui.urge_board import Board


def buttons(board: Board, wanted: Wanted, seen: Glance) -> None:
    """Draw the files of the chosen orders; without a choice of all that are found."""
    if not seen.found:
        return
    words, chosen = session.words(), urge_marks.picked()
    described = _described(board, wanted, len(chosen))
    rows = _rows(board, wanted, frozenset(chosen))
    count = numbers.count(len(chosen) or seen.found)
    with st.container(border=True, gap="small", key="urges.out"):
        st.markdown(f"**{words('urge_ship.out_chosen' if chosen else 'urge_ship.out_all', orders=count)}**")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(words("urge_ship.out_erp"), width="content")
            name = urge_files.FILE_NAME.format(board.now)
            downloads.of_sheet(lambda: urge_files.erp_sheet(rows(), name), name=name, described=described, key="urges.erp")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            title = words("urge_ship.pick.title")
            st.caption(title, width="content")
            picks, printed_at = _picks(rows), session.now()
            columns = urge_out.picking_columns(words)
            downloads.buttons(picks, columns, name=title, described=described, key="urges.pick")
            paper = f"{title}.html", "text/html"
            downloads.button(
                words("urge_ship.pick.print"),
                lambda: urge_out.picking_paper(picks(), printed_at, words),
                *paper,
                key="urges.paper",
            )
        st.caption(words("urge_ship.out_note"))


def _rows(board: Board, wanted: Wanted, chosen: frozenset[urge_marks.Key]) -> Callable[[], pd.DataFrame]:
    """The rows of a file; it is made outside the page's run, so all it needs is taken along."""
    held, actor, titles = session.warehouse(), session.actor(), session.titles()

    def rows() -> pd.DataFrame:
        everything = deeds.list_urges(held, actor=actor, shops=board.shops, now=board.now, tab=None)
        if chosen:
            return everything[[key in chosen for key in urge_marks.keys_of(everything)]]
        view = urges.of_view(urges.prepared(everything), wanted.view)
        return urges.ordered(urges.found(view, wanted.text, titles), wanted.by)

    return rows


def _picks(rows: Callable[[], pd.DataFrame]) -> Callable[[], pd.DataFrame]:
    held, actor = session.warehouse(), session.actor()
    return lambda: urge_files.picking_list(held, urge_marks.keys_of(rows()), actor=actor)


def _described(board: Board, wanted: Wanted, chosen: int) -> dict[str, str]:
    """The filters in words, for the sheet of a download that names them."""
    words = session.words()
    told = {
        words("shop.label"): "、".join(board.shops) if words.language == "zh" else ", ".join(board.shops),
        words("urge_ship.views"): words(f"urge_ship.view.{wanted.view}"),
        words("urge_ship.by"): words(f"urge_ship.by.{wanted.by}"),
        words("urge_ship.ranked_for"): f"{board.now:%Y-%m-%d %H:%M}",
    }
    if wanted.text:
        told[words("urge_ship.find")] = wanted.text
    return told | ({words("urge_ship.chosen_label"): numbers.count(chosen)} if chosen else {})
