"""The data's health in the reader's words: the sentence, the findings, what is missing and what that means, the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from analytics.domain.vocabulary import COMPONENTS, KINDS, PROVENANCES
from analytics.present import numbers
from analytics.present.account import Account, item_name, month_name, source_text, whole
from analytics.present.exports import Column
from analytics.present.labels import Words
from analytics.present.tiles import Tile
from analytics.present.titles import Titles

FILE_KINDS = (
    *("orders", "cases", "fund_flow", "settlement", "freight_insurance", "ad_spend"),
    *("product_costs", "tagged_orders"),
)
# What a month needs to be called complete; the others come late by nature, or not every shop has them.
NEEDED_KINDS = ("orders", "cases", "fund_flow", "ad_spend")
NOTES = ("noted_refunds", "flows_not_understood")  # good to know, nothing to do
NOT_OF_PRODUCTS = ("flows_not_booked", "flows_not_understood", "unallocated_ad_spend")  # whose items are no products


@dataclass(frozen=True)
class Cover:
    """How far one kind of file covers a month: days, or for product costs order lines."""

    kind: str
    month: date
    wanted: int
    covered: int
    rows: int

    @property
    def state(self) -> str:
        """`covered`, `partly` or `missing`."""
        if self.covered >= self.wanted:
            return "covered"
        return "partly" if self.covered or self.rows else "missing"

    def text(self, words: Words) -> str:
        """Say it in figures: `30 / 31 天，1,204 行`."""
        wanted, covered, rows = (numbers.count(number) for number in (self.wanted, self.covered, self.rows))
        if self.kind == "product_costs":
            return words("health.cell.lines", wanted=wanted, covered=covered)
        return words("health.cell.days", wanted=wanted, covered=covered, rows=rows)


def is_sound(findings: pd.DataFrame, failing: int | None) -> bool:
    """Whether there is nothing to handle."""
    return _to_handle(findings, failing)[0] == 0


def sentence(findings: pd.DataFrame, failing: int | None, words: Words) -> str:
    """Answer the page's question: how many things are to be handled, and how much money they touch."""
    count, amount_fen = _to_handle(findings, failing)
    if not count:
        return words("health.sentence_sound")
    if not amount_fen:
        return words("health.sentence_no_money", count=numbers.count(count))
    return words("health.sentence", count=numbers.count(count), money=numbers.money(amount_fen, words.language))


def tiles(account: Account, covers: Sequence[Cover], listed: pd.DataFrame, failing: int | None, words: Words) -> list[Tile]:
    """Return the four figures: documented share of the loss, complete months, unknown words, failing checks."""
    months, unknown = {cover.month for cover in covers}, unknown_words(listed)
    complete = len(months) - len(incomplete_months(covers))
    of_months = words("health.tile.of", part=complete, whole=len(months)) if months else numbers.NOTHING
    known = account.assumed_share if account.assumed_share is None else 1 - account.assumed_share
    source = source_text(account.provenance_fen, words)
    texts = [
        ("known", words("health.tile.known"), numbers.rate(known), words("health.tile.known_help", source=source)),
        ("months", words("health.tile.months"), of_months, words("health.tile.months_help")),
        (
            "words",
            words("health.tile.words"),
            numbers.count(len(unknown)),
            words("health.tile.words_help", rows=numbers.count(int(unknown["row_count"].sum()))),
        ),
        ("checks", words("health.tile.checks"), numbers.count(failing), words("health.tile.checks_help")),
    ]
    return [Tile(key, label, value, explanation, "", None, ()) for key, label, value, explanation in texts]


def findings_table(findings: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Put the findings into words, what is to handle first.

    Columns: finding, detail, weight, what, count, amount_fen, means, remedy.
    """
    rows = [_finding_row(row, words) for row in findings.to_dict("records")]
    columns = ["finding", "detail", "weight", "what", "count", "amount_fen", "means", "remedy"]
    table = pd.DataFrame(sorted(rows, key=lambda row: row["finding"] in NOTES), columns=columns)
    return table.astype({"amount_fen": "Int64", "count": "Int64"})


def finding_columns(words: Words) -> dict[str, Column]:
    """Return the columns of the findings as they are shown and exported."""
    return {
        "what": Column(words("health.column.finding")),
        "count": Column(words("health.column.count"), "count"),
        "amount_fen": Column(words("health.column.amount"), "money_fen"),
        "means": Column(words("health.column.means")),
        "remedy": Column(words("health.column.remedy")),
        "weight": Column(words("health.column.weight")),
    }


def finding_title(finding: str, detail: str, words: Words) -> str:
    """Return what a finding is called, with the word or component that it is about. Plain text, not escaped."""
    title = words(f"health.finding.{finding}")
    if finding == "unknown_component":
        detail = item_name(detail, words) if detail != "sales" else words.term(COMPONENTS["sales"])
    elif finding == "unknown_word":
        field, _, word = detail.partition(" ")
        detail = f"{words(f'health.field.{field}')} {word}"
    return words("health.finding_of", finding=title, detail=detail) if detail else title


def rows_note(finding: str, detail: str, count: int, shown: int, most: int, words: Words) -> str:
    """Say what an open finding means, what to do, and how many of its rows are shown and downloaded (at most `most`)."""
    said = {"means": _means(finding, detail, words), "remedy": words(f"health.remedy.{finding}"), "count": numbers.count(count)}
    if count <= shown:
        return words("health.rows.note", **said)
    return words("health.rows.note_cut", shown=numbers.count(shown), whole=numbers.count(min(count, most)), **said)


def rows_table(rows: pd.DataFrame, finding: str, titles: Titles) -> pd.DataFrame:
    """Return the rows behind a finding with their products by name."""
    if finding in NOT_OF_PRODUCTS:
        return rows
    named = [titles("product", item) if isinstance(item, str) else None for item in rows["item"]]
    return rows.assign(item=pd.Series(named, index=rows.index, dtype=object))


def row_columns(words: Words, *, several_shops: bool) -> dict[str, Column]:
    """Return the columns of the rows behind a finding; the shop only where there are several."""
    shop = {"shop": Column(words("health.column.shop"))} if several_shops else {}
    return {
        **shop,
        "order_id": Column(words("health.column.order"), "id"),
        "case_id": Column(words("health.column.case"), "id"),
        "item": Column(words("health.column.item")),
        "happened_at": Column(words("health.column.time"), "time"),
        "amount_fen": Column(words("health.column.amount"), "money_fen"),
        "source_file": Column(words("health.column.file")),
        "source_row": Column(words("health.column.line"), "number"),
    }


def covers_of(files: pd.DataFrame) -> list[Cover]:
    """Read the months and kinds of a `health_files` answer, its shops added up."""
    sums = files.groupby(["kind", "month"], as_index=False)[["wanted_count", "covered_count", "row_count"]].sum()
    rows = sums.to_dict("records")
    covers = [
        Cover(row["kind"], _day(row["month"]), int(row["wanted_count"]), int(row["covered_count"]), int(row["row_count"]))
        for row in rows
    ]
    return sorted(covers, key=lambda cover: (FILE_KINDS.index(cover.kind), cover.month))


def incomplete_months(covers: Sequence[Cover]) -> list[date]:
    """Return the months that lack days of a file that every account needs."""
    return sorted({cover.month for cover in covers if cover.kind in NEEDED_KINDS and cover.state != "covered"})


def gaps_table(files: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Say of every month and kind that is not covered what is missing and what that means, newest first.

    Months in a row without any file of a kind are one line. Columns: gap, effect, rows.
    """
    several = files["shop"].nunique() > 1
    found = [(shop, run) for shop, rows in files.groupby("shop") for run in _runs(covers_of(rows))]
    found.sort(key=lambda pair: (-pair[1][-1].month.toordinal(), FILE_KINDS.index(pair[1][0].kind), pair[0]))
    table = [
        {
            "gap": words("health.gap.of_shop", shop=shop, gap=_gap(run, words)) if several else _gap(run, words),
            "effect": words(f"health.effect.{run[0].kind}"),
            "rows": sum(cover.rows for cover in run),
        }
        for shop, run in found
    ]
    return pd.DataFrame(table, columns=["gap", "effect", "rows"]).astype({"rows": "Int64"})


def gap_columns(words: Words) -> dict[str, Column]:
    """Return the columns of the gaps."""
    return {
        "gap": Column(words("health.column.kind")),
        "effect": Column(words("health.column.effect")),
        "rows": Column(words("health.column.rows"), "count"),
    }


def components_table(components: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return month, component, the shares of measured, set and assumed money (0–1), unknown and all refunds, as shown."""
    rows = components.to_dict("records")
    return pd.DataFrame(
        {
            "month": [month_name(row["month"], words) for row in rows],
            "component": [words.term(COMPONENTS[row["component"]]) for row in rows],
            **{source: pd.array([_share(row, source) for row in rows], dtype="Float64") for source in PROVENANCES},
            "unknown_count": components["unknown_count"].tolist(),
            "refund_count": components["refund_count"].tolist(),
        }
    )


def component_columns(words: Words) -> dict[str, Column]:
    """Return the columns of what the components rest on."""
    return {
        "month": Column(words("health.column.month")),
        "component": Column(words("health.column.component")),
        "actual": Column(words("health.column.actual"), "rate"),
        "set": Column(words("health.column.set"), "rate"),
        "assumed": Column(words("health.column.assumed"), "rate"),
        "unknown_count": Column(words("health.column.unknown"), "count"),
        "refund_count": Column(words("health.column.refunds"), "count"),
    }


def unknown_words(listed: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a `health_words` answer that nobody has given a meaning."""
    return listed[listed["meaning"].isna()].reset_index(drop=True)


def own_words(listed: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the words of a `health_words` answer that the operator has given a meaning."""
    return listed[listed["meaning"].notna()].to_dict("records")


def words_table(listed: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return the unknown words with what they are taken for now. Columns: word, field, row_count, amount_fen, now."""
    unknown = unknown_words(listed)
    return unknown.assign(
        now=[words(f"health.now.{field}") for field in unknown["field"]],
        field=[words(f"health.field.{field}") for field in unknown["field"]],
    )


def word_columns(words: Words) -> dict[str, Column]:
    """Return the columns of the unknown words."""
    return {
        "word": Column(words("health.column.word")),
        "field": Column(words("health.column.field")),
        "row_count": Column(words("health.column.rows"), "count"),
        "amount_fen": Column(words("health.column.amount"), "money_fen"),
        "now": Column(words("health.column.now")),
    }


def meaning_title(field: str, meaning: str, words: Words) -> str:
    """Return what a meaning is called."""
    return words.term(KINDS[meaning]) if field == "case_kind" else words(f"health.word.{field}.{meaning}")


def effect(previewed: dict[str, Any], meaning: str, words: Words) -> str:
    """Say what a word's new meaning changes: rows, money, total loss and refunds before and after."""
    before, after = previewed["before"], previewed["after"]
    totals = [whole(side["total_fen"]) for side in (before, after)]
    known = None not in totals
    return words(
        "health.words.effect",
        rows=numbers.count(whole(previewed["row_count"])),
        money=numbers.money_exact(whole(previewed["amount_fen"])),
        meaning=meaning,
        before=numbers.money_exact(totals[0]),
        after=numbers.money_exact(totals[1]),
        change=_signed(totals[1] - totals[0]) if known else numbers.NOTHING,
        refunds_before=numbers.count(whole(before["refunds"])),
        refunds_after=numbers.count(whole(after["refunds"])),
    )


def checks_table(failures: Sequence[dict[str, Any]], words: Words) -> pd.DataFrame:
    """Return the failing rows with their rule in words. Columns: rule, table, row."""
    rows = [{**failure, "rule": words(f"health.rule.{failure['rule']}")} for failure in failures]
    return pd.DataFrame(rows, columns=["rule", "table", "row"])


def check_columns(words: Words) -> dict[str, Column]:
    """Return the columns of the failing checks."""
    return {
        "rule": Column(words("health.column.rule")),
        "table": Column(words("health.column.table")),
        "row": Column(words("health.column.row")),
    }


def _to_handle(findings: pd.DataFrame, failing: int | None) -> tuple[int, int]:
    """How many things are to be handled, a finding with several details being one, and the fen they touch."""
    chosen = findings[~findings["finding"].isin(NOTES)]
    return chosen["finding"].nunique() + bool(failing), int(chosen["amount_fen"].abs().sum())


def _finding_row(row: dict[str, Any], words: Words) -> dict[str, Any]:
    finding, detail = row["finding"], row["detail"]
    return {
        "finding": finding,
        "detail": detail,
        "weight": words("health.weight.note") if finding in NOTES else words("health.weight.handle"),
        "what": finding_title(finding, detail, words),
        "count": row["item_count"],
        "amount_fen": row["amount_fen"],
        "means": _means(finding, detail, words),
        "remedy": words(f"health.remedy.{finding}"),
    }


def _means(finding: str, detail: str, words: Words) -> str:
    """What a finding means for the figures; of a word, what it is taken for."""
    return words(f"health.now.{detail.partition(' ')[0]}") if finding == "unknown_word" else words(f"health.means.{finding}")


def _runs(covers: Sequence[Cover]) -> list[list[Cover]]:
    """What is not covered, by kind and month; months in a row of which a kind has nothing together."""
    runs: list[list[Cover]] = []
    for before, cover in zip([None, *covers], covers, strict=False):
        if cover.state == "covered":
            continue
        goes_on = before is not None and before.kind == cover.kind and before.state == cover.state == "missing"
        runs = [*runs[:-1], [*runs[-1], cover]] if goes_on else [*runs, [cover]]
    return runs


def _gap(run: Sequence[Cover], words: Words) -> str:
    first, last = run[0], run[-1]
    kind, month = words(f"health.kind.{first.kind}"), month_name(first.month, words)
    counts = {"wanted": numbers.count(first.wanted), "covered": numbers.count(first.covered)}
    if len(run) > 1:
        month = words("health.gap.months", first=month, last=month_name(last.month, words))
    if first.state == "missing":
        return words("health.gap.missing", month=month, kind=kind)
    if first.kind == "product_costs":
        return words("health.gap.lines", month=month, **counts)
    return words("health.gap.partly", month=month, kind=kind, **counts)


def _share(row: dict[str, Any], source: str) -> float | None:
    return numbers.ratio(row[f"{source}_fen"], sum(row[f"{name}_fen"] for name in PROVENANCES))


def _signed(fen: int) -> str:
    return f"+{numbers.money_exact(fen)}" if fen > 0 else numbers.money_exact(fen)


def _day(month: Any) -> date:
    return pd.Timestamp(month).date()
