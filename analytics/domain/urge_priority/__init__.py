"""Which urged orders must go out first: expected avoidable loss, learnt from the shop's own past urges (methods §4)."""

from analytics.domain.urge_priority.calibration import BANDS, Calibration, CalledBand
from analytics.domain.urge_priority.fitting import LEAST_PAST, MOST_PAST, fit
from analytics.domain.urge_priority.model import UrgeModel
from analytics.domain.urge_priority.orders import PastUrges, WaitingOrders
from analytics.domain.urge_priority.ranking import REASONS, Ranking, Reason, rank

__all__ = [
    "BANDS",
    "LEAST_PAST",
    "MOST_PAST",
    "REASONS",
    "Calibration",
    "CalledBand",
    "PastUrges",
    "Ranking",
    "Reason",
    "UrgeModel",
    "WaitingOrders",
    "fit",
    "rank",
]  # fmt: skip
