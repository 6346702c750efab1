"""The book of a period: what prices its orders and cases, as columns of numbers, and the costs in force."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from analytics.domain.vocabulary import STAGES

STAGE_NAMES = tuple(STAGES)
STAGE_CODES: Mapping[str, int] = {name: code for code, name in enumerate(STAGE_NAMES)}
NOBODY = -1  # a code of nothing: no product, no reason


@dataclass(frozen=True)
class Columns:
    """Columns of equal length by name: whole numbers in int64, codes of texts in int32, flags as bool."""

    held: Mapping[str, np.ndarray]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.held[name]

    def __len__(self) -> int:
        return len(next(iter(self.held.values())))


@dataclass(frozen=True)
class Setting:
    """One cost in force from a day on (days since 1970-01-01): None is switched off, scope '' the whole shop."""

    shop: str
    scope: str
    since: int
    value: int | None


@dataclass(frozen=True)
class Costs:
    """Every cost setting by name, and the starter assumptions; what neither holds is unknown."""

    settings: Mapping[str, tuple[Setting, ...]]
    starters: Mapping[str, int]

    def of(self, name: str) -> tuple[Setting, ...]:
        """Return the settings of a name."""
        return self.settings.get(name, ())

    def key(self, *names: str) -> Hashable:
        """Return what tells two costs apart as far as these names go; none named: all of them."""
        wanted = names or tuple(sorted({*self.settings, *self.starters}))
        return tuple((name, self.of(name), self.starters.get(name)) for name in wanted)

    def with_cost(self, name: str, value: int | None, *, shops: Iterable[str], scope: str = "", since: int = 0) -> Costs:
        """Return the same costs, but one of them has a value in a scope from a day on, whatever stood there from then on."""
        stays = tuple(held for held in self.of(name) if held.scope != scope or held.since < since)
        added = tuple(Setting(shop, scope, since, value) for shop in shops)
        return Costs({**self.settings, name: (*stays, *added)}, self.starters)

    def scaled(self, name: str, factor: Callable[[int], int]) -> Costs:
        """Return the same costs, but every value of one of them, in every scope and at every time, is changed by a function."""
        changed = tuple(
            Setting(held.shop, held.scope, held.since, None if held.value is None else factor(held.value))
            for held in self.of(name)
        )
        starters = {**self.starters, name: factor(self.starters[name])} if name in self.starters else self.starters
        return Costs({**self.settings, name: changed}, starters)


@dataclass(frozen=True)
class Book:
    """The orders and cases of a period.

    `cases`: finished cases on their lines, by order and time. `lines`: the lines of orders priced one by one, by order.
    `plain`: paid orders without a case, those of one price together. `texts[kind][code]` is what a code stands for, of `shop`,
    `product_id`, `product`, `streamer`, `province`, `reason`, `reason_word`.
    """

    cases: Columns
    lines: Columns
    plain: Columns
    costs: Costs
    texts: Mapping[str, tuple[str, ...]]
    # What was priced and added up of this book so far: the next scenario mostly differs in its last lever only.
    kept: dict[str, dict[Hashable, Any]] = field(default_factory=dict, compare=False, repr=False)

    def keep(self, kind: str, key: Hashable, most: int, work_out: Callable[[], Any]) -> Any:
        """Return what was worked out of the book under a key, or work it out; beyond `most` the oldest of its kind gives way."""
        held = self.kept.setdefault(kind, {})
        found = held.pop(key, None)
        found = held[key] = work_out() if found is None else found
        for oldest in list(held)[: max(len(held) - most, 0)]:
            held.pop(oldest, None)  # another thread may have been faster
        return found

    def code(self, kind: str, text: str) -> int:
        """Return the code of a text; NOBODY when the book does not have it."""
        return self._codes[kind].get(text, NOBODY)

    @cached_property
    def _codes(self) -> Mapping[str, Mapping[str, int]]:
        return {kind: {text: code for code, text in enumerate(texts)} for kind, texts in self.texts.items()}

    @cached_property
    def by_line(self) -> np.ndarray:
        """The order of the cases' rows by line and time: what shares of a line build on each other by."""
        return np.lexsort((self.cases["case_rank"], self.cases["line_at"]))

    @cached_property
    def lead_of(self) -> np.ndarray:
        """For every row of the cases the row of its case's lead line."""
        cases = self.cases
        leads = np.zeros(int(cases["case_at"].max()) + 1 if len(cases) else 0, dtype=np.int64)
        rows = np.flatnonzero(cases["is_lead"])
        leads[cases["case_at"][rows]] = rows
        return leads[cases["case_at"]]

    @cached_property
    def first_lines(self) -> np.ndarray:
        """The first row of every order among the lines; `order_at` of the lines counts its orders from 0."""
        order_at = self.lines["order_at"]
        return np.flatnonzero(np.diff(order_at, prepend=-1)) if len(self.lines) else np.zeros(0, dtype=np.int64)
