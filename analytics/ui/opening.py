"""Opening the ledger once for the whole process, in the background, so that no page ever waits without saying why."""

from __future__ import annotations

import atexit
import logging
import threading
import time
import uuid
from pathlib import Path

from analytics.actions import imports, inbox, ledger, sample
from analytics.domain.loads import Actor
from analytics.errors import OperatorError

log = logging.getLogger(__name__)
ENDS = ("ready", "failed")
SAMPLE_MAKER = Actor("示例")
SAMPLE_PAUSE_SECONDS = 10.0  # the first page is drawn meanwhile
SAMPLE_BREATH_SECONDS = 0.2  # between two of the sample's further files, so that pages are drawn as quickly as ever
INBOX = Actor("收件夹", "operate")
INBOX_SECONDS = 5.0  # a file dropped there is in the account before an operator has switched windows


class Opening:
    """A ledger on its way to being ready: which stage, since when, and what went wrong."""

    def __init__(self, home: Path) -> None:
        self.stage = "opening"
        self.warehouse: ledger.Warehouse | None = None
        self.failed_at = ""  # the stage that went wrong
        self.problem = ""  # a sentence for the operator
        self.code = ""  # where the log tells about a fault that is none of the operator's
        self._home = home
        self._is_closing = threading.Event()
        self._started = time.monotonic()
        self._inbox = threading.Thread(target=self._watch_inbox, name="inbox", daemon=True)
        # Daemons: quitting the program must not wait for a sample shop; each of its files is one transaction.
        self._rest = threading.Thread(target=self._complete_sample, name="sample", daemon=True)
        self._thread = threading.Thread(target=self._work, name="opening", daemon=True)
        self._thread.start()

    @property
    def is_ready(self) -> bool:
        """Whether questions can be asked."""
        return self.stage == "ready"

    @property
    def has_failed(self) -> bool:
        """Whether it ended with a problem or a fault."""
        return self.stage == "failed"

    @property
    def seconds(self) -> int:
        """How long it has been going on, in whole seconds."""
        return int(time.monotonic() - self._started)

    @property
    def file_count(self) -> int:
        """How many of the sample shop's first files are in."""
        held = self.warehouse
        return len(imports.list_imports(held, actor=SAMPLE_MAKER)) if held is not None and self.stage == "sample" else 0

    @property
    def is_completing(self) -> bool:
        """Whether the sample shop's further files are still coming in."""
        return self._rest.is_alive()

    def wait(self, seconds: float) -> None:
        """Let a program without pages wait until it is ready or has failed."""
        self._thread.join(seconds)

    def close(self) -> None:
        """Close the ledger's file."""
        self._is_closing.set()
        self.wait(seconds=10)
        for thread in (self._rest, self._inbox):
            if thread.is_alive():
                thread.join(10)
        if self.warehouse is not None:
            self.warehouse.close()

    def _work(self) -> None:
        try:
            self.warehouse = ledger.open_ledger(self._home)
            self.stage = "sample"
            sample.ensure_sample_shop(self.warehouse, today=ledger.beijing_now().date(), actor=SAMPLE_MAKER)
            self.stage = "ready"
            self._inbox.start()
            self._rest.start()
        except OperatorError as error:
            self._fail(problem=str(error))
        except Exception:
            code = uuid.uuid4().hex[:8]
            log.exception("opening the ledger failed, code %s", code)
            self._fail(code=code)

    def _complete_sample(self) -> None:
        """Load the rest of the sample shop beside the pages; what is left out, for whatever reason, comes at the next start."""
        if self._is_closing.wait(SAMPLE_PAUSE_SECONDS):
            return
        try:
            sample.complete_sample_shop(self.warehouse, actor=SAMPLE_MAKER, is_wanted=self._breathes)
        except Exception:
            log.exception("completing the sample shop failed")

    def _breathes(self) -> bool:
        """Pause for a moment; return false when the ledger is being closed."""
        return not self._is_closing.wait(SAMPLE_BREATH_SECONDS)

    def _watch_inbox(self) -> None:
        """Load what is dropped into the inbox folder while the app holds the ledger; a fault there must not end it."""
        while not self._is_closing.wait(INBOX_SECONDS):
            try:
                inbox.sweep(self.warehouse, actor=INBOX, now=ledger.beijing_now())
            except Exception:
                log.exception("sweeping the inbox failed")

    def _fail(self, *, problem: str = "", code: str = "") -> None:
        self.problem, self.code, self.failed_at = problem, code, self.stage
        held, self.warehouse, self.stage = self.warehouse, None, "failed"
        if held is not None:
            held.close()


_openings: dict[Path, Opening] = {}
_lock = threading.Lock()


def of(home: Path) -> Opening:
    """Return the one opening of a home folder in this process; the first caller starts it."""
    with _lock:
        if home not in _openings:
            _openings[home] = Opening(home)
        return _openings[home]


def forget(home: Path) -> None:
    """Close a home folder's ledger, so that the next caller opens it anew."""
    with _lock:
        opening = _openings.pop(home, None)
    if opening is not None:
        opening.close()


@atexit.register
def close_all() -> None:
    """Close every ledger in good order when the program ends."""
    for home in list(_openings):
        forget(home)
