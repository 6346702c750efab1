"""The platform's limits on small payments, as the article 快手店常用的挽单小窍门 gives them: no second source is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np


@dataclass(frozen=True)
class PaymentRule:
    """One limit: what of a payment it looks at (a running figure, this payment included), and the most that it may be."""

    figure: str
    most: int


RULES: Mapping[str, PaymentRule] = MappingProxyType(
    {
        "days": PaymentRule("days_since_paid", 365),
        "times": PaymentRule("order_count", 3),
        "order_amount": PaymentRule("order_fen", 1_000_000),
        "day_amount": PaymentRule("day_fen", 1_000_000),
    }
)


@dataclass(frozen=True)
class Standing:
    """How payments stand with one rule: which break it (n,), the highest figure there is, and what is left until the limit."""

    is_broken: np.ndarray
    highest: float | None
    left: float | None


def standings(figures: Mapping[str, np.ndarray]) -> dict[str, Standing]:
    """Hold payments against every rule. `figures` gives the running figures of each payment (n,), NaN where one is unknown."""
    found = {}
    for name, rule in RULES.items():
        values = np.asarray(figures[rule.figure], dtype=float)
        known = values[~np.isnan(values)]
        highest = float(known.max()) if len(known) else None
        left = None if highest is None else max(rule.most - highest, 0.0)
        found[name] = Standing(values > rule.most, highest, left)
    return found
