"""Analyses that take longer than a page may: worked out once for a state of the data, beside the pages, and kept."""

from __future__ import annotations

import json
import logging
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from analytics.actions.access import require
from analytics.domain.loads import Actor
from analytics.errors import OperatorError
from analytics.store import analyses
from analytics.store.analyses import Kept
from analytics.store.warehouse import Warehouse

log = logging.getLogger(__name__)
Progress = Callable[[float], None]  # is told the share that is done, 0 to 1


@dataclass(frozen=True)
class Analysis:
    """A kind of analysis: `work(warehouse, actor=…, shops=…, progress=…, **asked)` returns plain data that JSON can hold.

    A new `revision` makes every answer of an older method stale.
    """

    name: str
    revision: int
    work: Callable[..., Any]


@dataclass(frozen=True)
class Standing:
    """How an analysis stands: the newest answer there is (None: none yet), and whether it rests on the data as it is now.

    `share` is how much of the work under way is done (None: nothing under way); `problem` is why the last attempt failed.
    """

    answer: Any = None
    is_current: bool = False
    worked_out_at: datetime | None = None
    share: float | None = None
    problem: str = ""


@dataclass
class _Task:
    version: int
    share: float = 0.0
    problem: str = ""
    is_over: bool = False


@dataclass(frozen=True)
class _Errand:
    """One question to an analysis, as somebody asked it."""

    warehouse: Warehouse
    analysis: Analysis
    actor: Actor
    shops: tuple[str, ...]
    now: datetime
    asked: dict[str, Any]

    @property
    def key(self) -> str:
        """What was asked, as text; who may see some shops only gets answers of their own when no shop is named."""
        question = {"shops": sorted(self.shops or self.actor.shops), **self.asked}
        return json.dumps(question, ensure_ascii=False, sort_keys=True, default=str)

    def kept(self) -> Kept | None:
        """The newest answer there is."""
        with self.warehouse.cursor() as cursor:
            return analyses.find(cursor, self.analysis.name, self.key)

    def is_answered_by(self, kept: Kept | None) -> bool:
        """Whether an answer was made by this method from the data as it is now."""
        return kept is not None and (kept.revision, kept.version) == (self.analysis.revision, self.warehouse.version())


_tasks: dict[tuple[Path, str, str], _Task] = {}
_lock = threading.Lock()
# One at a time: two would only take the pages' core from them.
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="analysis")


def answer_now(
    warehouse: Warehouse, analysis: Analysis, *, actor: Actor, shops: Sequence[str] = (), now: datetime, **asked: Any
) -> Any:
    """Return the answer for the data as it is, worked out here and now unless it is kept; for commands. Raises OperatorError."""
    errand = _errand(warehouse, analysis, actor, shops, now, asked)
    kept = errand.kept()
    if kept is not None and errand.is_answered_by(kept):
        return kept.answer
    return _work(errand, _Task(warehouse.version()))


def look(
    warehouse: Warehouse, analysis: Analysis, *, actor: Actor, shops: Sequence[str] = (), now: datetime, **asked: Any
) -> Standing:
    """Say how an analysis stands, and begin it in the background when its answer is missing or rests on older data.

    Returns at once. A failed attempt is not repeated until the data moves on. What an older method answered is no answer: it may
    have another shape. Raises OperatorError for another's shop.
    """
    errand = _errand(warehouse, analysis, actor, shops, now, asked)
    kept = errand.kept()
    if kept is not None and errand.is_answered_by(kept):
        return Standing(kept.answer, True, kept.worked_out_at)
    task = _begin(errand)
    share = None if task.is_over else task.share
    if kept is None or kept.revision != analysis.revision:
        return Standing(share=share, problem=task.problem)
    return Standing(kept.answer, False, kept.worked_out_at, share, task.problem)


def wait(seconds: float) -> None:
    """Let everything that is under way end, for at most so long: for tests, and before a ledger is closed."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and any(not task.is_over for task in list(_tasks.values())):
        time.sleep(0.02)


def _errand(
    warehouse: Warehouse, analysis: Analysis, actor: Actor, shops: Sequence[str], now: datetime, asked: dict[str, Any]
) -> _Errand:
    for shop in shops or (None,):
        require(actor, "view", shop)
    return _Errand(warehouse, analysis, actor, tuple(shops), now, asked)


def _begin(errand: _Errand) -> _Task:
    """The work on this state of the data: under way, failed, or begun now."""
    place, version = (errand.warehouse.home, errand.analysis.name, errand.key), errand.warehouse.version()
    with _lock:
        task = _tasks.get(place)
        has_failed_on_this = task is not None and task.version == version and bool(task.problem)
        # Looked up again: it may have been answered since the reader looked.
        if task is None or (task.is_over and not has_failed_on_this and not errand.is_answered_by(errand.kept())):
            task = _tasks[place] = _Task(version)
            _worker.submit(_try, errand, task)
        return task


def _try(errand: _Errand, task: _Task) -> None:
    """Work in the background: what goes wrong is told to whoever looks, and must not end the worker."""
    try:
        _work(errand, task)
    except OperatorError as error:
        task.problem = str(error)
    except Exception:
        code = uuid.uuid4().hex[:8]
        log.exception("analysis %s failed, code %s", errand.analysis.name, code)
        task.problem = f"分析没有做完（代码 {code}，日志里有详情）"
    finally:
        task.is_over = True


def _work(errand: _Errand, task: _Task) -> Any:
    # The version from before the work: data that comes in meanwhile makes the answer stale, never wrong.
    version, began = errand.warehouse.version(), time.monotonic()

    def progress(share: float) -> None:
        task.share = min(max(share, task.share), 1.0)

    work = errand.analysis.work
    answer = work(errand.warehouse, actor=errand.actor, shops=errand.shops, progress=progress, **errand.asked)
    kept = Kept(answer, errand.analysis.revision, version, errand.now, time.monotonic() - began)
    with errand.warehouse.transaction(changes_facts=False) as cursor:
        analyses.keep(cursor, errand.analysis.name, errand.key, kept)
    return answer
