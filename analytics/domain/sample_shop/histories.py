"""What becomes of every order, in continuous time and under a policy: its parcel, its cases, its end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.domain.sample_shop import effects
from analytics.domain.sample_shop.claims import (
    AS_IT_WAS,
    EXCHANGE,
    RESHIP,
    TRAVELLING,
    WAITING,
    Cases,
    Claim,
    Policy,
    merge,
)
from analytics.domain.sample_shop.hazards import (
    DAY,
    HOUR,
    NEVER,
    exponential,
)
from analytics.domain.sample_shop.keeping import after_shipment, second_claim
from analytics.domain.sample_shop.orders import Orders
from analytics.domain.sample_shop.waiting import (
    replan_tagged,
    settle_regret,
    settle_waiting,
    transit_hours,
    urge_and_plan,
    wait_refund,
)


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


def live_through(orders: Orders, policy: Policy = AS_IT_WAS) -> History:
    """Let every order live under a policy; the draws of `orders` decide all chances, so that two policies can be compared."""
    urged, planned = urge_and_plan(orders, policy)
    asked = np.where(orders.is_unpaid, NEVER, wait_refund(orders, urged, planned))
    urged = np.where((urged < asked) & (urged < planned), urged, NEVER)
    tagged = np.where((asked < planned) & (orders.draws["rescue"] < effects.RESCUE_SHARE), asked, NEVER)
    waiting, shipped = settle_waiting(orders, asked, tagged, replan_tagged(orders, tagged, urged, planned, policy))
    regret, shipped = settle_regret(orders, tagged, shipped)
    shipped = np.where(orders.is_unpaid, NEVER, np.floor(shipped))
    delivered = np.where(shipped < NEVER, np.floor(shipped + transit_hours(orders) * HOUR), NEVER)
    # A tagged buyer only knows regret, so that nothing but chance decides what becomes of a tag.
    is_free = (shipped < NEVER) & ~waiting.is_success & (tagged == NEVER)
    claim, paid = after_shipment(orders, urged, shipped, delivered, is_free, policy)
    main = merge(claim, regret)
    claims = (waiting, main, second_claim(orders, main, paid, delivered, is_free))
    return _gather(orders, Marks(urged, tagged, paid), shipped, delivered, claims)


@dataclass(frozen=True)
class Marks:
    """When each order was first urged, tagged for priority shipment, and given a small payment."""

    urged: np.ndarray
    tagged: np.ndarray
    paid: np.ndarray


def _gather(
    orders: Orders, marks: Marks, shipped: np.ndarray, delivered: np.ndarray, claims: tuple[Claim, Claim, Claim]
) -> History:
    """Put one history together: cases in order of application, parcels that turn back, the end of each order."""
    waiting, main, _ = claims
    is_called_back = (main.phase == TRAVELLING) & main.is_success
    recalled = np.select([waiting.is_success, is_called_back], [waiting.applied, main.applied], NEVER)
    sent_back = np.where((recalled < NEVER) & (shipped < NEVER), np.maximum(shipped, recalled) + 6 * HOUR, NEVER)
    delivered = np.where(sent_back < NEVER, NEVER, delivered)
    cases = _gather_cases(orders, claims)
    received = np.where(delivered < NEVER, np.floor(delivered + (0.5 + 8 * orders.draws["receive"]) * DAY), NEVER)
    left = np.minimum(shipped, waiting.applied)
    asked, granted = _address_changes(orders, left)
    is_paid = marks.paid < NEVER
    is_paid_again = is_paid & (orders.draws["pay_again"] < 0.08)
    return History(
        shipped=shipped,
        delivered=delivered,
        sent_back=sent_back,
        received=received,
        settled=_settling_moments(orders, received, cases),
        closed=np.where(orders.is_unpaid, orders.created + 1800, _closing_moments(orders, cases)),
        urged=marks.urged,
        urge_count=_urge_counts(orders, marks.urged, left),
        tagged=marks.tagged,
        address_asked=asked,
        is_address_granted=granted,
        small_paid=marks.paid,
        small_paid_fen=np.where(is_paid, _payment_amounts(orders), 0),
        small_paid_again=np.where(is_paid_again, np.floor(marks.paid + DAY * (1 + orders.draws["pay_amount"])), NEVER),
        small_paid_again_fen=np.where(is_paid_again, effects.PAYMENT_AGAIN_FEN, 0),
        cases=cases,
    )


def _gather_cases(orders: Orders, claims: tuple[Claim, Claim, Claim]) -> Cases:
    """Return the cases of all rounds, oldest application first; a full refund gives back what is left of the receivable."""
    parts: dict[str, list[np.ndarray]] = {name: [] for name in Cases.__dataclass_fields__}
    refunded = np.zeros(len(orders), dtype=np.int64)
    for number, claim in enumerate(claims):
        has = np.flatnonzero(claim.is_made)
        cut = np.maximum((orders.receivable_fen * claim.share / 50).astype(np.int64) * 50, 50)
        wanted = np.where(claim.share >= 1, orders.receivable_fen, cut)
        wanted = np.where(np.isin(claim.kind, (EXCHANGE, RESHIP)), 0, wanted)
        wanted = np.minimum(wanted if number < 2 else orders.receivable_fen, orders.receivable_fen - refunded)
        refunded = refunded + np.where(claim.is_success, wanted, 0)
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
    closed = np.full(len(orders), NEVER)
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
