"""The parent's side of reading a file: start the child, watch it, take its answer."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from analytics.domain.loads import Problem, StagedFile
from analytics.errors import OperatorError
from analytics.intake.limits import Limits, usual_limits
from analytics.intake.privacy import hide_numbers

CHILD = [sys.executable, "-X", "utf8", "-m", "analytics.intake.child"]
_ROOT = Path(__file__).resolve().parents[2]
_WATCH_SECONDS = 0.05
_SPLIT = "请按时间分段导出，或另存为 CSV UTF-8 后再上传。"


def read_file(
    path: Path,
    *,
    staging: Path,
    list_kind: str | None = None,
    exported_at: datetime | None = None,
    password: str | None = None,
    buyer_key: bytes,
    limits: Limits | None = None,
    file_name: str | None = None,
    sha256: str | None = None,
    has_next: bool = False,
) -> StagedFile:
    """Read a file of any known kind in a process of its own; return its clean rows as Parquet in `staging`, and its problems.

    `file_name` is what the operator calls the file when `path` is a temporary one, `sha256` its hash where it is known
    already; `has_next` starts the process for the file after it meanwhile. Raises OperatorError when the file as a whole
    cannot be read; the staging folder then holds nothing to load.
    """
    file_name = file_name or path.name
    shown_name = hide_numbers(file_name)
    where = f"「{shown_name}」"
    if not path.is_file():
        raise OperatorError(where, "没有这个文件", "一个存在的文件", "请检查路径和文件名。")
    bounds = (limits or usual_limits()).for_file(path.stat().st_size)
    job = {
        "path": str(path.resolve()),
        "file_name": file_name,
        "staging": str(staging.resolve()),
        "list_kind": list_kind,
        "exported_at": exported_at and exported_at.isoformat(),
        "password": password,
        "buyer_key": buyer_key.hex(),
        "expanded_bytes": bounds.expanded_bytes,
        "memory_bytes": bounds.memory_bytes,
    }
    with ThreadPoolExecutor(1) as pool:
        hashed = pool.submit(lambda: sha256 or _sha256(path))
        answer = _Child(job, where, bounds).answer(has_next=has_next)
        return _staged(answer, shown_name, hashed.result())


def _staged(answer: dict[str, Any], file_name: str, sha256: str) -> StagedFile:
    times = {name: answer[name] and datetime.fromisoformat(answer[name]) for name in ("exported_at", "first_at", "last_at")}
    return StagedFile(
        **{
            **answer,
            **times,
            "file_name": file_name,
            "sha256": sha256,
            "parquet_by_table": {table: Path(path) for table, path in answer["parquet_by_table"].items()},
            "rejected": answer["rejected"] and Path(answer["rejected"]),
            "problems": tuple(Problem(**problem) for problem in answer["problems"]),
            "surprises": tuple(answer["surprises"]),
        }
    )


def prepare_reader() -> None:
    """Start the process that will read the next file, so that its libraries are loaded by then; it ends with this one."""
    _prepared.fill()


def _start_child() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        CHILD,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # What a native reader prints when it breaks off may quote the file.
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONIOENCODING": "utf-8"},
        cwd=_ROOT,
    )


class _Prepared:
    """At most one process that waits for a job; every file still gets a process of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def fill(self) -> None:
        """Start one, unless one is waiting."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._process = _start_child()

    def take(self) -> subprocess.Popen[bytes]:
        """Hand out the one that waits, else a new one."""
        with self._lock:
            process, self._process = self._process, None
        return process if process is not None and process.poll() is None else _start_child()


_prepared = _Prepared()


class _Child:
    """One run of the reading process under its limits."""

    def __init__(self, job: dict[str, Any], where: str, limits: Limits) -> None:
        self._job, self._where, self._limits = job, where, limits

    def answer(self, *, has_next: bool) -> dict[str, Any]:
        """Run the child to its end and return what it staged. Raises OperatorError for everything else that can happen."""
        process = _prepared.take()
        if has_next:
            prepare_reader()
        with ThreadPoolExecutor(1) as pool:
            try:
                said = pool.submit(process.communicate, json.dumps(self._job).encode("utf-8"))
                broken = self._watch(process)
                output, _ = said.result()
            finally:
                process.kill()
                process.wait()
        return self._judged(output, broken)

    def _watch(self, process: subprocess.Popen[bytes]) -> OperatorError | None:
        """Wait for the child's end; kill it when it takes too much memory or time, and say so."""
        ends_at = time.monotonic() + self._limits.seconds
        watched = _process(process.pid)
        while process.poll() is None:
            if time.monotonic() > ends_at:
                process.kill()
                return self._error(f"读了 {self._limits.seconds:.0f} 秒还没有读完", "能在限定时间内读完的文件", _SPLIT)
            if _memory_bytes(watched) > self._limits.memory_bytes:
                process.kill()
                return self._too_much_memory()
            with suppress(subprocess.TimeoutExpired):
                process.wait(_WATCH_SECONDS)
        return None

    def _judged(self, output: bytes, broken: OperatorError | None) -> dict[str, Any]:
        if broken:
            raise broken
        try:
            answer = json.loads(output)
        except ValueError:
            answer = {"panic": True}
        if "staged" in answer:
            return answer["staged"]
        if "error" in answer:
            raise OperatorError(*answer["error"])
        if "memory" in answer:
            raise self._too_much_memory()
        if "panic" in answer:
            found = "读取程序中途停止，多半是文件损坏或展开后过大"
            raise self._error(found, "完整的平台导出文件", "请重新导出后再试；若文件很大，请按时间分段导出。")
        remedy = "请重新导出后再试；若仍出错，请把括号里的位置告诉开发者。"
        raise self._error(f"读取程序出错（{answer['bug']}）", "平台导出的表格文件", remedy)

    def _too_much_memory(self) -> OperatorError:
        return self._error(f"读它要用超过 {self._limits.memory_bytes >> 20} MB 内存", "展开后不那么大的文件", _SPLIT)

    def _error(self, found: str, expected: str, remedy: str) -> OperatorError:
        return OperatorError(self._where, found, expected, remedy)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _process(pid: int) -> psutil.Process | None:
    try:
        return psutil.Process(pid)
    except psutil.Error:
        return None


def _memory_bytes(process: psutil.Process | None) -> int:
    try:
        return process.memory_info().rss if process else 0
    except psutil.Error:
        return 0
