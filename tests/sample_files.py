"""The few files of the sample shop that a test stands on: writing all three dozen takes longer than reading these."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

from analytics.actions import sample
from analytics.domain.sample_shop.catalogue import ORDERS
from analytics.domain.sample_shop.files import build_shop, sample_exports


def write_newest(folder: Path, patterns: Sequence[str], *, until: date, order_count: int = ORDERS) -> list[Path]:
    """Write the newest export that each pattern of names meets into a folder and return their paths, in that order."""
    folder.mkdir(parents=True, exist_ok=True)
    exports = list(sample_exports(build_shop(until=until, seed=sample.SAMPLE_SEED, order_count=order_count)))
    found = [max((one for one in exports if fnmatch(one.name, pattern)), key=lambda one: one.name) for pattern in patterns]
    return [sample._write(folder, export) for export in found]
