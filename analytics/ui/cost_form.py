"""Setting a cost: chosen and typed, weighed in money before anything is kept, saved with a receipt, taken back at a click."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from analytics.actions import costs as deeds
from analytics.actions import imports
from analytics.actions.costs import CostChange, CostEffect
from analytics.domain.costs import COST_NAMES, SHOP_SCOPE, parse_value
from analytics.domain.loads import Receipt
from analytics.domain.vocabulary import MISSING, NO_CASE, PROVINCES
from analytics.errors import OperatorError
from analytics.present import cost_table, numbers
from analytics.present.account import month_name
from analytics.present.labels import escape
from analytics.store import questions
from analytics.ui import address, components, session
from analytics.ui.cost_views import Costs

OFF = "off"
WHOLE_SHOP = "shop"


@dataclass(frozen=True)
class Weighed:
    """What was weighed, on which version of the data, and what came of it."""

    change: CostChange
    version: int
    effect: CostEffect


def draw(costs: Costs) -> None:
    """Draw the form for who may manage the shop's costs; others are told who may."""
    words = session.words()
    with st.container(border=True, height="stretch"):
        st.subheader(words("costs.form"), anchor=False)
        if session.actor().role != "manage":
            st.info(words("costs.not_yours"), icon=":material/lock:")
            return
        change = _change(costs)
        if st.button(words("costs.weigh"), type=session.emphasis(), icon=":material/calculate:", key="costs.weigh"):
            _weigh(change)
        _problem(change)
        weighed = st.session_state.get("costs.weighed")
        if weighed and weighed.change == change and weighed.version == session.warehouse().version():
            _told(costs, weighed)
        _receipt()


def _change(costs: Costs) -> CostChange:
    """Draw the fields and return what stands in them."""
    words = session.words()
    first = next((name for name, _ in cost_table.first_to_set(costs.assumed, words)), "return_freight")
    options = {
        name: words("costs.in_group", group=words(f"costs.group.{group}"), title=cost_table.title_of(name, words))
        for group, names in cost_table.GROUPS.items()
        for name in names
    }
    name = address.select(st.selectbox, words("costs.which_setting"), "cost", options, first)
    st.caption(words(f"costs.about.{name}"))
    scope = _scope(costs, name)
    value = _value(name)
    return CostChange(name, value, _first_day(), scope, costs.shop)


def _scope(costs: Costs, name: str) -> str:
    """Where it shall hold: the whole shop, or one of the products, provinces or reasons that the shop has."""
    words, titles = session.words(), session.titles()
    kinds = {WHOLE_SHOP: words("costs.whole_shop"), **{kind: titles.of_dimension(kind) for kind in COST_NAMES[name].scopes}}
    kinds = {kind: title[:1].upper() + title[1:] for kind, title in kinds.items()}
    kind = st.segmented_control(
        words("costs.scope"),
        list(kinds),
        default=WHOLE_SHOP,
        required=True,
        format_func=kinds.get,
        key=f"costs.scope.{len(kinds)}",
        help=words("costs.scope_help"),
    )
    if kind == WHOLE_SHOP:
        return SHOP_SCOPE
    found = _scope_values(costs, kind)
    value = st.selectbox(kinds[kind], list(found), format_func=found.get, index=None, key=f"costs.scope.of.{kind}")
    return f"{kind}:{value or ''}"


def _scope_values(costs: Costs, kind: str) -> dict[str, str]:
    """The shop's own products (by name), provinces or reasons, those with most money first."""
    titles = session.titles()
    if kind == "product":
        sold = costs.goods.sort_values("sold_fen", ascending=False)["product_id"]
        return {product: f"{titles('product', product)} · {product}" for product in sold if product}
    groups = session.ask(questions.losses_by, dimensions=(kind,), shops=(costs.shop,))[kind]
    known = [group for group in groups if group not in (MISSING, NO_CASE)]
    return {group: group for group in known if kind != "province" or group in PROVINCES}


def _value(name: str) -> str:
    """The value as typed, or that the setting shall be switched off."""
    words = session.words()
    unit = COST_NAMES[name].unit
    kinds = {"set": words("costs.mode.set"), OFF: words("costs.mode.off")}
    mode = st.segmented_control(
        words("costs.mode"),
        list(kinds),
        default="set",
        required=True,
        format_func=kinds.get,
        key="costs.mode",
        help=words("costs.mode_help"),
    )
    if mode == OFF:
        return OFF
    label, hint = words(f"costs.value.{unit}"), words(f"costs.value_hint.{unit}")
    return st.text_input(label, placeholder=hint, key=f"costs.value.{unit}").strip()


def _first_day() -> date | None:
    """From which day on; None: always."""
    words = session.words()
    kinds = {"always": words("costs.always"), "from": words("costs.from_day")}
    options = {"default": "always", "required": True, "format_func": kinds.get, "key": "costs.since"}
    if st.segmented_control(words("costs.since"), list(kinds), **options) == "always":
        return None
    return st.date_input(words("costs.first_day"), session.now().date(), key="costs.day", format="YYYY-MM-DD")


def _weigh(change: CostChange) -> None:
    """Ask what the change would do; a value that cannot be read is answered, and what was typed stays."""
    held = session.warehouse()
    st.session_state.pop("costs.saved", None)
    wrong = _wrong(change)
    st.session_state["costs.problem"] = (change, wrong)
    if wrong:
        return
    version = held.version()
    try:
        with st.spinner(session.words()("costs.weighing")):
            effect = deeds.weigh_cost(held, change, actor=session.actor(), now=session.now())
    except OperatorError as error:
        st.session_state["costs.problem"] = (change, str(error))
        return
    st.session_state["costs.weighed"] = Weighed(change, version, effect)


def _wrong(change: CostChange) -> str:
    """What is wrong with the fields, in the reader's language and the form's own words; '' for nothing."""
    words = session.words()
    if change.scope.endswith(":"):
        return words("costs.choose_scope")
    if not change.value:
        return words("costs.nothing_typed")
    try:
        parse_value(change.name, change.value)
    except OperatorError:
        cost = COST_NAMES[change.name]
        highest = cost_table.shown_value(cost.name, cost.highest, words)
        return words(f"costs.bad_value.{cost.unit}", found=change.value, highest=highest)
    return ""


def _problem(change: CostChange) -> None:
    """Show what is wrong with exactly what stands in the fields."""
    checked, wrong = st.session_state.get("costs.problem", (None, ""))
    if checked == change and wrong:
        st.error(escape(wrong), icon=":material/error:")


def _told(costs: Costs, weighed: Weighed) -> None:
    """Say what the change replaces and does, by month too, and offer to keep it."""
    words, effect = session.words(), weighed.effect
    st.markdown(escape(_replaces(costs, weighed.change)))
    st.info("  \n".join(escape(line) for line in _sentences(effect)), title=words("costs.would_be"), icon=":material/balance:")
    if effect.months:
        months = pd.DataFrame(effect.months)
        months["month"] = [month_name(month, words) for month in months["month"]]
        components.table(
            months,
            cost_table.month_columns(words, with_unknown=effect.unknown_before != effect.unknown_after),
            heading=words("costs.by_month"),
            note=words("costs.by_month_note"),
            alt=words("costs.by_month_alt"),
            key="costs.months",
            described=costs.described,
        )
    options = {"type": session.emphasis(), "icon": ":material/save:", "key": "costs.save"}
    st.button(words("costs.save"), on_click=_save, args=(weighed,), **options)


def _replaces(costs: Costs, change: CostChange) -> str:
    """What held so far where the new value will hold; one of exactly the same day is replaced."""
    words = session.words()
    title = cost_table.title_of(change.name, words)
    same = cost_table.starting(costs.listed, change.name, change.scope, change.effective_from)
    day = change.effective_from or date.min
    before = same or cost_table.in_force(costs.listed, change.name, change.scope, day)
    if before is None:
        return words("costs.replaces_wider", title=title)
    value = cost_table.shown_value(before.name, before.value, words)
    key = "same_day" if same else "before"
    return words(f"costs.replaces.{key}", title=title, value=value, source=cost_table.source_text(before, words))


def _sentences(effect: CostEffect) -> list[str]:
    words = session.words()
    if not effect.case_count:
        return [words("costs.no_change")]
    sign = "+" if effect.change_fen > 0 else ""
    told = [
        words(
            "costs.change",
            change=f"{sign}{numbers.money_exact(effect.change_fen)}",
            cases=numbers.count(effect.case_count),
            before=numbers.money_exact(effect.before_fen),
            after=numbers.money_exact(effect.after_fen),
        )
    ]
    moved = effect.unknown_after - effect.unknown_before
    if moved:
        told.append(words(f"costs.{'become_unknown' if moved > 0 else 'become_known'}", refunds=numbers.count(abs(moved))))
    return told


def _save(weighed: Weighed) -> None:
    """Keep the change; in a callback, so that the whole page is drawn from what then holds.

    Only what was read is kept: when somebody has changed the data since, it has to be weighed anew.
    """
    change = weighed.change
    if st.session_state.pop("costs.weighed", None) is None:
        return  # the second press of an impatient hand: it is saved
    if weighed.version != session.warehouse().version():
        st.session_state["costs.problem"] = (change, session.words()("costs.changed_meanwhile"))
        return
    try:
        receipt = deeds.save_cost(session.warehouse(), change, actor=session.actor(), now=session.now())
    except OperatorError as error:
        st.session_state["costs.problem"] = (change, str(error))
        return
    st.session_state["costs.saved"] = (change, receipt)
    st.session_state[f"costs.value.{COST_NAMES[change.name].unit}"] = ""


def _receipt() -> None:
    """Say what was saved, and offer to take it back."""
    words = session.words()
    change, receipt = st.session_state.get("costs.saved", (None, None))
    if receipt is None:
        return
    value, _ = parse_value(change.name, change.value)
    what = cost_table.setting_text((change.name, change.scope, value, change.effective_from), session.titles(), words)
    told = words("costs.saved", what=what, load_id=receipt.load_id, name=receipt.loaded_by)
    st.success(escape(told), icon=":material/check_circle:")
    options = {"icon": ":material/undo:", "key": "costs.undo"}
    st.button(words("costs.undo"), on_click=take_back, args=(receipt,), **options)


def take_back(receipt: Receipt) -> None:
    """Take the load of a setting back; for callbacks."""
    try:
        imports.undo_import(session.warehouse(), receipt.load_id, actor=session.actor(), now=session.now())
    except OperatorError as error:
        st.session_state["costs.refused"] = error
    st.session_state.pop("costs.saved", None)
    st.session_state.pop("costs.weighed", None)
