"""A scenario in the reader's words: what it does in a sentence, its steps, how sure it is, and from where on it pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analytics.domain.vocabulary import COMPONENTS, MISSING, STAGES, TOOLS
from analytics.domain.what_if import levers
from analytics.domain.what_if.levers import LEVERS, OTHERS, Lever
from analytics.present import numbers
from analytics.present.account import item_name
from analytics.present.exports import Column
from analytics.present.labels import Words
from analytics.present.titles import Titles

FIGURES = (*(f"{name}_fen" for name in COMPONENTS), "hidden_fen", "total_fen", "net_sales_fen", "profit_fen")
GRADES = {"A": "green", "B": "blue", "C": "orange"}
Answer = Mapping[str, Any]


def figure_name(figure: str, words: Words) -> str:
    """Return what a figure of a scenario is called: a component by the ledger's vocabulary."""
    name = figure.removesuffix("_fen")
    title = item_name(name, words) if name in COMPONENTS else words(f"what_if.figure.{name}")
    return title[:1].upper() + title[1:]


def lever_name(lever: Lever, words: Words, titles: Titles) -> str:
    """Return what a lever is called, with what stands in its brackets. Plain text, not escaped."""
    title = words.term(lever.kind.titles)
    inside = [_inside(lever, label, word, words, titles) for label, word in lever.of]
    if lever.kind.unit == "id":
        inside.append(titles(lever.name.removeprefix("drop_"), lever.word))
    title = title[:1].upper() + title[1:]
    return words("what_if.lever_of", lever=title, of=words("what_if.and").join(inside)) if inside else title


def lever_title(key: str, words: Words, titles: Titles) -> str:
    """Return what a lever is called by its key in an answer: `refund_rate[stage=kept]`, `drop_streamer=ID`, `stage=kept`."""
    name, _, rest = key.partition("[")
    if name.startswith("stage="):
        own = words("what_if.own_rate", stage=words.term(STAGES[name.partition("=")[2]]))
        return own[:1].upper() + own[1:]
    if "=" in name:
        base, _, word = name.partition("=")
        return lever_name(Lever(base, word=word), words, titles)
    of = tuple(_pair(part) for part in rest.rstrip("]").split(",") if part)
    return lever_name(Lever(name, of), words, titles)


def _pair(part: str) -> tuple[str, str]:
    label, sign, word = part.partition("=")
    return (label, word) if sign else ("tool", part)


def _inside(lever: Lever, label: str, word: str, words: Words, titles: Titles) -> str:
    if label == "tool":
        return words("what_if.others") if word == OTHERS else words.term(TOOLS[word])
    if label == "from":
        return words("what_if.since", day=word)
    if label == "scope":
        kind, _, name = word.partition(":")
        return titles(kind, name) if kind != "province" else name
    return titles(label, word)


def value_text(name: str, text: str, words: Words) -> str:
    """Return a lever's typed value as it reads: ¥6.00, 20%, ×0.8, 24 hours, on."""
    kind = LEVERS[name]
    if not text or kind.unit == "id":
        return text or numbers.NOTHING
    if kind.unit == "switch":
        return words(f"what_if.switch.{text}") if text in {"on", "off"} else words("what_if.switch.share", share=text)
    if text.startswith("x"):
        return words("what_if.factor", share=f"{float(text[1:]) * 100:g}%")
    if kind.unit == "fen":
        return " · ".join(numbers.money_exact(round(float(part) * numbers.FEN_PER_YUAN)) for part in text.split(" · "))
    unit = {"hours": "hours", "centiminutes": "minutes"}.get(kind.unit)
    return words(f"what_if.unit.{unit}", value=text) if unit else text


def title(answer: Answer, words: Words) -> str:
    """Return the answer in a sentence: what the scenario does to the loss and the profit, and how sure that is."""
    before, after = answer["baseline"], answer["scenario"]
    if not answer["steps"]:
        told = {name: numbers.money(before[f"{name}_fen"], words.language) for name in ("total", "profit")}
        return words("what_if.title_empty", **told)
    changed = {name: (after[f"{name}_fen"] or 0) - (before[f"{name}_fen"] or 0) for name in ("total", "profit")}
    said = {
        name: words(f"what_if.title_{name}_{_direction(fen)}", amount=numbers.money(abs(fen), words.language))
        for name, fen in changed.items()
    }
    return words("what_if.title", **said)


def chance(answer: Answer, words: Words) -> str:
    """Return how sure it is that the scenario pays, in a sentence."""
    found = answer["chance_pays"]
    if found is None:
        return words("what_if.chance_none")
    spread = answer["ranges"]["change_fen"]
    told = {name: signed(spread[name], words) for name in ("low", "high")}
    how = "sure" if found > 0.995 else "never" if found < 0.005 else "some"
    return words(f"what_if.chance_{how}", chance=f"{found:.0%}", **told)


def signed(fen: int | None, words: Words) -> str:
    """Write a change of money with its sign."""
    if fen is None:
        return numbers.NOTHING
    return f"{'+' if fen > 0 else ''}{numbers.money(fen, words.language)}"


def tiles(answer: Answer, words: Words) -> list[tuple[str, str, str | None, str, bool]]:
    """Return (label, value in the scenario, change, explanation, whether more is worse) of the figures beside each other."""
    found = []
    for figure, is_worse in (("total_fen", True), ("hidden_fen", True), ("net_sales_fen", False), ("profit_fen", False)):
        before, after = answer["baseline"][figure], answer["scenario"][figure]
        change = None if before is None or after is None or not answer["steps"] else signed(after - before, words)
        change = None if change is None or after == before else change
        help_text = words(f"what_if.help.{figure.removesuffix('_fen')}")
        found.append((figure_name(figure, words), numbers.money(after, words.language), change, help_text, is_worse))
    return found


def step_rows(answer: Answer, words: Words, titles: Titles) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Return (name, from → to, step) of every step."""
    return [(lever_title(step["lever"], words, titles), step_values(step, words), step) for step in answer["steps"]]


def step_values(step: Mapping[str, Any], words: Words) -> str:
    """Return what a step changes: 7.00 → 6.00."""
    name = step["lever"].partition("[")[0].partition("=")[0]
    if LEVERS[name].unit == "id":
        return ""
    before, after = (value_text(name, step[side], words) for side in ("from", "to"))
    return before if before == after else words("what_if.from_to", before=before, after=after)


def rests_on(step: Mapping[str, Any], words: Words) -> str:
    """Return what a step rests on: the account itself, a tool's estimate with its grade, or an assumption."""
    return words(f"what_if.rests.{step['rests_on']}", grade=step["grade"] or "")


def break_even_sentences(answer: Answer, words: Words, titles: Titles) -> list[str]:
    """Return the break-evens as sentences, levers first, then those that lose money. Plain text, not escaped."""
    found = sorted(answer["break_evens"], key=lambda each: (each["kind"] != "lever", each["profit_fen"]))
    # A lever that pays wherever it is set has no break-even to tell.
    told = [each for each in found if each["kind"] != "lever" or each["value"] or each["profit_fen"] < 0]
    return [_break_even(each, words, titles) for each in told]


def _break_even(each: Mapping[str, Any], words: Words, titles: Titles) -> str:
    amount = numbers.money(abs(each["profit_fen"]), words.language)
    if each["kind"] == "streamer":
        who = words("what_if.no_streamer") if each["subject"] == MISSING else titles("streamer", each["subject"])
        key = "streamer" if each["value"] else "streamer_hopeless" if each["profit_fen"] < 0 else "streamer_safe"
        side = "loses" if each["profit_fen"] < 0 else "earns"
        state = words(f"what_if.break_even.{side}", amount=amount)
        return words(f"what_if.break_even.{key}", who=who, rate=each["value"], present=each["present"], state=state)
    name, value = lever_title(each["subject"], words, titles), value_text(each["lever"], each["value"], words)
    if not each["value"]:
        return words("what_if.break_even.lever_never", lever=name)
    return words(f"what_if.break_even.lever_{'below' if each['pays_below'] else 'above'}", lever=name, value=value)


def sought(found: Mapping[str, Any], words: Words, titles: Titles) -> str:
    """Return what a goal sought came to, in a sentence. Plain text, not escaped."""
    name = found["lever"].partition("[")[0]
    lever = lever_title(found["lever"], words, titles)
    told = {side: value_text(name, found[side], words) for side in ("value", "present", "low", "high")}
    money = {f"{side}_profit": numbers.money(found[f"{side}_fen"], words.language) for side in ("low", "high", "goal")}
    if not found["value"]:
        return words("what_if.seek.out_of_reach", lever=lever, **told, **money)
    reached = numbers.money_exact(found["profit_fen"])
    return words("what_if.seek.found", lever=lever, reached=reached, **told, **money)


def frame(answer: Answer, words: Words) -> pd.DataFrame:
    """Return baseline, scenario, difference and range of every figure as a table."""
    rows = []
    for figure in FIGURES:
        before, after, spread = answer["baseline"][figure], answer["scenario"][figure], answer["ranges"][figure]
        change = None if before is None or after is None else after - before
        values = (before, after, change, spread["low"], spread["high"])
        rows.append((figure_name(figure, words), *values))
    return pd.DataFrame(rows, columns=list(columns(words)))


def columns(words: Words) -> dict[str, Column]:
    """Return the columns of that table."""
    money = ("baseline", "scenario", "change", "low", "high")
    return {"figure": Column(words("what_if.column.figure")), **{name: _money(name, words) for name in money}}


def steps_frame(answer: Answer, words: Words, titles: Titles) -> pd.DataFrame:
    """Return the steps as a table, one row a step, with what each adds to every component and to the profit."""
    money = ("total_fen", "profit_fen", *FIGURES[:5])
    rows = [
        (name, values, *(step[figure] for figure in money), rests_on(step, words))
        for name, values, step in step_rows(answer, words, titles)
    ]
    return pd.DataFrame(rows, columns=list(steps_columns(words)))


def steps_columns(words: Words) -> dict[str, Column]:
    """Return the columns of the steps."""
    money = {figure: Column(figure_name(figure, words), "money_fen") for figure in ("total_fen", "profit_fen", *FIGURES[:5])}
    named = {name: Column(words(f"what_if.column.{name}")) for name in ("lever", "values", "rests_on")}
    return {"lever": named["lever"], "values": named["values"], **money, "rests_on": named["rests_on"]}


def promise(replayed: Mapping[str, Any], words: Words) -> str:
    """Return what a saved scenario promised and what it comes to now, in a sentence. Plain text, not escaped."""
    if replayed["now"] is None:
        return words("what_if.replay.broken", problem=replayed["problem"])
    then, now = (numbers.signed_rate(replayed[when]["total_change"]) for when in ("promised", "now"))
    day = replayed["saved_at"].date().isoformat()
    key = "same" if then == now else "moved"
    return words(f"what_if.replay.{key}", day=day, then=then, now=now)


def described(scenario: levers.Scenario, words: Words, titles: Titles) -> dict[str, str]:
    """Return every input of a scenario by its name: the period, the part of the shop, and every lever with its value."""
    everything = words("what_if.everything")
    known = {
        words("what_if.input.name"): scenario.name or words("what_if.unnamed"),
        words("what_if.input.period"): _period(scenario, words),
        words("what_if.input.shops"): words("what_if.and").join(scenario.shops) or everything,
        words("what_if.input.products"): words("what_if.and").join(titles("product", each) for each in scenario.products)
        or everything,
        words("what_if.input.streamers"): words("what_if.and").join(titles("streamer", each) for each in scenario.streamers)
        or everything,
    }
    turned = {lever_name(lever, words, titles): lever.value for lever in scenario.levers if lever.kind.unit != "id"}
    dropped = {lever_name(lever, words, titles): words("what_if.dropped") for lever in scenario.levers if lever.kind.unit == "id"}
    return {**known, **turned, **dropped}


def _period(scenario: levers.Scenario, words: Words) -> str:
    if scenario.first_day is None and scenario.last_day is None:
        return words("what_if.everything")
    return words("what_if.period", first=scenario.first_day or "…", last=scenario.last_day or "…")


def _money(name: str, words: Words) -> Column:
    return Column(words(f"what_if.column.{name}"), "money_fen")


def _direction(fen: int) -> str:
    return "same" if fen == 0 else "more" if fen > 0 else "less"


def bar_texts(bars: Sequence[Mapping[str, Any]], words: Words, titles: Titles) -> list[tuple[str, str, str]]:
    """Return (name, text of the low end, text of the high end) of the tornado's bars."""
    return [(lever_title(bar["source"], words, titles), *(_end(bar, bar[end], words) for end in ("low", "high"))) for bar in bars]


def _end(bar: Mapping[str, Any], text: str, words: Words) -> str:
    name = bar["source"].partition("[")[0]
    return value_text(name, text, words) if name in LEVERS else text
