"""The cost settings in the reader's shape: grouped as an operator thinks, what holds today, its course, what to set first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from analytics.domain.costs import COST_NAMES, SHOP_SCOPE, format_value
from analytics.domain.vocabulary import MISSING
from analytics.present import numbers
from analytics.present.account import whole
from analytics.present.exports import Column
from analytics.present.labels import Words
from analytics.present.tiles import Tile
from analytics.present.titles import Titles

# Each setting once, in the order in which an order lives.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "marketing": ("acquisition_per_order", "acquisition_rate"),
    "sending": ("outbound_freight", "packing", "freight_insurance"),
    "returning": ("return_freight", "merchant_bears_return", "intercept_fee", "inspection"),
    "working": ("hourly_wage", *(name for name in COST_NAMES if name.startswith("minutes_"))),
    "goods": ("goods_cost_rate", "damage_rate_returned", "damage_rate_intercepted"),
    "platform": ("fee_kept_rate", "technical_fee_rate", "price_cut_below"),
}
# The part of the account that a group's money goes to: its colour.
COMPONENT_OF_GROUP = {
    **{"marketing": "acquisition", "sending": "logistics", "returning": "logistics"},
    **{"working": "handling", "goods": "damage", "platform": "handling"},
}
# Without it, or switched off, another setting takes its place: nothing becomes unknown.
_INSTEAD = {"acquisition_per_order": "acquisition_rate"}
MOST_TO_SET = 5
PRODUCT = "product"  # stands for a setting's name where a product's own cost is meant


@dataclass(frozen=True)
class Held:
    """What one setting is worth in one scope, from a day (None: always) up to, not including, another (None: open).

    `source` is set, assumed (the starter assumption), off (nothing holds: unknown) or none (another setting holds instead).
    """

    name: str
    scope: str
    first_day: date | None
    end_day: date | None
    value: int | None
    source: str
    load_id: int | None = None

    def is_in_force(self, day: date) -> bool:
        """Whether it holds on a day."""
        return (self.first_day is None or self.first_day <= day) and (self.end_day is None or day < self.end_day)


@dataclass(frozen=True)
class Course:
    """One line of the timeline: its title, the component that gives its colour, and the stretches in order."""

    title: str
    component: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class Stretch:
    """Days (the last one not included) in which one value holds, as text; `source` as in `Held`, or actual (from a file)."""

    first_day: date
    end_day: date
    text: str
    source: str


@dataclass(frozen=True)
class Standing:
    """How far a shop's costs are its own: settings with a value of its own, assumed and unknown money, products without cost."""

    own_count: int
    setting_count: int
    assumed_fen: int
    total_fen: int | None
    unknown_refunds: int
    uncosted_products: int
    uncosted_fen: int

    @property
    def assumed_share(self) -> float | None:
        """The share of the loss that rests on starter assumptions, 0–1."""
        return numbers.ratio(self.assumed_fen, self.total_fen)


def standing_of(listed: pd.DataFrame, total: pd.DataFrame, goods: pd.DataFrame) -> Standing:
    """Read where a shop stands from its `cost_list`, its `losses_by` in one row and its `cost_goods`."""
    loss, uncosted = total.iloc[0], goods[goods["uncosted_count"] > 0]
    return Standing(
        own_count=int(listed.loc[listed["source"] == "set", "name"].nunique()),
        setting_count=len(COST_NAMES),
        assumed_fen=whole(loss["assumed_fen"]) or 0,
        total_fen=whole(loss["total_fen"]),
        unknown_refunds=whole(loss["unknown_refunds"]) or 0,
        uncosted_products=len(uncosted),
        uncosted_fen=int(uncosted["uncosted_fen"].sum()),
    )


def sentence(standing: Standing, words: Words) -> str:
    """Return the page's title: how many settings are the shop's own, and what of its loss rests on assumptions."""
    counts = {"own": standing.own_count, "all": standing.setting_count}
    if not standing.total_fen:
        return words("costs.title_no_loss", **counts)
    if not standing.assumed_fen:
        return words("costs.title_known", **counts)
    share = numbers.rate(standing.assumed_share)
    return words("costs.title", amount=numbers.money(standing.assumed_fen, words.language), share=share, **counts)


def tiles(standing: Standing, words: Words) -> list[Tile]:
    """Return the page's four figures: assumed money, own settings, products without a cost, refunds that lack one."""
    share = numbers.rate(standing.assumed_share)
    sold = numbers.money(standing.uncosted_fen, words.language)
    figures = (
        ("assumed", numbers.money(standing.assumed_fen, words.language), {"share": share}),
        ("own", f"{standing.own_count} / {standing.setting_count}", {}),
        ("uncosted", numbers.count(standing.uncosted_products), {"sold": sold}),
        ("unknown", numbers.count(standing.unknown_refunds), {}),
    )
    return [
        Tile(key, words(f"costs.tile.{key}"), value, words(f"costs.tile_help.{key}", **said), "", None, ())
        for key, value, said in figures
    ]


def first_to_set(assumed: pd.DataFrame, words: Words) -> list[tuple[str, str]]:
    """Return the settings that carry most assumed money, as (name, sentence), the most first."""
    rows = assumed[assumed["assumed_fen"] > 0].head(MOST_TO_SET).to_dict("records")
    return [
        (
            row["name"],
            words(
                "costs.rests",
                title=title_of(row["name"], words),
                amount=numbers.money(whole(row["assumed_fen"]), words.language),
            ),
        )
        for row in rows
    ]


def group_of(name: str) -> str:
    """Return the group that a setting stands in."""
    return next(group for group, names in GROUPS.items() if name in names)


def title_of(name: str, words: Words) -> str:
    """Return what a setting is called."""
    cost = COST_NAMES[name]
    title = words.term((cost.chinese, cost.english))
    return title[:1].upper() + title[1:]


def shown_value(name: str, value: int | None, words: Words) -> str:
    """Write a setting's value with its unit: ¥6.00, 20%, 8 分钟; nothing that holds is a dash."""
    if value is None:
        return numbers.NOTHING
    if name == PRODUCT:
        return numbers.money_exact(value)
    typed = format_value(name, value)
    unit = COST_NAMES[name].unit
    return words("costs.minutes", minutes=typed) if unit == "centiminutes" else f"¥{typed}" if unit == "fen" else typed


def scope_title(scope: str, titles: Titles, words: Words) -> str:
    """Say where a setting holds: the whole shop, or a product (by its name), a province, a reason."""
    if scope == SHOP_SCOPE:
        return words("costs.whole_shop")
    dimension, _, value = scope.partition(":")
    return words("costs.scope_of", dimension=titles.of_dimension(dimension), value=titles(dimension, value))


def setting_text(setting: tuple[str, str, int | None, date | None], titles: Titles, words: Words) -> str:
    """Say in one phrase what was set: (name, scope, value, first_day), a value of None being switched off."""
    name, scope, value, first_day = setting
    return words(
        "costs.setting_of_load",
        title=title_of(name, words),
        scope=scope_title(scope, titles, words),
        value=words("costs.no_value") if value is None else shown_value(name, value, words),
        since=first_day or words("costs.since_always"),
    )


def held_of(listed: pd.DataFrame) -> dict[tuple[str, str], list[Held]]:
    """Return what holds over time from a `cost_list` answer of one shop, by name and scope, without any day left out.

    Before the first day that the shop set, its whole-shop settings have the starter assumption; a narrower scope has nothing
    of its own then.
    """
    held: dict[tuple[str, str], list[Held]] = {(name, SHOP_SCOPE): [] for names in GROUPS.values() for name in names}
    for row in listed[listed["source"] != "assumed"].to_dict("records"):
        held.setdefault((row["name"], row["scope"]), []).append(_held(row))
    for (name, scope), periods in held.items():
        periods.sort(key=lambda period: period.first_day or date.min)
        if scope == SHOP_SCOPE and (not periods or periods[0].first_day is not None):
            periods.insert(0, _starter(name, periods[0].first_day if periods else None))
    return held


def settings_table(
    listed: pd.DataFrame, assumed: pd.DataFrame, today: date, titles: Titles, words: Words, *, group: str = ""
) -> pd.DataFrame:
    """Return a row a setting and scope: group, title, scope, value, since, source, next and assumed_fen, and its key.

    `assumed` is a `cost_assumed` answer; only whole-shop rows carry its money. Narrower scopes follow their setting.
    """
    resting = dict(zip(assumed["name"], assumed["assumed_fen"], strict=True))
    rows = [
        {
            "name": name,
            "scope_key": scope,
            "group": words(f"costs.group.{group_of(name)}"),
            "title": title_of(name, words),
            "scope": scope_title(scope, titles, words),
            "assumed_fen": whole(resting.get(name)) if scope == SHOP_SCOPE else None,
            **_today(periods, today, words),
        }
        for (name, scope), periods in _in_order(held_of(listed))
        if not group or group_of(name) == group
    ]
    return pd.DataFrame(rows).astype({"assumed_fen": "Int64"})


def table_columns(words: Words) -> dict[str, Column]:
    """Return the columns of the settings table."""
    texts = dict.fromkeys(("title", "value", "scope", "since", "source"), "text")
    kinds = {**texts, "assumed_fen": "money_fen", "next": "text", "group": "text"}
    return {name: Column(words(f"costs.column.{name}"), kind) for name, kind in kinds.items()}


def courses(listed: pd.DataFrame, days: tuple[date, date], titles: Titles, words: Words, *, group: str = "") -> list[Course]:
    """Return the timeline's lines between two days (the last not included), a setting and scope each.

    Without a group only the settings that the shop has touched, unless it has touched none.
    """
    touched = set(listed.loc[listed["source"] != "assumed", "name"])
    return [
        Course(
            title=title_of(name, words) if scope == SHOP_SCOPE else f"└ {scope_title(scope, titles, words)}",
            component=COMPONENT_OF_GROUP[group_of(name)],
            stretches=_clipped(periods, days, words),
        )
        for (name, scope), periods in _in_order(held_of(listed))
        if group_of(name) == group or (not group and (name in touched or not touched))
    ]


def product_courses(
    products: pd.DataFrame, goods: pd.DataFrame, listed: pd.DataFrame, days: tuple[date, date], titles: Titles, words: Words
) -> list[Course]:
    """Return the timeline's lines of the product costs: a product or SKU each, sold products without any cost among them.

    Where a product has no cost of its own, the goods cost as a share of what was paid holds instead, set or assumed.
    """
    instead = held_of(listed)[("goods_cost_rate", SHOP_SCOPE)]
    sold = {product: place for place, product in enumerate(goods["product_id"])}
    lines: dict[tuple[str, str], list[Held]] = {(product, ""): [] for product in goods["product_id"] if product}
    for row in products.to_dict("records"):
        lines.setdefault((row["product_id"], row["sku"]), []).append(_cost_of_unit(row))
    return [
        Course(_product_title(product, sku, titles), "damage", _with_instead(periods, instead, days, words, is_sku=bool(sku)))
        for (product, sku), periods in sorted(lines.items(), key=lambda line: (sold.get(line[0][0], len(sold)), line[0]))
    ]


def products_table(products: pd.DataFrame, today: date, titles: Titles, words: Words) -> pd.DataFrame:
    """Return a row a product and SKU with what one unit costs today: product_id, product, sku, since, next, unit_cost_fen."""
    rows = []
    for (product, sku), costs in products.groupby(["product_id", "sku"], sort=True):
        periods = [_cost_of_unit(row) for row in costs.to_dict("records")]
        current = next((period for period in periods if period.is_in_force(today)), None)
        rows.append(
            {
                "product_id": product,
                "product": titles("product", product),
                "sku": titles("sku", sku) if sku else words("costs.every_sku"),
                "unit_cost_fen": current.value if current else None,
                **{name: text for name, text in _today(periods, today, words).items() if name in ("since", "next")},
            }
        )
    names = ["product_id", "product", "sku", "unit_cost_fen", "since", "next"]
    return pd.DataFrame(rows, columns=names).astype({"unit_cost_fen": "Int64"})


def product_columns(words: Words) -> dict[str, Column]:
    """Return the columns of the table of product costs."""
    kinds = {"product": "text", "unit_cost_fen": "money_fen", "sku": "text", "since": "text", "next": "text", "product_id": "id"}
    return {name: Column(words(f"costs.column.{name}"), kind) for name, kind in kinds.items()}


def uncosted_table(goods: pd.DataFrame, titles: Titles) -> pd.DataFrame:
    """Return the products sold without a cost, most money first: those rows of a `cost_goods` answer, with their names."""
    table = goods[goods["uncosted_count"] > 0].copy()
    table["product"] = [titles("product", product or MISSING) for product in table["product_id"]]
    return table


def uncosted_columns(words: Words) -> dict[str, Column]:
    """Return the columns of the table of products without a cost."""
    kinds = {
        **{"product": "text", "uncosted_count": "count", "uncosted_fen": "money_fen", "uncosted_skus": "count"},
        **{"uncosted_first_day": "date", "uncosted_last_day": "date", "product_id": "id"},
    }
    return {name: Column(words(f"costs.column.{name}"), kind) for name, kind in kinds.items()}


def month_columns(words: Words, *, with_unknown: bool) -> dict[str, Column]:
    """Return the columns of a preview by month of payment, those of unknown refunds where their number moves."""
    money = dict.fromkeys(("change_fen", "before_fen", "after_fen"), "money_fen")
    counts = ("refunds", "unknown_before", "unknown_after") if with_unknown else ("refunds",)
    kinds = {"month": "text", **money, **dict.fromkeys(counts, "count")}
    return {name: Column(words(f"costs.column.{name}"), kind) for name, kind in kinds.items()}


def gaps(listed: pd.DataFrame, days: tuple[date, date], titles: Titles, words: Words) -> list[str]:
    """Say for each stretch without any value which setting has none, where and from when to when."""
    return [
        words(
            "costs.gap",
            title=title_of(name, words),
            scope=scope_title(scope, titles, words),
            first_day=stretch.first_day,
            end_day=stretch.end_day,
        )
        for (name, scope), periods in _in_order(held_of(listed))
        for stretch in _clipped(periods, days, words)
        if stretch.source == "off"
    ]


def in_force(listed: pd.DataFrame, name: str, scope: str, day: date) -> Held | None:
    """Return what holds for a setting in a scope on a day; None where the scope has nothing of its own."""
    return next((period for period in held_of(listed).get((name, scope), ()) if period.is_in_force(day)), None)


def starting(listed: pd.DataFrame, name: str, scope: str, first_day: date | None) -> Held | None:
    """Return what the shop set for exactly this day: a new value of that day replaces it."""
    periods = held_of(listed).get((name, scope), ())
    return next((period for period in periods if period.first_day == first_day and period.load_id is not None), None)


def source_text(held: Held, words: Words) -> str:
    """Say where a value comes from: set, starter assumption, off, or another setting instead."""
    return words(f"costs.source.{held.source}")


def _held(row: Mapping[str, Any]) -> Held:
    source = "none" if row["source"] == "off" and row["name"] in _INSTEAD else row["source"]
    days = (_day(row["effective_from"]), _day(row["effective_to"]))
    return Held(row["name"], row["scope"], *days, whole(row["value"]), source, whole(row["load_id"]))


def _cost_of_unit(row: Mapping[str, Any]) -> Held:
    days = (_day(row["effective_from"]), _day(row["effective_to"]))
    return Held(PRODUCT, SHOP_SCOPE, *days, whole(row["unit_cost_fen"]), "actual")


def _starter(name: str, end_day: date | None) -> Held:
    value = COST_NAMES[name].starter_value
    return Held(name, SHOP_SCOPE, None, end_day, value, "none" if value is None else "assumed")


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else value


def _in_order(held: Mapping[tuple[str, str], list[Held]]) -> list[tuple[tuple[str, str], list[Held]]]:
    """Settings in the order of the groups, each with its scopes behind it."""
    place = {name: number for number, name in enumerate(name for names in GROUPS.values() for name in names)}
    return sorted(held.items(), key=lambda item: (place[item[0][0]], item[0][1]))


def _today(periods: Sequence[Held], today: date, words: Words) -> dict[str, str]:
    """What holds today, since when, where from, and what comes next."""
    current = next((period for period in periods if period.is_in_force(today)), None)
    coming = next((period for period in periods if period.first_day and period.first_day > today), None)
    shown = {"value": numbers.NOTHING, "since": numbers.NOTHING, "source": words("costs.source.inherited")}
    if current:
        shown = {
            "value": shown_value(current.name, current.value, words),
            "since": current.first_day.isoformat() if current.first_day else words("costs.since_always"),
            "source": source_text(current, words),
        }
    if not coming:
        return {**shown, "next": ""}
    value = shown_value(coming.name, coming.value, words)
    return {**shown, "next": words("costs.next", day=coming.first_day, value=value, source=source_text(coming, words))}


def _clipped(periods: Sequence[Held], days: tuple[date, date], words: Words) -> tuple[Stretch, ...]:
    """The periods inside the days that are shown, their values as text."""
    shown = []
    for period in periods:
        first_day, end_day = max(period.first_day or days[0], days[0]), min(period.end_day or days[1], days[1])
        if first_day < end_day:
            shown.append(Stretch(first_day, end_day, _text(period, words), period.source))
    return tuple(shown)


def _text(period: Held, words: Words) -> str:
    if period.source == "off":
        return words("costs.no_value")
    if period.source == "none":
        return words("costs.instead")
    return shown_value(period.name, period.value, words)


def _with_instead(
    periods: Sequence[Held], instead: Sequence[Held], days: tuple[date, date], words: Words, *, is_sku: bool
) -> tuple[Stretch, ...]:
    """A product's costs, with what holds instead before the first of them; one SKU's cost has its product's before it."""
    own = _clipped(periods, days, words)
    until = periods[0].first_day if periods else days[1]
    if is_sku or until is None or until <= days[0]:
        return own
    before = _clipped(instead, (days[0], min(until, days[1])), words)
    return (*(_by_rate(stretch, words) for stretch in before), *own)


def _by_rate(stretch: Stretch, words: Words) -> Stretch:
    return stretch if stretch.source == "off" else replace(stretch, text=words("costs.by_rate", value=stretch.text))


def _product_title(product: str, sku: str, titles: Titles) -> str:
    return f"└ {titles('sku', sku)}" if sku else titles("product", product)
