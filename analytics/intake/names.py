"""What a file's name tells: which list it is, when it was exported, and the password people try first."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePath

LIST_KINDS = ("all", "priority_ship", "urge_ship", "address_change")
_LIST_WORDS = (
    ("priority_ship", ("优先发货", "priority_ship")),
    ("urge_ship", ("催发货", "催单", "催促发货", "urge_ship")),
    ("address_change", ("修改地址", "改地址", "地址修改", "address_change")),
)
_TIME = re.compile(
    r"(?<!\d)(20\d\d)[-_./年]?([01]\d)[-_./月]?([0-3]\d)日?[-_ T]*([0-2]\d)[-_:：.时]?([0-5]\d)(?:[-_:：.分]?([0-5]\d))?秒?"
    # A second date or a longer number may not begin here.
    r"(?![-_.]?\d{2})(?!\d)"
)
_PASSWORD_LENGTH = 6  # of Kuaishou's protected exports


def guess_list_kind(file_name: str) -> str:
    """Guess which order list a file holds: `priority_ship`, `urge_ship`, `address_change`, else `all`."""
    return next((kind for kind, words in _LIST_WORDS if any(word in file_name for word in words)), "all")


def exported_at_from(file_name: str) -> datetime | None:
    """Read the export time in a file's name (`…20261116091200.csv`, `… 2026-11-16 09_12.xlsx`); a plain date is no time."""
    for match in reversed(list(_TIME.finditer(PurePath(file_name).stem))):
        try:
            return datetime(*(int(part or 0) for part in match.groups()))
        except ValueError:
            continue
    return None


def password_tail(file_name: str) -> str:
    """Return the last six characters of the name without its suffix."""
    return PurePath(file_name).stem[-_PASSWORD_LENGTH:]
