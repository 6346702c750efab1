"""The account of a real shop, held to figures that were published with its data."""

from __future__ import annotations

from pathlib import Path

import pytest

TMALL = Path(__file__).parents[3] / "shared" / "data" / "tmall" / "tmall_order_report.csv"


@pytest.mark.skipif(not TMALL.exists(), reason="the public Tmall shop lies outside the repository and is not here")
def test_the_tmall_shop_of_february_2020_gives_its_known_figures(ledger):
    (receipt,) = ledger("import", TMALL).rows
    assert receipt["rows"] == 28_010
    assert receipt["rejected"] == 0
    total = ledger("losses").answer["total"]
    assert total["orders"] == 24_087
    assert total["refunded_orders"] == 5_646
    assert total["sales_fen"] == 57_233_592
    assert total["receivable_fen"] == 247_482_307
    by_stage = ledger("losses", "--by", "stage").rows
    assert {row["stage"] for row in by_stage} == {"unknown", "none"}
    refunds = ledger("refunds").rows
    assert all(row["inferred"] for row in refunds)
    assert {row["finished_at"] for row in refunds} == {None}
    assert {row["stage"] for row in refunds} == {"unknown"}
    by_month = ledger("losses", "--by", "month", "--clock", "refunded").rows
    assert sum(row["refunds"] for row in by_month if row["month"] == "未知") == 5_646
    assert ledger("check").status == 0
