"""数据体检: what is missing or suspicious in the data, what does it do to the figures, and how is it mended?"""

from __future__ import annotations

import streamlit as st

from analytics.present import health, numbers
from analytics.ui import (
    components,
    health_checks,
    health_files,
    health_findings,
    health_reasons,
    health_scope,
    health_words,
    session,
)

words = session.words()
found = health_scope.look()  # stops the page without any data

st.title(health.sentence(found.findings, found.failing, words), anchor=False)
if gaps := health.incomplete_months(found.covers):
    st.caption(words("health.sentence_gaps", months=numbers.count(len(gaps))))
components.tile_row(health.tiles(found.account, found.covers, found.listed, found.failing, words), None)

health_findings.draw(found)
health_files.draw(found)
health_words.draw(found)
health_reasons.draw(found)
health_checks.draw(found)
