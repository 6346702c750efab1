"""The cost settings an operator may set: names, units, starter assumptions, scopes, and how a typed value is read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from analytics.domain import vocabulary
from analytics.errors import OperatorError

SHOP_SCOPE = ""
_EVERYWHERE = ("product", "province")
_OF_A_CASE = ("product", "province", "reason")
_SCOPE_EXAMPLES = {"product": "product:ID", "province": "province:省份", "reason": "reason:原因"}
_OFF = {"off", "关", "关闭"}


@dataclass(frozen=True)
class CostName:
    """Describe one setting: unit (`fen`, `ppm` = millionths, `centiminutes`), starter assumption, scopes, both titles."""

    name: str
    unit: str
    starter_value: int | None
    scopes: tuple[str, ...]
    chinese: str
    english: str
    highest: int


@dataclass(frozen=True)
class _Unit:
    """How a person types a unit: what one typed whole is worth, the signs around it, and an example."""

    per_typed: int
    signs: str
    example: str


_UNITS = {
    "fen": _Unit(100, "¥元", "元，如 3.00"),
    "ppm": _Unit(10_000, "%", "百分比，如 20%"),
    "centiminutes": _Unit(100, "分钟", "分钟，如 2.5"),
}
_HIGHEST = {"fen": 100_000_000, "ppm": 1_000_000, "centiminutes": 1_000_000}


def _cost(name: str, unit: str, starter: int | None, scopes: tuple[str, ...], titles: str, highest: int = 0) -> CostName:
    chinese, english = titles.split(" | ")
    return CostName(name, unit, starter, scopes, chinese, english, highest or _HIGHEST[unit])


def _minutes(stage: str, starter: int) -> CostName:
    chinese, english = vocabulary.STAGES[stage]
    titles = f"处理用时：{chinese} | minutes of work: {english}"
    return _cost(f"minutes_{stage}", "centiminutes", starter, _OF_A_CASE, titles)


_ALL = (
    _cost("acquisition_per_order", "fen", None, _EVERYWHERE, "每单拉新成本 | acquisition per order"),
    _cost("acquisition_rate", "ppm", 100_000, _EVERYWHERE, "拉新成本占实付 | acquisition as a share of paid", 10_000_000),
    _cost("outbound_freight", "fen", 300, _EVERYWHERE, "发货运费 | outbound freight"),
    _cost("packing", "fen", 50, _EVERYWHERE, "包装 | packing"),
    _cost("freight_insurance", "fen", 0, _EVERYWHERE, "每单运费险 | freight insurance per shipped order"),
    _cost("return_freight", "fen", 800, _OF_A_CASE, "退货运费 | return freight"),
    _cost("merchant_bears_return", "ppm", 1_000_000, _OF_A_CASE, "商家承担退货运费的比例 | merchant's share of return freight"),
    _cost("intercept_fee", "fen", 300, _OF_A_CASE, "拦截费 | intercept fee"),
    _minutes("before_shipment", 200),
    _minutes("intercepted", 500),
    _minutes("returned", 800),
    _minutes("kept", 500),
    _minutes("exchanged", 1000),
    _minutes("reshipped", 500),
    _minutes("price_cut", 300),
    _minutes("closed", 200),
    _minutes("unknown", 500),
    _cost("hourly_wage", "fen", 3000, _OF_A_CASE, "客服时薪 | hourly wage"),
    _cost("fee_kept_rate", "ppm", 0, _OF_A_CASE, "退款不退的平台费比例 | share of a refund kept as fees"),
    _cost("inspection", "fen", 500, _OF_A_CASE, "退货质检 | inspection per parcel"),
    _cost("goods_cost_rate", "ppm", 400_000, _EVERYWHERE, "货物成本占实付 | goods cost as a share of paid", 10_000_000),
    _cost("damage_rate_returned", "ppm", 200_000, _OF_A_CASE, "退货货损率 | damage rate of returned goods"),
    _cost("damage_rate_intercepted", "ppm", 20_000, _OF_A_CASE, "拦截货损率 | damage rate of intercepted goods"),
    _cost("price_cut_below", "ppm", 500_000, _OF_A_CASE, "降价退款的上限比例 | refunds below this share are price cuts"),
    _cost("technical_fee_rate", "ppm", 50_000, _EVERYWHERE, "技术服务费率 | technical service fee rate"),
)
COST_NAMES: Mapping[str, CostName] = MappingProxyType({cost.name: cost for cost in _ALL})


def find_cost(name: str) -> CostName:
    """Find a setting by its name or Chinese title. Raises OperatorError that lists every name."""
    wanted = unicodedata.normalize("NFKC", name).strip()
    for cost in _ALL:
        if wanted.lower() == cost.name or wanted == unicodedata.normalize("NFKC", cost.chinese):
            return cost
    raise OperatorError("成本设置", f"没有名为「{name}」的项目", "、".join(COST_NAMES), "请从中选一个项目名。")


def parse_value(name: str, text: str) -> tuple[int | None, str]:
    """Read a typed value as (value, state): (300, "set") for `3` yuan, (200000, "set") for `20%`, (None, "off") for `关`.

    The value is in the setting's unit: fen, millionths or hundredths of a minute. Raises OperatorError for anything else.
    """
    cost = find_cost(name)
    unit = _UNITS[cost.unit]
    plain = re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", text)).lower()
    if plain in _OFF:
        return None, "off"
    try:
        exact = Decimal(plain.strip(unit.signs)) * unit.per_typed
        value = int(exact)
    except (ArithmeticError, ValueError):
        raise _not_a_value(cost, text) from None
    # A bare 0.2 may mean 20 % or 0.2 %: ask rather than guess by a factor of a hundred.
    is_ambiguous = cost.unit == "ppm" and "%" not in plain and 0 < exact < unit.per_typed
    if exact != value or not 0 <= value <= cost.highest or is_ambiguous:
        raise _not_a_value(cost, text)
    return value, "set"


def _not_a_value(cost: CostName, text: str) -> OperatorError:
    highest = format_value(cost.name, cost.highest)
    expected = f"0 到 {highest} 之间的{_UNITS[cost.unit].example}，或 off（关）"
    return OperatorError(f"成本设置 {cost.name}", f"「{text}」读不成数值", expected, "请改写数值后再试。")


def format_value(name: str, value: int | None) -> str:
    """Write a stored value the way a person types it: `3.00`, `20%`, `2.5`; None (switched off) is `off`."""
    cost = find_cost(name)
    if value is None:
        return "off"
    if cost.unit == "fen":
        return f"{value // 100}.{value % 100:02d}"
    typed = Decimal(value) / _UNITS[cost.unit].per_typed
    plain = f"{typed:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return f"{plain}%" if cost.unit == "ppm" else plain


def parse_scope(text: str | None, name: str | None = None) -> str:
    """Read a scope: blank is the whole shop, else `product:ID`, `province:NAME` (shortened to the usual name), `reason:WORD`.

    A product or a reason stays letter by letter as the files write it. With a setting's name, scopes which that setting cannot
    have are refused too. Raises OperatorError.
    """
    scopes = _OF_A_CASE if name is None else find_cost(name).scopes
    kind, _, wanted = (part.strip() for part in (text or "").replace("：", ":").partition(":"))
    kind = unicodedata.normalize("NFKC", kind)
    if kind in {"", "shop"} and not wanted:
        return SHOP_SCOPE
    if kind not in scopes or not wanted:
        raise _not_a_scope(text or "", scopes, name)
    if kind != "province":
        return f"{kind}:{wanted}"
    province = vocabulary.canonical_province(wanted)
    if province is None:
        raise OperatorError("适用范围", f"没有省份「{wanted}」", "、".join(vocabulary.PROVINCES), "请写成其中一个。")
    return f"province:{province}"


def _not_a_scope(text: str, scopes: tuple[str, ...], name: str | None) -> OperatorError:
    expected = "留空（全店）、" + "、".join(_SCOPE_EXAMPLES[scope] for scope in scopes)
    return OperatorError(f"适用范围{f'（{name}）' if name else ''}", f"「{text}」", expected, "请改写适用范围后再试。")
