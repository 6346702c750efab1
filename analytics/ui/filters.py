"""The filter bar: period, shop, clock, comparison and groups; chips for what is active, and the way back to the beginning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import streamlit as st

from analytics.domain.vocabulary import (
    CASE_DIMENSIONS,
    CLOCKS,
    KINDS,
    MISSING,
    NO_CASE,
    ORDER_DIMENSIONS,
    STAGES,
    UNRECOGNISED,
)
from analytics.present.labels import LANGUAGES, Words, escape, language_of
from analytics.present.titles import HOURS, WEEKDAYS, Titles
from analytics.store import questions
from analytics.ui import address, components, maturity_facts, session
from analytics.ui.choice import COMPARISONS, DEFAULT_PERIOD, PERIODS, Choice, days_of

ALL_SHOPS = "*"
TIMES = ("day", "week", "month", "shop")  # the bar has its own controls for these
FIRST = ("product", "streamer", "reason", "stage", "channel", "province", "price_band", "tool")  # what is asked most
DIMENSIONS = tuple(dict.fromkeys((*FIRST, *(name for name in (*ORDER_DIMENSIONS, *CASE_DIMENSIONS) if name not in TIMES))))
OWN_WORDS = {
    "weekday": (*WEEKDAYS, MISSING),
    "hour": (*HOURS, MISSING),
    "stage": (*STAGES, NO_CASE),
    "kind": (*KINDS, MISSING, UNRECOGNISED, NO_CASE),
}
COMPLETE = "1"
MOST_OPTIONS = 300  # the groups with the most money; others are chosen by clicking them where they stand


def bar(*, default_period: str = DEFAULT_PERIOD, is_plain: bool = False) -> Choice:
    """Draw the filter bar and return what was chosen; without any data the page stops here and says what to do.

    A plain one has neither clock nor comparison: its page looks at orders by payment date and at nothing before.
    """
    words = session.words()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
        periods = {period: words(f"period.{period}") for period in PERIODS}
        period = address.select(st.selectbox, words("period.label"), "period", periods, default_period, width=140)
        days_place = st.container(width=250) if period == "custom" else None
        shops, is_sample = shops_chosen()
        *covered, end_at = _covered(shops)
        clock, compare = ("paid", "none") if is_plain else _clock_and_comparison()
        complete_day = _complete_day(shops, clock, covered[0])
        first_day, last_day = _days(period, covered[0], complete_day or covered[1], place=days_place)
        where = {name: groups for name in DIMENSIONS if (groups := _groups(name))}
        watermark = words("sample.watermark") if is_sample else ""
        is_complete = complete_day is not None
        choice = Choice(period, first_day, last_day, *covered, clock, shops, watermark, compare, where, end_at, is_complete)
        _more(choice)
    _chips(choice)
    if is_sample:
        components.sample_notice()
    return choice


def _clock_and_comparison() -> tuple[str, str]:
    words = session.words()
    clocks = {clock: words.term(titles) for clock, titles in CLOCKS.items()}
    clock = address.select(st.selectbox, words("clock.label"), "clock", clocks, "paid", width=150, help=words("clock.help"))
    comparisons = {name: words(f"compare.{name}") for name in COMPARISONS}
    compare = address.select(
        st.selectbox, words("compare.label"), "compare", comparisons, "previous", width=165, help=words("compare.help")
    )
    return clock, compare


def shops_chosen() -> tuple[tuple[str, ...], bool]:
    """Draw the choice of shops where there is one; return those looked at, and whether that is the generated one.

    The generated shop is never summed with a real one.
    """
    known = session.ask(questions.list_shops)
    is_sample = known["is_sample"].astype(bool)
    real, sample = tuple(known.loc[~is_sample, "shop"]), tuple(known.loc[is_sample, "shop"])
    titles = {shop: shop for shop in (*real, *sample)}
    if len(real) > 1:
        titles = {ALL_SHOPS: session.words()("shop.all"), **titles}
    if len(titles) < 2:
        return real or sample, bool(sample) and not real
    chosen = address.select(st.selectbox, session.words()("shop.label"), "shop", titles, next(iter(titles)), width=160)
    return (real if chosen == ALL_SHOPS else (chosen,)), chosen in sample


def language_switch() -> None:
    """Draw the switch between the languages; what the browser asks for stands in the address from the beginning."""
    if address.value("lang") not in LANGUAGES:
        address.settle("lang", language_of(st.context.locale))
    options = {"required": True, "label_visibility": "collapsed"}
    address.select(st.segmented_control, "语言 / Language", "lang", LANGUAGES, **options)


def described(choice: Choice, words: Words, titles: Titles) -> dict[str, str]:
    """Return the filters in words, for the sheet of a download that names them."""
    told = {
        words("period.label"): words("period.all") if choice.period == "all" else f"{choice.first_day} – {choice.last_day}",
        words("shop.label"): "、".join(choice.shops) if words.language == "zh" else ", ".join(choice.shops),
        words("clock.label"): words.term(CLOCKS[choice.clock]),
        words("chip.data_until_label"): str(choice.data_last_day),
    }
    groups = {
        titles.of_dimension(name): " / ".join(titles(name, group) for group in wanted) for name, wanted in choice.where.items()
    }
    return {**told, **groups}


def _covered(shops: Sequence[str]) -> tuple[date, date, datetime]:
    days = session.ask(questions.data_days, shops=tuple(shops)) if shops else None
    if days is None or days.empty or days["last_day"].isna().all():
        components.nothing_yet("losses")
    return days.iloc[0]["first_day"], days.iloc[0]["last_day"], days.iloc[0]["end_at"].to_pydatetime()


def _days(period: str, data_first_day: date, data_last_day: date, *, place: Any) -> tuple[date, date]:
    if period != "custom":
        return days_of(period, data_first_day, data_last_day)
    usual = days_of(DEFAULT_PERIOD, data_first_day, data_last_day)
    first_day = min(max(_day(address.value("from"), usual[0]), data_first_day), data_last_day)
    last_day = min(max(_day(address.value("to"), usual[1]), first_day), data_last_day)
    if len(st.session_state.get("days", ())) != 1:  # while the second day is still being chosen there is one
        st.session_state["days"] = (first_day, last_day)
    limits = {"min_value": data_first_day, "max_value": data_last_day}
    place.date_input(session.words()("period.days"), key="days", format="YYYY-MM-DD", on_change=_take_days, **limits)
    return first_day, last_day


def _take_days() -> None:
    days = st.session_state["days"]
    if len(days) == 2:
        address.put("from", days[0].isoformat())
        address.put("to", days[1].isoformat())


def _day(text: str, default: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default


def _more(choice: Choice) -> None:
    """The groups to look at: one dimension at a time, its values by the money they cost."""
    words, titles = session.words(), session.titles()
    count = sum(len(groups) for groups in choice.where.values()) + choice.is_complete
    label = words("filters.more_count", count=count) if count else words("filters.more")
    more = st.popover(label, icon=":material/filter_alt:", on_change="rerun", key="filters.more")
    if not more.open:  # what is inside costs a question
        return
    with more:
        _complete_switch(choice)
        dimensions = {name: titles.of_dimension(name) for name in DIMENSIONS}
        dimension = st.selectbox(
            words("filters.by"), dimensions, format_func=dimensions.get, key=f"filters.dimension.{words.language}"
        )
        found = session.ask(questions.losses_by, dimensions=(dimension,), **choice.everything | {"where": {}})
        groups = [str(group) for group in found[dimension].head(MOST_OPTIONS)]
        chosen = list(choice.where.get(dimension, ()))
        st.session_state[f"filters.{dimension}"] = chosen
        st.multiselect(
            words("filters.values"),
            [*groups, *(group for group in chosen if group not in groups)],
            format_func=lambda group: titles(dimension, group),
            key=f"filters.{dimension}",
            on_change=lambda: address.put(dimension, st.session_state[f"filters.{dimension}"]),
            placeholder=words("filters.all"),
        )


def _complete_day(shops: Sequence[str], clock: str, first_day: date) -> date | None:
    """The last day whose refunds have all come, when only such days are wanted and there is one; by refund date all days are."""
    if address.value("complete") != COMPLETE or clock != "paid":
        return None
    day = maturity_facts.outlook(shops).last_complete_day
    return day if day is not None and day >= first_day else None


def _complete_switch(choice: Choice) -> None:
    words = session.words()
    found = maturity_facts.outlook(choice.shops)
    is_known = choice.clock == "paid" and found.last_complete_day is not None and found.last_complete_day >= choice.data_first_day
    st.session_state["complete"] = choice.is_complete
    st.toggle(
        words("filters.complete"),
        key="complete",
        disabled=not is_known,
        help=words("filters.complete_help", days=found.horizon) if is_known else words("filters.complete_unknown"),
        on_change=lambda: address.put("complete", COMPLETE if st.session_state["complete"] else None),
    )


def _groups(dimension: str) -> tuple[str, ...]:
    """The groups of a dimension that stand in the address and can be: of the program's own words only those it has."""
    wanted = address.values(dimension)
    return tuple(group for group in wanted if dimension not in OWN_WORDS or group in OWN_WORDS[dimension])


def _chips(choice: Choice) -> None:
    """What is filtered by, each with the way out of it, and one button that resets everything."""
    words, titles = session.words(), session.titles()
    changed = [name for name in address.FILTERS if address.values(name)]
    if not changed:
        return
    with st.container(horizontal=True, gap="small", key="chips"):
        if choice.is_complete:
            label = words("chip.complete", day=choice.last_day.isoformat())
            chip = {"icon": ":material/close:", "help": words("chip.remove"), "key": "chip.complete"}
            st.button(label, on_click=address.clear, args=("complete",), **chip)
        for dimension, groups in choice.where.items():
            for group in groups:
                label = words("chip.group", dimension=titles.of_dimension(dimension), group=escape(titles(dimension, group)))
                left = [other for other in groups if other != group]
                chip = {"icon": ":material/close:", "help": words("chip.remove"), "key": f"chip.{dimension}.{group}"}
                st.button(label, on_click=address.put, args=(dimension, left), **chip)
        st.button(
            words("filters.reset"),
            on_click=address.clear,
            args=changed,
            type="tertiary",
            icon=":material/restart_alt:",
            key="reset",
        )
