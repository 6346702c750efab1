"""Exact amounts: rounding, largest remainder, and money that knows where it comes from and what it does not know."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from .words import PROVENANCES

_STRENGTH = {"assumed": 0, "set": 1, "actual": 2}


def round_fen(exact: Fraction) -> int:
    """Round to whole fen, half away from zero."""
    exact = Fraction(exact)
    size = abs(exact) + Fraction(1, 2)
    whole = size.numerator // size.denominator
    return whole if exact >= 0 else -whole


def spread(total: int, weights: list[int]) -> list[int] | None:
    """Spread a total by weights with the largest remainder, earlier places first among equals; None when nothing weighs."""
    all_weights = sum(weights)
    if all_weights <= 0:
        return None
    exact = [Fraction(total * weight, all_weights) for weight in weights]
    parts = [share.numerator // share.denominator for share in exact]
    left = total - sum(parts)
    by_fraction = sorted(range(len(weights)), key=lambda place: (-(exact[place] - parts[place]), place))
    for place in by_fraction[:left]:
        parts[place] += 1
    return parts


@dataclass(frozen=True)
class Price:
    """One exact input and where it comes from; an exact value of None means: nobody knows it."""

    exact: Fraction | None
    provenance: str | None

    def times(self, other: Price) -> Price:
        """Multiply two inputs: the product is as good as the weaker of the two."""
        if self.exact is None or other.exact is None:
            return UNKNOWN
        weaker = min(self.provenance, other.provenance, key=_STRENGTH.__getitem__)
        return Price(self.exact * other.exact, weaker)


UNKNOWN = Price(None, None)


def actual(value) -> Price:
    """Wrap a number that a file says."""
    return Price(Fraction(value), "actual")


@dataclass
class Component:
    """One of the five parts of a case: its known fen by provenance, and whether a part of it is unknown."""

    fen_by_provenance: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PROVENANCES, 0))
    is_unknown: bool = False

    def add(self, price: Price) -> None:
        """Book one price, rounded to the fen."""
        if price.exact is None:
            self.is_unknown = True
        else:
            self.add_fen(round_fen(price.exact), price.provenance)

    def add_fen(self, fen: int, provenance: str) -> None:
        """Book whole fen."""
        self.fen_by_provenance[provenance] += fen

    def reduce(self, fen: int) -> int:
        """Take off at most what is there, and say how much that was."""
        left = fen
        for provenance in reversed(PROVENANCES):
            taken = min(left, max(self.fen_by_provenance[provenance], 0))
            self.fen_by_provenance[provenance] -= taken
            left -= taken
        return fen - left

    @property
    def known_fen(self) -> int:
        """Sum what is known."""
        return sum(self.fen_by_provenance.values())

    @property
    def shown_fen(self) -> int | None:
        """Show the known part; None where something is unknown and what is known comes to nothing."""
        return None if self.is_unknown and self.known_fen == 0 else self.known_fen
