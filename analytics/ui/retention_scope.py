"""What the page of the retention tools looks at: period and shops, what the tools touched there, and how their effects stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from analytics import settings
from analytics.actions import analyses, tool_effects, tools
from analytics.actions.analyses import Standing
from analytics.actions.tools import Scope, Touched
from analytics.domain.vocabulary import ORDER_DIMENSIONS
from analytics.present.labels import escape
from analytics.ui import components, filters, opening, session
from analytics.ui.choice import Choice

DEFAULT_PERIOD = "all"  # an effect needs all the orders there are, and old ones at that
POLL_SECONDS = 1.0


@dataclass(frozen=True)
class View:
    """What is looked at: the choice, the counts under it, and the effects of the whole shops with a row a tool, `any` last.

    `rows` are counts beside effects; without effects their grade is D and nothing is told.
    """

    choice: Choice
    scope: Scope
    touched: Touched
    standing: Standing
    rows: list[dict[str, Any]]
    any_row: dict[str, Any]

    @property
    def effects(self) -> Mapping[str, Any]:
        """The effects by tool as they are known, none while the first are worked out."""
        return self.standing.answer or {}


def look() -> View:
    """Draw the filter bar and return what the page looks at; without any data the page stops here."""
    choice = filters.bar(default_period=DEFAULT_PERIOD, is_plain=True)
    whole = choice.period == "all"
    days = (None, None) if whole else (choice.first_day, choice.last_day)
    where = {name: groups for name, groups in choice.where.items() if name in ORDER_DIMENSIONS}
    scope = Scope(*days, shops=choice.shops, where=where)
    touched = session.known(tools.count, scope)
    if where and not any(counts.touched for counts in touched.by_tool.values()):
        components.nothing_yet("losses")  # filters leave nothing: the way back
    standing = _standing(scope, bool(choice.watermark))
    told = {name: effect["row"] for name, effect in (standing.answer or {}).items()}
    rows = [tools.row(counts, told.get(name, {})) for name, counts in touched.by_tool.items()]
    return View(choice, scope, touched, standing, rows, tools.row(touched.any_tool, told.get(tools.ANY, {})))


def progress(view: View) -> None:
    """Say how far the effects are while they are worked out, that they rest on older data, or why they could not be."""
    words = session.words()
    if view.choice.where and view.effects:
        titles = session.titles()
        groups = [titles(name, group) for name, wanted in view.choice.where.items() for group in wanted]
        st.caption(escape(words("retention.stands", groups=" / ".join(groups))))
    if view.standing.problem:
        st.warning(escape(words("retention.problem", problem=view.standing.problem)), icon=":material/warning:")
    elif not view.standing.is_current:
        _watch(view)


def _watch(view: View) -> None:
    words = session.words()
    if view.effects:
        st.caption(words("retention.stale"))

    @st.fragment(run_every=POLL_SECONDS)
    def watched() -> None:
        now = _standing(view.scope, bool(view.choice.watermark))
        if now.is_current or now.problem:
            st.rerun()
        st.progress(now.share or 0.0, words("retention.progress"))

    watched()


def _standing(scope: Scope, is_sample: bool) -> Standing:
    """How the effects stand; while the sample shop's files still come in, each would make the answer before it stale."""
    if is_sample and opening.of(settings.home()).is_completing:
        return Standing(share=0.0)
    asked = {**tool_effects.asked(scope.asked()), "shops": scope.shops}
    return analyses.look(session.warehouse(), tool_effects.EFFECTS, actor=session.actor(), now=session.now(), **asked)


def standing_line(view: View) -> None:
    """Say until when the data goes, and what the page is about."""
    words = session.words()
    st.caption(words("retention.lead"))
    st.caption(words("chip.data_until", day=view.choice.data_last_day.isoformat()))
