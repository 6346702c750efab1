"""The urge-to-ship ranking: fit to the past and ranking of what waits, in processor time; its worth against simpler orders."""

from __future__ import annotations

import argparse

import numpy as np

from analytics.domain.urge_priority import Ranking, fit, rank
from benchmarks.measure import Stopwatch, line_of, measured, median_of, print_machine
from tests.worlds.urged_orders import draw_urged, draw_world, share_of_oracle

GOAL_CPU_S = 2.0
WORTH_ORDERS = 4_000


def rank_all(watch: Stopwatch, past_count: int, open_count: int, seed: int) -> Ranking:
    """Fit to the past with the check of its chances, then rank every open order with its reasons."""
    fit(draw_urged(draw_world(np.random.default_rng(0)), np.random.default_rng(0), 200).past, seed=0)  # imports do not count
    random = np.random.default_rng(seed)
    world = draw_world(random)
    past, pool = draw_urged(world, random, past_count).past, draw_urged(world, random, 5_000)
    which = random.integers(0, len(pool.orders), open_count)
    waiting, loss_fen = pool.orders.taken(which), pool.loss_fen[which]
    with watch.running():
        model = watch.timed("fit", fit)(past, seed=seed)
        return watch.timed("rank", rank)(model, waiting, loss_fen)


def worth(past_count: int, world_count: int) -> dict[str, float]:
    """Return the mean share of an oracle's value in the top tenth, by way of ranking."""
    shares: dict[str, list[float]] = {"model": [], "price": [], "most overdue first": []}
    for seed in range(world_count):
        random = np.random.default_rng(seed)
        world = draw_world(random)
        model, new = fit(draw_urged(world, random, past_count).past, seed=1), draw_urged(world, random, WORTH_ORDERS)
        scores = {
            "model": rank(model, new.orders, new.loss_fen).expected_loss_fen,
            "price": new.orders.price_fen,
            "most overdue first": np.nan_to_num(new.orders.hours_past_promise, nan=-999.0),
        }
        for name, score in scores.items():
            shares[name].append(share_of_oracle(score, new.avoidable_fen))
    return {name: float(np.mean(each)) for name, each in shares.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000, help="open orders")
    parser.add_argument("--past", type=int, default=20_000, help="orders urged in the past")
    parser.add_argument("--worlds", type=int, default=10, help="worlds in which the worth is measured; 0: none")
    parser.add_argument("--runs", type=int, default=3, help="runs, of which the median is printed")
    chosen = parser.parse_args()
    print_machine(chosen.rows, chosen.runs)
    run = median_of([measured(rank_all, chosen.past, chosen.rows, seed) for seed in range(chosen.runs)])
    print(line_of(f"fit to {chosen.past:,} past urges, rank {chosen.rows:,}", run))
    verdict = "met" if run.cpu_s <= GOAL_CPU_S else "missed"
    print(f"→ {run.cpu_s:.2f} s CPU (goal ≤ {GOAL_CPU_S:.0f} s: {verdict})")
    for past_count in (200, 1_000, 5_000) if chosen.worlds else ():
        shares = ", ".join(f"{name} {share:.3f}" for name, share in worth(past_count, chosen.worlds).items())
        print(f"→ share of an oracle's value in the top tenth after {past_count:,} urges: {shares}")


if __name__ == "__main__":
    main()
