"""The lock on a home folder: one process holds it, any other learns which."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from analytics.errors import OperatorError

try:
    import fcntl
except ImportError:  # Windows
    import msvcrt

    fcntl = None

LOCKED_BYTE = 1 << 20  # far behind the text: on Windows a locked byte cannot be read by others


class HomeLock:
    """Hold a home folder against other processes; the system lets go when the holder ends, however it ends."""

    def __init__(self, home: Path) -> None:
        handle = os.open(home / "ledger.pid", os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        self._file = os.fdopen(handle, "r+b", buffering=0)
        try:
            _lock(handle)
        except OSError as error:
            holder = self._file.read(400).decode("utf-8", "replace").strip()
            self._file.close()
            raise held_by(home, holder) from error
        self._file.truncate(0)
        self._file.write(f"{_own_name()}，进程号 {os.getpid()}".encode())

    def release(self) -> None:
        """Let go. The file stays: removing it could take another holder's away."""
        self._file.close()


def held_by(home: Path, holder: str) -> OperatorError:
    """Return the sentence for a ledger that another process has open, with the way that works meanwhile."""
    return OperatorError(
        f"账本「{home}」",
        f"正由另一个程序使用（{holder or '未知进程'}）",
        "同一时间只有一个程序打开账本",
        f"请先关闭那个程序；或者把文件放进 inbox/ 文件夹（{home / 'inbox'}），由它在运行中读入。",
    )


def _own_name() -> str:
    """The program's own name: never its arguments, which may hold a password."""
    return "/".join(Path(sys.argv[0] or sys.executable).parts[-2:])


def _lock(handle: int) -> None:
    if fcntl is not None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return
    os.lseek(handle, LOCKED_BYTE, os.SEEK_SET)
    msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    os.lseek(handle, 0, os.SEEK_SET)
