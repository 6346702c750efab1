"""Saved views: kept under a name, replaced by the same name, forgotten when asked to."""

from __future__ import annotations

from datetime import datetime

import pytest

from analytics.actions import ledger, views
from analytics.domain.loads import Actor
from analytics.errors import OperatorError

NOW = datetime(2026, 11, 16, 9, 0)
DESK = Actor("本机")


def test_a_view_is_saved_replaced_and_forgotten(tmp_path):
    with ledger.ledger_of(tmp_path) as warehouse:
        for query in ("period=d7", "period=d30&product=1"):
            views.save_view(warehouse, " 周一  看的", page="losses", query=query, actor=DESK, now=NOW)
        assert views.list_views(warehouse, actor=DESK) == [("周一 看的", "losses", "period=d30&product=1")]
        views.forget_view(warehouse, "周一 看的", actor=DESK)
        assert views.list_views(warehouse, actor=DESK) == []


def test_a_view_outlives_the_program(tmp_path):
    with ledger.ledger_of(tmp_path) as warehouse:
        views.save_view(warehouse, "周一", page="overview", query="", actor=DESK, now=NOW)
    with ledger.ledger_of(tmp_path) as warehouse:
        assert [name for name, _, _ in views.list_views(warehouse, actor=DESK)] == ["周一"]


@pytest.mark.parametrize("name", ["", "13812345678"])
def test_what_is_no_name_is_refused(tmp_path, name):
    with ledger.ledger_of(tmp_path) as warehouse, pytest.raises(OperatorError, match="视图名称"):
        views.save_view(warehouse, name, page="overview", query="", actor=DESK, now=NOW)
