"""What the pages know of maturity: the shops' outlook, and what is expected of what the reader looks at."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.actions import maturity
from analytics.actions.maturity import MEASURES, PERIODS, Outlook
from analytics.domain.vocabulary import CASE_DIMENSIONS
from analytics.present import maturity as shown
from analytics.store import maturity_questions
from analytics.ui import session
from analytics.ui.choice import Choice


def outlook(shops: Sequence[str]) -> Outlook:
    """Return how refunds come in at these shops; learnt once for the same data."""
    return session.known(maturity.outlook, shops=tuple(shops))


def expected(choice: Choice, dimensions: Sequence[str] = (), measures: Sequence[str] = tuple(MEASURES)) -> pd.DataFrame | None:
    """Say what is expected of the period, by dimensions; None by refund date, where nothing is still to come.

    Of older days than the outlook needs nothing is told by a group: nothing more is expected of them.
    """
    found = outlook(choice.shops)
    if choice.clock != "paid" or found.as_of is None:
        return None
    groups = tuple(name for name in dimensions if name not in PERIODS)
    is_whole_shop = not groups and not choice.where
    frame = session.ask(
        maturity_questions.cohorts,
        dimensions=groups,
        where=choice.filters["where"],
        shops=choice.shops,
        recent_from=None if is_whole_shop else found.recent_from,
    )
    days = {name: choice.filters[name] for name in ("first_day", "last_day")}
    return maturity.expected(found, frame, dimensions=dimensions, is_whole_shop=is_whole_shop, measures=measures, **days)


def tile_notes(choice: Choice, total: pd.DataFrame) -> dict[str, str]:
    """Return what stands below the figures on top: what they will be in the end; nothing where that cannot be said.

    Filtered by a dimension of cases the rates on top are shares of the refunded orders only, which foretell nothing.
    """
    found = outlook(choice.shops)
    if any(name in CASE_DIMENSIONS for name in choice.where):
        return {}
    row = expected(choice)
    if row is None or found.why_not:
        return {}
    named_days = found.horizon if found.is_named else None
    return shown.tile_notes(row.iloc[0].to_dict(), total.iloc[0].to_dict(), session.words(), named_days)


def lead(choice: Choice, total: pd.DataFrame, period: str) -> str | None:
    """Say in a sentence what the period still has to lose, or why nobody knows."""
    found = outlook(choice.shops)
    if choice.clock != "paid" or found.as_of is None or any(name in CASE_DIMENSIONS for name in choice.where):
        return None
    if found.why_not:
        return shown.why_not_text(found.why_not, session.words())
    if found.is_named:
        return session.words()("maturity.named_lead", days=found.horizon)
    row = expected(choice)
    return None if row is None else shown.lead(row.iloc[0].to_dict(), total.iloc[0].to_dict(), period, session.words())
