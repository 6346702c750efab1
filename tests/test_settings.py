"""Folders and limits from the command line and the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from analytics import settings
from analytics.errors import OperatorError


def test_the_home_is_the_one_chosen_else_the_environments_else_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(settings.HOME_VARIABLE, str(tmp_path / "环境 里"))
    assert settings.home(tmp_path / "x" / ".." / "选中") == (tmp_path / "选中").resolve()
    assert settings.home() == (tmp_path / "环境 里").resolve()
    monkeypatch.setenv(settings.HOME_VARIABLE, "  ")
    assert settings.home() == Path(settings.__file__).resolve().parent.parent / "data"


def test_limits_have_defaults_and_follow_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REFUND_LEDGER_MEMORY_MB", raising=False)
    assert settings.warehouse_memory_mb() == 2048
    monkeypatch.setenv("REFUND_LEDGER_MEMORY_MB", "4096")
    assert settings.warehouse_memory_mb() == 4096


@pytest.mark.parametrize("text", ["512", "-1", "2 GB", "１０２４", "1e4"])
def test_a_limit_that_is_no_number_or_too_small_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("REFUND_LEDGER_MEMORY_MB", text)
    with pytest.raises(OperatorError, match=f"环境变量 REFUND_LEDGER_MEMORY_MB：「{text}」；应为：不小于 1024 的整数。"):
        settings.warehouse_memory_mb()
