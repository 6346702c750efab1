"""From the start of the program to the first chart in a browser: first start, later start, against `streamlit hello`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from playwright.sync_api import Browser, sync_playwright

import start
from benchmarks.measure import MEGABYTE, Measured, line_of, median_of, print_machine, ratio_line

HELLO, FIRST, LATER = "streamlit hello, its plotting demo", "first start: makes the sample shop", "later start"
HELLO_CHART = "[data-testid=stVegaLiteChart] :is(canvas, svg)"
OUR_CHART = ".js-plotly-plot .main-svg >> nth=0"
PATIENCE_SECONDS = 180


def start_to_chart(browser: Browser, command: list[str], home: Path, path: str, chart: str) -> Measured:
    """Start a server and open a page in a browser without any cache; return what it took until the chart is to be seen.

    Processor time and memory are the server's and its children's, not the browser's.
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    environment = start.child_environment({**os.environ, "REFUND_LEDGER_HOME": str(home)})
    began = time.perf_counter()
    server = subprocess.Popen(command, cwd=start.ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        port = next(word.removeprefix("--server.port=") for word in command if word.startswith("--server.port="))
        _wait_for(f"http://{start.ADDRESS}:{port}/_stcore/health")
        answers_s = time.perf_counter() - began
        page.goto(f"http://{start.ADDRESS}:{port}/{path}", wait_until="commit")
        page.locator(chart).first.wait_for(timeout=PATIENCE_SECONDS * 1000)
        wall_s = time.perf_counter() - began
        process = psutil.Process(server.pid)
        times = process.cpu_times()
        cpu_s = times.user + times.system + times.children_user + times.children_system
        return Measured(wall_s, cpu_s, {"answers after": answers_s}, None, process.memory_info().rss / MEGABYTE)
    finally:
        context.close()
        server.terminate()
        server.wait()


def measure_sides(folder: Path, run_count: int) -> dict[str, Measured]:
    """Start every side in turn and return medians by side."""
    port, python = start.free_port(start.PREFERRED_PORT), Path(sys.executable)
    ours = start.app_command(python, port, is_browser_opened=False)
    hello = [str(python), "-m", "streamlit", "hello", *ours[5:], "--browser.gatherUsageStats=false"]
    runs: dict[str, list[Measured]] = {HELLO: [], FIRST: [], LATER: []}
    with sync_playwright() as playwright:
        found = start.find_browser(os.environ)
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        for number in range(run_count):
            home = folder / f"home {number}"
            runs[HELLO].append(start_to_chart(browser, hello, home, "plotting_demo", HELLO_CHART))
            for side in (FIRST, LATER):
                runs[side].append(start_to_chart(browser, ours, home, "", OUR_CHART))
        browser.close()
    return {name: median_of(side) for name, side in runs.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="starts of each side")
    chosen = parser.parse_args()
    print_machine(0, chosen.runs)
    with TemporaryDirectory(prefix="benchmark-") as folder:
        medians = measure_sides(Path(folder), chosen.runs)
    for name, run in medians.items():
        print(line_of(name, run))
    print(ratio_line("first start to first chart", medians[FIRST], medians[HELLO], 1.5))
    print(ratio_line("later start to first chart", medians[LATER], medians[HELLO], 1.5))


def _wait_for(url: str) -> None:
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends_at:
        with suppress(OSError):
            urllib.request.urlopen(url, timeout=5).close()
            return
        time.sleep(0.02)
    raise RuntimeError(f"{url} does not answer")


if __name__ == "__main__":
    main()
