"""Who works on this ledger: the names that stand on receipts and marks."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import datetime

from analytics.actions.access import require
from analytics.domain.loads import Actor
from analytics.errors import OperatorError
from analytics.intake.privacy import hide_numbers
from analytics.store import audit
from analytics.store.warehouse import Warehouse

INTRODUCED = "introduced"
LONGEST_NAME = 20


def introduce(warehouse: Warehouse, name: str, *, actor: Actor, now: datetime) -> str:
    """Remember the name of somebody who works here and return it as it will be shown.

    Raises OperatorError for a name that is empty, too long, or holds a telephone number.
    """
    require(actor, "view")
    plain = clean_name(name, "姓名")
    if plain not in list_people(warehouse, actor=actor):
        with warehouse.transaction(changes_facts=False) as cursor:
            audit.record(cursor, replace(actor, name=plain), INTRODUCED, plain, now)
    return plain


def clean_name(name: str, what: str) -> str:
    """Return a name that others will see: spaces put right, nothing invisible in it.

    Raises OperatorError for one that is empty, too long, or holds a telephone number; `what` says whose name it is.
    """
    plain = " ".join(unicodedata.normalize("NFKC", name).split())
    plain = "".join(character for character in plain if unicodedata.category(character)[0] != "C")
    if not plain or len(plain) > LONGEST_NAME or hide_numbers(plain) != plain:
        raise OperatorError(what, f"「{hide_numbers(plain[:40])}」", f"1 到 {LONGEST_NAME} 个字，不含电话号码", "请换一个再试。")
    return plain


def list_people(warehouse: Warehouse, *, actor: Actor) -> list[str]:
    """Return the names of those who have introduced themselves, in the order in which they came."""
    require(actor, "view")
    with warehouse.cursor() as cursor:
        return audit.names_of(cursor, INTRODUCED)
