"""One imagined order in the reader's words: the answer as a sentence, where the money went, and when keeping it pays."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analytics.domain import one_order
from analytics.domain.one_order import BreakEven, Given, Outcome
from analytics.domain.vocabulary import COMPONENTS, NO_CASE, PROVENANCES, STAGES
from analytics.present import numbers
from analytics.present.account import item_name
from analytics.present.exports import Column
from analytics.present.labels import Words

SOURCE_COLOURS = {"actual": "green", "set": "blue", "assumed": "gray", "typed": "orange"}


def ending_name(ending: str, words: Words) -> str:
    """Return what an ending is called: a stage by the ledger's vocabulary."""
    return words("one_order.unrefunded") if ending == NO_CASE else words.term(STAGES[ending])


def label(text: str) -> str:
    """Return a word of the vocabulary as it begins a label: English ones with a capital."""
    return text[:1].upper() + text[1:]


def source_name(source: str, words: Words) -> str:
    """Return what a provenance is called, `typed` among them."""
    return words("one_order.typed") if source == "typed" else words.term(PROVENANCES[source])


def title(outcomes: Mapping[str, Outcome], ending: str, words: Words) -> str:
    """Return the answer in a sentence: what this ending leaves, and how many sales make it up."""
    kept_fen, left_fen = outcomes[NO_CASE].profit_fen, outcomes[ending].profit_fen
    sales = one_order.sales_to_make_up(-left_fen, kept_fen)
    said = {
        "price": numbers.money_exact(outcomes[ending].steps["receivable"]),
        "ending": ending_name(ending, words),
        "left": numbers.money_exact(abs(left_fen)),
        "lost": numbers.money_exact(kept_fen - left_fen),
        "sales": numbers.count(sales),
    }
    if ending == NO_CASE:
        kind = "sold" if left_fen >= 0 else "sold_at_a_loss"
    elif left_fen >= 0:
        kind = "earns"
    else:
        kind = "hopeless" if sales is None else "one_sale" if sales == 1 else "loses"
    return words(f"one_order.title_{kind}", **said)


def tiles(outcomes: Mapping[str, Outcome], ending: str, words: Words) -> list[tuple[str, str, str]]:
    """Return the figures at the top as (label, value, explanation): left, unrefunded, lost against that, sales to make it up."""
    kept_fen, found = outcomes[NO_CASE].profit_fen, outcomes[ending]
    sales = one_order.sales_to_make_up(-found.profit_fen, kept_fen)
    values = {
        "left": numbers.money_exact(found.profit_fen),
        "unrefunded": numbers.money_exact(kept_fen),
        "lost": numbers.money_exact(kept_fen - found.profit_fen),
        "sales": words("one_order.never") if sales is None else words("one_order.orders", orders=numbers.count(sales)),
    }
    return [(words(f"one_order.tile.{name}"), value, words(f"one_order.tile_help.{name}")) for name, value in values.items()]


def steps(found: Outcome, words: Words) -> list[tuple[str, str, int]]:
    """Return the order's account as rows (item, name, fen) from what was receivable to what is left; empty rows left out."""
    names = {"fees": words("one_order.step.fees"), "goods": words("one_order.step.goods")}
    rows = [(item, names.get(item) or item_name(item, words), fen) for item, fen in found.steps.items() if fen]
    rows = [(item, label(name), fen) for item, name, fen in rows]
    return [*rows, ("left", words("one_order.step.left"), found.profit_fen)]


def told_parts(found: Outcome, words: Words) -> str:
    """Say what logistics and handling consist of: `退换物流费 = 发货 ¥3.50 + 退回 ¥8.00`."""
    told = []
    for component, parts in (("logistics", found.freight), ("handling", found.parts["handling"])):
        pieces = [(piece, fen) for piece, fen in parts.items() if fen]
        summed = " + ".join(f"{words(f'one_order.piece.{piece}')} {numbers.money_exact(fen)}" for piece, fen in pieces)
        told += [f"{label(words.term(COMPONENTS[component]))} = {summed}"] if summed else []
    return words("one_order.sentence", text=words("one_order.and").join(told)) if told else ""


def account_note(found: Outcome, words: Words) -> str:
    """Say what logistics and handling consist of, and what was spent for nothing."""
    is_sold = found.booked_as in {NO_CASE, "exchanged", "reshipped", "price_cut"}
    kind = "sold" if is_sold else "unsent" if found.ending == "before_shipment" else "lost"
    return f"{told_parts(found, words)}{words(f'one_order.account_{kind}')}"


def endings(outcomes: Mapping[str, Outcome], words: Words) -> list[tuple[str, str, int]]:
    """Return the endings as rows (ending, name, profit in fen)."""
    return [(ending, label(ending_name(ending, words)), found.profit_fen) for ending, found in outcomes.items()]


def endings_alt(outcomes: Mapping[str, Outcome], words: Words) -> str:
    """Say in a sentence what every ending leaves."""
    rows = [f"{name} {numbers.money_exact(fen)}" for _, name, fen in endings(outcomes, words)]
    return words("one_order.endings_alt", endings=words("one_order.and_so").join(rows))


def frame(outcomes: Mapping[str, Outcome], words: Words) -> pd.DataFrame:
    """Return the endings as a table: name, the five parts, hidden, total, profit, profit lost (fen), sales to make it up."""
    kept_fen = outcomes[NO_CASE].profit_fen
    rows = [
        {
            "ending": label(ending_name(ending, words)),
            **{component: found.part_fen(component) for component in COMPONENTS},
            "hidden": found.hidden_fen,
            "total": found.total_fen,
            "profit": found.profit_fen,
            "lost": kept_fen - found.profit_fen,
            "make_up": one_order.sales_to_make_up(-found.profit_fen, kept_fen),
        }
        for ending, found in outcomes.items()
    ]
    return pd.DataFrame(rows).astype({"make_up": "Int64"})


def columns(words: Words) -> dict[str, Column]:
    """Return the columns of `frame`."""
    parts = {component: Column(item_name(component, words), "money_fen") for component in COMPONENTS}
    sums = {name: Column(item_name(name, words), "money_fen") for name in ("hidden", "total")}
    own = {name: Column(words(f"one_order.tile.{of}"), "money_fen") for name, of in (("profit", "left"), ("lost", "lost"))}
    make_up = {"make_up": Column(words("one_order.tile.sales"), "count")}
    return {"ending": Column(words("one_order.ending")), **own, **parts, **sums, **make_up}


def described(given: Given, sources: Mapping[str, str], words: Words) -> dict[str, str]:
    """Return every input that is in use with its value and provenance, for the sheet of a download that names them."""
    told = {}
    for name in in_use(given):
        value, source = value_text(name, given[name], words), source_name(sources[name], words)
        told[label(words.term(one_order.INPUTS[name].titles))] = words("one_order.described", value=value, source=source)
    return told


def in_use(given: Given) -> list[str]:
    """Return the inputs that count: of an amount and its rate only the one that is taken."""
    idle_rates = {each.else_rate for each in one_order.INPUTS.values() if given[each.name] is not None}
    return [name for name, value in given.items() if value is not None and name not in idle_rates]


def standing(given: Given, sources: Mapping[str, str], words: Words) -> str:
    """Say how many of the inputs are measured, set, typed and assumed."""
    found = [sources[name] for name in in_use(given)]
    told = [(source, found.count(source)) for source in ("actual", "set", "typed", "assumed") if source in found]
    return " · ".join(words("one_order.inputs", source=source_name(source, words), count=count) for source, count in told)


def value_text(name: str, value: int | None, words: Words) -> str:
    """Write an input with its unit."""
    text = one_order.write(name, value or 0)
    unit = one_order.INPUTS[name].unit
    return {"fen": f"¥{text}", "ppm": text, "centiminutes": words("one_order.minutes", minutes=text)}[unit]


def chance_text(found: BreakEven, words: Words) -> str:
    """Return the break-even chance as the chart writes it."""
    if found.chance is None:
        return words("one_order.chance_never")
    return words("one_order.chance", chance=numbers.rate(found.chance)) if found.chance else words("one_order.chance_always")


def trap(before: BreakEven, words: Words) -> str:
    """Say the rescue trap plainly, with this order's money."""
    said = {"now": before.refund_now_fen, "later": before.refund_later_fen}
    return words("one_order.trap", **{name: numbers.money_exact(fen) for name, fen in said.items()})


def explained(found: BreakEven, is_shipped: bool, words: Words) -> str:
    """Say what can be won, what a refund costs later and at once, and from which chance on the offer pays."""
    when = "after" if is_shipped else "before"
    money = {"win": found.to_win_fen, "later": found.refund_later_fen, "now": found.refund_now_fen, "offer": found.offer_fen}
    said = {name: numbers.money_exact(fen) for name, fen in money.items()}
    verdict = "never" if found.chance is None else "needs" if found.chance else "always"
    chance = numbers.rate(found.chance)
    return f"{words(f'one_order.told_{when}', **said)}**{words(f'one_order.verdict.{verdict}', chance=chance, **said)}**"


def cut_note(outcomes: Mapping[str, Outcome], words: Words) -> str:
    """Say which endings are booked as a price cut because so little is refunded; nothing where none is."""
    cut = [ending_name(ending, words) for ending, found in outcomes.items() if found.booked_as != ending]
    return words("one_order.booked_as_cut", endings=words("one_order.and_so").join(cut)) if cut else ""
