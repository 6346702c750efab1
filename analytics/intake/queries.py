"""The SQL that reads a sheet: made once a sheet from its layout and the files in sql/intake."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import duckdb

from analytics.domain.vocabulary import PROVINCES
from analytics.intake.cells import TYPES, CellTest, plain_of, quoted, test_of, value_of
from analytics.intake.formats import Column, fields_of, words
from analytics.intake.kinds import KINDS, NOT_CONTENT
from analytics.intake.layout import Layout

_FOLDER = Path(__file__).resolve().parents[1] / "sql" / "intake"
_BLANKS = " \t\n\r\v\f\u00a0\u3000\u200b\ufeff"  # what may surround a cell without meaning anything
_WORDED = {"text", "word", "status", "code"}  # in a row whose cells have moved, anybody's name may stand here
_NULL = "chr(24)"  # keeps an absent value apart from an empty one in what is hashed


@cache
def text_of(name: str) -> str:
    """Return the text of a file in sql/intake."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def filled(name: str, parts: dict[str, str]) -> str:
    """Return the text of a file in sql/intake with its placeholders filled in."""
    text = text_of(name)
    for key in sorted(parts, key=len, reverse=True):
        text = text.replace(f"${key}", parts[key])
    return text


def install(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the macros of the types and the phrases of the fund flow in a fresh in-memory database."""
    known = ", ".join(sorted({quoted(word) for _, word, _ in words()}))
    types = text_of("types").replace("{provinces}", "|".join(PROVINCES)).replace("{words}", known)
    connection.execute(types.replace("{blanks}", quoted(_BLANKS)))
    phrases = [word for field, word, _ in words() if field == "fund_flow_remark"]
    connection.execute("create table phrases (rank integer, word varchar, pattern varchar)")
    rows = [[rank, word, ".*".join(word.split("…"))] for rank, word in enumerate(phrases)]
    connection.executemany("insert into phrases values (?, ?, ?)", rows)


def cells_view(layout: Layout) -> str:
    """Return the statement that creates the view `read_cells` over the text relation `cells` of a sheet."""
    columns = layout.columns
    return filled(
        "read_cells",
        {
            "plain_cells": _listed(f"{plain_of(column)} as plain_{column.field}" for column in columns),
            "values_of_cells": _listed(f"{value_of(column)} as {column.field}" for column in columns),
            "tests": _listed(f"{test.sql} as {test.name}" for test in tests_of(layout)),
        },
    )


def tests_of(layout: Layout) -> list[CellTest]:
    """Return the tests of a sheet's cells."""
    return [test for column in layout.columns if (test := test_of(column))]


def values_query(layout: Layout) -> str:
    """Return the query for the values and tests of every column."""
    names = [*(column.field for column in layout.columns), *(test.name for test in tests_of(layout))]
    return filled("read_values", {"columns": _listed(names)})


def typed_view(layout: Layout) -> str:
    """Return the statement that creates the view `typed`: the good rows with every field of the kind."""
    here = {column.field for column in layout.columns}
    fields = fields_of(layout.format.kind)
    absent = [f"null::{TYPES[type_].sql_type} as {field}" for field, type_ in fields.items() if field not in here]
    return filled("typed", {"beside": _listed([*absent, *(f"{str(field in here).lower()} as has_{field}" for field in fields)])})


def rejected_query(layout: Layout) -> str:
    """Return the query that lists what may be shown of bad rows, and which of their fields are bad."""
    shown = [column for column in layout.columns if not TYPES[column.type].is_secret]
    tested = {test.field for test in tests_of(layout) if test.is_for_problems}
    strict = [column for column in layout.columns if column.field in tested]
    is_typed = layout.format.is_template
    parts = {
        "cells": [f"{quoted(column.header)}, {_shown(column, is_typed)}" for column in shown],
        "bad_fields": [f"case when is_bad_{column.field} then {quoted(column.field)} end" for column in strict],
        "bad_cells": [f"case when is_bad_{column.field} then coalesce({_shown(column, is_typed)}, '') end" for column in strict],
    }
    return filled("rejected", {name: _listed(part) for name, part in parts.items()})


def shape_query(cursor: duckdb.DuckDBPyConnection, kind: str, parameters: dict[str, object]) -> str:
    """Return the query of a kind's table over `typed`, with its content hash where the table has one."""
    shape = text_of(KINDS[kind].table)
    if not KINDS[kind].is_hashed:
        return shape
    described = cursor.execute(f"describe {shape}", only_named(shape, parameters)).fetchall()
    content = [_as_text(name, type_) for name, type_, *_ in described if name not in NOT_CONTENT]
    return filled("hashed", {"shape": shape.rstrip(), "content": _listed(content)})


def only_named(query: str, parameters: dict[str, object]) -> dict[str, object]:
    """Return the parameters that a query names."""
    return {name: value for name, value in parameters.items() if f"${name}" in query}


def _shown(column: Column, is_typed: bool) -> str:
    """Return the SQL of what may be shown of a cell: a good one as it is, a bad one or unknown words without its words.

    `is_typed` says that an operator typed the file: then a choice or setting is shown even where it is none.
    """
    type_, plain = TYPES[column.type], f"plain_{column.field}"
    if column.type in _WORDED:
        known = "".join(f" or {plain} = {quoted(word)}" for word in column.known)
        return f"case when is_known_word({plain}){known} then {plain} else veil({plain}) end"
    if type_.is_soft:
        return f"{column.field}::varchar"
    good = f"left(hide_numbers({plain}), 200)"
    if type_.is_typed_by_operator and is_typed:
        return good
    return f"case when is_bad_{column.field} then veil({plain}) else {good} end"


def _as_text(name: str, type_: str) -> str:
    value = f"epoch_us({name})" if type_ == "TIMESTAMP" else name
    return f"coalesce({value}::varchar, {_NULL})"


def _listed(parts: Iterable[str]) -> str:
    return ",\n        ".join(parts)
