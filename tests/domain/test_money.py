"""Money: reading and writing it, rounding it, spreading it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.domain import money


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        *(("¥1,299.90", 129990), ("￥0", 0), ("12元", 1200), ("(12.00)", -1200), ("（３.５）", -350), ("-0.05", -5)),
        *(("¥-3.5", -350), (" 7 ", 700), ("", None), ("-", None), ("—", None), ("1234567.8", 123456780)),
    ],
)
def test_amounts_are_read_as_they_are_written_in_exports(text, fen):
    assert money.parse_fen(text) == fen


@pytest.mark.parametrize("text", ["12圆", "12.345", "1,2", "无退款申请", "1e3", "--5", "¥", "10000000000"])
def test_what_cannot_be_money_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        money.parse_fen(text)


@pytest.mark.parametrize(("fen", "text"), [(129990, "¥1,299.90"), (-5, "-¥0.05"), (0, "¥0.00"), (None, "—")])
def test_amounts_are_written_with_two_decimals_and_nothing_known_is_a_dash(fen, text):
    assert money.format_fen(fen) == text


@given(st.integers(-(10**11), 10**11))
def test_what_is_written_is_read_back(fen):
    assert money.parse_fen(money.format_fen(fen)) == fen


@pytest.mark.parametrize(("numerator", "denominator", "rounded"), [(1, 2, 1), (-1, 2, -1), (149, 100, 1), (3, -2, -2), (0, 7, 0)])
def test_halves_are_rounded_away_from_zero(numerator, denominator, rounded):
    assert money.round_half_away(numerator, denominator) == rounded


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        *((100, [1, 1, 1], [34, 33, 33]), (-100, [1, 1, 1], [-34, -33, -33]), (5, [0, 2, 1], [0, 3, 2]), (7, [0, 0], [7, 0])),
        (10, [6, 3, 1], [6, 3, 1]),
    ],
)
def test_the_odd_fen_goes_to_the_largest_fraction_and_ties_to_the_first(amount, weights, parts):
    assert money.spread(amount, weights) == parts


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 10**7), min_size=1, max_size=20))
def test_the_parts_add_up_and_none_is_a_fen_off_its_share(amount, weights):
    parts = money.spread(amount, weights)
    assert sum(parts) == amount
    total = sum(weights)
    if total:
        assert all(abs(part - amount * weight / total) < 1.001 for part, weight in zip(parts, weights, strict=True))


def test_nothing_can_be_spread_over_nobody():
    with pytest.raises(ValueError, match="spread over nothing"):
        money.spread(1, [])
