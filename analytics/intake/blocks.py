"""Blocks: a few thousand rows of a file as columns of text, decoded only where they are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from analytics.intake.cells import UNREADABLE
from analytics.intake.layout import Layout

_SEPARATOR = b"\n\x00\n"  # no value ends in the middle of a character when the next byte is a line end
_SAMPLE_ROWS = 2_000
_REPEATING = 0.5  # share of distinct values in the sample up to which reading each value once pays


@dataclass(frozen=True)
class Misfit:
    """A row that has more or fewer cells than the header has columns."""

    row: int
    cell_count: int


@dataclass(frozen=True)
class Block:
    """Rows of one sheet: `raw` has source_row and raw_<field> as text, plain or distinct; rows count from 0 within the block.

    `height` counts every row of the file in the block, blank ones and misfits included.
    """

    raw: pa.Table
    height: int
    misfits: tuple[Misfit, ...] = ()


class Sheet(Protocol):
    """One table of a file: its first rows for finding the header, then its rows in chunks.

    `chunks` cuts the rows below the header in order, `parse` makes a block of a chunk and may run in any thread.
    """

    name: str | None
    head: Sequence[Sequence[str]]

    def chunks(self, layout: Layout) -> Iterator[Any]: ...

    def parse(self, chunk: Any, layout: Layout) -> Block: ...


@dataclass(frozen=True)
class Source:
    """An opened file: its sheets and, where it says so itself, when it was last written."""

    sheets: Sequence[Sheet]
    modified_at: str | None = None
    close: Callable[[], None] = field(default=lambda: None)


def block_of(columns: dict[str, pa.Array], height: int, misfits: Sequence[Misfit] = ()) -> Block:
    """Build a block from the text of its fields."""
    rows = pa.array(range(height), pa.int32())
    raw = pa.table({"source_row": rows, **{f"raw_{name}": cells for name, cells in columns.items()}})
    return Block(raw, height, tuple(misfits))


def as_text(cells: pa.Array, encoding: str) -> pa.Array:
    """Decode an array of bytes to text, or to distinct texts and their places where values repeat.

    A value that cannot be decoded becomes U+FFFD.
    """
    if repeats(cells):
        return _decoded_once(cells.dictionary_encode(), encoding)
    if encoding == "utf-8":
        try:
            return cells.cast(pa.string())
        except pa.ArrowInvalid:
            return _decoded_once(cells.dictionary_encode(), encoding)
    texts = cells.view(pa.string())
    is_ascii = pc.all(pc.string_is_ascii(texts)).as_py() is not False
    return texts if is_ascii else _decoded_once(cells.dictionary_encode(), encoding)


def repeats(cells: pa.Array) -> bool:
    """Say whether a column has few distinct values, judged by its first rows."""
    sample = cells.slice(0, _SAMPLE_ROWS)
    return len(pc.unique(sample)) <= _REPEATING * len(sample)


def _decoded_once(cells: pa.DictionaryArray, encoding: str) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(cells.indices, pa.array(_decoded(cells.dictionary.to_pylist(), encoding), pa.string()))


def _decoded(values: list[bytes], encoding: str) -> list[str]:
    """Decode all values in one go, which is several times faster than one by one; one by one where that goes wrong."""
    with suppress(UnicodeDecodeError):
        texts = _SEPARATOR.join(values).decode(encoding).split(_SEPARATOR.decode())
        if len(texts) == len(values):
            return texts
    return [_decoded_alone(value, encoding) for value in values]


def _decoded_alone(value: bytes, encoding: str) -> str:
    try:
        return value.decode(encoding)
    except UnicodeDecodeError:
        return UNREADABLE
