"""What may be shown or kept of a person: masking numbers, and the keyed hash of a buyer's id."""

from __future__ import annotations

import hmac
import re

_PERSONAL_NUMBERS = re.compile(r"[1-9]\d{16}[\dXx]|1[3-9]\d{9}")


def hide_numbers(text: str) -> str:
    """Mask mobile and identity numbers."""
    return _PERSONAL_NUMBERS.sub("***", text)


def buyer_hash(buyer_id: str, key: bytes) -> str:
    """Return the keyed hash (HMAC-SHA256, hex) under which a buyer is known."""
    return hmac.digest(key, buyer_id.encode("utf-8"), "sha256").hex()
