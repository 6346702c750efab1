"""损失拆解: what do refunds cost, and where does it concentrate?"""

from __future__ import annotations

import streamlit as st

from analytics.present import account, losses
from analytics.present.labels import escape
from analytics.store import questions
from analytics.ui import (
    case_account,
    components,
    filters,
    losses_cases,
    losses_views,
    maturity_facts,
    maturity_views,
    overview_parts,
    reconcile,
    session,
)

words, titles = session.words(), session.titles()
choice = filters.bar()
total = session.ask(questions.losses_by, dimensions=(), **choice.filters)
if account.is_empty(total):
    components.nothing_yet("losses")  # stops the page
before = session.ask(questions.losses_by, dimensions=(), **choice.previous) if choice.previous else None
dimension, grain = losses_views.dimension(), losses_views.grain(choice)
by_time = session.ask(questions.losses_by, dimensions=(grain,), **choice.filters)
ranking = losses.ranked(losses_views.groups(choice, dimension), dimension)

now = account.account_of(total)
period = overview_parts.period_name(choice)
st.title(escape(losses.title(now, ranking, dimension, period, words, titles)), anchor=False)
case_account.show(choice.shops)
components.standing(now, choice)
overview_parts.still_to_come(choice, total)
notes = maturity_facts.tile_notes(choice, total)
components.tile_row(losses.tiles(now, total, before, by_time, grain, words), choice, notes)

main, side = st.columns([3, 2])
with main:
    losses_views.over_time(now, choice)
with side:
    reconcile.box(choice)
losses_views.dimension_switch()
losses_views.pareto(choice, dimension)
losses_views.table(choice, dimension, total)
maturity_views.section(choice)
losses_cases.section(choice)
losses_views.exposure(choice, dimension)
