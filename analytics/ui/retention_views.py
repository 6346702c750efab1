"""What stands around the cards: the ceiling on top, the forests over all tools, the groups, the combinations, every figure."""

from __future__ import annotations

from functools import partial

import streamlit as st

from analytics.actions import tool_groups, tools
from analytics.present import numbers, retention
from analytics.present.figures import retention as drawn
from analytics.present.labels import escape
from analytics.ui import address, components, filters, session
from analytics.ui.retention_scope import View


def reach(view: View) -> None:
    """Where could a tool have helped, in money and orders a month? A ceiling."""
    words, titles = session.words(), session.titles()
    found = session.known(tools.reach, view.scope)
    with st.container(border=True):
        st.subheader(words("retention.reach"), anchor=False)
        if not found["rows"]:
            st.caption(words("retention.reach_none"))
            return
        with st.grid(3, min_column_width=200, gap="small"):
            for row in found["rows"]:
                said = retention.reach_figures(row, titles, words)
                with st.container(gap=None):
                    st.metric(said["tools"], said["money"])
                    st.caption(escape(f"{said['orders']} · {said['product']}"))
        st.caption(words("retention.reach_note"))
        with st.expander(words("retention.reach_by")):
            components.table(
                retention.reach_rows(found["by_reason"], titles, words),
                retention.reach_columns(titles, words),
                heading=words("retention.reach_by_heading"),
                note=words("retention.reach_by_note"),
                alt=words("retention.reach_by_alt", count=numbers.count(len(found["by_reason"]))),
                key="retention.reach",
                described=_described(view),
            )


def forests(view: View) -> None:
    """What did each tool change, and what did it earn?"""
    words, rows = session.words(), [*retention.ordered(view.rows), view.any_row]
    told = [row for row in rows if row["effect"] is not None]
    if not told:
        if view.effects:
            st.info(words("retention.forest_none"), icon=":material/help:")
        return
    said = words("retention.list_and").join(f"{retention.name_of(row, words)} {retention.verdict(row, words)}" for row in told)
    of_effects, of_nets = st.columns(2)
    alt = words("retention.forest_alt", told=said)
    with of_effects:
        figure = drawn.effects(told, words, watermark=view.choice.watermark)
        components.chart(
            figure, heading=words("retention.forest"), note=words("retention.forest_note"), alt=alt, key="retention.effects"
        )
    with of_nets:
        figure = drawn.nets(told, words, watermark=view.choice.watermark)
        components.chart(
            figure, heading=words("retention.net_forest"), note=words("retention.net_forest_note"), alt=alt, key="retention.nets"
        )


def groups(view: View) -> None:
    """Each tool by product, streamer or week: what it touched, what it did, and whether groups differ by more than chance."""
    words, titles = session.words(), session.titles()
    options = {name: titles.of_dimension(name) for name in tools.GROUPED_BY}
    address.select(st.segmented_control, words("retention.by"), "tools_by", options, tools.GROUPED_BY[0], required=True)
    asked = address.value("tools_by")
    dimension = asked if asked in options else tools.GROUPED_BY[0]
    found = tool_groups.rows_of(view.touched.groups[dimension], view.effects, dimension)
    rows = retention.group_rows(found, dimension, titles, words)
    can_filter = dimension in filters.DIMENSIONS
    if view.effects:
        st.markdown(escape(retention.groups_sentence(tool_groups.alike_of(view.effects, dimension), words)))
    components.table(
        rows,
        retention.group_columns(dimension, titles, words),
        heading=words("retention.by_heading", dimension=options[dimension]),
        note=words("retention.by_note"),
        alt=words("retention.groups_alt", dimension=options[dimension], count=numbers.count(len(rows))),
        key=f"retention.groups.{dimension}",
        described=_described(view),
        on_pick=partial(_look_at, dimension) if can_filter else None,
    )


def together(view: View) -> None:
    """Which tools met on one order, and what all that the shop gives did together."""
    words, titles = session.words(), session.titles()
    rows = retention.overlap_rows(view.touched.overlaps, titles)
    components.table(
        rows,
        retention.overlap_columns(words),
        heading=words("retention.overlaps"),
        note=words("retention.overlaps_note", told=escape(retention.verdict(view.any_row, words))),
        alt=words("retention.overlaps_alt", count=len(rows)),
        key="retention.overlaps",
        described=_described(view),
    )


def everything(view: View) -> None:
    """Every figure of the command line in one table."""
    words = session.words()
    components.table(
        retention.whole_rows([*view.rows, view.any_row], view.effects, words),
        retention.whole_columns(words),
        heading=words("retention.whole"),
        note=words("retention.whole_note"),
        alt=words("retention.whole_alt"),
        key="retention.whole",
        described=_described(view),
    )


def rules(view: View) -> None:
    """Small payments beside the platform's limits: which are broken, and what is left."""
    words = session.words()
    found = session.known(tools.payment_rules, tools.Scope(as_of=view.scope.as_of, shops=view.scope.shops))  # of any period
    table = retention.rule_rows(found["rules"], words)
    broken = sum(row["broken_count"] for row in found["rules"])
    components.statement(
        table,
        heading=words("retention.rules"),
        note=retention.rules_note(found, words),
        alt=words("retention.rules_alt", broken=numbers.count(broken)),
        key="retention.rules",
        described=_described(view),
    )
    if broken:
        components.table(
            retention.broken_rows(found["broken"], words),
            retention.broken_columns(words),
            heading=words("retention.rules_broken"),
            note=retention.rules_note(found, words),
            alt=words("retention.rules_alt", broken=numbers.count(broken)),
            key="retention.rules.broken",
            described=_described(view),
        )


def _described(view: View) -> dict[str, str]:
    return filters.described(view.choice, session.words(), session.titles())


def _look_at(dimension: str, row: dict) -> None:
    address.toggle(dimension, str(row["group"]))
