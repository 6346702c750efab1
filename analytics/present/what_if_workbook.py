"""A scenario as a workbook: figures, steps, ranges, what matters most, break-evens, and every input it was worked out from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analytics.domain.what_if.levers import Scenario
from analytics.present import what_if as told
from analytics.present.exports import Column, Sheet, filters_sheet, sheet_of_frame
from analytics.present.labels import Words
from analytics.present.titles import Titles

RANGE_ENDS = ("low", "mid", "high", "data_low", "data_high", "assumption_low", "assumption_high")


def sheets(scenario: Scenario, found: Mapping[str, Any], words: Words, titles: Titles) -> list[Sheet]:
    """Return the sheets of a scenario's workbook."""
    return [
        sheet_of_frame(words("what_if.table"), told.frame(found, words), told.columns(words)),
        sheet_of_frame(words("what_if.steps"), told.steps_frame(found, words, titles), told.steps_columns(words)),
        _ranges(found, words),
        _tornado(found, words, titles),
        _sentences(found, words, titles),
        filters_sheet(words("what_if.inputs"), told.described(scenario, words, titles)),
    ]


def _ranges(found: Mapping[str, Any], words: Words) -> Sheet:
    columns = (Column(words("what_if.column.figure")), *(Column(words(f"what_if.end.{end}"), "money_fen") for end in RANGE_ENDS))
    rows = [(told.figure_name(figure, words), *(each[end] for end in RANGE_ENDS)) for figure, each in found["ranges"].items()]
    return Sheet(words("what_if.ranges"), columns, rows)


def _tornado(found: Mapping[str, Any], words: Words, titles: Titles) -> Sheet:
    money = ("profit_low_fen", "profit_high_fen", "change_low_fen", "change_high_fen")
    named = [Column(words(f"what_if.column.{name}")) for name in ("lever", "kind", "at_low", "at_high")]
    columns = (*named, *(Column(words(f"what_if.bar.{name.removesuffix('_fen')}"), "money_fen") for name in money))
    texts = told.bar_texts(found["tornado"], words, titles)
    rows = [
        (name, words(f"what_if.range.{bar['kind']}"), low, high, *(bar[each] for each in money))
        for (name, low, high), bar in zip(texts, found["tornado"], strict=True)
    ]
    return Sheet(words("what_if.tornado_sheet"), columns, rows)


def _sentences(found: Mapping[str, Any], words: Words, titles: Titles) -> Sheet:
    said = [told.chance(found, words), *told.break_even_sentences(found, words, titles)]
    return Sheet(words("what_if.break_evens"), (Column(words("what_if.break_evens")),), [(each,) for each in said])
