"""The command `tools` on small files whose figures can be done in the head."""

from __future__ import annotations

import pytest

from analytics.__main__ import main
from analytics.actions.tool_groups import FIELDS as GROUP_FIELDS
from analytics.actions.tools import FIELDS
from analytics.domain.vocabulary import TOOLS
from tests.journeys.exports import case, order, write_cases, write_orders

COUNTS = ("touched", "kept", "lost_later", "open")


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Three orders with a small payment, one of them returned later; one paid 50 days on, so that they are old enough."""
    folder = tmp_path_factory.mktemp("挽单 工具")
    note = "2026-10-05 10:00:00 小额打款金额¥ 3/瑕疵补偿3元已打款"
    paid = [order(str(number), 订单备注=note) for number in (1001, 1002, 1003)]
    young = order("1004", 订单创建时间="2026-11-20 09:00:00", 订单支付时间="2026-11-20 10:00:00")
    orders = write_orders(folder / "订单.csv", *paid, young)
    cases = write_cases(folder / "售后.csv", case("C1", "1001"))
    assert main(["--home", str(folder / "home"), "import", str(orders), str(cases)]) == 0
    return folder / "home"


@pytest.fixture
def home(filled):
    """The same home for every command here: none of them changes it."""
    return filled


def test_a_row_of_tools_has_the_promised_fields_for_every_tool(ledger):
    answer = ledger("tools").answer
    assert [row["tool"] for row in answer["rows"]] == list(TOOLS)
    assert all(tuple(row) == FIELDS for row in (*answer["rows"], answer["any"]))
    assert answer["overlaps"] == [{"tools": "small_payment", "orders": 3}]


def test_small_payments_are_counted_and_nothing_is_claimed_of_three_orders(ledger):
    (row,) = ledger("tools", "--tool", "small_payment").rows
    assert tuple(row[name] for name in COUNTS) == (3, 2, 1, 0)
    assert row["kept_rate"] == pytest.approx(2 / 3)
    assert (row["cost_fen"], row["grade"]) == (900, "D")
    assert row["effect"] is None
    assert row["net_fen"] is None
    assert row["reason"]


def test_by_group_counts_stand_beside_what_cannot_be_told(ledger):
    answer = ledger("tools", "--by", "week").answer
    assert (answer["by"], answer["alike"]) == ("week", [])
    (row,) = answer["rows"]
    assert tuple(row) == GROUP_FIELDS
    assert (row["tool"], row["group"], row["touched"], row["cost_fen"]) == ("small_payment", "2026-09-28", 3, 900)
    assert (row["effect"], row["net_fen"], row["grade"], row["reason"]) == (None, None, "D", ["tool_cannot_tell"])
    assert ledger("tools", "--by", "product", "--tool", "coupon").rows == []
    table = ledger("--format", "table", "tools", "--by", "streamer").out
    assert table.splitlines()[0].split()[:3] == ["tool", "group", "touched"]
    assert ledger("tools", "--by", "province").status == 2


def test_as_of_an_earlier_moment_less_is_known(ledger):
    (row,) = ledger("tools", "--tool", "small_payment", "--as-of", "2026-10-06").rows
    assert tuple(row[name] for name in COUNTS) == (3, 0, 0, 3)
    (row,) = ledger("tools", "--tool", "small_payment", "--as-of", "2026-10-05 09:00").rows
    assert row["touched"] == 0


def test_the_period_is_that_of_the_payment(ledger):
    assert {row["touched"] for row in ledger("tools", "--from", "2026-11-01").rows} == {0}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--tool", "magic"), "magic"),
        (("--from", "2026-12-01", "--to", "2026-11-01"), "2026-12-01"),
        (("--shop", "没有的店"), "没有的店"),
        (("reach", "--shop", "没有的店"), "没有的店"),
    ],
)
def test_what_cannot_be_asked_is_one_line(ledger, words, said):
    answer = ledger("tools", *words)
    assert answer.status == 2
    assert said in answer.err
    assert len(answer.err.strip().splitlines()) == 1


def test_the_limits_of_small_payments_are_told_with_what_is_left(ledger):
    answer = ledger("tools", "rules").answer
    found = {row["rule"]: (row["most"], row["highest"], row["broken_count"]) for row in answer["rows"]}
    assert found == {
        "days": (365, 4, 0),
        "times": (3, 1, 0),
        "order_amount": (1_000_000, 300, 0),
        "day_amount": (1_000_000, 900, 0),
    }
    assert (answer["broken"], answer["last_day_fen"]) == ([], 900)


def test_a_reason_is_given_to_a_tool_and_taken_back(ledger):
    set_to = ledger("tools", "reasons", "set", "尺码不合适", "small_payment", "--by", "阿敏").rows
    assert [(row["tool"], row["own_tool"]) for row in set_to] == [("small_payment", "small_payment")]
    reach = ledger("tools", "reach").answer
    (whole,), (part,) = reach["rows"], reach["by_reason"]
    assert (whole["tool"], whole["orders"], whole["top_product"]) == ("small_payment", 1, "P1")
    assert (part["stage"], part["reason"]) == ("returned", "尺码不合适")
    assert {name: part[name] for name in whole} == whole
    # The only such refund is of one day's sales, so that a month of such days has thirty.
    assert (reach["days"], round(whole["orders_a_month"], 1)) == (1, 30.4)
    assert whole["loss_a_month_fen"] == round(whole["loss_fen"] * 365.25 / 12)
    assert ledger("tools", "reasons", "set", "尺码不合适", "forget").rows[0]["own_tool"] is None
    assert ledger("tools", "reach").rows == []
    for words in (("没有人写过", "none"), ("尺码不合适", "magic")):
        assert ledger("tools", "reasons", "set", *words).status == 2


def test_a_hold_out_is_planned_begun_listed_reported_and_ended(ledger):
    (plan,) = ledger("tools", "holdouts", "plan", "small_payment", "--share", "20%").rows
    assert plan["orders"] > plan["held_out"] > 0
    (begun,) = ledger("tools", "holdouts", "begin", "small_payment", "--share", "20%", "--from", "2026-10-01").rows
    assert (begun["tool"], begun["share"], begun["order_count"]) == ("small_payment", 0.2, 0)
    assert [row["holdout_id"] for row in ledger("tools", "holdouts").rows] == [begun["holdout_id"]]
    number = str(begun["holdout_id"])
    assert ledger("tools", "holdouts", "orders", number).rows == []
    report = ledger("tools", "holdouts", "report", number).answer
    assert (report["rows"][0]["grade"], report["rows"][0]["method"]) == ("D", "hold_out")
    assert ledger("tools", "holdouts", "end", number, "--by", "阿敏").rows[0]["ended_by"] == "阿敏"
    assert ledger("tools", "holdouts", "end", number).status == 2
    assert ledger("tools", "holdouts", "begin", "small_payment", "--share", "much").status == 2
