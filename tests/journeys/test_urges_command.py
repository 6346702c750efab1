"""The urge-to-ship list on the command line: what it shows, who marked what, and how it refuses."""

from __future__ import annotations

import pytest

from tests.journeys.exports import order, write_orders

ROW = [
    *("rank", "shop", "order_id", "product", "sku", "paid_fen", "urges", "last_urged_at", "ship_by", "hours_left"),
    *("expected_loss_fen", "band", "state", "taken_by", "reason", "flags"),
]
NOW = ("--now", "2026-10-03 12:00")
WAITS = {"订单状态": "待发货", "发货时间": "", "快递单号": "", "物流信息": "", "预售/承诺发货时间": "2026-10-03 10:00:00"}


@pytest.fixture
def shop(ledger, tmp_path):
    """Three urged orders and one that is only late, in a ledger of one shop."""
    urged = [order(f"10{number}", **WAITS, 实付款=f"¥{number}00.00") for number in (1, 2, 3)]
    everything = write_orders(tmp_path / "订单导出_20261003110000.csv", *urged, order("104", **WAITS), order("105"))
    assert ledger("import", everything).status == 0
    assert ledger("import", write_orders(tmp_path / "催发货_20261003110500.csv", *urged)).status == 0
    return ledger


def test_the_list_the_marks_and_what_they_leave(shop):
    said = shop("urges", *NOW)
    assert said.status == 0
    assert [list(row) for row in said.rows] == [ROW] * 3
    assert [(row["rank"], row["order_id"], row["paid_fen"]) for row in said.rows] == [
        (1, "103", 30_000),
        (2, "102", 20_000),
        (3, "101", 10_000),
    ]
    first = said.rows[0]
    assert (first["urges"], first["last_urged_at"], first["hours_left"], first["flags"]) == (None, None, -2, [])
    assert "超" in first["reason"]
    assert first["ship_by"] == "2026-10-03T10:00:00+08:00"
    assert {row["order_id"] for row in shop("urges", *NOW, "--all").rows} == {"101", "102", "103", "104"}

    taken = shop("urges", "mark", "102", "103", "--as", "taken", "--by", "阿敏")
    assert (taken.status, [row["outcome"] for row in taken.rows]) == (0, ["saved", "saved"])
    late = shop("urges", "mark", "103", "101", "--as", "taken", "--by", "阿强")
    assert late.status == 1
    assert {row["order_id"]: row["outcome"] for row in late.rows} == {"101": "saved", "103": "clash"}
    assert "阿敏" in late.err
    by_order = {row["order_id"]: row for row in shop("urges", *NOW).rows}
    assert {name: row["taken_by"] for name, row in by_order.items()} == {"101": "阿强", "102": "阿敏", "103": "阿敏"}

    shop("urges", "mark", "103", "--as", "shipped", "--by", "阿敏")
    assert [(row["rank"], row["order_id"]) for row in shop("urges", *NOW).rows] == [(1, "102"), (2, "101")]
    (gone,) = [row for row in shop("urges", *NOW, "--all").rows if row["order_id"] == "103"]
    assert (gone["rank"], gone["state"]) == (None, "shipped")
    undone = shop("urges", "undo", str(taken.answer["batch_id"]))
    assert (undone.status, {row["order_id"]: row["outcome"] for row in undone.rows}) == (1, {"102": "saved", "103": "clash"})
    assert shop("check").status == 0


REFUSED = [
    (("101", "--as", "snoozed"), "稍后"),
    (("101", "--as", "snoozed", "--until", "2020-01-01"), "已经过去"),
    (("999", "--as", "taken"), "999"),
    (("101", "--as", "eaten"), "eaten"),
    (("101", "--as", "taken", "--shop", "别家"), "别家"),
]


def test_what_cannot_be_marked_changes_nothing_and_says_why_in_one_line(ledger, tmp_path):
    ledger("import", write_orders(tmp_path / "催发货_20261003110500.csv", order("101", **WAITS)))
    for words, said in REFUSED:
        refused = ledger("urges", "mark", *words)
        assert refused.status == 2, words
        assert said in refused.err, words
        assert len(refused.err.splitlines()) == 1, words
    assert ledger("urges", *NOW).rows[0]["state"] == "open"
    # The list of an hour ago is fresh for another three.
    assert ledger("urges", "--now", "2026-10-03 15:05").err == ""
    assert "距今超过 4 小时" in ledger("urges", "--now", "2026-10-03 15:06").err


def test_an_empty_ledger_has_an_empty_list(ledger):
    assert ledger("urges").rows == []
    refused = ledger("urges", "mark", "1", "--as", "taken")
    assert (refused.status, "还没有店铺" in refused.err) == (2, True)
