"""The known exports as data: formats and words read from data/formats, and how a header is compared."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "data" / "formats"
_WORDS = "words.toml"
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2028-\u202e\u2060\ufeff\x00-\x1f]")


@dataclass(frozen=True)
class Column:
    """One column that is kept: its field, the headers it goes by, its type, and whether column and cell must be there.

    `choices` are the only words allowed (word → value), `known` translates some words and leaves the others as they are,
    `zero_words` are words of a money column that mean 0. A column that is not `is_usual` is not missed.
    """

    field: str
    headers: tuple[str, ...]
    type: str
    is_required: bool = False
    is_filled: bool = False
    is_usual: bool = True
    choices: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    zero_words: tuple[str, ...] = ()

    @property
    def header(self) -> str:
        """Return the header as the newest export writes it."""
        return self.headers[0]


@dataclass(frozen=True)
class Format:
    """One export: what it is, which columns are kept (its allow-list), and which known ones are never read."""

    name: str
    kind: str
    platform: str
    title_zh: str
    title_en: str
    columns: tuple[Column, ...]
    ignored: frozenset[str]
    is_template: bool
    plain_list_columns: int

    @property
    def headers(self) -> list[str]:
        """Return the headers of the kept columns, in order."""
        return [column.header for column in self.columns]


@cache
def plain_header(text: str) -> str:
    """Write a header as it is compared: NFKC, no blanks or invisible characters, 帐 as 账, one kind of brackets, lower case."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return plain.translate(_BRACKETS).strip("'\"").casefold()


_BRACKETS = str.maketrans("帐【】[]〔〕{}", "账()()()()")


@cache
def formats() -> tuple[Format, ...]:
    """Return every known format, by name. Source: data/formats/*.toml."""
    paths = sorted(path for path in FOLDER.glob("*.toml") if path.name != _WORDS)
    return tuple(_format(path) for path in paths)


@cache
def fields_of(kind: str) -> Mapping[str, str]:
    """Return the type of every field that any format of a kind has."""
    return {column.field: column.type for one in formats() if one.kind == kind for column in one.columns}


@cache
def words() -> tuple[tuple[str, str, str], ...]:
    """Return what the words of the exports mean, as (field, word, meaning). Source: data/formats/words.toml."""
    listed = tomllib.loads((FOLDER / _WORDS).read_text(encoding="utf-8"))
    return tuple(
        (name, word, meaning) for name, by_meaning in listed.items() for meaning, ws in by_meaning.items() for word in ws
    )


def _format(path: Path) -> Format:
    listed = tomllib.loads(path.read_text(encoding="utf-8"))
    return Format(
        name=path.stem,
        kind=listed["kind"],
        platform=listed["platform"],
        title_zh=listed["title_zh"],
        title_en=listed["title_en"],
        columns=tuple(_column(name, entry) for name, entry in listed["columns"].items()),
        ignored=frozenset(plain_header(header) for header in listed.get("ignored", {}).get("headers", ())),
        is_template=listed.get("is_template", False),
        plain_list_columns=listed.get("plain_list_columns", 0),
    )


def _column(name: str, entry: dict) -> Column:
    return Column(
        field=name,
        headers=tuple(entry["headers"]),
        type=entry["type"],
        is_required=entry.get("required", False),
        is_filled=entry.get("filled", False),
        is_usual=entry.get("usual", True),
        choices=entry.get("choices", {}),
        known=entry.get("known", {}),
        zero_words=tuple(entry.get("zero_words", ())),
    )
