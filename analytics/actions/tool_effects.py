"""What each tool did, worked out once for a state of the data: the method that its data allows, or why none does."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

import numpy as np

from analytics.actions import holdout_arrays, tool_arrays
from analytics.actions.account import answer
from analytics.actions.analyses import Analysis, Progress
from analytics.actions.tool_arrays import Facts
from analytics.domain.effects import payments, shipping
from analytics.domain.effects.evidence import Effect, Figure
from analytics.domain.effects.rules import Diagnostics, Reason
from analytics.domain.loads import Actor
from analytics.store import holdouts, tool_questions
from analytics.store.warehouse import Warehouse

REVISION = 6
SEED = 20260816  # which controls are drawn, how folds are cut: the same data give the same figures
COUNTS, MATCHED = "counts", "matched"
NOTE = "note"  # the consequence of a reason that lowers nothing and must be read
MOST_UNTIMED = 0.05  # of a shipping tool's orders; with more the export that first shows them is time zero (methods §3)
HORIZON_DAYS = 30


def asked(scope: Mapping[str, Any]) -> dict[str, Any]:
    """Return a scope as the analysis is asked: days and moments as text, so that the same question has the same key."""
    return {name: None if scope[name] is None else scope[name].isoformat() for name in ("first_day", "last_day", "as_of")}


def work_out(
    warehouse: Warehouse,
    *,
    actor: Actor,
    shops: Sequence[str],
    progress: Progress,
    first_day: str | None = None,
    last_day: str | None = None,
    as_of: str | None = None,
) -> dict[str, Any]:
    """Return {tool: {"row", "reading", "reasons", …, "groups", "alike"}} for every tool and `any`, as plain data."""
    days = [None if day is None else date.fromisoformat(day) for day in (first_day, last_day)]
    facts = facts_at(warehouse, actor, shops, None if as_of is None else datetime.fromisoformat(as_of), *days)
    found, randomised = {}, _randomised(warehouse, facts)
    for done, (tool, judged) in enumerate(JUDGES.items()):
        progress((1 + done) / (1 + len(JUDGES)))
        effect = randomised[tool] if tool in randomised else judged(facts)
        found[tool] = {**told(effect), **told_of_groups(effect, facts)}
    return found


def facts_at(
    warehouse: Warehouse,
    actor: Actor,
    shops: Sequence[str],
    as_of: datetime | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
) -> Facts:
    """Ask for the orders paid in a period and their cases, as far as they were known; the answers themselves are let go of."""
    asked = {"actor": actor, "shops": tuple(shops), "as_of": as_of}
    orders = answer(warehouse, tool_questions.tool_orders, **asked)
    return tool_arrays.facts_of(orders, answer(warehouse, tool_questions.tool_cases, **asked), first_day, last_day)


def _randomised(warehouse: Warehouse, facts: Facts) -> dict[str, Effect]:
    """What hold-outs say, by tool: better than any comparison, of the one shop and the orders that they were made for."""
    shops = facts.orders["shop"].unique()
    if len(shops) != 1:
        return {}
    with warehouse.cursor() as cursor:
        known = [held for held in holdouts.every(cursor) if held.shop == shops[0]]
        taken = {held.holdout_id: holdouts.orders(cursor, held.holdout_id) for held in known}
    best = holdout_arrays.best_of(facts, known, taken)
    return {tool: replace(effect, reasons=(Reason("hold_out", NOTE), *effect.reasons)) for tool, effect in best.items()}


def told(effect: Effect) -> dict[str, Any]:
    """Return an effect as plain data that JSON can hold; what is endless is None."""
    figures = {name: asdict(value) for name, value in vars(effect).items() if isinstance(value, Figure)}
    return plain(
        {
            "row": effect.row(),
            "reading": effect.reading,
            "net_reading": effect.net_reading,
            "horizon_days": effect.horizon_days,
            "reasons": [asdict(reason) for reason in effect.reasons],
            "diagnostics": asdict(effect.diagnostics),
            "risk_used": effect.risk_used,
            "risk_unused": effect.risk_unused,
            "evalue_limit": effect.evalue_limit,
            "figures": figures,
        }
    )


def told_of_groups(effect: Effect, facts: Facts) -> dict[str, Any]:
    """Return {"groups", "alike"} of an effect as plain data: by dimension a row a group that was asked, and the chance.

    A row has the group's name and the fields of `Effect.row`, reasons also with their figures. A dimension that was not asked
    is not there.
    """
    rows = {
        dimension: [
            {"group": facts.groups[dimension][1][code], **of_group.row(), "reasons": [asdict(each) for each in of_group.reasons]}
            for code, of_group in found.items()
        ]
        for dimension, found in effect.groups.items()
    }
    return plain({"groups": rows, "alike": effect.alike})


def _urge_ship(facts: Facts) -> Effect:
    return _shipping(facts, "urge_ship")


def _priority_ship(facts: Facts) -> Effect:
    """The rescue is the platform's, and only rescued orders are tagged: what is judged is shipping soon after the tag."""
    return _shipping(facts, "priority_ship", Reason("platform_rescue", NOTE))


def _shipping(facts: Facts, tool: str, *notes: Reason) -> Effect:
    has, used = facts.has(tool), facts.moments(f"{tool}_at")
    touched, exact = int(has.sum()), int((has & ~np.isnat(used)).sum())
    if not touched:
        return _counts("no_data", shipping.HORIZON_DAYS, touched, *notes)
    if np.isnat(facts.moments("shipped_at")).all():
        return _counts("no_shipment_times", shipping.HORIZON_DAYS, touched, *notes)
    is_landmark = exact < (1 - MOST_UNTIMED) * touched
    since, is_known = tool_arrays.time_zero(facts, tool, is_landmark=is_landmark)
    if np.isnat(since[has]).all():
        return _counts("no_times", shipping.HORIZON_DAYS, touched, *notes)
    effect = shipping.judge_shipping(
        tool_arrays.shipments(facts, tool, is_landmark=is_landmark),
        known_until=facts.end_at,
        is_landmark=is_landmark,
        touched=touched,
        untimed_share=1 - int(is_known.sum()) / touched,
        groups=facts.groups_of(is_known),
        untimed_groups=facts.groups_of(has & ~is_known),
    )
    return replace(effect, reasons=(*notes, *effect.reasons))


def _address_change(facts: Facts) -> Effect:
    has = facts.has("address_change")
    touched = int(has.sum())
    if not touched:
        return _counts("no_data", HORIZON_DAYS, touched)
    if facts.orders["address_change_outcome"].isin(tool_arrays.OUTCOMES).sum() == 0:
        return _counts("no_outcomes", HORIZON_DAYS, touched)
    effect = payments.effect_of(
        tool_arrays.address_design(facts), seed=SEED, groups=facts.groups_of(tool_arrays.is_answered(facts))
    )
    return replace(effect, method=MATCHED if effect.method == payments.METHOD else effect.method)


def _coupon(facts: Facts) -> Effect:
    """A discount on the order is no comparison; coupons given for a complaint are judged like small payments."""
    given, is_discounted = int(facts.has("coupon").sum()), facts.orders["discount_fen"] > 0
    if not given:
        return _counts("coupon_before_purchase" if is_discounted.any() else "no_data", HORIZON_DAYS, int(is_discounted.sum()))
    effect = payments.effect_of(tool_arrays.coupon_design(facts), seed=SEED, groups=facts.groups_of())
    notes = (Reason("complaint_coupons_only", NOTE),) if is_discounted.any() else ()
    return replace(effect, reasons=(*notes, *effect.reasons))


def _small_payment(facts: Facts) -> Effect:
    if not facts.has("small_payment").any():
        return _counts("no_data", HORIZON_DAYS, 0)
    return payments.effect_of(tool_arrays.small_payment_design(facts), seed=SEED, groups=facts.groups_of())


def _any(facts: Facts) -> Effect:
    """Urges and tags are the buyers' and the platform's doing: the run is over what the shop gives, payments and coupons.

    Uses are counted in groups tool by tool, so it is not asked for groups.
    """
    if not (facts.has("small_payment") | facts.has("coupon")).any():
        return _counts("no_data", HORIZON_DAYS, 0)
    effect = payments.effect_of(tool_arrays.given_design(facts), seed=SEED)
    return replace(effect, reasons=(Reason("given_only", NOTE), *effect.reasons))


def _counts(why: str, horizon_days: int, touched: int, *notes: Reason) -> Effect:
    """What can be said where no comparison is possible: why not. The rules have nothing to add."""
    reasons = (Reason(why), *notes)
    return Effect(COUNTS, horizon_days, "D", reasons, Diagnostics(0, 0, touched=touched))


def plain(value: Any) -> Any:
    """Return a value as plain data that JSON can hold; what is endless or no number is None."""
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


JUDGES: Mapping[str, Callable[[Facts], Effect]] = {
    "priority_ship": _priority_ship,
    "address_change": _address_change,
    "urge_ship": _urge_ship,
    "coupon": _coupon,
    "small_payment": _small_payment,
    "any": _any,
}
EFFECTS = Analysis("tool_effects", REVISION, work_out)
