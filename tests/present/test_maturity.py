"""Maturity in words and figures: what stands below a figure, under a title, in the charts, in the tale of a past day."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from analytics.domain.maturity_record import BackTest
from analytics.present import losses, maturity
from analytics.present.figures import maturity as figures
from analytics.present.labels import Words

ZH, EN = Words("zh"), Words("en")
TOTAL = {"receivable_fen": 100_000, "sales_fen": 20_000, "hidden_fen": 5_000, "total_fen": 25_000, "orders": 100}
TOTAL |= {"refunded_orders": 18, "refunds": 20}


def expected(**more: float) -> dict[str, float]:
    """Twenty of a hundred yuan have come back, 24 to 32 are expected; of a refund of ¥5 of an unloaded order nothing is known."""
    row = {}
    for name, sold, so_far in (
        ("sales", 1e5, 19_500.0),
        ("orders", 100.0, 18.0),
        ("hidden", 1e5, 5_000.0),
        ("total", 1e5, 24_500.0),
    ):
        ends = {"final": so_far * 1.4, "low": so_far * 1.2, "high": so_far * 1.6}
        row |= {f"{name}_sold": sold, f"{name}_so_far": so_far, f"{name}_known": so_far}
        row |= {f"{name}_{end}": value for end, value in ends.items()}
    return {**row, "age_days": 3, **more}


def test_what_is_expected_comes_on_top_of_what_the_account_knows():
    told = maturity.outcome(expected(), "sales", 20_000)
    assert (told.so_far, told.final) == (20_000, pytest.approx(20_000 + 0.4 * 19_500))
    assert maturity.outcome(expected(sales_final=float("nan")), "sales", 20_000) is None


def test_below_each_figure_stands_its_end_and_its_range():
    notes = maturity.tile_notes(expected(), TOTAL, ZH)
    assert notes["refund_rate"] == "预计最终 27.8%（23.9%\u00a0–\u00a031.7%）"
    assert notes["refund_order_rate"] == "预计最终 25.2%（21.6%\u00a0–\u00a028.8%）"
    assert notes["hidden"] == "预计最终 ¥70.00（¥60.00\u00a0–\u00a0¥80.00）"
    assert notes["hidden_per_100"] == "预计最终 ¥7.00（¥6.00\u00a0–\u00a0¥8.00）"
    assert notes["total"] == "预计最终 ¥348.00（¥299.00\u00a0–\u00a0¥397.00）"
    assert notes["loss_per_refund"] == "预计最终 ¥12.43（¥10.68\u00a0–\u00a0¥14.18）"  # 348 over 20 × 1.4 refunds


def test_with_a_named_horizon_only_rates_are_told_and_the_horizon_with_them():
    notes = maturity.tile_notes(expected(), TOTAL, EN, named_days=15)
    assert notes == {
        "refund_rate": "Within 15 days 27.3% expected (23.4%\u00a0–\u00a031.2%)",
        "refund_order_rate": "Within 15 days 25.2% expected (21.6%\u00a0–\u00a028.8%)",
    }


def test_what_has_all_come_says_so_and_has_no_sentence_under_the_title():
    row = expected()
    row |= {
        f"{name}_{end}": row[f"{name}_known"]
        for name in ("sales", "orders", "hidden", "total")
        for end in ("final", "low", "high")
    }
    assert maturity.tile_notes(row, TOTAL, ZH)["refund_rate"] == "已经来齐"
    assert maturity.lead(row, TOTAL, "近30天", ZH) is None


def test_under_the_title_stands_what_is_still_to_come_and_what_will_be_kept():
    said = maturity.lead(expected(), TOTAL, "近30天", ZH)
    assert "近30天预计还会再花 ¥98.00" in said
    assert "¥65.20（¥60.30\u00a0–\u00a0¥70.10）" in said


def test_an_unknown_loss_foretells_nothing():
    unknown = {**TOTAL, "total_fen": None, "sales_fen": None}
    assert maturity.lead(expected(), unknown, "近30天", ZH) is None
    assert "refund_rate" not in maturity.tile_notes(expected(), unknown, ZH)


def test_the_chart_of_cohorts_stacks_what_is_to_come_on_what_came_with_the_range_of_the_end():
    frame = pd.DataFrame([expected(day="2026-01-02"), expected(day="2026-01-01")])
    rows = maturity.cohort_rows(frame, "day", "sales")
    assert list(rows["period"]) == ["2026-01-01", "2026-01-02"]
    so_far, more = figures.cohorts(rows, ZH).data
    assert list(so_far.y) == pytest.approx([19.5, 19.5])
    assert list(more.y) == pytest.approx([7.8, 7.8])
    assert list(more.error_y.array) == pytest.approx([3.9, 3.9])
    assert more.marker.pattern.shape == "/"


def test_the_curve_has_its_band_and_marks_where_nine_tenths_have_come():
    figure = figures.curve([0.2, 0.9, 1.0], ([0.1, 0.8, 1.0], [0.3, 0.95, 1.0]), 1, ZH)
    high, low, come = figure.data
    assert list(high.y) == pytest.approx([30, 95, 100])
    assert low.fill == "tonexty"
    assert list(come.y) == pytest.approx([20, 90, 100])
    assert figure.layout.annotations[0].text == "九成：第 1 天"


def test_the_back_test_says_how_far_off_forecasts_were_and_warns_when_the_timing_has_changed():
    tests = [BackTest(7, 31, 0.012, 0.14, 0.013, 0.94)]
    said = maturity.back_test_said(tests, True, ZH)
    assert said.startswith("退款时间规律已变化")
    assert "平均差 1.2 个百分点" in said
    assert "94.0%" in said
    assert "已变化" not in maturity.back_test_said(tests, False, ZH)
    assert maturity.back_test_said([BackTest(7, 0, None, None, None, None)], False, ZH) == ZH("maturity.back_test_none")
    assert list(maturity.back_test_table(tests).columns) == list(maturity.back_test_columns(ZH))


def replayed(final_now: float) -> dict[str, float]:
    then = expected()
    return {
        **then,
        **{
            f"{name}_now": value
            for name, value in expected(sales_final=final_now, sales_known=22_000.0, sales_so_far=22_000.0).items()
        },
    }


def test_a_replay_says_what_was_said_and_how_wrong_it_was():
    period = (date(2026, 1, 1), date(2026, 1, 30))
    inside = maturity.replay_said(replayed(28_000.0), "sales", 14, period, ZH)
    assert "01-01 到 01-30 退了 19.5%，预计最终 27.3%（23.4%\u00a0–\u00a031.2%）" in inside
    assert "最终是 28.0%：差 -0.7 个百分点，在范围里" in inside
    assert "差 -8.5 个百分点" in inside
    assert "不在范围里" in maturity.replay_said(replayed(33_000.0), "sales", 14, period, ZH)
    rows = maturity.replay_rows(pd.DataFrame([{**replayed(28_000.0), "day": "2026-01-01"}]), "day", "sales")
    assert rows.iloc[0]["error"] == pytest.approx(-0.007)
    raw, said, now = figures.replay(rows, ZH).data
    assert [trace.y[0] for trace in (raw, said, now)] == pytest.approx([19.5, 27.3, 28.0])


def test_the_table_of_a_dimension_has_each_groups_end_beside_its_rate():
    groups = pd.DataFrame([{"group": None, **TOTAL}, {"group": "P1", **TOTAL}, {"group": "P2", **TOTAL, "sales_fen": None}])
    columns = {name: losses.Column(name) for name in ("name", "total_fen", "share", "cumulative_share", "refund_rate", "unknown")}
    by_group = pd.DataFrame([expected(product="P1"), expected(product="P2")])
    rows, shown = losses.with_ends(groups, columns, by_group, pd.DataFrame([expected()]), "product", ZH, is_apart=False)
    assert list(shown)[4:] == ["refund_rate", "rate_final", "rate_low", "rate_high", "unknown"]
    assert rows["rate_final"].iloc[:2].tolist() == pytest.approx([0.278, 0.278])
    assert pd.isna(rows["rate_final"].iloc[2])
    rows, shown = losses.with_ends(groups, columns, by_group, pd.DataFrame([expected()]), "product", ZH, is_apart=True)
    assert "refund_rate" not in shown
    assert rows["rate_so_far"].iloc[1] == pytest.approx(0.195)
