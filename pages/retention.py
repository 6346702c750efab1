"""挽单工具: which tool earns its cost, and how sure is that?"""

from __future__ import annotations

import streamlit as st

from analytics.present import retention
from analytics.ui import retention_cards, retention_holdouts, retention_scope, retention_views, session

view = retention_scope.look()  # stops the page without any data

st.title(retention.sentence(view.rows, bool(view.effects), session.words()), anchor=False)
retention_scope.standing_line(view)
retention_scope.progress(view)
retention_views.reach(view)
retention_cards.draw(view)
retention_views.forests(view)
retention_views.groups(view)
retention_views.together(view)
retention_holdouts.draw(view)
retention_views.rules(view)
retention_views.everything(view)
