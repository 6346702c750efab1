"""口径对账: which definition of refunds gives the figure that the platform shows, and how near the others come."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import pandas as pd

from analytics.domain.vocabulary import CLOCKS
from analytics.present import numbers
from analytics.present.account import whole
from analytics.present.exports import Column
from analytics.present.labels import Words

# What a typed figure may be, and what one of its units is worth: a percent of a rate, a yuan in fen, one refund.
KINDS = {"rate": Decimal("0.01"), "amount": Decimal(100), "count": Decimal(1)}
NEAR = 0.02  # of the figure: what lies further off is another period or other data, not another definition
_SCALES = {"万": 10_000, "亿": 100_000_000, "k": 1_000, "m": 1_000_000}
_SHAPE = re.compile(r"(¥?)([\d,]*\.?\d+|[\d,]+\.)(万|亿|k|m)?(%|元|单|件)?", re.ASCII)
_MARKS = {"%": "rate", "元": "amount", "单": "count", "件": "count"}
LARGEST = Decimal(10**12)


@dataclass(frozen=True)
class Figure:
    """What the reader typed: its kind (`KINDS`), its value (a rate 0–1, fen, a number of refunds), and its last digit's worth."""

    kind: str
    value: Decimal
    step: Decimal


@dataclass(frozen=True)
class Match:
    """A definition with its value for the period, how far it is from the figure, and whether it gives it to the last digit."""

    definition: Mapping[str, Any]
    value: Decimal
    distance: Decimal
    is_exact: bool


def read_figure(text: str, kind: str) -> Figure | None:
    """Read `24.3%`, `¥1,234.50`, `12.3万`, `356单`; a bare number is of the given kind. None: it is no figure.

    What has no sign of its own but stands in 万 is no rate.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("￥", "¥").lower()
    match = _SHAPE.fullmatch(plain)
    if match is None:
        return None
    yuan, digits, scale, mark = match.groups()
    kind = "amount" if yuan or (scale and kind == "rate") else kind
    kind = _MARKS.get(mark or "", kind)
    try:
        number = Decimal(digits.replace(",", ""))
    except InvalidOperation:
        return None
    unit = KINDS[kind] * _SCALES.get(scale or "", 1)
    if number * max(unit, 1) > LARGEST:
        return None
    return Figure(kind, number * unit, Decimal(1).scaleb(number.as_tuple().exponent) * unit)


def matches(definitions: pd.DataFrame, figure: Figure) -> list[Match]:
    """Return the definitions that can give such a figure, nearest first; those that give the same amount stand once."""
    found = [_match(row, figure) for row in definitions.to_dict("records") if _is_possible(row, figure.kind)]
    return sorted((match for match in found if match is not None), key=lambda match: match.distance)


def distinct(found: list[Match]) -> list[Match]:
    """Leave out the capped definitions that cap nothing: they say the same as the plain ones."""

    def key(match: Match) -> tuple:
        definition = match.definition
        return (*(definition[name] for name in ("clock", "measure", "base", "with_before_shipment")), match.value)

    plain = {key(match) for match in found if not match.definition["is_capped"]}
    return [match for match in found if not match.definition["is_capped"] or key(match) not in plain]


def verdict(found: list[Match], figure: Figure, words: Words) -> tuple[str, str]:
    """Return how the figure is explained (`exact`, `near`, `far`) and the sentence that says so. Plain text."""
    if not found:
        return "far", words("reconcile.nothing")
    exact = [match for match in distinct(found) if match.is_exact]
    if exact:
        more = words("reconcile.exact_more", count=len(exact) - 1) if len(exact) > 1 else ""
        return "exact", words("reconcile.exact", name=name_of(exact[0].definition, figure.kind, words), more=more)
    nearest = distinct(found)[0]
    values = {"name": name_of(nearest.definition, figure.kind, words), "distance": _distance_text(nearest, figure, words)}
    if nearest.distance <= abs(figure.value) * Decimal(str(NEAR)):
        return "near", words("reconcile.near", **values)
    return "far", words("reconcile.far", **values)


def name_of(definition: Mapping[str, Any], kind: str, words: Words) -> str:
    """Say in an operator's words what a definition counts."""
    measure, is_capped = definition["measure"], bool(definition["is_capped"])
    counted = f"{measure}_{'capped' if is_capped else 'plain'}"
    parts = [words.term(CLOCKS[definition["clock"]])]
    if kind == "rate":
        parts.append(words(f"reconcile.rate.{counted}", base=words(f"reconcile.base.{definition['base']}")))
    else:
        parts.append(words(f"reconcile.plain.{counted}"))
    parts.append(words(f"reconcile.{'with' if definition['with_before_shipment'] else 'without'}_before"))
    return " · ".join(parts)


def lines(found: list[Match], figure: Figure, words: Words) -> list[str]:
    """Say of each definition what it gives and how far that is from the figure. Plain text."""
    said = []
    for match in found:
        name, value = name_of(match.definition, figure.kind, words), _value_text(match.value, figure.kind)
        if match.is_exact:
            said.append(words("reconcile.line_exact", name=name, value=value))
        else:
            said.append(words("reconcile.line", name=name, value=value, distance=_distance_text(match, figure, words)))
    return said


def table(found: list[Match], figure: Figure, words: Words) -> tuple[pd.DataFrame, dict[str, Column]]:
    """Lay the definitions out, nearest first: name, value, how far off, numerator and denominator."""
    rows = [
        {
            "name": name_of(match.definition, figure.kind, words),
            "value": _value_text(match.value, figure.kind),
            "distance": words("reconcile.same") if match.is_exact else _distance_text(match, figure, words),
            "numerator": _amount(match.definition, "numerator"),
            "denominator": _amount(match.definition, "denominator") if figure.kind == "rate" else "",
        }
        for match in found
    ]
    columns = ["name", "value", "distance", "numerator", *(["denominator"] if figure.kind == "rate" else [])]
    titles = {name: Column(words(f"reconcile.column.{name}")) for name in columns}
    return pd.DataFrame(rows, columns=columns), titles


def _is_possible(row: Mapping[str, Any], kind: str) -> bool:
    """An amount is the same whatever it is divided by, so one base stands for both."""
    if kind == "amount":
        return row["measure"] == "money" and row["base"] == "receivable"
    return kind == "rate" or row["measure"] == "count"


def _match(row: Mapping[str, Any], figure: Figure) -> Match | None:
    numerator, denominator = Decimal(whole(row["numerator"]) or 0), Decimal(whole(row["denominator"]) or 0)
    if figure.kind == "rate" and not denominator:
        return None
    value = numerator / denominator if figure.kind == "rate" else numerator
    rounded = (value / figure.step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * figure.step
    return Match(row, value, abs(value - figure.value), rounded == figure.value)


def _value_text(value: Decimal, kind: str) -> str:
    if kind == "rate":
        return f"{(value * 100).quantize(Decimal('0.01'), rounding=ROUND_HALF_UP)}%"
    return numbers.money_exact(int(value)) if kind == "amount" else numbers.count(int(value))


def _distance_text(match: Match, figure: Figure, words: Words) -> str:
    """How much more or less the definition gives than the platform shows."""
    difference = match.value - figure.value
    sign = "+" if difference > 0 else "−"
    if figure.kind == "rate":
        return words(
            "reconcile.points", points=f"{sign}{(abs(difference) * 100).quantize(Decimal('0.01'), rounding=ROUND_HALF_UP)}"
        )
    size = int(abs(difference).to_integral_value(rounding=ROUND_HALF_UP))
    return f"{sign}{numbers.money_exact(size) if figure.kind == 'amount' else numbers.count(size)}"


def _amount(definition: Mapping[str, Any], side: str) -> str:
    number = whole(definition[side])
    return numbers.money_exact(number) if definition["measure"] == "money" else numbers.count(number)
