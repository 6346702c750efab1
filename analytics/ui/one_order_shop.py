"""Whose usual order the imagined one starts from: the period, the shop and the product, where there is any data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from analytics.actions import one_order as deeds
from analytics.actions.one_order import STARTERS, Usual
from analytics.present import numbers
from analytics.store import questions
from analytics.ui import address, components, filters, navigation, session
from analytics.ui.choice import DEFAULT_PERIOD, PERIODS, days_of

MOST_PRODUCTS = 300  # those with the most money
EVERY_PRODUCT = ""


@dataclass(frozen=True)
class Origin:
    """The usual order, in words where it comes from, and the watermark of a generated shop."""

    usual: Usual
    told: str
    watermark: str = ""

    @property
    def has_orders(self) -> bool:
        """Whether there is a shop's own history behind it."""
        return self.usual.orders > 0


def chosen() -> Origin:
    """Draw the choice of period, shop and product and return the usual order of them; without data the starter assumptions."""
    words = session.words()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="one_order.origin"):
        place = st.container(width=150)
        shops, is_sample = filters.shops_chosen()
        days = session.ask(questions.data_days, shops=shops) if shops else None
        if days is None or days["last_day"].isna().all():
            if st.button(words("sample.import"), type=session.emphasis(), icon=":material/upload_file:", key="one_order.import"):
                navigation.go("imports")
            return Origin(STARTERS, words("one_order.from_starters"))
        with place:
            first_day, last_day = days_chosen(days.iloc[0]["first_day"], days.iloc[0]["last_day"])
        product = _product(shops, first_day, last_day)
    if is_sample:
        components.sample_notice()
    usual = session.known(deeds.usual, shops=shops, first_day=first_day, last_day=last_day, product=product)
    seen = {"first": first_day, "last": last_day, "orders": numbers.count(usual.orders)}
    told = words("one_order.from_shop", **seen) if usual.orders else words("one_order.from_settings")
    return Origin(usual, told, words("sample.watermark") if is_sample else "")


def days_chosen(data_first_day: date, data_last_day: date) -> tuple[date, date]:
    """Draw the choice of the period and return its days; days chosen on another page stand as they are."""
    words = session.words()
    own = tuple(_day(address.value(name)) for name in ("from", "to"))
    has_own = address.value("period") == "custom" and None not in own
    periods = {period: words(f"period.{period}") for period in PERIODS if period != "custom" or has_own}
    period = address.select(st.selectbox, words("period.label"), "period", periods, DEFAULT_PERIOD)
    return own if period == "custom" and own[0] <= own[1] else days_of(_named(period), data_first_day, data_last_day)


def _named(period: str) -> str:
    return DEFAULT_PERIOD if period == "custom" else period


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _product(shops: Sequence[str], first_day: date, last_day: date) -> str:
    words, titles = session.words(), session.titles()
    sold = session.ask(questions.losses_by, dimensions=("product",), first_day=first_day, last_day=last_day, shops=tuple(shops))
    products = sold[sold["orders"] > 0]["product"].head(MOST_PRODUCTS)
    names = {EVERY_PRODUCT: words("one_order.every_product"), **{product: titles("product", product) for product in products}}
    return address.select(st.selectbox, words("one_order.product"), "product", names, EVERY_PRODUCT, width=280)
