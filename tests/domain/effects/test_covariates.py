"""What a model may know of an order: nothing of its own outcome, nothing from after time zero."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analytics.domain.effects import covariates, doubly, trials
from tests.worlds.payments import small_payments

RATE = "product_refund_rate"


@pytest.fixture(scope="module")
def seen():
    design = small_payments(6, 4_000).design
    course = trials.follow(design)
    rows = trials.draw_rows(design, course, np.random.default_rng(0))
    fold = doubly.folds_of(design.clusters(), np.random.default_rng(1))
    return design, course, rows, fold, covariates.columns_of(design, course, rows, fold)


def test_a_group_has_one_rate_for_all_rows_that_a_model_sees(seen):
    design, _, rows, _, columns = seen
    place = columns.names.index(RATE)
    for number in range(doubly.FOLDS):
        rate = columns.matrix_without(number)[:, place]
        assert len(np.unique(np.stack([design.product[rows.order], rate], axis=1), axis=0)) == len(
            np.unique(design.product[rows.order])
        )


def test_the_rate_that_a_model_sees_knows_nothing_of_the_fold_it_is_asked_about(seen):
    design, course, rows, fold, columns = seen
    place = columns.names.index(RATE)
    other_end = replace(course, refunded_h=np.where(fold == 2, np.inf, course.refunded_h))
    changed = covariates.columns_of(design, other_end, rows, fold)
    assert (changed.matrix_without(2)[:, place] == columns.matrix_without(2)[:, place]).all()
    assert (changed.matrix_without(1)[:, place] != columns.matrix_without(1)[:, place]).any()


def test_the_columns_of_a_fold_are_the_matrix_of_a_fold(seen):
    columns = seen[-1]
    assert (columns.without(3).matrix == columns.matrix_without(3)).all()
    assert columns.matrix.shape[1] >= columns.count


def test_a_rate_is_shrunk_to_that_of_all_orders():
    group, hit = np.array([0] * 25 + [1]), np.array([True] * 25 + [False])
    odds = covariates.group_rate(group, hit, np.ones(26, dtype=bool))
    overall = 25.5 / 27
    assert 1 / (1 + np.exp(-odds[[0, -1]])) == pytest.approx([(25 + 25 * overall) / 50, 25 * overall / 26])


def test_curves_end_where_the_treated_do():
    assert covariates.curve(np.array([24.0, 48.0, 480.0]), 48.0)[1:] == pytest.approx(
        covariates.curve(np.array([48.0, 48.0]), 48.0)
    )
