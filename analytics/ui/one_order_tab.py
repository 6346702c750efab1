"""单笔测算: one imagined order, its answer, its fields, its account and its endings, on one screen."""

from __future__ import annotations

import streamlit as st

from analytics.domain import one_order
from analytics.ui import one_order_inputs, one_order_results, one_order_shop, what_if_kept


def draw() -> None:
    """Draw the imagined order that the address tells, and the way from it into a scenario."""
    origin = one_order_shop.chosen()
    order = one_order_inputs.imagined(origin.usual)
    outcomes = one_order.outcomes(order.given)
    one_order_results.answer(order, outcomes, origin.told)
    if origin.has_orders:
        what_if_kept.from_one_order({name: one_order.write(name, value) for name, value in order.typed.items()})
    left, right = st.columns([2, 3])
    with left:
        one_order_inputs.draw(order)
    with right:
        one_order_results.account(outcomes, origin.watermark)
    left, right = st.columns([2, 3])
    with left:
        one_order_results.break_even(order, origin.watermark)
    with right:
        one_order_results.endings(outcomes, origin.watermark)
    one_order_results.table(order, outcomes)
