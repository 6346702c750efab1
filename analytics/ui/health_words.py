"""Words that nobody knows: the list, giving one a meaning after seeing what it changes, and taking a meaning back."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analytics.actions import words as deeds
from analytics.errors import OperatorError
from analytics.present import health, numbers
from analytics.present.labels import escape
from analytics.ui import components, said, session
from analytics.ui.health_scope import Health

PLACE = "health.words"  # where it is told what came of a click
LOOKED_AT = "health.looked_at"  # the change that the reader wants to see before he saves it


def draw(found: Health) -> None:
    """Draw the unknown words with the form that gives one a meaning, and the operator's own words."""
    words = session.words()
    said.tell(PLACE)
    unknown = health.unknown_words(found.listed)
    if unknown.empty:
        with st.container(border=True):
            st.subheader(words("health.words.heading"), anchor=False)
            st.success(words("health.words.none"), icon=":material/check_circle:")
    else:
        components.table(
            health.words_table(found.listed, words),
            health.word_columns(words),
            heading=words("health.words.heading"),
            note=words("health.words.note"),
            alt=words("health.alt.words"),
            key="health.words",
            described=found.described,
        )
        _form(found, [(row["field"], row["word"]) for row in unknown.to_dict("records")])
    _own(health.own_words(found.listed))


def _form(found: Health, unknown: list[tuple[str, str]]) -> None:
    words, meanings = session.words(), deeds.list_meanings(actor=session.actor())
    titles = {pair: f"{words(f'health.field.{pair[0]}')}「{pair[1]}」" for pair in unknown}
    with st.container(border=True), st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        # A browser goes on showing the title of the language before: each language has boxes of its own.
        shown = {"format_func": titles.get, "key": f"health.word.{words.language}", "width": 320}
        field, word = st.selectbox(words("health.words.choose"), unknown, **shown)
        named = {code: health.meaning_title(field, code, words) for code in meanings[field]}
        options = {"format_func": named.get, "key": f"health.meaning.{field}.{words.language}", "width": 220}
        meaning = st.selectbox(words("health.words.meaning"), list(named), **options)
        change = deeds.WordChange(field, word, meaning)
        st.button(words("health.words.preview"), on_click=_look_at, args=(change,), key="health.preview")
    if st.session_state.get(LOOKED_AT) == _name_of(change):
        _preview(found, change)


def _preview(found: Health, change: deeds.WordChange) -> None:
    words = session.words()
    try:
        with st.spinner(words("health.words.previewing"), show_time=True):
            previewed = session.known(deeds.preview_word, change, shops=found.shops)
    except OperatorError as error:
        components.problem(error)
        return
    meaning = health.meaning_title(change.field, change.meaning or "", words)
    st.info(escape(health.effect(previewed, meaning, words)), icon=":material/difference:")
    label = words("health.words.save")
    st.button(label, on_click=_save, args=(change,), type=session.emphasis(), icon=":material/check:", key="health.save")


def _own(listed: list[dict[str, Any]]) -> None:
    if not listed:
        return
    words = session.words()
    with st.container(border=True):
        st.subheader(words("health.own.heading"), anchor=False)
        for row in listed:
            meaning = health.meaning_title(row["field"], row["meaning"], words)
            field, rows = words(f"health.field.{row['field']}"), numbers.count(int(row["row_count"]))
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(escape(words("health.own.line", field=field, word=row["word"], meaning=meaning, rows=rows)))
                back = deeds.WordChange(row["field"], row["word"], None)
                key = f"health.forget.{row['field']}.{row['word']}"
                st.button(words("health.own.forget"), on_click=_save, args=(back,), icon=":material/undo:", key=key)


def _look_at(change: deeds.WordChange) -> None:
    st.session_state[LOOKED_AT] = _name_of(change)


def _save(change: deeds.WordChange) -> None:
    words = session.words()
    st.session_state.pop(LOOKED_AT, None)
    try:
        deeds.map_word(session.warehouse(), change, actor=session.actor(), now=session.now())
    except OperatorError as error:
        said.refused(PLACE, error)
        return
    if change.meaning is None:
        said.done(PLACE, words("health.own.forgotten", word=change.word))
        return
    meaning = health.meaning_title(change.field, change.meaning, words)
    said.done(PLACE, words("health.own.saved", word=change.word, meaning=meaning))


def _name_of(change: deeds.WordChange) -> str:
    return "\x1f".join((change.field, change.word, change.meaning or ""))
