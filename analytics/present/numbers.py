"""Numbers as a reader wants them: ¥1,234.50, 12.3万, 24.3%, +1.2 个百分点; nothing known is a dash, never 0."""

from __future__ import annotations

from itertools import pairwise

from analytics.domain.money import format_fen, round_half_away

NOTHING = "—"
FEN_PER_YUAN = 100
# (name, fen in one unit, decimals shown), largest first; from the second line on an amount is shortened.
_UNITS = {
    "zh": [("亿", 10_000_000_000, 2), ("万", 1_000_000, 1)],
    "en": [("B", 100_000_000_000, 2), ("M", 100_000_000, 2), ("K", 100_000, 1)],
}
LARGEST_CHANGE = 9.99
_SHORTENED_FROM_FEN = 1_000_000


def money(fen: int | None, language: str = "zh") -> str:
    """Write fen for reading at a glance: exact below ¥10,000, then in 万 and 亿 (K, M and B in English)."""
    if fen is None or abs(fen) < _SHORTENED_FROM_FEN:
        return format_fen(fen)
    name, unit_fen, decimals = _unit_of(abs(fen), _UNITS[language])
    scaled = round_half_away(abs(fen) * 10**decimals, unit_fen)
    return f"{'-' if fen < 0 else ''}¥{scaled / 10**decimals:,.{decimals}f}{name}"


def money_about(fen: float | None, language: str = "zh") -> str:
    """Write an estimated amount: whole yuan below ¥10,000, since its fen mean nothing, then in 万 and 亿 (K, M and B)."""
    if fen is None:
        return NOTHING
    whole_fen = round_half_away(round(fen), FEN_PER_YUAN) * FEN_PER_YUAN
    return money(whole_fen, language).removesuffix(".00")


def money_exact(fen: int | None) -> str:
    """Write fen to the fen: ¥1,234,567.89."""
    return format_fen(fen)


def rate(share: float | None) -> str:
    """Write a rate (0–1) in percent with one decimal."""
    return NOTHING if share is None else f"{_half_away(share * 100, 1):.1f}%"


def points(difference: float | None, language: str = "zh") -> str:
    """Write the difference of two rates (0–1) in percentage points, with its sign."""
    if difference is None:
        return NOTHING
    unit = {"zh": " 个百分点", "en": " pp"}[language]
    return f"{_half_away(difference * 100, 1):+.1f}{unit}"


def change(now: float | None, before: float | None) -> float | None:
    """Return the relative change from `before` to `now`; None when there is nothing to compare with."""
    if now is None or not before:
        return None
    return (now - before) / abs(before)


def signed_rate(share: float | None) -> str:
    """Write a relative change with its sign: +8.4%; against next to nothing only that it is large."""
    if share is not None and share >= LARGEST_CHANGE:
        return f"> +{LARGEST_CHANGE:.0%}"
    return NOTHING if share is None else f"{_half_away(share * 100, 1):+.1f}%"


def count(number: int | None) -> str:
    """Write a count with separators."""
    return NOTHING if number is None else f"{number:,}"


def ratio(part: float | None, whole: float | None) -> float | None:
    """Divide, or return None over nothing: a rate over nothing is unknown, not 0."""
    return None if part is None or not whole else part / whole


def _unit_of(size_fen: int, units: list[tuple[str, int, int]]) -> tuple[str, int, int]:
    """The largest unit the amount reaches once it is rounded: 9,999.96万 is already 1.00亿."""
    for larger, smaller in pairwise(units):
        _, unit_fen, decimals = smaller
        if round_half_away(size_fen * 10**decimals, unit_fen) * unit_fen >= larger[1] * 10**decimals:
            return larger
    return units[-1]


def _half_away(number: float, decimals: int) -> float:
    """Round as people do, and never to a negative nothing; floats are cut to a millionth first, where their noise lives."""
    millionths = round(number * 1_000_000)
    return round_half_away(millionths, 10 ** (6 - decimals)) / 10**decimals or 0.0
