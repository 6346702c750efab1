"""Which part of the shop's history a scenario stands on, and its levers, as the address tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from analytics.actions import what_if as deeds
from analytics.domain.what_if import levers
from analytics.domain.what_if.levers import Lever, Scenario
from analytics.domain.what_if.model import Model
from analytics.errors import OperatorError
from analytics.store import questions
from analytics.ui import address, components, filters, one_order_shop, session

LEVER, PLAN, TAB = "lever", "plan", "tab"
ONE_ORDER, SCENARIO = "one_order", "scenario"
MOST_GROUPS = 300  # those with the most money


@dataclass(frozen=True)
class Asked:
    """The scenario that the address asks for, its model on the shops' history, the days it covers, and the watermark of a
    generated shop.
    """

    scenario: Scenario
    model: Model
    days: tuple[date, date]
    watermark: str = ""


def tab() -> str:
    """Draw the choice between one imagined order and a scenario; without any data the order comes first."""
    words = session.words()
    has_data = not session.ask(questions.list_shops).empty
    names = {name: words(f"what_if.{name}") for name in (ONE_ORDER, SCENARIO)}
    options = {"required": True, "label_visibility": "collapsed"}
    default = SCENARIO if has_data else ONE_ORDER
    return address.select(st.segmented_control, words("what_if.tab"), TAB, names, default, **options)


def asked() -> Asked:
    """Draw the choice of period, shop, products, streamers; return the address's scenario. Without data the page stops."""
    words = session.words()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="what_if.scope"):
        place = st.container(width=150)
        shops, is_sample = filters.shops_chosen()
        days = session.ask(questions.data_days, shops=shops) if shops else None
        if days is None or days["last_day"].isna().all():
            components.nothing_yet("what_if")
        with place:
            first_day, last_day = one_order_shop.days_chosen(days.iloc[0]["first_day"], days.iloc[0]["last_day"])
        # All days are those without a date in the data, too.
        is_all = address.value("period") == "all"
        period = {"first_day": None if is_all else first_day, "last_day": None if is_all else last_day, "shops": tuple(shops)}
        parts = {f"{name}s": _groups(name, **period) for name in ("product", "streamer")}
    if is_sample:
        components.sample_notice()
    scenario = Scenario(address.value(PLAN), **period, **parts, levers=turned())
    effects = deeds.estimates_kept(session.warehouse(), actor=session.actor(), shops=tuple(shops), now=session.now())
    try:
        model = deeds.model_of(session.warehouse(), scenario, actor=session.actor(), effects=effects)
    except OperatorError as error:
        components.problem(error)
        st.button(words("what_if.reset"), on_click=address.clear, args=(LEVER, "product", "streamer"), key="what_if.mend")
        st.stop()
    return Asked(scenario, model, (first_day, last_day), words("sample.watermark") if is_sample else "")


def turned() -> tuple[Lever, ...]:
    """Return the levers that the address turns; what cannot be read there is forgotten."""
    found, kept = Scenario(), []
    for text in address.values(LEVER):
        key, _, value = text.rpartition("=")
        try:
            lever = levers.parse(key, value)
        except OperatorError:
            continue
        found = found.with_lever(lever)
        kept.append(text)
    if kept != address.values(LEVER):
        address.settle(LEVER, kept)
    return found.levers


def turn(lever: Lever) -> None:
    """Turn a lever; for callbacks."""
    _write(Scenario(levers=turned()).with_lever(lever).levers)


def put_back(lever: Lever) -> None:
    """Put a lever back to the present value; for callbacks."""
    _write(tuple(held for held in turned() if (held.key, held.word) != (lever.key, lever.word)))


def put_all(wanted: Sequence[Lever], name: str = "") -> None:
    """Turn these levers and no others; for callbacks."""
    _write(tuple(wanted))
    address.put(PLAN, name or None)


def held(key: str) -> Lever | None:
    """Return the lever of a key as the address has it."""
    return next((lever for lever in turned() if lever.key == key), None)


def _write(wanted: Sequence[Lever]) -> None:
    address.put(LEVER, [f"{lever.key}={lever.value}" for lever in wanted])


def _groups(name: str, **asked: object) -> tuple[str, ...]:
    """Draw the choice of products or streamers, those with the most sales first; return the chosen ones, none for all."""
    words, titles = session.words(), session.titles()
    sold = session.ask(questions.losses_by, dimensions=(name,), **asked)
    known = list(sold[sold["orders"] > 0].sort_values("receivable_fen", ascending=False)[name].head(MOST_GROUPS))
    wanted = [each for each in address.values(name) if each in known]
    if wanted != address.values(name):
        address.settle(name, wanted)
    key = f"what_if.{name}"
    st.session_state[key] = wanted
    everything = words("what_if.every", what=titles.of_dimension(name))
    st.multiselect(
        titles.of_dimension(name)[:1].upper() + titles.of_dimension(name)[1:],
        known,
        format_func={each: titles(name, each) for each in known}.get,
        placeholder=everything,
        key=key,
        on_change=_take_groups,
        args=(name, key),
        width=240,
    )
    return tuple(wanted)


def _take_groups(name: str, key: str) -> None:
    address.put(name, st.session_state[key])
