"""Which cost holds where: the most specific setting in force on a day, for many rows at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from analytics.domain.what_if.book import NOBODY, Book, Costs, Setting

_DAYS = 1 << 21  # more than there are days to ask for
_SHIFT = 1 << 20
KINDS = ("province", "reason", "product")  # of scopes; the later goes before the earlier
TEXTS = {"product": "product_id", "reason": "reason_word"}  # what a scope names


def held(book: Book, name: str, places: Mapping[str, np.ndarray], day: np.ndarray, costs: Costs) -> tuple[np.ndarray, np.ndarray]:
    """Return (value, is_known) of a cost for every row: its unit's whole number, 0 where it is switched off or unset.

    `places` has the codes of shop and of the scopes that the row may be looked up by; the most specific setting wins.
    """
    settings, starter = costs.of(name), costs.starters.get(name)
    value = np.full(len(day), 0 if starter is None else starter, dtype=np.int64)
    is_known = np.full(len(day), starter is not None)
    for kind in ("", *(kind for kind in KINDS if kind in places)):
        own = tuple(setting for setting in settings if setting.scope.partition(":")[0] == kind)
        if own:
            known = book.texts[TEXTS.get(kind, kind)] if kind else ("",)
            scope = places[kind] if kind else np.zeros(len(day), dtype=np.int64)
            place = np.where(scope == NOBODY, NOBODY, places["shop"].astype(np.int64) * len(known) + scope)
            _overlay(_table(own, book.texts["shop"], known), place, day, (value, is_known))
    return value, is_known


@lru_cache(maxsize=256)
def _table(
    settings: tuple[Setting, ...], shops: tuple[str, ...], known: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The settings of one kind of scope as (key, value, is_known), by key; a key is shop, scope and day in one number."""
    shop_codes = {shop: code for code, shop in enumerate(shops)}
    scope_codes = {text: code for code, text in enumerate(known)}
    rows = []
    for each in settings:
        scope = each.scope.partition(":")[2]
        if each.shop in shop_codes and scope in scope_codes:
            place = shop_codes[each.shop] * len(known) + scope_codes[scope]
            rows.append((place * _DAYS + _SHIFT + each.since, 0 if each.value is None else each.value, each.value is not None))
    rows.sort()
    keys, values, flags = zip(*rows, strict=True) if rows else ((), (), ())
    return np.array(keys, dtype=np.int64), np.array(values, dtype=np.int64), np.array(flags, dtype=bool)


def _overlay(
    table: tuple[np.ndarray, np.ndarray, np.ndarray], place: np.ndarray, day: np.ndarray, found: tuple[np.ndarray, np.ndarray]
) -> None:
    keys, values, flags = table
    if not len(keys):
        return
    at = np.searchsorted(keys, place * _DAYS + _SHIFT + day, side="right") - 1
    is_held = (at >= 0) & (place != NOBODY) & (keys[at] // _DAYS == place)
    found[0][is_held] = values[at[is_held]]
    found[1][is_held] = flags[at[is_held]]
