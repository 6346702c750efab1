"""The cards of the overview, each one question with its figure, its words and its way on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import streamlit as st

from analytics.domain.vocabulary import COMPONENTS, PROVENANCES
from analytics.present import account, overview
from analytics.present.account import Account
from analytics.present.figures import account as account_figures
from analytics.present.figures import overview as figures
from analytics.present.labels import DEFAULT_LANGUAGE, Words, escape
from analytics.store import questions
from analytics.ui import address, components, downloads, filters, maturity_facts, navigation, session
from analytics.ui.choice import Choice


def warm_up() -> None:
    """Draw a chart of nothing for nobody: the first one of a process takes half a second longer than those after it."""
    nothing = Account(1, dict.fromkeys(COMPONENTS, 1), 5, 4, 1, 1, 0, dict.fromkeys(PROVENANCES, 1))
    account_figures.waterfall(nothing, Words(DEFAULT_LANGUAGE)).to_json()


def period_name(choice: Choice) -> str:
    """Name the period for a sentence: 近30天, or its two days."""
    words = session.words()
    if choice.period == "custom" and choice.first_day == choice.last_day:
        return words("period.one_day", day=f"{choice.first_day:%m-%d}")
    if choice.period == "custom":
        return words("period.from_to", first=f"{choice.first_day:%m-%d}", last=f"{choice.last_day:%m-%d}")
    return words(f"period.{choice.period}")


def still_to_come(choice: Choice, total: pd.DataFrame) -> None:
    """What has the period still to lose? Young days always look good."""
    told = maturity_facts.lead(choice, total, period_name(choice))
    if told is not None:
        st.markdown(f":material/hourglass_top: {escape(told)}")


def waterfall(now: Account, choice: Choice) -> None:
    """Where did the money go?"""
    words = session.words()
    components.chart(
        account_figures.waterfall(now, words, watermark=choice.watermark),
        heading=words("overview.waterfall"),
        note=words("overview.waterfall_note"),
        alt=words("overview.waterfall_alt", **account.said(now, words)),
        key="overview.waterfall",
    )


def of_100(now: Account, choice: Choice) -> None:
    """What becomes of every ¥100?"""
    words = session.words()
    parts = overview.parts_of_100(now, words)
    components.chart(
        figures.of_100(now, words, watermark=choice.watermark),
        heading=words("overview.of_100"),
        note=words("overview.of_100_note", parts=parts),
        alt=words("overview.of_100_note", parts=parts),
        key="overview.of_100",
    )


def causes(choice: Choice) -> None:
    """What costs most: which products, streamers, reasons? A click on a bar filters by it."""
    words, titles = session.words(), session.titles()
    options = {name: titles.of_dimension(name) for name in overview.CAUSE_DIMENSIONS}
    dimension = address.value("cause") if address.value("cause") in options else overview.CAUSE_DIMENSIONS[0]
    found = session.ask(questions.losses_by, dimensions=(dimension,), **choice.without(dimension))
    rows = overview.causes(found, dimension)
    with st.container(border=True, height="stretch"):
        components.chart(
            figures.causes(rows, dimension, titles, words, watermark=choice.watermark),
            heading=words("overview.causes"),
            note=words("overview.causes_note"),
            alt=words("overview.causes_alt", dimension=options[dimension]),
            key=f"overview.causes.{dimension}",
            picks=dimension,
            is_card=False,
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            choice_of = {"required": True, "label_visibility": "collapsed"}
            address.select(st.segmented_control, words("overview.causes_by"), "cause", options, **choice_of)
            navigation.link("losses", words("overview.causes_more"), icon=":material/arrow_forward:")


def course(choice: Choice) -> None:
    """How does what is kept of every ¥100 move from day to day, and which days are still too young to tell?"""
    words = session.words()
    by_day = session.ask(questions.losses_by, dimensions=("day",), **_cohorts(choice))
    found = maturity_facts.outlook(choice.shops)
    as_of = found.as_of or choice.data_last_day
    expected = maturity_facts.expected(replace(choice, clock="paid"), ("day",), ("total",))
    days = overview.course(by_day, as_of, found.settled_days, None if found.is_named else expected)
    known = words("overview.course_unknown")
    if found.settled_days is not None:
        known = words("overview.course_note", days=found.settled_days)
    young_from = overview.young_from(as_of, found.settled_days)
    components.chart(
        figures.course(days, words, young_from=young_from, watermark=choice.watermark),
        heading=words("overview.course"),
        note=known,
        alt=words("overview.course_alt", days=len(days), young=int((~days["is_mature"].astype(bool)).sum())),
        key="overview.course",
    )


def sessions(choice: Choice) -> None:
    """Why does a bigger show not earn more? Each show by what it sold and what it kept of every ¥100."""
    words = session.words()
    by_show = session.ask(questions.losses_by, dimensions=("day", "streamer"), **_cohorts(choice))
    found = maturity_facts.outlook(choice.shops)
    if found.as_of is None or found.settled_days is None:  # nobody knows which shows are old enough to be judged
        return
    shows = overview.sessions(by_show, session.titles(), found.as_of - timedelta(days=found.settled_days))
    if shows.empty:
        return
    note = overview.sessions_note(overview.big_shows(shows), words)
    main, side = st.columns([3, 2])
    with main:
        components.chart(
            figures.sessions(shows, words, watermark=choice.watermark),
            heading=words("overview.sessions"),
            note=words("overview.sessions_legend"),
            alt=note,
            key="overview.sessions",
            picks="streamer",
        )
    with side:
        components.table(
            overview.worse_shows(shows),
            overview.session_columns(words),
            heading=words("overview.worse"),
            note=note,
            alt=note,
            key="overview.worse",
            described=filters.described(replace(choice, clock="paid"), words, session.titles()),
            on_pick=_open_show,
        )


def provenance(now: Account, choice: Choice) -> None:
    """How solid are these figures?"""
    words = session.words()
    components.chart(
        account_figures.provenance(now, words, watermark=choice.watermark),
        heading=words("overview.provenance"),
        note=account.advice(now, words),
        alt=words("overview.provenance_alt"),
        key="overview.provenance",
    )


def profit(choice: Choice) -> None:
    """What did the orders earn in the end? Only for whole shops: profit is not asked by groups."""
    words = session.words()
    with st.container(border=True, height="stretch"):
        st.subheader(words("overview.profit_heading"), anchor=False)
        if choice.where:
            st.caption(words("overview.profit_no_groups"))
            return
        days = {name: choice.filters[name] for name in ("first_day", "last_day", "shops")}
        found = session.ask(questions.profit, **days).iloc[0]
        st.markdown(overview.profit_note(found.to_dict(), words))
        table = overview.profit_steps(found.to_dict(), words)
        columns = {table.columns[1]: st.column_config.TextColumn(alignment="right")}
        look = {"hide_index": True, "height": "content", "column_config": columns}
        heading = words("overview.profit_heading")
        st.dataframe(table, alt=heading, key="overview.profit", **look)
        described = filters.described(choice, words, session.titles())
        downloads.of_text(table, name=heading, described=described, key="overview.profit")


def statement(choice: Choice) -> None:
    """The account of every month."""
    words = session.words()
    by_month = session.ask(questions.losses_by, dimensions=("month",), **choice.everything)
    ever = session.ask(questions.losses_by, dimensions=(), **choice.everything)
    sources = session.ask(questions.losses_by, dimensions=("provenance",), **choice.everything)
    components.statement(
        account.statement(by_month, account.account_of(ever, sources), words),
        heading=words("overview.statement"),
        note=words("overview.statement_note"),
        alt=words("overview.statement_alt"),
        key="overview.statement",
        described=filters.described(replace(choice, period="all"), words, session.titles()),
    )
    downloads.report(choice)


def _open_show(row: dict) -> None:
    """Look at one show: its day and its streamer, by payment date as its row is."""
    address.put("clock", "paid")
    address.put("period", "custom")
    address.put("from", str(row["day"]))
    address.put("to", str(row["day"]))
    address.put("streamer", str(row["streamer"]))


def _cohorts(choice: Choice) -> dict:
    """The period by payment date, whatever the clock: what was sold on a day beside what became of it."""
    return {**choice.filters, "first_day": choice.first_day, "last_day": choice.last_day, "clock": "paid"}
