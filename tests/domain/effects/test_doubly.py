"""The doubly robust estimate against another library, against an experiment, and by hand."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from analytics.domain.effects import doubly, errors, payments, trials
from tests.worlds.payments import small_payments

STATISTICS = Path(__file__).resolve().parents[4] / "shared/data/statistics"


def test_without_models_it_is_the_weighted_difference_of_two_means():
    is_treated = np.array([True, True, False, False, False])
    outcome = np.array([1.0, 0.0, 1.0, 0.0, 0.0])[:, None]
    change, influence = doubly.change_of_treated(is_treated, outcome, np.zeros((5, 1)), np.array([9.0, 9.0, 1.0, 2.0, 1.0]))
    assert change == pytest.approx([0.5 - 0.25])
    assert influence[:, 0] == pytest.approx([0.25, -0.25, -0.75 / 4, 0.25 * 2 / 4, 0.25 / 4])


def test_strata_are_compared_within_and_weigh_as_the_treated_do():
    is_treated = np.array([True, True, True, False, False, False, True])
    outcome = np.array([1, 0, 1, 0, 1, 1, 1.0])[:, None]
    stratum = np.array([0, 0, 1, 0, 1, 1, 2])  # nobody is there to compare the last one with
    change, influence = doubly.change_in_strata(is_treated, outcome, np.ones(7), stratum)
    assert change == pytest.approx([(2 * 0.5 + 1 * 0.0) / 3])
    assert influence.sum() == pytest.approx(0.0)
    assert influence[6, 0] == 0.0


@pytest.mark.statistics
def test_another_library_finds_the_same_on_the_same_rows():
    """DoubleML's interactive model for the treated, same folds, same learners: within .25 standard errors, errors alike."""
    import doubleml
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    design, random = small_payments(4, 10_000).design, np.random.default_rng(0)
    course = trials.follow(design)
    comparison = payments.compare(design, course, trials.draw_rows(design, course, random), random).alike()
    kept = comparison.outcome.is_seen
    rows, fold = comparison.rows.taken(kept), comparison.fold[kept]
    refunded, matrix = comparison.outcome.is_refunded[kept], comparison.columns.matrix[kept]
    matrix = matrix[:, np.ptp(matrix, axis=0) > 0]
    odds = doubly.likeness(lambda _: matrix, rows.is_treated, fold).odds
    chance = doubly.expected_chance(lambda _: matrix, refunded, ~rows.is_treated, np.ones(len(rows)), fold)
    change, influence = doubly.change_of_treated(rows.is_treated, refunded[:, None].astype(float), chance[:, None], odds)
    error = math.sqrt(errors.of_influence(influence, np.arange(len(rows)))[0][0, 0])

    data = doubleml.DoubleMLData.from_arrays(matrix, refunded.astype(float), rows.is_treated.astype(float))
    learner = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=2000))
    theirs = doubleml.DoubleMLIRM(data, learner, learner, score="ATTE", n_folds=doubly.FOLDS, draw_sample_splitting=False)
    folds = [(np.flatnonzero(fold != number), np.flatnonzero(fold == number)) for number in range(doubly.FOLDS)]
    theirs.set_sample_splitting([folds])
    theirs.fit()
    print(f"ours {change[0]:.5f} ± {error:.5f}, DoubleML {theirs.coef[0]:.5f} ± {theirs.se[0]:.5f}")
    assert abs(change[0] - theirs.coef[0]) <= 0.25 * error
    assert 0.9 <= error / theirs.se[0] <= 1.1


def lalonde(name: str) -> dict[str, np.ndarray]:
    with (STATISTICS / name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {column: np.array([float(row[column]) for row in rows]) for column in rows[0]}


@pytest.mark.skipif(not STATISTICS.is_dir(), reason="needs the public statistics data beside the checkout")
def test_the_training_programme_is_worth_what_the_experiment_found():
    """LaLonde's programme with PSID controls (Dehejia & Wahba 1999): the experiment says 1,794, the plain difference −15,205.

    Columns: age and schooling with their squares, origin, marriage, degree, earnings of 1974 and 1975. With indicators of
    unemployment added the same controls say about 3,200: which columns go in decides, as the literature on it found.
    """
    people = lalonde("lalonde_psid.csv")
    is_treated, earnings = people["treat"] > 0, people["re78"]
    assert earnings[is_treated].mean() - earnings[~is_treated].mean() == pytest.approx(-15_205, abs=1)
    plain = ("age", "education", "black", "hispanic", "married", "nodegree", "re74", "re75")
    matrix = np.column_stack([*(people[name] for name in plain), people["age"] ** 2, people["education"] ** 2])
    found = []
    for seed in range(5):
        fold = doubly.folds_of(np.arange(len(earnings)), np.random.default_rng(seed))
        odds = doubly.likeness(lambda _: matrix, is_treated, fold).odds
        expected = doubly.expected_amount(lambda _: matrix, earnings, ~is_treated, np.ones(len(earnings)), fold)
        change, _ = doubly.change_of_treated(is_treated, earnings[:, None], expected[:, None], odds)
        found.append(change[0])
    assert 1_000 <= np.median(found) <= 2_600
    assert all(1_000 <= value <= 2_600 for value in found)
