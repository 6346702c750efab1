"""还会退多少: cohorts with what is still to come, how refunds come in, how well the past was foretold, what was said before."""

from __future__ import annotations

import streamlit as st

from analytics.actions import maturity, maturity_listing
from analytics.actions.maturity import Outlook
from analytics.domain import maturity as rules
from analytics.domain import maturity_record
from analytics.domain.vocabulary import CASE_DIMENSIONS
from analytics.present import maturity as shown
from analytics.present import numbers
from analytics.present.figures import maturity as figures
from analytics.ui import address, components, filters, maturity_facts, session
from analytics.ui.choice import Choice

WEEKS_FROM_DAYS = 62  # more bars than that cannot be read
REPLAYED_DAYS = 30


def section(choice: Choice) -> None:
    """Draw all of it; by refund date there is nothing to foretell."""
    words = session.words()
    found = maturity_facts.outlook(choice.shops)
    if choice.clock != "paid" or found.as_of is None:
        return
    st.subheader(words("maturity.heading"), anchor=False)
    if found.why_not:
        st.info(shown.why_not_text(found.why_not, words), icon=":material/hourglass_empty:")
        return
    measure = _measure()
    main, side = st.columns([3, 2])
    with main:
        _cohorts(choice, found, measure)
    with side:
        _curve(choice, found, measure)
    details = st.expander(words("maturity.details"), icon=":material/fact_check:", on_change="rerun", key="maturity.details")
    if details.open:  # what is inside is worked out for those who look
        with details:
            _back_test(choice, found, measure)
            _replay(choice, measure)


def _measure() -> str:
    words = session.words()
    options = {name: words(f"maturity.measure.{name}") for name in shown.MEASURES}
    look = {"required": True, "label_visibility": "collapsed"}
    return address.select(st.segmented_control, words("maturity.measure"), "measure", options, shown.MEASURES[0], **look)


def _cohorts(choice: Choice, found: Outlook, measure: str) -> None:
    words = session.words()
    grain = "week" if choice.day_count > WEEKS_FROM_DAYS or found.is_by_week else "day"
    expected = maturity_facts.expected(choice, (grain,), (measure,))
    if expected is None:
        return
    rows = shown.cohort_rows(expected, grain, measure)
    note = words(f"maturity.cohorts_note.{'groups' if _is_of_cases(choice) else grain}")
    components.chart(
        figures.cohorts(rows, words, watermark=choice.watermark),
        heading=words("maturity.cohorts"),
        note=note,
        alt=words("maturity.cohorts_alt", count=len(rows), day=found.as_of.isoformat()),
        key=f"maturity.cohorts.{grain}",
    )


def _curve(choice: Choice, found: Outlook, measure: str) -> None:
    words, pattern = session.words(), found.patterns[measure]
    come = rules.come_by_age(pattern.alive).tolist()
    low, high = (edge.tolist() for edge in rules.come_spread(found.cohorts[measure], pattern.horizon))
    week = numbers.rate(come[min(7, pattern.horizon)])
    settled = rules.settled_age(pattern.alive)
    components.chart(
        figures.curve(come, (low, high), settled, words, watermark=choice.watermark),
        heading=words("maturity.curve"),
        note=words("maturity.curve_note", week=week, settled=settled, horizon=pattern.horizon),
        alt=words("maturity.curve_alt", week=week, settled=settled),
        key="maturity.curve",
    )


def _back_test(choice: Choice, found: Outlook, measure: str) -> None:
    words = session.words()
    tests = session.known(maturity_listing.back_test, shops=choice.shops, measure=measure)
    said = shown.back_test_said(tests, maturity_record.has_changed(tests), words)
    components.table(
        shown.back_test_table(tests),
        shown.back_test_columns(words),
        heading=words("maturity.back_test"),
        note=f"{said} {words('maturity.back_test_note')} {_second_opinion(found, measure)}",
        alt=said,
        key="maturity.back_test",
        described=filters.described(choice, words, session.titles()),
    )


def _second_opinion(found: Outlook, measure: str) -> str:
    """What another method would say of the last 30 days, so that the reader does not hang on one."""
    words = session.words()
    ladder = maturity.by_chain_ladder(found, measure, REPLAYED_DAYS)
    return words("maturity.second_opinion", ladder=numbers.rate(ladder[0]), ours=numbers.rate(ladder[1]))


def _replay(choice: Choice, measure: str) -> None:
    words = session.words()
    options = {days: words("maturity.days_ago", days=days) for days in shown.REPLAY_DAYS}
    with st.container(border=True):
        st.subheader(words("maturity.replay"), anchor=False)
        look = {"required": True, "label_visibility": "collapsed"}
        days_ago = int(address.select(st.segmented_control, words("maturity.replay"), "ago", options, "14", **look))
        told = session.known(maturity.replay, days_ago, shops=choice.shops, period_days=REPLAYED_DAYS)
        if told["total"].empty or told["then"].why_not:
            st.caption(words("maturity.replay_none", days=days_ago))
            return
        period = (told["first_day"], told["last_day"])
        said = shown.replay_said(told["total"].iloc[0].to_dict(), measure, days_ago, period, words)
        rows = shown.replay_rows(told["rows"], "day", measure)
        components.chart(
            figures.replay(rows, words, watermark=choice.watermark),
            heading=said,
            note=words("maturity.replay_note"),
            alt=said,
            key="maturity.replay",
            is_card=False,
        )
    components.table(
        rows,
        shown.replay_columns(words, session.titles().of_dimension("day")),
        heading=words("maturity.replay_table", days=days_ago),
        note=words("maturity.replay_table_note"),
        alt=said,
        key="maturity.replay.table",
        described=filters.described(choice, words, session.titles()),
    )


def _is_of_cases(choice: Choice) -> bool:
    return any(name in CASE_DIMENSIONS for name in choice.where)
