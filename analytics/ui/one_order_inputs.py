"""What is known of the imagined order, as fields to type into; what differs from the usual order stands in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import streamlit as st

from analytics.actions import one_order as deeds
from analytics.actions.one_order import Usual
from analytics.domain import one_order
from analytics.domain.money import format_fen
from analytics.domain.one_order import INPUTS, Given
from analytics.errors import OperatorError
from analytics.present import one_order as told
from analytics.ui import address, session

PER_TYPED = {"fen": 100, "ppm": 10_000, "centiminutes": 100}  # what one typed whole is worth: yuan, percent, minutes
FORMATS = {"fen": "%.2f", "ppm": "%g", "centiminutes": "%g"}
AMOUNT, RATE = "¥", "%"
FIRST = ("price", "goods_cost", "acquisition_per_order", "commission")
# The rest by what they belong to, closed until somebody wants them.
GROUPS = {
    "freight": (
        *("outbound_freight", "packing", "freight_insurance"),
        *("return_freight", "merchant_bears_return", "intercept_fee"),
    ),
    "damage": ("damage_rate_returned", "damage_rate_intercepted"),
    "work": ("hourly_wage", "inspection", *(name for name in INPUTS if name.startswith("minutes_"))),
    "fees": ("technical_fee_rate", "fee_kept_rate", "subsidy"),
    "refund": ("refund", "price_cut", "price_cut_below"),
}


@dataclass(frozen=True)
class Imagined:
    """The imagined order: the usual one it starts from, what was typed, what then holds, and where each value comes from."""

    usual: Usual
    typed: Mapping[str, int]

    @property
    def given(self) -> Given:
        """Every input with the value that holds."""
        return one_order.with_typed(self.usual.given, self.typed)

    @property
    def sources(self) -> dict[str, str]:
        """The provenance of every input, `typed` among them."""
        return {name: deeds.source_of(self.usual, self.typed, name) for name in INPUTS}


def imagined(usual: Usual) -> Imagined:
    """Return the order that the address tells; what cannot be read there is forgotten."""
    typed = {}
    for name in INPUTS:
        text = address.value(name)
        if text:
            try:
                typed[name] = one_order.read(name, text)
            except OperatorError:
                address.settle(name, None)
    return Imagined(usual, typed)


def draw(order: Imagined) -> None:
    """Draw the fields, the most important ones open, and the way back to the usual order."""
    words = session.words()
    with st.container(border=True):
        st.subheader(words("one_order.inputs_heading"), anchor=False)
        for name in FIRST:
            field(order, name)
        for group, names in GROUPS.items():
            with (
                st.expander(words(f"one_order.group.{group}"), key=f"one_order.group.{group}"),
                st.grid(2, min_column_width=190, gap="small"),
            ):
                for name in names:
                    field(order, name)
        back = "shop" if order.usual.orders else "starters"
        options = {"icon": ":material/restart_alt:", "disabled": not order.typed, "key": "one_order.back"}
        st.button(words(f"one_order.back_to_{back}"), on_click=address.clear, args=tuple(order.typed), **options)


def field(order: Imagined, name: str) -> None:
    """Draw one input; an amount that may also be typed as a share has a switch between the two."""
    rate = INPUTS[name].else_rate
    if not rate:
        _number(order, name)
        return
    is_amount = order.given[name] is not None
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _number(order, name if is_amount else rate, aside="" if is_amount else format_fen(one_order.amount_of(order.given, name)))
        switch = f"one_order.as.{name}"
        st.session_state[switch] = AMOUNT if is_amount else RATE
        label = session.words()("one_order.as", what=_title(name))
        options = {"required": True, "label_visibility": "collapsed", "key": switch}
        st.segmented_control(label, [AMOUNT, RATE], on_change=_switch, args=(order, name), **options)


def _number(order: Imagined, name: str, aside: str = "") -> None:
    per, source = PER_TYPED[INPUTS[name].unit], order.sources[name]
    badge = f":{told.SOURCE_COLOURS[source]}-badge[{told.source_name(source, session.words())}]"
    key, shown = f"one_order.{name}", (order.given[name] or 0) / per
    if st.session_state.get(key) != shown:
        st.session_state[key] = shown
    st.number_input(
        f"{_title(name)} {badge}{f' :gray[= {aside}]' if aside else ''}",
        min_value=one_order.lowest(name) / per,
        max_value=one_order.highest(name) / per,
        step=1.0,
        format=FORMATS[INPUTS[name].unit],
        key=key,
        on_change=_take,
        args=(order, name),
    )


def _title(name: str) -> str:
    words, each = session.words(), INPUTS[name]
    return words("one_order.field", title=told.label(words.term(each.titles)), unit=words(f"one_order.unit.{each.unit}"))


def _take(order: Imagined, name: str) -> None:
    """Keep what was typed in the address; what is as usual, or was emptied, does not stand there."""
    typed = st.session_state[f"one_order.{name}"]
    value = None if typed is None else int((Decimal(str(typed)) * PER_TYPED[INPUTS[name].unit]).to_integral_value())
    _put(order, name, value)


def _switch(order: Imagined, name: str) -> None:
    """Go over from the amount to the share or back, keeping the money."""
    rate = INPUTS[name].else_rate
    if st.session_state[f"one_order.as.{name}"] == AMOUNT:
        _put(order, rate, None)
        _put(order, name, one_order.amount_of(order.given, name))
    else:
        _put(order, name, None)
        _put(order, rate, one_order.share_of(order.given, name))


def _put(order: Imagined, name: str, value: int | None) -> None:
    # A share that is as usual has to be said where the usual order knows the amount.
    rivals = (each.name for each in INPUTS.values() if each.else_rate == name)
    is_usual = value == order.usual.given[name] and all(order.usual.given[rival] is None for rival in rivals)
    address.put(name, None if value is None or is_usual else one_order.write(name, one_order.bounded(name, value)))
