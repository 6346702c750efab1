"""Building blocks of the pages: figure cards, the statement, notices, and the states in which there is nothing to show."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from analytics import settings
from analytics.present import figures, numbers
from analytics.present.account import Account
from analytics.present.tiles import Tile
from analytics.ui import opening, session
from analytics.ui.choice import Choice

POLL_SECONDS = 1.0


def preparing(current: opening.Opening) -> None:
    """Say that the ledger is being opened, or why it could not be; the page moves on by itself."""
    words = session.words()
    if current.has_failed:
        st.error(
            current.problem or words("error.code", code=current.code),
            title=words(f"error.{current.failed_at}"),
            icon=":material/error:",
        )
        st.button(words("error.retry"), on_click=opening.forget, args=(settings.home(),), type="primary")
        return
    st.subheader(words("preparing.title"), anchor=False)
    _progress()


@st.fragment(run_every=POLL_SECONDS)
def _progress() -> None:
    words, current = session.words(), opening.of(settings.home())
    stage = current.stage  # read once: the work goes on beside this
    if stage in opening.ENDS:
        st.rerun()
    st.status(words(f"preparing.{stage}", files=current.file_count, seconds=current.seconds), state="running")
    st.caption(words("preparing.note"))


def sample_notice() -> None:
    """Say that the shop looked at is generated."""
    words = session.words()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(words("sample.watermark"), icon=":material/science:", color="orange")
        st.caption(words("sample.note"))


def nothing_yet(what: str) -> None:
    """Say what is missing and what mends it, and stop the page."""
    words = session.words()
    st.info(words(f"empty.{what}_remedy"), title=words(f"empty.{what}"), icon=":material/inbox:")
    st.stop()


def standing(account: Account, choice: Choice) -> None:
    """Say until when the data goes, what share of the loss is assumed, and what is not known."""
    words = session.words()
    facts = [words("chip.data_until", day=choice.data_last_day.isoformat())]
    if account.assumed_share is not None:
        facts.append(words("chip.assumed", share=numbers.rate(account.assumed_share)))
    st.caption(" · ".join(facts))
    if choice.clock == "paid":
        st.caption(words("overview.immature"))
    if account.unknown_refunds:
        st.caption(words("overview.unknown", refunds=numbers.count(account.unknown_refunds)))


def tile_row(tiles: Sequence[Tile], choice: Choice) -> None:
    """Draw figures side by side, two in a row on a phone; a rising loss takes the warning colour."""
    words = session.words()
    with st.grid(4, min_column_width=150, gap="small"):
        for tile in tiles:
            st.metric(
                tile.label,
                tile.value,
                # Streamlit reads the direction from a text's sign, and no change only from the number 0.
                tile.change if tile.direction else tile.direction,
                delta_color="inverse",
                delta_description=words("compare.previous", days=choice.day_count) if tile.direction is not None else None,
                help=tile.explanation,
                chart_data=list(tile.course) if len(tile.course) > 1 else None,
                chart_type="area",
                border=True,
                height="stretch",
            )


def chart(figure: object, *, heading: str, note: str, alt: str, key: str) -> None:
    """Draw a card: the question as its heading, the figure, and what one needs to read it."""
    with st.container(border=True, height="stretch"):
        st.subheader(heading, anchor=False)
        st.plotly_chart(figure, key=key, config=figures.CONFIG, alt=alt)
        st.caption(note)


def statement(table: pd.DataFrame, *, heading: str, note: str, alt: str, key: str) -> None:
    """Draw a statement: the first column stays in place, amounts stand to the right."""
    columns = {name: st.column_config.TextColumn(alignment="right") for name in table.columns[1:-1]}
    columns[table.columns[0]] = st.column_config.TextColumn(pinned=True)
    with st.container(border=True):
        st.subheader(heading, anchor=False)
        st.dataframe(table, hide_index=True, column_config=columns, alt=alt, key=key)
        st.caption(note)
