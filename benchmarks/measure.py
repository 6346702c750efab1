"""Measuring one side at a time in a process of its own: wall clock, processor time, peak memory, and the time of named stages."""

from __future__ import annotations

import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psutil

WATCH_SECONDS = 0.05
MEGABYTE = 1 << 20


@dataclass
class Measured:
    """What one run took: seconds of wall clock and of all processors, peak memory of the process and of its largest child.

    Processor time of children counts where the system reports it (not on Windows).
    """

    wall_s: float
    cpu_s: float
    stage_s: dict[str, float]
    answer: Any
    peak_mb: float = 0.0
    child_peak_mb: float = 0.0


@dataclass
class Stopwatch:
    """Times the whole of what is measured and the stages in it."""

    stage_s: dict[str, float] = field(default_factory=dict)
    wall_s: float = 0.0
    cpu_s: float = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Measure the enclosed work; what stands around it (opening, checking) does not count."""
        wall, cpu = time.perf_counter(), _cpu_seconds()
        yield
        self.wall_s, self.cpu_s = time.perf_counter() - wall, _cpu_seconds() - cpu

    def timed(self, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return `work` with its time added to a stage."""

        def watched(*args: Any, **kwargs: Any) -> Any:
            start = time.perf_counter()
            try:
                return work(*args, **kwargs)
            finally:
                self.stage_s[stage] = self.stage_s.get(stage, 0.0) + time.perf_counter() - start

        return watched


def measured(side: Callable[..., Any], *args: Any) -> Measured:
    """Run side(stopwatch, *args) in a fresh process and return what it took. Raises RuntimeError when it fails."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(theirs, side, args))
    process.start()
    theirs.close()
    peak, child_peak = _watched_until_told(ours, process.pid)
    try:
        result = ours.recv()
    except EOFError:
        raise RuntimeError(f"{side.__name__} broke off") from None
    finally:
        process.join()
    result.peak_mb, result.child_peak_mb = peak / MEGABYTE, child_peak / MEGABYTE
    return result


def median_of(runs: Sequence[Measured]) -> Measured:
    """Return the run of median wall time, with the highest peaks of all of them."""
    middle = sorted(runs, key=lambda run: run.wall_s)[(len(runs) - 1) // 2]
    return Measured(
        statistics.median(run.wall_s for run in runs),
        statistics.median(run.cpu_s for run in runs),
        middle.stage_s,
        middle.answer,
        max(run.peak_mb for run in runs),
        max(run.child_peak_mb for run in runs),
    )


def line_of(title: str, run: Measured) -> str:
    """Write a run as one line of a report."""
    memory = f"{run.peak_mb:6.0f} MB" + (f" + {run.child_peak_mb:.0f} MB child" if run.child_peak_mb else "")
    stages = ", ".join(f"{name} {seconds:.2f}" for name, seconds in run.stage_s.items())
    return f"  {title:<44}{run.wall_s:8.2f} s wall {run.cpu_s:8.2f} s CPU {memory}{f'  ({stages})' if stages else ''}"


def ratio_line(title: str, one: Measured, other: Measured, goal: float) -> str:
    """Write the ratio of two runs beside its goal."""
    ratio, cpu_ratio = one.wall_s / other.wall_s, one.cpu_s / max(other.cpu_s, 0.01)
    verdict = "met" if ratio <= goal else "missed"
    return f"→ {title}: {ratio:.2f} × wall (goal ≤ {goal:.2f} ×: {verdict}), {cpu_ratio:.2f} × CPU"


def print_machine(row_count: int, run_count: int) -> None:
    """Print what the figures below were measured on."""
    print(f"{row_count:,} order lines, median of {run_count}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    print(f"load of the machine before: {', '.join(f'{load:.1f}' for load in psutil.getloadavg())}", flush=True)


def _run(connection: Any, side: Callable[..., Any], args: tuple[Any, ...]) -> None:
    watch = Stopwatch()
    answer = side(watch, *args)
    connection.send(Measured(watch.wall_s, watch.cpu_s, watch.stage_s, answer))


def _watched_until_told(connection: Any, pid: int) -> tuple[int, int]:
    """Wait for the answer; return the peak memory seen of the process and of the largest process below it."""
    peak = child_peak = 0
    process = psutil.Process(pid)
    while not connection.poll(WATCH_SECONDS):
        try:
            peak = max(peak, process.memory_info().rss)
            children = [child.memory_info().rss for child in process.children()]
        except psutil.Error:
            continue
        child_peak = max([child_peak, *children])
    return peak, child_peak


def _cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
