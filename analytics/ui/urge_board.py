"""What the page 催发货 stands on: whose list, as of when, how fresh it is, and the answers kept between two clicks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from analytics.actions import urges as deeds
from analytics.domain.loads import Actor
from analytics.domain.urges import Freshness
from analytics.present import urges
from analytics.present.labels import escape
from analytics.present.urges import Glance, Wanted
from analytics.ui import address, components, filters, import_session, session, urge_drop

STEP = timedelta(minutes=5)  # the ranking changes with time as well; this often is often enough
POLL_SECONDS = 5.0
ORDER = "order"  # the drawer of one order, in the address


@dataclass(frozen=True)
class Board:
    """The shops looked at, the moment for which their list is ranked, how fresh each one's data is, and the summary.

    A generated shop's clock stands where its data ends: its list would else be days old for ever.
    """

    shops: tuple[str, ...]
    is_sample: bool
    now: datetime
    fresh: tuple[Freshness, ...]
    summary: urges.Summary

    @property
    def watermark(self) -> str:
        """What is written over charts of a generated shop."""
        return session.words()("sample.watermark") if self.is_sample else ""

    @property
    def has_list(self) -> bool:
        """Whether any file told which orders were urged."""
        return any(shop.list_until is not None for shop in self.fresh)


def look() -> Board:
    """Draw the choice of shops and return the board; without any shop the page says how to get the list, and stops."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
        shops, is_sample = filters.shops_chosen()
    if is_sample:
        components.sample_notice()
    if not shops:
        st.title(session.words()("urge_ship.sentence_no_list"), anchor=False)
        urge_drop.guide()
        urge_drop.zone()
        st.stop()
    now = step_of(session.now())
    fresh = _fresh(shops, now)
    if is_sample:
        now = max((shop.until for shop in fresh if shop.until), default=now)
        fresh = _fresh(shops, now)
    remember(now)
    return Board(tuple(shops), is_sample, now, fresh, session.known(_summary, shops=tuple(shops), now=now, queue=queue()))


def standing(board: Board) -> None:
    """Say until when each shop's data goes and how long ago that was; what is too old to act on warns."""
    words = session.words()
    if board.is_sample:
        st.caption(words("urge_ship.sample_clock", at=f"{board.now:%Y-%m-%d %H:%M}"))
    for shop in () if board.is_sample else board.fresh:
        said = urges.freshness(shop, session.now(), words)
        if len(board.fresh) > 1:
            said = f"{escape(shop.shop)}：{said}" if words.language == "zh" else f"{escape(shop.shop)}: {said}"
        if shop.is_stale:
            st.warning(f"{said}{words('urge_ship.stale')}", icon=":material/history:")
        else:
            st.caption(said)
        if shop.unknown_orders:
            st.caption(words("urge_ship.unknown_orders", count=shop.unknown_orders))
    if not board.has_list:
        urge_drop.guide()


@st.fragment(run_every=POLL_SECONDS)
def watch(board: Board) -> None:
    """Draw the page anew when somebody marked something, data came in or time went on, but never under a hand at work."""
    now = board.now if board.is_sample else step_of(session.now())
    if st.session_state.get("urges.drawn") == _state(now):
        return
    words = session.words()
    if not is_at_work():
        st.rerun()
    st.info(words("urge_ship.moved"), icon=":material/update:")
    if st.button(words("stale.refresh"), key="urges.refresh"):
        st.rerun()


def is_at_work() -> bool:
    """Whether rows are chosen or an order's drawer or the alarm is open: nothing may move then by itself."""
    return bool(st.session_state.get("urges.picked") or address.values(ORDER) or st.session_state.get("urges.alarm_open"))


def glance(board: Board, wanted: Wanted) -> Glance:
    """Return what the list shows; worked out once for a state of data, marks and time."""
    asked = {"view": wanted.view, "text": wanted.text, "by": wanted.by, "capacity": wanted.capacity}
    return session.known(_glance, shops=board.shops, now=board.now, queue=queue(), language=session.language(), **asked)


def everything(board: Board) -> pd.DataFrame:
    """Return the whole list with its marks as they are now."""
    held = session.warehouse()
    return listed(held, actor=session.actor(), shops=board.shops, now=board.now)


def listed(warehouse: object, *, actor: Actor, shops: Sequence[str], now: datetime) -> pd.DataFrame:
    """List what waits with what is marked on it: the slow part is kept, the marks are always those of this moment."""
    waiting = session.known(deeds.open_orders, shops=tuple(shops), now=now)
    return deeds.with_marks(waiting, warehouse, actor=actor, shops=shops, now=now, tab=None)


def queue() -> int:
    """Return the version of the marks."""
    return deeds.queue_version(session.warehouse())


def step_of(now: datetime) -> datetime:
    """Return the last whole step of time: what is ranked for it holds until the next."""
    return now - (now - datetime.min) % STEP


def remember(now: datetime) -> None:
    """Note what the page has been drawn from."""
    st.session_state["urges.drawn"] = _state(now)


def may_mark() -> bool:
    """Whether the person who works may mark orders."""
    return import_session.may_import()


def _state(now: datetime) -> list[object]:
    return [session.warehouse().version(), queue(), now]


def _fresh(shops: Sequence[str], now: datetime) -> tuple[Freshness, ...]:
    return tuple(session.known(deeds.freshness, shops=tuple(shops), now=now))


def _summary(warehouse: object, *, actor: Actor, shops: Sequence[str], now: datetime, queue: int) -> urges.Summary:
    return urges.summary(listed(warehouse, actor=actor, shops=shops, now=now))


def _glance(
    warehouse: object, *, actor: Actor, shops: Sequence[str], now: datetime, queue: int, language: str, **wanted: object
) -> Glance:
    return urges.glance(listed(warehouse, actor=actor, shops=shops, now=now), Wanted(**wanted), session.titles())
