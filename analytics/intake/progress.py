"""How far the reading of a file has come: the child writes it beside what it stages, whoever waits reads it there."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analytics.intake.blocks import Block, Sheet
from analytics.intake.layout import Layout

_NAME = "progress"


@dataclass(frozen=True)
class ReadSoFar:
    """Count the rows read so far; `share` (0 to 1) of the file is None where its pieces do not tell."""

    row_count: int
    share: float | None


def read_so_far(staging: Path) -> ReadSoFar:
    """Return how far the child that stages into a folder has come; nothing told yet is no row."""
    try:
        told = json.loads((staging / _NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ReadSoFar(0, None)
    return ReadSoFar(told["rows"], told["share"])


class Progress:
    """Adds up what was read of a file of `size_bytes` and tells it."""

    def __init__(self, staging: Path, size_bytes: int) -> None:
        self._path, self._size_bytes = staging / _NAME, max(size_bytes, 1)
        self._lock, self._rows, self._bytes = threading.Lock(), 0, 0

    def watched(self, sheet: Sheet) -> Sheet:
        """Return the sheet, telling of each block that is made of it."""
        return _Watched(sheet, self)

    def add(self, row_count: int, byte_count: int) -> None:
        """Count one more block. A disk that refuses this small file will refuse the staged rows, and say so, soon enough."""
        with self._lock, suppress(OSError):
            self._rows += row_count
            self._bytes += byte_count
            share = min(self._bytes / self._size_bytes, 1.0) if self._bytes else None
            draft = self._path.with_suffix(".draft")
            draft.write_text(json.dumps({"rows": self._rows, "share": share}), encoding="utf-8")
            os.replace(draft, self._path)

    def close(self) -> None:
        """Leave nothing beside what was staged."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


class _Watched:
    def __init__(self, sheet: Sheet, progress: Progress) -> None:
        self.name, self.head = sheet.name, sheet.head
        self._sheet, self._progress = sheet, progress

    def chunks(self, layout: Layout) -> Iterator[Any]:
        return self._sheet.chunks(layout)

    def parse(self, chunk: Any, layout: Layout) -> Block:
        block = self._sheet.parse(chunk, layout)
        self._progress.add(block.height, chunk.nbytes if isinstance(chunk, memoryview) else 0)
        return block
