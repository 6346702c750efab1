"""The account of ledger.md in plain loops: orders, cases, shares, stages, the five components, and what stands beside them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from .amounts import UNKNOWN, Component, Price, actual, round_fen, spread
from .facts import Facts, merge_small_payments, merge_tags
from .prices import ALWAYS, PriceBook
from .words import COMPONENTS, UNKNOWN_GROUP, UNMAPPED_GROUP, WORDS, meanings

SHIPPED = ("shipped", "received", "succeeded")
DELIVERED = ("received", "succeeded")
# Which stages carry what (ledger.md §4).
TAKES_PART = ("before_shipment", "intercepted", "returned", "kept", "unknown")
GIVES_MONEY = (*TAKES_PART, "price_cut")
HAS_OUT = ("intercepted", "returned", "kept")
HAS_PREMIUM = ("before_shipment", "intercepted", "returned", "kept", "exchanged", "reshipped", "price_cut", "unknown")
HAS_PARCEL = ("returned", "exchanged")


@dataclass
class Line:
    """One line of an order, or the pseudo-line of a case whose order is not loaded."""

    shop: str
    order_id: str
    ref: str
    row: dict
    product_id: str
    sku: str
    paid_fen: int
    receivable_fen: int
    tells_shipment: bool
    is_shipped: bool
    is_delivered: bool
    shipped_at: datetime | None
    goods: Price = UNKNOWN
    acquisition: Price = UNKNOWN
    refunded_fen: int = 0
    booked_share: Fraction = Fraction(0)
    final_share: Fraction = Fraction(0)

    @property
    def left_fen(self) -> int:
        """Say how much of the line has not been refunded yet."""
        return max(self.receivable_fen - self.refunded_fen, 0)


@dataclass
class Order:
    """What the buyer paid for: its lines, what files book on it, and which once-an-order charges are already taken."""

    shop: str
    order_id: str
    lines: list[Line]
    is_loaded: bool
    paid_at: datetime | None
    cases: list[Case] = field(default_factory=list)
    premiums_fen: list[int] = field(default_factory=list)
    return_freights_fen: list[int] = field(default_factory=list)
    penalties_fen: int = 0
    compensation_fen: int = 0
    kept_fees_fen: list[int] = field(default_factory=list)
    settlements: list[dict] = field(default_factory=list)
    small_payments: list[dict] = field(default_factory=list)
    tools: str = "none"
    charged: dict[str, Case] = field(default_factory=dict)
    out: list[Price] = field(default_factory=list)
    premium: Price | None = None

    @property
    def receivable_fen(self) -> int:
        """Sum P over the lines."""
        return sum(line.receivable_fen for line in self.lines)

    @property
    def paid_fen(self) -> int:
        """Sum what the buyer paid over the lines."""
        return sum(line.paid_fen for line in self.lines)

    @property
    def province(self) -> str:
        """Name the province the order goes to."""
        return self.lines[0].row.get("province") or ""

    @property
    def is_shipped(self) -> bool:
        """Say whether any line has left."""
        return any(line.is_shipped for line in self.lines)

    @property
    def ship_priced_at(self) -> datetime | None:
        """Give the day that prices the parcel out: shipment, else payment."""
        times = [line.shipped_at for line in self.lines if line.shipped_at is not None]
        return min(times, default=self.paid_at)

    @property
    def successes(self) -> list[Case]:
        """List its successful cases, in order of finish."""
        return [case for case in self.cases if case.is_success]


@dataclass
class CaseLine:
    """What one case does to one line."""

    line: Line
    refund_fen: int | None
    share: Fraction | None = None
    stage: str = "unknown"
    components: dict[str, Component] = field(default_factory=lambda: {name: Component() for name in COMPONENTS})

    @property
    def is_unknown(self) -> bool:
        """Say whether any component of it is unknown."""
        return any(component.is_unknown for component in self.components.values())


@dataclass
class Case:
    """One after-sales case, real or inferred."""

    order: Order
    case_id: str
    kind: str | None
    kind_group: str
    reason: str
    refund_fen: int | None
    finished_at: datetime | None
    applied_at: datetime | None
    return_no: str | None
    is_success: bool
    is_open: bool
    is_inferred: bool
    row: dict
    own_lines: list[Line]
    priced_at: datetime | None = None
    parts: list[CaseLine] = field(default_factory=list)

    @property
    def gives_money(self) -> bool:
        """Say whether it takes part in shares: exchange and reship do not."""
        return self.kind not in ("exchange", "reship")

    @property
    def lead(self) -> CaseLine:
        """Give the line with the largest part of the refund."""
        return max(self.parts, key=lambda part: part.refund_fen or 0)

    @property
    def stage(self) -> str:
        """Give the stage of its lead line."""
        return self.lead.stage

    @property
    def is_closed(self) -> bool:
        """Say whether it is finished without success."""
        return not self.is_success and not self.is_open


@dataclass
class Ledger:
    """The whole account."""

    facts: Facts
    prices: PriceBook
    meaning: dict
    orders: dict[tuple[str, str], Order] = field(default_factory=dict)
    unallocated_spend: list[dict] = field(default_factory=list)
    small_payments: list[dict] = field(default_factory=list)
    unbooked_flows: list[dict] = field(default_factory=list)
    parcels_charged: set[tuple[str, str]] = field(default_factory=set)

    @property
    def cases(self) -> list[Case]:
        """List every case of every order."""
        return [case for order in self.orders.values() for case in order.cases]


def build_ledger(facts: Facts, words=WORDS) -> Ledger:
    """Work out the whole account from current facts."""
    ledger = Ledger(facts, PriceBook(facts["cost_settings"]), meanings(words))
    _gather_orders(ledger)
    _gather_cases(ledger)
    _infer_cases(ledger)
    _book_files(ledger)
    _price_goods(ledger)
    _price_acquisition(ledger)
    _name_tools(ledger)
    end_at = {shop: _end_of_data(facts, shop) for shop in {order.shop for order in ledger.orders.values()}}
    for order in ledger.orders.values():
        order.cases.sort(key=_finish_order)
        _share_and_stage(ledger, order, end_at[order.shop])
        _price_cases(ledger, order)
    _price_parcels_out(ledger)
    for is_open in (False, True):
        _charge_once(ledger, is_open)
    return ledger


# -- orders and lines ------------------------------------------------------------------------------------------------------------


def _gather_orders(ledger: Ledger) -> None:
    rows_of = defaultdict(list)
    for row in ledger.facts["order_lines"]:
        rows_of[row["shop"], row["order_id"]].append(row)
    for key in sorted(rows_of):
        rows = sorted(rows_of[key], key=lambda row: row["line_ref"])
        lines = [_line_of(ledger, row) for row in rows]
        paid_at = min((row["paid_at"] for row in rows if row["paid_at"] is not None), default=None)
        ledger.orders[key] = Order(*key, lines, is_loaded=True, paid_at=paid_at)


def _line_of(ledger: Ledger, row: dict) -> Line:
    status = ledger.meaning.get(("order_status", row["order_status"]))
    paid_fen = row["paid_fen"] or 0
    return Line(
        shop=row["shop"],
        order_id=row["order_id"],
        ref=row["line_ref"],
        row=row,
        product_id=row["product_id"],
        sku=row["sku"],
        paid_fen=paid_fen,
        receivable_fen=paid_fen + (row["subsidy_fen"] or 0),
        tells_shipment=row["tells_shipment"],
        is_shipped=row["shipped_at"] is not None or status in SHIPPED,
        is_delivered=bool(row["is_signed"]) or status in DELIVERED,
        shipped_at=row["shipped_at"],
    )


def _pseudo_line(ledger: Ledger, row: dict) -> Line:
    """Stand in for a line that is not loaded, from the case's own row."""
    status = ledger.meaning.get(("order_status", row["order_status"]))
    paid_fen = row["order_paid_fen"] or 0
    return Line(
        shop=row["shop"],
        order_id=row["order_id"],
        ref=row["case_id"],
        row={name: row[name] for name in ("product_id", "product_name", "sku", "spec")},
        product_id=row["product_id"],
        sku=row["sku"],
        paid_fen=paid_fen,
        receivable_fen=paid_fen,
        tells_shipment=row["out_tracking_no"] is not None or row["order_status"] is not None,
        is_shipped=bool(row["out_tracking_no"]) or status in SHIPPED,
        is_delivered=status in DELIVERED,
        shipped_at=None,
    )


# -- cases -----------------------------------------------------------------------------------------------------------------------


def _gather_cases(ledger: Ledger) -> None:
    for row in sorted(ledger.facts["cases"], key=lambda row: (row["shop"], row["case_id"])):
        order = ledger.orders.get((row["shop"], row["order_id"]))
        if order is not None and order.is_loaded:
            own_lines = _lines_named(order, row)
        else:
            order = _unloaded_order(ledger, row)
            own_lines = [order.lines[-1]]
        order.cases.append(_case_of(ledger, order, row, own_lines))


def _unloaded_order(ledger: Ledger, row: dict) -> Order:
    key = (row["shop"], row["order_id"] or f"case {row['case_id']}")
    order = ledger.orders.setdefault(key, Order(row["shop"], row["order_id"], [], is_loaded=False, paid_at=None))
    order.lines.append(_pseudo_line(ledger, row))
    times = [time for time in (order.paid_at, row["order_created_at"]) if time is not None]
    order.paid_at = min(times, default=None)
    return order


def _lines_named(order: Order, row: dict) -> list[Line]:
    """Find the lines that a case means: by line id, by product and SKU, by product, else all of them."""
    tests = (
        lambda line: row["line_id"] and line.row["line_id"] == row["line_id"],
        lambda line: row["product_id"] and (line.product_id, line.sku) == (row["product_id"], row["sku"]),
        lambda line: row["product_id"] and line.product_id == row["product_id"],
    )
    for test in tests:
        found = [line for line in order.lines if test(line)]
        if found:
            return found
    return order.lines


def _case_of(ledger: Ledger, order: Order, row: dict, own_lines: list[Line]) -> Case:
    status = ledger.meaning.get(("case_status", row["status_word"]))
    is_undecided = status not in ("succeeded", "failed", "open")
    return Case(
        order=order,
        case_id=row["case_id"],
        kind=ledger.meaning.get(("case_kind", row["kind_word"])),
        kind_group=_kind_group(ledger, row["kind_word"]),
        reason=row["reason"] or "",
        refund_fen=row["refund_fen"],
        finished_at=row["finished_at"],
        applied_at=row["applied_at"],
        return_no=row["return_no"],
        is_success=status == "succeeded",
        is_open=status == "open" or (is_undecided and row["finished_at"] is None),
        is_inferred=False,
        row=row,
        own_lines=own_lines,
    )


def _kind_group(ledger: Ledger, word: str | None) -> str:
    return UNKNOWN_GROUP if not word else ledger.meaning.get(("case_kind", word), UNMAPPED_GROUP)


def _infer_cases(ledger: Ledger) -> None:
    """Add a case for every line whose own export says that it was refunded, where no case of its order is loaded."""
    for order in ledger.orders.values():
        if order.is_loaded and not order.cases:
            order.cases = [_inferred_case(ledger, order, line) for line in order.lines if _says_refunded(ledger, line)]


def _says_refunded(ledger: Ledger, line: Line) -> bool:
    meaning = ledger.meaning.get(("order_after_sales", line.row["after_sales_status"]))
    return meaning == "refunded" or (line.row["refund_fen"] or 0) > 0


def _inferred_case(ledger: Ledger, order: Order, line: Line) -> Case:
    is_closed = ledger.meaning.get(("order_status", line.row["order_status"])) == "closed"
    all_or_unknown = line.receivable_fen if is_closed else None
    return Case(
        order=order,
        case_id=f"inferred:{order.order_id}#{order.lines.index(line) + 1}",
        kind=None,
        kind_group=UNKNOWN_GROUP,
        reason="",
        refund_fen=line.row["refund_fen"] if (line.row["refund_fen"] or 0) > 0 else all_or_unknown,
        finished_at=None,
        applied_at=None,
        return_no=None,
        is_success=True,
        is_open=False,
        is_inferred=True,
        row=line.row,
        own_lines=[line],
    )


def _finish_order(case: Case) -> tuple:
    """Sort finished cases by finish time, none last, then case id; open ones after them, by application time."""
    time = case.applied_at if case.is_open else case.finished_at
    return (case.is_open, time is None, time or datetime.max, case.case_id)


# -- what files book on orders ---------------------------------------------------------------------------------------------------


def _book_files(ledger: Ledger) -> None:
    for row in ledger.facts["freight_insurance"]:
        order = ledger.orders.get((row["shop"], row["order_id"]))
        if order is not None:
            order.premiums_fen.append(row["merchant_fee_fen"])
    for row in ledger.facts["settlements"]:
        order = ledger.orders.get((row["shop"], row["order_id"]))
        if order is not None:
            order.settlements.append(row)
    _book_flows(ledger)


def _book_flows(ledger: Ledger) -> None:
    order_of_case = {(case.order.shop, case.case_id): case.order for case in ledger.cases if not case.is_inferred}
    booked_payments = []
    for row in ledger.facts["fund_flows"]:
        if row["flow_type"] == "资金冻结":
            continue
        key = (row["shop"], row["business_no"])
        order = ledger.orders.get(key) or order_of_case.get(key)
        meaning = ledger.meaning.get(("fund_flow_remark", row["remark_word"]))
        if meaning is None or order is None:
            ledger.unbooked_flows.append(row)
        elif meaning == "small_payment":
            booked_payments.append(_booked_payment(row, order))
        else:
            _book_flow(order, meaning, row["cost_fen"])
    ledger.small_payments = merge_small_payments(ledger.facts["note_payments"], booked_payments)
    _hand_out_payments(ledger)


def _booked_payment(row: dict, order: Order) -> dict:
    return {
        "shop": row["shop"],
        "order_id": order.order_id or f"case {order.cases[0].case_id}",
        "paid_at": row["booked_at"],
        "amount_fen": row["cost_fen"],
        "is_postage": False,
    }


def _book_flow(order: Order, meaning: str, cost_fen: int) -> None:
    if meaning == "return_freight":
        order.return_freights_fen.append(cost_fen)
    elif meaning == "penalty":
        order.penalties_fen += cost_fen
    elif meaning == "compensation":
        order.compensation_fen -= cost_fen
    elif meaning == "kept_fee":
        order.kept_fees_fen.append(cost_fen)


def _hand_out_payments(ledger: Ledger) -> None:
    for payment in ledger.small_payments:
        order = ledger.orders.get((payment["shop"], payment["order_id"]))
        if order is not None:
            order.small_payments.append(payment)


def _name_tools(ledger: Ledger) -> None:
    tools = defaultdict(set)
    for shop, order_id, tool in merge_tags(ledger.facts["tag_sightings"]):
        tools[shop, order_id].add(tool)
    for key, order in ledger.orders.items():
        names = tools[key] | {tool for line in order.lines for tool in _tools_in_columns(line.row)}
        if order.small_payments:
            names.add("small_payment")
        order.tools = "+".join(sorted(names)) or "none"


def _tools_in_columns(row: dict) -> list[str]:
    says = {
        "priority_ship": row.get("is_priority_ship"),
        "address_change": row.get("is_address_changed"),
        "urge_ship": (row.get("urge_count") or 0) > 0 or row.get("last_urged_at") is not None,
        "coupon": (row.get("shop_discount_fen") or 0) > 0,
    }
    return [tool for tool, is_used in says.items() if is_used]


# -- C and A ---------------------------------------------------------------------------------------------------------------------


def _price_goods(ledger: Ledger) -> None:
    for order in ledger.orders.values():
        for line in order.lines:
            line.goods = _goods_price(ledger, order, line)


def _goods_price(ledger: Ledger, order: Order, line: Line) -> Price:
    """Price the goods of a line: cost by SKU, then by product, then the share of what was paid."""
    quantity = line.row.get("quantity")
    if quantity is not None:
        for sku in dict.fromkeys((line.sku, "")):
            cost_fen = _unit_cost_fen(ledger, order, line.product_id, sku)
            if cost_fen is not None:
                return actual(cost_fen * quantity)
    rate = ledger.prices.price(order.shop, "goods_cost_rate", order.paid_at, product=line.product_id, province=order.province)
    return rate.times(actual(line.paid_fen))


def _unit_cost_fen(ledger: Ledger, order: Order, product_id: str, sku: str) -> int | None:
    day = ALWAYS if order.paid_at is None else order.paid_at.date()
    held = [
        row
        for row in ledger.facts["product_costs"]
        if (row["shop"], row["product_id"], row["sku"]) == (order.shop, product_id, sku) and row["effective_from"] <= day
    ]
    newest = max(held, key=lambda row: row["effective_from"], default=None)
    return None if newest is None or not product_id else newest["unit_cost_fen"]


def _price_acquisition(ledger: Ledger) -> None:
    """Give every line its A: its part of the ad spend inside the spend files' period, else setting, else assumption."""
    spend_fen = _allocate_spend(ledger)
    days = defaultdict(list)
    for row in ledger.facts["ad_spend"]:
        days[row["shop"]].append(row["spent_on"])
    period_of = {shop: (min(spent_on), max(spent_on)) for shop, spent_on in days.items()}
    for order in ledger.orders.values():
        if _is_inside(period_of.get(order.shop), order):
            for line in order.lines:
                line.acquisition = actual(spend_fen[order.shop, order.order_id, line.ref])
        else:
            _acquisition_by_setting(ledger, order)


def _is_inside(period: tuple | None, order: Order) -> bool:
    return period is not None and order.is_loaded and order.paid_at is not None and period[0] <= order.paid_at.date() <= period[1]


def _allocate_spend(ledger: Ledger) -> dict[tuple, int]:
    orders_of = defaultdict(list)
    for order in ledger.orders.values():
        if order.is_loaded and order.paid_at is not None:
            orders_of[order.shop, order.paid_at.date()].append(order)
    spend_fen = defaultdict(int)
    for row in ledger.facts["ad_spend"]:
        orders = [order for order in orders_of[row["shop"], row["spent_on"]] if _is_bought_by(row, order)]
        orders.sort(key=lambda order: order.order_id)
        sign = -1 if row["amount_fen"] < 0 else 1
        parts = spread(abs(row["amount_fen"]), [order.receivable_fen for order in orders])
        if parts is None:
            ledger.unallocated_spend.append(row)
            continue
        for order, part in zip(orders, parts, strict=True):
            for line, line_part in zip(order.lines, _spread_over_lines(part, order.lines), strict=True):
                spend_fen[order.shop, order.order_id, line.ref] += sign * line_part
    return spend_fen


def _is_bought_by(row: dict, order: Order) -> bool:
    """Say whether an order of the day is one that this spend was for."""
    first = order.lines[0].row
    is_channel = not row["channel"] or row["channel"] == first["channel"]
    is_streamer = not row["streamer_id"] or row["streamer_id"] == first["streamer_id"]
    return is_channel and is_streamer


def _spread_over_lines(total_fen: int, lines: list[Line]) -> list[int]:
    """Spread by P; when P is 0, all to the first line."""
    parts = spread(total_fen, [line.receivable_fen for line in lines])
    return [total_fen] + [0] * (len(lines) - 1) if parts is None else parts


def _acquisition_by_setting(ledger: Ledger, order: Order) -> None:
    """Price A per order, spread over its lines, else by rate; a pseudo-line stands for a whole order of its own."""
    for lines in [order.lines] if order.is_loaded else [[line] for line in order.lines]:
        _acquisition_of_lines(ledger, order, lines)


def _acquisition_of_lines(ledger: Ledger, order: Order, lines: list[Line]) -> None:
    first = lines[0]
    on = order.paid_at
    an_order = ledger.prices.price(order.shop, "acquisition_per_order", on, product=first.product_id, province=order.province)
    if an_order.exact is not None:
        for line, part in zip(lines, _spread_over_lines(int(an_order.exact), lines), strict=True):
            line.acquisition = Price(Fraction(part), an_order.provenance)
        return
    for line in lines:
        rate = ledger.prices.price(order.shop, "acquisition_rate", on, product=line.product_id, province=order.province)
        line.acquisition = rate.times(actual(line.paid_fen))


# -- shares and stages -----------------------------------------------------------------------------------------------------------


def _share_and_stage(ledger: Ledger, order: Order, end_at: datetime | None) -> None:
    for case in order.cases:
        case.priced_at = end_at if case.is_open else case.finished_at or order.paid_at
        case.parts = _split_refund(case)
        for part in case.parts:
            if not case.is_closed and case.gives_money:
                _take_share(part)
            part.stage = _stage_of(ledger, case, part)


def _end_of_data(facts: Facts, shop: str) -> datetime | None:
    columns = {
        "order_lines": ("created_at", "paid_at", "shipped_at", "completed_at"),
        "cases": ("order_created_at", "applied_at", "finished_at"),
    }
    times = [
        row[column]
        for table, names in columns.items()
        for row in facts[table]
        for column in names
        if row["shop"] == shop and row[column] is not None
    ]
    return max(times, default=None)


def _split_refund(case: Case) -> list[CaseLine]:
    """Spread the refund over the case's lines by what is left of P; when nothing is left by P; else all to the first."""
    lines = case.own_lines
    if case.is_closed or not case.gives_money:
        return [CaseLine(line, 0) for line in lines]
    if case.refund_fen is None:
        return [CaseLine(line, None) for line in lines]
    parts = spread(case.refund_fen, [line.left_fen for line in lines]) or _spread_over_lines(case.refund_fen, lines)
    return [CaseLine(line, part) for line, part in zip(lines, parts, strict=True)]


def _take_share(part: CaseLine) -> None:
    """Work out S_k = min(1, refunds so far ÷ P); the share of an unknown amount is unknown."""
    if part.refund_fen is None:
        return
    line = part.line
    line.refunded_fen += part.refund_fen
    is_worth = line.receivable_fen > 0
    part.share = min(Fraction(1), Fraction(line.refunded_fen, line.receivable_fen)) if is_worth else Fraction(0)


def _stage_of(ledger: Ledger, case: Case, part: CaseLine) -> str:
    """Find the first test that holds."""
    line = part.line
    has_return = bool(case.return_no)
    if case.is_closed:
        return "closed"
    if case.is_inferred:
        return "before_shipment" if line.tells_shipment and not line.is_shipped else "unknown"
    if case.kind in ("exchange", "reship"):
        return {"exchange": "exchanged", "reship": "reshipped"}[case.kind]
    if _is_price_cut(ledger, case, part):
        return "price_cut"
    if line.tells_shipment and not has_return and (not line.is_shipped or _finished_before_shipment(case, line)):
        return "before_shipment"
    if has_return or (case.kind == "return_refund" and case.return_no is None):
        return "returned"
    if (line.is_shipped and line.is_delivered) or case.kind == "return_refund":
        return "kept"
    return "intercepted" if line.is_shipped and case.kind == "refund_only" else "unknown"


def _is_price_cut(ledger: Ledger, case: Case, part: CaseLine) -> bool:
    if case.kind == "price_protection":
        return True
    if case.kind != "refund_only" or case.return_no or part.share is None:
        return False
    below = _case_price(ledger, case, part, "price_cut_below").exact
    return below is not None and part.share < below


def _finished_before_shipment(case: Case, line: Line) -> bool:
    is_dated = case.finished_at is not None and line.shipped_at is not None and not case.is_open
    return is_dated and case.finished_at < line.shipped_at


def _case_price(ledger: Ledger, case: Case, part: CaseLine, name: str) -> Price:
    """Look up a setting that prices a case, on the line's product."""
    where = {"product": part.line.product_id, "reason": case.reason, "province": case.order.province}
    return ledger.prices.price(case.order.shop, name, case.priced_at, **where)


# -- the five components ---------------------------------------------------------------------------------------------------------


def _price_cases(ledger: Ledger, order: Order) -> None:
    for case in order.cases:
        for part in case.parts:
            if part.stage in GIVES_MONEY:
                part.components["sales"].add(UNKNOWN if part.refund_fen is None else actual(part.refund_fen))
            if part.stage in TAKES_PART:
                _book_share(ledger, case, part)
            if part.stage in ("exchanged", "reshipped"):
                part.components["damage"].add(_damage_at_risk(ledger, case, part))
        if case.stage == "unknown":
            case.lead.components["logistics"].is_unknown = True
        _book_minutes(ledger, case)
        _book_out_again(ledger, case)


def _book_share(ledger: Ledger, case: Case, part: CaseLine) -> None:
    """Book round(X·S_k) − round(X·S_b) of A and of the goods at risk, and remember S_k as booked."""
    at_risk = _damage_at_risk(ledger, case, part)
    for name, whole in (("acquisition", part.line.acquisition), ("damage", at_risk)):
        if name == "damage" and part.stage == "before_shipment":
            continue
        if whole.exact is None or part.share is None:
            part.components[name].is_unknown = True
        else:
            fen = round_fen(whole.exact * part.share) - round_fen(whole.exact * part.line.booked_share)
            part.components[name].add_fen(fen, whole.provenance)
    if part.share is not None:
        part.line.booked_share = part.share
        part.line.final_share = part.line.final_share if case.is_open else part.share


def _damage_at_risk(ledger: Ledger, case: Case, part: CaseLine) -> Price:
    """Give C·d of the stage, exact."""
    if part.stage in ("kept", "reshipped"):
        return part.line.goods
    rate_of = {
        "intercepted": "damage_rate_intercepted",
        "returned": "damage_rate_returned",
        "exchanged": "damage_rate_returned",
    }
    if part.stage not in rate_of:
        return UNKNOWN
    return part.line.goods.times(_case_price(ledger, case, part, rate_of[part.stage]))


def _book_minutes(ledger: Ledger, case: Case) -> None:
    lead = case.lead
    minutes = _case_price(ledger, case, lead, f"minutes_{lead.stage}")
    hours = minutes.times(actual(Fraction(1, 60)))
    lead.components["handling"].add(hours.times(_case_price(ledger, case, lead, "hourly_wage")))


def _out_price(ledger: Ledger, order: Order, line: Line, on: datetime | None) -> list[Price]:
    where = {"product": line.product_id, "province": order.province}
    return [ledger.prices.price(order.shop, name, on, **where) for name in ("outbound_freight", "packing")]


def _book_out_again(ledger: Ledger, case: Case) -> None:
    if case.stage in ("exchanged", "reshipped"):
        for price in _out_price(ledger, case.order, _pricing_line(case), case.priced_at):
            case.lead.components["logistics"].add(price)


# -- once an order, once a parcel, and booked money ------------------------------------------------------------------------------


def _pricing_line(case: Case) -> Line:
    """Name the line whose product prices what belongs to the order: its first, or the case's own pseudo-line."""
    return case.order.lines[0] if case.order.is_loaded else case.lead.line


def _premium_price(ledger: Ledger, order: Order, line: Line) -> Price | None:
    """Price the order's freight insurance: as booked, else the setting for a shipped order, else there is none."""
    if order.premiums_fen:
        return actual(sum(order.premiums_fen))
    if not order.is_shipped:
        return None
    where = {"product": line.product_id, "province": order.province}
    return ledger.prices.price(order.shop, "freight_insurance", order.ship_priced_at, **where)


def _price_parcels_out(ledger: Ledger) -> None:
    """Work out what the parcel out and the insurance of every order cost, refunded or not."""
    for order in ledger.orders.values():
        order.premium = _premium_price(ledger, order, order.lines[0])
        order.out = _out_price(ledger, order, order.lines[0], order.ship_priced_at)


def _charge_once(ledger: Ledger, is_open: bool) -> None:
    """Charge orders and parcels on their earliest case: first over all finished cases, then over those still open."""
    cases = sorted((case for case in ledger.cases if case.is_open == is_open and not case.is_closed), key=_finish_order)
    for case in cases:
        _charge_order(ledger, case)
        _charge_parcel(ledger, case)
    for order in ledger.orders.values():
        own = [case for case in order.cases if case.is_open == is_open and not case.is_closed]
        _book_kept_fee_rates(ledger, order, own)
        if own and not (is_open and order.successes):
            _book_return_freight(order, own)
            _book_penalties_and_fees(order, own)
            _book_compensation(order, own)


def _charge_order(ledger: Ledger, case: Case) -> None:
    order, logistics = case.order, case.lead.components["logistics"]
    if case.stage in HAS_OUT and "out" not in order.charged:
        order.charged["out"] = case
        for price in _out_price(ledger, order, _pricing_line(case), order.ship_priced_at):
            logistics.add(price)
    if case.stage in HAS_PREMIUM and "premium" not in order.charged:
        order.charged["premium"] = case
        premium = _premium_price(ledger, order, _pricing_line(case))
        if premium is not None:
            logistics.add(premium)
    if case.stage == "intercepted" and "intercept" not in order.charged:
        order.charged["intercept"] = case
        logistics.add(_case_price(ledger, case, case.lead, "intercept_fee"))


def _charge_parcel(ledger: Ledger, case: Case) -> None:
    """Charge inspection and back of a parcel on the first case that has its number; without a number each is its own."""
    if case.stage not in HAS_PARCEL:
        return
    if case.return_no:
        parcel = (case.order.shop, case.return_no)
        if parcel in ledger.parcels_charged:
            return
        ledger.parcels_charged.add(parcel)
    case.lead.components["handling"].add(_case_price(ledger, case, case.lead, "inspection"))
    order = case.order
    has_booked = bool(_booked_return_freight(order))
    if has_booked and "return_freight" not in order.charged:
        order.charged["return_freight"] = case
        case.lead.components["logistics"].add(actual(sum(_booked_return_freight(order))))
    else:
        case.lead.components["logistics"].add(_back_price(ledger, case))


def _booked_return_freight(order: Order) -> list[int]:
    """List what files book for sending goods back: fund flow, and small payments for postage on an order with a return."""
    return [*order.return_freights_fen, *(payment["amount_fen"] for payment in order.small_payments if is_back(order, payment))]


def is_back(order: Order, payment: dict) -> bool:
    """Say whether a small payment is really the freight back of a returned case."""
    return payment["is_postage"] and any(case.stage == "returned" for case in order.successes)


def _back_price(ledger: Ledger, case: Case) -> Price:
    if case.order.premiums_fen:
        return actual(0)
    freight = _case_price(ledger, case, case.lead, "return_freight")
    share = _case_price(ledger, case, case.lead, "merchant_bears_return")
    return freight if share == Price(Fraction(1), "assumed") else freight.times(share)


def _book_return_freight(order: Order, cases: list[Case]) -> None:
    """Book return freight that found no parcel on the earliest case: booked money is never dropped."""
    if _booked_return_freight(order) and "return_freight" not in order.charged:
        order.charged["return_freight"] = cases[0]
        cases[0].lead.components["logistics"].add(actual(sum(_booked_return_freight(order))))


def settlement_fees_fen(order: Order) -> int | None:
    """Sum technical service fee and commissions over the order's settlement rows; None without any."""
    if not order.settlements:
        return None
    return sum((row["technical_fee_fen"] or 0) + (row["commission_fen"] or 0) for row in order.settlements)


def _kept_fees_fen(order: Order) -> int | None:
    """Sum the fees that files show as kept; None where no file books any."""
    booked = list(order.kept_fees_fen)
    if order.settlements and _is_fully_refunded(order):
        other_fen = sum(row["other_fee_fen"] or 0 for row in order.settlements)
        booked.append(settlement_fees_fen(order) + other_fen)
    return sum(booked) if booked else None


def _is_fully_refunded(order: Order) -> bool:
    """Say whether the successful refunds come to P; the rows of an order that is not loaded each name its whole P."""
    refunded_fen = sum(case.refund_fen or 0 for case in order.successes if case.gives_money)
    worth_fen = order.receivable_fen if order.is_loaded else max(line.receivable_fen for line in order.lines)
    return 0 < worth_fen <= refunded_fen


def _book_penalties_and_fees(order: Order, cases: list[Case]) -> None:
    booked_fen = net_penalties_fen(order) + (_kept_fees_fen(order) or 0)
    cases[0].lead.components["handling"].add(actual(booked_fen))


def net_penalties_fen(order: Order) -> int:
    """Give the order's penalties less what the platform paid back, not below 0; a compensation that is a cost adds."""
    return order.penalties_fen - _compensated_penalties_fen(order)


def _compensated_penalties_fen(order: Order) -> int:
    return min(order.compensation_fen, max(order.penalties_fen, 0))


def _book_kept_fee_rates(ledger: Ledger, order: Order, cases: list[Case]) -> None:
    """Book `fee_kept_rate` × R on every case, where no file books kept fees of the order."""
    if _kept_fees_fen(order) is not None:
        return
    for case in cases:
        if not case.gives_money:
            continue
        rate = _case_price(ledger, case, case.lead, "fee_kept_rate")
        refund = UNKNOWN if case.refund_fen is None else actual(case.refund_fen)
        case.lead.components["handling"].add(actual(0) if rate.exact == 0 else rate.times(refund))


def _book_compensation(order: Order, cases: list[Case]) -> None:
    """Take what compensation is left after the penalties off the damage, case by case."""
    left_fen = order.compensation_fen - _compensated_penalties_fen(order)
    for case in cases:
        for part in case.parts:
            if left_fen > 0:
                left_fen -= part.components["damage"].reduce(left_fen)
