"""The filter bar: period, shop and clock, each kept in the URL by its id, so that a link shows the same view in any language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from analytics.domain.vocabulary import CLOCKS
from analytics.present.labels import LANGUAGES, language_of
from analytics.store import questions
from analytics.ui import components, session
from analytics.ui.choice import DEFAULT_PERIOD, PERIODS, Choice, days_of

ALL_SHOPS = "*"


def bar() -> Choice:
    """Draw the filter bar and return what was chosen; without any data the page stops here and says what to do."""
    words = session.words()
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        periods = {period: words(f"period.{period}") for period in PERIODS}
        period = _choice(st.selectbox, words("period.label"), "period", periods, DEFAULT_PERIOD, width=150)
        shops, is_sample = _shops()
        clocks = {clock: words.term(titles) for clock, titles in CLOCKS.items()}
        clock = _choice(st.selectbox, words("clock.label"), "clock", clocks, "paid", width=170, help=words("clock.help"))
    if is_sample:
        components.sample_notice()
    days = session.ask(questions.data_days, shops=shops)
    if days.empty or days["last_day"].isna().all():
        components.nothing_yet("losses")
    first_day, last_day = (days.iloc[0][name] for name in ("first_day", "last_day"))
    return Choice(
        period,
        *days_of(period, first_day, last_day),
        first_day,
        last_day,
        clock,
        shops,
        words("sample.watermark") if is_sample else "",
    )


def language_switch() -> str:
    """Draw the switch between the languages and return the reader's; the frame calls it before anything is written."""
    asked = language_of(st.query_params.get("lang") or st.context.locale)
    if st.query_params.get("lang") != asked and "lang" not in st.session_state:
        st.query_params["lang"] = asked
    options = {"required": True, "label_visibility": "collapsed"}
    return _choice(st.segmented_control, "语言 / Language", "lang", LANGUAGES, None, **options)


def _shops() -> tuple[tuple[str, ...], bool]:
    """The shops looked at, and whether that is the generated one: it is never summed with a real one."""
    known = session.ask(questions.list_shops)
    is_sample = known["is_sample"].astype(bool)
    real, sample = tuple(known.loc[~is_sample, "shop"]), tuple(known.loc[is_sample, "shop"])
    titles = {shop: shop for shop in (*real, *sample)}
    if len(real) > 1:
        titles = {ALL_SHOPS: session.words()("shop.all"), **titles}
    if len(titles) < 2:
        return real or sample, not real
    chosen = _choice(st.selectbox, session.words()("shop.label"), "shop", titles, next(iter(titles)), width=200)
    return (real if chosen == ALL_SHOPS else (chosen,)), chosen in sample


def _choice(
    widget: Callable[..., Any], label: str, key: str, titles: Mapping[str, str], default: str | None, **options: Any
) -> str:
    """Draw a widget whose value stands in the URL as the option's id; the default is not written there.

    Streamlit's own binding writes the option's label, which is another one in each language: a link sent to a colleague
    would silently lose its filters.
    """
    _adopt(key, list(titles), default)
    value = widget(label, list(titles), key=key, format_func=titles.get, **options)
    if value == default:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != value:
        st.query_params[key] = value
    st.session_state[f"{key}.url"] = st.query_params.get(key)
    return value


def _adopt(key: str, options: Sequence[str], default: str | None) -> None:
    """Take the value from the URL when it is new there: at first, and when the browser went back or forward."""
    in_url = st.query_params.get(key)
    is_new = f"{key}.url" not in st.session_state or st.session_state[f"{key}.url"] != in_url
    wanted = in_url if is_new else st.session_state.get(key)
    chosen = wanted if wanted in options else default
    if st.session_state.get(key) != chosen:
        st.session_state[key] = chosen
