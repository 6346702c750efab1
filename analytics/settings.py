"""Folders and limits of an installation, from the command line and the environment, each with its reason."""

from __future__ import annotations

import os
from pathlib import Path

from analytics.errors import OperatorError

HOME_VARIABLE = "REFUND_LEDGER_HOME"
CHECKOUT = Path(__file__).resolve().parent.parent


def home(chosen: Path | None = None) -> Path:
    """Return the folder that holds everything the installation owns: the one chosen, else the environment's, else data/."""
    if chosen is not None:
        return chosen.expanduser().resolve()
    named = os.environ.get(HOME_VARIABLE, "").strip()
    return Path(named).expanduser().resolve() if named else CHECKOUT / "data"


def warehouse_memory_mb() -> int:
    """Return how much memory the database may use: 2 GiB leaves room for the page beside it on an 8 GB desktop.

    Under 1 GiB a crashed import could not be replayed at the next start, so less is refused.
    """
    return _whole_number("REFUND_LEDGER_MEMORY_MB", default=2048, least=1024)


def warehouse_threads() -> int:
    """Return the threads of a query: every core, since a desk has one operator; a shared server may want fewer."""
    return _whole_number("REFUND_LEDGER_THREADS", default=os.cpu_count() or 1, least=1)


def intake_memory_mb() -> int:
    """Return the memory of the process that reads an upload: real exports stay far below, a decompression bomb hits it."""
    return _whole_number("REFUND_LEDGER_INTAKE_MEMORY_MB", default=3072, least=512)


def intake_seconds() -> int:
    """Return the time one upload may take to be read: the largest real exports need a tenth of it."""
    return _whole_number("REFUND_LEDGER_INTAKE_SECONDS", default=600, least=10)


def intake_expanded_mb() -> int:
    """Return how large an archive or workbook may grow when unpacked: ten times the largest upload of a browser."""
    return _whole_number("REFUND_LEDGER_INTAKE_EXPANDED_MB", default=2048, least=64)


def _whole_number(variable: str, *, default: int, least: int) -> int:
    text = os.environ.get(variable, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise OperatorError(f"环境变量 {variable}", f"「{text}」", f"不小于 {least} 的整数", "请改正它，或删除它以使用默认值。")
    return int(text)
