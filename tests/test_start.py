"""The parts of start.py that decide something, apart from the programs it runs."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

import start


def test_an_older_python_is_refused_in_one_sentence():
    with pytest.raises(start.SetupError, match=r"需要 Python 3\.11 或更新，现在是 3\.10"):
        start.require_python((3, 10))


@pytest.mark.parametrize("version", [(3, 11), (3, 14)])
def test_a_newer_python_is_fine(version):
    start.require_python(version)


@pytest.mark.parametrize(("system", "place"), [("nt", "Scripts/python.exe"), ("posix", "bin/python")])
def test_each_system_keeps_the_environments_python_in_its_own_place(system, place):
    folder = Path("退款 账本") / ".venv"
    assert start.environment_python(folder, system) == folder / place


def test_the_fingerprint_changes_with_the_file_and_with_the_python_but_not_with_line_endings(tmp_path):
    path = tmp_path / "requirements.txt"
    path.write_bytes(b"duckdb==2.0.0\n")
    first = start.fingerprint([path], python_version="3.11")
    assert start.fingerprint([path], python_version="3.12") != first
    path.write_bytes(b"duckdb==2.0.0\r\n")
    assert start.fingerprint([path], python_version="3.11") == first
    path.write_bytes(b"duckdb==2.0.1\n")
    assert start.fingerprint([path], python_version="3.11") != first


def test_a_taken_port_gives_way_to_a_free_one():
    with socket.socket() as other:
        other.bind((start.ADDRESS, 0))
        other.listen()
        taken = other.getsockname()[1]
        found = start.free_port(taken)
    assert found not in (taken, 0)


def test_a_free_port_is_taken_as_it_is():
    with socket.socket() as other:
        other.bind((start.ADDRESS, 0))
        free = other.getsockname()[1]
    assert start.free_port(free) == free


def test_the_app_is_served_to_this_machine_only():
    command = start.app_command(Path("python"), 8501, is_browser_opened=False)
    assert command[:4] == ["python", "-m", "streamlit", "run"]
    assert "--server.address=127.0.0.1" in command
    assert "--server.headless=true" in command


def test_the_browser_is_opened_unless_told_otherwise():
    assert "--server.headless=true" not in start.app_command(Path("python"), 8501, is_browser_opened=True)
    assert start.is_browser_wanted([])
    assert not start.is_browser_wanted(["--no-browser"])


def test_an_unknown_option_is_named_with_the_usage():
    with pytest.raises(start.SetupError, match=r"--port.*start\.py test"):
        start.is_browser_wanted(["--port"])


def test_children_speak_utf8_and_inherit_the_rest():
    assert start.child_environment({"PATH": "p", "PYTHONUTF8": "0"}) == {"PATH": "p", "PYTHONUTF8": "1"}


def test_no_network_and_other_install_problems_are_told_apart():
    offline = "WARNING: Retrying\nERROR: Could not install: [Errno -3] Temporary failure in name resolution"
    assert "网络不通" in start.install_problem(offline)
    assert start.install_problem("\nERROR: no matching distribution\n").endswith("ERROR: no matching distribution")
    assert "\n" not in start.install_problem("one\ntwo")


def test_requirements_are_installed_once_and_again_when_they_change(tmp_path, monkeypatch):
    installed = []
    monkeypatch.setattr(start, "_answers", lambda python: True)
    monkeypatch.setattr(start, "_install", lambda python, path: installed.append(path.name))
    path = tmp_path / "requirements.txt"
    path.write_text("duckdb==2.0.0\n", encoding="utf-8")
    folder = tmp_path / "环境 1"
    folder.mkdir()
    for _ in range(2):
        start.prepare(folder, [path])
    assert installed == ["requirements.txt"]
    path.write_text("duckdb==2.0.1\n", encoding="utf-8")
    start.prepare(folder, [path])
    assert installed == ["requirements.txt"] * 2


def test_the_first_failing_tool_decides_the_exit_status(monkeypatch):
    statuses = iter([0, 3, 5])
    commands = []
    monkeypatch.setattr(start, "prepare", lambda folder, requirements: Path(sys.executable))
    monkeypatch.setattr(start, "_run", lambda command: commands.append(command[2:]) or next(statuses))
    assert start.run_tests(["-k", "金额"]) == 3
    assert commands == [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["pytest", "-k", "金额"]]


def test_the_browser_that_is_named_goes_before_those_that_are_found(tmp_path):
    for name in ("google-chrome", "own"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    found = {"PATH": str(tmp_path)}
    assert start.find_browser(found, "linux") == tmp_path / "google-chrome"
    assert start.find_browser({**found, "CHROMIUM": str(tmp_path / "own")}, "linux") == tmp_path / "own"
    assert start.find_browser({**found, "CHROMIUM": str(tmp_path / "gone")}, "linux") == tmp_path / "google-chrome"


def test_windows_keeps_its_browsers_in_its_own_place(tmp_path):
    edge = tmp_path / "Program Files (x86)" / "Microsoft" / "Edge" / "Application" / "msedge.exe"
    edge.parent.mkdir(parents=True)
    edge.touch()
    assert start.find_browser({"ProgramFiles(x86)": str(tmp_path / "Program Files (x86)")}, "win32") == edge
    assert start.find_browser({}, "win32") is None


def test_a_browser_comes_from_the_system_where_we_may_install_else_from_playwright():
    python = Path("python")
    assert start.browser_commands(python, is_debian_root=True)[-1][-2:] == ["chromium", "fonts-noto-cjk"]
    assert start.browser_commands(python, is_debian_root=False) == [["python", "-m", "playwright", "install", "chromium"]]
