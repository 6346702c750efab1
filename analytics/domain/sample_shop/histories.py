"""What happens to the orders in continuous time: waiting, urging, shipping, claims, payments, under the shop's policy or another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.domain.sample_shop import catalogue as shop
from analytics.domain.sample_shop import effects
from analytics.domain.sample_shop.hazards import (
    DAY,
    HOUR,
    NEVER,
    exponential,
    first_event,
    gamma_like,
    sorted_edges,
    to_working_hours,
)
from analytics.domain.sample_shop.orders import Orders

REFUND_ONLY, RETURN_REFUND, EXCHANGE, RESHIP, PRICE_PROTECTION = range(5)
WAITING, TRAVELLING, DELIVERED = range(3)

# Shares of what buyers claim after delivery: return, agreed to keep, full refund only, part of the price, price protection, exchange, reship.
CLAIMS = ("return", "agreed_keep", "keep", "price_cut", "price_protection", "exchange", "reship")
CLAIM_SHARES = (0.64, 0.03, 0.11, 0.09, 0.03, 0.06, 0.04)
CLAIM_KINDS = np.array([RETURN_REFUND, RETURN_REFUND, REFUND_ONLY, REFUND_ONLY, PRICE_PROTECTION, EXCHANGE, RESHIP])
CLAIM_SUCCESS = np.array([0.93, 0.80, 0.80, 0.88, 0.95, 0.92, 0.92])
CLAIM_DAYS = np.array([7.0, 2.0, 1.8, 1.2, 0.5, 6.0, 3.5])


@dataclass(frozen=True)
class Policy:
    """What the shop does otherwise than it did: `within` or `after` 24 hours for urged or tagged orders, no small payments."""

    urged: str = "natural"
    tagged: str = "natural"
    small_payments: bool = True


AS_IT_WAS = Policy()


@dataclass(frozen=True)
class Cases:
    """After-sales cases, one array entry each, oldest application first; `order` indexes the orders, moments are seconds."""

    order: np.ndarray
    applied: np.ndarray
    finished: np.ndarray
    is_success: np.ndarray
    phase: np.ndarray
    kind: np.ndarray
    refund_fen: np.ndarray
    return_sent: np.ndarray
    is_second: np.ndarray
    is_late_waiting: np.ndarray

    def __len__(self) -> int:
        return len(self.order)


@dataclass(frozen=True)
class History:
    """What became of each order, NEVER where it did not; `small_paid_again` is a second instalment of the same payment."""

    shipped: np.ndarray
    delivered: np.ndarray
    sent_back: np.ndarray
    received: np.ndarray
    settled: np.ndarray
    closed: np.ndarray
    urged: np.ndarray
    urge_count: np.ndarray
    tagged: np.ndarray
    address_asked: np.ndarray
    is_address_granted: np.ndarray
    small_paid: np.ndarray
    small_paid_fen: np.ndarray
    small_paid_again: np.ndarray
    small_paid_again_fen: np.ndarray
    cases: Cases


@dataclass
class _Claim:
    """One round of after-sales over all orders; `applied` is NEVER where there is none."""

    applied: np.ndarray
    finished: np.ndarray
    is_success: np.ndarray
    phase: np.ndarray
    kind: np.ndarray
    share: np.ndarray
    return_sent: np.ndarray


def live_through(orders: Orders, policy: Policy = AS_IT_WAS) -> History:
    """Let every order live its life under a policy; the draws of `orders` decide all chances, so that two policies are comparable."""
    urged, planned = _urge_and_plan(orders, policy)
    asked = np.where(orders.is_unpaid, NEVER, _wait_refund(orders, urged, planned))
    urged = np.where((urged < asked) & (urged < planned), urged, NEVER)
    tagged = np.where((asked < planned) & (orders.draws["rescue"] < effects.RESCUE_SHARE), asked, NEVER)
    planned = _replan_tagged(orders, tagged, urged, planned, policy)
    waiting, shipped = _settle_waiting(orders, asked, tagged, planned)
    regret, shipped = _settle_regret(orders, tagged, shipped)
    shipped = np.where(orders.is_unpaid, NEVER, np.floor(shipped))
    delivered = np.where(shipped < NEVER, np.floor(shipped + _transit_hours(orders) * HOUR), NEVER)
    lost = (waiting.is_success & (waiting.applied < NEVER)) | (
        regret.is_success & (regret.phase != DELIVERED) & (regret.applied < NEVER)
    )
    main, paid = _after_shipment(orders, urged, tagged, shipped, delivered, lost, regret, policy)
    second = _second_claim(orders, main, paid, delivered, tagged)
    return _gather(orders, urged, tagged, shipped, delivered, paid, (waiting, main, second))


def _urge_and_plan(orders: Orders, policy: Policy) -> tuple[np.ndarray, np.ndarray]:
    """Return when each buyer first urges and when the parcel is planned to leave; an urge speeds up some parcels and not others."""
    natural = to_working_hours(orders.paid + gamma_like(orders.draws["ship"], orders.ship_hours, 0.45) * HOUR)
    edges = sorted_edges(orders.paid, orders.paid + 10 * HOUR, orders.paid + 24 * HOUR, orders.ship_by)
    pace = np.where(edges < orders.paid[:, None] + 10 * HOUR, 0.0, 0.0035) * np.where(
        edges >= orders.paid[:, None] + 24 * HOUR, 2.0, 1.0
    )
    pace = pace * np.where(edges >= orders.ship_by[:, None], 2.5, 1.0) * np.exp(0.3 * orders.log_price)[:, None]
    urged = first_event(exponential(orders.draws["urge"]), edges, pace)
    urged = np.where((urged < natural) & ~orders.is_unpaid, np.floor(urged), NEVER)
    rate = effects.URGE_RATE_SHIP * np.exp(effects.URGE_SHIP_BY_PRICE * orders.log_price)
    rate = (
        rate
        * np.where(orders.is_slow_day, effects.URGE_SHIP_SLOW_DAY, 1.0)
        * np.where(urged > orders.ship_by, effects.URGE_SHIP_OVERDUE, 1.0)
    )
    hurried = _ship_after(urged, rate, orders.draws["urge_ship"], orders.draws["urge_ship_late"], policy.urged)
    return urged, np.where(urged < NEVER, hurried, natural)


def _ship_after(since: np.ndarray, rate: np.ndarray, first: np.ndarray, later: np.ndarray, arm: str) -> np.ndarray:
    """Return the shipment that follows an urge or a tag: as it comes, or made to fall within or after 24 hours of it."""
    natural = to_working_hours(since + exponential(first) / rate * HOUR)
    is_within = natural <= since + DAY
    within = np.minimum(to_working_hours(since - np.log1p(-later * (1 - np.exp(-24 * rate))) / rate * HOUR), since + DAY)
    after = to_working_hours(since + DAY + exponential(later) / rate * HOUR)
    return {"natural": natural, "within": np.where(is_within, natural, within), "after": np.where(is_within, after, natural)}[arm]


def _wait_refund(orders: Orders, urged: np.ndarray, planned: np.ndarray) -> np.ndarray:
    """Return when a waiting buyer asks for the money: soon after paying, and more and more once late or urging."""
    edges = sorted_edges(orders.paid, orders.paid + HOUR, orders.paid + 6 * HOUR, orders.ship_by, urged)
    age = (edges - orders.paid[:, None]) / HOUR
    rate = np.select([age < 1, age < 6], [0.013, 0.0042], 0.0017)
    rate = rate * np.where(edges >= orders.ship_by[:, None], effects.LATE_WAIT_FACTOR, 1.0)
    rate = rate * np.where(edges >= urged[:, None], effects.URGED_WAIT_FACTOR, 1.0)
    risk = orders.product_array("wait_risk") * np.exp(effects.WAIT_RISK_BY_PRICE * orders.log_price)
    risk = (
        risk
        * np.where(orders.is_promotion, shop.PROMOTION_WAIT_RISK, 1.0)
        * np.where(orders.is_slow_day, effects.SLOW_DAY_WAIT_FACTOR, 1.0)
    )
    asked = first_event(exponential(orders.draws["wait"]), edges, rate * risk[:, None])
    return np.where(asked < planned, np.floor(asked), NEVER)


def _replan_tagged(orders: Orders, tagged: np.ndarray, urged: np.ndarray, planned: np.ndarray, policy: Policy) -> np.ndarray:
    """Plan the shipment of orders whose buyer the platform talked into waiting; an urged order keeps its plan."""
    rate = effects.TAG_RATE_SHIP * np.exp(effects.TAG_SHIP_BY_PRICE * orders.log_price)
    hurried = _ship_after(tagged, rate, orders.draws["rescue_ship"], orders.draws["rescue_ship_late"], policy.tagged)
    return np.where((tagged < NEVER) & (urged == NEVER), hurried, planned)


def _settle_waiting(orders: Orders, asked: np.ndarray, tagged: np.ndarray, planned: np.ndarray) -> tuple[_Claim, np.ndarray]:
    """Decide the claims made before shipment, and when the parcels leave after all. A rescued buyer may leave a withdrawn case."""
    draws = orders.draws
    is_rescued = tagged < NEVER
    is_case = (asked < NEVER) & (~is_rescued | (draws["rescue_case"] < 0.4))
    applied = np.where(is_case, asked, NEVER)
    hours = np.where(draws["wait_instant"] < 0.45, 0.02 + 0.1 * draws["wait_lag"], 0.2 + 6 * exponential(draws["wait_lag"]))
    finished = np.floor(applied + np.where(is_rescued, 0.1, hours) * HOUR)
    success = is_case & ~is_rescued & (draws["wait_success"] < 0.96)
    is_sent_meanwhile = (planned < finished) & (draws["wait_hold"] > 0.85)
    is_sent_anyway = success & (draws["wait_anyway"] < 0.006)
    stays = np.where(success & ~is_sent_meanwhile, NEVER, planned)
    held = np.where(
        is_case & ~success & ~is_rescued & ~is_sent_meanwhile, np.maximum(planned, to_working_hours(finished + HOUR)), stays
    )
    shipped = np.where(is_sent_anyway & ~is_sent_meanwhile, to_working_hours(finished + 8 * HOUR), held)
    claim = _Claim(
        applied,
        finished,
        success,
        np.full(len(orders), WAITING),
        np.full(len(orders), REFUND_ONLY),
        np.ones(len(orders)),
        _never(orders),
    )
    return claim, shipped


def _settle_regret(orders: Orders, tagged: np.ndarray, planned: np.ndarray) -> tuple[_Claim, np.ndarray]:
    """Decide which tagged buyers change their mind again: chance and moment do not look at the shipment, nor does the outcome."""
    draws = orders.draws
    share = effects.REGRET_SHARE * np.exp(effects.REGRET_BY_PRICE * orders.log_price)
    does_regret = (tagged < NEVER) & (draws["regret"] < np.minimum(share, 0.8))
    applied = np.where(does_regret, np.floor(tagged + (0.2 + 3.8 * draws["regret_lag"]) * DAY), NEVER)
    delivered = planned + _transit_hours(orders) * HOUR
    phase = np.select([applied < planned, applied < delivered], [WAITING, TRAVELLING], DELIVERED)
    days = np.select([phase == WAITING, phase == TRAVELLING], [0.2, 3.0], 6.5) * (0.75 + 0.5 * draws["case_lag"])
    success = does_regret & (draws["case_success"] < 0.95)
    finished = np.where(does_regret, np.floor(applied + days * DAY), NEVER)
    kind = np.where(phase == DELIVERED, RETURN_REFUND, REFUND_ONLY)
    sent = np.where(does_regret & (phase == DELIVERED) & success, np.floor(applied + 0.3 * days * DAY), NEVER)
    shipped = np.where(
        does_regret & (phase == WAITING),
        np.where(success, NEVER, np.maximum(planned, to_working_hours(finished + HOUR))),
        planned,
    )
    return _Claim(applied, finished, success, phase, kind, np.ones(len(orders)), sent), shipped


def _never(orders: Orders) -> np.ndarray:
    return np.full(len(orders), NEVER)


def _transit_hours(orders: Orders) -> np.ndarray:
    days = np.array([row[3] for row in shop.PROVINCES])[orders.province]
    return 12 + gamma_like(orders.draws["transit"], 24 * days, 0.3)


def _keep_risk(orders: Orders, urged: np.ndarray, shipped: np.ndarray) -> np.ndarray:
    """Return the factor on the refund hazard after shipment: product, show, price, lateness, and the grudge of an urge unanswered."""
    risk = orders.product_array("keep_risk") * orders.streamer_array("keep_risk") * np.exp(0.1 * orders.log_price)
    risk = risk * np.where(orders.is_promotion, shop.PROMOTION_KEEP_RISK, 1.0) * np.where(shipped > orders.ship_by, 1.4, 1.0)
    ignored_days = np.clip((shipped - urged) / DAY, 0, effects.GRUDGE_LIMIT_DAYS)
    return risk * np.where(urged < NEVER, np.exp(effects.URGED_GRUDGE_PER_DAY * ignored_days), 1.0)


def _after_shipment(
    orders: Orders,
    urged: np.ndarray,
    tagged: np.ndarray,
    shipped: np.ndarray,
    delivered: np.ndarray,
    lost: np.ndarray,
    regret: _Claim,
    policy: Policy,
) -> tuple[_Claim, np.ndarray]:
    """Decide the claims made after shipment and the first small payment; tagged orders only know regret and are never paid."""
    is_free = (shipped < NEVER) & ~lost & (tagged == NEVER)
    paid = np.where(is_free & policy.small_payments, _plain_payment(orders, shipped, delivered), NEVER)
    edges = sorted_edges(shipped, *(delivered + days * DAY for days in (0, 1, 3, 7, 15, 30)), paid)
    age = (edges - delivered[:, None]) / DAY
    rate = np.select(
        [age < 0, age < 1, age < 3, age < 7, age < 15, age < 30], [0.00030, 0.0013, 0.0010, 0.00050, 0.00017, 0.00004], 0.0
    )
    rate = rate * _keep_risk(orders, urged, shipped)[:, None] * np.where(edges >= paid[:, None], effects.PAYMENT_FACTOR, 1.0)
    applied = np.where(is_free, np.floor(first_event(exponential(orders.draws["keep"]), edges, rate)), NEVER)
    paid = np.where(paid < applied, paid, NEVER)
    claim = _claim_after_shipment(orders, applied, delivered)
    claim, paid = _pay_on_case(orders, claim, paid, policy)
    return _merge(claim, regret), np.where(orders.is_unpaid, NEVER, paid)


def _plain_payment(orders: Orders, shipped: np.ndarray, delivered: np.ndarray) -> np.ndarray:
    """Return when the shop pays an order without a case: more often what came late and what is often given back."""
    rate = effects.PAYMENT_RATE * np.where(shipped > orders.ship_by, effects.PAYMENT_LATE_FACTOR, 1.0)
    rate = rate * np.where(orders.product_array("keep_risk") > 1.2, effects.PAYMENT_RISKY_PRODUCT_FACTOR, 1.0)
    paid = np.floor(shipped + exponential(orders.draws["pay_plain"]) / rate * HOUR)
    return np.where(paid < delivered + 12 * DAY, paid, NEVER)


def _claim_after_shipment(orders: Orders, applied: np.ndarray, delivered: np.ndarray) -> _Claim:
    """Decide what a buyer claims after shipment, how it ends and when, as if nothing were paid."""
    draws = orders.draws
    claimed = np.minimum(np.searchsorted(np.cumsum(CLAIM_SHARES), draws["case_kind"]), len(CLAIMS) - 1)
    phase = np.where(applied < delivered, TRAVELLING, DELIVERED)
    kind = np.where(phase == TRAVELLING, REFUND_ONLY, CLAIM_KINDS[claimed])
    chance = np.where(phase == TRAVELLING, 0.82, CLAIM_SUCCESS[claimed])
    success = (applied < NEVER) & (draws["case_success"] < chance)
    days = gamma_like(draws["case_lag"], np.where(phase == TRAVELLING, 3.2, CLAIM_DAYS[claimed]), 0.35)
    failed_days = gamma_like(draws["case_fail_lag"], 1.8, 0.5)
    finished = np.where(applied < NEVER, np.floor(applied + np.where(success, days, failed_days) * DAY), NEVER)
    share = np.where((phase == DELIVERED) & np.isin(claimed, (3, 4)), 0.05 + 0.3 * draws["case_share"], 1.0)
    is_return = (phase == DELIVERED) & np.isin(claimed, (0, 5)) & success
    sent = np.where(is_return, np.floor(applied + (0.15 + 0.25 * draws["return_lag"]) * days * DAY), NEVER)
    return _Claim(applied, finished, success, phase, kind, np.where(np.isin(kind, (EXCHANGE, RESHIP)), 0.0, share), sent)


def _pay_on_case(orders: Orders, claim: _Claim, paid: np.ndarray, policy: Policy) -> tuple[_Claim, np.ndarray]:
    """Let the shop pay some of the buyers whose case is open; of those a part withdraws who would have been refunded."""
    on_case = np.floor(claim.applied + exponential(orders.draws["pay_case"]) / effects.PAYMENT_CASE_RATE * HOUR)
    is_paid = policy.small_payments & (claim.applied < NEVER) & (paid == NEVER) & (on_case < claim.finished)
    turned = is_paid & claim.is_success & (orders.draws["pay_turn"] > effects.PAYMENT_CASE_FACTOR)
    claim.is_success = claim.is_success & ~turned
    claim.finished = np.where(turned, np.minimum(np.floor(on_case + 8 * HOUR), claim.finished), claim.finished)
    claim.return_sent = np.where(turned & (claim.return_sent > on_case), NEVER, claim.return_sent)
    return claim, np.where(is_paid, on_case, paid)


def _merge(claim: _Claim, other: _Claim) -> _Claim:
    """Return one claim an order: the other where it has one."""
    has_other = other.applied < NEVER
    return _Claim(*(np.where(has_other, getattr(other, name), getattr(claim, name)) for name in _Claim.__dataclass_fields__))


def _second_claim(orders: Orders, main: _Claim, paid: np.ndarray, delivered: np.ndarray, tagged: np.ndarray) -> _Claim:
    """Let some buyers come back after a case that failed or left them the goods: then it is a return of the rest."""
    draws = orders.draws
    left_goods = np.where(main.is_success, np.where(main.share < 1, 0.08, 0.0), 0.22)
    chance = left_goods * np.where(paid < NEVER, effects.PAYMENT_FACTOR, 1.0)
    is_second = (main.applied < NEVER) & (tagged == NEVER) & (draws["second"] < chance)
    start = np.maximum(main.finished, delivered)
    applied = np.where(is_second, np.floor(start + exponential(draws["second_lag"]) * 2.5 * DAY + HOUR), NEVER)
    days = gamma_like(draws["second_finish"], 7.0, 0.3)
    success = is_second & (draws["second_success"] < 0.85)
    finished = np.where(is_second, np.floor(applied + np.where(success, days, 1.5) * DAY), NEVER)
    sent = np.where(success, np.floor(applied + 0.3 * days * DAY), NEVER)
    share = np.where(main.is_success, 1 - main.share, 1.0)
    return _Claim(applied, finished, success, np.full(len(orders), DELIVERED), np.full(len(orders), RETURN_REFUND), share, sent)


def _gather(
    orders: Orders,
    urged: np.ndarray,
    tagged: np.ndarray,
    shipped: np.ndarray,
    delivered: np.ndarray,
    paid: np.ndarray,
    claims: tuple[_Claim, ...],
) -> History:
    """Put one history together: cases in order of application, parcels that turn back, the end of each order."""
    waiting, main, _ = claims
    recalled = np.where(
        waiting.is_success, waiting.applied, np.where((main.phase == TRAVELLING) & main.is_success, main.applied, NEVER)
    )
    sent_back = np.where((recalled < NEVER) & (shipped < NEVER), np.maximum(shipped, recalled) + 6 * HOUR, NEVER)
    delivered = np.where(sent_back < NEVER, NEVER, delivered)
    cases = _gather_cases(orders, claims)
    closed = _closing_moments(orders, cases)
    received = np.where(delivered < NEVER, np.floor(delivered + (0.5 + 8 * orders.draws["receive"]) * DAY), NEVER)
    settled = _settling_moments(orders, received, cases)
    asked, granted = _address_changes(orders, np.minimum(shipped, waiting.applied))
    amount = _payment_amounts(orders)
    again = np.where(
        (paid < NEVER) & (orders.draws["pay_again"] < 0.08), np.floor(paid + DAY * (1 + orders.draws["pay_amount"])), NEVER
    )
    return History(
        shipped=shipped,
        delivered=delivered,
        sent_back=sent_back,
        received=received,
        settled=settled,
        closed=np.where(orders.is_unpaid, orders.created + 1800, closed),
        urged=urged,
        urge_count=_urge_counts(orders, urged, np.minimum(shipped, waiting.applied)),
        tagged=tagged,
        address_asked=asked,
        is_address_granted=granted,
        small_paid=paid,
        small_paid_fen=np.where(paid < NEVER, amount, 0),
        small_paid_again=again,
        small_paid_again_fen=np.where(again < NEVER, 300, 0),
        cases=cases,
    )


def _gather_cases(orders: Orders, claims: tuple[_Claim, ...]) -> Cases:
    """Return the cases of all rounds, oldest application first; a full refund gives back what is left of the receivable."""
    parts: dict[str, list[np.ndarray]] = {name: [] for name in Cases.__dataclass_fields__}
    refunded = np.zeros(len(orders), dtype=np.int64)
    for number, claim in enumerate(claims):
        has = np.flatnonzero(claim.applied < NEVER)
        cut = np.maximum((orders.receivable_fen * claim.share / 50).astype(np.int64) * 50, 50)
        wanted = np.where(claim.share >= 1, orders.receivable_fen, cut)
        wanted = np.where(np.isin(claim.kind, (EXCHANGE, RESHIP)), 0, wanted)
        wanted = np.minimum(wanted if number < 2 else orders.receivable_fen, orders.receivable_fen - refunded)
        refunded = refunded + np.where(claim.is_success & (claim.applied < NEVER), wanted, 0)
        found = {
            "order": has, "refund_fen": wanted[has], "is_second": np.full(len(has), number == 2),
            "is_late_waiting": (claim.phase == WAITING)[has] & (claim.applied[has] > orders.paid[has] + 24 * HOUR),
            **{name: getattr(claim, name)[has] for name in ("applied", "finished", "is_success", "phase", "kind", "return_sent")},
        }  # fmt: skip
        for name, values in found.items():
            parts[name].append(values)
    joined = {name: np.concatenate(values) for name, values in parts.items()}
    order = np.lexsort((joined["order"], joined["applied"]))
    return Cases(**{name: values[order] for name, values in joined.items()})


def _closing_moments(orders: Orders, cases: Cases) -> np.ndarray:
    """Return when each order was closed by refunds that give everything back."""
    closed = _never(orders)
    refunded = np.zeros(len(orders), dtype=np.int64)
    for i in np.argsort(cases.finished, kind="stable"):
        if cases.is_success[i] and cases.refund_fen[i] > 0:
            order = cases.order[i]
            refunded[order] += cases.refund_fen[i]
            if refunded[order] >= orders.receivable_fen[order]:
                closed[order] = min(closed[order], cases.finished[i])
    return closed


def _settling_moments(orders: Orders, received: np.ndarray, cases: Cases) -> np.ndarray:
    """Return when the platform settles each order: a week after receipt, later while a case is open."""
    settled = np.where(received < NEVER, np.floor(received + (7 + orders.draws["settle"]) * DAY), NEVER)
    for _ in range(2):  # a second case may open while the first holds the money back
        holds = (cases.applied < settled[cases.order]) & (settled[cases.order] < NEVER)
        np.maximum.at(settled, cases.order[holds], cases.finished[holds] + HOUR)
    return settled


def _address_changes(orders: Orders, until: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return when buyers ask for another address and whether they get it; neither changes anything else."""
    asked = np.floor(orders.paid + (0.1 + 14 * exponential(orders.draws["address_at"])) * HOUR)
    does_ask = (orders.draws["address"] < effects.ADDRESS_REQUEST_SHARE) & (asked < until) & ~orders.is_unpaid
    is_behind = orders.is_slow_day | (asked > orders.ship_by)
    granted = orders.draws["address_ok"] < np.where(is_behind, effects.ADDRESS_GRANTED_BEHIND, effects.ADDRESS_GRANTED)
    return np.where(does_ask, asked, NEVER), does_ask & granted


def _payment_amounts(orders: Orders) -> np.ndarray:
    """Return what a small payment pays: a share of the price in half yuan, at least three yuan."""
    low, high = effects.PAYMENT_SHARE_LOW, effects.PAYMENT_SHARE_HIGH
    share = low + (high - low) * orders.draws["pay_amount"]
    return np.clip((orders.paid_fen * share / 50).astype(np.int64) * 50, 300, 3000)


def _urge_counts(orders: Orders, urged: np.ndarray, until: np.ndarray) -> np.ndarray:
    """Return how often the buyer urged: once, and again about every second day until the parcel leaves."""
    waited_days = np.clip((until - urged) / DAY, 0, 20)
    more = np.floor(waited_days * orders.draws["urge_count"] * 1.6)
    return np.where(urged < NEVER, 1 + np.clip(more, 0, 6), 0).astype(int)
