"""Who may know whom: the table of rooms as a test, for Python imports and for SQL."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SQL = ROOT / "analytics" / "sql"
PAGE_LINES = 60
BOOKKEEPING = "ledger_version"  # no fact: marts read it to know whether what they keep is still true

# Each room: what it may import beside the standard library and itself. A name allows everything below it; ours are short.
MAY_IMPORT = {
    "analytics/domain": ".errors numpy scipy sklearn statsmodels threadpoolctl",
    "analytics/intake": ".domain .errors .settings duckdb msoffcrypto psutil pyarrow python_calamine",
    "analytics/store": ".domain .errors duckdb pandas pyarrow",
    "analytics/engines": ".domain .errors duckdb pandas pyarrow pyspark sqlglot",
    "analytics/present": ".domain pandas plotly xlsxwriter",
    "analytics/actions": ".intake .store .domain .present .errors .settings numpy pandas",
    "analytics/ui": ".actions .store.questions .store.maturity_questions .store.urge_questions .domain .present .errors "
    ".settings google.protobuf pandas starlette streamlit",
    "pages": ".ui .present .domain .store.questions streamlit",
    "analytics/__main__.py": ".actions .errors .settings",
    "analytics/errors.py": "",
    "analytics/settings.py": ".errors",
    "app.py": ".ui streamlit",
    "start.py": "",
}
# What no room may import although its list seems to allow it: the reason stands in the house rules.
NEVER = {"analytics/domain": "pandas", "pages": "analytics.ui.frame"}


def modules_of(room: str) -> list[Path]:
    place = ROOT / room
    return sorted(place.rglob("*.py")) if place.is_dir() else [place] * place.is_file()


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_below(name: str, roots: list[str]) -> bool:
    return any(name == root or name.startswith(f"{root}.") for root in roots)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_the_rooms_it_may_know(room):
    ours = [f"analytics{name}" if name.startswith(".") else name for name in MAY_IMPORT[room].split()]
    allowed = [*ours, room.removesuffix(".py").replace("/", "."), *sys.stdlib_module_names]
    strangers = {
        f"{path.relative_to(ROOT).as_posix()} imports {name}"
        for path in modules_of(room)
        for name in imports_of(path)
        if not is_below(name, allowed) or is_below(name, NEVER.get(room, "").split())
    }
    assert not strangers


def test_every_python_file_of_the_program_stands_in_a_room():
    guarded = {path for room in MAY_IMPORT for path in modules_of(room)}
    program = {*ROOT.glob("*.py"), *(ROOT / "analytics").rglob("*.py"), *(ROOT / "pages").rglob("*.py")}
    assert program - guarded == {ROOT / "analytics" / "__init__.py"}


def test_a_page_fits_on_a_screen():
    long = {path.name for path in modules_of("pages") if len(path.read_text(encoding="utf-8").splitlines()) > PAGE_LINES}
    assert not long


def raw_tables() -> set[str]:
    schema = "".join(path.read_text(encoding="utf-8") for path in (SQL / "schema").glob("*.sql"))
    return set(re.findall(r"^create table (\w+)", schema, re.MULTILINE))


def raw_tables_read_by(path: Path) -> set[str]:
    """What a query reads of the schema's own tables, written `main.cases` or, where no step of its own has the name, `cases`."""
    code = re.sub(r"--.*|'[^']*'", "", path.read_text(encoding="utf-8"))
    steps = set(re.findall(r"^(\w+) as (?:materialized )?\(", code, re.MULTILINE))
    bare = set(re.findall(r"\b(?:from|join)\s+(\w+)\b(?!\.)", code)) - steps
    named = set(re.findall(r"\bmain\.(\w+)", code))
    return ((bare & raw_tables()) | named) - {BOOKKEEPING}


def test_the_schema_names_the_raw_tables():
    assert {"order_lines", "cases_superseded", "ad_spend_repeats"} <= raw_tables()


@pytest.mark.parametrize("layer", ["marts", "questions"])
def test_marts_and_questions_never_read_the_raw_tables(layer):
    assert not {path.name: found for path in (SQL / layer).rglob("*.sql") if (found := raw_tables_read_by(path))}


def test_staging_reads_the_raw_tables_and_nothing_above_it():
    staging = "".join(path.read_text(encoding="utf-8") for path in (SQL / "staging").glob("*.sql"))
    assert not re.findall(r"\b(?:marts|live|kept)\.\w+", re.sub(r"--.*", "", staging))
