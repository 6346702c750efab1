"""What to export where, what each kind of file makes known, which are missing; the templates; the way out of the sample shop."""

from __future__ import annotations

from functools import partial

import streamlit as st

from analytics.actions import templates
from analytics.present import import_report
from analytics.present.labels import escape
from analytics.ui import downloads, import_session, session


def sample_offer() -> None:
    """Offer to remove the sample shop once there is a real one."""
    words = session.words()
    real, sample = import_session.shops()
    is_leaving = any(job.task == "remove_sample" and job.is_open for job in import_session.jobs())
    if not real or not sample or is_leaving or st.session_state.get("imports.keeps_sample") or not import_session.may_import():
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="imports.sample"):
        st.markdown(words("imports.sample"), width="stretch")
        st.button(words("imports.sample_remove"), on_click=_remove_sample, icon=":material/delete:", key="imports.sample.remove")
        st.button(words("imports.sample_keep"), on_click=_keep_sample, type="tertiary", key="imports.sample.keep")


def missing(shop: str) -> None:
    """Say at the top what the shop's account still lacks, most important first, each with what to export and where."""
    words = session.words()
    real, _ = import_session.shops()
    held = import_report.held_until(import_session.receipts(), (shop,))
    lacking = [kind for kind in import_report.NEEDED if kind not in held]
    if shop not in real or not lacking:
        return
    with st.container(border=True, gap="small"):
        st.subheader(words("imports.lacks", shop=escape(shop)), anchor=False)
        for kind in lacking:
            with st.expander(words(f"imports.lacks.{kind}"), icon=":material/warning:", key=f"imports.lacks.{kind}"):
                _how(kind, "lacks")


def guide(shop: str) -> None:
    """Draw, kind by kind, what to export in the back office and where, what it makes known, and whether the shop has it."""
    words = session.words()
    held = import_report.held_until(import_session.receipts(), (shop,))
    with st.container(border=True):
        st.subheader(words("imports.guide"), anchor=False)
        st.caption(words("imports.guide_note"))
        with st.grid(3, min_column_width=260, gap="small"):
            for kind in import_report.KINDS:
                _kind(kind, is_held=kind in held, until=held.get(kind))


def _kind(kind: str, *, is_held: bool, until: object) -> None:
    words = session.words()
    state = words("imports.has_not")
    if is_held:
        state = words("imports.has_until", day=f"{until:%Y-%m-%d}") if until else words("imports.has")
    label = f"{words(f'imports.kind.{kind}')} · {state}"
    icon = ":material/check_circle:" if is_held else ":material/radio_button_unchecked:"
    with st.expander(label, icon=icon, key=f"imports.guide.{kind}"):
        _how(kind, "guide")


def _how(kind: str, place: str) -> None:
    """Say where a kind of file comes from and what it makes known; hand out its template where it has one."""
    words = session.words()
    st.markdown(f"**{words('imports.guide_where')}** {words(f'imports.where.{kind}')}")
    st.markdown(f"**{words('imports.guide_gives')}** {words(f'imports.gives.{kind}')}")
    name = import_report.TEMPLATE_OF_KIND.get(kind)
    if name is not None:
        content = partial(templates.template_bytes, name, actor=session.actor())
        title = words("imports.template", name=words(f"imports.kind.{kind}"))
        downloads.button(title, content, f"{name}.xlsx", downloads.XLSX, key=f"imports.template.{kind}.{place}")


def has_own_data() -> bool:
    """Whether there is a real shop."""
    return bool(import_session.shops()[0])


def shop_at_hand() -> str:
    """Return the shop that the page speaks of: the one files go to."""
    return st.session_state.get("imports.chosen") or next(iter(import_session.shops()[0]), "")


def sample_shop() -> str:
    """Return the name of the generated shop, empty where there is none."""
    return import_session.shops()[1] or ""


def _remove_sample() -> None:
    import_session.desk().remove_sample(import_session.drop(), actor=session.actor())


def _keep_sample() -> None:
    st.session_state["imports.keeps_sample"] = True
