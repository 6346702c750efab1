"""假设测算: what would change if something were different, and what does one refund really cost?"""

from __future__ import annotations

import streamlit as st

from analytics.ui import one_order_tab, what_if_kept, what_if_levers, what_if_results, what_if_scope

if what_if_scope.tab() == what_if_scope.ONE_ORDER:
    one_order_tab.draw()
    st.stop()
asked = what_if_scope.asked()
found = what_if_results.answer(asked)
left, right = st.columns([2, 3])
with left:
    what_if_levers.draw(asked)
with right:
    what_if_results.steps(found, asked)
    what_if_results.twins(found, asked)
    what_if_results.ranges(found, asked)
left, right = st.columns([3, 2])
with left:
    what_if_results.tornado(found, asked)
    what_if_results.break_evens(found, asked.model)
with right:
    what_if_kept.goal(asked)
    what_if_kept.keep(asked, found)
what_if_kept.saved(asked)
what_if_results.tables(found, asked)
