"""One dropped file on its way into the ledger: its states, and the folder of its own in which its bytes lie meanwhile."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from analytics.domain.loads import Actor, Receipt, StagedFile
from analytics.errors import OperatorError
from analytics.intake.privacy import hide_numbers

TASKS = ("import", "undo", "remove_sample")
# reading → ready, or a question (needs_password, other_shop, already in), or an end (refused) → queued → storing → done.
WAITING = ("reading", "needs_password", "other_shop", "already", "ready")  # for the reader or the operator; its bytes are kept
IN_LINE = ("queued", "storing")  # the operator said yes
ENDS = ("twin", "refused", "failed", "done", "cancelled", "expired")

PASSWORD_WANTED = "正确的密码"  # what the reader says it expects of a protected workbook, and of nothing else
LONGEST_NAME = 60
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Job:
    """One task of the desk as it stands; every change makes a new one.

    `receipt` is the preview until the file is stored, then what storing came to. `revision` counts the operator's changes: an
    answer to an earlier question is worthless.
    """

    job_id: str
    drop: str
    file: str
    shop: str
    asker: Actor
    folder: Path
    task: str = "import"
    state: str = "reading"
    upload_name: str = field(default="", repr=False)
    password: str | None = field(default=None, repr=False)
    sha256: str = ""
    size_bytes: int = 0
    list_kind: str | None = None
    exported_at: datetime | None = None
    revision: int = 0
    is_shop_settled: bool = False
    staged: StagedFile | None = None
    receipt: Receipt | None = None
    other_shop: str | None = None
    other_share: float = 0.0
    twin_of: str | None = None
    load_id: int | None = None
    error: OperatorError | None = None
    code: str = ""
    share: float = 0.0  # of a long errand that is done, 0 to 1
    began: float | None = None  # seconds of the desk's stopwatch at which the present phase began to be worked on

    @property
    def upload(self) -> Path:
        """Where the file's bytes lie: under their hash, never under a name from outside."""
        return self.folder / self.sha256

    @property
    def is_open(self) -> bool:
        """Whether it is on its way still."""
        return self.state in (*WAITING, *IN_LINE)

    @property
    def is_list(self) -> bool:
        """Whether the file is an order export, which may be the list of a tool."""
        return self.receipt is not None and self.receipt.kind == "orders"


def plain_name(name: str) -> str:
    """Return a file's name for people: without folders and control characters, numbers of persons masked, not endless."""
    last = re.split(r"[/\\]", name)[-1]
    shown = hide_numbers("".join(character for character in last if character.isprintable())).strip()
    if len(shown) > LONGEST_NAME:
        shown = f"{shown[: LONGEST_NAME - 21]}…{shown[-20:]}"
    return shown or "—"


def keep_upload(folder: Path, content: BinaryIO) -> str:
    """Write what was uploaded into a new folder that only its owner may read, under its hash; return the hash."""
    folder.mkdir(mode=0o700)
    draft, hashed = folder / "draft", hashlib.sha256()
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        while piece := content.read(_CHUNK_BYTES):
            hashed.update(piece)
            file.write(piece)
    draft.replace(folder / hashed.hexdigest())
    return hashed.hexdigest()


def reading_folder(job: Job) -> Path:
    """Return a new folder for what the reader makes of the file in this revision."""
    folder = job.folder / f"read-{job.revision}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder
