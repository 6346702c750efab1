"""What holds for the repository as a whole: no machine's paths, docstrings, short functions, pinned requirements."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FUNCTION = 50
TEXT = {".py", ".md", ".toml", ".sql", ".txt", ".yml", ".json", ""}
# Written in two halves, so that this file does not find itself.
MACHINE_PATHS = ["/wo" + "rk/", "/tm" + "p/", "/ho" + "me/", "/Us" + "ers/", "C:" + "\\\\Users"]
TOOLS = ["cla" + "ude", "anth" + "ropic", "open" + "ai", "chat" + "gpt", "co" + "pilot", "sub" + "agent", r"AI[ -]gene" + "rated"]
UNFINISHED = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]
# A test may stand aside for data that lies outside the repository, never for anything else.
SKIPPED = [r"mark\.sk" + r"ip\b", r"mark\.xf" + r"ail", r"pytest\.(?:sk" + r"ip|xf" + r"ail)\(", r"importor" + "skip"]


def tracked() -> list[Path]:
    """Every file of the repository: what git knows or would add; without git, everything outside the usual caches."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=False
    )
    if listed.returncode == 0:
        names = listed.stdout.decode("utf-8").split("\0")
        return [ROOT / name for name in names if name and (ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not {".venv", "__pycache__"} & set(path.parts)]


FILES = [path for path in tracked() if path.suffix in TEXT]  # data of other kinds has its own tests
PYTHON = [path for path in FILES if path.suffix == ".py"]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def findings(words: list[str], files: list[Path]) -> dict[str, list[str]]:
    found = {name_of(path): re.findall("|".join(words), path.read_text(encoding="utf-8")) for path in files}
    return {name: hits for name, hits in found.items() if hits}


def test_no_file_names_a_path_of_somebodys_machine():
    assert not findings(MACHINE_PATHS, FILES)


def test_no_file_names_the_tools_it_was_written_with():
    assert not findings([f"(?i:{word})" for word in TOOLS], FILES)


def test_nothing_is_left_unfinished():
    assert not findings([rf"\b{word}\b" for word in UNFINISHED], FILES)


def test_no_test_is_left_out():
    assert not findings(SKIPPED, PYTHON)


@pytest.mark.parametrize("path", [path for path in PYTHON if path.stat().st_size > 0], ids=name_of)
def test_every_module_opens_with_one_line_saying_what_lives_there(path):
    opening = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert opening
    assert len(opening.splitlines()[0]) > 15


def test_functions_are_short():
    long = [
        f"{name_of(path)}:{node.name} has {node.end_lineno - node.lineno + 1} lines"
        for path in PYTHON
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]
    assert not long


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_and_says_why(name):
    lines = [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert lines
    assert not [line for line in lines if not re.fullmatch(r"[\w.-]+==[\d.]+ +# \S.*", line)]


def test_the_configuration_files_can_be_read():
    for name in ("pyproject.toml", ".streamlit/config.toml"):
        assert tomllib.loads((ROOT / name).read_text(encoding="utf-8"))


def test_the_app_listens_on_this_machine_only_and_tells_nobody():
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert config["server"]["address"] == "127.0.0.1"
    assert config["server"]["allowedHosts"] == ["127.0.0.1", "localhost"]
    assert config["browser"]["gatherUsageStats"] is False
    assert config["client"]["showErrorDetails"] == "none"
    assert config["client"]["disableDataExport"] is True
    assert config["runner"]["enforceSerializableSessionState"] is True
