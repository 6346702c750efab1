"""One case's own account in words: five parts, each amount with how it was worked out, what it rests on, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from analytics.domain.costs import COST_NAMES, format_value
from analytics.domain.money import round_half_away
from analytics.domain.vocabulary import COMPONENTS
from analytics.present import numbers
from analytics.present.account import item_name, whole
from analytics.present.exports import Column
from analytics.present.labels import Words
from analytics.present.titles import Titles

Rows = Sequence[Mapping[str, Any]]
SOURCES = ("actual", "set", "assumed", "unknown")  # what a doubt of 0, 1, 2, 3 means
UFEN = 1_000_000
MOST_PLACES = 12  # rows of advertising spend of one day; more would hide the rest
_SHARING = ("before_shipment", "intercepted", "returned", "kept", "unknown")
_DAMAGE_RATES = {
    "intercepted": "damage_rate_intercepted",
    "returned": "damage_rate_returned",
    "exchanged": "damage_rate_returned",
}
_AFTER_SHIPMENT = ("intercepted", "returned", "kept")
SPEND_TYPES = ("traffic", "slot_fee", "samples", "agency")
_OUT = (("freight", "outbound_freight"), ("packing", "packing"))
_AGAIN = (("again_freight", "again_freight"), ("again_packing", "again_packing"))


@dataclass(frozen=True)
class Step:
    """One amount of a part: its name, fen (None: unknown), how it was worked out, what it rests on, and where that stands."""

    label: str
    amount_fen: int | None
    how: str
    source: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One of the five components of a case: fen (None: nothing of it is known), whether some of it is not, and its steps."""

    component: str
    amount_fen: int | None
    is_partly_unknown: bool
    steps: tuple[Step, ...]
    nothing: str  # why there is no step


@dataclass(frozen=True)
class CaseAccount:
    """A case as its reader sees it: the five parts, their sum in fen, and the facts of its order as (title, text)."""

    parts: tuple[Part, ...]
    total_fen: int | None
    is_open: bool
    facts: tuple[tuple[str, str], ...]


def account_of_case(rows: Rows, sources: Rows, words: Words, titles: Titles) -> CaseAccount:
    """Read a case from its rows of `case_account` (its lines) and `case_sources`; every figure is the ledger's own."""
    found = [_Line(row, sources, words, titles) for row in rows]
    parts = tuple(_part(component, found, words) for component in COMPONENTS)
    known = [part.amount_fen for part in parts if part.amount_fen is not None]
    return CaseAccount(parts, sum(known) if known else None, bool(found[0].row["is_open"]), _facts(found, words, titles))


def _part(component: str, lines: list[_Line], words: Words) -> Part:
    amounts = [whole(line.row[f"{component}_fen"]) or 0 for line in lines]
    is_unknown = any(bool(line.row[f"is_{component}_unknown"]) for line in lines)
    steps = [step for line in lines for step in line.steps(component)]
    amount = None if is_unknown and sum(amounts) == 0 else sum(amounts)
    nothing = words("case.unknown_part") if is_unknown else words(f"case.nothing.{component}")
    return Part(component, amount, is_unknown, tuple(steps), nothing)


class _Line:
    """A line of the case, with the inputs it can draw on."""

    def __init__(self, row: Mapping[str, Any], sources: Rows, words: Words, titles: Titles) -> None:
        self.row, self.words, self.titles = row, words, titles
        self.inputs: dict[str, list[Mapping[str, Any]]] = {}
        for source in sources:
            if source["line_no"] == row["line_no"]:
                self.inputs.setdefault(source["input"], []).append(source)

    def steps(self, component: str) -> list[Step]:
        """The amounts that make up a component on this line."""
        words = self.words
        made = getattr(self, f"_{component}")()
        if self.row["line_part_count"] == 1:
            return made
        line = words("case.line", line=self.row["line_no"])
        return [Step(f"{line} · {step.label}", step.amount_fen, step.how, step.source, step.places) for step in made]

    def _fen(self, name: str) -> int:
        return whole(self.row[f"{name}_fen"]) or 0

    def _step(self, name: str, amount_fen: int, how: str, doubt: int, places: Iterable[str] = ()) -> Step:
        words = self.words
        amount = None if doubt == 3 else amount_fen
        listed = [place for place in places if place]
        if len(listed) > MOST_PLACES:
            more = words("case.more_places", count=len(listed) - MOST_PLACES)
            listed = [*listed[:MOST_PLACES], more]
        return Step(words(f"case.step.{name}"), amount, how, SOURCES[doubt], tuple(listed))

    def _sales(self) -> list[Step]:
        words = self.words
        doubt = int(self.row["sales_doubt"])
        if not self._fen("sales") and doubt == 0:
            return []
        if doubt == 3:
            how = words("case.how.refund_unknown", receivable=numbers.money_exact(self._fen("receivable")))
        else:
            how = words("case.how.refund_told") if self.row["is_inferred"] else words("case.how.refund")
        return [self._step("refund", self._fen("sales"), how, doubt, [self._case_place()])]

    def _acquisition(self) -> list[Step]:
        words = self.words
        doubt = int(self.row["acquisition_doubt"])
        if self.row["line_stage"] not in _SHARING or (not self._fen("acquisition") and doubt != 3):
            return []
        cost = self._rounded("acquisition_ufen")
        how = words("case.how.acquisition", cost=numbers.money_exact(cost), share=self._share())
        if doubt == 3:
            how = words("case.how.unknown")
        places = {
            "spend": [words("case.how.spread"), *self._spent()],
            "order": [self._setting("acquisition_per_order")],
            "rate": [self._rate_of_paid("acquisition_rate")],
        }[self.row["acquisition_by"]]
        return [self._step("acquisition", self._fen("acquisition"), how, doubt, places)]

    def _logistics(self) -> list[Step]:
        words = self.words
        steps = [self._charged(part, setting) for part, setting in _OUT]
        steps.append(self._premium())
        steps.append(self._back())
        steps.append(self._charged("intercept", "intercept_fee"))
        steps += [self._charged(part, setting) for part, setting in _AGAIN]
        found = [step for step in steps if step is not None]
        if self.row["stage"] in _AFTER_SHIPMENT and not any(self._fen(part) for part, _ in _OUT) and self.row["is_lead"]:
            found.append(Step(words("case.step.out_once"), 0, words("case.how.out_once"), "actual"))
        return found

    def _handling(self) -> list[Step]:
        words = self.words
        steps = [self._minutes(), self._fee_kept(), self._charged("inspection", "inspection")]
        if self._fen("penalty"):
            places = [*self._filed("booked_penalty"), *self._filed("booked_compensation")]
            steps.append(self._step("penalty", self._fen("penalty"), words("case.how.penalty"), 0, places))
        if self._fen("kept_fees"):
            settled = self._filed("booked_kept_fees") if self.row["is_fully_refunded"] else []
            places = [*self._filed("booked_kept_fee"), *settled]
            steps.append(self._step("kept_fees", self._fen("kept_fees"), words("case.how.kept_fees"), 0, places))
        return [step for step in steps if step is not None]

    def _damage(self) -> list[Step]:
        words = self.words
        doubt = int(self.row["damage_doubt"])
        raw_fen = self._fen("damage") + self._fen("relief")
        if not raw_fen and doubt != 3:
            return []
        steps = [self._step("damage", raw_fen, self._damage_how(doubt), doubt, self._damage_places())]
        if self._fen("relief"):
            places = self._filed("booked_compensation")
            steps.append(self._step("relief", -self._fen("relief"), words("case.how.relief"), 0, places))
        return steps

    def _damage_how(self, doubt: int) -> str:
        words = self.words
        if doubt == 3:
            return words("case.how.unknown")
        said = {
            "cost": numbers.money_exact(self._rounded("goods_ufen")),
            "rate": format_value("damage_rate_returned", whole(self.row["damage_ppm"])),
            "share": self._share(),
        }
        return words(f"case.how.damage_{self.row['line_stage']}", **said)

    def _damage_places(self) -> list[str]:
        rates = {
            "intercepted": "damage_rate_intercepted",
            "returned": "damage_rate_returned",
            "exchanged": "damage_rate_returned",
        }
        rate = rates.get(str(self.row["line_stage"]))
        return [self._goods_place(), self._setting(rate) if rate else ""]

    def _goods_place(self) -> str:
        words = self.words
        if self.row["goods_by"] != "cost":
            return self._rate_of_paid("goods_cost_rate")
        price = self.inputs["unit_cost"][0]
        unit_fen = whole(price["value"]) or 0
        pieces = self._rounded("goods_ufen") // unit_fen if unit_fen else 1
        unit = numbers.money_exact(unit_fen)
        return words("case.unit_cost", unit=unit, pieces=pieces, since=self._since(price), place=self._place(price))

    def _charged(self, part: str, setting: str) -> Step | None:
        """A part that is one setting's amount, where it is charged."""
        words = self.words
        amount, doubt = self._fen(part), int(self.row[f"{part}_doubt"])
        if not amount and doubt != 3:
            return None
        how = words(f"case.how.{part}") if doubt != 3 else words("case.how.unknown")
        return self._step(part, amount, how, doubt, [self._setting(setting)])

    def _premium(self) -> Step | None:
        words = self.words
        doubt = int(self.row["premium_doubt"])
        if not self._fen("premium") and doubt != 3:
            return None
        places = self._filed("booked_premium") or [self._setting("freight_insurance")]
        return self._step("premium", self._fen("premium"), words("case.how.premium"), doubt, places)

    def _back(self) -> Step | None:
        words = self.words
        by, doubt = self.row["back_by"], int(self.row["back_doubt"])
        if not isinstance(by, str):
            return None
        if by == "setting":
            if doubt == 3:
                how = words("case.how.unknown")
            else:
                freight = numbers.money_exact(whole(self.row["return_freight_fen"]))
                share = format_value("merchant_bears_return", whole(self.row["merchant_bears_ppm"]))
                how = words("case.how.back_setting", freight=freight, share=share)
            places = [self._setting("return_freight"), self._setting("merchant_bears_return")]
        elif by == "insured":
            how, places = words("case.how.back_insured"), self._filed("booked_premium")
        else:
            how, places = words("case.how.back_booked"), self._filed("booked_return_freight")
            if whole(self.row["postage_fen"]):
                places.append(words("case.postage", amount=numbers.money_exact(self._fen("postage"))))
        return self._step("back", self._fen("back"), how, doubt, places)

    def _minutes(self) -> Step | None:
        words = self.words
        doubt = int(self.row["minutes_doubt"])
        if not self._fen("minutes") and doubt != 3:
            return None
        if doubt == 3:
            how = words("case.how.unknown")
        else:
            minutes = format_value("minutes_unknown", whole(self.row["minutes_centiminutes"]))
            how = words("case.how.minutes", minutes=minutes, wage=numbers.money_exact(whole(self.row["wage_fen"])))
        return self._step("minutes", self._fen("minutes"), how, doubt, [self._setting("minutes"), self._setting("hourly_wage")])

    def _fee_kept(self) -> Step | None:
        words = self.words
        doubt = int(self.row["fee_kept_doubt"])
        if not self._fen("fee_kept") and doubt != 3:
            return None
        rate = format_value("fee_kept_rate", whole(self.row["fee_kept_ppm"]))
        said = {"refund": numbers.money_exact(whole(self.row["case_refund_fen"])), "rate": rate}
        how = words("case.how.unknown") if doubt == 3 else words("case.how.fee_kept", **said)
        return self._step("fee_kept", self._fen("fee_kept"), how, doubt, [self._setting("fee_kept_rate")])

    def _rounded(self, name: str) -> int:
        return round_half_away(whole(self.row[name]) or 0, UFEN)

    def _share(self) -> str:
        """How much of the line this case takes: all refunds so far over the receivable, less what earlier cases took."""
        words = self.words
        receivable, so_far = self._fen("receivable"), self._fen("share")
        booked = self._fen("booked_share")
        said = {"refund": numbers.money_exact(so_far), "receivable": numbers.money_exact(receivable)}
        if booked:
            earlier = numbers.rate(numbers.ratio(booked, receivable))
            return words("case.share_left", share=numbers.rate(numbers.ratio(so_far, receivable)), earlier=earlier, **said)
        return words("case.share", share=numbers.rate(numbers.ratio(so_far, receivable)), **said)

    def _setting(self, name: str) -> str:
        """Where a cost setting of the case comes from: its value, date and scope, or the starter assumption it stands for."""
        words = self.words
        source = next(iter(self.inputs.get(name, ())), None)
        if source is None:
            return ""
        cost = COST_NAMES[source["name"]]
        said = {
            "name": self.words.term((cost.chinese, cost.english)),
            "value": _typed(source["name"], whole(source["value"]), words),
        }
        if source["is_starter"]:
            known = whole(source["value"]) is not None
            return words("case.starter", **said) if known else words("case.not_set", name=said["name"])
        if whole(source["value"]) is None:
            return words("case.switched_off", name=said["name"], since=self._since(source), place=self._place(source))
        scope = self._scope(source["scope"])
        return words("case.setting", **said, since=self._since(source), scope=scope, place=self._place(source))

    def _rate_of_paid(self, name: str) -> str:
        words = self.words
        paid = numbers.money_exact(whole(self.row["paid_fen"]))
        return words("case.of_paid", paid=paid, setting=self._setting(name))

    def _scope(self, scope: Any) -> str:
        words = self.words
        kind, _, wanted = str(scope).partition(":")
        if not wanted:
            return words("case.scope_shop")
        return words("chip.group", dimension=self.titles.of_dimension(kind), group=self.titles(kind, wanted))

    def _since(self, source: Mapping[str, Any]) -> str:
        words = self.words
        day = source["since"]
        if pd.isna(day) or pd.Timestamp(day).date() <= date(1970, 1, 1):
            return words("case.always")
        return words("case.since", day=f"{pd.Timestamp(day):%Y-%m-%d}")

    def _filed(self, name: str) -> list[str]:
        """The rows of files behind a booked amount."""
        words = self.words
        return [
            words("case.booked", amount=numbers.money_exact(whole(source["value"])), place=self._place(source))
            for source in self.inputs.get(name, ())
        ]

    def _spent(self) -> list[str]:
        """The rows of advertising spend that the order has a part of."""
        words, made = self.words, []
        for source in self.inputs.get("ad_spend", ()):
            kind = words(f"case.spend.{source['name']}") if source["name"] in SPEND_TYPES else source["name"]
            reached = [self.titles(side, source[side]) for side in ("channel", "streamer") if isinstance(source[side], str)]
            target = " · ".join([kind, *(reached or [words("case.scope_shop")])])
            said = {"target": target, "amount": numbers.money_exact(whole(source["value"]))}
            made.append(words("case.spend_row", **said, place=self._place(source)))
        return made

    def _place(self, source: Mapping[str, Any]) -> str:
        return _place(source["file"], source["sheet"], source["row"], self.words)

    def _case_place(self) -> str:
        words = self.words
        side = "order" if self.row["is_inferred"] else "case"
        return words("case.file", place=_place(*(self.row[f"{side}_{name}"] for name in ("file", "sheet", "row")), self.words))


def _facts(lines: list[_Line], words: Words, titles: Titles) -> tuple[tuple[str, str], ...]:
    """What is known of the case and its order, dashes where nothing is."""
    row = lines[0].row
    told = {
        "shop": row["shop"],
        "order": row["order_id"],
        "stage": titles("stage", row["stage"]),
        "kind": titles("kind", row["kind"]),
        "reason": titles("reason", row["reason"]),
        "product": " / ".join(dict.fromkeys(titles("product", line.row["product"]) for line in lines)),
        "streamer": titles("streamer", row["streamer"]),
        "tool": titles("tool", row["tool"]),
        "receivable": numbers.money_exact(sum(whole(line.row["receivable_fen"]) or 0 for line in lines)),
        "paid_at": _moment(row["paid_at"]),
        "shipped_at": _moment(row["shipped_at"]),
        "delivered": _yes(row["is_delivered"], words),
        "applied_at": _moment(row["applied_at"]),
        "finished_at": _moment(row["finished_at"]),
        "return_no": str(row["return_no"]) if isinstance(row["return_no"], str) and row["return_no"] else numbers.NOTHING,
        "order_row": _place(row["order_file"], row["order_sheet"], row["order_row"], words),
        "case_row": _place(row["case_file"], row["case_sheet"], row["case_row"], words),
    }
    return tuple((words(f"case.fact.{name}"), str(text) or numbers.NOTHING) for name, text in told.items())


def steps_table(found: CaseAccount, words: Words) -> tuple[pd.DataFrame, dict[str, Column]]:
    """Lay a case's account out for a download: a row a step, a part without any in one row that says why."""
    rows = []
    for part in found.parts:
        title = component_title(part, words)
        rows += [(title, step.label, step.amount_fen, step.how, *_rests_on(step, words)) for step in part.steps]
        if not part.steps:
            rows.append((title, None, part.amount_fen, part.nothing, None, None))
    columns = {
        "component": Column(words("case.column.component")),
        "label": Column(words("case.fact_name")),
        "amount_fen": Column(words("column.amount"), "money_fen"),
        "how": Column(words("case.column.how")),
        "source": Column(words("case.column.source")),
        "places": Column(words("case.column.places")),
    }
    return pd.DataFrame(rows, columns=list(columns)).astype({"amount_fen": "Int64"}), columns


def _rests_on(step: Step, words: Words) -> tuple[str, str]:
    return words(f"case.source.{step.source}"), " | ".join(step.places)


def component_title(part: Part, words: Words) -> str:
    """Return what a component is called."""
    return item_name(part.component, words)


def _place(file: Any, sheet: Any, row: Any, words: Words) -> str:
    if pd.isna(file):
        return numbers.NOTHING
    name = f"{file} [{sheet}]" if isinstance(sheet, str) and sheet else str(file)
    return words("case.place", file=name, row=whole(row))


def _typed(name: str, value: int | None, words: Words) -> str:
    """Write a setting's value with its unit."""
    unit = COST_NAMES[name].unit
    if value is None or unit == "fen":
        return numbers.money_exact(value)
    text = format_value(name, value)
    return words("case.minutes", minutes=text) if unit == "centiminutes" else text


def _moment(moment: Any) -> str:
    return numbers.NOTHING if pd.isna(moment) else f"{moment:%Y-%m-%d %H:%M}"


def _yes(flag: Any, words: Words) -> str:
    if pd.isna(flag):
        return numbers.NOTHING
    return words("case.yes") if flag else words("case.no")
