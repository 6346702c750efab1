"""The questions that the account answers: one function beside one file of analytics/sql/questions.

A cursor and the filters come in, a DataFrame comes out: money in whole fen (Int64, null = unknown), times as Beijing wall time.
Every question reads the marts; `marts.refresh` brings those up to date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import duckdb
import pandas as pd

from analytics.domain import vocabulary
from analytics.errors import OperatorError
from analytics.store import asking, sql

# What coverage finds, each in a file of its own: health_<finding>.sql lists its rows.
FINDINGS = (
    *("unmatched_cases", "inferred_cases", "inferred_at_most", "refunded_above_receivable", "refunded_yet_shipped_afterwards"),
    *("undated_cases", "noted_refunds", "flows_not_booked", "flows_not_understood", "unallocated_ad_spend"),
    *("unknown_word", "unknown_component"),
)
MOST_ROWS = 1_048_575  # of one download: what a sheet of a workbook holds under its header


def losses_by(
    cursor: duckdb.DuckDBPyConnection,
    *,
    dimensions: Sequence[str] = (),
    first_day: date | None = None,
    last_day: date | None = None,
    clock: str = "paid",
    where: Mapping[str, Sequence[str]] | None = None,
    shops: Sequence[str] = (),
    known_until: datetime | None = None,
) -> pd.DataFrame:
    """Group what refunds cost by any dimensions; without any, the answer is its total in one row.

    Columns: the dimensions (text), paid_fen, orders, refunded_orders, refunds, sales_fen, acquisition_fen, logistics_fen,
    handling_fen, damage_fen, hidden_fen, total_fen, actual_fen, set_fen, assumed_fen, unknown_refunds, receivable_fen.
    Orders are measured by payment date, cases by the date of `clock`. By `provenance` only money is given. No shop named: all
    real shops. `known_until` leaves out cases that finished from that moment on: what was known then, all orders included
    (not by provenance). Raises OperatorError for an unknown dimension or clock.
    """
    where = asking.checked(dimensions, where, clock)
    values = asking.values_of(cursor, first_day, last_day, where, shops)
    if "provenance" not in {*dimensions, *where}:
        values["known_until"] = known_until
    text = _by_provenance(dimensions, where) if "provenance" in {*dimensions, *where} else _by_sides(dimensions, where)
    return asking.answer(cursor, text.replace("{clock}", asking.CLOCKS[clock]), values)


def refunds(
    cursor: duckdb.DuckDBPyConnection,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
    clock: str = "paid",
    where: Mapping[str, Sequence[str]] | None = None,
    shops: Sequence[str] = (),
) -> pd.DataFrame:
    """List the finished cases, closed ones included, with what each costs and the line of the file that tells of it.

    Columns: shop, order_id, case_id, kind, stage, share (0–1), paid_at, finished_at, refund_fen, the five components, inferred,
    source_file, source_row, unmatched, reason, product, hidden_fen, total_fen, actual_fen, set_fen, assumed_fen, the five
    …_provenance (`actual+assumed`, `unknown`). `where` takes every dimension but provenance. Raises OperatorError.
    """
    where = asking.checked((), where, clock, allowed=asking.GROUPS)
    text = asking.filled("refunds", clock=asking.CLOCKS[clock], filters=asking.filters_of(where, asking.KEYS))
    return asking.answer(cursor, text, asking.values_of(cursor, first_day, last_day, where, shops))


def exposure_by(
    cursor: duckdb.DuckDBPyConnection,
    *,
    dimensions: Sequence[str] = (),
    first_day: date | None = None,
    last_day: date | None = None,
    where: Mapping[str, Sequence[str]] | None = None,
    shops: Sequence[str] = (),
) -> pd.DataFrame:
    """Group what the open cases would cost if they all succeeded at the end of the data, by the payment date of their orders.

    Columns: the dimensions, open_cases, the five components, hidden_fen, total_fen, actual_fen, set_fen, assumed_fen,
    unknown_cases. Raises OperatorError.
    """
    where = asking.checked(dimensions, where, "paid", allowed=asking.GROUPS)
    text = asking.filled("exposure_by", **asking.grouping(dimensions, asking.KEYS), filters=asking.filters_of(where, asking.KEYS))
    return asking.answer(cursor, text, asking.values_of(cursor, first_day, last_day, where, shops))


def profit(
    cursor: duckdb.DuckDBPyConnection, *, first_day: date | None = None, last_day: date | None = None, shops: Sequence[str] = ()
) -> pd.DataFrame:
    """Add up the profit of the orders paid in a period, after their refunds, in one row.

    Columns: orders, receivable_fen, sales_fen, fees_fen, acquisition_fen, freight_fen, premium_fen, goods_fen,
    other_logistics_fen, handling_fen, damage_fen, small_payments_fen, profit_fen, assumed_fen, unknown_orders. What is
    unknown and known to the extent of nothing is null.
    """
    return asking.answer(cursor, sql.read("questions/profit"), asking.values_of(cursor, first_day, last_day, {}, shops))


def beside(
    cursor: duckdb.DuckDBPyConnection, *, first_day: date | None = None, last_day: date | None = None, shops: Sequence[str] = ()
) -> pd.DataFrame:
    """List the figures that stand beside the five components: insurance of unrefunded orders, penalties and other bookings of
    orders without a case, small payments, unallocated ad spend, fund flow that is not booked.

    Columns: figure, item_count, amount_fen.
    """
    return asking.answer(cursor, sql.read("questions/beside"), asking.values_of(cursor, first_day, last_day, {}, shops))


def coverage(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List what is missing or suspicious: unmatched and inferred cases, refunds above P, unknown words and components …

    Columns: finding, detail, item_count, amount_fen.
    """
    items = {finding: sql.read(f"questions/health_{finding}") for finding in FINDINGS}
    return asking.answer(cursor, asking.filled("coverage", **items), {"shops": asking.shops_of(cursor, shops)})


def cost_list(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List every cost setting as it holds over time, the starter assumptions first.

    Columns: shop, name, scope, effective_from, effective_to (None: always, open), value (in the setting's unit; null when
    switched off), source (assumed, set or off), load_id (the load that set it).
    """
    return asking.answer(cursor, sql.read("questions/cost_list"), {"shops": asking.shops_of(cursor, shops)})


def list_shops(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List the shops there are, or those of them that are named, real ones first. Columns: shop, is_sample."""
    known = asking.answer(cursor, sql.read("questions/list_shops"), {})
    return known[known["shop"].isin(shops)] if shops else known


def names(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List what the shops' files call their products, specifications and streamers. Columns: dimension, value, title."""
    return asking.answer(cursor, sql.read("questions/names"), {"shops": asking.shops_of(cursor, shops)})


def data_days(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """Return what the files cover, in one row: first_day and last_day of the orders (the latest complete one), null without
    orders, and end_at, the last moment that any file of orders or cases knows of.
    """
    return asking.answer(cursor, sql.read("questions/data_days"), {"shops": asking.shops_of(cursor, shops)})


def unmatched(
    cursor: duckdb.DuckDBPyConnection,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
    clock: str = "paid",
    where: Mapping[str, Sequence[str]] | None = None,
    shops: Sequence[str] = (),
) -> pd.DataFrame:
    """Add up the refunds of a period whose orders are not loaded, in one row. Columns: refunds, sales_fen.

    `where` takes every dimension but provenance. Raises OperatorError.
    """
    where = asking.checked((), where, clock, allowed=asking.GROUPS)
    text = asking.filled("unmatched", clock=asking.CLOCKS[clock], filters=asking.filters_of(where, asking.KEYS))
    return asking.answer(cursor, text, asking.values_of(cursor, first_day, last_day, where, shops))


def cost_assumed(
    cursor: duckdb.DuckDBPyConnection,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
    clock: str = "paid",
    where: Mapping[str, Sequence[str]] | None = None,
    shops: Sequence[str] = (),
) -> pd.DataFrame:
    """Rank the starter assumptions by the money that rests on them; what needs two of them stands under both.

    Columns: name, component, assumed_fen, case_count. `where` takes every dimension but provenance. Raises OperatorError.
    """
    where = asking.checked((), where, clock, allowed=asking.GROUPS)
    text = asking.filled("cost_assumed", clock=asking.CLOCKS[clock], filters=asking.filters_of(where, asking.KEYS))
    return asking.answer(cursor, text, asking.values_of(cursor, first_day, last_day, where, shops))


def cost_products(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List what one unit of a product costs over time.

    Columns: shop, product_id, sku ('' for all of the product's), effective_from, effective_to (None: always, open),
    unit_cost_fen.
    """
    return asking.answer(cursor, sql.read("questions/cost_products"), {"shops": asking.shops_of(cursor, shops)})


def cost_goods(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List the products sold, and how much of each without a cost of its own, most money without one first.

    Columns: product_id ('' for lines without one), sold_count (order lines), sold_fen, uncosted_count, uncosted_fen,
    uncosted_skus, uncosted_first_day, uncosted_last_day.
    """
    return asking.answer(cursor, sql.read("questions/cost_goods"), {"shops": asking.shops_of(cursor, shops)})


def cost_cases(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List what each finished case costs in all. Columns: shop, case_id, total_fen (what is known), unknown_count."""
    return asking.answer(cursor, sql.read("questions/cost_cases"), {"shops": asking.shops_of(cursor, shops)})


def definitions(
    cursor: duckdb.DuckDBPyConnection,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
    where: Mapping[str, Sequence[str]] | None = None,
    shops: Sequence[str] = (),
) -> pd.DataFrame:
    """Count the refunds of a period under every definition a platform may use: clock, money or count, with or without those
    before shipment, capped at what the order brought (a count then counts orders instead of cases).

    Columns: clock, measure, base, with_before_shipment, is_capped, numerator, denominator (fen, or items), rate (0–1).
    `where` takes the dimensions of orders. Raises OperatorError.
    """
    where = asking.checked((), where, "paid", allowed=tuple(vocabulary.ORDER_DIMENSIONS))
    filters = asking.filters_of(where, asking.KEYS)
    order_rows = asking.filled("order_rows", keys="", filters=filters)
    text = asking.filled("definitions", order_rows=order_rows, filters=filters)
    return asking.answer(cursor, text, asking.values_of(cursor, first_day, last_day, where, shops))


def case_list(
    cursor: duckdb.DuckDBPyConnection,
    *,
    row_limit: int | None = None,
    is_open: bool = False,
    first_day: date | None = None,
    last_day: date | None = None,
    clock: str = "paid",
    where: Mapping[str, Sequence[str]] | None = None,
    shops: Sequence[str] = (),
) -> pd.DataFrame:
    """List the costliest finished cases, or open ones with what they would cost, at most `row_limit` of them.

    Columns: shop, order_id, case_id, stage, kind, reason, product, sku, streamer, province, paid_at, applied_at, finished_at,
    refund_fen, the five components, hidden_fen, total_fen, actual_fen, set_fen, assumed_fen, has_unknown, inferred, unmatched,
    source_file, source_row, case_count (of all there are). `where` takes every dimension but provenance. Raises OperatorError.
    """
    where = asking.checked((), where, clock, allowed=asking.GROUPS)
    text = asking.filled(
        "case_list", clock="paid_at" if is_open else asking.CLOCKS[clock], filters=asking.filters_of(where, asking.KEYS)
    )
    values = asking.values_of(cursor, first_day, last_day, where, shops)
    return asking.answer(cursor, text, {**values, "row_limit": row_limit, "is_open": is_open})


def case_account(cursor: duckdb.DuckDBPyConnection, *, case_ids: Sequence[str], shops: Sequence[str] = ()) -> pd.DataFrame:
    """Take cases apart: a row for each of their lines, with every part of its cost, its inputs and its place in the files.

    Columns: see the question's file. No row: there is no such case.
    """
    return asking.answer(
        cursor, sql.read("questions/case_account"), {"case_ids": list(case_ids), "shops": asking.shops_of(cursor, shops)}
    )


def case_sources(cursor: duckdb.DuckDBPyConnection, *, case_ids: Sequence[str], shops: Sequence[str] = ()) -> pd.DataFrame:
    """List the settings, prices, advertising rows and booked amounts that the accounts of cases draw on.

    Columns: shop, case_id, line_no, input, name, scope, channel, streamer, value, is_starter, since, file, sheet, row.
    """
    return asking.answer(
        cursor, sql.read("questions/case_sources"), {"case_ids": list(case_ids), "shops": asking.shops_of(cursor, shops)}
    )


def health_files(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """Say for every month of a shop's sales how far each kind of file covers it.

    Columns: shop, month (its first day), kind, wanted_count, covered_count (days; order lines for product_costs), row_count.
    """
    return asking.answer(cursor, sql.read("questions/health_files"), {"shops": asking.shops_of(cursor, shops)})


def health_components(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """Say for every month of payment what each component rests on.

    Columns: month (its first day, None: unknown), component, actual_fen, set_fen, assumed_fen, unknown_count, refund_count.
    """
    return asking.answer(cursor, sql.read("questions/health_components"), {"shops": asking.shops_of(cursor, shops)})


def health_words(cursor: duckdb.DuckDBPyConnection, *, shops: Sequence[str] = ()) -> pd.DataFrame:
    """List the words of the exports that nobody knows, and those that an operator has given a meaning.

    Columns: field, word, meaning (the operator's, None: nobody knows it), program_meaning, row_count, amount_fen.
    """
    return asking.answer(cursor, sql.read("questions/health_words"), {"shops": asking.shops_of(cursor, shops)})


def health_rows(
    cursor: duckdb.DuckDBPyConnection, *, finding: str, detail: str = "", most: int = MOST_ROWS, shops: Sequence[str] = ()
) -> pd.DataFrame:
    """List the rows behind one finding of `coverage`, most money first, at most `most` of them.

    Columns: shop, order_id, case_id, item (product, flow type or channel), happened_at, amount_fen, source_file, source_row.
    Raises OperatorError for a finding that there is not.
    """
    if finding not in FINDINGS:
        raise OperatorError("体检项", f"「{finding}」", "、".join(FINDINGS), "请从中选一项。")
    text = asking.filled("health_rows", items=sql.read(f"questions/health_{finding}"))
    return asking.answer(cursor, text, {"shops": asking.shops_of(cursor, shops), "detail": detail, "most": most})


def _by_sides(dimensions: Sequence[str], where: Mapping[str, Sequence[str]]) -> str:
    """losses_by with what was sold on one side and what cases cost on the other."""
    grouping = asking.grouping(dimensions, asking.KEYS)
    filters = asking.filters_of(where, asking.KEYS)
    of_cases = [name for name in vocabulary.CASE_DIMENSIONS if name in {*dimensions, *where}]
    order_rows = asking.filled(
        "order_rows_by_case" if of_cases else "order_rows",
        **grouping,
        filters=filters,
        case_keys=", ".join(of_cases),
        case_columns=", ".join(f"coalesce(groups.{name}, '{vocabulary.NO_CASE}') as {name}" for name in of_cases),
    )
    return asking.filled("losses_by", order_rows=order_rows, **grouping, filters=filters)


def _by_provenance(dimensions: Sequence[str], where: Mapping[str, Sequence[str]]) -> str:
    grouping = asking.grouping(dimensions, asking.PART_KEYS)
    is_total = "false" if dimensions else "true"
    return asking.filled(
        "losses_by_provenance", **grouping, filters=asking.filters_of(where, asking.PART_KEYS), is_total=is_total
    )
