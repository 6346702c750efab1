"""The ranking of the urge-to-ship list: fitted beside the pages when new data has come in, kept, and put on what waits."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from analytics.actions import analyses
from analytics.actions.account import answer
from analytics.actions.analyses import Analysis
from analytics.domain import urge_priority
from analytics.domain.loads import Actor
from analytics.domain.urge_priority import PastUrges, UrgeModel, WaitingOrders
from analytics.domain.vocabulary import MISSING
from analytics.store import urge_questions
from analytics.store.warehouse import Warehouse

SEED = 20261127
ORIGIN = pd.Timestamp("2020-01-01")
HOUR = pd.Timedelta(hours=1)


@dataclass(frozen=True)
class Standing:
    """What the ranking of a shop rests on, and whether it was fitted to the data as it is now.

    `share` is how much of a refit under way is done, `problem` why the last one failed.
    """

    model: UrgeModel
    is_current: bool
    fitted_at: datetime | None = None
    share: float | None = None
    problem: str = ""


def fit_shop(warehouse: Warehouse, *, actor: Actor, shops: Sequence[str], progress: Callable[[float], None]) -> dict[str, Any]:
    """Fit the ranking of one shop to all of its orders that were ever urged; return the model as plain data.

    Losses are priced as on the last day that the data knows of.
    """
    known = answer(warehouse, urge_questions.urge_freshness, actor=actor, shops=tuple(shops))
    until = known["data_until"].max()
    if pd.isna(until):
        return _plain(nobody_urged())
    past = answer(warehouse, urge_questions.urge_past, actor=actor, shops=tuple(shops), now=until.to_pydatetime())
    progress(0.3)
    return _plain(urge_priority.fit(past_urges(past), seed=SEED))


RANKING = Analysis("urge_ranking", 2, fit_shop)  # 2: other features


def look(warehouse: Warehouse, shop: str, *, actor: Actor, now: datetime) -> Standing:
    """Return the newest ranking model of a shop at once; a refit begins in the background where data has come in since."""
    found = analyses.look(warehouse, RANKING, actor=actor, shops=(shop,), now=now)
    return Standing(_read(found.answer), found.is_current, found.worked_out_at, found.share, found.problem)


def fitted_now(warehouse: Warehouse, shop: str, *, actor: Actor, now: datetime) -> Standing:
    """Return the ranking model of a shop for the data as it is, fitted here and now unless it is kept: for commands."""
    found = analyses.answer_now(warehouse, RANKING, actor=actor, shops=(shop,), now=now)
    return Standing(_read(found), True, now)


def ranked(rows: pd.DataFrame, model: UrgeModel, now: datetime) -> pd.DataFrame:
    """Put on the open orders of one shop what the model says of each.

    Columns more: expected_loss_fen, band, is_money_shown, chance_wait and chance_ship (0–1, null by amount), why (names of
    `urge_priority.REASONS`, the strongest first, joined by blanks).
    """
    found = urge_priority.rank(model, waiting_orders(rows, now), _numbers(rows["loss_fen"].fillna(0)))
    return rows.assign(
        expected_loss_fen=pd.array(found.expected_loss_fen, dtype="Int64"),
        band=found.band.astype(object),
        is_money_shown=found.is_money_shown,
        chance_wait=found.refund_if_waiting,
        chance_ship=found.refund_if_shipped,
        why=found.names_of_why(),
    )


def waiting_orders(rows: pd.DataFrame, now: datetime) -> WaitingOrders:
    """Return open orders as the model sees them; one that nobody urged counts as urged once."""
    return WaitingOrders(
        price_fen=_numbers(rows["receivable_fen"]),
        hours_past_promise=_numbers((now - rows["ship_by"]) / HOUR),
        hours_since_urge=_numbers((now - rows["first_urged_at"]) / HOUR),
        urges=_numbers(rows["urges"].fillna(1)),
        product=_names(rows["product"]),
        streamer=_names(rows["streamer"]),
        fill_rate=_fill_rate(rows),
    )


def past_urges(rows: pd.DataFrame) -> PastUrges:
    """Return past urged orders (rows of `urge_questions.urge_past`) as the model is fitted to them."""
    moments = {
        "urged_at": "first_urged_at",
        **{name: name for name in ("last_urged_at", "shipped_at", "refunded_at", "known_until", "ship_by")},
    }
    return PastUrges(
        **{name: _numbers((rows[column] - ORIGIN) / HOUR) for name, column in moments.items()},
        price_fen=_numbers(rows["receivable_fen"]),
        urges=_numbers(rows["urges"].fillna(1)),
        product=_names(rows["product"]),
        streamer=_names(rows["streamer"]),
        fill_rate=_fill_rate(rows),
        loss_if_refunded_fen=_numbers(rows["loss_fen"].fillna(0)),
    )


def nobody_urged() -> UrgeModel:
    """Return the model of a shop of which nothing is known yet: by amount, without a figure to show."""
    moments = ("first_urged_at", "last_urged_at", "shipped_at", "refunded_at", "known_until", "ship_by")
    numbers = ("receivable_fen", "urges", "day_orders", "day_shipped", "loss_fen")
    columns = {
        **{name: pd.Series(dtype="datetime64[us]") for name in moments},
        **{name: pd.Series(dtype="Int64") for name in numbers},
        **{name: pd.Series(dtype=object) for name in ("product", "streamer")},
    }
    return urge_priority.fit(past_urges(pd.DataFrame(columns)), seed=SEED)


def _read(answer: Any) -> UrgeModel:
    """The model of an answer; without one, or when an older program has kept it in another form, that of a shop without past."""
    try:
        return UrgeModel.from_json(json.dumps(answer)) if answer else nobody_urged()
    except (KeyError, TypeError):
        return nobody_urged()


def _plain(model: UrgeModel) -> dict[str, Any]:
    return json.loads(model.as_json())


def _numbers(values: pd.Series) -> Any:
    """A column as an array, NaN where something is unknown."""
    return values.astype("Float64").to_numpy(dtype=float, na_value=float("nan"))


def _names(values: pd.Series) -> Any:
    """Ids as an array of text, the empty text where nothing is known."""
    return values.astype(object).where(values.notna() & (values != MISSING), "").to_numpy(dtype=object)


def _fill_rate(rows: pd.DataFrame) -> Any:
    """The share of the product's other orders of the day that had left, NaN where there is no other."""
    orders = rows["day_orders"].astype("Float64")
    return _numbers(rows["day_shipped"].astype("Float64") / orders.where(orders > 0))
