"""What the ledger's groups are called on the screen: names instead of ids, words instead of codes."""

from __future__ import annotations

from collections.abc import Mapping

from analytics.domain.vocabulary import (
    CASE_DIMENSIONS,
    DIMENSIONS,
    KINDS,
    MISSING,
    NO_CASE,
    NO_TOOL,
    PROVENANCES,
    STAGES,
    TOOLS,
    UNRECOGNISED,
)
from analytics.present.labels import Words

WEEKDAYS = tuple(str(number) for number in range(1, 8))
HOURS = tuple(str(number) for number in range(24))
_CODES = {"stage": STAGES, "kind": KINDS, "provenance": PROVENANCES}


class Titles:
    """The titles of dimension values in the reader's language; `names[dimension][value]` are the shop's own names for its ids."""

    def __init__(self, words: Words, names: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self._words = words
        self._names = names or {}

    def __call__(self, dimension: str, value: str) -> str:
        """Return what one group is called; an id nobody named stays as it is. Plain text, not escaped."""
        words = self._words
        if value == MISSING:
            return words("group.missing")
        if value == UNRECOGNISED:
            return words("group.unrecognised")
        if dimension in CASE_DIMENSIONS and value == NO_CASE:
            return words("group.no_case")
        if dimension in _CODES and value in _CODES[dimension]:
            return words.term(_CODES[dimension][value])
        if dimension == "tool":
            return self._tools(value)
        if dimension == "weekday" and value in WEEKDAYS:
            return words(f"weekday.{value}")
        if dimension == "hour" and value in HOURS:
            return words("group.hour", hour=value)
        return self._names.get(dimension, {}).get(value) or value

    def of_dimension(self, dimension: str) -> str:
        """Return what a dimension is called."""
        return self._words.term(DIMENSIONS[dimension])

    def _tools(self, value: str) -> str:
        words = self._words
        if value == NO_TOOL:
            return words("group.no_tool")
        return " + ".join(words.term(TOOLS[tool]) if tool in TOOLS else tool for tool in value.split("+"))
