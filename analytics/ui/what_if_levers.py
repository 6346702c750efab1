"""The levers of a scenario, each with the shop's present value; what was turned stands in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from analytics.domain.costs import COST_NAMES
from analytics.domain.what_if import chain, levers
from analytics.domain.what_if.levers import OTHERS, Amount, Lever
from analytics.errors import OperatorError
from analytics.present import what_if as told
from analytics.present.labels import escape
from analytics.ui import address, components, session, what_if_scope
from analytics.ui.what_if_scope import Asked

# What a slider says of a lever, how large one of it is in the lever's unit, and how fine it moves.
PER_TYPED = {"fen": 100.0, "ppm": 10_000.0, "centiminutes": 100.0, "share": 0.01, "points": 0.01, "hours": 1.0, "factor": 0.01}
STEPS = {"fen": 0.1, "ppm": 1.0, "centiminutes": 0.5, "share": 0.1, "points": 0.5, "hours": 1.0, "factor": 5.0}
FORMATS = {
    "fen": "¥%.2f",
    "ppm": "%g%%",
    "centiminutes": "%g",
    "share": "%.1f%%",
    "points": "%.1f%%",
    "hours": "%g",
    "factor": "%g%%",
}
LEAST_REACH = {"fen": 5.0, "ppm": 10.0, "centiminutes": 10.0, "share": 10.0, "hours": 48.0}
REACH = 3.0  # times the present value
STAGES = ("before_shipment", "intercepted", "returned", "kept", "price_cut")
TOOLS = ("small_payment", "coupon", "priority_ship")  # handling of urges is the lever on hours
FREIGHT = ("outbound_freight", "packing", "return_freight", "merchant_bears_return", "intercept_fee", "freight_insurance")
WORK = ("hourly_wage", "inspection", "damage_rate_returned", "damage_rate_intercepted")
INSURANCE = ("", "on", "off")
MORE = "what_if.more"


@dataclass(frozen=True)
class Slider:
    """How far a lever goes, in what is typed: from, to, where it is now; None where no single value holds."""

    low: float
    high: float
    now: float | None


def draw(asked: Asked) -> None:
    """Draw the levers by what they belong to, and the way back to the shop as it is."""
    words = session.words()
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.subheader(words("what_if.levers"), anchor=False, width="content")
            options = {"type": "tertiary", "icon": ":material/restart_alt:", "disabled": not asked.scenario.levers}
            st.button(words("what_if.reset"), on_click=what_if_scope.put_all, args=((),), key="what_if.reset", **options)
        st.caption(words("what_if.levers_note"))
        _refunds(asked)
        _shipping(asked)
        _group(asked, "freight", FREIGHT, _insurance)
        _group(asked, "goods", ("goods_cost", "ad_spend", "acquisition_rate"), None)
        _group(asked, "work", ("handling_minutes", *WORK), None)
        _dropped(asked)
        _more(asked)


def _refunds(asked: Asked) -> None:
    """The refund rate as a whole or by stage; by one reason where somebody chooses one."""
    words, titles = session.words(), session.titles()
    with st.expander(words("what_if.group.refunds"), expanded=True, key="what_if.group.refunds"):
        reasons = ["", *asked.model.book.texts["reason"]]
        reason = st.selectbox(
            words("what_if.reason"),
            reasons,
            format_func={each: titles("reason", each) if each else words("what_if.every_reason") for each in reasons}.get,
            key="what_if.reason",
        )
        of = (("reason", reason),) if reason else ()
        for stage in STAGES:
            _slider(asked, Lever("refund_rate", (("stage", stage), *of)))
        if any(lever.name == "refund_rate" and lever.named("stage") == "before_shipment" for lever in asked.scenario.levers):
            _slider(asked, Lever("later_refund_rate"))
            st.caption(words("what_if.trap_note"))


def _shipping(asked: Asked) -> None:
    """Hours to ship and the use of the tools, each with what its results say, or the assumption that takes its place."""
    words = session.words()
    with st.expander(words("what_if.group.tools"), key="what_if.group.tools"):
        if asked.model.known.waiting.present:
            _slider(asked, Lever("ship_hours"))
            _evidence(asked, "urge_ship")
            _slider(asked, Lever("effect", (("tool", OTHERS),)))
            st.caption(words("what_if.others_note"))
        for tool in TOOLS:
            use = asked.model.known.uses.get(tool)
            if use is not None and use.eligible:
                _slider(asked, Lever("uptake", (("tool", tool),)))
                _evidence(asked, tool)


def _evidence(asked: Asked, tool: str) -> None:
    """Say what is known of a tool's effect; while a lever draws on it and nothing is known, ask for the assumption."""
    words, estimate = session.words(), asked.model.known.effects.get(tool)
    if estimate is not None:
        ends = {"effect": estimate.effect, "low": estimate.low, "high": estimate.high}
        said = {name: f"{value * 100:+.1f}" for name, value in ends.items()}
        st.caption(
            f":{told.GRADES[estimate.grade]}-badge[{words('what_if.grade', grade=estimate.grade)}] "
            + words("what_if.known_effect", **said)
        )
    else:
        st.caption(f":gray-badge[{words('what_if.assumption')}] " + words("what_if.no_effect"))
    is_drawn_on = any(
        (lever.name == "uptake" and lever.named("tool") == tool) or (lever.name == "ship_hours" and tool == "urge_ship")
        for lever in asked.scenario.levers
    )
    if is_drawn_on:
        _slider(asked, Lever("effect", (("tool", tool),)))


def _group(asked: Asked, name: str, names: Sequence[str], first: object) -> None:
    words = session.words()
    with st.expander(words(f"what_if.group.{name}"), key=f"what_if.group.{name}"):
        if callable(first):
            first(asked)
        for each in names:
            if each != "ad_spend" or chain.ad_spend_fen(asked.model):
                _slider(asked, Lever(each))


def _insurance(asked: Asked) -> None:
    words = session.words()
    lever, key = what_if_scope.held("insurance"), "what_if.insurance"
    st.session_state[key] = lever.word if lever else ""
    share = chain.insured_share(asked.model)
    names = {"": words("what_if.insurance.as_is", share=f"{share:.0%}")}
    names |= {word: words(f"what_if.insurance.{word}") for word in ("on", "off")}

    title = told.lever_name(Lever("insurance"), words, session.titles())
    st.segmented_control(
        title,
        INSURANCE,
        format_func=names.get,
        required=True,
        key=key,
        on_change=_take_insurance,
        help=words("what_if.insurance.help"),
    )


def _take_insurance() -> None:
    word, lever = st.session_state["what_if.insurance"], what_if_scope.held("insurance")
    if word:
        what_if_scope.turn(Lever("insurance", word=word))
    elif lever is not None:
        what_if_scope.put_back(lever)


def _dropped(asked: Asked) -> None:
    """Streamers and products that are left out."""
    words, titles = session.words(), session.titles()
    with st.expander(words("what_if.group.drop"), key="what_if.group.drop"):
        for kind in ("streamer", "product"):
            name = f"drop_{kind}"
            key = f"what_if.{name}"
            st.session_state[key] = [lever.word for lever in asked.scenario.levers if lever.name == name]
            st.multiselect(
                told.lever_name(Lever(name), words, titles),
                list(asked.model.book.texts[kind]),
                format_func={each: titles(kind, each) for each in asked.model.book.texts[kind]}.get,
                placeholder=words("what_if.none"),
                key=key,
                on_change=_drop,
                args=(name, key),
            )
        st.caption(words("what_if.drop_note"))


def _drop(name: str, key: str) -> None:
    wanted = st.session_state[key]
    others = [lever for lever in what_if_scope.turned() if lever.name != name]
    what_if_scope.put_all([*others, *(Lever(name, word=word) for word in wanted)], address.value(what_if_scope.PLAN))


def _more(asked: Asked) -> None:
    """Every other cost, and levers that were turned elsewhere: by a link, a file, for one product or from a day on."""
    words = session.words()
    shown = {*FREIGHT, *WORK, "acquisition_rate"}
    others = {name: words.term((cost.chinese, cost.english)) for name, cost in COST_NAMES.items() if name not in shown}
    strange = [
        lever
        for lever in asked.scenario.levers
        if lever.amount is not None and lever.name in COST_NAMES and (lever.of or lever.name in others)
    ]
    with st.expander(words("what_if.group.more"), expanded=bool(strange), key="what_if.group.more"):
        for lever in strange:
            _slider(asked, Lever(lever.name, lever.of))
        left = ["", *(name for name in others if name not in {lever.key for lever in strange})]
        names = {"": words("what_if.more_hint"), **others}
        chosen = st.selectbox(words("what_if.more"), left, format_func=names.get, key=MORE)
        if chosen:
            _slider(asked, Lever(chosen))


def _slider(asked: Asked, lever: Lever) -> None:
    """Draw one lever: its name, its present value, the slider, and once it is turned its range and the way back."""
    words, titles = session.words(), session.titles()
    turned = what_if_scope.held(lever.key)
    now = chain.present_value(asked.model, lever)
    is_factor = lever.kind.unit == "factor" or lever.name == "ad_spend" or (isinstance(now, str) and lever.name in COST_NAMES)
    found = _reach(lever, now, turned, is_factor=is_factor)
    unit = "factor" if is_factor else lever.kind.unit
    key = f"what_if.slide.{lever.key}"
    value = (
        turned.amount.likely / PER_TYPED[unit] if turned and turned.amount and turned.amount.is_factor == is_factor else found.now
    )
    st.session_state[key] = min(max(value if value is not None else found.low, found.low), found.high)
    shown = now if isinstance(now, str) else levers.show(lever.kind, now)
    present = told.value_text(lever.name, shown, words) if shown else ""
    badge = f":{'orange' if turned else 'gray'}-badge[{escape(words('what_if.now', value=present or words('what_if.unset')))}]"
    name = escape(told.lever_name(lever, words, titles))
    options = {"min_value": found.low, "max_value": found.high, "step": STEPS[unit], "format": FORMATS[unit]}
    st.slider(f"{name} {badge}", key=key, on_change=_take, args=(lever, unit, found.now), **options)
    if turned is not None:
        _turned(turned, unit)


def _reach(lever: Lever, now: float | str, turned: Lever | None, *, is_factor: bool) -> Slider:
    if is_factor:
        return Slider(0.0, 300.0 if turned and turned.amount and turned.amount.likely > 2 else 200.0, 100.0)
    per, unit = PER_TYPED[lever.kind.unit], lever.kind.unit
    value = None if isinstance(now, str) else now / per
    if unit == "points":
        return Slider(-50.0, 20.0, 0.0 if value is None else value)
    wanted = turned.amount.likely / per if turned and turned.amount and not turned.amount.is_factor else 0.0
    reach = max(REACH * (value or 0), LEAST_REACH.get(unit, 1.0), wanted)
    if unit in {"share", "ppm"} and lever.kind.highest <= 1_000_000:
        reach = min(reach, 100.0)
    return Slider(0.0, float(round(reach, 2)), value)


def _take(lever: Lever, unit: str, now: float | None) -> None:
    """Keep what the slider was released at; back at the present value the lever is no longer turned."""
    value = st.session_state[f"what_if.slide.{lever.key}"]
    if now is not None and abs(value - now) < STEPS[unit] / 2:
        what_if_scope.put_back(lever)
        return
    likely = value * PER_TYPED[unit]
    amount = Amount(likely, likely, likely, is_factor=unit == "factor")
    what_if_scope.turn(Lever(lever.name, lever.of, amount))


def _turned(lever: Lever, unit: str) -> None:
    """Under a lever that is turned: how uncertain the value is, and the way back."""
    words = session.words()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        has_range = lever.amount is not None and lever.amount.has_range
        label = words("what_if.range_set" if has_range else "what_if.range")
        with st.popover(label, icon=":material/expand:", key=f"what_if.range.{lever.key}"):
            st.caption(words("what_if.range_note"))
            with st.form(f"what_if.range_form.{lever.key}", border=False):
                ends = {end: _end_input(lever, end, unit) for end in ("low", "high")}
                if st.form_submit_button(words("what_if.range_take")):
                    _take_range(lever, ends, unit)
        back = {"type": "tertiary", "icon": ":material/undo:", "key": f"what_if.back.{lever.key}"}
        st.button(words("what_if.back"), on_click=what_if_scope.put_back, args=(lever,), **back)


def _end_input(lever: Lever, end: str, unit: str) -> float:
    assert lever.amount is not None
    value = getattr(lever.amount, end) / PER_TYPED[unit if lever.amount.is_factor == (unit == "factor") else "factor"]
    return st.number_input(
        session.words()(f"what_if.range_{end}"),
        value=float(value),
        step=STEPS[unit],
        format="%.2f",
        key=f"what_if.{end}.{lever.key}",
    )


def _take_range(lever: Lever, ends: dict[str, float], unit: str) -> None:
    assert lever.amount is not None
    low, high = (ends[end] * PER_TYPED[unit] for end in ("low", "high"))
    wanted = Lever(lever.name, lever.of, Amount(lever.amount.likely, low, high, lever.amount.is_factor))
    try:
        levers.parse(wanted.key, wanted.value)
    except OperatorError as error:
        components.problem(error)
        return
    what_if_scope.turn(wanted)
    st.rerun()
