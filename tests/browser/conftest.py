"""A browser, ledgers with the sample shop, and servers on them. Nothing that changes is shared, so tests run in any order."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.ground import Server, Visit, context_of, launch, make_sample_home, running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Every test here needs one: without any they fail with the sentence that says what to install."""
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def sample_home(made_once) -> Path:
    """A ledger with the sample shop, to be copied."""
    return made_once("示例 店", make_sample_home)


@pytest.fixture(scope="session")
def server(sample_home, tmp_path_factory) -> Iterator[Server]:
    """The app on the sample shop, for tests that change nothing."""
    folder = tmp_path_factory.mktemp("退款 账本")
    shutil.copytree(sample_home, folder / "home")
    with running(folder / "home", folder) as started:
        yield started


@pytest.fixture
def home(sample_home, tmp_path) -> Path:
    """A ledger with the sample shop that a test may change."""
    return Path(shutil.copytree(sample_home, tmp_path / "账本 家"))


@pytest.fixture
def fresh(tmp_path) -> Iterator[Callable[[Path], Server]]:
    """Call it with a home to start a new process on it; all are stopped at the end."""
    with ExitStack() as stack:
        yield lambda home: stack.enter_context(running(home, tmp_path / "logs"))


@pytest.fixture
def visit(browser) -> Iterator[Callable[..., Visit]]:
    """Call it with a server to open a tab of a new reader; language, theme and width can be told. No browser may complain."""
    visits: list[Visit] = []

    def opened(server: Server, *, language: str = "zh", theme: str = "light", width: int = 1440) -> Visit:
        page = context_of(browser, language=language, theme=theme, width=width).new_page()
        visits.append(Visit(page, server, language))
        return visits[-1]

    yield opened
    for one in visits:
        one.page.context.close()
    assert not [complaint for one in visits for complaint in one.complaints]
