"""What holds for every page: a sentence as its title, no fault, in both languages, with data and without."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from analytics.ui import navigation
from tests.pages.conftest import FRAME

PAGES = [name for group in navigation.GROUPS.values() for name in group]
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
FILTERED = ("overview", "losses")
NEED_DATA = (*FILTERED, "retention")  # the others are where data and settings come from, or need none


@pytest.fixture
def show_empty(empty_home, monkeypatch):
    """Draw a page over a ledger that holds nothing."""
    monkeypatch.setenv("REFUND_LEDGER_HOME", str(empty_home))

    def run(page: str, locale: str = "zh-CN") -> AppTest:
        test = AppTest.from_file(str(FRAME), default_timeout=60)
        test.context = {"locale": locale}
        if page != navigation.HOME:
            test.switch_page(f"../../pages/{page}.py")
        return test.run()

    return run


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_answers_its_question_in_its_title(show, page, language):
    drawn = show(LANGUAGES[language], page=page)
    assert not drawn.exception
    assert not drawn.error
    assert len(drawn.title) == 1
    has_chinese = re.search(r"[\u3400-\u9fff]", drawn.title[0].value) is not None
    assert has_chinese == (language == "zh")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_without_any_data_a_page_says_what_to_do(show_empty, page, language):
    drawn = show_empty(page, LANGUAGES[language])
    assert not drawn.exception
    assert not drawn.error
    assert len(drawn.title) == 1
    if page in NEED_DATA:
        assert [button.label for button in drawn.button if button.key == "empty.losses"]


@pytest.mark.parametrize("page", PAGES)
def test_nonsense_in_the_address_does_no_harm(show, page):
    nonsense = {
        "period": "d31",
        "clock": "'; drop table cases; --",
        "shop": "../..",
        "compare": "x",
        "weekday": "99",
        "case": "a:b:c",
    }
    drawn = show(
        page=page, **nonsense, **{"from": "x", "to": "2026-13-45", "by": "<script>", "product": "![x](http://evil/x.png)"}
    )
    assert not drawn.exception
    assert not [error.value for error in drawn.error if "错误代码" in error.value]


@pytest.mark.parametrize("page", NEED_DATA)
def test_a_group_that_nobody_has_is_an_empty_answer_with_a_way_back(show, page):
    drawn = show(page=page, product="no such product")
    assert not drawn.error
    assert drawn.info
    assert "筛选" in drawn.title[0].value
    drawn.button(key="empty.unfilter").click().run()
    assert drawn.title
