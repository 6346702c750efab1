"""The frame while there is nothing to show yet: preparing, and a ledger that cannot be opened."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from analytics.errors import OperatorError
from analytics.ui import opening
from tests.pages.conftest import FRAME


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("REFUND_LEDGER_HOME", str(tmp_path))
    yield tmp_path.resolve()
    opening.forget(tmp_path.resolve())


def frame() -> AppTest:
    test = AppTest.from_file(str(FRAME), default_timeout=30)
    test.context = {"locale": "zh-CN"}
    return test


def test_while_the_ledger_is_being_opened_the_page_says_so_and_does_not_wait(home, monkeypatch):
    may_go_on = threading.Event()
    monkeypatch.setattr(opening.ledger, "open_ledger", lambda home: may_go_on.wait(30) and SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(opening.sample, "ensure_sample_shop", lambda warehouse, *, today, actor: None)
    page = frame().run()
    assert page.subheader[0].value == "马上就好"
    assert page.status[0].label.startswith("正在打开账本 …")
    assert not page.title
    may_go_on.set()
    opening.of(home).wait(10)
    assert opening.of(home).is_ready


def test_a_ledger_held_by_another_process_is_told_in_its_own_sentence_and_can_be_tried_again(home, monkeypatch):
    held = OperatorError("账本", "正被另一个程序使用", "没有别的程序", "请先关闭它。")

    def refuse(home):
        raise held

    monkeypatch.setattr(opening.ledger, "open_ledger", refuse)
    first = opening.of(home)
    first.wait(10)
    page = frame().run()
    assert str(held) in page.error[0].value
    assert page.error[0].proto.title == "打不开账本"
    page.button[0].click().run()
    assert opening.of(home) is not first


def test_a_fault_shows_a_code_and_no_inner_words(home, monkeypatch, caplog):
    def break_down(home):
        raise RuntimeError("inner words")

    monkeypatch.setattr(opening.ledger, "open_ledger", break_down)
    opening.of(home).wait(10)
    page = frame().run()
    code = opening.of(home).code
    assert code in page.error[0].value
    assert "inner words" not in page.error[0].value
    assert any(code in record.getMessage() for record in caplog.records)


def test_a_home_is_opened_once_however_many_ask(home, monkeypatch):
    started = []
    monkeypatch.setattr(opening.ledger, "open_ledger", lambda home: started.append(home) or SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(opening.sample, "ensure_sample_shop", lambda warehouse, *, today, actor: None)
    threads = [threading.Thread(target=opening.of, args=(home,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    opening.of(home).wait(10)
    assert started == [home]
