"""The process that reads files: a job a line on stdin as JSON, clean Parquet in its folder, an answer a line on stdout."""

from __future__ import annotations

import gc
import json
import os
import sys
import traceback
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

# Addresses that libraries reserve without using them: allowed on top of the memory that the parent watches.
_RESERVED_BYTES = 3 << 30


def main() -> int:
    """Do one job after the other and print each answer; none may come: the process was prepared for a file that never did."""
    _load_libraries()
    for line in sys.stdin:
        job = json.loads(line)
        _limit_this_process(job["memory_bytes"])
        print(json.dumps(_safe_answer(job), ensure_ascii=False), flush=True)
    return 0


def _safe_answer(job: dict[str, Any]) -> dict[str, Any]:
    """Answer a job; anything unexpected becomes a short note of where it happened, never of what."""
    try:
        return _answer(job)
    except MemoryError:
        return {"memory": True}
    except BaseException as error:  # a panic of the workbook reader, over a broken file, is no Exception
        return {"panic": True} if type(error).__name__ == "PanicException" else {"bug": _place_of(error)}


def _load_libraries() -> None:
    """Load what takes a third of a second before the job arrives, since a reader may be prepared while another file is stored."""
    from analytics.intake import reading

    assert reading


def _answer(job: dict[str, Any]) -> dict[str, Any]:
    from analytics.errors import OperatorError
    from analytics.intake.reading import Wish, stage

    exported_at = job["exported_at"] and datetime.fromisoformat(job["exported_at"])
    wish = Wish(
        path=Path(job["path"]),
        file_name=job["file_name"],
        staging=Path(job["staging"]),
        list_kind=job["list_kind"],
        exported_at=exported_at,
        password=job["password"],
        buyer_key=bytes.fromhex(job["buyer_key"]),
        expanded_bytes=job["expanded_bytes"],
    )
    try:
        return {"staged": stage(wish)}
    except OperatorError as error:
        return {"error": [error.where, error.found, error.expected, error.remedy]}


def _place_of(error: BaseException) -> str:
    """Name the kind of an error and the line it came from: its message could quote the file."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    return type(error).__name__ + "".join(f" {Path(frame.filename).name}:{frame.lineno}" for frame in last)


def _limit_this_process(memory_bytes: int) -> None:
    """Forbid what the reader never needs: more memory, core dumps, files that others could read."""
    os.umask(0o077)
    gc.disable()  # millions of cells and no cycles among them: looking for some would double the time of a workbook
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes + _RESERVED_BYTES,) * 2)


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # Everything is written and closed: giving back millions of cells one by one would only take time.
    os._exit(status)
