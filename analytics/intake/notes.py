"""Small payments in an order's note: the system's own segments, told apart from what people write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from analytics.domain.money import parse_fen

MARK = "小额打款"
_SEGMENT = re.compile(r"\s*(\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{2}:\d{2})\s*小额打款金额\s*([¥￥]?\s*[\d,.]+元?)(.*)", re.DOTALL)
_POSTAGE = re.compile("运费|邮费")


@dataclass(frozen=True)
class NotedPayment:
    """One small payment as the platform writes it into the note."""

    paid_at: datetime
    amount_fen: int
    is_postage: bool


def payments_in(note: str) -> tuple[list[NotedPayment], int]:
    """Return the small payments of a note, repeats (same time and amount) once, and how many segments could not be read.

    Segments are joined by `/`; a text segment after a payment is its reason, and says whether it was for postage.
    """
    found: dict[tuple[datetime, int], NotedPayment] = {}
    unread = 0
    for segment, reason in _segments(note):
        payment = _payment(segment, reason)
        if payment is None:
            unread += 1
        elif (key := (payment.paid_at, payment.amount_fen)) not in found or payment.is_postage:
            found[key] = payment
    return list(found.values()), unread


def _segments(note: str) -> Iterator[tuple[str, str]]:
    """Yield each system segment with the text segment after it."""
    parts = note.split("/")
    for part, after in zip(parts, [*parts[1:], ""], strict=True):
        if MARK in part:
            yield part, "" if MARK in after else after


def _payment(segment: str, reason: str) -> NotedPayment | None:
    match = _SEGMENT.fullmatch(segment)
    if match is None:
        return None
    try:
        paid_at = datetime.strptime(match[1], "%Y-%m-%d %H:%M:%S")
        amount_fen = parse_fen(match[2])
    except ValueError:
        return None
    if amount_fen is None:
        return None
    return NotedPayment(paid_at, amount_fen, bool(_POSTAGE.search(match[3] + reason)))
