"""总览: where did the money go, from what was sold to what is really kept?"""

from __future__ import annotations

import streamlit as st

from analytics.present import account, tiles
from analytics.store import questions
from analytics.ui import components, filters, maturity_facts, overview_parts, session

words = session.words()
choice = filters.bar()
losses = session.ask(questions.losses_by, dimensions=(), **choice.filters)
if account.is_empty(losses):
    components.nothing_yet("losses")  # stops the page
sources = session.ask(questions.losses_by, dimensions=("provenance",), **choice.filters)
by_day = session.ask(questions.losses_by, dimensions=("day",), **choice.filters)
before = session.ask(questions.losses_by, dimensions=(), **choice.previous) if choice.previous else None

now = account.account_of(losses, sources)
said = account.said(now, words)
st.title(words("overview.title", period=overview_parts.period_name(choice), **said), anchor=False)
components.standing(now, choice)
overview_parts.still_to_come(choice, losses)
components.tile_row(tiles.loss_tiles(now, before, by_day, words), choice, maturity_facts.tile_notes(choice, losses))

main, side = st.columns([3, 2])
with main:
    overview_parts.waterfall(now, choice)
with side:
    overview_parts.causes(choice)
overview_parts.of_100(now, choice)
overview_parts.course(choice)
overview_parts.sessions(choice)
main, side = st.columns([3, 2])
with side:
    overview_parts.provenance(now, choice)
with main:
    overview_parts.profit(choice)
overview_parts.statement(choice)
