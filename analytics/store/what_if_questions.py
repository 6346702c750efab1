"""What 假设测算 asks of the ledger: the book of a period, how urged orders were shipped, how far each tool is used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import duckdb
import pandas as pd

from analytics.domain.what_if.book import STAGE_CODES, Book, Columns, Costs, Setting
from analytics.domain.what_if.model import ToolUse, Waiting
from analytics.store import sql
from analytics.store.asking import answer, filled, shops_of

EPOCH = date(1970, 1, 1)
STARTER_SHOP = "*"
# Which columns hold texts, and as what kind each is coded.
_TEXTS = {
    **{"shop": "shop", "product": "product", "product_id": "product_id", "first_product": "product_id", "streamer": "streamer"},
    **{"province": "province", "reason": "reason", "reason_word": "reason_word"},
}
_STATED = {"refund_fen": "knows_refund", "case_refund_fen": "knows_case_refund", "booked_return_fen": "has_booked_return"} | {
    **{"spend_fen": "has_spend", "cost_fen": "has_cost", "booked_premium_fen": "is_booked", "settled_fees_fen": "is_settled"}
}
# What the plain orders call by its plain name is booked money of lines.
_PLAIN_NAMES = {"booked_premium_fen": "premium_fen"}
_FLAGS = ("is_", "has_", "bears_", "may_", "takes_", "gives_", "counts")
_RENAMED = {"order_product_id": "first_product", "province_name": "province", "order_commission_fen": "commission_fen"}


def book(
    cursor: duckdb.DuckDBPyConnection,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
    cuts: Sequence[date] = (),
    by_province: bool = False,
    shops: Sequence[str] = (),
) -> Book:
    """Fetch the book of the orders paid in a period. A cost may differ before and after each day of `cuts`, as it may where the
    shop's own settings change; provinces are told apart where a setting does so, or on demand.
    """
    wanted = shops_of(cursor, shops)
    settings = answer(cursor, sql.read("questions/what_if_settings"), {"shops": wanted})
    values = {"first_day": first_day, "last_day": last_day, "shops": wanted}
    days = sorted({EPOCH, *cuts, *(_day(since) for since in settings["since"])})
    names_provinces = by_province or bool(settings["scope"].str.startswith("province:").any())
    chosen = sql.read("questions/what_if_chosen")
    cases = answer(cursor, filled("what_if_cases", chosen=chosen), values)
    lines = answer(cursor, filled("what_if_lines", chosen=chosen), values)
    plain = answer(cursor, sql.read("questions/what_if_orders"), {**values, "cuts": days, "by_province": names_provinces})
    frames = {"cases": cases, "lines": lines, "plain": plain.assign(order_product_id=plain["product_id"])}
    frames = {name: frame.rename(columns=_RENAMED) for name, frame in frames.items()}
    frames["cases"]["uncut_stage"] = frames["cases"]["uncut_stage"].map(STAGE_CODES)
    texts = _texts(frames.values())
    return Book(**{name: _columns(frame, texts) for name, frame in frames.items()}, costs=_costs(settings), texts=texts)


def _texts(frames: Iterable[pd.DataFrame]) -> dict[str, tuple[str, ...]]:
    """What the codes of every kind of text stand for, in order."""
    found: dict[str, set[str]] = {kind: set() for kind in _TEXTS.values()}
    for frame in frames:
        for column in frame.columns.intersection(list(_TEXTS)):
            found[_TEXTS[column]] |= set(frame[column].dropna().unique())
    return {kind: tuple(sorted(texts)) for kind, texts in found.items()}


def _columns(frame: pd.DataFrame, texts: Mapping[str, tuple[str, ...]]) -> Columns:
    """The columns as numbers: texts as codes, days since 1970, what no file tells as 0 beside a flag that says so."""
    held: dict[str, Any] = {}
    for name, column in frame.items():
        if name in _TEXTS:
            codes = pd.Categorical(column, categories=texts[_TEXTS[name]]).codes
            held[name] = codes.astype("int32")
        elif name.endswith("_on"):
            held[name] = pd.to_datetime(column).to_numpy().astype("datetime64[D]").astype("int64")
        elif name.startswith(_FLAGS):
            held[name] = column.fillna(False).to_numpy(dtype=bool)
        else:
            if name in _STATED and _STATED[name] not in frame:
                held[_STATED[name]] = column.notna().to_numpy()
            held[_PLAIN_NAMES.get(name, name)] = column.fillna(0).to_numpy(dtype="int64")
    return Columns(held)


def _day(value: Any) -> date:
    return pd.Timestamp(value).date()


def _costs(settings: pd.DataFrame) -> Costs:
    rows = [
        (name, Setting(shop, scope, (_day(since) - EPOCH).days, None if pd.isna(value) else int(value)))
        for shop, name, scope, since, value in settings.itertuples(index=False)
    ]
    starters = {name: setting.value for name, setting in rows if setting.shop == STARTER_SHOP}
    own: dict[str, list[Setting]] = {}
    for name, setting in rows:
        if setting.shop != STARTER_SHOP:
            own.setdefault(name, []).append(setting)
    return Costs({name: tuple(held) for name, held in own.items()}, starters)


def known(
    cursor: duckdb.DuckDBPyConnection,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
    products: Sequence[str] = (),
    streamers: Sequence[str] = (),
    shops: Sequence[str] = (),
) -> tuple[dict[str, ToolUse], Waiting]:
    """Return how far each tool is used on the orders paid in a period, and how long they waited for shipment."""
    values = {"first_day": first_day, "last_day": last_day, "shops": shops_of(cursor, shops)}
    values |= {"products": list(products), "streamers": list(streamers)}
    orders = sql.read("questions/what_if_sold")
    uses = answer(cursor, filled("what_if_uses", orders=orders), values)
    waited = answer(cursor, filled("what_if_waiting", orders=orders), values)
    found = {
        tool: ToolUse(int(eligible), int(used), int(cost_fen) / int(used) if used else 0.0)
        for tool, eligible, used, cost_fen in uses.itertuples(index=False)
    }
    is_sent = waited["hours"].notna()
    sent = waited[is_sent]
    unsent = int((~is_sent).sum())
    return found, Waiting(sent["hours"].to_numpy(float), sent["urged_after"].to_numpy(float, na_value=float("nan")), unsent)
