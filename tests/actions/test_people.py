"""Who works here: names are remembered once, cleaned, and never a telephone number."""

from __future__ import annotations

from datetime import datetime

import pytest

from analytics.actions import ledger, people
from analytics.domain.loads import Actor
from analytics.errors import OperatorError

NOW = datetime(2026, 11, 16, 9, 0)
DESK = Actor("本机")


@pytest.fixture
def warehouse(tmp_path):
    with ledger.ledger_of(tmp_path) as held:
        yield held


def test_a_name_is_remembered_once_and_in_the_order_of_coming(warehouse):
    for name in ("小美", " 小美 ", "阿 强", "小美"):
        people.introduce(warehouse, name, actor=DESK, now=NOW)
    assert people.list_people(warehouse, actor=DESK) == ["小美", "阿 强"]


@pytest.mark.parametrize("name", ["", "   ", "很" * 21, "13812345678", "小美13812345678"])
def test_what_is_no_name_is_refused(warehouse, name):
    with pytest.raises(OperatorError, match="姓名"):
        people.introduce(warehouse, name, actor=DESK, now=NOW)
    assert people.list_people(warehouse, actor=DESK) == []


def test_introducing_oneself_changes_no_figure(warehouse):
    version = warehouse.version()
    people.introduce(warehouse, "小美", actor=DESK, now=NOW)
    assert warehouse.version() == version
