"""An outcome that a tool cannot move: the refund of another order of the same show and product, on which it was never used."""

from __future__ import annotations

import numpy as np

from analytics.domain.effects.design import HOURS_A_DAY, SETTLED_DAYS, Design
from analytics.domain.effects.trials import Course, Rows


def neighbours_refund(design: Design, course: Course, rows: Rows, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return whether a neighbour of each row (r,) was refunded within the horizon of its own start, and whether it has one.

    A neighbour shares streamer, day and product, so also what nobody wrote down: a bad batch, a show that promised too much.
    The tool was never used on it. If its refunds go with the use of the tool, such a cause moves both, and the
    effect may be its work. Each row draws its neighbour by chance.
    """
    start = np.nan_to_num(design.start_h, nan=np.inf)
    is_known = start + design.horizon_h + SETTLED_DAYS * HOURS_A_DAY <= design.end_h
    is_never = is_known & np.isinf(course.used_h) & ~design.is_used_untimed
    group = design.clusters() * (int(design.product.max(initial=0)) + 1) + design.product
    never = np.flatnonzero(is_never)
    never = never[np.argsort(group[never], kind="stable")]
    first, last = (np.searchsorted(group[never], group[rows.order], side=side) for side in ("left", "right"))
    place = first + (random.random(len(rows)) * (last - first)).astype(np.int64)
    drawn = never[np.minimum(place, len(never) - 1)] if len(never) else np.full(len(rows), -1)
    is_self = drawn == rows.order
    following = np.where(place + 1 < last, place + 1, first)
    drawn = np.where(is_self, never[np.minimum(following, len(never) - 1)], drawn) if len(never) else drawn
    has_one = (last > first) & (drawn != rows.order) & (drawn >= 0)
    return (course.refunded_h <= start + design.horizon_h)[np.maximum(drawn, 0)].astype(float), has_one
