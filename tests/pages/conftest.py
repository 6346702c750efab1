"""A home with the sample shop's main files, made once, and pages driven in it without a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from streamlit.testing.v1 import AppTest

from analytics.actions import imports, sample
from analytics.domain.loads import Actor
from analytics.ui import opening

FRAME = Path(__file__).resolve().parents[2] / "analytics" / "ui" / "frame.py"
PATIENCE_SECONDS = 180
# Of the sample's three dozen exports those that the account stands on; the lists of tools are not looked at here.
MAIN_FILES = ("订单导出_2*.csv", "售后单导出_*", "动账明细_*", "广告花费*", "商品成本*")


def load_main_files(warehouse, *, today, actor) -> None:
    """Do what the first start does, with fewer files."""
    now = datetime.combine(today, datetime.min.time())
    with TemporaryDirectory(dir=warehouse.staging) as folder:
        sample.write_sample(Path(folder), until=today - timedelta(days=1), seed=sample.SAMPLE_SEED, actor=Actor("测试"))
        for pattern in MAIN_FILES:
            newest = max(Path(folder).glob(pattern), key=lambda path: path.name)
            options = imports.ImportOptions(shop=sample.SAMPLE_SHOP)
            imports.import_file(warehouse, newest, options, actor=actor, now=now)


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory):
    """A folder whose ledger holds the sample shop, open as the app holds it."""
    home = (tmp_path_factory.mktemp("退款 账本") / "home").resolve()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening.sample, "ensure_sample_shop", load_main_files)
        opened = opening.of(home)
        opened.wait(PATIENCE_SECONDS)
    assert opened.is_ready, opened.problem or opened.code or "the sample shop took too long"
    yield home
    opening.forget(home)


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory):
    """A folder whose ledger holds nothing at all, open as the app holds it."""
    home = (tmp_path_factory.mktemp("空的 账本") / "home").resolve()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening.sample, "ensure_sample_shop", lambda warehouse, **_: None)
        opened = opening.of(home)
        opened.wait(PATIENCE_SECONDS)
    assert opened.is_ready, opened.problem or opened.code
    yield home
    opening.forget(home)


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
