"""The first start: the account stands as soon as its main files are in; the rest follows, is stopped, goes on, or is removed."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from analytics.actions import account, imports, ledger, sample
from analytics.domain.loads import Actor
from analytics.store import audit, questions
from analytics.store.shops import SAMPLE_SHOP

ME = Actor("测试")
TODAY = date(2026, 11, 17)
TOMORROW = date(2026, 11, 18)

SMALL = {"order_count": 800}
FILE_COUNT = 22  # of 36: at this size many lists are empty, and the same bytes are loaded once


@pytest.fixture(autouse=True)
def _small_shop(monkeypatch):
    build = sample.build_shop
    monkeypatch.setattr(sample, "build_shop", lambda **wish: build(**wish, **SMALL))


@pytest.fixture
def warehouse(tmp_path):
    with ledger.ledger_of(tmp_path / "账本 家") as opened:
        yield opened


def always() -> bool:
    return True


def figures(warehouse):
    asked = {"actor": ME, "dimensions": (), "shops": (SAMPLE_SHOP,)}
    return account.answer(warehouse, questions.losses_by, **asked).to_dict("records")


def files(warehouse):
    return [receipt.file for receipt in imports.list_imports(warehouse, actor=ME) if receipt.undone_at is None]


def has_happened(warehouse, deed):
    with warehouse.cursor() as cursor:
        return audit.has_happened(cursor, deed)


def test_the_files_that_follow_move_no_figure_of_the_account(warehouse):
    sample.ensure_sample_shop(warehouse, today=TODAY, actor=ME)
    first, main_files = figures(warehouse), files(warehouse)
    assert first[0]["refunds"] > 100
    sample.complete_sample_shop(warehouse, actor=ME, is_wanted=always)
    assert figures(warehouse) == first
    assert len(main_files) == 8
    assert len(files(warehouse)) == FILE_COUNT
    assert has_happened(warehouse, sample.SAMPLE_MADE)


def test_what_a_stop_left_out_comes_at_the_next_start_with_the_days_of_the_first(warehouse):
    sample.ensure_sample_shop(warehouse, today=TODAY, actor=ME)
    answers = iter([True, True, False])
    sample.complete_sample_shop(warehouse, actor=ME, is_wanted=lambda: next(answers))
    assert len(files(warehouse)) == 10
    sample.ensure_sample_shop(warehouse, today=TOMORROW, actor=ME)
    sample.complete_sample_shop(warehouse, actor=ME, is_wanted=always)
    assert len(files(warehouse)) == len(set(files(warehouse))) == FILE_COUNT
    assert {receipt.loaded_at for receipt in imports.list_imports(warehouse, actor=ME)} == {datetime(2026, 11, 17)}


def test_a_first_start_that_broke_off_is_taken_back_and_made_anew(warehouse, monkeypatch):
    commit = sample.loads.commit_load

    def break_off(held, staged, **wish):
        if staged.kind == "fund_flow":
            raise KeyboardInterrupt
        return commit(held, staged, **wish)

    monkeypatch.setattr(sample.loads, "commit_load", break_off)
    with pytest.raises(KeyboardInterrupt):
        sample.ensure_sample_shop(warehouse, today=TODAY, actor=ME)
    assert len(files(warehouse)) == 2
    monkeypatch.setattr(sample.loads, "commit_load", commit)
    sample.ensure_sample_shop(warehouse, today=TOMORROW, actor=ME)
    assert len(files(warehouse)) == 8
    assert {name for name in files(warehouse) if "20261117" in name} == set()


def test_a_sample_shop_removed_while_it_is_completed_stays_removed(warehouse):
    sample.ensure_sample_shop(warehouse, today=TODAY, actor=ME)
    calls = []

    def remove_at_the_third() -> bool:
        calls.append(1)
        if len(calls) == 3:
            assert sample.remove_sample(warehouse, actor=ME, now=datetime(2026, 11, 17, 9)) == 10
        return True

    sample.complete_sample_shop(warehouse, actor=ME, is_wanted=remove_at_the_third)
    sample.complete_sample_shop(warehouse, actor=ME, is_wanted=always)
    assert files(warehouse) == []
    assert not has_happened(warehouse, sample.SAMPLE_MADE)


def test_a_file_that_the_operator_took_back_does_not_return(warehouse):
    sample.ensure_sample_shop(warehouse, today=TODAY, actor=ME)
    first = min(imports.list_imports(warehouse, actor=ME), key=lambda receipt: receipt.load_id)
    imports.undo_import(warehouse, first.load_id, actor=ME, now=datetime(2026, 11, 17, 9))
    sample.complete_sample_shop(warehouse, actor=ME, is_wanted=always)
    assert first.file not in files(warehouse)


def test_without_a_first_start_there_is_nothing_to_complete(warehouse):
    sample.complete_sample_shop(warehouse, actor=ME, is_wanted=always)
    assert files(warehouse) == []
