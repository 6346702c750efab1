"""What is asked of the account: one row a case, losses by any dimension, what stands beside, exposure and profit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

from .amounts import round_fen
from .ledger import Case, CaseLine, Ledger, Line, Order, is_back, net_penalties_fen, settlement_fees_fen
from .words import COMPONENTS, PROVENANCES, UNKNOWN_GROUP

TIME_DIMS = ("day", "week", "month", "weekday", "hour")
CASE_DIMS = ("reason", "stage", "kind")
LINE_DIMS = ("product", "sku", "price_band")
FIRST_LINE_DIMS = ("channel", "sales_mode", "streamer", "province", "carrier")
DIMS = (*TIME_DIMS, "shop", *LINE_DIMS, *FIRST_LINE_DIMS, "tool", *CASE_DIMS, "provenance")
_COLUMN_OF = {"streamer": "streamer_id"}
_BANDS = ((0, "¥0–10"), (10, "10–20"), (20, "20–50"), (50, "50–100"), (100, "100–200"), (200, "200–500"), (500, "500+"))


@dataclass
class Filters:
    """Say which part of the account is asked for; an empty filter is no filter."""

    first_day: date | None = None
    last_day: date | None = None
    where: dict[str, list] = field(default_factory=dict)
    shops: tuple[str, ...] = ()


# -- one row a case --------------------------------------------------------------------------------------------------------------


def refunds(ledger: Ledger, clock: str = "paid", filters: Filters | None = None) -> list[dict]:
    """List every finished case with its components, their provenance and its source row."""
    cases = [case for case in ledger.cases if not case.is_open and _is_asked_for(case, clock, filters or Filters())]
    return [_case_row(ledger, case) for case in sorted(cases, key=_row_order)]


def exposure(ledger: Ledger) -> list[dict]:
    """List every open case with what it would book if it succeeded at the end of the data."""
    return [_case_row(ledger, case) for case in sorted(ledger.cases, key=_row_order) if case.is_open]


def _row_order(case: Case) -> tuple:
    return (case.order.shop, case.order.order_id, case.case_id)


def _is_asked_for(case: Case, clock: str, filters: Filters) -> bool:
    return any(_passes(record.dims, record.at, filters, case.order.shop) for record in _case_records(case, clock))


def _case_row(ledger: Ledger, case: Case) -> dict:
    shown = {f"{name}_fen": _shown_fen(case.parts, name) for name in COMPONENTS}
    has_share = not case.is_closed and case.gives_money
    return {
        "shop": case.order.shop,
        "order_id": case.order.order_id,
        "case_id": case.case_id,
        "kind": case.kind,
        "stage": case.stage,
        "share": case.lead.share if has_share else None,
        "paid_at": case.order.paid_at,
        "finished_at": case.finished_at,
        "refund_fen": case.refund_fen,
        **shown,
        **{f"{provenance}_fen": _provenance_fen(case.parts, provenance) for provenance in PROVENANCES},
        "is_unknown": any(part.is_unknown for part in case.parts),
        "inferred": case.is_inferred,
        "source_file": ledger.facts.file_names.get(case.row["load_id"]),
        "source_row": case.row["source_row"],
    }


def _shown_fen(parts: list[CaseLine], *names: str) -> int | None:
    """Sum components; None where one is unknown and what is known comes to nothing."""
    components = [part.components[name] for part in parts for name in names]
    known_fen = sum(component.known_fen for component in components)
    return None if known_fen == 0 and any(component.is_unknown for component in components) else known_fen


def _provenance_fen(parts: list[CaseLine], provenance: str) -> int:
    return sum(component.fen_by_provenance[provenance] for part in parts for component in part.components.values())


# -- losses by dimensions --------------------------------------------------------------------------------------------------------


@dataclass
class _CaseRecord:
    """One line of one case, and under which values it stands."""

    case: Case
    part: CaseLine
    at: datetime | None
    dims: dict


@dataclass
class _OrderRecord:
    """One line of one paid order, under one combination of its cases' values."""

    order: Order
    line: Line
    at: datetime | None
    dims: dict


def losses(ledger: Ledger, dims: tuple[str, ...] = (), clock: str = "paid", filters: Filters | None = None) -> list[dict]:
    """Group the account by dimensions: one row a group, in no particular order."""
    filters = filters or Filters()
    asked = {*dims, *filters.where}
    case_records, order_records = [], []
    for order in ledger.orders.values():
        for case in order.cases:
            if not case.is_open:
                case_records += _case_records(case, clock)
        order_records += _order_records(order, asked)
    case_records = [record for record in case_records if _passes(record.dims, record.at, filters, record.case.order.shop)]
    order_records = [record for record in order_records if _passes(record.dims, record.at, filters, record.order.shop)]
    if "provenance" in dims:
        return _rows_by_provenance(case_records, dims)
    return _rows(case_records, order_records, dims)


def losses_answer(ledger: Ledger, dims: tuple[str, ...], clock: str, filters: Filters | None = None) -> dict:
    """Answer as the command line does: the rows and their total, in which every order and case counts once."""
    filters = filters or Filters()
    total = losses(ledger, (), clock, filters)[0]
    rows = losses(ledger, dims, clock, filters)
    return {"clock": clock, "from": filters.first_day, "to": filters.last_day, "rows": rows, "total": total}


def _rows(case_records: list[_CaseRecord], order_records: list[_OrderRecord], dims: tuple[str, ...]) -> list[dict]:
    groups = {} if dims else {(): ([], [])}
    for place, records in enumerate((case_records, order_records)):
        for record in records:
            groups.setdefault(_group(record.dims, dims), ([], []))[place].append(record)
    return [_row(dict(zip(dims, group, strict=True)), *records) for group, records in groups.items()]


def _group(values: dict, dims: tuple[str, ...]) -> tuple:
    return tuple(values[dim] for dim in dims)


def _row(group: dict, case_records: list[_CaseRecord], order_records: list[_OrderRecord]) -> dict:
    parts = [record.part for record in case_records]
    successes = {id(record.case): record for record in case_records if record.case.is_success}
    unknown = {id(record.case) for record in case_records if record.case.is_success and record.part.is_unknown}
    lines = {id(record.line): record for record in order_records}
    return {
        **group,
        "paid_fen": sum(record.line.paid_fen for record in lines.values()),
        "orders": len({id(record.order) for record in order_records}),
        "refunded_orders": len({id(record.case.order) for record in successes.values() if record.case.gives_money}),
        "refunds": len(successes),
        **_money_row(parts),
        **{f"{provenance}_fen": _provenance_fen(parts, provenance) for provenance in PROVENANCES},
        "unknown_refunds": len(unknown),
        "receivable_fen": sum(record.line.receivable_fen for record in lines.values()),
    }


def _money_row(parts: list[CaseLine]) -> dict:
    return {
        **{f"{name}_fen": _shown_fen(parts, name) for name in COMPONENTS},
        "hidden_fen": _shown_fen(parts, *COMPONENTS[1:]),
        "total_fen": _shown_fen(parts, *COMPONENTS),
    }


def _rows_by_provenance(case_records: list[_CaseRecord], dims: tuple[str, ...]) -> list[dict]:
    """Split component money by where it comes from; nothing is counted."""
    groups = {}
    for record in case_records:
        for provenance in PROVENANCES:
            group = _group({**record.dims, "provenance": provenance}, dims)
            groups.setdefault(group, []).append((record.part, provenance))
    rows = [_provenance_row(dict(zip(dims, group, strict=True)), members) for group, members in groups.items()]
    return [row for row in rows if any(row[f"{name}_fen"] for name in COMPONENTS)]


def _provenance_row(group: dict, members: list[tuple[CaseLine, str]]) -> dict:
    row = dict(group)
    for name in COMPONENTS:
        row[f"{name}_fen"] = sum(part.components[name].fen_by_provenance[provenance] for part, provenance in members)
    row["hidden_fen"] = sum(row[f"{name}_fen"] for name in COMPONENTS[1:])
    row["total_fen"] = row["sales_fen"] + row["hidden_fen"]
    return row


def _passes(values: dict, at: datetime | None, filters: Filters, shop: str) -> bool:
    if filters.shops and shop not in filters.shops:
        return False
    if filters.first_day is not None and (at is None or at.date() < filters.first_day):
        return False
    if filters.last_day is not None and (at is None or at.date() > filters.last_day):
        return False
    return all(str(values[dim]) in map(str, wanted) for dim, wanted in filters.where.items())


def _case_records(case: Case, clock: str) -> list[_CaseRecord]:
    at = case.order.paid_at if clock == "paid" else case.finished_at
    shared = {**_time_values(at), **_order_values(case.order), **_case_values(case)}
    return [_CaseRecord(case, part, at, {**shared, **_line_values(part.line)}) for part in case.parts]


def _order_records(order: Order, asked: set[str]) -> list[_OrderRecord]:
    """Let a paid order stand with all its lines in the distinct groups of its successful cases, else in `none`."""
    if not order.is_loaded or order.paid_at is None:
        return []
    used = [dim for dim in CASE_DIMS if dim in asked]
    stands = {_group(_case_values(case), tuple(used)) for case in order.successes} or {("none",) * len(used)}
    shared = {**_time_values(order.paid_at), **_order_values(order)}
    return [
        _OrderRecord(order, line, order.paid_at, {**shared, **_line_values(line), **dict(zip(used, stand, strict=True))})
        for line in order.lines
        for stand in stands
    ]


def _case_values(case: Case) -> dict:
    return {"reason": case.reason or UNKNOWN_GROUP, "stage": case.stage, "kind": case.kind_group}


def _order_values(order: Order) -> dict:
    first = order.lines[0].row
    named = {dim: first.get(_COLUMN_OF.get(dim, dim)) or UNKNOWN_GROUP for dim in FIRST_LINE_DIMS}
    return {"shop": order.shop, "tool": order.tools, **named}


def _line_values(line: Line) -> dict:
    row = line.row
    return {
        "product": row["product_id"] or row["product_name"] or UNKNOWN_GROUP,
        "sku": row["sku"] or row["spec"] or UNKNOWN_GROUP,
        "price_band": _price_band(row.get("unit_price_fen")),
    }


def _price_band(unit_price_fen: int | None) -> str:
    if unit_price_fen is None:
        return UNKNOWN_GROUP
    return [name for yuan, name in _BANDS if yuan * 100 <= unit_price_fen][-1]


def _time_values(at: datetime | None) -> dict:
    if at is None:
        return dict.fromkeys(TIME_DIMS, UNKNOWN_GROUP)
    day = at.date()
    return {
        "day": day.isoformat(),
        "week": (day - timedelta(days=day.weekday())).isoformat(),
        "month": day.isoformat()[:7],
        "weekday": day.isoweekday(),
        "hour": at.hour,
    }


# -- beside the five, and profit -------------------------------------------------------------------------------------------------


def beside(ledger: Ledger, filters: Filters | None = None) -> dict:
    """Sum what is shown beside the five components, by payment date of the order; unallocated spend by its own day."""
    filters = filters or Filters()
    orders = [order for order in ledger.orders.values() if _passes({}, order.paid_at, Filters(*_period(filters)), order.shop)]
    unrefunded = [order for order in orders if not order.successes]
    spend = [row for row in ledger.unallocated_spend if _passes({}, _midnight(row), Filters(*_period(filters)), row["shop"])]
    return {
        "premium_unrefunded_fen": sum(_known_fen([order.premium]) for order in unrefunded),
        "penalties_unrefunded_fen": sum(net_penalties_fen(order) for order in unrefunded),
        "return_freight_unrefunded_fen": sum(sum(order.return_freights_fen) for order in unrefunded),
        "kept_fees_unrefunded_fen": sum(sum(order.kept_fees_fen) for order in unrefunded),
        "small_payments_fen": sum(small_payments_fen(order) for order in orders),
        "unallocated_spend_fen": sum(row["amount_fen"] for row in spend),
    }


def _period(filters: Filters) -> tuple:
    return (filters.first_day, filters.last_day, {}, filters.shops)


def _midnight(row: dict) -> datetime:
    return datetime.combine(row["spent_on"], datetime.min.time())


def _known_fen(prices: list) -> int:
    return sum(round_fen(price.exact) for price in prices if price is not None and price.exact is not None)


def small_payments_fen(order: Order) -> int:
    """Sum the order's small payments that are not the freight back of a return."""
    return sum(payment["amount_fen"] for payment in order.small_payments if not is_back(order, payment))


def profits(ledger: Ledger) -> list[dict]:
    """Work out the profit of every paid order from what is known, and say where something is not."""
    return [_profit_row(ledger, order) for order in ledger.orders.values() if order.is_loaded and order.paid_at is not None]


def _profit_row(ledger: Ledger, order: Order) -> dict:
    parts = [part for case in order.cases if not case.is_open for part in case.parts]
    sums = {name: sum(part.components[name].known_fen for part in parts) for name in COMPONENTS}
    out = order.out if order.is_shipped or _is_borne(order, "out") else []
    borne_fen = sum(_known_fen(prices) for name, prices in (("out", out), ("premium", [order.premium])) if _is_borne(order, name))
    fees_fen, is_fee_unknown = _fees_fen(ledger, order)
    goods = [(line.goods.exact, 1 - line.final_share) for line in order.lines]
    acquisition_fen = _known_fen([line.acquisition for line in order.lines])
    inputs = [*(line.goods for line in order.lines), *(line.acquisition for line in order.lines), *out, order.premium]
    profit_fen = (
        order.receivable_fen
        - sums["sales"]
        - round_fen(fees_fen * (1 - _final_share(order)))
        - acquisition_fen
        - _known_fen([*out, order.premium])
        - sum(round_fen(cost * left) for cost, left in goods if cost is not None)
        - (sums["logistics"] - borne_fen)
        - sums["handling"]
        - sums["damage"]
        - small_payments_fen(order)
    )
    is_unknown = is_fee_unknown or any(price is not None and price.exact is None for price in inputs)
    return {
        "shop": order.shop,
        "order_id": order.order_id,
        "profit_fen": profit_fen,
        "is_unknown": is_unknown or any(part.is_unknown for part in parts),
    }


def _is_borne(order: Order, name: str) -> bool:
    return name in order.charged and not order.charged[name].is_open


def _final_share(order: Order) -> Fraction:
    """Weigh the lines' final shares by P."""
    worth_fen = order.receivable_fen
    booked = sum((line.final_share * line.receivable_fen for line in order.lines), Fraction(0))
    return booked / worth_fen if worth_fen > 0 else Fraction(0)


def _fees_fen(ledger: Ledger, order: Order) -> tuple[int, bool]:
    """Give the order's fees and whether part of them is unknown: as settled, else commission expected + rate × P."""
    settled_fen = settlement_fees_fen(order)
    if settled_fen is not None:
        return settled_fen, False
    where = {"product": order.lines[0].product_id, "province": order.province}
    rate = ledger.prices.price(order.shop, "technical_fee_rate", order.paid_at, **where)
    commission_fen = sum(line.row["commission_fen"] or 0 for line in order.lines)
    if rate.exact is None:
        return commission_fen, True
    return commission_fen + round_fen(rate.exact * order.receivable_fen), False
