"""Whole-number arithmetic on columns, rounded half away from zero as the ledger does it."""

from __future__ import annotations

import numpy as np

_SAFE = 1 << 61  # beyond this, columns are worked out in Python's own whole numbers


def divided(numerator: np.ndarray, denominator: int) -> np.ndarray:
    """Divide whole numbers by one and round half away from zero."""
    return np.sign(numerator) * ((2 * np.abs(numerator) + denominator) // (2 * denominator))


def product(left: np.ndarray, right: np.ndarray, per: int) -> np.ndarray:
    """Return left × right ÷ per, rounded once; exact for any size."""
    if _too_large(left, right):
        return divided(left.astype(object) * right.astype(object), per).astype(np.int64)
    return divided(left * right, per)


def shared(exact: np.ndarray, share: np.ndarray, whole: np.ndarray, per: int) -> np.ndarray:
    """Return exact × share ÷ (whole × per), rounded once; 0 where there is no whole. `per` is even; 0 <= share <= whole.

    The quotient is taken before the product, so that nothing overflows: floor(exact × share ÷ whole) decides the rounding,
    since what is dropped is less than one of 2 × per.
    """
    if len(exact) and int(np.abs(exact).max()) > _SAFE:
        return np.array(
            [_shared_one(*row, per) for row in zip(*(c.tolist() for c in (exact, share, whole)), strict=True)], np.int64
        )
    size, safe_whole = np.abs(exact), np.where(whole > 0, whole, 1)
    floor = size // safe_whole * share + size % safe_whole * share // safe_whole
    return np.where(whole > 0, np.sign(exact) * ((2 * floor + per) // (2 * per)), 0)


def _shared_one(exact: int, share: int, whole: int, per: int) -> int:
    if whole <= 0:
        return 0
    size = (2 * abs(exact) * share + whole * per) // (2 * whole * per)
    return -size if exact < 0 else size


def running(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Add up values within each group so far, this one included; rows of a group stand together."""
    if not len(values):
        return values
    total = np.cumsum(values)
    starts = np.flatnonzero(np.diff(group, prepend=group[0] - 1))
    before = np.repeat(total[starts] - values[starts], np.diff(np.append(starts, len(values))))
    return total - before


def earlier_highest(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return for every row the highest value (0 or more) among the earlier rows of its group; 0 for the first."""
    if not len(values):
        return values
    number = np.cumsum(np.diff(group, prepend=group[0] - 1) != 0)
    lifted = number * (int(values.max()) + 1) + values
    highest = np.maximum.accumulate(lifted) - number * (int(values.max()) + 1)
    earlier = np.append(0, highest[:-1])
    return np.where(np.diff(number, prepend=0) == 0, earlier, 0)


def _too_large(left: np.ndarray, right: np.ndarray) -> bool:
    if not len(left):
        return False
    return int(np.abs(left).max()) * int(np.abs(right).max()) > _SAFE
