"""Words that nobody knows: given a meaning they move the figures, taken back the figures are as before, to the fen."""

from __future__ import annotations

from datetime import datetime

import pytest

from analytics.actions import account, imports, ledger, words
from analytics.actions.words import WordChange
from analytics.domain.loads import Actor
from analytics.errors import OperatorError
from analytics.store import checks, questions
from tests.journeys.exports import case, order, write_cases, write_orders

NOW = datetime(2026, 11, 23, 9)
OWNER = Actor("店主")
DONE = WordChange("case_status", "已办结", "succeeded")
BACK = WordChange("case_status", "已办结", None)


@pytest.fixture
def warehouse(tmp_path):
    """A shop of two orders of ¥100; the case of one has a status that nobody knows."""
    with ledger.ledger_of(tmp_path / "账本 家") as opened:
        files = [
            write_orders(tmp_path / "订单.csv", order("1001"), order("1002")),
            write_cases(
                tmp_path / "售后.csv", case("9001", "1001", 售后状态="已办结"), case("9002", "1002", 售后状态="售后成功")
            ),
        ]
        for path in files:
            imports.import_file(opened, path, imports.ImportOptions(shop="甲店"), actor=OWNER, now=NOW)
        yield opened


def total(warehouse) -> dict:
    return account.losses(warehouse, (), account.Filters(), actor=OWNER)["total"]


def unknown(warehouse) -> list[tuple]:
    rows = account.answer(warehouse, questions.health_words, actor=OWNER).astype(object).to_dict("records")
    return [
        (row["field"], row["word"], row["row_count"], row["amount_fen"]) for row in rows if not isinstance(row["meaning"], str)
    ]


def deeds(warehouse) -> list[tuple]:
    with warehouse.cursor() as cursor:
        return cursor.execute(
            "select actor, action, detail from audit_log where action like 'word%' order by happened_at"
        ).fetchall()


def test_a_word_that_gets_a_meaning_moves_the_figures_and_taking_it_back_restores_them(warehouse):
    before = total(warehouse)
    assert (before["refunds"], before["sales_fen"]) == (1, 10000)
    assert unknown(warehouse) == [("case_status", "已办结", 1, 10000)]
    words.map_word(warehouse, DONE, actor=OWNER, now=NOW)
    after = total(warehouse)
    assert (after["refunds"], after["sales_fen"]) == (2, 20000)
    assert unknown(warehouse) == []
    words.map_word(warehouse, BACK, actor=OWNER, now=NOW)
    assert total(warehouse) == before
    assert unknown(warehouse) == [("case_status", "已办结", 1, 10000)]
    with warehouse.cursor() as cursor:
        assert checks.run_checks(cursor) == []


def test_the_preview_says_what_saving_would_change_and_changes_nothing(warehouse):
    version, before = warehouse.version(), total(warehouse)
    previewed = words.preview_word(warehouse, DONE, actor=OWNER, shops=("甲店",))
    assert (previewed["row_count"], previewed["amount_fen"]) == (1, 10000)
    assert (warehouse.version(), total(warehouse)) == (version, before)
    words.map_word(warehouse, DONE, actor=OWNER, now=NOW)
    assert previewed["before"] == before
    assert previewed["after"] == total(warehouse)


def test_who_gave_a_word_its_meaning_and_who_took_it_back_is_written_down(warehouse):
    words.map_word(warehouse, DONE, actor=OWNER, now=NOW)
    words.map_word(warehouse, BACK, actor=Actor("小乙"), now=NOW.replace(hour=10))
    assert deeds(warehouse) == [
        ("店主", "word mapped", "case_status 已办结 succeeded"),
        ("小乙", "word forgotten", "case_status 已办结"),
    ]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (WordChange("price", "已办结", "succeeded"), "这一栏"),
        (WordChange("case_status", "已办结", "unpaid"), "意思「unpaid」"),
        (WordChange("case_status", "售后成功", "failed"), "程序已经认识它"),
        (WordChange("case_status", "没人写过", "failed"), "没有文件这样写"),
        (WordChange("case_status", "", "failed"), "没有文件这样写"),
        (BACK, "还没有人定过意思"),
    ],
    ids=["field", "meaning", "known word", "unheard word", "empty word", "nothing to undo"],
)
def test_a_change_that_cannot_be_is_refused_in_a_sentence_and_nothing_moves(warehouse, change, found):
    version = warehouse.version()
    for attempt in (words.map_word, words.preview_word):
        options = {"now": NOW} if attempt is words.map_word else {}
        with pytest.raises(OperatorError, match=found):
            attempt(warehouse, change, actor=OWNER, **options)
    assert warehouse.version() == version
    assert deeds(warehouse) == []


@pytest.mark.parametrize("actor", [Actor("运营", "operate"), Actor("看板", "view"), Actor("一店", "manage", ("甲店",))])
def test_only_who_manages_every_shop_says_what_words_mean(warehouse, actor):
    with pytest.raises(OperatorError, match=actor.name):
        words.map_word(warehouse, DONE, actor=actor, now=NOW)


def test_every_meaning_of_the_program_can_be_chosen():
    meanings = words.list_meanings(actor=OWNER)
    assert meanings["case_status"] == ("succeeded", "failed", "open")
    assert meanings["case_kind"] == ("refund_only", "return_refund", "exchange", "reship", "price_protection")
    assert set(meanings) == set(words.FIELDS)
