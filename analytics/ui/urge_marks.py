"""What is done with chosen orders: taken, marked, put off, dismissed, a delay filed; what came of it, and the way back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.actions import urges as deeds
from analytics.domain.urges import Marked, SeenOrder
from analytics.errors import OperatorError
from analytics.present import numbers, urge_out, urges
from analytics.present.labels import DEFAULT_LANGUAGE, escape
from analytics.ui import session, urge_board

Key = tuple[str, str]  # shop and order id
SIMPLE = {"taken": "back_hand", "contacted": "call", "shipped": "local_shipping"}
DISMISS_REASONS = ("cancelled", "no_stock", "doubtful", "settled")
LONGEST_REASON = 60
WORK_BEGINS = time(9)


def keys_of(rows: pd.DataFrame) -> list[Key]:
    """Return what names each row."""
    return list(zip(rows["shop"], rows["order_id"], strict=True))


def picked() -> dict[Key, int]:
    """Return the chosen orders, each with the last mark on it that the page has shown."""
    return st.session_state.setdefault("urges.picked", {})


def places(keys: Sequence[Key]) -> list[int]:
    """Return where the chosen orders stand among rows."""
    chosen = picked()
    return [place for place, key in enumerate(keys) if key in chosen]


def take(widget: str, keys: Sequence[Key]) -> None:
    """Choose the rows that are ticked in a table and no others of it; for callbacks."""
    rows = st.session_state[widget]["selection"]["rows"]
    kept = {key: event for key, event in picked().items() if key not in set(keys)}
    seen = st.session_state.get("urges.seen", {})
    st.session_state["urges.picked"] = kept | {keys[row]: seen.get(keys[row], 0) for row in rows if row < len(keys)}


def pick(rows: pd.DataFrame) -> None:
    """Choose exactly these rows; for callbacks."""
    events = rows["last_event_id"].astype("Int64").fillna(0)
    _choose({key: int(event) for key, event in zip(keys_of(rows), events, strict=True)})


def toggle(key: Key) -> None:
    """Choose an order, or not any more; for callbacks."""
    chosen = dict(picked())
    if chosen.pop(key, None) is None:
        chosen[key] = st.session_state.get("urges.seen", {}).get(key, 0)
    st.session_state["urges.picked"] = chosen


def see(rows: pd.DataFrame) -> None:
    """Note the last mark on every row that is shown: whoever marks it now has seen that one."""
    events = rows["last_event_id"].astype("Int64").fillna(0)
    seen = {key: int(event) for key, event in zip(keys_of(rows), events, strict=True)}
    st.session_state["urges.seen"] = seen
    st.session_state["urges.picked"] = {key: seen.get(key, event) for key, event in picked().items()}


def bar(foot: DeltaGenerator) -> None:
    """Draw at the foot of the window what can be done with the chosen orders; nothing where none are."""
    chosen = picked()
    if not chosen or not urge_board.may_mark():
        return
    words = session.words()
    with foot, st.container(border=True, gap="xsmall", key="urges.bar"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{words('urge_ship.chosen', orders=numbers.count(len(chosen)))}**", width="content")
            buttons(chosen, "bar")
            st.button(words("urge_ship.choose_none"), on_click=_choose, args=({},), type="tertiary", key="urges.none")
        st.caption(
            words("urge_ship.only_here") + ("" if st.session_state.get("person") else f" {words('urge_ship.who_are_you')}")
        )


def buttons(orders: Mapping[Key, int], place: str) -> None:
    """Draw every mark that can be set on these orders."""
    words = session.words()
    for mark in SIMPLE:
        button(orders, mark, place)
    with st.popover(words("urge_ship.mark.snoozed"), icon=":material/snooze:", key=f"urges.{place}.snoozed"):
        _snooze(orders, place)
    with st.popover(words("urge_ship.mark.dismissed"), icon=":material/block:", key=f"urges.{place}.dismissed"):
        _dismiss(orders, place)
    with st.popover(words("urge_ship.mark.delayed"), icon=":material/event_upcoming:", key=f"urges.{place}.delayed"):
        _delay(orders, place)
    release = {"icon": ":material/undo:", "type": "tertiary", "key": f"urges.{place}.released"}
    st.button(words("urge_ship.mark.released"), on_click=_mark, args=(dict(orders), "released"), **release)


def button(orders: Mapping[Key, int], mark: str, place: str, width: str = "content") -> None:
    """Draw the button of one simple mark."""
    look = {"icon": f":material/{SIMPLE[mark]}:", "key": f"urges.{place}.{mark}", "width": width}
    emphasis = session.emphasis() if mark == "taken" else "secondary"
    st.button(session.words()(f"urge_ship.mark.{mark}"), on_click=_mark, args=(dict(orders), mark), type=emphasis, **look)


def _snooze(orders: Mapping[Key, int], place: str) -> None:
    words, now = session.words(), session.now().replace(second=0, microsecond=0)
    tomorrow = datetime.combine(now.date() + timedelta(days=1), WORK_BEGINS)
    for name, until in {"hour": now + timedelta(hours=1), "hours": now + timedelta(hours=3), "tomorrow": tomorrow}.items():
        label = words(f"urge_ship.snooze.{name}", at=urges.moment(until, now))
        st.button(
            label, on_click=_mark, args=(dict(orders), "snoozed"), kwargs={"until": until}, key=f"urges.{place}.snooze.{name}"
        )
    key = f"urges.{place}.until"
    st.datetime_input(words("urge_ship.snooze.until"), value=None, min_value=now, key=key, format="YYYY-MM-DD")
    st.button(words("urge_ship.snooze.set"), on_click=_mark_until, args=(dict(orders), key), key=f"urges.{place}.snooze.set")


def _dismiss(orders: Mapping[Key, int], place: str) -> None:
    words, key = session.words(), f"urges.{place}.reason"
    reasons = {reason: words(f"urge_ship.dismiss.{reason}") for reason in DISMISS_REASONS}
    for reason, title in reasons.items():
        said = {"kwargs": {"reason": title}, "key": f"urges.{place}.dismiss.{reason}"}
        st.button(title, on_click=_mark, args=(dict(orders), "dismissed"), **said)
    st.text_input(words("urge_ship.dismiss.other"), key=key, max_chars=LONGEST_REASON)
    st.button(words("urge_ship.dismiss.set"), on_click=_mark_reason, args=(dict(orders), key), key=f"urges.{place}.dismiss.set")


def _delay(orders: Mapping[Key, int], place: str) -> None:
    """The reason, the new day, and what to tell the buyers, to be copied."""
    words, today = session.words(), session.now().date()
    reasons = {words(f"urge_ship.delay_reason.{reason}"): reason for reason in urge_out.DELAY_REASONS}
    key = f"urges.{place}.delay"
    title = st.selectbox(
        words("urge_ship.delay.reason"), list(reasons), accept_new_options=True, key=f"{key}.reason.{words.language}"
    )
    until = {"value": today + timedelta(days=2), "min_value": today, "format": "YYYY-MM-DD"}
    day = st.date_input(words("urge_ship.delay.day"), key=f"{key}.day", **until)
    if not title or day is None:
        return
    title = title[:LONGEST_REASON]
    st.caption(words("urge_ship.delay.tell"))
    st.code(urge_out.buyers_text(reasons.get(title, title), day), language=None, wrap_lines=True)
    if words.language != DEFAULT_LANGUAGE:
        st.caption(urge_out.buyers_text(reasons.get(title, title), day, words))
    said = {"until": datetime.combine(day, time(23, 59)), "reason": title}
    st.button(words("urge_ship.delay.set"), on_click=_file_delay, args=(dict(orders),), kwargs=said, key=f"{key}.set")
    st.caption(words("urge_ship.delay.note"))


def told(foot: DeltaGenerator) -> None:
    """Say at the foot of the window, where it moves no row, what came of the last action, and offer the way back."""
    with foot:
        _told()


def _told() -> None:
    words, last = session.words(), st.session_state.get("urges.told")
    if refused := st.session_state.get("urges.refused"):
        st.error(escape(refused), icon=":material/error:")
    if last is None:
        return
    for (who, mark, at), count in last["clashes"].items():
        said = {"who": escape(who), "at": at, "orders": numbers.count(count), "mark": words(f"urge_ship.done.{mark}")}
        st.warning(words("urge_ship.clash", **said), icon=":material/group:")
    if not last["orders"] and last["clashes"]:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="urges.told_row"):
        done = words("urge_ship.told", orders=numbers.count(last["orders"]), mark=words(f"urge_ship.done.{last['mark']}"))
        st.markdown(f":material/check_circle: {done}", width="content")
        if last["mark"] != "undone":
            st.button(words("urge_ship.undo"), on_click=_undo, args=(last["batch"],), icon=":material/undo:", key="urges.undo")
        st.button(words("urge_ship.told_away"), on_click=_forget, type="tertiary", icon=":material/close:", key="urges.told_away")


def _forget() -> None:
    st.session_state["urges.told"] = None


def _choose(wanted: dict[Key, int]) -> None:
    st.session_state["urges.picked"] = wanted
    st.session_state["urges.round"] = st.session_state.get("urges.round", 0) + 1  # the tables take the choice over


def _seen(orders: Mapping[Key, int]) -> list[SeenOrder]:
    return [SeenOrder(shop, order_id, event) for (shop, order_id), event in orders.items()]


def _mark(orders: Mapping[Key, int], mark: str, *, until: datetime | None = None, reason: str = "") -> None:
    _try(mark, orders, partial(deeds.mark_orders, session.warehouse(), _seen(orders), mark, until=until, reason=reason))


def _mark_until(orders: Mapping[Key, int], key: str) -> None:
    _mark(orders, "snoozed", until=st.session_state.get(key))


def _mark_reason(orders: Mapping[Key, int], key: str) -> None:
    _mark(orders, "dismissed", reason=(st.session_state.get(key) or "").strip()[:LONGEST_REASON])


def _file_delay(orders: Mapping[Key, int], *, until: datetime, reason: str) -> None:
    _try("delayed", orders, partial(deeds.file_delay, session.warehouse(), _seen(orders), until=until, reason=reason))


def _undo(batch: int) -> None:
    _try("undone", (), partial(deeds.undo_marks, session.warehouse(), batch))


def _try(mark: str, orders: Collection[Key], deed: partial[Marked]) -> None:
    """Do it and keep what came of it for the page; when it is refused the choice stays, and the page says why."""
    st.session_state["urges.refused"] = None
    try:
        done = deed(actor=session.actor(), now=session.now())
    except OperatorError as error:
        st.session_state["urges.refused"] = str(error)
        return
    clashes: dict[tuple[str, str, str], int] = {}
    for clash in done.clashes:
        group = (clash.actor, clash.mark, urges.moment(clash.happened_at, session.now()))
        clashes[group] = clashes.get(group, 0) + 1
    told = {"mark": mark, "batch": done.batch_id, "orders": len(done.orders), "clashes": clashes}
    st.session_state["urges.told"] = told
    st.session_state["urges.changed"] = True
    _choose({key: event for key, event in picked().items() if key not in orders})
