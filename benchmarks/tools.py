"""How long judging a retention tool takes: 100,000 orders in 3 s of CPU, a million in 30 s and 1.5 GB."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

import numpy as np

from analytics.domain import holdout
from analytics.domain.effects import payments
from analytics.domain.effects.shipping import judge_shipping
from benchmarks.measure import Measured, Stopwatch, line_of, measured, median_of, print_machine
from tests.worlds import held_out, urged
from tests.worlds.payments import Mechanism, small_payments

SEED = 20261127
GOALS = {100_000: (3.0, 1500.0), 1_000_000: (30.0, 1500.0)}  # seconds of CPU, megabytes


def shipping_tool(watch: Stopwatch, order_count: int) -> str:
    """Judge what shipping within a day did to urged orders, all of them touched by the tool, and in each of 41 groups."""
    world = urged.urged_world(np.random.default_rng(SEED), order_count)
    orders = world.orders
    week = ((orders.since - urged.FIRST) // np.timedelta64(7, "D")).astype(int)
    groups = {"product": orders.cluster % 40, "streamer": orders.cluster % 12, "week": week}
    with watch.running():
        return judge_shipping(orders, known_until=urged.KNOWN_UNTIL, groups=groups).grade


def small_payment(watch: Stopwatch, order_count: int) -> str:
    """Judge small payments in a shop of so many orders, of which one in thirty was paid, and in each of 47 groups."""
    design = small_payments(SEED, order_count, Mechanism(pay_rate=0.00002, pay_case_rate=0.0004)).design
    groups = {"product": design.product, "streamer": design.streamer, "week": design.paid_day // 7}
    with watch.running():
        return payments.effect_of(design, seed=SEED, groups=groups).grade


def hold_out(watch: Stopwatch, order_count: int) -> str:
    """Judge a hold-out by intention to treat."""
    assigned = held_out.held_out_world(np.random.default_rng(SEED), order_count)
    with watch.running():
        return holdout.judge_holdout(assigned, share=held_out.SHARE, horizon_days=30, known_until=held_out.KNOWN_UNTIL).grade


def assignment(watch: Stopwatch, order_count: int) -> int:
    """Say which of so many new orders are held out."""
    orders = [f"25{number:016d}" for number in range(order_count)]
    with watch.running():
        return int(holdout.is_held_out("春季试验", orders, held_out.SHARE).sum())


SIDES: dict[str, Callable[[Stopwatch, int], str | int]] = {
    "a shipping tool": shipping_tool,
    "small payments": small_payment,
    "a hold-out": hold_out,
    "assigning to a hold-out": assignment,
}


def verdict(run: Measured, order_count: int) -> str:
    """Say whether a run kept the promise for so many orders, where there is one."""
    if order_count not in GOALS:
        return ""
    seconds, megabytes = GOALS[order_count]
    kept = run.cpu_s <= seconds and run.peak_mb <= megabytes
    return f" (goal ≤ {seconds:.0f} s CPU, {megabytes:.0f} MB: {'met' if kept else 'missed'})"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--orders", type=int, nargs="+", default=list(GOALS), help="orders that the tool touched (small payments: of the shop)"
    )
    parser.add_argument("--runs", type=int, default=3, help="runs of each size")
    chosen = parser.parse_args(arguments)
    for order_count in chosen.orders:
        print_machine(order_count, chosen.runs)
        for title, side in SIDES.items():
            run = median_of([measured(side, order_count) for _ in range(chosen.runs)])
            print(line_of(title, run) + verdict(run, order_count), flush=True)


if __name__ == "__main__":
    main()
