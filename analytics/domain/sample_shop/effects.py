"""What the retention tools do in the sample shop: the mechanism's numbers, and the effects they come to."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

# Urge-to-ship works: a buyer who asked and still waits asks for the money at several times the pace of one who did not.
URGED_WAIT_FACTOR = 2.3
LATE_WAIT_FACTOR = 1.8
URGED_GRUDGE_PER_DAY = 0.22  # log of the factor on later refunds for every day between the urge and the shipment
GRUDGE_LIMIT_DAYS = 4.0
URGE_RATE_SHIP = 0.030  # an hour, for an order of average price
URGE_SHIP_BY_PRICE = -0.2  # dear products come from the slower warehouse …
WAIT_RISK_BY_PRICE = 0.35  # … and are given back sooner: a comparison without price is wrong
URGE_SHIP_SLOW_DAY = 0.40
SLOW_DAY_WAIT_FACTOR = 1.5  # a product short in the warehouse: shipped later and given back more often, urged or not
URGE_SHIP_OVERDUE = 0.7

# Priority shipment does nothing: whether a tagged buyer changes their mind again does not depend on when the parcel leaves.
RESCUE_SHARE = 0.20  # of the waiting buyers who ask for their money, talked out of it by the platform and tagged
REGRET_SHARE = 0.30
REGRET_BY_PRICE = 0.9
TAG_RATE_SHIP = 0.028
TAG_SHIP_BY_PRICE = 0.8

# Address change does nothing either; but it is granted less often when the warehouse is behind, where more is refunded anyway.
ADDRESS_REQUEST_SHARE = 0.035
ADDRESS_GRANTED = 0.9
ADDRESS_GRANTED_BEHIND = 0.4

# A small payment works and loses money.
PAYMENT_FACTOR = 0.62  # on every later refund hazard of a delivered or travelling order
PAYMENT_CASE_FACTOR = 0.90  # on the chance that an open case ends in a refund
PAYMENT_RATE = 0.00010  # an hour, order on time, without a case
PAYMENT_LATE_FACTOR = 4.0
PAYMENT_RISKY_PRODUCT_FACTOR = 1.6
PAYMENT_CASE_RATE = 0.0016  # an hour while a case is open
PAYMENT_AGAIN_FEN = 300  # the second instalment some are given
PAYMENT_SHARE_LOW, PAYMENT_SHARE_HIGH = 0.10, 0.18  # of what the buyer paid

TRUTH = MappingProxyType(
    {
        "urge_ship": MappingProxyType(
            {
                "verdict": "works",
                "unit": "first urge of an unshipped order without a finished refund",
                "used": "shipped within 24 hours of the first urge",
                "compared_with": "not shipped within 24 hours, natural course after",
                "horizon_days": 15,
                "risk_difference": -0.27,
                "risk_difference_tolerance": 0.06,
            }
        ),
        "priority_ship": MappingProxyType(
            {
                "verdict": "does nothing",
                "unit": "tag on an unshipped order",
                "used": "shipped within 24 hours of the tag",
                "compared_with": "not shipped within 24 hours, natural course after",
                "horizon_days": 15,
                "risk_difference": 0.0,
                "risk_difference_tolerance": 0.0,
            }
        ),
        "address_change": MappingProxyType(
            {
                "verdict": "does nothing",
                "unit": "request to change the address before shipment",
                "used": "granted",
                "compared_with": "refused",
                "horizon_days": 30,
                "risk_difference": 0.0,
                "risk_difference_tolerance": 0.0,
            }
        ),
        "small_payment": MappingProxyType(
            {
                "verdict": "works and loses money",
                "unit": "first payment after shipment, no refund finished yet",
                "used": "paid",
                "compared_with": "never paid",
                "horizon_days": 30,
                "risk_difference": -0.06,
                "risk_difference_tolerance": 0.025,
            }
        ),
    }
)


def truth() -> dict[str, dict[str, Any]]:
    """Return what each tool truly does: verdict, unit, arms, horizon in days, change of the refund risk of the treated (0–1)."""
    return {tool: dict(facts) for tool, facts in TRUTH.items()}
