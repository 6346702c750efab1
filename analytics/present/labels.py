"""The words of the interface in two languages: two flat catalogues, one call."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

LANGUAGES = {"zh": "中文", "en": "English"}
DEFAULT_LANGUAGE = "zh"
Translate = Callable[..., str]


class Words:
    """The catalogue of one language; calling it with a key returns the text with its values filled in."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts = catalogue(language)

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of `key`. Raises KeyError for a key or value nobody wrote."""
        return self._texts[key].format_map(values)

    def term(self, titles: tuple[str, str]) -> str:
        """Return a word of the ledger's vocabulary, which carries its Chinese and its English title."""
        return titles[list(LANGUAGES).index(self.language)]


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Read one language's texts by key."""
    return tomllib.loads((Path(__file__).parent / f"labels_{language}.toml").read_text(encoding="utf-8"))


def language_of(locale: str | None) -> str:
    """Choose the language for a browser's locale (`zh-CN`, `en-GB`): Chinese for Chinese readers and for nobody known."""
    return "zh" if not locale or locale.lower().startswith("zh") else "en"


def escape(text: str) -> str:
    """Return text of others (shop and product names) so that Markdown shows it as it stands and fetches nothing."""
    return "".join(f"\\{character}" if character in r"\`*_{}[]()<>#+-.!|~$:&@/" else character for character in text)
