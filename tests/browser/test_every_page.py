"""Every page, first thing on a fresh process, and in both languages, both themes, on a desk and on a phone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from analytics.actions.sample import SAMPLE_SEED
from analytics.domain.sample_shop.files import build_shop, sample_exports
from analytics.intake import formats
from analytics.present.labels import LANGUAGES, catalogue
from analytics.ui.navigation import GROUPS
from tests.browser.ground import ME, TODAY, Visit, script

PAGES = [name for names in GROUPS.values() for name in names]
WIDTHS = (1440, 390)
LOOKS = [("en", "dark"), *(pytest.param(*look, marks=pytest.mark.looks) for look in (("zh", "dark"), ("en", "light")))]
CHINESE = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]+")
LEAST_COLOURS = 40
MOST_TABS = 80


@pytest.fixture(scope="session")
def others_words() -> list[str]:
    """Whatever the shop's own files hold, their headers and their names, longest first: none of it is translated."""
    found = {"示例店", "店铺1", ME.name, *LANGUAGES.values()}
    for one in formats():
        found |= {one.title_zh, *one.headers}
    for export in sample_exports(build_shop(until=TODAY - timedelta(days=1), seed=SAMPLE_SEED)):
        found |= {export.name, *export.columns}
        cells = {cell for row in export.rows for cell in row if isinstance(cell, str) and CHINESE.search(cell)}
        found |= cells | {part for cell in cells for part in cell.split(":")}  # a setting's scope: province:新疆
    return sorted(filter(CHINESE.search, found), key=len, reverse=True)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_as_the_first_one_of_a_fresh_process_and_is_sound(name, home, fresh, visit, others_words):
    seen = visit(fresh(home)).open(name)
    assert seen.words("menu.data") in seen.text  # the frame stands around it
    assert name in seen.page.url
    assert_sound(seen, others_words)


@pytest.mark.parametrize(("language", "theme"), LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound_in_every_look(name, language, theme, server, visit, others_words):
    assert_sound(visit(server, language=language, theme=theme).open(name), others_words)  # charts keep the theme of their drawing


def assert_sound(seen: Visit, others_words: list[str]) -> None:
    """Words instead of keys, in one language; on a desk and on a phone nothing hangs over, is blank, or too pale to read."""
    assert not set(catalogue(seen.language)) & set(re.findall(r"[\w.]+", seen.text)), "keys instead of words"
    if seen.language == "en":
        assert not chinese_in(seen.text, others_words), "Chinese left in the English page"
    faint_texts = set()
    for width in WIDTHS:
        seen.resize(width)
        assert seen.overflow() == [], f"at {width} px"
        faint_texts |= set(seen.faint_texts())
        colours = seen.screenshot().getcolors(1 << 20)
        assert colours is None or len(colours) > LEAST_COLOURS, f"blank at {width} px"
    assert not faint_texts


def chinese_in(text: str, others_words: list[str]) -> set[str]:
    """The lines that hold Chinese beside what the shop's own files say, which may be cut short."""
    left = set()
    for line in filter(CHINESE.search, text.splitlines()):
        rest = re.sub(r"(\S{4,})…", lambda cut: "" if any(word.startswith(cut[1]) for word in others_words) else cut[0], line)
        for word in others_words:
            rest = rest.replace(word, "")
        if CHINESE.search(rest):
            left.add(line)
    return left


@pytest.mark.parametrize("name", ["overview", "losses"])
def test_the_keyboard_reaches_the_filters(name, server, visit):
    seen = visit(server).open(name)
    wanted = {seen.words(f"{label}.label") for label in ("period", "clock", "compare")}
    reached = set()
    for _ in range(MOST_TABS):
        seen.page.keyboard.press("Tab")
        reached.add(seen.page.evaluate(script("focused")))
        if wanted <= reached:
            break
    assert wanted <= reached
