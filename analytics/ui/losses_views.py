"""The cards of 损失拆解: the parts over time, where they concentrate, the table, and what open cases may still cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from analytics.domain.vocabulary import CASE_DIMENSIONS, ORDER_DIMENSIONS
from analytics.present import losses, numbers
from analytics.present.account import Account, whole
from analytics.present.figures import parts
from analytics.store import questions
from analytics.ui import address, components, filters, losses_cases, maturity_facts, session
from analytics.ui.choice import Choice

DIMENSIONS = (
    *("product", "streamer", "reason", "stage"),
    *(name for name in (*ORDER_DIMENSIONS, *CASE_DIMENSIONS) if name not in ("product", "streamer", "reason", "stage")),
)


def dimension() -> str:
    """Return the dimension that the address asks for; the switch itself is drawn further down."""
    asked = address.value("by")
    return asked if asked in DIMENSIONS else DIMENSIONS[0]


def grain(choice: Choice) -> str:
    """Return the unit of time that the address asks for, else the one that suits the period."""
    asked = address.value("grain")
    return asked if asked in losses.GRAINS else losses.usual_grain(choice.day_count)


def groups(choice: Choice, name: str) -> pd.DataFrame:
    """Ask what refunds cost by a dimension, under all filters."""
    return session.ask(questions.losses_by, dimensions=(name,), **choice.filters)


def dimension_switch() -> None:
    """Draw the switch between the dimensions."""
    words, titles = session.words(), session.titles()
    options = {name: titles.of_dimension(name) for name in DIMENSIONS}
    address.select(st.pills, words("losses.by"), "by", options, DIMENSIONS[0], required=True)


def over_time(now: Account, choice: Choice) -> None:
    """When did refunds cost most, and which of these days are still too young to tell?"""
    words, unit = session.words(), grain(choice)
    by_time = session.ask(questions.losses_by, dimensions=(unit,), **choice.filters)
    found = maturity_facts.outlook(choice.shops)
    until = losses.mature_until(found.settled_days, choice.clock, choice.first_day, found.as_of or choice.data_last_day)
    is_told = not found.why_not and not found.is_named and not any(name in CASE_DIMENSIONS for name in choice.where)
    to_come = losses.to_come(maturity_facts.expected(choice, (unit,), ("total",)) if is_told else None, unit)
    with st.container(border=True, height="stretch"):
        components.chart(
            parts.over_time(by_time, unit, until, words, to_come=to_come, watermark=choice.watermark),
            heading=words("losses.by_time"),
            note=_maturity_note(choice, found.settled_days),
            alt=words("losses.by_time_alt", total=numbers.money(now.total_fen, words.language)),
            key=f"losses.time.{unit}",
            picks=partial(losses_cases.open_list, "done", unit),
            is_card=False,
        )
        units = {name: words(f"losses.grain.{name}") for name in losses.GRAINS}
        look = {"required": True, "label_visibility": "collapsed"}
        address.select(st.segmented_control, words("losses.grain"), "grain", units, losses.usual_grain(choice.day_count), **look)


def pareto(choice: Choice, name: str) -> None:
    """Where does the loss concentrate? The chart goes on showing what it filters out."""
    words, titles = session.words(), session.titles()
    found = session.ask(questions.losses_by, dimensions=(name,), **choice.without(name))
    ranking = losses.ranked(found, name)
    top, other_count = losses.top_of(ranking)
    can_filter = name in filters.DIMENSIONS
    title = titles.of_dimension(name)
    components.chart(
        parts.pareto(
            top,
            partial(titles, name),
            words,
            others=words("losses.others", count=numbers.count(other_count)),
            chosen=choice.where.get(name, ()),
            watermark=choice.watermark,
        ),
        heading=words("losses.pareto", dimension=title),
        note=words("losses.pareto_note_filter") if can_filter else words("losses.pareto_note_open"),
        alt=words("losses.pareto_alt", dimension=title, count=numbers.count(len(ranking))),
        key=f"losses.pareto.{name}",
        picks=name if can_filter else partial(losses_cases.open_list, "done", name),
    )


def table(choice: Choice, name: str, total: pd.DataFrame) -> None:
    """Every group in detail, under the sum that the title speaks of; a row opens its cases."""
    words, titles = session.words(), session.titles()
    ranking = losses.ranked(groups(choice, name), name)
    rows, columns = losses.table(ranking, total, name, words, titles)
    rows, columns = _with_ends(rows, columns, choice, name)
    title = titles.of_dimension(name)
    _opening_table(
        rows,
        columns,
        heading=words("losses.table", dimension=title),
        note=_table_note(choice, name),
        alt=words(
            "losses.table_alt",
            dimension=title,
            count=numbers.count(len(rows) - 1),
            total=numbers.money_exact(whole(total.iloc[0]["total_fen"])),
        ),
        key=f"losses.table.{name}",
        choice=choice,
        on_pick=partial(_open_row, "done", name),
    )


def exposure(choice: Choice, name: str) -> None:
    """What may the open cases still cost?"""
    words, titles = session.words(), session.titles()
    asked = {key: value for key, value in choice.filters.items() if key != "clock"}
    total = session.ask(questions.exposure_by, dimensions=(), **asked)
    if not whole(total.iloc[0]["open_cases"]):
        st.caption(words("losses.exposure_none"))
        return
    said = losses.exposure_said(total, words)
    by_group = session.ask(questions.exposure_by, dimensions=(name,), **asked)
    rows, columns = losses.exposure_table(by_group, total, name, words, titles)
    _opening_table(
        rows,
        columns,
        heading=words("losses.exposure", **said),
        note=words("losses.exposure_note", **said),
        alt=words("losses.exposure_alt", **said),
        key=f"losses.exposure.{name}",
        choice=replace(choice, clock="paid"),
        on_pick=partial(_open_row, "pending", name),
    )


def _opening_table(
    rows: pd.DataFrame,
    columns: dict[str, Any],
    *,
    heading: str,
    note: str,
    alt: str,
    key: str,
    choice: Choice,
    on_pick: Callable[[dict[str, Any]], None],
) -> None:
    described = filters.described(choice, session.words(), session.titles())
    components.table(rows, columns, heading=heading, note=note, alt=alt, key=key, described=described, on_pick=on_pick)


def _open_row(state: str, name: str, row: dict[str, Any]) -> None:
    """Open the cases behind a row; those of the sum are all there are."""
    if pd.isna(row["group"]):
        losses_cases.open_list(state, "", "")
    else:
        losses_cases.open_list(state, name, str(row["group"]))


def _with_ends(rows: pd.DataFrame, columns: dict[str, Any], choice: Choice, name: str) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The table with what each group's refund rate will be in the end, where that can be said."""
    found = maturity_facts.outlook(choice.shops)
    by_group, whole_period = (maturity_facts.expected(choice, by, ("sales",)) for by in ((name,), ()))
    if by_group is None or whole_period is None or found.why_not:
        return rows, columns
    is_of_cases = any(dimension in CASE_DIMENSIONS for dimension in (name, *choice.where))
    return losses.with_ends(rows, columns, by_group, whole_period, name, session.words(), is_apart=is_of_cases or found.is_named)


def _maturity_note(choice: Choice, mature_days: int | None) -> str:
    words = session.words()
    if choice.clock != "paid":
        return words("losses.by_time_note_refunded")
    return words("losses.by_time_note_unknown") if mature_days is None else words("losses.by_time_note_mature", days=mature_days)


def _table_note(choice: Choice, name: str) -> str:
    words, found = session.words(), maturity_facts.outlook(choice.shops)
    note = words("losses.table_note")
    if choice.clock == "paid" and not found.why_not:
        is_of_cases = any(dimension in CASE_DIMENSIONS for dimension in (name, *choice.where))
        note += " " + words("maturity.table_note_case" if is_of_cases else "maturity.table_note", days=found.horizon)
    if name in ("product", "sku", "price_band"):
        return f"{note} {words('losses.table_note_product')}"
    return f"{note} {words('losses.table_note_case')}" if name in CASE_DIMENSIONS else note
