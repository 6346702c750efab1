"""The account in the reader's shape: its figures, what they rest on, and the statement by month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import Any

import pandas as pd

from analytics.domain.money import round_half_away
from analytics.domain.vocabulary import COMPONENTS, PROVENANCES
from analytics.present import numbers
from analytics.present.labels import Words

HIDDEN = tuple(part for part in COMPONENTS if part != "sales")
FEN_OF_100_YUAN = 10_000


@dataclass(frozen=True)
class Account:
    """What a period sold, lost and kept, in fen; None where nothing is known.

    `parts_fen` has the five components; `sources_fen[part]` splits one into actual, set and assumed.
    """

    receivable_fen: int | None
    parts_fen: Mapping[str, int | None]
    total_fen: int | None
    hidden_fen: int | None
    refunds: int
    orders: int
    unknown_refunds: int
    provenance_fen: Mapping[str, int]
    sources_fen: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def kept_fen(self) -> int | None:
        """Receivable less everything that refunds cost: 扣除退款损失后的销售额.

        Unknown when nothing is known of the money given back: the small costs beside it would look like all that was lost.
        """
        return _kept(self.receivable_fen, self.parts_fen["sales"], self.total_fen)

    @property
    def refund_rate(self) -> float | None:
        """Money given back over receivable, 0–1."""
        return numbers.ratio(self.parts_fen["sales"], self.receivable_fen)

    @property
    def loss_per_refund_fen(self) -> int | None:
        """Total loss over successful cases."""
        return round_half_away(self.total_fen, self.refunds) if self.refunds and self.total_fen is not None else None

    @property
    def assumed_share(self) -> float | None:
        """The share of the total loss that rests on starter assumptions, 0–1."""
        return numbers.ratio(self.provenance_fen["assumed"], self.total_fen)

    @property
    def most_assumed_part(self) -> str | None:
        """The hidden part with the most money resting on starter assumptions, if any does."""
        assumed = {part: self.sources_fen.get(part, {}).get("assumed", 0) for part in HIDDEN}
        largest = max(HIDDEN, key=assumed.__getitem__)
        return largest if assumed[largest] > 0 else None

    @property
    def hidden_sources_fen(self) -> dict[str, int]:
        """The hidden loss split into actual, set and assumed."""
        return {name: sum(self.sources_fen.get(part, {}).get(name, 0) for part in HIDDEN) for name in PROVENANCES}

    def per_100_fen(self, amount_fen: int | None) -> int | None:
        """What an amount is of every ¥100 receivable, in fen."""
        if amount_fen is None or not self.receivable_fen:
            return None
        return round_half_away(amount_fen * FEN_OF_100_YUAN, self.receivable_fen)

    @property
    def parts_of_100_fen(self) -> dict[str, int | None]:
        """What becomes of every ¥100, in fen: the five parts and what is kept, which make ¥100 together.

        Kept and hidden are rounded on their own, as they are shown elsewhere; the fens that rounding leaves over go where they
        change least.
        """
        if self.kept_fen is None or not self.receivable_fen:
            return {part: self.per_100_fen(fen) for part, fen in {**self.parts_fen, "kept": self.kept_fen}.items()}
        kept, hidden = self.per_100_fen(self.kept_fen), self.per_100_fen(self.hidden_fen) or 0
        sales_fen = None if self.parts_fen["sales"] is None else FEN_OF_100_YUAN - kept - hidden
        known = {part: fen for part in HIDDEN if (fen := self.parts_fen[part]) is not None}
        exact = {part: Fraction(fen * FEN_OF_100_YUAN, self.receivable_fen) for part, fen in known.items()}
        rounded = {part: floor(share) for part, share in exact.items()}
        by_remainder = sorted(exact, key=lambda part: rounded[part] - exact[part])
        for part in by_remainder[: hidden - sum(rounded.values())]:
            rounded[part] += 1
        return {"sales": sales_fen, **{part: rounded.get(part) for part in HIDDEN}, "kept": kept}


def account_of(total: pd.DataFrame, by_provenance: pd.DataFrame | None = None) -> Account:
    """Read the account from a `losses_by` answer without dimensions, and its split from one by provenance."""
    row = total.iloc[0]
    return Account(
        receivable_fen=whole(row["receivable_fen"]),
        parts_fen={part: whole(row[f"{part}_fen"]) for part in COMPONENTS},
        total_fen=whole(row["total_fen"]),
        hidden_fen=whole(row["hidden_fen"]),
        refunds=whole(row["refunds"]) or 0,
        orders=whole(row["orders"]) or 0,
        unknown_refunds=whole(row["unknown_refunds"]) or 0,
        provenance_fen={name: whole(row[f"{name}_fen"]) or 0 for name in PROVENANCES},
        sources_fen={} if by_provenance is None else _sources(by_provenance),
    )


def is_empty(losses: pd.DataFrame) -> bool:
    """Whether a `losses_by` answer without dimensions knows of no order, no refund and no loss."""
    return losses.empty or not any(whole(losses.iloc[0][name]) for name in ("receivable_fen", "total_fen", "orders", "refunds"))


def said(account: Account, words: Words) -> dict[str, str]:
    """Return the figures that the sentence of a title needs."""
    amounts = {
        "sold": account.receivable_fen,
        "sales": account.parts_fen["sales"],
        "hidden": account.hidden_fen,
        "kept": account.per_100_fen(account.kept_fen),
    }
    return {name: numbers.money(fen, words.language) for name, fen in amounts.items()}


def advice(account: Account, words: Words) -> str:
    """Say which share rests on starter assumptions and what would replace the largest of them."""
    part = account.most_assumed_part
    if part is None:
        return words("overview.provenance_gaps" if account.unknown_refunds else "overview.provenance_all_known")
    amount = numbers.money(account.sources_fen[part]["assumed"], words.language)
    share = numbers.rate(account.assumed_share)
    return words(
        "overview.provenance_lead",
        share=share,
        part=item_name(part, words),
        amount=amount,
        remedy=words(f"overview.remedy.{part}"),
    )


def statement(by_month: pd.DataFrame, ever: Account, words: Words) -> pd.DataFrame:
    """Lay the account out as a statement: a line an item, a column a month, then the sum, its share and what it rests on.

    Amounts are exact yuan as text.
    """
    months = sorted(by_month.to_dict("records"), key=lambda row: str(row["month"]))
    items = ["receivable", *COMPONENTS, "hidden", "total"]
    table: dict[str, list[str]] = {words("statement.item"): [item_name(item, words) for item in items] + [words("item.kept")]}
    for row in months:
        amounts = [whole(row[f"{item}_fen"]) for item in items]
        table[month_name(row["month"], words)] = [
            _yuan(amount) for amount in [*amounts, _kept(amounts[0], amounts[1], amounts[-1])]
        ]
    sums = [ever.receivable_fen, *ever.parts_fen.values(), ever.hidden_fen, ever.total_fen, ever.kept_fen]
    table[words("statement.sum")] = [_yuan(amount) for amount in sums]
    table[words("statement.share")] = [numbers.rate(numbers.ratio(amount, ever.receivable_fen)) for amount in sums]
    table[words("statement.source")] = [_source_of(item, ever, words) for item in [*items, "kept"]]
    return pd.DataFrame(table)


def item_name(item: str, words: Words) -> str:
    """Return what an item of the account is called: a part by the ledger's vocabulary, a sum by the catalogue."""
    return words.term(COMPONENTS[item]) if item in HIDDEN else words(f"item.{item}")


def source_text(sources_fen: Mapping[str, int], words: Words) -> str:
    """Say what an amount rests on: `实测 60.0% · 假设 40.0%`; nothing booked is a dash."""
    sum_fen = sum(sources_fen.values())
    shares = [(name, numbers.ratio(fen, sum_fen)) for name, fen in sources_fen.items() if fen]
    return " · ".join(f"{words.term(PROVENANCES[name])} {numbers.rate(share)}" for name, share in shares) or numbers.NOTHING


def month_name(month: object, words: Words) -> str:
    """Write a month (a date or `2026-11`) as its readers do; a group without a date keeps its name."""
    year, _, number = str(month)[:7].partition("-")
    if not (year.isdigit() and number.isdigit()):
        return words("statement.undated")
    return words("statement.month", year=year, month=int(number), name=words(f"month.{int(number)}"))


def _source_of(item: str, account: Account, words: Words) -> str:
    if item in COMPONENTS:
        return source_text(account.sources_fen.get(item, {}), words)
    sums = {"hidden": account.hidden_sources_fen, "total": account.provenance_fen}
    return source_text(sums[item], words) if item in sums else ""


def _sources(by_provenance: pd.DataFrame) -> dict[str, dict[str, int]]:
    rows = {row["provenance"]: row for row in by_provenance.to_dict("records")}
    return {
        part: {name: whole(rows[name][f"{part}_fen"]) or 0 if name in rows else 0 for name in PROVENANCES} for part in COMPONENTS
    }


def _kept(receivable_fen: int | None, sales_fen: int | None, total_fen: int | None) -> int | None:
    return None if None in (receivable_fen, sales_fen, total_fen) else receivable_fen - total_fen


def _yuan(fen: int | None) -> str:
    return numbers.money_exact(fen).replace("¥", "")


def whole(value: Any) -> int | None:
    """Return a cell of an answer as a whole number; pandas shows a missing one as NaN or NA."""
    return None if pd.isna(value) else int(value)
