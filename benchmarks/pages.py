"""Each page's rerun with changed filters, against the same page with its answers as constants, over a shop of any size."""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from streamlit.testing.v1 import AppTest

from analytics.actions import account
from analytics.actions.ledger import open_ledger
from analytics.domain.loads import Actor
from analytics.store import marts, questions
from analytics.ui import navigation, opening, session
from benchmarks.losses import make_ledger, write_exports
from benchmarks.measure import Measured, Stopwatch, line_of, measured, print_machine, ratio_line

FRAME = Path(__file__).resolve().parents[1] / "analytics" / "ui" / "frame.py"
PERIOD_DAYS, PERIOD_COUNT = 90, 6  # a rerun each
DEAREST = 5  # questions that are named
PAGES = tuple(name for names in navigation.GROUPS.values() for name in names)
PATIENCE_SECONDS = 300


class Constants:
    """Stands in for the ledger's answers: gives what was answered to the same question before, without asking."""

    def __init__(self) -> None:
        self.asks = session.known
        self._kept: dict[str, Any] = {}
        self.seconds: dict[str, float] = {}  # spent on each question

    def remember(self, action: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Ask, and keep the answer."""
        began = time.perf_counter()
        answer = self._kept[_name_of(action, arguments, options)] = self.asks(action, *arguments, **options)
        name = _short_name(action, arguments, options)
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began
        return answer

    def repeat(self, action: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Give the kept answer."""
        return self._kept[_name_of(action, arguments, options)]


def build_home(watch: Stopwatch, home: Path, folder: Path) -> None:
    """Import the shop's exports and build what the pages read."""
    make_ledger(watch, home, folder)
    warehouse = open_ledger(home)
    marts.refresh(warehouse)
    warehouse.close()


def rerun_pages(watch: Stopwatch, home: Path, run_count: int) -> dict[str, tuple[Measured, Measured]]:
    """Rerun every page over several periods; return medians by page: asking the ledger, and with constants for answers."""
    os.environ["REFUND_LEDGER_HOME"] = str(home)
    opened = opening.of(home)
    opened.wait(PATIENCE_SECONDS)
    assert opened.is_ready, opened.problem or opened.code
    days = account.answer(opened.warehouse, questions.data_days, actor=Actor("benchmark")).iloc[0]
    with watch.running():
        found = {page: _both_sides(page, run_count, days["first_day"]) for page in PAGES}
    opening.forget(home)
    return found


def _both_sides(page: str, run_count: int, first_day: date) -> tuple[Measured, Measured]:
    """Rerun one page with the ledger's answers and with constants in turn, so that both meet the same machine."""
    constants, asked, constant = Constants(), [], []
    test = _opened(page)
    for number in range(run_count * PERIOD_COUNT):
        period_from = first_day + timedelta(days=30 * (number % PERIOD_COUNT) + number // PERIOD_COUNT)
        session.known = constants.remember
        asked.append(_rerun(test, period_from))
        session.known = constants.repeat
        constant.append(_rerun(test, period_from))
    session.known = constants.asks
    dearest = sorted(constants.seconds.items(), key=lambda item: -item[1])[:DEAREST]
    return _median(asked, {name: seconds / len(asked) for name, seconds in dearest}), _median(constant, {})


def _opened(page: str) -> AppTest:
    test = AppTest.from_file(str(FRAME), default_timeout=PATIENCE_SECONDS)
    test.context = {"locale": "zh-CN"}
    if page != navigation.HOME:
        test.switch_page(str(navigation.FOLDER / f"{page}.py"))
    return _sound(test.run())


def _rerun(test: AppTest, first_day: date) -> tuple[float, float]:
    """Draw the page for a period not seen before; return seconds of wall clock and of the process's processors."""
    last_day = first_day + timedelta(days=PERIOD_DAYS - 1)
    for name, value in (("period", "custom"), ("from", first_day.isoformat()), ("to", last_day.isoformat())):
        test.query_params[name] = value
    wall, cpu = time.perf_counter(), time.process_time()
    test.run()
    took = time.perf_counter() - wall, time.process_time() - cpu
    _sound(test)
    return took


def _sound(test: AppTest) -> AppTest:
    """A page that broke off is quick: nothing counts unless it has its title and no fault."""
    assert test.title, [*test.exception, *test.error]
    assert not test.exception, list(test.exception)
    return test


def _median(runs: list[tuple[float, float]], stage_s: dict[str, float]) -> Measured:
    walls, cpus = zip(*runs, strict=True)
    return Measured(statistics.median(walls), statistics.median(cpus), stage_s, None)


def _short_name(action: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> str:
    question = next((one for one in arguments if callable(one)), action)
    return " ".join([question.__name__, *options.get("dimensions", ())])


def _name_of(action: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> str:
    return repr([session._name_of(one) for one in (action, *arguments)] + sorted(options.items()))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="order lines")
    parser.add_argument("--runs", type=int, default=3, help="rounds over six periods")
    chosen = parser.parse_args()
    print_machine(chosen.rows, chosen.runs)
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder, home = Path(name), Path(name) / "home"
        measured(write_exports, folder, chosen.rows)
        measured(build_home, home, folder)
        whole = measured(rerun_pages, home, chosen.runs)
    for page, (asked, constant) in whole.answer.items():
        print(line_of(f"{page}: asking the ledger", asked))
        print(line_of(f"{page}: constants for answers", constant))
        print(ratio_line(page, asked, constant, 1.5))
    print(line_of("all of it, memory of the process", whole))


if __name__ == "__main__":
    main()
