"""The alarm over every page when urged orders pile up, and their number in the menu."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import streamlit as st

from analytics import settings
from analytics.actions import urges as deeds
from analytics.domain.loads import Actor
from analytics.domain.urges import Alarm
from analytics.present import numbers
from analytics.present.labels import escape
from analytics.ui import address, import_session, navigation, opening, session, urge_board

LOOK_SECONDS = 10.0
DRAWERS = ("case", "order")  # names in the address of what is open beside a page: one thing at a time


@st.fragment(run_every=LOOK_SECONDS)
def watch() -> None:
    """Raise the alarm when it is due: new urged orders came in, enough of them wait, and nothing else lies over the page."""
    st.session_state["urges.alarm_open"] = False
    if any(address.values(name) for name in DRAWERS):
        return
    due = [alarm for alarm in of_real_shops() if alarm.is_due and not _is_put_off(alarm)]
    if st.session_state.get("urges.rehearsal"):
        due = due or [Alarm(session.words()("urge_ship.alarm.example"), 37, 10, True, False, 521_000, ())]
    if due:
        st.session_state["urges.alarm_open"] = True
        title = session.words()("urge_ship.alarm.title", orders=numbers.count(sum(alarm.waiting for alarm in due)))
        st.dialog(title, icon=":material/notifications_active:", on_dismiss=lambda: _put_off(due))(_draw)(due)


def waiting() -> int:
    """Return how many urged orders wait in the real shops, for the menu; 0 while the ledger is not open yet."""
    if not opening.of(settings.home()).is_ready:
        return 0
    return sum(alarm.waiting for alarm in of_real_shops())


def of_real_shops() -> list[Alarm]:
    """Return the alarms of the shops that are not generated ones: nobody is to be called to parcels that are not there."""
    real, _ = import_session.shops()
    return known(tuple(real), urge_board.step_of(session.now())) if real else []


def known(shops: Sequence[str], now: datetime) -> list[Alarm]:
    """Return the shops' alarms as they stand, worked out once for a state of data, marks and time."""
    return session.known(_alarms, shops=tuple(shops), now=now, queue=urge_board.queue())


def rehearse() -> None:
    """Show the alarm once as it will look; for callbacks."""
    st.session_state["urges.rehearsal"] = True


def _alarms(warehouse: object, *, actor: Actor, shops: Sequence[str], now: datetime, queue: int) -> list[Alarm]:
    found = deeds.alarms(warehouse, actor=actor, shops=shops, now=now)
    return [alarm if alarm.is_due else replace(alarm, order_ids=()) for alarm in found]  # thousands of ids, looked at when due


def _draw(due: Sequence[Alarm]) -> None:
    words = session.words()
    for alarm in due:
        said = {"shop": escape(alarm.shop), "orders": numbers.count(alarm.waiting)}
        st.markdown(words("urge_ship.alarm.shop", money=escape(numbers.money_exact(alarm.money_fen)), **said))
    st.markdown(f"**{words('urge_ship.alarm.now')}**")
    st.markdown(words("urge_ship.alarm.why"))
    with st.container(horizontal=True, gap="small"):
        if st.button(words("urge_ship.alarm.go"), type=session.emphasis(), icon=":material/arrow_forward:", key="urges.alarm.go"):
            _put_off(due)
            navigation.go("urge_ship", shop=due[0].shop if len(due) == 1 and due[0].order_ids else None)
        if st.button(words("urge_ship.alarm.not_again"), key="urges.alarm.not_again"):
            for alarm in due:
                if alarm.order_ids:
                    deeds.acknowledge(session.warehouse(), alarm, actor=session.actor(), now=session.now())
            _put_off(due)
            st.rerun()


def _put_off(due: Sequence[Alarm]) -> None:
    """Not again in this window for these orders; new ones raise it anew."""
    st.session_state["urges.rehearsal"] = False
    off = dict(st.session_state.get("urges.put_off", {}))
    st.session_state["urges.put_off"] = off | {alarm.shop: sorted({*off.get(alarm.shop, ()), *alarm.order_ids}) for alarm in due}


def _is_put_off(alarm: Alarm) -> bool:
    return set(alarm.order_ids) <= set(st.session_state.get("urges.put_off", {}).get(alarm.shop, ()))
