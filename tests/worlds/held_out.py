"""An invented hold-out: orders of shows that differ, a tool that helps or does nothing, and the split the program makes."""

from __future__ import annotations

import numpy as np

from analytics.domain.holdout import Assigned, is_held_out

FIRST = np.datetime64("2026-03-01T00:00:00")
KNOWN_UNTIL = FIRST + np.timedelta64(100, "D")
SHARE = 0.2
SHOWS = 60
BASE_RATE, EFFECT = 0.25, -0.06
LOSS_FEN, COST_FEN = 3000, 250
SAVED_FEN = -EFFECT * LOSS_FEN


def held_out_world(rng: np.random.Generator, count: int, *, effect: float = EFFECT, share: float = SHARE) -> Assigned:
    """Return `count` orders, a share of them held out; `effect` is what the tool changes in the others."""
    show = rng.integers(0, SHOWS, count)
    rate = np.clip(BASE_RATE + rng.normal(0, 0.08, SHOWS), 0.12, 0.5)[show]
    name = f"试验{rng.integers(1 << 40)}"
    held_out = is_held_out(name, [f"25{number:016d}" for number in range(count)], share)
    is_refunded = rng.random(count) < rate + np.where(held_out, 0.0, effect)
    since = FIRST + rng.integers(0, 40 * 86_400, count).astype("timedelta64[s]")
    later = rng.integers(3_600, 14 * 86_400, count).astype("timedelta64[s]")
    return Assigned(
        since=since,
        is_held_out=held_out,
        is_tool_used=~held_out,
        refunded_at=np.where(is_refunded, since + later, np.datetime64("NaT")),
        loss_fen=np.where(is_refunded, LOSS_FEN, 0),
        cost_fen=np.where(held_out, 0, COST_FEN),
        cluster=show,
    )
