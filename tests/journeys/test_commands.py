"""The command line as an operator meets it: every command on small files whose figures can be done in the head."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.exports import BUYER, case, flow, order, write_cases, write_flows, write_orders

LOSS_FIELDS = [
    *("paid_fen", "orders", "refunded_orders", "refunds"),
    *("sales_fen", "acquisition_fen", "logistics_fen", "handling_fen", "damage_fen", "hidden_fen", "total_fen"),
    *("actual_fen", "set_fen", "assumed_fen", "unknown_refunds", "receivable_fen"),
]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    orders = write_orders(tmp_path / "订单.csv", order("1001"), order("1002", 实付款="¥50.00", 商品ID="P2"), encoding="gb18030")
    cases = write_cases(tmp_path / "售后.csv", case("C1", "1001"))
    return {"orders": orders, "cases": cases}


def test_an_import_prints_a_receipt_that_adds_up(ledger, files):
    said = ledger("import", files["orders"], files["cases"])
    assert said.status == 0
    orders, cases = said.rows
    assert orders["kind"] == "orders"
    assert orders["platform"] == "kuaishou"
    assert orders["shop"] == "店铺1"
    assert (orders["rows"], orders["new"], orders["updated"], orders["unchanged"], orders["rejected"]) == (2, 2, 0, 0, 0)
    assert orders["money_in_fen"] == orders["money_stored_fen"] == 15_000
    assert orders["first_at"] == "2026-10-01T10:00:00+08:00"
    assert cases["kind"] == "cases"
    assert cases["money_in_fen"] == 10_000


def test_one_returned_order_costs_what_a_pencil_says(ledger, files):
    """100 yuan: 10 % acquisition, 3.00 + 0.50 out, 8.00 back, 8 minutes at 30 an hour + 5.00 inspection, 20 % of 40 goods."""
    ledger("import", *files.values())
    answer = ledger("losses").answer
    total = answer["total"]
    assert list(total) == LOSS_FIELDS
    assert (total["orders"], total["refunded_orders"], total["refunds"]) == (2, 1, 1)
    assert (total["paid_fen"], total["receivable_fen"]) == (15_000, 15_000)
    assert total["sales_fen"] == 10_000
    assert total["acquisition_fen"] == 1_000
    assert total["logistics_fen"] == 350 + 800
    assert total["handling_fen"] == 400 + 500
    assert total["damage_fen"] == 800
    assert total["hidden_fen"] == 3_850
    assert total["total_fen"] == 13_850
    assert (total["actual_fen"], total["set_fen"], total["assumed_fen"]) == (10_000, 0, 3_850)
    assert answer["clock"] == "paid"
    assert answer["from"] is None
    assert answer["rows"] == [total]


def test_a_shop_of_two_orders_is_told_its_raw_rates_and_that_they_are_not_mature(ledger, files):
    ledger("import", *files.values())
    answer = ledger("maturity", "--by", "product").answer
    assert (answer["why_not"], answer["horizon_days"]) == ("short", None)
    assert answer["rows"][0] == {
        **{"product": "P1", "paid_orders": 1, "refunded_so_far": 0, "rate_so_far": 0},
        **{"rate_final": None, "rate_low": None, "rate_high": None, "age_days": 0, "horizon_days": None, "mature": False},
    }
    assert ledger("losses").answer["maturity"]["total"]["refund_order_rate"] == {
        **{"so_far": 0.5, "final": None, "low": None, "high": None}
    }
    assert ledger("maturity", "--as-of", "2026-09-30").status == 2


def test_losses_by_a_dimension_name_it_first(ledger, files):
    ledger("import", *files.values())
    rows = ledger("losses", "--by", "product", "--by", "month").rows
    assert [list(row) for row in rows] == [["product", "month", *LOSS_FIELDS]] * 2
    assert {(row["product"], row["month"], row["total_fen"]) for row in rows} == {("P1", "2026-10", 13_850), ("P2", "2026-10", 0)}
    (only,) = ledger("losses", "--by", "product", "--where", "product=P2").rows
    assert only["orders"] == 1
    by_reason = {row["reason"]: row["paid_fen"] for row in ledger("losses", "--by", "reason").rows}
    assert by_reason == {"尺码不合适": 10_000, "none": 5_000}


def test_a_refund_is_followed_to_the_line_of_its_file(ledger, files):
    ledger("import", *files.values())
    (row,) = ledger("refunds").rows
    wanted = ["shop", "order_id", "case_id", "kind", "stage", "share", "paid_at", "finished_at", "refund_fen"]
    assert list(row)[: len(wanted)] == wanted
    assert (row["order_id"], row["case_id"], row["kind"], row["stage"], row["share"]) == (
        "1001",
        "C1",
        "return_refund",
        "returned",
        1,
    )
    assert row["finished_at"] == "2026-10-08T09:00:00+08:00"
    assert (row["source_file"], row["source_row"], row["inferred"]) == ("售后.csv", 2, False)


def test_the_same_file_again_changes_nothing_and_says_so(ledger, files):
    ledger("import", *files.values())
    before = ledger("losses").answer
    (again,) = ledger("import", files["orders"]).rows
    assert (again["new"], again["updated"], again["unchanged"]) == (0, 0, 2)
    assert again["already_loaded_at"] is not None
    assert ledger("losses").answer == before
    assert len(ledger("imports").rows) == 2


def test_undo_gives_the_ledger_without_the_file_and_the_file_comes_back(ledger, files):
    ledger("import", files["orders"])
    without = ledger("losses").answer
    (receipt,) = ledger("import", files["cases"]).rows
    with_cases = ledger("losses").answer
    undone = ledger("imports", "undo", receipt["load_id"])
    assert undone.status == 0
    assert undone.rows[0]["undone_at"] is not None
    assert ledger("losses").answer == without
    assert ledger("imports", "undo", receipt["load_id"]).status == 2
    ledger("import", files["cases"])
    assert ledger("losses").answer == with_cases


def test_an_older_export_cannot_overwrite_a_newer_state(ledger, tmp_path):
    newer = write_orders(tmp_path / "新.csv", order("1001"))
    older = write_orders(tmp_path / "旧.csv", order("1001", 订单状态="待发货", 发货时间="", 物流信息=""))
    ledger("import", newer)
    before = ledger("losses").answer
    (receipt,) = ledger("import", older).rows
    assert (receipt["updated"], receipt["unchanged"], receipt["older"]) == (0, 1, 1)
    assert ledger("losses").answer == before


def test_bad_rows_are_set_aside_and_the_good_ones_go_in_unless_strict(ledger, tmp_path):
    path = write_orders(tmp_path / "订单.csv", order("1001"), order("1002", 实付款="12圆"))
    strict = ledger("import", path, "--strict")
    assert strict.status == 1
    assert strict.rows[0]["load_id"] is None
    assert ledger("imports").rows == []
    said = ledger("import", path)
    assert said.status == 1
    (receipt,) = said.rows
    assert (receipt["rows"], receipt["new"], receipt["rejected"]) == (2, 1, 1)
    (problem,) = receipt["problems"]
    assert (problem["row"], problem["column"], problem["found"]) == (3, "实付款", "「12圆」不是金额")


def test_a_dry_run_says_everything_and_keeps_nothing(ledger, files):
    said = ledger("import", files["orders"], "--dry-run")
    assert said.rows[0]["new"] == 2
    assert said.rows[0]["load_id"] is None
    assert ledger("imports").rows == []


def test_a_file_that_cannot_be_read_is_one_sentence_and_status_2(ledger, tmp_path, files):
    broken = tmp_path / "图片.csv"
    broken.write_bytes(bytes(range(256)) * 20)
    said = ledger("import", broken, files["orders"])
    assert said.status == 2
    assert "图片.csv" in said.err
    assert "Traceback" not in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert len(said.rows) == 1


def test_a_filtered_export_tags_its_orders(ledger, tmp_path):
    path = write_orders(tmp_path / "催发货_20261002120000.csv", order("1001", 发货时间="", 订单状态="待发货"))
    ledger("import", path)
    assert [row["tool"] for row in ledger("losses", "--by", "tool").rows] == ["urge_ship"]


def test_fund_flow_beats_the_assumption(ledger, tmp_path, files):
    flows = write_flows(
        tmp_path / "动账.csv", flow("F1", "1001", "商责退运费垫资追回", "6.60"), flow("F2", "C1", "晚发立赔售后商责", "5.00")
    )
    ledger("import", *files.values(), flows)
    total = ledger("losses").answer["total"]
    assert total["logistics_fen"] == 350 + 660
    assert total["handling_fen"] == 400 + 500 + 500
    assert total["actual_fen"] == 10_000 + 660 + 500


def test_a_cost_is_previewed_in_money_then_set_from_its_day(ledger, files):
    ledger("import", *files.values())
    preview = ledger("costs", "preview", "return_freight", "6.00", "--from", "2026-10-01")
    assert preview.status == 0
    (month,) = preview.rows
    assert (month["month"], month["refunds"], month["change_fen"]) == ("2026-10", 1, -200)
    assert ledger("losses").answer["total"]["logistics_fen"] == 1_150
    ledger("costs", "set", "return_freight", "6.00", "--from", "2026-10-01")
    total = ledger("losses").answer["total"]
    assert (total["logistics_fen"], total["set_fen"]) == (950, 600)
    listed = [row for row in ledger("costs").rows if row["name"] == "return_freight"]
    assert [(row["source"], row["value"]) for row in listed] == [("assumed", "8.00"), ("set", "6.00")]


def test_switching_an_assumption_off_makes_it_unknown_never_zero(ledger, files):
    ledger("import", *files.values())
    ledger("costs", "set", "goods_cost_rate", "off")
    total = ledger("losses").answer["total"]
    assert (total["damage_fen"], total["unknown_refunds"]) == (None, 1)
    assert ledger("refunds").rows[0]["damage_fen"] is None


@pytest.mark.parametrize(
    "words",
    [
        ("costs", "set", "no_such_cost", "3"),
        ("costs", "set", "return_freight", "三块"),
        ("costs", "set", "return_freight", "3", "--scope", "planet:mars"),
        ("losses", "--by", "colour"),
        ("losses", "--where", "colour=red"),
        ("losses", "--where", "stage"),
        ("losses", "--where", "stage=foo"),
        ("refunds", "--where", "kind=foo"),
        ("import", "没有这个文件.csv"),
        ("imports", "undo", "99"),
        ("losses", "--from", "yesterday"),
        ("losses", "--from", "2026-02-01", "--to", "2026-01-01"),
        ("losses", "--shop", "没有这家"),
        ("costs", "set", "packing", "1e999999999"),
        ("sample", "示例", "--until", "9999-12-31"),
        ("sample", "示例", "--seed", "-5"),
        ("imports", "--nonsense"),
        ("import", "x" * 5000),
    ],
)
def test_what_cannot_be_done_is_one_line_and_status_2(ledger, words):
    said = ledger(*words)
    assert said.status == 2
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1


def test_two_shops_must_be_named_and_stay_apart(ledger, tmp_path):
    one = write_orders(tmp_path / "甲.csv", order("1001"))
    two = write_orders(tmp_path / "乙.csv", order("2001"))
    ledger("import", one, "--shop", "甲店")
    ledger("import", two, "--shop", "乙店")
    assert ledger("import", write_orders(tmp_path / "丙.csv", order("3001"))).status == 2
    assert {row["shop"]: row["orders"] for row in ledger("losses", "--by", "shop").rows} == {"甲店": 1, "乙店": 1}
    assert ledger("losses", "--shop", "甲店").answer["total"]["orders"] == 1


def test_a_file_of_another_shop_is_asked_about(ledger, tmp_path):
    ledger("import", write_orders(tmp_path / "甲.csv", order("1001"), order("1002")), "--shop", "甲店")
    again = write_orders(tmp_path / "又.csv", order("1001", 实付款="¥90.00"))
    said = ledger("import", again, "--shop", "打错了")
    assert said.status == 2
    assert "甲店" in said.err
    ledger("import", write_orders(tmp_path / "乙.csv", order("2001")), "--shop", "乙店")
    (receipt,) = ledger("import", again, "--shop", "乙店").rows
    assert any("甲店" in surprise for surprise in receipt["surprises"])


def test_a_mistyped_shop_is_gone_once_its_file_is_taken_back(ledger, tmp_path):
    path = write_orders(tmp_path / "甲.csv", order("1001"))
    ledger("import", path, "--shop", "笔误")
    ledger("imports", "undo", "1")
    (receipt,) = ledger("import", path, "--shop", "对的").rows
    assert receipt["shop"] == "对的"
    assert ledger("import", write_orders(tmp_path / "乙.csv", order("1002"))).rows[0]["shop"] == "对的"


def test_another_export_time_for_a_loaded_file_is_not_silently_dropped(ledger, tmp_path):
    path = write_orders(tmp_path / "甲.csv", order("1001"))
    ledger("import", path, "--exported-at", "2026-11-01 10:00")
    assert ledger("import", path, "--exported-at", "2026-11-01 10:00").status == 0
    assert ledger("import", path).status == 0
    assert ledger("import", path, "--exported-at", "2026-11-09 10:00").status == 2


def test_a_cost_for_a_shop_that_is_not_there_is_refused(ledger, files):
    ledger("import", files["orders"])
    assert ledger("costs", "set", "packing", "1.00", "--shop", "打错了").status == 2
    assert ledger("costs", "preview", "packing", "1.00", "--shop", "打错了").status == 2
    assert len(ledger("imports").rows) == 1


def test_a_cost_is_set_for_the_shop_that_is_named_wherever_the_name_stands(ledger, tmp_path):
    for shop in ("甲店", "乙店"):
        ledger("import", write_orders(tmp_path / f"{shop}.csv", order(f"{shop == '甲店':d}001")), "--shop", shop)
    ledger("costs", "--shop", "乙店", "set", "packing", "1.00")
    ledger("costs", "set", "packing", "2.00", "--shop", "甲店")
    held = {row["shop"]: row["value"] for row in ledger("costs").rows if row["name"] == "packing" and row["source"] == "set"}
    assert held == {"乙店": "1.00", "甲店": "2.00"}


def test_a_backup_restores_the_same_account_and_a_damaged_one_is_refused(ledger, tmp_path, files):
    ledger("import", *files.values())
    before = ledger("losses").answer
    copy = tmp_path / "备份 一.zip"
    assert ledger("backup", copy).status == 0
    ledger("costs", "set", "return_freight", "1.00")
    damaged = tmp_path / "坏.zip"
    damaged.write_bytes(copy.read_bytes()[:-200])
    assert ledger("restore", damaged).status == 2
    assert ledger("restore", copy).status == 0
    assert ledger("losses").answer == before
    assert ledger("check").status == 0


def test_nothing_of_a_buyer_stays_anywhere_in_the_home_folder(ledger, home, files):
    ledger("import", *files.values())
    ledger("losses"), ledger("refunds"), ledger("check")
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    for value in (*BUYER.values(), "试样昵称", "13900000009", "B-77"):
        assert value.encode() not in kept, value


def test_templates_and_formats_of_output(ledger, tmp_path, files):
    assert len(ledger("templates", tmp_path / "模板").rows) == 4
    ledger("import", *files.values())
    assert ledger("--format", "csv", "losses").out.splitlines()[0] == ",".join(LOSS_FIELDS)
    assert "total_fen" in ledger("losses", "--format", "table").out
    assert "example" in ledger("losses", "--help").out
