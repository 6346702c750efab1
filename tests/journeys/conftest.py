"""What journeys share: a home folder and a command line that runs in this process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from analytics.__main__ import main


@dataclass(frozen=True)
class Said:
    """How one command ended."""

    status: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[dict[str, Any]]:
        return self.answer["rows"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "退款 账本"


@pytest.fixture
def ledger(home: Path, capsys: pytest.CaptureFixture[str]):
    """Call it with the words of a command; it runs on a home folder whose path holds Chinese and a space."""

    def run(*words: object) -> Said:
        capsys.readouterr()
        try:
            status = main(["--home", str(home), *(str(word) for word in words)])
        except SystemExit as stop:  # argparse ends the process on wrong usage
            status = int(stop.code or 0)
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    return run
