"""What would change if: a scenario worked out on the shop's own history, with its steps, ranges, tornado and break-evens."""

from __future__ import annotations

import threading
import tomllib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from analytics.actions import account, analyses, tool_effects
from analytics.actions.access import require
from analytics.actions.account import answer
from analytics.actions.exports import record_export
from analytics.domain.loads import Actor
from analytics.domain.vocabulary import COMPONENTS
from analytics.domain.what_if import chain, levers, seek, uncertainty
from analytics.domain.what_if.book import NOBODY, Book
from analytics.domain.what_if.levers import Scenario
from analytics.domain.what_if.model import EffectEstimate, Known, Model
from analytics.errors import OperatorError
from analytics.present import what_if_workbook
from analytics.present.exports import xlsx_bytes
from analytics.present.labels import Words
from analytics.present.titles import Titles
from analytics.store import what_if_questions
from analytics.store.warehouse import Warehouse

BOOKS_KEPT = 3  # of a million lines each weighs eighty megabytes, and as much again for every world that is kept priced
ANSWERS_KEPT = 60
GRADES = ("A", "B", "C")  # of an effect that may be counted on; D counts only
FIGURES = (*(f"{name}_fen" for name in COMPONENTS), "hidden_fen", "total_fen", "net_sales_fen", "profit_fen")
BESIDE = ("premium_unrefunded_fen",)
_kept_answers: OrderedDict[Hashable, Any] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Estimate:
    """A tool's effect as its results tell it: change of the refund chance of an order it is used on, its interval and grade."""

    effect: float
    low: float
    high: float
    grade: str


def read_file(path: Path) -> Scenario:
    """Read a scenario file (TOML). Raises OperatorError that lists every problem."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OperatorError(f"方案文件「{path.name}」", f"读不成 TOML：{error}", "UTF-8 的 TOML 文件", "请改正后再试。") from None
    return levers.read(found, where=f"方案文件「{path.name}」")


def estimates(warehouse: Warehouse, *, actor: Actor, shops: tuple[str, ...], now: datetime) -> dict[str, Estimate]:
    """Return the effects that the tools' results tell, from all the data of the shops; worked out here unless they are kept."""
    asked = tool_effects.asked({"first_day": None, "last_day": None, "as_of": None})
    return told(analyses.answer_now(warehouse, tool_effects.EFFECTS, actor=actor, shops=shops, now=now, **asked))


def estimates_kept(warehouse: Warehouse, *, actor: Actor, shops: tuple[str, ...], now: datetime) -> dict[str, Estimate]:
    """Return the effects known by now, at once: the newest kept answer, or none; missing ones are worked out beside the pages."""
    asked = tool_effects.asked({"first_day": None, "last_day": None, "as_of": None})
    standing = analyses.look(warehouse, tool_effects.EFFECTS, actor=actor, shops=shops, now=now, **asked)
    return told(standing.answer or {})


def told(effects: Mapping[str, Any]) -> dict[str, Estimate]:
    """Return those of the tools' results that are an estimate: with an effect, an interval and a grade better than counts."""
    rows = {tool: each.get("row", {}) for tool, each in effects.items() if isinstance(each, Mapping)}
    return {
        tool: Estimate(row["effect"], row["effect_low"], row["effect_high"], row["grade"])
        for tool, row in rows.items()
        if row.get("effect") is not None and row.get("effect_low") is not None and row.get("grade") in GRADES
    }


def model_of(
    warehouse: Warehouse, scenario: Scenario, *, actor: Actor, effects: Mapping[str, EffectEstimate] | None = None
) -> Model:
    """Return the model of a scenario on the shops' own history; the book of a period is fetched once for a state of the data.

    Raises OperatorError that lists everything in the scenario that this history does not hold.
    """
    for shop in scenario.shops or (None,):
        require(actor, "view", shop)
    book, (uses, waiting) = _book(warehouse, scenario, actor)
    model = Model(book, Known(uses, waiting, effects or {}), scenario)
    _refuse_unknown(model)
    if not model.sheet(model.start).orders:
        raise OperatorError("方案", "所选时间和店铺里没有付款订单", "至少一单", "请先导入订单，或改选时间、店铺、商品、达人。")
    return model


def work_out(
    warehouse: Warehouse,
    scenario: Scenario,
    *,
    actor: Actor,
    effects: Mapping[str, EffectEstimate] | None = None,
) -> dict[str, Any]:
    """Return {"baseline", "scenario", "steps", "ranges", "tornado", "break_evens", …} of a scenario, money in whole fen.

    A step's `total_fen` is what it adds to the total; steps add up exactly. Raises OperatorError.
    """
    return worked_out(model_of(warehouse, scenario, actor=actor, effects=effects))


def worked_out(model: Model) -> dict[str, Any]:
    """Return the answer of a model, as `work_out` does."""
    values = chain.Values({})
    draws = uncertainty.Draws(model)
    end = chain.run(model, values)
    return {
        "baseline": _shown(model, model.start, FIGURES),
        "scenario": _shown(model, end, FIGURES),
        "steps": [_step_row(step) for step in chain.steps(model)],
        "ranges": {name: asdict(each) for name, each in uncertainty.ranges(draws).items()},
        "tornado": [asdict(bar) for bar in uncertainty.tornado(draws)],
        "break_evens": [asdict(each) for each in (*seek.of_levers(model), *seek.of_streamers(model))],
        "chance_pays": uncertainty.chance_pays(draws),
        "beside": {"baseline": _shown(model, model.start, BESIDE), "scenario": _shown(model, end, BESIDE)},
        "orders": model.sheet(model.start).orders,
        "effects": {tool: vars(each) for tool, each in sorted(model.known.effects.items())},
        "inputs": levers.as_found(model.scenario),
    }


def seek_goal(
    warehouse: Warehouse,
    scenario: Scenario,
    key: str,
    *,
    goal_fen: int = 0,
    actor: Actor,
    effects: Mapping[str, EffectEstimate] | None = None,
) -> dict[str, Any]:
    """Return the value of a lever at which the scenario's profit is a goal, checked by running the scenario with it.

    Fields: lever, value (blank: out of reach), profit_fen, present, low, high, low_fen, high_fen. Raises OperatorError.
    """
    wanted = _free(scenario, key)
    model = model_of(warehouse, scenario.with_lever(wanted), actor=actor, effects=effects)
    low, high = seek.limits(model, wanted)
    found = seek.seek(model, wanted, goal_fen=goal_fen, low=low, high=high)
    return {**asdict(found), "present": chain.present(model, wanted), "goal_fen": goal_fen}


def _free(scenario: Scenario, key: str) -> levers.Lever:
    """The lever to be sought: as the scenario has it, else at a value that any lever takes."""
    for lever in scenario.levers:
        if lever.key == key and lever.amount is not None:
            return seek.with_free_lever(lever)
    base = key.partition("[")[0]
    kind = levers.LEVERS.get(base)
    if kind is None or kind.unit in {"id", "switch"}:
        raise OperatorError(
            "目标求解", f"「{key}」", "能调大小的杠杆，如 refund_rate、outbound_freight、ship_hours", "请换一个。"
        )
    return levers.parse(key, "x1" if kind.unit == "factor" else "1%" if kind.unit in {"share", "points", "ppm"} else "1")


def _book(warehouse: Warehouse, scenario: Scenario, actor: Actor) -> tuple[Book, Any]:
    cuts = tuple(sorted({date.fromisoformat(held.named("from")) for held in scenario.levers if held.named("from")}))
    by_province = any(held.named("scope").startswith("province:") for held in scenario.levers)
    period = {"first_day": scenario.first_day, "last_day": scenario.last_day}
    part = {"products": scenario.products, "streamers": scenario.streamers}
    shops = scenario.shops or actor.shops
    version = (str(warehouse.home), warehouse.version(), shops, *period.values())
    return (
        _kept(
            (*version, cuts, by_province),
            warehouse,
            what_if_questions.book,
            actor,
            shops,
            cuts=cuts,
            by_province=by_province,
            **period,
        ),
        _kept((*version, *part.values()), warehouse, what_if_questions.known, actor, shops, **part, **period),
    )


def _kept(key: tuple, warehouse: Warehouse, question: Any, actor: Actor, shops: tuple[str, ...], **asked: Any) -> Any:
    """An answer of the store that no page may copy on every rerun."""
    return kept((question.__name__, *key), lambda: answer(warehouse, question, actor=actor, shops=shops, **asked))


def kept(name: Hashable, work_out: Callable[[], Any]) -> Any:
    """Return what is kept in this process under a name that holds the data's version, or work it out; a few of them stay."""
    with _lock:
        if name in _kept_answers:
            _kept_answers.move_to_end(name)
            return _kept_answers[name]
    found = work_out()
    with _lock:
        _kept_answers[name] = found
        for book in [each for each in _kept_answers if _is_book(each)][:-BOOKS_KEPT]:
            del _kept_answers[book]
        while len(_kept_answers) > ANSWERS_KEPT:
            _kept_answers.popitem(last=False)
    return found


def _is_book(name: Hashable) -> bool:
    return isinstance(name, tuple) and name[0] == what_if_questions.book.__name__


def _refuse_unknown(model: Model) -> None:
    problems = _problems(model)
    if problems:
        listed = "；".join(f"{number}) {problem}" for number, problem in enumerate(problems, 1))
        where = f"方案「{model.scenario.name}」" if model.scenario.name else "方案"
        raise OperatorError(where, f"{len(problems)} 处用不上：{listed}", "所选时间和店铺里有的内容", "请改正后再试。")


def _problems(model: Model) -> list[str]:
    """Everything in a scenario that the chosen history does not hold."""
    scenario, book = model.scenario, model.book
    named = [("product", each) for each in scenario.products] + [("streamer", each) for each in scenario.streamers]
    for lever in scenario.levers:
        named += [(label, word) for label, word in lever.of if label in {"product", "streamer", "reason"}]
        named += [(lever.name.removeprefix("drop_"), lever.word)] if lever.kind.unit == "id" else []
    titles = {"product": "商品", "streamer": "达人", "reason": "售后原因"}
    found = [f"没有{titles[kind]}「{word}」" for kind, word in named if book.code(kind, word) == NOBODY]
    return found + [problem for lever in scenario.levers if (problem := _problem(model, lever))]


def _problem(model: Model, lever: levers.Lever) -> str:
    is_amount = lever.amount is not None and not lever.amount.is_factor
    use = model.known.uses.get(lever.named("tool"))
    if lever.name == "refund_rate" and is_amount and chain.present_value(model, lever) == 0 and lever.amount.likely > 0:
        return f"{lever.key}：这段时间没有这样的退款，不知道它花多少"
    if lever.name == "uptake" and (use is None or not use.eligible or (not is_amount and not use.used)):
        return f"{lever.key}：这段时间没有能用这个工具的订单"
    if lever.name == "ship_hours" and not model.known.waiting.present:
        return f"{lever.key}：这段时间没有发货时间"
    if lever.name == "ad_spend" and not chain.ad_spend_fen(model):
        return f"{lever.key}：这段时间没有导入广告花费；请改用 acquisition_rate"
    if lever.word == "on" and lever.name == "insurance" and not _knows_premium(model):
        return f"{lever.key}：不知道一单运费险多少钱，请同时写 freight_insurance"
    return ""


def _knows_premium(model: Model) -> bool:
    is_typed = any(held.name == "freight_insurance" for held in model.scenario.levers)
    return is_typed or bool(model.book.costs.of("freight_insurance")) or chain.usual_premium_fen(model) > 0


def _shown(model: Model, state: Any, names: tuple[str, ...]) -> dict[str, int | None]:
    """The figures of a state; what is unknown and known to the extent of nothing is None, as in the account."""
    found, gaps = chain.rounded(model, state), dict(zip(COMPONENTS, model.sheet(state).gaps, strict=True))
    lacking = {f"{name}_fen" for name, count in gaps.items() if count}
    if any(count for name, count in gaps.items() if name != "sales"):
        lacking.add("hidden_fen")
    if any(gaps.values()):
        lacking.add("total_fen")
    return {name: None if name in lacking and found[name] == 0 else found[name] for name in names}


def _step_row(step: chain.Step) -> dict[str, Any]:
    added = {name: step.added[name] for name in ("total_fen", "profit_fen", *FIGURES[:5], "premium_unrefunded_fen")}
    return {
        "lever": step.lever,
        "from": step.before,
        "to": step.after,
        **added,
        "rests_on": step.rests_on,
        "grade": step.grade or None,
    }


def workbook(
    warehouse: Warehouse, scenario: Scenario, found: Mapping[str, Any], *, actor: Actor, language: str, now: datetime
) -> bytes:
    """Return a scenario as a workbook in a language: figures, steps, ranges, break-evens, every input; it is recorded.

    `found` is the answer of `work_out` for that scenario.
    """
    words = Words(language)
    sheets = what_if_workbook.sheets(scenario, found, words, Titles(words, account.names(warehouse, actor=actor)))
    content = xlsx_bytes(sheets, written_at=now)
    record_export(warehouse, f"what_if {scenario.name}".strip(), actor=actor, now=now)
    return content
