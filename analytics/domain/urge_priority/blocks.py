"""Competing risks in six-hour blocks: who waits is refunded, shipped, or waits on; who is shipped may be refunded later."""

from __future__ import annotations

import numpy as np


def refund_risk(refund: np.ndarray, ship: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return the chance (n,) that an order which waits now is refunded before the last block ends.

    `refund` and `ship` (blocks, n) are the chances that each would come in a block if the other could not (ship 0: ruled out);
    of an order that would meet both, each comes first half the time. `after` (blocks, n) is the chance that one shipped in the
    block is refunded in what is left of the horizon.
    """
    waiting = np.ones(refund.shape[1], dtype=refund.dtype)
    risk = np.zeros_like(waiting)
    for refund_now, ship_now, refund_later in zip(refund, ship, after, strict=True):
        both = refund_now * ship_now
        risk += waiting * (refund_now - both / 2 + (ship_now - both / 2) * refund_later)
        waiting = waiting * (1 - refund_now - ship_now + both)
    return risk
