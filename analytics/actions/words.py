"""What words of the exports mean where the program does not know them: said, previewed and taken back by an operator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from analytics import intake
from analytics.actions.access import ALL_SHOPS, require
from analytics.actions.account import answer
from analytics.domain.loads import Actor
from analytics.errors import OperatorError
from analytics.store import audit, marts, questions, shops, words
from analytics.store.warehouse import Warehouse

FIELDS = ("order_status", "order_after_sales", "case_status", "case_kind")
MAPPED, FORGOTTEN = "word mapped", "word forgotten"


@dataclass(frozen=True)
class WordChange:
    """What a word of one column is to mean; None takes the operator's own meaning back."""

    field: str
    word: str
    meaning: str | None


def list_meanings(*, actor: Actor) -> dict[str, tuple[str, ...]]:
    """Return the meanings that the words of each column may have, in the program's own order."""
    require(actor, "view")
    known = intake.words()
    return {field: tuple(dict.fromkeys(meaning for of, _, meaning in known if of == field)) for field in FIELDS}


def map_word(warehouse: Warehouse, change: WordChange, *, actor: Actor, now: datetime) -> None:
    """Remember what a word means, or take that back; the account follows, for every shop.

    Raises OperatorError for a meaning that the column does not have, and for a word that no file says or the program knows.
    """
    _refuse(warehouse, change, actor)
    deed = FORGOTTEN if change.meaning is None else MAPPED
    with warehouse.transaction() as cursor:
        words.map_word(cursor, change.field, change.word, change.meaning)
        audit.record(cursor, actor, deed, " ".join(filter(None, (change.field, change.word, change.meaning))), now)


def preview_word(warehouse: Warehouse, change: WordChange, *, actor: Actor, shops: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a word's new meaning would change in some shops; nothing is kept.

    {"row_count", "amount_fen"} of the rows that say it, {"before", "after"}: the account's total as `losses_by` gives it.
    Raises OperatorError like `map_word`.
    """
    _refuse(warehouse, change, actor)
    said = answer(warehouse, questions.health_words, actor=actor, shops=shops)
    row = said[(said["field"] == change.field) & (said["word"] == change.word)].astype(object).to_dict("records")
    before = answer(warehouse, questions.losses_by, actor=actor, shops=shops).to_dict("records")[0]
    with warehouse.trial() as cursor:
        words.map_word(cursor, change.field, change.word, change.meaning)
        marts.rebuild(cursor)
        after = questions.losses_by(cursor, shops=tuple(shops)).to_dict("records")[0]
    touched = row[0] if row else {"row_count": 0, "amount_fen": None}
    return {"row_count": touched["row_count"], "amount_fen": touched["amount_fen"], "before": before, "after": after}


def _refuse(warehouse: Warehouse, change: WordChange, actor: Actor) -> None:
    require(actor, "manage", ALL_SHOPS)
    meanings = list_meanings(actor=actor)
    if change.field not in meanings:
        raise OperatorError("词", f"「{change.field}」这一栏", "、".join(meanings), "请从中选一栏。")
    if change.meaning is not None and change.meaning not in meanings[change.field]:
        raise OperatorError(
            f"词「{change.word}」", f"意思「{change.meaning}」", "、".join(meanings[change.field]), "请从中选一个意思。"
        )
    own = _open_words(warehouse, actor).get((change.field, change.word), ...)
    if own is ...:
        raise OperatorError(
            f"词「{change.word}」", "没有文件这样写，或程序已经认识它", "文件里不认识的词", "请从列表里选一个词。"
        )
    if own is None and change.meaning is None:
        raise OperatorError(f"词「{change.word}」", "还没有人定过意思", "您定过意思的词", "不用撤销。")


def _open_words(warehouse: Warehouse, actor: Actor) -> dict[tuple[str, str], str | None]:
    """The words that may get a meaning, of whatever shop, with the operator's meaning of each."""
    with warehouse.cursor() as cursor:
        every_shop = tuple(shops.all_shops(cursor))
    rows = answer(warehouse, questions.health_words, actor=actor, shops=every_shop).to_dict("records")
    return {(row["field"], row["word"]): row["meaning"] if isinstance(row["meaning"], str) else None for row in rows}
