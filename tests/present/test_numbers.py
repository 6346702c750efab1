"""Numbers as text: the forms a reader meets, and that shortening never tells another amount."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.present import numbers


@pytest.mark.parametrize(
    ("fen", "chinese", "english"),
    [
        (None, "—", "—"),
        (0, "¥0.00", "¥0.00"),
        (123_450, "¥1,234.50", "¥1,234.50"),
        (999_999, "¥9,999.99", "¥9,999.99"),
        (1_000_000, "¥1.0万", "¥10.0K"),
        (12_345_678, "¥12.3万", "¥123.5K"),
        (99_950_000, "¥100.0万", "¥999.5K"),
        (9_999_499_999, "¥9,999.5万", "¥99.99M"),
        (9_999_950_000, "¥1.00亿", "¥100.00M"),
        (12_345_678_901, "¥1.23亿", "¥123.46M"),
        (-1_234_000, "-¥1.2万", "-¥12.3K"),
        (-5, "-¥0.05", "-¥0.05"),
    ],
)
def test_money_is_exact_below_ten_thousand_yuan_and_shortened_above(fen, chinese, english):
    assert numbers.money(fen, "zh") == chinese
    assert numbers.money(fen, "en") == english


def test_exact_money_has_every_fen():
    assert numbers.money_exact(123_456_789_01) == "¥123,456,789.01"
    assert numbers.money_exact(None) == "—"


@pytest.mark.parametrize(
    ("share", "text"), [(None, "—"), (0.0, "0.0%"), (0.2434, "24.3%"), (0.2435, "24.4%"), (1.0, "100.0%"), (-0.0004, "0.0%")]
)
def test_rates_have_one_decimal_rounded_as_people_do(share, text):
    assert numbers.rate(share) == text


def test_changes_of_rates_are_percentage_points_with_their_sign():
    assert numbers.points(0.012, "zh") == "+1.2 个百分点"
    assert numbers.points(-0.005, "en") == "-0.5 pp"
    assert numbers.points(None) == "—"


def test_a_change_against_nothing_is_unknown():
    assert numbers.change(5, 0) is None
    assert numbers.change(None, 4) is None
    assert numbers.signed_rate(numbers.change(110, 100)) == "+10.0%"
    assert numbers.signed_rate(numbers.change(-90, -100)) == "+10.0%"


def test_a_rate_over_nothing_is_unknown_not_zero():
    assert numbers.ratio(3, 0) is None
    assert numbers.ratio(None, 3) is None
    assert numbers.ratio(0, 3) == 0


def test_counts_are_separated():
    assert numbers.count(20_412) == "20,412"
    assert numbers.count(None) == "—"


WORTH = {"万": 1_000_000, "亿": 10_000_000_000, "K": 100_000, "M": 100_000_000, "B": 100_000_000_000}


@given(fen=st.integers(min_value=1_000_000, max_value=10**14), language=st.sampled_from(["zh", "en"]))
def test_a_shortened_amount_is_within_half_its_last_digit(fen, language):
    text = numbers.money(fen, language)
    digits, unit = text[1:-1].replace(",", ""), text[-1]
    shown = float(digits) * WORTH[unit]
    half_a_digit = WORTH[unit] / 2 / 10 ** len(digits.partition(".")[2])
    assert abs(shown - fen) <= half_a_digit * 1.000001


def test_a_change_against_next_to_nothing_is_only_called_large():
    assert numbers.signed_rate(174.542) == "> +999%"
    assert numbers.signed_rate(9.98) == "+998.0%"


def test_an_estimated_amount_has_no_fen():
    assert [numbers.money_about(fen) for fen in (123_456, -140_250, 999_950, 12_345_600, None)] == [
        *("¥1,235", "-¥1,403", "¥1.0万", "¥12.3万", "—")
    ]
