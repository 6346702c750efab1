"""总览: where did the money go, from what was sold to what is really kept?"""

from __future__ import annotations

import streamlit as st

from analytics.present import account, figures, tiles
from analytics.store import questions
from analytics.ui import components, filters, session

words = session.words()
choice = filters.bar()
losses = session.ask(questions.losses_by, dimensions=(), **choice.filters)
if account.is_empty(losses):
    components.nothing_yet("losses")  # stops the page
sources = session.ask(questions.losses_by, dimensions=("provenance",), **choice.filters)
by_day = session.ask(questions.losses_by, dimensions=("day",), **choice.filters)
by_month = session.ask(questions.losses_by, dimensions=("month",), **choice.everything)
ever = session.ask(questions.losses_by, dimensions=(), **choice.everything)
ever_sources = session.ask(questions.losses_by, dimensions=("provenance",), **choice.everything)
before = session.ask(questions.losses_by, dimensions=(), **choice.previous) if choice.previous else None

now = account.account_of(losses, sources)
said = account.said(now, words)
st.title(words("overview.title", period=words(f"period.{choice.period}"), **said), anchor=False)
components.standing(now, choice)
components.tile_row(tiles.loss_tiles(now, before, by_day, words), choice)

main, side = st.columns([3, 2])
with main:
    components.chart(
        figures.waterfall(now, words, watermark=choice.watermark),
        heading=words("overview.waterfall"),
        note=words("overview.waterfall_note"),
        alt=words("overview.waterfall_alt", **said),
        key="overview.waterfall",
    )
with side:
    components.chart(
        figures.provenance(now, words, watermark=choice.watermark),
        heading=words("overview.provenance"),
        note=account.advice(now, words),
        alt=words("overview.provenance_alt"),
        key="overview.provenance",
    )
components.statement(
    account.statement(by_month, account.account_of(ever, ever_sources), words),
    heading=words("overview.statement"),
    note=words("overview.statement_note"),
    alt=words("overview.statement_alt"),
    key="overview.statement",
)
