"""Which months have their files, what the missing ones mean, and what each component rests on."""

from __future__ import annotations

import streamlit as st

from analytics.present import health
from analytics.present.figures import coverage
from analytics.ui import components, navigation, session
from analytics.ui.health_scope import Health


def draw(found: Health) -> None:
    """Draw the grid of files beside that of the components, and under them what is missing; without orders there is no month."""
    words = session.words()
    if found.files.empty:
        st.warning(words("health.gaps.no_orders"), icon=":material/warning:")
        navigation.link("imports", words("health.go.imports"), icon=":material/upload_file:")
        return
    main, side = st.columns([3, 2])
    with main:
        components.chart(
            coverage.files_grid(found.covers, words, watermark=found.watermark),
            heading=words("health.files.heading"),
            note=words("health.files.note"),
            alt=words("health.alt.files"),
            key="health.files",
        )
    with side:
        components.chart(
            coverage.components_grid(found.components, words, watermark=found.watermark),
            heading=words("health.component.heading"),
            note=words("health.component.note"),
            alt=words("health.alt.components"),
            key="health.components",
        )
    _gaps(found)
    components.table(
        health.components_table(found.components, words),
        health.component_columns(words),
        heading=words("health.component.table"),
        note=words("health.component.table_note"),
        alt=words("health.alt.components"),
        key="health.component_table",
        described=found.described,
    )


def _gaps(found: Health) -> None:
    words = session.words()
    gaps = health.gaps_table(found.files, words)
    if gaps.empty:
        st.success(words("health.gaps.none"), icon=":material/check_circle:")
        return
    components.table(
        gaps,
        health.gap_columns(words),
        heading=words("health.gaps.heading"),
        note=words("health.gaps.note"),
        alt=words("health.alt.gaps"),
        key="health.gaps",
        described=found.described,
    )
    navigation.link("imports", words("health.go.imports"), icon=":material/upload_file:")
