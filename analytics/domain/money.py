"""Money as whole fen: reading it, writing it, rounding it, and spreading it so that nothing is lost."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_BLANK = {"", "-", "--", "—", "/"}
_AMOUNT = re.compile(r"(?P<sign>[+-]?)¥?(?P<sign_after>-?)(?P<yuan>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<cents>\d{1,2}))?(?:元)?")
_HIGHEST_FEN = 10**12


def parse_fen(text: str) -> int | None:
    """Read an amount in yuan (`¥1,299.90`, `￥0`, `12元`, `(12.00)`) as whole fen; blank and `-` give None.

    Raises ValueError for anything else: more than two decimals, words, amounts of ten billion yuan and more.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("¥¥", "¥")
    if plain in _BLANK:
        return None
    is_bracketed = plain.startswith("(") and plain.endswith(")")
    match = _AMOUNT.fullmatch(plain[1:-1] if is_bracketed else plain)
    if match is None or (match["sign"] and match["sign_after"]):
        raise ValueError(text)
    fen = int(match["yuan"].replace(",", "")) * 100 + int((match["cents"] or "").ljust(2, "0"))
    if fen >= _HIGHEST_FEN:
        raise ValueError(text)
    return -fen if is_bracketed or "-" in (match["sign"], match["sign_after"]) else fen


def format_fen(fen: int | None) -> str:
    """Write whole fen as yuan: `¥1,299.90`, `-¥0.05`; nothing known is `—`."""
    if fen is None:
        return "—"
    yuan, cents = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}¥{yuan:,}.{cents:02d}"


def round_half_away(numerator: int, denominator: int) -> int:
    """Divide two whole numbers and round half away from zero. Raises ZeroDivisionError when the denominator is 0."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -size if numerator < 0 else size


def spread(amount_fen: int, weights: Sequence[int]) -> list[int]:
    """Spread an amount over weights by largest remainder; the parts add up to the amount exactly.

    Floor first, the rest one fen each by largest fraction, ties to the earlier weight. A negative amount is spread like
    its positive and takes the sign. Weights are not negative; when they are all 0 the first one gets everything.
    Raises ValueError when there is nobody to spread over.
    """
    if not weights:
        raise ValueError("an amount cannot be spread over nothing")
    total = sum(weights)
    if total == 0:
        return [amount_fen, *[0] * (len(weights) - 1)]
    size, sign = abs(amount_fen), -1 if amount_fen < 0 else 1
    parts = [size * weight // total for weight in weights]
    by_fraction = sorted(range(len(weights)), key=lambda index: (-(size * weights[index] % total), index))
    for index in by_fraction[: size - sum(parts)]:
        parts[index] += 1
    return [sign * part for part in parts]
