"""The command what-if as an operator meets it: on small files whose figures can be done in the head."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analytics.__main__ import main
from tests.journeys.exports import case, order, write_cases, write_orders

FIGURES = [
    *("sales_fen", "acquisition_fen", "logistics_fen", "handling_fen", "damage_fen"),
    *("hidden_fen", "total_fen", "net_sales_fen", "profit_fen"),
]
SCENARIO = """
name = "便宜快递"
from = 2026-10-01
to = 2026-10-31

[levers]
return_freight = "6.00"
"refund_rate[stage=returned]" = { low = "x0.4", likely = "x0.5", high = "x0.6" }
"""


@pytest.fixture(scope="module")
def imported(tmp_path_factory) -> Path:
    """A home folder with ten orders of ¥100, four of them returned."""
    folder = tmp_path_factory.mktemp("what_if")
    orders = write_orders(folder / "订单.csv", *(order(f"{1000 + number}", 快递单号=f"YT{number}") for number in range(10)))
    cases = write_cases(folder / "售后.csv", *(case(f"C{n}", f"{1000 + n}", 退货物流单号=f"R{n}") for n in range(4)))
    assert main(["--home", str(folder / "账本"), "import", str(orders), str(cases)]) == 0
    return folder / "账本"


@pytest.fixture
def filled(ledger, home: Path, imported: Path):
    """The command line over a copy of that folder."""
    shutil.copytree(imported, home)
    return ledger


def test_without_levers_the_scenario_is_the_account(filled):
    answer = filled("what-if").answer
    total = filled("losses").answer["total"]
    assert list(answer)[:6] == ["baseline", "scenario", "steps", "ranges", "tornado", "break_evens"]
    assert list(answer["baseline"]) == FIGURES
    assert answer["baseline"] == answer["scenario"]
    assert {name: total[name] for name in FIGURES[:7]} == {name: answer["baseline"][name] for name in FIGURES[:7]}
    assert answer["baseline"]["net_sales_fen"] == 10 * 10_000 - 4 * 10_000
    assert (answer["steps"], answer["chance_pays"]) == ([], None)


def test_a_cost_that_is_turned_is_what_costs_set_would_make_of_the_account(filled):
    turned = filled("what-if", "--set", "return_freight=6.00", "--set", "damage_rate_returned=x0.5").answer
    assert [step["total_fen"] for step in turned["steps"]] == [-4 * 200, -4 * 400]
    assert [(step["lever"], step["from"], step["to"]) for step in turned["steps"]] == [
        ("return_freight", "8.00", "6.00"),
        ("damage_rate_returned", "20%", "x0.5"),
    ]
    for name, value in (("return_freight", "6.00"), ("damage_rate_returned", "10%")):
        assert filled("costs", "set", name, value).status == 0
    assert filled("what-if").answer["baseline"] == turned["scenario"]


def test_a_scenario_file_gives_steps_ranges_and_break_evens(filled, tmp_path):
    file = tmp_path / "方案.toml"
    file.write_text(SCENARIO, encoding="utf-8")
    answer = filled("what-if", file).answer
    change = answer["scenario"]["total_fen"] - answer["baseline"]["total_fen"]
    assert sum(step["total_fen"] for step in answer["steps"]) == change
    found = answer["ranges"]["total_fen"]
    assert found["low"] < found["assumption_low"] < found["mid"] < found["assumption_high"] < found["high"]
    assert {bar["kind"] for bar in answer["tornado"]} == {"data", "assumption"}
    assert {each["subject"] for each in answer["break_evens"]} >= {"return_freight", "refund_rate[stage=returned]"}
    assert filled("what-if", file).out == filled("what-if", file).out


def test_what_is_typed_beside_a_file_goes_before_it(filled, tmp_path):
    file = tmp_path / "方案.toml"
    file.write_text(SCENARIO, encoding="utf-8")
    answer = filled("what-if", file, "--set", "return_freight=7", "--set", "refund_rate[stage=returned]=x1").answer
    assert [step["to"] for step in answer["steps"]] == ["7.00", "x1"]
    assert answer["scenario"]["total_fen"] - answer["baseline"]["total_fen"] == -4 * 100


def test_all_problems_of_a_file_are_said_in_one_line_and_nothing_is_printed(filled, tmp_path):
    file = tmp_path / "方案.toml"
    file.write_text('from = "soon"\n[levers]\nreturns = 6\nrefund_rate = "108%"\n', encoding="utf-8")
    said = filled("what-if", file)
    assert (said.status, said.out) == (2, "")
    assert "3 处有误" in said.err
    assert all(word in said.err for word in ("soon", "returns", "108%"))
    assert len(said.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "words", [("--set", "return_freight"), ("--set", "drop_streamer=nobody"), ("--load", "nothing"), ("none.toml",)]
)
def test_what_there_is_not_ends_with_status_2_and_one_line(filled, words):
    said = filled("what-if", *words)
    assert (said.status, said.out) == (2, "")
    assert len(said.err.strip().splitlines()) == 1


def test_a_goal_is_found_and_holds_when_it_is_run(filled):
    profit = filled("what-if").answer["baseline"]["profit_fen"]
    found = filled("what-if", "--seek", "return_freight", "--goal", (profit + 4 * 300) / 100).rows[0]
    assert (found["value"], found["profit_fen"]) == ("5.00", profit + 4 * 300)
    assert filled("what-if", "--set", "return_freight=5.00").answer["scenario"]["profit_fen"] == profit + 4 * 300


def test_a_saved_scenario_says_what_it_promised_and_what_it_comes_to_now(filled, tmp_path):
    assert filled("what-if", "--set", "return_freight=6.00", "--save", "便宜快递").status == 0
    more = write_cases(tmp_path / "售后2.csv", *(case(f"D{n}", f"{1004 + n}", 退货物流单号=f"S{n}") for n in range(2)))
    filled("import", more)
    row = filled("what-if", "--saved").rows[0]
    assert row["name"] == "便宜快递"
    changes = [row[when]["scenario"]["total_fen"] - row[when]["baseline"]["total_fen"] for when in ("promised", "now")]
    assert changes == [-4 * 200, -6 * 200]
    assert filled("what-if", "--load", "便宜快递").answer["scenario"] != row["promised"]["scenario"]
    assert filled("what-if", "--forget", "便宜快递").rows == []


def test_one_order_is_still_a_command_of_its_own(ledger):
    said = ledger("what-if", "one-order", "--price", "129", "--stage", "returned")
    assert (said.status, len(said.answer["outcomes"])) == (0, 1)
    assert "--set" in ledger("what-if", "--help").out
    assert "--price" in ledger("what-if", "one-order", "--help").out


def test_a_table_shows_the_steps(filled):
    said = filled("--format", "csv", "what-if", "--set", "return_freight=6.00")
    assert said.out.splitlines()[0].lstrip("\ufeff").startswith("lever,from,to,total_fen,profit_fen")
