"""What is done to a block before SQL sees it: buyers' ids are hashed away, cost settings are read by their own rules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pyarrow as pa

from analytics.domain import costs
from analytics.errors import OperatorError
from analytics.intake.blocks import Block
from analytics.intake.cells import UNREADABLE
from analytics.intake.layout import Layout
from analytics.intake.privacy import buyer_hash

_EXPONENT = re.compile(r"\d\.?\s*[eE]")  # 1e999999999 is a number that no computer holds
_NO_BUYER = {"", "-", "--", "—", "/", "0", UNREADABLE}
_SETTING_FIELDS = ("name", "scope", "value")
Faults = dict[tuple[int, str], OperatorError]


def prepared(block: Block, layout: Layout, buyer_key: bytes) -> tuple[pa.Table, Faults]:
    """Return the block's text with keyed hashes for buyers and parsed cost settings, and the settings that cannot be read."""
    raw = block.raw
    if "raw_buyer" in raw.column_names:
        raw = _replaced(raw, "raw_buyer", lambda buyer: "" if buyer in _NO_BUYER else buyer_hash(buyer, buyer_key))
    return _with_settings(raw) if layout.format.kind == "cost_settings" else (raw, {})


def _replaced(raw: pa.Table, name: str, change: Callable[[str], str]) -> pa.Table:
    """Change every value of a column, each distinct one once."""
    cells = raw[name].combine_chunks()
    distinct = cells if pa.types.is_dictionary(cells.type) else cells.dictionary_encode()
    changed = pa.array([change((value or "").strip()) for value in distinct.dictionary.to_pylist()], pa.string())
    return raw.set_column(raw.column_names.index(name), name, changed.take(distinct.indices))


def _with_settings(raw: pa.Table) -> tuple[pa.Table, Faults]:
    faults: Faults = {}
    parsed: dict[str, list[str | None]] = {name: [] for name in _SETTING_FIELDS}
    texts = {name: raw[f"raw_{name}"].to_pylist() if f"raw_{name}" in raw.column_names else None for name in _SETTING_FIELDS}
    for row in range(raw.num_rows):
        setting = {name: (column[row] or "").strip() if column else "" for name, column in texts.items()}
        for name in _SETTING_FIELDS:
            try:
                parsed[name].append(_parsed(name, setting))
            except OperatorError as error:
                faults[row, name] = error
                parsed[name].append(None)
    for name, values in parsed.items():
        raw = raw.append_column(f"parsed_{name}", pa.array(values, pa.string()))
    return raw, faults


def _parsed(field: str, setting: dict[str, str]) -> str | None:
    """Read one cell of a setting; a scope or value under a name that nobody knows is left to the name's own problem."""
    if field == "name":
        return costs.find_cost(setting["name"]).name if setting["name"] else None
    try:
        name = costs.find_cost(setting["name"]).name
    except OperatorError:
        return ""
    if field == "scope":
        return costs.parse_scope(setting["scope"], name)
    if not setting["value"]:
        return None
    if _EXPONENT.search(unicodedata.normalize("NFKC", setting["value"])):
        raise _exponent(name, setting["value"])
    value, state = costs.parse_value(name, setting["value"])
    return f"{state}\x1f{'' if value is None else value}"


def _exponent(name: str, text: str) -> OperatorError:
    found = f"「{text[:40]}」读不成数值"
    return OperatorError(f"成本设置 {name}", found, "不用科学计数法写的数值，如 3.00、20%", "请改写数值后再试。")
