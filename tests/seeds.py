"""Which random shops the suite meets each time, and which only on request."""

from __future__ import annotations

from collections.abc import Sequence

import pytest


def first_of(seeds: Sequence[int], count: int) -> list:
    """Return the seeds as parameters: the first `count` run with the suite, the others with `-m scale`."""
    return [*seeds[:count], *(pytest.param(seed, marks=pytest.mark.scale) for seed in seeds[count:])]
