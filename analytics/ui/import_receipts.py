"""Receipts: what a file came to, its remarks and problems, the rows set aside as a download, the way back, and the history."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import streamlit as st

from analytics.actions import exports, imports
from analytics.domain.loads import Receipt
from analytics.errors import OperatorError
from analytics.present import import_report, numbers
from analytics.present.exports import Sheet, csv_bytes, filters_sheet, sheet_of_frame, xlsx_bytes
from analytics.present.labels import escape
from analytics.ui import address, components, downloads, import_session, navigation, session

PROBLEMS_SHOWN = 50  # the others are in the download
STATES = ("all", "held", "undone")
EVERY_SHOP = "*"
LONGEST_NUMBER = 18  # digits of a load's number that the ledger can look up
GAP = " \u2002·\u2002 "


def facts(receipt: Receipt, *more: str) -> None:
    """Say what a file is, whose it is and which days it covers."""
    words = session.words()
    told = [import_report.kind_of(receipt, words), words("imports.of_shop", shop=escape(receipt.shop))]
    st.caption(" · ".join([*told, import_report.period_of(receipt, words), *more]))


def numbers_of(receipt: Receipt) -> None:
    """Say what a file does to the ledger, in rows and in money."""
    words = session.words()
    money = import_report.money_of(receipt, words)
    st.markdown(GAP.join([*import_report.counts_of(receipt, words), *([money] if money else [])]))


def remarks(receipt: Receipt, *, key: str) -> None:
    """Name what is surprising in a file, and open its problems."""
    words = session.words()
    shown = receipt.surprises[: import_report.MOST_SURPRISES]
    if shown:
        st.markdown("\n".join(f"- :orange[{escape(text)}]" for text in shown))
    if len(receipt.surprises) > len(shown):
        st.caption(words("imports.surprises_more", more=len(receipt.surprises) - len(shown)))
    if receipt.rejected or receipt.problems:
        rows, found = numbers.count(receipt.rejected), numbers.count(len(receipt.problems))
        with st.expander(words("imports.problems", rows=rows, problems=found), icon=":material/report:"):
            _problems(receipt, key=key)


def outcome(receipt: Receipt, *, key: str) -> None:
    """Draw what storing a file came to: the two sums, who signed it, its problems and the rows set aside."""
    words = session.words()
    if receipt.already_loaded_at is not None:
        facts(receipt)
        st.caption(words("imports.already_short", at=f"{receipt.already_loaded_at:%Y-%m-%d %H:%M}", load_id=receipt.load_id))
        return
    when = f"{receipt.loaded_at:%Y-%m-%d %H:%M}" if receipt.loaded_at else numbers.NOTHING
    who = escape(receipt.loaded_by or numbers.NOTHING)
    facts(receipt, words("imports.signed", load_id=receipt.load_id, at=when, who=who))
    told = [f":green[:material/check:] {line}" for line in import_report.balance_of(receipt, words)]
    st.markdown(GAP.join(told))
    remarks(receipt, key=key)


def is_undone(receipt: Receipt) -> bool:
    """Whether a load was taken back since its receipt was written."""
    return import_session.undone_at(receipt) is not None


def onward() -> None:
    """Link to where the figures are now."""
    words = session.words()
    for page, icon in (("overview", "account_balance_wallet"), ("losses", "stacked_bar_chart")):
        if (navigation.FOLDER / f"{page}.py").exists():
            navigation.link(page, words(f"imports.onward_{page}"), icon=f":material/{icon}:")


def history() -> None:
    """Draw every receipt there is, newest first; a click opens one above them."""
    words, receipts = session.words(), import_session.receipts()
    _opened()
    if not receipts:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        shops = {EVERY_SHOP: words("shop.all"), **{receipt.shop: receipt.shop for receipt in receipts}}
        shop = address.select(st.selectbox, words("shop.label"), "of_shop", shops, EVERY_SHOP, width=200)
        states = {state: words(f"imports.filter.{state}") for state in STATES}
        state = address.select(st.selectbox, words("imports.column.state"), "of_state", states, "all", width=160)
    shown = [
        receipt
        for receipt in receipts
        if shop in (EVERY_SHOP, receipt.shop) and state in ("all", "held" if receipt.undone_at is None else "undone")
    ]
    frame, columns = import_report.history_table(shown, words)
    components.table(
        frame,
        columns,
        heading=words("imports.history"),
        note=words("imports.history_note", loads=numbers.count(len(shown))),
        alt=words("imports.history_alt", loads=numbers.count(len(shown))),
        key="imports.history",
        described={words("shop.label"): shops[shop], words("imports.column.state"): states[state]},
        on_pick=_open,
    )


def _opened() -> None:
    """Draw the receipt that the address names."""
    words, wanted = session.words(), address.value("receipt")
    if not wanted:
        return
    number = int(wanted) if wanted.isdecimal() and len(wanted) < LONGEST_NUMBER else 0
    found = session.known(imports.find_receipt, number)
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            title = words("imports.receipt", file=escape(found.file)) if found else words("imports.receipt_missing")
            st.subheader(title, anchor=False, width="stretch")
            if found is not None:
                undo(found, key=f"receipt.{found.load_id}")
            close = {"icon": ":material/close:", "type": "tertiary", "key": "imports.receipt.close"}
            st.button(words("imports.close"), on_click=address.clear, args=("receipt",), **close)
        if found is not None:
            outcome(found, key=f"receipt.{found.load_id}")


def _open(row: dict[str, Any]) -> None:
    address.put("receipt", str(row["load_id"]))


def _problems(receipt: Receipt, *, key: str) -> None:
    words = session.words()
    frame, columns = import_report.problem_table(receipt.problems, words)
    shown = components.on_screen(frame.head(PROBLEMS_SHOWN), columns)
    config = {name: components.column_config(column) for name, column in columns.items()}
    alt = words("imports.problems_alt", problems=numbers.count(len(frame)))
    st.dataframe(shown, hide_index=True, column_config=config, alt=alt, key=f"imports.problems.{key}")
    if len(frame) > PROBLEMS_SHOWN:
        st.caption(words("table.more", shown=PROBLEMS_SHOWN, rows=numbers.count(len(frame))))
    if receipt.rejected:
        st.caption(words("imports.problems_note", rows=numbers.count(receipt.rejected)))
    if receipt.rejected and receipt.load_id is not None:
        _rejected(receipt, key=key)
        return  # the rows carry their reasons
    name = words("imports.problems_of", file=plain_name_of(receipt))
    downloads.buttons(lambda: frame, columns, name=name, described=_described(receipt), key=f"imports.problems.{key}")


def _rejected(receipt: Receipt, *, key: str) -> None:
    """Offer the rows set aside, each with its reason and without anything personal; a press of the button asks for them."""
    words, warehouse, actor, now = session.words(), session.warehouse(), session.actor(), session.now()
    name, described = words("imports.rejected_of", file=plain_name_of(receipt)), _described(receipt)

    def table() -> Sheet:
        exports.record_export(warehouse, name, actor=actor, now=now)
        rows = imports.rejected_rows(warehouse, receipt.load_id, actor=actor)
        found = [(one.sheet, one.row, one.cells) for one in rows]
        return sheet_of_frame(name, *import_report.rejected_table(found, receipt.problems, words))

    def workbook() -> bytes:
        return xlsx_bytes([table(), filters_sheet(words("download.filters"), described)], written_at=now)

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(words("imports.rejected", rows=numbers.count(receipt.rejected)), width="content")
        downloads.button("CSV", lambda: csv_bytes(table()), f"{name}.csv", "text/csv", key=f"imports.rejected.{key}.csv")
        downloads.button("XLSX", workbook, f"{name}.xlsx", downloads.XLSX, key=f"imports.rejected.{key}.xlsx")


def plain_name_of(receipt: Receipt) -> str:
    """Return the file's name without its ending: what is downloaded about it gets one of its own."""
    return PurePath(receipt.file).stem


def _described(receipt: Receipt) -> dict[str, str]:
    words = session.words()
    return {
        words("imports.column.file"): receipt.file,
        words("imports.column.what"): import_report.kind_of(receipt, words),
        words("shop.label"): receipt.shop,
        words("imports.column.load_id"): str(receipt.load_id or numbers.NOTHING),
    }


def undo(receipt: Receipt, *, key: str) -> None:
    """Draw the way back, which says first what it takes back."""
    words, undone_at = session.words(), import_session.undone_at(receipt)
    if undone_at is not None:
        told = words("imports.undone_at", at=f"{undone_at:%Y-%m-%d %H:%M}")
        st.badge(told, icon=":material/undo:", color="gray")
        return
    if not import_session.may_import():
        return
    with st.popover(words("imports.undo"), icon=":material/undo:", type="tertiary", key=f"imports.undo.{key}"):
        taken = {"new": numbers.count(receipt.new), "updated": numbers.count(receipt.updated)}
        st.markdown(words("imports.undo_asks", file=escape(receipt.file), shop=escape(receipt.shop), **taken))
        st.caption(words("imports.undo_note"))
        button = {"type": session.emphasis(), "key": f"imports.undo.{key}.yes"}
        st.button(words("imports.undo_yes"), on_click=_take_back, args=(receipt.load_id,), **button)


def _take_back(load_id: int) -> None:
    try:
        import_session.desk().undo(import_session.drop(), load_id, actor=session.actor())
    except OperatorError as error:
        st.session_state["imports.refused"] = [str(error)]
