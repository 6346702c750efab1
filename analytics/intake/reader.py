"""The parent's side of reading a file: start the child, watch it, take its answer."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from contextlib import contextmanager, suppress
from dataclasses import replace
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
    job = _job(path, file_name, staging, buyer_key, bounds, list_kind=list_kind, exported_at=exported_at, password=password)
    with ThreadPoolExecutor(1) as pool:
        hashed = pool.submit(lambda: sha256 or _sha256(path))
        process = _prepared.take()
        if has_next:
            prepare_reader()
        try:
            answer = _Task(process, job, where, bounds).answer()
        finally:
            _end(process)
        return _staged(answer, shown_name, hashed.result())


@contextmanager
def own_files(buyer_key: bytes, *, is_patient: bool = False) -> Iterator[Callable[[Path, Path], StagedFile]]:
    """Lend read(path, staging) for files that this program has written itself: one process reads them one after the other.

    Files from outside get a process each: what a broken one does to its reader must not reach another. With `is_patient` it
    lets everything go first that somebody waits for.
    """
    process = _start_child()
    if is_patient:
        with suppress(psutil.Error):
            psutil.Process(process.pid).nice(10 if os.name == "posix" else psutil.BELOW_NORMAL_PRIORITY_CLASS)

    def read(path: Path, staging: Path) -> StagedFile:
        usual = usual_limits()  # a patient reader on a busy machine waits longer than a hostile file may take
        bounds = replace(usual.for_file(path.stat().st_size), seconds=usual.seconds)
        job = _job(path, path.name, staging, buyer_key, bounds)
        return _staged(_Task(process, job, f"「{path.name}」", bounds).answer(), path.name, _sha256(path))

    try:
        yield read
    finally:
        _end(process)


def _job(
    path: Path,
    file_name: str,
    staging: Path,
    buyer_key: bytes,
    limits: Limits,
    *,
    list_kind: str | None = None,
    exported_at: datetime | None = None,
    password: str | None = None,
) -> dict[str, Any]:
    """Write a file and what is said about it as the child expects it."""
    return {
        "path": str(path.resolve()),
        "file_name": file_name,
        "staging": str(staging.resolve()),
        "list_kind": list_kind,
        "exported_at": exported_at and exported_at.isoformat(),
        "password": password,
        "buyer_key": buyer_key.hex(),
        "expanded_bytes": limits.expanded_bytes,
        "memory_bytes": limits.memory_bytes,
    }


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


class _Task:
    """One job of a reading process under its limits."""

    def __init__(self, process: subprocess.Popen[bytes], job: dict[str, Any], where: str, limits: Limits) -> None:
        self._process, self._job, self._where, self._limits = process, job, where, limits

    def answer(self) -> dict[str, Any]:
        """Let the process do the job and return what it staged. Raises OperatorError for everything else that can happen."""
        with ThreadPoolExecutor(1) as pool:
            try:
                said = pool.submit(_exchange, self._process, self._job)
                broken = self._watch(said)
            except BaseException:
                self._process.kill()  # else the thread would wait for it
                raise
            return self._judged(said.result(), broken)

    def _watch(self, said: Future[bytes]) -> OperatorError | None:
        """Wait for the answer; kill the process when it takes too much memory or time, and say so."""
        ends_at = time.monotonic() + self._limits.seconds
        watched = _process(self._process.pid)
        while True:
            with suppress(StillWaiting):
                said.result(_WATCH_SECONDS)
                return None
            if time.monotonic() > ends_at:
                self._process.kill()
                return self._error(f"读了 {self._limits.seconds:.0f} 秒还没有读完", "能在限定时间内读完的文件", _SPLIT)
            if _memory_bytes(watched) > self._limits.memory_bytes:
                self._process.kill()
                return self._too_much_memory()

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


def _exchange(process: subprocess.Popen[bytes], job: dict[str, Any]) -> bytes:
    """Hand a job over and wait for its answer: one line, or less from a process that broke off."""
    with suppress(OSError):  # one that ended before it was asked says nothing either
        process.stdin.write(json.dumps(job).encode("utf-8") + b"\n")
        process.stdin.flush()
    return process.stdout.readline()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process; what it was to write is written, or no longer wanted."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            pipe.close()


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
