"""Each page's rerun with changed filters, against the same page with its answers as constants, over a shop of any size."""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from streamlit.testing.v1 import AppTest

from analytics.actions import account
from analytics.actions.imports import ImportOptions, import_file
from analytics.actions.ledger import beijing_now, open_ledger
from analytics.domain.loads import Actor
from analytics.store import marts, questions
from analytics.ui import navigation, opening, session
from benchmarks import shops
from benchmarks.losses import make_ledger, write_exports
from benchmarks.measure import Measured, Stopwatch, line_of, measured, print_machine, ratio_line

FRAME = Path(__file__).resolve().parents[1] / "analytics" / "ui" / "frame.py"
PERIOD_DAYS, PERIOD_COUNT = 90, 6  # a rerun each
DEAREST = 5  # questions that are named
PAGES = tuple(name for names in navigation.GROUPS.values() for name in names)
PATIENCE_SECONDS = 300
URGED = 5_000  # orders on the list of those whose buyers urge
QUIET_SECONDS, QUIET_SHARE = 1.0, 0.1  # of a processor: less is what the server does at rest
FIRST_PRODUCT = 21_870_000_000_001


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


def write_list(_: Stopwatch, path: Path, row_count: int) -> None:
    """Write the shop's newest sales as the list of urged orders that an operator would draw had they not been shipped yet."""
    blank = ", ".join(f"""'' as "{column}\"""" for column in ("发货时间", "快递公司", "快递单号", "物流信息"))
    waiting = f"""
        select * replace ('待发货' as "订单状态", {blank})
        from ({shops.text_of("shop_orders_export")})
        where "订单支付时间" <> '' and "售后状态" = ''
        order by "订单支付时间" desc, "订单号"
        limit {URGED}
    """  # noqa: S608 -- the benchmark's own words
    shops.make_shop(row_count).sql(waiting).write_csv(str(path))


def load_list(_: Stopwatch, home: Path, path: Path, now: datetime) -> int:
    """Import that list as drawn at `now`; return how many orders it holds."""
    warehouse = open_ledger(home)
    options = ImportOptions(list_kind="urge_ship", exported_at=now)
    receipt = import_file(warehouse, path, options, actor=Actor("benchmark"), now=now)
    marts.refresh(warehouse)
    warehouse.close()
    return receipt.rows


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
    drawn_at = beijing_now()
    session.now = lambda: drawn_at  # the list of urged orders is another every few minutes
    days = account.answer(opened.warehouse, questions.data_days, actor=Actor("benchmark")).iloc[0]
    with watch.running():
        found = {page: _both_sides(page, run_count, days["first_day"]) for page in PAGES}
    opening.forget(home)
    return found


def _both_sides(page: str, run_count: int, first_day: date) -> tuple[Measured, Measured]:
    """Rerun one page with the ledger's answers and with constants in turn, so that both meet the same machine."""
    constants, asked, constant = Constants(), [], []
    test = _opened(page)
    _wait_for_quiet()
    for number in range(run_count * PERIOD_COUNT):
        address = _moved(page, number, first_day)
        session.known = constants.remember
        asked.append(_rerun(test, address))
        session.known = constants.repeat
        constant.append(_rerun(test, address))
    session.known = constants.asks
    dearest = sorted(constants.seconds.items(), key=lambda item: -item[1])[:DEAREST]
    return _median(asked, {name: seconds / len(asked) for name, seconds in dearest}), _median(constant, {})


def _opened(page: str) -> AppTest:
    test = AppTest.from_file(str(FRAME), default_timeout=PATIENCE_SECONDS)
    test.context = {"locale": "zh-CN"}
    if page != navigation.HOME:
        test.switch_page(str(navigation.FOLDER / f"{page}.py"))
    return _sound(test.run())


def _moved(page: str, number: int, first_day: date) -> dict[str, str]:
    """Return an address of the page not seen before: another period, or what its operator moves most."""
    if page == "urge_ship":
        return {"capacity": str(URGED // 10 + number)}
    if page == "what_if":
        return {"tab": "scenario", "period": "all", "lever": f"return_freight={6 + number / 10:.2f}"}
    if page == "retention":  # another period judges the tools anew, behind the page
        return {"period": "all", "product": str(FIRST_PRODUCT + number)}
    from_day = first_day + timedelta(days=30 * (number % PERIOD_COUNT) + number // PERIOD_COUNT)
    return {"period": "custom", "from": from_day.isoformat(), "to": (from_day + timedelta(days=PERIOD_DAYS - 1)).isoformat()}


def _wait_for_quiet() -> None:
    """Let what pages start behind themselves (fits, effects) come to its end."""
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends_at:
        cpu = time.process_time()
        time.sleep(QUIET_SECONDS)
        if time.process_time() - cpu < QUIET_SHARE * QUIET_SECONDS:
            return


def _rerun(test: AppTest, address: dict[str, str]) -> tuple[float, float]:
    """Draw the page as an address not seen before asks for it; return seconds of wall clock and of the process's processors."""
    for name, value in address.items():
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
    parser.add_argument("--runs", type=int, default=3, help="rounds over six periods, or other moves")
    chosen = parser.parse_args()
    print_machine(chosen.rows, chosen.runs)
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder, home = Path(name), Path(name) / "home"
        measured(write_exports, folder, chosen.rows)
        measured(build_home, home, folder)
        measured(write_list, folder / "催发货.csv", chosen.rows)
        measured(load_list, home, folder / "催发货.csv", beijing_now())
        whole = measured(rerun_pages, home, chosen.runs)
    for page, (asked, constant) in whole.answer.items():
        print(line_of(f"{page}: asking the ledger", asked))
        print(line_of(f"{page}: constants for answers", constant))
        print(ratio_line(page, asked, constant, 1.5))
    print(line_of("all of it, memory of the process", whole))


if __name__ == "__main__":
    main()
