"""Downloads: any table as CSV and as a workbook with a sheet that names the filters, made when the button is pressed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import streamlit as st

from analytics.actions import exports as deeds
from analytics.actions import report as reports
from analytics.actions.account import Filters
from analytics.domain.loads import Actor
from analytics.present.exports import Column, Sheet, csv_bytes, filters_sheet, sheet_of_frame, xlsx_bytes
from analytics.ui import session
from analytics.ui.choice import Choice

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def buttons(
    rows: Callable[[], pd.DataFrame], columns: Mapping[str, Column], *, name: str, described: Mapping[str, str], key: str
) -> None:
    """Draw the two buttons of a table. `rows` is asked only when one of them is pressed, `described` names the filters."""
    of_sheet(lambda: sheet_of_frame(name, rows(), columns), name=name, described=described, key=key)


def of_sheet(sheet: Callable[[], Sheet], *, name: str, described: Mapping[str, str], key: str) -> None:
    """Draw the two buttons of a table that is laid out already; `sheet` is asked only when one of them is pressed."""
    words, written_at = session.words(), session.now()
    record = partial(_record, session.warehouse(), name, session.actor())

    def as_csv() -> bytes:
        record()
        return csv_bytes(sheet())

    def as_xlsx() -> bytes:
        record()
        return xlsx_bytes([sheet(), filters_sheet(words("download.filters"), described)], written_at=written_at)

    with st.container(horizontal=True, gap="small"):
        button("CSV", as_csv, f"{name}.csv", "text/csv", key=f"{key}.csv")
        button("XLSX", as_xlsx, f"{name}.xlsx", XLSX, key=f"{key}.xlsx")


def of_text(table: pd.DataFrame, *, name: str, described: Mapping[str, str], key: str) -> None:
    """Draw the two buttons of a table that is text already, its titles the names of its columns."""
    buttons(lambda: table, {title: Column(title) for title in table.columns}, name=name, described=described, key=key)


def report(choice: Choice) -> None:
    """Draw the button that gives the whole account as a workbook, under the filters of the page."""
    words, warehouse = session.words(), session.warehouse()
    options = {"actor": session.actor(), "language": words.language, "now": session.now()}
    write = partial(reports.report_bytes, warehouse, Filters(**choice.filters), **options)
    name = words("overview.report_file", first=choice.first_day, last=choice.last_day)
    button(words("overview.report"), write, f"{name}.xlsx", XLSX, key="report")


def button(label: str, content: Callable[[], bytes] | bytes, file_name: str, mime: str, *, key: str) -> None:
    """Draw a button that gives a file; pressing it does not draw the page anew."""
    options = {"on_click": "ignore", "type": "tertiary", "icon": ":material/download:"}
    st.download_button(label, content, _as_file_name(file_name), mime, key=key, **options)


def _record(warehouse: object, what: str, actor: Actor) -> None:
    deeds.record_export(warehouse, what, actor=actor, now=session.now())


def _as_file_name(name: str) -> str:
    return "".join("_" if character in '\\/:*?"<>|' else character for character in name)
