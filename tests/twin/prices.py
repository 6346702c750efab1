"""Dated, scoped cost settings: which value holds for a product, a reason, a province, on a day."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from .amounts import UNKNOWN, Price
from .words import BY_REASON, PLAIN_PER_UNIT, STARTER_OF, UNIT_OF

ALWAYS = date(1970, 1, 1)


class PriceBook:
    """Hold the operator's settings of all shops."""

    def __init__(self, cost_settings: list[dict]) -> None:
        self._rows = cost_settings

    def price(self, shop: str, name: str, on: datetime | date | None, *, product="", reason="", province="") -> Price:
        """Find one setting: product before reason before province before shop, then the starter assumption."""
        for scope in _scopes(name, product, reason, province):
            row = self._in_force(shop, name, scope, on)
            if row is not None:
                return UNKNOWN if row["state"] == "off" else Price(_plain(name, row["value"]), "set")
        starter = STARTER_OF[name]
        return UNKNOWN if starter is None else Price(_plain(name, starter), "assumed")

    def _in_force(self, shop: str, name: str, scope: str, on: datetime | date | None) -> dict | None:
        day = ALWAYS if on is None else on.date() if isinstance(on, datetime) else on
        held = [
            row
            for row in self._rows
            if row["shop"] == shop and row["name"] == name and row["scope"] == scope and row["effective_from"] <= day
        ]
        return max(held, key=lambda row: row["effective_from"], default=None)


def _scopes(name: str, product: str, reason: str, province: str) -> list[str]:
    scopes = [f"product:{product}"] if product else []
    if reason and name in BY_REASON:
        scopes.append(f"reason:{reason}")
    if province:
        scopes.append(f"province:{province}")
    return [*scopes, ""]


def _plain(name: str, value: int) -> Fraction:
    return Fraction(value, PLAIN_PER_UNIT[UNIT_OF[name]])
