"""Analyses are worked out once for a state of the data, beside the pages, kept, and told apart by who asked for which shops."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest

from analytics.actions import analyses, ledger
from analytics.actions.analyses import Analysis
from analytics.domain.loads import Actor
from analytics.errors import OperatorError

NOW = datetime(2026, 11, 16, 9, 0)
DESK = Actor("本机")


@pytest.fixture
def warehouse(tmp_path):
    with ledger.ledger_of(tmp_path) as opened:
        yield opened
        analyses.wait(10)


class Counted:
    """An analysis that counts how often it is worked out, and may be held back or fail."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.count, self.problem, self.may_go = 0, problem, threading.Event()
        self.may_go.set()

    def __call__(self, warehouse, *, actor, shops, progress, days=7):
        progress(0.5)
        assert self.may_go.wait(10)
        self.count += 1
        if self.problem is not None:
            raise self.problem
        return {"days": days, "count": self.count}

    def as_analysis(self, revision: int = 1) -> Analysis:
        return Analysis("counted", revision, self)


def move_on(warehouse) -> None:
    with warehouse.transaction():
        pass


def ask(warehouse, analysis, **asked):
    return analyses.answer_now(warehouse, analysis, actor=DESK, now=NOW, **asked)


def look(warehouse, analysis, **asked):
    return analyses.look(warehouse, analysis, actor=DESK, now=NOW, **asked)


def test_an_analysis_is_worked_out_once_for_a_state_of_the_data(warehouse):
    work = Counted()
    assert [ask(warehouse, work.as_analysis())["count"] for _ in range(3)] == [1, 1, 1]
    move_on(warehouse)
    assert ask(warehouse, work.as_analysis())["count"] == 2


def test_another_question_and_a_newer_method_have_answers_of_their_own(warehouse):
    work = Counted()
    assert ask(warehouse, work.as_analysis(), days=7)["days"] == 7
    assert ask(warehouse, work.as_analysis(), days=30) == {"days": 30, "count": 2}
    assert ask(warehouse, work.as_analysis(revision=2), days=30)["count"] == 3


def test_what_an_older_method_answered_is_not_looked_at_any_more(warehouse):
    work = Counted()
    ask(warehouse, work.as_analysis())
    work.may_go.clear()
    assert look(warehouse, work.as_analysis(revision=2)).answer is None
    work.may_go.set()
    analyses.wait(10)
    assert look(warehouse, work.as_analysis(revision=2)).answer["count"] == 2


def test_looking_returns_at_once_and_tells_how_far_the_work_is(warehouse):
    work = Counted()
    work.may_go.clear()
    analysis = work.as_analysis()
    first = look(warehouse, analysis)
    assert first.answer is None
    assert first.share is not None
    work.may_go.set()
    analyses.wait(10)
    done = look(warehouse, analysis)
    assert done.is_current
    assert done.answer["count"] == 1
    assert done.worked_out_at == NOW


def test_an_older_answer_is_shown_as_such_until_the_new_one_is_there(warehouse):
    work = Counted()
    analysis = work.as_analysis()
    ask(warehouse, analysis)
    move_on(warehouse)
    work.may_go.clear()
    stale = look(warehouse, analysis)
    assert (stale.answer["count"], stale.is_current) == (1, False)
    work.may_go.set()
    analyses.wait(10)
    assert look(warehouse, analysis).answer["count"] == 2


def test_ten_readers_who_look_at_once_cost_one_run(warehouse):
    work = Counted()
    analysis = work.as_analysis()
    threads = [threading.Thread(target=look, args=(warehouse, analysis)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    analyses.wait(10)
    assert look(warehouse, analysis).is_current
    assert work.count == 1


@pytest.mark.parametrize(
    ("problem", "said"),
    [(OperatorError("这里", "没有", "有", "请补上。"), "这里"), (ZeroDivisionError(), "代码")],
)
def test_what_goes_wrong_is_said_and_not_repeated_until_the_data_moves_on(warehouse, problem, said):
    work = Counted(problem)
    analysis = work.as_analysis()
    for _ in range(3):
        look(warehouse, analysis)
        analyses.wait(10)
    standing = look(warehouse, analysis)
    assert said in standing.problem
    assert standing.share is None
    assert work.count == 1
    work.problem = None
    move_on(warehouse)
    look(warehouse, analysis)
    analyses.wait(10)
    assert look(warehouse, analysis).is_current


def test_an_analysis_of_another_shop_is_refused(warehouse):
    stranger = Actor("阿敏", "view", ("店铺2",))
    with pytest.raises(OperatorError, match="不在其名下"):
        analyses.look(warehouse, Counted().as_analysis(), actor=stranger, shops=("店铺1",), now=NOW)


def test_an_answer_outlives_the_program(tmp_path):
    work = Counted()
    for _ in range(2):
        with ledger.ledger_of(tmp_path) as opened:
            ask(opened, work.as_analysis())
    assert work.count == 1
