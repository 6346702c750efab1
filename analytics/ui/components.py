"""Building blocks of the pages: figure cards, charts, tables with their downloads, notices, and the states without figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from analytics import settings
from analytics.domain.vocabulary import DIMENSIONS
from analytics.errors import OperatorError
from analytics.present import figures, numbers
from analytics.present.account import Account
from analytics.present.exports import Column
from analytics.present.labels import escape
from analytics.present.tiles import Tile
from analytics.store import questions
from analytics.ui import address, downloads, navigation, opening, session
from analytics.ui.choice import Choice

POLL_SECONDS = 0.3
FRESHNESS_SECONDS = 10.0
NOTABLE_SHARE = 0.01  # of the money refunded; a few old orders are always missing where an export begins
ROWS_SHOWN = 1_000  # a browser stays quick; the download has all
YUAN_COLUMN, RATE_COLUMN, POINTS_COLUMN, COUNT_COLUMN = "accounting", "%.1f%%", "%+.1f", "localized"


def preparing(current: opening.Opening) -> None:
    """Say that the ledger is being opened, or why it could not be; the page moves on by itself."""
    words = session.words()
    if current.has_failed:
        st.error(
            current.problem or words("error.code", code=current.code),
            title=words(f"error.{current.failed_at}"),
            icon=":material/error:",
        )
        st.button(words("error.retry"), on_click=opening.forget, args=(settings.home(),), type=session.emphasis())
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
    """Say that the shop looked at is generated, and offer the way to one's own figures."""
    words = session.words()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(words("sample.watermark"), icon=":material/science:", color="orange")
        st.caption(words("sample.note"), width="content")
        if st.button(words("sample.import"), type=session.emphasis(), icon=":material/upload_file:", key="sample.import"):
            navigation.go("imports")


def nothing_yet(what: str, **values: object) -> None:
    """Say what is missing and what mends it, with the button that does, and stop the page."""
    words = session.words()
    if any(address.values(dimension) for dimension in DIMENSIONS):
        st.title(words("empty.filtered"), anchor=False)
        st.info(words("empty.filtered_remedy"), icon=":material/filter_alt_off:")
        st.button(words("empty.unfilter"), on_click=address.clear, args=tuple(DIMENSIONS), key="empty.unfilter")
        st.stop()
    st.title(words(f"empty.{what}", **values), anchor=False)
    st.info(words(f"empty.{what}_remedy", **values), icon=":material/inbox:")
    if st.button(words("sample.import"), type=session.emphasis(), icon=":material/upload_file:", key=f"empty.{what}"):
        navigation.go("imports")
    st.stop()


def problem(error: OperatorError) -> None:
    """Show what is wrong in the error's own sentence: where, what was found, what was expected, what to do."""
    st.error(escape(str(error)), icon=":material/error:")


def fault(code: str) -> None:
    """Say that something went wrong which is none of the reader's, under the code that the log tells more about."""
    words = session.words()
    st.error(words("error.code", code=code), title=words("error.fault"), icon=":material/error:")


@st.fragment(run_every=FRESHNESS_SECONDS)
def freshness() -> None:
    """Say when new data has come in since the page was drawn, and offer to draw it anew.

    The sample shop's further files change no figure, so nobody is told of them.
    """
    drawn, current = st.session_state.get("version"), session.warehouse().version()
    if drawn is not None and drawn != current and not opening.of(settings.home()).is_completing:
        words = session.words()
        st.info(words("stale.note"), icon=":material/update:")
        if st.button(words("stale.refresh"), key="stale.refresh"):
            st.rerun()


def standing(account: Account, choice: Choice) -> None:
    """Say until when the data goes, what share of the loss is assumed, and what is not known."""
    words = session.words()
    facts = [words("chip.data_until", day=choice.data_last_day.isoformat())]
    if account.assumed_share is not None:
        facts.append(words("chip.assumed", share=numbers.rate(account.assumed_share)))
    st.caption(" · ".join([*facts, *_compared_days(choice)]))
    if account.unknown_refunds:
        st.caption(words("overview.unknown", refunds=numbers.count(account.unknown_refunds)))
    _strays(account, choice)


def _strays(account: Account, choice: Choice) -> None:
    """Warn when refunds whose orders are not loaded carry weight: what they cost is counted, and not what they were sold for."""
    found = session.ask(questions.unmatched, **choice.filters).iloc[0]
    share = numbers.ratio(found["sales_fen"], account.parts_fen["sales"])
    if share is None or share < NOTABLE_SHARE:
        return
    words = session.words()
    told = {"refunds": numbers.count(found["refunds"]), "amount": numbers.money(found["sales_fen"], words.language)}
    st.warning(words("overview.unmatched", **told), icon=":material/warning:")
    navigation.link("imports", words("sample.import"), icon=":material/upload_file:")


def tile_row(tiles: Sequence[Tile], choice: Choice, notes: Mapping[str, str] | None = None) -> None:
    """Draw figures side by side, two in a row on a phone; a rising loss takes the warning colour.

    `notes` stand below the figures of these keys: what they will be in the end.
    """
    with st.grid(4, min_column_width=150, gap="small"):
        for tile in tiles:
            _tile(tile, choice, (notes or {}).get(tile.key))


def _tile(tile: Tile, choice: Choice, note: str | None) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(
            tile.label,
            tile.value,
            # Streamlit reads the direction from a text's sign, and no change only from the number 0.
            tile.change if tile.direction else tile.direction,
            delta_color="inverse",
            delta_description=compared(choice) if tile.direction is not None else None,
            help=tile.explanation,
            chart_data=list(tile.course) if len(tile.course) > 1 else None,
            chart_type="area",
        )
        if note:
            st.caption(note)


def compared(choice: Choice) -> str | None:
    """Say in short what the period is compared with; by payment date that is the other one at the same age."""
    if choice.previous_days is None:
        return None
    return session.words()(f"compared.{choice.compare}_{choice.clock}")


def _compared_days(choice: Choice) -> list[str]:
    if choice.previous_days is None:
        return []
    first_day, last_day = choice.previous_days
    kind = "same_age" if choice.clock == "paid" else "days"
    return [session.words()(f"compare.{kind}", first=f"{first_day:%m-%d}", last=f"{last_day:%m-%d}")]


def chart(
    figure: Any,
    *,
    heading: str,
    note: str,
    alt: str,
    key: str,
    picks: str | Callable[[str], None] | None = None,
    is_card: bool = True,
) -> None:
    """Draw a card: the question as its heading, the figure with its PNG button, and what one needs to read it.

    `picks` names the dimension that a click on a bar filters by (its first customdata is the group; the second click clears),
    or is called with that customdata. A chart that is no card of its own stands in one with other things.
    """
    options = {"config": figures.config(heading), "alt": alt}
    if picks is not None:
        take = partial(address.toggle, picks) if isinstance(picks, str) else picks
        widget = _fresh(key)
        options |= {"on_select": partial(_picked, key, widget, take), "selection_mode": "points"}
    with st.container(border=is_card, height="stretch" if is_card else "content"):
        st.subheader(heading, anchor=False)
        st.plotly_chart(figure, key=widget if picks is not None else key, **options)
        st.caption(note)


def table(
    frame: pd.DataFrame,
    columns: Mapping[str, Column],
    *,
    heading: str,
    note: str,
    alt: str,
    key: str,
    described: Mapping[str, str],
    on_pick: Callable[[dict[str, Any]], None] | None = None,
    whole: Callable[[], pd.DataFrame] | None = None,
) -> None:
    """Draw a card with a table and its downloads: CSV, and XLSX with a sheet that names the filters (`described`).

    Amounts are whole fen in `frame` and yuan on the screen. A click on a row calls `on_pick` with it. `whole` gives the rows
    of the downloads where the table shows only the first of them.
    """
    shown = frame.head(ROWS_SHOWN)
    options: dict[str, Any] = {}
    if on_pick is not None:
        key_shown = _fresh(key)
        options = {"on_select": partial(_row_picked, key, key_shown, shown, on_pick), "selection_mode": "single-row"}
    with st.container(border=True):
        st.subheader(heading, anchor=False)
        st.dataframe(
            on_screen(shown, columns),
            hide_index=True,
            column_config={name: column_config(column) for name, column in columns.items()},
            placeholder=numbers.NOTHING,
            alt=alt,
            key=key_shown if on_pick is not None else key,
            **options,
        )
        if len(frame) > ROWS_SHOWN:
            st.caption(session.words()("table.more", shown=numbers.count(ROWS_SHOWN), rows=numbers.count(len(frame))))
        st.caption(note)
        downloads.buttons(whole or (lambda: frame), columns, name=heading, described=described, key=key)


def on_screen(frame: pd.DataFrame, columns: Mapping[str, Column]) -> pd.DataFrame:
    """Return the columns of a table as the browser shows them: fen as yuan, rates as percent, missing as missing."""
    shown = frame[list(columns)].copy()
    for name, column in columns.items():
        if column.kind == "money_fen":
            shown[name] = shown[name].astype("Float64") / numbers.FEN_PER_YUAN
        elif column.kind == "rate":
            shown[name] = shown[name].astype("Float64") * 100
    return shown


def column_config(column: Column) -> Any:
    """Return how Streamlit shows a column: amounts and rates to the right and sortable, ids as text."""
    if column.kind in ("text", "id"):
        return st.column_config.TextColumn(column.title)
    if column.kind in ("date", "time"):
        kind = st.column_config.DateColumn if column.kind == "date" else st.column_config.DatetimeColumn
        return kind(column.title, format="YYYY-MM-DD" if column.kind == "date" else "YYYY-MM-DD HH:mm")
    formats = {"money_fen": YUAN_COLUMN, "rate": RATE_COLUMN, "points": POINTS_COLUMN, "count": COUNT_COLUMN}
    return st.column_config.NumberColumn(column.title, format=formats.get(column.kind))


def statement(
    table: pd.DataFrame, *, heading: str, note: str, alt: str, key: str, described: Mapping[str, str] | None = None
) -> None:
    """Draw a statement: the first column stays in place, amounts stand to the right."""
    columns = {name: st.column_config.TextColumn(alignment="right") for name in table.columns[1:-1]}
    columns[table.columns[0]] = st.column_config.TextColumn(pinned=True)
    with st.container(border=True):
        st.subheader(heading, anchor=False)
        st.dataframe(table, hide_index=True, column_config=columns, alt=alt, key=key)
        st.caption(note)
        downloads.of_text(table, name=heading, described=described or {}, key=key)


def _fresh(key: str) -> str:
    """A widget key that is new after every click: what was clicked is forgotten, so that a second click on it is one too."""
    return f"{key}#{st.session_state.setdefault(f'{key}.clicks', 0)}"


def _picked(key: str, widget: str, take: Callable[[str], None]) -> None:
    points = st.session_state[widget]["selection"]["points"]
    data = next((point["customdata"] for point in points if point.get("customdata")), None)
    if data is not None:
        st.session_state[f"{key}.clicks"] += 1
        take(str(data[0] if isinstance(data, list) else data))


def _row_picked(key: str, widget: str, shown: pd.DataFrame, take: Callable[[dict[str, Any]], None]) -> None:
    rows = st.session_state[widget]["selection"]["rows"]
    if rows and rows[0] < len(shown):
        st.session_state[f"{key}.clicks"] += 1
        take(shown.iloc[rows[0]].to_dict())
