"""A home with the sample shop's main files, made once, and pages driven in it without a browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from analytics.actions import imports, ledger, sample
from analytics.domain.loads import Actor
from analytics.store import marts
from analytics.ui import opening
from tests.sample_files import write_newest

FRAME = Path(__file__).resolve().parents[2] / "analytics" / "ui" / "frame.py"
PATIENCE_SECONDS = 180
FEW_ORDERS = 4_000  # of the sample's 19,000: enough of everything to be drawn
# Of the sample's three dozen exports those that the account stands on; the lists of tools are not looked at here.
MAIN_FILES = ("订单导出_2*.csv", "售后单导出_*", "动账明细_*", "广告花费*", "商品成本*")


def load_main_files(warehouse, *, today, actor, patterns=MAIN_FILES, until=None, order_count=FEW_ORDERS) -> None:
    """Do what the first start does, with fewer files and orders."""
    now = datetime.combine(today, datetime.min.time())
    options = imports.ImportOptions(shop=sample.SAMPLE_SHOP)
    with TemporaryDirectory(dir=warehouse.staging) as folder:
        until = until or today - timedelta(days=1)
        for path in write_newest(Path(folder), patterns, until=until, order_count=order_count):
            imports.import_file(warehouse, path, options, actor=actor, now=now)


@pytest.fixture(scope="session", autouse=True)
def _packages_looked_through_once():
    """A server looks for components in all installed packages once; each AppTest would do so again, for a third of a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


def make_home(home: Path) -> None:
    """Make a ledger with the sample shop's main files, its marts built."""
    with ledger.ledger_of(home) as warehouse:
        load_main_files(warehouse, today=ledger.beijing_now().date(), actor=Actor("测试"))
        marts.refresh(warehouse)


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory, made_once):
    """A folder whose ledger holds the sample shop, open as the app holds it."""
    home = (tmp_path_factory.mktemp("退款 账本") / "home").resolve()
    shutil.copytree(made_once("页面 示例", make_home), home)
    yield from opened_at(home)


def opened_at(home: Path):
    """Open a home as the app does, but without making a sample shop in it; forget it afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening.sample, "ensure_sample_shop", lambda warehouse, **_: None)
        opened = opening.of(home)
        opened.wait(PATIENCE_SECONDS)
    assert opened.is_ready, opened.problem or opened.code
    yield home
    opening.forget(home)


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory):
    """A folder whose ledger holds nothing at all, open as the app holds it."""
    yield from opened_at((tmp_path_factory.mktemp("空的 账本") / "home").resolve())


@pytest.fixture
def show(sample_home, monkeypatch) -> Callable[..., AppTest]:
    """Draw the frame, on one of its pages, as a browser with the given locale and query would see it."""
    monkeypatch.setenv("REFUND_LEDGER_HOME", str(sample_home))

    def run(locale: str = "zh-CN", page: str = "overview", **query: str) -> AppTest:
        test = AppTest.from_file(str(FRAME), default_timeout=60)
        test.context = {"locale": locale}
        for name, value in query.items():
            test.query_params[name] = value
        if page != "overview":
            test.switch_page(f"../../pages/{page}.py")
        return test.run()

    return run
