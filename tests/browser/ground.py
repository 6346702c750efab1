"""What browser tests stand on: a server as a user starts it, a browser, and a visit that knows when a page has settled."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import psutil
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Playwright

import start
from analytics.actions import ledger, sample
from analytics.domain.loads import Actor
from analytics.present.labels import Words
from analytics.store import audit

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(__file__).with_name("scripts")
TODAY = date(2026, 11, 17)
PATIENCE_SECONDS = 90
PATIENCE_MS = PATIENCE_SECONDS * 1000
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
HEIGHTS = {390: 844}
TALLEST = 9_000
ME = Actor("测试")
# Streamlit's client finds out from a deep link at which level its server answers: what is no answer is no complaint.
PROBED = re.compile(r"/\w+/_stcore/(health|host-config)$")


def make_sample_home(home: Path, *, is_whole: bool = False) -> Path:
    """Make a ledger with the sample shop up to a fixed day, as its first start leaves it; with all of its files if asked to."""
    with ledger.ledger_of(home) as warehouse:
        sample.ensure_sample_shop(warehouse, today=TODAY, actor=ME)
        if is_whole:
            sample.complete_sample_shop(warehouse, actor=ME, is_wanted=lambda: True)
        else:  # else every server on a copy of this home would load the rest first
            with warehouse.transaction(changes_facts=False) as cursor:
                audit.record(cursor, ME, sample.SAMPLE_MADE, "", datetime.combine(TODAY, datetime.min.time()))
    return home


class Server:
    """The app in a process of its own, as start.py runs it."""

    def __init__(self, home: Path, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind((start.ADDRESS, 0))
            self.port = probe.getsockname()[1]
        self._log = log
        environment = start.child_environment({**os.environ, "REFUND_LEDGER_HOME": str(home)})
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                start.app_command(Path(sys.executable), self.port, is_browser_opened=False),
                cwd=ROOT,
                env=environment,
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{start.ADDRESS}:{self.port}"

    def wait(self) -> None:
        """Return as soon as it answers. Raises RuntimeError, with what it printed, when it does not."""
        ends_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < ends_at and self.process.poll() is None:
            with suppress(OSError):
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5).close()
                return
            time.sleep(0.02)
        raise RuntimeError(f"the server does not answer:\n{self._log.read_text(encoding='utf-8', errors='replace')}")

    def cpu_seconds(self) -> float:
        """Return the processor time that it and the processes it started have used so far."""
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system + times.children_user + times.children_system

    def stop(self) -> None:
        """End it as Ctrl+C does, and wait until it has let go of the ledger."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def running(home: Path, folder: Path) -> Iterator[Server]:
    """Run the app on a home; its log goes to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    server = Server(home, folder / f"server-{time.monotonic_ns()}.log")
    try:
        server.wait()
        yield server
    finally:
        server.stop()


def launch(playwright: Playwright) -> Browser:
    """Start the machine's browser, else Playwright's own. Raises RuntimeError with one sentence when there is none."""
    found = start.find_browser(os.environ)
    # A sandbox of its own is not to be had where everything runs as root, as in a container.
    arguments = ["--disable-gpu", *(["--no-sandbox"] if sys.platform == "linux" else [])]
    try:
        return playwright.chromium.launch(executable_path=found, args=arguments)
    except Error as error:
        if found is None:
            raise RuntimeError(start.BROWSER_WANTED) from error
        raise


def context_of(browser: Browser, *, language: str = "zh", theme: str = "light", width: int = 1440) -> BrowserContext:
    """Return a browser as one reader has it: language, colour scheme, width of the window in pixels."""
    size = {"width": width, "height": HEIGHTS.get(width, 900)}
    context = browser.new_context(viewport=size, locale=LOCALES[language], color_scheme=theme, accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
    return context


class Visit:
    """One tab on a server: what it shows, and every complaint of the browser since it was opened."""

    def __init__(self, page: Page, server: Server, language: str) -> None:
        self.page, self.server, self.language, self.words = page, server, language, Words(language)
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        place = message.location.get("url", "")
        if message.type == "error" and not PROBED.search(place):
            self.complaints.append(f"{message.text} {place}")

    def open(self, path: str = "") -> Visit:
        """Go to a path of the server and wait until the page stands."""
        self.page.goto(f"{self.server.url}/{path}", wait_until="commit")
        return self.settled()

    def settled(self) -> Visit:
        """Wait until the page has a title, no work is going on and nothing has moved for a moment."""
        self.page.get_by_role("heading", level=1).first.wait_for()
        assert self.page.evaluate(script("settled"), PATIENCE_MS), f"{self.page.url} does not come to rest"
        return self

    @property
    def title(self) -> str:
        """The sentence at the top of the page."""
        return self.page.get_by_role("heading", level=1).first.inner_text().strip()

    @property
    def figures(self) -> list[str]:
        """The values of the figure cards, in their order."""
        return [text.strip() for text in self.page.get_by_test_id("stMetricValue").all_inner_texts()]

    @property
    def text(self) -> str:
        """Everything that can be read on the page, the menu included."""
        return self.page.locator("body").inner_text()

    def menu(self, name: str) -> Visit:
        """Go to a page by its name in the menu."""
        title = re.compile(rf"^\S*\s*{re.escape(self.words(f'{name}.name'))}( [\d,]+)?$")  # icon, name, how much waits there
        self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=title).first.click()
        self.page.wait_for_url(f"**/{name}*" if name != "overview" else "**")
        return self.settled()

    def resize(self, width: int) -> Visit:
        """Change the width of the window."""
        self.page.set_viewport_size({"width": width, "height": HEIGHTS.get(width, 900)})
        return self.settled()

    def overflow(self) -> list[str]:
        """Return what makes the page wider than the window."""
        return self.page.evaluate(script("overflow"))

    def faint_texts(self) -> list[str]:
        """Return the texts whose contrast is below AA, with their ratio; the watermark of a sample is decoration."""
        return self.page.evaluate(script("contrast"), self.words("sample.watermark"))

    def screenshot(self, *, is_whole: bool = False) -> Image.Image:
        """Return what is to be seen; with `is_whole` as if the window were as high as the page."""
        if is_whole:
            # The main area scrolls, not the document: the window has to grow.
            height = self.page.evaluate("Math.max(...[...document.querySelectorAll('main, section')].map(e => e.scrollHeight))")
            width = self.page.viewport_size["width"]
            self.page.set_viewport_size({"width": width, "height": min(max(int(height) + 20, HEIGHTS.get(width, 900)), TALLEST)})
            self.settled()
        return Image.open(BytesIO(self.page.screenshot())).convert("RGB")


def script(name: str) -> str:
    """Read a script for the browser from scripts/<name>.js."""
    return (SCRIPTS / f"{name}.js").read_text(encoding="utf-8")
