"""What a scenario comes to: a sentence, both sides, the steps between them, how sure it is, and what matters most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from analytics.actions import what_if as deeds
from analytics.domain.vocabulary import COMPONENTS
from analytics.domain.what_if.model import Model
from analytics.present import numbers
from analytics.present import what_if as told
from analytics.present.figures import what_if as drawn
from analytics.present.labels import escape
from analytics.store import questions
from analytics.ui import address, components, maturity_facts, overview_parts, session
from analytics.ui.choice import Choice
from analytics.ui.what_if_scope import Asked

MEASURE = "measure"
MEASURES = ("profit_fen", "total_fen")
MOST_BARS = 9
MOST_SENTENCES = 8
Answer = Mapping[str, Any]


def answer(asked: Asked) -> Answer:
    """Draw the answer as the title with its figures, and return the whole of it."""
    words, found = session.words(), deeds.worked_out(asked.model)
    st.title(escape(told.title(found, words)), anchor=False)
    st.caption(
        words(
            "what_if.standing",
            orders=numbers.count(found["orders"]),
            first=asked.days[0],
            last=asked.days[1],
        )
    )
    _still_to_come(asked)
    with st.grid(4, min_column_width=150, gap="small"):
        for label, value, change, explanation, is_worse in told.tiles(found, words):
            colour = "inverse" if is_worse else "normal"
            st.metric(label, value, change, delta_color=colour, help=explanation, border=True, height="stretch")
    st.markdown(f"**{escape(told.chance(found, words))}**" if found["steps"] else escape(told.chance(found, words)))
    return found


def _still_to_come(asked: Asked) -> None:
    """Young days look good in a scenario too: say what they still lose, and that every present value is one so far."""
    scenario = asked.scenario
    where = {name: each for name, each in (("product", scenario.products), ("streamer", scenario.streamers)) if each}
    period = "all" if scenario.first_day is None else "custom"
    choice = Choice(period, *asked.days, *asked.days, "paid", scenario.shops, where=where)
    total = session.ask(questions.losses_by, dimensions=(), **choice.filters)
    overview_parts.still_to_come(choice, total)
    if (expected := maturity_facts.tile_notes(choice, total).get("refund_rate")) is not None:
        rate = numbers.rate(numbers.ratio(total.iloc[0]["sales_fen"], total.iloc[0]["receivable_fen"]))
        st.caption(escape(session.words()("what_if.so_far", rate=rate, expected=expected)))


def twins(found: Answer, asked: Asked) -> None:
    """Draw the five parts and the profit as they are beside the scenario's."""
    words = session.words()
    figures = [*(f"{name}_fen" for name in COMPONENTS), "profit_fen"]
    rows = [
        (
            figure.removesuffix("_fen").replace("profit", "kept"),
            told.figure_name(figure, words),
            found["baseline"][figure],
            found["scenario"][figure],
        )
        for figure in figures
    ]
    sides = (words("what_if.side.baseline"), words("what_if.side.scenario"))
    components.chart(
        drawn.twins(rows, sides, watermark=asked.watermark),
        heading=words("what_if.twins"),
        note=words("what_if.twins_note"),
        alt=told.title(found, words),
        key="what_if.twins",
    )


def steps(found: Answer, asked: Asked) -> None:
    """Draw the steps from the account to the scenario; a click on one says what it rests on."""
    words, titles = session.words(), session.titles()
    rows = told.step_rows(found, words, titles)
    if not rows:
        with st.container(border=True):
            st.subheader(words("what_if.steps"), anchor=False)
            st.info(words("what_if.steps_none"), icon=":material/tune:")
        return
    measure = _measure()
    change = (found["scenario"][measure] or 0) - (found["baseline"][measure] or 0)
    bars = [(step["lever"], name, step[measure]) for name, _, step in rows]
    components.chart(
        drawn.steps(bars, (words("what_if.whole"), change), more_is_worse=measure == "total_fen", watermark=asked.watermark),
        heading=words("what_if.steps"),
        note=words("what_if.steps_note"),
        alt=told.title(found, words),
        key="what_if.steps",
        picks=_choose_step,
    )
    _chosen_step(rows)


def _measure() -> str:
    words = session.words()
    names = {name: told.figure_name(name, words) for name in MEASURES}
    options = {"required": True, "label_visibility": "collapsed"}
    return address.select(st.segmented_control, words("what_if.measure"), MEASURE, names, "profit_fen", **options)


def _choose_step(key: str) -> None:
    address.put("step", key if key != address.value("step") else None)


def _chosen_step(rows: list[tuple[str, str, Mapping[str, Any]]]) -> None:
    """What the step that was clicked changes, part by part, and what it rests on."""
    words = session.words()
    for name, values, step in rows:
        if step["lever"] == address.value("step"):
            parts = [f"{told.figure_name(f'{part}_fen', words)} {told.signed(step[f'{part}_fen'], words)}" for part in COMPONENTS]
            said = [f"**{escape(name)}** {escape(values)}", escape(told.rests_on(step, words)), escape(" · ".join(parts))]
            st.info("  \n".join(said), icon=":material/info:")


def ranges(found: Answer, asked: Asked) -> None:
    """Draw where the change (without levers the profit) lies, with both uncertainties and each alone."""
    words, spread = session.words(), found["ranges"]
    figure = "change_fen" if found["steps"] else "profit_fen"
    each = spread[figure]
    rows = [
        (words("what_if.range.both"), each["low"], each["mid"], each["high"]),
        (words("what_if.range.data"), each["data_low"], each["mid"], each["data_high"]),
        (words("what_if.range.assumption"), each["assumption_low"], each["mid"], each["assumption_high"]),
    ]
    now_fen = 0 if found["steps"] else found["baseline"]["profit_fen"] or 0
    components.chart(
        drawn.ranges(rows, now_fen=now_fen, watermark=asked.watermark),
        heading=words("what_if.ranges_change" if found["steps"] else "what_if.ranges_profit"),
        note=words("what_if.ranges_note"),
        alt=told.chance(found, words),
        key="what_if.ranges",
    )


def tornado(found: Answer, asked: Asked) -> None:
    """Draw what moves the result most."""
    words, titles = session.words(), session.titles()
    bars = found["tornado"][:MOST_BARS]
    if not bars:
        return
    name = "change" if found["steps"] else "profit"
    rows = [
        (*texts, bar[f"{name}_low_fen"], bar[f"{name}_high_fen"], bar["kind"])
        for texts, bar in zip(told.bar_texts(bars, words, titles), bars, strict=True)
    ]
    middle = found["scenario"]["profit_fen"] or 0
    middle -= (found["baseline"]["profit_fen"] or 0) if found["steps"] else 0
    components.chart(
        drawn.tornado(rows, middle_fen=middle, watermark=asked.watermark),
        heading=words(f"what_if.tornado_{name}"),
        note=words("what_if.tornado_note"),
        alt=words("what_if.tornado_alt", most=rows[0][0]),
        key="what_if.tornado",
    )


def break_evens(found: Answer, model: Model) -> None:
    """Draw the break-evens as sentences."""
    words, titles = session.words(), session.titles()
    said = told.break_even_sentences(found, words, titles)
    if not said:
        return
    with st.container(border=True, height="stretch"):
        st.subheader(words("what_if.break_evens"), anchor=False)
        st.markdown("\n".join(f"- {escape(each)}" for each in said[:MOST_SENTENCES]))
        if len(said) > MOST_SENTENCES:
            with st.expander(words("what_if.break_evens_more", count=len(said) - MOST_SENTENCES), key="what_if.break_evens"):
                st.markdown("\n".join(f"- {escape(each)}" for each in said[MOST_SENTENCES:]))
        st.caption(words("what_if.break_evens_note"))


def tables(found: Answer, asked: Asked) -> None:
    """Draw both sides and the steps as tables with their downloads; every workbook names every input."""
    words, titles = session.words(), session.titles()
    described = told.described(asked.scenario, words, titles)
    components.table(
        told.frame(found, words),
        told.columns(words),
        heading=words("what_if.table"),
        note=words("what_if.table_note"),
        alt=told.title(found, words),
        key="what_if.table",
        described=described,
    )
    if found["steps"]:
        components.table(
            told.steps_frame(found, words, titles),
            told.steps_columns(words),
            heading=words("what_if.steps_table"),
            note=words("what_if.steps_table_note"),
            alt=told.title(found, words),
            key="what_if.steps_table",
            described=described,
        )
