"""假设测算: what does one refund really cost, and what would change if something were different?"""

from __future__ import annotations

import streamlit as st

from analytics.domain import one_order
from analytics.ui import one_order_inputs, one_order_results, one_order_shop, session

origin = one_order_shop.chosen()
(of_one_order,) = st.tabs([session.words()("what_if.one_order")])
with of_one_order:
    order = one_order_inputs.imagined(origin.usual)
    outcomes = one_order.outcomes(order.given)
    one_order_results.answer(order, outcomes, origin.told)
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
