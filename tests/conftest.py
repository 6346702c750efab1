"""What all tests share: what costs half a second each time is made once, a new ledger and the process that reads files."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from analytics.actions import ledger
from analytics.intake import reader
from analytics.store.archive import DATABASE
from analytics.store.warehouse import Warehouse

PATIENCE_SECONDS = 180


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than processors: tests wait for servers, browsers and threads of the page."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """Call it with a name and what makes a folder of that name; the first worker makes it, the others wait and share it."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder, draft = shared / name, shared / f"{name}.draft"
        try:
            draft.mkdir()
        except FileExistsError:
            ends_at = time.monotonic() + PATIENCE_SECONDS
            while not folder.exists() and time.monotonic() < ends_at:
                time.sleep(0.1)
            assert folder.exists(), f"nobody has made {name}"
            return folder
        make(draft / "made")
        (draft / "made").rename(folder)
        return folder

    return made


@pytest.fixture(scope="session", autouse=True)
def new_ledgers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let `open_ledger` find, in a home folder without one, a ledger just made by itself; its key is the folder's own."""
    make, made = ledger.open_ledger, tmp_path_factory.mktemp("new")

    def open_copy(home: Path) -> Warehouse:
        home = Path(home).expanduser().resolve()
        if not (home / DATABASE).exists() and not any(home.glob(f"{DATABASE}*")):
            if not (made / DATABASE).exists():
                make(made).close()
            home.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(made / DATABASE, home / DATABASE)
        return make(home)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "open_ledger", open_copy)
        yield


class StayingReaders:
    """Processes that read one file after the other, as that for the program's own files does; as many as read at once."""

    def __init__(self) -> None:
        self._end, self._idle, self._lock = reader._end, [], threading.Lock()

    def fill(self) -> None:
        """Start nothing ahead: there is one already."""

    def take(self) -> subprocess.Popen[bytes]:
        """Hand out one that waits, else a new one."""
        with self._lock:
            alive = [process for process in self._idle if process.poll() is None]
            self._idle = alive[:-1]
        return alive[-1] if alive else reader._start_child()

    def give_back(self, process: subprocess.Popen[bytes]) -> None:
        """Keep one that has answered."""
        with self._lock:
            self._idle.append(process)

    def close(self) -> None:
        """End them."""
        for process in self._idle:
            self._end(process)


@pytest.fixture(scope="session")
def staying_readers() -> Iterator[StayingReaders]:
    readers = StayingReaders()
    yield readers
    readers.close()


@pytest.fixture(autouse=True)
def one_reader(request: pytest.FixtureRequest, staying_readers: StayingReaders, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test's files be read by a process that stays; the tests of reading itself, and of broken files, have their own."""
    if not {"intake", "faults"} & set(request.path.parts) and "bad_files" not in request.path.name:
        monkeypatch.setattr(reader, "_prepared", staying_readers)
        monkeypatch.setattr(reader, "_end", staying_readers.give_back)
