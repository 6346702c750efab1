"""What the page of costs shows: whose costs they are, what to set first, the settings, their course, the products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from analytics.present import cost_table, numbers
from analytics.present.figures.timeline import timeline
from analytics.present.labels import escape
from analytics.store import questions
from analytics.ui import address, components, filters, navigation, session

ALL = "all"
MOST_DRAWN = 24  # lines of a timeline; a shop may have hundreds of products
USUAL_DAYS, BEYOND = timedelta(days=90), timedelta(days=14)


@dataclass(frozen=True)
class Costs:
    """One shop's costs as the store answers them, and the days that the timelines show (the last one not included)."""

    shop: str
    watermark: str
    listed: pd.DataFrame
    assumed: pd.DataFrame
    total: pd.DataFrame
    goods: pd.DataFrame
    products: pd.DataFrame
    days: tuple[date, date]

    @property
    def described(self) -> Mapping[str, str]:
        """The filters of the downloads in words."""
        return {session.words()("shop.label"): self.shop}


def of_one_shop() -> Costs:
    """Ask for the costs of the shop looked at; of several the reader chooses one first. Without any shop the page stops."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
        shops, is_sample = filters.shops_chosen()
    if not shops:
        components.nothing_yet("losses")
    if is_sample:
        components.sample_notice()
    if len(shops) > 1:
        _ask_which(shops)
    asked = {"shops": tuple(shops)}
    listed = session.ask(questions.cost_list, **asked)
    return Costs(
        shop=shops[0],
        watermark=session.words()("sample.watermark") if is_sample else "",
        listed=listed,
        assumed=session.ask(questions.cost_assumed, **asked),
        total=session.ask(questions.losses_by, dimensions=(), **asked),
        goods=session.ask(questions.cost_goods, **asked),
        products=session.ask(questions.cost_products, **asked),
        days=_days_shown(tuple(shops), listed),
    )


def what_first(costs: Costs) -> None:
    """Draw the settings that carry most assumed money, each with the way to set it."""
    words = session.words()
    with st.container(border=True, height="stretch"):
        st.subheader(words("costs.first"), anchor=False)
        rows = cost_table.first_to_set(costs.assumed, words)
        if not rows:
            st.success(words("costs.first_none"), icon=":material/check_circle:")
        for name, sentence in rows:
            options = {"icon": ":material/edit:", "type": "tertiary", "key": f"costs.set.{name}", "help": words("costs.set_this")}
            st.button(sentence, on_click=address.put, args=("cost", name), **options)
        st.caption(words("costs.first_note"))


def settings(costs: Costs, today: date) -> None:
    """Draw the settings, by group if wished, as a table of what holds today and as a timeline with its gaps in words."""
    words, titles = session.words(), session.titles()
    groups = {ALL: words("costs.group_all"), **{group: words(f"costs.group.{group}") for group in cost_table.GROUPS}}
    chosen = address.select(st.segmented_control, words("costs.group_label"), "group", groups, ALL, required=True)
    group = "" if chosen == ALL else chosen
    components.table(
        cost_table.settings_table(costs.listed, costs.assumed, today, titles, words, group=group),
        cost_table.table_columns(words),
        heading=words("costs.table"),
        note=words("costs.table_note"),
        alt=words("costs.table_alt"),
        key="costs.table",
        described=costs.described,
    )
    lines = cost_table.courses(costs.listed, costs.days, titles, words, group=group)
    _timeline(costs, lines, today, "timeline", [words("costs.timeline_note"), *_gaps_in_words(costs)])


def products(costs: Costs, today: date) -> None:
    """Draw what each product costs over time, and which were sold without a cost, with the way to mend it."""
    words, titles = session.words(), session.titles()
    lines = cost_table.product_courses(costs.products, costs.goods, costs.listed, costs.days, titles, words)
    if lines:
        _timeline(costs, lines, today, "product_timeline", [words("costs.product_timeline_note")])
    if not costs.products.empty:
        components.table(
            cost_table.products_table(costs.products, today, titles, words),
            cost_table.product_columns(words),
            heading=words("costs.products"),
            note=words("costs.products_note"),
            alt=words("costs.products_alt"),
            key="costs.products",
            described=costs.described,
        )
    uncosted = cost_table.uncosted_table(costs.goods, titles)
    if uncosted.empty:
        return
    components.table(
        uncosted,
        cost_table.uncosted_columns(words),
        heading=words(
            "costs.uncosted", count=len(uncosted), sold=numbers.money(int(uncosted["uncosted_fen"].sum()), words.language)
        ),
        note=words("costs.uncosted_note"),
        alt=words("costs.uncosted_alt"),
        key="costs.uncosted",
        described=costs.described,
    )


def _timeline(costs: Costs, lines: Sequence[cost_table.Course], today: date, key: str, notes: list[str]) -> None:
    """Draw the first lines as a timeline, and say how many are left out; the tables have them all."""
    words, shown = session.words(), lines[:MOST_DRAWN]
    if len(lines) > len(shown):
        notes.append(words("costs.timeline_cut", shown=len(shown), all=numbers.count(len(lines))))
    components.chart(
        timeline(shown, today, words, watermark=costs.watermark),
        heading=words(f"costs.{key}"),
        note="  \n".join(notes),
        alt=words(f"costs.{key}_alt"),
        key=f"costs.{key}",
    )


def _ask_which(shops: Sequence[str]) -> None:
    """Costs belong to one shop: offer each, and stop the page until one is chosen."""
    words = session.words()
    st.title(words("costs.which"), anchor=False)
    st.caption(words("costs.which_note"))
    with st.container(horizontal=True, gap="small"):
        for shop in shops:
            label = {"icon": ":material/storefront:", "key": f"costs.shop.{shop}"}
            st.button(escape(shop), on_click=address.put, args=("shop", shop), **label)
    st.stop()


def _days_shown(shops: tuple[str, ...], listed: pd.DataFrame) -> tuple[date, date]:
    """From the first day of the orders to today, and somewhat beyond a setting that is dated ahead; the last not included."""
    today = session.now().date()
    covered = session.ask(questions.data_days, shops=shops).iloc[0]
    first_day = today - USUAL_DAYS if pd.isna(covered["first_day"]) else covered["first_day"]
    ahead = [day + BEYOND for day in listed["effective_from"].dropna() if day > today]
    return min(first_day, today), max([today + timedelta(days=1), *ahead])


def _gaps_in_words(costs: Costs) -> list[str]:
    words = session.words()
    gaps = cost_table.gaps(costs.listed, costs.days, session.titles(), words)
    return [escape(gap) for gap in gaps] or [words("costs.no_gaps")]


def link_to_imports() -> None:
    """Draw the way to the page that takes the filled-in templates."""
    navigation.link("imports", session.words()("costs.to_imports"), icon=":material/upload_file:")
