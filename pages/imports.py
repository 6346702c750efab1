"""数据导入: is my data in, and right?"""

from __future__ import annotations

from functools import partial

import streamlit as st

from analytics.present import import_report
from analytics.ui import import_drop, import_guide, import_receipts, import_session, session

st.title(import_report.title(import_session.receipts(), import_guide.sample_shop(), session.words()), anchor=False)
if import_session.may_import():
    import_drop.zone()
    import_drop.watched()
import_guide.sample_offer()
shop = import_guide.shop_at_hand()
import_guide.missing(shop)
parts = [import_receipts.history, partial(import_guide.guide, shop)]
# What to export comes before a history that is the sample's only.
for draw in parts if import_guide.has_own_data() else reversed(parts):
    draw()
