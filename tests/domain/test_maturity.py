"""Maturity by hand: hazards and the Benktander step as a pencil does them, horizons, groups, and a published triangle."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from analytics.domain import maturity, maturity_record
from analytics.domain.maturity import Cohorts
from tests.worlds.young_days import young_days

GENINS = Path(__file__).parents[3] / "shared" / "data" / "statistics" / "genins.csv"


def cohorts(sold: list[float], back: list[list[float]], undated: list[float] | None = None) -> Cohorts:
    triangle = np.zeros((len(sold), maturity.FULL_HORIZON_DAYS + 1))
    for day, row in enumerate(back):
        triangle[day, : len(row)] = row
    nothing = np.zeros(len(sold))
    return Cohorts(np.array(sold, dtype=float), triangle, nothing, nothing if undated is None else np.array(undated))


def test_a_hazard_is_what_came_back_at_an_age_over_what_was_still_out():
    """Two days of 100 orders; of the first 10 came back at once and 18 of the other 90 next day; of the second 20 at once."""
    alive = maturity.survival(cohorts([100, 100], [[10, 18], [20]]), horizon=1, window=28)
    assert alive[1] == pytest.approx(1 - 30.005 / 200.5)
    assert alive[2] == pytest.approx(alive[1] * (1 - 18.005 / 90.5))  # only the first day has reached that age


def test_only_the_newest_cohorts_that_have_reached_an_age_tell_of_it():
    alive = maturity.survival(cohorts([100, 100, 100], [[90, 0], [10, 9], [20]]), horizon=1, window=1)
    assert alive[1] == pytest.approx(1 - 20.005 / 100.5)
    assert alive[2] / alive[1] == pytest.approx(1 - 9.005 / 90.5)


def test_the_benktander_step_by_hand():
    """Half of what comes has come (S 1 → .8 → .6): 10 of 100 so far. u1 = .1 + .9·(1 − .6/.8) = .325; u2 = .1 + .325·.5."""
    assert maturity.final_share(np.array(0.1), np.array(0.8), np.array(0.6)) == pytest.approx(0.1 + 0.325 * 0.5)


def test_nothing_is_added_to_a_cohort_at_its_horizon_and_everything_before_its_first_day():
    assert maturity.final_share(np.array(0.25), np.array(0.6), np.array(0.6)) == pytest.approx(0.25)
    assert maturity.final_share(np.array(0.0), np.array(1.0), np.array(0.6)) == pytest.approx(0.4)


@pytest.mark.parametrize(("days", "horizon"), [(73, 45), (72, 30), (58, 30), (57, 15), (43, 15), (42, 7), (35, 7), (34, None)])
def test_a_shorter_history_has_a_shorter_horizon(days, horizon):
    assert maturity.horizon_of(days) == horizon


@pytest.mark.parametrize(("a_day", "window"), [(60, 28), (59.9, 196)])
def test_below_sixty_orders_a_day_cohorts_are_weeks(a_day, window):
    assert maturity.window_of(a_day) == window


def test_what_nobody_can_date_is_taken_out_of_what_can_still_come_back():
    with_them = maturity.survival(cohorts([110, 110], [[10], [10]], undated=[10, 10]), horizon=1, window=28)
    without = maturity.survival(cohorts([100, 100], [[10], [10]]), horizon=1, window=28)
    assert with_them == pytest.approx(without)
    assert not maturity.is_undated(cohorts([100], [[9]], undated=[1]))
    assert maturity.is_undated(cohorts([100], [[8]], undated=[1]))


def test_case_files_that_are_silent_where_ten_cases_would_have_come_end_before_the_orders():
    assert maturity.last_known_day(20, 18, cases_a_day=5.0) == 18
    assert maturity.last_known_day(20, 18, cases_a_day=4.9) == 20
    assert maturity.last_known_day(20, 25, cases_a_day=5.0) == 20
    assert maturity.last_known_day(20, None, cases_a_day=0.0) == 20


def test_survival_of_every_past_day_equals_counting_cohort_by_cohort():
    world = young_days(3, day_count=120, orders_a_day=30).cohorts(119)
    quick = maturity.survivals(world, horizon=15, window=28)
    for as_of in (0, 14, 40, 119):
        alive = 1.0
        for lag in range(16):
            newest = [day for day in range(as_of - lag, as_of - lag - 28, -1) if day >= 0]
            events = sum(world.back[day, lag] for day in newest)
            at_risk = sum(world.sold[day] - world.back[day, :lag].sum() for day in newest)
            alive *= 1 - min((events + 0.005) / (at_risk + 0.5), 0.95)
            assert quick[as_of, lag + 1] == pytest.approx(alive, abs=1e-12)


def test_a_tiny_group_keeps_the_shops_pattern_at_its_own_level_and_a_large_one_its_own_hazards():
    alive = np.array([1.0, 0.9, 0.72])  # hazards .1 and .2
    tiny = (np.full((1, 2), 40.0), np.array([[8.0, 16.0]]))
    large = (np.full((1, 2), 4e6), np.array([[1.2e6, 0.4e6]]))
    (own,), (level,), (seen,) = maturity.group_survivals(*tiny, alive, window=28)
    assert seen == 24
    assert level == pytest.approx((24 + 10) / (40 * 0.3 + 10))
    assert 1 - own[1] == pytest.approx(0.1 * level, rel=0.02)
    assert 1 - own[2] / own[1] == pytest.approx(0.2 * level, rel=0.02)
    (own,), _, _ = maturity.group_survivals(*large, alive, window=28)
    assert [1 - own[1], 1 - own[2] / own[1]] == pytest.approx([0.3, 0.1], rel=1e-3)


def test_a_promotion_day_sells_half_as_much_again_as_the_four_weeks_before():
    sold = np.array([100.0] * 10 + [150.0, 149.0, 100.0])
    assert list(np.flatnonzero(maturity_record.promotions(sold))) == [10]


def test_the_chain_ladder_fills_a_triangle_by_its_development_factors():
    """150/100 = 1.5 from the first to the second year: 200 becomes 300."""
    assert list(maturity.chain_ladder(np.array([[100, 150], [200, np.nan]]))) == pytest.approx([0, 100])


@pytest.mark.skipif(not GENINS.exists(), reason="the Taylor–Ashe triangle lies outside the repository and is not here")
def test_the_chain_ladder_reserves_what_mack_published_for_the_taylor_ashe_triangle():
    rows = list(csv.DictReader(GENINS.read_text(encoding="utf-8").splitlines()))
    triangle = np.full((10, 10), np.nan)
    for row in rows:
        triangle[int(row["origin"]) - 2001, int(row["development"]) - int(row["origin"])] = float(row["values"])
    assert round(maturity.chain_ladder(triangle).sum()) == 18_680_856
