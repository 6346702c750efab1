"""成本设置: what do a parcel, a minute, a product cost us, since when, and what would another value change?"""

from __future__ import annotations

import streamlit as st

from analytics.present import cost_table
from analytics.ui import components, cost_form, cost_history, cost_views, session

words = session.words()
today = session.now().date()
costs = cost_views.of_one_shop()  # stops the page without a shop, or until one of several is chosen
standing = cost_table.standing_of(costs.listed, costs.total, costs.goods)

st.title(cost_table.sentence(standing, words), anchor=False)
st.caption(words("costs.lead"))
components.tile_row(cost_table.tiles(standing, words), None)

side, main = st.columns([2, 3])
with side:
    cost_views.what_first(costs)
with main:
    cost_form.draw(costs)
cost_views.settings(costs, today)
cost_views.products(costs, today)
side, main = st.columns([2, 3])
with side:
    cost_history.templates(costs)
with main:
    cost_history.draw(costs)
