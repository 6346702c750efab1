"""The import desk: dropped files are read and previewed here beside the pages, and stored one at a time, in line."""

from __future__ import annotations

import logging
import shutil
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO

from analytics import intake
from analytics.actions import holdouts, imports, sample
from analytics.actions.access import require
from analytics.actions.import_jobs import IN_LINE, PASSWORD_WANTED, WAITING, Job, keep_upload, plain_name, reading_folder
from analytics.domain.loads import Actor, StagedFile
from analytics.errors import OperatorError
from analytics.intake.progress import read_so_far
from analytics.store import marts
from analytics.store.connection import no_space
from analytics.store.shops import SAMPLE_SHOP
from analytics.store.warehouse import Warehouse

log = logging.getLogger(__name__)

ALL_ORDERS = "all"  # what the name of an ordinary order export says
LARGEST_UPLOAD_BYTES = 200 << 20  # a browser's upload lies in memory first; larger files come by the inbox or the command line
LARGEST_DROP_BYTES = 1 << 30  # of one session's files that are not in yet
MOST_FILES = 100  # of one session's files that are not in yet
ROOM_FOR_AN_UPLOAD = 3  # times its size: the upload, what is read of it, and the ledger's copy
UNSEEN_SECONDS = 15 * 60.0  # a page asks for its files every half minute: this long unasked for, nobody will confirm them
REMEMBERED_SECONDS = 2 * 3600.0  # how long what has ended can be looked at
TENDING_SECONDS = 30.0
CLOSING_SECONDS = 5.0  # what is being stored is given this long when the program ends
# What is assumed of this machine until it has shown how fast it is.
READ_BYTES_PER_SECOND = 15e6
STORED_ROWS_PER_SECOND = 100e3
LEAST_SECONDS = 0.5
MEASURED_FROM_ROWS = 2_000
CHANGEABLE = ("shop", "list_kind", "exported_at", "password")


@dataclass(frozen=True)
class Progress:
    """How far a job is: rows read (None: not known), the share done (0 to 1) and seconds left, both about, and the jobs ahead."""

    rows: int | None
    share: float
    seconds_left: float
    ahead: int = 0


class ImportDesk:
    """Hold the jobs of one ledger; one thread reads and previews, one stores. A preview never becomes a load by itself.

    A job belongs to a drop, an unguessable id that the session of the person who dropped the files keeps.
    """

    def __init__(
        self, warehouse: Warehouse, *, clock: Callable[[], datetime], stopwatch: Callable[[], float] = time.monotonic
    ) -> None:
        self.warehouse = warehouse
        self._clock, self._stopwatch = clock, stopwatch
        self._changed = threading.Condition(threading.RLock())
        self._jobs: dict[str, Job] = {}
        self._seen: dict[str, float] = {}
        self._to_read: deque[str] = deque()
        self._to_store: deque[str] = deque()
        self._is_closing = False
        self._bytes_per_second, self._rows_per_second = READ_BYTES_PER_SECOND, STORED_ROWS_PER_SECOND
        self._threads = [
            threading.Thread(target=self._work, args=pair, name="import desk", daemon=True)
            for pair in ((self._to_read, self._read), (self._to_store, self._store))
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Drop what was not confirmed and let the threads end after what they are doing; what waits in line is not begun."""
        with self._changed:
            self._is_closing = True
            for job in [job for job in self._jobs.values() if job.state in WAITING]:
                self._end(job, "cancelled")
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(CLOSING_SECONDS)

    def submit(
        self, drop: str, name: str, content: BinaryIO, size_bytes: int, *, shop: str, actor: Actor, list_kind: str | None = None
    ) -> Job:
        """Take in one file of a drop, to be read and previewed. Raises OperatorError when it is too much or there is no room.

        `list_kind` is what an order list is taken for where its name does not say; the preview asks all the same.
        """
        shop = imports.real_shop(shop)
        require(actor, "operate", shop)
        shown, job_id = plain_name(name), uuid.uuid4().hex
        self._refuse_too_much(drop, shown, size_bytes)
        folder = self.warehouse.staging / f"desk-{job_id}"
        try:
            sha256 = keep_upload(folder, content)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise no_space(self.warehouse.home, f"写不进文件「{shown}」") from error
        told = None if intake.guess_list_kind(name) != ALL_ORDERS else list_kind
        job = Job(
            job_id, drop, shown, shop, actor, folder, upload_name=name, sha256=sha256, size_bytes=size_bytes, list_kind=told
        )
        with self._changed:
            twin = next((one.file for one in self._of(drop) if one.sha256 == sha256 and one.is_open), None)
            if twin is not None:
                return self._end(replace(job, twin_of=twin), "twin")
            return self._put(job, self._to_read)

    def change(self, job_id: str, *, actor: Actor, **said: Any) -> Job:
        """Take what the operator says about a file (`shop`, `list_kind`, `exported_at`, `password`) and preview it anew.

        A shop that is said of one file is meant: the file is not asked about again. Raises OperatorError.
        """
        if unknown := set(said) - set(CHANGEABLE):
            raise TypeError(f"no such thing can be said of a file: {unknown}")
        if "shop" in said:
            said["shop"] = imports.real_shop(said["shop"])
        if said.get("list_kind") not in (None, *list_kinds()):
            raise OperatorError("这份订单是什么", f"「{said['list_kind']}」", "、".join(list_kinds()), "请从中选一种。")
        with self._changed:
            job = self._allowed(job_id, actor)
            require(actor, "operate", said.get("shop", job.shop))
            if job.state not in WAITING:
                return job
            is_read = job.staged is not None and set(said) == {"shop"}
            staged = job.staged if is_read else None
            settled = job.is_shop_settled or "shop" in said
            again = replace(job, **said, staged=staged, is_shop_settled=settled, revision=job.revision + 1, began=None)
            return self._put(replace(again, state="reading", receipt=None, error=None), self._to_read)

    def move(self, drop: str, shop: str, *, actor: Actor) -> None:
        """Give the files of a drop that wait to another shop, except those whose shop was said of them alone."""
        shop = imports.real_shop(shop)
        require(actor, "operate", shop)
        with self._changed:
            for job in [job for job in self._of(drop) if job.state in WAITING and not job.is_shop_settled and job.shop != shop]:
                moved = replace(job, shop=shop, state="reading", receipt=None, error=None, other_shop=None)
                self._put(replace(moved, revision=job.revision + 1, began=None), self._to_read)

    def confirm(self, drop: str, *, actor: Actor) -> list[Job]:
        """Put every previewed file of a drop in line to be stored; return them."""
        with self._changed:
            ready = [job for job in self._of(drop) if job.state == "ready"]
            for job in ready:
                require(actor, "operate", job.shop)
            return [self._put(replace(job, state="queued", asker=actor, began=None), self._to_store) for job in ready]

    def cancel(self, job_id: str, *, actor: Actor) -> Job:
        """Give a file up that is not being stored yet; what is known of it is removed at once."""
        with self._changed:
            job = self._allowed(job_id, actor)
            return self._end(job, "cancelled") if job.state in (*WAITING, "queued") else job

    def dismiss(self, drop: str, *, actor: Actor) -> None:
        """Forget what has ended of a drop."""
        with self._changed:
            for job in [job for job in self._of(drop) if not job.is_open]:
                require(actor, "view", job.shop)
                del self._jobs[job.job_id]

    def undo(self, drop: str, load_id: int, *, actor: Actor) -> Job:
        """Put the taking back of a load in line. Raises OperatorError when there is none, or it is not the actor's to undo."""
        receipt = imports.undoable(self.warehouse, load_id, actor=actor)
        told = {"load_id": load_id, "receipt": receipt}
        return self._errand(Job("", drop, receipt.file, receipt.shop, actor, self.warehouse.staging, "undo", **told))

    def remove_sample(self, drop: str, *, actor: Actor) -> Job:
        """Put the removal of the sample shop in line."""
        require(actor, "operate", SAMPLE_SHOP)
        return self._errand(Job("", drop, SAMPLE_SHOP, SAMPLE_SHOP, actor, self.warehouse.staging, "remove_sample"))

    def jobs(self, drop: str, *, actor: Actor) -> list[Job]:
        """Return the jobs of a drop in the order they came; asking keeps them alive."""
        with self._changed:
            self._seen[drop] = self._stopwatch()
            return [job for job in self._of(drop) if not actor.shops or job.shop in actor.shops]

    def line(self, *, actor: Actor) -> list[Job]:
        """Return the jobs of everybody that are stored or wait for it, in their order; files of others' shops stay unnamed."""
        with self._changed:
            waiting = [self._jobs[job_id] for job_id in self._to_store if job_id in self._jobs]
            storing = [job for job in self._jobs.values() if job.state == "storing"]
        hidden = [
            job if not actor.shops or job.shop in actor.shops else replace(job, file="", shop="") for job in storing + waiting
        ]
        return [job for job in hidden if job.state in IN_LINE]

    def progress(self, job: Job) -> Progress:
        """Say how far a job is that is read, waits or is stored."""
        if job.state == "reading":
            return self._read_so_far(job)
        line = self.line(actor=Actor("desk"))
        ahead = next((place for place, one in enumerate(line) if one.job_id == job.job_id), 0)
        own = self._seconds_of(job)
        if job.state == "storing" and job.task == "remove_sample":
            return Progress(None, job.share, own)
        if job.state == "storing":
            spent = self._spent(job)
            share = min(spent / own, 0.95)
            return Progress(None, share, max(own - spent, LEAST_SECONDS))
        before = sum(self._seconds_of(one) - (self._spent(one) if one.state == "storing" else 0) for one in line[:ahead])
        return Progress(None, 0.0, max(before, 0.0) + own, ahead)

    def wait(self, drop: str, seconds: float) -> list[Job]:
        """Let a program without pages wait until nothing of a drop is read or stored; return its jobs."""
        busy = ("reading", *IN_LINE)
        with self._changed:
            self._changed.wait_for(lambda: not any(job.state in busy for job in self._of(drop)), seconds)
            return self._of(drop)

    def tend(self) -> None:
        """Remove the files that nobody has asked for in a while, and forget what ended long ago."""
        with self._changed:
            now = self._stopwatch()
            for job in list(self._jobs.values()):
                unseen = now - self._seen.setdefault(job.drop, now)
                if job.state in WAITING and unseen > UNSEEN_SECONDS:
                    self._end(job, "expired")
                elif not job.is_open and unseen > REMEMBERED_SECONDS:
                    del self._jobs[job.job_id]
            self._seen = {drop: seen for drop, seen in self._seen.items() if self._of(drop)}

    # What the threads do.

    def _work(self, line: deque[str], work: Callable[[Job], Job]) -> None:
        """Take the next job of a line, for ever; a fault ends the job with a code, never the thread."""
        while job := self._next(line):
            try:
                outcome = work(job)
            except OperatorError as error:
                outcome = replace(job, state=_state_after(error), error=error)
            except Exception:
                code = uuid.uuid4().hex[:8]
                log.exception("job %s of the import desk failed, code %s", job.job_id, code)
                outcome = replace(job, state="failed", code=code)
            self._settle(job, outcome)
            if outcome.state == "done" and not self._to_store:
                self._prepare_figures()

    def _prepare_figures(self) -> None:
        """Bring the account up to date here, so that whoever goes on to the figures does not wait for it."""
        try:
            marts.refresh(self.warehouse)
            holdouts.assign(self.warehouse, now=self._clock())
        except Exception:
            log.exception("bringing the figures up to date after an import failed")

    def _next(self, line: deque[str]) -> Job | None:
        """Wait for a job of the line and start its phase; None when the desk closes."""
        with self._changed:
            while not self._is_closing:
                while line:
                    job = self._jobs.get(line.popleft())
                    if job is not None and job.state in ("reading", "queued"):
                        return self._start(job)
                self._changed.wait(TENDING_SECONDS)
                self.tend()
        return None

    def _start(self, job: Job) -> Job:
        started = replace(job, began=self._stopwatch(), state="storing" if job.state == "queued" else job.state)
        self._jobs[job.job_id] = started
        return started

    def _settle(self, job: Job, outcome: Job) -> None:
        """Write down what came out, unless the operator has meanwhile changed or cancelled the job."""
        with self._changed:
            present = self._jobs.get(job.job_id)
            if present is None or not present.is_open:
                shutil.rmtree(job.folder, ignore_errors=True)
            elif present.revision == job.revision:
                if outcome.is_open:
                    self._jobs[job.job_id] = outcome
                else:
                    self._end(outcome, outcome.state)
            self._changed.notify_all()

    def _read(self, job: Job) -> Job:
        """Read a file, unless it is read or in already, and say what storing it would come to."""
        who, name = job.asker, job.upload_name
        kind = job.staged.list_kind if job.staged else job.list_kind
        earlier = imports.loaded_before(self.warehouse, job.sha256, file_name=name, shop=job.shop, list_kind=kind, actor=who)
        if earlier is not None:
            return replace(job, state="already", receipt=replace(earlier, already_loaded_at=earlier.loaded_at))
        staged = job.staged or self._staged(job)
        preview = imports.preview_staged(self.warehouse, staged, shop=job.shop, actor=who)
        is_asked = preview.other_shop is not None and not job.is_shop_settled
        read = replace(job, staged=staged, receipt=preview.receipt, state="other_shop" if is_asked else "ready")
        return replace(read, other_shop=preview.other_shop, other_share=preview.other_share)

    def _staged(self, job: Job) -> StagedFile:
        said = {"list_kind": job.list_kind, "exported_at": job.exported_at, "password": job.password}
        options = imports.ImportOptions(shop=job.shop, **said, has_next=bool(self._to_read))
        staged = imports.read_upload(
            self.warehouse,
            job.upload,
            options,
            file_name=job.upload_name,
            sha256=job.sha256,
            folder=reading_folder(job),
            actor=job.asker,
        )
        seconds = self._spent(job)
        if staged.row_count >= MEASURED_FROM_ROWS:
            self._bytes_per_second = _between(self._bytes_per_second, job.size_bytes / max(seconds, 0.01))
        return replace(staged, file_name=plain_name(staged.file_name))

    def _store(self, job: Job) -> Job:
        """Do what the operator confirmed."""
        if job.task == "undo":
            undone = imports.undo_import(self.warehouse, job.load_id, actor=job.asker, now=self._clock())
            return replace(job, state="done", receipt=undone)
        if job.task == "remove_sample":
            tell = partial(self._tell, job.job_id)
            sample.remove_sample(self.warehouse, actor=job.asker, now=self._clock(), tell=tell)
            return replace(job, state="done")
        receipt = imports.store_staged(self.warehouse, job.staged, shop=job.shop, actor=job.asker, now=self._clock())
        if _rows_of(job) >= MEASURED_FROM_ROWS:
            self._rows_per_second = _between(self._rows_per_second, _rows_of(job) / max(self._spent(job), 0.01))
        return replace(job, state="done", receipt=receipt, load_id=receipt.load_id)

    def _tell(self, job_id: str, done: int, total: int) -> None:
        """Write down which share of a long errand is done."""
        with self._changed:
            self._jobs[job_id] = replace(self._jobs[job_id], share=done / total)

    # Under the lock.

    def _of(self, drop: str) -> list[Job]:
        return [job for job in self._jobs.values() if job.drop == drop]

    def _allowed(self, job_id: str, actor: Actor) -> Job:
        job = self._jobs.get(job_id)
        if job is None:
            raise OperatorError("待导入的文件", "已经不在了", "一个还在等待的文件", "请重新拖进来。")
        require(actor, "operate", job.shop)
        return job

    def _put(self, job: Job, line: deque[str]) -> Job:
        self._jobs[job.job_id] = job
        self._seen.setdefault(job.drop, self._stopwatch())
        line.append(job.job_id)
        self._changed.notify_all()
        return job

    def _errand(self, job: Job) -> Job:
        job_id = uuid.uuid4().hex
        with self._changed:
            return self._put(replace(job, job_id=job_id, folder=job.folder / f"desk-{job_id}", state="queued"), self._to_store)

    def _end(self, job: Job, state: str) -> Job:
        """Bring a job to an end and remove its bytes and its password."""
        shutil.rmtree(job.folder, ignore_errors=True)
        ended = replace(job, state=state, password=None, upload_name="", staged=None)
        self._jobs[job.job_id] = ended
        self._changed.notify_all()
        return ended

    def _refuse_too_much(self, drop: str, shown: str, size_bytes: int) -> None:
        by_other_ways = f"请放进 inbox 文件夹（{self.warehouse.inbox}），或用命令行 import 导入。"
        if size_bytes > LARGEST_UPLOAD_BYTES:
            most = f"网页上传每个文件不超过 {LARGEST_UPLOAD_BYTES >> 20} MB"
            raise OperatorError(f"「{shown}」", f"有 {size_bytes >> 20} MB", most, by_other_ways)
        with self._changed:
            waiting = [job for job in self._of(drop) if job.is_open]
        total_bytes = size_bytes + sum(job.size_bytes for job in waiting)
        if total_bytes > LARGEST_DROP_BYTES or len(waiting) >= MOST_FILES:
            found = f"还没导入的文件已有 {len(waiting)} 个、共 {total_bytes >> 20} MB"
            expected = f"一次不超过 {MOST_FILES} 个文件、{LARGEST_DROP_BYTES >> 20} MB"
            raise OperatorError(f"「{shown}」", found, expected, "请先导入或取消前面的，再拖入其余的。")
        free = shutil.disk_usage(self.warehouse.staging).free
        if free < ROOM_FOR_AN_UPLOAD * size_bytes:
            needed = f"只剩 {free >> 20} MB，读「{shown}」需要 {ROOM_FOR_AN_UPLOAD * size_bytes >> 20} MB"
            raise no_space(self.warehouse.home, needed)

    def _spent(self, job: Job) -> float:
        return self._stopwatch() - job.began if job.began is not None else 0.0

    def _seconds_of(self, job: Job) -> float:
        return LEAST_SECONDS + _rows_of(job) / self._rows_per_second

    def _read_so_far(self, job: Job) -> Progress:
        expected = LEAST_SECONDS + job.size_bytes / self._bytes_per_second
        if job.began is None:
            return Progress(None, 0.0, expected)
        told, spent = read_so_far(job.folder / f"read-{job.revision}"), self._spent(job)
        share = told.share if told.share else min(spent / expected, 0.95)
        left = spent * (1 - share) / share if told.share else expected - spent
        return Progress(told.row_count or None, share, max(left, LEAST_SECONDS))


def list_kinds() -> Sequence[str]:
    """Return what an order list may be: all orders, or those of one retention tool."""
    return intake.LIST_KINDS


def _rows_of(job: Job) -> int:
    return job.receipt.rows if job.receipt is not None else 0


def _state_after(error: OperatorError) -> str:
    return "needs_password" if error.expected == PASSWORD_WANTED else "refused"


def _between(before: float, measured: float) -> float:
    """Move an assumption towards what was measured."""
    return (before + measured) / 2
