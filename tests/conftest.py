"""What all tests share: a new ledger is a copy of one that was made in the same way, since making one costs half a second."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.actions import ledger
from analytics.store.archive import DATABASE
from analytics.store.warehouse import Warehouse


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
