"""A slider of 假设测算: what one rerun works out after it moved, against rebuilding the account with that cost on trial."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from analytics.actions import costs, what_if
from analytics.actions.ledger import open_ledger
from analytics.actions.what_if import worked_out
from analytics.domain.loads import Actor
from analytics.domain.what_if.levers import Scenario, parse
from analytics.store.warehouse import Warehouse
from benchmarks.losses import write_exports
from benchmarks.measure import Measured, Stopwatch, line_of, measured, print_machine, ratio_line
from benchmarks.pages import build_home

ACTOR, NOW = Actor("benchmark"), datetime(2026, 11, 27)
GOAL = 0.5  # of the trial's processor time
HELD = (("refund_rate[stage=returned]", "x0.9"), ("damage_rate_returned", "15%"))
FIRST, MOVED = ("return_freight", "6.00"), ("return_freight", "6.50")
RATE = ("refund_rate[stage=returned]", "x0.85")


def move_slider(watch: Stopwatch, home: Path, lever: tuple[str, str]) -> int:
    """Work a scenario out, then again with one lever moved, which is what is measured; return the scenario's total."""
    warehouse = open_ledger(home)
    _answer(warehouse, [*HELD, FIRST])
    with watch.running():
        found = _answer(warehouse, [*HELD, FIRST, lever])
    warehouse.close()
    return found["scenario"]["total_fen"]


def fetch_book(watch: Stopwatch, home: Path) -> int:
    """Fetch the book of all days and work out the scenario without levers: once for a state of the data."""
    warehouse = open_ledger(home)
    with watch.running():
        found = _answer(warehouse, [])
    warehouse.close()
    return found["scenario"]["total_fen"]


def try_cost(watch: Stopwatch, home: Path) -> int:
    """Ask what the same cost would do as the page of costs does: marts rebuilt in a transaction that is taken back."""
    warehouse = open_ledger(home)
    with watch.running():
        effect = costs.weigh_cost(warehouse, costs.CostChange("return_freight", "6.50"), actor=ACTOR, now=NOW)
    warehouse.close()
    return effect.after_fen


def _answer(warehouse: Warehouse, turned: Sequence[tuple[str, str]]) -> dict:
    scenario = Scenario()
    for key, value in turned:
        scenario = scenario.with_lever(parse(key, value))
    return worked_out(what_if.model_of(warehouse, scenario, actor=ACTOR))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="order lines")
    chosen = parser.parse_args()
    print_machine(chosen.rows, 1)
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder, home = Path(name), Path(name) / "home"
        measured(write_exports, folder, chosen.rows)
        measured(build_home, home, folder)
        trial = measured(try_cost, home)
        runs = {"book fetched and priced": measured(fetch_book, home)}
        runs |= {
            f"{title} moved": measured(move_slider, home, lever) for title, lever in {"a cost": MOVED, "a rate": RATE}.items()
        }
    print(line_of("the account rebuilt on trial", trial))
    _print(runs, trial)


def _print(runs: dict[str, Measured], trial: Measured) -> None:
    for title, run in runs.items():
        print(line_of(title, run))
        if title.endswith("moved"):
            print(ratio_line(title, run, trial, GOAL))


if __name__ == "__main__":
    main()
