"""One imagined order: what each ending of it costs and earns, to the fen as the ledger books it, and when keeping it pays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from analytics.domain import costs
from analytics.domain.money import round_half_away
from analytics.domain.vocabulary import COMPONENTS, NO_CASE, STAGES
from analytics.errors import OperatorError

# The endings of an order: no refund at all, then the ledger's stages that an operator can imagine.
ENDINGS = (NO_CASE, *(stage for stage in STAGES if stage not in {"closed", "unknown"}))
UNIT_SHARE = 1_000_000  # rates are millionths
UFEN = 1_000_000  # of a fen, as the ledger holds exact amounts
CENTIMINUTES_OF_AN_HOUR = 6_000
_WITHOUT_MONEY_BACK = {NO_CASE, "exchanged", "reshipped"}
_GIVES_UP_THE_SALE = {"before_shipment", "intercepted", "returned", "kept"}  # takes part in acquisition and goods
_REFUND_ONLY = _GIVES_UP_THE_SALE - {"returned"}
_ELSE_RATES = {"acquisition_per_order": "acquisition_rate"}
_NOT_ASKED = {"minutes_closed", "minutes_unknown"}


@dataclass(frozen=True)
class Input:
    """One thing that is known of an imagined order: its unit (as in `costs.CostName`), starter assumption and both titles.

    A starter of None: the amount is worked out from the rate named in `else_rate`, until somebody types it.
    """

    name: str
    unit: str
    starter_value: int | None
    titles: tuple[str, str]
    else_rate: str = ""


# Beside the ledger's cost settings: what an order's own file would tell, what was given back, and what keeping it may cost.
_OWN = (
    Input("price", "fen", 10_000, ("买家实付", "paid by the buyer")),
    Input("subsidy", "fen", 0, ("平台补贴", "platform subsidy")),
    Input("goods_cost", "fen", None, ("货物成本", "goods cost"), "goods_cost_rate"),
    Input("commission", "fen", None, ("推广佣金", "commission"), "commission_rate"),
    Input("commission_rate", "ppm", 0, ("推广佣金占实付", "commission as a share of paid")),
    Input("refund", "fen", None, ("退款金额", "refund"), "refund_share"),
    Input("refund_share", "ppm", UNIT_SHARE, ("退款占应收的比例", "refund as a share of receivable")),
    Input("price_cut", "fen", None, ("降价退多少", "price cut"), "price_cut_share"),
    Input("price_cut_share", "ppm", 200_000, ("降价占应收的比例", "price cut as a share of receivable")),
    Input("offer", "fen", 300, ("挽单花多少", "offer to keep the order")),
)
_SETTINGS = tuple(
    Input(cost.name, cost.unit, cost.starter_value, (cost.chinese, cost.english), _ELSE_RATES.get(cost.name, ""))
    for cost in costs.COST_NAMES.values()
    if cost.name not in _NOT_ASKED
)
INPUTS: Mapping[str, Input] = MappingProxyType({each.name: each for each in (*_OWN, *_SETTINGS)})
STARTERS: Mapping[str, int | None] = MappingProxyType({each.name: each.starter_value for each in INPUTS.values()})
Given = Mapping[str, int | None]  # a value for every name of INPUTS, in its unit
# An input of ours is read and written as the ledger's setting of that unit is.
_LIKE = {"fen": "packing", "ppm": "fee_kept_rate"}


@dataclass(frozen=True)
class Outcome:
    """What one ending of the order costs and earns, in fen.

    `parts[component][piece]` says what each of the five components consists of; `steps` lead from what was receivable to the
    profit, their sum; `freight` has the pieces of the step logistics, which is spent on unrefunded orders too; `booked_as` is
    the stage that the ledger books, a price cut where so little is refunded that the goods stay sold.
    """

    ending: str
    booked_as: str
    parts: Mapping[str, Mapping[str, int]]
    freight: Mapping[str, int]
    steps: Mapping[str, int]

    @property
    def profit_fen(self) -> int:
        """What is left of the order."""
        return sum(self.steps.values())

    def part_fen(self, component: str) -> int:
        """Return one of the five components."""
        return sum(self.parts[component].values())

    @property
    def hidden_fen(self) -> int:
        """The four hidden components."""
        return sum(self.part_fen(component) for component in COMPONENTS if component != "sales")

    @property
    def total_fen(self) -> int:
        """All five."""
        return self.part_fen("sales") + self.hidden_fen


@dataclass(frozen=True)
class BreakEven:
    """When talking a buyer out of a refund pays: what can be won, what a refund costs later and at once, in fen.

    `chance` of keeping the order from which on the offer pays: 0 = it always does, None = it never does.
    """

    to_win_fen: int
    refund_later_fen: int
    refund_now_fen: int
    offer_fen: int

    @property
    def chance(self) -> float | None:
        """The break-even chance of keeping, 0 to 1."""
        needed_fen = self.refund_later_fen - self.refund_now_fen + self.offer_fen
        if needed_fen <= 0:
            return 0.0
        gained_fen = self.to_win_fen + self.refund_later_fen
        return needed_fen / gained_fen if needed_fen <= gained_fen else None


def read(name: str, text: str) -> int:
    """Read an input as a person types it: `129.90` yuan, `20%`, `2.5` minutes. Raises OperatorError."""
    try:
        value, _ = costs.parse_value(_like(name), text)
    except OperatorError as error:
        raise OperatorError(name, error.found, error.expected.replace("，或 off（关）", ""), error.remedy) from None
    if value is None or value < lowest(name):
        raise OperatorError(name, f"「{text}」", "大于 0 的数" if lowest(name) else "一个数", "请改写数值后再试。")
    return value


def write(name: str, value: int) -> str:
    """Write an input as a person types it; `read` reads it back."""
    return costs.format_value(_like(name), value)


def bounded(name: str, value: int) -> int:
    """Return a value within what a person may type for an input."""
    return min(max(value, lowest(name)), highest(name))


def lowest(name: str) -> int:
    """Return the least that a person may type: an order without a price is none."""
    return 1 if name == "price" else 0


def highest(name: str) -> int:
    """Return the most that a person may type, in the input's unit."""
    return costs.COST_NAMES[_like(name)].highest


def with_typed(given: Given, typed: Mapping[str, int]) -> dict[str, int | None]:
    """Return the inputs with what somebody typed; a rate that is typed takes the place of the amount known so far."""
    replaced = {each.name: None for each in INPUTS.values() if each.else_rate in typed}
    return {**given, **replaced, **typed}


def outcomes(given: Given) -> dict[str, Outcome]:
    """Return every ending of the imagined order by its name, the unrefunded one first."""
    return {ending: outcome(given, ending) for ending in ENDINGS}


def outcome(given: Given, ending: str) -> Outcome:
    """Return what one ending costs and earns, by the ledger's rules for an order of one line with one case."""
    stage = _booked_as(given, ending)
    parts = {
        "sales": {"refund": refund_fen(given, ending)},
        "acquisition": {"marketing": _shared(given, stage, ending, acquisition_ufen(given), UFEN)},
        "logistics": _logistics(given, stage, is_shipped=ending != "before_shipment"),
        "handling": _handling(given, stage, refund_fen(given, ending)),
        "damage": {"goods": _damage_fen(given, stage, ending)},
    }
    sent = {} if ending == "before_shipment" else _sent(given)
    freight = {**parts["logistics"], **sent}
    return Outcome(ending, stage, parts, freight, _steps(given, stage, ending, {**parts, "logistics": freight}))


def break_even(given: Given, *, is_shipped: bool) -> BreakEven:
    """Return when an offer pays that may talk the buyer out of a full refund, before shipment or after.

    A later refund comes as a return. Money already spent is in no figure: marketing; after shipment freight out and premium.
    The goods are in what can be won, since a return brings them back.
    """
    whole = {**given, "refund": None, "refund_share": UNIT_SHARE}
    at_once = "returned" if is_shipped else "before_shipment"
    won, later, now = (outcome(whole, ending).profit_fen for ending in (NO_CASE, "returned", at_once))
    spent_fen = _exact(acquisition_ufen(given)) + (sum(_sent(given).values()) if is_shipped else 0)
    return BreakEven(won + spent_fen, -later - spent_fen, -now - spent_fen, _amount(given, "offer"))


def sales_to_make_up(loss_fen: int, profit_of_a_sale_fen: int) -> int | None:
    """Return how many unrefunded orders earn a loss back; None when an order earns nothing. Losses of 0 and less need none."""
    if loss_fen <= 0:
        return 0
    return -(-loss_fen // profit_of_a_sale_fen) if profit_of_a_sale_fen > 0 else None


def receivable_fen(given: Given) -> int:
    """Return P: what the buyer paid and the platform's subsidy."""
    return _amount(given, "price") + _amount(given, "subsidy")


def refund_fen(given: Given, ending: str) -> int:
    """Return the money that an ending gives back: all or part of P, the price cut, or nothing."""
    if ending in _WITHOUT_MONEY_BACK:
        return 0
    return _either(given, "price_cut" if ending == "price_cut" else "refund", receivable_fen(given))


def amount_of(given: Given, name: str) -> int:
    """Return in fen what an amount is, typed or by its rate: goods cost, commission, acquisition, refund, price cut."""
    return _either(given, name, _base_fen(given, name))


def share_of(given: Given, name: str) -> int:
    """Return what an amount is of what it is a share of, in millionths, within what a person may type; 0 of nothing."""
    base_fen = _base_fen(given, name)
    share = round_half_away(amount_of(given, name) * UNIT_SHARE, base_fen) if base_fen else 0
    return bounded(INPUTS[name].else_rate, share)


def acquisition_ufen(given: Given) -> int:
    """Return what winning the order cost, in millionths of a fen: an amount, or a rate of what was paid."""
    return _of_paid_ufen(given, "acquisition_per_order")


def goods_ufen(given: Given) -> int:
    """Return what the goods cost, in millionths of a fen: an amount, or a rate of what was paid."""
    return _of_paid_ufen(given, "goods_cost")


def fees_fen(given: Given) -> int:
    """Return the commissions and the technical service fee of the order, before any refund lowers them."""
    commission_fen = _either(given, "commission", _amount(given, "price"))
    return commission_fen + _rate_of(receivable_fen(given), _amount(given, "technical_fee_rate"))


def _booked_as(given: Given, ending: str) -> str:
    """A small refund without a return leaves the goods sold, whatever else happened: the ledger calls it a price cut."""
    share_fen = min(refund_fen(given, ending), receivable_fen(given))
    limit = _amount(given, "price_cut_below") * max(receivable_fen(given), 1)
    return "price_cut" if ending in _REFUND_ONLY and share_fen * UNIT_SHARE < limit else ending


def _logistics(given: Given, stage: str, *, is_shipped: bool) -> dict[str, int]:
    sent_fen = _parcel_fen(given)
    pieces = {
        "out": sent_fen if stage in {"intercepted", "returned", "kept"} else 0,
        "back": _rate_of(_amount(given, "return_freight"), _amount(given, "merchant_bears_return")),
        "intercept": _amount(given, "intercept_fee"),
        "again": sent_fen,
        "premium": _amount(given, "freight_insurance"),
    }
    borne = {
        "out": True,
        "back": stage in {"returned", "exchanged"},
        "intercept": stage == "intercepted",
        "again": stage in {"exchanged", "reshipped"},
        "premium": is_shipped and stage != NO_CASE,
    }
    return {piece: fen if borne[piece] else 0 for piece, fen in pieces.items()}


def _handling(given: Given, stage: str, refunded_fen: int) -> dict[str, int]:
    if stage == NO_CASE:
        return {"work": 0, "fee_kept": 0, "inspection": 0}
    worked = _amount(given, f"minutes_{stage}") * _amount(given, "hourly_wage")
    return {
        "work": round_half_away(worked, CENTIMINUTES_OF_AN_HOUR),
        "fee_kept": _rate_of(refunded_fen, _amount(given, "fee_kept_rate")),
        "inspection": _amount(given, "inspection") if stage in {"returned", "exchanged"} else 0,
    }


def _damage_fen(given: Given, stage: str, ending: str) -> int:
    rates = {
        "intercepted": _amount(given, "damage_rate_intercepted"),
        "returned": _amount(given, "damage_rate_returned"),
        "exchanged": _amount(given, "damage_rate_returned"),
        "kept": UNIT_SHARE,
        "reshipped": UNIT_SHARE,
    }
    lost = goods_ufen(given) * rates.get(stage, 0)
    if stage in {"exchanged", "reshipped"}:
        return round_half_away(lost, UFEN * UNIT_SHARE)
    return _shared(given, stage, ending, lost, UFEN * UNIT_SHARE)


def _shared(given: Given, stage: str, ending: str, exact: int, per_fen: int) -> int:
    """The refunded share of an exact amount, of which `per_fen` make a fen."""
    whole_fen = receivable_fen(given)
    return round_half_away(exact * _share_fen(given, stage, ending), whole_fen * per_fen) if whole_fen else 0


def _share_fen(given: Given, stage: str, ending: str) -> int:
    """The refund as far as it gives up the sale, in fen of P."""
    return min(refund_fen(given, ending), receivable_fen(given)) if stage in _GIVES_UP_THE_SALE else 0


def _steps(given: Given, stage: str, ending: str, parts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    whole_fen = receivable_fen(given)
    sold_fen = whole_fen - _share_fen(given, stage, ending)
    # Nothing was receivable: nothing can be shared, fees and goods stay whole.
    sold, whole = (sold_fen, whole_fen) if whole_fen else (1, 1)
    return {
        "receivable": whole_fen,
        "sales": -sum(parts["sales"].values()),
        "fees": -round_half_away(fees_fen(given) * sold, whole),
        "acquisition": -_exact(acquisition_ufen(given)),
        "logistics": -sum(parts["logistics"].values()),
        "handling": -sum(parts["handling"].values()),
        "damage": -sum(parts["damage"].values()),
        "goods": -round_half_away(goods_ufen(given) * sold, whole * UFEN),
    }


def _sent(given: Given) -> dict[str, int]:
    """What is spent on every shipped order, whatever the buyer does."""
    return {"out": _parcel_fen(given), "premium": _amount(given, "freight_insurance")}


def _parcel_fen(given: Given) -> int:
    return _amount(given, "outbound_freight") + _amount(given, "packing")


def _of_paid_ufen(given: Given, name: str) -> int:
    typed_fen = given[name]
    return typed_fen * UFEN if typed_fen is not None else _amount(given, "price") * _amount(given, INPUTS[name].else_rate)


def _base_fen(given: Given, name: str) -> int:
    return receivable_fen(given) if name in {"refund", "price_cut"} else _amount(given, "price")


def _either(given: Given, name: str, base_fen: int) -> int:
    typed_fen = given[name]
    return typed_fen if typed_fen is not None else _rate_of(base_fen, _amount(given, INPUTS[name].else_rate))


def _rate_of(base_fen: int, rate_ppm: int) -> int:
    return round_half_away(base_fen * rate_ppm, UNIT_SHARE)


def _exact(ufen: int) -> int:
    return round_half_away(ufen, UFEN)


def _amount(given: Given, name: str) -> int:
    value = given[name]
    assert value is not None, f"{name} has no value"
    return value


def _like(name: str) -> str:
    return name if name in costs.COST_NAMES else _LIKE[INPUTS[name].unit]
