"""Several tools on one order: which orders had which, and the first use of any; their savings are never added up."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


def first_use(used_at: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return when each order (n,) first had any of the tools, hours of `used_at` by tool; NaN where it had none.

    It is the time of use of the run "any tool".
    """
    return np.fmin.reduce(list(used_at.values()))


def overlaps(is_used: Mapping[str, np.ndarray]) -> dict[tuple[str, ...], int]:
    """Return how many orders had exactly each combination of tools, most orders first; orders without any are left out.

    `is_used` holds truth values (n,) by tool. The counts add up to the orders with at least one tool.
    """
    names = list(is_used)
    code = sum(np.asarray(is_used[name], dtype=np.int64) << place for place, name in enumerate(names))
    found, counts = np.unique(code[code > 0], return_counts=True)
    rows = {
        tuple(name for place, name in enumerate(names) if mix >> place & 1): int(n) for mix, n in zip(found, counts, strict=True)
    }
    return dict(sorted(rows.items(), key=lambda row: (-row[1], row[0])))
