"""The levers of a scenario: what may be changed, how a value is typed, and every problem of a file at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from analytics.domain import costs
from analytics.domain.vocabulary import STAGES, TOOLS
from analytics.errors import OperatorError

OTHERS = "others"  # orders that nobody urged: no tool's estimate speaks of them
PPM = 1_000_000
_KEY = re.compile(r"(?P<name>[a-z_]+)(?:\[(?P<of>[^\[\]]*)\])?")
_BETWEEN = ".."


@dataclass(frozen=True)
class Kind:
    """One lever: its unit, what stands in its brackets (a set of names, or the one word they are called by), what it takes.

    Units: those of cost settings; `share` 0 to 1; `points` -1 to 1; `hours`; `factor` (only x0.8); `switch` on or off; `id`.
    """

    name: str
    unit: str
    titles: tuple[str, str]
    named: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    takes_factor: bool = True
    highest: float = 1.0


_OF_CASES = ("stage", "reason", "product", "streamer")
_OWN = (
    Kind("refund_rate", "share", ("退款率", "refund rate"), _OF_CASES),
    Kind("later_refund_rate", "share", ("挽回后又退", "later refunds"), takes_factor=False),
    Kind("ship_hours", "hours", ("付款到发货", "hours to ship"), highest=2_000),
    Kind("uptake", "share", ("使用率", "uptake"), words=tuple(TOOLS)),
    Kind("effect", "points", ("效果", "effect"), (), (*TOOLS, OTHERS), False),
    Kind("offer", "fen", ("每次使用的花费", "cost of one use"), words=tuple(TOOLS), highest=costs.COST_NAMES["packing"].highest),
    Kind("ad_spend", "fen", ("广告花费", "ad spend"), highest=10**12),
    Kind("goods_cost", "factor", ("货物成本", "goods cost"), highest=100),
    Kind("handling_minutes", "factor", ("处理用时", "minutes of work"), highest=100),
    Kind("insurance", "switch", ("运费险", "return insurance"), takes_factor=False),
    Kind("drop_streamer", "id", ("停播达人", "drop a streamer"), takes_factor=False),
    Kind("drop_product", "id", ("下架商品", "drop a product"), takes_factor=False),
)
_SETTINGS = tuple(
    Kind(cost.name, cost.unit, (cost.chinese, cost.english), ("scope", "from"), highest=cost.highest)
    for cost in costs.COST_NAMES.values()
)
SETTING_NAMES = frozenset(kind.name for kind in _SETTINGS)
LEVERS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for kind in (*_OWN, *_SETTINGS)})


@dataclass(frozen=True)
class Amount:
    """A value in the lever's unit (whole for money and settings), or a factor on the present one, and between what it may lie."""

    likely: float
    low: float
    high: float
    is_factor: bool = False

    @property
    def has_range(self) -> bool:
        """Whether the value is uncertain."""
        return self.low < self.high


@dataclass(frozen=True)
class Lever:
    """One change: `refund_rate[stage=returned]` to 8 %, `drop_streamer` of an id (`word`), `insurance` on or off (`word`)."""

    name: str
    of: tuple[tuple[str, str], ...] = ()
    amount: Amount | None = None
    word: str = ""

    @property
    def kind(self) -> Kind:
        """What kind of lever it is."""
        return LEVERS[self.name]

    @property
    def key(self) -> str:
        """The lever as it is typed, without its value."""
        inside = ",".join(word if label == "tool" else f"{label}={word}" for label, word in self.of)
        return f"{self.name}[{inside}]" if inside else self.name

    @property
    def value(self) -> str:
        """The value as it is typed; `parse` reads it back."""
        if self.amount is None:
            return self.word
        ends = (self.amount.low, self.amount.likely, self.amount.high) if self.amount.has_range else (self.amount.likely,)
        return _BETWEEN.join(write(self.kind, end, is_factor=self.amount.is_factor) for end in ends)

    def named(self, label: str) -> str:
        """Return what stands in the brackets under a label; blank when nothing does."""
        return dict(self.of).get(label, "")


@dataclass(frozen=True)
class Scenario:
    """A name, a part of the shop's own history, and the levers that are changed, in order."""

    name: str = ""
    first_day: date | None = None
    last_day: date | None = None
    shops: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    streamers: tuple[str, ...] = ()
    levers: tuple[Lever, ...] = ()

    def with_lever(self, lever: Lever) -> Scenario:
        """Return the same scenario with one lever more; one of the same key is replaced where it stands."""
        if any(held.key == lever.key and not lever.word for held in self.levers):
            levers = tuple(lever if held.key == lever.key else held for held in self.levers)
        else:
            levers = (*(held for held in self.levers if held != lever), lever)
        return Scenario(self.name, self.first_day, self.last_day, self.shops, self.products, self.streamers, levers)


def parse(key: str, text: str) -> Lever:
    """Read a lever as it is typed: `parse("return_freight", "6.00")`, `parse("uptake[coupon]", "x1.2")`, `5..6..8` for a range.

    Raises OperatorError.
    """
    match = _KEY.fullmatch(unicodedata.normalize("NFKC", key).strip())
    if match is None or match["name"] not in LEVERS:
        raise OperatorError("杠杆", f"没有「{key}」", "、".join(LEVERS), "请从中选一个，如 return_freight=6.00。")
    kind = LEVERS[match["name"]]
    of = _named(kind, key, match["of"] or "")
    plain = str(text).strip()
    if kind.unit == "id":
        return Lever(kind.name, of, word=_given(key, plain))
    if kind.unit == "switch":
        return Lever(kind.name, of, word=_switch(key, plain))
    return Lever(kind.name, of, _amount(kind, key, plain))


def read(found: Mapping[str, Any], *, where: str = "方案文件") -> Scenario:
    """Read a scenario from the tables of its file: name, from, to, shop, products, streamers, and the table `levers`.

    Raises OperatorError that lists every problem, not only the first.
    """
    problems: list[str] = []
    known = {"name", "from", "to", "shop", "products", "streamers", "levers"}
    problems += [f"不认识的项「{name}」（应为 {'、'.join(sorted(known))}）" for name in found if name not in known]
    days = {label: _day(found.get(label), label, problems) for label in ("from", "to")}
    if days["from"] and days["to"] and days["from"] > days["to"]:
        problems.append(f"from {days['from']} 晚于 to {days['to']}")
    levers = found.get("levers", {})
    if not isinstance(levers, Mapping):
        problems.append('levers 应为一张表，如 [levers] 下一行 return_freight = "6.00"')
        levers = {}
    parsed = [lever for key, value in levers.items() for lever in _each(key, value, problems)]
    texts = {name: _texts(found.get(name), name, problems) for name in ("shop", "products", "streamers")}
    if not isinstance(found.get("name", ""), str):
        problems.append(f"name 「{found['name']}」应为文字")
    if problems:
        listed = "；".join(f"{number}) {problem}" for number, problem in enumerate(problems, 1))
        raise OperatorError(where, f"{len(problems)} 处有误：{listed}", "每一项都能读", "请改正后再试。")
    return Scenario(
        str(found.get("name", "")), days["from"], days["to"], texts["shop"], texts["products"], texts["streamers"], tuple(parsed)
    )


def as_found(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as the tables that `read` reads; dates as text."""
    levers: dict[str, list[str]] = {}
    for lever in scenario.levers:
        levers.setdefault(lever.key, []).append(lever.value)
    return {
        "name": scenario.name,
        **({"from": scenario.first_day.isoformat()} if scenario.first_day else {}),
        **({"to": scenario.last_day.isoformat()} if scenario.last_day else {}),
        "shop": list(scenario.shops),
        "products": list(scenario.products),
        "streamers": list(scenario.streamers),
        "levers": {key: values[0] if len(values) == 1 else values for key, values in levers.items()},
    }


def write(kind: Kind, value: float, *, is_factor: bool = False) -> str:
    """Write a value in a lever's unit the way a person types it: `6.00`, `20%`, `x0.8`, `24`."""
    if is_factor or kind.unit == "factor":
        return f"x{_plain(value)}"
    if kind.unit in {"share", "points"}:
        return f"{_plain(value * 100)}%"
    if kind.unit == "hours":
        return _plain(value)
    if kind.name in costs.COST_NAMES:
        return costs.format_value(kind.name, round(value))
    return f"{round(value) // 100}.{round(value) % 100:02d}"


def show(kind: Kind, value: float, *, is_factor: bool = False) -> str:
    """Write a value that was worked out: as it is typed, with no more digits than anybody would type."""
    digits = {"share": 4, "points": 4, "hours": 1}.get(kind.unit, 3)
    is_money = not is_factor and kind.unit in {"fen", "ppm", "centiminutes"}
    if kind.unit == "ppm" and not is_factor:
        value = round(value, -2)
    return write(kind, value if is_money else round(value, digits), is_factor=is_factor)


def _plain(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _named(kind: Kind, key: str, inside: str) -> tuple[tuple[str, str], ...]:
    parts = [part.strip() for part in inside.split(",") if part.strip()]
    if kind.words:
        if len(parts) != 1 or parts[0] not in kind.words:
            raise OperatorError(f"杠杆 {key}", f"[{inside}]", "、".join(kind.words), f"请写成 {kind.name}[{kind.words[0]}]。")
        return (("tool", parts[0]),)
    named = []
    for part in parts:
        label, _, word = (piece.strip() for piece in part.partition("="))
        if label not in kind.named or not word:
            raise OperatorError(f"杠杆 {key}", f"[{part}]", _examples(kind), "请改写方括号里的内容。")
        named.append((label, _checked_name(key, kind, label, word)))
    return tuple(named)


def _examples(kind: Kind) -> str:
    return "、".join(f"{label}=…" for label in kind.named) or "不写方括号"


def _checked_name(key: str, kind: Kind, label: str, word: str) -> str:
    if label == "stage" and word not in STAGES:
        raise OperatorError(f"杠杆 {key}", f"没有阶段「{word}」", "、".join(STAGES), "请从中选一个。")
    if label == "scope":
        return costs.parse_scope(word, kind.name)
    if label == "from":
        try:
            return date.fromisoformat(word).isoformat()
        except ValueError:
            raise OperatorError(f"杠杆 {key}", f"「{word}」不是日期", "如 2026-10-01", "请改写日期。") from None
    return word


def _given(key: str, text: str) -> str:
    if not text:
        raise OperatorError(f"杠杆 {key}", "没有写是哪一个", "一个 ID", f"请写成 {key}=ID。")
    return text


def _switch(key: str, text: str) -> str:
    word = {"开": "on", "关": "off", "true": "on", "false": "off"}.get(text.lower(), text.lower())
    if word not in {"on", "off"}:
        raise OperatorError(f"杠杆 {key}", f"「{text}」", "on（开）或 off（关）", f"请写成 {key}=on。")
    return word


def _amount(kind: Kind, key: str, text: str) -> Amount:
    ends = text.split(_BETWEEN)
    if len(ends) not in {1, 3}:
        raise OperatorError(f"杠杆 {key}", f"「{text}」", "一个数，或 低..可能..高", f"如 {key}=5..6..8。")
    is_factor = {end.strip().lower().startswith(("x", "×")) for end in ends}
    if len(is_factor) > 1 or (kind.unit == "factor" and is_factor == {False}) or (is_factor == {True} and not kind.takes_factor):
        raise OperatorError(f"杠杆 {key}", f"「{text}」", _expected(kind), "请改写数值。")
    values = [_one(kind, key, end.strip(), is_factor=True in is_factor) for end in ends]
    low, likely, high = values if len(values) == 3 else values * 3
    if not low <= likely <= high:
        raise OperatorError(f"杠杆 {key}", f"「{text}」", "低 ≤ 可能 ≤ 高", "请把三个数按大小写。")
    return Amount(likely, low, high, is_factor=True in is_factor)


def _one(kind: Kind, key: str, text: str, *, is_factor: bool) -> float:
    if is_factor:
        value = _number(kind, key, text.lower().lstrip("x×"))
        if not 0 <= value <= 100:
            raise OperatorError(f"杠杆 {key}", f"「{text}」", "x0 到 x100", "请改写倍数。")
        return value
    if kind.name in costs.COST_NAMES:
        try:
            value, _ = costs.parse_value(kind.name, text)
        except OperatorError as error:
            expected = error.expected.replace("，或 off（关）", "，或倍数 x0.8")
            raise OperatorError(f"杠杆 {key}", error.found, expected, error.remedy) from None
        if value is None:
            raise OperatorError(f"杠杆 {key}", f"「{text}」", _expected(kind), "请写一个数。")
        return value
    number = _number(kind, key, text.rstrip("%").strip("¥元"))
    value = float(number) / 100 if text.endswith("%") else float(number) * (100 if kind.unit == "fen" else 1)
    lowest = -1.0 if kind.unit == "points" else 0.0
    if not lowest <= value <= kind.highest:
        raise OperatorError(f"杠杆 {key}", f"「{text}」", _expected(kind), "请改写数值。")
    return float(round(value)) if kind.unit == "fen" else value


def _number(kind: Kind, key: str, text: str) -> float:
    try:
        number = Decimal(text.replace(",", ""))
        if not number.is_finite():
            raise ValueError(text)
    except (ArithmeticError, ValueError):
        raise OperatorError(f"杠杆 {key}", f"「{text}」读不成数值", _expected(kind), "请改写数值。") from None
    return float(number)


def _expected(kind: Kind) -> str:
    plain = {
        "share": "0% 到 100%，如 8% 或 0.08",
        "points": "-100% 到 100%，如 -5%",
        "hours": "小时数，如 24",
        "factor": "倍数，如 x0.8",
        "fen": "元，如 6.00",
        "ppm": "百分比，如 20%",
        "centiminutes": "分钟，如 2.5",
    }[kind.unit]
    return f"{plain}，或倍数 x0.8" if kind.takes_factor and kind.unit != "factor" else plain


def _each(key: str, value: Any, problems: list[str]) -> Iterable[Lever]:
    """The levers of one line of the table; several ids may stand in a list, a range in a table."""
    if isinstance(value, Mapping):
        if set(value) != {"low", "likely", "high"}:
            problems.append(f"杠杆 {key}：区间要写 low、likely、high 三项，读到 {'、'.join(map(str, value)) or '空'}")
            return
        value = _BETWEEN.join(str(value[end]) for end in ("low", "likely", "high"))
    for each in value if isinstance(value, list) else [value]:
        try:
            yield parse(key, str(each))
        except OperatorError as error:
            problems.append(f"{error.where}：{error.found}（应为：{error.expected}）")


def _day(value: Any, label: str, problems: list[str]) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        problems.append(f"{label} 「{value}」不是日期（应为如 2026-10-01）")
        return None


def _texts(value: Any, label: str, problems: list[str]) -> tuple[str, ...]:
    listed = [] if value is None else [value] if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or not all(isinstance(each, str) for each in listed):
        problems.append(f"{label} 应为文字或文字的列表")
        return ()
    return tuple(each for each in listed if each)
