"""What the page 催发货 stands on: whose list, as of when, how fresh it is, and the answers kept between two clicks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from analytics.actions import urge_ranking
from analytics.actions import urges as deeds
from analytics.actions.ledger import Warehouse
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
    """The shops looked at, the moment for which their list is ranked and by which models, how fresh the data is, the summary.

    A generated shop's clock stands where its data ends: its list would else be days old for ever.
    """

    shops: tuple[str, ...]
    is_sample: bool
    now: datetime
    fitted: tuple[str, ...]
    fresh: tuple[Freshness, ...]
    summary: urges.Summary

    @property
    def state(self) -> dict[str, object]:
        """What the list depends on beside the data and the marks, as keyword arguments of what is kept."""
        return {"shops": self.shops, "now": self.now, "fitted": self.fitted}

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
    fitted, marks = _fitted(shops, now), queue()
    st.session_state["urges.drawn"] = _state(now, fitted, marks)
    total = session.known(_summary, shops=tuple(shops), now=now, fitted=fitted, queue=marks)
    return Board(tuple(shops), is_sample, now, fitted, fresh, total)


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
    if st.session_state.get("urges.drawn") == _state(now, _fitted(board.shops, now), queue()):
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
    return session.known(_glance, **board.state, queue=queue(), language=session.language(), **asked)


def everything(board: Board) -> pd.DataFrame:
    """Return the whole list with its marks as they are now."""
    return _listed(session.warehouse(), actor=session.actor(), **board.state)


def _listed(warehouse: Warehouse, *, actor: Actor, shops: Sequence[str], now: datetime, fitted: tuple[str, ...]) -> pd.DataFrame:
    """List what waits with what is marked on it: the slow part is kept, the marks are always those of this moment."""
    waiting = session.known(_waiting, shops=tuple(shops), now=now, fitted=fitted)
    return deeds.with_marks(waiting, warehouse, actor=actor, shops=shops, now=now, tab=None)


def queue() -> int:
    """Return the version of the marks."""
    return deeds.queue_version(session.warehouse())


def step_of(now: datetime) -> datetime:
    """Return the last whole step of time: what is ranked for it holds until the next."""
    return now - (now - datetime.min) % STEP


def may_mark() -> bool:
    """Whether the person who works may mark orders."""
    return import_session.may_import()


def _state(now: datetime, fitted: tuple[str, ...], marks: int) -> list[object]:
    """What the page is drawn from: when it is another the page has moved on."""
    return [session.warehouse().version(), marks, now, *fitted]


def _fitted(shops: Sequence[str], now: datetime) -> tuple[str, ...]:
    """When each shop's ranking was fitted; a refit begins in the background where new data has come in."""
    held, actor = session.warehouse(), session.actor()
    return tuple(str(urge_ranking.look(held, shop, actor=actor, now=now).fitted_at) for shop in shops)


def _waiting(warehouse: Warehouse, *, actor: Actor, shops: Sequence[str], now: datetime, fitted: tuple[str, ...]) -> pd.DataFrame:
    """The models' age stands among the arguments: what a newer one ranks is another answer."""
    return deeds.open_orders(warehouse, actor=actor, shops=shops, now=now)


def _fresh(shops: Sequence[str], now: datetime) -> tuple[Freshness, ...]:
    return tuple(session.known(deeds.freshness, shops=tuple(shops), now=now))


def _summary(warehouse: Warehouse, *, actor: Actor, queue: int, **state: Any) -> urges.Summary:
    return urges.summary(_listed(warehouse, actor=actor, **state))


def _glance(
    warehouse: Warehouse, *, actor: Actor, queue: int, language: str, shops: Any, now: Any, fitted: Any, **wanted: Any
) -> Glance:
    rows = _listed(warehouse, actor=actor, shops=shops, now=now, fitted=fitted)
    seen = urges.glance(rows, Wanted(**wanted), session.titles())
    laid_out, columns = urges.table(seen.rows, now, session.words(), shops)
    return replace(seen, table=laid_out, columns=columns)
