"""The two catalogues: the same keys, every key used, every used key there, no language in the other's pages."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from analytics.present.labels import LANGUAGES, Words, catalogue, escape, language_of

ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
# Words that stay as they are in Chinese text.
LATIN_IN_CHINESE = {"CSV", "XLSX", "ERP", "SKU"}


def calls_of_the_catalogue() -> list[ast.expr]:
    """The first argument of every `words(…)` in the rooms that draw."""
    files = [
        *(ROOT / "pages").glob("*.py"),
        *(ROOT / "analytics" / "ui").glob("*.py"),
        *(ROOT / "analytics" / "present").rglob("*.py"),
    ]
    found = []
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and is_catalogue(node.func):
                found.extend(branches_of(node.args[0]))
    return found


def branches_of(argument: ast.expr) -> list[ast.expr]:
    """The keys of `words("a" if … else "b")`, else the one there is."""
    return [*branches_of(argument.body), *branches_of(argument.orelse)] if isinstance(argument, ast.IfExp) else [argument]


def is_catalogue(function: ast.expr) -> bool:
    """Whether a call is `words(…)` or `session.words()(…)`."""
    if isinstance(function, ast.Call):
        return isinstance(function.func, ast.Attribute) and function.func.attr == "words"
    return isinstance(function, ast.Name) and function.id == "words"


def keys_asked_for() -> tuple[set[str], list[re.Pattern[str]]]:
    """The keys that stand in the code, and those put together at run time as patterns: what is filled in has no dot."""
    whole, patterns = set(), set()
    for argument in calls_of_the_catalogue():
        if isinstance(argument, ast.Constant):
            whole.add(argument.value)
            continue
        assert isinstance(argument, ast.JoinedStr), ast.dump(argument)
        parts = [re.escape(part.value) if isinstance(part, ast.Constant) else "[^.]+" for part in argument.values]
        patterns.add("".join(parts))
    return whole, [re.compile(pattern) for pattern in patterns]


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys_in_the_same_order():
    assert list(catalogue("zh")) == list(catalogue("en"))


def test_both_languages_fill_in_the_same_values_but_for_the_months():
    different = {key for key in catalogue("zh") if fields_of(catalogue("zh")[key]) != fields_of(catalogue("en")[key])}
    assert not different


def test_every_key_that_is_asked_for_is_there():
    keys = set(catalogue("zh"))
    whole, patterns = keys_asked_for()
    assert not whole - keys
    assert not [pattern.pattern for pattern in patterns if not any(map(pattern.fullmatch, keys))]


def test_every_key_is_asked_for_somewhere():
    whole, patterns = keys_asked_for()
    put_together = {key for key in catalogue("zh") if any(pattern.fullmatch(key) for pattern in patterns)}
    assert not set(catalogue("zh")) - whole - put_together


def test_no_chinese_is_left_in_the_english_pages():
    assert not {key for key, text in catalogue("en").items() if CHINESE.search(text)}


def test_no_english_is_left_in_the_chinese_pages():
    words = {key: set(re.findall(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}|<\w+>", "", text))) for key, text in catalogue("zh").items()}
    assert not {key: left for key, found in words.items() if (left := found - LATIN_IN_CHINESE)}


def test_no_text_is_empty():
    assert all(text.strip() for language in LANGUAGES for text in catalogue(language).values())


def test_a_missing_key_is_a_fault_not_a_blank():
    with pytest.raises(KeyError):
        Words("zh")("nobody.wrote.this")


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("zh-CN", "zh"),
        ("zh", "zh"),
        ("ZH-Hant-TW", "zh"),
        ("en-GB", "en"),
        ("de-DE", "en"),
        ("en", "en"),
        (None, "zh"),
        ("", "zh"),
    ],
)
def test_a_browser_gets_the_language_it_asks_for(locale, language):
    assert language_of(locale) == language


def test_other_peoples_text_is_shown_as_it_stands():
    assert escape("![x](http://a/b.png)") == r"\!\[x\]\(http\:\/\/a\/b\.png\)"
    assert escape("连衣裙 L码") == "连衣裙 L码"
