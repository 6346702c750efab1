"""The ranking in worlds of known truth (methods §6, acceptance 5): in short in the suite, whole under `statistics`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from analytics.domain import logistic
from analytics.domain.urge_priority import fit, rank
from tests.worlds.urged_orders import draw_urged, draw_world, share_of_oracle


@dataclass(frozen=True)
class Verdict:
    """How one world came out: shares of the oracle's value in the top tenth, and how right the chances were."""

    by_model: float
    by_price: float
    most_overdue_first: float
    error: float
    slope: float
    claimed_slope: float
    benefit: float
    claimed_benefit: float


def judged(seed, past_count, **changes):
    random = np.random.default_rng(seed)
    world = draw_world(random, **changes)
    past, new = draw_urged(world, random, past_count).past, draw_urged(world, random, 3_000)
    model = fit(past, seed=1)
    found = rank(model, new.orders, new.loss_fen)
    said, truth = found.refund_if_waiting, new.risk_if_waiting
    tenths = np.argsort(said).reshape(10, -1)
    odds = np.log(said / (1 - said))[:, None]
    return Verdict(
        by_model=share_of_oracle(found.expected_loss_fen, new.avoidable_fen),
        by_price=share_of_oracle(new.orders.price_fen, new.avoidable_fen),
        most_overdue_first=share_of_oracle(np.nan_to_num(new.orders.hours_past_promise, nan=-999), new.avoidable_fen),
        error=float(np.mean([abs(said[tenth].mean() - truth[tenth].mean()) for tenth in tenths])),
        slope=float(logistic.fit(odds, new.refunded_if_waiting, ridge=1e-6).slopes[0]),
        claimed_slope=model.calibration.slope,
        benefit=float((new.risk_if_waiting - new.risk_if_shipped).mean()),
        claimed_benefit=float((said - found.refund_if_shipped).mean()),
    )


def over_worlds(count, past_count, **changes):
    verdicts = [judged(seed, past_count, **changes) for seed in range(count)]
    return Verdict(**{name: np.array([getattr(each, name) for each in verdicts]) for name in Verdict.__dataclass_fields__})


def test_a_thousand_past_urges_rank_almost_as_well_as_the_truth():
    found = over_worlds(6, 1_000)
    assert found.by_model.mean() >= 0.965
    assert found.by_price.mean() < found.by_model.mean() - 0.05
    assert found.most_overdue_first.mean() < 0.6
    assert found.error.mean() <= 0.05
    assert 0.85 <= found.slope.mean() <= 1.2
    assert found.claimed_benefit.mean() == pytest.approx(found.benefit.mean(), abs=0.03)


def test_where_shipping_does_not_help_hardly_anything_is_claimed():
    found = over_worlds(3, 1_000, does_shipping_help=False)
    assert found.benefit.mean() == pytest.approx(0, abs=1e-5)  # refund and shipment within one hour
    assert abs(found.claimed_benefit.mean()) < 0.03


@pytest.mark.statistics
@pytest.mark.parametrize(("past_count", "least"), [(200, 0.90), (1_000, 0.97), (5_000, 0.98)])
def test_forty_worlds(past_count, least):
    found = over_worlds(40, past_count)
    print({name: (round(float(np.mean(each)), 3), round(float(np.std(each)), 3)) for name, each in vars(found).items()})
    assert found.by_model.mean() >= least
    assert found.by_price.mean() < 0.9
    assert found.most_overdue_first.mean() < 0.55
    if past_count >= 1_000:
        assert found.error.mean() <= 0.05
        assert 0.85 <= found.slope.mean() <= 1.2
        assert 0.85 <= found.claimed_slope.mean() <= 1.2
        assert found.claimed_benefit.mean() == pytest.approx(found.benefit.mean(), abs=0.02)
