"""Every view keeps what its header promises, and money never leaves the database as anything but whole fen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analytics.domain import vocabulary
from analytics.store import marts, questions, sql

SQL = sql.FOLDER
VIEWS = [*(("staging", name) for name in marts.STAGING), *(("marts", name) for name in marts.MARTS)]
QUERIES = sorted(path for room in ("staging", "marts", "questions") for path in SQL.glob(f"{room}/*.sql"))
INEXACT = re.compile(r"DECIMAL|HUGEINT|DOUBLE|FLOAT")
COMPONENTS = ["sales_fen", "acquisition_fen", "logistics_fen", "handling_fen", "damage_fen"]
LOSSES = [
    *("paid_fen", "orders", "refunded_orders", "refunds"),
    *COMPONENTS,
    *("hidden_fen", "total_fen", "actual_fen", "set_fen", "assumed_fen", "unknown_refunds", "receivable_fen"),
]


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def header(text: str) -> list[str]:
    return [line.removeprefix("--") for line in text.splitlines() if line.startswith("--")]


def promised_columns(text: str) -> set[str]:
    """The names in a header's list of columns: up to the colon of each line; deeper lines continue an explanation."""
    lines = header(text)
    listed = lines[next(place for place, line in enumerate(lines) if line.strip() == "Columns:") + 1 :]
    names = [line.split(":")[0] for line in listed if re.match(r" {3}\S", line)]
    return {name.strip() for line in names for name in line.split(",")} - {""}


@pytest.mark.parametrize(("schema", "name"), VIEWS)
def test_a_view_has_the_columns_of_its_header(facts, schema, name):
    found = [row[0] for row in facts.cursor.execute(f"describe {schema}.{name}").fetchall()]
    assert promised_columns(sql.read(f"{schema}/{name}")) == set(found)


@pytest.mark.parametrize(("schema", "name"), VIEWS)
def test_a_view_keeps_money_as_whole_numbers(facts, schema, name):
    types = {row[0]: row[1] for row in facts.cursor.execute(f"describe {schema}.{name}").fetchall()}
    assert {column: kind for column, kind in types.items() if INEXACT.search(kind)} == {}
    money = {kind for column, kind in types.items() if column.endswith(("_fen", "_ufen"))}
    assert money <= {"BIGINT", "INTEGER"}


@pytest.mark.parametrize("path", QUERIES, ids=_name)
def test_a_query_says_what_it_is_its_grain_and_its_columns(path):
    lines = header(path.read_text(encoding="utf-8"))
    assert len(lines) >= 1
    if "insert into" not in path.read_text(encoding="utf-8"):
        assert any(line.strip().startswith("Grain:") for line in lines)
        assert any(line.strip().startswith("Columns:") for line in lines)


@pytest.mark.parametrize("path", [path for path in QUERIES if path.parent.name != "staging"], ids=_name)
def test_marts_and_questions_read_staging_and_marts_and_no_fact_itself(path):
    text = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("--"))
    assert set(re.findall(r"\bmain\.\w+", text)) <= {"main.ledger_version"}


@pytest.mark.parametrize("path", [path for path in QUERIES if path.parent.name != "questions"], ids=_name)
def test_every_division_is_guarded_against_nothing(path):
    text = path.read_text(encoding="utf-8")
    divisors = re.findall(r"//?\s*(nullif|\d+|\S+)", re.sub(r"--.*", "", text))
    unguarded = [divisor for divisor in divisors if divisor != "nullif" and not divisor[0].isdigit()]
    assert unguarded == []


def test_a_view_exists_for_every_file_and_a_file_for_every_view():
    helpers = {"remember_state", "is_current", "is_installed"}
    assert {path.stem for path in SQL.glob("staging/*.sql")} == set(marts.STAGING)
    assert {path.stem for path in SQL.glob("marts/*.sql")} - helpers == set(marts.MARTS)


def test_a_row_of_losses_has_the_fields_that_the_command_line_promises(facts):
    facts.order("A")
    facts.case("1", "A")
    for dimensions in ((), ("month",), ("reason", "product"), ("provenance",)):
        frame = questions.losses_by(facts.settled().cursor, dimensions=dimensions)
        assert list(frame.columns) == [*dimensions, *LOSSES]
        assert {str(frame[name].dtype) for name in LOSSES} == {"Int64"}


def test_a_row_of_refunds_has_the_fields_that_the_command_line_promises(facts):
    facts.order("A")
    facts.case("1", "A")
    frame = questions.refunds(facts.settled().cursor)
    about = ["shop", "order_id", "case_id", "kind", "stage", "share", "paid_at", "finished_at", "refund_fen"]
    promised = [*about, *COMPONENTS, "inferred", "source_file", "source_row"]
    assert list(frame.columns)[: len(promised)] == promised
    assert {str(frame[name].dtype) for name in frame.columns if name.endswith("_fen")} == {"Int64"}


def test_every_dimension_can_be_asked_and_filtered_by(facts):
    facts.order("A")
    facts.case("1", "A")
    for name in vocabulary.DIMENSIONS:
        rows = facts.losses(name)
        assert rows, name
        value = rows[0][name]
        assert facts.losses(name, where={name: [value]})[0][name] == value
