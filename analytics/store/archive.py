"""One backup file: the database and the key of buyers' ids, with the checksums that tell a damaged one."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from analytics.errors import OperatorError

DATABASE = "ledger.duckdb"
KEY = "buyer.key"
MANIFEST = "manifest.json"
FORMAT = "refund-ledger-backup-1"
CHUNK_BYTES = 1 << 20
LARGEST_MANIFEST_BYTES = 1 << 16
UNREADABLE = (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, EOFError, KeyError, ValueError, TypeError, NotImplementedError)


def pack(database: Path, key: Path, target: Path, *, now: datetime) -> dict[str, Any]:
    """Write a database file that nobody holds, and its key, as one backup file; it appears whole or not at all.

    Returns its manifest: format, created_at, sha256 by file.
    """
    sources = {DATABASE: database, KEY: key}
    checksums = {name: _sha256(path) for name, path in sources.items()}
    manifest = {"format": FORMAT, "created_at": now.isoformat(), "sha256": checksums}
    draft = target.with_name(f"{target.name}.draft")
    try:
        with draft.open("wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                archive.writestr(MANIFEST, json.dumps(manifest))
                for name, path in sources.items():
                    archive.write(path, name)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Write the database and the key of a backup file into `folder` and return its manifest.

    Raises OperatorError when the file is no backup or one byte of it is not as it was written.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _manifest(archive)
            for name in (DATABASE, KEY):
                _extract(archive, name, folder / name, manifest["sha256"][name])
    except UNREADABLE as error:
        raise damaged(source, str(error) or type(error).__name__) from error
    return manifest


def damaged(source: Path, found: str) -> OperatorError:
    """Return the sentence for a backup that must not be restored."""
    return OperatorError(
        f"备份「{source.name}」",
        f"损坏或不是备份文件（{found[:200]}）",
        "由 backup 写成、没有改动过的文件",
        "账本没有改动，请换一份备份。",
    )


def _manifest(archive: zipfile.ZipFile) -> Mapping[str, Any]:
    if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST_BYTES:
        raise ValueError(MANIFEST)
    manifest = json.loads(archive.read(MANIFEST))
    if manifest["format"] != FORMAT:
        raise ValueError(manifest["format"])
    return manifest


def _extract(archive: zipfile.ZipFile, name: str, target: Path, sha256: str) -> None:
    digest = hashlib.sha256()
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file, archive.open(name) as packed:
        for chunk in _chunks(packed):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != sha256:
        raise ValueError(name)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.read(CHUNK_BYTES), b"")
