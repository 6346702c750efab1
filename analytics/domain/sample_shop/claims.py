"""What a claim is: its kinds and phases, one round of claims over all orders, the cases they become, and the shop's policy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.domain.sample_shop.hazards import NEVER

REFUND_ONLY, RETURN_REFUND, EXCHANGE, RESHIP, PRICE_PROTECTION = range(5)
WAITING, TRAVELLING, DELIVERED = range(3)

# What buyers claim after delivery, side by side: share, kind, chance to succeed, days until it does.
CLAIMS = ("return", "agreed_keep", "keep", "price_cut", "price_protection", "exchange", "reship")
PRICE_CUTS = (3, 4)
GOODS_GO_BACK = (0, 5)
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
class Claim:
    """One round of after-sales over all orders; `applied` is NEVER where there is none, `share` is of the receivable."""

    applied: np.ndarray
    finished: np.ndarray
    is_success: np.ndarray
    phase: np.ndarray
    kind: np.ndarray
    share: np.ndarray
    return_sent: np.ndarray

    @property
    def is_made(self) -> np.ndarray:
        """Say for each order whether there is a claim."""
        return self.applied < NEVER


def merge(claim: Claim, other: Claim) -> Claim:
    """Return one claim an order: the other where it has one."""
    return Claim(*(np.where(other.is_made, getattr(other, name), getattr(claim, name)) for name in Claim.__dataclass_fields__))
